//! The tables of words for numbers, in two languages.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::value::Value;
use crate::segment::fold;

/// What a word for a number is; the tables say what each class means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Digits, which are in no table.
    Figure,
    Unit,
    Ten,
    Teen,
    Tens,
    Hundred,
    Hundreds,
    Scale,
    Dual,
    Either,
    Plural,
    Suffix,
    Dozen,
    Fraction,
    Parts,
    Ordinal,
    Decade,
    Answer,
}

/// A word of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) class: Class,
    pub(super) value: Value,
}

type Table = HashMap<String, Vec<Entry>>;

static ARABIC: LazyLock<Table> = LazyLock::new(|| table(include_str!("arabic.tsv")));
static ENGLISH: LazyLock<Table> = LazyLock::new(|| table(include_str!("english.tsv")));

fn table(text: &str) -> Table {
    let mut table = Table::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut fields = line.split('\t');
        let entry = fields.next().and_then(class).zip(fields.next().and_then(value));
        let (class, value) = entry.expect("every line names a class and a value; a test reads them all");
        for form in fields {
            table.entry(fold(form)).or_default().push(Entry { class, value });
        }
    }
    table
}

fn class(name: &str) -> Option<Class> {
    Some(match name {
        "unit" => Class::Unit,
        "ten" => Class::Ten,
        "teen" => Class::Teen,
        "tens" => Class::Tens,
        "hundred" => Class::Hundred,
        "hundreds" => Class::Hundreds,
        "scale" => Class::Scale,
        "dual" => Class::Dual,
        "either" => Class::Either,
        "plural" => Class::Plural,
        "suffix" => Class::Suffix,
        "dozen" => Class::Dozen,
        "fraction" => Class::Fraction,
        "parts" => Class::Parts,
        "ordinal" => Class::Ordinal,
        "decade" => Class::Decade,
        "answer" => Class::Answer,
        _ => return None,
    })
}

fn value(text: &str) -> Option<Value> {
    match text.split_once('/') {
        Some((one, two)) => Value::fraction(one.parse().ok()?, two.parse().ok()?),
        None => Some(Value::whole(text.parse().ok()?)),
    }
}

/// What an English word may mean, the most likely first.
pub(super) fn english(key: &str) -> &'static [Entry] {
    ENGLISH.get(key).map_or(&[], Vec::as_slice)
}

/// An Arabic word with what is written together with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arabic {
    pub(super) entry: Entry,
    /// Whether و stands before it.
    pub(super) and: bool,
    /// Whether a preposition does.
    pub(super) preposition: bool,
    /// Whether the article does.
    pub(super) article: bool,
}

/// Words that look like a particle and a number and are something else.
const OTHERS: [&str; 2] = ["لست", "ولست"];

/// What an Arabic word is, with and without its particles.
pub(super) fn arabic(key: &str) -> Option<Arabic> {
    if OTHERS.contains(&key) {
        return None;
    }
    stems(key).find_map(|stem| {
        let entry = *ARABIC.get(stem.word)?.first()?;
        Some(Arabic { entry, and: stem.and, preposition: stem.preposition, article: stem.article })
    })
}

/// A word without particles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stem<'a> {
    pub(super) word: &'a str,
    pub(super) and: bool,
    pub(super) preposition: bool,
    pub(super) article: bool,
}

/// A folded word as it stands and without the particles that may be written together with it: و or ف, then ب, ل or ك,
/// then the article.
pub(super) fn stems(key: &str) -> impl Iterator<Item = Stem<'_>> {
    let plain = Stem { word: key, and: false, preposition: false, article: false };
    let after = |letters: &[char]| key.strip_prefix(letters).filter(|rest| !rest.is_empty());
    let joined = after(&['و']).map(|word| Stem { word, and: true, ..plain });
    let joined = joined.or_else(|| after(&['ف']).map(|word| Stem { word, ..plain }));
    let first = [Some(plain), joined].into_iter().flatten();
    first.flat_map(|stem| {
        let article = stem.word.strip_prefix("ال").map(|word| Stem { word, article: true, ..stem });
        let before = stem.word.strip_prefix(['ب', 'ل', 'ك']).map(|word| Stem { word, preposition: true, ..stem });
        // The article loses its alef after ل: للألف.
        let inner = before.and_then(|before| {
            let word = before.word.strip_prefix("ال").or_else(|| stem.word.strip_prefix("لل"))?;
            Some(Stem { word, article: true, ..before })
        });
        [Some(stem), article, before, inner].into_iter().flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole() {
        assert!(ARABIC.len() > 150 && ENGLISH.len() > 130, "{} {}", ARABIC.len(), ENGLISH.len());
    }

    #[test]
    fn particles_are_taken_off_and_told() {
        for (word, expected) in [
            ("وثلاثين", Some(("30", true, false, false))),
            ("بالمئة", Some(("100", false, true, true))),
            ("للألف", Some(("1,000", false, true, true))),
            ("والعشرين", Some(("20", true, false, true))),
            ("وواحد", Some(("1", true, false, false))),
            ("واحد", Some(("1", false, false, false))),
            ("بليون", Some(("1 billion", false, false, false))),
            ("لست", None),
            ("وزير", None),
        ] {
            let found = arabic(&fold(word));
            let found = found.map(|w| (w.entry.value.to_string(), w.and, w.preposition, w.article));
            assert_eq!(found, expected.map(|(v, a, p, d)| (v.to_owned(), a, p, d)), "{word}");
        }
    }
}
