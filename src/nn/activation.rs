//! The functions between two linear layers.

use candle_core::{Result, Tensor};

use super::host;
use super::vector::{exp, vectorised};

/// A function applied to every element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// `max(x, 0)`
    Relu,
    /// `x * Φ(x)` with the distribution function of the normal distribution.
    Gelu,
    /// The same with an approximation by the hyperbolic tangent.
    GeluTanh,
    /// `x * sigmoid(x)`
    Silu,
    /// The hyperbolic tangent.
    Tanh,
}

/// Names in configurations, as in
/// <https://github.com/huggingface/transformers/blob/main/src/transformers/activations.py>.
static NAMES: &[(&str, Activation)] = &[
    ("relu", Activation::Relu),
    ("gelu", Activation::Gelu),
    ("gelu_python", Activation::Gelu),
    ("gelu_new", Activation::GeluTanh),
    ("gelu_fast", Activation::GeluTanh),
    ("gelu_pytorch_tanh", Activation::GeluTanh),
    ("silu", Activation::Silu),
    ("swish", Activation::Silu),
    ("tanh", Activation::Tanh),
];

impl Activation {
    /// The activation that a configuration calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, activation)| *activation)
    }

    /// All names, for messages.
    pub fn names() -> String {
        NAMES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// Applies it with candle's operations.
    pub(super) fn forward(self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Relu => x.relu(),
            Self::Gelu => x.gelu_erf(),
            Self::GeluTanh => x.gelu(),
            Self::Silu => x.silu(),
            Self::Tanh => x.tanh(),
        }
    }

    /// Applies it to the first half of each row and multiplies that with the second, as gated feed-forward blocks do
    /// (<https://arxiv.org/abs/2002.05202>). `[rows, 2 * n]` to `[rows, n]`
    pub(super) fn gate(self, x: &Tensor, fused: bool) -> Result<Tensor> {
        let (rows, n) = (x.dim(0)?, x.dim(1)? / 2);
        if !fused {
            return self.forward(&x.narrow(1, 0, n)?.contiguous()?)? * x.narrow(1, n, n)?;
        }
        let gated = host::read(x, |x| {
            let mut gated: Vec<f32> = x.chunks_exact(2 * n).flat_map(|row| &row[..n]).copied().collect();
            self.apply(&mut gated);
            for (gated, row) in gated.chunks_exact_mut(n).zip(x.chunks_exact(2 * n)) {
                gated.iter_mut().zip(&row[n..]).for_each(|(gated, factor)| *gated *= factor);
            }
            gated
        })?;
        host::tensor(gated, (rows, n))
    }

    /// Applies it to values in place.
    pub(super) fn apply(self, values: &mut [f32]) {
        apply(self, values);
    }
}

vectorised! {
    fn apply(activation: Activation, values: &mut [f32]) {
        match activation {
            Activation::Relu => values.iter_mut().for_each(|x| *x = if *x < 0.0 { 0.0 } else { *x }),
            Activation::Gelu => {
                values.iter_mut().for_each(|x| *x *= 0.5 + 0.5 * erf(*x * std::f32::consts::FRAC_1_SQRT_2));
            }
            Activation::GeluTanh => values.iter_mut().for_each(|x| {
                const SCALE: f32 = 0.797_884_6; // the root of 2 / π
                *x *= 0.5 + 0.5 * tanh(SCALE * (*x + 0.044715 * *x * *x * *x));
            }),
            Activation::Silu => values.iter_mut().for_each(|x| *x /= 1.0 + exp(-*x)),
            Activation::Tanh => values.iter_mut().for_each(|x| *x = tanh(*x)),
        }
    }
}

#[inline(always)]
fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (1.0 + exp(2.0 * x))
}

/// The error function, with an error of at most 4e-7: formula 7.1.26 of Abramowitz and Stegun, Handbook of Mathematical
/// Functions.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let mut y = 1.061_405_4;
    y = y * t - 1.453_152;
    y = y * t + 1.421_413_7;
    y = y * t - 0.284_496_74;
    y = y * t + 0.254_829_6;
    (1.0 - y * t * exp(-x * x)).copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    /// Values of torch's `relu`, `gelu`, `gelu(approximate="tanh")`, `silu` and `tanh`.
    const TORCH: &[(&str, [f32; 4])] = &[
        ("relu", [0.0, 0.0, 0.5, 3.0]),
        ("gelu", [-0.04550028, -0.114627, 0.345731, 2.99595]),
        ("gelu_new", [-0.04540229, -0.114629, 0.345714, 2.996363]),
        ("silu", [-0.238406, -0.127667, 0.311230, 2.857722]),
        ("tanh", [-0.964028, -0.291313, 0.462117, 0.995055]),
    ];

    #[test]
    fn values_are_those_of_torch_both_ways() {
        for (name, expected) in TORCH {
            let activation = Activation::named(name).unwrap();
            let x = [-2.0, -0.3, 0.5, 3.0];
            let mut values = x;
            activation.apply(&mut values);
            let plain = activation.forward(&Tensor::new(&x, &Device::Cpu).unwrap()).unwrap().to_vec1::<f32>().unwrap();
            for (found, expected) in values.iter().chain(&plain).zip(expected.iter().chain(expected)) {
                assert!((found - expected).abs() < 1e-5, "{name}: {found} {expected}");
            }
        }
        for i in -1000..1000 {
            let x = i as f32 / 100.0;
            let plain = |activation: Activation| {
                let x = Tensor::new(&[x], &Device::Cpu).unwrap();
                activation.forward(&x).unwrap().to_vec1::<f32>().unwrap()[0]
            };
            for (name, activation) in NAMES {
                let mut values = [x];
                activation.apply(&mut values);
                assert!((values[0] - plain(*activation)).abs() < 2e-6, "{name}({x}): {}", values[0]);
            }
        }
        // Another way to compute the same; its neighbour is the approximation.
        assert_eq!(Activation::named("gelu_python"), Some(Activation::Gelu));
        assert_eq!(Activation::named("mish"), None);
        assert!(NAMES.iter().all(|(name, _)| Activation::names().contains(name)));
    }
}
