//! Which instructions compute the sums, chosen when the program runs.

use std::sync::OnceLock;

use super::{COLUMNS, DEPTH, OFFSET, ROWS, Sums};

/// A way to compute sums. All give the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// Tiles of AMX; AVX-512 where there are few rows.
    #[cfg(target_arch = "x86_64")]
    Amx,
    /// AVX-512 with the dot products of VNNI.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AVX2 with the dot products of AVX-VNNI.
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    /// AVX2 without dot products.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// The dot products of ARMv8.2.
    #[cfg(target_arch = "aarch64")]
    NeonDot,
    /// What every AArch64 processor has.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// No special instructions.
    Portable,
}

/// Some rows and the weights of [`COLUMNS`] outputs.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    /// At most [`ROWS`] rows, each of `stride` integers. `[rows, stride]`
    pub(super) rows: &'a [i8],
    /// The sum of each row.
    pub(super) totals: &'a [i32],
    pub(super) stride: usize,
    /// Inputs: a multiple of [`DEPTH`], below `stride`.
    pub(super) depth: usize,
    /// Four inputs of an output lie together, with [`OFFSET`] added. `[depth / 4, COLUMNS, 4]`
    pub(super) panel: &'a [u8],
    /// Whether the panel is far from the processor, and the next one is what comes after it in memory.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only there memory is asked ahead"))]
    pub(super) cold: bool,
}

impl Block<'_> {
    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.rows.len() / self.stride
    }

    /// What the kernels rely on when they read without looking, but for the panel.
    fn check(&self) {
        assert!(self.len() <= ROWS && self.rows.len() == self.len() * self.stride && self.totals.len() == self.len());
        assert!(self.depth > 0 && self.depth.is_multiple_of(DEPTH) && self.depth <= self.stride);
    }
}

/// What a thread computes a product with.
pub(super) struct Worker {
    kernel: Kernel,
    #[cfg(target_arch = "x86_64")]
    tiles: super::amx::Multiplier,
}

impl Kernel {
    /// The fastest that this machine has.
    pub fn best() -> Self {
        static BEST: OnceLock<Kernel> = OnceLock::new();
        *BEST.get_or_init(|| Self::available()[0])
    }

    /// Those that this machine has, the fastest first.
    pub fn available() -> Vec<Self> {
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let avx512 = is_x86_feature_detected!("avx512vnni") && is_x86_feature_detected!("avx512bw");
            let avx2 = is_x86_feature_detected!("avx2");
            let conditions = [
                (Self::Amx, avx512 && crate::nn::amx::is_there()),
                (Self::Avx512, avx512),
                (Self::AvxVnni, avx2 && is_x86_feature_detected!("avxvnni")),
                (Self::Avx2, avx2),
            ];
            found.extend(conditions.into_iter().filter_map(|(kernel, is_there)| is_there.then_some(kernel)));
        }
        #[cfg(target_arch = "aarch64")]
        {
            let dot = std::arch::is_aarch64_feature_detected!("dotprod").then_some(Self::NeonDot);
            found.extend(dot.into_iter().chain([Self::Neon]));
        }
        found.push(Self::Portable);
        found
    }

    /// Its name, for the user.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Amx => "AMX",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "AVX-512 VNNI",
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => "AVX-VNNI",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "AVX2",
            #[cfg(target_arch = "aarch64")]
            Self::NeonDot => "NEON with dot products",
            #[cfg(target_arch = "aarch64")]
            Self::Neon => "NEON",
            Self::Portable => "no vector instructions of its own",
        }
    }

    pub(super) fn worker(self) -> Worker {
        Worker {
            kernel: self,
            #[cfg(target_arch = "x86_64")]
            tiles: super::amx::Multiplier::default(),
        }
    }
}

/// The rows of a block on their way through panels.
pub(super) struct Pass<'a> {
    worker: &'a Worker,
    block: Block<'a>,
}

impl Worker {
    /// Begins with a block, whatever its panel.
    pub(super) fn pass<'a>(&'a mut self, block: Block<'a>) -> Pass<'a> {
        block.check();
        #[cfg(target_arch = "x86_64")]
        if self.has_tiles(&block) {
            // SAFETY: tiles are there, as `Kernel::available` looked, and the block was checked.
            unsafe { self.tiles.take(&block) };
        }
        Pass { worker: self, block }
    }

    #[cfg(target_arch = "x86_64")]
    fn has_tiles(&self, block: &Block) -> bool {
        self.kernel == Kernel::Amx && block.len() >= super::amx::FEWEST_ROWS
    }
}

