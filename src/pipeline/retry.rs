//! Sentences in which a check found an error, translated once more.

use super::{Document, Draft, Retry, targets, translated_sentences};
use crate::article::SentenceId;
use crate::check::{self, Severity};
use crate::error::Result;
use crate::progress::Progress;
use crate::translate::{Translation, Translator};

/// A sentence with an error, and what else it could be in English.
struct Case {
    id: SentenceId,
    /// Which of the translations of its draft it is.
    index: usize,
    because: Vec<String>,
    candidates: Vec<Translation>,
    /// The candidate that is best; none if that is the first translation.
    best: Option<usize>,
}

/// Asks for other translations of the sentences with errors, all together, and keeps of each the best one.
pub(super) fn retry(drafts: &mut [Draft], translator: &dyn Translator, progress: &dyn Progress) -> Result<()> {
    let mut cases: Vec<Vec<Case>> = drafts.iter().map(cases).collect();
    let wrong = drafts.iter().zip(&cases).flat_map(|(draft, cases)| {
        let source = |case: &Case| draft.document.source(case.id).unwrap_or_default();
        cases.iter().map(source).collect::<Vec<_>>()
    });
    let wrong: Vec<&str> = wrong.collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let found = translator.retry(&wrong, progress)?;
    for (case, candidates) in cases.iter_mut().flatten().zip(found) {
        case.candidates = candidates;
    }
    for (draft, cases) in drafts.iter_mut().zip(cases) {
        choose(draft, cases);
    }
    Ok(())
}

/// The sentences of a draft in which a check found an error.
fn cases(draft: &Draft) -> Vec<Case> {
    let findings = &draft.document.findings;
    let case = |(index, (id, _)): (usize, (SentenceId, &str))| {
        let errors = findings.iter().filter(|finding| finding.sentence == id && finding.severity == Severity::Error);
        let because: Vec<String> = errors.map(|finding| finding.message.clone()).collect();
        (!because.is_empty()).then_some(Case { id, index, because, candidates: Vec::new(), best: None })
    };
    translated_sentences(&draft.document.article).enumerate().filter_map(case).collect()
}

/// Puts the best translation of each case in its place.
///
/// Each candidate is judged by what the checks find in its sentence alone: what a neighbour becomes meanwhile is not its
/// fault.
fn choose(draft: &mut Draft, mut cases: Vec<Case>) {
    if cases.iter().all(|case| case.candidates.is_empty()) {
        return;
    }
    for case in cases.iter_mut().filter(|case| !case.candidates.is_empty()) {
        let (Some(mut alone), Some(first)) = (draft.document.alone(case.id), draft.translations.get(case.index)) else {
            continue;
        };
        let first = Quality::new(&alone, first);
        let mut best = first;
        for (rank, candidate) in case.candidates.iter().enumerate() {
            alone.targets = targets(&alone.article, [candidate.clone()]);
            let quality = Quality::new(&alone, candidate);
            // Nothing at all has few errors, and is worth less than something with many.
            let takes_errors_away = quality.errors < first.errors && !candidate.text.is_empty();
            if takes_errors_away && quality.is_better_than(&best) {
                (best, case.best) = (quality, Some(rank));
            }
        }
    }
    let chosen = cases.iter().map(|case| (case.index, case.best.and_then(|rank| case.candidates.get(rank))));
    draft.document.targets = targets(&draft.document.article, with(&draft.translations, chosen));
    for case in cases {
        let first = case.best.map(|_| draft.translations[case.index].text.clone());
        let target = draft.document.targets[case.id.section].as_mut();
        if let Some(sentence) = target.and_then(|target| target.sentences.get_mut(case.id.sentence)) {
            sentence.retry = Some(Retry { because: case.because, candidates: case.candidates.len(), first });
        }
    }
    draft.document.findings = check::run(&draft.document);
}

/// The translations with some of them replaced.
fn with<'a>(
    translations: &[Translation],
    others: impl Iterator<Item = (usize, Option<&'a Translation>)>,
) -> Vec<Translation> {
    let mut all = translations.to_vec();
    for (index, other) in others {
        if let Some(other) = other {
            all[index] = other.clone();
        }
    }
    all
}

/// How good a translation is: fewer errors first, then fewer warnings, then the likelier one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Quality {
    errors: usize,
    warnings: usize,
    score: f32,
}

