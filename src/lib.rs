//! mujaz (موجز, "news brief") turns Arabic articles into English ones, section by section, and writes a short English
//! brief whose every sentence points at the source sentences it rests on.

pub mod align;
pub mod article;
pub mod brief;
pub mod check;
mod error;
pub mod eval;
pub mod glossary;

pub mod model;
mod names;
pub mod nn;
pub mod pipeline;
pub mod progress;
pub mod read;
pub mod render;
pub mod segment;
pub mod tokenizer;
pub mod translate;

pub use error::{Error, Result};
