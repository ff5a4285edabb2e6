//! A matrix of weights as digits, and its product with rows.

use std::ops::Range;

use rayon::prelude::*;

use super::rows::split;
use super::tiles::{Ahead, Block, STEP, Worker};
use super::{BASE, DEPTH, MOST_INPUTS, Rows, Sums, TILE};
use crate::nn::amx::Line;
use crate::nn::pages::{Bytes, Pages};
use crate::nn::panels::{self, COLUMNS, GROUP, Out, Share};
use crate::nn::vector::vectorised;

/// Tiles of outputs in a panel.
const TILES: usize = COLUMNS / TILE;

/// Weights of so many outputs, in fixed point with a scale for each output.
pub(in crate::nn) struct Matrix {
    outputs: usize,
    /// Lines of a tile of outputs, or of rows.
    lines_of_tile: usize,
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
        let lines_of_tile = inputs.div_ceil(DEPTH) * STEP;
        let count = outputs.div_ceil(TILE);
        let mut scales = vec![0.0; count * TILE];
        let weights = pages.filled(count * lines_of_tile * size_of::<Line>(), |bytes| {
            let tiles = bytes.par_chunks_mut(lines_of_tile * size_of::<Line>()).zip(scales.par_chunks_mut(TILE));
            tiles.enumerate().for_each(|(tile, (bytes, scales))| {
                let mut values = vec![0.0; inputs];
                let outputs = tile * TILE..outputs.min((tile + 1) * TILE);
                for (column, (output, scale)) in outputs.zip(scales).enumerate() {
                    fill(output, &mut values);
                    *scale = split_output(&values, column, bytes);
                }
            });
        })?;
        Ok(Some(Self { outputs, lines_of_tile, weights, scales }))
    }

    /// `[rows, inputs]` to `[rows, outputs]`, with a bias added, into `y`.
    pub(in crate::nn) fn product(&self, x: &Rows, bias: Option<&[f32]>, y: &mut Vec<f32>) {
        // Some 20 bytes of weights arrive in a nanosecond, and are multiplied with some 5 rows in that time.
        let takes_long = self.weights.len() * (5 + x.len()) / 5 > 400_000;
        let share = match Share::of(x.len(), takes_long) {
            // Where there are fewer rows than outputs, rows cost less to read than weights.
            Share::Rows if x.len() <= self.outputs => Share::Panels,
            share => share,
        };
        // SAFETY: `multiply` goes through all rows and panels that it gets.
        unsafe {
            panels::product([x.len(), self.outputs], share, y, |rows, panels, out| {
                multiply(&Product { matrix: self, x, bias, rows, panels, out });
            });
        }
        // What was set apart comes back to its row.
        let (of_rows, of_apart) = y.split_at_mut(x.count() * self.outputs);
        for (row, apart) in x.apart.iter().zip(of_apart.chunks_exact(self.outputs.max(1))) {
            let row = &mut of_rows[row * self.outputs..(row + 1) * self.outputs];
            row.iter_mut().zip(apart).for_each(|(y, apart)| *y += apart);
        }
        y.truncate(x.count() * self.outputs);
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
        let (size, weights) = (matrix.lines_of_tile, matrix.weights.numbers::<Line>());
        let mut worker = Worker::default();
        let (mut here, mut before) = (&mut Sums::ZERO.clone(), &mut Sums::ZERO.clone());
        // Sums are finished while the next ones are on their way.
        let mut last: Option<Place> = None;
        let (rows, outputs) = (rows.start / TILE..rows.end.div_ceil(TILE), panels.start * TILES..panels.end * TILES);
        let outputs = outputs.start..outputs.end.min(matrix.outputs.div_ceil(TILE));
        // So many tiles of rows stay in the second cache while weights pass. If there are more of them, weights stay there,
        // too, until all rows have met them.
        let block = (GROUP / 2 / (size * size_of::<Line>())).max(2);
        let group = if rows.len() > block { GROUP / (size * size_of::<Line>()) } else { outputs.len() }.max(1);
        for group in outputs.clone().step_by(group).map(|first| first..outputs.end.min(first + group)) {
            for block in rows.clone().step_by(block).map(|first| first..rows.end.min(first + block)) {
                // The weights of the next outputs are fetched while the rows of the first block pass these.
                let ahead = match (block.start == rows.start, block.len()) {
                    (false, _) => Ahead::None,
                    (true, 1) => Ahead::All,
                    (true, 2..4) => Ahead::Half,
                    (true, 4..8) => Ahead::Quarter,
                    (true, _) => Ahead::Eighth,
                };
                for output in group.clone() {
                    let weights = &weights[output * size..(output + 1) * size];
                    let mut next = weights.as_ptr_range().end;
                    for row in block.clone() {
                        let of_rows = &x.lines[row * size..(row + 1) * size];
                        // One shape for all: another would have to be loaded.
                        let count = x.len().min(TILE);
                        let is_fetched = (row - block.start) * ahead.lines() >= STEP;
                        let ahead = if is_fetched { Ahead::None } else { ahead };
                        worker.multiply(&Block { rows: of_rows, weights, count, ahead: (ahead, next) }, here);
                        next = next.wrapping_add(size / STEP * ahead.lines());
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
    let of_tile: [f32; TILE] = panels::biases(*bias, first);
    for (i, scale) in x.scales[row * TILE..].iter().take(TILE).enumerate() {
        let added = if row * TILE + i < x.count() { &of_tile } else { &[0.0; TILE] };
        let mut y = [0.0; TILE];
        for column in 0..TILE {
            let [one, two, three, four] = [0, 1, 2, 3].map(|digit| sums[digit][i][column] as f32);
            let sum = one + (two + (three + four * (1.0 / BASE)) * (1.0 / BASE)) * (1.0 / BASE);
            y[column] = sum * (scale * scales[column]) + added[column];
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
    fn products_are_as_near_to_those_of_double_precision_as_those_of_floats_or_nearer() {
        for (inputs, outputs, rows) in [(37, 64, 1), (512, 300, 33), (1024, 33, 7), (2048, 40, 17), (4096, 40, 17)] {
            let (weights, bias) = (bell(1, inputs * outputs), bell(2, outputs));
            // Where all activations are of a size, where some are far out, and where one in each row is that counts for
            // nothing, so that only the others show.
            for (outlier, step) in
                [(1.0, 211), (30.0, 211), (1000.0, 211), (12.0, inputs), (25.0, inputs), (1000.0, inputs)]
            {
                let most = if inputs >= 512 && outlier == 1.0 { 0.5 } else { 1.5 };
                let mut x = bell(3, rows * inputs);
                x.iter_mut().step_by(step).for_each(|x| *x *= outlier);
                let mut weights = weights.clone();
                if step == inputs {
                    weights.iter_mut().step_by(inputs).for_each(|weight| *weight = 0.0);
                }
                let found = product(&weights, inputs, &x, &bias);
                assert_eq!(found.len(), rows * outputs);
                let [fixed, floats] = [found, of_floats(&weights, inputs, &x, &bias)]
                    .map(|found| error(&found, &weights, inputs, &x, &bias));
                assert!(
                    fixed < most * floats,
                    "{inputs} inputs, {outlier} every {step}: {fixed:e}, that of floats is {floats:e}"
                );
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
    fn too_many_inputs_are_left_to_floats_and_no_outputs_are_none() {
        let matrix = |inputs| Matrix::new([inputs, 1], &Pages::default(), |_, _| {}).unwrap();
        assert!(product(&[], 70, &noise(1, 140), &[]).is_empty());
        assert!(matrix(MOST_INPUTS + 1).is_none() && matrix(0).is_none() && matrix(MOST_INPUTS).is_some());
    }
}
