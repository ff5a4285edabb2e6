//! Several tokens in one step, where a text goes on as its source does: what comes next there is fed as if it had been
//! chosen, and kept as far as it is what is chosen then.
//!
//! What is found is what greedy search finds, to the last bit: each token is still the best after those before it. A step
//! of one row mostly waits for weights, so some more rows cost little. Known as prompt lookup decoding, or as speculative
//! decoding with the source as the draft (<https://arxiv.org/abs/2304.04487>).

use super::beam::Sentence;
use super::{Decode, MOST_BANNED, Options, rules};
use crate::error::{Error, Result};

/// Tokens guessed at first.
pub(super) const FIRST: usize = 4;

/// Fewest and most tokens guessed.
const GUESSES: std::ops::RangeInclusive<usize> = 2..=12;

/// So many tokens must be those of the source for the next ones to be guessed.
const ALIKE: usize = 2;

/// Takes the next tokens of a greedy search with one open sentence; whether it goes on. `most` is how many tokens are
/// guessed at most, and becomes what the next guess may be.
pub(super) fn advance<M: Decode>(
    model: &M,
    state: &mut M::State,
    (source, sentence): (&[u32], &mut Sentence),
    (options, most): (&Options, &mut usize),
) -> Result<bool> {
    let Some(prefix) = sentence.prefixes().next() else { return Ok(false) };
    let first = prefix.len();
    let mut banned = vec![rules::banned(source, prefix, options)];
    if banned[0].len() > MOST_BANNED {
        let candidates = super::candidates(model, state, &[(source, prefix)], options)?;
        return Ok(!sentence.advance(&candidates, options).is_empty());
    }
    // With what is chosen after the last guess, no text is longer than the longest.
    let guesses = guess(source, prefix, (*most).min(options.max_length.saturating_sub(first + 1)));
    let mut text = prefix.to_vec();
    for token in guesses {
        // Behind a token that ends a text, or that may not come, nothing is worth guessing.
        let is_possible = (*token as usize) < model.vocab_size() && !options.eos.contains(token);
        if !is_possible || banned.last().is_some_and(|banned| banned.contains(token)) {
            break;
        }
        text.push(*token);
        let after = rules::banned(source, &text, options);
        if after.len() > MOST_BANNED {
            text.pop();
            break;
        }
        banned.push(after);
    }
    let fed = &text[first - 1..];
    let counts: Vec<_> = banned.iter().map(|banned| options.width() + banned.len()).collect();
    let best = model.follow(state, fed, &counts)?;
    let mut kept = 0;
    for (best, banned) in best.into_iter().zip(&banned) {
        let candidates = rules::choose(best, &text[..first + kept], banned, options)?;
        kept += 1;
        if sentence.advance(&[candidates], options).is_empty() {
            return Ok(false);
        }
        let chosen = sentence.prefixes().next().and_then(|prefix| prefix.last());
        if chosen.is_none() || chosen != fed.get(kept) {
            break;
        }
    }
    if kept == 0 {
        return Err(Error::Compute { action: "taking a step", source: "the model gives no scores".into() });
    }
    if fed.len() > 1 {
        *most = (2 * (kept - 1)).clamp(*GUESSES.start(), *GUESSES.end());
    }
    model.keep(state, kept)?;
    Ok(true)
}

/// What follows in the source where it has most of the last tokens of the prefix, the first such place; at most so many
/// tokens, and none if fewer than [`ALIKE`] are there.
fn guess<'a>(source: &'a [u32], prefix: &[u32], most: usize) -> &'a [u32] {
    let alike = |end: &usize| {
        let pairs = source[..*end].iter().rev().zip(prefix.iter().rev());
        pairs.take_while(|(source, prefix)| source == prefix).count()
    };
    let ends = (ALIKE..source.len()).filter(|end| prefix.last() == Some(&source[end - 1]));
    let best = ends.map(|end| (alike(&end), std::cmp::Reverse(end))).max().filter(|(alike, _)| *alike >= ALIKE);
    best.map_or(&[], |(_, std::cmp::Reverse(end))| &source[end..source.len().min(end + most)])
}
