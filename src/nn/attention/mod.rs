//! Multi-head attention: among the tokens of a row, and from a target to its source.

mod cache;
mod fused;
mod plain;

use std::ops::Range;

use candle_core::{DType, Result, Tensor};

use self::fused::{Attend, Vectors, Visible};
use super::host;
use super::linear::Linear;
use super::loader::Loader;
use super::rows::Rows;
use crate::error;

pub(super) use cache::{Cache, History};

/// How hidden states are cut into heads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heads {
    /// Number of heads.
    pub(super) count: usize,
    /// Size of one.
    pub(super) size: usize,
}

impl Heads {
    /// What products of queries and keys are multiplied with.
    fn scale(self) -> f32 {
        (self.size as f32).sqrt().recip()
    }

    fn width(self) -> usize {
        self.count * self.size
    }
}

/// Attention of tokens to the tokens of their own row.
#[derive(Debug)]
pub(super) struct SelfAttention {
    qkv: Linear,
    out: Linear,
    heads: Heads,
}

impl SelfAttention {
    pub(super) fn load(loader: &Loader, heads: Heads) -> error::Result<Self> {
        let d = heads.width();
        let qkv = Linear::side_by_side(loader, &["q_proj", "k_proj", "v_proj"], d, d)?;
        Ok(Self { qkv, out: Linear::load(loader, "out_proj", d, d)?, heads })
    }

    /// Whole rows at once; with `causal`, a token sees only those up to itself. `[tokens, d]` to the same
    pub(super) fn forward(&self, x: &Tensor, rows: &Rows, causal: bool) -> Result<Tensor> {
        let qkv = self.qkv.forward(x)?;
        let attended = match &rows.padding {
            None => {
                let row_of = rows.of_tokens();
                let visible = |query: usize| {
                    let range = rows.range(row_of[query]);
                    Visible::Range(range.start..if causal { query + 1 } else { range.end })
                };
                let values = host::read(&qkv, |qkv| self.fused(qkv, self.part(qkv, 1), self.part(qkv, 2), &visible))?;
                host::tensor(values, x.shape())?
            }
            Some(padding) => {
                let qkv = padding.pad(&qkv)?;
                let mask = match causal {
                    true => padding.mask.broadcast_add(&padding.causal_mask()?)?,
                    false => padding.mask.clone(),
                };
                let [q, k, v] = [0, 1, 2].map(|part| plain::split(&qkv, self.heads, part));
                padding.unpad(&plain::attend(&plain::weights(&q?, &k?, Some(&mask), self.heads)?, &v?)?)?
            }
        };
        self.out.forward(&attended)
    }

    /// One more token of each row, whose place in `history` is there already. `[rows, d]` to the same
    pub(super) fn step(&self, x: &Tensor, cache: &mut Cache, history: &History) -> Result<Tensor> {
        let qkv = self.qkv.forward(x)?;
        let attended = match cache {
            Cache::Fused(past) => {
                let d = self.heads.width();
                let values = host::read(&qkv, |qkv| {
                    for row in qkv.chunks_exact(3 * d) {
                        past.extend_from_slice(&row[d..]);
                    }
                    let (keys, values) = (Vectors::new(past, 2 * d, 0), Vectors::new(past, 2 * d, d));
                    self.fused(qkv, keys, values, &|row| Visible::List(history.row(row)))
                })?;
                host::tensor(values, x.shape())?
            }
            Cache::Plain(past) => {
                let qkv = qkv.unsqueeze(1)?; // [rows, 1, 3 * d]
                let [keys, values] = cache::append(past, &qkv, self.heads)?;
                let queries = plain::split(&qkv, self.heads, 0)?;
                let weights = plain::weights(&queries, &keys, None, self.heads)?;
                plain::attend(&weights, &values)?.squeeze(1)?
            }
        };
        self.out.forward(&attended)
    }

    fn part<'a>(&self, qkv: &'a [f32], part: usize) -> Vectors<'a> {
        let d = self.heads.width();
        Vectors::new(qkv, 3 * d, part * d)
    }

    fn fused<'v>(
        &self,
        qkv: &[f32],
        keys: Vectors,
        values: Vectors,
        visible: &(dyn Fn(usize) -> Visible<'v> + Sync),
    ) -> Vec<f32> {
        let queries = self.part(qkv, 0);
        Attend { heads: self.heads, queries, keys, values, visible }.run(qkv.len() / (3 * self.heads.width()))
    }
}

/// Attention of target tokens to the tokens of a source.
#[derive(Debug)]
pub(super) struct CrossAttention {
    q: Linear,
    kv: Linear,
    out: Linear,
    heads: Heads,
}

/// The keys and values of all sources, for one layer.
#[derive(Debug)]
pub(super) enum Memory {
    /// One after the other, key and value side by side. `[tokens, 2 * heads * size]`
    Fused(Tensor),
    /// Keys and values of each row. `[rows, heads, longest, size]`
    Plain([Tensor; 2]),
}

/// Which tokens of the sources each row of targets sees.
pub(super) struct Sources<'a> {
    /// Where the sources lie.
    pub(super) rows: &'a Rows,
    /// For each row its source.
    pub(super) of_rows: &'a [usize],
    /// What is added to scores, where [`Memory::Plain`] is used: the sources' masks, one for each row.
    pub(super) mask: Option<&'a Tensor>,
}

