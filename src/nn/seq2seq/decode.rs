//! Step by step: what a search asks of an encoder-decoder.

use candle_core::{Result as Computed, Tensor};

use rayon::prelude::*;

use super::{Seq2Seq, computing};
use crate::error::{Error, Result};
use crate::nn::attention::{Cache, History, Memory, Sources, Spread};
use crate::nn::host;
use crate::nn::search::{Best, Decode};

/// Encoded sources, and the past of every row of a search.
pub struct State {
    /// Each is carried through the layers by a thread.
    parts: Vec<Part>,
    /// Tokens that each row has had.
    tokens: usize,
    /// Tokens of the last run that was fed to the only row, until it is said how many of them are kept.
    followed: usize,
}

/// Some of the sources, and all rows that go on from them.
struct Part {
    /// For each row its place among all rows, ascending.
    rows: Vec<usize>,
    /// For each row its source.
    source_of: Vec<usize>,
    /// Keys and values of the sources, for each layer.
    memory: Vec<Memory>,
    /// What candle's attention adds to scores for the places without tokens: for each row the mask of its source.
    mask: Option<Tensor>,
    /// Keys and values of the target tokens so far, for each layer.
    caches: Vec<Cache>,
    history: History,
}

/// With fewer sources for a thread it is faster if all threads work on each operation together.
const SOURCES_OF_A_PART: usize = 4;

impl Decode for Seq2Seq {
    type State = State;

    fn vocab_size(&self) -> usize {
        self.config.target_vocab
    }

