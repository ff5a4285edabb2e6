//! Names in English text, told by their capitals.

use std::collections::BTreeSet;

use super::terms::is_stop_word;
use crate::article::Span;
use crate::check::quantity::calendar;

/// Words that join two parts of a name.
const JOINTS: [&str; 10] = ["of", "al", "bin", "ibn", "bint", "de", "del", "van", "von", "du"];

/// How the words of an article are written inside its sentences, where a capital means something.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    capitalised: BTreeSet<String>,
    lower: BTreeSet<String>,
}

/// A word between spaces, without the punctuation around it and without `'s`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) span: Span,
    /// Whether a sentence, or a quotation in it, begins here.
    pub(super) first: bool,
    /// Whether nothing but a space parts it from the word before.
    pub(super) adjoins: bool,
}

impl Word<'_> {
    /// Whether it, or what follows `al-`, begins with a capital.
    pub(super) fn is_capitalised(&self) -> bool {
        let mut parts = self.text.split('-');
        let first = parts.next().unwrap_or_default();
        let capital = |part: &str| part.starts_with(char::is_uppercase);
        capital(first) || (first.len() <= 3 && parts.next().is_some_and(capital))
    }

    pub(super) fn folded(&self) -> String {
        self.text.to_lowercase().replace('’', "'")
    }
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let (mut first, mut adjoins) = (true, false);
    for piece in text.split(|c: char| c.is_whitespace() || "–—/".contains(c)).filter(|piece| !piece.is_empty()) {
        let start = piece.as_ptr() as usize - text.as_ptr() as usize;
        let inner = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let opens = piece.starts_with(['"', '“', '«', '\'', '‘', '(']);
        if !inner.is_empty() {
            let inner = ["'s", "’s"].iter().find_map(|ending| inner.strip_suffix(ending)).unwrap_or(inner);
            let from = start + (inner.as_ptr() as usize - piece.as_ptr() as usize);
            let span = Span::new(from, from + inner.len());
            words.push(Word { text: inner, span, first: first || opens, adjoins: adjoins && !opens });
        }
        first = piece.ends_with(['.', '!', '?', ':', '…']) || piece.ends_with(".\"") || piece.ends_with(".”");
        let end = start + piece.len();
        adjoins = piece.ends_with(char::is_alphanumeric) && text[end..].starts_with([' ', '\u{a0}']);
    }
    words
}

impl Lexicon {
    pub(super) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut lexicon = Self::default();
        for text in texts {
            let words = words(text);
            for word in words.iter().filter(|word| !word.first) {
                if !word.is_capitalised() {
                    lexicon.lower.insert(word.folded());
                } else if !is_title(&words) {
                    lexicon.capitalised.insert(word.folded());
                }
            }
        }
        lexicon
    }

    /// Where a text has names, of one word or several, in order.
    pub(super) fn names(&self, text: &str) -> Vec<Span> {
        let words = words(text);
        let title = is_title(&words);
        let dates = calendar::read_english(text);
        let is_name = |index: usize| {
            let word = &words[index];
            let followed =
                words.get(index + 1).is_some_and(|next| next.adjoins && !next.first && next.is_capitalised());
            let folded = word.folded();
            let tells = !(word.first || title) || self.capitalised.contains(&folded);
            word.is_capitalised()
                && (tells || (followed && !title && !self.lower.contains(&folded)))
                && !(is_stop_word(&folded) && word.text.chars().nth(1).is_none_or(char::is_lowercase))
                && !dates.iter().any(|date| date.span.contains(word.span))
        };
        let mut names: Vec<Span> = Vec::new();
        let mut last = None; // the last word of the last name
        for index in (0..words.len()).filter(|&index| is_name(index)) {
            let between = last.map_or(&words[..0], |last: usize| &words[last + 1..index]);
            let joins = last.is_some()
                && between.len() <= 1
                && between.iter().all(|word| JOINTS.contains(&word.text))
                && words[index - between.len()..=index].iter().all(|word| word.adjoins);
            match names.last_mut().filter(|_| joins) {
                Some(name) => name.end = words[index].span.end,
                None => names.push(words[index].span),
            }
            last = Some(index);
        }
        names
    }
}

