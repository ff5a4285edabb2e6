//! The JSON document as a strict consumer sees it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod documents;

use std::collections::BTreeMap;

use mujaz::pipeline::Document;
use mujaz::render::{Format, Options, schema};
use serde::Deserialize;
use serde_json::Value;

// A member that is not named here fails the tests: it must be documented in the schema and added.

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    schema: String,
    article: ArticleRecord,
    sections: Vec<Section>,
    brief: Option<Brief>,
    findings: Counts,
    provenance: Provenance,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleRecord {
    source: String,
    language: String,
    text: String,
    title: Option<String>,
    published: Option<String>,
    notices: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    id: String,
    role: mujaz::article::Role,
    translated: bool,
    source: SectionSource,
    target: Option<SectionTarget>,
    sentences: Vec<Sentence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionSource {
    text: String,
    start: usize,
    end: usize,
    markup: Vec<Markup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionTarget {
    text: String,
    markup: Vec<Markup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Markup {
    kind: String,
    href: Option<String>,
    start: usize,
    end: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    id: String,
    source: Piece,
    target: Option<Piece>,
    score: Option<f64>,
    alignment: Vec<[usize; 4]>,
    findings: Vec<Finding>,
    retry: Option<Retry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retry {
    because: Vec<String>,
    candidates: usize,
    first: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    text: String,
    start: usize,
    end: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    check: String,
    severity: String,
    sentence: String,
    message: String,
    source: Option<[usize; 2]>,
    target: Option<[usize; 2]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Brief {
    method: String,
    style: String,
    text: String,
    claims: Vec<Claim>,
    numbers: Vec<Fact>,
    names: Vec<Fact>,
    uncertain: Vec<Doubt>,
    dropped: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    sentence: String,
    source: Piece,
    target: Option<Piece>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Doubt {
    text: String,
    evidence: Vec<String>,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    text: String,
    start: usize,
    end: usize,
    part: String,
    continues: bool,
    origin: String,
    original: Option<String>,
    evidence: Vec<String>,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    error: usize,
    warning: usize,
    info: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Provenance {
    mujaz: String,
    translator: Option<Model>,
    summarizer: Option<Model>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    name: String,
    repository: Option<String>,
    revision: Option<String>,
    files: BTreeMap<String, String>,
    license: Option<String>,
    device: String,
    precision: String,
    beam: usize,
    demonstration: bool,
}

fn print(document: &Document) -> String {
    (Format::from_name("json").unwrap().render)(document, &Options::default())
}

fn read(document: &Document) -> Record {
    serde_json::from_str(&print(document)).unwrap()
}

/// As Python's `text[start:end]`.
fn slice(text: &str, start: usize, end: usize) -> String {
    assert!(start <= end && end <= text.chars().count(), "{start}..{end} of {text:?}");
    text.chars().skip(start).take(end - start).collect()
}

/// Forbids members that the schema does not name, so that none can be left out of it.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.contains_key("properties") && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".into(), false.into());
            }
            map.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn is_described_by_its_schema_to_the_last_member() {
    let open: Value = serde_json::from_str(schema()).unwrap();
    assert!(jsonschema::meta::is_valid(&open));
    let mut closed = open.clone();
    close(&mut closed);
    for schema in [open, closed] {
        let validator = jsonschema::validator_for(&schema).unwrap();
        for (name, document) in documents::all() {
            let record: Value = serde_json::from_str(&print(&document)).unwrap();
            let errors: Vec<String> =
                validator.iter_errors(&record).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
        let mut wrong: Value = serde_json::from_str(&print(&documents::news())).unwrap();
        wrong["brief"]["claims"][0]["evidence"] = Value::Array(vec![]);
        assert!(!validator.is_valid(&wrong), "a claim without evidence");
    }
}

#[test]
fn every_offset_slices_what_it_says() {
    for (name, document) in documents::all() {
        let record = read(&document);
        let article = &record.article.text;
        assert_eq!(article, document.article.text());
        for section in &record.sections {
            let source = &section.source;
            assert_eq!(slice(article, source.start, source.end), source.text, "{name} {}", section.id);
            assert_eq!(section.translated, section.target.is_some());
            for sentence in &section.sentences {
                let Piece { text, start, end } = &sentence.source;
                assert_eq!(&slice(article, *start, *end), text, "{name} {}", sentence.id);
                assert_eq!(sentence.target.is_some(), section.target.is_some());
                if let (Some(piece), Some(target)) = (&sentence.target, &section.target) {
                    assert_eq!(slice(&target.text, piece.start, piece.end), piece.text, "{name} {}", sentence.id);
                }
            }
        }
        if let Some(brief) = &record.brief {
            for claim in &brief.claims {
                assert_eq!(slice(&brief.text, claim.start, claim.end), claim.text, "{name}");
            }
            for fact in brief.numbers.iter().chain(&brief.names) {
                let sentences = record.sections.iter().flat_map(|section| &section.sentences);
                let sentence = sentences.clone().find(|sentence| sentence.id == fact.sentence).unwrap();
                let source = &fact.source;
                assert_eq!(slice(&sentence.source.text, source.start, source.end), source.text, "{name}");
                if let Some(piece) = &fact.target {
                    let target = &sentence.target.as_ref().unwrap().text;
                    assert_eq!(slice(target, piece.start, piece.end), piece.text, "{name}");
                }
            }
        }
    }
}

#[test]
fn links_markup_and_findings_point_at_their_words() {
    let record = read(&documents::news());
    let sentence = |section: usize, index: usize| &record.sections[section - 1].sentences[index - 1];
    let words = |section, index| {
        let Sentence { source, target, alignment, .. } = sentence(section, index);
        let target = target.as_ref().unwrap();
        alignment.iter().map(|&[a, b, c, d]| (slice(&source.text, a, b), slice(&target.text, c, d))).collect::<Vec<_>>()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(words(1, 1)[..3], [pair("الأردن", "Jordan"), pair("ومصر", "and"), pair("ومصر", "Egypt")]);
    assert!(words(6, 1).contains(&pair("بميناء", "port")));

    let linked = &record.sections[10];
    let [source, target] = [&linked.source.markup[0], &linked.target.as_ref().unwrap().markup[0]];
    assert_eq!(
        (source.kind.as_str(), source.href.as_deref()),
        ("link", Some("https://example.org/reports?id=7&lang=ar"))
    );
    assert_eq!(slice(&linked.source.text, source.start, source.end), "تقرير");
    assert_eq!(slice(&linked.target.as_ref().unwrap().text, target.start, target.end), "report");

    let Sentence { source, target, findings, score, .. } = sentence(6, 2);
    let finding = &findings[0];
    assert_eq!((finding.check.as_str(), finding.severity.as_str()), ("numbers", "error"));
    assert_eq!(finding.sentence, "s6.2");
    assert_eq!(finding.message, "The source says 96; the English says 69.");
    assert_eq!(finding.source.map(|[a, b]| slice(&source.text, a, b)).as_deref(), Some("96 مليون"));
    let [a, b] = finding.target.unwrap();
    assert_eq!(slice(&target.as_ref().unwrap().text, a, b), "$69 million");
    assert_eq!(*score, Some(-1.25));
}

#[test]
fn a_sentence_that_was_translated_again_keeps_its_first_translation() {
    let record = read(&documents::gaps());
    let sentences = &record.sections[0].sentences;
    let Retry { because, candidates, first } = sentences[2].retry.as_ref().unwrap();
    assert_eq!(because, &["“جملة” was left in Arabic."]);
    assert_eq!((*candidates, first.as_deref()), (8, Some("A third جملة 😀.")));
    assert_eq!(sentences[1].retry.as_ref().unwrap().first, None, "nothing better was found");
    assert!(sentences[0].retry.is_none());
}

#[test]
fn says_what_it_is_and_where_it_comes_from() {
    let text = print(&documents::news());
    assert!(text.ends_with("}\n") && text.trim_end().lines().count() == 1, "one object a line");
    let record = read(&documents::news());
    assert_eq!(record.schema, "mujaz/1");
    assert_eq!(record.article.source, "ferry.html");
    assert_eq!(record.article.language, "ar");
    assert_eq!(record.article.title.as_deref(), Some("الأردن ومصر يتفقان على توسيع خط العبّارات"));
    assert_eq!(record.article.published.as_deref(), Some("2026-10-12T14:05:00+03:00"));
    assert_eq!(record.article.notices, ["The encoding was guessed: windows-1256."]);
    let Counts { error, warning, info } = record.findings;
    assert_eq!((error, warning, info), (1, 1, 1));
    let roles: Vec<_> = record.sections.iter().map(|section| section.role).collect();
    assert_eq!(roles.len(), 18);
    assert!(mujaz::article::Role::ALL.iter().all(|role| roles.contains(role)));
    assert!(record.sections.last().unwrap().target.is_none());

    assert_eq!(record.provenance.mujaz, env!("CARGO_PKG_VERSION"));
    let model = record.provenance.translator.unwrap();
    assert!(model.demonstration);
    assert_eq!((model.name.as_str(), model.device.as_str(), model.precision.as_str()), ("demo-ar-en", "cpu", "f32"));
    assert_eq!((model.beam, model.license.as_deref()), (4, Some("CC-BY-4.0")));
    assert_eq!((model.repository, model.revision), (None, None));
    assert_eq!(model.files.keys().collect::<Vec<_>>(), ["config.json", "model.safetensors"]);
    assert!(record.provenance.summarizer.is_none());
}

#[test]
fn claims_keep_their_evidence_and_its_findings() {
    let brief = read(&documents::news()).brief.unwrap();
    assert_eq!(brief.method, "extractive");
    let evidence: Vec<_> = brief.claims.iter().map(|claim| claim.evidence.join(" ")).collect();
    assert_eq!(evidence, ["s1.1", "s2.1", "s6.1", "s9.1", "s15.1", "s13.1 s15.1"]);
    assert_eq!(brief.claims[4].findings[0].check, "confidence");
    let parts: Vec<_> = brief.claims.iter().map(|claim| claim.part.as_str()).collect();
    assert_eq!(parts, ["headline", "what_happened", "key_point", "key_point", "key_point", "key_point"]);
    assert!(brief.claims[..5].iter().all(|claim| claim.origin == "article" && claim.original.is_none()));
    let last = &brief.claims[5];
    assert_eq!((last.origin.as_str(), last.continues), ("repaired", false));
    assert_eq!(
        last.original.as_deref(),
        Some("Egypt has set no date, although both countries want the berth by mid-2072.")
    );
    assert_eq!((brief.style.as_str(), &brief.dropped[..]), ("bullets", &["The minister resigned.".to_owned()][..]));
    let doubt = &brief.uncertain[0];
    assert_eq!(doubt.text, "The model was unsure of this sentence.");
    assert_eq!((&doubt.evidence[..], doubt.findings.len()), (&["s15.1".to_owned()][..], 1));
    assert!(brief.text.starts_with("Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line\nThe two countries'"));
    assert!(brief.text.contains(" a year. Jordan's"));
}

#[test]
fn numbers_and_names_stand_beside_their_arabic() {
    let brief = read(&documents::news()).brief.unwrap();
    let pairs = |facts: &[Fact]| -> Vec<(String, Option<String>)> {
        facts.iter().map(|f| (f.source.text.clone(), f.target.as_ref().map(|target| target.text.clone()))).collect()
    };
    let pair = |source: &str, target: &str| (source.to_owned(), Some(target.to_owned()));
    let numbers = pairs(&brief.numbers);
    for expected in [pair("1.4 مليون", "1.4 million"), pair("20%", "20%")] {
        assert!(numbers.contains(&expected), "{expected:?} in {numbers:?}");
    }
    let names = pairs(&brief.names);
    for expected in [pair("الأردن", "Jordan"), pair("سامر القضاة", "Samer al-Qudah")] {
        assert!(names.contains(&expected), "{expected:?} in {names:?}");
    }
}

#[test]
fn nothing_translated_means_no_translator() {
    let record = read(&documents::english());
    assert!(record.provenance.translator.is_none());
    assert!(record.sections.iter().all(|section| !section.translated && section.target.is_none()));
    assert_eq!(record.brief.unwrap().claims[1].evidence, ["s2.1"]);
}
