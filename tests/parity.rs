//! The engine against its references: scores, log-probabilities and attention as transformers computes them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

#[cfg(feature = "demo")]
use mujaz::model::Demo;
use mujaz::model::Directory;
use mujaz::nn::generation::GenerationConfig;
use mujaz::nn::search::{Decode as _, Options, search};
use mujaz::nn::seq2seq::{Pair, Seq2Seq};
use mujaz::nn::{Device, Placement, Precision};
use mujaz::progress::Silent;
use serde::Deserialize;

/// What the scripts under tests/golden write.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    /// The token that targets start with.
    start: u32,
    /// Of the scores of each step, those of tokens whose id this divides.
    every: usize,
    /// Beams that the model's files ask for, or its users.
    #[serde(default)]
    beams: usize,
    /// The first token of a target that they ask for.
    #[serde(default)]
    forced_bos: Option<u32>,
    /// How far the scores of transformers in bf16 are off.
    #[serde(default)]
    bf16_error: f32,
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
    /// What `generate` makes of the source, the three cases in one batch with padding.
    #[serde(default)]
    greedy: Vec<u32>,
    /// The same with [`Golden::beams`].
    #[serde(default)]
    beam: Vec<u32>,
}

impl Golden {
    fn read(file: impl AsRef<Path>) -> Self {
        serde_json::from_slice(&std::fs::read(golden(file)).unwrap()).unwrap()
    }

    fn sources(&self) -> Vec<&[u32]> {
        self.cases.iter().map(|case| case.source.as_slice()).collect()
    }

    /// The greatest difference of any score, step by step and all cases in one batch.
    fn difference_of_scores(&self, model: &Seq2Seq) -> f32 {
        let sources = self.sources();
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

fn golden(file: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file)
}

fn difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).fold(0.0, |greatest, (found, expected)| {
        assert!(found.is_finite());
        (found - expected).abs().max(greatest)
    })
}

fn place(precision: Precision) -> Placement {
    Placement::new(Device::Cpu, precision).unwrap()
}

/// The models of tests/golden/families.
const FAMILIES: &[&str] = &[
    "opus-mt",
    "opus-mt-tc-big",
    "opus-mt-two-vocabularies",
    "bart-cnn",
    "distilbart",
    "mbart",
    "mbart-50",
    "pegasus",
    "m2m100",
    "nllb",
    "untied",
];

fn family(name: &str) -> (Directory, Golden) {
    let folder = Path::new("families").join(name);
    (Directory(golden(&folder)), Golden::read(folder.join("expected.json")))
}

#[test]
fn every_family_computes_what_transformers_computes() {
    for name in FAMILIES {
        let (files, golden) = family(name);
        let model = Seq2Seq::load(&files, &place(Precision::F32)).unwrap();
        let scores = golden.difference_of_scores(&model);
        assert!(scores < 1e-4, "{name}: {scores}");
        let (log_probs, attention) = golden.differences_forced(&model);
        assert!(log_probs < 1e-4 && attention < 1e-4, "{name}: {log_probs} {attention}");
    }
}

#[test]
fn every_family_generates_what_transformers_generates() {
    for name in FAMILIES {
        let (files, golden) = family(name);
        let model = Seq2Seq::load(&files, &place(Precision::F32)).unwrap();
        let config = GenerationConfig::read(&files, None).unwrap();
        let options = Options::new(&config, model.max_target_len()).unwrap();
        if *name != "nllb" {
            assert_eq!((options.beams, options.forced_bos), (golden.beams, golden.forced_bos), "{name}");
        }
        let options = Options { forced_bos: golden.forced_bos, ..options };
        for beams in [1, golden.beams] {
            let options = Options { beams, ..options.clone() };
            let together = search(&model, &golden.sources(), &options, &Silent).unwrap();
            for (case, found) in golden.cases.iter().zip(&together) {
                let expected = if beams == 1 { &case.greedy } else { &case.beam };
                assert_eq!(&found[0].tokens, expected, "{name}, {beams} beams");
                let alone = search(&model, &[&case.source], &options, &Silent).unwrap();
                assert_eq!(&alone[0], found, "{name}, {beams} beams, alone");
            }
        }
    }
}

#[test]
fn every_family_is_as_near_in_bf16_as_transformers_and_nearer_in_f16() {
    for name in FAMILIES {
        let (files, golden) = family(name);
        for (precision, tolerance) in [(Precision::F16, 0.03), (Precision::Bf16, 3.0 * golden.bf16_error)] {
            let scores = golden.difference_of_scores(&Seq2Seq::load(&files, &place(precision)).unwrap());
            assert!(scores < tolerance, "{name}, {precision}: {scores}, not {tolerance}");
        }
    }
}

#[cfg(feature = "demo")]
#[test]
fn the_demonstration_model_computes_what_transformers_computes() {
    let model = Seq2Seq::load(&Demo, &place(Precision::F32)).unwrap();
    let golden = Golden::read("marian/demo.json");
    let scores = golden.difference_of_scores(&model);
    assert!(scores < 1e-4, "{scores}");
    let (log_probs, attention) = golden.differences_forced(&model);
    assert!(log_probs < 1e-4 && attention < 1e-4, "{log_probs} {attention}");
    // Its weights are stored in f16, which loses nothing of them; the hidden states stay in single precision.
    let scores = golden.difference_of_scores(&Seq2Seq::load(&Demo, &place(Precision::F16)).unwrap());
    assert!(scores < 1e-4, "{scores}");
}
