//! Greedy and beam search over anything that can take a step; it knows no model.
//!
//! The semantics are those of transformers 5.23 (`generation/utils.py`: `_sample` without sampling for one beam,
//! `_beam_search` for more), of one sentence at a time: what a sentence gets does not depend on its neighbours.

mod beam;
mod lookup;
mod options;
mod rules;
pub(super) mod scores;

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::progress::Progress;
use beam::Sentence;
pub(crate) use options::MOST_BEAMS;
pub use options::Options;
use rules::Candidate;

/// What a search needs of a model. Weights are immutable; what changes while decoding is a state that the call owns.
pub trait Decode: Sync {
    /// Encoded sources and the caches of every row.
    type State;

    /// Number of scores a row gets from [`Decode::step`].
    fn vocab_size(&self) -> usize;

    /// Encodes the sources, one row each, in order.
    ///
    /// # Errors
    /// If a source is empty or longer than the model takes, or the computation fails.
    fn start(&self, sources: &[&[u32]]) -> Result<Self::State>;

    /// Feeds one token a row; the scores of the next token, before softmax, row-major: `[rows * vocab_size]`.
    ///
    /// # Errors
    /// If the computation fails.
    fn step(&self, state: &mut Self::State, tokens: &[u32]) -> Result<Vec<f32>>;

    /// As [`Decode::step`], but of each row just the best tokens, as many as `counts` says. A model that can find them
    /// without writing all scores down does so.
    ///
    /// # Errors
    /// If the computation fails.
    fn best(&self, state: &mut Self::State, tokens: &[u32], counts: &[usize]) -> Result<Vec<Best>> {
        let scores = self.step(state, tokens)?;
        Ok(scores.par_chunks_exact(self.vocab_size()).zip(counts).map(|(row, count)| Best::of(row, *count)).collect())
    }

    /// Of a state of one row: feeds tokens that may follow each other, and gives for each the best tokens after it, as many
    /// as its count says and as [`Decode::best`] would if all before it were right. It may feed fewer than are given, but
    /// at least one; there is a result for each that it fed. Then either [`Decode::keep`] is called or nothing more.
    ///
    /// The default feeds one. An implementation that feeds more must implement [`Decode::keep`], too.
    ///
    /// # Errors
    /// If the computation fails. An implementation may refuse to be called without tokens, or without a count for each.
    fn follow(&self, state: &mut Self::State, tokens: &[u32], counts: &[usize]) -> Result<Vec<Best>> {
        let first = tokens.len().min(1);
        self.best(state, &tokens[..first], counts.get(..first).unwrap_or_default())
    }

    /// After [`Decode::follow`]: keeps the first `kept` of the tokens that it fed, at least one, and takes back the others.
    ///
    /// # Errors
    /// An implementation may fail if it did not feed so many.
    fn keep(&self, _state: &mut Self::State, _kept: usize) -> Result<()> {
        Ok(())
    }

    /// Makes row `i` a copy of what was row `rows[i]`; rows that are not named leave the state, rows may repeat.
    ///
    /// # Errors
    /// If the computation fails.
    fn reorder(&self, state: &mut Self::State, rows: &[usize]) -> Result<()>;
}

/// The best tokens after a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// Tokens and their scores, before softmax, best first; of equal ones the first of the vocabulary comes first.
    pub tokens: Vec<(u32, f32)>,
    /// What scores exceed log-probabilities by: `ln Σ exp` over all tokens.
    pub norm: f32,
}

/// One way to go on from a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypothesis {
    /// What was generated: without the start token, with the end token if there is one.
    pub tokens: Vec<u32>,
    /// The log-probability with the length penalty, by which hypotheses are ranked (`sequences_scores`).
    pub score: f32,
    /// Sum of the log-probabilities of the tokens. A forced token counts as certain.
    pub log_prob: f32,
    /// Whether the model ended it, rather than the greatest length.
    pub finished: bool,
}

impl Hypothesis {
    /// Mean log-probability of the tokens.
    pub fn mean_log_prob(&self) -> f32 {
        self.log_prob / self.tokens.len().max(1) as f32
    }
}

