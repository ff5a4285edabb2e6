//! Activations as eight-bit integers.

use super::DEPTH;
use crate::nn::vector::{magnitude, vectorised, whole};

/// Rows of activations, each rounded with a scale of its own.
#[derive(Debug, Default)]
pub(in crate::nn) struct Rows {
    /// From a row to the next: its inputs with the zeros after them. The rows of a tile must not all fall into one place of
    /// the cache, as they would at a distance of 4096.
    pub(super) stride: usize,
    /// `[rows, stride]`
    pub(super) values: Vec<i8>,
    /// What one step is worth, for each row.
    pub(super) scales: Vec<f32>,
    /// The sum of each row.
    pub(super) totals: Vec<i32>,
}

impl Rows {
    /// Rounds rows of so many inputs.
    ///
    /// A row with a value that is not finite gets a scale that is not a number, and so do all its outputs.
    pub(in crate::nn) fn round(x: &[f32], inputs: usize) -> Self {
        let padded = inputs.next_multiple_of(DEPTH);
        let stride = padded + if (padded + DEPTH).is_multiple_of(4096) { 2 * DEPTH } else { DEPTH };
        let count = x.len().checked_div(inputs).unwrap_or_default();
        let mut rows =
            Self { stride, values: vec![0; count * stride], scales: vec![0.0; count], totals: vec![0; count] };
        round_all(x, inputs, &mut rows);
        rows
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.scales.len()
    }
}

vectorised! {
    fn round_all(x: &[f32], inputs: usize, rows: &mut Rows) {
        let values = rows.values.chunks_exact_mut(rows.stride);
        let places = values.zip(&mut rows.scales).zip(&mut rows.totals);
        for (x, ((values, scale), total)) in x.chunks_exact(inputs.max(1)).zip(places) {
            *scale = round(x, &mut values[..inputs]);
            *total = values[..inputs].iter().map(|value| i32::from(*value)).sum();
        }
    }
}

/// Rounds to whole steps, half to even; returns what a step is worth.
#[inline(always)]
pub(super) fn round(x: &[f32], values: &mut [i8]) -> f32 {
    let greatest = magnitude(x);
    if !greatest.is_finite() {
        values.fill(0);
        return f32::NAN;
    }
    // A row so small that the quotient is infinite is nothing.
    let steps = if greatest > 1e-30 { 127.0 / greatest } else { 0.0 };
    values.iter_mut().zip(x).for_each(|(value, x)| *value = whole(x * steps) as i8);
    greatest / 127.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_rounded_to_the_nearest_step_of_their_row() {
        let x = [1.27, -0.63, 0.0, 0.004, 0.006, 12.7, -12.7, 0.04, 0.149, 0.151];
        let rows = Rows::round(&x, 5);
        assert_eq!(rows.values[..6], [127, -63, 0, 0, 1, 0]);
        assert_eq!(rows.values[rows.stride..][..6], [127, -127, 0, 1, 2, 0]);
        assert_eq!(rows.totals, [65, 3]);
        assert!((rows.scales[0] - 0.01).abs() < 1e-9 && (rows.scales[1] - 0.1).abs() < 1e-8);
    }

    #[test]
    fn nothing_gives_nothing_and_what_is_no_number_spoils_its_row_alone() {
        let x = [0.0, 0.0, f32::NAN, 1.0, 1.0, f32::INFINITY, -2.0, 1.0, 1e-38, 0.0];
        let rows = Rows::round(&x, 2);
        assert_eq!(rows.scales[0], 0.0);
        assert!(rows.scales[1].is_nan() && rows.scales[2].is_nan());
        assert_eq!(rows.values[3 * rows.stride..][..2], [-127, 64]);
        assert_eq!(rows.values[4 * rows.stride], 0);
    }
}
