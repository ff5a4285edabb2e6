//! Translators: sentences in, translations out.

mod echo;
mod encoder_decoder;
mod open;
mod plan;

pub use echo::Echo;
pub use encoder_decoder::EncoderDecoder;
pub use open::open;

use crate::align::Link;
use crate::error::{Error, Result};
use crate::nn::search;
use crate::progress::Progress;

/// The translation of one sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Translation {
    /// The English.
    pub text: String,
    /// Mean log-probability of the target tokens; `None` where the translator has none.
    pub score: Option<f32>,
    /// Word links, bytes within the source sentence as given and within `text`, ordered by target.
    pub alignment: Vec<Link>,
    /// Further hypotheses, best first, if more than one was asked for. Each has no alternatives of its own.
    pub alternatives: Vec<Translation>,
    /// Whether the text ends because the maximum length was reached rather than because the model ended it.
    pub cut: bool,
}

/// What the user may set about the search. `None` means: as the model's own configuration has it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// Hypotheses kept at each step; 1 is greedy.
    pub beam: Option<usize>,
    /// Least number of target tokens.
    pub min_length: Option<usize>,
    /// Greatest number of target tokens.
    pub max_length: Option<usize>,
    /// Hypotheses returned for each sentence, at most the beam.
    pub n_best: usize,
    /// Source language: in the model's own code, or by any name that can mean no other of its languages (`ar`, `arb_Arab`).
    /// `None` is Arabic.
    pub source_lang: Option<String>,
    /// Target language, named in the same ways. `None` is English.
    pub target_lang: Option<String>,
    /// Whether [`Translator::retry`] is to have nothing else to offer.
    pub no_retry: bool,
}

impl Options {
    /// The search of a model with what the user set. No target may have more than `positions` tokens, with the start
    /// token.
    ///
    /// # Errors
    /// [`Error::Option`] if the model cannot do it.
    pub fn over(&self, mut search: search::Options, positions: usize) -> Result<search::Options> {
        if let Some(beam) = self.beam {
            search.beams = beam;
        }
        if let Some(tokens) = self.max_length {
            if tokens == 0 || tokens >= positions {
                let reason = format!("the model takes 1 to {}", positions.saturating_sub(1));
                return Err(Error::Option { what: "the maximum length", value: tokens.to_string(), reason });
            }
            search.max_length = tokens + 1; // with the start token
            // The least length of the model's files is for their own greatest one: half of this leaves room to end.
            if self.min_length.is_none() && search.min_length >= search.max_length {
                search.min_length = search.max_length / 2;
            }
        }
        if let Some(tokens) = self.min_length {
            if tokens >= search.max_length {
                let reason = format!("the maximum length is {}", search.max_length - 1);
                return Err(Error::Option { what: "the minimum length", value: tokens.to_string(), reason });
            }
            search.min_length = tokens + 1;
        }
        if search.max_length < 2 && positions > 1 {
            let reason =
                "that is what generation_config.json or config.json of the model asks for, the start token counted, \
                          and it leaves room for no other; say how many tokens may follow: --max-length 200"
                    .into();
            return Err(Error::Option { what: "max_length", value: search.max_length.to_string(), reason });
        }
        search.n_best = self.n_best.max(1);
        Ok(search)
    }
}

/// Anything that translates sentences.
pub trait Translator: Sync {
    /// One translation for each sentence, in order. A result does not depend on its neighbours in the call.
    ///
    /// # Errors
    /// If the computation fails or `progress` says that the user wants to stop.
    fn translate(&self, sentences: &[&str], progress: &dyn Progress) -> Result<Vec<Translation>>;

    /// Other translations of sentences in which a check found an error: for each of them the candidates, likeliest first.
    /// None where the translator has no others. A result does not depend on its neighbours in the call.
    ///
    /// # Errors
    /// As [`Translator::translate`].
    fn retry(&self, sentences: &[&str], progress: &dyn Progress) -> Result<Vec<Vec<Translation>>> {
        let _ = progress;
        Ok(vec![Vec::new(); sentences.len()])
    }

    /// What it is, for the record in the output.
    fn provenance(&self) -> Provenance;
}

/// What produced a text, for the record in the output.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Provenance {
    /// Name in the catalogue, or the directory.
    pub name: String,
    /// Repository on the Hub, where known.
    pub repository: Option<String>,
    /// Commit, where known.
    pub revision: Option<String>,
    /// SHA-256 of each file that was read.
    pub files: std::collections::BTreeMap<String, String>,
    /// SPDX licence, where known.
    pub license: Option<String>,
    /// `cpu`, `cuda:0`, `metal`.
    pub device: String,
    /// `f32`, `bf16`, `f16`, `int8`.
    pub precision: String,
    /// Hypotheses kept at each step.
    pub beam: usize,
    /// Whether this is the demonstration model, whose output is not to be relied on.
    pub demonstration: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_maximum_below_the_minimum_of_the_files_lowers_it() {
        let model = search::Options { min_length: 56, max_length: 142, ..search::Options::default() };
        let lengths = |min_length, max_length| {
            let options = Options { min_length, max_length, ..Options::default() };
            options.over(model.clone(), 1024).map(|search| (search.min_length, search.max_length))
        };
        assert_eq!(lengths(None, Some(39)).unwrap(), (20, 40));
        assert_eq!(lengths(None, Some(1)).unwrap(), (1, 2));
        assert_eq!(lengths(None, Some(99)).unwrap(), (56, 100));
        assert_eq!(lengths(Some(30), Some(39)).unwrap(), (31, 40));
        assert!(lengths(Some(56), Some(39)).is_err());
    }

    #[test]
    fn a_maximum_of_the_files_that_leaves_no_room_is_told_with_where_it_stands_and_what_mends_it() {
        let model = search::Options { max_length: 1, ..search::Options::default() };
        let over = |max_length| Options { max_length, ..Options::default() }.over(model.clone(), 512);
        let error = over(None).unwrap_err().to_string();
        assert!(error.contains("generation_config.json") && error.contains("--max-length"), "{error}");
        assert_eq!(over(Some(9)).unwrap().max_length, 10);
    }
}
