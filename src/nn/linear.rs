//! Linear layers. Whether weights are packed for the CPU, kept in half precision or left to candle is decided here; models
//! never know.

use std::ops::Range;

use candle_core::{DType, Result, Tensor};
use half::slice::HalfFloatSliceExt as _;
use half::{bf16, f16};
use rayon::prelude::*;
use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmUninitOptions, PackedBMatrix};
use rten_tensor::NdTensorView;

use super::activation::Activation;
use super::device::Precision;
use super::host;
use super::loader::Loader;
use crate::error;

/// `y = x Wᵀ + b`, several layers that have the same input side by side.
#[derive(Debug)]
pub(super) struct Linear {
    inputs: usize,
    outputs: usize,
    weight: Weight,
}

enum Weight {
    /// For the CPU in single precision.
    Packed { weight: PackedBMatrix<f32>, bias: Option<Vec<f32>> },
    /// For the CPU in half precision: half the memory, widened to single precision at each use and so slower.
    Halves { weight: Halves, bias: Option<Vec<f32>> },
    /// As candle computes.
    Plain { weight: Tensor, bias: Option<Tensor> },
}

/// One of the layers that lie side by side in a [`Linear`].
pub(super) struct Part<'a> {
    /// Name of the weight, `[outputs, inputs]`.
    pub(super) weight: &'a str,
    /// Name of the bias and its shape, if it has one.
    pub(super) bias: Option<(&'a str, &'a [usize])>,
    /// Number of outputs.
    pub(super) outputs: usize,
}

impl Linear {
    /// Loads `{name}.weight` and `{name}.bias`.
    pub(super) fn load(loader: &Loader, name: &str, inputs: usize, outputs: usize) -> error::Result<Self> {
        Self::side_by_side(loader, &[name], inputs, outputs)
    }

    /// Loads several layers of the same size; their outputs follow each other.
    pub(super) fn side_by_side(loader: &Loader, names: &[&str], inputs: usize, outputs: usize) -> error::Result<Self> {
        let names: Vec<_> = names.iter().map(|name| [format!("{name}.weight"), format!("{name}.bias")]).collect();
        let shape = [outputs];
        let parts: Vec<_> =
            names.iter().map(|[weight, bias]| Part { weight, bias: Some((bias, &shape)), outputs }).collect();
        Self::of(loader, &parts, inputs)
    }

    /// As [`Linear::side_by_side`], of layers without biases.
    pub(super) fn without_bias(loader: &Loader, names: &[&str], [inputs, outputs]: [usize; 2]) -> error::Result<Self> {
        let names: Vec<_> = names.iter().map(|name| format!("{name}.weight")).collect();
        let parts: Vec<_> = names.iter().map(|weight| Part { weight, bias: None, outputs }).collect();
        Self::of(loader, &parts, inputs)
    }

    /// A table of embeddings as an output layer. `[outputs, inputs]`
    pub(super) fn table(loader: &Loader, name: &str, [outputs, inputs]: [usize; 2]) -> error::Result<Self> {
        Self::of(loader, &[Part { weight: name, bias: None, outputs }], inputs)
    }

    /// Loads layers by the names of their tensors. Either all have a bias or none has.
    pub(super) fn of(loader: &Loader, parts: &[Part], inputs: usize) -> error::Result<Self> {
        let outputs = parts.iter().map(|part| part.outputs).sum();
        let weight = if loader.placement().fused {
            let bias = bias(loader, parts)?;
            match loader.placement().precision {
                Precision::F16 | Precision::Bf16 => {
                    Weight::Halves { weight: Halves::load(loader, parts, inputs)?, bias }
                }
                _ => Weight::Packed { weight: pack(loader, parts, inputs)?, bias },
            }
        } else {
            let bias = bias(loader, parts)?.map(|bias| loader.place(bias, &[outputs])).transpose()?;
            let weight = match parts {
                // By name, so that an output layer tied to the embeddings is on the device once.
                [part] => loader.tensor(part.weight, &[part.outputs, inputs])?,
                _ => loader.place(rows(loader, parts, inputs)?, &[outputs, inputs])?,
            };
            Weight::Plain { weight, bias }
        };
        Ok(Self { inputs, outputs, weight })
    }

