//! From pieces back to text.

use super::SPACE;
use crate::article::Span;
use crate::tokenizer::Decoding;

/// What a token reads as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tokenizer) enum Surface<'a> {
    /// A piece, with spaces as `▁`.
    Piece(&'a str),
    /// A text that stands for itself.
    Verbatim(&'a str),
    /// One byte of a character. Where it is part of none, U+FFFD stands for it.
    Byte(u8),
    /// Bytes of characters. Where some are part of none, one U+FFFD stands for all that could be one.
    Bytes(&'a [u8]),
    /// Nothing: a control token.
    Hidden,
}

/// What becomes of spaces before the first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tokenizer) enum LeadingSpaces {
    /// All stay.
    Keep,
    /// One is dropped, which encoding put there.
    DropOne,
    /// All are dropped.
    DropAll,
}

/// The text of tokens, with the bytes of it that each became; those that make up one character share it.
pub(in crate::tokenizer) fn detokenize<'a>(
    tokens: impl Iterator<Item = Surface<'a>>,
    mut leading: LeadingSpaces,
) -> Decoding {
    let mut out = Decoding::default();
    let mut spelled = Spelled::default();
    for token in tokens {
        match token {
            Surface::Byte(byte) => {
                spelled.push(&[byte]);
                continue;
            }
            Surface::Bytes(bytes) => {
                spelled.whole = true;
                spelled.push(bytes);
                continue;
            }
            _ => spelled.flush(&mut out),
        }
        let start = out.text.len();
        match token {
            Surface::Piece(piece) => {
                let stripped = piece.strip_prefix(SPACE).filter(|_| start == 0 && leading != LeadingSpaces::Keep);
                if stripped.is_some() && leading == LeadingSpaces::DropOne {
                    leading = LeadingSpaces::Keep;
                }
                out.text.extend(stripped.unwrap_or(piece).chars().map(|c| if c == SPACE { ' ' } else { c }));
            }
            Surface::Verbatim(text) => out.text.push_str(text),
            Surface::Byte(_) | Surface::Bytes(_) | Surface::Hidden => {}
        }
        out.spans.push(Span::new(start, out.text.len()));
    }
    spelled.flush(&mut out);
    out
}

/// Bytes of tokens that are not characters yet.
#[derive(Default)]
struct Spelled {
    bytes: Vec<u8>,
    /// How many bytes are of each token.
    tokens: Vec<usize>,
    /// Whether broken bytes that could be one character are shown as one.
    whole: bool,
}

impl Spelled {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        self.tokens.push(bytes.len());
    }

    /// Adds the characters that the bytes spell.
    fn flush(&mut self, out: &mut Decoding) {
        // For each byte the character that it is part of.
        let mut characters = Vec::with_capacity(self.bytes.len());
        let mut add = |character: char, bytes: usize| {
            let start = out.text.len();
            out.text.push(character);
            characters.extend(std::iter::repeat_n(Span::new(start, out.text.len()), bytes));
        };
        for chunk in self.bytes.utf8_chunks() {
            chunk.valid().chars().for_each(|character| add(character, character.len_utf8()));
            let broken = chunk.invalid().len();
            let (times, bytes) = if self.whole { (usize::from(broken > 0), broken) } else { (broken, 1) };
            (0..times).for_each(|_| add(char::REPLACEMENT_CHARACTER, bytes));
        }
        let mut rest = &characters[..];
        for &count in &self.tokens {
            let (own, after) = rest.split_at(count);
            let empty = Span::new(out.text.len(), out.text.len());
            out.spans.push(own.first().zip(own.last()).map_or(empty, |(first, last)| Span::new(first.start, last.end)));
            rest = after;
        }
        self.bytes.clear();
        self.tokens.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(tokens: &[Surface<'_>]) -> Decoding {
        detokenize(tokens.iter().copied(), LeadingSpaces::DropAll)
    }

    #[test]
    fn spaces_control_tokens_and_unknown_text() {
        let out = decode(&[Surface::Hidden, Surface::Piece("▁a"), Surface::Verbatim(" ⁇ "), Surface::Piece("▁b")]);
        assert_eq!(out.text, "a ⁇  b");
        let texts: Vec<_> = out.spans.iter().map(|span| span.of(&out.text)).collect();
        assert_eq!(texts, ["", "a", " ⁇ ", " b"]);
    }

    #[test]
    fn leading_spaces_follow_the_model() {
        let tokens = [Surface::Piece("▁"), Surface::Piece("▁a")];
        for (leading, text) in
            [(LeadingSpaces::Keep, "  a"), (LeadingSpaces::DropOne, " a"), (LeadingSpaces::DropAll, "a")]
        {
            assert_eq!(detokenize(tokens.iter().copied(), leading).text, text);
        }
    }

    #[test]
    fn bytes_make_characters_and_broken_ones_are_shown() {
        let spelled: Vec<_> = "aش".bytes().chain([0xd8, 0xff]).map(Surface::Byte).collect();
        let out = decode(&[&spelled[..], &[Surface::Piece("▁b")]].concat());
        assert_eq!(out.text, "aش\u{fffd}\u{fffd} b");
        let spans: Vec<_> = out.spans.iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(spans, [(0, 1), (1, 3), (1, 3), (3, 6), (6, 9), (9, 11)]);
    }

    #[test]
    fn tokens_of_several_bytes_cover_the_characters_they_are_part_of() {
        let out = decode(&[Surface::Bytes(b"a\xd8"), Surface::Bytes(b"\xb4b"), Surface::Bytes(b"\xf0\x9f")]);
        assert_eq!(out.text, "aشb\u{fffd}");
        let spans: Vec<_> = out.spans.iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(spans, [(0, 3), (1, 4), (4, 7)]);
    }
}
