//! `mujaz models export` and `import`: where no network is.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::cli::Outcome;
use crate::cli::failure::{Failure, wrote};
use crate::cli::size::Size;
use crate::cli::store::StoreOptions;
use crate::cli::terminal::Terminal;

/// Write a model into one file, to be carried to another machine
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Model
    #[arg(value_name = "NAME")]
    name: String,
    /// The file; without it NAME.zip in this folder
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    store: StoreOptions,
}

/// Take models from files that export wrote, and verify every byte
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    store: StoreOptions,
}

impl Export {
    pub(super) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let store = self.store.open()?;
        let pulled = super::pulled(&store, &store.name(&self.name)?)?;
        let path = self.output.unwrap_or_else(|| format!("{}.zip", self.name.replace(['/', '@'], "-")).into());
        let digest = store.export(&pulled, &path, terminal)?;
        writeln!(std::io::stdout(), "{digest}  {}", path.display()).map_err(wrote)?;
        terminal.notice("import verifies the file against itself; that it is yours only this SHA-256 can tell");
        Ok(Outcome::Done)
    }
}

impl Import {
    pub(super) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let store = self.store.open()?;
        for file in &self.files {
            let pulled = store.import(file, terminal)?;
            let (name, commit, size) = (&pulled.name, &pulled.commit[..12], Size(pulled.size()));
            writeln!(std::io::stdout(), "{name}  {commit}  {size}").map_err(wrote)?;
        }
        Ok(Outcome::Done)
    }
}