impl CrossAttention {
    pub(super) fn load(loader: &Loader, heads: Heads) -> error::Result<Self> {
        let d = heads.width();
        Ok(Self {
            q: Linear::load(loader, "q_proj", d, d)?,
            kv: Linear::side_by_side(loader, &["k_proj", "v_proj"], d, d)?,
            out: Linear::load(loader, "out_proj", d, d)?,
            heads,
        })
    }

    /// The keys and values of encoded sources.
    pub(super) fn memory(&self, encoded: &Tensor, sources: &Rows) -> Result<Memory> {
        let kv = self.kv.forward(encoded)?;
        match &sources.padding {
            None => Ok(Memory::Fused(kv)),
            Some(padding) => {
                let kv = padding.pad(&kv)?;
                Ok(Memory::Plain([plain::split(&kv, self.heads, 0)?, plain::split(&kv, self.heads, 1)?]))
            }
        }
    }

    /// One token of each row. `[rows, d]` to the same
    pub(super) fn step(&self, x: &Tensor, memory: &Memory, sources: &Sources) -> Result<Tensor> {
        let q = self.q.forward(x)?;
        let attended = match memory {
            Memory::Fused(kv) => self.fused(&q, kv, &|row| sources.rows.range(sources.of_rows[row]))?,
            Memory::Plain([keys, values]) => {
                let queries = plain::split(&q.unsqueeze(1)?, self.heads, 0)?;
                let weights = plain::weights(&queries, keys, sources.mask, self.heads)?;
                plain::attend(&weights, values)?.squeeze(1)?
            }
        };
        self.out.forward(&attended)
    }

    /// Whole targets at once, the row with the same number being the source of each. `[tokens, d]` to the same
    pub(super) fn forward(&self, x: &Tensor, targets: &Rows, memory: &Memory, sources: &Rows) -> Result<Tensor> {
        let q = self.q.forward(x)?;
        let attended = match (memory, &targets.padding) {
            (Memory::Plain([_, values]), Some(padding)) => {
                let weights = self.plain_weights(&q, targets, memory, sources)?;
                padding.unpad(&plain::attend(&weights, values)?)?
            }
            (Memory::Fused(kv), None) => {
                let row_of = targets.of_tokens();
                self.fused(&q, kv, &|query| sources.range(row_of[query]))?
            }
            _ => candle_core::bail!("targets and sources are on different devices"),
        };
        self.out.forward(&attended)
    }

    /// How much of its attention each target token gives to each token of its source, in one head. For each row
    /// `[target * source]`
    pub(super) fn weights(
        &self,
        x: &Tensor,
        targets: &Rows,
        memory: &Memory,
        sources: &Rows,
        head: usize,
    ) -> Result<Vec<Vec<f32>>> {
        let q = self.q.forward(x)?;
        match memory {
            Memory::Plain(_) => {
                let weights = self.plain_weights(&q, targets, memory, sources)?.narrow(1, head, 1)?.squeeze(1)?;
                let weights = weights.to_dtype(DType::F32)?.to_vec3::<f32>()?;
                let row = |(row, weights): (usize, &Vec<Vec<f32>>)| {
                    let (targets, sources) = (targets.range(row).len(), sources.range(row).len());
                    weights[..targets].iter().flat_map(|weights| &weights[..sources]).copied().collect()
                };
                Ok(weights.iter().enumerate().map(row).collect())
            }
            Memory::Fused(kv) => {
                let row_of = targets.of_tokens();
                let visible = |query: usize| Visible::Range(sources.range(row_of[query]));
                self.with_fused(&q, kv, &visible, |attend| {
                    let row = |tokens: Range<usize>| tokens.flat_map(|query| attend.weights(query, head)).collect();
                    targets.ranges().map(row).collect()
                })
            }
        }
    }

    fn plain_weights(&self, q: &Tensor, targets: &Rows, memory: &Memory, sources: &Rows) -> Result<Tensor> {
        let (Memory::Plain([keys, _]), Some(targets), Some(sources)) = (memory, &targets.padding, &sources.padding)
        else {
            candle_core::bail!("targets and sources are on different devices")
        };
        let queries = plain::split(&targets.pad(q)?, self.heads, 0)?;
        plain::weights(&queries, keys, Some(&sources.mask), self.heads)
    }

    fn fused(&self, q: &Tensor, kv: &Tensor, sources: &(dyn Fn(usize) -> Range<usize> + Sync)) -> Result<Tensor> {
        let visible = |query| Visible::Range(sources(query));
        let values = self.with_fused(q, kv, &visible, |attend| attend.run(q.dims()[0]))?;
        host::tensor(values, q.shape())
    }

    fn with_fused<T>(
        &self,
        q: &Tensor,
        kv: &Tensor,
        visible: &(dyn Fn(usize) -> Visible<'static> + Sync),
        f: impl FnOnce(Attend) -> T,
    ) -> Result<T> {
        let d = self.heads.width();
        host::read(q, |q| {
            host::read(kv, |kv| {
                let (keys, values) = (Vectors::new(kv, 2 * d, 0), Vectors::new(kv, 2 * d, d));
                f(Attend { heads: self.heads, queries: Vectors::new(q, d, 0), keys, values, visible })
            })
        })?
    }
}

impl Memory {
    /// Makes row `i` a copy of what was row `rows[i]`, where rows have copies of their own.
    pub(super) fn reorder(&mut self, rows: &Tensor) -> Result<()> {
        if let Self::Plain([keys, values]) = self {
            *self = Self::Plain([keys.index_select(rows, 0)?, values.index_select(rows, 0)?]);
        }
        Ok(())
    }
}
