//! Speed of segmentation beside plain UAX #29: `cargo bench --bench segment`.
#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use mujaz::segment::{normalise, sentences};
use unicode_segmentation::UnicodeSegmentation;

fn main() {
    let cases = include_str!("../golden/segment/sentences.tsv");
    let text = cases.lines().filter_map(|line| line.split_once('\t')).map(|(_, text)| text.replace('▮', " "));
    let paragraph = text.collect::<Vec<_>>().join("\n").repeat(100);
    let line = paragraph.replace('\n', " ");
    for (name, text) in [("paragraphs", &paragraph), ("one line", &line)] {
        let plain = megabytes_a_second(text, |text| text.split_sentence_bounds().count());
        let ours = megabytes_a_second(text, |text| sentences(text).len());
        let normalised = megabytes_a_second(text, |text| normalise(text).text.len());
        println!("{name}: UAX #29 {plain:.1} MB/s, sentences {ours:.1} MB/s ({:.2} of it)", ours / plain);
        println!("{name}: normalise {normalised:.1} MB/s");
    }
}

/// The best of five runs.
fn megabytes_a_second(text: &str, run: impl Fn(&str) -> usize) -> f64 {
    let seconds = (0..5).map(|_| {
        let start = Instant::now();
        black_box(run(black_box(text)));
        start.elapsed().as_secs_f64()
    });
    text.len() as f64 / 1e6 / seconds.fold(f64::INFINITY, f64::min)
}
