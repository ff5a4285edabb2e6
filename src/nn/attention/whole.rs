//! Attention of all tokens of a row to all tokens of it, on the CPU: what an encoder does.
//!
//! Queries go in blocks, so that keys and values that were fetched are used several times; keys lie across, so that the
//! products with many keys are sums of vectors. A block never reaches into another row: what a row gets does not depend on
//! its neighbours.

use rayon::prelude::*;

use super::Heads;
use super::block::products;
use super::fused::{Bias, softmax};
use crate::nn::host;
use crate::nn::rows::Rows;
use crate::nn::vector::{LANES, Simd, dispatch};

/// Queries of a block.
const QUERIES: usize = 4;

/// One head of one row.
struct Head<'a, 'v> {
    heads: Heads,
    head: usize,
    /// Queries, keys and values of the row, all heads side by side. `[tokens, 3 * heads * size]`
    qkv: &'a [f32],
    /// The number of the first token.
    first: usize,
    bias: Option<Bias<'a, 'v>>,
}

/// The attended values. `qkv` is `[tokens, 3 * heads * size]`, the result `[tokens, heads * size]`.
pub(super) fn attend(heads: Heads, qkv: &[f32], rows: &Rows, bias: Option<Bias>) -> Vec<f32> {
    let Heads { count, size, .. } = heads;
    let width = count * size;
    let mut by_head = vec![0.0; qkv.len() / 3];
    let (mut jobs, mut rest) = (Vec::new(), by_head.as_mut_slice());
    for row in rows.ranges() {
        for head in 0..count {
            let (out, after) = rest.split_at_mut(row.len() * size);
            rest = after;
            let qkv = &qkv[3 * width * row.start..3 * width * row.end];
            jobs.push((Head { heads, head, qkv, first: row.start, bias }, out));
        }
    }
    let products = rows.ranges().map(|row| row.len() * row.len()).sum::<usize>() * width;
    match host::is_large(2 * products) {
        true => jobs.into_par_iter().for_each(|(head, out)| one(&head, out)),
        false => jobs.into_iter().for_each(|(head, out)| one(&head, out)),
    }
    // Back to all heads of a token side by side.
    let mut out = Vec::with_capacity(by_head.len());
    for row in rows.ranges() {
        for token in 0..row.len() {
            for head in 0..count {
                let start = row.start * width + (head * row.len() + token) * size;
                out.extend_from_slice(&by_head[start..start + size]);
            }
        }
    }
    out
}

/// `out` is `[tokens, size]`.
fn one(head: &Head, out: &mut [f32]) {
    dispatch!(one_by(head: &Head, out: &mut [f32]));
}

#[inline(always)]
fn one_by<S: Simd>(simd: S, head: &Head, out: &mut [f32]) {
    let Heads { count, size, scale } = head.heads;
    let stride = 3 * count * size;
    let tokens = head.qkv.len() / stride;
    // Filled up to whole vectors with zeros.
    let (across, padded) = (tokens.next_multiple_of(LANES), size.next_multiple_of(LANES));
    let (mut keys, mut values) = (vec![0.0; size * across], vec![0.0; tokens * padded]);
    for token in 0..tokens {
        let start = token * stride + head.head * size;
        let key = &head.qkv[start + count * size..][..size];
        for i in 0..size {
            keys[i * across + token] = key[i]; // [size, tokens]
        }
        values[token * padded..][..size].copy_from_slice(&head.qkv[start + 2 * count * size..][..size]);
    }
    let (mut weights, mut sums) = (vec![0.0; QUERIES * across], vec![0.0; QUERIES * padded]);
    for first in (0..tokens).step_by(QUERIES) {
        let queries = QUERIES.min(tokens - first);
        let mut rows = [&head.qkv[..size]; QUERIES];
        for (i, row) in rows.iter_mut().enumerate() {
            // The last again, where there are no more: what comes of it is not used.
            let start = (first + i).min(tokens - 1) * stride + head.head * size;
            *row = &head.qkv[start..start + size];
        }
        products(simd, rows, (&keys, across), &mut weights);
        for query in 0..queries {
            let bias = head.bias.map(|bias| bias(head.first + first + query, head.head));
            softmax(&mut weights[query * across..][..tokens], scale, bias);
        }
        let mut rows = [&weights[..tokens]; QUERIES];
        rows.iter_mut().zip(weights.chunks_exact(across)).for_each(|(row, weights)| *row = &weights[..tokens]);
        products(simd, rows, (&values, padded), &mut sums);
        for query in 0..queries {
            out[(first + query) * size..][..size].copy_from_slice(&sums[query * padded..][..size]);
        }
    }
}
