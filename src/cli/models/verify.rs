//! `mujaz models verify`: every byte is read again.

use std::io::Write as _;

use clap::Args;
use mujaz::Error;

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
        let mut damaged = Vec::new();
        for pulled in named_or_all(&store, &self.names)? {
            for verdict in store.verify(&pulled, terminal)? {
                let state = verdict.problem.as_deref().map_or("right".into(), |problem| format!("WRONG: {problem}"));
                writeln!(out, "{}  {}  {}  {state}", verdict.sha256, pulled.name, verdict.name).map_err(wrote)?;
                damaged.extend(verdict.problem.map(|_| pulled.name.clone()));
            }
        }
        let count = damaged.len();
        damaged.dedup();
        if let [model, ..] = &damaged[..] {
            return Err(Failure::Error(Error::Model {
                model: model.clone(),
                problem: if count == 1 { "a file is wrong".into() } else { format!("{count} files are wrong") },
                remedy: format!("mujaz models pull {}", damaged.join(" ")),
            }));
        }
        Ok(Outcome::Done)
    }
}
