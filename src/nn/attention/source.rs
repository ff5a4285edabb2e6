//! Attention to sources on the CPU.
//!
//! Keys and values of a source are laid out once, head by head and with the keys across, as every step then reads them:
//! in order. Rows that have the same source, the hypotheses of a beam or the tokens of a target, read them together.

use std::ops::Range;

use rayon::prelude::*;

use super::Heads;
use super::block::products;
use super::fused::softmax;
use crate::nn::host;
use crate::nn::rows::Rows;
use crate::nn::vector::{LANES, Simd, dispatch};

/// Rows that read keys and values together.
const GROUP: usize = 4;

/// The keys and values of all sources, for one layer.
#[derive(Debug)]
pub(in crate::nn) struct SourceMemory {
    heads: Heads,
    /// For each source its tokens.
    tokens: Vec<usize>,
    /// Where the keys of each source begin. `[heads, size, tokens]`, tokens filled up to whole vectors
    keys_at: Vec<usize>,
    /// Where the values of each source begin. `[heads, tokens, size]`, sizes filled up to whole vectors
    values_at: Vec<usize>,
    keys: Vec<f32>,
    values: Vec<f32>,
}

impl SourceMemory {
    /// From keys and values side by side. `[tokens, 2 * heads * size]`
    pub(super) fn new(heads: Heads, kv: &[f32], sources: &Rows) -> Self {
        let Heads { count, size, .. } = heads;
        let padded = size.next_multiple_of(LANES);
        let mut memory = Self {
            heads,
            tokens: sources.ranges().map(|row| row.len()).collect(),
            keys_at: Vec::new(),
            values_at: Vec::new(),
            keys: Vec::new(),
            values: Vec::new(),
        };
        for row in sources.ranges() {
            let across = row.len().next_multiple_of(LANES);
            let (keys_at, values_at) = (memory.keys.len(), memory.values.len());
            memory.keys_at.push(keys_at);
            memory.values_at.push(values_at);
            memory.keys.resize(keys_at + count * size * across, 0.0);
            memory.values.resize(values_at + count * row.len() * padded, 0.0);
            let (keys, values) = (&mut memory.keys[keys_at..], &mut memory.values[values_at..]);
            for head in 0..count {
                for (i, token) in row.clone().enumerate() {
                    let vectors = &kv[2 * token * count * size..][..2 * count * size];
                    let key = &vectors[head * size..][..size];
                    for (k, x) in key.iter().enumerate() {
                        keys[(head * size + k) * across + i] = *x;
                    }
                    let value = &vectors[(count + head) * size..][..size];
                    values[(head * row.len() + i) * padded..][..size].copy_from_slice(value);
                }
            }
        }
        memory
    }

    /// The attended values of rows of queries, each of which sees one source. `[rows, heads * size]` to the same
    pub(super) fn attend(&self, queries: &[f32], source_of: &(dyn Fn(usize) -> usize + Sync)) -> Vec<f32> {
        let Heads { count, size, .. } = self.heads;
        let width = count * size;
        let rows = queries.len() / width;
        let groups = groups(rows, source_of);
        let mut by_head = vec![0.0; groups.len() * count * GROUP * size];
        let jobs = by_head.par_chunks_mut(GROUP * size).enumerate();
        let job = |(i, out): (usize, &mut [f32])| {
            let rows = groups[i / count].clone();
            one(&Job { memory: self, queries, source: source_of(rows.start), rows, head: i % count }, out);
        };
        let seen = self.tokens.iter().max().copied().unwrap_or_default();
        match host::is_large(2 * rows * seen * width) {
            true => jobs.with_min_len(count.div_ceil(4)).for_each(job),
            false => by_head.chunks_mut(GROUP * size).enumerate().for_each(job),
        }
        let mut out = vec![0.0; rows * width];
        for (group, by_head) in groups.iter().zip(by_head.chunks_exact(count * GROUP * size)) {
            for (head, by_head) in by_head.chunks_exact(GROUP * size).enumerate() {
                for (row, values) in group.clone().zip(by_head.chunks_exact(size)) {
                    out[row * width + head * size..][..size].copy_from_slice(values);
                }
            }
        }
        out
    }

