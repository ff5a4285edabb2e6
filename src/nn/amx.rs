//! The tiles of AMX: whether they are there, and the shapes that they have. What multiplies with them is in assembly, because
//! Rust has the intrinsics in its nightly versions only (<https://github.com/rust-lang/rust/issues/126622>).

#[cfg(target_arch = "x86_64")]
use core::arch::asm;
#[cfg(target_arch = "x86_64")]
use std::marker::PhantomData;

/// Rows of a tile at most.
pub(super) const TILE: usize = 16;

/// A row of a tile. Where lines of the cache begin: a row across two of them takes twice as long to load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct Line(pub(super) [i8; 64]);

impl Line {
    /// Nothing but zeros.
    pub(super) const ZERO: Self = Self([0; 64]);
}

/// Whether the processor has tiles of integers and the system lets this process use them.
pub(super) fn is_there() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        static IS_THERE: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
        *IS_THERE.get_or_init(|| has_instructions() && is_permitted())
    }
    #[cfg(not(target_arch = "x86_64"))]
    false
}

#[cfg(target_arch = "x86_64")]
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
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
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
#[cfg(all(target_arch = "x86_64", not(target_os = "linux")))]
fn is_permitted() -> bool {
    false
}

/// The shapes that the tiles of this thread have: of no other, so this stays where it is.
#[cfg(target_arch = "x86_64")]
#[derive(Default)]
pub(super) struct Tiles {
    /// Rows of each; none yet if all are 0.
    rows: [u8; 8],
    here: PhantomData<*const ()>,
}

/// What `ldtilecfg` takes.
#[cfg(target_arch = "x86_64")]
#[repr(C, align(64))]
struct Shapes {
    palette: u8,
    start: u8,
    reserved: [u8; 14],
    bytes: [u16; 16],
    rows: [u8; 16],
}

#[cfg(target_arch = "x86_64")]
impl Tiles {
    /// Gives the tiles so many rows of 64 bytes each.
    ///
    /// # Safety
    /// [`is_there`] said so, and no other value of this type is alive in this thread.
    pub(super) unsafe fn configure(&mut self, rows: [u8; 8]) {
        if self.rows == rows {
            return;
        }
        let mut shapes = Shapes { palette: 1, start: 0, reserved: [0; 14], bytes: [0; 16], rows: [0; 16] };
        for (tile, rows) in rows.into_iter().enumerate() {
            assert!(usize::from(rows) <= TILE, "a tile has {TILE} rows at most");
            shapes.bytes[tile] = if rows > 0 { 64 } else { 0 };
            shapes.rows[tile] = rows;
        }
        // SAFETY: the shapes are within the limits of palette 1.
        unsafe { asm!("ldtilecfg [{}]", in(reg) &shapes, options(nostack, readonly)) };
        self.rows = rows;
    }
}

#[cfg(target_arch = "x86_64")]
impl Drop for Tiles {
    fn drop(&mut self) {
        if self.rows != [0; 8] {
            // SAFETY: the instruction is there, since tiles were configured; nobody else uses them.
            unsafe { asm!("tilerelease", options(nostack, nomem)) };
        }
    }
}
