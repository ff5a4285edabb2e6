//! TER (Snover et al. 2006): edits and shifts of words for each reference word, with the limits of Tercom.

use std::collections::HashMap;

use super::{Metric, words};

pub(super) const METRIC: Metric = Metric {
    name: "TER",
    signature: "nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no",
    higher_is_better: false,
    count,
    score,
};

const MAX_SHIFT: usize = 10;
const MAX_DISTANCE: usize = 50;
const MAX_CANDIDATES: usize = 1000;
const BEAM: usize = 25;
const INFINITE: u32 = u32::MAX / 2;

/// Edits, and words of the reference.
fn count(hypothesis: &str, reference: &str) -> Vec<u64> {
    let (hypothesis, reference) = (hypothesis.to_lowercase(), reference.to_lowercase());
    let mut ids = HashMap::new();
    let (h, r) = (numbered(&hypothesis, &mut ids), numbered(&reference, &mut ids));
    vec![u64::from(edits(h, &r)), r.len() as u64]
}

/// Words as numbers: equal words have equal numbers.
fn numbered<'a>(text: &'a str, ids: &mut HashMap<&'a str, u32>) -> Vec<u32> {
    words(text)
        .map(|word| {
            let next = ids.len() as u32;
            *ids.entry(word).or_insert(next)
        })
        .collect()
}

fn score(counts: &[u64]) -> f64 {
    match (counts[0], counts[1]) {
        (0, 0) => 0.0,
        (_, 0) => 100.0,
        (edits, length) => 100.0 * edits as f64 / length as f64,
    }
}

/// Shifts that lower the edit distance, one at a time and the best first, and the edits that remain.
fn edits(mut hypothesis: Vec<u32>, reference: &[u32]) -> u32 {
    if reference.is_empty() {
        return hypothesis.len() as u32;
    }
    let mut shifts = 0;
    let mut tried = 0;
    loop {
        let matrix = Matrix::new(&hypothesis, reference);
        let best = best_shift(&hypothesis, reference, &matrix, &mut tried);
        match best {
            Some(best) if best.gain > 0 && tried < MAX_CANDIDATES => {
                shifts += 1;
                hypothesis = best.words;
            }
            _ => return shifts + matrix.distance(),
        }
    }
}

/// A shift that was tried. The order of the fields is the order of preference, the greatest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Shift {
    gain: i64,
    length: usize,
    start: std::cmp::Reverse<usize>,
    target: std::cmp::Reverse<usize>,
    words: Vec<u32>,
}

fn best_shift(hypothesis: &[u32], reference: &[u32], matrix: &Matrix, tried: &mut usize) -> Option<Shift> {
    let alignment = matrix.alignment();
    let mut best: Option<Shift> = None;
    'pairs: for start in 0..hypothesis.len() {
        for at in 0..reference.len() {
            if at.abs_diff(start) > MAX_DISTANCE {
                continue;
            }
            let same = hypothesis[start..].iter().zip(&reference[at..]).take_while(|(h, r)| h == r).count();
            for length in 1..=same.min(MAX_SHIFT) {
                // Only words that are wrong where they stand move, to a place that is wrong as it is, from outside.
                let to = alignment.hypothesis_at[at];
                let within = to.is_some_and(|to| (start..start + length).contains(&to));
                if !alignment.hypothesis_wrong[start..start + length].contains(&true)
                    || !alignment.reference_wrong[at..at + length].contains(&true)
                    || within
                {
                    continue;
                }
                let mut previous = None;
                for place in at..=at + length {
                    // Before the beginning, or behind the word that stands for the one before this place.
                    let target = match place.checked_sub(1) {
                        None => 0,
                        Some(before) => alignment.hypothesis_at[before].map_or(0, |index| index + 1),
                    };
                    if previous.replace(target) == Some(target) {
                        continue;
                    }
                    let words = shifted(hypothesis, start, length, target);
                    let distance = matrix.distance_of(&words, reference);
                    *tried += 1;
                    let gain = i64::from(matrix.distance()) - i64::from(distance);
                    let candidate = Shift {
                        gain,
                        length,
                        start: std::cmp::Reverse(start),
                        target: std::cmp::Reverse(target),
                        words,
                    };
                    if best.as_ref().is_none_or(|best| candidate > *best) {
                        best = Some(candidate);
                    }
                }
                if *tried >= MAX_CANDIDATES {
                    break 'pairs;
                }
            }
        }
    }
    best
}

