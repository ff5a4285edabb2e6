//! What a step needs of a row of scores: the normaliser of the softmax and the best few tokens.

use std::cmp::Ordering;

use super::Best;
use crate::nn::vector::{LANES, exp, exp_nonpositive, greatest, sum, vectorised};

/// Scores that are looked through together: few enough to stay near the processor while it is done, and for their
/// exponentials to be summed in single precision.
pub(in crate::nn) const RUN: usize = 2048;

/// Scores of which only the greatest is looked at, unless it is among the best.
const CHUNK: usize = 4 * LANES;

/// What a search needs to know of a run of scores.
#[derive(Debug, Clone)]
pub(in crate::nn) struct Run {
    /// The best tokens, counted from the beginning of the run.
    best: Vec<(u32, f32)>,
    exponentials: Exponentials,
}

/// `Σ exp(x)`, as a factor of `exp` of the greatest.
#[derive(Debug, Clone, Copy)]
struct Exponentials {
    greatest: f32,
    sum: f64,
}

impl Run {
    /// Of at most [`RUN`] scores.
    pub(in crate::nn) fn of(scores: &[f32], count: usize) -> Self {
        let mut maxima = [f32::NEG_INFINITY; RUN / CHUNK];
        let exponentials = Exponentials::of(scores, &mut maxima);
        Self { best: top(scores, count, &maxima[..scores.len().div_ceil(CHUNK)]), exponentials }
    }
}

impl Best {
    /// The `count` best of a row of scores.
    pub fn of(row: &[f32], count: usize) -> Self {
        let runs: Vec<_> = row.chunks(RUN).map(|run| Run::of(run, count)).collect();
        Self::from_runs((0u32..).step_by(RUN).zip(&runs), count)
    }

    /// Puts runs together, each with its first token.
    pub(in crate::nn) fn from_runs<'a>(runs: impl Iterator<Item = (u32, &'a Run)>, count: usize) -> Self {
        let mut tokens = Vec::new();
        let mut all = Exponentials { greatest: f32::NEG_INFINITY, sum: 0.0 };
        for (first, run) in runs {
            tokens.extend(run.best.iter().map(|(token, score)| (first + token, *score)));
            all = all.and(run.exponentials);
        }
        tokens.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal)); // stable: of equals the first comes first
        tokens.truncate(count);
        Self { tokens, norm: all.ln() }
    }
}

impl Exponentials {
    fn of(run: &[f32], maxima: &mut [f32; RUN / CHUNK]) -> Self {
        let (greatest, sum) = exponentials(run, maxima);
        let sum = match greatest {
            _ if sum.is_nan() => f64::NAN,
            f32::NEG_INFINITY => 0.0,
            f32::INFINITY => 1.0,
            _ => sum.into(),
        };
        Self { greatest, sum }
    }

    fn and(self, other: Self) -> Self {
        let greatest = self.greatest.max(other.greatest);
        let share = |one: Self| match one.greatest == greatest {
            true => one.sum,
            false => one.sum * f64::from(one.greatest - greatest).exp(),
        };
        Self { greatest, sum: share(self) + share(other) }
    }

    /// Negative infinity if nothing is finite, NaN if something is not a number.
    fn ln(self) -> f32 {
        if self.greatest == f32::NEG_INFINITY && self.sum == 0.0 {
            return f32::NEG_INFINITY;
        }
        self.greatest + self.sum.ln() as f32
    }
}

/// `ln Σ exp(x)`; negative infinity if nothing is finite, NaN if something is not a number.
pub(in crate::nn) fn log_sum_exp(row: &[f32]) -> f32 {
    let nothing = Exponentials { greatest: f32::NEG_INFINITY, sum: 0.0 };
    let mut maxima = [f32::NEG_INFINITY; RUN / CHUNK];
    row.chunks(RUN).map(|run| Exponentials::of(run, &mut maxima)).fold(nothing, Exponentials::and).ln()
}

vectorised! {
    /// The greatest score, and the sum of the exponentials of what the others are less; no number if one of them is not.
    /// On the way the greatest of each [`CHUNK`].
    fn exponentials(run: &[f32], maxima: &mut [f32; RUN / CHUNK]) -> (f32, f32) {
        for (chunk, maximum) in run.chunks(CHUNK).zip(maxima.iter_mut()) {
            *maximum = greatest(chunk);
        }
        let greatest = greatest(&maxima[..run.len().div_ceil(CHUNK)]);
        let sum = match greatest.is_finite() {
            true => sum(run, |x| exp_nonpositive(x - greatest)),
            // The differences would not be numbers, and only what is no number itself must show.
            false => sum(run, exp),
        };
        (greatest, sum)
    }
}

