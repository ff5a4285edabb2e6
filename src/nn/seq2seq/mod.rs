//! The encoder-decoder transformer: Marian, BART, mBART, Pegasus, M2M100 and NLLB are one network with different switches,
//! and T5 is that network with relative positions.
//!
//! References: <https://arxiv.org/abs/1706.03762>, and the modules of these names in
//! <https://github.com/huggingface/transformers/tree/main/src/transformers/models>.

mod alignment;
mod config;
mod decode;
mod forced;
mod layers;
mod load;
mod t5;
#[cfg(test)]
mod tests;

use candle_core::Tensor;

use self::layers::{DecoderLayer, EncoderLayer};
use super::attention::{RelativeBias, Scope};
use super::device::Placement;
use super::embedding::Embeddings;
use super::norm::Norm;
use super::output::Output;
use super::rows::Rows;
use crate::error::{Error, Result};

pub use self::config::{Config, Stack, is_known};
pub use self::decode::State;
pub use self::forced::{Forced, Head, Pair};

/// An encoder-decoder with its weights, which never change: what changes while decoding is a [`State`] of the call.
pub struct Seq2Seq {
    config: Config,
    placement: Placement,
    /// The token that targets start with.
    start: u32,
    encoder: Encoder,
    decoder: Decoder,
    /// Hidden states to scores. `[target_vocab, d_model]`
    output: Output,
}

struct Encoder {
    embeddings: Embeddings,
    /// Relative positions, where attention tells them.
    bias: Option<RelativeBias>,
    layers: Vec<EncoderLayer>,
    norm: Option<Norm>,
}

struct Decoder {
    embeddings: Embeddings,
    /// Relative positions, where attention tells them.
    bias: Option<RelativeBias>,
    layers: Vec<DecoderLayer>,
    norm: Option<Norm>,
}

impl Seq2Seq {
    /// What the model's configuration says.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The token that targets start with.
    pub(crate) fn decoder_start(&self) -> u32 {
        self.start
    }

    /// The same with another token that targets start with.
    pub(crate) fn starting_with(self, start: u32) -> Self {
        Self { start, ..self }
    }

    /// Where it computes and in which precision.
    pub fn placement(&self) -> &Placement {
        &self.placement
    }

    /// Most tokens in a source, special tokens counted.
    pub fn max_source_len(&self) -> usize {
        self.config.max_positions
    }

    /// Most tokens in a target, the start token counted.
    pub fn max_target_len(&self) -> usize {
        self.config.max_positions
    }

    /// The hidden states of sources. `[tokens, d_model]`
    fn encode(&self, sources: &[&[u32]]) -> Result<(Tensor, Rows)> {
        let rows = self.rows(sources, "source", self.config.source_vocab)?;
        let encode = || -> candle_core::Result<_> {
            let mut x = self.encoder.embeddings.forward(&sources.concat(), &rows.positions())?;
            let bias = self.encoder.bias.as_ref().map(|bias| bias.spread(rows.longest())).transpose()?;
            let scope = Scope { rows: &rows, causal: false, bias: bias.as_ref() };
            for layer in &self.encoder.layers {
                x = layer.forward(&x, |attention, x| attention.forward(x, &scope))?;
            }
            self.encoder.norm.as_ref().map_or(Ok(x.clone()), |norm| norm.forward(&x))
        };
        Ok((encode().map_err(computing("encoding the source"))?, rows))
    }

    /// The scores of the next token after each hidden state, row-major. `[rows * target_vocab]`
    fn scores(&self, x: &Tensor) -> candle_core::Result<Vec<f32>> {
        self.output.scores(&self.before_output(x)?)
    }

    /// Hidden states as the output layer takes them.
    fn before_output(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        match self.config.output_scale {
            1.0 => Ok(x.clone()),
            scale => x * f64::from(scale),
        }
    }

    /// Rows of tokens that the model can take.
    fn rows(&self, rows: &[&[u32]], what: &'static str, vocab: usize) -> Result<Rows> {
        let limit = self.config.max_positions;
        for row in rows {
            if row.is_empty() || row.len() > limit {
                return Err(Error::Length { what, tokens: row.len(), limit });
            }
            if let Some(token) = row.iter().find(|token| **token as usize >= vocab) {
                return Err(Error::Token { token: *token, vocab });
            }
        }
        let lengths: Vec<_> = rows.iter().map(|row| row.len()).collect();
        Rows::new(&lengths, &self.placement).map_err(computing("laying out a batch"))
    }
}

fn computing(action: &'static str) -> impl Fn(candle_core::Error) -> Error {
    move |source| Error::Compute { action, source: source.into() }
}
