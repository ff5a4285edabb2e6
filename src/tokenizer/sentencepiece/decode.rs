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
    /// One byte of a character.
    Byte(u8),
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

/// The text of tokens, with the bytes of it that each became; those that make up a character byte by byte share it.
pub(in crate::tokenizer) fn detokenize<'a>(
    tokens: impl Iterator<Item = Surface<'a>>,
    mut leading: LeadingSpaces,
) -> Decoding {
    let mut out = Decoding::default();
    let mut bytes = Vec::new();
    for token in tokens {
        if let Surface::Byte(byte) = token {
            bytes.push(byte);
            continue;
        }
        flush(&mut bytes, &mut out);
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
            Surface::Byte(_) | Surface::Hidden => {}
        }
        out.spans.push(Span::new(start, out.text.len()));
    }
    flush(&mut bytes, &mut out);
    out
}

/// Adds the characters that `bytes` spell, one byte a token; U+FFFD for each that is part of none.
fn flush(bytes: &mut Vec<u8>, out: &mut Decoding) {
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid().chars().map(|character| (character, character.len_utf8()));
        let broken = chunk.invalid().iter().map(|_| (char::REPLACEMENT_CHARACTER, 1));
        for (character, tokens) in valid.chain(broken) {
            let start = out.text.len();
            out.text.push(character);
            out.spans.extend(std::iter::repeat_n(Span::new(start, out.text.len()), tokens));
        }
    }
    bytes.clear();
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
}
