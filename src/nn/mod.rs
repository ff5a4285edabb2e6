//! Neural networks: the only place that names candle.

pub mod activation;
mod amx;
mod attention;
mod device;
mod embedding;
mod fields;
mod fixed;
pub mod generation;
mod host;
mod int8;
mod linear;
mod loader;
pub mod memory;
mod norm;
mod output;
mod pages;
mod panels;
pub mod position;
mod rows;
pub mod search;
pub mod seq2seq;
mod single;
mod vector;
pub mod weights;

pub use device::{Device, Placement, Precision};
pub use int8::Kernel;
pub use linear::f32_kernel;

/// Numbers without a pattern, between -1 and 1, for tests.
#[cfg(test)]
fn noise(seed: u32, count: usize) -> Vec<f32> {
    let next = |state: &mut u32, _| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some((*state >> 8) as f32 / 8_388_608.0 - 1.0)
    };
    (0..count).scan(seed, next).collect()
}
