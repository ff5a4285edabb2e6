//! A brief of sentences taken from the article word for word.
//!
//! The headline and the standfirst come first: the editor's own summary. Where there is no standfirst, the first sentence
//! of the text that can be read alone says what happened. What room is left goes to the sentences that
//! the rest of the article says most about, as Zheng and Lapata measure it ("Sentence Centrality Revisited for
//! Unsupervised Summarization", ACL 2019): likeness to a later sentence speaks for a sentence, likeness to an earlier one
//! against it, since news says the important thing first. Maximal marginal relevance (Carbonell and Goldstein, SIGIR
//! 1998) keeps them from saying the same thing twice.

use std::collections::BTreeSet;

use super::terms::{Vectors, leans_on_another, terms};
use super::{Brief, Claim, Form, Style, Summarizer};
use crate::article::{Role, SentenceId};
use crate::check::Severity;
use crate::error::Result;
use crate::pipeline::Document;
use crate::progress::Progress;
use crate::translate::Provenance;

/// What likeness to an earlier sentence counts, where likeness to a later one counts 1.
const EARLIER: f64 = -1.0;
/// The share of importance in the choice of the next sentence; the rest is novelty.
const IMPORTANCE: f64 = 0.7;
/// Taken from the score of a sentence that cannot well be read alone.
const LEANING: f64 = 0.25;

/// The summarizer that needs no model.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extractive;

impl Summarizer for Extractive {
    fn summarize(&self, document: &Document, form: Form, _: &dyn Progress) -> Result<Brief> {
        Ok(extractive(document, form))
    }

    fn provenance(&self) -> Option<Provenance> {
        None
    }
}

/// A brief of English sentences of the document (of the source's own, where nothing was translated), each resting on
/// itself: headline, standfirst, then others in the order of the article; in one line, the first of them that is not the
/// headline.
///
/// A sentence in which a check found an error is taken only if there is no other. A sentence that adds next to nothing
/// to one already taken is passed over. The same document gives the same brief, always.
pub fn extractive(document: &Document, form: impl Into<Form>) -> Brief {
    let form = form.into();
    let mut candidates = candidates(document);
    if form.style == Style::OneLine && candidates.iter().any(|candidate| candidate.role != Role::Headline) {
        candidates.retain(|candidate| candidate.role != Role::Headline);
    }
    let mut selection = Selection::new(candidates, form);
    selection.take_lead(Role::Headline);
    selection.take_lead(Role::Standfirst);
    selection.take_what_happened();
    selection.take_central();
    let Selection { candidates, mut chosen, .. } = selection;
    chosen.sort_unstable_by_key(|&index| (rank(candidates[index].role), candidates[index].id));
    let claims = chosen.into_iter().filter_map(|index| Claim::quote(document, candidates[index].id)).collect();
    Brief::new(document, "extractive".into(), form.style, claims)
}

/// Where the claims of a role stand in the brief.
const fn rank(role: Role) -> u8 {
    match role {
        Role::Headline => 0,
        Role::Standfirst => 1,
        _ => 2,
    }
}

struct Candidate<'a> {
    id: SentenceId,
    role: Role,
    text: &'a str,
}

/// The sentences that may enter the brief: those without errors, or all if there are no others.
fn candidates(document: &Document) -> Vec<Candidate<'_>> {
    let all = document.brief_sentences();
    let all = all.map(|(id, text)| Candidate { id, role: document.article.sections()[id.section].role, text });
    let errors = document.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: BTreeSet<SentenceId> = errors.map(|finding| finding.sentence).collect();
    let (wrong, sound): (Vec<_>, Vec<_>) = all.partition(|candidate| errors.contains(&candidate.id));
    if sound.is_empty() { wrong } else { sound }
}

/// Sentences being chosen, as indices of the candidates.
struct Selection<'a> {
    candidates: Vec<Candidate<'a>>,
    terms: Vec<BTreeSet<String>>,
    vectors: Vectors,
    chosen: Vec<usize>,
    /// The section of the headline, which does not count.
    headline: Option<usize>,
    /// How many were chosen beside the headline.
    taken: usize,
    sentences: usize,
    words: usize,
}

