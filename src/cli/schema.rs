//! `mujaz schema`: the JSON Schema of `--format json`.

use std::io::Write as _;

use clap::Args;
use mujaz::render;

use super::Outcome;
use super::failure::{Failure, wrote};

/// Print the JSON Schema of --format json
#[derive(Debug, Args)]
pub(crate) struct Schema {}

impl Schema {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        std::io::stdout().lock().write_all(render::schema().as_bytes()).map_err(wrote)?;
        Ok(Outcome::Done)
    }
}
