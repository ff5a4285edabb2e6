//! Glossaries and the ledger of names, as a user meets them.
#![cfg(feature = "cli")]

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const ARTICLE: &str = "اجتماع في العاصمة\n\n\
    قالت وزارة الخارجية إن الوفد وصل، وشكر للجيش دوره. وأضافت الوزارة أن بوتين سيزور بغداد غداً.\n";

/// The program with no models pulled, no matter whose machine this is.
fn mujaz(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mujaz"));
    command.current_dir(folder).env("HF_HOME", folder.join("hf")).env("MUJAZ_DATA", folder.join("data"));
    command.env("XDG_CONFIG_HOME", folder.join("config")).env_remove("HF_HUB_CACHE").stdin(Stdio::null());
    let output = command.args(arguments).output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit status"), text(output.stdout), text(output.stderr))
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in [("article.txt", ARTICLE)].iter().chain(files) {
        std::fs::write(folder.path().join(name), text).expect("a file in a temporary folder");
    }
    folder
}

/// The sentences of what is printed as JSON.
fn sentences(out: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(out).expect("JSON");
    let sections = document["sections"].as_array().expect("sections");
    sections.iter().flat_map(|section| section["sentences"].as_array().expect("sentences").clone()).collect()
}

fn slice(text: &Value, start: &Value, end: &Value) -> String {
    let at = |value: &Value| value.as_u64().expect("an offset") as usize;
    text.as_str().expect("a text").chars().skip(at(start)).take(at(end) - at(start)).collect()
}

#[test]
fn a_glossary_of_any_format_is_applied_and_every_application_told() {
    let folder = folder(&[
        ("terms.tsv", "# ours\nوزارة الخارجية\tForeign Office\nجيش\tarmy\n"),
        ("terms.csv", "ar,en\n\"وزارة الخارجية\",\"Foreign Office\"\nجيش,army\n"),
        (
            "terms.tbx",
            "<tbx xmlns=\"urn:iso:std:iso:30042:ed-2\"><text><body>\
             <conceptEntry><langSec xml:lang=\"ar\"><termSec><term>وزارة الخارجية</term></termSec></langSec>\
             <langSec xml:lang=\"en\"><termSec><term>Foreign Office</term></termSec></langSec></conceptEntry>\
             <conceptEntry><langSec xml:lang=\"ar\"><termSec><term>الجيش</term></termSec></langSec>\
             <langSec xml:lang=\"en-GB\"><termSec><term>army</term></termSec></langSec></conceptEntry></body></text></tbx>",
        ),
    ]);
    for name in ["terms.tsv", "terms.csv", "terms.tbx"] {
        let arguments = ["translate", "--model", "echo", "--format", "json", "--glossary", name, "article.txt"];
        let (status, out, err) = mujaz(folder.path(), &arguments);
        assert_eq!(status, 0, "{err}");
        let sentence = &sentences(&out)[1];
        let english = sentence["target"]["text"].as_str().expect("a text");
        assert!(
            english.starts_with("قالت Foreign Office إن") && english.contains("وشكر army دوره"),
            "{name}: {english}"
        );
        let findings = sentence["findings"].as_array().expect("findings").iter();
        let told: Vec<_> = findings.filter(|finding| finding["check"] == "glossary").collect();
        let marked: Vec<String> =
            told.iter().map(|f| slice(&sentence["target"]["text"], &f["target"][0], &f["target"][1])).collect();
        assert_eq!(marked.len(), 2, "{told:?}");
        assert!(marked.contains(&"Foreign Office".to_owned()) && marked.contains(&"army".to_owned()), "{marked:?}");
        // The words were found by their links alone.
        assert!(told.iter().all(|finding| finding["severity"] == "warning"), "{told:?}");
        let links = sentence["alignment"].as_array().expect("links").iter().map(|link| {
            (
                slice(&sentence["source"]["text"], &link[0], &link[1]),
                slice(&sentence["target"]["text"], &link[2], &link[3]),
            )
        });
        let links: Vec<_> = links.collect();
        assert!(links.contains(&("للجيش".to_owned(), "army".to_owned())), "{links:?}");
        assert!(links.contains(&("دوره".to_owned(), "دوره".to_owned())), "{links:?}");
    }
}

