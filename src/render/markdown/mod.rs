//! CommonMark: the brief, the article, what was found, in a form that notes, wikis and mail take.

mod inline;

use std::collections::BTreeSet;

use super::{Format, Options, labels};
use crate::article::{Role, Section, SentenceId, Span};
use crate::brief::{Brief, Claim, FactKind, Part, Style};
use crate::check::Finding;
use crate::pipeline::{Document, Target};

pub(super) const FORMAT: Format = Format {
    name: "markdown",
    extensions: &["md", "markdown"],
    media_type: "text/markdown; charset=utf-8",
    description: "CommonMark, for notes, wikis and mail",
    render,
};

fn render(document: &Document, options: &Options) -> String {
    let mut page = Page { text: String::new(), after_item: false };
    if let Some(warning) = labels::demonstration(document) {
        page.block("> ", &format!("**Demonstration.** {}", inline::plain(warning)));
    }
    if let Some(brief) = document.brief.as_ref().filter(|brief| !brief.claims.is_empty()) {
        render_brief(&mut page, document, brief);
        page.block("", "---");
    }
    let cited = cited(document);
    for (index, section) in document.article.sections().iter().enumerate() {
        render_section(&mut page, &View { document, options, cited: &cited }, (index, section));
    }
    page.block("", "---");
    if let Some(counts) = labels::counts(&document.findings) {
        page.block("", &format!("To look at before quoting: {counts}."));
    }
    page.block("", &inline::plain(&labels::credits(document).join(" ")));
    page.text
}

/// The sentences that a claim or a finding names; the others need no mark.
fn cited(document: &Document) -> BTreeSet<SentenceId> {
    let claims = document.brief.iter().flat_map(|brief| &brief.claims);
    let evidence = claims.flat_map(|claim| claim.evidence.sentences().iter().copied());
    evidence.chain(document.findings.iter().map(|finding| finding.sentence)).collect()
}

fn render_brief(page: &mut Page, document: &Document, brief: &Brief) {
    page.block("## ", "In brief");
    for sentence in brief.sentences(Part::Headline) {
        page.block("", &format!("**{}** {}", inline::plain(&sentence[0].text), evidence(&sentence[0])));
    }
    let said = |part| brief.sentences(part).map(with_evidence).collect::<Vec<_>>();
    let (happened, points) = (said(Part::WhatHappened), said(Part::KeyPoint));
    match brief.style {
        Style::Bullets => {
            happened.into_iter().for_each(|sentence| page.block("", &block_start(sentence)));
            points.into_iter().for_each(|sentence| page.item(&block_start(sentence)));
        }
        Style::Wire | Style::OneLine => page.block("", &block_start([happened, points].concat().join(" "))),
    }
    for kind in [FactKind::Number, FactKind::Name] {
        let facts = brief.facts.iter().filter(|fact| fact.kind == kind).map(|fact| {
            let (english, source) = labels::fact(document, fact);
            let english = if english.is_empty() { "(not in the English)" } else { english };
            format!("{}: {} `{}`", inline::plain(english), inline::plain(source), fact.sentence)
        });
        list(page, labels::facts(kind), facts.collect());
    }
    let doubt = |doubt: &Claim| format!("{} {}", inline::plain(&doubt.text), evidence(doubt).replace(" (!)", ""));
    let doubts = brief.uncertain.iter().map(doubt).chain(labels::dropped(brief).map(|text| inline::plain(&text)));
    list(page, labels::part(Part::Uncertain), doubts.collect());
}

/// The claims of a sentence, each with its evidence.
fn with_evidence(sentence: &[Claim]) -> String {
    let claims = sentence.iter().map(|claim| format!("{} {}", inline::plain(&claim.text), evidence(claim)));
    claims.collect::<Vec<_>>().join(" ")
}

fn evidence(claim: &Claim) -> String {
    let names: Vec<String> = claim.evidence.sentences().iter().map(|id| format!("`{id}`")).collect();
    format!("{}{}", names.join(" "), if labels::evidence(claim).ends_with("(!)") { " (!)" } else { "" })
}

/// A part of the brief under its title, if it has anything.
fn list(page: &mut Page, title: &str, items: Vec<String>) {
    if !items.is_empty() {
        page.block("", &format!("**{title}**"));
        items.into_iter().for_each(|item| page.item(&block_start(item)));
    }
}