    /// How much of its attention a query gives to each token of its source, in one head.
    pub(super) fn weights(&self, query: &[f32], source: usize, head: usize) -> Vec<f32> {
        let tokens = self.tokens[source];
        let mut weights = vec![0.0; tokens.next_multiple_of(LANES)];
        weights_of(&Job { memory: self, queries: query, source, rows: 0..1, head }, &mut weights);
        weights.truncate(tokens);
        weights
    }

    /// The keys of a source in a head, and how many tokens they are filled up to. `[size, tokens]`
    #[inline(always)]
    fn keys(&self, source: usize, head: usize) -> (&[f32], usize) {
        let across = self.tokens[source].next_multiple_of(LANES);
        let len = self.heads.size * across;
        (&self.keys[self.keys_at[source] + head * len..][..len], across)
    }

    /// The values of a source in a head, and what their size is filled up to. `[tokens, size]`
    #[inline(always)]
    fn values(&self, source: usize, head: usize) -> (&[f32], usize) {
        let padded = self.heads.size.next_multiple_of(LANES);
        let len = self.tokens[source] * padded;
        (&self.values[self.values_at[source] + head * len..][..len], padded)
    }
}

/// Neighbours with the same source, at most [`GROUP`] of them.
fn groups(rows: usize, source_of: &dyn Fn(usize) -> usize) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for row in 0..rows {
        match groups.last_mut() {
            Some(last) if last.len() < GROUP && source_of(last.start) == source_of(row) => last.end = row + 1,
            _ => groups.push(row..row + 1),
        }
    }
    groups
}

/// A group of rows and one head.
struct Job<'a> {
    memory: &'a SourceMemory,
    queries: &'a [f32],
    source: usize,
    rows: Range<usize>,
    head: usize,
}

impl Job<'_> {
    /// The query of the head in a row of the group; that of the last where there are fewer.
    #[inline(always)]
    fn query(&self, i: usize) -> &[f32] {
        let Heads { count, size, .. } = self.memory.heads;
        let row = (self.rows.start + i).min(self.rows.end - 1);
        &self.queries[row * count * size + self.head * size..][..size]
    }
}

/// `out` is `[GROUP, size]`.
fn one(job: &Job, out: &mut [f32]) {
    dispatch!(one_by(job: &Job, out: &mut [f32]));
}

#[inline(always)]
fn one_by<S: Simd>(simd: S, job: &Job, out: &mut [f32]) {
    match job.rows.len() {
        1 => group::<S, 1>(simd, job, out),
        2 => group::<S, 2>(simd, job, out),
        _ => group::<S, GROUP>(simd, job, out),
    }
}

#[inline(always)]
fn group<S: Simd, const Q: usize>(simd: S, job: &Job, out: &mut [f32]) {
    let Heads { size, scale, .. } = job.memory.heads;
    let tokens = job.memory.tokens[job.source];
    let (keys, across) = job.memory.keys(job.source, job.head);
    let (values, padded) = job.memory.values(job.source, job.head);
    let mut weights = vec![0.0; Q * across];
    let mut queries = [job.query(0); Q];
    queries.iter_mut().enumerate().for_each(|(i, query)| *query = job.query(i));
    products(simd, queries, (keys, across), &mut weights);
    for weights in weights.chunks_exact_mut(across) {
        softmax(&mut weights[..tokens], scale, None);
    }
    let mut rows = [&weights[..tokens]; Q];
    rows.iter_mut().zip(weights.chunks_exact(across)).for_each(|(row, weights)| *row = &weights[..tokens]);
    if size == padded {
        return products(simd, rows, (values, size), out);
    }
    let mut sums = vec![0.0; Q * padded];
    products(simd, rows, (values, padded), &mut sums);
    for (out, sums) in out.chunks_exact_mut(size).zip(sums.chunks_exact(padded)) {
        out.copy_from_slice(&sums[..size]);
    }
}

/// The weights of the first row of a job.
fn weights_of(job: &Job, weights: &mut [f32]) {
    dispatch!(weights_by(job: &Job, weights: &mut [f32]));
}

#[inline(always)]
fn weights_by<S: Simd>(simd: S, job: &Job, weights: &mut [f32]) {
    products(simd, [job.query(0)], job.memory.keys(job.source, job.head), weights);
    softmax(&mut weights[..job.memory.tokens[job.source]], job.memory.heads.scale, None);
}