/// `words` with `length` of them from `start` moved before the word at `target`.
fn shifted(words: &[u32], start: usize, length: usize, target: usize) -> Vec<u32> {
    let end = start + length;
    let moved = &words[start..end];
    let clamp = |index: usize| index.min(words.len());
    if target < start {
        [&words[..target], moved, &words[target..start], &words[end..]].concat()
    } else {
        // Within the moved words, the target counts from where they were.
        let target = if target > end { target } else { clamp(target + length) };
        [&words[..start], &words[end..target], moved, &words[target..]].concat()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edit {
    Same,
    Substitute,
    Insert,
    Delete,
    Outside,
}

/// Edit distances of all prefixes, near the diagonal only.
struct Matrix {
    rows: Vec<Vec<(u32, Edit)>>,
    words: Vec<u32>,
}

/// Which words stand for which, and which are wrong.
struct Alignment {
    /// For each word of the reference, the word of the hypothesis that stands for it or comes before it.
    hypothesis_at: Vec<Option<usize>>,
    reference_wrong: Vec<bool>,
    hypothesis_wrong: Vec<bool>,
}

impl Matrix {
    fn new(words: &[u32], reference: &[u32]) -> Self {
        let first = (0..=reference.len()).map(|j| (j as u32, Edit::Insert)).collect();
        let mut rows = Vec::with_capacity(words.len() + 1);
        rows.push(first);
        fill(&mut rows, words, reference);
        Self { rows, words: words.to_vec() }
    }

    fn distance(&self) -> u32 {
        self.rows.last().and_then(|row| row.last()).map_or(0, |cell| cell.0)
    }

    /// The distance of other words, as many as these: rows of the prefix that both share are not computed again.
    fn distance_of(&self, words: &[u32], reference: &[u32]) -> u32 {
        let shared = self.words.iter().zip(words).take_while(|(a, b)| a == b).count();
        // The last row reaches further right than the others and is computed in any case.
        let keep = shared.min(words.len().saturating_sub(1));
        let mut rows = self.rows[keep..=keep].to_vec();
        fill_from(&mut rows, keep, words, reference);
        rows.last().and_then(|row| row.last()).map_or(0, |cell| cell.0)
    }

    /// Reads the edits back from the end.
    fn alignment(&self) -> Alignment {
        let (mut i, mut j) = (self.words.len(), self.rows[0].len() - 1);
        let mut alignment = Alignment {
            hypothesis_at: vec![None; j],
            reference_wrong: vec![false; j],
            hypothesis_wrong: vec![false; i],
        };
        while i > 0 || j > 0 {
            match self.rows[i][j].1 {
                edit @ (Edit::Same | Edit::Substitute) => {
                    (i, j) = (i - 1, j - 1);
                    alignment.hypothesis_at[j] = Some(i);
                    alignment.reference_wrong[j] = edit == Edit::Substitute;
                    alignment.hypothesis_wrong[i] = edit == Edit::Substitute;
                }
                Edit::Insert => {
                    j -= 1;
                    alignment.hypothesis_at[j] = i.checked_sub(1);
                    alignment.reference_wrong[j] = true;
                }
                Edit::Delete => {
                    i -= 1;
                    alignment.hypothesis_wrong[i] = true;
                }
                Edit::Outside => break,
            }
        }
        alignment
    }
}

fn fill(rows: &mut Vec<Vec<(u32, Edit)>>, words: &[u32], reference: &[u32]) {
    fill_from(rows, 0, words, reference);
}

/// Adds the rows after row `done`, which is the last of `rows`.
fn fill_from(rows: &mut Vec<Vec<(u32, Edit)>>, done: usize, words: &[u32], reference: &[u32]) {
    let ratio = if words.is_empty() { 1.0 } else { reference.len() as f64 / words.len() as f64 };
    let beam = if (BEAM as f64) < ratio / 2.0 { (ratio / 2.0 + BEAM as f64).ceil() as usize } else { BEAM };
    for i in done + 1..=words.len() {
        let diagonal = (i as f64 * ratio).floor() as usize;
        let end = if i == words.len() { reference.len() + 1 } else { (reference.len() + 1).min(diagonal + beam) };
        let above = &rows[rows.len() - 1];
        let mut row = vec![(INFINITE, Edit::Outside); reference.len() + 1];
        for j in diagonal.saturating_sub(beam)..end {
            if j == 0 {
                row[0] = (above[0].0 + 1, Edit::Delete);
                continue;
            }
            let same = words[i - 1] == reference[j - 1];
            let diagonal = if same { (above[j - 1].0, Edit::Same) } else { (above[j - 1].0 + 1, Edit::Substitute) };
            // The first of equals wins.
            for edit in [diagonal, (above[j].0 + 1, Edit::Delete), (row[j - 1].0 + 1, Edit::Insert)] {
                if edit.0 < row[j].0 {
                    row[j] = edit;
                }
            }
        }
        rows.push(row);
    }
}
