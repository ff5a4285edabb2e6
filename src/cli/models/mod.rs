//! `mujaz models`: what there is, what is here, and how it gets here.

mod carry;
mod list;
mod pull;
mod remove;
mod show;
mod verify;

use clap::{Args, Subcommand};
use mujaz::Error;
use mujaz::model::{Name, Pulled, Store};

use super::Outcome;
use super::failure::Failure;
use super::terminal::Terminal;

/// See, pull, verify and carry models
#[derive(Debug, Args)]
pub(crate) struct Models {
    #[command(subcommand)]
    action: Action,
}

/// What to do with models.
#[derive(Debug, Subcommand)]
enum Action {
    List(list::List),
    Show(show::Show),
    Pull(pull::Pull),
    Verify(verify::Verify),
    Remove(remove::Remove),
    Export(carry::Export),
    Import(carry::Import),
}

impl Models {
    /// Does it.
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        terminal.stop_on_interrupt();
        match self.action {
            Action::List(list) => list.run(),
            Action::Show(show) => show.run(terminal),
            Action::Pull(pull) => pull.run(terminal),
            Action::Verify(verify) => verify.run(terminal),
            Action::Remove(remove) => remove.run(terminal),
            Action::Export(export) => export.run(terminal),
            Action::Import(import) => import.run(terminal),
        }
    }
}

/// A model that must be pulled.
fn pulled(store: &Store, name: &Name) -> Result<Pulled, Error> {
    store.find(name)?.ok_or_else(|| Error::Model {
        model: name.to_string(),
        problem: "it is not pulled".into(),
        remedy: format!("mujaz models pull {name}"),
    })
}

/// Names that were given, or those of all models that are pulled.
fn named_or_all(store: &Store, names: &[String]) -> Result<Vec<Pulled>, Error> {
    if names.is_empty() {
        return store.list();
    }
    names.iter().map(|name| pulled(store, &store.name(name)?)).collect()
}
