//! What the store holds: listed, verified, removed.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::cache::RepositoryCache;
use super::digest::ObjectId;
use super::lock::Lock;
use super::name::Name;
use super::pulled::Pulled;
use super::store::Store;
use crate::error::{Error, Result};
use crate::progress::Progress;

/// What came of reading a file again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its name in the repository.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// What is wrong with it, if anything is.
    pub problem: Option<String>,
}

/// What was taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removed {
    /// Files of the model.
    pub files: usize,
    /// Bytes that are free now.
    pub bytes: u64,
    /// Other models that use the same files, which therefore stayed.
    pub used_by: Vec<String>,
}

impl Store {
    /// All models that are pulled, by whomever, in order of name.
    ///
    /// # Errors
    /// If the lock or the cache cannot be read.
    pub fn list(&self) -> Result<Vec<Pulled>> {
        let mut found: Vec<Pulled> = Vec::new();
        for locked in &Lock::read(&self.config.lock)?.models {
            if let Some(name) = Name::recorded(&locked.name, &self.catalogue) {
                found.extend(self.find(&name)?);
            }
        }
        for manifest in self.catalogue.iter() {
            let name = Name::Catalogue { name: manifest.name.clone(), revision: None };
            if !found.iter().any(|pulled| pulled.name == manifest.name) {
                found.extend(self.find(&name)?);
            }
        }
        for id in RepositoryCache::repositories(&self.config.cache)? {
            if !found.iter().any(|pulled| pulled.repository == id) {
                // Most of what lies in a cache is of other programs and no model of ours.
                found.extend(self.find(&Name::Repository { id, revision: None }).ok().flatten());
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// The names of the models that the lock has.
    ///
    /// # Errors
    /// If the lock cannot be read.
    pub fn locked(&self) -> Result<Vec<String>> {
        Ok(Lock::read(&self.config.lock)?.models.into_iter().map(|model| model.name).collect())
    }

    /// Reads every byte of a model again and says of each file whether it is what it should be.
    ///
    /// # Errors
    /// If a file cannot be read, or `progress` says that the user wants to stop.
    pub fn verify(&self, pulled: &Pulled, progress: &dyn Progress) -> Result<Vec<Verdict>> {
        let verdicts = pulled.files.iter().map(|file| {
            let found = self.digests_of(file, true, progress)?;
            let problem = file.problem(&found);
            Ok(Verdict { name: file.name.clone(), size: found.size, sha256: found.sha256, problem })
        });
        let verdicts = verdicts.collect();
        self.marks.save();
        verdicts
    }

    /// Whether every file of a model is what it should be, as far as that is on record; reads no file.
    pub fn is_verified(&self, pulled: &Pulled) -> bool {
        pulled
            .files
            .iter()
            .all(|file| matches!(self.known_digests(file), Ok(Some(known)) if file.problem(&known).is_none()))
    }

    /// Takes a model away: its entry in the lock, its files, what was left of a pull that did not end, and the content
    /// that no other file of the cache is. None if there is nothing of it.
    ///
    /// # Errors
    /// If the lock or the cache cannot be changed.
    pub fn remove(&self, name: &Name) -> Result<Option<Removed>> {
        let text = name.to_string();
        let lock = Lock::read(&self.config.lock)?;
        let was_locked = lock.get(&text).is_some();
        let pulled = self.find(name)?;
        let mut removed = Removed::default();
        if let Some(pulled) = &pulled {
            let others = lock.models.iter().filter(|other| {
                other.name != text && other.repository == pulled.repository && other.commit == pulled.commit
            });
            removed.used_by = others.map(|other| other.name.clone()).collect();
        }
        Lock::change(&self.config.lock, |lock| lock.models.retain(|model| model.name != text))?;
        let repository = pulled.as_ref().map(|pulled| pulled.repository.clone());
        let Some(repository) = repository.or_else(|| Some(self.address(name)?.0)) else { return Ok(None) };
        let cache = self.repository(&repository);
        if let Some(pulled) = pulled.as_ref().filter(|_| removed.used_by.is_empty()) {
            take_away(&cache, pulled, &mut removed)?;
        }
        removed.bytes += remove_parts(&cache);
        remove_if_empty(&cache)?;
        let something = was_locked || pulled.is_some() || removed.bytes > 0;
        Ok(something.then_some(removed))
    }
}

/// Removes the files of a model from their snapshot, and their content where nothing else is the same.
fn take_away(cache: &RepositoryCache, pulled: &Pulled, removed: &mut Removed) -> Result<()> {
    for file in &pulled.files {
        if RepositoryCache::linked(&file.path).is_none() {
            removed.bytes += file.size;
        }
        std::fs::remove_file(&file.path).map_err(Error::io("remove", &file.path))?;
        removed.files += 1;
    }
    let snapshot = cache.snapshot(&pulled.commit);
    remove_empty_folders(&snapshot);
    if !snapshot.exists() {
        for reference in cache.references_to(&pulled.commit) {
            std::fs::remove_file(&reference).map_err(Error::io("remove", reference))?;
        }
    }
    let used = content_in_use(cache);
    for id in pulled.files.iter().filter_map(|file| file.expected.blob.as_ref()) {
        if !used.contains(id) {
            removed.bytes += remove_file(&cache.blob(id))?;
        }
    }
    Ok(())
}

/// The content that some snapshot links to.
fn content_in_use(cache: &RepositoryCache) -> BTreeSet<ObjectId> {
    let mut used = BTreeSet::new();
    let mut folders = vec![cache.root().join("snapshots")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                _ => used.extend(RepositoryCache::linked(&entry.path())),
            }
        }
    }
    used
}

/// Removes what pulls that did not end left, except what another process is getting just now. Bytes that are free now.
fn remove_parts(cache: &RepositoryCache) -> u64 {
    let mut bytes = 0;
    for entry in std::fs::read_dir(cache.blobs()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| ObjectId::parse(name.strip_suffix(".incomplete")?));
        if id.is_some_and(|id| is_free(&cache.locks().join(format!("{id}.lock")))) {
            bytes += remove_file(&entry.path()).unwrap_or(0);
        }
    }
    bytes
}

