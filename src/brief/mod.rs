//! The brief: claims, each with the sentences it rests on.
//!
//! ```text
//! headline          Muscat water summit agrees joint drought fund                 s1.1
//! what happened     Eleven states agreed in Muscat on a fund of $2.4 billion.     s2.1
//! key points        The fund starts work on 15 January, …                         s6.1
//! numbers, names    $2.4 billion: 2.4 مليار دولار                                  s2.1
//! uncertain         The source says 12,640,315; the English says 12,640.          s8.1
//! ```

mod abstractive;
mod claim;
mod clauses;
mod extractive;
mod facts;
mod form;
mod names;
mod support;
mod terms;
mod verify;

pub use abstractive::{Abstractive, open};
pub use claim::{Claim, Evidence, Origin, Part};
pub use extractive::{Extractive, extractive};
pub use facts::{Fact, FactKind};
pub use form::{Form, Length, Style};
pub use verify::{Verified, verify};

use crate::article::{SentenceId, Span};
use crate::check::Severity;
use crate::error::Result;
use crate::pipeline::Document;
use crate::progress::Progress;
use crate::translate::Provenance;

/// Anything that writes a brief of a translated and checked document, whose own brief is not there yet.
pub trait Summarizer: Sync {
    /// A brief in that form.
    ///
    /// # Errors
    /// If the computation fails or `progress` says that the user wants to stop.
    fn summarize(&self, document: &Document, form: Form, progress: &dyn Progress) -> Result<Brief>;

    /// The model it uses, if it uses one.
    fn provenance(&self) -> Option<Provenance>;
}

/// A brief: its claims in order, and what a reader should know of their evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// How it was made: `extractive`, or the summarizer's name.
    pub method: String,
    /// How it is written.
    pub style: Style,
    /// Headline, what happened, key points, in this order.
    pub claims: Vec<Claim>,
    /// The numbers and names of the evidence as the source has them, in the order of the article.
    pub facts: Vec<Fact>,
    /// What the checks make doubtful in the claims, each with the evidence that it concerns.
    pub uncertain: Vec<Claim>,
    /// What the summarizer wrote and the article does not bear out at all, or was stopped in; it stands nowhere else in
    /// the brief.
    pub dropped: Vec<String>,
}

impl Brief {
    /// Puts a brief together: says of each claim which part it is, and adds numbers, names and doubts.
    ///
    /// Claims that rest on the headline alone come first if they stand first; the next sentence is what happened.
    pub fn new(document: &Document, method: String, style: Style, mut claims: Vec<Claim>) -> Self {
        let mut next = Part::Headline;
        for index in 0..claims.len() {
            let claim = &claims[index];
            let quoted = claim.origin == Origin::Article && claim.evidence.is_headline(&document.article);
            if claim.continues && index > 0 {
                claims[index].part = claims[index - 1].part;
                continue;
            }
            if next == Part::Headline && !(quoted && style != Style::OneLine) {
                next = Part::WhatHappened;
            } else if next == Part::WhatHappened {
                next = Part::KeyPoint;
            }
            claims[index].part = next;
        }
        let facts = if style == Style::OneLine { Vec::new() } else { facts::facts(document, &claims) };
        let uncertain = uncertain(document, &claims);
        Self { method, style, claims, facts, uncertain, dropped: Vec::new() }
    }

    /// The claims in running text: a space between them, and a line break after one that does not end as a sentence
    /// does, a headline above all.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for claim in &self.claims {
            if !text.is_empty() {
                text.push(if claim.continues || ends_sentence(&text) { ' ' } else { '\n' });
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

    /// The claims of a part, sentence by sentence: each sentence is one claim or several.
    pub fn sentences(&self, part: Part) -> impl Iterator<Item = &[Claim]> {
        self.claims.chunk_by(|_, next| next.continues).filter(move |sentence| sentence[0].part == part)
    }
}

/// What the checks found in the claims and in their evidence, once each: warnings and errors, and what was done about a
/// claim that failed.
fn uncertain(document: &Document, claims: &[Claim]) -> Vec<Claim> {
    let mut doubts: Vec<Claim> = Vec::new();
    for (claim, finding) in claims.iter().flat_map(|claim| claim.findings.iter().map(move |finding| (claim, finding))) {
        let told = doubts.iter().any(|doubt| doubt.findings.contains(finding));
        if told || (finding.severity == Severity::Info && finding.check != verify::CHECK) {
            continue;
        }
        // A finding of the claim itself names the first of its evidence.
        let of_claim = finding.check == verify::CHECK;
        let sentences = if of_claim { claim.evidence.sentences().to_vec() } else { vec![finding.sentence] };
        let Ok(evidence) = Evidence::new(&document.article, sentences) else { continue };
        doubts.push(Claim {
            text: finding.message.clone(),
            evidence,
            findings: vec![finding.clone()],
            part: Part::Uncertain,
            continues: false,
            origin: Origin::Checks,
        });
    }
    doubts
}

/// The sentences that a brief would quote as headline: those of the first headline.
fn headline(document: &Document) -> Option<Claim> {
    let section = document.article.sections().iter().position(|s| s.role == crate::article::Role::Headline)?;
    Claim::quote(document, SentenceId { section, sentence: 0 })
}

/// Whether `text` ends with the punctuation that closes a sentence, with or without a closing quote or bracket.
fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']);
    end.ends_with(['.', '!', '?', '…', '؟'])
}
