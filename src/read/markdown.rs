//! Markdown: CommonMark with tables and footnotes by pulldown-cmark, and what stands before it between dashes.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::compose::{Composer, Piece, assemble};
use super::html;
use super::roles::is_sentence;
use super::tables::{Tables, key};
use crate::article::{MarkupKind, Outline, Role};
use front_matter::FrontMatter;

mod front_matter;

/// Whether the text is certainly Markdown: it begins with front matter or a main heading, or links as Markdown does.
pub(super) fn sniff(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let heading = first.strip_prefix("# ").or_else(|| first.strip_prefix("## "));
    let end = text.char_indices().nth(16 << 10).map_or(text.len(), |(at, _)| at);
    let links = text[..end].match_indices("](").filter(|(at, _)| {
        let target = &text[at + 2..];
        target.starts_with("http") || target.starts_with('/') || target.starts_with("./")
    });
    front_matter::split(text).is_some() || heading.is_some_and(|title| !title.trim().is_empty()) || links.count() >= 2
}

pub(super) fn read(text: String, tables: &Tables) -> Outline {
    // As CommonMark has it; a lone carriage return and the separators of Unicode would else not end a line.
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{85}'], "\n").replace('\u{2029}', "\n\n");
    let (front, body) = front_matter::split(&text).unwrap_or((FrontMatter::default(), &text));
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut reader = Reader::new();
    for event in Parser::new_ext(body, options) {
        reader.event(event);
    }
    let pieces = with_front_matter(reader.finish(), &front);
    let mut outline = assemble(pieces, tables);
    outline.title = front.title;
    outline.published = front.published;
    outline.language = front.language.unwrap_or_default();
    outline
}

/// Puts the title and the author before the pieces where the text does not say them itself.
fn with_front_matter(mut pieces: Vec<Piece>, front: &FrontMatter) -> Vec<Piece> {
    let says = |pieces: &[Piece], text: &str| pieces.iter().take(6).any(|piece| key(&piece.text).contains(&key(text)));
    let author = front.author.as_deref().filter(|author| !says(&pieces, author));
    let headline = pieces.first().is_some_and(|piece| piece.role == Some(Role::Headline));
    if let Some(title) = front.title.as_ref().filter(|_| !headline) {
        pieces.insert(0, Piece::plain(Some(Role::Headline), title));
    }
    if let Some(author) = author {
        let after = pieces.iter().position(|piece| !matches!(piece.role, Some(Role::Headline | Role::Standfirst)));
        pieces.insert(after.unwrap_or(pieces.len()), Piece::plain(Some(Role::Byline), author));
    }
    pieces
}

struct Reader {
    composer: Composer,
    /// Roles of the blocks around the one at hand.
    roles: Vec<Option<Role>>,
    headline: bool,
    /// Descriptions of images, set below the paragraph that they stand in.
    images: Vec<String>,
    /// How deep in images the text is.
    image: usize,
    /// A block of HTML, as far as it is known.
    html: String,
    code: bool,
}

impl Reader {
    fn new() -> Self {
        let (roles, images, html) = Default::default();
        Self { composer: Composer::new(), roles, headline: false, images, image: 0, html, code: false }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text)
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.composer.line_break(),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(tag) if tag.trim_start_matches(['<', '/']).to_ascii_lowercase().starts_with("br") => {
                self.composer.line_break();
            }
            Event::Rule => self.composer.block(self.role()),
            Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn role(&self) -> Option<Role> {
        self.roles.last().copied().flatten()
    }

    fn text(&mut self, text: &str) {
        if self.image > 0 {
            if let Some(description) = self.images.last_mut() {
                description.push_str(text);
            }
        } else if self.code {
            self.composer.verbatim(text);
        } else {
            self.composer.text(text);
        }
    }