    /// `[rows, inputs]` to `[rows, outputs]`
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.compute(x, None)
    }

    /// As [`Linear::forward`], with a function applied to the outputs.
    pub(super) fn forward_with(&self, x: &Tensor, activation: Activation) -> Result<Tensor> {
        self.compute(x, Some(activation))
    }

    /// The outputs as numbers, row-major.
    pub(super) fn scores(&self, x: &Tensor) -> Result<Vec<f32>> {
        match &self.weight {
            Weight::Plain { .. } => self.forward(x)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1(),
            _ => host::read(x, |x| self.product(x, None))?,
        }
    }

    fn compute(&self, x: &Tensor, activation: Option<Activation>) -> Result<Tensor> {
        let rows = x.dim(0)?;
        if let Weight::Plain { weight, bias } = &self.weight {
            let y = x.matmul(&weight.t()?)?;
            let y = bias.as_ref().map_or(Ok(y.clone()), |bias| y.broadcast_add(bias))?;
            return activation.map_or(Ok(y.clone()), |activation| activation.forward(&y));
        }
        host::tensor(host::read(x, |x| self.product(x, activation))??, (rows, self.outputs))
    }

    fn product(&self, x: &[f32], activation: Option<Activation>) -> Result<Vec<f32>> {
        let mut y = match &self.weight {
            Weight::Packed { weight, bias } => {
                gemm(GemmInputB::Packed(weight), x, [self.inputs, self.outputs], bias.as_deref())?
            }
            Weight::Halves { weight, bias } => weight.product(x, self.inputs, bias.as_deref())?,
            Weight::Plain { .. } => candle_core::bail!("candle has no slices of tensors on a device"),
        };
        if let Some(activation) = activation {
            let share = 1 << 14;
            match host::is_large(8 * y.len()) {
                true => y.par_chunks_mut(share).for_each(|y| activation.apply(y)),
                false => activation.apply(&mut y),
            }
        }
        Ok(y)
    }
}

/// `x W + b`, `W` given as `[inputs, outputs]`.
///
/// Every sum runs over the inputs in the same order whatever the number of rows, threads and neighbours, so a row's
/// result is the same to the last bit alone and in any batch. The product of one row and an unpacked matrix takes another
/// way in rten-gemm, so single precision must not come here unpacked.
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

fn bias(loader: &Loader, parts: &[Part]) -> error::Result<Option<Vec<f32>>> {
    let mut bias = Vec::new();
    for (name, shape) in parts.iter().filter_map(|part| part.bias) {
        loader.append(name, shape, &mut bias)?;
    }
    Ok((!bias.is_empty()).then_some(bias))
}

/// The weights of all parts. `[outputs, inputs]`
fn rows(loader: &Loader, parts: &[Part], inputs: usize) -> error::Result<Vec<f32>> {
    let mut rows = Vec::with_capacity(parts.iter().map(|part| part.outputs * inputs).sum());
    for part in parts {
        loader.append(part.weight, &[part.outputs, inputs], &mut rows)?;
    }
    Ok(rows)
}

fn pack(loader: &Loader, parts: &[Part], inputs: usize) -> error::Result<PackedBMatrix<f32>> {
    let rows = rows(loader, parts, inputs)?;
    let rows = NdTensorView::from_data([rows.len() / inputs.max(1), inputs], rows.as_slice());
    Ok(GemmExecutor::new().prepack_b(rows.transposed()))
}

/// Weights in half precision.
enum Halves {
    Bf16(Vec<bf16>),
    F16(Vec<f16>),
}

/// Outputs that are widened and multiplied at a time.
const BLOCK: usize = 128;

