//! Resampling: how far a score can be trusted, and whether one system is better than another (Koehn 2004).
//!
//! The resamples are those of sacrebleu with its default seed, drawn by numpy's generator: PCG64 (O'Neill 2014) and
//! Lemire's bounded integers.

use super::{Metric, score, sum};

/// A score with its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Mean of the resampled scores.
    pub mean: f64,
    /// Half the width of the interval.
    pub half_width: f64,
}

/// A system compared with a baseline on the same resamples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The score of the system.
    pub score: f64,
    /// Its confidence interval.
    pub interval: Interval,
    /// Probability of a difference at least as great if the two were equally good.
    pub p_value: f64,
}

/// The number of resamples.
pub const SAMPLES: usize = 1000;

/// The confidence interval of a score from the counts of its pairs.
pub fn interval(metric: &Metric, counts: &[Vec<u64>]) -> Interval {
    interval_of(resampled(metric, counts))
}

/// Compares a system with a baseline from the counts of their pairs, which are of the same sentences.
pub fn compare(metric: &Metric, baseline: &[Vec<u64>], system: &[Vec<u64>]) -> Comparison {
    let (base, ours) = (resampled(metric, baseline), resampled(metric, system));
    let difference = (score(metric, system) - score(metric, baseline)).abs();
    let differences: Vec<f64> = base.iter().zip(&ours).map(|(a, b)| (b - a).abs()).collect();
    let mean = differences.iter().sum::<f64>() / differences.len().max(1) as f64;
    let beyond = differences.iter().filter(|&&d| d - mean > difference).count();
    let p_value = (beyond as f64 + 1.0) / (differences.len() as f64 + 1.0);
    Comparison { score: score(metric, system), interval: interval_of(ours), p_value }
}

fn resampled(metric: &Metric, counts: &[Vec<u64>]) -> Vec<f64> {
    let mut random = Pcg64::default();
    (0..SAMPLES)
        .map(|_| {
            let drawn = counts.iter().map(|_| &counts[random.below(counts.len() as u32) as usize]);
            sum(drawn.collect::<Vec<_>>().into_iter()).map_or(0.0, |sums| (metric.score)(&sums))
        })
        .collect()
}

fn interval_of(mut scores: Vec<f64>) -> Interval {
    scores.sort_by(f64::total_cmp);
    let low = scores.len() / 40;
    let high = scores.len() - low - 1;
    Interval { mean: scores.iter().sum::<f64>() / scores.len() as f64, half_width: 0.5 * (scores[high] - scores[low]) }
}

/// numpy's default generator, seeded with 12345.
struct Pcg64 {
    state: u128,
    /// The upper half of the last output, still to be used.
    half: Option<u32>,
}

const INCREMENT: u128 = 0xc9c7_353e_6e2b_1f28_7d76_1f2d_4027_fae7;

impl Default for Pcg64 {
    fn default() -> Self {
        Self { state: 0x1905_e033_5aae_9634_9199_b0d0_9775_add5, half: None }
    }
}

impl Pcg64 {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).wrapping_add(INCREMENT);
        let folded = (self.state >> 64) as u64 ^ self.state as u64;
        folded.rotate_right((self.state >> 122) as u32)
    }

    fn next_half(&mut self) -> u32 {
        self.half.take().unwrap_or_else(|| {
            let next = self.next();
            self.half = Some((next >> 32) as u32);
            next as u32
        })
    }

    /// A number below `bound`.
    fn below(&mut self, bound: u32) -> u32 {
        if bound <= 1 {
            return 0;
        }
        let mut product = u64::from(self.next_half()) * u64::from(bound);
        if (product as u32) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u32) < threshold {
                product = u64::from(self.next_half()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_numpy() {
        // numpy.random.default_rng(12345).choice(997, size=12)
        let mut random = Pcg64::default();
        let drawn: Vec<_> = (0..12).map(|_| random.below(997)).collect();
        assert_eq!(drawn, [697, 226, 786, 315, 203, 794, 640, 674, 985, 389, 836, 331]);
    }
}
