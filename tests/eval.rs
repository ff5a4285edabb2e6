//! The metrics against sacrebleu and rouge-score, to the digit; see tests/golden/eval.

use mujaz::eval::{METRICS, Metric, bootstrap, counts, rouge, score};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    metrics: std::collections::BTreeMap<String, ExpectedMetric>,
    rouge: Vec<[[f64; 3]; 4]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedMetric {
    signature: String,
    one: f64,
    two: f64,
    mean: f64,
    half_width: f64,
    p_value: f64,
    two_mean: f64,
    two_half_width: f64,
    sentences: Vec<f64>,
}

fn expected() -> Expected {
    serde_json::from_str(include_str!("golden/eval/expected.json")).expect("written by make.py")
}

/// References, first hypotheses, second hypotheses.
fn pairs() -> [Vec<&'static str>; 3] {
    let rows = include_str!("golden/eval/pairs.tsv").lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let rows: Vec<_> = rows.collect();
    std::array::from_fn(|column| rows.iter().map(|row| row[column]).collect())
}

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() < tolerance, "{what}: {found} is not {expected}");
}

fn each(check: impl Fn(&Metric, &ExpectedMetric)) {
    let expected = expected();
    assert_eq!(expected.metrics.len(), METRICS.len());
    METRICS.iter().for_each(|metric| check(metric, &expected.metrics[metric.name]));
}

#[test]
fn corpus_scores_are_those_of_sacrebleu() {
    let [references, one, two] = pairs();
    each(|metric, expected| {
        close(score(metric, &counts(metric, &one, &references)), expected.one, 1e-9, metric.name);
        close(score(metric, &counts(metric, &two, &references)), expected.two, 1e-9, metric.name);
        assert!(expected.signature.starts_with(metric.signature), "{}", expected.signature);
    });
}

#[test]
fn sentence_scores_are_those_of_sacrebleu() {
    let [references, one, _] = pairs();
    each(|metric, expected| {
        for (index, counts) in counts(metric, &one, &references).into_iter().enumerate() {
            close(score(metric, &[counts]), expected.sentences[index], 1e-9, &format!("{} {index}", metric.name));
        }
    });
}

#[test]
fn resampling_is_that_of_sacrebleu() {
    let [references, one, two] = pairs();
    each(|metric, expected| {
        // sacrebleu resamples in single precision.
        let (one, two) = (counts(metric, &one, &references), counts(metric, &two, &references));
        let interval = bootstrap::interval(metric, &one);
        close(interval.mean, expected.mean, 1e-3, metric.name);
        close(interval.half_width, expected.half_width, 1e-3, metric.name);
        let comparison = bootstrap::compare(metric, &one, &two);
        close(comparison.p_value, expected.p_value, 1e-9, metric.name);
        close(comparison.interval.mean, expected.two_mean, 1e-3, metric.name);
        close(comparison.interval.half_width, expected.two_half_width, 1e-3, metric.name);
    });
}

#[test]
fn rouge_is_that_of_rouge_score() {
    let [references, one, _] = pairs();
    let lines = |text: &str| text.replace(". ", ".\n");
    for ((reference, hypothesis), expected) in references.iter().zip(&one).zip(&expected().rouge) {
        for (found, expected) in rouge::rouge(&lines(hypothesis), &lines(reference)).iter().zip(expected) {
            close(found.precision, expected[0], 1e-9, hypothesis);
            close(found.recall, expected[1], 1e-9, hypothesis);
            close(found.f1, expected[2], 1e-9, hypothesis);
        }
    }
}
