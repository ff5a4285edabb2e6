//! Arabic that was left in the English.

use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::pipeline::Document;
use crate::segment::addresses;

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

/// The runs of Arabic letters, each with what stands between them. What belongs to a link has to stay as it is.
fn runs(text: &str) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut at = 0;
    for link in links(text) {
        runs_before(text, (at, link.start), &mut runs);
        at = at.max(link.end);
    }
    runs_before(text, (at, text.len()), &mut runs);
    runs
}

fn runs_before(text: &str, (mut at, end): (usize, usize), runs: &mut Vec<Span>) {
    while let Some(run) = text.get(at..end).and_then(first_arabic) {
        runs.push(run.shift(at));
        at += run.end;
    }
}

/// The links of a text up to the next space: their paths may have Arabic letters.
fn links(text: &str) -> impl Iterator<Item = Span> {
    let links = addresses(text).into_iter().filter(|link| link.of(text).contains('/'));
    links.map(|link| {
        let rest = &text[link.end..];
        Span::new(link.start, link.end + rest.find(char::is_whitespace).unwrap_or(rest.len()))
    })
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
    fn links_may_have_arabic_letters() {
        let source = "انظر https://ar.example.org/wiki/القاهرة وt.me/القاهرة و(example.org/أ/ب)";
        let english = "See https://ar.example.org/wiki/القاهرة and t.me/القاهرة and (example.org/أ/ب) أمس";
        let found = run(&document(&[(source, english)]));
        let marked: Vec<_> = found.iter().map(|f| f.target.unwrap().of(english)).collect();
        assert_eq!(marked, ["أمس"]);
    }

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
