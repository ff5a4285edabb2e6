//! What must hold of every encoder-decoder, whatever its weights.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Forced, Pair, Seq2Seq};
use crate::model::Directory;
use crate::nn::device::{Device, Placement, Precision};
use crate::nn::search::{Best, Decode, Options, search};
use crate::progress::Silent;

/// Every model of tests/golden/families, and the demonstration model, which is large enough to be shared among threads.
fn models(placement: &Placement) -> Vec<(String, Seq2Seq)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/families");
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut models: Vec<_> =
        folders.map(|path| (name(&path), Seq2Seq::load(&Directory(path), placement).unwrap())).collect();
    models.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(models.len() > 5);
    #[cfg(feature = "demo")]
    models.push(("demo".into(), Seq2Seq::load(&crate::model::Demo, placement).unwrap()));
    models
}

/// Some model, for what is the same in all.
fn load() -> Seq2Seq {
    models(&Placement::cpu()).remove(0).1
}

/// Sources of different lengths; the ids have no meaning.
fn sources(model: &Seq2Seq) -> Vec<Vec<u32>> {
    let vocab = model.config.source_vocab.min(model.config.target_vocab) as u32;
    (1..=9u32).map(|n| (0..=n * n % 23).map(|i| (5 + i * 37 * n) % vocab).collect()).collect()
}

/// Scores of some steps, always the best token being taken; a row leaves after so many steps as its number says.
fn greedy(model: &Seq2Seq, sources: &[&[u32]], steps: &[usize]) -> Vec<Vec<f32>> {
    let mut state = model.start(sources).unwrap();
    let mut rows: Vec<_> = (0..sources.len()).collect();
    let mut tokens = vec![model.start; sources.len()];
    let mut all = vec![Vec::new(); sources.len()];
    for step in 0.. {
        let stay: Vec<_> = (0..rows.len()).filter(|i| step < steps[rows[*i]]).collect();
        if stay.is_empty() {
            return all;
        }
        if stay.len() < rows.len() {
            model.reorder(&mut state, &stay).unwrap();
            rows = stay.iter().map(|i| rows[*i]).collect();
            tokens = stay.iter().map(|i| tokens[*i]).collect();
        }
        let scores = model.step(&mut state, &tokens).unwrap();
        for ((scores, row), token) in scores.chunks_exact(model.vocab_size()).zip(&rows).zip(&mut tokens) {
            let best = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
            *token = best.0 as u32;
            all[*row].extend_from_slice(scores);
        }
    }
    all
}

fn in_threads<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(f)
}

#[test]
fn a_row_is_the_same_to_the_last_bit_alone_in_any_batch_order_and_number_of_threads() {
    let int8 = Placement::new(Device::Cpu, Precision::Int8).unwrap();
    for (name, model) in models(&Placement::cpu()).into_iter().chain(models(&int8)) {
        let sources = sources(&model);
        let sources: Vec<_> = sources.iter().map(Vec::as_slice).collect();
        let steps: Vec<_> = (0..sources.len()).map(|row| 3 + row * 5 % 7).collect();
        let together = in_threads(2, || greedy(&model, &sources, &steps));
        for threads in [1, 3] {
            let alone = in_threads(threads, || {
                let pairs = sources.iter().zip(&steps);
                pairs.map(|(source, steps)| greedy(&model, &[source], &[*steps]).remove(0)).collect::<Vec<_>>()
            });
            assert!(alone == together, "{name}, {threads} threads");
        }
        let reversed = |values: &[usize]| values.iter().rev().copied().collect::<Vec<_>>();
        let back: Vec<_> = sources.iter().rev().copied().collect();
        let mut back = greedy(&model, &back, &reversed(&steps));
        back.reverse();
        assert!(back == together, "{name}");
    }
}

#[test]
fn the_best_tokens_are_those_of_all_scores() {
    let int8 = Placement::new(Device::Cpu, Precision::Int8).unwrap();
    for placement in [Placement::cpu(), int8, Placement::plain()] {
        for (name, model) in models(&placement) {
            let sources = sources(&model);
            let sources: Vec<_> = sources.iter().map(Vec::as_slice).collect();
            let counts: Vec<_> = (0..sources.len()).map(|row| row % 4).collect();
            let tokens = vec![model.start; sources.len()];
            let best = model.best(&mut model.start(&sources).unwrap(), &tokens, &counts).unwrap();
            let scores = model.step(&mut model.start(&sources).unwrap(), &tokens).unwrap();
            let rows = scores.chunks_exact(model.vocab_size()).zip(&counts);
            assert!(rows.map(|(row, count)| Best::of(row, *count)).eq(best), "{name}");
            assert!(model.best(&mut model.start(&sources).unwrap(), &tokens, &counts[1..]).is_err());
        }
    }
}

