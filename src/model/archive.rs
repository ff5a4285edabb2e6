//! One file with a model in it, to be carried where no network is: a ZIP archive with `models.lock` and the files.
//!
//! The lock in the archive says what the files must be, so damage is found at import. It cannot say that the archive is
//! from whom it should be: for that the digest of the archive, which export returns, goes another way.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::cache::{create_parent, readable_by_all, write_atomically};
use super::digest::{Digests, Hasher};
use super::lock::{Lock, Locked, LockedFile};
use super::manifest::Manifest;
use super::name::Name;
use super::pulled::{Pulled, PulledFile};
use super::store::{Store, damaged};
use crate::error::{Error, Result};
use crate::progress::{Event, Progress};

const LOCK: &str = "models.lock";
const MANIFEST: &str = "manifest.toml";
const FILES: &str = "files/";

/// Greatest size of the lock and of the manifest in an archive.
const TEXT_LIMIT: u64 = 1 << 20;

/// Greatest number of files in an archive.
const ENTRIES: usize = 10_000;

impl Store {
    /// Writes a model into one file, whole or not at all, and returns the SHA-256 of it. Every byte is verified on the
    /// way.
    ///
    /// # Errors
    /// If a file is not what it should be, or the archive cannot be written.
    pub fn export(&self, pulled: &Pulled, path: &Path, progress: &dyn Progress) -> Result<String> {
        let files = pulled.files.iter().map(|file| self.locked_file(pulled, file, progress));
        let locked = Locked {
            name: pulled.name.clone(),
            repository: pulled.repository.clone(),
            revision: pulled.revision.clone(),
            commit: pulled.commit.clone(),
            license: pulled.license.clone(),
            files: files.collect::<Result<_>>()?,
        };
        self.marks.save();
        create_parent(path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(Error::io("create", path))?;
        self.write(pulled, &locked, file.as_file_mut(), path, progress)?;
        file.as_file().sync_all().map_err(Error::io("write", path))?;
        let digests = Digests::of_file(file.path(), false, &mut |_| go_on(progress))?;
        readable_by_all(file.as_file());
        file.persist(path).map_err(|error| Error::io("create", path)(error.error))?;
        Ok(digests.sha256)
    }

    /// What the lock says of a file, or would say.
    fn locked_file(&self, pulled: &Pulled, file: &PulledFile, progress: &dyn Progress) -> Result<LockedFile> {
        let found = self.digests_of(file, false, progress)?;
        match (file.problem(&found), &file.expected.blob) {
            (None, Some(blob)) => {
                Ok(LockedFile { name: file.name.clone(), size: found.size, sha256: found.sha256, blob: blob.clone() })
            }
            (problem, _) => {
                let problem = problem.unwrap_or_else(|| "cannot be verified: nothing says what it should be".into());
                Err(damaged(&pulled.name, &file.name, &problem))
            }
        }
    }

    fn write(
        &self,
        pulled: &Pulled,
        locked: &Locked,
        file: &mut File,
        path: &Path,
        progress: &dyn Progress,
    ) -> Result<()> {
        let failed = |error: zip::result::ZipError| Error::io("write", path)(error.into());
        let mut archive = ZipWriter::new(BufWriter::new(file));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file(LOCK, options).map_err(failed)?;
        archive.write_all(Lock::of(locked.clone()).to_text().as_bytes()).map_err(Error::io("write", path))?;
        // A manifest of the user's own is needed there too.
        let is_bundled = super::MANIFESTS.iter().any(|(name, _)| *name == pulled.manifest.name);
        if self.catalogue.get(&pulled.manifest.name).is_some() && !is_bundled {
            let text = toml::to_string(&pulled.manifest).expect("a manifest was read from TOML");
            archive.start_file(MANIFEST, options).map_err(failed)?;
            archive.write_all(text.as_bytes()).map_err(Error::io("write", path))?;
        }
        for (source, locked) in pulled.files.iter().zip(&locked.files) {
            let options = options.large_file(locked.size >= u64::from(u32::MAX));
            archive.start_file(format!("{FILES}{}", locked.name), options).map_err(failed)?;
            let reader = File::open(&source.path).map_err(Error::io("read", &source.path))?;
            let digests = copy("exporting", reader, &mut archive, locked, progress)?;
            if digests.sha256 != locked.sha256 {
                return Err(damaged(&pulled.name, &locked.name, "changed while it was read"));
            }
        }
        let mut rest = archive.finish().map_err(failed)?;
        rest.flush().map_err(Error::io("write", path))
    }

    /// Takes a model from a file that [`Store::export`] wrote, and verifies every byte.
    ///
    /// # Errors
    /// [`Error::Archive`] if it is no such file or is not whole; then nothing of it counts as pulled.
    pub fn import(&self, path: &Path, progress: &dyn Progress) -> Result<Pulled> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        let wrong = |source: Box<dyn std::error::Error + Send + Sync>| Error::Archive { path: path.into(), source };
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| wrong(error.into()))?;
        let locked = locked_in(&mut archive).map_err(wrong)?;
        if let Some(old) = Lock::read(&self.config.lock)?.get(&locked.name)
            && old.commit == locked.commit
            && old.files != locked.files
        {
            return Err(wrong("its files are not those that models.lock has for the same commit".into()));
        }
        // What is known here counts; a manifest in the archive is for a model that is not.
        let manifest = manifest_in(&mut archive, &locked).map_err(wrong)?;
        let manifest = manifest.filter(|manifest| self.catalogue.get(&manifest.name).is_none());
        let mut catalogue = self.catalogue.clone();
        catalogue.extend(manifest.clone());
        let name = Name::recorded(&locked.name, &catalogue)
            .ok_or_else(|| wrong(format!("{:?} is no name of a model here", locked.name).into()))?;
        let repository = catalogue.repository_of(&name);
        if repository != Some(&locked.repository) {
            return Err(wrong(format!("{} is not of {}", locked.name, locked.repository).into()));
        }
        self.has_space(locked.size(), path)?;
        for file in &locked.files {
            let entry = archive.by_name(&format!("{FILES}{}", file.name)).map_err(|error| wrong(error.into()))?;
            self.install(&locked, file, entry, progress).map_err(|error| match error {
                Error::Model { problem, .. } => wrong(problem.into()),
                error => error,
            })?;
        }
        self.marks.save();
        self.adopt(locked, manifest, &name)
    }

    /// Makes bytes content of the cache and a file of the snapshot, if they are what the lock says.
    fn install(&self, locked: &Locked, file: &LockedFile, entry: impl Read, progress: &dyn Progress) -> Result<()> {
        let cache = self.repository(&locked.repository);
        let blob = cache.blob(&file.blob);
        create_parent(&blob)?;
        let mut part = tempfile::NamedTempFile::new_in(cache.blobs()).map_err(Error::io("create", &blob))?;
        let digests = copy("importing", entry, part.as_file_mut(), file, progress)?;
        if digests.size != file.size || digests.sha256 != file.sha256 || !file.blob.names(&digests) {
            return Err(damaged(&locked.name, &file.name, "is not what the archive says it is"));
        }
        part.as_file().sync_all().map_err(Error::io("write", &blob))?;
        readable_by_all(part.as_file());
        part.persist(&blob).map_err(|error| Error::io("create", &blob)(error.error))?;
        self.marks.record(&blob, digests)?;
        cache.link(&locked.commit, &file.name, &file.blob)
    }

    /// Writes down that a model is there.
    fn adopt(&self, locked: Locked, manifest: Option<Manifest>, name: &Name) -> Result<Pulled> {
        let cache = self.repository(&locked.repository);
        if cache.commit(&locked.revision)?.is_none() {
            cache.set_commit(&locked.revision, &locked.commit)?;
        }
        if let Some(manifest) = &manifest {
            self.add_manifest(manifest)?;
        }
        Lock::change(&self.config.lock, |lock| lock.put(locked))?;
        let pulled = match manifest {
            None => self.find(name)?,
            Some(_) => Self::new(self.config.clone())?.find(name)?,
        };
        pulled.ok_or_else(|| damaged(&name.to_string(), "a file", "was removed while it was imported"))
    }

    /// Puts a manifest beside the user's own.
    fn add_manifest(&self, manifest: &Manifest) -> Result<()> {
        let refused = |reason: String| Error::Option { what: "the model", value: manifest.name.clone(), reason };
        let Some(folder) = &self.config.manifests else {
            return Err(refused("its manifest is not known here, and there is no folder for manifests".into()));
        };
        let path = folder.join(format!("{}.toml", manifest.name));
        if path.exists() {
            return Err(refused(format!("{} is there already", path.display())));
        }
        let text = toml::to_string(manifest).expect("a manifest was read from TOML");
        write_atomically(&path, text.as_bytes())
    }

    fn has_space(&self, needed: u64, path: &Path) -> Result<()> {
        let there = self.config.cache.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
        match fs4::available_space(there) {
            Ok(free) if free < needed => {
                let source = format!("it needs {needed} bytes, and {} has {free} free", there.display()).into();
                Err(Error::Archive { path: path.into(), source })
            }
            _ => Ok(()),
        }
    }
}

