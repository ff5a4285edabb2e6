//! Where models are kept, and whether a network may be used.

use std::path::PathBuf;

use clap::Args;
use mujaz::Result;
use mujaz::model::Store;
#[cfg(feature = "hub")]
use mujaz::model::hub::{Config, Hub};

use super::environment::PROCESS;

/// Options about the store of models.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Store")]
pub(crate) struct StoreOptions {
    /// Hugging Face cache; without it HF_HUB_CACHE, or hub in HF_HOME, or ~/.cache/huggingface/hub
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Lock that says which files each model is; without it models.lock in the data folder
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// Use no network (also HF_HUB_OFFLINE=1); only models pull and models show ever do
    #[arg(long)]
    offline: bool,
}

impl StoreOptions {
    /// Opens the store.
    pub(crate) fn open(&self) -> Result<Store> {
        let mut config = PROCESS.store();
        if let Some(cache) = &self.cache {
            config.cache.clone_from(cache);
        }
        if let Some(lock) = &self.lock {
            config.lock.clone_from(lock);
        }
        Store::new(config)
    }

    /// Whether no network may be used.
    pub(crate) fn is_offline(&self) -> bool {
        self.offline || PROCESS.is_offline()
    }

    /// How the hub is reached.
    #[cfg(feature = "hub")]
    pub(crate) fn hub_config(&self) -> Config {
        let config = PROCESS.hub(&|path| std::fs::read_to_string(path).ok());
        Config { offline: self.is_offline(), ..config }
    }

    /// The hub.
    #[cfg(feature = "hub")]
    pub(crate) fn hub(&self) -> Hub {
        Hub::new(self.hub_config())
    }
}
