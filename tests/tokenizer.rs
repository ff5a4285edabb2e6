//! Tokenizers against the golden values of `tests/golden/tokenizer`, which its scripts take from the reference
//! implementations; and against hostile input.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use mujaz::article::Span;
use mujaz::model::Directory;
use mujaz::tokenizer::Tokenizer;
use mujaz::tokenizer::sentencepiece::SentencePiece;
use proptest::prelude::*;
use serde_json::Value;

fn golden(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tokenizer").join(name)
}

fn demo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/demo-ar-en").join(name)
}

fn ids(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as u32).collect()
}

fn spans(value: &Value) -> Vec<Span> {
    value.as_array().unwrap().iter().map(ids).map(|s| Span::new(s[0] as usize, s[1] as usize)).collect()
}

#[test]
fn sentencepiece_gives_the_pieces_spans_and_text_of_the_reference() {
    let golden = golden("demo.jsonl");
    assert!(golden.len() > 500);
    for side in ["source", "target"] {
        let model = SentencePiece::parse(&std::fs::read(demo(&format!("{side}.spm"))).unwrap()).unwrap();
        for row in &golden {
            let (text, want) = (row["text"].as_str().unwrap(), &row[side]);
            let pieces = model.encode(text);
            let got: Vec<u32> = pieces.iter().map(|piece| piece.id).collect();
            assert_eq!(got, ids(&want["ids"]), "{side}: {text:?}");
            assert_eq!(model.decode(&got).text, want["decoded"], "{side}: {text:?}");
            if side == "source" {
                assert_eq!(pieces.iter().map(|p| p.span).collect::<Vec<_>>(), spans(&want["spans"]), "{text:?}");
            }
        }
    }
}

/// What holds of the spans of tokens: in order, within the text, on character boundaries.
fn assert_in_order(spans: &[Span], text: &str) {
    for span in spans {
        assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    }
    for pair in spans.windows(2) {
        assert!(pair[0].start <= pair[1].start && pair[0].end <= pair[1].end, "{pair:?} in {text:?}");
    }
}

/// The switches of SentencePiece that the families leave alone.
#[test]
fn every_kind_of_sentencepiece_model_is_followed() {
    for name in ["unigram-bytes", "unigram-symbols", "unigram-suffix", "unigram-spaces", "bpe-bytes", "bpe-symbols"] {
        let model = SentencePiece::parse(&std::fs::read(folder(&format!("pieces/{name}.model"))).unwrap()).unwrap();
        for row in golden(&format!("pieces/{name}.jsonl")) {
            let text = row["text"].as_str().unwrap();
            let pieces = model.encode(text);
            let got: Vec<u32> = pieces.iter().map(|piece| piece.id).collect();
            assert_eq!(got, ids(&row["ids"]), "{name}: {text:?}");
            assert_eq!(pieces.iter().map(|p| p.span).collect::<Vec<_>>(), spans(&row["spans"]), "{name}: {text:?}");
            assert_eq!(model.decode(&got).text, row["decoded"], "{name}: {text:?}");
        }
    }
}

/// A folder of each family, in the layout of its repositories, with its languages where it has a choice.
const FAMILIES: &[(&str, usize)] = &[
    ("marian-many", 3),
    ("marian-separate", 1),
    ("m2m100", 100),
    ("nllb", 202),
    ("nllb-json", 202),
    ("mbart50", 52),
    ("mbart", 25),
    ("t5", 0),
    ("madlad", 5),
    ("pegasus", 0),
    ("bart", 0),
    ("bart-json", 0),
];

