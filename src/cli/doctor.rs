//! `mujaz doctor`: what this program and this machine can do.

use std::io::Write as _;

use clap::Args;

use super::Outcome;
use super::failure::{Failure, wrote};
use super::terminal::Terminal;

/// Say what this program and this machine can do
#[derive(Debug, Args)]
pub(crate) struct Doctor {}

const FEATURES: &[(&str, bool)] = &[
    ("hub", cfg!(feature = "hub")),
    ("demo", cfg!(feature = "demo")),
    ("cuda", cfg!(feature = "cuda")),
    ("cudnn", cfg!(feature = "cudnn")),
    ("metal", cfg!(feature = "metal")),
    ("accelerate", cfg!(feature = "accelerate")),
    ("mkl", cfg!(feature = "mkl")),
];

impl Doctor {
    /// Prints the report on standard output.
    pub(crate) fn run(self, _terminal: &Terminal) -> Result<Outcome, Failure> {
        let mut out = std::io::stdout().lock();
        let features: Vec<_> = FEATURES.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
        writeln!(out, "mujaz {}", env!("CARGO_PKG_VERSION")).map_err(wrote)?;
        writeln!(out, "features  {}", features.join(" ")).map_err(wrote)?;
        Ok(Outcome::Done)
    }
}
