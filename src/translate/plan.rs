//! What the model gets to see of the sentences: segments, each once, in batches.

use std::collections::HashMap;

use crate::article::Span;
use crate::error::Result;
use crate::segment::{self, Normalised};
use crate::tokenizer::{Encoding, languages};

/// A sentence and its segments.
pub(super) struct Sentence {
    /// What is translated, with the way back to the sentence as it was given.
    pub(super) normalised: Normalised,
    /// In order; none if the sentence is blank.
    pub(super) segments: Vec<Segment>,
}

/// A piece of a sentence that is translated by itself: mostly all of it.
pub(super) struct Segment {
    /// Where it lies in the normalised text.
    pub(super) span: Span,
    /// Which of [`Plan::sources`] it is; `None` if it is copied.
    pub(super) source: Option<usize>,
}

/// The sentences of a call and what of them goes through the model.
pub(super) struct Plan {
    pub(super) sentences: Vec<Sentence>,
    /// The different segments that are translated.
    pub(super) sources: Vec<Source>,
}

/// A segment as the model takes it.
pub(super) struct Source {
    pub(super) text: String,
    pub(super) encoding: Encoding,
}

/// How sentences become segments.
pub(super) struct Rules<'a> {
    /// Token ids of a text.
    pub(super) encode: &'a dyn Fn(&str) -> Result<Encoding>,
    /// Most tokens in a segment.
    pub(super) limit: usize,
    /// Whether a segment without a letter of another script than the Latin is copied.
    pub(super) copies_latin: bool,
}

impl Plan {
    pub(super) fn new(sentences: &[&str], rules: &Rules) -> Result<Self> {
        let mut plan = Self { sentences: Vec::with_capacity(sentences.len()), sources: Vec::new() };
        let mut known = HashMap::new();
        // A text that cannot be encoded fits; the error comes where it is encoded to be translated.
        let fits = |text: &str| (rules.encode)(text).map_or(true, |encoding| encoding.ids.len() <= rules.limit);
        for sentence in sentences {
            let normalised = segment::normalise(sentence);
            let mut segments = Vec::new();
            for span in segment::clauses(&normalised.text, &fits) {
                let text = span.of(&normalised.text);
                let source = if rules.copies_latin && is_latin(text) {
                    None
                } else if let Some(&source) = known.get(text) {
                    Some(source)
                } else {
                    let encoding = (rules.encode)(text)?;
                    plan.sources.push(Source { text: text.to_owned(), encoding });
                    known.insert(text.to_owned(), plan.sources.len() - 1);
                    Some(plan.sources.len() - 1)
                };
                segments.push(Segment { span, source });
            }
            plan.sentences.push(Sentence { normalised, segments });
        }
        Ok(plan)
    }

    /// The sources in batches of at most `rows`, of like length so that they end at about the same step. The longest come
    /// first: if memory is short, that shows at once.
    pub(super) fn batches(&self, rows: usize, tokens: usize) -> Vec<Vec<usize>> {
        let length = |source: &usize| self.sources[*source].encoding.ids.len();
        let mut order: Vec<usize> = (0..self.sources.len()).collect();
        order.sort_by_key(|source| std::cmp::Reverse(length(source)));
        let mut batches: Vec<Vec<usize>> = Vec::new();
        let mut room = 0; // tokens that the last batch may still take
        for source in order {
            match batches.last_mut().filter(|batch| batch.len() < rows && length(&source) <= room) {
                Some(batch) => batch.push(source),
                None => {
                    batches.push(vec![source]);
                    room = tokens.max(length(&source));
                }
            }
            room -= length(&source);
        }
        batches
    }
}

/// Whether a language code means Arabic or one of its dialects in Arabic script, whatever the family that writes it:
/// `ar`, `ara`, `arb_Arab`, `ar_AR`, `__ar__`, `<2ar>`.
pub(super) fn is_arabic(code: &str) -> bool {
    /// ISO 639 codes.
    const ARABIC: [&str; 17] = [
        "ar", "ara", "arb", "arz", "ary", "ars", "arq", "acm", "acq", "aeb", "afb", "ajp", "apc", "apd", "ayl", "acw",
        "ayn",
    ];
    let code = languages::plain(code);
    let (language, rest) = code.split_once('_').unwrap_or((&code, ""));
    ARABIC.contains(&language) && rest != "latn"
}

/// Whether every letter is of the Latin script, so that there is nothing to translate into English.
fn is_latin(text: &str) -> bool {
    let is_latin = |c: char| matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') || !c.is_alphabetic();
    text.chars().all(is_latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_is_known_by_the_codes_of_every_family() {
        for code in ["ar", "AR", "ara", "arb_Arab", "arz-Arab", "ar_AR", "__ar__", "<2ar>", ">>ara<<", "apc"] {
            assert!(is_arabic(code), "{code}");
        }
        for code in ["en", "fa", "__fa__", "<2fa>", "pes_Arab", "arb_Latn", "ary-latn", "art", ""] {
            assert!(!is_arabic(code), "{code}");
        }
    }
}
