//! How to search: what transformers calls the generation configuration, without what only sampling needs.

use crate::error::{Error, Result};
use crate::nn::generation::{EarlyStopping, GenerationConfig};

/// Most hypotheses kept at each step: more than anyone has use for, and few enough to fit into memory.
pub(crate) const MOST_BEAMS: usize = 1024;

/// How to search. Names and meanings are those of transformers' `GenerationConfig`; lengths count the start token.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Hypotheses kept at each step (`num_beams`); 1 is greedy.
    pub beams: usize,
    /// Hypotheses returned for each source (`num_return_sequences`), at most `beams`.
    pub n_best: usize,
    /// Greatest number of tokens, with the start token.
    pub max_length: usize,
    /// Least number of tokens, with the start token, before an end token may follow.
    pub min_length: usize,
    /// The log-probability is divided by the number of tokens to this power; above 0 it favours long hypotheses.
    pub length_penalty: f64,
    /// When to stop.
    pub early_stopping: EarlyStopping,
    /// No sequence of so many tokens occurs twice; 0 allows repeats (`no_repeat_ngram_size`).
    pub no_repeat_ngram: usize,
    /// No sequence of so many tokens of the source occurs; 0 allows them (`encoder_no_repeat_ngram_size`).
    pub encoder_no_repeat_ngram: usize,
    /// What makes tokens that have occurred less likely, if above 1; 1 is nothing.
    pub repetition_penalty: f32,
    /// What the decoder is fed first (`decoder_start_token_id`).
    pub decoder_start: u32,
    /// Tokens that end a hypothesis (`eos_token_id`).
    pub eos: Vec<u32>,
    /// The first token, whatever the model says (`forced_bos_token_id`).
    pub forced_bos: Option<u32>,
    /// The last token if the greatest length is reached (`forced_eos_token_id`).
    pub forced_eos: Vec<u32>,
    /// Sequences that must not occur (`bad_words_ids`). One that is just an end token is ignored.
    pub bad_words: Vec<Vec<u32>>,
    /// Tokens that must not occur (`suppress_tokens`).
    pub suppress: Vec<u32>,
    /// Tokens that must not come first, or right after a forced first one (`begin_suppress_tokens`).
    pub begin_suppress: Vec<u32>,
    /// Whether log-probabilities sum to one again after tokens were banned (`renormalize_logits`).
    pub renormalize: bool,
}

impl Default for Options {
    /// The defaults of transformers, which know of no special tokens and no more than 20 tokens.
    fn default() -> Self {
        Self {
            beams: 1,
            n_best: 1,
            max_length: 20,
            min_length: 0,
            length_penalty: 1.0,
            early_stopping: EarlyStopping::Heuristic,
            no_repeat_ngram: 0,
            encoder_no_repeat_ngram: 0,
            repetition_penalty: 1.0,
            decoder_start: 0,
            eos: Vec::new(),
            forced_bos: None,
            forced_eos: Vec::new(),
            bad_words: Vec::new(),
            suppress: Vec::new(),
            begin_suppress: Vec::new(),
            renormalize: false,
        }
    }
}

impl Options {
    /// What a model's files ask for. No target is longer than `positions`, with the start token; that is also the
    /// greatest length where the files name none (there transformers would stop at 20 tokens).
    ///
    /// # Errors
    /// If the files do not say which token a target starts with.
    pub fn new(config: &GenerationConfig, positions: usize) -> Result<Self> {
        let Some(decoder_start) = config.decoder_start_token_id.or(config.bos_token_id) else {
            let reason = "the model's files must name the token that a target starts with".into();
            return Err(Error::Option { what: "decoder_start_token_id", value: "null".into(), reason });
        };
        let with_start = |tokens: usize| tokens.saturating_add(1);
        let max_length = config.max_new_tokens.map(with_start).or(config.max_length);
        Ok(Self {
            beams: config.num_beams,
            n_best: 1,
            max_length: max_length.unwrap_or(positions).min(positions),
            min_length: config.min_new_tokens.map_or(config.min_length, with_start),
            length_penalty: config.length_penalty.into(),
            early_stopping: config.early_stopping,
            no_repeat_ngram: config.no_repeat_ngram_size,
            encoder_no_repeat_ngram: config.encoder_no_repeat_ngram_size,
            repetition_penalty: config.repetition_penalty,
            decoder_start,
            eos: config.eos_token_id.clone(),
            forced_bos: config.forced_bos_token_id,
            forced_eos: config.forced_eos_token_id.clone(),
            bad_words: config.bad_words_ids.clone(),
            suppress: config.suppress_tokens.clone(),
            begin_suppress: config.begin_suppress_tokens.clone(),
            renormalize: config.renormalize_logits,
        })
    }