impl<'a> Pass<'a> {
    /// The inner products of every row of the block with every output of a panel, to which so many times the total of the
    /// row was added as is returned.
    pub(super) fn multiply(&mut self, panel: &'a [u8], sums: &mut Sums) -> i32 {
        let block = &mut self.block;
        assert!(panel.len() == block.depth * COLUMNS);
        block.panel = panel;
        match self.worker.kernel {
            // SAFETY of all: the instructions are there, as `Kernel::available` looked, the block was checked, and it is the
            // one that was taken.
            #[cfg(target_arch = "x86_64")]
            Kernel::Amx if self.worker.has_tiles(block) => {
                unsafe { self.worker.tiles.multiply(block, sums) };
                return OFFSET;
            }
            #[cfg(target_arch = "x86_64")]
            Kernel::Amx | Kernel::Avx512 => unsafe { super::x86::avx512(block, sums) },
            #[cfg(target_arch = "x86_64")]
            Kernel::AvxVnni => unsafe { super::x86::avx_vnni(block, sums) },
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => unsafe { super::x86::avx2(block, sums) },
            #[cfg(target_arch = "aarch64")]
            Kernel::NeonDot => unsafe { super::neon::dot(block, sums) },
            #[cfg(target_arch = "aarch64")]
            Kernel::Neon => unsafe { super::neon::neon(block, sums) },
            Kernel::Portable => portable(block, sums),
        }
        0
    }
}

/// In loops that the compiler can turn into vector instructions.
fn portable(block: &Block, sums: &mut Sums) {
    for (row, sums) in block.rows.chunks_exact(block.stride).zip(sums) {
        *sums = [0; COLUMNS];
        let weights = block.panel.as_chunks::<{ 4 * COLUMNS }>().0;
        for (row, weights) in row.as_chunks::<4>().0.iter().zip(weights) {
            let row = row.map(i32::from);
            for (sum, weights) in sums.iter_mut().zip(weights.as_chunks::<4>().0) {
                for (x, weight) in row.iter().zip(weights) {
                    *sum += x * (i32::from(*weight) - OFFSET);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u32, count: usize) -> impl Iterator<Item = u8> {
        let next = |state: &mut u32, _| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some((*state >> 16) as u8)
        };
        (0..count).scan(seed, next)
    }

    #[test]
    fn every_kernel_gives_the_exact_sums_for_any_number_of_rows() {
        for depth in [DEPTH, 3 * DEPTH, 1024] {
            let stride = depth + DEPTH;
            let panel: Vec<u8> = noise(1, depth * COLUMNS).map(|weight| weight.max(1)).collect();
            let all: Vec<i8> = noise(2, ROWS * stride).map(|x| (x as i8).max(-127)).collect();
            let expected = |row: usize, column: usize| -> i32 {
                let product = |k: usize| {
                    let weight = panel[(k / 4 * COLUMNS + column) * 4 + k % 4];
                    i32::from(all[row * stride + k]) * (i32::from(weight) - OFFSET)
                };
                (0..depth).map(product).sum()
            };
            let total = |row: &[i8]| row[..depth].iter().map(|x| i32::from(*x)).sum();
            let totals: Vec<i32> = all.chunks_exact(stride).map(total).collect();
            for count in 1..=ROWS {
                let (rows, totals) = (&all[..count * stride], &totals[..count]);
                for kernel in Kernel::available() {
                    let mut worker = kernel.worker();
                    for cold in [false, true] {
                        let mut sums = [[7; COLUMNS]; ROWS];
                        let block = Block { rows, totals, stride, depth, panel: &[], cold };
                        let added = worker.pass(block).multiply(&panel, &mut sums);
                        for (row, sums) in sums[..count].iter_mut().enumerate() {
                            sums.iter_mut().for_each(|sum| *sum -= added * totals[row]);
                            let exact: Vec<_> = (0..COLUMNS).map(|column| expected(row, column)).collect();
                            assert_eq!(sums[..], exact, "{kernel:?}, row {row} of {count}, depth {depth}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_greatest_sums_do_not_overflow() {
        let depth = super::super::MOST_INPUTS;
        let panel = vec![255; depth * COLUMNS];
        let rows = vec![-127; ROWS * depth];
        for kernel in Kernel::available() {
            let mut sums = [[0; COLUMNS]; ROWS];
            let totals = [-127 * depth as i32; ROWS];
            let block = Block { rows: &rows, totals: &totals, stride: depth, depth, panel: &[], cold: true };
            let added = kernel.worker().pass(block).multiply(&panel, &mut sums);
            let is_exact = |sum: &i32| sum - added * totals[0] == -127 * 127 * depth as i32;
            assert!(sums.iter().flatten().all(is_exact), "{kernel:?}");
        }
    }
}
