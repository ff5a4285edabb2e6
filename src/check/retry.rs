//! Sentences that were translated again, so that a reader knows.

use super::{Check, Finding, Severity};
use crate::pipeline::Document;

pub(super) const CHECK: Check =
    Check { name: "retry", description: "a sentence that was translated again because of an error", run };

fn run(document: &Document) -> Vec<Finding> {
    let found = document.pairs().filter_map(|pair| {
        let retry = pair.sentence.retry.as_ref().filter(|retry| retry.first.is_some())?;
        Some(Finding {
            check: CHECK.name,
            severity: Severity::Info,
            sentence: pair.id,
            message: format!(
                "Translated again because the first translation was found wrong: {}",
                retry.because.join(" ")
            ),
            source: None,
            target: None,
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;
    use crate::pipeline::Retry;

    #[test]
    fn says_why_and_only_where_another_translation_was_taken() {
        let mut document = document(&[("أولى", "First"), ("ثانية", "Second"), ("ثالثة", "Third")]);
        let retry = |first: Option<&str>| {
            Some(Retry { because: vec!["It was empty.".into()], candidates: 8, first: first.map(str::to_owned) })
        };
        let sentences = &mut document.targets[0].as_mut().unwrap().sentences;
        sentences[1].retry = retry(Some(""));
        sentences[2].retry = retry(None);
        let found = run(&document);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].sentence.sentence, found[0].severity), (1, Severity::Info));
        assert!(found[0].message.ends_with("found wrong: It was empty."));
    }
}