vectorised! {
    /// The `k` greatest finite elements with their positions, greatest first; of equal ones the first comes first. `maxima`
    /// has the greatest of each [`CHUNK`].
    fn top(row: &[f32], k: usize, maxima: &[f32]) -> Vec<(u32, f32)> {
        if k == 0 {
            return Vec::new();
        }
        // So many chunks have one as great as this: no smaller one is among the greatest.
        let least = nth_greatest(maxima, k);
        let mut best: Vec<(u32, f32)> = Vec::with_capacity(k + 1);
        let mut floor = f32::NEG_INFINITY; // what an element must exceed
        for (c, (chunk, maximum)) in row.chunks(CHUNK).zip(maxima).enumerate() {
            if *maximum < least || *maximum <= floor {
                continue;
            }
            for (i, &x) in chunk.iter().enumerate() {
                if x >= least && x > floor {
                    let place = best.partition_point(|&(_, y)| y >= x);
                    best.insert(place, ((c * CHUNK + i) as u32, x));
                    best.truncate(k);
                    if best.len() == k {
                        floor = best[k - 1].1;
                    }
                }
            }
        }
        best
    }
}

/// The `n`-th greatest; negative infinity if there are fewer.
fn nth_greatest(x: &[f32], n: usize) -> f32 {
    let mut greatest = [f32::NEG_INFINITY; RUN / CHUNK];
    let Some(greatest) = greatest.get_mut(..n) else { return f32::NEG_INFINITY };
    for &x in x {
        if x > greatest[n - 1] {
            let place = greatest.partition_point(|&y| y >= x);
            greatest[place..].rotate_right(1);
            greatest[place] = x;
        }
    }
    greatest[n - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers between -20 and 12 without any order.
    fn row(len: usize) -> Vec<f32> {
        let mut seed = 7u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32 * 32.0 - 20.0
        };
        (0..len).map(|_| next()).collect()
    }

    #[test]
    fn log_sum_exp_is_that_of_double_precision() {
        for len in [1, 2, 15, 16, 17, 1000, 1024, 61_109, 256_206] {
            let row = row(len);
            let exact = row.iter().map(|&x| f64::from(x).exp()).sum::<f64>().ln();
            assert!((f64::from(log_sum_exp(&row)) - exact).abs() < 2e-6, "{len}: {} {exact}", log_sum_exp(&row));
        }
        let banned = [f32::NEG_INFINITY, 1.0, f32::NEG_INFINITY];
        assert_eq!(log_sum_exp(&banned), 1.0);
        assert_eq!(log_sum_exp(&[f32::NEG_INFINITY; 40]), f32::NEG_INFINITY);
        assert_eq!(log_sum_exp(&[]), f32::NEG_INFINITY);
        let mut broken = row(100);
        broken[50] = f32::NAN;
        assert!(log_sum_exp(&broken).is_nan());
        broken[50] = f32::INFINITY;
        assert_eq!(log_sum_exp(&broken), f32::INFINITY);
    }

    #[test]
    fn the_best_of_a_row_are_those_of_its_runs() {
        for (len, count) in [(5, 1), (5, 9), (RUN, 3), (RUN + 1, 4), (61_109, 24)] {
            let mut row = row(len);
            row.iter_mut().for_each(|x| *x = (*x * 4.0).round()); // many ties
            let best = Best::of(&row, count);
            assert_eq!(best, Best { tokens: sorted(&row, count), norm: log_sum_exp(&row) });
        }
        let broken = |at: usize, value: f32| {
            let mut row = row(2 * RUN);
            row[at] = value;
            Best::of(&row, 1).norm
        };
        assert!(broken(7, f32::NAN).is_nan() && broken(RUN + 7, f32::NAN).is_nan());
        assert_eq!((broken(7, f32::INFINITY), broken(RUN + 7, f32::INFINITY)), (f32::INFINITY, f32::INFINITY));
    }

    fn sorted(row: &[f32], count: usize) -> Vec<(u32, f32)> {
        let mut sorted: Vec<_> = (0u32..).zip(row.iter().copied()).filter(|(_, x)| x.is_finite()).collect();
        sorted.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap());
        sorted.truncate(count);
        sorted
    }

    #[test]
    fn the_best_are_the_head_of_a_stable_sort() {
        for (len, k) in [(5, 1), (5, 5), (5, 9), (1000, 1), (1000, 8), (RUN, 40), (61_109, 24)] {
            let mut row = row(len);
            row.iter_mut().for_each(|x| *x = (*x * 4.0).round()); // many ties
            row[len / 2] = f32::NEG_INFINITY;
            assert_eq!(Best::of(&row, k).tokens, sorted(&row, k));
        }
        // Zeros are equal whatever their sign, also from one run to the next.
        let mut zeros = vec![-1.0; RUN + 1];
        (zeros[0], zeros[RUN]) = (-0.0, 0.0);
        assert_eq!(Best::of(&zeros, 1).tokens[0].0, 0);
    }
}
