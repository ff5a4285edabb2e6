//! Whether anything of a sentence came out, and whether its end did.

use super::{Check, Finding, Severity};
use crate::pipeline::Document;

pub(super) const CHECK: Check =
    Check { name: "completeness", description: "a sentence without a translation, or one whose end is missing", run };

fn run(document: &Document) -> Vec<Finding> {
    let finding = |severity, sentence, message: &str| Finding {
        check: CHECK.name,
        severity,
        sentence,
        message: message.into(),
        source: None,
        target: None,
    };
    document
        .pairs()
        .filter_map(|pair| {
            if pair.target.is_empty() {
                Some(finding(Severity::Error, pair.id, "Nothing came out of the translation of this sentence."))
            } else if pair.sentence.cut {
                let message = "The translation was stopped at the greatest length allowed; its end is missing.";
                Some(finding(Severity::Error, pair.id, message))
            } else {
                None
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    #[test]
    fn flags_what_is_empty_or_cut_and_nothing_else() {
        let mut document = document(&[("أولى", "First"), ("ثانية", ""), ("ثالثة", "third")]);
        document.targets[0].as_mut().unwrap().sentences[2].cut = true;
        let found: Vec<_> = run(&document).iter().map(|f| (f.sentence.to_string(), f.severity)).collect();
        assert_eq!(found, [("s1.2".to_owned(), Severity::Error), ("s1.3".to_owned(), Severity::Error)]);
    }
}
