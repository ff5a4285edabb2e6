//! Sums with the tiles of AMX: sixteen rows, sixteen outputs and sixty-four inputs in one instruction.
//!
//! The layout of weights is made for it: a tile of weights is sixteen steps of a panel as they lie. In assembly, because
//! Rust has the intrinsics in its nightly versions only (<https://github.com/rust-lang/rust/issues/126622>).

use core::arch::asm;
use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::OnceLock;

use super::kernel::Block;
use super::x86::AHEAD;
use super::{COLUMNS, DEPTH, Sums};

/// With fewer rows the weights arrive no faster than AVX-512 takes them.
pub(super) const FEWEST_ROWS: usize = 3;

/// Rows of a tile.
const TILE: usize = 16;

/// From one row of a tile of weights to the next, in bytes.
const STEP: usize = 4 * COLUMNS;

/// Whether the processor has tiles of integers and the system lets this process use them.
pub(super) fn is_there() -> bool {
    static IS_THERE: OnceLock<bool> = OnceLock::new();
    *IS_THERE.get_or_init(|| has_instructions() && is_permitted())
}

fn has_instructions() -> bool {
    use core::arch::x86_64::{__cpuid_count, __get_cpuid_max};
    const TILE: u32 = 1 << 24;
    const INT8: u32 = 1 << 25;
    // SAFETY: every x86-64 processor has the instruction.
    #[allow(unused_unsafe, reason = "newer versions of Rust know that")]
    unsafe {
        __get_cpuid_max(0).0 >= 7 && __cpuid_count(7, 0).edx & (TILE | INT8) == TILE | INT8
    }
}

/// Linux keeps the state of tiles for those processes alone that ask for it.
#[cfg(target_os = "linux")]
fn is_permitted() -> bool {
    const ARCH_PRCTL: usize = 158;
    const ARCH_REQ_XCOMP_PERM: usize = 0x1023;
    const TILE_DATA: usize = 18;
    let result: isize;
    // SAFETY: the system call changes what this process may do, and how much room its threads need for signals, which
    // Rust leaves to the system; it clobbers what is named.
    unsafe {
        asm!("syscall", inlateout("rax") ARCH_PRCTL => result, in("rdi") ARCH_REQ_XCOMP_PERM, in("rsi") TILE_DATA,
            lateout("rcx") _, lateout("r11") _, options(nostack));
    }
    result == 0
}

/// Elsewhere nobody could try it.
#[cfg(not(target_os = "linux"))]
fn is_permitted() -> bool {
    false
}

thread_local! {
    /// Memory for rows, used again from product to product.
    static ROOM: Cell<Vec<i8>> = const { Cell::new(Vec::new()) };
}

/// The shapes that the tiles of this thread have, and the rows that it multiplies: of no other, so this stays where it is.
pub(super) struct Tiles {
    /// For how many rows; none yet if 0.
    rows: usize,
    /// Rows tile by tile, each in one piece of memory: a tile of distant rows takes longer to load.
    /// `[tiles, depth / 64, TILE, 64]`
    packed: Vec<i8>,
    /// Which rows these are.
    of: (*const i8, [usize; 3]),
    here: PhantomData<*const ()>,
}

impl Default for Tiles {
    fn default() -> Self {
        Self { rows: 0, packed: ROOM.take(), of: (std::ptr::null(), [0; 3]), here: PhantomData }
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        ROOM.set(std::mem::take(&mut self.packed));
        if self.rows > 0 {
            // SAFETY: the instruction is there, since tiles were configured; nobody else uses them.
            unsafe { asm!("tilerelease", options(nostack, nomem)) };
        }
    }
}

/// What `ldtilecfg` takes.
#[repr(C, align(64))]
struct Shapes {
    palette: u8,
    start: u8,
    reserved: [u8; 14],
    bytes: [u16; 16],
    rows: [u8; 16],
}

impl Tiles {
    /// The sums still have in them what the offset of the weights has added.
    ///
    /// # Safety
    /// [`is_there`] said so, the block was checked, and its rows are what they were when they first came.
    pub(super) unsafe fn multiply(&mut self, block: &Block, sums: &mut Sums) {
        let rows = block.len();
        // SAFETY: as the caller says.
        unsafe {
            if self.rows != rows {
                configure(rows);
                self.rows = rows;
            }
            if self.of != address(block) {
                self.pack(block);
            }
            match (rows > TILE, block.cold) {
                (false, false) => one::<0>(block, &self.packed, sums),
                (false, true) => one::<AHEAD>(block, &self.packed, sums),
                (true, false) => two::<0>(block, &self.packed, sums),
                (true, true) => two::<AHEAD>(block, &self.packed, sums),
            }
        }
    }

    fn pack(&mut self, block: &Block) {
        self.of = address(block);
        self.packed.resize(block.len().div_ceil(TILE) * TILE * block.depth, 0);
        let tiles = self.packed.chunks_exact_mut(TILE * block.depth);
        for (rows, tile) in block.rows.chunks(TILE * block.stride).zip(tiles) {
            for (row, values) in rows.chunks_exact(block.stride).enumerate() {
                let steps = tile.as_chunks_mut::<DEPTH>().0.iter_mut().skip(row).step_by(TILE);
                steps.zip(values.as_chunks::<DEPTH>().0).for_each(|(place, values)| *place = *values);
            }
        }
    }
}

/// Where rows lie, and how: they are told by this.
fn address(block: &Block) -> (*const i8, [usize; 3]) {
    (block.rows.as_ptr(), [block.rows.len(), block.stride, block.depth])
}

/// Tiles 0 to 3 are sums: of the first and the second sixteen rows with each half of the outputs. 4 and 5 are rows, 6 and 7
/// weights.
unsafe fn configure(rows: usize) {
    let mut shapes = Shapes { palette: 1, start: 0, reserved: [0; 14], bytes: [0; 16], rows: [0; 16] };
    let (first, second) = (rows.min(TILE), rows.saturating_sub(TILE));
    for (tile, rows) in [first, first, second, second, first, second, TILE, TILE].into_iter().enumerate() {
        if rows > 0 {
            shapes.bytes[tile] = 64;
            shapes.rows[tile] = rows as u8;
        }
    }
    // SAFETY: the shapes are within the limits of palette 1.
    unsafe { asm!("ldtilecfg [{}]", in(reg) &shapes, options(nostack, readonly)) };
}

/// Up to sixteen rows.
unsafe fn one<const AHEAD: usize>(block: &Block, packed: &[i8], sums: &mut Sums) {
    // SAFETY: the tiles have the shapes for these rows, which are packed, and `Block::check` made sure that all is there
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
            "prefetcht0 [{panel} + {ahead} + mujaz_line]",
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
unsafe fn two<const AHEAD: usize>(block: &Block, packed: &[i8], sums: &mut Sums) {
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
            "prefetcht0 [{panel} + {ahead} + mujaz_line]",
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
            second = inout(reg) packed.as_ptr().add(TILE * block.depth) => _,
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
