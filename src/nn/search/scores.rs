//! The two passes over a row of scores that a step needs: the normaliser of the softmax and the best few tokens.

use rten_simd::SimdOp as _;
use rten_vecmath::SumExpSub;

/// Elements handled together: a multiple of every vector width, so that the compiler uses vector instructions.
const LANES: usize = 16;

/// Elements whose exponentials are summed in single precision, so that the error does not grow with the vocabulary.
const RUN: usize = 4096;

/// `ln Σ exp(x)`; negative infinity if nothing is finite, NaN if something is not a number.
pub(super) fn log_sum_exp(row: &[f32]) -> f32 {
    let top = greatest(row);
    if top.is_infinite() {
        return if row.iter().any(|x| x.is_nan()) { f32::NAN } else { top };
    }
    let sum: f64 = row.chunks(RUN).map(|run| f64::from(SumExpSub::new(run, top).dispatch())).sum();
    top + sum.ln() as f32
}

fn greatest(row: &[f32]) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane = if x > *lane { x } else { *lane };
        }
    }
    lanes.iter().chain(rest).copied().fold(f32::NEG_INFINITY, f32::max)
}

/// The `k` greatest finite elements with their positions, greatest first; of equal ones the first comes first.
pub(super) fn top(row: &[f32], k: usize) -> Vec<(u32, f32)> {
    let mut best: Vec<(u32, f32)> = Vec::with_capacity(k + 1);
    let mut floor = f32::NEG_INFINITY; // what an element must exceed
    for (c, chunk) in row.chunks(4 * LANES).enumerate() {
        if !chunk.iter().fold(false, |any, &x| any | (x > floor)) {
            continue;
        }
        for (i, &x) in chunk.iter().enumerate() {
            if x > floor {
                let place = best.partition_point(|&(_, y)| y >= x);
                best.insert(place, ((c * 4 * LANES + i) as u32, x));
                best.truncate(k);
                if best.len() == k {
                    floor = best[k - 1].1;
                }
            }
        }
    }
    best
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
    fn top_is_the_head_of_a_stable_sort() {
        for (len, k) in [(5, 1), (5, 5), (5, 9), (1000, 8), (61_109, 24)] {
            let mut row = row(len);
            row.iter_mut().for_each(|x| *x = (*x * 4.0).round()); // many ties
            row[len / 2] = f32::NEG_INFINITY;
            let mut sorted: Vec<_> = (0u32..).zip(row.iter().copied()).filter(|(_, x)| x.is_finite()).collect();
            sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
            sorted.truncate(k);
            assert_eq!(top(&row, k), sorted);
        }
    }
}
