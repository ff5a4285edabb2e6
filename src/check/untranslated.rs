//! Arabic that was left in the English.

use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::pipeline::Document;

pub(super) const CHECK: Check = Check { name: "untranslated", description: "Arabic words left in the English", run };

fn run(document: &Document) -> Vec<Finding> {
    let found = document.pairs().flat_map(|pair| {
        runs(pair.target).into_iter().map(move |span| {
            let left = span.of(pair.target);
            Finding {
                check: CHECK.name,
                severity: Severity::Error,
                sentence: pair.id,
                message: format!("“{left}” was left in Arabic."),
                source: pair.source.find(left).map(|start| Span::new(start, start + left.len())),
                target: Some(span),
            }
        })
    });
    found.collect()
}

/// The runs of Arabic letters, each with what stands between them.
fn runs(text: &str) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(run) = first_arabic(&text[at..]) {
        runs.push(run.shift(at));
        at += run.end;
    }
    runs
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
            ("قال الوزير أمس صباحا في القاهرة", "The minister said أمس صباحا in القاهره"),
            ("قال الوزير أمس", "The minister said yesterday، he did"),
        ]);
        let found = run(&document);
        let id = found[0].sentence;
        let marked: Vec<_> = found.iter().map(|f| f.target.unwrap().of(document.target(id).unwrap())).collect();
        assert_eq!(marked, ["أمس صباحا", "القاهره"]);
        assert_eq!(found[0].source.unwrap().of(document.source(id).unwrap()), "أمس صباحا");
        assert_eq!(found[1].source, None);
    }
}