impl<'a> Selection<'a> {
    fn new(candidates: Vec<Candidate<'a>>, form: Form) -> Self {
        let terms: Vec<Vec<String>> = candidates.iter().map(|candidate| terms(candidate.text)).collect();
        let headline = candidates.iter().find(|candidate| candidate.role == Role::Headline);
        let headline = headline.filter(|_| form.style != Style::OneLine).map(|candidate| candidate.id.section);
        let of_headline = candidates.iter().filter(|candidate| Some(candidate.id.section) == headline).count();
        let (sentences, words) = form.length().limits(candidates.len(), of_headline);
        Self {
            vectors: Vectors::new(&terms),
            terms: terms.into_iter().map(BTreeSet::from_iter).collect(),
            chosen: Vec::new(),
            candidates,
            headline,
            taken: 0,
            sentences,
            words,
        }
    }

    /// Takes the sentences of the role in order.
    fn take_lead(&mut self, role: Role) {
        for index in 0..self.candidates.len() {
            if self.candidates[index].role == role {
                self.take(index);
            }
        }
    }

    /// Takes the first sentence of the text that can be read alone and adds something, if nothing but the headline says what
    /// happened.
    fn take_what_happened(&mut self) {
        let taken = self.chosen.len();
        let told = self.chosen.iter().any(|&index| self.candidates[index].role != Role::Headline);
        for index in 0..self.candidates.len() {
            let Candidate { role, text, .. } = self.candidates[index];
            if !told && self.chosen.len() == taken && role == Role::Paragraph && !leans_on_another(text) {
                self.take(index);
            }
        }
    }

    /// Fills what room is left, the best sentence at a time. Scores are compared as whole numbers and ties go to the
    /// earlier sentence, so that the choice does not hang on the last bit of a logarithm.
    fn take_central(&mut self) {
        let mut left: Vec<usize> = (0..self.candidates.len()).filter(|index| !self.chosen.contains(index)).collect();
        let importance = self.importance(&left);
        while !left.is_empty() && self.taken < self.sentences {
            let score = |&index: &usize| {
                let alike = self.chosen.iter().map(|&other| self.vectors.similarity(index, other)).fold(0.0, f64::max);
                let leaning = if leans_on_another(self.candidates[index].text) { LEANING } else { 0.0 };
                ((IMPORTANCE * importance[index] - (1.0 - IMPORTANCE) * alike - leaning) * 1e9).round() as i64
            };
            let best = (0..left.len()).max_by_key(|&at| (score(&left[at]), std::cmp::Reverse(left[at])));
            let index = left.remove(best.expect("some are left"));
            self.take(index);
        }
    }

    /// Takes a sentence if there is room for it, as there always is for the headline and the first beside it, and it adds
    /// something.
    fn take(&mut self, index: usize) {
        let counts = Some(self.candidates[index].id.section) != self.headline;
        let words = if counts { self.candidates[index].text.split_whitespace().count() } else { 0 };
        let fits = !counts || self.taken == 0 || (self.taken < self.sentences && words <= self.words);
        if self.chosen.is_empty() || (fits && !self.repeats(index)) {
            self.words = self.words.saturating_sub(words);
            self.taken += usize::from(counts);
            self.chosen.push(index);
        }
    }

    /// Whether four fifths of the terms of a sentence stand in one that was chosen.
    fn repeats(&self, index: usize) -> bool {
        let terms = &self.terms[index];
        self.chosen.iter().any(|&other| 5 * terms.intersection(&self.terms[other]).count() >= 4 * terms.len())
    }

    /// Directed centrality among the sentences `left`, from 0 to 1; of no meaning for the others.
    fn importance(&self, left: &[usize]) -> Vec<f64> {
        let mut centrality = vec![0.0; self.candidates.len()];
        for (at, &earlier) in left.iter().enumerate() {
            for &later in &left[at + 1..] {
                let similarity = self.vectors.similarity(earlier, later);
                centrality[earlier] += similarity;
                centrality[later] += EARLIER * similarity;
            }
        }
        let of_left = || left.iter().map(|&index| centrality[index]);
        let (least, most) = (of_left().fold(f64::MAX, f64::min), of_left().fold(f64::MIN, f64::max));
        let range = if most > least { most - least } else { 1.0 };
        centrality.iter().map(|value| (value - least) / range).collect()
    }
}
