//! What it gives to guess a summary's next tokens from its article: steps and seconds with and without it, for summaries
//! that people or systems wrote.
//!
//! ```text
//! python tests/bench/models.py target/bench distilbart
//! cargo bench --bench lookup -- target/bench/distilbart TOKENIZER PAIRS.tsv [f32|int8]
//! ```
//!
//! A line of PAIRS.tsv is an article, a tab and a summary; TOKENIZER is the folder of a tokenizer that encodes them. The
//! model takes the time that its shape takes, and what it says is replaced by the summary.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may panic")]

use std::cell::RefCell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use mujaz::Result;
use mujaz::model::Directory;
use mujaz::nn::search::{Best, Decode, Options, search};
use mujaz::nn::seq2seq::Seq2Seq;
use mujaz::nn::{Device, Placement};
use mujaz::progress::Silent;
use mujaz::tokenizer::Tokenizer;

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
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [model, tokenizer, pairs, precision @ ..] = &arguments[..] else {
        return println!("name the folders of a model and a tokenizer, and a file of articles and summaries");
    };
    let precision = precision.first().map_or("int8", String::as_str).parse().unwrap();
    let model = Seq2Seq::load(&Directory(model.into()), &Placement::new(Device::Cpu, precision).unwrap()).unwrap();
    let tokenizer = Tokenizer::load(&Directory(tokenizer.into())).unwrap();
    let end = tokenizer.eos();
    let languages = [tokenizer.source_languages(), tokenizer.target_languages()].map(|all| all.first().copied());
    // Only which tokens are the same counts, so those that the model lacks may be others.
    let id = |id: u32| id % model.vocab_size() as u32;
    let encode = |text: &str| -> Vec<u32> {
        tokenizer.encode(text, languages[0], languages[1]).unwrap().ids.into_iter().map(id).collect()
    };
    let totals = RefCell::new([(0, 0.0); 2]);
    let mut tokens = 0;
    for line in std::fs::read_to_string(pairs).unwrap().lines() {
        let (article, summary) = line.split_once('\t').expect("an article, a tab and a summary");
        let mut article = encode(article);
        article.truncate(model.max_source_len());
        let summary = encode(summary);
        tokens += summary.len();
        let options = Options { decoder_start: 2, eos: vec![end], max_length: summary.len() + 8, ..Options::default() };
        for (follows, total) in [false, true].into_iter().zip(totals.borrow_mut().iter_mut()) {
            let told =
                Told { model: &model, summary: &summary, follows, steps: AtomicUsize::new(0), fed: Mutex::default() };
            let begun = Instant::now();
            let found = search(&told, &[&article], &options, &Silent).unwrap();
            assert_eq!(found[0][0].tokens, summary);
            total.1 += begun.elapsed().as_secs_f64();
            total.0 += told.steps.into_inner();
        }
    }
    let [without, with] = totals.into_inner();
    println!("{tokens} tokens: {} steps and {:.1} s one by one", without.0, without.1);
    println!("{} steps and {:.1} s with guesses: {:.2} times as fast", with.0, with.1, without.1 / with.1);
}