type Wrong = Box<dyn std::error::Error + Send + Sync>;

/// The one model of the lock in an archive, which must list all files that the archive has.
fn locked_in<R: Read + std::io::Seek>(archive: &mut ZipArchive<R>) -> Result<Locked, Wrong> {
    if archive.len() > ENTRIES {
        return Err(format!("it has more than {ENTRIES} files").into());
    }
    let lock = Lock::parse(&text_in(archive, LOCK)?)?;
    let [locked] = <[Locked; 1]>::try_from(lock.models).map_err(|_| "its lock should have one model")?;
    let listed = locked.files.iter().map(|file| format!("{FILES}{}", file.name));
    let allowed: BTreeSet<String> = listed.chain([LOCK.into(), MANIFEST.into()]).collect();
    for name in archive.file_names() {
        let name = name?;
        if !allowed.contains(&*name) {
            return Err(format!("it has {name:?}, which its lock does not list").into());
        }
    }
    for file in &locked.files {
        let entry = archive.by_name(&format!("{FILES}{}", file.name))?;
        if entry.compression() != CompressionMethod::Stored || entry.size() != file.size || !entry.is_file() {
            return Err(format!("{} is not as its lock says", file.name).into());
        }
    }
    Ok(locked)
}

/// The user's own manifest in an archive, if it has one.
fn manifest_in<R: Read + std::io::Seek>(
    archive: &mut ZipArchive<R>,
    locked: &Locked,
) -> Result<Option<Manifest>, Wrong> {
    if archive.index_for_name(MANIFEST).is_none() {
        return Ok(None);
    }
    let manifest: Manifest = toml::from_str(&text_in(archive, MANIFEST)?)?;
    match manifest.problem() {
        Some(problem) => Err(problem.into()),
        None if locked.name.split('@').next() != Some(&manifest.name) => Err("its manifest is of another model".into()),
        None => Ok(Some(manifest)),
    }
}

