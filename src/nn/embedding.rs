//! Token ids and positions to hidden states.

use std::borrow::Cow;
use std::sync::Arc;

use candle_core::{Result, Tensor};

use super::host;
use super::loader::{Format, Loader};
use super::norm::Norm;
use super::position::Formula;
use super::weights::Weights;
use crate::error;

/// The way into an encoder or a decoder.
pub(super) struct Embeddings {
    /// Of tokens.
    pub(super) tokens: Tokens,
    /// Of positions, where they are told here and not by attention.
    pub(super) positions: Option<Positions>,
    /// Applied to the sum of both.
    pub(super) norm: Option<Norm>,
}

impl Embeddings {
    /// The hidden states of tokens at positions. `[tokens, d]`
    pub(super) fn forward(&self, ids: &[u32], positions: &[u32]) -> Result<Tensor> {
        let tokens = self.tokens.forward(ids)?;
        let positions = self.positions.as_ref().map(|table| table.forward(ids, positions)).transpose()?;
        match (&self.norm, &positions) {
            (Some(norm), Some(positions)) => norm.forward_sum(&tokens, positions),
            (Some(norm), None) => norm.forward(&tokens),
            (None, Some(positions)) => tokens + positions,
            (None, None) => Ok(tokens),
        }
    }
}

/// A table with one row for each token, shared by the encoder and the decoder where they have the same.
#[derive(Clone)]
pub(super) struct Tokens {
    table: Table,
    scale: f32,
    d: usize,
}

#[derive(Clone)]
enum Table {
    /// Rows are read where they lie in the file: a copy in memory would double the embeddings, because the output layer has
    /// them too, packed.
    File { weights: Arc<dyn Weights>, name: Arc<str>, format: Format },
    /// Where the file's bytes cannot be borrowed.
    Owned { bytes: Arc<[u8]>, format: Format },
    /// As candle computes.
    Plain(Tensor),
}

impl Tokens {
    /// Loads `[vocab, d]`; rows come out multiplied with `scale`.
    pub(super) fn load(loader: &Loader, name: &str, [vocab, d]: [usize; 2], scale: f32) -> error::Result<Self> {
        let table = if loader.placement().fused {
            let floats = loader.floats(name, &[vocab, d])?;
            let format = floats.format;
            match floats.bytes {
                Cow::Borrowed(_) => {
                    Table::File { weights: loader.weights().clone(), name: loader.name(name).into(), format }
                }
                Cow::Owned(bytes) => Table::Owned { bytes: bytes.into(), format },
            }
        } else {
            Table::Plain(loader.tensor(name, &[vocab, d])?)
        };
        Ok(Self { table, scale, d })
    }

    /// `[ids, d]`
    fn forward(&self, ids: &[u32]) -> Result<Tensor> {
        match &self.table {
            Table::Plain(table) => {
                let ids = Tensor::from_slice(ids, ids.len(), table.device())?;
                table.index_select(&ids, 0)? * f64::from(self.scale)
            }
            Table::Owned { bytes, format } => self.rows(ids, bytes, *format),
            Table::File { weights, name, format } => {
                let tensor = weights.get(name).map_err(candle_core::Error::wrap)?;
                let tensor = tensor.ok_or_else(|| candle_core::Error::Msg(format!("the tensor {name} is gone")))?;
                self.rows(ids, &tensor.bytes, *format)
            }
        }
    }

    fn rows(&self, ids: &[u32], bytes: &[u8], format: Format) -> Result<Tensor> {
        let mut values = vec![0.0; ids.len() * self.d];
        let size = self.d * format.size();
        for (id, row) in ids.iter().zip(values.chunks_exact_mut(self.d)) {
            let start = *id as usize * size;
            let Some(bytes) = bytes.get(start..start + size) else {
                candle_core::bail!("the token {id} is not in the table of {} tokens", bytes.len() / size)
            };
            format.widen(bytes, row);
            row.iter_mut().for_each(|value| *value *= self.scale);
        }
        host::tensor(values, (ids.len(), self.d))
    }
}

/// A table with one row for each position.
#[derive(Debug)]
pub(super) struct Positions {
    table: Tensor,
    /// A token that has no position, wherever it stands, and the row of zeros that it gets.
    unplaced: Option<(u32, u32)>,
}

impl Positions {
    /// The rows from `offset` on of a table that the model learned, `[offset + count, d]`.
    pub(super) fn learned(loader: &Loader, name: &str, offset: usize, [count, d]: [usize; 2]) -> error::Result<Self> {
        let mut values = loader.values(name, &[offset + count, d])?;
        values.drain(..offset * d);
        Ok(Self { table: loader.place(values, &[count, d])?, unplaced: None })
    }

    /// The rows from `offset` on of a table by a formula, and one of zeros.
    pub(super) fn sinusoid(
        loader: &Loader,
        formula: Formula,
        offset: usize,
        [count, d]: [usize; 2],
    ) -> error::Result<Self> {
        let mut values = formula.table(offset + count, d);
        values.drain(..offset * d);
        values.resize((count + 1) * d, 0.0);
        Ok(Self { table: loader.place(values, &[count + 1, d])?, unplaced: None })
    }

    /// The same with a token that has no position, wherever it stands; of a table by a formula.
    pub(super) fn without(self, token: u32) -> Self {
        let rows = self.table.dims().first().map_or(0, |rows| *rows as u32);
        Self { unplaced: Some((token, rows.saturating_sub(1))), ..self }
    }

    fn forward(&self, ids: &[u32], positions: &[u32]) -> Result<Tensor> {
        let row = |(id, position): (&u32, &u32)| match self.unplaced {
            Some((token, zeros)) if token == *id => zeros,
            _ => *position,
        };
        let positions: Vec<_> = ids.iter().zip(positions).map(row).collect();
        let positions = Tensor::from_slice(&positions, positions.len(), self.table.device())?;
        self.table.index_select(&positions, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::device::Placement;
    use crate::nn::weights::of_values;

    #[test]
    fn a_token_without_a_position_gets_zeros_wherever_it_stands() {
        let loader = Loader::new("test", of_values(&[]), Placement::cpu());
        let positions = Positions::sinusoid(&loader, Formula::Halves, 2, [5, 4]).unwrap();
        let rows = |positions: &Positions| positions.forward(&[9, 1, 9], &[0, 1, 4]).unwrap().to_vec2::<f32>().unwrap();
        let all = rows(&positions);
        let but_one = rows(&positions.without(1));
        assert_eq!(but_one, [all[0].clone(), vec![0.0; 4], all[2].clone()]);
        assert_ne!(all[1], [0.0; 4]);
    }
}
