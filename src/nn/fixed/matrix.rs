//! A matrix of weights as digits, and its product with rows.

use std::ops::Range;

use rayon::prelude::*;

use super::rows::split;
use super::tiles::{Ahead, Block, STEP, Worker};
use super::{BASE, DEPTH, MOST_INPUTS, Rows, Sums, TILE};
use crate::nn::amx::Line;
use crate::nn::pages::{Bytes, Pages};
use crate::nn::panels::{self, COLUMNS, Out};
use crate::nn::vector::vectorised;

/// Bytes of weights that stay in a core's second cache while rows pass them.
const GROUP: usize = 1 << 20;

/// Tiles of outputs in a panel.
const TILES: usize = COLUMNS / TILE;

/// Weights of so many outputs, in fixed point with a scale for each output.
pub(in crate::nn) struct Matrix {
    outputs: usize,
    /// Lines of the weights of a tile of outputs.
    tile: usize,
    /// The weights of one tile of outputs after the other. `[tiles, depth / 64, DIGITS, TILE]` lines
    weights: Bytes,
    /// What one of the first digit is worth, for each output.
    scales: Vec<f32>,
}

impl Matrix {
    /// Splits weights into digits; `fill` writes those of an output. `None` if a sum of so many inputs could overflow.
    ///
    /// # Errors
    /// If the system has no more memory.
    pub(in crate::nn) fn new(
        [inputs, outputs]: [usize; 2],
        pages: &Pages,
        fill: impl Fn(usize, &mut [f32]) + Sync,
    ) -> std::io::Result<Option<Self>> {
        if !(1..=MOST_INPUTS).contains(&inputs) {
            return Ok(None);
        }
        let tile = inputs.div_ceil(DEPTH) * STEP;
        let count = outputs.div_ceil(TILE);
        let mut scales = vec![0.0; count * TILE];
        let weights = pages.filled(count * tile * size_of::<Line>(), |bytes| {
            let tiles = bytes.par_chunks_mut(tile * size_of::<Line>()).zip(scales.par_chunks_mut(TILE));
            tiles.enumerate().for_each(|(tile, (bytes, scales))| {
                let mut values = vec![0.0; inputs];
                let outputs = tile * TILE..outputs.min((tile + 1) * TILE);
                for (column, (output, scale)) in outputs.zip(scales).enumerate() {
                    fill(output, &mut values);
                    *scale = split_output(&values, column, bytes);
                }
            });
        })?;
        Ok(Some(Self { outputs, tile, weights, scales }))
    }

    /// `[rows, inputs]` to `[rows, outputs]`, with a bias added, into `y`.
    pub(in crate::nn) fn product(&self, x: &Rows, bias: Option<&[f32]>, y: &mut Vec<f32>) {
        // Some 20 bytes of weights arrive in a nanosecond, and are multiplied with some 5 rows in that time.
        let takes_long = self.weights.len() * (5 + x.len()) / 5 > 400_000;
        // SAFETY: `multiply` goes through all rows and panels that it gets.
        unsafe {
            panels::product([x.len(), self.outputs], takes_long, y, |rows, panels, out| {
                multiply(&Product { matrix: self, x, bias, rows, panels, out });
            });
        }
    }
}

vectorised! {
    /// Of four inputs of an output digits lie together, and then come those of the next output.
    fn split_output(values: &[f32], column: usize, bytes: &mut [u8]) -> f32 {
        split(values, |step, digit, line| {
            let tile = &mut bytes[(step * STEP + digit * TILE) * size_of::<Line>()..][..TILE * size_of::<Line>()];
            for (four, place) in line.0.as_chunks::<4>().0.iter().zip(tile.chunks_exact_mut(size_of::<Line>())) {
                place[4 * column..4 * column + 4].copy_from_slice(&four.map(|digit| digit as u8));
            }
        })
    }
}

