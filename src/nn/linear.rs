//! Linear layers. Whether weights are packed for the CPU, kept in half precision or left to candle is decided here; models
//! never know.

use std::ops::Range;

use candle_core::{Result, Tensor};
use rayon::prelude::*;

use super::activation::Activation;
use super::device::Precision;
use super::int8::{self, After};
use super::loader::{Floats, Loader};
use super::{fixed, host, single};
use crate::error;

/// The instructions that compute in single precision on this machine, for the user.
pub fn f32_kernel() -> &'static str {
    if fixed::is_fast() {
        return "AMX, in fixed point";
    }
    #[cfg(target_arch = "x86_64")]
    {
        use super::vector::{Avx2, Avx512};
        if Avx512::new().is_some() {
            return "AVX-512";
        }
        if Avx2::new().is_some() {
            return "AVX2";
        }
    }
    if cfg!(target_arch = "aarch64") { "NEON" } else { int8::Kernel::Portable.name() }
}

/// `y = x Wᵀ + b`, several layers that have the same input side by side.
#[derive(Debug)]
pub(super) struct Linear {
    inputs: usize,
    outputs: usize,
    weight: Weight,
}

enum Weight {
    /// For the CPU in single or half precision.
    Floats { weight: single::Matrix, bias: Option<Vec<f32>> },
    /// For the CPU in single precision, where fixed point is faster than floats.
    Fixed { weight: fixed::Matrix, bias: Option<Vec<f32>> },
    /// For the CPU in eight-bit integers.
    Int8 { weight: int8::Matrix, bias: Option<Vec<f32>> },
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

/// What a layer computes with: one for all layers of the same inputs and precision.
pub(super) enum Input<'a> {
    Values(&'a [f32]),
    Fixed(fixed::Rows),
    Rounded(int8::Rows),
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

    /// Loads layers by the names of their tensors. Either all have a bias or none has.
    pub(super) fn of(loader: &Loader, parts: &[Part], inputs: usize) -> error::Result<Self> {
        let outputs = parts.iter().map(|part| part.outputs).sum();
        Self::range(loader, parts, [inputs, outputs], 0..outputs)
    }

    /// As [`Linear::of`], of all the outputs only those in `range`.
    pub(super) fn range(
        loader: &Loader,
        parts: &[Part],
        [inputs, all]: [usize; 2],
        range: Range<usize>,
    ) -> error::Result<Self> {
        let outputs = range.len();
        let bias = bias(loader, parts)?.map(|bias| bias[range.clone()].to_vec());
        let weight = if loader.placement().fused {
            let rows = Rows::take(loader, parts, inputs)?;
            let weight = match loader.placement().precision {
                Precision::Int8 => Weight::Int8 { weight: rows.round(loader, range)?, bias },
                Precision::F32 if fixed::is_fast() => rows.split(loader, range, bias)?,
                precision => Weight::Floats { weight: rows.lay_out(loader, range, precision)?, bias },
            };
            parts.iter().for_each(|part| loader.release(part.weight));
            weight
        } else {
            debug_assert_eq!(range, 0..all, "only what this crate computes itself lies in blocks");
            let bias = bias.map(|bias| loader.place(bias, &[outputs])).transpose()?;
            let weight = match parts {
                // By name, so that an output layer tied to the embeddings is on the device once.
                [part] => loader.tensor(part.weight, &[part.outputs, inputs])?,
                _ => {
                    let mut values = vec![0.0; all * inputs];
                    Rows::take(loader, parts, inputs)?.widen(0..all, &mut values);
                    loader.place(values, &[all, inputs])?
                }
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

    /// What the layer computes with, from row-major numbers.
    pub(super) fn input<'a>(&self, x: &'a [f32]) -> Input<'a> {
        match self.weight {
            Weight::Int8 { .. } => Input::Rounded(int8::Rows::round(x, self.inputs)),
            Weight::Fixed { .. } => Input::Fixed(fixed::Rows::new(x, self.inputs)),
            _ => Input::Values(x),
        }
    }

    fn compute(&self, x: &Tensor, activation: Option<Activation>) -> Result<Tensor> {
        let rows = x.dim(0)?;
        if let Weight::Plain { weight, bias } = &self.weight {
            let y = x.matmul(&weight.t()?)?;
            let y = bias.as_ref().map_or(Ok(y.clone()), |bias| y.broadcast_add(bias))?;
            return activation.map_or(Ok(y.clone()), |activation| activation.forward(&y));
        }
        host::tensor(host::read(x, |x| self.product(&self.input(x), activation))??, (rows, self.outputs))
    }

    /// Whether candle computes it.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.weight, Weight::Plain { .. })
    }

    /// Number of outputs.
    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    /// The outputs as numbers, row-major.
    pub(super) fn product(&self, x: &Input, activation: Option<Activation>) -> Result<Vec<f32>> {
        let mut y = Vec::new();
        self.product_into(x, activation, &mut y)?;
        Ok(y)
    }

    /// As [`Linear::product`], into `y`, whose memory is used again.
    pub(super) fn product_into(&self, x: &Input, activation: Option<Activation>, y: &mut Vec<f32>) -> Result<()> {
        match (&self.weight, x) {
            (Weight::Floats { weight, bias }, Input::Values(x)) => weight.product(x, bias.as_deref(), y),
            (Weight::Fixed { weight, bias }, Input::Fixed(x)) => weight.product(x, bias.as_deref(), y),
            (Weight::Int8 { weight, bias }, Input::Rounded(x)) => {
                let relu = activation == Some(Activation::Relu);
                weight.product(x, After { bias: bias.as_deref(), relu }, y);
                if relu {
                    return Ok(());
                }
            }
            _ => candle_core::bail!("this input is not for this layer"),
        }
        if let Some(activation) = activation {
            let share = 1 << 14;
            match host::is_large(8 * y.len()) {
                true => y.par_chunks_mut(share).for_each(|y| activation.apply(y)),
                false => activation.apply(y),
            }
        }
        Ok(())
    }
}

fn bias(loader: &Loader, parts: &[Part]) -> error::Result<Option<Vec<f32>>> {
    let mut bias = Vec::new();
    for (name, shape) in parts.iter().filter_map(|part| part.bias) {
        loader.append(name, shape, &mut bias)?;
    }
    Ok((!bias.is_empty()).then_some(bias))
}

/// The weights of several layers side by side, as they lie in a file: a row for each output.
struct Rows<'a> {
    inputs: usize,
    /// Where each part begins, and its weights.
    parts: Vec<(usize, Floats<'a>)>,
}

impl<'a> Rows<'a> {
    fn take(loader: &'a Loader, parts: &[Part], inputs: usize) -> error::Result<Self> {
        let mut start = 0;
        let take = |part: &Part| {
            let floats = loader.floats(part.weight, &[part.outputs, inputs])?;
            start += part.outputs;
            Ok((start - part.outputs, floats))
        };
        Ok(Self { inputs, parts: parts.iter().map(take).collect::<error::Result<_>>()? })
    }

