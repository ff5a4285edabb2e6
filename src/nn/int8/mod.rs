//! Products with weights of eight-bit integers on the CPU.
//!
//! Weights are rounded by output, once, when they are loaded; activations by row, at each use; the scales are those of the
//! greatest value. Sums are exact in 32-bit integers, and what follows is done in one order by all kernels, so the result
//! is the same to the last bit on every machine, in any batch and with any number of threads.
//!
//! The scheme is that of <https://arxiv.org/abs/1712.05877> with symmetric ranges, as CTranslate2 and Marian use it.

#[cfg(target_arch = "x86_64")]
mod amx;
mod kernel;
mod matrix;
#[cfg(target_arch = "aarch64")]
mod neon;
mod rows;
#[cfg(target_arch = "x86_64")]
mod x86;

use super::panels::{COLUMNS, ROWS};
pub use kernel::Kernel;
pub(super) use matrix::{After, Matrix};
pub(super) use rows::Rows;

/// A panel is two vectors of 16 sums, or two tiles; the rows that a kernel takes at a time are two tiles at most.
const _: () = assert!(COLUMNS == 32 && ROWS == 32);

/// Inputs that a kernel takes at a time; what is missing to a multiple of it is zero. The height of a tile of weights.
const DEPTH: usize = 64;

/// What is added to weights so that they are unsigned, as the instructions for dot products want one factor to be.
const OFFSET: i32 = 128;

/// The greatest number of inputs for which no sum overflows: `127 * 255` for each.
pub(super) const MOST_INPUTS: usize = (i32::MAX / (127 * 255)) as usize / DEPTH * DEPTH;

/// The inner products of some rows and a panel of weights. `[ROWS, COLUMNS]`
type Sums = [[i32; COLUMNS]; ROWS];
