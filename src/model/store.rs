//! The store: what was pulled, verified before anything reads it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::cache::RepositoryCache;
use super::catalogue::Catalogue;
use super::choice::{CONFIG, INDEX_LIMIT, choose};
use super::digest::Digests;
use super::family::Family;
use super::files::{Directory, Files};
use super::lock::{Lock, Locked};
use super::manifest::{Manifest, Task};
use super::marks::{Marks, Stamp};
use super::name::Name;
use super::opened::{ModelFiles, Opened};
use super::path;
use super::pulled::{Expected, Pulled, PulledFile};
use crate::error::{Error, Result};
use crate::progress::{Event, Progress};
use crate::translate::Provenance;

/// Where models are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// The Hugging Face cache: `~/.cache/huggingface/hub`.
    pub cache: PathBuf,
    /// `models.lock`.
    pub lock: PathBuf,
    /// Where it is recorded what was verified.
    pub verified: PathBuf,
    /// The folder of the user's own manifests.
    pub manifests: Option<PathBuf>,
}

impl StoreConfig {
    /// A store with all its records in the folder `data`.
    pub fn new(cache: impl Into<PathBuf>, data: impl Into<PathBuf>) -> Self {
        let data = data.into();
        Self {
            cache: cache.into(),
            lock: data.join("models.lock"),
            verified: data.join("verified.json"),
            manifests: None,
        }
    }
}

/// Models on this machine.
#[derive(Debug)]
pub struct Store {
    pub(crate) config: StoreConfig,
    pub(crate) catalogue: Catalogue,
    pub(crate) marks: Marks,
}

impl Store {
    /// The store that `config` describes. Nothing need be there yet.
    ///
    /// # Errors
    /// If the user's own manifests cannot be read.
    pub fn new(config: StoreConfig) -> Result<Self> {
        let catalogue = match &config.manifests {
            Some(folder) => Catalogue::with_directory(folder)?,
            None => Catalogue::bundled(),
        };
        let marks = Marks::read(config.verified.clone());
        Ok(Self { config, catalogue, marks })
    }

    /// Where it keeps what.
    pub fn config(&self) -> &StoreConfig {
        &self.config
    }

    /// The models that are known by name.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Reads the name of a model.
    ///
    /// # Errors
    /// [`Error::Model`] if it is none.
    pub fn name(&self, text: &str) -> Result<Name> {
        Name::parse(text, &self.catalogue)
    }

    /// What the cache holds of a model: all its files, or nothing.
    ///
    /// The lock says which files they are; for a model that it does not have, as one that Python pulled, the cache does.
    ///
    /// # Errors
    /// If the lock or the cache cannot be read.
    pub fn find(&self, name: &Name) -> Result<Option<Pulled>> {
        match Lock::read(&self.config.lock)?.get(&name.to_string()) {
            Some(locked) => self.find_locked(name, locked).map(|found| found.ok()),
            None => self.find_in_cache(name),
        }
    }

    /// The files of a model that the lock has, or the name of one that is not there.
    fn find_locked(&self, name: &Name, locked: &Locked) -> Result<Result<Pulled, String>> {
        let snapshot = self.repository(&locked.repository).snapshot(&locked.commit);
        let mut files = Vec::new();
        for file in &locked.files {
            let path = snapshot.join(&file.name);
            let Ok(metadata) = std::fs::metadata(&path) else { return Ok(Err(file.name.clone())) };
            let expected =
                Expected { size: Some(file.size), sha256: Some(file.sha256.clone()), blob: Some(file.blob.clone()) };
            files.push(PulledFile { name: file.name.clone(), path, size: metadata.len(), expected });
        }
        let manifest = match self.listed(name) {
            Some(manifest) => manifest.clone(),
            None => self.derived(name, &locked.repository, &snapshot)?,
        };
        Ok(Ok(Pulled {
            name: locked.name.clone(),
            manifest,
            repository: locked.repository.clone(),
            revision: locked.revision.clone(),
            commit: locked.commit.clone(),
            license: locked.license.clone(),
            locked: true,
            files,
        }))
    }

