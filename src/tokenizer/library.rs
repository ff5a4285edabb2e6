//! Tokenizers of the `tokenizers` library: from a `tokenizer.json`, or byte-level BPE from `vocab.json` and `merges.txt`
//! ([Radford et al. 2019](https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf)).

use serde_json::{Value, json};
use tokenizers::Tokenizer;

use super::Encoding;
use super::sentencepiece::{Surface, byte_of};
use super::vocabulary::Names;
use crate::article::Span;

/// What the library says when something is wrong.
pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A tokenizer of the library, its tokens laid out to be read.
#[derive(Debug)]
pub(super) struct Library {
    inner: Tokenizer,
    tokens: Vec<Token>,
    /// What stands in a text for a token that no text may turn into.
    unknown: Option<u32>,
}

#[derive(Debug, Clone)]
enum Token {
    Piece(Box<str>),
    Bytes(Box<[u8]>),
    Byte(u8),
    Newline,
    Hidden,
}

impl Library {
    /// From a `tokenizer.json`. The names of its special tokens are plain text in a text.
    pub(super) fn from_json(bytes: &[u8]) -> Result<Self, Failure> {
        let mut inner = Tokenizer::from_bytes(bytes)?;
        inner.with_truncation(None)?;
        inner.with_padding(None);
        inner.set_encode_special_tokens(true);
        let byte_level = serde_json::to_value(inner.get_decoder())?.to_string().contains("\"ByteLevel\"");
        let special = inner.get_added_tokens_decoder();
        let size = inner.get_vocab(true).values().max().map_or(0, |&last| last as usize + 1);
        let read = |id: u32| match inner.id_to_token(id) {
            None => Token::Hidden,
            Some(_) if special.get(&id).is_some_and(|token| token.special) => Token::Hidden,
            Some(text) if byte_level => bytes_of(&text).map_or(Token::Piece(text.into()), Token::Bytes),
            Some(text) => byte_of(&text).map_or(Token::Piece(text.into()), Token::Byte),
        };
        let tokens = (0..size as u32).map(read).collect();
        Ok(Self { inner, tokens, unknown: None })
    }

    /// Byte-level BPE from its two files, as GPT-2, RoBERTa and BART have them.
    pub(super) fn byte_level(vocabulary: &[u8], merges: &[u8], add_prefix_space: bool) -> Result<Self, Failure> {
        let vocabulary: Value = serde_json::from_slice(vocabulary)?;
        let merges: Vec<&str> = std::str::from_utf8(merges)?
            .lines()
            .filter(|line| !line.starts_with("#version") && !line.is_empty())
            .collect();
        let level = json!({"type": "ByteLevel", "add_prefix_space": add_prefix_space, "trim_offsets": false, "use_regex": true});
        let tokenizer = json!({
            "version": "1.0",
            "added_tokens": [],
            "pre_tokenizer": level,
            "decoder": level,
            "model": {"type": "BPE", "vocab": vocabulary, "merges": merges},
        });
        Self::from_json(tokenizer.to_string().as_bytes())
    }

    /// All tokens by their text.
    pub(super) fn names(&self) -> Names {
        self.inner.get_vocab(true)
    }

    /// Makes tokens such that no text turns into them, `unknown` in their place, and that they do not show in the output.
    pub(super) fn reserve(&mut self, names: &Names, unknown: Option<u32>) {
        self.unknown = unknown;
        for &id in names.values() {
            if let Some(token) = self.tokens.get_mut(id as usize) {
                *token = Token::Hidden;
            }
        }
    }

    /// Makes a token read as a line break.
    pub(super) fn read_as_newline(&mut self, id: u32) {
        if let Some(token) = self.tokens.get_mut(id as usize) {
            *token = Token::Newline;
        }
    }

    pub(super) fn encode(&self, text: &str) -> Result<Encoding, Failure> {
        let encoding = self.inner.encode(text, false)?;
        let spans = encoding.get_offsets().iter().map(|&(start, end)| Span::new(start, end)).collect();
        let hidden = |id: u32| matches!(self.surface(id), Surface::Hidden);
        let ids = encoding.get_ids().iter().map(|&id| if hidden(id) { self.unknown.unwrap_or(id) } else { id });
        Ok(Encoding { ids: ids.collect(), spans })
    }

    /// What an id reads as.
    pub(super) fn surface(&self, id: u32) -> Surface<'_> {
        match self.tokens.get(id as usize) {
            Some(Token::Piece(text)) => Surface::Piece(text),
            Some(Token::Bytes(bytes)) => Surface::Bytes(bytes),
            Some(Token::Byte(byte)) => Surface::Byte(*byte),
            Some(Token::Newline) => Surface::Verbatim("\n"),
            Some(Token::Hidden) | None => Surface::Hidden,
        }
    }

    /// The greatest id that shows in the output; special tokens may lie beyond what a model has.
    pub(super) fn last(&self) -> u32 {
        let shows = |token: &Token| !matches!(token, Token::Hidden);
        self.tokens.iter().rposition(shows).unwrap_or_default() as u32
    }

    /// One past the greatest id.
    pub(super) fn size(&self) -> usize {
        self.tokens.len()
    }
}

/// The bytes that a token of byte-level BPE stands for, which are written as printable characters.
fn bytes_of(token: &str) -> Option<Box<[u8]>> {
    let shown = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let byte_of = |character: char| match u32::from(character) {
        code @ 0..=0xff => Some(code as u8).filter(|&byte| shown(byte)),
        // The others follow each other from U+0100 on.
        code => (0..=0xff).filter(|&byte| !shown(byte)).nth(code as usize - 0x100),
    };
    token.chars().map(byte_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_characters_one_to_one() {
        assert_eq!(bytes_of("Ġthe").as_deref(), Some(&b" the"[..]));
        assert_eq!(bytes_of("Ø´").as_deref(), Some("ش".as_bytes()));
        assert_eq!(bytes_of("ش"), None);
        let all: std::collections::HashSet<u8> =
            ('\0'..='\u{1ff}').filter_map(|c| bytes_of(&c.to_string())).map(|bytes| bytes[0]).collect();
        assert_eq!(all.len(), 256);
    }
}
