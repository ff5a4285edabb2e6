//! A model that lies in the cache, and what its files should be.

use std::path::PathBuf;

use super::digest::{Digests, ObjectId};
use super::manifest::Manifest;

/// A model that lies in the cache, not yet verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Pulled {
    /// As it is named.
    pub name: String,
    /// What is known of it.
    pub manifest: Manifest,
    /// `organisation/repository`.
    pub repository: String,
    /// Branch, tag or commit that was asked for.
    pub revision: String,
    /// What that stood for.
    pub commit: String,
    /// The licence that the repository's card states, where that is known.
    pub license: Option<String>,
    /// Whether `models.lock` has it.
    pub locked: bool,
    /// Its files by name.
    pub files: Vec<PulledFile>,
}

/// A file of a model in the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledFile {
    /// Its name in the repository.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    pub(crate) expected: Expected,
}

/// What a file should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    /// Bytes.
    pub(crate) size: Option<u64>,
    /// SHA-256 of its bytes.
    pub(crate) sha256: Option<String>,
    /// What the cache calls its content.
    pub(crate) blob: Option<ObjectId>,
}

impl Pulled {
    /// Bytes of all its files.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Its licence: as the manifest has it, or else as the repository's card does.
    pub fn license(&self) -> Option<&str> {
        let stated = Some(&*self.manifest.license.spdx).filter(|spdx| *spdx != "NOASSERTION");
        stated.or(self.license.as_deref())
    }
}

impl Expected {
    pub(crate) fn nothing() -> Self {
        Self { size: None, sha256: None, blob: None }
    }
}

impl PulledFile {
    /// Whether git's digest is what the file is known by.
    pub(crate) fn needs_git(&self) -> bool {
        self.expected.sha256.is_none() && self.expected.blob.as_ref().is_some_and(ObjectId::is_git)
    }

    /// What is wrong with the file, if anything is.
    pub(crate) fn problem(&self, found: &Digests) -> Option<String> {
        if let Some(size) = self.expected.size.filter(|size| *size != found.size) {
            return Some(format!("has {} bytes where there should be {size}", found.size));
        }
        match (&self.expected.sha256, &self.expected.blob) {
            (Some(sha256), _) if *sha256 == found.sha256 => None,
            (Some(sha256), _) => Some(format!("has the SHA-256 {} and should have {sha256}", found.sha256)),
            (None, Some(blob)) if blob.names(found) => None,
            (None, Some(blob)) => Some(format!("is not the content {blob} that the cache says it is")),
            (None, None) => Some("cannot be verified: nothing says what it should be".into()),
        }
    }
}