    fn find_in_cache(&self, name: &Name) -> Result<Option<Pulled>> {
        let Some((repository, revision)) = self.address(name) else { return Ok(None) };
        let cache = self.repository(&repository);
        let Some(commit) = cache.commit(&revision)? else { return Ok(None) };
        let snapshot = cache.snapshot(&commit);
        if !snapshot.join(CONFIG).is_file() {
            return Ok(None);
        }
        let manifest = match self.listed(name) {
            Some(manifest) => manifest.clone(),
            None => self.derived(name, &repository, &snapshot)?,
        };
        let Ok(names) = choose_in(&manifest, &snapshot) else { return Ok(None) };
        let mut files = Vec::new();
        for name in names {
            let path = snapshot.join(&name);
            let size = std::fs::metadata(&path).map_err(Error::io("read", &path))?.len();
            let expected = Expected { size: None, sha256: None, blob: RepositoryCache::linked(&path) };
            files.push(PulledFile { name, path, size, expected });
        }
        let name = name.to_string();
        Ok(Some(Pulled { name, manifest, repository, revision, commit, license: None, locked: false, files }))
    }

    /// Repository and revision that a name stands for.
    pub(crate) fn address(&self, name: &Name) -> Option<(String, String)> {
        match name {
            Name::Catalogue { name, revision } => {
                let manifest = self.catalogue.get(name)?;
                let revision = revision.as_ref().unwrap_or(&manifest.revision);
                Some((manifest.repository.clone()?, revision.clone()))
            }
            Name::Repository { id, revision } => Some((id.clone(), revision.clone().unwrap_or_else(|| "main".into()))),
            Name::Directory(_) => None,
        }
    }

    /// The manifest of a model that the catalogue has, by name or by repository.
    pub(crate) fn listed(&self, name: &Name) -> Option<&Manifest> {
        match name {
            Name::Catalogue { name, .. } => self.catalogue.get(name),
            Name::Repository { id, .. } => self.catalogue.of_repository(id),
            Name::Directory(_) => None,
        }
    }

    fn derived(&self, name: &Name, repository: &str, snapshot: &Path) -> Result<Manifest> {
        let path = snapshot.join(CONFIG);
        let config = std::fs::read(&path).map_err(Error::io("read", path))?;
        let name = name.to_string();
        Ok(Manifest::derived(&name, Some(repository), Family::of_config(&name, &config)?))
    }

    pub(crate) fn repository(&self, id: &str) -> RepositoryCache {
        RepositoryCache::new(&self.config.cache, id)
    }

    /// Opens a model for a task. Files that have not changed since they were last verified are not read again; all
    /// others are, and `progress` is told.
    ///
    /// # Errors
    /// [`Error::Model`] if the model is not pulled, does something else, or a file is not what it should be.
    pub fn open(&self, name: &Name, task: Task, progress: &dyn Progress) -> Result<Opened> {
        if let Some(manifest) = self.listed(name).filter(|manifest| manifest.task != task) {
            return Err(Error::Model {
                model: name.to_string(),
                problem: format!("it is made to {}, not to {task}", manifest.task),
                remedy: format!(
                    "give it as {}, and see mujaz models list for models that {task}",
                    manifest.task.option()
                ),
            });
        }
        match name {
            Name::Directory(folder) => self.open_directory(folder, task, progress),
            #[cfg(feature = "demo")]
            Name::Catalogue { name, .. } if name == super::Demo::NAME => Ok(super::demo()),
            _ => match self.find(name)? {
                Some(pulled) => {
                    let opened = self.open_pulled(pulled, progress)?;
                    if self.listed(name).is_none() {
                        opened.manifest.family.check(task, &name.to_string(), &opened.files.need(CONFIG)?)?;
                    }
                    Ok(opened)
                }
                None => Err(self.not_pulled(name)?),
            },
        }
    }

    /// Opens the first model of a task in the catalogue that is pulled.
    ///
    /// # Errors
    /// If the one that is pulled cannot be opened.
    pub fn open_default(&self, task: Task, progress: &dyn Progress) -> Result<Option<Opened>> {
        for manifest in self.catalogue.of_task(task) {
            let name = Name::Catalogue { name: manifest.name.clone(), revision: None };
            if let Some(pulled) = self.find(&name)? {
                return self.open_pulled(pulled, progress).map(Some);
            }
        }
        Ok(None)
    }

