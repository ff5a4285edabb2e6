//! How many tokens a second a model writes when every target has the same length, whatever the model would say.
//!
//! ```text
//! python tests/bench/models.py target/bench base
//! cargo bench --bench decode -- target/bench/base --precision int8 --rows 32 --beam 1 --source 35 --target 40 --runs 5
//! ```
//!
//! Prints the seconds of each run on one line; tests/bench/compare.py puts it beside its peers.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, reason = "a bench prints, and may panic")]

use std::time::Instant;

use mujaz::model::Directory;
use mujaz::nn::generation::GenerationConfig;
use mujaz::nn::search::{Options, search};
use mujaz::nn::seq2seq::Seq2Seq;
use mujaz::nn::{Device, Placement};
use mujaz::progress::Silent;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let Some(folder) = arguments.first().filter(|argument| !argument.starts_with("--")) else {
        return println!("name the folder of a model; tests/bench/models.py makes some");
    };
    let option = |name: &str| arguments.windows(2).find(|pair| pair[0] == name).map(|pair| pair[1].clone());
    let number = |name: &str, default: usize| option(name).map_or(default, |value| value.parse().unwrap());
    let threads = number("--threads", 2);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().unwrap();

    let precision = option("--precision").unwrap_or_else(|| "auto".into()).parse().unwrap();
    let placement = Placement::new(Device::Cpu, precision).unwrap();
    let files = Directory(folder.into());
    let begun = Instant::now();
    let model = Seq2Seq::load(&files, &placement).unwrap();
    eprintln!("loaded in {}: {:.2} s", model.placement().precision(), begun.elapsed().as_secs_f64());

    let (rows, source, target) = (number("--rows", 32), number("--source", 35), number("--target", 40));
    let generation = GenerationConfig::read(&files, None).unwrap();
    let options = Options {
        beams: number("--beam", 1),
        min_length: target + 1,
        max_length: target + 1,
        forced_eos: Vec::new(),
        no_repeat_ngram: number("--no-repeat", 0),
        length_penalty: 1.0,
        ..Options::new(&generation, model.max_target_len()).unwrap()
    };
    let vocab = model.config().source_vocab as u32;
    // The same ids as compare.py feeds its peers.
    let id = |row: usize, i: usize| 10 + (7919 * (row as u32 + 1) + 104_729 * i as u32) % (vocab - 20);
    let end = options.eos[0];
    let sources: Vec<Vec<u32>> =
        (0..rows).map(|row| (0..source - 1).map(|i| id(row, i)).chain([end]).collect()).collect();
    let sources: Vec<&[u32]> = sources.iter().map(Vec::as_slice).collect();
    let mut seconds = Vec::new();
    for _ in 0..number("--runs", 3) {
        let begun = Instant::now();
        let found = search(&model, &sources, &options, &Silent).unwrap();
        seconds.push(format!("{:.4}", begun.elapsed().as_secs_f64()));
        assert!(found.iter().all(|found| found[0].tokens.len() == target), "a target of another length");
    }
    println!("{}", seconds.join(" "));
}
