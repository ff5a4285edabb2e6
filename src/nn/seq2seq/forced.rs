//! Given targets in one pass: their log-probabilities, and the attention that alignments are made of.

use candle_core::{Result as Computed, Tensor};
use rayon::prelude::*;

use super::{Seq2Seq, computing};
use crate::error::{Error, Result};
use crate::nn::attention::{Memory, Scope};
use crate::nn::rows::Rows;
use crate::nn::search::scores::log_sum_exp;

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

/// A head of the decoder's attention to its source: the layer, and the head in it.
pub type Head = (usize, usize);

/// What a pass over given targets leaves.
struct Given {
    /// `[target tokens, d_model]`
    hidden: Tensor,
    targets: Rows,
    /// For each pair. `[target * source]`
    attention: Vec<Vec<f32>>,
}

impl Seq2Seq {
    /// One pass over targets that are given. `head` is whose attention is wanted; `None` takes the first head of the last
    /// layer, which is the one that Marian models with guided alignment were trained to align with.
    ///
    /// # Errors
    /// If a source or target is empty or longer than the model takes, or there is no such layer or head.
    pub fn force(&self, pairs: &[Pair], head: Option<Head>) -> Result<Vec<Forced>> {
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let given = self.given(pairs, &[head.unwrap_or((self.config.decoder.layers.saturating_sub(1), 0))])?;
        let wanted: Vec<_> = pairs.iter().flat_map(|pair| pair.target).copied().collect();
        if let Some(token) = wanted.iter().find(|token| **token as usize >= self.config.target_vocab) {
            return Err(Error::Token { token: *token, vocab: self.config.target_vocab });
        }
        let log_probs = self.log_probs(&given.hidden, &wanted).map_err(computing("decoding"))?;
        let forced = given.targets.ranges().zip(given.attention);
        Ok(forced.map(|(range, attention)| Forced { log_probs: log_probs[range].to_vec(), attention }).collect())
    }

    /// The attention of [`Seq2Seq::force`] alone, which spares the output layer: the mean of some heads.
    ///
    /// # Errors
    /// As for [`Seq2Seq::force`].
    pub fn attend(&self, pairs: &[Pair], heads: &[Head]) -> Result<Vec<Vec<f32>>> {
        if pairs.is_empty() { Ok(Vec::new()) } else { Ok(self.given(pairs, heads)?.attention) }
    }

    fn given(&self, pairs: &[Pair], heads: &[Head]) -> Result<Given> {
        let decoder = self.config.decoder;
        let is_there = |&&(layer, head): &&Head| layer < decoder.layers && head < decoder.heads;
        if let Some((layer, head)) = heads.iter().find(|head| !is_there(head)) {
            return Err(Error::Option {
                what: "the attention head",
                value: format!("{layer}.{head}"),
                reason: format!("the decoder has {} layers of {} heads", decoder.layers, decoder.heads),
            });
        }
        let sources: Vec<_> = pairs.iter().map(|pair| pair.source).collect();
        let inputs: Vec<_> = pairs.iter().map(|pair| self.inputs(pair.target)).collect();
        let inputs: Vec<_> = inputs.iter().map(Vec::as_slice).collect();
        let targets = self.rows(&inputs, "target", self.config.target_vocab)?;
        let (encoded, sources) = self.encode(&sources)?;
        let decode = || -> Computed<_> {
            let x = self.decoder.embeddings.forward(&inputs.concat(), &targets.positions())?;
            self.pass(x, &targets, (&encoded, &sources), heads)
        };
        let (hidden, attention) = decode().map_err(computing("decoding"))?;
        Ok(Given { hidden, targets, attention })
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
        heads: &[Head],
    ) -> Computed<(Tensor, Vec<Vec<f32>>)> {
        let mut of_heads = Vec::with_capacity(heads.len());
        let bias = self.decoder.bias.as_ref().map(|bias| bias.spread(targets.longest())).transpose()?;
        let scope = Scope { rows: targets, causal: true, bias: bias.as_ref() };
        for (i, decoder) in self.decoder.layers.iter().enumerate() {
            let memory: Memory = decoder.cross.memory(encoded, sources)?;
            x = decoder.forward(
                &x,
                |attention, x| attention.forward(x, &scope),
                |attention, x| {
                    for (_, head) in heads.iter().filter(|(layer, _)| *layer == i) {
                        of_heads.push(attention.weights(x, targets, &memory, sources, *head)?);
                    }
                    attention.forward(x, targets, &memory, sources)
                },
            )?;
        }
        let x = self.decoder.norm.as_ref().map_or(Ok(x.clone()), |norm| norm.forward(&x))?;
        Ok((x, mean(of_heads)))
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

/// The mean of what several heads give for each pair.
fn mean(of_heads: Vec<Vec<Vec<f32>>>) -> Vec<Vec<f32>> {
    let share = 1.0 / of_heads.len() as f32;
    let mut of_heads = of_heads.into_iter();
    let mut mean = of_heads.next().unwrap_or_default();
    for of_head in of_heads {
        mean.iter_mut().flatten().zip(of_head.into_iter().flatten()).for_each(|(sum, weight)| *sum += weight);
    }
    mean.iter_mut().flatten().for_each(|weight| *weight *= share);
    mean
}