    fn not_pulled(&self, name: &Name) -> Result<Error> {
        let text = name.to_string();
        let problem = match Lock::read(&self.config.lock)?.get(&text) {
            Some(locked) => match self.find_locked(name, locked)? {
                Err(file) => format!("{file} is gone from the cache {}", self.config.cache.display()),
                Ok(_) => "it is not whole".into(),
            },
            None => "it is not pulled".into(),
        };
        let remedy = match cfg!(feature = "demo") && text == "demo-ar-en" {
            true => "this program was built without the demonstration model".into(),
            false => format!("mujaz models pull {text}"),
        };
        Ok(Error::Model { model: text, problem, remedy })
    }

    fn open_pulled(&self, pulled: Pulled, progress: &dyn Progress) -> Result<Opened> {
        let mut files = Vec::new();
        let mut digests = BTreeMap::new();
        for file in &pulled.files {
            let found = self.digests_of(file, false, progress)?;
            if let Some(problem) = file.problem(&found) {
                return Err(damaged(&pulled.name, &file.name, &problem));
            }
            let stamp = Stamp::of(&file.path)?;
            digests.insert(file.name.clone(), found.sha256.clone());
            files.push((file.name.clone(), file.path.clone(), stamp, found.sha256));
        }
        self.marks.save();
        let license = pulled.license().map(Into::into);
        let provenance = Provenance {
            name: pulled.name.clone(),
            repository: Some(pulled.repository),
            revision: Some(pulled.commit),
            files: digests,
            license,
            ..Provenance::default()
        };
        let files = Box::new(ModelFiles::new(pulled.name, files));
        Ok(Opened { files, manifest: pulled.manifest, provenance })
    }

    /// A directory is the user's own word: its files are put on record, not compared with anything.
    fn open_directory(&self, folder: &Path, task: Task, progress: &dyn Progress) -> Result<Opened> {
        let name = folder.display().to_string();
        let files = Directory(folder.into());
        let config = files.need(CONFIG)?;
        let family = Family::of_config(&name, &config)?;
        family.check(task, &name, &config)?;
        let mut manifest = Manifest::derived(&name, None, family);
        manifest.task = task;
        let mut digests = BTreeMap::new();
        for file in choose_in(&manifest, folder).map_err(|error| in_directory(error, folder))? {
            let path = folder.join(&file);
            let pulled = PulledFile { name: file.clone(), path, size: 0, expected: Expected::nothing() };
            digests.insert(file, self.digests_of(&pulled, false, progress)?.sha256);
        }
        self.marks.save();
        let provenance = Provenance { name, files: digests, ..Provenance::default() };
        Ok(Opened { files: Box::new(files), manifest, provenance })
    }

    /// The digests on record of a file that has not changed since.
    pub(crate) fn known_digests(&self, file: &PulledFile) -> Result<Option<Digests>> {
        self.marks.known(&file.path, file.needs_git())
    }

    /// The digests of a file: those on record if it has not changed since and `again` is not asked for.
    pub(crate) fn digests_of(&self, file: &PulledFile, again: bool, progress: &dyn Progress) -> Result<Digests> {
        if !again && let Some(known) = self.known_digests(file)? {
            return Ok(known);
        }
        let name = file.name.clone();
        progress.on(Event::Start { stage: "verifying", name: name.clone(), total: Some(file.size) });
        let digests = self.marks.compute(&file.path, file.needs_git(), &mut |done| {
            progress.on(Event::Advance { name: name.clone(), done });
            if progress.cancelled() { Err(Error::Interrupted) } else { Ok(()) }
        });
        progress.on(Event::Finish { name });
        digests
    }
}

/// The error for a file that is not what it should be.
pub(crate) fn damaged(model: &str, file: &str, problem: &str) -> Error {
    Error::Model {
        model: model.into(),
        problem: format!("{file} {problem}"),
        remedy: format!("mujaz models pull {model}"),
    }
}

