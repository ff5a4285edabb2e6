//! What products with weights have in common: weights lie in panels of outputs, and threads share rows or panels.

use std::ops::Range;

use rayon::prelude::*;

use super::vector::LANES;

/// Outputs that lie together in a panel.
pub(super) const COLUMNS: usize = 32;

/// Rows that go through all panels together.
pub(super) const ROWS: usize = 32;

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

/// The outputs of a product, into `y`, whose memory is used again. `[rows, outputs]`
///
/// `part` computes some rows for some panels; together the parts are all of them, and none is there twice. `takes_long` says
/// whether the whole takes much longer than waking a thread.
///
/// # Safety
/// `part` writes every row that it gets in every panel that it gets.
pub(super) unsafe fn product(
    [rows, outputs]: [usize; 2],
    takes_long: bool,
    y: &mut Vec<f32>,
    part: impl Fn(Range<usize>, Range<usize>, Out) + Sync,
) {
    y.clear();
    y.reserve(rows * outputs);
    let out = Out { values: y.as_mut_ptr(), width: outputs };
    let (panels, threads) = (outputs.div_ceil(COLUMNS), rayon::current_num_threads());
    // Each thread reads a part of the weights and all rows, or all weights and a part of the rows, whichever is less.
    let few = rows < 2 * ROWS * threads || (rows <= outputs && panels >= 4 * threads);
    let parts = if few { panels } else { rows.div_ceil(ROWS) };
    let share = parts.div_ceil(threads * if few { 1 } else { 4 }).max(1);
    if threads > 1 && takes_long && share < parts {
        (0..parts).into_par_iter().step_by(share).for_each(|start| {
            let end = (start + share).min(parts);
            match few {
                true => part(0..rows, start..end, out),
                false => part(start * ROWS..(end * ROWS).min(rows), 0..panels, out),
            }
        });
    } else {
        part(0..rows, 0..panels, out);
    }
    // SAFETY: the parts wrote all places, as the caller says.
    unsafe { y.set_len(rows * outputs) };
}
