//! Plain text for a terminal or a mail: the brief, then the article section by section.

use unicode_segmentation::UnicodeSegmentation;

use super::{Format, Options, labels};
use crate::article::{Role, Section, Span};
use crate::brief::{Brief, Claim, FactKind, Part, Style as Form};
use crate::check::{Finding, Severity};
use crate::pipeline::Document;

pub(super) const FORMAT: Format = Format {
    name: "text",
    extensions: &["txt", "text"],
    media_type: "text/plain; charset=utf-8",
    description: "plain text for reading, section by section",
    render,
};

/// Before the text of a section or of a part of the brief.
const INDENT: &str = "    ";
/// Before an item of a list.
const ITEM: &str = "  - ";

fn render(document: &Document, options: &Options) -> String {
    let mut page = Page { text: String::new(), options };
    if let Some(warning) = labels::demonstration(document) {
        page.paragraph(Style::Yellow, "Note: ", warning);
        page.blank();
    }
    if let Some(brief) = &document.brief {
        render_brief(&mut page, document, brief);
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

fn render_brief(page: &mut Page, document: &Document, brief: &Brief) {
    page.paragraph(Style::Strong, "", "BRIEF");
    for sentence in brief.sentences(Part::Headline) {
        page.paragraph(Style::Strong, INDENT, &with_evidence(sentence));
    }
    let said = |part| brief.sentences(part).map(with_evidence).collect::<Vec<_>>();
    let (happened, points) = (said(Part::WhatHappened), said(Part::KeyPoint));
    match brief.style {
        Form::Bullets => {
            list(page, labels::part(Part::WhatHappened), INDENT, &happened);
            list(page, labels::part(Part::KeyPoint), ITEM, &points);
        }
        Form::Wire | Form::OneLine => list(page, "", INDENT, &[[happened, points].concat().join(" ")]),
    }
    for kind in [FactKind::Number, FactKind::Name] {
        let facts = brief.facts.iter().filter(|fact| fact.kind == kind).map(|fact| {
            let (english, source) = labels::fact(document, fact);
            let english = if english.is_empty() { "(not in the English)" } else { english };
            format!("{english}: {source} [{}]", fact.sentence)
        });
        list(page, labels::facts(kind), ITEM, &facts.collect::<Vec<_>>());
    }
    let doubt = |doubt: &Claim| format!("{} [{}]", doubt.text, labels::evidence(doubt).replace(" (!)", ""));
    let doubts: Vec<String> = brief.uncertain.iter().map(doubt).chain(labels::dropped(brief)).collect();
    list(page, labels::part(Part::Uncertain), ITEM, &doubts);
    page.blank();
}

/// The claims of a sentence, each with its evidence.
fn with_evidence(sentence: &[Claim]) -> String {
    let claims = sentence.iter().map(|claim| format!("{} [{}]", claim.text, labels::evidence(claim)));
    claims.collect::<Vec<_>>().join(" ")
}

/// How the title of the brief ends, without and with colour; no blank line follows it.
const TITLES: [&str; 2] = ["BRIEF\n", "BRIEF\u{1b}[0m\n"];

/// A part of the brief under its title, if it has anything.
fn list(page: &mut Page, title: &str, lead: &str, items: &[String]) {
    if items.iter().all(String::is_empty) {
        return;
    }
    if !TITLES.iter().any(|title| page.text.ends_with(title)) {
        page.blank();
    }
    page.paragraph(Style::Dim, "  ", title);
    for item in items {
        page.paragraph(Style::Plain, lead, item);
    }
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
            page.marked(style, INDENT, &target.text, &marks(document, index));
            if page.options.bilingual {
                page.paragraph(style, INDENT, source);
            }
        }
        None => page.paragraph(style, INDENT, source),
    }
    for finding in document.findings.iter().filter(|finding| finding.sentence.section == index) {
        render_finding(page, document, finding);
    }
    page.blank();
}

/// The words of a section's English that findings mark, the worst finding first.
fn marks(document: &Document, section: usize) -> Vec<(Span, Style)> {
    let target = document.targets.get(section).and_then(Option::as_ref);
    let found = document.findings.iter().filter(|finding| finding.sentence.section == section);
    let mut found: Vec<&Finding> = found.collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mark = |finding: &&Finding| {
        let sentence = target?.sentences.get(finding.sentence.sentence)?;
        Some((finding.target?.shift(sentence.span.start), style(finding.severity)))
    };
    found.iter().filter_map(mark).collect()
}

const fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => Style::Red,
        Severity::Warning => Style::Yellow,
        Severity::Info => Style::Dim,
    }
}

