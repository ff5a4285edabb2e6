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

/// `mujaz eval` as a user meets it.
#[cfg(feature = "cli")]
mod cli {
    use std::path::Path;
    use std::process::Command;

    use serde_json::Value;

    fn eval(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mujaz"));
        command.current_dir(folder).env("HF_HOME", folder.join("hf")).env("MUJAZ_DATA", folder.join("data"));
        command.env("XDG_CONFIG_HOME", folder.join("config")).env_remove("HF_HUB_CACHE");
        let output = command.arg("eval").args(arguments).output().expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().expect("an exit status"), text(output.stdout), text(output.stderr))
    }

    fn write(folder: &Path, name: &str, text: &str) {
        std::fs::write(folder.join(name), text).expect("a file in a temporary folder");
    }

    fn json(folder: &Path, arguments: &[&str]) -> Value {
        let (status, out, err) = eval(folder, &[arguments, &["--json"]].concat());
        assert_eq!(status, 0, "{err}");
        serde_json::from_str(&out).expect("one JSON object")
    }

    fn check<'a>(rates: &'a Value, name: &str) -> &'a Value {
        let rows = rates["checks"].as_array().expect("a row for each check");
        rows.iter().find(|row| row["name"] == name).expect("the check is there")
    }

    const FIRST: &str = "افتتاح الجسر الجديد\n\nأعلنت الوزارة أمس افتتاح الجسر بكلفة 12 مليون دولار.\n";
    const SECOND: &str =
        "وصول الوفد إلى العاصمة\n\nوصل الوفد مساء أمس إلى العاصمة.\n\nوقال الوزير إن المحادثات تبدأ غداً.\n";

    #[test]
    fn articles_of_a_folder_are_checked_one_by_one_and_together() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "one.txt", FIRST);
        write(folder.path(), "two.txt", SECOND);
        write(folder.path(), ".hidden", "");
        let report = json(folder.path(), &[".", "--model", "echo"]);
        let articles = report["articles"].as_array().expect("a row for each article");
        let sentences: Vec<_> = articles.iter().map(|article| article["sentences"].as_u64().unwrap_or(0)).collect();
        assert_eq!((sentences.as_slice(), &report["checks"]["sentences"]), (&[2, 3][..], &5.into()));
        // An echo leaves all of it in Arabic.
        assert_eq!(check(&report["checks"], "untranslated")["error"], 5);
        assert_eq!(check(&articles[1], "untranslated")["error"], 3);
        assert!(report["metrics"].is_null());
        let (_, out, _) = eval(folder.path(), &[".", "--model", "echo"]);
        assert!(out.contains("one.txt: ") && out.contains("untranslated 3"), "{out}");
        assert!(out.lines().any(|line| line.starts_with("untranslated") && line.contains("100.00 %")), "{out}");
    }

    #[test]
    fn a_reference_beside_an_article_is_scored() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "one.ar.txt", FIRST);
        write(folder.path(), "one.en.txt", FIRST);
        write(folder.path(), "two.ar.txt", SECOND);
        write(folder.path(), "two.en.txt", "one line only\n");
        let (status, out, err) = eval(folder.path(), &[".", "--model", "echo", "--json"]);
        assert_eq!(status, 0, "{err}");
        let report: Value = serde_json::from_str(&out).expect("one JSON object");
        assert_eq!(report["pairs"], 2);
        assert!(report["metrics"][0]["score"].as_f64() > Some(99.9), "{report}");
        assert!(err.contains("its lines are 1, the translated paragraphs 3"), "{err}");
    }

    #[test]
    fn an_article_that_cannot_be_read_is_reported_and_passed_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "one.txt", FIRST);
        write(folder.path(), "two.pdf", "%PDF-1.7\n");
        let (status, out, err) = eval(folder.path(), &[".", "--model", "echo"]);
        assert_eq!(status, 2);
        assert!(out.contains("one.txt") && err.contains("two.pdf"), "{out}{err}");
        let empty = tempfile::tempdir().expect("a temporary folder");
        let (status, _, err) = eval(empty.path(), &[".", "--model", "echo"]);
        assert!(status == 2 && err.contains("no article lies in it"), "{err}");
    }

    #[test]
    fn parallel_files_are_scored_and_checked() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "news.ar", "قُتل 12 شخصاً\nوصل الوفد\n");
        write(folder.path(), "ours.en", "13 people were killed\nThe delegation arrived\n");
        write(folder.path(), "ref.en", "12 people were killed\nThe delegation arrived\n");
        let files = ["--hypotheses", "ours.en", "--sources", "news.ar"];
        let report = json(folder.path(), &files);
        assert_eq!(check(&report["checks"], "numbers")["error"], 1);
        assert!(report["metrics"].is_null());
        let report = json(folder.path(), &[&files[..], &["--references", "ref.en", "--baseline", "ref.en"]].concat());
        let bleu = &report["metrics"][0];
        assert!(bleu["baseline"].as_f64() > bleu["score"].as_f64() && bleu["p_value"].is_number(), "{report}");
        assert_eq!((&report["pairs"], &check(&report["checks"], "numbers")["error"]), (&2.into(), &1.into()));
        let report = json(folder.path(), &["--hypotheses", "ours.en", "--references", "ref.en"]);
        assert!(report["checks"].is_null());
    }

    #[test]
    fn pairs_are_translated_scored_and_checked() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "test.tsv", "a\tوصل الوفد\tThe delegation arrived\n\nb\tغادر الوفد\tغادر الوفد\n");
        let report = json(folder.path(), &["test.tsv", "--model", "echo", "--save", "out.txt"]);
        assert_eq!((&report["pairs"], &report["checks"]["sentences"]), (&2.into(), &2.into()));
        let saved = std::fs::read_to_string(folder.path().join("out.txt")).expect("it was asked for");
        assert_eq!(saved, "وصل الوفد\nغادر الوفد\n");
    }

    #[test]
    fn what_is_scored_and_cannot_be_meant_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "right.tsv", "وصل الوفد\tThe delegation arrived\n");
        write(folder.path(), "exchanged.tsv", "The delegation arrived\tوصل الوفد\n");
        write(folder.path(), "ours.en", "The delegation arrived\n");
        let same = ["--hypotheses", "ours.en", "--references", "ours.en", "--baseline", "ours.en"];
        let as_sources = ["--hypotheses", "ours.en", "--sources", "ours.en"];
        for (arguments, told) in [
            (&["right.tsv", "--model", "echo"][..], ""),
            (&["exchanged.tsv", "--model", "echo"], "no source line of exchanged.tsv has Arabic"),
            (&as_sources, "no source line of ours.en has Arabic"),
            (&same, "the same lines"),
        ] {
            let (status, _, err) = eval(folder.path(), arguments);
            assert!(status == 0 && err.contains(told) && (told.is_empty() == err.is_empty()), "{arguments:?}: {err}");
        }
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "two.txt", "a\nb\n");
        write(folder.path(), "three.txt", "a\nb\nc\n");
        write(folder.path(), "bad.tsv", "no tab here\n");
        write(folder.path(), "blank.tsv", " \tenglish\n");
        for (arguments, expected) in [
            (&["--hypotheses", "two.txt", "--references", "three.txt"][..], "3 lines"),
            (&["--hypotheses", "two.txt", "--sources", "three.txt"], "3 lines"),
            (&["--hypotheses", "two.txt"], "--references"),
            (&["bad.tsv", "--model", "echo"], "no tab"),
            (&["blank.tsv", "--model", "echo"], "blank"),
            (&["bad.tsv", ".", "--model", "echo"], "bad.tsv"),
            (&["nowhere.tsv", "--model", "echo"], "nowhere.tsv"),
        ] {
            let (status, out, err) = eval(folder.path(), arguments);
            assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
            assert!(err.contains(expected), "{arguments:?}: {err}");
        }
    }
}
