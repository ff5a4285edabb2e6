//! The whole road: bytes to [`Document`].

use crate::align::Link;
use crate::article::{Article, Markup, SentenceId, Span};
use crate::brief::Brief;
use crate::check::Finding;
use crate::translate::Provenance;

/// An article, its translation and its brief: all that the renderers see.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The source.
    pub article: Article,
    /// One entry for each section of the article; `None` where it was not translated.
    pub targets: Vec<Option<Target>>,
    /// The brief, if one was asked for.
    pub brief: Option<Brief>,
    /// What the checks found, ordered by sentence.
    pub findings: Vec<Finding>,
    /// What translated it.
    pub translator: Provenance,
    /// What wrote the brief, if a model did.
    pub summarizer: Option<Provenance>,
}

/// A translated section: one text and its sentences, as many as the source section has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Target {
    /// The English of the section.
    pub text: String,
    /// One for each source sentence.
    pub sentences: Vec<TargetSentence>,
    /// Markup carried over from the source, as spans of `text`.
    pub markup: Vec<Markup>,
}

/// The translation of one sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetSentence {
    /// Where it lies in the text of its [`Target`].
    pub span: Span,
    /// Mean log-probability of its tokens.
    pub score: Option<f32>,
    /// Word links, bytes within the two sentences.
    pub alignment: Vec<Link>,
}

impl Document {
    /// The English of a sentence, if its section was translated.
    pub fn target(&self, id: SentenceId) -> Option<&str> {
        let target = self.targets.get(id.section)?.as_ref()?;
        Some(target.sentences.get(id.sentence)?.span.of(&target.text))
    }
}
