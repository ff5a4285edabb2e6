//! One rendering for each name of an article.

use super::replace::{Edit, replace};
use crate::check::{Finding, Severity};
use crate::names;
use crate::pipeline::Document;

/// Renders every name as it is mostly rendered in the article.
pub(super) fn unify(document: &mut Document, findings: &mut Vec<Finding>) {
    // From the end, so that an edit does not move what is still to be edited.
    for odd in names::odd_ones(document).into_iter().rev() {
        let Some(before) = document.target(odd.sentence).and_then(|english| odd.target.get(english)) else { continue };
        let message =
            format!("“{before}” was made “{}”, as the name is rendered elsewhere ({}).", odd.usual, odd.seen_in);
        let edit = Edit { span: odd.target, text: odd.usual, source: odd.source };
        if !replace(document, odd.sentence, &edit, findings) {
            continue;
        }
        findings.push(Finding {
            check: "names",
            severity: Severity::Info,
            sentence: odd.sentence,
            message,
            source: Some(odd.source),
            target: Some(edit.new_span()),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    #[test]
    fn two_odd_names_of_one_sentence_are_both_made_usual() {
        let mut document = document(&[
            ("التقى زيلينسكي نظيره الروسي فلاديمير بوتين", "Zelenskyy met his Russian counterpart Vladimir Putin"),
            ("وقال زيلينسكي لبوتين إن الاتفاق جاهز", "Zilinsky told Poutine that the agreement was ready"),
            ("وشكر بوتين زيلينسكي", "Putin thanked Zelenskyy"),
        ]);
        let mut findings = Vec::new();
        unify(&mut document, &mut findings);
        let id = findings[0].sentence;
        assert_eq!(document.target(id), Some("Zelenskyy told Putin that the agreement was ready"));
        let marked: Vec<_> = findings.iter().map(|f| f.target.unwrap().of(document.target(id).unwrap())).collect();
        assert_eq!(marked, ["Putin", "Zelenskyy"]);
        assert!(findings[1].message.contains("“Zilinsky” was made “Zelenskyy”"), "{}", findings[1].message);
        unify(&mut document, &mut findings);
        assert_eq!(findings.len(), 2, "there is nothing left to do");
    }
}
