//! Models: the catalogue, the store of what was pulled, and the hub it comes from.
//!
//! What a loader gets are [`Files`]: those of the store, which were verified ([`ModelFiles`]), those of a directory that
//! the user named ([`Directory`]), or those inside the program (`Demo`).
//!
//! A model is verified before it is opened: its files must have the sizes and digests that `models.lock` has for the
//! commit, or, if Python pulled it, those by which the cache itself names content. What was verified once is not read
//! again while size and time of change of the file stay the same; `verify` always reads. That finds every truncated,
//! damaged or mixed-up file. It is no guard against somebody who may write to the cache and to the records of mujaz.

mod archive;
mod bytes;
mod cache;
mod catalogue;
mod choice;
#[cfg(feature = "demo")]
mod demo;
mod digest;
mod family;
mod files;
#[cfg(feature = "hub")]
pub mod hub;
mod inventory;
mod lock;
mod manifest;
mod marks;
mod name;
mod opened;
mod path;
mod pulled;
mod store;

pub use bytes::Bytes;
pub use catalogue::{Catalogue, MANIFESTS};
#[cfg(feature = "demo")]
pub use demo::demo;
pub use family::Family;
#[cfg(feature = "demo")]
pub use files::Demo;
pub use files::{Directory, Files};
pub use inventory::{Removed, Verdict};
pub use manifest::{Language, License, Manifest, Quality, Task};
pub use name::Name;
pub use opened::{ModelFiles, Opened};
pub use pulled::{Pulled, PulledFile};
pub use store::{Store, StoreConfig};

use crate::error::Result;
use crate::progress::Progress;

/// Opens the model that the user named, or else the best of its task that is pulled, or else, to translate, the
/// demonstration model. Never reaches a network.
///
/// # Errors
/// If the model that was named cannot be opened, or if there is none for the task.
pub fn open(name: Option<&str>, task: Task, store: &Store, progress: &dyn Progress) -> Result<Option<Opened>> {
    match name {
        Some(name) => store.open(&store.name(name)?, task, progress).map(Some),
        None => match store.open_default(task, progress)? {
            Some(opened) => Ok(Some(opened)),
            #[cfg(feature = "demo")]
            None if task == Task::Translate => Ok(Some(demo())),
            None => Ok(None),
        },
    }
}
