//! The most probable segmentation under a unigram language model: one Viterbi pass
//! ([Kudo 2018](https://arxiv.org/abs/1804.10959)).
//!
//! Scores are added up in the order and the precision of the reference implementation (its release 0.2.3; earlier ones
//! added in double precision), and of equal paths the one that is found first stays: both decide how repeated characters
//! are cut.

use super::proto::{Kind, Piece};
use super::trie::Trie;

/// What an unknown character costs below the least probable piece.
const UNKNOWN_PENALTY: f32 = 10.0;

#[derive(Debug, Clone)]
pub(super) struct Unigram {
    pieces: Trie,
    /// The score of each piece; `None` for pieces that must not be used.
    scores: Vec<Option<f32>>,
    unknown: u32,
    unknown_score: f32,
}

/// The best path that ends at one byte: where its last piece starts, which piece it is, and the score of it all.
#[derive(Debug, Clone, Copy)]
struct Best {
    start: usize,
    id: u32,
    score: f32,
}

impl Unigram {
    pub(super) fn new(model: &[Piece<'_>], pieces: Trie, unknown: u32) -> Self {
        let normal = model.iter().filter(|piece| piece.kind == Kind::Normal).map(|piece| piece.score);
        let scores = model.iter().map(|piece| match piece.kind {
            Kind::Unused => None,
            // A symbol wins against log-probabilities, and a longer one against a shorter.
            Kind::UserDefined => Some((0.1 * (piece.text.len() - 1) as f64) as f32),
            _ => Some(piece.score),
        });
        Self {
            pieces,
            scores: scores.collect(),
            unknown,
            unknown_score: normal.fold(f32::MAX, f32::min) - UNKNOWN_PENALTY,
        }
    }

    /// The pieces of a normalised text: where each ends, and its number.
    pub(super) fn segment(&self, text: &str) -> Vec<(usize, u32)> {
        let mut best: Vec<Option<Best>> = vec![None; text.len() + 1];
        for (start, character) in text.char_indices() {
            let so_far = best[start].map_or(0.0, |best| best.score);
            let mut single = false;
            for (length, id) in self.pieces.prefixes(&text.as_bytes()[start..]) {
                let Some(score) = self.scores[id as usize] else { continue };
                let score = score + so_far;
                let end = &mut best[start + length];
                if end.is_none_or(|best| score > best.score) {
                    *end = Some(Best { start, id, score });
                }
                single |= length == character.len_utf8();
            }
            if !single {
                let score = self.unknown_score + so_far;
                let end = &mut best[start + character.len_utf8()];
                if end.is_none_or(|best| score > best.score) {
                    *end = Some(Best { start, id: self.unknown, score });
                }
            }
        }
        let mut path = Vec::new();
        let mut end = text.len();
        while let Some(last) = best[end] {
            path.push((end, last.id));
            end = last.start;
        }
        path.reverse();
        path
    }
}
