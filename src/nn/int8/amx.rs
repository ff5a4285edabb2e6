//! Sums with the tiles of AMX: sixteen rows, sixteen outputs and sixty-four inputs in one instruction.
//!
//! The layout of weights is made for it: a tile of weights is sixteen steps of a panel as they lie.

use core::arch::asm;
use std::cell::Cell;

use super::kernel::Block;
use super::{COLUMNS, DEPTH, Sums};
use crate::nn::amx::{Line, TILE, Tiles};

/// With fewer rows the weights arrive no faster than AVX-512 takes them.
pub(super) const FEWEST_ROWS: usize = 3;

/// How far ahead weights are fetched into the second cache, in bytes. Into the first, which rows fill, it was slower by three
/// percent with 1024 inputs, and no faster with 512.
const AHEAD: usize = 1 << 14;

/// From one row of a tile of weights to the next, in bytes.
const STEP: usize = 4 * COLUMNS;

thread_local! {
    /// Memory for rows, used again from product to product.
    static ROOM: Cell<Vec<Line>> = const { Cell::new(Vec::new()) };
}

/// The tiles of this thread, and the rows that it multiplies.
pub(super) struct Multiplier {
    tiles: Tiles,
    /// Rows tile by tile, each in one piece of memory: a tile of distant rows takes longer to load.
    /// `[tiles, depth / 64, TILE]`
    packed: Vec<Line>,
}

impl Default for Multiplier {
    fn default() -> Self {
        Self { tiles: Tiles::default(), packed: ROOM.take() }
    }
}

impl Drop for Multiplier {
    fn drop(&mut self) {
        ROOM.set(std::mem::take(&mut self.packed));
    }
}

impl Multiplier {
    /// Packs the rows of blocks that follow, and makes the tiles fit them.
    ///
    /// # Safety
    /// Tiles are there, and the block was checked.
    pub(super) unsafe fn take(&mut self, block: &Block) {
        // Tiles 0 to 3 are sums: of the first and the second sixteen rows with each half of the outputs. 4 and 5 are rows, 6
        // and 7 weights.
        let (first, second) = (block.len().min(TILE) as u8, block.len().saturating_sub(TILE) as u8);
        // SAFETY: as the caller says.
        unsafe { self.tiles.configure([first, first, second, second, first, second, TILE as u8, TILE as u8]) };
        let steps = block.depth / DEPTH;
        self.packed.resize(block.len().div_ceil(TILE) * TILE * steps, Line::ZERO);
        let tiles = self.packed.chunks_exact_mut(TILE * steps);
        for (rows, tile) in block.rows.chunks(TILE * block.stride).zip(tiles) {
            for (row, values) in rows.chunks_exact(block.stride).enumerate() {
                let steps = tile.iter_mut().skip(row).step_by(TILE);
                steps.zip(values.as_chunks::<DEPTH>().0).for_each(|(place, values)| place.0 = *values);
            }
        }
    }

    /// The sums still have in them what the offset of the weights has added.
    ///
    /// # Safety
    /// The block was checked, and its rows are those that were taken last.
    pub(super) unsafe fn multiply(&self, block: &Block, sums: &mut Sums) {
        // SAFETY: as the caller says.
        unsafe {
            match (block.len() > TILE, block.cold) {
                (false, false) => one::<0>(block, &self.packed, sums),
                (false, true) => one::<AHEAD>(block, &self.packed, sums),
                (true, false) => two::<0>(block, &self.packed, sums),
                (true, true) => two::<AHEAD>(block, &self.packed, sums),
            }
        }
    }
}

/// Up to sixteen rows.
unsafe fn one<const AHEAD: usize>(block: &Block, packed: &[Line], sums: &mut Sums) {
    // SAFETY: the tiles have the shapes for these rows, which are packed, and `Pass` made sure that all is there
    // that is read; what is fetched ahead may lie anywhere.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "2:",
            "tileloadd tmm4, [{rows} + {width}]",
            "tileloadd tmm6, [{panel} + {step}]",
            "tdpbsud tmm0, tmm4, tmm6",
            "tileloadd tmm7, [{panel} + {step} + 64]",
            "tdpbsud tmm1, tmm4, tmm7",
            ".if {ahead}",
            ".set mujaz_line, 0",
            ".rept 32",
            "prefetcht1 [{panel} + {ahead} + mujaz_line]",
            ".set mujaz_line, mujaz_line + 64",
            ".endr",
            ".endif",
            "add {rows}, 1024",
            "add {panel}, 2048",
            "dec {count}",
            "jnz 2b",
            "tilestored [{sums} + {step}], tmm0",
            "tilestored [{sums} + {step} + 64], tmm1",
            rows = inout(reg) packed.as_ptr() => _,
            panel = inout(reg) block.panel.as_ptr() => _,
            count = inout(reg) block.depth / DEPTH => _,
            width = in(reg) DEPTH,
            step = in(reg) STEP,
            sums = in(reg) sums.as_mut_ptr(),
            ahead = const AHEAD,
            out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// Up to thirty-two rows.
unsafe fn two<const AHEAD: usize>(block: &Block, packed: &[Line], sums: &mut Sums) {
    let place = sums.as_mut_ptr();
    // SAFETY: as for one.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "2:",
            "tileloadd tmm4, [{rows} + {width}]",
            "tileloadd tmm6, [{panel} + {step}]",
            "tdpbsud tmm0, tmm4, tmm6",
            "tileloadd tmm7, [{panel} + {step} + 64]",
            "tdpbsud tmm1, tmm4, tmm7",
            "tileloadd tmm5, [{second} + {width}]",
            "tdpbsud tmm2, tmm5, tmm6",
            "tdpbsud tmm3, tmm5, tmm7",
            ".if {ahead}",
            ".set mujaz_line, 0",
            ".rept 32",
            "prefetcht1 [{panel} + {ahead} + mujaz_line]",
            ".set mujaz_line, mujaz_line + 64",
            ".endr",
            ".endif",
            "add {rows}, 1024",
            "add {second}, 1024",
            "add {panel}, 2048",
            "dec {count}",
            "jnz 2b",
            "tilestored [{sums} + {step}], tmm0",
            "tilestored [{sums} + {step} + 64], tmm1",
            "tilestored [{sums2} + {step}], tmm2",
            "tilestored [{sums2} + {step} + 64], tmm3",
            rows = inout(reg) packed.as_ptr() => _,
            second = inout(reg) packed.as_ptr().add(TILE * block.depth / DEPTH) => _,
            panel = inout(reg) block.panel.as_ptr() => _,
            count = inout(reg) block.depth / DEPTH => _,
            width = in(reg) DEPTH,
            step = in(reg) STEP,
            sums = in(reg) place,
            sums2 = in(reg) place.add(TILE),
            ahead = const AHEAD,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}
