//! Sentences that the model itself was unsure of.
//!
//! The length-normalised log-probability of a translation is the best simple sign of one that is detached from its source
//! (Guerreiro, Voita and Martins, "Looking for a Needle in a Haystack", EACL 2023).

use super::{Check, Finding, Severity};
use crate::pipeline::{Document, Pair};

pub(super) const CHECK: Check =
    Check { name: "confidence", description: "a sentence that the model was unsure of", run };

/// Below this mean log-probability a sentence is hardly ever right, whatever the model: of a weak model's sentences, 2.5 %
/// lie below, and share 20 % of their letters with a human translation where the others share 30 %.
const LEAST: f32 = -1.8;
/// Above this no sentence is doubtful, however sure the model was of the others.
const SURE: f32 = -0.8;
/// Standard deviations below the mean of the article.
const DEVIATIONS: f32 = 1.5;
/// Sentences that an article must have to say what is usual in it.
const SENTENCES: usize = 8;

fn run(document: &Document) -> Vec<Finding> {
    let scored: Vec<(Pair, f32)> = document
        .pairs()
        .filter_map(|pair| Some((pair, pair.sentence.score.filter(|score| score.is_finite())?)))
        .collect();
    let count = scored.len().max(1) as f32;
    let mean = scored.iter().map(|(_, score)| score).sum::<f32>() / count;
    let deviation = (scored.iter().map(|(_, score)| (score - mean).powi(2)).sum::<f32>() / count).sqrt();
    let unusual = if scored.len() < SENTENCES { f32::NEG_INFINITY } else { (mean - DEVIATIONS * deviation).min(SURE) };
    let percent = |score: f32| 100.0 * score.exp();
    let found = scored.iter().filter_map(|(pair, score)| {
        let (severity, article) = if *score < LEAST {
            (Severity::Warning, String::new())
        } else if *score < unusual {
            (Severity::Info, format!(", {:.0} % in the whole article", percent(mean)))
        } else {
            return None;
        };
        let words = percent(*score);
        let message =
            format!("The model was unsure of this sentence: it gave its words {words:.0} % on average{article}.");
        Some(Finding { check: CHECK.name, severity, sentence: pair.id, message, source: None, target: None })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    fn found(scores: &[f32]) -> Vec<(usize, Severity)> {
        let mut document = document(&vec![("جملة", "A sentence"); scores.len()]);
        for (sentence, score) in document.targets[0].as_mut().unwrap().sentences.iter_mut().zip(scores) {
            sentence.score = Some(*score);
        }
        run(&document).iter().map(|finding| (finding.sentence.sentence, finding.severity)).collect()
    }

    #[test]
    fn the_least_probable_sentences_of_an_article_are_told() {
        let usual = [-0.5, -0.6, -0.4, -0.5, -0.7, -0.5, -0.6];
        assert_eq!(found(&[&usual[..], &[-1.2]].concat()), [(7, Severity::Info)]);
        assert_eq!(found(&[&usual[..], &[-0.75]].concat()), []);
        assert_eq!(found(&[-0.5, -1.5]), [], "two sentences do not say what is usual");
    }

    #[test]
    fn what_is_hardly_probable_is_told_whatever_the_others_are() {
        assert_eq!(found(&[-2.5]), [(0, Severity::Warning)]);
        assert_eq!(found(&[f32::NEG_INFINITY, f32::NAN]), []);
        assert_eq!(run(&document(&[("جملة", "A sentence")])), []);
    }
}