    /// The weights of some outputs in single precision. `[range, inputs]`
    fn widen(&self, range: Range<usize>, values: &mut [f32]) {
        let mut next = range.start;
        while next < range.end {
            let part = self.parts.partition_point(|(start, _)| *start <= next) - 1;
            let (start, floats) = &self.parts[part];
            let end = self.parts.get(part + 1).map_or(range.end, |(start, _)| range.end.min(*start));
            let size = self.inputs * floats.format.size();
            let bytes = &floats.bytes[(next - start) * size..(end - start) * size];
            let values = &mut values[(next - range.start) * self.inputs..(end - range.start) * self.inputs];
            floats.format.widen(bytes, values);
            next = end;
        }
    }

    fn lay_out(&self, loader: &Loader, range: Range<usize>, precision: Precision) -> error::Result<single::Matrix> {
        let format = match precision {
            Precision::Bf16 => single::Format::Bf16,
            Precision::F16 => single::Format::F16,
            _ => single::Format::F32,
        };
        let size = ([self.inputs, range.len()], format);
        single::Matrix::new(size, loader.pages(), self.fill(&range)).map_err(no_room)
    }

    fn split(&self, loader: &Loader, range: Range<usize>, bias: Option<Vec<f32>>) -> error::Result<Weight> {
        let size = [self.inputs, range.len()];
        let weight = fixed::Matrix::new(size, loader.pages(), self.fill(&range)).map_err(no_room)?;
        Ok(match weight {
            Some(weight) => Weight::Fixed { weight, bias },
            None => Weight::Floats { weight: self.lay_out(loader, range, Precision::F32)?, bias },
        })
    }

