//! Neural networks: the only place that names candle.

mod fields;
pub mod generation;
pub mod memory;
pub mod search;
pub mod weights;
