//! The article: one owned text, everything else spans into it.
//!
//! ```text
//! text      …Headline…\n\n…Standfirst one. Standfirst two.…\n\n…
//! sections  [ s1     ]    [ s2                        ]
//! sentences [ s1.1   ]    [ s2.1       ][ s2.2        ]
//! ```
//!
//! Whatever is not blank lies in exactly one section and, there, in exactly one sentence; what lies between is white
//! space. [`Article::new`] is the only way to make one and refuses anything else.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A half-open range of bytes in one text, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Bytes it covers.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The part of `text` that it covers. Panics off character boundaries, as slicing does.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// The part of `text` that it covers, or nothing if it lies outside or off character boundaries.
    pub fn get(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }

    /// As a range.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Moved right by `by` bytes.
    pub const fn shift(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }

    /// Whether `other` lies inside.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Without the white space at both ends; an empty span at its start if there is nothing else.
    pub fn trim(self, text: &str) -> Self {
        let inner = self.of(text);
        let start = self.start + (inner.len() - inner.trim_start().len());
        let end = self.start + inner.trim_end().len();
        if start <= end { Self::new(start, end) } else { Self::new(self.start, self.start) }
    }
}

/// What a section is. The role decides what is translated and what may enter a brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The title.
    Headline,
    /// The editor's summary below the headline.
    Standfirst,
    /// Who wrote it.
    Byline,
    /// Where and when it was filed.
    Dateline,
    /// Below a picture.
    Caption,
    /// A heading inside the article.
    Subheading,
    /// Running text.
    Paragraph,
    /// A quotation set off from the text.
    Quote,
    /// An item of a list.
    ListItem,
    /// A row of a table.
    Table,
    /// A link to another article ("read also").
    Related,
    /// Keywords and hashtags.
    Tags,
    /// Widget labels, share bars, copyright lines.
    Boilerplate,
}

impl Role {
    /// Every role, in the order of the design.
    pub const ALL: [Self; 13] = [
        Self::Headline,
        Self::Standfirst,
        Self::Byline,
        Self::Dateline,
        Self::Caption,
        Self::Subheading,
        Self::Paragraph,
        Self::Quote,
        Self::ListItem,
        Self::Table,
        Self::Related,
        Self::Tags,
        Self::Boilerplate,
    ];

    /// Its name in output and in data files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Standfirst => "standfirst",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Caption => "caption",
            Self::Subheading => "subheading",
            Self::Paragraph => "paragraph",
            Self::Quote => "quote",
            Self::ListItem => "list_item",
            Self::Table => "table",
            Self::Related => "related",
            Self::Tags => "tags",
            Self::Boilerplate => "boilerplate",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether its sections are translated.
    pub const fn is_translated(self) -> bool {
        !matches!(self, Self::Boilerplate)
    }

    /// Whether a brief may rest on it.
    pub const fn may_enter_brief(self) -> bool {
        matches!(self, Self::Headline | Self::Standfirst | Self::Paragraph | Self::Quote | Self::ListItem)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Inline markup that is carried from the source to the translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markup {
    /// What it covers.
    pub span: Span,
    /// What it is.
    pub kind: MarkupKind,
}

/// The kinds of [`Markup`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkupKind {
    /// A link and its target.
    Link(String),
    /// Emphasis: italics.
    Emphasis,
    /// Strong emphasis: bold.
    Strong,
}

/// A section as a reader found it, before sentences are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub role: Role,
    /// Where it lies in the text.
    pub span: Span,
    /// Markup inside it, in order, as spans of the whole text.
    pub markup: Vec<Markup>,
}

/// What a reader makes of the bytes: the text and its sections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The file name, or `-`.
    pub source: String,
    /// The whole decoded text.
    pub text: String,
    /// BCP 47 language of the text, as detected or declared.
    pub language: String,
    /// The title from the metadata, or the headline.
    pub title: Option<String>,
    /// The date of publication as the source gives it, ISO 8601 where it does.
    pub published: Option<String>,
    /// The sections in order.
    pub blocks: Vec<Block>,
    /// What the reader wants known: a guessed encoding, bytes that could not be decoded.
    pub notices: Vec<String>,
}

/// One section of an [`Article`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it is.
    pub role: Role,
    /// Where it lies in the text.
    pub span: Span,
    /// Its sentences in order, as spans of the whole text.
    pub sentences: Vec<Span>,
    /// Markup inside it, in order, as spans of the whole text.
    pub markup: Vec<Markup>,
}

/// Names a sentence: the section and the sentence within it, both from 0. Printed from 1, as `s2.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SentenceId {
    /// Index of the section.
    pub section: usize,
    /// Index of the sentence in its section.
    pub sentence: usize,
}

impl fmt::Display for SentenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s{}.{}", self.section + 1, self.sentence + 1)
    }
}

