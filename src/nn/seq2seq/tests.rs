//! What must hold of every encoder-decoder, whatever its weights.

#![cfg(feature = "demo")]

use super::{Forced, Pair, Seq2Seq};
use crate::model::Demo;
use crate::nn::device::Placement;
use crate::nn::search::Decode as _;

/// Sources of different lengths; the ids are those of some words.
fn sources() -> Vec<Vec<u32>> {
    let mut sources: Vec<Vec<u32>> =
        (1..=9u32).map(|n| (1..=n * n % 23).map(|i| 5 + i * 37 * n % 9000).collect()).collect();
    sources.iter_mut().for_each(|source| source.push(0));
    sources
}

fn load(placement: &Placement) -> Seq2Seq {
    Seq2Seq::load(&Demo, placement).unwrap()
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
    let model = load(&Placement::cpu());
    let sources = sources();
    let sources: Vec<_> = sources.iter().map(Vec::as_slice).collect();
    let steps: Vec<_> = (0..sources.len()).map(|row| 3 + row * 5 % 7).collect();
    let together = in_threads(2, || greedy(&model, &sources, &steps));
    for threads in [1, 3] {
        let alone = in_threads(threads, || {
            let pairs = sources.iter().zip(&steps);
            pairs.map(|(source, steps)| greedy(&model, &[source], &[*steps]).remove(0)).collect::<Vec<_>>()
        });
        assert!(alone == together, "{threads} threads");
    }
    let reversed = |values: &[usize]| values.iter().rev().copied().collect::<Vec<_>>();
    let back: Vec<_> = sources.iter().rev().copied().collect();
    let mut back = greedy(&model, &back, &reversed(&steps));
    back.reverse();
    assert!(back == together);
}

#[test]
fn rows_that_are_copied_and_mixed_go_on_as_the_rows_they_were() {
    let model = load(&Placement::cpu());
    let sources = sources();
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
    assert!(scores == expected);
    assert!(model.reorder(&mut state, &[4]).is_err());
    assert!(model.step(&mut state, &[1]).is_err());
}

#[test]
fn candles_own_operations_compute_the_same() {
    let (fused, plain) = (load(&Placement::cpu()), load(&Placement::plain()));
    let sources = sources();
    let sources: Vec<_> = sources.iter().map(Vec::as_slice).collect();
    let steps: Vec<_> = (0..sources.len()).map(|row| 2 + row % 4).collect();
    let pairs = greedy(&fused, &sources, &steps).into_iter().zip(greedy(&plain, &sources, &steps));
    pairs.for_each(|(fused, plain)| assert_close(&fused, &plain));

    let pairs: Vec<_> = sources.windows(2).map(|pair| Pair { source: pair[0], target: pair[1] }).collect();
    let (fused, plain) = (fused.force(&pairs, None).unwrap(), plain.force(&pairs, None).unwrap());
    for (fused, plain) in fused.iter().zip(&plain) {
        assert_close(&fused.log_probs, &plain.log_probs);
        assert_close(&fused.attention, &plain.attention);
    }
}

fn assert_close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    let greatest = found.iter().zip(expected).fold(0.0, |greatest: f32, (a, b)| greatest.max((a - b).abs()));
    assert!(greatest < 5e-5, "{greatest}");
}

#[test]
fn one_pass_agrees_with_the_steps_and_every_token_spends_all_its_attention() {
    let model = load(&Placement::cpu());
    let sources = sources();
    let target = [9, 77, 1234, 0];
    let pairs: Vec<_> = sources.iter().map(|source| Pair { source, target: &target }).collect();
    let forced = model.force(&pairs, Some((0, 7))).unwrap();
    for (pair, Forced { log_probs, attention }) in pairs.iter().zip(&forced) {
        let mut state = model.start(&[pair.source]).unwrap();
        let mut token = model.start;
        for (next, log_prob) in target.iter().zip(log_probs) {
            let scores = model.step(&mut state, &[token]).unwrap();
            let sum: f64 = scores.iter().map(|score| f64::from(*score).exp()).sum();
            let expected = f64::from(scores[*next as usize]) - sum.ln();
            assert!((f64::from(*log_prob) - expected).abs() < 1e-4);
            token = *next;
        }
        assert_eq!(attention.len(), target.len() * pair.source.len());
        assert!(attention.chunks_exact(pair.source.len()).all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-5));
    }
}

#[test]
fn what_the_model_cannot_take_is_an_error() {
    let model = load(&Placement::cpu());
    let long = vec![5; model.max_source_len() + 1];
    assert!(model.start(&[&long[1..]]).is_ok());
    for (source, word) in [(&long[..], "257"), (&[], "0 tokens"), (&[17376], "17376")] {
        let Err(error) = model.start(&[&[5, 0], source]) else { panic!("{word}") };
        assert!(error.to_string().contains(word), "{error}");
        assert!(error.hint().is_some());
    }
    let pair = |target| [Pair { source: &[5, 0], target }];
    assert!(model.force(&pair(&[]), None).is_err());
    assert!(model.force(&pair(&long), None).is_err());
    assert!(model.force(&pair(&[99999]), None).is_err());
    assert!(model.force(&pair(&[5, 0]), Some((2, 0))).is_err());
    assert!(model.force(&[], None).unwrap().is_empty());
    assert!(model.start(&[]).is_ok());
    let mut state = model.start(&[&[5, 0]]).unwrap();
    assert!(model.step(&mut state, &[17376]).is_err());
    for _ in 0..model.max_target_len() {
        model.step(&mut state, &[5]).unwrap();
    }
    assert!(model.step(&mut state, &[5]).is_err());
}
