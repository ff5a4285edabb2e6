//! Different sentences with one and the same translation.

use std::collections::BTreeMap;

use super::{Check, Finding, Severity};
use crate::pipeline::{Document, Pair};
use crate::segment::fold;

pub(super) const CHECK: Check =
    Check { name: "duplicates", description: "different sentences with the same translation", run };

/// Shorter sentences may well mean the same.
const SHORTEST: usize = 4;

fn run(document: &Document) -> Vec<Finding> {
    let mut first: BTreeMap<&str, Pair> = BTreeMap::new();
    let mut findings = Vec::new();
    for pair in document.pairs().filter(|pair| pair.target.split_whitespace().count() >= SHORTEST) {
        let before = *first.entry(pair.target).or_insert(pair);
        if fold(before.source) != fold(pair.source) {
            findings.push(Finding {
                check: CHECK.name,
                severity: Severity::Warning,
                sentence: pair.id,
                message: format!("This is word for word the translation of {}, which says something else.", before.id),
                source: None,
                target: None,
            });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    #[test]
    fn sources_that_differ_in_spelling_only_are_the_same() {
        let english = "President Ibrahim met the delegation";
        let document = document(&[
            ("التقى الرئيس إبراهيم الوفد", english),
            ("التقى الرئيس ابراهيم الوفد", english),
            ("غادر الوفد مساء أمس", english),
            ("نعم", "Yes"),
            ("أجل", "Yes"),
        ]);
        let found: Vec<_> = run(&document).iter().map(|finding| finding.sentence.sentence).collect();
        assert_eq!(found, [2]);
    }
}
