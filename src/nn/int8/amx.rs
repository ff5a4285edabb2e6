//! Sums with the tiles of AMX: sixteen rows, sixteen outputs and sixty-four inputs in one instruction.
//!
//! The layout of weights is made for it: a tile of weights is sixteen steps of a panel as they lie. In assembly, because
//! Rust has the intrinsics in its nightly versions only (<https://github.com/rust-lang/rust/issues/126622>).

use core::arch::asm;
use std::marker::PhantomData;
use std::sync::OnceLock;

use super::kernel::Block;
use super::x86::AHEAD;
use super::{COLUMNS, DEPTH, OFFSET, Sums};
use crate::nn::vector::vectorised;

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

/// The shapes that the tiles of this thread have: of no other, so this stays where it is.
#[derive(Default)]
pub(super) struct Tiles {
    /// For how many rows; none yet if 0.
    rows: usize,
    here: PhantomData<*const ()>,
}

impl Drop for Tiles {
    fn drop(&mut self) {
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
    /// # Safety
    /// [`is_there`] said so, and the block was checked.
    pub(super) unsafe fn multiply(&mut self, block: &Block, sums: &mut Sums) {
        let rows = block.len();
        // SAFETY: as the caller says.
        unsafe {
            if self.rows != rows {
                configure(rows);
                self.rows = rows;
            }
            match (rows > TILE, block.cold) {
                (false, false) => one::<0>(block, sums),
                (false, true) => one::<AHEAD>(block, sums),
                (true, false) => two::<0>(block, sums),
                (true, true) => two::<AHEAD>(block, sums),
            }
        }
        shift(block, sums);
    }
}

vectorised! {
    /// Takes away what the offset of the weights has added.
    fn shift(block: &Block, sums: &mut Sums) {
        for (total, sums) in block.totals.iter().zip(sums) {
            sums.iter_mut().for_each(|sum| *sum -= OFFSET * total);
        }
    }
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
unsafe fn one<const AHEAD: usize>(block: &Block, sums: &mut Sums) {
    // SAFETY: the tiles have the shapes for these rows, and `Block::check` made sure that all is there that is read; what
    // is fetched ahead may lie anywhere.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "2:",
            "tileloadd tmm4, [{rows} + {stride}]",
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
            "add {rows}, 64",
            "add {panel}, 2048",
            "dec {count}",
            "jnz 2b",
            "tilestored [{sums} + {step}], tmm0",
            "tilestored [{sums} + {step} + 64], tmm1",
            rows = inout(reg) block.rows.as_ptr() => _,
            panel = inout(reg) block.panel.as_ptr() => _,
            count = inout(reg) block.depth / DEPTH => _,
            stride = in(reg) block.stride,
            step = in(reg) STEP,
            sums = in(reg) sums.as_mut_ptr(),
            ahead = const AHEAD,
            out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// Up to thirty-two rows.
unsafe fn two<const AHEAD: usize>(block: &Block, sums: &mut Sums) {
    let place = sums.as_mut_ptr();
    // SAFETY: as for one.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "2:",
            "tileloadd tmm4, [{rows} + {stride}]",
            "tileloadd tmm6, [{panel} + {step}]",
            "tdpbsud tmm0, tmm4, tmm6",
            "tileloadd tmm7, [{panel} + {step} + 64]",
            "tdpbsud tmm1, tmm4, tmm7",
            "tileloadd tmm5, [{second} + {stride}]",
            "tdpbsud tmm2, tmm5, tmm6",
            "tdpbsud tmm3, tmm5, tmm7",
            ".if {ahead}",
            ".set mujaz_line, 0",
            ".rept 32",
            "prefetcht0 [{panel} + {ahead} + mujaz_line]",
            ".set mujaz_line, mujaz_line + 64",
            ".endr",
            ".endif",
            "add {rows}, 64",
            "add {second}, 64",
            "add {panel}, 2048",
            "dec {count}",
            "jnz 2b",
            "tilestored [{sums} + {step}], tmm0",
            "tilestored [{sums} + {step} + 64], tmm1",
            "tilestored [{sums2} + {step}], tmm2",
            "tilestored [{sums2} + {step} + 64], tmm3",
            rows = inout(reg) block.rows.as_ptr() => _,
            second = inout(reg) block.rows.as_ptr().add(TILE * block.stride) => _,
            panel = inout(reg) block.panel.as_ptr() => _,
            count = inout(reg) block.depth / DEPTH => _,
            stride = in(reg) block.stride,
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
