//! Arabic that was left in the English.

use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::pipeline::Document;

pub(super) const CHECK: Check = Check { name: "untranslated", description: "Arabic words left in the English", run };

fn run(document: &Document) -> Vec<Finding> {
    let found = document.pairs().filter_map(|pair| {
        let span = first_arabic(pair.target)?;
        Some(Finding {
            check: CHECK.name,
            severity: Severity::Error,
            sentence: pair.id,
            message: format!("“{}” was left in Arabic.", span.of(pair.target)),
            source: None,
            target: Some(span),
        })
    });
    found.collect()
}

/// The first run of Arabic letters and what stands between them.
fn first_arabic(text: &str) -> Option<Span> {
    let start = text.find(is_arabic)?;
    let rest = &text[start..];
    let foreign = rest.find(|c: char| c.is_alphanumeric() && !is_arabic(c)).unwrap_or(rest.len());
    let length = rest[..foreign].trim_end_matches(|c| !is_arabic(c)).len();
    Some(Span::new(start, start + length))
}

fn is_arabic(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    #[test]
    fn marks_the_words_that_were_left() {
        let document = document(&[
            ("قال الوزير أمس", "The minister said أمس صباحا in Cairo"),
            ("قال الوزير أمس", "The minister said yesterday، he did"),
        ]);
        let found = run(&document);
        assert_eq!(found.len(), 1);
        let target = document.target(found[0].sentence).unwrap();
        assert_eq!(found[0].target.unwrap().of(target), "أمس صباحا");
    }
}