    fn start(&self, sources: &[&[u32]]) -> Result<State> {
        let parts = match rayon::current_num_threads() {
            threads if self.placement.fused && sources.len() >= threads * SOURCES_OF_A_PART => threads,
            _ => 1,
        };
        // In turns, so that no part gets all the long ones of a batch that is in order.
        let parts = (0..parts).into_par_iter().map(|i| self.part((i..sources.len()).step_by(parts).collect(), sources));
        Ok(State { parts: parts.collect::<Result<_>>()?, tokens: 0, followed: 0 })
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

    fn follow(&self, state: &mut State, tokens: &[u32], counts: &[usize]) -> Result<Vec<Best>> {
        state.followed = 0;
        if tokens.is_empty() || counts.len() != tokens.len() {
            let problem = format!("{} counts were given for {} tokens", counts.len(), tokens.len());
            return Err(computing("taking a step")(candle_core::Error::Msg(problem)));
        }
        let count = match self.placement.fused && state.rows() == 1 {
            true => tokens.len().min(self.max_target_len() - state.tokens).max(1),
            false => 1,
        };
        let (tokens, counts) = (&tokens[..count], &counts[..count]);
        let found = if count == 1 {
            self.best(state, tokens, counts)?
        } else {
            self.check_tokens(tokens)?;
            let best = |x| self.output.best(&self.before_output(&x)?, counts);
            self.advance_along(state, tokens).and_then(best).map_err(computing("decoding"))?
        };
        state.followed = count;
        Ok(found)
    }

    fn keep(&self, state: &mut State, kept: usize) -> Result<()> {
        let followed = std::mem::take(&mut state.followed);
        if !(1..=followed).contains(&kept) {
            let problem = format!("{kept} tokens are to be kept of {followed}");
            return Err(computing("taking tokens back")(candle_core::Error::Msg(problem)));
        }
        state.tokens -= followed - kept;
        if followed > 1 { self.reorder(state, &[kept - 1]) } else { Ok(()) }
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
        self.check_tokens(tokens)?;
        if tokens.len() != state.rows() {
            let problem = format!("{} tokens were given for {} rows", tokens.len(), state.rows());
            return Err(computing("taking a step")(candle_core::Error::Msg(problem)));
        }
        Ok(!tokens.is_empty())
    }

    fn check_tokens(&self, tokens: &[u32]) -> Result<()> {
        match tokens.iter().find(|token| **token as usize >= self.config.target_vocab) {
            Some(token) => Err(Error::Token { token: *token, vocab: self.config.target_vocab }),
            None => Ok(()),
        }
    }

    /// Encodes those of the sources that become these rows.
    fn part(&self, rows: Vec<usize>, sources: &[&[u32]]) -> Result<Part> {
        let sources: Vec<_> = rows.iter().map(|row| sources[*row]).collect();
        let (encoded, sources) = self.encode(&sources)?;
        let memory = self.decoder.layers.iter().map(|layer| layer.cross.memory(&encoded, &sources));
        Ok(Part {
            source_of: (0..rows.len()).collect(),
            memory: memory.collect::<Computed<_>>().map_err(computing("encoding the source"))?,
            mask: sources.padding.as_ref().map(|padding| padding.mask.clone()),
            caches: self.decoder.layers.iter().map(|_| Cache::new(self.placement.fused)).collect(),
            history: History::new(rows.len()),
            rows,
        })
    }

    /// Feeds one token a row; the hidden states after them. `[rows, d_model]`
    ///
    /// Threads that go through the layers with a part each find the weights near the processor, where the other has just
    /// read them, and wait for each other once a step rather than at each operation.
    fn advance(&self, state: &mut State, tokens: &[u32]) -> Computed<Tensor> {
        state.tokens += 1;
        let bias = self.decoder.bias.as_ref().map(|bias| bias.last(state.tokens, 1)).transpose()?;
        let position = state.tokens as u32 - 1;
        let advance = |part: &mut Part| {
            let tokens: Vec<_> = part.rows.iter().map(|row| tokens[*row]).collect();
            part.history.advance();
            self.advance_part(part, &tokens, (&vec![position; tokens.len()], bias.as_ref()))
        };
        if let [all] = &mut state.parts[..] {
            return advance(all);
        }
        let hidden = state.parts.par_iter_mut().map(advance).collect::<Computed<Vec<_>>>()?;
        let d = self.config.d_model;
        let mut together = vec![0.0; tokens.len() * d];
        for (part, hidden) in state.parts.iter().zip(&hidden) {
            host::read(hidden, |hidden| {
                for (row, hidden) in part.rows.iter().zip(hidden.chunks_exact(d)) {
                    together[row * d..(row + 1) * d].copy_from_slice(hidden);
                }
            })?;
        }
        host::tensor(together, (tokens.len(), d))
    }

    /// Feeds tokens that follow each other to the only row, which becomes a row for each; the hidden states after them.
    /// `[tokens, d_model]`
    fn advance_along(&self, state: &mut State, tokens: &[u32]) -> Computed<Tensor> {
        let [part] = &mut state.parts[..] else { candle_core::bail!("tokens may follow each other in one row only") };
        let first = state.tokens;
        state.tokens += tokens.len();
        let bias = self.decoder.bias.as_ref().map(|bias| bias.last(state.tokens, tokens.len())).transpose()?;
        let positions: Vec<_> = (first as u32..state.tokens as u32).collect();
        part.history.follow(tokens.len());
        part.rows = (0..tokens.len()).collect();
        part.source_of = vec![part.source_of[0]; tokens.len()];
        self.advance_part(part, tokens, (&positions, bias.as_ref()))
    }

    /// Feeds a token, which has its place in the history, to each row of a part.
    fn advance_part(
        &self,
        part: &mut Part,
        tokens: &[u32],
        (positions, bias): (&[u32], Option<&Spread>),
    ) -> Computed<Tensor> {
        let sources = Sources { of_rows: &part.source_of, mask: part.mask.as_ref() };
        let mut x = self.decoder.embeddings.forward(tokens, positions)?;
        for ((layer, memory), cache) in self.decoder.layers.iter().zip(&part.memory).zip(&mut part.caches) {
            x = layer.forward(
                &x,
                |attention, x| attention.step(x, cache, (&part.history, bias)),
                |attention, x| attention.step(x, memory, &sources),
            )?;
        }
        self.decoder.norm.as_ref().map_or(Ok(x.clone()), |norm| norm.forward(&x))
    }
}

impl State {
    /// Number of rows.
    fn rows(&self) -> usize {
        self.parts.iter().map(|part| part.rows.len()).sum()
    }

    fn reorder(&mut self, rows: &[usize], model: &Seq2Seq) -> Computed<()> {
        let mut places = vec![None; self.rows()];
        for (i, part) in self.parts.iter().enumerate() {
            part.rows.iter().enumerate().for_each(|(place, row)| places[*row] = Some((i, place)));
        }
        let mut parents = vec![Vec::new(); self.parts.len()];
        self.parts.iter_mut().for_each(|part| part.rows.clear());
        for (new, row) in rows.iter().enumerate() {
            let Some((part, place)) = places.get(*row).copied().flatten() else {
                candle_core::bail!("there is no row {row} among {}", places.len())
            };
            self.parts[part].rows.push(new);
            parents[part].push(place);
        }
        self.parts.iter_mut().zip(&parents).try_for_each(|(part, parents)| part.reorder(parents, model))?;
        if self.parts.len() > 1 {
            self.parts.retain(|part| !part.rows.is_empty());
        }
        Ok(())
    }
}

impl Part {
    /// Makes row `i` of the part a copy of what was its row `rows[i]`.
    fn reorder(&mut self, rows: &[usize], model: &Seq2Seq) -> Computed<()> {
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
