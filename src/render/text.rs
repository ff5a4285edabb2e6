//! Plain text for a terminal or a mail: the brief, then the article section by section.

use unicode_segmentation::UnicodeSegmentation;

use super::{Format, Options, labels};
use crate::article::{Role, Section};
use crate::brief::Brief;
use crate::check::{Finding, Severity};
use crate::pipeline::Document;

pub(super) const FORMAT: Format = Format {
    name: "text",
    extensions: &["txt", "text"],
    media_type: "text/plain; charset=utf-8",
    description: "plain text for reading, section by section",
    render,
};

/// Before the text of a section or of a claim.
const INDENT: &str = "    ";

fn render(document: &Document, options: &Options) -> String {
    let mut page = Page { text: String::new(), options };
    if let Some(warning) = labels::demonstration(document) {
        page.paragraph(Style::Yellow, "Note: ", warning);
        page.blank();
    }
    if let Some(brief) = &document.brief {
        render_brief(&mut page, brief);
    }
    for (index, section) in document.article.sections().iter().enumerate() {
        render_section(&mut page, document, (index, section));
    }
    if let Some(counts) = labels::counts(&document.findings) {
        page.paragraph(Style::Plain, "", &format!("To look at before quoting: {counts}."));
    }
    page.paragraph(Style::Dim, "", &labels::credits(document).join(" "));
    page.text
}

fn render_brief(page: &mut Page, brief: &Brief) {
    page.paragraph(Style::Strong, "", "BRIEF");
    for claim in &brief.claims {
        let evidence: Vec<String> = claim.evidence.sentences().iter().map(ToString::to_string).collect();
        page.paragraph(Style::Plain, "  - ", &format!("{} [{}]", claim.text, evidence.join(", ")));
        for finding in &claim.findings {
            render_finding(page, finding);
        }
    }
    page.blank();
}

fn render_section(page: &mut Page, document: &Document, (index, section): (usize, &Section)) {
    let target = document.targets.get(index).and_then(Option::as_ref);
    let source = section.span.get(document.article.text()).unwrap_or_default();
    let mut label = format!("s{} {}", index + 1, labels::role(section.role).to_uppercase());
    if target.is_none() && document.is_translated() {
        label.push_str(", not translated");
    }
    page.paragraph(Style::Dim, "", &label);
    let style = match section.role {
        Role::Headline | Role::Subheading => Style::Strong,
        Role::Boilerplate => Style::Dim,
        _ => Style::Plain,
    };
    match target {
        Some(target) => {
            page.paragraph(style, INDENT, &target.text);
            if page.options.bilingual {
                page.paragraph(style, INDENT, source);
            }
        }
        None => page.paragraph(style, INDENT, source),
    }
    for finding in document.findings.iter().filter(|finding| finding.sentence.section == index) {
        render_finding(page, finding);
    }
    page.blank();
}

fn render_finding(page: &mut Page, finding: &Finding) {
    let style = match finding.severity {
        Severity::Error => Style::Red,
        Severity::Warning => Style::Yellow,
        Severity::Info => Style::Dim,
    };
    let Finding { check, sentence, message, .. } = finding;
    let severity = labels::severity(finding.severity);
    page.paragraph(style, INDENT, &format!("! {sentence} {severity} ({check}): {message}"));
}

/// How a paragraph stands out where colours are wanted.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    Plain,
    Strong,
    Dim,
    Red,
    Yellow,
}

impl Style {
    /// The parameter of the SGR control sequence (ECMA-48).
    const fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Dim => Some("2"),
            Self::Red => Some("31"),
            Self::Yellow => Some("33"),
        }
    }
}

struct Page<'a> {
    text: String,
    options: &'a Options,
}

impl Page<'_> {
    fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds `text` behind `lead`, wrapped and with the later lines indented as the first.
    fn paragraph(&mut self, style: Style, lead: &str, text: &str) {
        let hang = " ".repeat(lead.len());
        let room = self.options.width.map(|width| width.saturating_sub(lead.len()).max(1));
        // Tabs part the cells of a table.
        let lines = text.lines().flat_map(|line| wrap(&line.replace('\t', " | "), room));
        for (index, line) in lines.enumerate() {
            self.text.push_str(if index == 0 { lead } else { &hang });
            match style.code().filter(|_| self.options.color) {
                Some(code) => self.text.push_str(&format!("\u{1b}[{code}m{line}\u{1b}[0m")),
                None => self.text.push_str(&line),
            }
            self.text.push('\n');
        }
    }
}

/// Cuts one line at its spaces so that each piece takes at most `room` columns, as far as its words allow. Columns are
/// counted as grapheme clusters, which is right for Latin and Arabic letters with their marks.
fn wrap(line: &str, room: Option<usize>) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut current, mut columns) = (String::new(), 0);
    for word in line.split_whitespace() {
        let word = visible(word);
        let width = word.graphemes(true).count();
        if columns > 0 && room.is_some_and(|room| columns + 1 + width > room) {
            lines.push(std::mem::take(&mut current));
            columns = 0;
        }
        if columns > 0 {
            current.push(' ');
            columns += 1;
        }
        current.push_str(&word);
        columns += width;
    }
    if !current.is_empty() {
        lines.push(current);
    }
    lines
}

/// The word without control characters: what an article says must not steer a terminal.
fn visible(word: &str) -> String {
    word.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wraps_at_spaces_by_what_a_reader_sees() {
        assert_eq!(wrap("one two  three", Some(7)), ["one two", "three"]);
        assert_eq!(wrap("unbreakable a", Some(4)), ["unbreakable", "a"]);
        // Five letters and four marks take five columns.
        assert_eq!(wrap("مُدَرِّس مُدَرِّس", Some(9)), ["مُدَرِّس مُدَرِّس"]);
        assert_eq!(wrap(" ", Some(9)), Vec::<String>::new());
    }

    #[test]
    fn control_characters_never_come_through() {
        assert_eq!(wrap("a\u{1b}[31mb \u{9b}c", None), ["a\u{fffd}[31mb \u{fffd}c"]);
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_word(text in "\\PC{0,60}", room in 1usize..30) {
            let lines = wrap(&text, Some(room));
            for line in &lines {
                prop_assert!(line.graphemes(true).count() <= room || !line.contains(' '), "{line:?}");
            }
            let words: Vec<_> = lines.iter().flat_map(|line| line.split(' ')).map(str::to_owned).collect();
            prop_assert_eq!(words, text.split_whitespace().map(visible).collect::<Vec<_>>());
        }
    }
}
