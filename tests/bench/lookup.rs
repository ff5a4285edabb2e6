//! What it gives to guess a summary's next tokens from its article: steps and seconds with and without it.
//!
//! ```text
//! python tests/bench/models.py target/bench distilbart
//! cargo bench --bench lookup -- target/bench/distilbart TOKENIZER [PAIRS.tsv] [--precision f32]
//! ```
//!
//! TOKENIZER is the folder of a tokenizer of English. A line of PAIRS.tsv is an article, a tab and a summary; without it
//! they are those of lookup.tsv. The model takes the time that its shape takes, and what it says is replaced by the summary.
//! Seconds are those of encoding and decoding, medians of three runs in turns.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may panic")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use mujaz::Result;
use mujaz::model::Directory;
use mujaz::nn::search::{Best, Decode, Options, search};
use mujaz::nn::seq2seq::Seq2Seq;
use mujaz::nn::{Device, Placement};
use mujaz::progress::Silent;
use mujaz::segment;
use mujaz::tokenizer::Tokenizer;

/// Runs that count.
const RUNS: usize = 3;

/// A model that is asked, and says a summary whatever it finds.
struct Told<'a> {
    model: &'a Seq2Seq,
    summary: &'a [u32],
    follows: bool,
    steps: AtomicUsize,
    /// Tokens fed before the last step, and now.
    fed: Mutex<(usize, usize)>,
}

impl Told<'_> {
    fn say(&self, best: &mut [Best]) {
        self.steps.fetch_add(1, Ordering::Relaxed);
        let mut fed = self.fed.lock().unwrap();
        fed.0 = fed.1;
        for best in best {
            *best = Best { tokens: vec![(self.summary[fed.1.min(self.summary.len() - 1)], 0.0)], norm: 0.0 };
            fed.1 += 1;
        }
    }
}

impl Decode for Told<'_> {
    type State = <Seq2Seq as Decode>::State;

    fn vocab_size(&self) -> usize {
        self.model.vocab_size()
    }

    fn start(&self, sources: &[&[u32]]) -> Result<Self::State> {
        self.model.start(sources)
    }

    fn step(&self, state: &mut Self::State, tokens: &[u32]) -> Result<Vec<f32>> {
        self.model.step(state, tokens)
    }

    fn best(&self, state: &mut Self::State, tokens: &[u32], counts: &[usize]) -> Result<Vec<Best>> {
        let mut best = self.model.best(state, tokens, counts)?;
        self.say(&mut best);
        Ok(best)
    }

    fn follow(&self, state: &mut Self::State, tokens: &[u32], counts: &[usize]) -> Result<Vec<Best>> {
        let count = if self.follows { tokens.len() } else { 1 };
        let mut best = self.model.follow(state, &tokens[..count], &counts[..count])?;
        self.say(&mut best);
        Ok(best)
    }

    fn keep(&self, state: &mut Self::State, kept: usize) -> Result<()> {
        let mut fed = self.fed.lock().unwrap();
        fed.1 = fed.0 + kept;
        self.model.keep(state, kept)
    }

    fn reorder(&self, state: &mut Self::State, rows: &[usize]) -> Result<()> {
        self.model.reorder(state, rows)
    }
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let precision = arguments.iter().position(|argument| argument == "--precision");
    let precision = precision.map(|at| arguments.drain(at..at + 2).next_back().unwrap());
    let [model, tokenizer, pairs @ ..] = &arguments[..] else {
        return println!("name the folders of a model and of a tokenizer of English");
    };
    rayon::ThreadPoolBuilder::new().num_threads(2).build_global().unwrap();
    let precision = precision.as_deref().unwrap_or("int8").parse().unwrap();
    let placement = Placement::new(Device::Cpu, precision).unwrap();
    let model = Seq2Seq::load(&Directory(model.into()), &placement).unwrap();
    let tokenizer = Tokenizer::load(&Directory(tokenizer.into())).unwrap();
    let languages = [tokenizer.source_languages(), tokenizer.target_languages()].map(|all| all.first().copied());
    // Only which tokens are the same counts, so those that the model lacks may be others.
    let id = |id: u32| id % model.vocab_size() as u32;
    let encode = |text: &str| -> Vec<u32> {
        tokenizer.encode(text, languages[0], languages[1]).unwrap().ids.into_iter().map(id).collect()
    };
    let text = pairs.first().map(|pairs| std::fs::read_to_string(pairs).unwrap());
    let text = text.as_deref().unwrap_or(include_str!("lookup.tsv"));
    let pairs = text.lines().map(|line| line.split_once('\t').expect("an article, a tab and a summary"));
    let as_written: Vec<_> = pairs.map(|(article, summary)| (article, summary.to_owned())).collect();
    let first =
        |article: &str| segment::sentences(article).iter().take(3).map(|s| s.of(article)).collect::<Vec<_>>().join(" ");
    let word_for_word: Vec<_> = as_written.iter().map(|(article, _)| (*article, first(article))).collect();
    for (what, pairs) in
        [("summaries as written", as_written), ("their articles' first three sentences", word_for_word)]
    {
        measure(&model, &encode, (what, &pairs));
    }
}

fn measure(model: &Seq2Seq, encode: &dyn Fn(&str) -> Vec<u32>, (what, pairs): (&str, &[(&str, String)])) {
    let mut all = [(0, 0.0); 2];
    let (mut articles, mut tokens) = (0, 0);
    for (i, (article, summary)) in pairs.iter().enumerate() {
        let (mut article, summary) = (encode(article), encode(summary));
        article.truncate(model.max_source_len());
        let eos = summary.last().copied().into_iter().collect();
        let options = Options { decoder_start: 2, eos, max_length: summary.len() + 8, ..Options::default() };
        let mut seconds = [Vec::new(), Vec::new()];
        for run in 0..=RUNS {
            // In turns, and the first of all runs does not count.
            for follows in if (run + i) % 2 == 0 { [false, true] } else { [true, false] } {
                let steps = AtomicUsize::new(0);
                let told = Told { model, summary: &summary, follows, steps, fed: Mutex::default() };
                let begun = Instant::now();
                let found = search(&told, &[&article], &options, &Silent).unwrap();
                if run > 0 {
                    seconds[usize::from(follows)].push(begun.elapsed().as_secs_f64());
                }
                assert_eq!(found[0][0].tokens, summary);
                if run == 0 {
                    all[usize::from(follows)].0 += told.steps.into_inner();
                }
            }
        }
        for (total, seconds) in all.iter_mut().zip(&mut seconds) {
            seconds.sort_by(f64::total_cmp);
            total.1 += seconds[RUNS / 2];
        }
        articles += article.len();
        tokens += summary.len();
    }
    let [without, with] = all;
    println!("{what}: {articles} tokens of articles, {tokens} of summaries");
    println!("one by one: {} steps, {:.2} s", without.0, without.1);
    println!("guessing: {} steps, {:.2} s, {:.2} times as fast", with.0, with.1, without.1 / with.1);
}
