//! Sentences, and what the model gets to see of them.

mod chars;
mod fold;

pub use fold::fold;
