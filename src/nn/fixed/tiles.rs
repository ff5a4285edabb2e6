//! Sums of products of digits with the tiles of AMX.

use super::{DIGITS, Sums, TILE};
use crate::nn::amx::{self, Line};

pub(super) use amx::is_there;

/// Lines of a tile of rows, or of weights, for one step.
pub(super) const STEP: usize = DIGITS * TILE;

/// What a thread computes a product with.
#[derive(Default)]
pub(super) struct Worker {
    #[cfg(target_arch = "x86_64")]
    tiles: amx::Tiles,
}

/// A tile of rows and the weights of as many outputs.
#[cfg_attr(
    not(target_arch = "x86_64"),
    allow(dead_code, reason = "only tiles need to know of counts and what is next")
)]
pub(super) struct Block<'a> {
    /// `[depth / 64, DIGITS, TILE]`
    pub(super) rows: &'a [Line],
    /// Four inputs of an output lie together, and then come those of the next. `[depth / 64, DIGITS, TILE]`
    pub(super) weights: &'a [Line],
    /// How many rows there are, at least one. Sums of others have no meaning.
    pub(super) count: usize,
    /// What is to be fetched meanwhile: so many lines at each step, from here on.
    pub(super) ahead: (Ahead, *const Line),
}

/// How much is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    /// Nothing.
    None,
    /// An eighth of what is used.
    Eighth,
    /// A quarter.
    Quarter,
    /// Half.
    Half,
    /// As much as is used.
    All,
}

impl Ahead {
    /// Lines at each step.
    pub(super) const fn lines(self) -> usize {
        match self {
            Self::None => 0,
            Self::Eighth => STEP / 8,
            Self::Quarter => STEP / 4,
            Self::Half => STEP / 2,
            Self::All => STEP,
        }
    }
}

impl Worker {
    /// The sums of a block.
    pub(super) fn multiply(&mut self, block: &Block, sums: &mut Sums) {
        assert!(block.rows.len() == block.weights.len() && block.rows.len().is_multiple_of(STEP));
        assert!(!block.rows.is_empty() && block.count > 0);
        #[cfg(target_arch = "x86_64")]
        if is_there() {
            let rows = block.count.min(TILE) as u8;
            // SAFETY: tiles are there, nobody else in this thread uses them, they have the shapes for these rows, and as
            // many steps of rows and weights are there as are multiplied.
            unsafe {
                // Tiles 0 to 3 are sums, 4 is of rows and the others are of weights.
                self.tiles.configure([rows, rows, rows, rows, rows, TILE as u8, TILE as u8, TILE as u8]);
                match block.ahead.0 {
                    Ahead::None => multiply::<{ Ahead::None.lines() }>(block, sums),
                    Ahead::Eighth => multiply::<{ Ahead::Eighth.lines() }>(block, sums),
                    Ahead::Quarter => multiply::<{ Ahead::Quarter.lines() }>(block, sums),
                    Ahead::Half => multiply::<{ Ahead::Half.lines() }>(block, sums),
                    Ahead::All => multiply::<{ Ahead::All.lines() }>(block, sums),
                }
            }
            return;
        }
        portable(block, sums);
    }
}

