//! Weights in half precision, widened to single precision at each use.

use std::ops::Range;

use candle_core::Result;
use half::slice::HalfFloatSliceExt as _;
use half::{bf16, f16};
use rayon::prelude::*;
use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmUninitOptions};
use rten_tensor::NdTensorView;

use super::Rows;
use crate::nn::device::Precision;
use crate::nn::loader::Loader;

/// Weights in half precision.
pub(super) enum Halves {
    Bf16(Vec<bf16>),
    F16(Vec<f16>),
}

/// Outputs that are widened and multiplied at a time.
const BLOCK: usize = 128;

impl Halves {
    pub(super) fn load(loader: &Loader, rows: &Rows, range: Range<usize>) -> Self {
        let size = range.len() * rows.inputs;
        let mut halves = match loader.placement().precision {
            Precision::F16 => Self::F16(Vec::with_capacity(size)),
            _ => Self::Bf16(Vec::with_capacity(size)),
        };
        for start in range.clone().step_by(BLOCK) {
            let end = range.end.min(start + BLOCK);
            let mut values = vec![0.0; (end - start) * rows.inputs];
            rows.widen(start..end, &mut values);
            match &mut halves {
                Self::Bf16(halves) => halves.extend(values.into_iter().map(bf16::from_f32)),
                Self::F16(halves) => halves.extend(values.into_iter().map(f16::from_f32)),
            }
        }
        halves
    }

    fn len(&self) -> usize {
        match self {
            Self::Bf16(halves) => halves.len(),
            Self::F16(halves) => halves.len(),
        }
    }

    fn widen(&self, range: Range<usize>, values: &mut [f32]) {
        match self {
            Self::Bf16(halves) => halves[range].convert_to_f32_slice(values),
            Self::F16(halves) => halves[range].convert_to_f32_slice(values),
        }
    }

    pub(super) fn product(&self, x: &[f32], inputs: usize, bias: Option<&[f32]>) -> Result<Vec<f32>> {
        let rows = x.len() / inputs.max(1);
        let outputs = self.len() / inputs.max(1);
        let blocks: Vec<_> = (0..outputs)
            .into_par_iter()
            .step_by(BLOCK)
            .map(|start| {
                let end = (start + BLOCK).min(outputs);
                let mut block = vec![0.0; (end - start) * inputs];
                self.widen(start * inputs..end * inputs, &mut block);
                let block = NdTensorView::from_data([end - start, inputs], block.as_slice());
                let block = GemmInputB::Unpacked(block.transposed());
                gemm(block, x, [inputs, end - start], bias.map(|bias| &bias[start..end]))
            })
            .collect::<Result<_>>()?;
        let mut y = Vec::with_capacity(rows * outputs);
        for row in 0..rows {
            for block in &blocks {
                let width = block.len() / rows;
                y.extend_from_slice(&block[row * width..(row + 1) * width]);
            }
        }
        Ok(y)
    }
}

/// `x W + b`, `W` given as `[inputs, outputs]`.
///
/// The product of one row takes another way in rten-gemm, so that what a row gets may depend on whether it is alone.
fn gemm(weight: GemmInputB<f32>, x: &[f32], [inputs, outputs]: [usize; 2], bias: Option<&[f32]>) -> Result<Vec<f32>> {
    let rows = x.len() / inputs.max(1);
    let x = NdTensorView::from_data([rows, inputs], x);
    let options = GemmUninitOptions { bias: bias.map(BiasVector::Row), ..Default::default() };
    let mut y = Vec::with_capacity(rows * outputs);
    let spare = &mut y.spare_capacity_mut()[..rows * outputs];
    GemmExecutor::new()
        .gemm_uninit(spare, GemmInputA::Unpacked(x), weight, options)
        .map_err(candle_core::Error::wrap)?;
    // SAFETY: `gemm_uninit` returned the same slice as initialised. Zeroing the scores of a large vocabulary first would
    // cost as much as a good part of the product.
    unsafe { y.set_len(rows * outputs) };
    Ok(y)
}
