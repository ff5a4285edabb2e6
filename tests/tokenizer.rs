//! Tokenizers against the golden values of `tests/golden/tokenizer`, which its scripts take from the reference
//! implementations; and against hostile input.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use mujaz::article::Span;
use mujaz::tokenizer::sentencepiece::SentencePiece;
use proptest::prelude::*;
use serde_json::Value;

fn golden(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tokenizer").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
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
        let mut last = Span::new(0, 0);
        for piece in model.encode(&text).iter() {
            prop_assert!(piece.span.start <= piece.span.end && piece.span.end <= text.len());
            prop_assert!(text.is_char_boundary(piece.span.start) && text.is_char_boundary(piece.span.end));
            prop_assert!(last.start <= piece.span.start && last.end <= piece.span.end);
            last = piece.span;
        }
    }
}
