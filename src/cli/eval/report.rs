//! What was measured, as one JSON object and as tables made from it.

use mujaz::eval::checks::Rates;
use mujaz::eval::{self, METRICS, bootstrap, rouge};
use serde_json::{Value, json};

use super::corpus::Corpus;

pub(super) fn report(corpus: &Corpus) -> Value {
    let mut report = json!({});
    if let Some(references) = &corpus.references {
        report["pairs"] = references.len().into();
        report["metrics"] = metrics(corpus, references);
        report["rouge"] = rouges(&corpus.hypotheses, references);
    }
    if !corpus.documents.is_empty() {
        report["checks"] = rates(&Rates::of(&corpus.documents));
    }
    if corpus.articles {
        let articles = corpus.documents.iter().map(|document| {
            let mut article = rates(&Rates::of([document]));
            article["source"] = document.article.source().into();
            article
        });
        report["articles"] = articles.collect();
    }
    report
}

fn metrics(corpus: &Corpus, references: &[String]) -> Value {
    let metrics = METRICS.iter().map(|metric| {
        let counts = eval::counts(metric, &corpus.hypotheses, references);
        let interval = bootstrap::interval(metric, &counts);
        let mut row = json!({
            "name": metric.name,
            "score": eval::score(metric, &counts),
            "interval": interval.half_width,
            "signature": format!("{}|version:mujaz-{}", metric.signature, env!("CARGO_PKG_VERSION")),
        });
        if let Some(baseline) = &corpus.baseline {
            let base = eval::counts(metric, baseline, references);
            row["baseline"] = eval::score(metric, &base).into();
            row["p_value"] = bootstrap::compare(metric, &base, &counts).p_value.into();
        }
        row
    });
    metrics.collect()
}

fn rouges(hypotheses: &[String], references: &[String]) -> Value {
    let scores: Vec<_> = hypotheses.iter().zip(references).map(|(h, r)| rouge::rouge(h, r)).collect();
    let rows = rouge::KINDS.iter().zip(rouge::mean(&scores)).map(|(name, mean)| {
        json!({"name": name, "precision": 100.0 * mean.precision, "recall": 100.0 * mean.recall, "f1": 100.0 * mean.f1})
    });
    rows.collect()
}

/// Sentences, and how many of them are flagged, by the worst that is found in them.
fn rates(rates: &Rates) -> Value {
    let row = |[info, warning, error]: [usize; 3]| json!({"error": error, "warning": warning, "info": info});
    let checks = rates.checks.iter().map(|rate| {
        let mut row = row(rate.worst);
        row["name"] = rate.check.into();
        row
    });
    json!({"sentences": rates.sentences, "any": row(rates.worst), "checks": checks.collect::<Vec<_>>()})
}

pub(super) fn tables(report: &Value) -> String {
    let mut text = String::new();
    if !report["pairs"].is_null() {
        text += &scores(report);
    }
    if !report["articles"].is_null() {
        text += if text.is_empty() { "" } else { "\n" };
        text += &articles(report);
    }
    if !report["checks"].is_null() {
        text += if text.is_empty() { "" } else { "\n" };
        text += &checks(&report["checks"]);
    }
    text
}

fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn name(row: &Value) -> &str {
    row["name"].as_str().unwrap_or_default()
}

fn scores(report: &Value) -> String {
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let mut text = format!("{} pairs\n", report["pairs"]);
    for row in rows(&report["metrics"]) {
        text += &format!("{:<10} {:6.2} ± {:.2}", name(row), number(&row["score"]), number(&row["interval"]));
        if !row["baseline"].is_null() {
            text += &format!("   baseline {:.2}, p = {:.3}", number(&row["baseline"]), number(&row["p_value"]));
        }
        text += &format!("   {}\n", row["signature"].as_str().unwrap_or_default());
    }
    for row in rows(&report["rouge"]) {
        let [p, r, f] = ["precision", "recall", "f1"].map(|key| number(&row[key]));
        text += &format!("{:<10} {f:6.2}   precision {p:.2}, recall {r:.2}\n", name(row));
    }
    text
}

/// The share of sentences in which each check finds an error, a warning at worst, a piece of information at worst.
fn checks(checks: &Value) -> String {
    let sentences = checks["sentences"].as_f64().unwrap_or_default();
    let mut text =
        format!("{:<14} {:>9} {:>9} {:>9}   of {sentences} sentences\n", "flagged by", "error", "warning", "info");
    let mut line = |name: &str, row: &Value| {
        let [error, warning, info] = ["error", "warning", "info"].map(|key| {
            let share = 100.0 * row[key].as_f64().unwrap_or_default() / sentences.max(1.0);
            format!("{share:.2} %")
        });
        text += &format!("{name:<14} {error:>9} {warning:>9} {info:>9}\n");
    };
    for row in rows(&checks["checks"]) {
        line(name(row), row);
    }
    line("any check", &checks["any"]);
    text
}

/// A line for each article: its sentences, how many are flagged, and by which checks.
fn articles(report: &Value) -> String {
    let count = |row: &Value, key: &str| row[key].as_u64().unwrap_or_default();
    let mut text = format!("{:>9} {:>7} {:>8} {:>5}   article\n", "sentences", "errors", "warnings", "info");
    for article in rows(&report["articles"]) {
        let [error, warning, info] = ["error", "warning", "info"].map(|key| count(&article["any"], key));
        let source = article["source"].as_str().unwrap_or_default();
        let sentences = count(article, "sentences");
        text += &format!("{sentences:>9} {error:>7} {warning:>8} {info:>5}   {source}");
        let found = rows(&article["checks"]).map(|row| (name(row), count(row, "error") + count(row, "warning")));
        let found: Vec<_> =
            found.filter(|(_, times)| *times > 0).map(|(name, times)| format!("{name} {times}")).collect();
        text += &if found.is_empty() { "\n".to_owned() } else { format!(": {}\n", found.join(", ")) };
    }
    text
}
