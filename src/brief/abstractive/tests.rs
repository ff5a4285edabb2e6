//! What becomes of what a model writes, and how long articles are read in parts.

use super::*;
use crate::brief::{Length, Part};
use crate::model::{Directory, Family, Files as _, Manifest};
use crate::progress::Silent;
use crate::{pipeline, read};
use std::path::Path;

fn files(name: &str) -> Directory {
    Directory(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/whole").join(name))
}

fn model() -> Abstractive {
    load("bart")
}

fn load(name: &str) -> Abstractive {
    open_with(name, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn open_with(name: &str, options: &Options) -> Result<Abstractive> {
    let manifest = Manifest::derived(name, None, Family::named("bart").unwrap());
    let opened = Opened { files: Box::new(files(name)), manifest, provenance: Provenance::default() };
    open(opened, &Placement::cpu(), options, &Silent)
}

#[test]
fn what_a_model_cannot_do_is_told_before_it_reads_anything() {
    let error = open_with("bart", &Options { beam: Some(0), ..Options::default() }).err().unwrap();
    assert!(error.to_string().contains("the beam"), "{error}");
}

#[test]
fn a_model_whose_files_name_no_end_token_ends_with_that_of_its_tokenizer() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["config.json", "generation_config.json", "merges.txt", "model.safetensors", "vocab.json"] {
        let mut bytes = files("bart").need(name).unwrap().into_owned();
        if name.ends_with("config.json") {
            let mut config: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            assert!(config.as_object_mut().unwrap().remove("eos_token_id").is_some(), "{name}");
            bytes = config.to_string().into_bytes();
        }
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let whole = load("bart").search;
    let manifest = Manifest::derived("bart", None, Family::named("bart").unwrap());
    let files = Box::new(Directory(folder.path().into()));
    let opened = Opened { files, manifest, provenance: Provenance::default() };
    assert_eq!(open(opened, &Placement::cpu(), &Options::default(), &Silent).unwrap().search, whole);
}

#[test]
fn a_model_of_many_languages_is_told_that_it_reads_english() {
    let model = load("mbart50");
    let tokenizer = &model.tokenizer;
    let (english, arabic) = (tokenizer.encode("", Some("en_XX"), None), tokenizer.encode("", None, None));
    assert_eq!(model.encode("").unwrap(), english.unwrap().ids);
    assert_ne!(model.encode("").unwrap(), arabic.unwrap().ids);
}

#[test]
fn a_summary_is_that_of_transformers() {
    for name in ["bart", "pegasus", "t5"] {
        let bytes = files(name).need("expected.json").unwrap().into_owned();
        let expected: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let (model, text) = (load(name), expected["text"].as_str().unwrap());
        assert_eq!(model.encode(text).unwrap().len() as u64, expected["tokens"].as_u64().unwrap(), "{name}");
        assert_eq!(model.parts(&[vec![text]]).unwrap(), [text], "{name}");
        assert_eq!(model.summary(text, &Silent).unwrap().text, expected["summary"].as_str().unwrap(), "{name}");
    }
}

#[test]
fn a_model_searches_as_its_files_ask_for_summaries() {
    // generation_config.json, config.json of the time before it, and the task in config.json.
    for (name, beams, lengths, penalty, ngram, prefix) in [
        ("bart", 4, (8, 24), 2.0, 3, " "),
        ("pegasus", 8, (6, 24), 0.8, 0, ""),
        ("t5", 4, (8, 24), 2.0, 3, "summarize: "),
    ] {
        let model = load(name);
        let search = &model.search;
        assert_eq!((search.beams, search.min_length, search.max_length), (beams, lengths.0, lengths.1), "{name}");
        assert!((search.length_penalty - penalty).abs() < 1e-6, "{name}");
        assert_eq!((search.no_repeat_ngram, model.prefix.as_str()), (ngram, prefix), "{name}");
    }
}

#[test]
fn a_long_text_is_read_by_sections_of_about_the_same_length_and_nothing_is_cut_off() {
    let model = model();
    let sentence = |i: usize| format!("Sentence number {i} says that the work goes on.");
    let sections: Vec<Vec<String>> = (0..14).map(|i| (0..=i % 4).map(|j| sentence(10 * i + j)).collect()).collect();
    let sections: Vec<Vec<&str>> = sections.iter().map(|s| s.iter().map(String::as_str).collect()).collect();
    let parts = model.parts(&sections).unwrap();
    assert!(parts.len() > 2);
    assert_eq!(parts.join(" "), sections.concat().join(" "));
    let lengths: Vec<usize> = parts.iter().map(|part| model.encode(part).unwrap().len()).collect();
    let limit = model.network.max_source_len();
    assert!(lengths.iter().all(|length| *length <= limit && *length > limit / 3), "{lengths:?} of {limit}");
    let whole: Vec<String> = sections.iter().map(|section| section.join(" ")).collect();
    let starts = |part: &String| whole.iter().any(|section| part.starts_with(section.as_str()));
    assert!(parts.iter().all(starts), "a part begins inside a section: {parts:?}");
    assert_eq!(model.write(sections, &Silent).unwrap().parts[0], parts.len());
}

#[test]
fn a_section_or_a_sentence_that_is_too_long_by_itself_is_cut_where_it_can_be() {
    let model = model();
    let limit = model.network.max_source_len();
    let sentences: Vec<String> = (0..40).map(|i| format!("Line {i} of one long section.")).collect();
    let long = (0..200).map(|i| format!("word{i}")).collect::<Vec<_>>().join(" ");
    let sections = vec![vec!["A headline"], sentences.iter().map(String::as_str).collect(), vec![long.as_str()]];
    let parts = model.parts(&sections).unwrap();
    assert_eq!(parts.join(" "), sections.concat().join(" "));
    for part in &parts {
        assert!(model.encode(part).unwrap().len() <= limit, "{part}");
    }
    assert!(model.parts(&[]).unwrap().is_empty());
}

#[test]
fn the_least_length_never_asks_for_more_than_a_short_article_has() {
    let of = |least: usize| {
        let mut model = model();
        (model.search.min_length, model.search.max_length, model.search.length_penalty) = (least, 128, 0.0);
        model
    };
    let (text, model) = ("Talks begin.", of(100));
    let ids = model.encode(text).unwrap();
    let forced = search(&model.network, &[&ids], &model.search, &Silent).unwrap();
    assert!(forced[0][0].tokens.len() >= 99);
    let summary = model.summary(text, &Silent).unwrap().text;
    assert_eq!(summary, of(ids.len() / 2).summary(text, &Silent).unwrap().text);
    assert_ne!(summary, model.tokenizer.decode(&forced[0][0].tokens).text.replace('\n', " "));
}

#[test]
fn a_least_length_that_the_user_asked_for_is_kept_for_a_short_article_too() {
    let mut model = open_with("bart", &Options { min_length: Some(20), ..Options::default() }).unwrap();
    (model.search.max_length, model.search.length_penalty) = (128, 0.0);
    let text = "Talks begin.";
    assert!(model.encode(text).unwrap().len() < 20);
    let asked = model.summary(text, &Silent).unwrap().tokens;
    model.least_is_asked = false;
    let own = model.summary(text, &Silent).unwrap().tokens;
    assert!(asked >= 20 && own < asked, "{asked} {own}");
}

#[test]
fn a_brief_says_in_how_many_parts_the_article_was_read_and_whether_it_was_read_together() {
    // Each text is summarised as its first bytes; four bytes go into a text.
    let read = |parts: usize, bytes: usize| {
        let summary = |text: &str| Ok(Summary { text: text.chars().take(bytes).collect(), tokens: 1, finished: true });
        let join = |summaries: &[String]| Ok(vec![String::new(); summaries.concat().len().div_ceil(4)]);
        let written = write(vec!["text".into(); parts], &summary, &join).unwrap();
        (written.how(), written.parts)
    };
    assert_eq!(read(0, 1), (String::new(), vec![0]));
    assert_eq!(read(1, 4), (String::new(), vec![1]));
    assert_eq!(read(3, 1), (" in 3 parts, then together".into(), vec![3, 1]));
    assert_eq!(read(3, 4), (" in 3 parts".into(), vec![3]));
    let summary = |text: &str| Ok(Summary { text: text.into(), tokens: 1, finished: true });
    let join = |summaries: &[String]| Ok(vec![String::new(); summaries.len().min(2)]);
    assert_eq!(write(vec![String::new(); 5], &summary, &join).unwrap().how(), " in 5 parts, then in 2");
}

fn stopped(text: &str) -> Written {
    let summary = |_: &str| Ok(Summary { text: text.into(), tokens: 24, finished: false });
    write(vec!["An article.".into()], &summary, &|summaries| Ok(summaries.to_vec())).unwrap()
}

#[test]
fn a_sentence_that_the_greatest_length_cuts_off_is_dropped_and_told() {
    let written = stopped("The two ministers met in Amman on Sunday. They agreed to reopen it after");
    assert_eq!(written.text, "The two ministers met in Amman on Sunday.");
    assert_eq!(written.how(), "; stopped at 24 tokens");
    let verified = written.verify(&article(CROSSING));
    assert_eq!(verified.dropped, ["They agreed to reopen it after"]);
    assert!(verified.claims.iter().all(|claim| claim.findings.is_empty()));
    // Stopped right behind a sentence: all of it is whole.
    let written = stopped("The two ministers met in Amman on Sunday.");
    assert_eq!(written.text, "The two ministers met in Amman on Sunday.");
    assert!(written.unfinished.is_empty() && !written.broken);
}

#[test]
fn a_summary_of_one_sentence_that_is_cut_off_stays_with_a_warning() {
    let written = stopped("The two ministers met in Amman on");
    assert!(written.broken && written.unfinished.is_empty());
    let verified = written.verify(&article(CROSSING));
    assert_eq!(verified.claims[0].text, "The two ministers met in Amman on");
    let warned = |finding: &crate::check::Finding| {
        finding.severity == Severity::Warning && finding.message.contains("was stopped")
    };
    assert!(verified.claims[0].findings.iter().any(warned), "{:?}", verified.claims[0].findings);
}

#[test]
fn a_model_that_reaches_its_greatest_length_says_so() {
    let mut model = model();
    (model.search.eos, model.search.max_length) = (Vec::new(), 6);
    let summary = model.summary("Talks begin in Amman on Sunday.", &Silent).unwrap();
    assert_eq!((summary.finished, summary.tokens), (false, 5));
}

fn article(text: &str) -> pipeline::Document {
    let options = read::Options { expect: Some("en".into()), language: Some("en".into()), ..Default::default() };
    let outline = read::read(text.as_bytes(), "-", &options).unwrap();
    pipeline::Document::untranslated(segment::segment(outline).unwrap())
}

const CROSSING: &str = "Ministers agree on the crossing\n\n\
    The two ministers met in Amman on Sunday. They agreed to reopen it after 15 months.";

#[test]
fn what_a_model_makes_up_is_no_brief() {
    let document = article(CROSSING);
    let brief = load("t5").summarize(&document, Form::default(), &Silent).unwrap();
    assert!(brief.method.contains("3 sentences read"), "{}", brief.method);
    assert!(brief.method.contains("; the article bears out nothing"), "{}", brief.method);
    assert!(!brief.dropped.is_empty());
    assert_eq!(brief.claims, extractive(&document, Form::default()).claims);
}

#[test]
fn a_summary_becomes_a_headline_and_verified_sentences() {
    let document = article(CROSSING);
    let written = "The ministers met in Amman on Sunday. They agreed to reopen it after 16 months. Cats are fine.";
    let brief = |form| brief(&document, "model".into(), form, verify(&document, written));
    let whole = brief(Form::default());
    assert_eq!(
        whole.text(),
        "Ministers agree on the crossing\nThe ministers met in Amman on Sunday. They agreed to reopen it after 15 months."
    );
    let parts: Vec<_> = whole.claims.iter().map(|claim| (claim.part, claim.origin.name())).collect();
    assert_eq!(parts, [(Part::Headline, "article"), (Part::WhatHappened, "as_written"), (Part::KeyPoint, "repaired")]);
    assert_eq!(whole.dropped, ["Cats are fine."]);
    assert!(whole.uncertain[0].text.contains("“16”"), "{:?}", whole.uncertain);
    let line = brief(Form { style: Style::OneLine, ..Form::default() });
    assert_eq!(line.text(), "The ministers met in Amman on Sunday.");
    for length in [Length { sentences: Some(1), words: None }, Length { sentences: None, words: Some(1) }] {
        let parts: Vec<_> = brief(Form::from(length)).claims.iter().map(|claim| claim.part).collect();
        assert_eq!(parts, [Part::Headline, Part::WhatHappened], "the headline does not count");
    }
}
