//! Several tokens in one step, where a text goes on as its source does: what comes next there is fed as if it had been
//! chosen, and kept as far as it is what is chosen then.
//!
//! What is found is what greedy search finds, to the last bit: each token is still the best after those before it. A step
//! of one row mostly waits for weights, so some more rows cost little. Known as prompt lookup decoding, or as speculative
//! decoding with the source as the draft (<https://arxiv.org/abs/2304.04487>).

use super::beam::Sentence;
use super::{Decode, MOST_BANNED, Options, rules};
use crate::error::Result;

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
    // With what is fed, nothing may be longer than the longest target, whose last token is never fed.
    let room = options.max_length.saturating_sub(prefix.len() + 1);
    let guessed = guess(source, prefix, (*most).min(room));
    let mut text = prefix.to_vec();
    text.extend(guessed.iter().take_while(|token| (**token as usize) < model.vocab_size()));
    let first = prefix.len();
    let mut banned: Vec<_> = (first..=text.len()).map(|end| rules::banned(source, &text[..end], options)).collect();
    // A token that may not come ends what is worth to be guessed.
    let allowed = text[first..].iter().zip(&banned).take_while(|(token, banned)| !banned.contains(token)).count();
    text.truncate(first + allowed);
    banned.truncate(1 + allowed);
    let fewest = banned.iter().position(|banned| banned.len() > MOST_BANNED);
    if fewest == Some(0) {
        let texts = [(source, &text[..first])];
        let candidates = super::candidates(model, state, &texts, options)?;
        return Ok(!sentence.advance(&candidates, options).is_empty());
    }
    let fed = &text[first - 1..first + fewest.map_or(allowed, |fewest| fewest - 1)];
    let counts: Vec<_> = banned[..fed.len()].iter().map(|banned| options.width() + banned.len()).collect();
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
