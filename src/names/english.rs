//! The words of an English sentence that may be names: those with a capital letter.

use super::rendering::{self, latin};
use crate::article::Span;

/// A word that may be a name, or two words in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnglishWord {
    /// Where it lies in the sentence, without a possessive ending.
    pub(crate) span: Span,
    /// How it may be compared: as a whole, by the parts around hyphens and apostrophes, and without the ending that makes
    /// an adjective of a name.
    pub(super) keys: Vec<String>,
}

/// What makes adjectives and people of names: Arthurian, Cambodian, Nepalese.
const ENDINGS: [&str; 8] = ["ian", "ean", "ese", "ish", "ist", "ism", "ite", "an"];
/// Letters that a name must have left without such an ending.
const SHORTEST: usize = 5;
/// Words with a capital that are never part of a name: by its letters, Mr could be Omar.
const TITLES: [&str; 5] = ["Mr", "Mrs", "Ms", "Dr", "Prof"];
/// Most letters of an abbreviation.
const ABBREVIATION: usize = 5;

impl EnglishWord {
    /// Whether it is an abbreviation that may have the first letter of a name.
    pub(super) fn may_abbreviate(&self, name: &str, sentence: &str) -> bool {
        let word = self.span.of(sentence);
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        let abbreviated = (2..=ABBREVIATION).contains(&capitals) && word.chars().all(|c| c.is_uppercase() || c == '.');
        abbreviated && latin(word).chars().any(|letter| rendering::may_begin(name, letter))
    }
}

/// The capitalised words of a sentence, and after them the pairs of neighbours: `Abu Dhabi` may be one word in Arabic.
pub(crate) fn english_words(sentence: &str) -> Vec<EnglishWord> {
    let mut words = Vec::new();
    let mut pairs = Vec::new();
    let mut before: Option<(Span, String)> = None;
    for span in words_of(sentence) {
        let word = span.of(sentence);
        if !word.contains(char::is_uppercase) || TITLES.contains(&word) {
            before = None;
            continue;
        }
        let whole = latin(word);
        if let Some((start, first)) = before.take() {
            pairs.push(EnglishWord { span: Span::new(start.start, span.end), keys: vec![format!("{first}{whole}")] });
        }
        before = Some((span, whole.clone()));
        let parts = word.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 1).map(latin);
        let bare = ENDINGS.iter().find_map(|ending| whole.strip_suffix(ending)).filter(|bare| bare.len() >= SHORTEST);
        let bare = bare.map(str::to_owned);
        let mut keys: Vec<String> =
            std::iter::once(whole).chain(parts).chain(bare).filter(|key| key.len() > 1).collect();
        keys.dedup();
        words.push(EnglishWord { span, keys });
    }
    words.append(&mut pairs);
    words
}

/// What white space and dashes separate, without punctuation at the edges and without a possessive ending.
fn words_of(sentence: &str) -> impl Iterator<Item = Span> {
    let pieces = sentence.split(|c: char| c.is_whitespace() || matches!(c, '–' | '—' | '/'));
    pieces.filter_map(move |piece| {
        let start = piece.as_ptr() as usize - sentence.as_ptr() as usize;
        let trimmed = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let start = start + (trimmed.as_ptr() as usize - piece.as_ptr() as usize);
        let bare = ["'s", "’s"].iter().find_map(|ending| trimmed.strip_suffix(ending)).unwrap_or(trimmed);
        (!bare.is_empty()).then(|| Span::new(start, start + bare.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitalised_words_come_whole_in_parts_and_in_pairs() {
        let sentence = "In Abu Dhabi, “al-Sisi’s” aide met O'Neill.";
        let found: Vec<_> =
            english_words(sentence).iter().map(|word| (word.span.of(sentence), word.keys.join(" "))).collect();
        let expected = [
            ("In", "in"),
            ("Abu", "abu"),
            ("Dhabi", "dhabi"),
            ("al-Sisi", "alsisi al sisi"),
            ("O'Neill", "oneill neill"),
            ("In Abu", "inabu"),
            ("Abu Dhabi", "abudhabi"),
            ("Dhabi, “al-Sisi", "dhabialsisi"),
        ];
        assert_eq!(found, expected.map(|(word, keys)| (word, keys.to_owned())));
    }
}
