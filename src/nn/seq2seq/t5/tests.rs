//! The T5 family against transformers, on small models with random weights in the layout of the real ones.

use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;
use crate::model::Directory;
use crate::nn::device::Device;
use crate::nn::generation::GenerationConfig;
use crate::nn::search::{Decode as _, Options, search};
use crate::nn::seq2seq::Pair;
use crate::progress::Silent;

const MODELS: [&str; 4] = ["t5", "flan-t5", "mt5", "madlad"];

/// What `tests/golden/t5/make.py` writes.
#[derive(Deserialize)]
struct Golden {
    sources: Vec<Vec<u32>>,
    /// With the start token.
    targets: Vec<Vec<u32>>,
    /// How far the scores of transformers in bf16 are off, for each source.
    bf16_errors: Vec<f32>,
    greedy: Vec<Vec<u32>>,
    beam: Vec<Vec<u32>>,
}

fn folder(model: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/t5").join(model)
}

fn golden(model: &str) -> Golden {
    serde_json::from_slice(&std::fs::read(folder(model).join("golden.json")).unwrap()).unwrap()
}

/// The scores that transformers has for each target. `[target, vocab]`
fn logits(model: &str, targets: usize) -> Vec<Vec<f32>> {
    let bytes = std::fs::read(folder(model).join("logits.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let values = |i: usize| {
        let tensor = file.tensor(&i.to_string()).unwrap();
        tensor.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    };
    (0..targets).map(values).collect()
}

fn open(model: &str, placement: &Placement) -> Seq2Seq {
    Seq2Seq::load(&Directory(folder(model)), placement).unwrap()
}

/// The scores of each step when the decoder is fed these targets; rows leave the batch as their targets end.
fn step_through(model: &Seq2Seq, sources: &[&[u32]], targets: &[&[u32]]) -> Vec<Vec<f32>> {
    let mut state = model.start(sources).unwrap();
    let mut rows: Vec<_> = (0..sources.len()).collect();
    let mut all = vec![Vec::new(); sources.len()];
    for step in 0.. {
        let stay: Vec<_> = (0..rows.len()).filter(|i| step < targets[rows[*i]].len()).collect();
        if stay.is_empty() {
            break;
        }
        model.reorder(&mut state, &stay).unwrap();
        rows = stay.iter().map(|i| rows[*i]).collect();
        let tokens: Vec<_> = rows.iter().map(|row| targets[*row][step]).collect();
        let scores = model.step(&mut state, &tokens).unwrap();
        scores.chunks(model.vocab_size()).zip(&rows).for_each(|(scores, row)| all[*row].extend(scores));
    }
    all
}

fn slices(rows: &[Vec<u32>]) -> Vec<&[u32]> {
    rows.iter().map(Vec::as_slice).collect()
}

fn greatest_difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).fold(0.0, |greatest, (a, b)| (a - b).abs().max(greatest))
}

#[test]
fn scores_are_those_of_transformers_also_through_candle() {
    for name in MODELS {
        let Golden { sources, targets, .. } = golden(name);
        for placement in [Placement::cpu(), Placement::plain()] {
            let found = step_through(&open(name, &placement), &slices(&sources), &slices(&targets));
            for (found, expected) in found.iter().zip(logits(name, targets.len())) {
                let difference = greatest_difference(found, &expected);
                assert!(difference < 1e-4, "{name}: {difference}");
            }
        }
    }
}

#[test]
fn a_row_is_the_same_to_the_last_bit_alone_and_in_a_batch() {
    for name in MODELS {
        let Golden { sources, targets, .. } = golden(name);
        let (sources, targets) = (slices(&sources), slices(&targets));
        let model = open(name, &Placement::cpu());
        let together = step_through(&model, &sources, &targets);
        for (row, together) in together.iter().enumerate() {
            assert!(step_through(&model, &sources[row..=row], &targets[row..=row])[0] == *together, "{name} {row}");
        }
    }
}

#[test]
fn tokens_that_follow_each_other_in_one_step_give_what_they_give_one_by_one() {
    for name in MODELS {
        for placement in [Placement::cpu(), Placement::plain()] {
            crate::nn::seq2seq::tests::follow(name, &open(name, &placement));
        }
    }
}

/// Candle's own operations in a precision, as accelerators compute.
fn plain(precision: Precision) -> Placement {
    let mut placement = Placement::plain();
    placement.precision = precision;
    placement
}

#[test]
fn half_precision_is_as_near_as_that_of_transformers_and_f16_is_refused_where_it_overflows() {
    for name in MODELS {
        let Golden { sources, targets, bf16_errors, .. } = golden(name);
        let expected_error = bf16_errors.into_iter().fold(0.0, f32::max);
        for placement in [Placement::new(Device::Cpu, Precision::Bf16).unwrap(), plain(Precision::Bf16)] {
            let found = step_through(&open(name, &placement), &slices(&sources), &slices(&targets));
            for (found, expected) in found.iter().zip(logits(name, targets.len())) {
                let difference = greatest_difference(found, &expected);
                assert!(difference < 3.0 * expected_error, "{name}: {difference}");
            }
        }
    }
    let Err(error) = Seq2Seq::load(&Directory(folder("t5")), &plain(Precision::F16)) else {
        panic!("f16 was not refused")
    };
    assert!(error.to_string().contains("bf16"), "{error}");
}

