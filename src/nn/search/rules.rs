//! What may come next: the rules that transformers calls logits processors, and the best tokens that they leave.

use super::{Best, Options, scores};
use crate::error::{Error, Result};

/// A token that may come next and its log-probability.
pub(super) type Candidate = (u32, f32);

/// The best continuations of `prefix`, best first, given the scores of every token, before softmax.
///
/// Log-probabilities are taken before tokens are banned, as beam search in transformers does, unless they are to be
/// renormalised. The row is overwritten.
pub(super) fn candidates(row: &mut [f32], prefix: &[u32], banned: &[u32], options: &Options) -> Result<Vec<Candidate>> {
    let mut norm = None;
    if options.repetition_penalty != 1.0 {
        // Beam search penalises log-probabilities, greedy search the scores as they are.
        let of_all = scores::log_sum_exp(row);
        penalise(row, prefix, options.repetition_penalty, if options.beams > 1 { of_all } else { 0.0 });
        norm = Some(of_all);
    }
    let norm = if options.renormalize { None } else { Some(norm.unwrap_or_else(|| scores::log_sum_exp(row))) };
    for token in banned {
        if let Some(score) = row.get_mut(*token as usize) {
            *score = f32::NEG_INFINITY;
        }
    }
    let best = Best::of(row, options.width());
    choose(Best { norm: norm.unwrap_or(best.norm), ..best }, prefix, &[], options)
}

/// The best continuations of `prefix` that are not banned, best first, with their log-probabilities.
pub(super) fn choose(best: Best, prefix: &[u32], banned: &[u32], options: &Options) -> Result<Vec<Candidate>> {
    if let Some(forced) = forced(prefix.len(), options) {
        let share = if options.renormalize { -(forced.len() as f32).ln() } else { 0.0 };
        return Ok(forced.iter().map(|&token| (token, share)).collect());
    }
    let Best { tokens, norm } = best;
    if norm.is_nan() || norm == f32::INFINITY {
        return Err(Error::Compute {
            action: "choosing the next token",
            source: "the model gives scores that are not numbers; a higher precision may help".into(),
        });
    }
    let allowed = tokens.into_iter().filter(|(token, _)| !banned.contains(token)).take(options.width());
    Ok(allowed.map(|(token, score)| (token, score - norm)).collect())
}

/// The only tokens allowed after `length` tokens, if the choice is not free.
fn forced(length: usize, options: &Options) -> Option<&[u32]> {
    if length + 1 == options.max_length && !options.forced_eos.is_empty() {
        Some(&options.forced_eos)
    } else if length == 1 {
        options.forced_bos.as_ref().map(std::slice::from_ref)
    } else {
        None
    }
}

/// Makes what has occurred less likely: scores less `norm` are divided by the penalty, or multiplied if negative.
fn penalise(row: &mut [f32], prefix: &[u32], penalty: f32, norm: f32) {
    for (i, token) in prefix.iter().enumerate() {
        if let Some(score) = row.get_mut(*token as usize).filter(|_| !prefix[..i].contains(token)) {
            let above = *score - norm;
            *score = norm + if above < 0.0 { above * penalty } else { above / penalty };
        }
    }
}

/// The tokens that may not come after `prefix`, each once.
pub(super) fn banned(source: &[u32], prefix: &[u32], options: &Options) -> Vec<u32> {
    let mut banned: Vec<u32> = completions(prefix, prefix, options.no_repeat_ngram).copied().collect();
    banned.extend(completions(source, prefix, options.encoder_no_repeat_ngram));
    for word in &options.bad_words {
        match word.split_last() {
            Some((last, [])) if options.eos.contains(last) => {}
            Some((last, before)) if prefix.ends_with(before) => banned.push(*last),
            _ => {}
        }
    }
    if prefix.len() < options.min_length {
        banned.extend(&options.eos);
    }
    banned.extend(&options.suppress);
    if prefix.len() == 1 + usize::from(options.forced_bos.is_some()) {
        banned.extend(&options.begin_suppress);
    }
    banned.sort_unstable();
    banned.dedup();
    banned
}