#[test]
fn tokens_that_follow_each_other_in_one_step_give_what_they_give_one_by_one() {
    let int8 = Placement::new(Device::Cpu, Precision::Int8).unwrap();
    for placement in [Placement::cpu(), int8, Placement::plain()] {
        for (name, model) in models(&placement) {
            follow(&name, &model);
        }
    }
}

/// Feeds some tokens one by one, and the same in runs that end in wrong ones.
pub(super) fn follow(name: &str, model: &Seq2Seq) {
    let vocab = model.vocab_size() as u32;
    let target: Vec<u32> = (0..12).map(|i| if i == 0 { model.start } else { (7 + 41 * i) % vocab }).collect();
    let sources = sources(model);
    for source in &sources[..4] {
        let mut state = model.start(&[source]).unwrap();
        let one_by_one: Vec<_> =
            target.iter().map(|token| model.best(&mut state, &[*token], &[3]).unwrap().remove(0)).collect();
        let mut state = model.start(&[source]).unwrap();
        let mut next = 0;
        for (right, wrong) in [(1, 0), (2, 3), (1, 5), (6, 0), (1, 1), (1, 0)] {
            let run = [&target[next..next + right], &vec![vocab - 3; wrong]].concat();
            let found = model.follow(&mut state, &run, &vec![3; run.len()]).unwrap();
            assert_eq!(found.len(), if model.placement.fused { run.len() } else { 1 }, "{name}");
            let kept = right.min(found.len());
            assert!(found[..kept] == one_by_one[next..next + kept], "{name} {next}");
            model.keep(&mut state, kept).unwrap();
            next += kept;
        }
        assert_eq!(next, if model.placement.fused { 12 } else { 6 });
        assert!(model.follow(&mut state, &[vocab, 1], &[1, 1]).is_err());
        assert!(model.keep(&mut state, 1).is_err(), "what failed was not fed");
        let mut state = model.start(&[source]).unwrap();
        assert!(model.follow(&mut state, &[], &[]).is_err() && model.follow(&mut state, &[1, 1], &[1]).is_err());
        assert!(model.keep(&mut state, 1).is_err(), "nothing was fed");
        let fed = model.follow(&mut state, &[1, 1], &[1, 1]).unwrap().len();
        assert!(model.keep(&mut state, fed + 1).is_err());
        let mut state = model.start(&[source]).unwrap();
        model.follow(&mut state, &[1], &[1]).unwrap();
        assert!(model.keep(&mut state, 0).is_err());
    }
    // Behind the last token of the longest target nothing is fed.
    let mut state = model.start(&[&sources[0]]).unwrap();
    let limit = model.max_target_len();
    if model.placement.fused && limit < 200 {
        for i in 0..limit - 2 {
            model.step(&mut state, &[1 + i as u32 % 5]).unwrap();
        }
        assert_eq!(model.follow(&mut state, &[1, 2, 3, 4], &[1; 4]).unwrap().len(), 2);
        model.keep(&mut state, 2).unwrap();
        assert!(model.follow(&mut state, &[1, 2], &[1; 2]).is_err());
    }
}

/// A model that takes guesses, or does not.
struct Guessing<'a> {
    model: &'a Seq2Seq,
    takes: bool,
    /// How many were right.
    right: AtomicUsize,
}

impl<'a> Guessing<'a> {
    fn new(model: &'a Seq2Seq, takes: bool) -> Self {
        Self { model, takes, right: 0.into() }
    }
}

impl Decode for Guessing<'_> {
    type State = <Seq2Seq as Decode>::State;

    fn vocab_size(&self) -> usize {
        self.model.vocab_size()
    }

    fn start(&self, sources: &[&[u32]]) -> crate::Result<Self::State> {
        self.model.start(sources)
    }

    fn step(&self, state: &mut Self::State, tokens: &[u32]) -> crate::Result<Vec<f32>> {
        self.model.step(state, tokens)
    }

    fn best(&self, state: &mut Self::State, tokens: &[u32], counts: &[usize]) -> crate::Result<Vec<Best>> {
        self.model.best(state, tokens, counts)
    }

    fn follow(&self, state: &mut Self::State, tokens: &[u32], counts: &[usize]) -> crate::Result<Vec<Best>> {
        match self.takes {
            true => self.model.follow(state, tokens, counts),
            false => self.model.best(state, &tokens[..1], &counts[..1]),
        }
    }

    fn keep(&self, state: &mut Self::State, kept: usize) -> crate::Result<()> {
        self.right.fetch_add(kept - 1, Ordering::Relaxed);
        if self.takes { self.model.keep(state, kept) } else { Ok(()) }
    }

    fn reorder(&self, state: &mut Self::State, rows: &[usize]) -> crate::Result<()> {
        self.model.reorder(state, rows)
    }
}

