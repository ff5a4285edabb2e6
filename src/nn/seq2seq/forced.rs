//! Given targets in one pass: their log-probabilities, and the attention that alignments are made of.

use candle_core::{Result as Computed, Tensor};
use rayon::prelude::*;
use rten_simd::SimdOp as _;
use rten_vecmath::SumExpSub;

use super::{Seq2Seq, computing};
use crate::error::{Error, Result};
use crate::nn::attention::{Memory, Scope};
use crate::nn::rows::Rows;

/// A source and a target that is given.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// Token ids as the encoder takes them, special tokens included.
    pub source: &'a [u32],
    /// Token ids after the start token, the end token included.
    pub target: &'a [u32],
}

/// What the model makes of one [`Pair`].
#[derive(Debug, Clone, PartialEq)]
pub struct Forced {
    /// For each target token its log-probability after those before it. `[target]`
    pub log_probs: Vec<f32>,
    /// For each target token how much attention goes to each source token where it is predicted; each row sums to 1.
    /// `[target * source]`
    pub attention: Vec<f32>,
}

/// Target tokens whose scores are in memory at a time.
const SHARE: usize = 64;

impl Seq2Seq {
    /// One pass over targets that are given. `attention` names the decoder layer and the head whose attention is wanted;
    /// `None` takes the first head of the last layer, which is the one that Marian models with guided alignment were
    /// trained to align with.
    ///
    /// # Errors
    /// If a source or target is empty or longer than the model takes, or there is no such layer or head.
    pub fn force(&self, pairs: &[Pair], attention: Option<(usize, usize)>) -> Result<Vec<Forced>> {
        let (layer, head) = attention.unwrap_or((self.config.decoder.layers.saturating_sub(1), 0));
        if layer >= self.config.decoder.layers || head >= self.config.decoder.heads {
            return Err(Error::Option {
                what: "the attention head",
                value: format!("{layer}.{head}"),
                reason: format!(
                    "the decoder has {} layers of {} heads",
                    self.config.decoder.layers, self.config.decoder.heads
                ),
            });
        }
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let sources: Vec<_> = pairs.iter().map(|pair| pair.source).collect();
        let inputs: Vec<_> = pairs.iter().map(|pair| self.inputs(pair.target)).collect();
        let inputs: Vec<_> = inputs.iter().map(Vec::as_slice).collect();
        let targets = self.rows(&inputs, "target", self.config.target_vocab)?;
        let wanted: Vec<_> = pairs.iter().flat_map(|pair| pair.target).copied().collect();
        if let Some(token) = wanted.iter().find(|token| **token as usize >= self.config.target_vocab) {
            return Err(Error::Token { token: *token, vocab: self.config.target_vocab });
        }
        let (encoded, sources) = self.encode(&sources)?;
        let decode = || -> Computed<_> {
            let x = self.decoder.embeddings.forward(&inputs.concat(), &targets.positions())?;
            let (x, attention) = self.pass(x, &targets, (&encoded, &sources), (layer, head))?;
            Ok((self.log_probs(&x, &wanted)?, attention))
        };
        let (log_probs, attention) = decode().map_err(computing("decoding"))?;
        let forced = targets.ranges().zip(attention);
        Ok(forced.map(|(range, attention)| Forced { log_probs: log_probs[range].to_vec(), attention }).collect())
    }

    /// What the decoder is fed so that it predicts `target`.
    fn inputs(&self, target: &[u32]) -> Vec<u32> {
        let before = target.len().saturating_sub(1);
        let start = (!target.is_empty()).then_some(self.start);
        start.into_iter().chain(target[..before].iter().copied()).collect()
    }

    fn pass(
        &self,
        mut x: Tensor,
        targets: &Rows,
        (encoded, sources): (&Tensor, &Rows),
        (layer, head): (usize, usize),
    ) -> Computed<(Tensor, Vec<Vec<f32>>)> {
        let mut weights = Vec::new();
        let bias = self.decoder.bias.as_ref().map(|bias| bias.spread(targets.longest())).transpose()?;
        let scope = Scope { rows: targets, causal: true, bias: bias.as_ref() };
        for (i, decoder) in self.decoder.layers.iter().enumerate() {
            let memory: Memory = decoder.cross.memory(encoded, sources)?;
            x = decoder.forward(
                &x,
                |attention, x| attention.forward(x, &scope),
                |attention, x| {
                    if i == layer {
                        weights = attention.weights(x, targets, &memory, sources, head)?;
                    }
                    attention.forward(x, targets, &memory, sources)
                },
            )?;
        }
        let x = self.decoder.norm.as_ref().map_or(Ok(x.clone()), |norm| norm.forward(&x))?;
        Ok((x, weights))
    }

    /// The log-probabilities of `tokens`, one for each row of hidden states.
    fn log_probs(&self, x: &Tensor, tokens: &[u32]) -> Computed<Vec<f32>> {
        let vocab = self.config.target_vocab;
        let mut log_probs = Vec::with_capacity(tokens.len());
        for (share, tokens) in tokens.chunks(SHARE).enumerate() {
            let scores = self.scores(&x.narrow(0, share * SHARE, tokens.len())?)?;
            let rows = scores.par_chunks_exact(vocab).zip(tokens);
            log_probs.par_extend(rows.map(|(scores, token)| scores[*token as usize] - log_sum_exp(scores)));
        }
        Ok(log_probs)
    }
}

fn log_sum_exp(scores: &[f32]) -> f32 {
    let max = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    max + SumExpSub::new(scores, max).dispatch().ln()
}