impl Quality {
    /// Of a document of one sentence, which has this translation.
    fn new(alone: &Document, translation: &Translation) -> Self {
        let findings = check::run(alone);
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            score: translation.score.unwrap_or(f32::NEG_INFINITY),
        }
    }

    fn is_better_than(&self, other: &Self) -> bool {
        let order = |quality: &Self| (quality.errors, quality.warnings);
        order(self) < order(other) || (order(self) == order(other) && self.score > other.score)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Block, Outline, Role, Span};
    use crate::pipeline::translate;
    use crate::progress::Silent;
    use crate::translate::Provenance;
    use std::sync::Mutex;

    /// Leaves a word of every second sentence in Arabic, and knows better when it is asked again.
    #[derive(Default)]
    struct Forgetful {
        asked: Mutex<Vec<String>>,
        others: Vec<(&'static str, f32)>,
    }

    impl Translator for Forgetful {
        fn translate(&self, sentences: &[&str], _: &dyn Progress) -> Result<Vec<Translation>> {
            let first = |sentence: &&str| {
                let text =
                    if sentence.contains("معبر") { "The معبر is open" } else { "The delegation has arrived" };
                Translation { text: text.into(), score: Some(-0.5), ..Translation::default() }
            };
            Ok(sentences.iter().map(first).collect())
        }

        fn retry(&self, sentences: &[&str], _: &dyn Progress) -> Result<Vec<Vec<Translation>>> {
            self.asked.lock().unwrap().extend(sentences.iter().map(|&sentence| sentence.to_owned()));
            let other = |&(text, score): &(&str, f32)| Translation {
                text: text.into(),
                score: Some(score),
                ..Translation::default()
            };
            Ok(sentences.iter().map(|_| self.others.iter().map(other).collect()).collect())
        }

        fn provenance(&self) -> Provenance {
            Provenance::default()
        }
    }

    fn article(sentences: &[&str]) -> crate::article::Article {
        let text = sentences.join(" ");
        let mut at = 0;
        let span = |sentence: &&str| {
            let span = Span::new(at, at + sentence.len());
            at = span.end + 1;
            span
        };
        let spans = sentences.iter().map(span).collect();
        let block = Block { role: Role::Paragraph, span: Span::new(0, text.len()), markup: vec![] };
        crate::article::Article::new(Outline { text, blocks: vec![block], ..Outline::default() }, vec![spans]).unwrap()
    }

    fn run(translator: &Forgetful, articles: &[&[&str]]) -> Vec<Document> {
        translate(articles.iter().map(|sentences| article(sentences)).collect(), translator, &Silent).unwrap()
    }

    const ARRIVED: &str = "وصل الوفد.";
    const OPEN: &str = "المعبر مفتوح.";

    #[test]
    fn the_candidate_with_the_fewest_errors_is_kept_and_recorded() {
        let others = vec![("The معبر opens", -0.1), ("", -0.1), ("The crossing is open", -0.9), ("A crossing", -1.5)];
        let translator = Forgetful { others, ..Forgetful::default() };
        let document = run(&translator, &[&[ARRIVED, OPEN]]).remove(0);
        assert_eq!(*translator.asked.lock().unwrap(), [OPEN], "only what is wrong");
        let target = document.targets[0].as_ref().unwrap();
        assert_eq!(target.text, "The delegation has arrived The crossing is open");
        assert_eq!(target.sentences[0].retry, None);
        let retry = target.sentences[1].retry.as_ref().unwrap();
        assert_eq!((retry.candidates, retry.first.as_deref()), (4, Some("The معبر is open")));
        assert_eq!(retry.because, ["“معبر” was left in Arabic."]);
        let found: Vec<_> = document.findings.iter().map(|f| (f.check, f.severity)).collect();
        assert_eq!(found, [("retry", Severity::Info)]);
    }

    #[test]
    fn the_first_translation_stays_where_no_other_is_better() {
        let translator = Forgetful { others: vec![("معبر", -0.9), ("", -0.2)], ..Forgetful::default() };
        let document = run(&translator, &[&[OPEN]]).remove(0);
        assert_eq!(document.targets[0].as_ref().unwrap().text, "The معبر is open");
        let retry = document.targets[0].as_ref().unwrap().sentences[0].retry.clone().unwrap();
        assert_eq!((retry.candidates, retry.first), (2, None));
        assert_eq!(document.findings.iter().map(|f| f.check).collect::<Vec<_>>(), ["untranslated"]);
    }

    #[test]
    fn all_articles_are_asked_for_together_and_each_gets_what_it_gets_alone() {
        let translator = Forgetful { others: vec![("The crossing is open", -0.9)], ..Forgetful::default() };
        let articles: [&[&str]; 3] = [&[OPEN, ARRIVED], &[ARRIVED], &[ARRIVED, OPEN, OPEN]];
        let together = run(&translator, &articles);
        assert_eq!(translator.asked.lock().unwrap().len(), 3);
        for (document, article) in together.iter().zip(articles) {
            assert_eq!(*document, run(&translator, &[article])[0]);
        }
    }

    #[test]
    fn a_translator_without_others_changes_nothing() {
        let translator = Forgetful::default();
        let document = run(&translator, &[&[OPEN]]).remove(0);
        assert_eq!(document.targets[0].as_ref().unwrap().sentences[0].retry, None);
        assert_eq!(document.findings.len(), 1);
    }
}
