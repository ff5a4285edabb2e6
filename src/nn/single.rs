//! Products in single precision on the CPU, with weights in single or in half precision.
//!
//! Weights in half precision take half of the memory, and are widened panel by panel at each use.
//!
//! Every sum runs over the inputs in their order, whatever the number of rows, threads and neighbours, so a row's result is
//! the same to the last bit alone and in any batch.

use std::ops::Range;

use half::slice::HalfFloatSliceExt as _;
use half::{bf16, f16};
use rayon::prelude::*;

use super::pages::{Bytes, Pages};
use super::panels::{self, COLUMNS, Out, ROWS, Share};
use super::vector::{LANES, Simd, dispatch};

/// Vectors of a panel.
const VECTORS: usize = COLUMNS / LANES;

/// A matrix of weights.
pub(super) struct Matrix {
    inputs: usize,
    outputs: usize,
    /// [`COLUMNS`] outputs after each other. `[panels, inputs, COLUMNS]`
    panels: Bytes,
    format: Format,
}

/// The number format of weights in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    F32,
    Bf16,
    F16,
}

impl Format {
    /// Bytes of a weight.
    fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::Bf16 | Self::F16 => 2,
        }
    }

    /// Writes a weight into as many bytes as it takes.
    fn narrow(self, weight: f32, bytes: &mut [u8]) {
        match self {
            Self::F32 => bytes.copy_from_slice(&weight.to_ne_bytes()),
            Self::Bf16 => bytes.copy_from_slice(&bf16::from_f32(weight).to_ne_bytes()),
            Self::F16 => bytes.copy_from_slice(&f16::from_f32(weight).to_ne_bytes()),
        }
    }
}

impl Matrix {
    /// Lays out weights; `fill` writes those of an output.
    ///
    /// # Errors
    /// If the system has no more memory.
    pub(super) fn new(
        ([inputs, outputs], format): ([usize; 2], Format),
        pages: &Pages,
        fill: impl Fn(usize, &mut [f32]) + Sync,
    ) -> std::io::Result<Self> {
        let size = format.size() * inputs * COLUMNS;
        let panels = pages.filled(outputs.div_ceil(COLUMNS) * size, |bytes| {
            bytes.par_chunks_mut(size.max(1)).enumerate().for_each(|(panel, bytes)| {
                let mut weights = vec![0.0; inputs];
                let outputs = panel * COLUMNS..outputs.min((panel + 1) * COLUMNS);
                for (column, output) in outputs.enumerate() {
                    fill(output, &mut weights);
                    for (bytes, weight) in bytes.chunks_exact_mut(format.size() * COLUMNS).zip(&weights) {
                        format.narrow(*weight, &mut bytes[column * format.size()..][..format.size()]);
                    }
                }
            });
        })?;
        Ok(Self { inputs, outputs, panels, format })
    }

    /// The number format of the weights.
    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// The weights of a panel, in `wide` if they are to be widened. `[inputs, COLUMNS]`
    #[inline(always)]
    fn panel<'a>(&'a self, panel: usize, wide: &'a mut Vec<f32>) -> &'a [f32] {
        let size = self.inputs * COLUMNS;
        let range = panel * size..(panel + 1) * size;
        if self.format == Format::F32 {
            return &self.panels.numbers()[range];
        }
        wide.resize(size, 0.0);
        match self.format {
            Format::Bf16 => self.panels.numbers::<bf16>()[range].convert_to_f32_slice(wide),
            _ => self.panels.numbers::<f16>()[range].convert_to_f32_slice(wide),
        }
        wide
    }

    /// `[rows, inputs]` to `[rows, outputs]`, with a bias added, into `y`.
    pub(super) fn product(&self, x: &[f32], bias: Option<&[f32]>, y: &mut Vec<f32>) {
        let rows = x.len() / self.inputs.max(1);
        let takes_long = self.panels.len() * (8 + rows) / 8 > 400_000;
        // SAFETY: `part` goes through all its rows and panels.
        unsafe {
            panels::product([rows, self.outputs], Share::of(rows, takes_long), y, |rows, panels, out| {
                part(&Part { matrix: self, x, bias, out }, rows, panels);
            });
        }
    }
}

/// What all parts of a product have in common.
struct Part<'a> {
    matrix: &'a Matrix,
    x: &'a [f32],
    bias: Option<&'a [f32]>,
    out: Out,
}

fn part(part: &Part, rows: Range<usize>, panels: Range<usize>) {
    dispatch!(part_by(part: &Part, rows: Range<usize>, panels: Range<usize>));
}

#[inline(always)]
fn part_by<S: Simd>(simd: S, part: &Part, rows: Range<usize>, panels: Range<usize>) {
    let inputs = part.matrix.inputs;
    // The rows of a block across, so that those of one input lie together.
    let mut across = vec![0.0; inputs * ROWS];
    let mut wide = Vec::new();
    for start in rows.clone().step_by(ROWS) {
        let block = start..rows.end.min(start + ROWS);
        let mut first = block.start;
        while first < block.end {
            let count = height::<S>(block.end - first);
            let place = &mut across[(first - block.start) * inputs..][..count * inputs];
            for (i, row) in part.x[first * inputs..(first + count) * inputs].chunks_exact(inputs).enumerate() {
                for (numbers, x) in place.chunks_exact_mut(count).zip(row) {
                    numbers[i] = *x; // [inputs, count]
                }
            }
            first += count;
        }
        for panel in panels.clone() {
            let weights = part.matrix.panel(panel, &mut wide);
            let mut first = block.start;
            while first < block.end {
                let x = &across[(first - block.start) * inputs..];
                first += match height::<S>(block.end - first) {
                    8 => rows_by::<S, 8>(simd, part, (first, panel), (x, weights)),
                    4 => rows_by::<S, 4>(simd, part, (first, panel), (x, weights)),
                    2 => rows_by::<S, 2>(simd, part, (first, panel), (x, weights)),
                    _ => rows_by::<S, 1>(simd, part, (first, panel), (x, weights)),
                };
            }
        }
    }
}

