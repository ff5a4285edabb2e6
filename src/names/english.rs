//! The words of an English sentence that may be names: those with a capital letter.

use super::known;
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
/// Beginnings of places that others have as well: the Kingdom of Jordan, the Gulf States.
const SHARED: [&str; 2] = ["kingdom", "states"];

impl EnglishWord {
    /// Whether it is a country or a city, or its people.
    pub(super) fn is_place(&self) -> bool {
        let mut places = self.keys.iter().filter_map(|key| known::english_place(key));
        places.any(|place| !SHARED.contains(&place))
    }

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
        // The U.S. of U.S.-led is one part.
        let parts = word.split(['-', '‑']).chain(word.split(|c: char| !c.is_alphanumeric())).map(latin);
        let bare = ENDINGS.iter().find_map(|ending| whole.strip_suffix(ending)).filter(|bare| bare.len() >= SHORTEST);
        // The Nigerian is not of Niger.
        let bare = bare.filter(|_| known::english_place(&whole).is_none()).map(str::to_owned);
        let mut keys: Vec<String> = Vec::new();
        for key in std::iter::once(whole).chain(parts).chain(bare) {
            if key.len() > 1 && !keys.contains(&key) {
                keys.push(key);
            }
        }
        words.push(EnglishWord { span, keys });
    }
    words.append(&mut pairs);
    words
}

/// Words with a capital that may stand beside a name without being part of it: those that begin sentences, and offices.
const BESIDE: [&str; 46] = [
    "the",
    "a",
    "an",
    "and",
    "but",
    "or",
    "in",
    "on",
    "at",
    "to",
    "for",
    "from",
    "with",
    "by",
    "of",
    "as",
    "when",
    "while",
    "after",
    "before",
    "if",
    "that",
    "both",
    "then",
    "president",
    "minister",
    "premier",
    "chancellor",
    "senator",
    "governor",
    "mayor",
    "ambassador",
    "general",
    "colonel",
    "captain",
    "coach",
    "secretary",
    "spokesman",
    "spokeswoman",
    "chairman",
    "judge",
    "professor",
    "mr",
    "mrs",
    "ms",
    "dr",
];

/// Whether no other capitalised word stands beside a piece of a sentence, which would make it part of a longer name:
/// the Ahmed of Ahmed al-Sharaa. Offices are none, nor is what begins the sentence.
pub(crate) fn stands_alone(span: Span, sentence: &str) -> bool {
    let words: Vec<Span> = words_of(sentence).collect();
    let adjoins = |one: &Span, other: &Span| {
        let gap = sentence.get(one.end..other.start);
        gap.is_some_and(|gap| gap.chars().all(|c| c.is_whitespace() || "-‑".contains(c)))
    };
    let names = |word: &Span| {
        let text = word.of(sentence);
        text.contains(char::is_uppercase) && !BESIDE.contains(&text.to_lowercase().as_str())
    };
    let before = words.iter().rfind(|word| word.end <= span.start).filter(|word| adjoins(word, &span));
    let behind = words.iter().find(|word| word.start >= span.end).filter(|word| adjoins(&span, word));
    // A span may be a part of what white space separates: the Salah of Salah-Eddin.
    let cut = words.iter().any(|word| word.start < span.end && span.start < word.end && !span.contains(*word));
    !cut && ![before, behind].into_iter().flatten().any(names)
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
    fn a_part_of_a_longer_name_does_not_stand_alone() {
        for (sentence, alone) in [
            ("Ahmed al-Sharaa arrived", false),
            ("He met the Prophet Ahmed", false),
            ("Sources: Ahmed left", true),
            ("But Ahmed left, Salah stayed", true),
            ("Egyptian President Ahmed said", true),
            ("Ahmed, Salah and Omar left", true),
        ] {
            let start = sentence.find("Ahmed").unwrap();
            assert_eq!(stands_alone(Span::new(start, start + 5), sentence), alone, "{sentence}");
        }
    }

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
