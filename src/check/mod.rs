//! Faithfulness checks: what machine translation gets wrong, found and said.

mod completeness;
mod confidence;
mod dates;
mod duplicates;
mod length;
mod links;
mod names;
mod negation;
mod numbers;
mod order;
pub(crate) mod quantity;
mod quotes;
mod repetition;
mod retry;
mod untranslated;
mod vague;

use serde::Serialize;

use crate::article::{SentenceId, Span};
use crate::pipeline::Document;

/// The months of the year in English.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Look at it before quoting.
    Warning,
    /// Wrong, as far as can be told.
    Error,
}

/// Something a check found in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Name of the check: `numbers`.
    pub check: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub sentence: SentenceId,
    /// What, in words that a journalist understands.
    pub message: String,
    /// The bytes of the source sentence it concerns.
    pub source: Option<Span>,
    /// The bytes of the translated sentence it concerns.
    pub target: Option<Span>,
}

/// A check: what it is called, what it looks for, and how.
pub struct Check {
    /// Its name in findings.
    pub name: &'static str,
    /// What it looks for, in one line.
    pub description: &'static str,
    /// Finds it in a translated article; the brief is not there yet.
    pub run: fn(&Document) -> Vec<Finding>,
}

/// Every check, in the order in which findings on the same sentence are shown.
pub static CHECKS: &[Check] = &[
    completeness::CHECK,
    untranslated::CHECK,
    numbers::CHECK,
    dates::CHECK,
    names::CHECK,
    order::CHECK,
    negation::CHECK,
    quotes::CHECK,
    links::CHECK,
    repetition::CHECK,
    length::CHECK,
    duplicates::CHECK,
    confidence::CHECK,
    retry::CHECK,
];

/// What all checks find, ordered by sentence.
pub fn run(document: &Document) -> Vec<Finding> {
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| (check.run)(document)).collect();
    findings.sort_by_key(|finding| finding.sentence);
    findings
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::article::{Article, Block, Outline, Role};
    use crate::pipeline::{Target, TargetSentence};

    /// A document of one paragraph with these sentences and their translations.
    pub(crate) fn document(pairs: &[(&str, &str)]) -> Document {
        let (mut text, mut target) = (String::new(), Target::default());
        let mut sentences = Vec::new();
        for (source, english) in pairs {
            let (start, begin) = (text.len(), target.text.len());
            text.push_str(source);
            target.text.push_str(english);
            sentences.push(Span::new(start, text.len()));
            let span = Span::new(begin, target.text.len());
            target.sentences.push(TargetSentence { span, ..TargetSentence::default() });
            text.push(' ');
            target.text.push(' ');
        }
        let block = Block { role: Role::Paragraph, span: Span::new(0, text.trim_end().len()), markup: vec![] };
        let outline = Outline { text, blocks: vec![block], ..Outline::default() };
        Document {
            article: Article::new(outline, vec![sentences]).unwrap(),
            targets: vec![Some(target)],
            brief: None,
            findings: vec![],
            translator: Default::default(),
            summarizer: None,
        }
    }

    #[test]
    fn names_are_unique_and_lower_case() {
        let names: std::collections::BTreeSet<_> = CHECKS.iter().map(|check| check.name).collect();
        assert_eq!(names.len(), CHECKS.len());
        for name in names {
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{name}");
        }
    }
}
