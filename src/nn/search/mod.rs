//! Greedy and beam search over anything that can take a step; it knows no model.

use crate::error::Result;

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

    /// Makes row `i` a copy of what was row `rows[i]`; rows that are not named leave the state, rows may repeat.
    ///
    /// # Errors
    /// If the computation fails.
    fn reorder(&self, state: &mut Self::State, rows: &[usize]) -> Result<()>;
}
