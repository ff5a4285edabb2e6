//! Attention to sources on the CPU.
//!
//! Keys and values of a source are laid out once, head by head and with the keys across, as every step then reads them:
//! in order. Rows that have the same source, the hypotheses of a beam or the tokens of a target, read them together.

use std::ops::Range;

use half::bf16;
use rayon::prelude::*;

use super::Heads;
use super::block::{Number, products};
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
    numbers: Numbers,
}

/// Keys and values. In half precision they arrive twice as fast.
#[derive(Debug)]
enum Numbers {
    Single { keys: Vec<f32>, values: Vec<f32> },
    Half { keys: Vec<bf16>, values: Vec<bf16> },
}

impl SourceMemory {
    /// From keys and values side by side, which are kept in half precision if so wanted. `[tokens, 2 * heads * size]`
    pub(super) fn new(heads: Heads, kv: &[f32], sources: &Rows, half: bool) -> Self {
        let (mut keys_at, mut values_at) = (Vec::new(), Vec::new());
        let (mut keys, mut values) = (0, 0);
        for row in sources.ranges() {
            keys_at.push(keys);
            values_at.push(values);
            keys += heads.width() * row.len().next_multiple_of(LANES);
            values += heads.count * row.len() * heads.size.next_multiple_of(LANES);
        }
        let (keys, values) = ((&keys_at[..], keys), (&values_at[..], values));
        let numbers = match half {
            false => {
                let [keys, values] = lay_out(heads, kv, sources, [keys, values], |x| x);
                Numbers::Single { keys, values }
            }
            true => {
                let [keys, values] = lay_out(heads, kv, sources, [keys, values], bf16::from_f32);
                Numbers::Half { keys, values }
            }
        };
        Self { heads, tokens: sources.ranges().map(|row| row.len()).collect(), keys_at, values_at, numbers }
    }

