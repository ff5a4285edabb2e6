//! ROUGE-1, -2, -L and -Lsum (Lin 2004) as rouge-score computes them, with the Porter stemmer.

use std::collections::HashMap;

use super::ngrams::{matches, ngrams};
use super::stemmer::stem;

/// Precision, recall and F1 of one kind of ROUGE, between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rouge {
    /// Share of the summary that is in the reference.
    pub precision: f64,
    /// Share of the reference that is in the summary.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// The kinds, in the order of [`rouge`]'s result.
pub const KINDS: [&str; 4] = ["ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-Lsum"];

/// The four kinds for one summary; for the last one sentences are lines.
pub fn rouge(summary: &str, reference: &str) -> [Rouge; 4] {
    let (s, r) = (tokens(summary), tokens(reference));
    [n_gram(&s, &r, 1), n_gram(&s, &r, 2), longest(&s, &r), longest_of_lines(summary, reference)]
}

/// The mean of many, kind by kind.
pub fn mean(scores: &[[Rouge; 4]]) -> [Rouge; 4] {
    let count = scores.len().max(1) as f64;
    let mean = |kind: usize, field: fn(&Rouge) -> f64| scores.iter().map(|s| field(&s[kind])).sum::<f64>() / count;
    std::array::from_fn(|kind| Rouge {
        precision: mean(kind, |s| s.precision),
        recall: mean(kind, |s| s.recall),
        f1: mean(kind, |s| s.f1),
    })
}

/// Runs of ASCII letters and digits, lower case; the longer ones stemmed.
fn tokens(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()).filter(|word| !word.is_empty());
    words.map(|word| if word.len() > 3 { stem(word) } else { word.to_owned() }).collect()
}

fn ratio(hits: u64, summary: usize, reference: usize) -> Rouge {
    let precision = hits as f64 / summary.max(1) as f64;
    let recall = hits as f64 / reference.max(1) as f64;
    let f1 = if hits > 0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    Rouge { precision, recall, f1 }
}

fn n_gram(summary: &[String], reference: &[String], n: usize) -> Rouge {
    let hits = matches(&ngrams(reference, n), &ngrams(summary, n));
    ratio(hits, (summary.len() + 1).saturating_sub(n), (reference.len() + 1).saturating_sub(n))
}

fn longest(summary: &[String], reference: &[String]) -> Rouge {
    let table = common(reference, summary);
    ratio(u64::from(table[reference.len()][summary.len()]), summary.len(), reference.len())
}

/// Each line of the reference is matched with all lines of the summary together; no token counts twice.
fn longest_of_lines(summary: &str, reference: &str) -> Rouge {
    let lines = |text: &str| text.split('\n').filter(|line| !line.is_empty()).map(tokens).collect::<Vec<_>>();
    let (summary, reference) = (lines(summary), lines(reference));
    let mut left = [counts(&summary), counts(&reference)];
    let mut hits = 0;
    for line in &reference {
        let mut union: Vec<usize> = summary.iter().flat_map(|other| common_indexes(line, other)).collect();
        union.sort_unstable();
        union.dedup();
        for index in union {
            let token = line[index].as_str();
            if left.iter().all(|counts| counts.get(token).is_some_and(|&n| n > 0)) {
                hits += 1;
                left.iter_mut().for_each(|counts| *counts.entry(token).or_default() -= 1);
            }
        }
    }
    ratio(hits, summary.iter().map(Vec::len).sum(), reference.iter().map(Vec::len).sum())
}

fn counts(lines: &[Vec<String>]) -> HashMap<&str, u64> {
    let mut counts = HashMap::new();
    for token in lines.iter().flatten() {
        *counts.entry(token.as_str()).or_default() += 1;
    }
    counts
}

/// Lengths of the longest common subsequences of all prefixes: `[reference + 1][summary + 1]`.
fn common(reference: &[String], summary: &[String]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; summary.len() + 1]; reference.len() + 1];
    for i in 1..=reference.len() {
        for j in 1..=summary.len() {
            table[i][j] = if reference[i - 1] == summary[j - 1] {
                table[i - 1][j - 1] + 1
            } else {
                table[i - 1][j].max(table[i][j - 1])
            };
        }
    }
    table
}

/// The indexes in `reference` of one longest common subsequence.
fn common_indexes(reference: &[String], summary: &[String]) -> Vec<usize> {
    let table = common(reference, summary);
    let (mut i, mut j) = (reference.len(), summary.len());
    let mut indexes = Vec::new();
    while i > 0 && j > 0 {
        if reference[i - 1] == summary[j - 1] {
            (i, j) = (i - 1, j - 1);
            indexes.push(i);
        } else if table[i][j - 1] > table[i - 1][j] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
    indexes
}