#[test]
fn every_family_has_the_ids_and_the_text_of_its_reference() {
    for &(name, languages) in FAMILIES {
        let tokenizer = Tokenizer::load(&Directory(folder(name))).unwrap();
        let mut golden = golden(&format!("{name}/expected.jsonl")).into_iter();
        let special = golden.next().unwrap();
        assert_eq!(tokenizer.eos(), special["eos"], "{name}");
        assert_eq!(
            serde_json::json!([tokenizer.pad(), tokenizer.unk()]),
            serde_json::json!([special["pad"], special["unk"]])
        );
        assert_eq!(serde_json::json!(tokenizer.forced_bos(None).unwrap()), special["forced_bos"], "{name}");
        assert_eq!(tokenizer.target_languages().len(), languages, "{name}");
        for row in golden {
            let text = row["text"].as_str().unwrap();
            let encoding = tokenizer.encode(text, None, None).unwrap();
            assert_eq!(encoding.ids, ids(&row["ids"]), "{name}: {text:?}");
            assert!(encoding.ids.iter().all(|&id| (id as usize) < tokenizer.vocab_size()), "{name}: {text:?}");
            assert_eq!(encoding.spans.len(), encoding.ids.len());
            assert_in_order(&encoding.spans, text);
            let decoding = tokenizer.decode(&encoding.ids);
            assert_eq!(decoding.text, row["decoded"], "{name}: {text:?}");
            assert_eq!(decoding.spans.len(), encoding.ids.len());
            assert_in_order(&decoding.spans, &decoding.text);
        }
    }
}

#[test]
fn the_demonstration_model_has_the_ids_and_text_of_marian_tokenizer() {
    let tokenizer = Tokenizer::load(&Directory(demo(""))).unwrap();
    assert_eq!((tokenizer.eos(), tokenizer.unk(), tokenizer.pad()), (0, Some(1), Some(17375)));
    assert_eq!(tokenizer.vocab_size(), 17376);
    for row in golden("demo.jsonl") {
        let (text, want) = (row["text"].as_str().unwrap(), &row["marian"]);
        let encoding = tokenizer.encode(text, None, None).unwrap();
        assert_eq!(encoding.ids, ids(&want["ids"]), "{text:?}");
        assert_eq!(encoding.spans.len(), encoding.ids.len());
        assert_in_order(&encoding.spans, text);
        let decoding = tokenizer.decode(&encoding.ids);
        assert_eq!(decoding.text, want["decoded"], "{text:?}");
        assert_eq!(decoding.spans.len(), encoding.ids.len());
        assert_in_order(&decoding.spans, &decoding.text);
    }
}

#[test]
fn a_pair_that_the_model_lacks_is_an_error_that_says_what_it_has() {
    let tokenizer = Tokenizer::load(&Directory(demo(""))).unwrap();
    assert_eq!((tokenizer.source_languages(), tokenizer.target_languages()), (vec!["ar"], vec!["en"]));
    assert!(tokenizer.encode("نص", Some("ar"), Some("en")).is_ok());
    assert_eq!(tokenizer.forced_bos(Some("en")).unwrap(), None);
    let error = tokenizer.encode("نص", None, Some("fr")).unwrap_err().to_string();
    assert!(
        error.contains("--target-lang") && error.contains("\"fr\"") && error.contains("translates to en"),
        "{error}"
    );
    let error = tokenizer.encode("نص", Some("fa"), None).unwrap_err().to_string();
    assert!(error.contains("--source-lang") && error.contains("translates from ar"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_damaged_model_is_refused_or_works(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in prop::option::of(any::<prop::sample::Index>()),
        text in "\\PC{0,40}",
    ) {
        let mut bytes = std::fs::read(demo("target.spm")).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(model) = SentencePiece::parse(&bytes) {
            let pieces: Vec<u32> = model.encode(&text).iter().map(|piece| piece.id).collect();
            model.decode(&pieces);
        }
    }

    #[test]
    fn spans_are_in_order_and_in_range(text in any::<String>()) {
        let model = SentencePiece::parse(&std::fs::read(demo("target.spm")).unwrap()).unwrap();
        assert_in_order(&model.encode(&text).iter().map(|piece| piece.span).collect::<Vec<_>>(), &text);
    }
}
