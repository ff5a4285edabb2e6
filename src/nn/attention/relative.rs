//! Relative positions as T5 tells them: what a head adds to a score for how far the key lies from the query.
//!
//! Reference: <https://arxiv.org/abs/1910.10683>, section 2.1. Distances are put into buckets, each of the near ones into
//! its own, the far ones into wider and wider ones. An encoder tells the keys before a query from those after it; a
//! decoder, which sees none after it, has all buckets for those before.

use std::ops::Range;

use candle_core::{Device, Result, Tensor};

use crate::error;
use crate::nn::device::Placement;
use crate::nn::loader::Loader;

/// How distances are put into buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::nn) struct Buckets {
    /// Number of buckets.
    pub(in crate::nn) count: usize,
    /// The distance from which on all are in the last bucket.
    pub(in crate::nn) max_distance: usize,
}

impl Buckets {
    /// Whether there are buckets for near and for far distances, before the last one.
    pub(in crate::nn) fn are_possible(self) -> bool {
        self.count >= 4 && self.max_distance > self.count / 2
    }

    /// The bucket of a key at `position` from the query, negative before it. `both` says that keys after the query have
    /// half of the buckets.
    fn of(self, position: isize, both: bool) -> usize {
        let (count, first, distance) = match both {
            true if position > 0 => (self.count / 2, self.count / 2, position.unsigned_abs()),
            true => (self.count / 2, 0, position.unsigned_abs()),
            false => (self.count, 0, position.min(0).unsigned_abs()),
        };
        let exact = count / 2;
        if distance < exact {
            return first + distance;
        }
        // In single precision as the reference has it, because at the borders of buckets that decides.
        let share = (distance as f32 / exact as f32).ln() / (self.max_distance as f64 / exact as f64).ln() as f32;
        first + (exact + (share * (count - exact) as f32) as usize).min(count - 1)
    }
}

/// What each head of a stack adds to scores, learned for each bucket.
#[derive(Debug)]
pub(in crate::nn) struct RelativeBias {
    /// `[buckets, heads]`
    table: Vec<f32>,
    heads: usize,
    buckets: Buckets,
    /// Whether queries see keys after them.
    both: bool,
    placement: Placement,
}

impl RelativeBias {
    /// Loads `{name}`, `[buckets, heads]`.
    pub(in crate::nn) fn load(
        loader: &Loader,
        name: &str,
        heads: usize,
        (buckets, both): (Buckets, bool),
    ) -> error::Result<Self> {
        let table = loader.values(name, &[buckets.count, heads])?;
        Ok(Self { table, heads, buckets, both, placement: loader.placement().clone() })
    }

    /// What is added in rows of at most `tokens` tokens, every query seeing at most its row.
    pub(in crate::nn) fn spread(&self, tokens: usize) -> Result<Spread> {
        self.over(tokens, 0..tokens)
    }

    /// What is added for the last `count` of so many tokens, each of which sees those before it and itself.
    pub(in crate::nn) fn last(&self, tokens: usize, count: usize) -> Result<Spread> {
        self.over(tokens, tokens.saturating_sub(count)..tokens)
    }

    fn over(&self, tokens: usize, queries: Range<usize>) -> Result<Spread> {
        let reach = queries.end.saturating_sub(1);
        let last = tokens.saturating_sub(queries.start);
        let positions = (0..reach + last).map(|i| i as isize - reach as isize);
        let buckets: Vec<_> = positions.map(|position| self.buckets.of(position, self.both)).collect();
        let values: Vec<f32> = (0..self.heads)
            .flat_map(|head| buckets.iter().map(move |bucket| self.table[bucket * self.heads + head]))
            .collect();
        let mut spread = Spread { values, width: buckets.len(), reach, plain: None };
        if !self.placement.fused {
            let shape = (1, self.heads, queries.len(), tokens);
            let values = (0..self.heads).flat_map(|head| queries.clone().map(move |query| (head, query)));
            let values: Vec<_> = values.flat_map(|(head, query)| spread.of(head, query, tokens)).copied().collect();
            let tensor = Tensor::from_vec(values, shape, &Device::Cpu)?;
            spread.plain = Some(tensor.to_dtype(self.placement.dtype())?.to_device(&self.placement.device)?);
        }
        Ok(spread)
    }
}

/// What is added to the scores of some queries, the same in all layers and rows.
#[derive(Debug)]
pub(in crate::nn) struct Spread {
    /// For each position from `-reach` on. `[heads, width]`
    values: Vec<f32>,
    width: usize,
    /// How far before a query its first key lies at most.
    reach: usize,
    /// As candle's attention adds it. `[1, heads, queries, keys]`
    pub(super) plain: Option<Tensor>,
}

impl Spread {
    /// What a head adds to the scores of a query for the first keys of its row.
    pub(super) fn of(&self, head: usize, query: usize, keys: usize) -> &[f32] {
        let start = head * self.width + self.reach - query;
        &self.values[start..start + keys]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Golden {
        first: isize,
        rows: Vec<Row>,
    }

    #[derive(serde::Deserialize)]
    struct Row {
        bidirectional: bool,
        buckets: usize,
        max_distance: usize,
        found: Vec<usize>,
    }

    #[test]
    fn buckets_are_those_of_the_reference_both_ways() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/t5/buckets.json");
        let golden: Golden = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(golden.rows.len(), 8);
        for row in golden.rows {
            let buckets = Buckets { count: row.buckets, max_distance: row.max_distance };
            let found: Vec<_> =
                (0..row.found.len()).map(|i| buckets.of(golden.first + i as isize, row.bidirectional)).collect();
            assert_eq!(found, row.found, "{} {} {}", row.buckets, row.max_distance, row.bidirectional);
        }
    }

    #[test]
    fn a_query_gets_the_same_in_rows_of_any_length() {
        let bias = |both| RelativeBias {
            table: (0..16).map(|i| i as f32).collect(),
            heads: 2,
            buckets: Buckets { count: 8, max_distance: 20 },
            both,
            placement: Placement::plain(),
        };
        let long = bias(true).spread(40).unwrap();
        for length in [1, 7, 40] {
            let short = bias(true).spread(length).unwrap();
            for (head, query) in [(0, 0), (1, length / 2), (1, length - 1)] {
                assert_eq!(short.of(head, query, length), long.of(head, query, length));
            }
            let last = bias(false).last(length, 1).unwrap();
            assert_eq!(last.of(1, length - 1, length), bias(false).spread(40).unwrap().of(1, length - 1, length));
            assert_eq!(last.plain.unwrap().dims(), [1, 2, 1, length]);
        }
        // Head 1, the third token of three, whose keys are two before, one before and itself.
        assert_eq!(bias(true).spread(3).unwrap().of(1, 2, 3), [5.0, 3.0, 1.0]);
        assert_eq!(bias(true).spread(3).unwrap().of(0, 0, 3), [0.0, 10.0, 12.0]);
    }
}
