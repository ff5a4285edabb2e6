//! The last layer of a decoder: hidden states to the scores of all tokens, or to just the best of them.

use std::cell::Cell;

use candle_core::{DType, Result, Tensor};
use rayon::prelude::*;

use super::host;
use super::linear::{Input, Linear, Part};
use super::loader::Loader;
use super::search::{Best, scores};
use crate::error;

thread_local! {
    /// Room for the scores of a block, so that it is not asked for and given back at every block of every step.
    static SCORES: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

/// A linear layer with an output for each token.
///
/// It lies in blocks, and a search that wants the best tokens only gets them block by block: the scores of a block, some
/// hundred kilobytes, are looked through while they are near the processor, and never written to memory as a whole.
#[derive(Debug)]
pub(super) struct Output {
    blocks: Vec<Linear>,
    tokens: usize,
}

impl Output {
    /// Loads `[tokens, inputs]` and, where there are such, biases.
    pub(super) fn load(
        loader: &Loader,
        weight: &str,
        bias: Option<(&str, &[usize])>,
        [tokens, inputs]: [usize; 2],
    ) -> error::Result<Self> {
        let part = [Part { weight, bias, outputs: tokens }];
        let block = if loader.placement().fused { scores::RUN } else { tokens };
        let load = |start| Linear::range(loader, &part, [inputs, tokens], start..tokens.min(start + block));
        let blocks = (0..tokens).step_by(block).map(load).collect::<error::Result<_>>()?;
        Ok(Self { blocks, tokens })
    }

    /// The scores of all tokens after each hidden state, row-major. `[rows * tokens]`
    pub(super) fn scores(&self, x: &Tensor) -> Result<Vec<f32>> {
        let [first, ..] = &self.blocks[..] else { return Ok(Vec::new()) };
        if first.is_plain() {
            return first.forward(x)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1();
        }
        let blocks = host::read(x, |x| self.each(&first.input(x), <[f32]>::to_vec))??;
        let mut all = Vec::with_capacity(x.dim(0)? * self.tokens);
        for row in 0..x.dim(0)? {
            for (block, scores) in self.blocks.iter().zip(&blocks) {
                all.extend_from_slice(&scores[row * block.outputs()..(row + 1) * block.outputs()]);
            }
        }
        Ok(all)
    }

    /// For each hidden state so many of the best tokens as `counts` says.
    pub(super) fn best(&self, x: &Tensor, counts: &[usize]) -> Result<Vec<Best>> {
        let [first, ..] = &self.blocks[..] else { return Ok(Vec::new()) };
        if counts.len() != x.dim(0)? {
            candle_core::bail!("{} counts were given for {} rows", counts.len(), x.dim(0)?)
        }
        if first.is_plain() {
            let scores = self.scores(x)?;
            return Ok(scores
                .par_chunks_exact(self.tokens)
                .zip(counts)
                .map(|(row, count)| Best::of(row, *count))
                .collect());
        }
        let of_blocks = host::read(x, |x| {
            self.each(&first.input(x), |scores| {
                let rows = scores.chunks_exact(scores.len() / counts.len());
                rows.zip(counts).map(|(row, count)| scores::Run::of(row, *count)).collect::<Vec<_>>()
            })
        })??;
        let rows = counts.iter().enumerate().map(|(row, count)| {
            let runs = of_blocks.iter().map(|rows| &rows[row]).enumerate();
            Best::from_runs(runs.map(|(block, run)| ((block * scores::RUN) as u32, run)), *count)
        });
        Ok(rows.collect())
    }

    /// What `f` makes of the scores of each block. `[rows * block]`
    fn each<T: Send>(&self, x: &Input, f: impl Fn(&[f32]) -> T + Sync) -> Result<Vec<T>> {
        let of_block = |block: &Linear| {
            // Taken, not borrowed: the thread may come to another block while it waits for others to help it with this.
            let mut scores = SCORES.take();
            block.product_into(x, None, &mut scores)?;
            let found = f(&scores);
            SCORES.set(scores);
            Ok(found)
        };
        self.blocks.par_iter().map(of_block).collect()
    }
}