#[test]
fn the_first_glossary_wins() {
    let folder = folder(&[("one.tsv", "جيش\tarmy\n"), ("two.tsv", "جيش\tmilitary\nوفد\tdelegation\n")]);
    let arguments = ["translate", "--model", "echo", "--glossary", "one.tsv", "--glossary", "two.tsv", "article.txt"];
    let (status, out, err) = mujaz(folder.path(), &arguments);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("army") && out.contains("delegation") && !out.contains("military"), "{out}");
}

#[test]
fn what_is_no_glossary_is_named_with_its_line_before_any_work() {
    let folder = folder(&[
        ("bad.tsv", "جيش\tarmy\nوزارة\n"),
        ("bad.csv", "جيش,\"army\n"),
        ("bad.tbx", "جيش\tarmy\n"),
        ("empty.tsv", "# nothing\n"),
    ]);
    for (name, problem) in [
        ("bad.tsv", "line 2"),
        ("bad.csv", "line 1"),
        ("bad.tbx", "XML"),
        ("empty.tsv", "no term"),
        ("missing.tsv", "cannot read"),
    ] {
        let arguments = ["brief", "--model", "echo", "--glossary", name, "article.txt", "-o", "out.txt"];
        let (status, _, err) = mujaz(folder.path(), &arguments);
        assert_eq!(status, 2, "{name}");
        assert!(err.contains(name) && err.contains(problem) && err.contains("hint: "), "{name}: {err}");
        assert!(!folder.path().join("out.txt").exists(), "{name}");
    }
}

/// A name with its English beside it, which the translator that gives back what it gets leaves there.
const KAZAKH: &str = "اجتماع في آسيا\n\nوصل الوفد إلى كازاخستان (Kazakhstan) أمس للمشاركة في الاجتماع.\n";

#[test]
fn names_are_rendered_as_the_ledger_has_them_and_it_is_left_alone_if_there_are_no_new_ones() {
    let text = "# mine\r\nكازاخستان\tQazaqstan";
    let folder = folder(&[("names.tsv", text), ("kazakh.txt", KAZAKH)]);
    let arguments = ["translate", "--model", "echo", "--ledger", "names.tsv", "kazakh.txt"];
    let (status, out, err) = mujaz(folder.path(), &arguments);
    assert_eq!(status, 0, "{err}");
    assert!(out.contains("كازاخستان (Qazaqstan) أمس"), "{out}");
    assert_eq!(std::fs::read_to_string(folder.path().join("names.tsv")).expect("it is there"), text);
    std::fs::write(folder.path().join("bad.tsv"), "بوتين\n").expect("a file");
    let arguments = ["translate", "--model", "echo", "--ledger", "bad.tsv", "article.txt"];
    let (status, _, err) = mujaz(folder.path(), &arguments);
    assert!(status == 2 && err.contains("bad.tsv") && err.contains("line 1"), "{err}");
    for ledger in ["bad.tsv", "nowhere/names.tsv"] {
        let arguments = ["translate", "--model", "echo", "--ledger", ledger, "not-there.txt"];
        let (status, _, err) = mujaz(folder.path(), &arguments);
        assert!(status == 2 && err.contains(ledger) && !err.contains("not-there"), "before the article is read: {err}");
    }
}

#[test]
fn new_names_are_added_to_the_ledger_and_a_failed_call_adds_none() {
    let folder = folder(&[("kazakh.txt", KAZAKH)]);
    let failing = ["translate", "--model", "nothing", "--ledger", "names.tsv", "kazakh.txt"];
    assert_eq!(mujaz(folder.path(), &failing).0, 2);
    assert!(!folder.path().join("names.tsv").exists());
    let arguments = ["translate", "--model", "echo", "--ledger", "names.tsv", "article.txt", "kazakh.txt"];
    for _ in 0..2 {
        let (status, _, err) = mujaz(folder.path(), &arguments);
        assert_eq!(status, 0, "{err}");
        let ledger = std::fs::read_to_string(folder.path().join("names.tsv")).expect("it was made");
        assert!(ledger.starts_with('#') && ledger.ends_with("\nكازاخستان\tKazakhstan\n"), "{ledger}");
    }
}
