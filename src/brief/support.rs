//! Which sentences a claim rests on: those that its words come from.

use std::collections::{BTreeMap, BTreeSet};

use super::terms::terms;
use crate::article::SentenceId;
use crate::eval::stem;
use crate::pipeline::Document;

/// Most sentences that a claim rests on.
const MOST: usize = 3;
/// The least share of a claim that a further sentence must add.
const FURTHER: f64 = 0.15;
/// What two neighbouring terms count more, as a share of their own weight, where they are neighbours in the sentence too.
const NEIGHBOURS: f64 = 0.5;

/// The sentences that may enter a brief, as terms.
pub(super) struct Sentences<'a> {
    pub(super) list: Vec<(SentenceId, &'a str)>,
    terms: Vec<Vec<String>>,
    /// In how many sentences a term occurs.
    counts: BTreeMap<String, usize>,
}

/// Where the words of a claim come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Support {
    /// Which of the sentences, the one with most of the words first; none if there is no word in common.
    pub(super) evidence: Vec<usize>,
    /// The share of the claim that they have: of its terms, each weighed by how rare it is in the article.
    pub(super) share: f64,
    /// The share that the first of them has alone.
    pub(super) first: f64,
}

impl<'a> Sentences<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let list: Vec<(SentenceId, &str)> = document.brief_sentences().collect();
        let terms: Vec<Vec<String>> = list.iter().map(|(_, text)| stems(text)).collect();
        let mut counts = BTreeMap::new();
        for term in terms.iter().flat_map(|terms| terms.iter().collect::<BTreeSet<_>>()) {
            *counts.entry(term.clone()).or_insert(0) += 1;
        }
        Self { list, terms, counts }
    }

    /// The sentence with most of the claim, then others as long as they add enough. Of equals the first is taken: news
    /// says the important thing first.
    pub(super) fn support(&self, claim: &str) -> Support {
        let claim = stems(claim);
        let wanted: BTreeSet<&str> = claim.iter().map(String::as_str).collect();
        let total: f64 = wanted.iter().map(|term| self.weight(term)).sum();
        let offered: Vec<BTreeSet<&str>> =
            self.terms.iter().map(|terms| terms.iter().map(String::as_str).collect()).collect();
        let mut missing = wanted.clone();
        let mut evidence: Vec<usize> = Vec::new();
        let mut first = 0.0;
        while evidence.len() < MOST {
            let gain = |index: usize| -> f64 {
                missing.iter().filter(|&term| offered[index].contains(term)).map(|term| self.weight(term)).sum()
            };
            let value = |index: usize| gain(index) + NEIGHBOURS * self.neighbours(&claim, &missing, index);
            let best = (0..self.list.len())
                .map(|index| (value(index), index))
                .reduce(|best, other| if other.0 > best.0 { other } else { best });
            let Some((_, best)) = best else { break };
            let (gained, terms) = (gain(best), missing.iter().filter(|&term| offered[best].contains(term)).count());
            if terms == 0 || (!evidence.is_empty() && (terms < 2 || gained < FURTHER * total)) {
                break;
            }
            missing.retain(|term| !offered[best].contains(term));
            if evidence.is_empty() {
                first = gained / total;
            }
            evidence.push(best);
        }
        let left: f64 = missing.iter().map(|term| self.weight(term)).sum();
        Support { evidence, share: if total > 0.0 { 1.0 - left / total } else { 0.0 }, first }
    }

    /// Rare terms tell more; those that no sentence has weigh as much as those that one has.
    fn weight(&self, term: &str) -> f64 {
        let count = self.counts.get(term).copied().unwrap_or(1);
        (1.0 + self.list.len() as f64 / count as f64).ln()
    }

    /// The weight of the missing terms that stand beside each other in the claim and in the sentence.
    fn neighbours(&self, claim: &[String], missing: &BTreeSet<&str>, index: usize) -> f64 {
        let pairs: BTreeSet<(&str, &str)> =
            self.terms[index].windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
        let shared = claim.windows(2).filter(|pair| {
            missing.contains(pair[0].as_str())
                && missing.contains(pair[1].as_str())
                && pairs.contains(&(pair[0].as_str(), pair[1].as_str()))
        });
        shared.map(|pair| self.weight(&pair[0]).min(self.weight(&pair[1]))).sum()
    }
}

/// The terms of a text, by their stems.
pub(super) fn stems(text: &str) -> Vec<String> {
    terms(text).iter().map(|term| stem(term)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::verify::tests::document;

    #[test]
    fn a_claim_rests_on_the_sentences_that_its_words_come_from() {
        let document = document(&[
            "The two ministers met in Amman on Sunday.",
            "The crossing reopens on Monday after 15 months.",
            "Weather in the region stayed mild.",
        ]);
        let sentences = Sentences::new(&document);
        let found = sentences.support("The crossing will be reopened after 15 months, two ministers said in Amman.");
        assert_eq!(found.evidence, [1, 0]);
        assert!(found.share > 0.9 && found.first < 0.7, "{found:?}");
        let found = sentences.support("War, famine and disease reopen the crossing.");
        assert!(found.share < 0.6, "{found:?}");
        assert_eq!(sentences.support("Nothing whatever").evidence, Vec::<usize>::new());
    }
}
