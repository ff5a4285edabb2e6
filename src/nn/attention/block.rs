//! Products of a few rows with a matrix that lies row by row: what attention is made of, where several queries see the
//! same keys.

use half::bf16;

use crate::nn::vector::{LANES, Simd};

/// What a matrix consists of.
pub(super) trait Number: Copy {
    fn load<S: Simd>(simd: S, numbers: &[Self; LANES]) -> S::Numbers;
}

impl Number for f32 {
    #[inline(always)]
    fn load<S: Simd>(simd: S, numbers: &[Self; LANES]) -> S::Numbers {
        simd.load(numbers)
    }
}

impl Number for bf16 {
    #[inline(always)]
    fn load<S: Simd>(simd: S, numbers: &[Self; LANES]) -> S::Numbers {
        simd.widen(numbers)
    }
}

/// Vectors of columns that are summed at a time.
const VECTORS: usize = 4;

/// `Q` rows times a matrix of so many columns, which are whole vectors. `[Q, n]` and `[n, columns]` to `[Q, columns]`
///
/// Each result is summed in the same order whatever `Q` is.
#[inline(always)]
pub(super) fn products<S: Simd, T: Number, const Q: usize>(
    simd: S,
    rows: [&[f32]; Q],
    (matrix, columns): (&[T], usize),
    out: &mut [f32],
) {
    let mut first = 0;
    while first < columns {
        first += match (columns - first) / LANES {
            1 => some_columns::<S, T, Q, 1>(simd, rows, (matrix, columns, first), out),
            2 => some_columns::<S, T, Q, 2>(simd, rows, (matrix, columns, first), out),
            3 => some_columns::<S, T, Q, 3>(simd, rows, (matrix, columns, first), out),
            _ => some_columns::<S, T, Q, VECTORS>(simd, rows, (matrix, columns, first), out),
        };
    }
}

/// `N` vectors of columns from `first` on; returns how many columns those are.
#[inline(always)]
fn some_columns<S: Simd, T: Number, const Q: usize, const N: usize>(
    simd: S,
    rows: [&[f32]; Q],
    (matrix, columns, first): (&[T], usize, usize),
    out: &mut [f32],
) -> usize {
    let mut sums = [[simd.splat(0.0); N]; Q];
    let mut rows = rows;
    for of_matrix in matrix.chunks_exact(columns) {
        simd.fetch_after(of_matrix);
        let vectors: &[[T; LANES]] = of_matrix[first..first + N * LANES].as_chunks().0;
        let mut of_row = [simd.splat(0.0); N];
        for i in 0..N {
            of_row[i] = T::load(simd, &vectors[i]);
        }
        for query in 0..Q {
            let Some((factor, rest)) = rows[query].split_first() else { break };
            rows[query] = rest;
            let factor = simd.splat(*factor);
            for i in 0..N {
                sums[query][i] = simd.multiply_add(factor, of_row[i], sums[query][i]);
            }
        }
    }
    for query in 0..Q {
        let places: &mut [[f32; LANES]] = out[query * columns + first..][..N * LANES].as_chunks_mut().0;
        for i in 0..N {
            simd.store(sums[query][i], &mut places[i]);
        }
    }
    N * LANES
}
