//! What was computed of files before, so that opening a model does not read gigabytes each time.
//!
//! A digest on record counts while size and time of change of its file are the same. That guards against damage, not
//! against somebody who may write to the cache and sets the clock back; `mujaz models verify` reads every byte again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::UNIX_EPOCH;

use super::cache::write_atomically;
use super::digest::Digests;
use crate::error::{Error, Result};

/// Digests on record.
#[derive(Debug)]
pub(crate) struct Marks {
    file: PathBuf,
    marks: Mutex<BTreeMap<PathBuf, Mark>>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Mark {
    stamp: Stamp,
    digests: Digests,
}

/// What tells that a file was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Stamp {
    size: u64,
    /// Nanoseconds since 1970.
    changed: u64,
}

impl Stamp {
    /// That of a file as it is now.
    pub(crate) fn of(path: &Path) -> Result<Self> {
        let metadata = std::fs::metadata(path).map_err(Error::io("read", path))?;
        let changed = metadata.modified().map_err(Error::io("read", path))?;
        let changed = changed.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        Ok(Self { size: metadata.len(), changed: changed.try_into().unwrap_or(u64::MAX) })
    }
}

impl Marks {
    /// Those recorded in `file`; none if there is no such file or it makes no sense.
    pub(crate) fn read(file: PathBuf) -> Self {
        let marks = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { file, marks: Mutex::new(marks) }
    }

    /// The digests on record of a file that has not changed since.
    pub(crate) fn known(&self, path: &Path, git: bool) -> Result<Option<Digests>> {
        let stamp = Stamp::of(path)?;
        let key = std::fs::canonicalize(path).map_err(Error::io("read", path))?;
        let marks = self.marks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mark = marks.get(&key).filter(|mark| mark.stamp == stamp && (mark.digests.git.is_some() || !git));
        Ok(mark.map(|mark| mark.digests.clone()))
    }

    /// Reads a file and records its digests.
    pub(crate) fn compute(&self, path: &Path, git: bool, step: &mut dyn FnMut(u64) -> Result<()>) -> Result<Digests> {
        let before = Stamp::of(path)?;
        let digests = Digests::of_file(path, git, step)?;
        // A file that changed meanwhile is not worth a mark; whoever compares the digests will see.
        if Stamp::of(path)? == before {
            let key = std::fs::canonicalize(path).map_err(Error::io("read", path))?;
            let mut marks = self.marks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            marks.insert(key, Mark { stamp: before, digests: digests.clone() });
        }
        Ok(digests)
    }

    /// Records digests that were computed before a file got its name.
    pub(crate) fn record(&self, path: &Path, digests: Digests) -> Result<()> {
        let stamp = Stamp::of(path)?;
        let key = std::fs::canonicalize(path).map_err(Error::io("read", path))?;
        let mut marks = self.marks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        marks.insert(key, Mark { stamp, digests });
        Ok(())
    }

    /// Writes what was recorded. That it cannot be written only means that files are read again.
    pub(crate) fn save(&self) {
        let mut marks = self.marks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        marks.retain(|path, _| path.exists());
        if let Ok(bytes) = serde_json::to_vec(&*marks) {
            if std::fs::read(&self.file).is_ok_and(|old| old == bytes) {
                return;
            }
            let _ = write_atomically(&self.file, &bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn a_digest_on_record_counts_until_the_file_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (file, record) = (folder.path().join("weights"), folder.path().join("data/verified.json"));
        std::fs::write(&file, b"hello\n").unwrap();
        let marks = Marks::read(record.clone());
        assert_eq!(marks.known(&file, false).unwrap(), None);
        let digests = marks.compute(&file, false, &mut |_| Ok(())).unwrap();
        marks.save();
        let marks = Marks::read(record.clone());
        assert_eq!(marks.known(&file, false).unwrap().as_ref(), Some(&digests));
        assert_eq!(marks.known(&file, true).unwrap(), None, "git's digest was not computed");
        let later = SystemTime::now() + Duration::from_secs(5);
        std::fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
        assert_eq!(marks.known(&file, false).unwrap(), None);
        std::fs::write(&record, b"nonsense").unwrap();
        assert_eq!(Marks::read(record).known(&file, false).unwrap(), None);
    }
}
