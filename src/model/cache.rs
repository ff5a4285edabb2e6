//! The layout of the Hugging Face cache, as Python's `huggingface_hub` has it:
//! `models--org--repo/{blobs/<digest>, snapshots/<commit>/<file> -> ../../blobs/<digest>, refs/<revision>}`.
//!
//! Reference: <https://huggingface.co/docs/huggingface_hub/guides/manage-cache>

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::digest::ObjectId;
use super::path;
use crate::error::{Error, Result};

/// What the cache holds of one repository.
#[derive(Debug, Clone)]
pub(crate) struct RepositoryCache {
    root: PathBuf,
    locks: PathBuf,
}

impl RepositoryCache {
    /// That of the repository `id`, which need not be there.
    pub(crate) fn new(cache: &Path, id: &str) -> Self {
        let folder = format!("models--{}", id.replace('/', "--"));
        Self { root: cache.join(&folder), locks: cache.join(".locks").join(folder) }
    }

    /// The repositories that a cache holds something of.
    pub(crate) fn repositories(cache: &Path) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(cache) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::io("read", cache))?,
        };
        let mut ids: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| Some(name.strip_prefix("models--")?.replacen("--", "/", 1)))
            .filter(|id| path::is_repository(id))
            .collect();
        ids.sort();
        Ok(ids)
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of its lock files.
    pub(crate) fn locks(&self) -> &Path {
        &self.locks
    }

    /// Where the content called `id` lies.
    pub(crate) fn blob(&self, id: &ObjectId) -> PathBuf {
        self.blobs().join(id.as_str())
    }

    /// The folder of all content.
    pub(crate) fn blobs(&self) -> PathBuf {
        self.root.join("blobs")
    }

    /// Where content is gathered until it is whole.
    #[cfg(feature = "hub")]
    pub(crate) fn part(&self, id: &ObjectId) -> PathBuf {
        self.blobs().join(format!("{id}.incomplete"))
    }

    /// The folder of a commit.
    pub(crate) fn snapshot(&self, commit: &str) -> PathBuf {
        self.root.join("snapshots").join(commit)
    }

    /// The commit that `revision` stood for when it was last looked up; a commit stands for itself.
    pub(crate) fn commit(&self, revision: &str) -> Result<Option<String>> {
        if path::is_commit(revision) {
            return Ok(self.snapshot(revision).is_dir().then(|| revision.into()));
        }
        let path = self.reference(revision);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim().to_string()).filter(|commit| path::is_commit(commit))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(Error::io("read", path)(error)),
        }
    }

    fn reference(&self, revision: &str) -> PathBuf {
        debug_assert!(path::is_revision(revision));
        self.root.join("refs").join(revision)
    }

    /// Records what commit `revision` stands for.
    pub(crate) fn set_commit(&self, revision: &str, commit: &str) -> Result<()> {
        if path::is_commit(revision) {
            return Ok(());
        }
        write_atomically(&self.reference(revision), commit.as_bytes())
    }

    /// The files under `refs/` that stand for `commit`.
    pub(crate) fn references_to(&self, commit: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.join("refs")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push(path);
                } else if std::fs::read_to_string(&path).is_ok_and(|text| text.trim() == commit) {
                    found.push(path);
                }
            }
        }
        found
    }

    /// Makes `file` of `commit` the content called `id`, whose blob is there: a relative link, so that the cache can be
    /// moved, or a copy where links are not to be had.
    pub(crate) fn link(&self, commit: &str, file: &str, id: &ObjectId) -> Result<()> {
        debug_assert!(path::is_safe_file(file) && path::is_commit(commit));
        let path = self.snapshot(commit).join(file);
        create_parent(&path)?;
        let up = "../".repeat(file.split('/').count() + 1);
        let target = PathBuf::from(format!("{up}blobs/{id}"));
        if std::fs::read_link(&path).is_ok_and(|old| old == target) {
            return Ok(());
        }
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::io("replace", path)(error)),
            _ => {}
        }
        match symlink(&target, &path) {
            Ok(()) => Ok(()),
            // Another process was faster, and can only have linked the same.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(_) => std::fs::copy(self.blob(id), &path).map(drop).map_err(Error::io("create", path)),
        }
    }

    /// The name of the content of a file of a snapshot, if the file is a link to it.
    pub(crate) fn linked(file: &Path) -> Option<ObjectId> {
        ObjectId::parse(std::fs::read_link(file).ok()?.file_name()?.to_str()?)
    }
}

#[cfg(unix)]
fn symlink(target: &Path, path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(windows)]
fn symlink(target: &Path, path: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_file(target, path)
}

/// Creates the folder that `path` is to lie in.
pub(crate) fn create_parent(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(Error::io("create", folder))
}

/// Writes a file whole or not at all.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    create_parent(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(Error::io("create", path))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(Error::io("write", path))?;
    readable_by_all(file.as_file());
    file.persist(path).map_err(|error| Error::io("create", path)(error.error))?;
    Ok(())
}

/// Temporary files are made for their owner alone; what becomes part of a cache may be read by others, as Python has it.
#[cfg(unix)]
pub(crate) fn readable_by_all(file: &File) {
    use std::os::unix::fs::PermissionsExt as _;
    // Where it cannot be done the file still serves its owner.
    let _ = file.set_permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
pub(crate) fn readable_by_all(_: &File) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_references_are_where_python_looks_for_them() {
        let folder = tempfile::tempdir().unwrap();
        let cache = RepositoryCache::new(folder.path(), "org/repo");
        let (commit, id) = ("a".repeat(40), ObjectId::parse(&"b".repeat(40)).unwrap());
        std::fs::create_dir_all(cache.blobs()).unwrap();
        std::fs::write(cache.blob(&id), b"content").unwrap();
        assert_eq!(cache.commit("main").unwrap(), None);
        for file in ["config.json", "onnx/deep/model.onnx"] {
            cache.link(&commit, file, &id).unwrap();
            cache.link(&commit, file, &id).unwrap();
            let path = folder.path().join("models--org--repo/snapshots").join(&commit).join(file);
            assert_eq!(std::fs::read(&path).unwrap(), b"content");
            assert_eq!(RepositoryCache::linked(&path), Some(id.clone()));
        }
        for revision in ["main", "refs/pr/7"] {
            cache.set_commit(revision, &commit).unwrap();
            assert_eq!(cache.commit(revision).unwrap().as_deref(), Some(&*commit));
        }
        assert_eq!(std::fs::read_to_string(folder.path().join("models--org--repo/refs/refs/pr/7")).unwrap(), commit);
        assert_eq!(cache.references_to(&commit).len(), 2);
        assert_eq!(cache.commit(&commit).unwrap(), Some(commit));
        assert_eq!(cache.commit(&"c".repeat(40)).unwrap(), None);
        assert_eq!(RepositoryCache::repositories(folder.path()).unwrap(), ["org/repo"]);
    }
}
