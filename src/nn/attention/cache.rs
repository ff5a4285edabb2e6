//! The keys and values of the target tokens so far, and which of them each row descends from.

use candle_core::{Result, Tensor};

use super::{Heads, plain};

/// The past of every row of a search, shared by all layers.
///
/// Caches only grow: when rows are reordered, copied or left out, just these lists change, and no keys or values move.
#[derive(Debug)]
pub(in crate::nn) struct History {
    /// For each row the entries of the caches that it sees, in the order of its tokens.
    rows: Vec<Vec<u32>>,
    entries: u32,
}

impl History {
    /// So many rows without a past.
    pub(in crate::nn) fn new(rows: usize) -> Self {
        Self { rows: vec![Vec::new(); rows], entries: 0 }
    }

    /// Adds a token to each row; every cache is about to get one entry a row.
    pub(in crate::nn) fn advance(&mut self) {
        for row in &mut self.rows {
            row.push(self.entries);
            self.entries += 1;
        }
    }

    /// Makes of a single row as many as `count`, each with one token more than the one before it; every cache is about to
    /// get one entry a row.
    pub(in crate::nn) fn follow(&mut self, count: usize) {
        let Some(first) = self.rows.pop() else { return };
        let row = |tokens| first.iter().copied().chain(self.entries..self.entries + tokens).collect();
        self.rows = (1..=count as u32).map(row).collect();
        self.entries += count as u32;
    }

    /// Makes row `i` a copy of what was row `rows[i]`.
    pub(in crate::nn) fn reorder(&mut self, rows: &[usize]) {
        self.rows = rows.iter().map(|row| self.rows[*row].clone()).collect();
    }

    /// The entries that a row sees.
    pub(super) fn row(&self, row: usize) -> &[u32] {
        &self.rows[row]
    }
}

/// What lies between entries: at a distance that is a power of two they would all fall into one place of the cache.
pub(super) const GAP: usize = 16;

/// Steps for which a cache makes room at a time.
pub(super) const STEPS: usize = 64;

/// The keys and values of one layer.
#[derive(Debug)]
pub(in crate::nn) enum Cache {
    /// Entries as they came, keys and values. `[entries, heads * size + GAP]`
    Fused { keys: Vec<f32>, values: Vec<f32> },
    /// Keys and values of every row in its order, once there are any. `[rows, heads, tokens, size]`
    Plain(Option<[Tensor; 2]>),
}

impl Cache {
    /// An empty cache.
    pub(in crate::nn) fn new(fused: bool) -> Self {
        if fused { Self::Fused { keys: Vec::new(), values: Vec::new() } } else { Self::Plain(None) }
    }

    /// As [`History::reorder`].
    pub(in crate::nn) fn reorder(&mut self, rows: &Tensor) -> Result<()> {
        if let Self::Plain(Some(pair)) = self {
            *pair = [pair[0].index_select(rows, 0)?, pair[1].index_select(rows, 0)?];
        }
        Ok(())
    }
}

/// Adds the keys and values of one token a row; gives those of all tokens so far. `qkv` is `[rows, 1, 3 * heads * size]`.
pub(super) fn append(past: &mut Option<[Tensor; 2]>, qkv: &Tensor, heads: Heads) -> Result<[Tensor; 2]> {
    let new = [plain::split(qkv, heads, 1)?, plain::split(qkv, heads, 2)?];
    let all = match past.take() {
        None => new,
        Some([keys, values]) => [Tensor::cat(&[&keys, &new[0]], 2)?, Tensor::cat(&[&values, &new[1]], 2)?],
    };
    *past = Some(all.clone());
    Ok(all)
}
