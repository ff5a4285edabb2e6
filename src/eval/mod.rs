//! Quality against references: BLEU, chrF2++, TER and ROUGE, with the figures that sacrebleu and rouge-score print.
//!
//! A corpus metric turns each pair of hypothesis and reference into counts, adds them up, and scores the sums; that is
//! also what makes resampling cheap ([`bootstrap`]).

mod bleu;
pub mod bootstrap;
pub mod checks;
mod chrf;
mod ngrams;
pub mod rouge;
mod stemmer;
mod ter;

pub(crate) use stemmer::stem;

use rayon::prelude::*;

/// A metric of a corpus that is a function of summed counts.
pub struct Metric {
    /// Its name, as sacrebleu prints it.
    pub name: &'static str,
    /// sacrebleu's signature of the settings, without its version.
    pub signature: &'static str,
    /// Whether a greater score is a better one.
    pub higher_is_better: bool,
    /// The counts of one hypothesis and its reference.
    pub count: fn(&str, &str) -> Vec<u64>,
    /// The score of summed counts, in percent.
    pub score: fn(&[u64]) -> f64,
}

/// Every corpus metric.
pub static METRICS: &[Metric] = &[bleu::METRIC, chrf::METRIC, ter::METRIC];

/// The counts of each pair, in order.
pub fn counts<S: AsRef<str> + Sync>(metric: &Metric, hypotheses: &[S], references: &[S]) -> Vec<Vec<u64>> {
    let pairs = hypotheses.par_iter().zip(references);
    pairs.map(|(hypothesis, reference)| (metric.count)(hypothesis.as_ref(), reference.as_ref())).collect()
}

/// The score of a corpus from the counts of its pairs; 0 for an empty one.
pub fn score(metric: &Metric, counts: &[Vec<u64>]) -> f64 {
    sum(counts.iter()).map_or(0.0, |sums| (metric.score)(&sums))
}

/// Adds counts up, place by place.
fn sum<'a>(mut counts: impl Iterator<Item = &'a Vec<u64>>) -> Option<Vec<u64>> {
    let mut sums = counts.next()?.clone();
    for counts in counts {
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    Some(sums)
}

/// The words between white space, which for Python includes the separators U+001C to U+001F.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)).filter(|word| !word.is_empty())
}