fn text_in<R: Read + std::io::Seek>(archive: &mut ZipArchive<R>, name: &str) -> Result<String, Wrong> {
    let entry = archive.by_name(name)?;
    let mut text = String::new();
    entry.take(TEXT_LIMIT + 1).read_to_string(&mut text)?;
    if text.len() as u64 > TEXT_LIMIT { Err(format!("{name} is too large").into()) } else { Ok(text) }
}

/// Copies a file, no further than its size and a byte, and computes its digests.
fn copy(
    stage: &'static str,
    reader: impl Read,
    writer: &mut dyn Write,
    file: &LockedFile,
    progress: &dyn Progress,
) -> Result<Digests> {
    let name = &file.name;
    progress.on(Event::Start { stage, name: name.clone(), total: Some(file.size) });
    let mut hasher = Hasher::new(file.blob.is_git().then_some(file.size));
    let mut reader = reader.take(file.size.saturating_add(1));
    let mut buffer = vec![0; 1 << 18];
    let mut done = 0;
    loop {
        let read = reader.read(&mut buffer).map_err(Error::io("read", name))?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        writer.write_all(&buffer[..read]).map_err(Error::io("write", name))?;
        done += read as u64;
        progress.on(Event::Advance { name: name.clone(), done });
        go_on(progress)?;
    }
    progress.on(Event::Finish { name: name.clone() });
    Ok(hasher.finish())
}

