//! A batch as its tokens one after the other, without padding, and where each row of it begins.

use std::ops::Range;

use candle_core::{Device, Result, Tensor};

use super::device::Placement;

/// Where the tokens of each row lie among the tokens of the batch.
#[derive(Debug)]
pub(super) struct Rows {
    starts: Vec<usize>,
    /// How candle's attention gets its rectangles, where that is what computes.
    pub(super) padding: Option<Padding>,
}

/// The way from tokens one after the other to rows of equal length and back.
#[derive(Debug, Clone)]
pub(super) struct Padding {
    rows: usize,
    longest: usize,
    /// For each place of the rectangle the token that it holds. `[rows * longest]`
    gather: Tensor,
    /// For each token its place in the rectangle. `[tokens]`
    scatter: Tensor,
    /// What is added to scores: nothing, or minus infinity where a place holds no token. `[rows, 1, 1, longest]`
    pub(super) mask: Tensor,
}

impl Rows {
    /// Rows of these lengths, none of them empty.
    pub(super) fn new(lengths: &[usize], placement: &Placement) -> Result<Self> {
        let mut starts = vec![0];
        starts.extend(lengths.iter().scan(0, |end, length| {
            *end += length;
            Some(*end)
        }));
        let mut rows = Self { starts, padding: None };
        if !placement.fused {
            rows.padding = Some(Padding::new(&rows, placement)?);
        }
        Ok(rows)
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The tokens of a row.
    pub(super) fn range(&self, row: usize) -> Range<usize> {
        self.starts[row]..self.starts[row + 1]
    }

    /// All rows.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.starts.windows(2).map(|ends| ends[0]..ends[1])
    }

    /// Most tokens in a row.
    pub(super) fn longest(&self) -> usize {
        self.ranges().map(|range| range.len()).max().unwrap_or_default()
    }

    /// For each token its position in its row.
    pub(super) fn positions(&self) -> Vec<u32> {
        self.ranges().flat_map(|range| 0..range.len() as u32).collect()
    }

    /// For each token the row it is in.
    pub(super) fn of_tokens(&self) -> Vec<usize> {
        self.ranges().enumerate().flat_map(|(row, range)| range.map(move |_| row)).collect()
    }
}

impl Padding {
    fn new(rows: &Rows, placement: &Placement) -> Result<Self> {
        let longest = rows.longest();
        let (mut gather, mut scatter, mut mask) = (Vec::new(), Vec::new(), Vec::new());
        for range in rows.ranges() {
            scatter.extend(range.clone().map(|token| (gather.len() + token - range.start) as u32));
            gather.extend(range.clone().map(|token| token as u32));
            gather.extend((range.len()..longest).map(|_| 0));
            mask.extend((0..longest).map(|i| if i < range.len() { 0.0 } else { f32::NEG_INFINITY }));
        }
        let device = &placement.device;
        let (places, tokens) = (gather.len(), scatter.len());
        let mask = Tensor::from_vec(mask, (rows.len(), 1, 1, longest), &Device::Cpu)?;
        Ok(Self {
            rows: rows.len(),
            longest,
            gather: Tensor::from_vec(gather, places, device)?,
            scatter: Tensor::from_vec(scatter, tokens, device)?,
            mask: mask.to_dtype(placement.dtype())?.to_device(device)?,
        })
    }

    /// `[tokens, width]` to `[rows, longest, width]`
    pub(super) fn pad(&self, x: &Tensor) -> Result<Tensor> {
        x.index_select(&self.gather, 0)?.reshape((self.rows, self.longest, x.dim(1)?))
    }

    /// `[rows, longest, width]` to `[tokens, width]`
    pub(super) fn unpad(&self, x: &Tensor) -> Result<Tensor> {
        x.flatten_to(1)?.index_select(&self.scatter, 0)
    }

    /// Minus infinity where a place comes after another. `[1, 1, longest, longest]`
    pub(super) fn causal_mask(&self) -> Result<Tensor> {
        let n = self.longest;
        let mask: Vec<_> = (0..n)
            .flat_map(|query| (0..n).map(move |key| if key <= query { 0.0 } else { f32::NEG_INFINITY }))
            .collect();
        let mask = Tensor::from_vec(mask, (1, 1, n, n), &Device::Cpu)?;
        mask.to_dtype(self.mask.dtype())?.to_device(self.mask.device())
    }
}