/// With more banned tokens than so many, all scores are looked at.
const MOST_BANNED: usize = 64;

/// The best hypotheses for each source, best first, in the order of the sources.
///
/// There are [`Options::n_best`] for each unless fewer can be made. All sources go through the model as one batch, from
/// which finished ones leave; the caller sees to it that the batch is of a sensible size.
///
/// # Errors
/// If the options contradict each other or the vocabulary, if the model fails or gives scores that are not numbers, or
/// if `progress` says that the user wants to stop, which is looked at before every step.
pub fn search<M: Decode>(
    model: &M,
    sources: &[&[u32]],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Vec<Vec<Hypothesis>>> {
    options.check(model.vocab_size())?;
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    // In a thread of the pool: outside of it, every operation that is shared would wait for a thread to wake up.
    rayon::scope(|_| run(model, sources, options, progress))
}

fn run<M: Decode>(
    model: &M,
    sources: &[&[u32]],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Vec<Vec<Hypothesis>>> {
    if progress.cancelled() {
        return Err(Error::Interrupted);
    }
    let mut found = vec![Vec::new(); sources.len()];
    let mut state = model.start(sources)?;
    let mut open: Vec<_> = (0..sources.len()).map(|source| Sentence::new(source, options)).collect();
    let mut most = lookup::FIRST;
    while !open.is_empty() {
        if progress.cancelled() {
            return Err(Error::Interrupted);
        }
        if let ([sentence], true) = (&mut open[..], options.beams == 1 && options.is_plain()) {
            let source = sentence.source;
            if !lookup::advance(model, &mut state, (sources[source], sentence), (options, &mut most))? {
                found[source] = sentence.best(options);
                open.clear();
            }
            continue;
        }
        let texts = open.iter().flat_map(|s| s.prefixes().map(|prefix| (sources[s.source], prefix)));
        let texts: Vec<(&[u32], &[u32])> = texts.collect();
        let candidates = candidates(model, &mut state, &texts, options)?;

        let mut rows = Vec::new();
        let mut first = 0; // row of the sentence's first hypothesis
        open.retain_mut(|sentence| {
            let end = first + sentence.rows();
            let parents = sentence.advance(&candidates[first..end], options);
            if parents.is_empty() {
                found[sentence.source] = sentence.best(options);
            }
            rows.extend(parents.iter().map(|parent| first + parent));
            first = end;
            !parents.is_empty()
        });
        if !rows.is_empty() && !rows.iter().copied().eq(0..first) {
            model.reorder(&mut state, &rows)?;
        }
    }
    Ok(found)
}

/// The best continuations of each text, given as its source and what was generated so far.
fn candidates<M: Decode>(
    model: &M,
    state: &mut M::State,
    texts: &[(&[u32], &[u32])],
    options: &Options,
) -> Result<Vec<Vec<Candidate>>> {
    let last: Vec<u32> = texts.iter().map(|(_, prefix)| prefix[prefix.len() - 1]).collect();
    let banned: Vec<_> = texts.iter().map(|(source, prefix)| rules::banned(source, prefix, options)).collect();
    if options.is_plain() && banned.iter().all(|banned| banned.len() <= MOST_BANNED) {
        // As many as are banned may be better than the best that is not.
        let counts: Vec<_> = banned.iter().map(|banned| options.width() + banned.len()).collect();
        let best = model.best(state, &last, &counts)?.into_iter();
        let rows = best.zip(texts.iter().zip(&banned));
        return rows.map(|(best, ((_, prefix), banned))| rules::choose(best, prefix, banned, options)).collect();
    }
    let vocab_size = model.vocab_size();
    let mut scores = model.step(state, &last)?; // [rows * vocab_size]
    debug_assert_eq!(scores.len(), last.len() * vocab_size, "one row of scores for each token");
    let rows = (scores.par_chunks_exact_mut(vocab_size), texts, &banned).into_par_iter();
    rows.map(|(row, (_, prefix), banned)| rules::candidates(row, prefix, banned, options)).collect()
}
