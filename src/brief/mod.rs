//! The brief: claims, each with the sentences it rests on.

mod abstractive;
mod extractive;
mod support;
mod terms;

pub use abstractive::{Abstractive, open};
pub use extractive::{Extractive, extractive};

use crate::article::{Article, SentenceId, Span};
use crate::check::Finding;
use crate::error::{Error, Result};
use crate::pipeline::Document;
use crate::progress::Progress;
use crate::translate::Provenance;

/// How long a brief may be. A limit that is `None` does not bind; where both are, [`Length::DEFAULT_SENTENCES`] does, and
/// half of the article. Sentences are never cut: the words of those that are taken stay within the limit, except that
/// a brief always has one sentence if the article has any that may enter it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length {
    /// The greatest number of sentences.
    pub sentences: Option<usize>,
    /// The greatest number of words.
    pub words: Option<usize>,
}

impl Length {
    /// Headline, standfirst and three more: what an editor reads at a glance.
    pub const DEFAULT_SENTENCES: usize = 5;

    /// The greatest number of sentences and of words, where so many sentences may enter the brief.
    fn limits(self, available: usize) -> (usize, usize) {
        let sentences = match self {
            Self { sentences: Some(sentences), .. } => sentences.max(1),
            Self { words: Some(_), .. } => available,
            _ => Self::DEFAULT_SENTENCES.min(available.div_ceil(2)),
        };
        (sentences, self.words.unwrap_or(usize::MAX))
    }
}

/// Anything that writes a brief of a translated and checked document, whose own brief is not there yet.
pub trait Summarizer: Sync {
    /// A brief no longer than `length`.
    ///
    /// # Errors
    /// If the computation fails or `progress` says that the user wants to stop.
    fn summarize(&self, document: &Document, length: Length, progress: &dyn Progress) -> Result<Brief>;

    /// The model it uses, if it uses one.
    fn provenance(&self) -> Option<Provenance>;
}

/// The sentences that a claim rests on: at least one, each in the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence(Vec<SentenceId>);

impl Evidence {
    /// Evidence from sentences of `article`, put in order and without repeats.
    ///
    /// # Errors
    /// [`Error::Article`] if there is none, if one is not in the article, or if its role may not enter a brief.
    pub fn new(article: &Article, mut sentences: Vec<SentenceId>) -> Result<Self> {
        sentences.sort_unstable();
        sentences.dedup();
        if sentences.is_empty() {
            return Err(Error::Article("a claim without evidence".into()));
        }
        for id in &sentences {
            let section = article.sections().get(id.section);
            let Some(section) = section.filter(|s| id.sentence < s.sentences.len()) else {
                return Err(Error::Article(format!("evidence {id} is not in the article")));
            };
            if !section.role.may_enter_brief() {
                return Err(Error::Article(format!("evidence {id} is a {}", section.role)));
            }
        }
        Ok(Self(sentences))
    }

    /// The sentences, in order.
    pub fn sentences(&self) -> &[SentenceId] {
        &self.0
    }
}

/// One sentence of a brief and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The English.
    pub text: String,
    /// The sentences it rests on.
    pub evidence: Evidence,
    /// What the checks found in it or in its evidence.
    pub findings: Vec<Finding>,
}

/// A brief: its claims in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// How it was made: `extractive`, or the summarizer's name.
    pub method: String,
    /// The claims.
    pub claims: Vec<Claim>,
}

impl Brief {
    /// The claims in running text: a space between them, and a line break after one that does not end as a sentence
    /// does, a headline above all.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (claim, span) in self.claims.iter().zip(self.spans()) {
            if span.start > 0 {
                text.push(if ends_sentence(&text) { ' ' } else { '\n' });
            }
            text.push_str(&claim.text);
        }
        text
    }

    /// Where each claim lies in [`Brief::text`].
    pub fn spans(&self) -> Vec<Span> {
        let mut start = 0;
        let span = |claim: &Claim| {
            let span = Span::new(start, start + claim.text.len());
            start = span.end + 1;
            span
        };
        self.claims.iter().map(span).collect()
    }
}

/// Whether `text` ends with the punctuation that closes a sentence, with or without a closing quote or bracket.
fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']);
    end.ends_with(['.', '!', '?', '…', '؟'])
}
