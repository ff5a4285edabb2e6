//! The bytes of a large file, held without a copy where that is possible.

use std::fs::File;
use std::ops::Deref;
use std::path::Path;

use memmap2::Mmap;

use crate::error::{Error, Result};

/// The bytes of one file for as long as they are needed.
#[derive(Debug)]
pub enum Bytes {
    /// Part of the program.
    Static(&'static [u8]),
    /// A file mapped into memory: pages are read when they are touched, and the system may drop them again.
    Mapped(Mmap),
    /// Read into memory.
    Owned(Vec<u8>),
}

impl Bytes {
    /// Maps a file.
    ///
    /// # Errors
    /// If the file cannot be opened or mapped.
    pub fn map(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        // SAFETY: a map is only sound while nobody changes the file. Model files are written whole under another name
        // and then renamed, never changed in place, and reading gigabytes into memory instead would double its use.
        let map = unsafe { Mmap::map(&file) }.map_err(Error::io("read", path))?;
        Ok(Self::Mapped(map))
    }

    /// Lets the system drop the pages of a range of a mapped file; they are read again when they are next touched.
    pub fn release(&self, range: std::ops::Range<usize>) {
        #[cfg(unix)]
        if let Self::Mapped(map) = self {
            // SAFETY: the map is shared and backed by a file that is never written through it, so a dropped page comes
            // back with the same bytes.
            let advised =
                unsafe { map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, range.start, range.len()) };
            // Advice only: where the system refuses it, the pages stay, and nothing else changes.
            drop(advised);
        }
        #[cfg(not(unix))]
        drop(range);
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Mapped(map) => map,
            Self::Owned(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapped_file_has_its_bytes_also_after_they_were_released() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights");
        let content: Vec<u8> = (0..100_000u32).map(|i| (i % 251) as u8).collect();
        std::fs::write(&path, &content).unwrap();
        let bytes = Bytes::map(&path).unwrap();
        assert_eq!(*bytes, *content);
        bytes.release(5000..90_000);
        assert_eq!(*bytes, *content);
        assert!(Bytes::map(&folder.path().join("missing")).is_err());
    }
}
