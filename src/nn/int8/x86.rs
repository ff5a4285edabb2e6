//! Sums with the vector instructions of x86-64.
//!
//! Weights are unsigned and rows are signed, so what the offset of the weights adds is taken off once a row: it is the
//! offset times the sum of the row.

use core::arch::x86_64::*;

use super::kernel::Block;
use super::{COLUMNS, OFFSET, Sums};

/// How far ahead weights are fetched, in bytes. Hardware alone reaches a third of the speed on a long stream.
const AHEAD: usize = 4096;

/// Bytes of a step: four inputs of every output.
const STEP: usize = 4 * COLUMNS;

/// # Safety
/// The processor has AVX-512 with VNNI, and the block was checked.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(super) unsafe fn avx512(block: &Block, sums: &mut Sums) {
    // Two accumulators a row, and two registers for the weights: twelve rows leave a few of the 32 registers.
    let mut row = 0;
    while row < block.len() {
        let (left, cold) = (block.len() - row, block.cold && row == 0);
        // SAFETY: as the caller says; there are so many rows left.
        row += unsafe {
            match left {
                1 => avx512_rows::<1>(block, row, cold, sums),
                2 => avx512_rows::<2>(block, row, cold, sums),
                3 => avx512_rows::<3>(block, row, cold, sums),
                4 | 5 => avx512_rows::<4>(block, row, cold, sums),
                6 | 7 | 13..=15 => avx512_rows::<6>(block, row, cold, sums),
                8..=11 | 16 => avx512_rows::<8>(block, row, cold, sums),
                _ => avx512_rows::<12>(block, row, cold, sums),
            }
        };
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
unsafe fn avx512_rows<const N: usize>(block: &Block, first: usize, cold: bool, sums: &mut Sums) -> usize {
    let mut totals = [[_mm512_setzero_si512(); 2]; N];
    let panel = block.panel.as_ptr();
    // SAFETY: `Pass` made sure that there are so many rows, inputs and weights. What is fetched ahead may lie
    // anywhere: it is not read.
    unsafe {
        let rows: [*const i8; N] = std::array::from_fn(|i| block.rows.as_ptr().add((first + i) * block.stride));
        for step in 0..block.depth / 4 {
            let weights = panel.add(step * STEP);
            if cold {
                _mm_prefetch::<_MM_HINT_T0>(weights.wrapping_add(AHEAD).cast());
                _mm_prefetch::<_MM_HINT_T0>(weights.wrapping_add(AHEAD + 64).cast());
            }
            let weights = [_mm512_loadu_si512(weights.cast()), _mm512_loadu_si512(weights.add(64).cast())];
            for (totals, row) in totals.iter_mut().zip(rows) {
                let row = _mm512_set1_epi32(row.add(4 * step).cast::<i32>().read_unaligned());
                totals[0] = _mm512_dpbusd_epi32(totals[0], weights[0], row);
                totals[1] = _mm512_dpbusd_epi32(totals[1], weights[1], row);
            }
        }
        for ((totals, total), sums) in totals.iter().zip(&block.totals[first..]).zip(&mut sums[first..]) {
            let offset = _mm512_set1_epi32(OFFSET * total);
            _mm512_storeu_si512(sums.as_mut_ptr().cast(), _mm512_sub_epi32(totals[0], offset));
            _mm512_storeu_si512(sums.as_mut_ptr().add(16).cast(), _mm512_sub_epi32(totals[1], offset));
        }
    }
    N
}

/// # Safety
/// The processor has AVX2 and AVX-VNNI, and the block was checked.
#[target_feature(enable = "avx2,avxvnni")]
pub(super) unsafe fn avx_vnni(block: &Block, sums: &mut Sums) {
    let mut row = 0;
    while row < block.len() {
        // SAFETY: as the caller says; there are so many rows left.
        row += unsafe {
            match block.len() - row {
                1 => avx_vnni_rows::<1>(block, row, sums),
                2 | 4 => avx_vnni_rows::<2>(block, row, sums),
                _ => avx_vnni_rows::<3>(block, row, sums),
            }
        };
    }
}

#[target_feature(enable = "avx2,avxvnni")]
unsafe fn avx_vnni_rows<const N: usize>(block: &Block, first: usize, sums: &mut Sums) -> usize {
    let mut totals = [[_mm256_setzero_si256(); 4]; N];
    let panel = block.panel.as_ptr();
    // SAFETY: `Pass` made sure that there are so many rows, inputs and weights.
    unsafe {
        let rows: [*const i8; N] = std::array::from_fn(|i| block.rows.as_ptr().add((first + i) * block.stride));
        for step in 0..block.depth / 4 {
            let weights = panel.add(step * STEP);
            _mm_prefetch::<_MM_HINT_T0>(weights.wrapping_add(AHEAD).cast());
            _mm_prefetch::<_MM_HINT_T0>(weights.wrapping_add(AHEAD + 64).cast());
            let row = rows.map(|row| _mm256_set1_epi32(row.add(4 * step).cast::<i32>().read_unaligned()));
            for part in 0..4 {
                let weights = _mm256_loadu_si256(weights.add(32 * part).cast());
                for (totals, row) in totals.iter_mut().zip(row) {
                    totals[part] = _mm256_dpbusd_avx_epi32(totals[part], weights, row);
                }
            }
        }
        for ((totals, total), sums) in totals.iter().zip(&block.totals[first..]).zip(&mut sums[first..]) {
            let offset = _mm256_set1_epi32(OFFSET * total);
            for (part, total) in totals.iter().enumerate() {
                _mm256_storeu_si256(sums.as_mut_ptr().add(8 * part).cast(), _mm256_sub_epi32(*total, offset));
            }
        }
    }
    N
}

/// # Safety
/// The processor has AVX2, and the block was checked.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn avx2(block: &Block, sums: &mut Sums) {
    let mut row = 0;
    while row < block.len() {
        // SAFETY: as the caller says; there are so many rows left.
        row += unsafe {
            match block.len() - row {
                1 => avx2_rows::<1>(block, row, sums),
                2 | 4 => avx2_rows::<2>(block, row, sums),
                _ => avx2_rows::<3>(block, row, sums),
            }
        };
    }
}

