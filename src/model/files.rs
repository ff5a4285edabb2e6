//! The files of a model by name, wherever their bytes lie: a directory, or the program itself.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::Bytes;
use crate::error::{Error, Result};

/// The files of one model in Hugging Face layout.
pub trait Files {
    /// What the model is called in messages: its name in the catalogue, or its directory.
    fn model(&self) -> Cow<'_, str>;

    /// The bytes of the file called `name`; `None` if the model has no such file.
    ///
    /// # Errors
    /// If the file is there and cannot be read.
    fn get(&self, name: &str) -> Result<Option<Cow<'_, [u8]>>>;

    /// As [`Files::get`], for a large file: its bytes are held for as long as they are needed, without a copy where that
    /// is possible.
    ///
    /// # Errors
    /// If the file is there and cannot be read.
    fn open(&self, name: &str) -> Result<Option<Bytes>> {
        Ok(self.get(name)?.map(|bytes| Bytes::Owned(bytes.into_owned())))
    }

    /// The bytes of a file that the model cannot do without.
    ///
    /// # Errors
    /// If the file is not there or cannot be read.
    fn need(&self, name: &str) -> Result<Cow<'_, [u8]>> {
        self.get(name)?.ok_or_else(|| Error::Model {
            model: self.model().into_owned(),
            problem: format!("there is no {name}"),
            remedy: format!("copy {name} from the model's repository, or pull the model again"),
        })
    }
}

/// A directory that the user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory(pub PathBuf);

impl Directory {
    /// Where the file called `name` would be. Names also come from files of the model, such as the index of a sharded
    /// one, and must not lead out of it.
    fn path(&self, name: &str) -> Option<PathBuf> {
        Path::new(name).components().all(|part| matches!(part, Component::Normal(_))).then(|| self.0.join(name))
    }
}

impl Files for Directory {
    fn model(&self) -> Cow<'_, str> {
        self.0.to_string_lossy()
    }

    fn get(&self, name: &str) -> Result<Option<Cow<'_, [u8]>>> {
        let Some(path) = self.path(name) else { return Ok(None) };
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(Cow::Owned(bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", path)(error)),
        }
    }

    fn open(&self, name: &str) -> Result<Option<Bytes>> {
        match self.path(name) {
            Some(path) if path.exists() => Bytes::map(&path).map(Some),
            _ => Ok(None),
        }
    }
}

/// The demonstration model, compiled into the program.
#[cfg(feature = "demo")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Demo;

#[cfg(feature = "demo")]
impl Demo {
    /// Its name in the catalogue.
    pub const NAME: &'static str = "demo-ar-en";

    /// Its files, each with its bytes.
    pub const FILES: &'static [(&'static str, &'static [u8])] = &[
        ("README.md", include_bytes!("../../models/demo-ar-en/README.md")),
        ("config.json", include_bytes!("../../models/demo-ar-en/config.json")),
        ("generation_config.json", include_bytes!("../../models/demo-ar-en/generation_config.json")),
        ("model.safetensors", include_bytes!("../../models/demo-ar-en/model.safetensors")),
        ("source.spm", include_bytes!("../../models/demo-ar-en/source.spm")),
        ("target.spm", include_bytes!("../../models/demo-ar-en/target.spm")),
        ("tokenizer_config.json", include_bytes!("../../models/demo-ar-en/tokenizer_config.json")),
        ("vocab.json", include_bytes!("../../models/demo-ar-en/vocab.json")),
    ];
}

#[cfg(feature = "demo")]
impl Files for Demo {
    fn model(&self) -> Cow<'_, str> {
        Cow::Borrowed(Self::NAME)
    }

    fn get(&self, name: &str) -> Result<Option<Cow<'_, [u8]>>> {
        Ok(Self::FILES.iter().find(|(file, _)| *file == name).map(|(_, bytes)| Cow::Borrowed(*bytes)))
    }

    fn open(&self, name: &str) -> Result<Option<Bytes>> {
        Ok(Self::FILES.iter().find(|(file, _)| *file == name).map(|(_, bytes)| Bytes::Static(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_gives_its_files_and_nothing_outside() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("model");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("config.json"), b"{}").unwrap();
        std::fs::write(folder.path().join("secret"), b"x").unwrap();
        let files = Directory(inner.clone());
        assert_eq!(files.get("config.json").unwrap().as_deref(), Some(&b"{}"[..]));
        assert_eq!(files.get("vocab.json").unwrap(), None);
        assert_eq!(files.open("config.json").unwrap().as_deref(), Some(&b"{}"[..]));
        assert!(files.open("vocab.json").unwrap().is_none());
        assert!(files.open("../secret").unwrap().is_none());
        assert_eq!(files.get("../secret").unwrap(), None);
        assert_eq!(files.get(&folder.path().join("secret").to_string_lossy()).unwrap(), None);
        let error = files.need("vocab.json").unwrap_err();
        assert!(error.to_string().contains("vocab.json"), "{error}");
        assert!(error.hint().is_some());
    }

    #[cfg(feature = "demo")]
    #[test]
    fn the_program_holds_every_file_of_the_demonstration_model() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(Demo::NAME);
        let mut names: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().unwrap().is_file())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, Demo::FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        for name in names {
            assert!(Demo.need(&name).unwrap() == std::fs::read(folder.join(&name)).unwrap(), "{name}");
            assert!(*Demo.open(&name).unwrap().unwrap() == *Demo.need(&name).unwrap(), "{name}");
        }
    }
}