impl Halves {
    fn load(loader: &Loader, parts: &[Part], inputs: usize) -> error::Result<Self> {
        let size = parts.iter().map(|part| part.outputs * inputs).sum();
        let mut halves = match loader.placement().precision {
            Precision::F16 => Self::F16(Vec::with_capacity(size)),
            _ => Self::Bf16(Vec::with_capacity(size)),
        };
        for part in parts {
            let values = loader.values(part.weight, &[part.outputs, inputs])?;
            match &mut halves {
                Self::Bf16(halves) => halves.extend(values.into_iter().map(bf16::from_f32)),
                Self::F16(halves) => halves.extend(values.into_iter().map(f16::from_f32)),
            }
        }
        Ok(halves)
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

    fn product(&self, x: &[f32], inputs: usize, bias: Option<&[f32]>) -> Result<Vec<f32>> {
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

impl std::fmt::Debug for Weight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Packed { .. } => "packed f32",
            Self::Halves { weight: Halves::Bf16(_), .. } => "bf16",
            Self::Halves { weight: Halves::F16(_), .. } => "f16",
            Self::Plain { .. } => "candle",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::device::Placement;
    use crate::nn::weights::of_values;

    /// Numbers without a pattern, between -1 and 1.
    fn noise(seed: u32, count: usize) -> Vec<f32> {
        let next = |state: &mut u32, _| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some((*state >> 8) as f32 / 8_388_608.0 - 1.0)
        };
        (0..count).scan(seed, next).collect()
    }

    fn linear(inputs: usize, outputs: usize, placement: Placement) -> (Linear, Vec<f32>, Vec<f32>) {
        let (weight, bias) = (noise(1, inputs * outputs), noise(2, outputs));
        let weights = of_values(&[("a.weight", &[outputs, inputs], &weight), ("a.bias", &[outputs], &bias)]);
        (Linear::load(&Loader::new("test", weights, placement), "a", inputs, outputs).unwrap(), weight, bias)
    }

    fn in_threads<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(f)
    }

    #[test]
    fn a_row_has_the_same_bits_among_any_number_of_rows_and_threads() {
        for (inputs, outputs) in [(512, 300), (256, 1027), (37, 64), (1024, 33)] {
            let (linear, ..) = linear(inputs, outputs, Placement::cpu());
            let x = noise(3, 70 * inputs);
            let alone: Vec<_> = x.chunks_exact(inputs).flat_map(|row| linear.product(row, None).unwrap()).collect();
            for rows in 1..=70 {
                for threads in [1, 2] {
                    let y = in_threads(threads, || linear.product(&x[..rows * inputs], None).unwrap());
                    assert!(y == alone[..rows * outputs], "{rows} rows of {inputs} to {outputs}, {threads} threads");
                }
            }
        }
    }

    #[test]
    fn products_are_those_of_double_precision_in_every_form() {
        let (inputs, outputs) = (131, 259);
        let placement = |precision| Placement::new(crate::nn::Device::Cpu, precision).unwrap();
        let forms = [
            (Placement::cpu(), 1e-5),
            (Placement::plain(), 1e-5),
            (placement(Precision::F16), 5e-3),
            (placement(Precision::Bf16), 5e-2),
        ];
        let x = noise(3, 2 * inputs);
        for (placement, tolerance) in forms {
            let (linear, weight, bias) = linear(inputs, outputs, placement);
            let tensor = Tensor::from_slice(&x, (2, inputs), &candle_core::Device::Cpu).unwrap();
            let found = linear.scores(&tensor).unwrap();
            let rows = x.chunks_exact(inputs).flat_map(|x| {
                weight.chunks_exact(inputs).zip(&bias).map(move |(weight, bias)| {
                    f64::from(*bias) + x.iter().zip(weight).map(|(x, w)| f64::from(*x) * f64::from(*w)).sum::<f64>()
                })
            });
            for (found, expected) in found.iter().zip(rows) {
                assert!((f64::from(*found) - expected).abs() < tolerance, "{linear:?}: {found} {expected}");
            }
            let relu = linear.forward_with(&tensor, Activation::Relu).unwrap().flatten_all().unwrap();
            let expected: Vec<_> = found.iter().map(|value| value.max(0.0)).collect();
            assert_eq!(relu.to_vec1::<f32>().unwrap(), expected);
        }
    }
}
