//! Digests of files: the two that the Hub names its content by, and the one that goes on record.

use std::fmt::{self, Write as _};
use std::io::{self, Read};
use std::path::Path;

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::path::is_lower_hex;
use crate::error::{Error, Result};

/// How the Hub and its caches name the content of a file: large files (LFS) by SHA-256, small ones as git names a blob.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ObjectId {
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    Sha256(String),
    /// SHA-1 of `blob <size>\0` and the bytes, 40 hexadecimal digits.
    Git(String),
}

impl ObjectId {
    /// Reads 64 or 40 hexadecimal digits in lower case.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if is_lower_hex(text, 64) {
            Some(Self::Sha256(text.into()))
        } else if is_lower_hex(text, 40) {
            Some(Self::Git(text.into()))
        } else {
            None
        }
    }

    /// Its digits, the name of the file's blob in the cache.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Sha256(digits) | Self::Git(digits) => digits,
        }
    }

    /// Whether content with these digests is what it names.
    pub(crate) fn names(&self, digests: &Digests) -> bool {
        match self {
            Self::Sha256(digits) => *digits == digests.sha256,
            Self::Git(digits) => digests.git.as_ref() == Some(digits),
        }
    }

    /// Whether [`Digests::git`] is needed to check it.
    pub(crate) fn is_git(&self) -> bool {
        matches!(self, Self::Git(_))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for ObjectId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is not a digest"))
    }
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        match id {
            ObjectId::Sha256(digits) | ObjectId::Git(digits) => digits,
        }
    }
}

impl serde::Serialize for ObjectId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for ObjectId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

/// What was computed from the bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Digests {
    /// Bytes.
    pub(crate) size: u64,
    /// SHA-256, 64 hexadecimal digits.
    pub(crate) sha256: String,
    /// Git's name of the blob, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) git: Option<String>,
}

impl Digests {
    /// Reads a file from its beginning to its end. `step` is told how many bytes were read, and ends the work with what
    /// it returns if that is an error.
    pub(crate) fn of_file(path: &Path, git: bool, step: &mut dyn FnMut(u64) -> Result<()>) -> Result<Self> {
        let mut file = std::fs::File::open(path).map_err(Error::io("read", path))?;
        let size = file.metadata().map_err(Error::io("read", path))?.len();
        let mut hasher = Hasher::new(git.then_some(size));
        let mut buffer = vec![0; 1 << 18];
        loop {
            let read = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Error::io("read", path)(error)),
            };
            hasher.update(&buffer[..read]);
            step(hasher.size)?;
        }
        Ok(hasher.finish())
    }

    /// Those of bytes in memory.
    #[cfg(any(feature = "hub", feature = "demo", test))]
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(Some(bytes.len() as u64));
        hasher.update(bytes);
        hasher.finish()
    }
}

/// Digests of bytes that come piece by piece.
pub(crate) struct Hasher {
    sha256: Sha256,
    /// Git's digest starts with the size, so the size that was announced is kept to be compared.
    git: Option<(Sha1, u64)>,
    size: u64,
}

impl Hasher {
    /// Computes git's name too if `git` gives the size of what comes.
    pub(crate) fn new(git: Option<u64>) -> Self {
        let git = git.map(|size| (Sha1::new_with_prefix(format!("blob {size}\0")), size));
        Self { sha256: Sha256::new(), git, size: 0 }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some((git, _)) = &mut self.git {
            git.update(bytes);
        }
        self.size += bytes.len() as u64;
    }

    pub(crate) fn finish(self) -> Digests {
        let size = self.size;
        let git = self.git.filter(|(_, announced)| *announced == size).map(|(git, _)| hex(&git.finalize()));
        Digests { size, sha256: hex(&self.sha256.finalize()), git }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_sha256sum_and_git() {
        // printf 'hello\n' | sha256sum; printf 'hello\n' | git hash-object --stdin; the same for the empty file.
        let known = [
            (
                &b"hello\n"[..],
                "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
                "ce013625030ba8dba906f756967f9e9ca394464a",
            ),
            (
                b"",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
            ),
        ];
        let folder = tempfile::tempdir().unwrap();
        for (bytes, sha256, git) in known {
            let digests = Digests::of_bytes(bytes);
            assert_eq!(
                (&*digests.sha256, digests.git.as_deref(), digests.size),
                (sha256, Some(git), bytes.len() as u64)
            );
            let path = folder.path().join("file");
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(Digests::of_file(&path, true, &mut |_| Ok(())).unwrap(), digests);
            assert_eq!(Digests::of_file(&path, false, &mut |_| Ok(())).unwrap().git, None);
            assert!(ObjectId::parse(sha256).unwrap().names(&digests));
            assert!(ObjectId::parse(git).unwrap().names(&digests));
            assert!(!ObjectId::parse(&"0".repeat(64)).unwrap().names(&digests));
        }
        for text in ["", "ce01", &"g".repeat(40), &"A".repeat(64)] {
            assert_eq!(ObjectId::parse(text), None);
        }
    }
}
