//! Step by step: what a search asks of an encoder-decoder.

use candle_core::{Result as Computed, Tensor};

use super::{Seq2Seq, computing};
use crate::error::{Error, Result};
use crate::nn::attention::{Cache, History, Memory, Sources};
use crate::nn::device::Precision;
use crate::nn::search::{Best, Decode};

/// Encoded sources, and the past of every row of a search.
pub struct State {
    /// Keys and values of the sources, for each layer.
    memory: Vec<Memory>,
    /// For each row its source.
    source_of: Vec<usize>,
    /// What candle's attention adds to scores for the places without tokens: for each row the mask of its source.
    mask: Option<Tensor>,
    /// Keys and values of the target tokens so far, for each layer.
    caches: Vec<Cache>,
    history: History,
    /// Tokens that each row has had.
    tokens: usize,
}

impl Decode for Seq2Seq {
    type State = State;

    fn vocab_size(&self) -> usize {
        self.config.target_vocab
    }

    fn start(&self, sources: &[&[u32]]) -> Result<State> {
        let (encoded, sources) = self.encode(sources)?;
        let memory = self.decoder.layers.iter().map(|layer| layer.cross.memory(&encoded, &sources));
        Ok(State {
            memory: memory.collect::<Computed<_>>().map_err(computing("encoding the source"))?,
            source_of: (0..sources.len()).collect(),
            mask: sources.padding.as_ref().map(|padding| padding.mask.clone()),
            caches: self.decoder.layers.iter().map(|_| Cache::new(self.placement.fused)).collect(),
            history: History::new(sources.len()),
            tokens: 0,
        })
    }

    fn step(&self, state: &mut State, tokens: &[u32]) -> Result<Vec<f32>> {
        if !self.can_step(state, tokens)? {
            return Ok(Vec::new());
        }
        self.advance(state, tokens).and_then(|x| self.scores(&x)).map_err(computing("decoding"))
    }

    fn best(&self, state: &mut State, tokens: &[u32], counts: &[usize]) -> Result<Vec<Best>> {
        if !self.can_step(state, tokens)? {
            return Ok(Vec::new());
        }
        let best = |x| self.output.best(&self.before_output(&x)?, counts);
        self.advance(state, tokens).and_then(best).map_err(computing("decoding"))
    }

    fn rows_of_a_stream(&self) -> usize {
        match self.placement.precision() {
            _ if !self.placement.fused => usize::MAX,
            // The weights of a step arrive in the time that it takes to multiply them with so many rows.
            Precision::Int8 => 16,
            _ => 64,
        }
    }

    fn reorder(&self, state: &mut State, rows: &[usize]) -> Result<()> {
        state.reorder(rows, self).map_err(computing("reordering rows"))
    }
}

impl Seq2Seq {
    /// Whether there is anything to do for tokens that may be fed.
    fn can_step(&self, state: &State, tokens: &[u32]) -> Result<bool> {
        let limit = self.max_target_len();
        if state.tokens == limit {
            return Err(Error::Length { what: "target", tokens: limit + 1, limit });
        }
        if let Some(token) = tokens.iter().find(|token| **token as usize >= self.config.target_vocab) {
            return Err(Error::Token { token: *token, vocab: self.config.target_vocab });
        }
        if tokens.len() != state.history.len() {
            let problem = format!("{} tokens were given for {} rows", tokens.len(), state.history.len());
            return Err(computing("taking a step")(candle_core::Error::Msg(problem)));
        }
        Ok(!tokens.is_empty())
    }

    /// Feeds one token a row; the hidden states after them. `[rows, d_model]`
    fn advance(&self, state: &mut State, tokens: &[u32]) -> Computed<Tensor> {
        let positions = vec![state.tokens as u32; tokens.len()];
        state.history.advance();
        state.tokens += 1;
        let sources = Sources { of_rows: &state.source_of, mask: state.mask.as_ref() };
        let bias = self.decoder.bias.as_ref().map(|bias| bias.last(state.tokens)).transpose()?;
        let mut x = self.decoder.embeddings.forward(tokens, &positions)?;
        for ((layer, memory), cache) in self.decoder.layers.iter().zip(&state.memory).zip(&mut state.caches) {
            x = layer.forward(
                &x,
                |attention, x| attention.step(x, cache, (&state.history, bias.as_ref())),
                |attention, x| attention.step(x, memory, &sources),
            )?;
        }
        self.decoder.norm.as_ref().map_or(Ok(x.clone()), |norm| norm.forward(&x))
    }
}

impl State {
    fn reorder(&mut self, rows: &[usize], model: &Seq2Seq) -> Computed<()> {
        if let Some(row) = rows.iter().find(|row| **row >= self.history.len()) {
            candle_core::bail!("there is no row {row} among {}", self.history.len())
        }
        self.history.reorder(rows);
        let source_of: Vec<_> = rows.iter().map(|row| self.source_of[*row]).collect();
        if !model.placement.fused {
            let indices: Vec<_> = rows.iter().map(|row| *row as u32).collect();
            let indices = Tensor::new(indices, &model.placement.device)?;
            self.caches.iter_mut().try_for_each(|cache| cache.reorder(&indices))?;
            // As long as the rows keep their sources, in a beam mostly, their copies are right as they are.
            if source_of != self.source_of {
                self.memory.iter_mut().try_for_each(|memory| memory.reorder(&indices))?;
                self.mask = self.mask.take().map(|mask| mask.index_select(&indices, 0)).transpose()?;
            }
        }
        self.source_of = source_of;
        Ok(())
    }
}
