//! `mujaz models remove`: what nothing else uses.

use std::io::Write as _;

use clap::Args;

use crate::cli::Outcome;
use crate::cli::failure::{Failure, wrote};
use crate::cli::size::Size;
use crate::cli::store::StoreOptions;
use crate::cli::terminal::Terminal;

/// Remove models, and of their files those that nothing else uses
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// Models
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    #[command(flatten)]
    store: StoreOptions,
}

impl Remove {
    pub(super) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let store = self.store.open()?;
        for text in &self.names {
            let name = store.name(text)?;
            let Some(removed) = store.remove(&name)? else {
                return Err(super::pulled(&store, &name).expect_err("there is nothing of it").into());
            };
            writeln!(std::io::stdout(), "{name}  {} freed", Size(removed.bytes)).map_err(wrote)?;
            if !removed.used_by.is_empty() {
                let others = removed.used_by.join(", ");
                terminal.notice(&format!("its files stay, because {others} uses them too"));
            }
        }
        Ok(Outcome::Done)
    }
}