    fn start(&mut self, tag: Tag) {
        let role = match tag {
            Tag::Emphasis => return self.composer.open(MarkupKind::Emphasis),
            Tag::Strong => return self.composer.open(MarkupKind::Strong),
            Tag::Link { dest_url, .. } => return self.composer.open(MarkupKind::Link(dest_url.into_string())),
            Tag::Image { .. } => {
                self.image += 1;
                return self.images.push(String::new());
            }
            Tag::TableCell | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => return,
            Tag::Heading { .. } if !self.headline => {
                self.headline = true;
                Some(Role::Headline)
            }
            Tag::Heading { .. } => Some(Role::Subheading),
            Tag::BlockQuote(_) => Some(Role::Quote),
            Tag::Item | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => Some(Role::ListItem),
            Tag::TableHead | Tag::TableRow => Some(Role::Table),
            Tag::CodeBlock(_) => {
                self.code = true;
                self.role()
            }
            _ => self.role(),
        };
        self.roles.push(role);
        self.composer.block(role);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link => return self.composer.close(),
            TagEnd::Image => {
                self.image = self.image.saturating_sub(1);
                return;
            }
            TagEnd::TableCell => return self.composer.cell(),
            TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => return,
            TagEnd::CodeBlock => self.code = false,
            TagEnd::HtmlBlock => {
                let html = std::mem::take(&mut self.html);
                self.composer.append(html::fragment(&html));
            }
            _ => {}
        }
        self.roles.pop();
        self.composer.block(self.role());
        let captions = self.images.drain(..).map(|text| Piece::plain(Some(Role::Caption), &text));
        self.composer.append(captions.filter(|caption| !caption.text.is_empty()).collect());
    }

    /// The pieces, the sentence in italics or bold below the headline as a standfirst.
    fn finish(self) -> Vec<Piece> {
        let mut pieces = self.composer.finish();
        let emphasised = |piece: &Piece| {
            piece.is_all(|kind| *kind == MarkupKind::Emphasis) || piece.is_all(|kind| *kind == MarkupKind::Strong)
        };
        if let [first, second, _, ..] = pieces.as_mut_slice() {
            let long = second.text.chars().count() > 80 || is_sentence(&second.text);
            if first.role == Some(Role::Headline) && second.role.is_none() && long && emphasised(second) {
                second.role = Some(Role::Standfirst);
                second.markup.clear();
            }
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(markdown: &str) -> Vec<(&'static str, String)> {
        let outline = read(markdown.to_owned(), Tables::bundled());
        outline.blocks.iter().map(|block| (block.role.name(), block.span.of(&outline.text).to_owned())).collect()
    }

    #[test]
    fn blocks_have_the_roles_of_their_syntax() {
        let markdown = "# عنوان الخبر\n\nفقرة أولى\nتتمتها.\\\nسطر ثان.\n\n## عنوان فرعي\n\n> اقتباس من فقرة واحدة.\n\n1. بند أول\n2. بند ثان\n   وتتمته\n\n| أ | ب |\n|---|---|\n| 1 | 2 |\n\n![وصف الصورة](a.png)\n\n<p>نص <b>من</b> صفحة</p>\n\n***\n\nفقرة أخيرة[^1] مع `رمز` وصورة ![داخلية](b.png) فيها.\n\n[^1]: حاشية الفقرة.\n";
        assert_eq!(
            blocks(markdown),
            [
                ("headline", "عنوان الخبر"),
                ("paragraph", "فقرة أولى تتمتها.\nسطر ثان."),
                ("subheading", "عنوان فرعي"),
                ("quote", "اقتباس من فقرة واحدة."),
                ("list_item", "بند أول"),
                ("list_item", "بند ثان وتتمته"),
                ("table", "أ\tب"),
                ("table", "1\t2"),
                ("caption", "وصف الصورة"),
                ("paragraph", "نص من صفحة"),
                ("paragraph", "فقرة أخيرة مع رمز وصورة فيها."),
                ("caption", "داخلية"),
                ("paragraph", "حاشية الفقرة."),
            ]
            .map(|(role, text)| (role, text.to_owned()))
        );
    }

    #[test]
    fn front_matter_is_metadata_and_stands_in_for_what_is_not_said() {
        let markdown = "---\ntitle: \"عنوان من البيانات\"\nauthor: سامي الحداد\ndate: 2024-05-12\nlang: ar\ntags:\n  - مياه\n---\n\nفقرة وحيدة كاملة.\n";
        let outline = read(markdown.to_owned(), Tables::bundled());
        assert_eq!(
            (outline.title.as_deref(), outline.published.as_deref()),
            (Some("عنوان من البيانات"), Some("2024-05-12"))
        );
        assert_eq!(outline.language, "ar");
        let roles: Vec<_> = blocks(markdown).into_iter().map(|(role, _)| role).collect();
        assert_eq!(roles, ["headline", "byline", "paragraph"]);
    }

    #[test]
    fn markdown_is_told_by_its_syntax() {
        for markdown in ["# عنوان\n\nنص", "---\ntitle: x\n---\nنص", "نص [أ](http://a) و[ب](https://b)"] {
            assert!(sniff(markdown), "{markdown}");
        }
        for text in ["#غزة\n\nنص", "عنوان\n\nنص", "---\nنص\n---\n", "- بند"] {
            assert!(!sniff(text), "{text}");
        }
    }

    #[test]
    fn hostile_markdown_is_read_in_time() {
        let n = 20_000;
        for unit in [
            ">",
            "> ",
            "- ",
            "* a\n  ",
            "[",
            "![",
            "**a",
            "*a_ ",
            "`",
            "<b>",
            "[a](",
            "|a",
            "1. ",
            "\\",
            "&",
            "[^a]",
            "a\n\n    ",
        ] {
            let start = std::time::Instant::now();
            read(format!("ن {0}\n\n{0}", unit.repeat(n)), Tables::bundled());
            assert!(start.elapsed().as_secs() < 10, "{:?} for {unit:?}", start.elapsed());
        }
        let start = std::time::Instant::now();
        read(format!("{}{}", "**ن ".repeat(n), "ن**".repeat(n)), Tables::bundled());
        assert!(start.elapsed().as_secs() < 10, "{:?} for nested emphasis", start.elapsed());
    }
}
