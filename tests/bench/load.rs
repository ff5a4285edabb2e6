//! How long a model takes to open, to load and to its first sentence, and how much memory it has meanwhile.
//!
//! ```text
//! python tests/bench/models.py target/bench tc-big
//! cargo bench --bench load -- target/bench/tc-big [f32|bf16|f16|int8]
//! ```

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may panic")]

use std::time::Instant;

use mujaz::model::Directory;
use mujaz::nn::search::{Options, search};
use mujaz::nn::seq2seq::Seq2Seq;
use mujaz::nn::{Device, Placement, weights};
use mujaz::progress::Silent;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(folder) = arguments.next() else {
        return println!("name the folder of a model; tests/bench/models.py makes some");
    };
    let precision = arguments.next().unwrap_or_else(|| "auto".into()).parse().unwrap();
    let placement = Placement::new(Device::Cpu, precision).unwrap();
    let files = Directory(folder.into());
    report("at start", None);

    let begun = Instant::now();
    let names = weights::open(&files).unwrap().names().len();
    report(&format!("{names} tensors opened"), Some(begun));

    let begun = Instant::now();
    let model = Seq2Seq::load(&files, &placement).unwrap();
    report(&format!("loaded in {}", placement.precision()), Some(begun));

    let options = Options { decoder_start: 5, max_length: 36, ..Options::default() };
    let begun = Instant::now();
    search(&model, &[&[5; 30]], &options, &Silent).unwrap();
    report("30 tokens to 35", Some(begun));
}

/// Prints the time since and, where the system tells it, the memory of this process in MB.
fn report(what: &str, begun: Option<Instant>) {
    let time = begun.map_or(String::new(), |begun| format!("{:.3} s", begun.elapsed().as_secs_f64()));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = ["VmHWM:", "VmRSS:", "RssAnon:", "RssFile:"].map(|name| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let kilobytes: u64 = line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0);
        format!("{} {}", name.trim_end_matches(':'), kilobytes * 1024 / 1_000_000)
    });
    println!("{what:24} {time:10} {}", memory.join("  "));
}
