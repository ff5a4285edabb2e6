//! The search against transformers' `generate` on a model that is nothing but a hash: the same tokens, the same scores.

#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use mujaz::nn::generation::EarlyStopping;
use mujaz::nn::search::{Best, Decode, Hypothesis, Options, search};
use mujaz::progress::{Event, Progress, Silent};
use serde_json::Value;

/// The model of `golden/search/make.py`.
struct Hash;

const VOCAB: usize = 48;
const EOS: usize = 0;
const SECOND_EOS: usize = 7;

fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// A row: what is left of its source, and of its prefix.
#[derive(Clone)]
struct Row {
    source: u64,
    source_len: usize,
    prefix: u64,
    prefix_len: usize,
}

impl Decode for Hash {
    type State = Vec<Row>;

    fn vocab_size(&self) -> usize {
        VOCAB
    }

    fn start(&self, sources: &[&[u32]]) -> mujaz::Result<Self::State> {
        let row = |source: &&[u32]| Row {
            source: source.iter().fold(0, |state, &token| mix(state ^ u64::from(token))),
            source_len: source.len(),
            prefix: 0,
            prefix_len: 0,
        };
        Ok(sources.iter().map(row).collect())
    }

    fn step(&self, state: &mut Self::State, tokens: &[u32]) -> mujaz::Result<Vec<f32>> {
        assert_eq!(state.len(), tokens.len());
        let mut logits = Vec::new();
        for (row, &token) in state.iter_mut().zip(tokens) {
            row.prefix = mix(row.prefix ^ u64::from(token));
            row.prefix_len += 1;
            let hash = mix(row.source ^ row.prefix);
            let mut scores: Vec<f32> =
                (0..VOCAB as u64).map(|v| (mix(hash ^ v) >> 40) as f32 / (1 << 21) as f32).collect();
            let rise = row.prefix_len as f32 - row.source_len as f32;
            scores[EOS] += rise;
            scores[SECOND_EOS] += 0.5 * rise;
            logits.extend(scores);
        }
        Ok(logits)
    }

    fn reorder(&self, state: &mut Self::State, rows: &[usize]) -> mujaz::Result<()> {
        *state = rows.iter().map(|&row| state[row].clone()).collect();
        Ok(())
    }
}

/// The options of a case, with the defaults of transformers.
fn options(case: &Value) -> Options {
    let case = &case["options"];
    let ids = |value: &Value| match value {
        Value::Array(ids) => ids.iter().map(|id| id.as_u64().unwrap() as u32).collect(),
        _ => value.as_u64().map(|id| id as u32).into_iter().collect::<Vec<_>>(),
    };
    let number = |name: &str, default: usize| case[name].as_u64().map_or(default, |n| n as usize);
    Options {
        beams: number("num_beams", 1),
        n_best: number("num_return_sequences", 1),
        max_length: number("max_length", 20),
        min_length: number("min_length", 0),
        length_penalty: case["length_penalty"].as_f64().unwrap_or(1.0),
        early_stopping: match &case["early_stopping"] {
            Value::Bool(true) => EarlyStopping::Yes,
            Value::String(_) => EarlyStopping::Never,
            _ => EarlyStopping::Heuristic,
        },
        no_repeat_ngram: number("no_repeat_ngram_size", 0),
        encoder_no_repeat_ngram: number("encoder_no_repeat_ngram_size", 0),
        repetition_penalty: case["repetition_penalty"].as_f64().unwrap_or(1.0) as f32,
        suppress: ids(&case["suppress_tokens"]),
        begin_suppress: ids(&case["begin_suppress_tokens"]),
        decoder_start: 2,
        eos: ids(&case["eos_token_id"]),
        forced_bos: ids(&case["forced_bos_token_id"]).first().copied(),
        forced_eos: ids(&case["forced_eos_token_id"]),
        bad_words: case["bad_words_ids"].as_array().map_or(Vec::new(), |words| words.iter().map(ids).collect()),
        renormalize: case["renormalize_logits"].as_bool().unwrap_or(false),
    }
}