/// A finding, below the section that it is about.
fn render_finding(page: &mut Page, document: &Document, finding: &Finding) {
    let severity = labels::severity(finding.severity);
    let said = inline::plain(&format!("{}{}", finding.message, labels::quoted(document, finding)));
    page.block("", &format!("*{severity}, {}, `{}`:* {said}", finding.check, finding.sentence));
}

/// What a section needs to know.
struct View<'a> {
    document: &'a Document,
    options: &'a Options,
    cited: &'a BTreeSet<SentenceId>,
}

fn render_section(page: &mut Page, view: &View<'_>, (index, section): (usize, &Section)) {
    render_text(page, view, (index, section));
    for finding in view.document.findings.iter().filter(|finding| finding.sentence.section == index) {
        render_finding(page, view.document, finding);
    }
}

fn render_text(page: &mut Page, view: &View<'_>, (index, section): (usize, &Section)) {
    let target = view.document.targets.get(index).and_then(Option::as_ref);
    let emphasis = !is_emphatic(section.role);
    let source = || inline::marked(view.document.article.text(), section.span, &section.markup, emphasis);
    match target {
        Some(target) => {
            let text = english(view, target, index, emphasis);
            render_block(page, section.role, labels::role(section.role), text);
            if view.options.bilingual {
                page.block("> ", &block_start(source()));
            }
        }
        None if view.document.is_translated() => {
            let label = format!("{}, not translated", labels::role(section.role));
            page.block("", &format!("*{label}:* {}", source()));
        }
        None => {
            let text = sentences(view, (view.document.article.text(), index), section, emphasis);
            render_block(page, section.role, labels::role(section.role), text);
        }
    }
}

fn english(view: &View<'_>, target: &Target, section: usize, emphasis: bool) -> String {
    let spans = target.sentences.iter().map(|sentence| sentence.span);
    let texts = spans.map(|span| inline::marked(&target.text, span, &target.markup, emphasis));
    join(view, section, texts)
}

fn sentences(view: &View<'_>, (text, index): (&str, usize), section: &Section, emphasis: bool) -> String {
    let spans = section.sentences.iter();
    join(view, index, spans.map(|&span: &Span| inline::marked(text, span, &section.markup, emphasis)))
}

/// The sentences of a section, those that are cited with their names behind them.
fn join(view: &View<'_>, section: usize, sentences: impl Iterator<Item = String>) -> String {
    let sentence = |(sentence, mut text): (usize, String)| {
        let id = SentenceId { section, sentence };
        if text.is_empty() {
            text.push_str("(nothing came out)");
        }
        if view.cited.contains(&id) { format!("{text} `{id}`") } else { text }
    };
    sentences.enumerate().map(sentence).collect::<Vec<_>>().join(" ")
}

/// Whether the whole section is shown in emphasis.
const fn is_emphatic(role: Role) -> bool {
    matches!(role, Role::Standfirst | Role::Headline | Role::Subheading)
}

fn render_block(page: &mut Page, role: Role, label: &str, text: String) {
    match role {
        Role::Headline => page.block("# ", &heading(text)),
        Role::Subheading => page.block("### ", &heading(text)),
        Role::Quote => page.block("> ", &block_start(text)),
        Role::ListItem => page.item(&block_start(text)),
        Role::Caption | Role::Related | Role::Tags | Role::Boilerplate => page.block("", &format!("*{label}:* {text}")),
        _ => page.block("", &block_start(text)),
    }
}

/// Text at the start of a block, where some signs would make it another kind of block.
fn block_start(mut text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if text.starts_with(['#', '>', '+', '-', '=']) {
        text.insert(0, '\\');
    } else if digits > 0 && is_marker(&text[digits..]) {
        text.insert(digits, '\\');
    }
    text
}

/// Whether what follows a number makes it that of a list item.
fn is_marker(rest: &str) -> bool {
    let mut rest = rest.chars();
    matches!(rest.next(), Some('.' | ')')) && rest.next().is_none_or(char::is_whitespace)
}

/// Text of a heading, whose own last number signs would be taken for the closing ones.
fn heading(text: String) -> String {
    let mut text = block_start(text);
    if text.ends_with('#') && !text.ends_with("\\#") {
        text.insert(text.len() - 1, '\\');
    }
    text
}

