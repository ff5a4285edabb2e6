//! The table of words that decide where a sentence ends.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::brackets::is_opener;
use super::chars::{TATWEEL, is_arabic_letter, is_diacritic, is_invisible};
use super::fold;

/// Why a word is in the table; `words.tsv` says what each group means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Title,
    Short,
    Letter,
    Label,
    Report,
    Open,
    Continue,
    Clause,
    Noun,
}

/// The longest word worth looking up, in bytes.
const LONGEST: usize = 48;

const GROUPS: [(&str, Group); 9] = [
    ("title", Group::Title),
    ("short", Group::Short),
    ("letter", Group::Letter),
    ("label", Group::Label),
    ("report", Group::Report),
    ("open", Group::Open),
    ("continue", Group::Continue),
    ("clause", Group::Clause),
    ("noun", Group::Noun),
];

static WORDS: LazyLock<HashMap<String, Group>> =
    LazyLock::new(|| rows(include_str!("words.tsv")).map(|(word, group)| (fold(word), group)).collect());

fn rows(table: &str) -> impl Iterator<Item = (&str, Group)> {
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| {
        let (name, word) = line.split_once('\t').expect("every line of the table has a tab; a test reads them all");
        let group = GROUPS.iter().find(|(known, _)| *known == name);
        (word, group.expect("every group of the table is known; a test reads them all").1)
    })
}

/// The group of a word or a pair of words, given as folded keys.
pub(super) fn group(key: &str) -> Option<Group> {
    WORDS.get(key).copied()
}

/// The group of the word, or pair of words, that `next` begins with.
pub(super) fn opening(next: &str) -> Option<Group> {
    let (first, rest) = first_word(next.trim_start_matches(|c: char| is_opener(c) || is_invisible(c)))?;
    group(&first).or_else(|| {
        let (second, _) = first_word(rest.trim_start())?;
        group(&format!("{first} {second}"))
    })
}

/// The folded key of the word that `text` begins with, and what follows it. Words too long for the table have none.
fn first_word(text: &str) -> Option<(String, &str)> {
    let inside = |c: char| c.is_alphabetic() || c == TATWEEL || is_diacritic(c) || is_invisible(c);
    let end = text.find(|c: char| !inside(c)).unwrap_or(text.len());
    (end <= LONGEST).then(|| (fold(&text[..end]), &text[end..]))
}

/// Whether `next` begins as a new sentence does: with a word of the table, or with و and a word of its own.
pub(super) fn opens(next: &str) -> bool {
    if let Some(known) = opening(next) {
        return matches!(known, Group::Report | Group::Open);
    }
    let mut letters =
        next.chars().filter(|&c| !is_invisible(c) && !is_diacritic(c)).take_while(|&c| is_arabic_letter(c));
    letters.next() == Some('و') && letters.nth(2).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_once_and_every_group_is_used() {
        let rows: Vec<_> = rows(include_str!("words.tsv")).collect();
        assert_eq!(rows.len(), WORDS.len(), "two rows have one key");
        for (name, group) in GROUPS {
            assert!(rows.iter().any(|(_, g)| *g == group), "{name}");
        }
        for (word, group) in rows {
            assert_eq!(super::group(&fold(word)), Some(group), "{word}");
        }
    }
}
