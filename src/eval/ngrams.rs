//! Counting n-grams and what two texts have in common.

use std::collections::HashMap;
use std::hash::Hash;

/// How often each n-gram of `items` comes.
pub(super) fn ngrams<T: Hash + Eq>(items: &[T], n: usize) -> HashMap<&[T], u64> {
    let mut counts = HashMap::new();
    for ngram in items.windows(n) {
        *counts.entry(ngram).or_insert(0) += 1;
    }
    counts
}

/// How many n-grams the two have in common, each counted as often as in the one that has it less often.
pub(super) fn matches<T: Hash + Eq>(one: &HashMap<&[T], u64>, other: &HashMap<&[T], u64>) -> u64 {
    // A sum does not depend on the order in which a hash map is walked.
    one.iter().map(|(ngram, count)| *count.min(other.get(ngram).unwrap_or(&0))).sum()
}
