//! How far a Latin word is from an Arabic name: the least cost of writing one as the other.
//!
//! Consonants have to be there, as one of the ways in which people write them; vowels come and go. `letters.tsv` has the
//! costs, in hundredths of a consonant. The form is the weighted edit distance of Wagner and Fischer (JACM 21, 1974).

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

/// A Latin or an Arabic consonant too many.
const CONSONANT: u32 = 100;
/// What is further apart is not told from what is further still.
const FAR: u32 = 300;
/// The ways in which people write the article before a name.
const ARTICLES: [&str; 9] = ["al", "el", "ash", "as", "ad", "an", "ar", "at", "az"];

type Renderings = HashMap<&'static str, Vec<(&'static str, u32)>>;

static RENDERINGS: LazyLock<Renderings> = LazyLock::new(|| {
    let rows = include_str!("letters.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t'))
        .map(|(letters, all)| (letters, all.split(' ').map(cost).collect()))
        .collect()
});

fn cost(rendering: &'static str) -> (&'static str, u32) {
    let (letters, cost) = rendering.split_once(':').unwrap_or((rendering, "0"));
    (letters.trim_start_matches('-'), cost.parse().expect("every cost of the table is a number; a test reads them all"))
}

/// How far a Latin word is from an Arabic name, if it is near enough to be its rendering. Both are keys.
pub(super) fn fit(arabic: &str, latin: &str) -> Option<u32> {
    let letters = arabic.chars().count() - if has_article(arabic) { 2 } else { 0 };
    let allowed = match letters {
        0..=2 => 30,
        3 => 50,
        4 => 70,
        5 | 6 => 95,
        _ => 140,
    };
    (latin.len() >= 2).then(|| distance(arabic, latin)).filter(|&distance| distance <= allowed)
}

/// The least cost of writing the Arabic as the Latin word, at most [`FAR`]; the article may be missing.
fn distance(arabic: &str, latin: &str) -> u32 {
    let mut best = edits(arabic, latin);
    if has_article(arabic) {
        let bare = &arabic["ال".len()..];
        best = best.min(edits(bare, latin));
        for article in ARTICLES {
            if let Some(rest) = latin.strip_prefix(article).filter(|rest| rest.len() > 1) {
                best = best.min(edits(bare, rest));
            }
        }
    }
    best.min(FAR)
}

/// Whether the Latin of an Arabic name may begin with this letter.
pub(super) fn may_begin(arabic: &str, latin: char) -> bool {
    let bare = if has_article(arabic) { &arabic["ال".len()..] } else { arabic };
    let first = bare.chars().next().map(String::from).unwrap_or_default();
    RENDERINGS.get(first.as_str()).into_iter().flatten().any(|(rendering, _)| rendering.starts_with(latin))
}

fn has_article(arabic: &str) -> bool {
    arabic.starts_with("ال") && arabic.chars().count() >= 4
}

fn edits(arabic: &str, latin: &str) -> u32 {
    let ends: Vec<usize> = arabic.char_indices().map(|(at, _)| at).chain([arabic.len()]).collect();
    let (rows, columns) = (ends.len() - 1, latin.len());
    let mut cost = vec![vec![FAR + 1; columns + 2]; rows + 1]; // [Arabic letters + 1, Latin letters + 2]
    cost[0][0] = 0;
    for i in 0..=rows {
        for j in 0..=columns {
            let here = cost[i][j];
            if here > FAR {
                continue;
            }
            let mut reach = |i: usize, j: usize, extra: u32| cost[i][j] = cost[i][j].min(here + extra);
            if j < columns {
                let (length, extra) = silent(latin.as_bytes(), j);
                reach(i, j + length, extra);
            }
            if i < rows {
                reach(i + 1, j, CONSONANT);
            }
            for length in 1..=2usize.min(rows - i) {
                for (rendering, extra) in RENDERINGS.get(&arabic[ends[i]..ends[i + length]]).into_iter().flatten() {
                    if latin[j..].starts_with(*rendering) {
                        reach(i + length, j + rendering.len(), *extra);
                    }
                }
            }
        }
    }
    cost[rows][columns]
}

/// How many Latin letters at `at` stand for no Arabic one, and what that costs.
fn silent(latin: &[u8], at: usize) -> (usize, u32) {
    let last = at + 1 == latin.len();
    match latin[at] {
        b'a' | b'e' | b'i' | b'o' | b'u' => (1, 0),
        b'y' => (1, 20),
        b'h' => (1, 15),
        letter if at > 0 && letter == latin[at - 1] => (1, 0),
        b'g' if latin[at..].starts_with(b"gh") => (2, 30),
        b't' | b's' | b'x' | b'd' | b'z' if last => (1, 35),
        _ if at == 0 && matches!(latin, [b'k', b'n', ..] | [b'w', b'r', ..] | [b'p', b's' | b'n', ..]) => (1, 20),
        _ => (1, CONSONANT),
    }
}

/// A Latin word as a key: lower case, a to z only.
pub(super) fn latin(word: &str) -> String {
    let mut key = String::with_capacity(word.len());
    for c in word.to_lowercase().nfkd() {
        match c {
            'a'..='z' => key.push(c),
            'ı' => key.push('i'),
            'ß' => key.push_str("ss"),
            'ø' => key.push('o'),
            'ł' => key.push('l'),
            'đ' | 'ð' => key.push('d'),
            'æ' => key.push_str("ae"),
            'œ' => key.push_str("oe"),
            'þ' => key.push_str("th"),
            _ => {}
        }
    }
    key
}

/// An English name without what may differ where it is written the same way: case, marks, an article before it.
pub(super) fn form(english: &str) -> String {
    let parts = english.split_once(['-', ' ', '\'', '’']);
    let bare = parts.filter(|(first, _)| ARTICLES.contains(&first.to_lowercase().as_str()));
    latin(bare.map_or(english, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::fold;

    /// From tests/golden/names/names.py: Arabic, Latin, distance, whether one may be the other.
    #[test]
    fn distances_are_those_of_the_script() {
        for row in include_str!("../../tests/golden/names/distances.tsv").lines() {
            let columns: Vec<_> = row.split('\t').collect();
            let (arabic, word) = (fold(columns[0]), latin(columns[1]));
            assert_eq!(distance(&arabic, &word).to_string(), columns[2], "{row}");
            assert_eq!(fit(&arabic, &word).is_some(), columns[3] == "1", "{row}");
        }
    }

    #[test]
    fn forms_differ_by_letters_only() {
        assert_eq!(form("al-Sisi"), form("Sisi"));
        assert_eq!(form("El Sisi"), form("SISI"));
        assert_ne!(form("Sissi"), form("Sisi"));
    }

    #[test]
    fn every_row_of_letters_is_read() {
        let rows = include_str!("letters.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(RENDERINGS.len(), rows);
        assert!(
            RENDERINGS.keys().all(|letters| (1..=2).contains(&letters.chars().count()) && fold(letters) == *letters)
        );
    }
}
