//! Attention on the CPU: each query over exactly the keys that it may see, without padding and without masks.
//!
//! A query's result depends on nothing but the query and its keys in their order, so it is the same to the last bit in any
//! batch and with any number of threads.

use std::ops::Range;

use rayon::prelude::*;
use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};
use rten_vecmath::Softmax;

use super::Heads;
use crate::nn::host;

/// Vectors that lie at equal distances, one for each token: all its heads side by side.
#[derive(Clone, Copy)]
pub(super) struct Vectors<'a> {
    values: &'a [f32],
    /// From a token to the next.
    stride: usize,
    /// From the beginning of a token to its vector.
    offset: usize,
}

/// For a query and a head one number for each token that the query may see.
pub(super) type Bias<'a, 'v> = &'a (dyn Fn(usize, usize) -> &'v [f32] + Sync + 'a);

/// The tokens that a query may see.
pub(super) enum Visible<'a> {
    Range(Range<usize>),
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

    fn head(&self, token: usize, head: usize, size: usize) -> &'a [f32] {
        let start = token * self.stride + self.offset + head * size;
        &self.values[start..start + size]
    }
}

impl Visible<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::List(tokens) => tokens.len(),
        }
    }

    fn token(&self, i: usize) -> usize {
        match self {
            Self::Range(range) => range.start + i,
            Self::List(tokens) => tokens[i] as usize,
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
            let share = queries.div_ceil(4 * rayon::current_num_threads());
            out.par_chunks_mut(share * width).enumerate().for_each(|(i, out)| {
                Share { attend: self, first: i * share, out }.dispatch();
            });
        } else {
            Share { attend: self, first: 0, out: &mut out }.dispatch();
        }
        out
    }

    /// How much of its attention a query gives to each token that it sees, in one head.
    pub(super) fn weights(&self, query: usize, head: usize) -> Vec<f32> {
        Weights { attend: self, query, head }.dispatch()
    }
}

/// Some of the queries of a call.
struct Share<'a, 'b, 'v> {
    attend: &'a Attend<'b, 'v>,
    first: usize,
    out: &'a mut [f32],
}

impl SimdOp for Share<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let attend = self.attend;
        let Heads { count, size, .. } = attend.heads;
        let mut weights = Vec::new();
        for (i, out) in self.out.chunks_exact_mut(count * size).enumerate() {
            let visible = (attend.visible)(self.first + i);
            for (head, out) in out.chunks_exact_mut(size).enumerate() {
                attend.weigh(isa, (self.first + i, head), &visible, &mut weights);
                for (j, weight) in weights.iter().enumerate() {
                    add(isa, out, attend.values.head(visible.token(j), head, size), *weight);
                }
            }
        }
    }
}

/// The weights of one query in one head.
struct Weights<'a, 'b, 'v> {
    attend: &'a Attend<'b, 'v>,
    query: usize,
    head: usize,
}

impl SimdOp for Weights<'_, '_, '_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> Vec<f32> {
        let mut weights = Vec::new();
        let visible = (self.attend.visible)(self.query);
        self.attend.weigh(isa, (self.query, self.head), &visible, &mut weights);
        weights
    }
}

impl Attend<'_, '_> {
    #[inline(always)]
    fn weigh<I: Isa>(&self, isa: I, (query, head): (usize, usize), visible: &Visible, weights: &mut Vec<f32>) {
        let size = self.heads.size;
        let scale = self.heads.scale;
        let bias = self.bias.map(|bias| bias(query, head));
        let query = self.queries.head(query, head, size);
        let key = |i| self.keys.head(visible.token(i), head, size);
        let whole = visible.len() / KEYS * KEYS;
        weights.clear();
        for i in (0..whole).step_by(KEYS) {
            let products = products(isa, query, std::array::from_fn::<_, KEYS, _>(|k| key(i + k)));
            weights.extend(products.map(|product| product * scale));
        }
        for i in whole..visible.len() {
            let [product] = products(isa, query, [key(i)]);
            weights.push(product * scale);
        }
        if let Some(bias) = bias {
            weights.iter_mut().zip(bias).for_each(|(weight, bias)| *weight += bias);
        }
        Softmax::new_mut(weights).eval(isa);
    }
}

/// Keys that are multiplied with a query at a time.
const KEYS: usize = 4;

/// The inner products of `x` with several vectors, each summed in the same order however many there are.
#[inline(always)]
fn products<I: Isa, const N: usize>(isa: I, x: &[f32], ys: [&[f32]; N]) -> [f32; N] {
    let ops = isa.f32();
    let lanes = ops.len();
    let mut sums = [ops.zero(); N];
    let whole = x.len() / lanes * lanes;
    for i in (0..whole).step_by(lanes) {
        let part = ops.load(&x[i..]);
        for (sum, y) in sums.iter_mut().zip(ys) {
            *sum = ops.mul_add(part, ops.load(&y[i..]), *sum);
        }
    }
    let mut products = sums.map(|sum| ops.sum(sum));
    for i in whole..x.len() {
        for (product, y) in products.iter_mut().zip(ys) {
            *product += x[i] * y[i];
        }
    }
    products
}

/// `out += x * weight`
#[inline(always)]
fn add<I: Isa>(isa: I, out: &mut [f32], x: &[f32], weight: f32) {
    let ops = isa.f32();
    let lanes = ops.len();
    let weights = ops.splat(weight);
    let whole = out.len() / lanes * lanes;
    for i in (0..whole).step_by(lanes) {
        let sum = ops.mul_add(ops.load(&x[i..]), weights, ops.load(&out[i..]));
        ops.store(sum, &mut out[i..]);
    }
    for i in whole..out.len() {
        out[i] += x[i] * weight;
    }
}
