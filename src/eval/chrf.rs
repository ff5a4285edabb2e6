//! chrF2++ (Popović 2017): character n-grams to 6 and word n-grams to 2, recall counting twice.

use super::ngrams::{matches, ngrams};
use super::{Metric, words};

pub(super) const METRIC: Metric = Metric {
    name: "chrF2++",
    signature: "nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no",
    higher_is_better: true,
    count,
    score,
};

const CHARACTERS: usize = 6;
const WORDS: usize = 2;
const BETA: f64 = 2.0;

/// For each order: n-grams of the hypothesis, of the reference, and matches.
fn count(hypothesis: &str, reference: &str) -> Vec<u64> {
    let mut counts = Vec::with_capacity(3 * (CHARACTERS + WORDS));
    let (h, r) = (characters(hypothesis), characters(reference));
    (1..=CHARACTERS).for_each(|n| count_order(&h, &r, n, &mut counts));
    let (h, r) = (tokens(hypothesis), tokens(reference));
    (1..=WORDS).for_each(|n| count_order(&h, &r, n, &mut counts));
    counts
}

fn count_order<T: std::hash::Hash + Eq>(hypothesis: &[T], reference: &[T], n: usize, counts: &mut Vec<u64>) {
    let (h, r) = ((hypothesis.len() + 1).saturating_sub(n), (reference.len() + 1).saturating_sub(n));
    // Where the reference has no n-gram of this order, those of the hypothesis are not held against it.
    counts.push(if r > 0 { h as u64 } else { 0 });
    counts.push(r as u64);
    counts.push(matches(&ngrams(hypothesis, n), &ngrams(reference, n)));
}

fn characters(text: &str) -> Vec<char> {
    words(text).flat_map(str::chars).collect()
}

/// Words with one punctuation mark split off, at the end or else at the beginning.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    for word in words(text) {
        let (first, last) = (word.chars().next(), word.chars().next_back());
        let punctuation = |c: Option<char>| c.is_some_and(|c| c.is_ascii_punctuation());
        if word.chars().nth(1).is_none() {
            tokens.push(word);
        } else if punctuation(last) {
            let (word, mark) = word.split_at(word.len() - 1);
            tokens.extend([word, mark]);
        } else if punctuation(first) {
            let (mark, word) = word.split_at(1);
            tokens.extend([mark, word]);
        } else {
            tokens.push(word);
        }
    }
    tokens
}

fn score(counts: &[u64]) -> f64 {
    let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
    for order in counts.chunks_exact(3) {
        if order[0] > 0 && order[1] > 0 {
            precision += order[2] as f64 / order[0] as f64;
            recall += order[2] as f64 / order[1] as f64;
            orders += 1.0;
        }
    }
    if precision + recall == 0.0 {
        return 0.0;
    }
    let (precision, recall) = (precision / orders, recall / orders);
    let factor = BETA * BETA;
    100.0 * (1.0 + factor) * precision * recall / (factor * precision + recall)
}