/// An article whose sections and sentences are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    outline: Outline,
    sections: Vec<Section>,
}

impl Article {
    /// An article from an outline and the sentences of each of its blocks, as spans of the whole text.
    ///
    /// # Errors
    /// [`Error::Article`] if a span is out of order or off a character boundary, or if anything but white space
    /// lies outside of the sections, or in a section outside of its sentences.
    pub fn new(mut outline: Outline, sentences: Vec<Vec<Span>>) -> Result<Self> {
        let text = outline.text.as_str();
        if outline.blocks.len() != sentences.len() {
            return Err(Error::Article(format!(
                "{} sections but {} lists of sentences",
                outline.blocks.len(),
                sentences.len()
            )));
        }
        covers(text, Span::new(0, text.len()), outline.blocks.iter().map(|b| b.span), "section")?;
        let mut sections = Vec::with_capacity(sentences.len());
        for (block, sentences) in outline.blocks.drain(..).zip(sentences) {
            covers(text, block.span, sentences.iter().copied(), "sentence")?;
            if let Some(markup) = block.markup.iter().find(|m| !block.span.contains(m.span)) {
                return Err(Error::Article(format!("markup at {:?} leaves its section", markup.span)));
            }
            let Block { role, span, markup } = block;
            sections.push(Section { role, span, sentences, markup });
        }
        Ok(Self { outline, sections })
    }

    /// The file name, or `-`.
    pub fn source(&self) -> &str {
        &self.outline.source
    }

    /// The whole decoded text; every span refers to it.
    pub fn text(&self) -> &str {
        &self.outline.text
    }

    /// BCP 47 language of the text.
    pub fn language(&self) -> &str {
        &self.outline.language
    }

    /// The title, if there is one.
    pub fn title(&self) -> Option<&str> {
        self.outline.title.as_deref()
    }

    /// The date of publication, if the source gives one.
    pub fn published(&self) -> Option<&str> {
        self.outline.published.as_deref()
    }

    /// What the reader wants known.
    pub fn notices(&self) -> &[String] {
        &self.outline.notices
    }

    /// The sections in order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Every sentence with its name, in order.
    pub fn sentences(&self) -> impl Iterator<Item = (SentenceId, Span)> + '_ {
        self.sections.iter().enumerate().flat_map(|(section, s)| {
            s.sentences.iter().enumerate().map(move |(sentence, span)| (SentenceId { section, sentence }, *span))
        })
    }
}

/// Checks that `parts` lie in order inside `whole`, each holding something, and leave nothing but white space out.
fn covers(text: &str, whole: Span, parts: impl Iterator<Item = Span>, what: &str) -> Result<()> {
    let mut at = whole.start;
    for span in parts {
        let valid = span.start >= at
            && span.start < span.end
            && span.end <= whole.end
            && text.is_char_boundary(span.start)
            && text.is_char_boundary(span.end);
        if !valid {
            return Err(Error::Article(format!("{what} {span:?} is out of place after byte {at}")));
        }
        if span.of(text).trim().is_empty() {
            return Err(Error::Article(format!("{what} {span:?} is blank")));
        }
        if !text[at..span.start].trim().is_empty() {
            return Err(Error::Article(format!("text before {what} {span:?} is in none")));
        }
        at = span.end;
    }
    if !text[at..whole.end].trim().is_empty() {
        return Err(Error::Article(format!("text after byte {at} is in no {what}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str, spans: &[(usize, usize)]) -> Outline {
        Outline {
            text: text.into(),
            blocks: spans
                .iter()
                .map(|&(start, end)| Block { role: Role::Paragraph, span: Span::new(start, end), markup: vec![] })
                .collect(),
            ..Outline::default()
        }
    }

    fn whole(spans: &[(usize, usize)]) -> Vec<Vec<Span>> {
        spans.iter().map(|&(start, end)| vec![Span::new(start, end)]).collect()
    }

    #[test]
    fn accepts_a_partition() {
        let spans = [(0, 2), (4, 6)];
        let article = Article::new(outline("ab\n\ncd\n", &spans), whole(&spans)).unwrap();
        let ids: Vec<_> = article.sentences().map(|(id, span)| (id.to_string(), span.of(article.text()))).collect();
        assert_eq!(ids, [("s1.1".to_owned(), "ab"), ("s2.1".to_owned(), "cd")]);
    }

    #[test]
    fn refuses_lost_overlapping_blank_and_split_text() {
        for (text, spans) in [
            ("ab\n\ncd", vec![(0, 2)]),
            ("ab cd", vec![(0, 3), (2, 5)]),
            ("ab   ", vec![(0, 2), (3, 4)]),
            ("é", vec![(0, 1)]),
        ] {
            assert!(Article::new(outline(text, &spans), whole(&spans)).is_err(), "{text:?} {spans:?}");
        }
    }

    #[test]
    fn names_of_roles_are_unique_and_match_serde() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
    }
}
