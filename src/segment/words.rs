//! The table of words that decide where a sentence ends.

use std::collections::HashMap;
use std::sync::LazyLock;

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
}

const GROUPS: [(&str, Group); 7] = [
    ("title", Group::Title),
    ("short", Group::Short),
    ("letter", Group::Letter),
    ("label", Group::Label),
    ("report", Group::Report),
    ("open", Group::Open),
    ("continue", Group::Continue),
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
