//! Neural networks: the only place that names candle.

pub mod search;
pub mod weights;
