//! The engine against its references: scores, log-probabilities and attention as transformers computes them.

#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use mujaz::model::Demo;
use mujaz::nn::search::Decode as _;
use mujaz::nn::seq2seq::{Pair, Seq2Seq};
use mujaz::nn::{Device, Placement, Precision};
use serde::Deserialize;

/// What the scripts under tests/golden write.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    /// The token that targets start with.
    start: u32,
    /// Of the scores of each step, those of tokens whose id this divides.
    every: usize,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    source: Vec<u32>,
    target: Vec<u32>,
    /// `[target, scores]`
    scores: Vec<f32>,
    /// `[target]`
    log_probs: Vec<f32>,
    /// `[target, source]`
    attention: Vec<f32>,
}

impl Golden {
    fn read(file: &str) -> Self {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    /// The greatest difference of any score, step by step and all cases in one batch.
    fn difference_of_scores(&self, model: &Seq2Seq) -> f32 {
        let sources: Vec<_> = self.cases.iter().map(|case| case.source.as_slice()).collect();
        let mut state = model.start(&sources).unwrap();
        let mut rows: Vec<_> = (0..sources.len()).collect();
        let mut greatest = 0.0f32;
        for step in 0.. {
            let alive: Vec<_> = (0..rows.len()).filter(|i| step < self.cases[rows[*i]].target.len()).collect();
            model.reorder(&mut state, &alive).unwrap();
            rows = alive.iter().map(|i| rows[*i]).collect();
            if rows.is_empty() {
                break;
            }
            let last = |row: &usize| if step == 0 { self.start } else { self.cases[*row].target[step - 1] };
            let scores = model.step(&mut state, &rows.iter().map(last).collect::<Vec<_>>()).unwrap();
            for (scores, row) in scores.chunks_exact(model.vocab_size()).zip(&rows) {
                let scores: Vec<_> = scores.iter().copied().step_by(self.every).collect();
                let expected = &self.cases[*row].scores[step * scores.len()..(step + 1) * scores.len()];
                greatest = greatest.max(difference(&scores, expected));
            }
        }
        greatest
    }

    /// The greatest differences of any log-probability and of any weight of attention, in one pass over all cases.
    fn differences_forced(&self, model: &Seq2Seq) -> (f32, f32) {
        let pairs: Vec<_> = self.cases.iter().map(|case| Pair { source: &case.source, target: &case.target }).collect();
        let forced = model.force(&pairs, None).unwrap();
        self.cases.iter().zip(forced).fold((0.0, 0.0), |(log_probs, attention), (case, forced)| {
            (
                difference(&forced.log_probs, &case.log_probs).max(log_probs),
                difference(&forced.attention, &case.attention).max(attention),
            )
        })
    }
}

fn difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).fold(0.0, |greatest, (found, expected)| {
        assert!(found.is_finite());
        (found - expected).abs().max(greatest)
    })
}

fn demo(precision: Precision) -> Seq2Seq {
    Seq2Seq::load(&Demo, &Placement::new(Device::Cpu, precision).unwrap()).unwrap()
}

#[test]
fn the_demonstration_model_computes_what_transformers_computes() {
    let (model, golden) = (demo(Precision::F32), Golden::read("marian/demo.json"));
    let scores = golden.difference_of_scores(&model);
    assert!(scores < 1e-4, "{scores}");
    let (log_probs, attention) = golden.differences_forced(&model);
    assert!(log_probs < 1e-4 && attention < 1e-4, "{log_probs} {attention}");
}

#[test]
fn half_precision_stays_within_its_own() {
    let golden = Golden::read("marian/demo.json");
    // The weights are stored in f16, so f16 loses nothing, and bf16 has 8 bits of each.
    for (precision, tolerance) in [(Precision::F16, 1e-4), (Precision::Bf16, 0.5)] {
        let model = demo(precision);
        let scores = golden.difference_of_scores(&model);
        assert!(scores < tolerance, "{precision}: {scores}");
    }
}