    fn round(&self, loader: &Loader, range: Range<usize>) -> error::Result<int8::Matrix> {
        let size = [self.inputs, range.len()];
        let matrix = int8::Matrix::round(size, loader.pages(), self.fill(&range)).map_err(no_room)?;
        matrix.ok_or_else(|| error::Error::Option {
            what: "precision",
            value: "int8".into(),
            reason: format!("a layer of this model has {} inputs; take bf16 or f32", self.inputs),
        })
    }

    /// Writes the weights of an output, counted from the beginning of a range.
    fn fill(&self, range: &Range<usize>) -> impl Fn(usize, &mut [f32]) + Sync {
        let start = range.start;
        move |output, values| self.widen(start + output..start + output + 1, values)
    }
}

fn no_room(error: std::io::Error) -> error::Error {
    error::Error::Compute { action: "making room for the weights", source: error.into() }
}

impl std::fmt::Debug for Weight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Floats { weight, .. } => write!(f, "{:?}", weight.format()),
            Self::Fixed { .. } => f.write_str("fixed point"),
            Self::Int8 { .. } => f.write_str("int8"),
            Self::Plain { .. } => f.write_str("candle"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::device::Placement;
    use crate::nn::noise;
    use crate::nn::weights::of_values;

    fn linear(inputs: usize, outputs: usize, placement: Placement) -> (Linear, Vec<f32>, Vec<f32>) {
        let (weight, bias) = (noise(1, inputs * outputs), noise(2, outputs));
        let weights = of_values(&[("a.weight", &[outputs, inputs], &weight), ("a.bias", &[outputs], &bias)]);
        (Linear::load(&Loader::new("test", weights, placement), "a", inputs, outputs).unwrap(), weight, bias)
    }

    #[test]
    fn many_rows_have_the_bits_of_few_however_threads_share_them() {
        let forms = [Precision::F32, Precision::Int8, Precision::Bf16];
        for (inputs, outputs, rows) in [(512, 300, 290), (512, 300, 330), (4096, 70, 300), (64, 2048, 300)] {
            for precision in forms {
                let (linear, ..) = linear(inputs, outputs, Placement::new(crate::nn::Device::Cpu, precision).unwrap());
                let mut x = noise(3, rows * inputs);
                x.iter_mut().step_by(5 * inputs + 3).for_each(|x| *x = 1000.0);
                let product = |x: &[f32]| linear.product(&linear.input(x), None).unwrap();
                let few: Vec<_> = x.chunks(7 * inputs).flat_map(product).collect();
                for threads in [1, 2, 3] {
                    assert!(in_threads(threads, || product(&x)) == few, "{linear:?}, {rows} rows, {threads} threads");
                }
            }
        }
    }

    fn in_threads<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(f)
    }

    #[test]
    fn a_row_has_the_same_bits_among_any_number_of_rows_and_threads() {
        for (inputs, outputs) in [(512, 300), (256, 1027), (37, 64), (1024, 33)] {
            let (linear, ..) = linear(inputs, outputs, Placement::cpu());
            let mut x = noise(3, 70 * inputs);
            x.iter_mut().step_by(5 * inputs + 3).for_each(|x| *x = 1000.0);
            let product = |x: &[f32]| linear.product(&linear.input(x), None).unwrap();
            let alone: Vec<_> = x.chunks_exact(inputs).flat_map(product).collect();
            for rows in 1..=70 {
                for threads in [1, 2] {
                    let y = in_threads(threads, || product(&x[..rows * inputs]));
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
            (placement(Precision::Int8), 1.2e-1),
        ];
        let x = noise(3, 2 * inputs);
        for (placement, tolerance) in forms {
            let (linear, weight, bias) = linear(inputs, outputs, placement);
            let tensor = Tensor::from_slice(&x, (2, inputs), &candle_core::Device::Cpu).unwrap();
            let found = linear.forward(&tensor).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
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
