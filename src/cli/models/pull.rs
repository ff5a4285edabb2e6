//! `mujaz models pull`: from the hub into the cache.

use clap::Args;

use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::store::StoreOptions;
use crate::cli::terminal::Terminal;

/// Pull models from the hub: only what is missing, and every byte verified
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mujaz models pull                          the default translator and the default summarizer
  mujaz models pull opus-mt-ar-en            a model of the catalogue
  mujaz models pull org/repo@refs/pr/7       any repository with a model of a known family
  mujaz models pull --locked                 exactly what models.lock says, all of it

HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_TOKEN_PATH, HF_ENDPOINT, HF_HUB_OFFLINE, HTTPS_PROXY and
SSL_CERT_FILE mean what they mean to Python, and the cache is the same.")]
pub(crate) struct Pull {
    /// Name of the catalogue, org/repo or org/repo@revision
    #[arg(value_name = "NAME")]
    #[cfg_attr(not(feature = "hub"), allow(dead_code, reason = "without the hub nothing is pulled"))]
    names: Vec<String>,
    /// Exactly the files that models.lock says, of all its models if none is named
    #[arg(long)]
    #[cfg_attr(not(feature = "hub"), allow(dead_code, reason = "without the hub nothing is pulled"))]
    locked: bool,
    #[command(flatten)]
    #[cfg_attr(not(feature = "hub"), allow(dead_code, reason = "without the hub nothing is pulled"))]
    store: StoreOptions,
}

#[cfg(not(feature = "hub"))]
impl Pull {
    pub(super) fn run(self, _: &Terminal) -> Result<Outcome, Failure> {
        Err(Failure::Error(mujaz::Error::Option {
            what: "the command",
            value: "models pull".into(),
            reason: "this program was built without the feature hub; carry models here: mujaz models import FILE"
                .into(),
        }))
    }
}

#[cfg(feature = "hub")]
impl Pull {
    pub(super) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        use std::io::Write as _;

        use crate::cli::failure::wrote;
        use crate::cli::size::Size;

        let store = self.store.open()?;
        let hub = self.store.hub();
        for name in self.names(&store)? {
            let name = store.name(&name)?;
            let before = store.find(&name)?;
            if self.store.is_offline() && before.is_some() {
                terminal.notice(&format!("{name} is here; offline, so the hub was not asked for a newer one"));
                continue;
            }
            let pulled = match self.locked {
                true => hub.pull_locked(&store, &name, terminal),
                false => hub.pull(&store, &name, terminal),
            };
            let pulled = pulled.inspect_err(|error| {
                if matches!(error, mujaz::Error::Interrupted) {
                    terminal.notice(&format!("what came of {name} is kept; pull again to go on"));
                }
            })?;
            if let Some(before) = before.filter(|before| before.commit != pulled.commit) {
                let (old, new) = (&before.commit[..12], &pulled.commit[..12]);
                terminal.notice(&format!("{name} was {old} and is {new} now"));
            }
            if let Some(card) = pulled.license.as_ref().filter(|card| differs(card, &pulled.manifest.license.spdx)) {
                let spdx = &pulled.manifest.license.spdx;
                terminal.notice(&format!("the card of {name} says {card}, the catalogue {spdx}: check before use"));
            }
            if pulled.manifest.license.commercial == Some(false) {
                terminal.notice(&format!("{name} is under {}: not for commercial use", pulled.manifest.license.spdx));
            }
            let (commit, size) = (&pulled.commit[..12], Size(pulled.size()));
            writeln!(std::io::stdout(), "{name}  {commit}  {size}").map_err(wrote)?;
        }
        Ok(Outcome::Done)
    }

    /// What was named, or else the defaults, or with `--locked` all that the lock has.
    fn names(&self, store: &mujaz::model::Store) -> mujaz::Result<Vec<String>> {
        use mujaz::model::Task;
        if !self.names.is_empty() {
            return Ok(self.names.clone());
        }
        if self.locked {
            return store.locked();
        }
        let default = |task| store.catalogue().of_task(task).next().map(|manifest| manifest.name.clone());
        Ok([Task::Translate, Task::Summarize].into_iter().filter_map(default).collect())
    }
}

/// Whether the card of a repository states another licence than the catalogue does.
#[cfg(feature = "hub")]
fn differs(card: &str, spdx: &str) -> bool {
    spdx != "NOASSERTION" && !card.eq_ignore_ascii_case(spdx)
}
