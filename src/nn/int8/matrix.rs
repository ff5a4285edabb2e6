//! A matrix of weights as eight-bit integers, and its product with rows.

use rayon::prelude::*;

use super::kernel::{Block, Kernel};
use super::rows::round;
use super::{COLUMNS, DEPTH, MOST_INPUTS, OFFSET, ROWS, Rows, Sums};
use crate::nn::pages::{Bytes, Pages};
use crate::nn::panels::{self, GROUP, Out, Share};
use crate::nn::vector::vectorised;

/// Weights of so many outputs, rounded with a scale for each output.
pub(in crate::nn) struct Matrix {
    inputs: usize,
    outputs: usize,
    /// Inputs with the zeros after them.
    depth: usize,
    /// [`COLUMNS`] outputs after each other, as [`Block::panel`] has them. `[panels, depth / 4, COLUMNS, 4]`
    panels: Bytes,
    /// What one step is worth, for each output.
    scales: Vec<f32>,
    kernel: Kernel,
}

/// What is done with sums on their way out.
#[derive(Clone, Copy)]
pub(in crate::nn) struct After<'a> {
    /// Added to each output.
    pub(in crate::nn) bias: Option<&'a [f32]>,
    /// Whether what is negative becomes zero.
    pub(in crate::nn) relu: bool,
}

impl Matrix {
    /// Rounds weights; `fill` writes those of an output. `None` if a sum of so many inputs could overflow.
    ///
    /// # Errors
    /// If the system has no more memory.
    pub(in crate::nn) fn round(
        [inputs, outputs]: [usize; 2],
        pages: &Pages,
        fill: impl Fn(usize, &mut [f32]) + Sync,
    ) -> std::io::Result<Option<Self>> {
        if inputs > MOST_INPUTS {
            return Ok(None);
        }
        let depth = inputs.next_multiple_of(DEPTH);
        let count = outputs.div_ceil(COLUMNS);
        let mut scales = vec![0.0; count * COLUMNS];
        let panels = pages.filled(count * COLUMNS * depth, |bytes| {
            let panels = bytes.par_chunks_mut(COLUMNS * depth.max(1)).zip(scales.par_chunks_mut(COLUMNS));
            panels.enumerate().for_each(|(panel, (bytes, scales))| {
                let (mut values, mut rounded) = (vec![0.0; inputs], vec![0; depth]);
                bytes.fill(OFFSET as u8);
                let outputs = panel * COLUMNS..outputs.min((panel + 1) * COLUMNS);
                for (column, (output, scale)) in outputs.zip(scales).enumerate() {
                    fill(output, &mut values);
                    *scale = round_output(&values, &mut rounded[..inputs]);
                    // Four inputs of an output lie together, and then come those of the next.
                    for (step, four) in rounded.as_chunks::<4>().0.iter().enumerate() {
                        let place = 4 * (step * COLUMNS + column);
                        bytes[place..place + 4].copy_from_slice(&four.map(|value| (value as u8) ^ OFFSET as u8));
                    }
                }
            });
        })?;
        Ok(Some(Self { inputs, outputs, depth, panels, scales, kernel: Kernel::best() }))
    }

    /// `[rows, inputs]` to `[rows, outputs]`, into `y`
    pub(in crate::nn) fn product(&self, x: &Rows, after: After, y: &mut Vec<f32>) {
        // SAFETY: `multiply` goes through all rows and panels that it gets.
        unsafe {
            let share = Share::of(x.len(), self.takes_long(x.len()));
            panels::product([x.len(), self.outputs], share, y, |rows, panels, out| {
                multiply(&Product { matrix: self, x, after, rows, panels, out });
            });
        }
    }

    /// The scales and biases of a panel.
    #[inline(always)]
    fn ends(&self, panel: usize, values: Option<&[f32]>) -> (&[f32; COLUMNS], [f32; COLUMNS]) {
        let first = panel * COLUMNS;
        (
            self.scales[first..first + COLUMNS].try_into().expect("a scale for each column"),
            panels::biases(values, first),
        )
    }