/// How many of the rows that are left are summed at a time: as many as there are registers for.
#[inline(always)]
fn height<S: Simd>(left: usize) -> usize {
    let most = left.min(S::ROWS);
    if most.is_power_of_two() { most } else { most.next_power_of_two() / 2 }
}

/// `N` rows from `first` on in one panel; returns `N`. `x` begins with their numbers, `[inputs, N]`; weights are
/// `[inputs, COLUMNS]`.
#[inline(always)]
fn rows_by<S: Simd, const N: usize>(
    simd: S,
    part: &Part,
    (first, panel): (usize, usize),
    (x, weights): (&[f32], &[f32]),
) -> usize {
    let inputs = part.matrix.inputs;
    let (x, weights) = (x[..inputs * N].as_chunks::<N>().0, weights.as_chunks::<COLUMNS>().0);
    let mut sums = [[simd.splat(0.0); VECTORS]; N];
    for (x, weights) in x.iter().zip(weights) {
        simd.fetch_after(weights);
        let vectors: &[[f32; LANES]] = weights.as_chunks().0;
        let mut of_panel = [simd.splat(0.0); VECTORS];
        for i in 0..VECTORS {
            of_panel[i] = simd.load(&vectors[i]);
        }
        for row in 0..N {
            let x = simd.splat(x[row]);
            for i in 0..VECTORS {
                sums[row][i] = simd.multiply_add(x, of_panel[i], sums[row][i]);
            }
        }
    }
    let bias: [f32; COLUMNS] = panels::biases(part.bias, panel * COLUMNS);
    for (row, sums) in sums.iter().enumerate() {
        let mut y = [0.0; COLUMNS];
        let places: &mut [[f32; LANES]] = y.as_chunks_mut().0;
        for i in 0..VECTORS {
            simd.store(sums[i], &mut places[i]);
        }
        for i in 0..COLUMNS {
            y[i] += bias[i];
        }
        // SAFETY: row and panel are of this part alone.
        unsafe { part.out.write(first + row, panel * COLUMNS, y) };
    }
    N
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::noise;
    use crate::nn::vector::Portable;

    /// The product as one generation of instructions computes it.
    fn by<S: Simd + Sync>(simd: S, matrix: &Matrix, x: &[f32], bias: &[f32]) -> Vec<f32> {
        // SAFETY: `part_by` goes through all its rows and panels.
        unsafe {
            let mut y = Vec::new();
            panels::product([x.len() / matrix.inputs, matrix.outputs], Share::Nothing, &mut y, |rows, panels, out| {
                part_by(simd, &Part { matrix, x, bias: Some(bias), out }, rows, panels);
            });
            y
        }
    }

    fn product(matrix: &Matrix, x: &[f32], bias: &[f32]) -> Vec<f32> {
        let mut y = Vec::new();
        matrix.product(x, Some(bias), &mut y);
        y
    }

    #[test]
    fn every_generation_of_instructions_gives_the_product() {
        for (inputs, outputs) in [(70, 100), (5, 1), (512, 64)] {
            let (weights, bias, x) = (noise(1, inputs * outputs), noise(2, outputs), noise(3, 45 * inputs));
            let fill = |output: usize, values: &mut [f32]| {
                values.copy_from_slice(&weights[output * inputs..(output + 1) * inputs]);
            };
            let matrix = Matrix::new(([inputs, outputs], Format::F32), &Pages::default(), fill).unwrap();
            let expected = x.chunks_exact(inputs).flat_map(|x| {
                weights.chunks_exact(inputs).zip(&bias).map(move |(weights, bias)| {
                    f64::from(*bias) + x.iter().zip(weights).map(|(x, w)| f64::from(*x) * f64::from(*w)).sum::<f64>()
                })
            });
            let expected: Vec<f64> = expected.collect();
            let mut all = vec![by(Portable, &matrix, &x, &bias), product(&matrix, &x, &bias)];
            #[cfg(target_arch = "x86_64")]
            {
                use crate::nn::vector::{Avx2, Avx512};
                all.extend(Avx512::new().map(|simd| by(simd, &matrix, &x, &bias)));
                all.extend(Avx2::new().map(|simd| by(simd, &matrix, &x, &bias)));
            }
            for found in &all {
                assert_eq!(found.len(), expected.len());
                for (found, expected) in found.iter().zip(&expected) {
                    assert!((f64::from(*found) - expected).abs() < 1e-4, "{found} {expected}");
                }
            }
            for (format, tolerance) in
                [(Format::F16, 5e-3 * inputs as f64 / 64.0), (Format::Bf16, 5e-2 * inputs as f64 / 64.0)]
            {
                let half = Matrix::new(([inputs, outputs], format), &Pages::default(), fill).unwrap();
                for (found, expected) in product(&half, &x, &bias).iter().zip(&expected) {
                    assert!((f64::from(*found) - expected).abs() < tolerance + 1e-2, "{format:?}: {found} {expected}");
                }
            }
            // Those that round once agree to the last bit.
            assert!(all[1..].windows(2).all(|pair| pair[0] == pair[1]));
        }
    }
}