fn render_finding(page: &mut Page, document: &Document, finding: &Finding) {
    let Finding { check, sentence, message, .. } = finding;
    let severity = labels::severity(finding.severity);
    let quoted = labels::quoted(document, finding);
    page.paragraph(style(finding.severity), INDENT, &format!("! {sentence} {severity} ({check}): {message}{quoted}"));
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
        self.marked(style, lead, text, &[]);
    }

    /// The same with some words in a style of their own, the first mark that touches a word deciding.
    fn marked(&mut self, style: Style, lead: &str, text: &str, marks: &[(Span, Style)]) {
        let hang = " ".repeat(lead.len());
        let room = self.options.width.map(|width| width.saturating_sub(lead.len()).max(1));
        let mut lines = Vec::new();
        for line in text.lines() {
            // Tabs part the cells of a table.
            let cells = line.split('\t').enumerate();
            let words = cells.flat_map(|(cell, text)| {
                let bar = (cell > 0).then_some("|");
                bar.into_iter().chain(text.split_whitespace())
            });
            lines.extend(wrap(words, room));
        }
        for (index, line) in lines.iter().enumerate() {
            self.text.push_str(if index == 0 { lead } else { &hang });
            let of = |word: &str| {
                let start = (word.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
                let touches = |span: &Span| start < span.end && span.start < start + word.len();
                marks.iter().find(|(span, _)| touches(span)).map_or(style, |&(_, style)| style)
            };
            let runs = line.chunk_by(|a, b| of(a) == of(b));
            let runs: Vec<String> = runs.map(|run| self.styled(of(run[0]), run)).collect();
            self.text.push_str(&runs.join(" "));
            self.text.push('\n');
        }
    }

    fn styled(&self, style: Style, words: &[&str]) -> String {
        let text = words.iter().map(|word| visible(word)).collect::<Vec<_>>().join(" ");
        match style.code().filter(|_| self.options.color) {
            Some(code) => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            None => text,
        }
    }
}

/// Puts the words of one line into pieces of at most `room` columns, as far as they allow. Columns are counted as grapheme
/// clusters, which is right for Latin and Arabic letters with their marks.
fn wrap<'a>(words: impl Iterator<Item = &'a str>, room: Option<usize>) -> Vec<Vec<&'a str>> {
    let mut lines: Vec<Vec<&str>> = Vec::new();
    let mut columns = 0;
    for word in words {
        let width = visible(word).graphemes(true).count();
        match lines.last_mut().filter(|_| room.is_none_or(|room| columns + 1 + width <= room)) {
            Some(line) => {
                line.push(word);
                columns += 1 + width;
            }
            None => {
                lines.push(vec![word]);
                columns = width;
            }
        }
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

    fn lines(text: &str, room: Option<usize>) -> Vec<String> {
        wrap(text.split_whitespace(), room).into_iter().map(|line| line.join(" ")).collect()
    }

    #[test]
    fn wraps_at_spaces_by_what_a_reader_sees() {
        assert_eq!(lines("one two  three", Some(7)), ["one two", "three"]);
        assert_eq!(lines("unbreakable a", Some(4)), ["unbreakable", "a"]);
        // Five letters and four marks take five columns.
        assert_eq!(lines("مُدَرِّس مُدَرِّس", Some(9)), ["مُدَرِّس مُدَرِّس"]);
        assert_eq!(lines(" ", Some(9)), Vec::<String>::new());
    }

    #[test]
    fn control_characters_never_come_through() {
        let mut page = Page { text: String::new(), options: &Options { color: true, ..Options::default() } };
        page.paragraph(Style::Plain, "", "a\u{1b}[31mb \u{9b}c");
        assert_eq!(page.text, "a\u{fffd}[31mb \u{fffd}c\n");
    }

    #[test]
    fn marked_words_have_a_colour_of_their_own() {
        let mut page = Page { text: String::new(), options: &Options { color: true, ..Options::default() } };
        let marks = [(Span::new(4, 14), Style::Red)];
        page.marked(Style::Strong, "", "for $69 million a year", &marks);
        assert_eq!(page.text, "\u{1b}[1mfor\u{1b}[0m \u{1b}[31m$69 million\u{1b}[0m \u{1b}[1ma year\u{1b}[0m\n");
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_word(text in "\\PC{0,60}", room in 1usize..30) {
            let lines = lines(&text, Some(room));
            for line in &lines {
                prop_assert!(line.graphemes(true).count() <= room || !line.contains(' '), "{line:?}");
            }
            let words: Vec<_> = lines.iter().flat_map(|line| line.split(' ')).map(str::to_owned).collect();
            prop_assert_eq!(words, text.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        }
    }
}