    /// Whether a product takes much longer than waking a thread: some 20 bytes of weights arrive in a nanosecond, and are
    /// multiplied with some 20 rows in that time.
    fn takes_long(&self, rows: usize) -> bool {
        self.panels.len() * (20 + rows) / 20 > 400_000
    }
}

/// Sums where lines of the cache begin.
#[derive(Clone)]
#[repr(align(64))]
struct Aligned(Sums);

impl Aligned {
    const ZERO: Self = Self([[0; COLUMNS]; ROWS]);
}

/// The product of some rows and some panels.
struct Product<'a> {
    matrix: &'a Matrix,
    x: &'a Rows,
    after: After<'a>,
    rows: std::ops::Range<usize>,
    panels: std::ops::Range<usize>,
    out: Out,
}

vectorised! {
    fn multiply(product: &Product) {
        let Product { matrix, x, rows, panels, .. } = product;
        let (depth, stride) = (matrix.depth, x.stride);
        let mut worker = matrix.kernel.worker();
        let (Aligned(here), Aligned(before)) = (&mut Aligned::ZERO.clone(), &mut Aligned::ZERO.clone());
        let (mut here, mut before) = (here, before);
        // Rows stay in the first cache while panels pass, and panels in the second until all rows have met them.
        let group = (GROUP / (COLUMNS * depth).max(1)).max(1);
        for group in panels.clone().step_by(group).map(|first| first..panels.end.min(first + group)) {
            for start in rows.clone().step_by(ROWS) {
                let block = start..rows.end.min(start + ROWS);
                let values = &x.values[block.start * stride..block.end * stride];
                let totals = &x.totals[block.clone()];
                let cold = start == rows.start;
                let mut pass = worker.pass(Block { rows: values, totals, stride, depth, panel: &[], cold });
                // Sums are finished while those of the next panel are on their way.
                let mut last = None;
                for panel in group.clone() {
                    let weights = &matrix.panels[panel * COLUMNS * depth..(panel + 1) * COLUMNS * depth];
                    let added = pass.multiply(weights, here);
                    if let Some((panel, added)) = last.replace((panel, added)) {
                        finish_all(product, panel, block.clone(), (before, added));
                    }
                    std::mem::swap(&mut here, &mut before);
                }
                if let Some((panel, added)) = last {
                    finish_all(product, panel, block, (before, added));
                }
            }
        }
    }
}

/// Writes the outputs of some rows for a panel. `added` times the total of a row is too much in its sums.
#[inline(always)]
fn finish_all(product: &Product, panel: usize, rows: std::ops::Range<usize>, (sums, added): (&Sums, i32)) {
    let Product { matrix, x, after, out, .. } = product;
    let (scales, bias) = matrix.ends(panel, after.bias);
    for (row, sums) in rows.zip(sums) {
        let y = finish((sums, added * x.totals[row]), (x.scales[row], scales), &bias, after.relu);
        // SAFETY: row and panel are of this product alone.
        unsafe { out.write(row, panel * COLUMNS, y) };
    }
}

/// Sums to outputs. The order of the operations is a part of the result.
#[inline(always)]
fn finish(
    (sums, added): (&[i32; COLUMNS], i32),
    (row, scales): (f32, &[f32; COLUMNS]),
    bias: &[f32; COLUMNS],
    relu: bool,
) -> [f32; COLUMNS] {
    let mut y = [0.0; COLUMNS];
    for i in 0..COLUMNS {
        y[i] = (sums[i] - added) as f32 * (row * scales[i]) + bias[i];
    }
    if relu {
        // A comparison keeps what is no number, where a maximum would lose it.
        y.iter_mut().for_each(|y| *y = if *y < 0.0 { 0.0 } else { *y });
    }
    y
}

vectorised! {
    fn round_output(values: &[f32], rounded: &mut [i8]) -> f32 {
        round(values, rounded)
    }
}

