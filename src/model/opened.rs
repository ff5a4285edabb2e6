//! A model that can be used: its files, verified.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Bytes;
use super::files::Files;
use super::manifest::Manifest;
use super::marks::Stamp;
use super::store::damaged;
use crate::error::{Error, Result};
use crate::translate::Provenance;

/// A model that can be used: its files, what is known of it, and what goes on record.
pub struct Opened {
    /// Its files.
    pub files: Box<dyn Files + Send + Sync>,
    /// What is known of it.
    pub manifest: Manifest,
    /// Name, repository, commit, digests and licence; device, precision and beam are for the loader to fill in.
    pub provenance: Provenance,
}

/// The files of a model in the store. Only the store makes one, after the size and the digest of each file were found to
/// be right.
#[derive(Debug)]
pub struct ModelFiles {
    model: String,
    files: BTreeMap<String, Verified>,
}

/// A file that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Verified {
    path: PathBuf,
    stamp: Stamp,
    sha256: String,
}

impl ModelFiles {
    /// For the store alone, which verified every file: name, path, how it was when it was verified, SHA-256.
    pub(super) fn new(model: String, files: impl IntoIterator<Item = (String, PathBuf, Stamp, String)>) -> Self {
        let files = files.into_iter().map(|(name, path, stamp, sha256)| (name, Verified { path, stamp, sha256 }));
        Self { model, files: files.collect() }
    }

    /// The SHA-256 of each file.
    pub fn digests(&self) -> BTreeMap<String, String> {
        self.files.iter().map(|(name, file)| (name.clone(), file.sha256.clone())).collect()
    }

    /// A file, if it still is what was verified.
    fn verified(&self, name: &str) -> Result<Option<&Path>> {
        let Some(file) = self.files.get(name) else { return Ok(None) };
        if Stamp::of(&file.path)? != file.stamp {
            return Err(damaged(&self.model, name, "changed after it was verified"));
        }
        Ok(Some(&file.path))
    }
}

impl Files for ModelFiles {
    fn model(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.model)
    }

    fn get(&self, name: &str) -> Result<Option<Cow<'_, [u8]>>> {
        let Some(path) = self.verified(name)? else { return Ok(None) };
        std::fs::read(path).map(|bytes| Some(Cow::Owned(bytes))).map_err(Error::io("read", path))
    }

    fn open(&self, name: &str) -> Result<Option<Bytes>> {
        self.verified(name)?.map(Bytes::map).transpose()
    }
}
