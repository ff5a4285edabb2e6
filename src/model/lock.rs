//! `models.lock`: exactly which files of which commit a model is.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::cache::{create_parent, write_atomically};
use super::digest::ObjectId;
use super::path;
use crate::error::{Error, Result};

/// The form of the file that this program reads and writes.
const VERSION: u32 = 1;

const HEADER: &str = "# Which files each model is. `mujaz models pull --locked` gets exactly these.\n\n";

/// The models that were pulled, by name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lock {
    version: u32,
    #[serde(default, rename = "model")]
    pub(crate) models: Vec<Locked>,
}

/// One model of the lock.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Locked {
    /// As it was named at the pull.
    pub(crate) name: String,
    /// `organisation/repository`.
    pub(crate) repository: String,
    /// What was asked for.
    pub(crate) revision: String,
    /// What that stood for.
    pub(crate) commit: String,
    /// As the repository's card states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) license: Option<String>,
    /// Its files by name.
    #[serde(rename = "file")]
    pub(crate) files: Vec<LockedFile>,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockedFile {
    /// Its name in the repository.
    pub(crate) name: String,
    /// Bytes.
    pub(crate) size: u64,
    /// SHA-256 of its bytes.
    pub(crate) sha256: String,
    /// What the Hub calls its content.
    pub(crate) blob: ObjectId,
}

impl Default for Lock {
    fn default() -> Self {
        Self { version: VERSION, models: Vec::new() }
    }
}

impl Locked {
    /// Bytes of all its files.
    pub(crate) fn size(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.size))
    }

    /// What is wrong with it, if anything is. Locks travel between machines, so nothing in them is believed.
    pub(crate) fn problem(&self) -> Option<String> {
        if !path::is_repository(&self.repository) {
            return Some(format!("{:?} cannot be a repository", self.repository));
        }
        if !path::is_revision(&self.revision) {
            return Some(format!("{:?} cannot be a revision", self.revision));
        }
        if !path::is_commit(&self.commit) {
            return Some(format!("{:?} is not a commit", self.commit));
        }
        if self.license.as_ref().is_some_and(|license| !is_license(license)) {
            return Some("its licence is not one".into());
        }
        let mut names = std::collections::BTreeSet::new();
        self.files.iter().find_map(|file| {
            if !path::is_safe_file(&file.name) {
                return Some(format!("{:?} cannot be a file of a model", file.name));
            }
            if !path::is_lower_hex(&file.sha256, 64) {
                return Some(format!("the sha256 of {} is not one", file.name));
            }
            (!names.insert(file.name.to_lowercase())).then(|| format!("{} is there twice", file.name))
        })
    }
}

/// Whether a text looks like the identifier of a licence and can go on record and on a terminal.
pub(crate) fn is_license(text: &str) -> bool {
    text.len() <= 60 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._+".contains(c))
}

impl Lock {
    /// Reads the lock; one that is not there is empty.
    ///
    /// # Errors
    /// If it cannot be read or is not a lock.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            text => text.map_err(Error::io("read", path))?,
        };
        Self::parse(&text).map_err(|source| Error::Lock { path: path.into(), source })
    }

    /// Reads a lock from its text.
    pub(crate) fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let lock: Self = toml::from_str(text)?;
        if lock.version != VERSION {
            return Err(format!("its version is {}, this program knows {VERSION}", lock.version).into());
        }
        match lock.models.iter().find_map(|model| Some((&model.name, model.problem()?))) {
            Some((name, problem)) => Err(format!("{name}: {problem}").into()),
            None => Ok(lock),
        }
    }

    /// The model called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Locked> {
        self.models.iter().find(|model| model.name == name)
    }

    /// Reads the lock, changes it and writes it, so that two processes do not lose each other's changes.
    pub(crate) fn change(path: &Path, change: impl FnOnce(&mut Self)) -> Result<()> {
        let guard_path = guard(path);
        create_parent(&guard_path)?;
        let guard = File::create(&guard_path).map_err(Error::io("create", &guard_path))?;
        guard.lock().map_err(Error::io("lock", &guard_path))?;
        let mut lock = Self::read(path)?;
        let before = lock.clone();
        change(&mut lock);
        if lock == before {
            return Ok(());
        }
        lock.models.sort_by(|a, b| a.name.cmp(&b.name));
        write_atomically(path, lock.to_text().as_bytes())
    }

    /// The lock of one model.
    pub(crate) fn of(model: Locked) -> Self {
        Self { version: VERSION, models: vec![model] }
    }

    /// The lock as it is written.
    pub(crate) fn to_text(&self) -> String {
        let text = toml::to_string(self).expect("a lock is made of tables, strings and numbers that TOML has");
        format!("{HEADER}{text}")
    }

    /// Puts a model in place of the one with its name.
    pub(crate) fn put(&mut self, model: Locked) {
        self.models.retain(|old| old.name != model.name);
        self.models.push(model);
    }
}

/// The file that is locked while the lock changes; the lock itself is replaced and cannot serve.
fn guard(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".guard");
    path.with_file_name(name)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn locked(name: &str) -> Locked {
        let file = LockedFile {
            name: "config.json".into(),
            size: 7,
            sha256: "c".repeat(64),
            blob: ObjectId::parse(&"b".repeat(40)).unwrap(),
        };
        Locked {
            name: name.into(),
            repository: "org/repo".into(),
            revision: "main".into(),
            commit: "a".repeat(40),
            license: None,
            files: vec![file],
        }
    }

    #[test]
    fn a_lock_comes_back_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/models.lock");
        assert_eq!(Lock::read(&path).unwrap(), Lock::default());
        Lock::change(&path, |lock| lock.put(locked("b"))).unwrap();
        Lock::change(&path, |lock| lock.put(locked("a"))).unwrap();
        Lock::change(&path, |lock| lock.put(Locked { license: Some("mit".into()), ..locked("b") })).unwrap();
        let lock = Lock::read(&path).unwrap();
        assert_eq!(lock.models.iter().map(|model| &*model.name).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(lock.get("b").unwrap().license.as_deref(), Some("mit"));
        assert_eq!(lock.get("a"), Some(&locked("a")));
    }

    #[test]
    fn what_is_no_lock_is_refused_with_the_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("models.lock");
        Lock::change(&path, |lock| lock.put(locked("a"))).unwrap();
        let good = std::fs::read_to_string(&path).unwrap();
        let wrong = [
            good.replace("version = 1", "version = 2"),
            good.replace("config.json", "../config.json"),
            good.replace("config.json", "/etc/passwd"),
            good.replace("org/repo", "org/../repo"),
            good.replace(&"a".repeat(40), "main"),
            good.replace(&"b".repeat(40), "../../x"),
            good.replace(&"c".repeat(64), "x"),
            good.replace("commit", "comit"),
            "<html>".into(),
        ];
        for text in wrong {
            assert_ne!(text, good);
            std::fs::write(&path, text).unwrap();
            let error = Lock::read(&path).unwrap_err();
            assert!(error.to_string().contains("models.lock") && error.hint().is_some(), "{error}");
        }
    }

    #[test]
    fn changes_at_the_same_time_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("models.lock");
        std::thread::scope(|scope| {
            for i in 0..8 {
                let path = &path;
                scope.spawn(move || Lock::change(path, |lock| lock.put(locked(&format!("m{i}")))).unwrap());
            }
        });
        assert_eq!(Lock::read(&path).unwrap().models.len(), 8);
    }
}
