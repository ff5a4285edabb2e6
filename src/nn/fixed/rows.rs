//! Numbers as digits.

use rayon::prelude::*;

use super::{BASE, DEPTH, DIGITS, TILE};
use crate::nn::amx::Line;
use crate::nn::host;
use crate::nn::vector::{magnitude, vectorised, whole_digit};

/// Rows of activations, each in fixed point with a scale of its own.
#[derive(Debug, Default)]
pub(in crate::nn) struct Rows {
    /// Tile by tile; what is missing to a whole one is zero. `[tiles, depth / 64, DIGITS, TILE]`
    pub(super) lines: Vec<Line>,
    /// What one of the first digit is worth, for each row.
    pub(super) scales: Vec<f32>,
}

impl Rows {
    /// Rows of so many inputs.
    ///
    /// A row with a value that is not finite gets a scale that is not a number, and so do all its outputs.
    pub(in crate::nn) fn new(x: &[f32], inputs: usize) -> Self {
        let tile = inputs.div_ceil(DEPTH) * DIGITS * TILE;
        let count = x.len().checked_div(inputs).unwrap_or_default();
        let mut rows = Self { lines: vec![Line::ZERO; count.div_ceil(TILE) * tile], scales: vec![0.0; count] };
        let (tile, inputs) = (tile.max(1), inputs.max(1));
        if host::is_large(16 * x.len()) {
            let places = rows.lines.par_chunks_mut(tile).zip(rows.scales.par_chunks_mut(TILE));
            places
                .zip(x.par_chunks(TILE * inputs))
                .for_each(|((lines, scales), x)| split_rows(x, inputs, lines, scales));
        } else {
            let places = rows.lines.chunks_mut(tile).zip(rows.scales.chunks_mut(TILE));
            places.zip(x.chunks(TILE * inputs)).for_each(|((lines, scales), x)| split_rows(x, inputs, lines, scales));
        }
        rows
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.scales.len()
    }
}

vectorised! {
    /// The rows of a tile.
    fn split_rows(x: &[f32], inputs: usize, lines: &mut [Line], scales: &mut [f32]) {
        for ((row, x), scale) in x.chunks_exact(inputs).enumerate().zip(scales) {
            *scale = split(x, |step, digit, line| lines[(step * DIGITS + digit) * TILE + row] = line);
        }
    }
}

/// Hands out the digits of numbers, [`DEPTH`] at a time with the number of the step and of the digit; returns what one of the
/// first digit is worth.
#[inline(always)]
pub(super) fn split(x: &[f32], mut place: impl FnMut(usize, usize, Line)) -> f32 {
    let greatest = magnitude(x);
    if !greatest.is_finite() {
        return f32::NAN;
    }
    // Numbers so small that the quotient is infinite are nothing.
    let steps = if greatest > 1e-30 { 127.0 / greatest } else { 0.0 };
    for (step, x) in x.chunks(DEPTH).enumerate() {
        let mut rest = [0.0; DEPTH];
        rest.iter_mut().zip(x).for_each(|(rest, x)| *rest = x * steps);
        for digit in 0..DIGITS {
            let mut line = Line::ZERO;
            for (rest, place) in rest.iter_mut().zip(&mut line.0) {
                let (whole, last) = whole_digit(*rest);
                *place = last;
                *rest = (*rest - whole) * BASE;
            }
            place(step, digit, line);
        }
    }
    greatest / 127.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::noise;

    #[test]
    fn digits_are_worth_the_numbers() {
        let inputs = 131;
        let mut x = noise(1, 20 * inputs);
        x[..4].copy_from_slice(&[0.5, -1.0, 0.0, 1.0]);
        x[inputs..2 * inputs].iter_mut().for_each(|x| *x *= 1e-20);
        x[2 * inputs..3 * inputs].fill(0.0);
        let rows = Rows::new(&x, inputs);
        assert_eq!((rows.len(), rows.lines.len()), (20, 2 * 3 * DIGITS * TILE));
        for (row, x) in x.chunks_exact(inputs).enumerate() {
            let greatest = f64::from(magnitude(x));
            for (input, x) in x.iter().enumerate() {
                let digit = |digit: usize| {
                    let line = ((row / TILE * 3 + input / DEPTH) * DIGITS + digit) * TILE + row % TILE;
                    f64::from(rows.lines[line].0[input % DEPTH]) / f64::from(BASE).powi(digit as i32)
                };
                let value = (digit(0) + digit(1) + digit(2)) * f64::from(rows.scales[row]);
                // Half of the last digit's worth, and the rounding of quotients.
                assert!((value - f64::from(*x)).abs() <= greatest * 2f64.powi(-22), "{row} {input}: {value} {x}");
            }
        }
    }
}