impl std::fmt::Debug for Matrix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "int8 [{}, {}]", self.outputs, self.inputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::noise;

    fn matrix(weights: &[f32], inputs: usize) -> Matrix {
        let fill = |output: usize, values: &mut [f32]| {
            values.copy_from_slice(&weights[output * inputs..(output + 1) * inputs]);
        };
        Matrix::round([inputs, weights.len() / inputs], &Pages::default(), fill).unwrap().unwrap()
    }

    fn product(matrix: &Matrix, x: &Rows, after: After) -> Vec<f32> {
        let mut y = Vec::new();
        matrix.product(x, after, &mut y);
        y
    }

    #[test]
    fn products_are_those_of_the_rounded_numbers_whatever_the_kernel_rows_and_threads() {
        for (inputs, outputs) in [(512, 300), (37, 64), (1024, 33), (5, 1), (4096, 300)] {
            let (weights, bias, x) = (noise(1, inputs * outputs), noise(2, outputs), noise(3, 150 * inputs));
            let mut matrix = matrix(&weights, inputs);
            let rounded = |x: &[f32]| -> (f32, Vec<f32>) {
                let scale = x.iter().fold(0f32, |greatest, x| greatest.max(x.abs())) / 127.0;
                (scale, x.iter().map(|x| (x / scale).round_ties_even()).collect())
            };
            let columns: Vec<_> = weights.chunks_exact(inputs).map(rounded).collect();
            let expected: Vec<f64> = x
                .chunks_exact(inputs)
                .flat_map(|x| {
                    let (scale, x) = rounded(x);
                    let bias = &bias;
                    let output = move |((of_column, weights), bias): ((f32, &Vec<f32>), &f32)| {
                        let sum: f64 = x.iter().zip(weights).map(|(x, w)| f64::from(*x) * f64::from(*w)).sum();
                        sum * f64::from(scale) * f64::from(of_column) + f64::from(*bias)
                    };
                    columns.iter().map(|(scale, weights)| (*scale, weights)).zip(bias).map(output).collect::<Vec<_>>()
                })
                .collect();
            let after = After { bias: Some(&bias), relu: false };
            let all = product(&matrix, &Rows::round(&x, inputs), after);
            for (found, expected) in all.iter().zip(&expected) {
                // The quotient may fall on the other side of a half.
                assert!((f64::from(*found) - expected).abs() < 2e-4 * inputs as f64 / 16.0, "{found} {expected}");
            }
            for kernel in Kernel::available() {
                matrix.kernel = kernel;
                for rows in [1, 2, 7, 31, 32, 33, 64, 65, 128, 150] {
                    for threads in [1, 3] {
                        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                        let x = Rows::round(&x[..rows * inputs], inputs);
                        let found = pool.install(|| product(&matrix, &x, after));
                        assert!(found == all[..rows * outputs], "{kernel:?}, {rows} rows, {threads} threads");
                    }
                }
            }
            let relu = product(&matrix, &Rows::round(&x, inputs), After { relu: true, ..after });
            assert!(relu.iter().zip(&all).all(|(relu, y)| *relu == y.max(0.0)));
        }
    }

    #[test]
    fn what_is_no_number_spoils_its_row_or_its_output_alone() {
        let mut weights = noise(1, 70 * 40);
        weights[2 * 70 + 5] = f32::NAN;
        let mut x = noise(3, 3 * 70);
        x[70] = f32::INFINITY;
        for relu in [false, true] {
            let y = product(&matrix(&weights, 70), &Rows::round(&x, 70), After { bias: None, relu });
            for (i, y) in y.iter().enumerate() {
                assert_eq!(y.is_nan(), i / 40 == 1 || i % 40 == 2, "{i}");
            }
        }
    }

    #[test]
    fn too_many_inputs_are_refused() {
        let none = Matrix::round([MOST_INPUTS + 1, 1], &Pages::default(), |_, _| {}).unwrap();
        assert!(none.is_none());
    }
}
