//! Texts to token ids and back, as each model family wants them.

pub mod sentencepiece;

use crate::article::Span;

/// A text as token ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encoding {
    /// The ids, special tokens included.
    pub ids: Vec<u32>,
    /// For each id the bytes of the text it stands for; empty for special tokens.
    pub spans: Vec<Span>,
}

/// Token ids as a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoding {
    /// The text, without special tokens.
    pub text: String,
    /// For each id the bytes of `text` it became; empty for special tokens.
    pub spans: Vec<Span>,
}
