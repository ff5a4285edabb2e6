//! Attention on the CPU: each query over exactly the keys that it may see, without padding and without masks.
//!
//! A query's result depends on nothing but the query and its keys in their order, so it is the same to the last bit in any
//! batch and with any number of threads.

use std::ops::Range;

use rayon::prelude::*;

use super::Heads;
use crate::nn::host;
use crate::nn::vector::{LANES, Simd, dispatch, exp_nonpositive, greatest, multiply_add, sum, total};

/// Vectors that lie at equal distances, one for each token: all its heads side by side.
#[derive(Clone, Copy)]
pub(super) struct Vectors<'a> {
    pub(super) values: &'a [f32],
    /// From a token to the next.
    pub(super) stride: usize,
    /// From the beginning of a token to its vector.
    pub(super) offset: usize,
}

/// For a query and a head one number for each token that the query may see.
pub(super) type Bias<'a, 'v> = &'a (dyn Fn(usize, usize) -> &'v [f32] + Sync + 'a);

/// The tokens that a query may see.
pub(super) enum Visible<'a> {
    /// Those of a range.
    Range(Range<usize>),
    /// Those that are named.
    List(&'a [u32]),
}

/// What every query of a call has in common.
pub(super) struct Attend<'a, 'v> {
    pub(super) heads: Heads,
    pub(super) queries: Vectors<'a>,
    pub(super) keys: Vectors<'a>,
    pub(super) values: Vectors<'a>,
    /// For each query the tokens it may see, at least one.
    pub(super) visible: &'a (dyn Fn(usize) -> Visible<'v> + Sync + 'a),
    /// What is added to scores.
    pub(super) bias: Option<Bias<'a, 'v>>,
}

impl<'a> Vectors<'a> {
    pub(super) fn new(values: &'a [f32], stride: usize, offset: usize) -> Self {
        Self { values, stride, offset }
    }

    #[inline(always)]
    fn head(&self, token: usize, head: usize, size: usize) -> &'a [f32] {
        let start = token * self.stride + self.offset + head * size;
        &self.values[start..start + size]
    }

    /// What begins with the head of the first token that is visible.
    #[inline(always)]
    fn from(&self, visible: &Visible, head: usize, size: usize) -> &'a [f32] {
        let start = match visible {
            Visible::Range(range) => range.start * self.stride + self.offset + head * size,
            Visible::List(_) => self.offset + head * size,
        };
        &self.values[start..]
    }
}

impl Visible<'_> {
    #[inline(always)]
    fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::List(tokens) => tokens.len(),
        }
    }

    /// Where the vector of each token lies, counted from [`Vectors::from`].
    #[inline(always)]
    fn places(&self, vectors: &Vectors, places: &mut Vec<usize>) {
        places.clear();
        match self {
            Self::Range(range) => places.extend((0..range.len()).map(|i| i * vectors.stride)),
            Self::List(tokens) => places.extend(tokens.iter().map(|token| *token as usize * vectors.stride)),
        }
    }
}

impl Attend<'_, '_> {
    /// The attended values of the first `queries` queries. `[queries, heads * size]`
    pub(super) fn run(&self, queries: usize) -> Vec<f32> {
        let width = self.heads.count * self.heads.size;
        let mut out = vec![0.0; queries * width];
        let seen = if queries == 0 { 0 } else { (self.visible)(queries - 1).len() };
        if host::is_large(2 * queries * seen * width) {
            let size = queries.div_ceil(4 * rayon::current_num_threads());
            let shares = out.par_chunks_mut(size * width).enumerate();
            shares.for_each(|(i, out)| share(self, i * size, out));
        } else {
            share(self, 0, &mut out);
        }
        out
    }
}

/// What a thread computes in.
#[derive(Default)]
struct Scratch {
    weights: Vec<f32>,
    of_keys: Vec<usize>,
    of_values: Vec<usize>,
}

/// Some of the queries of a call, from `first` on.
fn share(attend: &Attend, first: usize, out: &mut [f32]) {
    dispatch!(share_by(attend: &Attend, first: usize, out: &mut [f32]));
}

#[inline(always)]
fn share_by<S: Simd>(simd: S, attend: &Attend, first: usize, out: &mut [f32]) {
    let Heads { count, size, .. } = attend.heads;
    let mut scratch = Scratch::default();
    for (i, out) in out.chunks_exact_mut(count * size).enumerate() {
        let visible = (attend.visible)(first + i);
        visible.places(&attend.keys, &mut scratch.of_keys);
        visible.places(&attend.values, &mut scratch.of_values);
        scratch.weights.resize(visible.len(), 0.0);
        for (head, out) in out.chunks_exact_mut(size).enumerate() {
            let place = (first + i, head);
            // The sizes of heads that models have keep their sums in registers.
            match size {
                16 => one_head::<S, 1>(simd, attend, (place, &visible), (&mut scratch, out)),
                32 => one_head::<S, 2>(simd, attend, (place, &visible), (&mut scratch, out)),
                64 => one_head::<S, 4>(simd, attend, (place, &visible), (&mut scratch, out)),
                128 => one_head::<S, 8>(simd, attend, (place, &visible), (&mut scratch, out)),
                _ => any_head(attend, place, &visible, (&mut scratch, out)),
            }
        }
    }
}

