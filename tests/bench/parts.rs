//! The parts of a translation, each by itself, with the demonstration model: `cargo bench --bench parts [FILTER]`.

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use divan::Bencher;
use mujaz::model::{Demo, demo};
use mujaz::nn::search::Decode as _;
use mujaz::nn::seq2seq::{Pair, Seq2Seq};
use mujaz::nn::{Device, Placement, Precision};
use mujaz::progress::Silent;
use mujaz::segment::normalise;
use mujaz::tokenizer::Tokenizer;
use mujaz::{read, segment, translate};

const PRECISIONS: [&str; 3] = ["f32", "int8", "bf16"];
const ROWS: [usize; 3] = [1, 16, 64];

fn main() {
    divan::main();
}

fn article() -> &'static str {
    include_str!("../articles/summit.txt")
}

fn load(precision: &str) -> Seq2Seq {
    let precision: Precision = precision.parse().unwrap();
    Seq2Seq::load(&Demo, &Placement::new(Device::Cpu, precision).unwrap()).unwrap()
}

/// So many sources of thirty tokens; the ids have no meaning.
fn sources(rows: usize) -> Vec<Vec<u32>> {
    (0..rows as u32).map(|row| (0..30).map(|i| 10 + (7919 * row + 104_729 * i) % 9000).collect()).collect()
}

#[divan::bench]
fn reading_and_segmenting_an_article(bencher: Bencher) {
    bencher.bench(|| {
        let outline = read::read(article().as_bytes(), "summit.txt", &read::Options::default()).unwrap();
        segment::segment(outline).unwrap()
    });
}

#[divan::bench]
fn tokens_of_an_article(bencher: Bencher) {
    let tokenizer = Tokenizer::load(&Demo).unwrap();
    let text = normalise(article()).text;
    bencher.bench(|| tokenizer.encode(&text, None, None).unwrap());
}

#[divan::bench(args = PRECISIONS)]
fn loading(precision: &str) -> Seq2Seq {
    load(precision)
}

#[divan::bench(args = PRECISIONS, consts = ROWS)]
fn encoding<const N: usize>(bencher: Bencher, precision: &str) {
    let (model, sources) = (load(precision), sources(N));
    let sources: Vec<&[u32]> = sources.iter().map(Vec::as_slice).collect();
    bencher.bench(|| model.start(&sources).unwrap());
}

#[divan::bench(args = PRECISIONS, consts = ROWS)]
fn a_step<const N: usize>(bencher: Bencher, precision: &str) {
    let (model, sources) = (load(precision), sources(N));
    let sources: Vec<&[u32]> = sources.iter().map(Vec::as_slice).collect();
    bencher
        .with_inputs(|| model.start(&sources).unwrap())
        .bench_local_refs(|state| model.best(state, &[5; N], &[2; N]).unwrap());
}

#[divan::bench(args = PRECISIONS)]
fn given_targets(bencher: Bencher, precision: &str) {
    let (model, sources) = (load(precision), sources(16));
    let pairs: Vec<Pair> = sources.iter().map(|source| Pair { source, target: &source[5..] }).collect();
    bencher.bench(|| model.force(&pairs, None).unwrap());
}

#[divan::bench(args = PRECISIONS)]
fn translating_sentences(bencher: Bencher, precision: &str) {
    let placement = Placement::new(Device::Cpu, precision.parse().unwrap()).unwrap();
    let translator = translate::open(demo(), &placement, &translate::Options::default(), &Silent).unwrap();
    let sentences: Vec<&str> = article().lines().filter(|line| !line.is_empty()).collect();
    bencher.bench(|| translator.translate(&sentences, &Silent).unwrap());
}
