//! The hub: the only code that reaches a network.
//!
//! Addresses are those of `hf-hub`; the bytes and their truth are ours, because both lines of `hf-hub` can leave a wrong
//! file in the cache. A pull looks the revision up, lists the files of its commit with their digests, and gets what is
//! missing. Content is named by its digest from the first byte on, so a part is only ever continued by the same file,
//! and nothing gets its name before every byte of it was hashed.

mod config;
mod connection;
mod download;
mod http;
mod listing;
mod plan;
mod problem;
mod pull;
mod reply;
mod retry_after;
mod url;

pub use config::{Config, Token};
pub use plan::Plan;
pub use problem::Problem;

use self::http::Http;
use self::plan::{locked_plan, plan};
use self::pull::fetch;
use super::lock::Lock;
use super::name::Name;
use super::pulled::Pulled;
use super::store::Store;
use crate::error::{Error, Result};
use crate::progress::Progress;

/// Where models come from.
#[derive(Debug, Clone)]
pub struct Hub {
    config: Config,
}

impl Hub {
    /// The hub that `config` describes. Nothing is asked of it yet.
    pub fn new(config: Config) -> Self {
        Self { config }
    }

    /// Asks what a pull would get.
    ///
    /// # Errors
    /// [`Error::Hub`] if the hub cannot be asked or does not have it; [`Error::Model`] if it is no model that mujaz runs.
    pub fn plan(&self, store: &Store, name: &Name, progress: &dyn Progress) -> Result<Plan> {
        let http = self.http(name, progress)?;
        http.watched(|| plan(&http, store, name))
    }

    /// Gets what is missing of a model and puts it into the lock.
    ///
    /// # Errors
    /// As [`Hub::plan`]; what came is kept, and the next pull goes on from there. [`Error::Interrupted`] if `progress`
    /// says that the user wants to stop.
    pub fn pull(&self, store: &Store, name: &Name, progress: &dyn Progress) -> Result<Pulled> {
        let http = self.http(name, progress)?;
        http.watched(|| fetch(&http, store, name, &plan(&http, store, name)?, self.config.parallel))
    }

    /// Gets what is missing of exactly those files that the lock has.
    ///
    /// # Errors
    /// As [`Hub::pull`], and if the lock does not have the model.
    pub fn pull_locked(&self, store: &Store, name: &Name, progress: &dyn Progress) -> Result<Pulled> {
        let lock = Lock::read(&store.config.lock)?;
        let Some(locked) = lock.get(&name.to_string()) else {
            let problem = Problem::NotLocked { lock: store.config.lock.clone() };
            return Err(Error::Hub { what: name.to_string(), problem: Box::new(problem) });
        };
        let http = self.http(name, progress)?;
        http.watched(|| fetch(&http, store, name, &locked_plan(store, name, locked), self.config.parallel))
    }

    fn http<'a>(&'a self, name: &Name, progress: &'a dyn Progress) -> Result<Http<'a>> {
        if let Name::Directory(path) = name {
            let value = path.display().to_string();
            return Err(Error::Option { what: "the model to pull", value, reason: "it is a directory".into() });
        }
        if self.config.offline {
            return Err(Error::Hub { what: name.to_string(), problem: Box::new(Problem::Offline) });
        }
        Http::new(&self.config, progress)
    }
}
