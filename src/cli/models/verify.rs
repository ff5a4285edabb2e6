//! `mujaz models verify`: every byte is read again.

use std::io::Write as _;

use clap::Args;

use super::named_or_all;
use crate::cli::Outcome;
use crate::cli::failure::{Failure, wrote};
use crate::cli::store::StoreOptions;
use crate::cli::terminal::Terminal;

/// Read models again, byte for byte, and compare them with their digests
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Models; without names, all that are pulled
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    store: StoreOptions,
}

impl Verify {
    pub(super) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let store = self.store.open()?;
        let mut out = std::io::stdout().lock();
        let mut damaged = 0;
        for pulled in named_or_all(&store, &self.names)? {
            for verdict in store.verify(&pulled, terminal)? {
                let state = verdict.problem.as_deref().map_or("right".into(), |problem| format!("WRONG: {problem}"));
                writeln!(out, "{}  {}  {}  {state}", verdict.sha256, pulled.name, verdict.name).map_err(wrote)?;
                damaged += usize::from(verdict.problem.is_some());
            }
        }
        if damaged > 0 {
            terminal.notice("what is wrong is pulled again by: mujaz models pull NAME");
            return Err(Failure::Shown(damaged));
        }
        Ok(Outcome::Done)
    }
}
