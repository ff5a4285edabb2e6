//! Negations of the source that the English may have lost.
//!
//! A translator may say the same without one (not closed, open), and English negates with many words: what is found is
//! worth a look, no more.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::pipeline::Document;
use crate::segment::{arabic_words, fold};

pub(super) const CHECK: Check =
    Check { name: "negation", description: "a negation in the source and none in the English", run };

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

/// The words of `negation.tsv`, which says what each group means.
struct Table {
    arabic: HashSet<String>,
    idioms: HashSet<String>,
    english: HashSet<&'static str>,
    stems: Vec<&'static str>,
    exceptions: Vec<&'static str>,
}

impl Table {
    fn new() -> Self {
        let rows = || include_str!("negation.tsv").lines().filter_map(|line| line.split_once('\t'));
        let group = |name: &'static str| rows().filter(move |(group, _)| *group == name).map(|(_, words)| words);
        Self {
            arabic: group("arabic").map(fold).collect(),
            idioms: group("idiom").map(fold).collect(),
            english: group("english").collect(),
            stems: group("stem").collect(),
            exceptions: group("except").collect(),
        }
    }

    /// Whether an English word in small letters negates, or may.
    fn negates(&self, word: &str) -> bool {
        let begins = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
        self.english.contains(word)
            || word.ends_with("n't")
            || (word.len() > 6 && (word.ends_with("less") || word.ends_with("lessly")))
            || (begins(&self.stems) && !begins(&self.exceptions))
    }
}

fn run(document: &Document) -> Vec<Finding> {
    let found = document.pairs().filter(|pair| !pair.target.is_empty()).filter_map(|pair| {
        let negation = first_negation(pair.source)?;
        let english = pair.target.to_lowercase().replace('’', "'");
        let mut words = english.split(|c: char| !c.is_alphanumeric() && c != '\'').map(|word| word.trim_matches('\''));
        if words.any(|word| TABLE.negates(word)) {
            return None;
        }
        Some(Finding {
            check: CHECK.name,
            severity: Severity::Info,
            sentence: pair.id,
            message: format!("The source has a negation, “{}”, and the English has none.", negation.of(pair.source)),
            source: Some(negation),
            target: None,
        })
    });
    found.collect()
}

/// The first word that negates and does not belong to an idiom that affirms.
fn first_negation(sentence: &str) -> Option<Span> {
    let words = arabic_words(sentence);
    let key = |at: usize| words.get(at).map(|word| fold(word.of(sentence)));
    let bare = |key: &str| ['و', 'ف'].iter().find_map(|letter| key.strip_prefix(*letter)).map(str::to_owned);
    (0..words.len()).find_map(|at| {
        let word = key(at)?;
        let negates = |word: &str| TABLE.arabic.contains(word);
        let bare = bare(&word).filter(|bare| negates(bare));
        if !negates(&word) && bare.is_none() {
            return None;
        }
        let after = key(at + 1).unwrap_or_default();
        let idiom =
            [Some(word), bare].into_iter().flatten().any(|word| TABLE.idioms.contains(&format!("{word} {after}")));
        (!idiom).then_some(words[at])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    fn found(source: &str, english: &str) -> Vec<String> {
        let found = run(&document(&[(source, english)]));
        found.iter().map(|finding| finding.source.unwrap().of(source).to_owned()).collect()
    }

    #[test]
    fn a_negation_may_take_many_forms_but_not_be_gone() {
        let source = "وقال الوزير إن الحكومة لن تغلق المعبر";
        for english in [
            "The minister said the government would not close the crossing.",
            "The minister said the government won’t close the crossing.",
            "The government refuses to close the crossing, the minister said.",
        ] {
            assert!(found(source, english).is_empty(), "{english}");
        }
        assert_eq!(found(source, "The minister said the government will close the crossing."), ["لن"]);
        assert_eq!(found(source, "The united government will close the crossing."), ["لن"]);
        assert_eq!(found("ولم يصل الوفد", "The delegation arrived."), ["ولم"]);
    }

    #[test]
    fn denials_and_refusals_are_negations() {
        assert_eq!(found("نفى الوزير إغلاق المعبر", "The minister confirmed the closure of the crossing."), ["نفى"]);
        assert_eq!(found("ورفضت الشركة التعليق", "The company commented."), ["ورفضت"]);
        assert!(found("ورفضت الشركة التعليق", "The company declined to comment.").is_empty());
        assert!(found("حكم عليه بالسجن لست سنوات", "He was jailed for six years.").is_empty(), "six, not: I am not");
    }

    #[test]
    fn idioms_that_affirm_are_no_negations() {
        assert!(found("ولا يزال المعبر مفتوحاً", "The crossing is open.").is_empty());
        assert!(found("لا سيما في الشمال", "Especially in the north.").is_empty());
        assert!(found("أسقط طائرة بدون طيار وأخرى من دون طيار", "It downed a drone and another one.").is_empty());
        assert!(found("فاز الفريق بهدف دون رد", "The team won 1-0.").is_empty());
        let source = "قال مسؤول رفض الكشف عن اسمه ذلك";
        assert!(found(source, "An official said so on condition of anonymity.").is_empty());
        assert!(found("نفى الوزير ذلك", "The minister denied it.").is_empty());
    }

    #[test]
    fn every_row_has_a_known_group() {
        let rows = include_str!("negation.tsv").lines().filter(|line| !line.starts_with('#'));
        for row in rows {
            let group = row.split_once('\t').expect(row).0;
            assert!(["arabic", "idiom", "english", "stem", "except"].contains(&group), "{row}");
        }
    }
}