/// The product of some rows and some panels.
struct Product<'a> {
    matrix: &'a Matrix,
    x: &'a Rows,
    bias: Option<&'a [f32]>,
    rows: Range<usize>,
    panels: Range<usize>,
    out: Out,
}

/// A tile of rows and one of outputs.
type Place = (usize, usize);

vectorised! {
    fn multiply(product: &Product) {
        let Product { matrix, x, rows, panels, .. } = product;
        let (tile, all) = (matrix.tile, matrix.weights.numbers::<Line>());
        let mut worker = Worker::default();
        let (mut here, mut before) = (&mut Sums::ZERO.clone(), &mut Sums::ZERO.clone());
        // Sums are finished while the next ones are on their way.
        let mut last: Option<Place> = None;
        let group = (GROUP / (TILES * tile * size_of::<Line>())).max(1);
        let height = (GROUP / 2 / (tile * size_of::<Line>())).max(2);
        let outputs = |panels: Range<usize>| panels.start * TILES..(panels.end * TILES).min(matrix.outputs.div_ceil(TILE));
        let rows = rows.start / TILE..rows.end.div_ceil(TILE);
        let group = if rows.len() > height { group } else { panels.len() };
        for group in panels.clone().step_by(group).map(|first| outputs(first..panels.end.min(first + group))) {
            for start in rows.clone().step_by(height) {
                let block = start..rows.end.min(start + height);
                // The weights of the next outputs are fetched while the rows of a block pass these.
                let ahead = match (start == rows.start, block.len()) {
                    (false, _) => Ahead::None,
                    (true, 1) => Ahead::All,
                    (true, 2..4) => Ahead::Half,
                    (true, 4..8) => Ahead::Quarter,
                    (true, _) => Ahead::Eighth,
                };
                for output in group.clone() {
                    let weights = &all[output * tile..(output + 1) * tile];
                    let mut next = weights.as_ptr_range().end;
                    for (i, row) in block.clone().enumerate() {
                        let rows = &x.lines[row * tile..(row + 1) * tile];
                        let count = if x.len() > TILE { TILE } else { x.len() };
                        let ahead = if i * ahead.lines() < STEP { ahead } else { Ahead::None };
                        worker.multiply(&Block { rows, weights, count, ahead: (ahead, next) }, here);
                        next = next.wrapping_add(tile / STEP * ahead.lines());
                        if let Some(last) = last.replace((row, output)) {
                            finish(product, last, before);
                        }
                        std::mem::swap(&mut here, &mut before);
                    }
                }
            }
        }
        if let Some(last) = last {
            finish(product, last, before);
        }
    }
}