/// Whether most words are capitalised, as some headlines have it, so that capitals say nothing.
fn is_title(words: &[Word]) -> bool {
    let long = words.iter().filter(|word| word.text.len() > 3 && word.text.starts_with(char::is_alphabetic));
    let (all, capitalised) =
        long.fold((0, 0), |(all, some), word| (all + 1, some + usize::from(word.is_capitalised())));
    all >= 5 && 10 * capitalised >= 9 * all
}

/// Whether a word of a name stands in a text: as it is, as the adjective to a country or the country to an adjective, or
/// as the abbreviation of what stands there.
pub(super) fn stands_in(word: &str, text: &str) -> bool {
    let folded = word.to_lowercase();
    let others = words(text);
    let known: Vec<String> = others.iter().map(Word::folded).collect();
    let is_known = |part: &str| known.iter().any(|other| other == part || other.split('-').any(|other| other == part));
    let like = |other: &String| {
        let (short, long) = if other.len() < folded.len() { (other, &folded) } else { (&folded, other) };
        is_adjective_to(long, short)
    };
    // Articles of names come and go: al-Hamdani, Hamdani.
    let parts: Vec<&str> = folded.split('-').filter(|part| part.len() > 2).collect();
    is_known(&folded)
        || (!parts.is_empty() && parts.into_iter().all(is_known))
        || known.iter().any(like)
        || is_abbreviated(word, &others)
}

/// Whether `long` can be made of the name of a place by an ending: Jordanian of Jordan, Turkish of Turkey.
pub(super) fn is_adjective_to(long: &str, short: &str) -> bool {
    const ENDINGS: [&str; 8] = ["ian", "ean", "ese", "ish", "an", "n", "i", "s"];
    let mut stems = ENDINGS.iter().filter_map(|ending| long.strip_suffix(ending)).filter(|stem| stem.len() >= 4);
    stems.any(|stem| short.strip_prefix(stem).is_some_and(|rest| rest.len() <= 2))
}

/// Whether the word is the initials of neighbouring words.
fn is_abbreviated(word: &str, others: &[Word]) -> bool {
    let initials = |words: &[Word]| words.iter().filter_map(|word| word.text.chars().next()).collect::<String>();
    let length = word.chars().count();
    length >= 2 && word.chars().all(char::is_uppercase) && others.windows(length).any(|run| initials(run) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let known =
            ["The talks in Muscat ended, said Nabil al-Hamdani of the Gulf fund.", "Jordan and the minister met."];
        let lexicon = Lexicon::new(known.into_iter().chain([text]));
        lexicon.names(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn names_are_runs_of_capitals_that_no_sentence_begins() {
        assert_eq!(
            names("Officials of the Ministry of Water told Nabil al-Hamdani's office in Muscat, Oman, on Monday."),
            ["Ministry of Water", "Nabil al-Hamdani", "Muscat", "Oman"]
        );
        assert_eq!(names("Muscat is the seat. He said \"Jordan agrees\" in May 2026."), ["Muscat"]);
        assert_eq!(names("Salma Khatib warned of it."), ["Salma Khatib"]);
        assert_eq!(names("The UN and Gulf Water Monitor reported."), ["UN", "Gulf Water Monitor"]);
        assert_eq!(names("Ministers Agree On Joint Drought Fund In Muscat"), ["Muscat"]);
    }

    #[test]
    fn a_name_may_be_written_in_another_form() {
        for (word, text) in [
            ("Jordanian", "the minister of Jordan"),
            ("Jordan", "the Jordanian minister"),
            ("Turkish", "Turkey's government"),
            ("Lebanese", "a bank in Lebanon"),
            ("UN", "the United Nations"),
            ("Hamdani", "Nabil al-Hamdani said"),
            ("al-Hamdani", "Hamdani said"),
        ] {
            assert!(stands_in(word, text), "{word} in {text}");
        }
        for (word, text) in [
            ("Austria", "in Australia"),
            ("Mali", "in Malta"),
            ("Khatib", "Hamdani said"),
            ("EU", "the UN"),
            ("F-16", "an F-15"),
        ] {
            assert!(!stands_in(word, text), "{word} in {text}");
        }
    }
}
