//! Segmentation by byte-pair encoding: the best adjacent pair is merged until none is a piece
//! ([Sennrich et al. 2016](https://arxiv.org/abs/1508.07909)).

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use super::proto::{Kind, Piece};
use super::trie::Trie;

#[derive(Debug, Clone)]
pub(super) struct Bpe {
    pieces: Trie,
    symbols: Option<Trie>,
    scores: Vec<f32>,
    unused: Vec<bool>,
    unknown: u32,
}

/// A stretch of the text that is one piece so far; empty once it is merged into the one before it.
#[derive(Debug, Clone, Copy)]
struct Symbol {
    start: usize,
    end: usize,
    /// Where its text leads in the trie of pieces.
    node: Option<usize>,
    previous: Option<usize>,
    next: Option<usize>,
    /// A user-defined symbol, which is never merged.
    frozen: bool,
}

/// Two neighbours that make a piece.
#[derive(Debug, Clone, Copy)]
struct Pair {
    left: usize,
    right: usize,
    score: f32,
    length: usize,
    node: usize,
}

impl Ord for Pair {
    /// The higher score first, then the further left.
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.left.cmp(&self.left))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Pair {}

/// One text under way.
struct Merge<'m> {
    model: &'m Bpe,
    text: &'m [u8],
    symbols: Vec<Symbol>,
    agenda: BinaryHeap<Pair>,
    /// How long the left part of each unused piece was when it was merged, to take it apart again.
    left_of_unused: HashMap<u32, usize>,
}

impl Bpe {
    pub(super) fn new(model: &[Piece<'_>], pieces: Trie, symbols: Option<Trie>, unknown: u32) -> Self {
        Self {
            pieces,
            symbols,
            scores: model.iter().map(|piece| piece.score).collect(),
            unused: model.iter().map(|piece| piece.kind == Kind::Unused).collect(),
            unknown,
        }
    }

    /// The pieces of a normalised text: where each ends, and its number.
    pub(super) fn segment(&self, text: &str) -> Vec<(usize, u32)> {
        let mut merge = Merge {
            model: self,
            text: text.as_bytes(),
            symbols: self.characters(text),
            agenda: BinaryHeap::new(),
            left_of_unused: HashMap::new(),
        };
        for right in 1..merge.symbols.len() {
            merge.consider(Some(right - 1), Some(right));
        }
        while let Some(pair) = merge.agenda.pop() {
            merge.apply(pair);
        }
        merge.finish()
    }

    fn characters(&self, text: &str) -> Vec<Symbol> {
        let mut symbols = Vec::with_capacity(text.len());
        let mut start = 0;
        while let Some(character) = text[start..].chars().next() {
            let defined = self.symbols.as_ref().and_then(|symbols| symbols.longest_prefix(&text.as_bytes()[start..]));
            let end = start + defined.unwrap_or(character.len_utf8());
            let at = symbols.len();
            symbols.push(Symbol {
                start,
                end,
                node: self.pieces.walk(0, &text.as_bytes()[start..end]),
                previous: at.checked_sub(1),
                next: (end < text.len()).then_some(at + 1),
                frozen: defined.is_some(),
            });
            start = end;
        }
        symbols
    }
}

impl Merge<'_> {
    /// Puts two neighbours on the agenda if together they are a piece.
    fn consider(&mut self, left: Option<usize>, right: Option<usize>) {
        let (Some(left), Some(right)) = (left, right) else { return };
        let (a, b) = (self.symbols[left], self.symbols[right]);
        if a.frozen || b.frozen {
            return;
        }
        let Some(node) = a.node.and_then(|node| self.model.pieces.walk(node, &self.text[b.start..b.end])) else {
            return;
        };
        let Some(id) = self.model.pieces.value(node) else { return };
        self.agenda.push(Pair { left, right, score: self.model.scores[id as usize], length: b.end - a.start, node });
        if self.model.unused[id as usize] {
            self.left_of_unused.insert(id, a.end - a.start);
        }
    }

    fn apply(&mut self, pair: Pair) {
        let (left, right) = (self.symbols[pair.left], self.symbols[pair.right]);
        let empty = left.start == left.end || right.start == right.end;
        if empty || left.end - left.start + right.end - right.start != pair.length {
            return; // One of the two has been merged since.
        }
        self.symbols[pair.left].end = right.end;
        self.symbols[pair.left].node = Some(pair.node);
        self.symbols[pair.left].next = right.next;
        self.symbols[pair.right].end = right.start;
        if let Some(next) = right.next {
            self.symbols[next].previous = Some(pair.left);
        }
        self.consider(left.previous, Some(pair.left));
        self.consider(Some(pair.left), right.next);
    }

    fn finish(self) -> Vec<(usize, u32)> {
        let mut pieces = Vec::new();
        let mut at = (!self.symbols.is_empty()).then_some(0);
        while let Some(symbol) = at.map(|at| self.symbols[at]) {
            // Unused pieces fall apart into what they were merged from.
            let mut parts = vec![(symbol.start, symbol.end)];
            while let Some((start, end)) = parts.pop() {
                let id = self.model.pieces.get(&self.text[start..end]).unwrap_or(self.model.unknown);
                match self.left_of_unused.get(&id) {
                    Some(left) if self.model.unused[id as usize] => {
                        parts.extend([(start + left, end), (start, start + left)]);
                    }
                    _ => pieces.push((end, id)),
                }
            }
            at = symbol.next;
        }
        pieces
    }
}
