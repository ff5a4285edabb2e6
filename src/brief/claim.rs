//! Claims: what a brief says, and the sentences that bear it out.

use crate::article::{Article, Role, SentenceId};
use crate::check::Finding;
use crate::error::{Error, Result};
use crate::pipeline::Document;

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

    /// Whether all of it is headline.
    pub(super) fn is_headline(&self, article: &Article) -> bool {
        self.0.iter().all(|id| article.sections()[id.section].role == Role::Headline)
    }
}

/// Which part of a brief a claim belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The title.
    Headline,
    /// The one sentence that says what happened.
    WhatHappened,
    /// One of the other sentences.
    KeyPoint,
    /// What the checks make doubtful, in words.
    Uncertain,
}

impl Part {
    /// Every part, in the order of a brief.
    pub const ALL: [Self; 4] = [Self::Headline, Self::WhatHappened, Self::KeyPoint, Self::Uncertain];

    /// Its name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::WhatHappened => "what_happened",
            Self::KeyPoint => "key_point",
            Self::Uncertain => "uncertain",
        }
    }
}

/// Where the words of a claim come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is a sentence of the article, word for word.
    Article,
    /// The summarizer wrote it, and its evidence bears it out.
    AsWritten,
    /// The summarizer wrote it with a number that is not in its evidence; the number of the evidence stands there now.
    Repaired {
        /// As the summarizer wrote it.
        original: String,
    },
    /// It is a sentence of the article in the place of one that the summarizer wrote and the article does not bear out.
    Replaced {
        /// As the summarizer wrote it.
        original: String,
    },
    /// mujaz says it of the evidence.
    Checks,
}

impl Origin {
    /// Its name in output.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::AsWritten => "as_written",
            Self::Repaired { .. } => "repaired",
            Self::Replaced { .. } => "replaced",
            Self::Checks => "checks",
        }
    }

    /// What the summarizer wrote, where the claim says something else.
    pub fn original(&self) -> Option<&str> {
        match self {
            Self::Repaired { original } | Self::Replaced { original } => Some(original),
            _ => None,
        }
    }
}

/// Something that a brief says and what it rests on: a sentence, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The English.
    pub text: String,
    /// The sentences it rests on.
    pub evidence: Evidence,
    /// What the checks found in it or in its evidence.
    pub findings: Vec<Finding>,
    /// Which part of the brief it belongs to.
    pub part: Part,
    /// Whether it goes on with the sentence of the claim before it.
    pub continues: bool,
    /// Where its words come from.
    pub origin: Origin,
}

impl Claim {
    /// A key point with the findings of its evidence.
    pub fn new(document: &Document, text: String, evidence: Evidence, origin: Origin) -> Self {
        let findings = document.findings.iter().filter(|finding| evidence.0.contains(&finding.sentence));
        let findings = findings.cloned().collect();
        Self { text, evidence, findings, part: Part::KeyPoint, continues: false, origin }
    }

    /// A sentence of the document's English, word for word, resting on itself; none if it may not enter a brief.
    pub fn quote(document: &Document, id: SentenceId) -> Option<Self> {
        let text = document.target(id).or_else(|| document.source(id))?.trim();
        let evidence = Evidence::new(&document.article, vec![id]).ok()?;
        (!text.is_empty()).then(|| Self::new(document, text.to_owned(), evidence, Origin::Article))
    }
}