fn go_on(progress: &dyn Progress) -> Result<()> {
    if progress.cancelled() { Err(Error::Interrupted) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::store::tests::{COMMIT, MARIAN, cache_of_python};
    use crate::model::{Catalogue, StoreConfig, Task};
    use crate::progress::Silent;

    /// A store with a model, the archive of it, and an empty store.
    fn exported(repository: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = cache_of_python(folder.path(), repository, MARIAN);
        let path = folder.path().join("model.zip");
        let pulled = store.find(&store.name(text).unwrap()).unwrap().unwrap();
        let digest = store.export(&pulled, &path, &Silent).unwrap();
        assert_eq!(digest, Digests::of_bytes(&std::fs::read(&path).unwrap()).sha256);
        let there = StoreConfig::new(folder.path().join("there/hub"), folder.path().join("there/data"));
        (folder, path, Store::new(there).unwrap())
    }

    #[test]
    fn what_was_exported_is_imported_and_opens() {
        for (repository, text) in [("org/model", "org/model"), ("Helsinki-NLP/opus-mt-ar-en", "opus-mt-ar-en")] {
            let (_folder, path, store) = exported(repository, text);
            for _ in 0..2 {
                let pulled = store.import(&path, &Silent).unwrap();
                assert_eq!((&*pulled.name, &*pulled.commit, pulled.locked), (text, COMMIT, true));
            }
            let opened = store.open(&store.name(text).unwrap(), Task::Translate, &Silent).unwrap();
            for (name, bytes) in MARIAN {
                assert_eq!(opened.files.need(name).unwrap(), *bytes);
            }
            assert_eq!(store.repository(repository).commit("main").unwrap().as_deref(), Some(COMMIT));
        }
    }

    #[test]
    fn a_manifest_of_the_users_own_goes_along() {
        let (folder, _, _) = exported("org/model", "org/model");
        let bundled = Catalogue::bundled();
        let mut mine = bundled.get("opus-mt-ar-en").unwrap().clone();
        (mine.name, mine.repository) = ("mine".into(), Some("org/model".into()));
        let manifests = folder.path().join("manifests");
        std::fs::create_dir(&manifests).unwrap();
        std::fs::write(manifests.join("mine.toml"), toml::to_string(&mine).unwrap()).unwrap();
        let config = StoreConfig::new(folder.path().join("hub"), folder.path().join("data"));
        let store = Store::new(StoreConfig { manifests: Some(manifests), ..config }).unwrap();
        let path = folder.path().join("mine.zip");
        store.export(&store.find(&store.name("mine").unwrap()).unwrap().unwrap(), &path, &Silent).unwrap();

        let there = StoreConfig::new(folder.path().join("there/hub"), folder.path().join("there/data"));
        let error = Store::new(there.clone()).unwrap().import(&path, &Silent).unwrap_err();
        assert!(error.to_string().contains("mine"), "{error}");
        let there = StoreConfig { manifests: Some(folder.path().join("there/manifests")), ..there };
        Store::new(there.clone()).unwrap().import(&path, &Silent).unwrap();
        let store = Store::new(there).unwrap();
        assert_eq!(store.catalogue().get("mine"), Some(&mine));
        store.open(&store.name("mine").unwrap(), Task::Translate, &Silent).unwrap();
    }

    #[test]
    fn a_damaged_file_is_not_exported() {
        let (folder, path, _) = exported("org/model", "org/model");
        let store = Store::new(StoreConfig::new(folder.path().join("hub"), folder.path().join("data"))).unwrap();
        let pulled = store.find(&store.name("org/model").unwrap()).unwrap().unwrap();
        std::fs::write(std::fs::canonicalize(&pulled.files[1].path).unwrap(), b"other").unwrap();
        std::fs::remove_file(&path).unwrap();
        let error = store.export(&pulled, &path, &Silent).unwrap_err();
        assert!(error.to_string().contains("pytorch_model.bin"), "{error}");
        assert!(!path.exists());
    }

    type Entry = (String, Vec<u8>, CompressionMethod);

    /// Writes an archive with the entries of another, changed.
    fn forged(path: &Path, change: &dyn Fn(&mut Vec<Entry>)) {
        let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
        let mut entries: Vec<Entry> = Vec::new();
        for i in 0..archive.len() {
            let mut entry = archive.by_index(i).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            entries.push((entry.name().unwrap().to_string(), bytes, CompressionMethod::Stored));
        }
        change(&mut entries);
        let mut archive = ZipWriter::new(File::create(path).unwrap());
        for (name, bytes, method) in entries {
            archive.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
            archive.write_all(&bytes).unwrap();
        }
        archive.finish().unwrap();
    }

    fn replace(entries: &mut [Entry], name: &str, old: &str, new: &str) {
        let entry = entries.iter_mut().find(|(entry, ..)| entry == name).unwrap();
        let text = String::from_utf8(entry.1.clone()).unwrap();
        assert!(text.contains(old), "{text}");
        entry.1 = text.replace(old, new).into_bytes();
    }

    #[test]
    fn a_hostile_archive_leaves_nothing_behind() {
        type Change = Box<dyn Fn(&mut Vec<Entry>)>;
        let evil = || ("evil".to_string(), b"evil".to_vec(), CompressionMethod::Stored);
        let changes: Vec<(&str, Change)> = vec![
            ("not list", Box::new(move |e| e.push(evil()))),
            ("not list", Box::new(|e| e[2].0 = "files/../../../evil".into())),
            (
                "cannot be a file",
                Box::new(|e| {
                    e[1].0 = "files/../../../evil".into();
                    replace(e, LOCK, "\"config.json\"", "\"../../../evil\"");
                }),
            ),
            ("cannot be a file", Box::new(|e| replace(e, LOCK, "\"config.json\"", "\"/etc/evil\""))),
            ("cannot be a repository", Box::new(|e| replace(e, LOCK, "org/model\"\nrev", "../../evil\"\nrev"))),
            ("is not of", Box::new(|e| replace(e, LOCK, "name = \"org/model\"", "name = \"opus-mt-ar-en\""))),
            ("no name of a model", Box::new(|e| replace(e, LOCK, "name = \"org/model\"", "name = \"../evil\""))),
            ("is not a commit", Box::new(|e| replace(e, LOCK, COMMIT, "main"))),
            ("cannot be a revision", Box::new(|e| replace(e, LOCK, "\"main\"", "\"../../../evil\""))),
            ("is not what the archive says", Box::new(|e| e[2].1 = b"WEIGHTS".to_vec())),
            ("is not as its lock says", Box::new(|e| e[2].1 = b"weights and more".to_vec())),
            ("is not as its lock says", Box::new(|e| e[2].2 = CompressionMethod::Deflated)),
            ("not found", Box::new(|e| drop(e.remove(2)))),
            ("not found", Box::new(|e| drop(e.remove(0)))),
            ("is too large", Box::new(|e| e[0].1.resize(2 << 20, b'\n'))),
            ("TOML", Box::new(|e| e[0].1 = b"<html>".to_vec())),
            ("one model", Box::new(|e| e[0].1 = b"version = 1".to_vec())),
            ("needs", Box::new(|e| replace(e, LOCK, "size = 7", "size = 9223372036854775807"))),
            (
                "another model",
                Box::new(|e| {
                    let text = super::super::MANIFESTS[0].1.as_bytes().to_vec();
                    e.push((MANIFEST.into(), text, CompressionMethod::Stored));
                }),
            ),
        ];
        for (i, (expected, change)) in changes.iter().enumerate() {
            let (folder, path, store) = exported("org/model", "org/model");
            forged(&path, change);
            let error = store.import(&path, &Silent).unwrap_err();
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            assert!(cause.contains(expected) || *expected == "needs", "{i}: {error}: {cause}");
            assert!(store.list().unwrap().is_empty(), "{i}");
            let evil = folder.path().join("evil");
            assert!(!evil.exists() && !folder.path().join("there/evil").exists(), "{i}");
            let blobs = store.repository("org/model").blobs();
            for blob in std::fs::read_dir(blobs).into_iter().flatten() {
                let bytes = std::fs::read(blob.unwrap().path()).unwrap();
                assert!(MARIAN.iter().any(|(_, good)| *good == bytes), "{i}: only right files may stay");
            }
        }
    }

    #[test]
    fn what_is_no_archive_is_refused_and_a_cut_one_too() {
        let (_folder, path, store) = exported("org/model", "org/model");
        let good = std::fs::read(&path).unwrap();
        for length in [0, 1, 30, good.len() / 2, good.len() - 1] {
            std::fs::write(&path, &good[..length]).unwrap();
            let error = store.import(&path, &Silent).unwrap_err();
            assert!(matches!(error, Error::Archive { .. }) && error.hint().is_some(), "{error}");
        }
        // Every byte counts: whichever is changed, no wrong file gets in.
        for i in (0..good.len()).step_by(23) {
            let mut bytes = good.clone();
            bytes[i] ^= 0x20;
            std::fs::write(&path, bytes).unwrap();
            if store.import(&path, &Silent).is_ok() {
                let opened = store.open(&store.name("org/model").unwrap(), Task::Translate, &Silent).unwrap();
                assert!(MARIAN.iter().all(|(name, bytes)| opened.files.need(name).unwrap() == *bytes), "{i}");
            }
        }
    }

    #[test]
    fn other_files_for_a_commit_that_is_locked_are_refused() {
        let (_folder, path, store) = exported("org/model", "org/model");
        store.import(&path, &Silent).unwrap();
        forged(&path, &|entries| {
            let found = Digests::of_bytes(b"WEIGHTS").sha256;
            let old = Digests::of_bytes(b"weights").sha256;
            entries[2].1 = b"WEIGHTS".to_vec();
            replace(entries, LOCK, &old, &found);
        });
        let error = store.import(&path, &Silent).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("models.lock has"), "{cause}");
    }
}
