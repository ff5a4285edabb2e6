//! Neural networks: the only place that names candle.

pub mod activation;
mod attention;
mod device;
mod embedding;
mod fields;
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