/// The instruction for eight-bit products saturates, so both factors are widened to 16 bits first; sums of two products
/// of an output then lie side by side.
#[target_feature(enable = "avx2")]
unsafe fn avx2_rows<const N: usize>(block: &Block, first: usize, sums: &mut Sums) -> usize {
    // Half of the outputs at a time: four accumulators a row.
    for half in 0..2 {
        let mut totals = [[_mm256_setzero_si256(); 4]; N];
        // SAFETY: `Pass` made sure that there are so many rows, inputs and weights.
        unsafe {
            let panel = block.panel.as_ptr().add(half * STEP / 2);
            let rows: [*const i8; N] = std::array::from_fn(|i| block.rows.as_ptr().add((first + i) * block.stride));
            for step in 0..block.depth / 4 {
                let weights = panel.add(step * STEP);
                _mm_prefetch::<_MM_HINT_T0>(weights.wrapping_add(AHEAD).cast());
                let row = rows.map(|row| {
                    let four = _mm_cvtsi32_si128(row.add(4 * step).cast::<i32>().read_unaligned());
                    _mm256_broadcastq_epi64(_mm_cvtepi8_epi16(four))
                });
                for part in 0..4 {
                    let weights = _mm_loadu_si128(weights.add(16 * part).cast());
                    let weights = _mm256_sub_epi16(_mm256_cvtepu8_epi16(weights), _mm256_set1_epi16(OFFSET as i16));
                    for (totals, row) in totals.iter_mut().zip(row) {
                        totals[part] = _mm256_add_epi32(totals[part], _mm256_madd_epi16(weights, row));
                    }
                }
            }
            for (totals, sums) in totals.iter().zip(&mut sums[first..]) {
                for (part, total) in totals.iter().enumerate() {
                    let mut pairs = [0i32; 8];
                    _mm256_storeu_si256(pairs.as_mut_ptr().cast(), *total);
                    for column in 0..4 {
                        sums[16 * half + 4 * part + column] = pairs[2 * column] + pairs[2 * column + 1];
                    }
                }
            }
        }
    }
    N
}
