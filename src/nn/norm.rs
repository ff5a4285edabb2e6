//! Norms over the hidden states of a token.

use candle_core::{Result, Tensor};

use super::host;
use super::loader::Loader;
use super::vector::{sum, vectorised};
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
        match bias {
            Some(bias) => layer_norm(&mut values, weight, bias, self.eps),
            None => rms_norm(&mut values, weight, self.eps),
        }
        values
    }
}

vectorised! {
    fn layer_norm(values: &mut [f32], weight: &[f32], bias: &[f32], eps: f32) {
        let size = weight.len();
        for row in values.chunks_exact_mut(size) {
            let mean = sum(row, |x| x) / size as f32;
            let variance = sum(row, |x| (x - mean) * (x - mean)) / size as f32;
            let scale = (variance + eps).sqrt().recip();
            for ((x, weight), bias) in row.iter_mut().zip(weight).zip(bias) {
                *x = (*x - mean) * scale * weight + bias;
            }
        }
    }
}

vectorised! {
    fn rms_norm(values: &mut [f32], weight: &[f32], eps: f32) {
        let size = weight.len();
        for row in values.chunks_exact_mut(size) {
            let scale = (sum(row, |x| x * x) / size as f32 + eps).sqrt().recip();
            row.iter_mut().zip(weight).for_each(|(x, weight)| *x = *x * scale * weight);
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
