//! Log-probabilities that f32 and int8 give to what f32 says: by these int8 was chosen for `auto`.
//!
//! ```text
//! cargo bench --bench precision -- FILE.tsv [MODEL]
//! ```
//!
//! A line of FILE.tsv is a sentence in Arabic and its reference, as for `mujaz eval`; MODEL is the folder of a model, the
//! demonstration model if it is left out. Greedy, without a second translation. What scores say of both is
//! `mujaz eval FILE.tsv --precision f32 --beam 1 --no-retry`, and the same with int8.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may panic")]

use mujaz::model::{Demo, Directory, Files};
use mujaz::nn::generation::GenerationConfig;
use mujaz::nn::search::{Options, search};
use mujaz::nn::seq2seq::{Pair, Seq2Seq};
use mujaz::nn::{Device, Placement, Precision};
use mujaz::progress::Silent;
use mujaz::segment::normalise;
use mujaz::tokenizer::Tokenizer;

/// Sentences that go through a model together.
const BATCH: usize = 64;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let Some(file) = arguments.first() else {
        return println!("name a file of Arabic sentences, and the folder of a model if it is not the demonstration");
    };
    let folder = arguments.get(1).map(|folder| Directory(folder.into()));
    let files: &dyn Files = folder.as_ref().map_or(&Demo, |folder| folder);
    let load = |precision| Seq2Seq::load(files, &Placement::new(Device::Cpu, precision).unwrap()).unwrap();
    let (single, int8) = (load(Precision::F32), load(Precision::Int8));
    let tokenizer = Tokenizer::load(files).unwrap();
    let options = Options::new(&GenerationConfig::read(files, None).unwrap(), single.max_target_len()).unwrap();
    let options = Options { beams: 1, ..options };

    let text = std::fs::read_to_string(file).unwrap();
    // Before the reference, if there is one, and behind what names the line, if anything does.
    let sentence = |line: &str| normalise(line.rsplit('\t').take(2).last().unwrap()).text;
    let encode = |line: &str| tokenizer.encode(&sentence(line), None, None).unwrap().ids;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut sources: Vec<Vec<u32>> = lines.map(encode).collect();
    sources.retain(|source| source.len() <= single.max_source_len());
    sources.sort_by_key(Vec::len);
    let (mut tokens, mut sums) = (0, [0.0; 2]);
    for sources in sources.chunks(BATCH) {
        let sources: Vec<&[u32]> = sources.iter().map(Vec::as_slice).collect();
        let found = search(&single, &sources, &options, &Silent).unwrap();
        let pairs = sources.iter().zip(&found).map(|(source, found)| Pair { source, target: &found[0].tokens });
        let pairs: Vec<Pair> = pairs.collect();
        tokens += pairs.iter().map(|pair| pair.target.len()).sum::<usize>();
        for (model, sum) in [&single, &int8].into_iter().zip(&mut sums) {
            let forced = model.force(&pairs, None).unwrap();
            *sum += forced.iter().flat_map(|forced| &forced.log_probs).map(|x| f64::from(*x)).sum::<f64>();
        }
    }
    let [single, int8] = sums.map(|sum| sum / tokens as f64);
    println!(
        "{} sentences, {tokens} tokens of f32: mean log-probability {single:.4} in f32, {int8:.4} in int8",
        sources.len()
    );
}