fn cases() -> Vec<Value> {
    let text = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/search/cases.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn sources(case: &Value) -> Vec<Vec<u32>> {
    serde_json::from_value(case["sources"].clone()).unwrap()
}

fn run(sources: &[Vec<u32>], options: &Options) -> Vec<Vec<Hypothesis>> {
    let sources: Vec<&[u32]> = sources.iter().map(Vec::as_slice).collect();
    search(&Hash, &sources, options, &Silent).unwrap()
}

#[test]
fn finds_what_transformers_finds() {
    let cases = cases();
    assert!(cases.len() >= 300);
    for case in cases {
        let found = run(&sources(&case), &options(&case));
        let expected = case["found"].as_array().unwrap();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            let expected = expected.as_array().unwrap();
            let tokens: Vec<_> = found.iter().map(|h| h.tokens.clone()).collect();
            let wanted: Vec<Vec<u32>> =
                expected.iter().map(|e| serde_json::from_value(e["tokens"].clone()).unwrap()).collect();
            assert_eq!(tokens, wanted, "{case}");
            for (hypothesis, expected) in found.iter().zip(expected) {
                let score = expected["score"].as_f64().unwrap();
                assert!((f64::from(hypothesis.score) - score).abs() < 1e-4, "{} {score} {case}", hypothesis.score);
                let length = (hypothesis.tokens.len() as f64).powf(options(&case).length_penalty);
                assert!((f64::from(hypothesis.log_prob) / length - score).abs() < 1e-4);
            }
        }
    }
}

#[test]
fn a_source_gets_the_same_in_any_company() {
    for case in cases().iter().step_by(5) {
        let options = options(case);
        let mut sources = sources(case);
        let alone: Vec<_> = sources.iter().flat_map(|s| run(std::slice::from_ref(s), &options)).collect();
        assert_eq!(run(&sources, &options), alone);
        sources.reverse();
        sources.extend(sources.clone());
        let company = run(&sources, &options);
        assert!(alone.iter().rev().chain(alone.iter().rev()).eq(&company));
    }
}

#[test]
fn says_whether_the_model_ended_it() {
    let mut options = Options { decoder_start: 2, eos: vec![EOS as u32], max_length: 4, ..Options::default() };
    let source = [vec![9; 12]];
    let cut = &run(&source, &options)[0][0];
    assert_eq!((cut.tokens.len(), cut.finished), (3, false));
    options.forced_eos = options.eos.clone();
    let forced = &run(&source, &options)[0][0];
    assert_eq!((forced.tokens.last(), forced.finished), (Some(&(EOS as u32)), false));
    options.max_length = 64;
    let ended = &run(&source, &options)[0][0];
    assert_eq!((ended.tokens.last(), ended.finished), (Some(&(EOS as u32)), true));
    assert!((ended.mean_log_prob() - ended.log_prob / ended.tokens.len() as f32).abs() < 1e-6);
    // With nothing allowed, what there is has to do.
    options.bad_words = (0..VOCAB as u32).map(|token| vec![token, 3]).chain([vec![1]]).collect();
    options.bad_words.extend((0..VOCAB as u32).map(|token| vec![token]));
    options.eos.clear();
    assert!(run(&source, &options)[0][0].tokens.is_empty());
}

#[test]
fn refuses_options_that_contradict_each_other() {
    let wrong = [
        Options { beams: 0, n_best: 0, ..Options::default() },
        Options { beams: 2, n_best: 3, ..Options::default() },
        Options { max_length: 1, ..Options::default() },
        Options { eos: vec![VOCAB as u32], ..Options::default() },
        Options { bad_words: vec![vec![1], vec![2, 99]], ..Options::default() },
    ];
    for options in wrong {
        assert!(matches!(search(&Hash, &[&[1]], &options, &Silent), Err(mujaz::Error::Option { .. })), "{options:?}");
    }
    assert_eq!(search(&Hash, &[], &Options::default(), &Silent).unwrap(), Vec::<Vec<Hypothesis>>::new());
}