    /// The attended values of rows of queries, each of which sees one source. `[rows, heads * size]` to the same
    pub(super) fn attend(&self, queries: &[f32], source_of: &(dyn Fn(usize) -> usize + Sync)) -> Vec<f32> {
        let Heads { count, size, .. } = self.heads;
        let width = count * size;
        let rows = queries.len() / width;
        let groups = groups(rows, source_of);
        let seen = self.tokens.iter().max().copied().unwrap_or_default();
        let is_large = host::is_large(2 * rows * seen * width);
        let share = if is_large { count.div_ceil(4) } else { count };
        let mut by_head = vec![0.0; rows * width];
        let (mut jobs, mut rest) = (Vec::new(), by_head.as_mut_slice());
        for rows in &groups {
            for first in (0..count).step_by(share) {
                let heads = first..count.min(first + share);
                let (out, after) = rest.split_at_mut(heads.len() * rows.len() * size);
                rest = after;
                jobs.push((
                    Job { memory: self, queries, source: source_of(rows.start), rows: rows.clone(), heads },
                    out,
                ));
            }
        }
        match is_large {
            true => jobs.into_par_iter().for_each(|(job, out)| one(&job, out)),
            false => jobs.into_iter().for_each(|(job, out)| one(&job, out)),
        }
        if groups.len() == rows {
            return by_head; // All heads of a row lie side by side already.
        }
        let mut out = vec![0.0; rows * width];
        for rows in groups {
            let by_head = &by_head[rows.start * width..rows.end * width];
            for (head, by_head) in by_head.chunks_exact(rows.len() * size).enumerate() {
                for (row, values) in rows.clone().zip(by_head.chunks_exact(size)) {
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
        let job = Job { memory: self, queries: query, source, rows: 0..1, heads: head..head + 1 };
        weights_of(&job, &mut weights);
        weights.truncate(tokens);
        weights
    }

    /// Where the keys of a source in a head lie, and how many tokens they are filled up to. `[size, tokens]`
    #[inline(always)]
    fn keys(&self, source: usize, head: usize) -> (Range<usize>, usize) {
        let across = self.tokens[source].next_multiple_of(LANES);
        let len = self.heads.size * across;
        let start = self.keys_at[source] + head * len;
        (start..start + len, across)
    }

    /// Where the values of a source in a head lie, and what their size is filled up to. `[tokens, size]`
    #[inline(always)]
    fn values(&self, source: usize, head: usize) -> (Range<usize>, usize) {
        let padded = self.heads.size.next_multiple_of(LANES);
        let len = self.tokens[source] * padded;
        let start = self.values_at[source] + head * len;
        (start..start + len, padded)
    }
}

/// Keys across and values along, for each source where it is said, and so many numbers in all.
fn lay_out<T: Copy + Default>(
    heads: Heads,
    kv: &[f32],
    sources: &Rows,
    [(keys_at, all_keys), (values_at, all_values)]: [(&[usize], usize); 2],
    number: impl Fn(f32) -> T,
) -> [Vec<T>; 2] {
    let Heads { count, size, .. } = heads;
    let padded = size.next_multiple_of(LANES);
    let (mut keys, mut values) = (vec![T::default(); all_keys], vec![T::default(); all_values]);
    for (row, (keys_at, values_at)) in sources.ranges().zip(keys_at.iter().zip(values_at)) {
        let across = row.len().next_multiple_of(LANES);
        let (keys, values) = (&mut keys[*keys_at..], &mut values[*values_at..]);
        for head in 0..count {
            for (i, token) in row.clone().enumerate() {
                let vectors = &kv[2 * token * count * size..][..2 * count * size];
                let key = &vectors[head * size..][..size];
                for (k, x) in key.iter().enumerate() {
                    keys[(head * size + k) * across + i] = number(*x);
                }
                let value = &vectors[(count + head) * size..][..size];
                let place = &mut values[(head * row.len() + i) * padded..][..size];
                place.iter_mut().zip(value).for_each(|(place, x)| *place = number(*x));
            }
        }
    }
    [keys, values]
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

/// A group of rows and some heads.
struct Job<'a> {
    memory: &'a SourceMemory,
    queries: &'a [f32],
    source: usize,
    rows: Range<usize>,
    heads: Range<usize>,
}

impl Job<'_> {
    /// The query of a head in a row of the group; that of the last where there are fewer.
    #[inline(always)]
    fn query(&self, i: usize, head: usize) -> &[f32] {
        let Heads { count, size, .. } = self.memory.heads;
        let row = (self.rows.start + i).min(self.rows.end - 1);
        &self.queries[row * count * size + head * size..][..size]
    }
}

/// `out` is `[heads, rows, size]`.
fn one(job: &Job, out: &mut [f32]) {
    dispatch!(one_by(job: &Job, out: &mut [f32]));
}

#[inline(always)]
fn one_by<S: Simd>(simd: S, job: &Job, out: &mut [f32]) {
    match &job.memory.numbers {
        Numbers::Single { keys, values } => one_of(simd, job, (keys, values), out),
        Numbers::Half { keys, values } => one_of(simd, job, (keys, values), out),
    }
}

#[inline(always)]
fn one_of<S: Simd, T: Number>(simd: S, job: &Job, numbers: (&[T], &[T]), out: &mut [f32]) {
    match job.rows.len() {
        1 => group::<S, T, 1>(simd, job, numbers, out),
        2 => group::<S, T, 2>(simd, job, numbers, out),
        _ => group::<S, T, GROUP>(simd, job, numbers, out),
    }
}

#[inline(always)]
fn group<S: Simd, T: Number, const Q: usize>(simd: S, job: &Job, (keys, values): (&[T], &[T]), out: &mut [f32]) {
    let Heads { size, scale, .. } = job.memory.heads;
    let tokens = job.memory.tokens[job.source];
    let across = tokens.next_multiple_of(LANES);
    let (mut weights, mut sums) = (vec![0.0; Q * across], vec![0.0; Q * size.next_multiple_of(LANES)]);
    for (head, out) in job.heads.clone().zip(out.chunks_exact_mut(job.rows.len() * size)) {
        let mut queries = [job.query(0, head); Q];
        queries.iter_mut().enumerate().for_each(|(i, query)| *query = job.query(i, head));
        let (range, across) = job.memory.keys(job.source, head);
        products(simd, queries, (&keys[range], across), &mut weights);
        for weights in weights.chunks_exact_mut(across) {
            softmax(&mut weights[..tokens], scale, None);
        }
        let mut rows = [&weights[..tokens]; Q];
        rows.iter_mut().zip(weights.chunks_exact(across)).for_each(|(row, weights)| *row = &weights[..tokens]);
        let (range, padded) = job.memory.values(job.source, head);
        if size == padded && job.rows.len() == Q {
            products(simd, rows, (&values[range], padded), out);
            continue;
        }
        products(simd, rows, (&values[range], padded), &mut sums);
        for (out, sums) in out.chunks_exact_mut(size).zip(sums.chunks_exact(padded)) {
            out.copy_from_slice(&sums[..size]);
        }
    }
}

/// The weights of the first row and head of a job.
fn weights_of(job: &Job, weights: &mut [f32]) {
    dispatch!(weights_by(job: &Job, weights: &mut [f32]));
}

#[inline(always)]
fn weights_by<S: Simd>(simd: S, job: &Job, weights: &mut [f32]) {
    let (range, across) = job.memory.keys(job.source, job.heads.start);
    let query = [job.query(0, job.heads.start)];
    match &job.memory.numbers {
        Numbers::Single { keys, .. } => products(simd, query, (&keys[range], across), weights),
        Numbers::Half { keys, .. } => products(simd, query, (&keys[range], across), weights),
    }
    softmax(&mut weights[..job.memory.tokens[job.source]], job.memory.heads.scale, None);
}