struct Page {
    text: String,
    /// Whether a list is going on.
    after_item: bool,
}

impl Page {
    /// Adds a block that stands by itself.
    fn block(&mut self, lead: &str, text: &str) {
        self.separate();
        self.after_item = false;
        self.text.push_str(&format!("{lead}{text}\n"));
    }

    /// Adds an item to the list that is going on, or begins one.
    fn item(&mut self, text: &str) {
        if !self.after_item {
            self.separate();
        }
        self.after_item = true;
        self.text.push_str(&format!("- {text}\n"));
    }

    fn separate(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Parser, Tag};

    use super::*;
    use crate::article::{Markup, MarkupKind};

    /// What a reader of the Markdown sees, and how many links and stretches of emphasis there are.
    fn read(markdown: &str) -> (String, usize) {
        let (mut text, mut marks) = (String::new(), 0);
        for event in Parser::new(markdown) {
            match event {
                Event::Text(piece) => text.push_str(&piece),
                Event::Start(Tag::Link { .. } | Tag::Emphasis | Tag::Strong) => marks += 1,
                Event::Start(Tag::Paragraph | Tag::Heading { .. }) | Event::End(_) => {}
                other => panic!("{other:?} in {markdown:?}"),
            }
        }
        (text, marks)
    }

    fn visible(text: &str) -> String {
        let shown: String = text.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }).collect();
        shown.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").trim().into()
    }

    fn marked(text: &str, markup: &[(usize, usize, MarkupKind)]) -> String {
        let markup: Vec<_> =
            markup.iter().map(|(a, b, kind)| Markup { span: Span::new(*a, *b), kind: kind.clone() }).collect();
        inline::marked(text, Span::new(0, text.len()), &markup, true)
    }

    #[test]
    fn links_and_emphasis() {
        let link = MarkupKind::Link("https://example.org/a_(b)?x=1&lt;".into());
        let out = marked("Wow! A report, in *stars*", &[(5, 13, link.clone()), (0, 3, MarkupKind::Strong)]);
        assert_eq!(out, r"**Wow**! [A report](https://example.org/a%5F%28b%29?x=1&amp;lt;), in \*stars\*");
        assert_eq!(marked("!link", &[(1, 5, link)]), r"\![link](https://example.org/a%5F%28b%29?x=1&amp;lt;)");
        assert_eq!(marked("a\"b\"c", &[(1, 4, MarkupKind::Emphasis)]), "a\"b\"c", "CommonMark would not see it");
        let nested = [(0, 5, MarkupKind::Emphasis), (2, 3, MarkupKind::Strong)];
        assert_eq!(marked("a b c", &nested), "*a b c*");
    }

    #[test]
    fn starts_of_blocks_are_escaped() {
        for text in ["# a", "> a", "- a", "+ a", "1. a", "12) a", "---", "===", "1.", "#"] {
            assert_eq!(read(&block_start(inline::plain(text))).0, text);
        }
        assert_eq!(read(&format!("# {}", heading("a #".into()))).0, "a #");
    }

    proptest! {
        #[test]
        fn every_text_reads_as_it_is(text in "[-a1 .)(*_`#<>&;~!\\[\\]\\\\\n+=:/|é،ا]{0,24}|\\PC{0,12}") {
            prop_assert_eq!(read(&block_start(inline::plain(&text))).0, visible(&text));
            prop_assert_eq!(read(&format!("# {}", heading(inline::plain(&text)))).0, visible(&text));
        }

        #[test]
        fn markup_changes_no_text(
            text in "[a *_!\"(\\[\\]`]{0,16}",
            markup in prop::collection::vec((0usize..16, 0usize..16, 0usize..3), 0..5),
        ) {
            let kinds = [MarkupKind::Emphasis, MarkupKind::Strong, MarkupKind::Link("https://example.org/".into())];
            let markup: Vec<_> = markup.into_iter().map(|(a, b, kind)| (a, b, kinds[kind].clone())).collect();
            let out = marked(&text, &markup);
            let (shown, marks) = read(&block_start(out.clone()));
            prop_assert_eq!(shown, visible(&text), "{:?}", out);
            prop_assert!(marks <= markup.len());
        }
    }
}
