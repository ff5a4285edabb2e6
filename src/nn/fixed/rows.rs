//! Numbers as digits.

use rayon::prelude::*;

use super::{BASE, DEPTH, DIGITS, TILE};
use crate::nn::amx::Line;
use crate::nn::host;
use crate::nn::vector::{magnitude, sum, vectorised, whole_digit};

/// Rows of activations, each in fixed point with a scale of its own.
///
/// Where some numbers of a row are far greater than the others, which then would lose their last digits, those few become a
/// row of their own behind all others. Its outputs are to be added to those of the row.
#[derive(Debug, Default)]
pub(in crate::nn) struct Rows {
    /// Tile by tile; what is missing to a whole one is zero. `[tiles, depth / 64, DIGITS, TILE]`
    pub(super) lines: Vec<Line>,
    /// What one of the first digit is worth, for each row.
    pub(super) scales: Vec<f32>,
    /// The rows to which those behind the others belong.
    pub(super) apart: Vec<usize>,
}

impl Rows {
    /// Rows of so many inputs.
    ///
    /// A row with a value that is not finite gets a scale that is not a number, and so do all its outputs.
    pub(in crate::nn) fn new(x: &[f32], inputs: usize) -> Self {
        let tile = inputs.div_ceil(DEPTH) * DIGITS * TILE;
        let count = x.len().checked_div(inputs).unwrap_or_default();
        let is_large = host::is_large(16 * x.len());
        let inputs = inputs.max(1);
        // What absolute values must exceed to be set apart, for each row.
        let mut limits = vec![0.0; count];
        match is_large {
            true => limits.par_iter_mut().zip(x.par_chunks(inputs)).for_each(|(limit, x)| *limit = limit_of(x)),
            false => limits.iter_mut().zip(x.chunks(inputs)).for_each(|(limit, x)| *limit = limit_of(x)),
        }
        let apart: Vec<_> = (0..count).filter(|row| limits[*row] < f32::INFINITY).collect();
        let all = count + apart.len();
        let mut rows = Self { lines: vec![Line::ZERO; all.div_ceil(TILE) * tile], scales: vec![0.0; all], apart };
        let Self { lines, scales, apart } = &mut rows;
        let row = |row: usize| match row.checked_sub(count) {
            None => (row, false),
            Some(i) => (apart[i], true),
        };
        let split_tile = |(i, (lines, scales)): (usize, (&mut [Line], &mut [f32]))| {
            for (place, scale) in scales.iter_mut().enumerate() {
                let (row, far) = row(i * TILE + place);
                let x = &x[row * inputs..(row + 1) * inputs];
                let limit = limits[row];
                *scale = match limit < f32::INFINITY {
                    false => split_row(x, place, lines),
                    true => {
                        let keep = |x: &f32| if (x.abs() > limit) == far { *x } else { 0.0 };
                        split_row(&x.iter().map(keep).collect::<Vec<_>>(), place, lines)
                    }
                };
            }
        };
        let tile = tile.max(1);
        match is_large {
            true => lines.par_chunks_mut(tile).zip(scales.par_chunks_mut(TILE)).enumerate().for_each(split_tile),
            false => lines.chunks_mut(tile).zip(scales.chunks_mut(TILE)).enumerate().for_each(split_tile),
        }
        rows
    }

    /// Number of rows, without those that are set apart.
    pub(super) fn count(&self) -> usize {
        self.scales.len() - self.apart.len()
    }

    /// Number of rows with those that are set apart.
    pub(super) fn len(&self) -> usize {
        self.scales.len()
    }
}

vectorised! {
    /// What absolute values in a row must exceed to be set apart; infinite if none does, or if one of them is not finite.
    ///
    /// The mean of `n` numbers that are not zero, times the root of `n`. As long as the greatest is not above it, what the
    /// others lose is less than what floats lose that add up as many products, also where the greatest's weights are zero.
    fn limit_of(x: &[f32]) -> f32 {
        let count = sum(x, |x| if x == 0.0 { 0.0 } else { 1.0 });
        let (limit, greatest) = (sum(x, f32::abs) / count.max(1.0).sqrt(), magnitude(x));
        // What is no number is not less than anything.
        if limit < greatest && greatest.is_finite() { limit } else { f32::INFINITY }
    }
}

vectorised! {
    fn split_row(x: &[f32], row: usize, lines: &mut [Line]) -> f32 {
        split(x, |step, digit, line| lines[(step * DIGITS + digit) * TILE + row] = line)
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
    // So small a row counts as zero: with one not much smaller the quotient would overflow.
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

    /// What the digits of a row are worth.
    fn values(rows: &Rows, row: usize, inputs: usize) -> Vec<f64> {
        let value = |input: usize| {
            let digit = |digit: usize| {
                let line = ((row / TILE * inputs.div_ceil(DEPTH) + input / DEPTH) * DIGITS + digit) * TILE + row % TILE;
                f64::from(rows.lines[line].0[input % DEPTH]) / f64::from(BASE).powi(digit as i32)
            };
            (digit(0) + digit(1) + digit(2)) * f64::from(rows.scales[row])
        };
        (0..inputs).map(value).collect()
    }

    #[test]
    fn what_is_far_greater_than_the_rest_is_set_apart() {
        let (inputs, count) = (200, 18);
        let mut x = noise(1, count * inputs);
        for row in [3, 17] {
            (x[row * inputs + 5], x[row * inputs + 190]) = (900.0, -1000.0);
        }
        x[4 * inputs] = f32::INFINITY;
        let rows = Rows::new(&x, inputs);
        assert_eq!((rows.count(), rows.len(), &*rows.apart), (18, 20, &[3, 17][..]));
        for (i, row) in [3, 17].into_iter().enumerate() {
            let (near, far) = (values(&rows, row, inputs), values(&rows, count + i, inputs));
            for (input, x) in x[row * inputs..(row + 1) * inputs].iter().enumerate() {
                let (greatest, value) = if x.abs() > 1.0 { (1000.0, far[input]) } else { (1.0, near[input]) };
                assert!((value - f64::from(*x)).abs() <= greatest * 2f64.powi(-22));
                assert!(near[input] == 0.0 || far[input] == 0.0);
            }
        }
        assert!(rows.scales[4].is_nan());
    }

    #[test]
    fn digits_are_worth_the_numbers() {
        let inputs = 131;
        let mut x = noise(1, 20 * inputs);
        x[..4].copy_from_slice(&[0.5, -1.0, 0.0, 1.0]);
        x[inputs..2 * inputs].iter_mut().for_each(|x| *x *= 1e-20);
        x[2 * inputs..3 * inputs].fill(0.0);
        let rows = Rows::new(&x, inputs);
        assert_eq!((rows.len(), rows.lines.len(), rows.apart.len()), (20, 2 * 3 * DIGITS * TILE, 0));
        for (row, x) in x.chunks_exact(inputs).enumerate() {
            let greatest = f64::from(magnitude(x));
            for (value, x) in values(&rows, row, inputs).into_iter().zip(x) {
                // Half of the last digit's worth, and the rounding of quotients.
                assert!((value - f64::from(*x)).abs() <= greatest * 2f64.powi(-22), "{row}: {value} {x}");
            }
        }
    }
}
