//! Norms over the hidden states of a token.

use candle_core::{Result, Tensor};
use rten_simd::{Isa, SimdOp};
use rten_vecmath::{Normalize, NormalizeOptions, Sum, SumSquareSub};

use super::host;
use super::loader::Loader;
use crate::error;

/// Layer normalisation (<https://arxiv.org/abs/1607.06450>), or the root-mean-square kind without mean and bias
/// (<https://arxiv.org/abs/1910.07467>).
#[derive(Debug)]
pub(super) struct Norm {
    parameters: Parameters,
    eps: f32,
}

#[derive(Debug)]
enum Parameters {
    Fused { weight: Vec<f32>, bias: Option<Vec<f32>> },
    Plain { weight: Tensor, bias: Option<Tensor> },
}

impl Norm {
    /// Layer normalisation by `{name}.weight` and `{name}.bias`, with the term under the root that torch takes where
    /// nothing is said.
    pub(super) fn layer(loader: &Loader, name: &str, size: usize) -> error::Result<Self> {
        Self::load(loader, name, Some("bias"), size, 1e-5)
    }

    /// Root-mean-square normalisation by `{name}.weight`.
    pub(super) fn rms(loader: &Loader, name: &str, size: usize, eps: f32) -> error::Result<Self> {
        Self::load(loader, name, None, size, eps)
    }

    fn load(loader: &Loader, name: &str, bias: Option<&str>, size: usize, eps: f32) -> error::Result<Self> {
        let loader = loader.at(name);
        let shape = [size];
        let parameters = match loader.placement().fused {
            true => Parameters::Fused {
                weight: loader.values("weight", &shape)?,
                bias: bias.map(|bias| loader.values(bias, &shape)).transpose()?,
            },
            false => Parameters::Plain {
                weight: loader.tensor("weight", &shape)?,
                bias: bias.map(|bias| loader.tensor(bias, &shape)).transpose()?,
            },
        };
        Ok(Self { parameters, eps })
    }

    /// `[rows, size]` to the same
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match &self.parameters {
            Parameters::Plain { weight, bias: Some(bias) } => candle_nn::ops::layer_norm(x, weight, bias, self.eps),
            Parameters::Plain { weight, bias: None } => candle_nn::ops::rms_norm(x, weight, self.eps),
            Parameters::Fused { weight, bias } => {
                let values = host::read(x, <[f32]>::to_vec)?;
                host::tensor(self.rows(values, weight, bias.as_deref()), x.shape())
            }
        }
    }

    /// The norm of `x + y`.
    pub(super) fn forward_sum(&self, x: &Tensor, y: &Tensor) -> Result<Tensor> {
        match &self.parameters {
            Parameters::Plain { .. } => self.forward(&(x + y)?),
            Parameters::Fused { weight, bias } => {
                host::tensor(self.rows(host::sum(x, y)?, weight, bias.as_deref()), x.shape())
            }
        }
    }

    fn rows(&self, mut values: Vec<f32>, weight: &[f32], bias: Option<&[f32]>) -> Vec<f32> {
        Rows { values: &mut values, weight, bias, eps: self.eps }.dispatch();
        values
    }
}

/// Norms every row in place, each by itself.
struct Rows<'a> {
    values: &'a mut [f32],
    weight: &'a [f32],
    bias: Option<&'a [f32]>,
    eps: f32,
}

impl SimdOp for Rows<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let size = self.weight.len();
        for row in self.values.chunks_exact_mut(size) {
            let mean = if self.bias.is_some() { Sum::new(row).eval(isa) / size as f32 } else { 0.0 };
            let variance = SumSquareSub::new(row, mean).eval(isa) / size as f32;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: (variance + self.eps).sqrt().recip(),
                element_scale: Some(self.weight),
                element_bias: self.bias,
                ..NormalizeOptions::default()
            };
            Normalize::new_mut(row, options).eval(isa);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::device::Placement;
    use crate::nn::weights::of_values;

    /// Values of torch's `layer_norm` and `rms_norm`.
    #[test]
    fn norms_are_those_of_torch_both_ways() {
        let weights = of_values(&[("a.weight", &[3], &[1.0, 0.5, -2.0]), ("a.bias", &[3], &[0.1, 0.0, 1.0])]);
        for placement in [Placement::cpu(), Placement::plain()] {
            let loader = Loader::new("test", weights.clone(), placement);
            let x = Tensor::new(&[[1f32, 2.0, 4.0], [-3.0, 0.0, 0.5]], &candle_core::Device::Cpu).unwrap();
            let layer = Norm::layer(&loader, "a", 3).unwrap();
            close(&layer.forward(&x).unwrap(), LAYER);
            close(&layer.forward_sum(&x, &x.zeros_like().unwrap()).unwrap(), LAYER);
            close(&Norm::rms(&loader, "a", 3, 1e-6).unwrap().forward(&x).unwrap(), RMS);
        }
    }

    fn close(found: &Tensor, expected: &[f32]) {
        let found = found.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?} {expected:?}");
    }

    const LAYER: &[f32] = &[-0.969041, -0.133630, -1.672604, -1.301823, 0.269581, -0.725321];
    const RMS: &[f32] = &[0.377964, 0.377964, -3.023715, -1.708484, 0.0, -0.569495];
}