#[test]
fn what_is_guessed_from_sources_is_what_is_found_without_in_any_batch() {
    for placement in [Placement::cpu(), Placement::new(Device::Cpu, Precision::Int8).unwrap()] {
        let mut right = 0;
        for (name, model) in models(&placement) {
            let (guessing, stepping) = (Guessing::new(&model, true), Guessing::new(&model, false));
            let find = |model: &Guessing, sources: &[&[u32]], max_length| {
                let eos = vec![1, 2];
                let options = Options { decoder_start: model.model.start, eos, max_length, ..Options::default() };
                in_threads(2, || search(model, sources, &options, &Silent).unwrap())
            };
            // Sources that begin with what is found without that beginning, so that some guesses are right.
            let mut sources = sources(&model);
            for source in &mut sources {
                let found = find(&stepping, &[source], 12).remove(0).remove(0);
                source.splice(0..0, found.tokens);
                source.truncate(model.max_source_len());
            }
            let sources: Vec<_> = sources.iter().map(Vec::as_slice).collect();
            for max_length in [9, model.max_target_len().min(40)] {
                let together = find(&guessing, &sources, max_length);
                for (source, together) in sources.iter().zip(&together) {
                    let alone = find(&guessing, &[source], max_length).remove(0);
                    assert!(alone == *together, "{name} {max_length}");
                    assert!(alone == find(&stepping, &[source], max_length).remove(0), "{name} {max_length}");
                }
            }
            right += guessing.right.into_inner();
        }
        assert!(right > 50, "{right} guesses were right");
    }
}

#[test]
fn rows_that_are_copied_and_mixed_go_on_as_the_rows_they_were() {
    for (name, model) in models(&Placement::cpu()) {
        let sources = sources(&model);
        let (one, other) = (sources[3].as_slice(), sources[6].as_slice());
        let run = |sources: &[&[u32]], tokens: &[[u32; 3]]| {
            let mut state = model.start(sources).unwrap();
            let column = |i: usize| tokens.iter().map(|row| row[i]).collect::<Vec<_>>();
            model.step(&mut state, &column(0)).unwrap();
            model.step(&mut state, &column(1)).unwrap();
            model.step(&mut state, &column(2)).unwrap()
        };
        let mut state = model.start(&[one, other]).unwrap();
        model.step(&mut state, &[model.start, model.start]).unwrap();
        model.reorder(&mut state, &[1, 0, 1]).unwrap();
        model.step(&mut state, &[11, 12, 13]).unwrap();
        model.reorder(&mut state, &[2, 0, 1, 2]).unwrap();
        let scores = model.step(&mut state, &[21, 22, 23, 24]).unwrap();
        let start = model.start;
        let expected =
            run(&[other, other, one, other], &[[start, 13, 21], [start, 11, 22], [start, 12, 23], [start, 13, 24]]);
        assert!(scores == expected, "{name}");
        assert!(model.reorder(&mut state, &[4]).is_err());
        assert!(model.step(&mut state, &[1]).is_err());
    }
}

#[test]
fn rows_that_threads_carry_in_parts_are_mixed_as_if_one_carried_them_all() {
    for (name, model) in models(&Placement::cpu()) {
        let sources = sources(&model);
        let sources: Vec<_> = sources.iter().map(Vec::as_slice).collect();
        let run = || {
            let mut state = model.start(&sources).unwrap();
            model.step(&mut state, &vec![model.start; sources.len()]).unwrap();
            model.reorder(&mut state, &[8, 0, 3, 3, 1, 8, 2]).unwrap();
            model.step(&mut state, &[11, 12, 13, 14, 15, 16, 17]).unwrap();
            model.reorder(&mut state, &[6, 5, 1, 6]).unwrap(); // sources 2, 8, 0 and 2: all with even numbers
            let scores = model.step(&mut state, &[21, 22, 23, 24]).unwrap();
            assert!(model.reorder(&mut state, &[4]).is_err());
            scores
        };
        assert!(in_threads(2, run) == in_threads(1, run), "{name}");
    }
}