/// The tokens that would make the last `size` tokens after `prefix` ones that stand in `text`; none if `size` is 0.
fn completions<'a>(text: &'a [u32], prefix: &'a [u32], size: usize) -> impl Iterator<Item = &'a u32> {
    let before = size.checked_sub(1).and_then(|size| prefix.len().checked_sub(size)).map(|start| &prefix[start..]);
    let windows = before.map(move |before| text.windows(size).filter(move |window| window.starts_with(before)));
    windows.into_iter().flatten().filter_map(|window| window.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(prefix: &[u32], options: &Options) -> Vec<u32> {
        let mut row: Vec<f32> = (0..8).map(|i| -(i as f32)).collect(); // 0 is the best token, 7 the worst
        candidates(&mut row, prefix, &banned(&[7, 3, 0], prefix, options), options)
            .unwrap()
            .iter()
            .map(|c| c.0)
            .collect()
    }

    #[test]
    fn log_probabilities_are_of_the_softmax_before_or_after_bans() {
        let mut options = Options { beams: 2, eos: vec![7], bad_words: vec![vec![0]], ..Options::default() };
        let row = [2.0f32, 1.0, 0.0, -1.0, f32::NEG_INFINITY];
        let sum = |from: usize| row[from..].iter().map(|x| x.exp()).sum::<f32>().ln();
        for (renormalize, norm) in [(false, sum(0)), (true, sum(1))] {
            options.renormalize = renormalize;
            let found = candidates(&mut row.clone(), &[3], &banned(&[], &[3], &options), &options).unwrap();
            assert_eq!(found.iter().map(|c| c.0).collect::<Vec<_>>(), [1, 2, 3]); // not 4, which is impossible
            assert!((found[0].1 - (1.0 - norm)).abs() < 1e-6);
        }
    }

    #[test]
    fn repeats_bad_words_and_early_ends_are_banned() {
        let options = Options { no_repeat_ngram: 2, ..Options::default() };
        assert_eq!(best(&[5, 0, 1, 5], &options), [1]);
        assert_eq!(best(&[5, 0, 5, 1, 5], &options), [2]);
        assert_eq!(best(&[0, 5, 0], &Options { no_repeat_ngram: 4, ..options.clone() }), [0]);
        let single = Options { no_repeat_ngram: 1, ..options };
        assert_eq!(best(&[0, 1, 3], &single), [2]);
        let source = Options { encoder_no_repeat_ngram: 2, ..Options::default() };
        assert_eq!(best(&[3], &source), [1]);
        assert_eq!(best(&[7], &source), [0]);
        assert_eq!(best(&[0], &source), [0]);
        let words = Options { bad_words: vec![vec![0], vec![5, 1], vec![6, 5, 2], vec![]], ..Options::default() };
        assert_eq!(best(&[5], &words), [2]);
        assert_eq!(best(&[6, 5], &words), [3]);
        assert_eq!(best(&[4], &words), [1]);
        let end = Options { eos: vec![0], bad_words: vec![vec![0]], min_length: 3, ..Options::default() };
        assert_eq!(best(&[4, 4], &end), [1]);
        assert_eq!(best(&[4, 4, 4], &end), [0]);
        let mut suppress = Options { suppress: vec![0], begin_suppress: vec![1, 2], ..Options::default() };
        assert_eq!((best(&[4], &suppress), best(&[4, 4], &suppress)), (vec![3], vec![1]));
        suppress.forced_bos = Some(0);
        assert_eq!((best(&[4], &suppress), best(&[4, 0], &suppress)), (vec![0], vec![3]));
    }

    #[test]
    fn forced_tokens_come_whatever_the_scores() {
        let options =
            Options { forced_bos: Some(6), forced_eos: vec![4, 5], max_length: 4, beams: 2, ..Options::default() };
        assert_eq!(best(&[9], &options), [6]);
        assert_eq!(best(&[9, 6], &options), [0, 1, 2, 3]);
        assert_eq!(best(&[9, 6, 0], &options), [4, 5]);
        let mut row = [f32::NAN; 8];
        assert!(candidates(&mut row, &[9, 6], &[], &options).is_err());
    }
}