/// Writes the outputs of a tile. The order of the operations is a part of the result.
#[inline(always)]
fn finish(product: &Product, (row, output): Place, Sums(sums): &Sums) {
    let Product { matrix, x, bias, out, .. } = product;
    let first = output * TILE;
    let scales: &[f32; TILE] = matrix.scales[first..].first_chunk().expect("a scale for each output of a tile");
    let mut of_tile = [0.0; TILE];
    if let Some(bias) = bias {
        let width = TILE.min(matrix.outputs - first);
        of_tile[..width].copy_from_slice(&bias[first..first + width]);
    }
    for (i, scale) in x.scales[row * TILE..].iter().take(TILE).enumerate() {
        let mut y = [0.0; TILE];
        for column in 0..TILE {
            let [one, two, three, four] = [0, 1, 2, 3].map(|digit| sums[digit][i][column] as f32);
            let sum = one + (two + (three + four * (1.0 / BASE)) * (1.0 / BASE)) * (1.0 / BASE);
            y[column] = sum * (scale * scales[column]) + of_tile[column];
        }
        // SAFETY: row and outputs are of this product alone.
        unsafe { out.write(row * TILE + i, first, y) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{noise, single};

    fn product(weights: &[f32], inputs: usize, x: &[f32], bias: &[f32]) -> Vec<f32> {
        let fill = |output: usize, values: &mut [f32]| {
            values.copy_from_slice(&weights[output * inputs..(output + 1) * inputs]);
        };
        let size = [inputs, weights.len() / inputs];
        let matrix = Matrix::new(size, &Pages::default(), fill).unwrap().unwrap();
        let mut y = Vec::new();
        matrix.product(&Rows::new(x, inputs), Some(bias), &mut y);
        y
    }

    fn of_floats(weights: &[f32], inputs: usize, x: &[f32], bias: &[f32]) -> Vec<f32> {
        let fill = |output: usize, values: &mut [f32]| {
            values.copy_from_slice(&weights[output * inputs..(output + 1) * inputs]);
        };
        let size = ([inputs, weights.len() / inputs], single::Format::F32);
        let matrix = single::Matrix::new(size, &Pages::default(), fill).unwrap();
        let mut y = Vec::new();
        matrix.product(x, Some(bias), &mut y);
        y
    }

    /// The root of the mean square of what products differ from those of double precision by.
    fn error(found: &[f32], weights: &[f32], inputs: usize, x: &[f32], bias: &[f32]) -> f64 {
        let exact = x.chunks_exact(inputs).flat_map(|x| {
            weights.chunks_exact(inputs).zip(bias).map(move |(weights, bias)| {
                f64::from(*bias) + x.iter().zip(weights).map(|(x, w)| f64::from(*x) * f64::from(*w)).sum::<f64>()
            })
        });
        let squares = found.iter().zip(exact).map(|(found, exact)| (f64::from(*found) - exact).powi(2));
        (squares.sum::<f64>() / found.len() as f64).sqrt()
    }

    /// Near to a bell, as weights and activations are.
    fn bell(seed: u32, count: usize) -> Vec<f32> {
        noise(seed, 4 * count).as_chunks::<4>().0.iter().map(|four| four.iter().sum()).collect()
    }

    #[test]
    fn products_are_as_near_to_those_of_double_precision_as_those_of_floats() {
        for (inputs, outputs, rows) in [(37, 64, 1), (512, 300, 33), (1024, 33, 7), (2048, 40, 17), (4096, 40, 17)] {
            let (weights, bias) = (bell(1, inputs * outputs), bell(2, outputs));
            // Where all activations are of a size, and where some are far out.
            for (outlier, most) in [(1.0, 1.5), (30.0, 3.0), (1000.0, 3.0)] {
                let mut x = bell(3, rows * inputs);
                x.iter_mut().step_by(211).for_each(|x| *x *= outlier);
                let found = product(&weights, inputs, &x, &bias);
                assert_eq!(found.len(), rows * outputs);
                let [fixed, floats] = [found, of_floats(&weights, inputs, &x, &bias)]
                    .map(|found| error(&found, &weights, inputs, &x, &bias));
                assert!(fixed < most * floats, "{inputs} inputs, {outlier}: {fixed:e}, that of floats is {floats:e}");
            }
        }
    }

    #[test]
    fn what_is_no_number_spoils_its_row_or_its_output_alone() {
        let mut weights = noise(1, 70 * 40);
        weights[2 * 70 + 5] = f32::NAN;
        let mut x = noise(3, 3 * 70);
        x[70] = f32::INFINITY;
        x[140..].fill(0.0);
        for (i, y) in product(&weights, 70, &x, &[0.5; 40]).iter().enumerate() {
            assert_eq!(y.is_nan(), i / 40 == 1 || i % 40 == 2, "{i}");
            assert!(i < 80 || i % 40 == 2 || *y == 0.5, "a row of zeros gives the bias");
        }
    }

    #[test]
    fn too_many_inputs_are_left_to_floats() {
        let matrix = |inputs| Matrix::new([inputs, 1], &Pages::default(), |_, _| {}).unwrap();
        assert!(matrix(MOST_INPUTS + 1).is_none() && matrix(0).is_none() && matrix(MOST_INPUTS).is_some());
    }
}