/// Nothing can be pulled into a directory of the user's.
fn in_directory(error: Error, folder: &Path) -> Error {
    match error {
        Error::Model { model, problem, .. } => Error::Model {
            model,
            problem,
            remedy: format!("copy the missing files from the model's repository into {}", folder.display()),
        },
        error => error,
    }
}

/// The files of a model that lies in a folder.
pub(crate) fn choose_in(manifest: &Manifest, folder: &Path) -> Result<Vec<String>> {
    choose(manifest, &|file| path::is_safe_file(file) && folder.join(file).is_file(), &mut |index| {
        let path = folder.join(index);
        let bytes = std::fs::metadata(&path).map_err(Error::io("read", &path))?.len();
        if bytes > INDEX_LIMIT {
            return Err(Error::TooLarge { name: path.display().to_string(), bytes, limit: INDEX_LIMIT });
        }
        std::fs::read(&path).map_err(Error::io("read", path))
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::digest::ObjectId;
    use crate::progress::Silent;

    pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    /// A cache with a model in it as Python leaves it: links to blobs and a reference, nothing of ours.
    pub(crate) fn cache_of_python(folder: &Path, repository: &str, files: &[(&str, &[u8])]) -> Store {
        let store = Store::new(StoreConfig::new(folder.join("hub"), folder.join("data"))).unwrap();
        let cache = store.repository(repository);
        std::fs::create_dir_all(cache.blobs()).unwrap();
        for (name, bytes) in files {
            let digests = Digests::of_bytes(bytes);
            let is_large = name.contains("model.") || name.ends_with(".spm");
            let id = if is_large { digests.sha256 } else { digests.git.unwrap() };
            let id = ObjectId::parse(&id).unwrap();
            std::fs::write(cache.blob(&id), bytes).unwrap();
            cache.link(COMMIT, name, &id).unwrap();
        }
        cache.set_commit("main", COMMIT).unwrap();
        store
    }

    pub(crate) const MARIAN: &[(&str, &[u8])] = &[
        ("config.json", br#"{"model_type": "marian"}"#),
        ("pytorch_model.bin", b"weights"),
        ("source.spm", b"source"),
        ("target.spm", b"target"),
        ("vocab.json", b"{}"),
    ];

    #[test]
    fn what_python_pulled_is_opened_and_verified() {
        let folder = tempfile::tempdir().unwrap();
        let store = cache_of_python(folder.path(), "Helsinki-NLP/opus-mt-ar-en", MARIAN);
        for text in ["opus-mt-ar-en", "Helsinki-NLP/opus-mt-ar-en", &format!("opus-mt-ar-en@{COMMIT}")] {
            let opened = open(&store, text).unwrap();
            assert_eq!(opened.manifest.name, "opus-mt-ar-en");
            assert_eq!(opened.files.need("vocab.json").unwrap(), &b"{}"[..]);
            assert_eq!(opened.files.open("pytorch_model.bin").unwrap().as_deref(), Some(&b"weights"[..]));
            assert!(opened.files.get("README.md").unwrap().is_none());
            let provenance = opened.provenance;
            assert_eq!(provenance.name, text);
            assert_eq!(provenance.revision.as_deref(), Some(COMMIT));
            assert_eq!(provenance.license.as_deref(), Some("Apache-2.0"));
            assert_eq!(provenance.files["source.spm"], Digests::of_bytes(b"source").sha256);
            assert_eq!(provenance.files.len(), 5);
        }
        let opened = store.open_default(Task::Translate, &Silent).unwrap().unwrap();
        assert_eq!(opened.manifest.name, "opus-mt-ar-en");
        assert!(store.open_default(Task::Summarize, &Silent).unwrap().is_none());
    }

    fn open(store: &Store, text: &str) -> Result<Opened> {
        store.open(&store.name(text).unwrap(), Task::Translate, &Silent)
    }

    #[test]
    fn a_damaged_file_never_reaches_a_loader() {
        let folder = tempfile::tempdir().unwrap();
        let store = cache_of_python(folder.path(), "org/model", MARIAN);
        let snapshot = store.repository("org/model").snapshot(COMMIT);
        let opened = open(&store, "org/model").unwrap();
        for file in ["pytorch_model.bin", "vocab.json"] {
            let blob = std::fs::canonicalize(snapshot.join(file)).unwrap();
            let good = std::fs::read(&blob).unwrap();
            std::fs::write(&blob, b"<html>").unwrap();
            let error = opened.files.get(file).unwrap_err().to_string();
            assert!(error.contains(file) && error.contains("changed"), "{error}");
            let error = open(&store, "org/model").err().unwrap();
            assert!(error.to_string().contains(file), "{error}");
            assert_eq!(error.hint().as_deref(), Some("mujaz models pull org/model"));
            std::fs::write(&blob, good).unwrap();
            open(&store, "org/model").unwrap();
        }
        // A copy instead of a link, as on Windows: nothing says what it should be.
        std::fs::remove_file(snapshot.join("source.spm")).unwrap();
        std::fs::write(snapshot.join("source.spm"), b"source").unwrap();
        assert!(open(&store, "org/model").err().unwrap().to_string().contains("cannot be verified"));
    }

    #[test]
    fn a_model_that_is_not_whole_is_not_pulled() {
        let folder = tempfile::tempdir().unwrap();
        let store = cache_of_python(folder.path(), "org/model", &MARIAN[..4]);
        for text in ["org/model", "org/other", "opus-mt-ar-en"] {
            let error = open(&store, text).err().unwrap();
            assert!(error.to_string().contains("is not pulled"), "{error}");
            assert_eq!(error.hint().unwrap(), format!("mujaz models pull {text}"));
        }
        let other = [("config.json", &br#"{"model_type": "llama"}"#[..])];
        let store = cache_of_python(folder.path(), "org/llama", &other);
        assert!(open(&store, "org/llama").err().unwrap().to_string().contains("llama"));
    }

    #[test]
    fn a_model_that_does_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = cache_of_python(folder.path(), "org/model", MARIAN);
        let error = open(&store, "distilbart-cnn-12-6").err().unwrap();
        assert!(error.to_string().contains("made to summarize"), "{error}");
        assert!(error.hint().unwrap().contains("--summarizer"), "{error}");
        // Also one that the catalogue does not have.
        let error = store.open(&store.name("org/model").unwrap(), Task::Summarize, &Silent).err().unwrap();
        assert!(error.to_string().contains("made to translate, not to summarize"), "{error}");
        assert!(error.hint().unwrap().contains("--model"), "{error}");
    }

    #[test]
    fn a_directory_is_the_users_own_word() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(StoreConfig::new(folder.path().join("hub"), folder.path().join("data"))).unwrap();
        let model = folder.path().join("model");
        std::fs::create_dir(&model).unwrap();
        for (name, bytes) in &MARIAN[..4] {
            std::fs::write(model.join(name), bytes).unwrap();
        }
        let text = model.display().to_string();
        let error = open(&store, &text).err().unwrap();
        assert!(error.to_string().contains("vocab.json"), "{error}");
        assert!(error.hint().unwrap().contains("copy the missing files"));
        std::fs::write(model.join("vocab.json"), "{}").unwrap();
        let opened = open(&store, &text).unwrap();
        assert_eq!(opened.manifest.family.name(), "marian");
        assert_eq!(opened.provenance.files["vocab.json"], Digests::of_bytes(b"{}").sha256);
        assert_eq!((opened.provenance.repository, opened.provenance.license), (None, None));
    }

    #[cfg(feature = "demo")]
    #[test]
    fn the_demonstration_model_stands_in_where_nothing_is_pulled() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(StoreConfig::new(folder.path().join("hub"), folder.path().join("data"))).unwrap();
        for name in [None, Some("demo-ar-en")] {
            let opened = super::super::open(name, Task::Translate, &store, &Silent).unwrap().unwrap();
            assert!(opened.provenance.demonstration);
            assert_eq!(opened.manifest.family, Family::of_config("", &opened.files.need(CONFIG).unwrap()).unwrap());
            assert_eq!(opened.provenance.files.len(), super::super::Demo::FILES.len());
        }
        assert!(super::super::open(None, Task::Summarize, &store, &Silent).unwrap().is_none());
    }
}
