//! Multi-head attention: among the tokens of a row, and from a target to its source.

mod block;
mod cache;
mod fused;
mod plain;
mod relative;
mod source;
mod whole;

use candle_core::{DType, Result, Tensor};

use self::fused::{Attend, Bias, Vectors, Visible};
use super::device::Precision;
use super::host;
use super::linear::Linear;
use super::loader::Loader;
use super::rows::Rows;
use crate::error;

pub(super) use self::cache::{Cache, History};
use self::cache::{GAP, STEPS};
use self::source::SourceMemory;
pub(super) use relative::{Buckets, RelativeBias, Spread};

/// How hidden states are cut into heads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heads {
    /// Number of heads.
    pub(super) count: usize,
    /// Size of one.
    pub(super) size: usize,
    /// What products of queries and keys are multiplied with.
    pub(super) scale: f32,
}

impl Heads {
    /// Heads whose products are divided by the root of their size.
    pub(super) fn new(count: usize, size: usize) -> Self {
        Self { count, size, scale: (size as f32).sqrt().recip() }
    }

    fn width(self) -> usize {
        self.count * self.size
    }
}

/// What a family calls the projections of hidden states to queries, keys and values, and of attended values back.
pub(super) struct Projections {
    /// Queries, keys, values.
    pub(super) qkv: [&'static str; 3],
    /// Back.
    pub(super) out: &'static str,
    /// Whether they have biases.
    pub(super) bias: bool,
}

impl Projections {
    fn load(&self, loader: &Loader, names: &[&str], [inputs, outputs]: [usize; 2]) -> error::Result<Linear> {
        match self.bias {
            true => Linear::side_by_side(loader, names, inputs, outputs),
            false => Linear::without_bias(loader, names, [inputs, outputs]),
        }
    }
}

/// What the queries of whole rows see.
pub(super) struct Scope<'a> {
    pub(super) rows: &'a Rows,
    /// Whether a token sees only those up to itself.
    pub(super) causal: bool,
    /// What is added to scores.
    pub(super) bias: Option<&'a Spread>,
}

/// Attention of tokens to the tokens of their own row.
#[derive(Debug)]
pub(super) struct SelfAttention {
    qkv: Linear,
    out: Linear,
    heads: Heads,
}

impl SelfAttention {
    /// For hidden states of size `d`.
    pub(super) fn load(loader: &Loader, names: &Projections, heads: Heads, d: usize) -> error::Result<Self> {
        Ok(Self {
            qkv: names.load(loader, &names.qkv, [d, heads.width()])?,
            out: names.load(loader, &[names.out], [heads.width(), d])?,
            heads,
        })
    }

    /// Whole rows at once. `[tokens, d]` to the same
    pub(super) fn forward(&self, x: &Tensor, &Scope { rows, causal, bias }: &Scope) -> Result<Tensor> {
        let qkv = self.qkv.forward(x)?;
        let attended = match &rows.padding {
            None => {
                let row_of = rows.of_tokens();
                let seen = |query: usize| {
                    let range = rows.range(row_of[query]);
                    range.start..if causal { query + 1 } else { range.end }
                };
                let bias = bias.map(|bias| {
                    |query: usize, head: usize| {
                        let seen = seen(query);
                        bias.of(head, query - seen.start, seen.len())
                    }
                });
                let visible = |query: usize| Visible::Range(seen(query));
                let bias = bias.as_ref().map(|bias| bias as Bias);
                let values = host::read(&qkv, |qkv| match causal {
                    false => whole::attend(self.heads, qkv, rows, bias),
                    true => self.fused(qkv, [self.part(qkv, 1), self.part(qkv, 2)], &visible, bias),
                })?;
                host::tensor(values, (x.dim(0)?, self.heads.width()))?
            }
            Some(padding) => {
                let qkv = padding.pad(&qkv)?;
                let mask = match causal {
                    true => padding.mask.broadcast_add(&padding.causal_mask()?)?,
                    false => padding.mask.clone(),
                };
                let mask = match bias.and_then(|bias| bias.plain.as_ref()) {
                    Some(bias) => mask.broadcast_add(bias)?,
                    None => mask,
                };
                let [q, k, v] = [0, 1, 2].map(|part| plain::split(&qkv, self.heads, part));
                padding.unpad(&plain::attend(&plain::weights(&q?, &k?, Some(&mask), self.heads)?, &v?)?)?
            }
        };
        self.out.forward(&attended)
    }

