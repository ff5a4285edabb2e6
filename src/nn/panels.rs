//! What products with weights have in common: weights lie in panels of outputs, and threads share rows or panels.

use std::ops::Range;

use rayon::prelude::*;

use super::vector::LANES;

/// Outputs that lie together in a panel.
pub(super) const COLUMNS: usize = 32;

/// Rows that go through all panels together.
pub(super) const ROWS: usize = 32;

/// Bytes of weights that stay in a core's second cache while rows pass them.
pub(super) const GROUP: usize = 1 << 20;

/// The biases from `first` on, zeros where there are none.
#[inline(always)]
pub(super) fn biases<const N: usize>(values: Option<&[f32]>, first: usize) -> [f32; N] {
    let mut bias = [0.0; N];
    if let Some(values) = values {
        let width = N.min(values.len() - first);
        bias[..width].copy_from_slice(&values[first..first + width]);
    }
    bias
}

/// Where the outputs of a product go: rows of so many values.
#[derive(Clone, Copy)]
pub(super) struct Out {
    values: *mut f32,
    width: usize,
}

// SAFETY: every part of a product writes places of its own.
unsafe impl Send for Out {}
// SAFETY: as above.
unsafe impl Sync for Out {}

impl Out {
    /// Writes outputs of a row from `first` on, as many of them as there are.
    ///
    /// # Safety
    /// The row is one of the product, and `first` an output of it; no other thread writes these outputs in it.
    #[inline(always)]
    pub(super) unsafe fn write<const N: usize>(self, row: usize, first: usize, y: [f32; N]) {
        const { assert!(N.is_multiple_of(LANES)) }
        // SAFETY: row and columns lie in the room that `product` made; the rest is as the caller says.
        unsafe {
            let place = self.values.add(row * self.width + first);
            if self.width - first >= N {
                // Vector by vector: as a whole they would be copied by a function that copies any number of bytes.
                for (i, y) in y.as_chunks::<LANES>().0.iter().enumerate() {
                    place.add(i * LANES).cast::<[f32; LANES]>().write_unaligned(*y);
                }
            } else {
                std::ptr::copy_nonoverlapping(y.as_ptr(), place, self.width - first);
            }
        }
    }
}

/// How threads share a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// Not at all: it takes no longer than waking a thread.
    Nothing,
    /// Each takes some panels with all rows: where rows are few, or cheaper to read than weights.
    Panels,
    /// Each takes some rows with all panels.
    Rows,
}

impl Share {
    /// Panels if each thread would have less than a few blocks of rows, else rows.
    pub(super) fn of(rows: usize, takes_long: bool) -> Self {
        match rayon::current_num_threads() {
            threads if threads < 2 || !takes_long => Self::Nothing,
            threads if rows < 2 * ROWS * threads => Self::Panels,
            _ => Self::Rows,
        }
    }
}

/// The outputs of a product, into `y`, whose memory is used again. `[rows, outputs]`
///
/// `part` computes some rows for some panels; together the parts are all of them, and none is there twice.
///
/// # Safety
/// `part` writes every row that it gets in every panel that it gets.
pub(super) unsafe fn product(
    [rows, outputs]: [usize; 2],
    share: Share,
    y: &mut Vec<f32>,
    part: impl Fn(Range<usize>, Range<usize>, Out) + Sync,
) {
    y.clear();
    y.reserve(rows * outputs);
    let out = Out { values: y.as_mut_ptr(), width: outputs };
    let (panels, threads) = (outputs.div_ceil(COLUMNS), rayon::current_num_threads());
    // With many rows threads finish their parts at different times, so there are more parts than threads.
    let parts = if rows < 2 * ROWS * threads { threads } else { 4 * threads };
    match share {
        Share::Nothing => part(0..rows, 0..panels, out),
        Share::Panels => {
            let size = panels.div_ceil(parts).max(1);
            let starts = (0..panels).into_par_iter().step_by(size);
            starts.for_each(|start| part(0..rows, start..(start + size).min(panels), out));
        }
        Share::Rows => {
            let size = rows.div_ceil(ROWS).div_ceil(parts).max(1) * ROWS;
            let starts = (0..rows).into_par_iter().step_by(size);
            starts.for_each(|start| part(start..(start + size).min(rows), 0..panels, out));
        }
    }
    // SAFETY: the parts wrote all places, as the caller says.
    unsafe { y.set_len(rows * outputs) };
}