    /// The log-probability of `tokens` generated tokens with the length penalty.
    pub(super) fn penalised(&self, log_prob: f32, tokens: usize) -> f32 {
        log_prob / (tokens as f64).powf(self.length_penalty) as f32
    }

    /// Candidates that a step must look at: even if all end tokens of every beam come first, enough others remain.
    pub(super) fn width(&self) -> usize {
        if self.beams == 1 { 1 } else { (1 + self.eos.len()).max(2) * self.beams }
    }

    /// Whether the best tokens and the sum over all are enough to know of scores.
    pub(super) fn is_plain(&self) -> bool {
        self.repetition_penalty == 1.0 && !self.renormalize
    }

    /// Whether a search can be done so.
    ///
    /// # Errors
    /// If options contradict each other, or name a token that is not in the vocabulary.
    pub fn check(&self, vocab_size: usize) -> Result<()> {
        let wrong = |what, value: usize, reason: String| Err(Error::Option { what, value: value.to_string(), reason });
        if self.beams == 0 {
            return wrong("the beam", 0, "at least one hypothesis is needed".into());
        }
        if self.beams > MOST_BEAMS {
            return wrong("the beam", self.beams, format!("it takes 1 to {MOST_BEAMS}"));
        }
        if self.n_best == 0 || self.n_best > self.beams {
            return wrong("the number of hypotheses", self.n_best, format!("it takes 1 to {}, the beam", self.beams));
        }
        if self.max_length < 2 {
            return wrong("the maximum length", self.max_length, "it takes at least 2, with the start token".into());
        }
        let special = [&self.eos, &self.forced_eos].into_iter().chain(&self.bad_words).flatten();
        match special.chain(&self.forced_bos).chain([&self.decoder_start]).find(|id| **id as usize >= vocab_size) {
            Some(&id) => wrong("a special token", id as usize, format!("the vocabulary has {vocab_size} tokens")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beam_that_no_memory_holds_is_refused() {
        let beams = |beams| Options { beams, ..Options::default() }.check(100).is_ok();
        assert!(beams(1) && beams(MOST_BEAMS) && !beams(0) && !beams(MOST_BEAMS + 1) && !beams(usize::MAX));
    }

    #[test]
    fn options_are_what_the_files_ask_for() {
        let mut config = GenerationConfig { num_beams: 4, eos_token_id: vec![2], ..GenerationConfig::default() };
        assert!(Options::new(&config, 512).unwrap_err().to_string().contains("decoder_start_token_id"));
        config.bos_token_id = Some(1);
        let options = Options::new(&config, 512).unwrap();
        assert_eq!((options.beams, options.decoder_start, options.max_length), (4, 1, 512));
        config.decoder_start_token_id = Some(2);
        (config.max_length, config.min_length) = (Some(142), 56);
        let options = Options::new(&config, 1024).unwrap();
        assert_eq!((options.decoder_start, options.max_length, options.min_length), (2, 142, 56));
        (config.max_new_tokens, config.min_new_tokens) = (Some(200), Some(9));
        let options = Options::new(&config, 128).unwrap();
        assert_eq!((options.max_length, options.min_length), (128, 10));
    }
}