/// Six tiles are loaded for eight products, those of the last two digits left out.
#[cfg(target_arch = "x86_64")]
unsafe fn multiply<const AHEAD: usize>(block: &Block, sums: &mut Sums) {
    use core::arch::asm;
    // SAFETY: as the caller says; what is fetched ahead may lie anywhere.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "2:",
            "tileloadd tmm5, [{weights} + {width}]",
            "tileloadd tmm4, [{rows} + {width}]",
            "tdpbssd tmm0, tmm4, tmm5",
            "tileloadd tmm6, [{weights} + {width} + 1024]",
            "tdpbssd tmm1, tmm4, tmm6",
            "tileloadd tmm7, [{weights} + {width} + 2048]",
            "tdpbssd tmm2, tmm4, tmm7",
            "tileloadd tmm4, [{rows} + {width} + 1024]",
            "tdpbssd tmm3, tmm4, tmm7",
            "tdpbssd tmm1, tmm4, tmm5",
            "tdpbssd tmm2, tmm4, tmm6",
            "tileloadd tmm4, [{rows} + {width} + 2048]",
            "tdpbssd tmm3, tmm4, tmm6",
            "tdpbssd tmm2, tmm4, tmm5",
            ".set mujaz_line, 0",
            ".rept {lines}",
            "prefetcht1 [{ahead} + mujaz_line]",
            ".set mujaz_line, mujaz_line + 64",
            ".endr",
            "add {rows}, 3072",
            "add {weights}, 3072",
            "add {ahead}, 64 * {lines}",
            "dec {count}",
            "jnz 2b",
            "tilestored [{sums} + {width}], tmm0",
            "tilestored [{sums} + {width} + 1024], tmm1",
            "tilestored [{sums} + {width} + 2048], tmm2",
            "tilestored [{sums} + {width} + 3072], tmm3",
            rows = inout(reg) block.rows.as_ptr() => _,
            weights = inout(reg) block.weights.as_ptr() => _,
            ahead = inout(reg) block.ahead.1 => _,
            count = inout(reg) block.rows.len() / STEP => _,
            width = in(reg) size_of::<Line>(),
            sums = in(reg) sums.0.as_mut_ptr(),
            lines = const AHEAD,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// The same without special instructions: what tiles are held against.
fn portable(block: &Block, sums: &mut Sums) {
    *sums = Sums::ZERO;
    let steps = block.rows.chunks_exact(STEP).zip(block.weights.chunks_exact(STEP));
    for (rows, weights) in steps {
        for (of_row, rows) in rows.chunks_exact(TILE).enumerate() {
            for (of_weight, weights) in weights.chunks_exact(TILE).enumerate().filter(|(digit, _)| of_row + digit < 4) {
                for (row, sums) in rows.iter().zip(&mut sums.0[of_row + of_weight]) {
                    for (x, weights) in row.0.as_chunks::<4>().0.iter().zip(weights) {
                        for (weights, sum) in weights.0.as_chunks::<4>().0.iter().zip(sums.iter_mut()) {
                            *sum += x.iter().zip(weights).map(|(x, w)| i32::from(*x) * i32::from(*w)).sum::<i32>();
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DEPTH, MOST_INPUTS};
    use super::*;
    use crate::nn::noise;

    #[test]
    fn sums_are_those_of_the_products_of_digits() {
        let lines = |seed, steps: usize| -> Vec<Line> {
            let digits: Vec<i8> = noise(seed, steps * STEP * DEPTH).iter().map(|x| (x * 127.0) as i8).collect();
            digits.as_chunks().0.iter().map(|line| Line(*line)).collect()
        };
        for steps in [1, 2, 9] {
            let (rows, weights) = (lines(1, steps), lines(2, steps));
            let x = |digit: usize, row: usize, input: usize| {
                i64::from(rows[(input / DEPTH * DIGITS + digit) * TILE + row].0[input % DEPTH])
            };
            let weight = |digit: usize, output: usize, input: usize| {
                let line = (input / DEPTH * DIGITS + digit) * TILE + input % DEPTH / 4;
                i64::from(weights[line].0[4 * output + input % 4])
            };
            let mut expected = [[[0; TILE]; TILE]; 4];
            for (of_row, of_weight) in [(0, 0), (0, 1), (1, 0), (0, 2), (1, 1), (2, 0), (1, 2), (2, 1)] {
                for (row, sums) in expected[of_row + of_weight].iter_mut().enumerate() {
                    for (output, sum) in sums.iter_mut().enumerate() {
                        let inputs = 0..steps * DEPTH;
                        *sum += inputs.map(|i| x(of_row, row, i) * weight(of_weight, output, i)).sum::<i64>();
                    }
                }
            }
            let mut worker = Worker::default();
            for count in [16, 1, 7] {
                for ahead in [Ahead::None, Ahead::Eighth, Ahead::Quarter, Ahead::Half, Ahead::All] {
                    let block = Block { rows: &rows, weights: &weights, count, ahead: (ahead, weights.as_ptr()) };
                    let mut all = [Sums::ZERO; 2];
                    worker.multiply(&block, &mut all[0]);
                    portable(&block, &mut all[1]);
                    for found in all {
                        for (found, expected) in found.0.iter().zip(&expected) {
                            let found = found.map(|sums| sums.map(i64::from));
                            assert_eq!(found[..count], expected[..count], "{steps} steps, {count} rows");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_greatest_sums_do_not_overflow() {
        let steps = MOST_INPUTS / DEPTH;
        let (rows, weights) = (vec![Line([127; 64]); steps * STEP], vec![Line([-127; 64]); steps * STEP]);
        let mut sums = Sums::ZERO;
        let block = Block { rows: &rows, weights: &weights, count: 1, ahead: (Ahead::None, weights.as_ptr()) };
        Worker::default().multiply(&block, &mut sums);
        let products = [1, 2, 3, 2].map(|products| -127 * 127 * products * MOST_INPUTS as i32);
        assert_eq!([0, 1, 2, 3].map(|i| sums.0[i][0][0]), products);
    }
}
