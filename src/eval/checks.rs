//! How often each check finds something: in articles that were translated, and in parallel text.

use crate::article::{Article, Block, Outline, Role, Span};
use crate::check::{CHECKS, Severity};
use crate::error::Result;
use crate::pipeline::{Document, Target, TargetSentence};

/// How many of some sentences a check flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Name of the check.
    pub check: &'static str,
    /// Sentences by the worst that the check finds in them: info, warning, error.
    pub worst: [usize; 3],
}

/// How many sentences the checks flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rates {
    /// Sentences that were looked at.
    pub sentences: usize,
    /// Sentences by the worst that any check finds in them: info, warning, error.
    pub worst: [usize; 3],
    /// The same for each check, in the order of [`CHECKS`].
    pub checks: Vec<Rate>,
}

impl Rates {
    /// The rates of the translated sentences of these documents together; `document.findings` are what counts.
    pub fn of<'a>(documents: impl IntoIterator<Item = &'a Document>) -> Self {
        let checks = CHECKS.iter().map(|check| Rate { check: check.name, worst: [0; 3] }).collect();
        let mut rates = Self { sentences: 0, worst: [0; 3], checks };
        for document in documents {
            rates.add(document);
        }
        rates
    }

    fn add(&mut self, document: &Document) {
        for pair in document.pairs() {
            self.sentences += 1;
            let here = || document.findings.iter().filter(|finding| finding.sentence == pair.id);
            count(&mut self.worst, here().map(|finding| finding.severity).max());
            for rate in &mut self.checks {
                let found = here().filter(|finding| finding.check == rate.check);
                count(&mut rate.worst, found.map(|finding| finding.severity).max());
            }
        }
    }
}

fn count(worst: &mut [usize; 3], severity: Option<Severity>) {
    let Some(severity) = severity else { return };
    worst[match severity {
        Severity::Info => 0,
        Severity::Warning => 1,
        Severity::Error => 2,
    }] += 1;
}

/// An article whose sections are these sentences; a blank one is left out.
///
/// # Errors
/// None that these sentences can cause.
pub fn article<S: AsRef<str>>(source: &str, sentences: &[S]) -> Result<Article> {
    let (mut text, mut spans) = (String::new(), Vec::new());
    for sentence in sentences.iter().map(|sentence| sentence.as_ref().trim()).filter(|sentence| !sentence.is_empty()) {
        let start = text.len();
        text.push_str(sentence);
        spans.push(Span::new(start, text.len()));
        text.push('\n');
    }
    let blocks = spans.iter().map(|&span| Block { role: Role::Paragraph, span, markup: Vec::new() }).collect();
    let outline = Outline { source: source.into(), text, language: "ar".into(), blocks, ..Outline::default() };
    Article::new(outline, spans.into_iter().map(|span| vec![span]).collect())
}

/// Sentences beside translations that are there already, as a document with its findings; a pair whose source is blank
/// is left out.
///
/// # Errors
/// None that these sentences can cause.
pub fn parallel<S: AsRef<str>, T: AsRef<str>>(source: &str, sentences: &[S], translations: &[T]) -> Result<Document> {
    let mut document = Document::untranslated(article(source, sentences)?);
    let pairs = sentences.iter().zip(translations).filter(|(sentence, _)| !sentence.as_ref().trim().is_empty());
    let targets = pairs.map(|(_, translation)| {
        let text = translation.as_ref().trim().to_owned();
        let sentence = TargetSentence { span: Span::new(0, text.len()), ..TargetSentence::default() };
        Some(Target { text, sentences: vec![sentence], markup: Vec::new() })
    });
    document.targets = targets.collect();
    document.findings = crate::check::run(&document);
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_counts_once_for_a_check_with_its_worst() {
        let sources = ["قُتل 12 شخصاً وجُرح 30", "وصل الوفد مساء أمس إلى العاصمة", "", "غادر الوفد"];
        let english = ["People were killed", "The delegation reached the capital last night", "nothing", ""];
        let document = parallel("test", &sources, &english).unwrap();
        let rates = Rates::of([&document]);
        let of = |name| rates.checks.iter().find(|rate| rate.check == name).unwrap().worst;
        assert_eq!((rates.sentences, rates.worst), (3, [0, 0, 2]));
        assert_eq!((of("numbers"), of("completeness"), of("dates")), ([0, 0, 1], [0, 0, 1], [0, 0, 0]));
    }
}
