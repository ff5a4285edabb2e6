//! What numbers are read from: figures, words and signs, each with its place.

use super::digits::{Figure, figures, phone};
use crate::article::Span;
use crate::segment::{addresses, fold, is_silent};

/// A figure, a word or a sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// Its bytes.
    pub(super) span: Span,
    /// What it is.
    pub(super) what: What,
    /// Whether it follows the token before it without a space.
    pub(super) glued: bool,
    /// Whether it has a hamza, which its key has lost.
    pub(super) has_hamza: bool,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// Digits with their separators.
    Figure(Figure),
    /// The folded key of an Arabic or Latin word; of the latter without its full stops and its possessive ending.
    Word(String),
    /// Anything else that is not a space.
    Sign(char),
}

impl Token {
    /// The key, if it is a word.
    pub(super) fn word(&self) -> Option<&str> {
        if let What::Word(key) = &self.what { Some(key) } else { None }
    }

    /// The sign, if it is one.
    pub(super) fn sign(&self) -> Option<char> {
        if let What::Sign(sign) = self.what { Some(sign) } else { None }
    }
}

/// The tokens of `text`, in order; an address is one word, whatever figures stand in it.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut addresses = addresses(text).into_iter().peekable();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let before = tokens.last().map_or(usize::MAX, |token| token.span.end);
        let glued = before == at;
        while addresses.next_if(|address| address.start < at).is_some() {}
        if let Some(span) = addresses.next_if(|address| address.start == at) {
            tokens.push(Token { span, what: What::Word(span.of(text).to_owned()), glued, has_hamza: false });
            at = span.end;
            continue;
        }
        if let Some((span, figure)) = phone(text, at).filter(|_| !glued || matches!(c, '+')) {
            tokens.push(Token { span, what: What::Figure(figure), glued, has_hamza: false });
            at = span.end;
            continue;
        }
        if super::digits::digit(c).is_some() {
            for (span, figure) in figures(text, at) {
                let glued = glued && span.start == at;
                at = span.end;
                tokens.push(Token { span, what: What::Figure(figure), glued, has_hamza: false });
            }
            continue;
        }
        let end = if c.is_alphabetic() { word_end(text, at) } else { at + c.len_utf8() };
        let span = Span::new(at, end);
        at = end;
        let what = if c.is_alphabetic() {
            What::Word(key(span.of(text)))
        } else if c.is_whitespace() || is_silent(c) {
            continue;
        } else {
            What::Sign(c)
        };
        let has_hamza = span.of(text).contains(['ئ', 'ء', 'ؤ', '\u{654}']);
        tokens.push(Token { span, what, glued, has_hamza });
    }
    tokens
}

/// The end of the word that begins at byte `start`: letters and marks, apostrophes between letters, and the full stops
/// of `p.m`.
fn word_end(text: &str, start: usize) -> usize {
    let mut chars = text[start..].char_indices().peekable();
    let (mut end, mut letters) = (start, 0);
    while let Some((i, c)) = chars.next() {
        let next_is_letter = || chars.clone().next().is_some_and(|(_, c)| c.is_alphabetic());
        if c.is_alphabetic() {
            letters += 1;
        } else if is_silent(c) {
        } else if matches!(c, '\'' | '’') && next_is_letter() {
            letters = 2;
        } else if c == '.' && letters == 1 && text.as_bytes()[start].is_ascii() && next_is_letter() {
            letters = 0;
        } else {
            break;
        }
        end = start + i + c.len_utf8();
    }
    end
}

fn key(word: &str) -> String {
    let key = fold(word);
    if !key.is_ascii() && !key.contains('’') {
        return key;
    }
    let key = key.replace('.', "").replace('’', "'");
    let stem = key.strip_suffix("'s").unwrap_or(&key);
    stem.replace('\'', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_keys_and_figures_stand_alone() {
        let text = "وصل ٣ وزراءَ و702 ألف at 3p.m. U.S. Britain’s HER2 30%";
        let tokens = tokens(text);
        let found: Vec<String> = tokens
            .iter()
            .map(|token| match &token.what {
                What::Figure(figure) => format!("#{}", figure.value),
                What::Word(key) => key.clone(),
                What::Sign(sign) => sign.to_string(),
            })
            .collect();
        let expected = "وصل #3 وزراء و #702 الف at #3 pm . us . britain her #2 #30 %";
        assert_eq!(found.join(" "), expected);
        assert_eq!(tokens[1].span.of(text), "٣");
        assert!(tokens[4].glued && !tokens[3].glued);
    }

    #[test]
    fn figures_in_addresses_are_none() {
        let figures = |text| tokens(text).into_iter().filter(|token| matches!(token.what, What::Figure(_))).count();
        assert_eq!(figures("نشر على https://example.org/2026/91 و@desk_24 في 12 مايو"), 1);
    }
}
