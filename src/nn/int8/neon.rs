//! Sums with the vector instructions of AArch64.

use core::arch::aarch64::*;
use core::arch::asm;

use super::kernel::Block;
use super::{COLUMNS, OFFSET, Sums};

/// Bytes of a step: four inputs of every output.
const STEP: usize = 4 * COLUMNS;

/// With what every AArch64 processor has.
///
/// # Safety
/// The block was checked.
pub(super) unsafe fn neon(block: &Block, sums: &mut Sums) {
    let mut row = 0;
    while row < block.len() {
        // SAFETY: as the caller says; there are so many rows left.
        row += unsafe {
            match block.len() - row {
                1 => neon_rows::<1>(block, row, sums),
                _ => neon_rows::<2>(block, row, sums),
            }
        };
    }
}

/// Products of eight bits are widened to sixteen, and added in pairs to sums of 32: of each output two lie side by side.
unsafe fn neon_rows<const N: usize>(block: &Block, first: usize, sums: &mut Sums) -> usize {
    // Half of the outputs at a time: eight accumulators a row.
    for half in 0..2 {
        // SAFETY: `Pass` made sure that there are so many rows, inputs and weights.
        unsafe {
            let mut totals = [[vdupq_n_s32(0); 8]; N];
            let panel = block.panel.as_ptr().add(half * STEP / 2);
            for step in 0..block.depth / 4 {
                for part in 0..4 {
                    let weights = vld1q_u8(panel.add(step * STEP + 16 * part));
                    let weights = vreinterpretq_s8_u8(veorq_u8(weights, vdupq_n_u8(OFFSET as u8)));
                    for (i, totals) in totals.iter_mut().enumerate() {
                        let row = four(block, first + i, step);
                        let low = vmull_s8(vget_low_s8(weights), vget_low_s8(row));
                        totals[2 * part] = vpadalq_s16(totals[2 * part], low);
                        totals[2 * part + 1] = vpadalq_s16(totals[2 * part + 1], vmull_high_s8(weights, row));
                    }
                }
            }
            for (totals, sums) in totals.iter().zip(&mut sums[first..]) {
                for part in 0..4 {
                    let place = sums.as_mut_ptr().add(16 * half + 4 * part);
                    vst1q_s32(place, vpaddq_s32(totals[2 * part], totals[2 * part + 1]));
                }
            }
        }
    }
    N
}

/// With the dot products of ARMv8.2.
///
/// # Safety
/// The processor has them, and the block was checked.
#[target_feature(enable = "neon,dotprod")]
pub(super) unsafe fn dot(block: &Block, sums: &mut Sums) {
    let mut row = 0;
    while row < block.len() {
        // SAFETY: as the caller says; there are so many rows left.
        row += unsafe {
            match block.len() - row {
                1 => dot_rows::<1>(block, row, sums),
                _ => dot_rows::<2>(block, row, sums),
            }
        };
    }
}

#[target_feature(enable = "neon,dotprod")]
unsafe fn dot_rows<const N: usize>(block: &Block, first: usize, sums: &mut Sums) -> usize {
    // SAFETY: `Pass` made sure that there are so many rows, inputs and weights.
    unsafe {
        let mut totals = [[vdupq_n_s32(0); 8]; N];
        let panel = block.panel.as_ptr();
        for step in 0..block.depth / 4 {
            for part in 0..8 {
                let weights = vld1q_u8(panel.add(step * STEP + 16 * part));
                let weights = vreinterpretq_s8_u8(veorq_u8(weights, vdupq_n_u8(OFFSET as u8)));
                for (i, totals) in totals.iter_mut().enumerate() {
                    let row = four(block, first + i, step);
                    // In assembly, because the intrinsic is in the nightly versions of Rust only
                    // (<https://github.com/rust-lang/rust/issues/117224>).
                    asm!("sdot {0:v}.4s, {1:v}.16b, {2:v}.16b", inout(vreg) totals[part], in(vreg) weights, in(vreg) row,
                        options(pure, nomem, nostack, preserves_flags));
                }
            }
        }
        for (totals, sums) in totals.iter().zip(&mut sums[first..]) {
            for (part, total) in totals.iter().enumerate() {
                vst1q_s32(sums.as_mut_ptr().add(4 * part), *total);
            }
        }
    }
    N
}

/// Four inputs of a row, four times.
#[inline(always)]
unsafe fn four(block: &Block, row: usize, step: usize) -> int8x16_t {
    // SAFETY: as for the callers.
    unsafe {
        let place = block.rows.as_ptr().add(row * block.stride + 4 * step);
        vreinterpretq_s8_s32(vdupq_n_s32(place.cast::<i32>().read_unaligned()))
    }
}
