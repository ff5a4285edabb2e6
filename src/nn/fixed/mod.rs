//! Products in single precision by the integer tiles of AMX, which multiply thirty-two times as many numbers in a cycle as
//! AVX-512 multiplies floats.
//!
//! A number is the greatest of its row, or of its output, times a fraction in fixed point: three digits of eight bits, a step
//! of which is about 2⁻²³ of the greatest. Digits are multiplied with digits and their sums are exact but for the products of
//! the two last digits, which are left out; the four sums, one for each place value, are put together in floats. A row's
//! result is the same to the last bit in any batch.
//!
//! Where numbers are of a size, products are nearer to those of double precision than those of floats, which are rounded at
//! each addition. Activations that are far greater than those beside them would cost these their last digits; they become a
//! row of their own ([`Rows`]), and products stay about as near as those of floats. Weights do not: in an output with one
//! weight a thousand times as great as the others, these lose three of seven decimal digits.
//!
//! The idea is that of Ozaki's scheme on integer units (<https://arxiv.org/abs/2306.11975>).

mod matrix;
mod rows;
mod tiles;

pub(super) use matrix::Matrix;
pub(super) use rows::Rows;

/// Digits of a number, the most significant first.
const DIGITS: usize = 3;

/// What a digit is worth in the next one. A digit is -127 to 127, so half of this is the greatest one.
const BASE: f32 = 254.0;

/// Inputs of a tile.
const DEPTH: usize = 64;

/// Rows of a tile of rows, and outputs of a tile of weights.
use super::amx::TILE;

/// The greatest number of inputs for which no sum overflows: three products of digits for each.
const MOST_INPUTS: usize = (i32::MAX / (3 * 127 * 127)) as usize / DEPTH * DEPTH;

/// For some rows and outputs the sums of products of digits, by what they are worth: those of the first digits, and then
/// what is worth one digit less each.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Sums([[[i32; TILE]; TILE]; 4]);

impl Sums {
    const ZERO: Self = Self([[[0; TILE]; TILE]; 4]);
}

/// Whether this machine computes products so.
pub(super) fn is_fast() -> bool {
    tiles::is_there()
}