#[test]
fn candles_own_operations_compute_the_same() {
    for ((name, fused), (_, plain)) in models(&Placement::cpu()).iter().zip(&models(&Placement::plain())) {
        let sources = sources(fused);
        let sources: Vec<_> = sources.iter().map(Vec::as_slice).collect();
        let steps: Vec<_> = (0..sources.len()).map(|row| 2 + row % 4).collect();
        let pairs = greedy(fused, &sources, &steps).into_iter().zip(greedy(plain, &sources, &steps));
        pairs.for_each(|(fused, plain)| assert_close(&fused, &plain, name));

        let pairs: Vec<_> = sources.windows(2).map(|pair| Pair { source: pair[0], target: pair[1] }).collect();
        let (fused, plain) = (fused.force(&pairs, None).unwrap(), plain.force(&pairs, None).unwrap());
        for (fused, plain) in fused.iter().zip(&plain) {
            assert_close(&fused.log_probs, &plain.log_probs, name);
            assert_close(&fused.attention, &plain.attention, name);
        }
    }
}

fn assert_close(found: &[f32], expected: &[f32], name: &str) {
    assert_eq!(found.len(), expected.len());
    let greatest = found.iter().zip(expected).fold(0.0, |greatest: f32, (a, b)| greatest.max((a - b).abs()));
    assert!(greatest < 5e-5, "{name}: {greatest}");
}

#[test]
fn one_pass_agrees_with_the_steps_and_every_token_spends_all_its_attention() {
    for (name, model) in models(&Placement::cpu()) {
        let sources = sources(&model);
        let target = [9, 77, 12, 0];
        let pairs: Vec<_> = sources.iter().map(|source| Pair { source, target: &target }).collect();
        let forced = model.force(&pairs, Some((0, 1))).unwrap();
        for (pair, Forced { log_probs, attention }) in pairs.iter().zip(&forced) {
            let mut state = model.start(&[pair.source]).unwrap();
            let mut token = model.start;
            for (next, log_prob) in target.iter().zip(log_probs) {
                let scores = model.step(&mut state, &[token]).unwrap();
                let sum: f64 = scores.iter().map(|score| f64::from(*score).exp()).sum();
                let expected = f64::from(scores[*next as usize]) - sum.ln();
                assert!((f64::from(*log_prob) - expected).abs() < 1e-4, "{name}");
                token = *next;
            }
            assert_eq!(attention.len(), target.len() * pair.source.len());
            assert!(attention.chunks_exact(pair.source.len()).all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-5));
        }
    }
}

#[test]
fn the_attention_of_several_heads_is_their_mean() {
    for (name, model) in models(&Placement::cpu()) {
        let sources = sources(&model);
        let pairs = [(2, 3), (5, 4)].map(|(i, j)| Pair { source: &sources[i], target: &sources[j] });
        let mean = model.attend(&pairs, &[(0, 0), (0, 1)]).unwrap();
        let each = [(0, 0), (0, 1)].map(|head| model.force(&pairs, Some(head)).unwrap());
        for (i, mean) in mean.iter().enumerate() {
            let [one, other] = [0, 1].map(|head: usize| &each[head][i].attention);
            let expected: Vec<f32> = one.iter().zip(other).map(|(one, other)| (one + other) / 2.0).collect();
            assert_close(mean, &expected, &name);
        }
        assert!(model.attend(&pairs, &[(0, 1), (0, 99)]).is_err());
    }
}

#[test]
fn what_the_model_cannot_take_is_an_error() {
    let model = load();
    let (limit, vocab) = (model.max_source_len(), model.config.source_vocab as u32);
    let long = vec![5; limit + 1];
    assert!(model.start(&[&long[1..]]).is_ok());
    for (source, word) in [(&long[..], limit + 1), (&[], 0), (&[vocab], vocab as usize)] {
        let Err(error) = model.start(&[&[5, 0], source]) else { panic!("{word}") };
        assert!(error.to_string().contains(&word.to_string()), "{error}");
        assert!(error.hint().is_some());
    }
    let force = |target: &[u32], head| model.force(&[Pair { source: &[5, 0], target }], head);
    assert!(force(&[5, 0], None).is_ok());
    assert!(force(&[], None).is_err());
    assert!(force(&long, None).is_err());
    assert!(force(&[vocab], None).is_err());
    assert!(force(&[5, 0], Some((model.config.decoder.layers, 0))).is_err());
    assert!(model.force(&[], None).unwrap().is_empty());
    assert!(model.start(&[]).is_ok());
    let mut state = model.start(&[&[5, 0]]).unwrap();
    assert!(model.step(&mut state, &[vocab]).is_err());
    for _ in 0..model.max_target_len() {
        model.step(&mut state, &[5]).unwrap();
    }
    assert!(model.step(&mut state, &[5]).is_err());
}
