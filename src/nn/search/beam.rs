//! One sentence of a search: its open and its finished hypotheses, and how a step carries them on.

use super::rules::Candidate;
use super::{Hypothesis, Options};
use crate::nn::generation::EarlyStopping;

/// A hypothesis that may still grow.
struct Open {
    /// What the decoder was fed, the start token first.
    tokens: Vec<u32>,
    /// Sum of the log-probabilities of what was generated.
    log_prob: f32,
}

impl Open {
    fn then(&self, token: u32, log_prob: f32) -> Self {
        let mut tokens = Vec::with_capacity(self.tokens.len() + 1);
        tokens.extend_from_slice(&self.tokens);
        tokens.push(token);
        Self { tokens, log_prob }
    }

    fn end(self, options: &Options) -> Hypothesis {
        let at_limit = self.tokens.len() >= options.max_length;
        let forced = at_limit && !options.forced_eos.is_empty();
        let ended = self.tokens.last().is_some_and(|last| options.eos.contains(last));
        let tokens = self.tokens[1..].to_vec();
        let score = options.penalised(self.log_prob, tokens.len());
        Hypothesis { tokens, score, log_prob: self.log_prob, finished: ended && !forced }
    }
}

/// The state of the search for one source.
pub(super) struct Sentence {
    /// Which source.
    pub(super) source: usize,
    /// Best first. Transformers always has as many as beams and gives those that are not there yet a score of -1e9.
    open: Vec<Open>,
    /// Best first, at most as many as beams.
    ended: Vec<Hypothesis>,
}

impl Sentence {
    pub(super) fn new(source: usize, options: &Options) -> Self {
        let open = vec![Open { tokens: vec![options.decoder_start], log_prob: 0.0 }];
        Self { source, open, ended: Vec::new() }
    }

    /// Open hypotheses, each a row of the model's state.
    pub(super) fn rows(&self) -> usize {
        self.open.len()
    }

    /// What each row was fed so far.
    pub(super) fn prefixes(&self) -> impl Iterator<Item = &[u32]> {
        self.open.iter().map(|open| open.tokens.as_slice())
    }

    /// Takes the best continuations of each row, best first, and returns which row each new row continues. None are
    /// left when the search is over.
    pub(super) fn advance(&mut self, continuations: &[Vec<Candidate>], options: &Options) -> Vec<usize> {
        let mut ranked: Vec<(usize, Candidate)> = Vec::new();
        for (row, (open, candidates)) in self.open.iter().zip(continuations).enumerate() {
            ranked.extend(candidates.iter().map(|&(token, log_prob)| (row, (token, open.log_prob + log_prob))));
        }
        ranked.sort_by(|a, b| b.1.1.total_cmp(&a.1.1)); // stable: of equals the one of the better row first
        ranked.truncate(options.width());

        let (mut rows, mut open) = (Vec::new(), Vec::new());
        for (rank, (row, (token, log_prob))) in ranked.into_iter().enumerate() {
            let next = || self.open[row].then(token, log_prob);
            if options.eos.contains(&token) || self.open[row].tokens.len() + 1 >= options.max_length {
                // One that ends counts only among the best; those after them are there to be gone on with.
                if rank < options.beams {
                    self.ended.push(next().end(options));
                }
            } else if open.len() < options.beams {
                open.push(next());
                rows.push(row);
            }
        }
        self.ended.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.ended.truncate(options.beams);
        if open.is_empty() && self.ended.is_empty() {
            // Every token was banned: what there is has to do.
            self.ended = self.open.drain(..).map(|open| open.end(options)).collect();
        }
        self.open = open;
        if self.is_over(options) {
            rows.clear();
        }
        rows
    }

    /// Whether nothing can, or may, better the finished hypotheses.
    fn is_over(&self, options: &Options) -> bool {
        let (Some(best), Some(worst)) = (self.open.first(), self.ended.last()) else {
            return self.open.is_empty();
        };
        if self.ended.len() < options.beams {
            return false;
        }
        let length = match options.early_stopping {
            EarlyStopping::Yes => return true,
            EarlyStopping::Never if options.length_penalty > 0.0 => options.max_length - 1,
            EarlyStopping::Never | EarlyStopping::Heuristic => best.tokens.len() - 1,
        };
        options.penalised(best.log_prob, length) <= worst.score
    }

    /// The best finished hypotheses, when the search is over.
    pub(super) fn best(&mut self, options: &Options) -> Vec<Hypothesis> {
        self.ended.truncate(options.n_best);
        std::mem::take(&mut self.ended)
    }
}