#[test]
fn stops_when_told_to() {
    struct Stopped;
    impl Progress for Stopped {
        fn on(&self, _: Event) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let found = search(&Hash, &[&[1, 2]], &Options::default(), &Stopped);
    assert!(matches!(found, Err(mujaz::Error::Interrupted)));
}

/// A model that mostly goes on as its source does after the last token.
struct Copying {
    /// Whether tokens may be fed that follow each other.
    follows: bool,
    /// How often it was asked, and how many tokens it was fed and kept.
    asked: AtomicUsize,
    fed: AtomicUsize,
    kept: AtomicUsize,
}

/// The source and what was fed, before the last call and now.
struct Copied {
    source: Vec<u32>,
    before: usize,
    prefix: Vec<u32>,
}

impl Copying {
    /// More than may be banned before all scores are looked at.
    const VOCAB: usize = 120;

    fn new(follows: bool) -> Self {
        Self { follows, asked: 0.into(), fed: 0.into(), kept: 0.into() }
    }

    fn scores(source: &[u32], prefix: &[u32]) -> Vec<f32> {
        let hash = prefix.iter().fold(0, |state, &token| mix(state ^ u64::from(token)));
        let mut scores: Vec<f32> =
            (0..Self::VOCAB as u64).map(|v| (mix(hash ^ v) >> 40) as f32 / (1 << 21) as f32).collect();
        let place =
            source.iter().rposition(|token| prefix.last() == Some(token)).map_or(prefix.len(), |place| place + 1);
        if hash % 5 > 0 {
            scores[source[place % source.len()] as usize] += 20.0;
        }
        scores[EOS] += prefix.len() as f32 - 30.0;
        scores
    }
}

impl Decode for Copying {
    type State = Vec<Copied>;

    fn vocab_size(&self) -> usize {
        Self::VOCAB
    }

    fn start(&self, sources: &[&[u32]]) -> mujaz::Result<Self::State> {
        Ok(sources.iter().map(|source| Copied { source: source.to_vec(), before: 0, prefix: Vec::new() }).collect())
    }

    fn step(&self, state: &mut Self::State, tokens: &[u32]) -> mujaz::Result<Vec<f32>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut scores = Vec::new();
        for (row, token) in state.iter_mut().zip(tokens) {
            (row.before, row.prefix) = (row.prefix.len(), [&row.prefix[..], &[*token]].concat());
            scores.extend(Self::scores(&row.source, &row.prefix));
        }
        Ok(scores)
    }

    fn follow(&self, state: &mut Self::State, tokens: &[u32], counts: &[usize]) -> mujaz::Result<Vec<Best>> {
        assert_eq!((state.len(), tokens.len()), (1, counts.len()));
        if !self.follows {
            return self.best(state, &tokens[..1], &counts[..1]);
        }
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.fed.fetch_add(tokens.len() - 1, Ordering::Relaxed);
        let row = &mut state[0];
        row.before = row.prefix.len();
        let next = tokens.iter().zip(counts).map(|(token, count)| {
            row.prefix.push(*token);
            Best::of(&Self::scores(&row.source, &row.prefix), *count)
        });
        Ok(next.collect())
    }

    fn keep(&self, state: &mut Self::State, kept: usize) -> mujaz::Result<()> {
        self.kept.fetch_add(kept - 1, Ordering::Relaxed);
        let row = &mut state[0];
        assert!(row.before + kept <= row.prefix.len());
        row.prefix.truncate(row.before + kept);
        Ok(())
    }

    fn reorder(&self, state: &mut Self::State, rows: &[usize]) -> mujaz::Result<()> {
        let copy = |row: &Copied| Copied { source: row.source.clone(), before: row.before, prefix: row.prefix.clone() };
        *state = rows.iter().map(|row| copy(&state[*row])).collect();
        Ok(())
    }
}

#[test]
fn what_is_guessed_from_the_source_changes_nothing_but_the_number_of_steps() {
    let plain = Options { decoder_start: 2, eos: vec![EOS as u32], max_length: 64, ..Options::default() };
    let source: Vec<u32> = (0..60).map(|i| 3 + (i * i + i / 7) % 44).collect();
    let every = (0..Copying::VOCAB as u32).map(|token| vec![token, 3]).collect();
    // After one token of the source, and after any, more tokens are banned than are looked past.
    let many = || 50..Copying::VOCAB as u32;
    let after_one = many().map(|token| vec![source[30], token]).collect();
    let all = [
        plain.clone(),
        Options { no_repeat_ngram: 3, min_length: 40, ..plain.clone() },
        Options { encoder_no_repeat_ngram: 3, ..plain.clone() },
        Options { max_length: 9, forced_eos: vec![EOS as u32], ..plain.clone() },
        Options { forced_bos: Some(source[10]), suppress: vec![source[20]], ..plain.clone() },
        Options { bad_words: every, max_length: 24, ..plain.clone() },
        Options { bad_words: after_one, ..plain.clone() },
        Options { suppress: many().collect(), ..plain.clone() },
        Options { eos: vec![EOS as u32, source[25]], ..plain.clone() },
        Options { repetition_penalty: 1.3, ..plain.clone() },
    ];
    let (mut fed, mut kept) = (0, 0);
    for options in all {
        for first in 0..20 {
            let sources = [&source[first..]];
            let (guessing, stepping) = (Copying::new(true), Copying::new(false));
            let found = search(&guessing, &sources, &options, &Silent).unwrap();
            assert_eq!(found, search(&stepping, &sources, &options, &Silent).unwrap(), "{first} {options:?}");
            let asked = |model: &Copying| model.asked.load(Ordering::Relaxed);
            assert!(asked(&guessing) <= asked(&stepping));
            assert!(asked(&stepping) <= found[0][0].tokens.len() + 1);
            fed += guessing.fed.load(Ordering::Relaxed);
            kept += guessing.kept.load(Ordering::Relaxed);
        }
    }
    assert!(kept > 500 && fed > kept + 500, "some were right and some were wrong: {kept} of {fed}");
}