#[test]
fn searches_find_what_transformers_finds() {
    for name in MODELS {
        let golden = golden(name);
        let generation = GenerationConfig::read(&Directory(folder(name)), None).unwrap();
        for (beams, expected) in [(1, &golden.greedy), (4, &golden.beam)] {
            let model = open(name, &Placement::cpu());
            let options = Options::new(&generation, model.max_target_len()).unwrap();
            let options = Options { beams, max_length: 25, no_repeat_ngram: 3, ..options };
            let found = search(&model, &slices(&golden.sources), &options, &Silent).unwrap();
            for (found, expected) in found.iter().zip(expected) {
                assert_eq!(found[0].tokens, expected[1..], "{name}, {beams} beams");
            }
        }
    }
}

#[test]
fn one_pass_agrees_with_the_steps() {
    for name in MODELS {
        let Golden { sources, targets, .. } = golden(name);
        let pairs: Vec<_> = sources.iter().zip(&targets).map(|(source, target)| Pair { source, target }).collect();
        for placement in [Placement::cpu(), Placement::plain()] {
            let model = open(name, &placement);
            let forced = model.force(&pairs, None).unwrap();
            for (pair, forced) in pairs.iter().zip(forced) {
                let input: Vec<_> = [0].iter().chain(pair.target).copied().collect();
                let scores = &step_through(&model, &[pair.source], &[&input])[0];
                for ((scores, next), log_prob) in scores.chunks(61).zip(pair.target).zip(forced.log_probs) {
                    let sum: f32 = scores.iter().map(|score| score.exp()).sum();
                    let expected = scores[*next as usize] - sum.ln();
                    assert!((log_prob - expected).abs() < 1e-4, "{name}: {log_prob} {expected}");
                }
            }
        }
    }
}

/// A copy of the small Flan-T5 with some fields of its configuration changed.
fn changed(changes: &[(&str, Value)]) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in ["model.safetensors", "generation_config.json"] {
        std::fs::copy(folder("flan-t5").join(file), copy.path().join(file)).unwrap();
    }
    let mut config: Value =
        serde_json::from_slice(&std::fs::read(folder("flan-t5").join("config.json")).unwrap()).unwrap();
    changes.iter().for_each(|(name, value)| config[name] = value.clone());
    std::fs::write(copy.path().join("config.json"), config.to_string()).unwrap();
    copy
}

#[test]
fn a_model_that_is_not_as_its_configuration_says_is_refused_by_name() {
    let block = "encoder.block.0.layer.1.DenseReluDense";
    for (name, value, told) in [
        ("feed_forward_proj", json!("gated-mish"), "feed_forward_proj"),
        ("feed_forward_proj", json!("relu"), &*format!("{block}.wi.weight")),
        ("d_kv", json!(9), "SelfAttention.q.weight"),
        ("d_ff", json!(41), &*format!("{block}.wi_0.weight")),
        ("d_kv", Value::Null, "d_kv"),
        ("num_heads", json!(0), "num_heads"),
        ("n_positions", json!(0), "n_positions"),
        ("n_positions", json!(u64::MAX), "n_positions"),
        ("num_layers", json!(3), "encoder.block.2.layer.0"),
        ("num_layers", json!(1), "encoder.block.1"),
        ("vocab_size", json!(62), "lm_head.weight"),
        ("relative_attention_num_buckets", json!(16), "relative_attention_bias"),
        ("relative_attention_num_buckets", json!(2), "relative_attention_num_buckets"),
        ("relative_attention_max_distance", json!(4), "relative_attention_num_buckets"),
        ("quantization_config", json!({"load_in_8bit": true}), "quantization_config"),
        ("is_encoder_decoder", json!(false), "is_encoder_decoder"),
    ] {
        let copy = changed(&[(name, value)]);
        let Err(error) = Seq2Seq::load(&Directory(copy.path().into()), &Placement::cpu()) else {
            panic!("{name} was not refused")
        };
        assert!(error.to_string().contains(told), "{name}: {error}");
        assert!(error.hint().is_some());
    }
}

#[test]
fn the_output_is_scaled_as_the_configuration_says() {
    let scale = |changes: &[(&str, Value)]| {
        let copy = changed(changes);
        Seq2Seq::load(&Directory(copy.path().into()), &Placement::cpu()).unwrap().config.output_scale
    };
    let scaled = 24f32.sqrt().recip();
    assert_eq!(scale(&[]), 1.0);
    assert_eq!(scale(&[("tie_word_embeddings", json!(true))]), scaled);
    assert_eq!(scale(&[("tie_word_embeddings", Value::Null)]), scaled);
    // As transformers 5 saves an untied model.
    assert_eq!(scale(&[("tie_word_embeddings", json!(true)), ("scale_decoder_outputs", json!(false))]), 1.0);
    assert_eq!(scale(&[("model_type", json!("mt5")), ("tie_word_embeddings", json!(true))]), 1.0);
}
