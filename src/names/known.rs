//! The table of names: `names.txt`, front-coded, and `known.tsv`, whose English cannot be told from the letters.
//!
//! `names.txt` is made by tests/golden/names/names.py from names of Wikidata (CC0) and sentence pairs. A line has the
//! number of letters that its word shares with the word before, in base 36, and the rest of the word; a question mark
//! ends what is a name only after a title or another name.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::rendering::latin;
use crate::segment::fold;

/// How surely a word is a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Wherever it stands.
    Sure,
    /// After a title or another name; it is a word of the language as well.
    Maybe,
}

static NAMES: LazyLock<HashMap<String, Kind>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    let mut before = String::new();
    for line in include_str!("names.txt").lines() {
        let mut rest = line.chars();
        let shared = rest.next().and_then(|digit| digit.to_digit(36)).expect("every line begins with a digit");
        let rest = rest.as_str();
        let shared = before.char_indices().nth(shared as usize).map_or(before.len(), |(at, _)| at);
        before.truncate(shared);
        before.push_str(rest.trim_end_matches('?'));
        names.insert(before.clone(), if rest.ends_with('?') { Kind::Maybe } else { Kind::Sure });
    }
    names
});

static KNOWN: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let rows = include_str!("known.tsv").lines().filter(|line| !line.starts_with('#'));
    let rows = rows.filter_map(|row| row.split_once('\t'));
    rows.map(|(arabic, all)| (fold(arabic), all.split(',').map(latin).collect())).collect()
});

/// Whether a folded word, or two with a space between, is a name.
pub(super) fn kind(key: &str) -> Option<Kind> {
    if KNOWN.contains_key(key) { Some(Kind::Sure) } else { NAMES.get(key).copied() }
}

/// What the English of a name may begin with, beside what its letters say.
pub(super) fn beginnings(key: &str) -> &'static [String] {
    KNOWN.get(key).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_tells_names_from_words() {
        assert_eq!(NAMES.len(), include_str!("names.txt").lines().count(), "two lines have one word");
        assert!(NAMES.keys().all(|name| fold(name) == *name));
        for (word, expected) in [
            ("بوتين", Some(Kind::Sure)),
            ("كريم", Some(Kind::Maybe)),
            ("القاهرة", Some(Kind::Sure)),
            ("حزب الله", Some(Kind::Sure)),
            ("يوم", None),
            ("قال", None),
        ] {
            assert_eq!(kind(&fold(word)), expected, "{word}");
        }
        assert_eq!(beginnings(&fold("مصر")), ["egypt"]);
    }

    #[test]
    fn every_known_name_has_a_key_of_its_own() {
        let rows = include_str!("known.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(KNOWN.len(), rows);
        assert!(KNOWN.values().flatten().all(|beginning| beginning.len() >= 2));
    }
}
