//! Attention in candle's operations, over rectangles with masks: what accelerators compute.

use candle_core::{D, Result, Tensor};

use super::Heads;

/// `[rows, tokens, parts * heads * size]` to the part with this number, `[rows, heads, tokens, size]`
pub(super) fn split(x: &Tensor, heads: Heads, part: usize) -> Result<Tensor> {
    let (rows, tokens, _) = x.dims3()?;
    let width = heads.count * heads.size;
    let x = x.narrow(2, part * width, width)?.reshape((rows, tokens, heads.count, heads.size))?;
    x.transpose(1, 2)?.contiguous()
}

/// How much of its attention each query gives to each key. `[rows, heads, queries, keys]`
pub(super) fn weights(queries: &Tensor, keys: &Tensor, mask: Option<&Tensor>, heads: Heads) -> Result<Tensor> {
    let scores = (queries.matmul(&keys.t()?)? * f64::from(heads.scale))?;
    let scores = match mask {
        Some(mask) => scores.broadcast_add(mask)?,
        None => scores,
    };
    candle_nn::ops::softmax(&scores, D::Minus1)
}

/// The attended values, heads side by side again. `[rows, queries, heads * size]`
pub(super) fn attend(weights: &Tensor, values: &Tensor) -> Result<Tensor> {
    weights.matmul(values)?.transpose(1, 2)?.flatten_from(2)
}