fn is_free(lock: &Path) -> bool {
    match OpenOptions::new().write(true).open(lock) {
        Ok(file) => File::try_lock(&file).is_ok(),
        Err(_) => true,
    }
}

/// Removes a file, or the link in its place, and says how many bytes that frees.
fn remove_file(path: &Path) -> Result<u64> {
    let Ok(metadata) = std::fs::symlink_metadata(path) else { return Ok(0) };
    std::fs::remove_file(path).map_err(Error::io("remove", path))?;
    Ok(if metadata.is_file() { metadata.len() } else { 0 })
}

/// Removes a folder and those in it as far as there is nothing in them.
fn remove_empty_folders(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_empty_folders(&entry.path());
        }
    }
    // Of a folder with something in it nothing is removed.
    let _ = std::fs::remove_dir(folder);
}

/// Removes the folder of a repository of which no snapshot and no content is left.
fn remove_if_empty(cache: &RepositoryCache) -> Result<()> {
    for folder in [cache.root().join("snapshots"), cache.blobs()] {
        remove_empty_folders(&folder);
        if folder.exists() {
            return Ok(());
        }
    }
    let rest: [PathBuf; 2] = [cache.root().into(), cache.locks().into()];
    for folder in rest.into_iter().filter(|folder| folder.exists()) {
        std::fs::remove_dir_all(&folder).map_err(Error::io("remove", folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lock::{Locked, LockedFile};
    use crate::model::store::tests::{COMMIT, MARIAN, cache_of_python};
    use crate::model::{StoreConfig, Task};
    use crate::progress::Silent;

    fn name(store: &Store, text: &str) -> Name {
        store.name(text).unwrap()
    }

    #[test]
    fn all_models_are_listed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        cache_of_python(folder.path(), "Helsinki-NLP/opus-mt-ar-en", MARIAN);
        cache_of_python(folder.path(), "org/model", MARIAN);
        cache_of_python(folder.path(), "org/half", &MARIAN[..3]);
        let store = cache_of_python(folder.path(), "org/other", &[("config.json", b"{}")]);
        std::fs::create_dir_all(folder.path().join("hub/datasets--org--data")).unwrap();
        let names = |store: &Store| store.list().unwrap().into_iter().map(|pulled| pulled.name).collect::<Vec<_>>();
        assert_eq!(names(&store), ["opus-mt-ar-en", "org/model"]);
        let empty = Store::new(StoreConfig::new(folder.path().join("nothing"), folder.path().join("data"))).unwrap();
        assert!(names(&empty).is_empty());
    }

    #[test]
    fn verifying_reads_every_byte_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = cache_of_python(folder.path(), "org/model", MARIAN);
        let pulled = store.find(&name(&store, "org/model")).unwrap().unwrap();
        let verdicts = store.verify(&pulled, &Silent).unwrap();
        assert!(verdicts.len() == 5 && verdicts.iter().all(|verdict| verdict.problem.is_none()), "{verdicts:?}");
        // Another content of the same size and time: opening trusts what was verified, verifying does not.
        let path = std::fs::canonicalize(&pulled.files[1].path).unwrap();
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        std::fs::write(&path, b"WEIGHTS").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        store.open(&name(&store, "org/model"), Task::Translate, &Silent).unwrap();
        let verdicts = store.verify(&pulled, &Silent).unwrap();
        let wrong: Vec<_> = verdicts.iter().filter(|verdict| verdict.problem.is_some()).map(|v| &*v.name).collect();
        assert_eq!(wrong, ["pytorch_model.bin"]);
        assert!(store.open(&name(&store, "org/model"), Task::Translate, &Silent).is_err(), "and now it is known");
    }

    /// Puts a model of the cache into the lock.
    fn lock(store: &Store, text: &str) {
        let pulled = store.find(&name(store, text)).unwrap().unwrap();
        let file = |verdict: Verdict| LockedFile {
            blob: RepositoryCache::linked(&store.repository("org/model").snapshot(COMMIT).join(&verdict.name)).unwrap(),
            name: verdict.name,
            size: verdict.size,
            sha256: verdict.sha256,
        };
        let locked = Locked {
            name: text.into(),
            repository: pulled.repository.clone(),
            revision: pulled.revision.clone(),
            commit: pulled.commit.clone(),
            license: None,
            files: store.verify(&pulled, &Silent).unwrap().into_iter().map(file).collect(),
        };
        Lock::change(&store.config.lock, |lock| lock.put(locked)).unwrap();
    }

    #[test]
    fn removing_takes_only_what_nothing_else_uses() {
        let folder = tempfile::tempdir().unwrap();
        let store = cache_of_python(folder.path(), "org/model", MARIAN);
        let cache = store.repository("org/model");
        // A second commit with the same weights, and a file in the first that mujaz does not need.
        let other = "f".repeat(40);
        let weights = RepositoryCache::linked(&cache.snapshot(COMMIT).join("pytorch_model.bin")).unwrap();
        cache.link(&other, "pytorch_model.bin", &weights).unwrap();
        cache.link(COMMIT, "onnx/weights.bin", &weights).unwrap();
        std::fs::write(cache.blobs().join(format!("{}.incomplete", "e".repeat(64))), b"part").unwrap();
        std::fs::write(cache.blobs().join("e.12345678.incomplete"), b"of Python").unwrap();
        let removed = store.remove(&name(&store, "org/model")).unwrap().unwrap();
        assert_eq!((removed.files, removed.used_by.len()), (5, 0));
        assert_eq!(removed.bytes, MARIAN.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>() - 7 + 4);
        assert!(cache.blob(&weights).exists() && cache.snapshot(COMMIT).join("onnx/weights.bin").exists());
        assert!(cache.blobs().join("e.12345678.incomplete").exists());
        assert_eq!(store.find(&name(&store, "org/model")).unwrap(), None);
        assert_eq!(store.remove(&name(&store, "org/model")).unwrap(), None);
    }

    #[test]
    fn a_model_under_two_names_stays_until_both_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = cache_of_python(folder.path(), "org/model", MARIAN);
        let pinned = format!("org/model@{COMMIT}");
        lock(&store, "org/model");
        lock(&store, &pinned);
        let removed = store.remove(&name(&store, "org/model")).unwrap().unwrap();
        assert_eq!(removed, Removed { used_by: vec![pinned.clone()], ..Removed::default() });
        store.open(&name(&store, &pinned), Task::Translate, &Silent).unwrap();
        store.remove(&name(&store, &pinned)).unwrap().unwrap();
        assert!(!folder.path().join("hub/models--org--model").exists());
        assert!(!folder.path().join("hub/.locks/models--org--model").exists());
        assert!(store.list().unwrap().is_empty());
    }
}