/// A head of `N` times [`LANES`] numbers.
#[inline(always)]
fn one_head<S: Simd, const N: usize>(
    simd: S,
    attend: &Attend,
    ((query, head), visible): ((usize, usize), &Visible),
    (scratch, out): (&mut Scratch, &mut [f32]),
) {
    let numbers: &[[f32; LANES]; N] = lanes(attend.queries.head(query, head, N * LANES), 0);
    let mut of_query = [simd.splat(0.0); N];
    for part in 0..N {
        of_query[part] = simd.load(&numbers[part]);
    }
    let keys = attend.keys.from(visible, head, N * LANES);
    for (weight, place) in scratch.weights.iter_mut().zip(&scratch.of_keys) {
        let key: &[[f32; LANES]; N] = lanes(keys, *place);
        fetch_next(simd, key);
        let mut sums = simd.splat(0.0);
        for part in 0..N {
            sums = simd.multiply_add(of_query[part], simd.load(&key[part]), sums);
        }
        *weight = simd.total(sums);
    }
    finish(attend, (query, head), &mut scratch.weights);
    let values = attend.values.from(visible, head, N * LANES);
    let mut sums = [simd.splat(0.0); N];
    for (weight, place) in scratch.weights.iter().zip(&scratch.of_values) {
        let value: &[[f32; LANES]; N] = lanes(values, *place);
        fetch_next(simd, value);
        let weight = simd.splat(*weight);
        for part in 0..N {
            sums[part] = simd.multiply_add(weight, simd.load(&value[part]), sums[part]);
        }
    }
    for (sums, out) in sums.iter().zip(out.as_chunks_mut().0) {
        simd.store(*sums, out);
    }
}

/// Has the next head of a token fetched: the caches of a row lie in pieces that no processor foresees.
#[inline(always)]
fn fetch_next<S: Simd, const N: usize>(simd: S, head: &[[f32; LANES]; N]) {
    for part in 0..N {
        simd.fetch(head.as_ptr().wrapping_add(N + part));
    }
}

/// `N` times [`LANES`] numbers from `start` on.
#[inline(always)]
fn lanes<const N: usize>(values: &[f32], start: usize) -> &[[f32; LANES]; N] {
    values[start..start + N * LANES].as_chunks().0.try_into().expect("so many numbers were taken")
}

/// A head of any size.
#[inline(always)]
fn any_head(
    attend: &Attend,
    (query, head): (usize, usize),
    visible: &Visible,
    (scratch, out): (&mut Scratch, &mut [f32]),
) {
    let size = attend.heads.size;
    let of_query = attend.queries.head(query, head, size);
    let keys = attend.keys.from(visible, head, size);
    for (weight, place) in scratch.weights.iter_mut().zip(&scratch.of_keys) {
        *weight = product(of_query, &keys[*place..*place + size]);
    }
    finish(attend, (query, head), &mut scratch.weights);
    let values = attend.values.from(visible, head, size);
    out.fill(0.0);
    for (weight, place) in scratch.weights.iter().zip(&scratch.of_values) {
        for (sum, value) in out.iter_mut().zip(&values[*place..*place + size]) {
            *sum += weight * value;
        }
    }
}

/// From products to weights: scaled, with what is added, and their softmax.
#[inline(always)]
fn finish(attend: &Attend, (query, head): (usize, usize), weights: &mut [f32]) {
    softmax(weights, attend.heads.scale, attend.bias.map(|bias| bias(query, head)));
}

/// The softmax of what is scaled and then added to.
#[inline(always)]
pub(super) fn softmax(weights: &mut [f32], scale: f32, bias: Option<&[f32]>) {
    for weight in weights.iter_mut() {
        *weight *= scale;
    }
    if let Some(bias) = bias {
        for (weight, bias) in weights.iter_mut().zip(bias) {
            *weight += bias;
        }
    }
    let greatest = greatest(weights);
    for weight in weights.iter_mut() {
        *weight = exp_nonpositive(*weight - greatest);
    }
    let share = sum(weights, |x| x).recip();
    for weight in weights.iter_mut() {
        *weight *= share;
    }
}

/// The inner product of two vectors, in the order in which that of [`one_head`] is summed.
#[inline(always)]
fn product(x: &[f32], y: &[f32]) -> f32 {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    let mut lanes = [0.0; LANES];
    for (x, y) in x.iter().zip(y) {
        for i in 0..LANES {
            lanes[i] = multiply_add(x[i], y[i], lanes[i]);
        }
    }
    let mut sum = total(lanes);
    for (x, y) in x_rest.iter().zip(y_rest) {
        sum += x * y;
    }
    sum
}
