//! Neural networks: the only place that names candle.

pub mod activation;
mod attention;
mod device;
mod embedding;
mod fields;
pub mod generation;
mod host;
mod linear;
mod loader;
pub mod memory;
mod norm;
pub mod position;
mod rows;
pub mod search;
pub mod seq2seq;
pub mod weights;

pub use device::{Device, Placement, Precision};