    /// One more token of each row, whose place in `history` is there already. `[rows, d]` to the same
    pub(super) fn step(
        &self,
        x: &Tensor,
        cache: &mut Cache,
        (history, bias): (&History, Option<&Spread>),
    ) -> Result<Tensor> {
        let qkv = self.qkv.forward(x)?;
        let attended = match cache {
            Cache::Fused { keys, values } => {
                let d = self.heads.width();
                let values = host::read(&qkv, |qkv| {
                    let size = qkv.len() / 3 / d * (d + GAP);
                    for past in [&mut *keys, &mut *values] {
                        if past.capacity() - past.len() < size {
                            past.reserve(STEPS * size);
                        }
                    }
                    for row in qkv.chunks_exact(3 * d) {
                        for (past, new) in [(&mut *keys, &row[d..2 * d]), (&mut *values, &row[2 * d..])] {
                            past.extend_from_slice(new);
                            past.extend_from_slice(&[0.0; GAP]);
                        }
                    }
                    let past = [keys, values].map(|past| Vectors::new(past, d + GAP, 0));
                    let bias = bias.map(|bias| {
                        |row: usize, head: usize| {
                            let tokens = history.row(row).len();
                            bias.of(head, tokens - 1, tokens)
                        }
                    });
                    let visible = |row| Visible::List(history.row(row));
                    self.fused(qkv, past, &visible, bias.as_ref().map(|bias| bias as Bias))
                })?;
                host::tensor(values, (x.dim(0)?, d))?
            }
            Cache::Plain(past) => {
                let qkv = qkv.unsqueeze(1)?; // [rows, 1, 3 * d]
                let [keys, values] = cache::append(past, &qkv, self.heads)?;
                let queries = plain::split(&qkv, self.heads, 0)?;
                let bias = bias.and_then(|bias| bias.plain.as_ref());
                let weights = plain::weights(&queries, &keys, bias, self.heads)?;
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
        [keys, values]: [Vectors; 2],
        visible: &(dyn Fn(usize) -> Visible<'v> + Sync),
        bias: Option<Bias<'_, 'v>>,
    ) -> Vec<f32> {
        let queries = self.part(qkv, 0);
        let attend = Attend { heads: self.heads, queries, keys, values, visible, bias };
        attend.run(qkv.len() / (3 * self.heads.width()))
    }
}

/// Attention of target tokens to the tokens of a source.
#[derive(Debug)]
pub(super) struct CrossAttention {
    q: Linear,
    kv: Linear,
    out: Linear,
    heads: Heads,
    /// Whether keys and values of sources are kept in half precision, as is good enough where weights are rounded too.
    half: bool,
}

/// The keys and values of all sources, for one layer.
#[derive(Debug)]
pub(super) enum Memory {
    /// As the CPU reads them.
    Fused(SourceMemory),
    /// Keys and values of each row. `[rows, heads, longest, size]`
    Plain([Tensor; 2]),
}

/// Which tokens of the sources each row of targets sees.
pub(super) struct Sources<'a> {
    /// For each row its source.
    pub(super) of_rows: &'a [usize],
    /// What is added to scores, where [`Memory::Plain`] is used: the sources' masks, one for each row.
    pub(super) mask: Option<&'a Tensor>,
}

impl CrossAttention {
    /// For hidden states of size `d`.
    pub(super) fn load(loader: &Loader, names: &Projections, heads: Heads, d: usize) -> error::Result<Self> {
        let size = [d, heads.width()];
        Ok(Self {
            q: names.load(loader, &names.qkv[..1], size)?,
            kv: names.load(loader, &names.qkv[1..], size)?,
            out: names.load(loader, &[names.out], [heads.width(), d])?,
            heads,
            half: loader.placement().precision == Precision::Int8,
        })
    }

    /// The keys and values of encoded sources.
    pub(super) fn memory(&self, encoded: &Tensor, sources: &Rows) -> Result<Memory> {
        let kv = self.kv.forward(encoded)?;
        match &sources.padding {
            None => Ok(Memory::Fused(host::read(&kv, |kv| SourceMemory::new(self.heads, kv, sources, self.half))?)),
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
            Memory::Fused(memory) => fused(&q, memory, &|row| sources.of_rows[row])?,
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
            (Memory::Fused(memory), None) => {
                let row_of = targets.of_tokens();
                fused(&q, memory, &|query| row_of[query])?
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
            Memory::Fused(memory) => host::read(&q, |q| {
                let width = self.heads.width();
                let weights = |row, query: usize| memory.weights(&q[query * width..(query + 1) * width], row, head);
                let rows = targets.ranges().enumerate();
                rows.map(|(row, tokens)| tokens.flat_map(|query| weights(row, query)).collect()).collect()
            }),
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
}

fn fused(q: &Tensor, memory: &SourceMemory, source_of: &(dyn Fn(usize) -> usize + Sync)) -> Result<Tensor> {
    host::tensor(host::read(q, |q| memory.attend(q, source_of))?, q.shape())
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
