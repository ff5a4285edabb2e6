//! The tables of names: `names.txt`, front-coded, and `places.tsv` and `known.tsv`, whose English cannot be told from the
//! letters.
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

type Table = HashMap<String, Vec<String>>;

static PLACES: LazyLock<Table> = LazyLock::new(|| table(include_str!("places.tsv")));
static KNOWN: LazyLock<Table> = LazyLock::new(|| table(include_str!("known.tsv")));

fn table(text: &str) -> Table {
    let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|row| row.split_once('\t'));
    rows.map(|(arabic, all)| (fold(arabic), all.split(',').map(latin).collect())).collect()
}

/// Whether a folded word, or two with a space between, is a name. The word for the people of a place is a name only where
/// that is all it can be: تركي.
pub(super) fn kind(key: &str) -> Option<Kind> {
    if is_known(key) {
        return Some(Kind::Sure);
    }
    let kind = NAMES.get(key).copied()?;
    Some(if of_people(key).is_some() { Kind::Maybe } else { kind })
}

/// Whether it is in a table of names whose English is given.
pub(super) fn is_known(key: &str) -> bool {
    PLACES.contains_key(key) || KNOWN.contains_key(key)
}

/// Letters of a beginning that may be an abbreviation and has to be the whole word: US is not found in Usain.
const ABBREVIATION: usize = 3;

/// Whether a Latin word has this beginning.
pub(super) fn begins(latin: &str, beginning: &str) -> bool {
    latin.starts_with(beginning) && (beginning.len() > ABBREVIATION || latin.len() == beginning.len())
}

/// The beginning of a Latin word that is a place or its people, of several the longest: Nigeria, not Niger.
pub(super) fn english_place(latin: &str) -> Option<&'static str> {
    let found = PLACES.values().flatten().filter(|beginning| begins(latin, beginning));
    found.max_by_key(|beginning| beginning.len()).map(String::as_str)
}

/// What the English of a name may begin with, beside what its letters say.
pub(super) fn beginnings(key: &str) -> &'static [String] {
    let row = of_place(key).or_else(|| KNOWN.get(key));
    row.map_or(&[], Vec::as_slice)
}

/// Whether it is the name of a place itself.
pub(super) fn is_named_place(key: &str) -> bool {
    PLACES.contains_key(key)
}

/// Whether it is a place or the people of one.
pub(super) fn is_place(key: &str) -> bool {
    of_place(key).is_some()
}

fn of_place(key: &str) -> Option<&'static Vec<String>> {
    PLACES.get(key).or_else(|| of_people(key))
}

/// The row of the place of whose people the word speaks: لبناني of لبنان, التركية of تركيا, أردنيون of الأردن. What looks
/// like the people of الرياض is of sport.
pub(super) fn of_people(key: &str) -> Option<&'static Vec<String>> {
    let endings = ["يون", "يين", "يتان", "يتين", "يات", "يه", "ي"];
    // The article, unless it is none: ألماني.
    [Some(key), key.strip_prefix("ال")].into_iter().flatten().find_map(|word| {
        let stem = endings.iter().find_map(|ending| word.strip_suffix(ending))?;
        let place = |(before, after): &(&str, &str)| PLACES.get(&format!("{before}{stem}{after}"));
        let places = [("", ""), ("", "ا"), ("", "يا"), ("", "ه"), ("ال", ""), ("ال", "يه"), ("ال", "ه")];
        places.iter().filter(|_| stem.chars().count() >= 3 && stem != "رياض" && stem != "الرياض").find_map(place)
    })
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
        for (table, text) in [(&PLACES, include_str!("places.tsv")), (&KNOWN, include_str!("known.tsv"))] {
            assert_eq!(table.len(), text.lines().filter(|line| !line.starts_with('#')).count());
            assert!(table.values().flatten().all(|beginning| beginning.len() >= 2));
        }
        assert!(KNOWN.keys().all(|key| !PLACES.contains_key(key)));
    }

    #[test]
    fn people_have_the_english_of_their_place() {
        for (word, beginning) in [
            ("تركي", "turk"),
            ("التركية", "turk"),
            ("لبناني", "leban"),
            ("الأردنيون", "jordan"),
            ("سعودية", "saudi"),
            ("السوريين", "syria"),
            ("ألماني", "german"),
            ("هولندي", "netherlands"),
            ("عربي", "arab"),
        ] {
            assert_eq!(beginnings(&fold(word)).first().map(String::as_str), Some(beginning), "{word}");
            assert_ne!(kind(&fold(word)), Some(Kind::Sure), "{word}");
        }
        assert!(of_people(&fold("سليماني")).is_none() && of_people(&fold("علي")).is_none());
    }
}
