//! The catalogue: the bundled manifests, and the user's own beside them.

use std::path::Path;

use super::manifest::{Manifest, Task};
use super::name::Name;
use crate::error::{Error, Result};

macro_rules! manifests {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../models/", $name, ".toml")))),*]
    };
}

/// The bundled manifests, each with its name. Where no model is named, the first of its task that was pulled is used:
/// models that may be used for anything come before those with limits, and among them the better ones first.
pub const MANIFESTS: &[(&str, &str)] = manifests![
    "opus-mt-tc-big-ar-en",
    "opus-mt-ar-en",
    "madlad400-3b-mt",
    "m2m100_418M",
    "mbart-large-50-many-to-one-mmt",
    "nllb-200-distilled-1.3B",
    "nllb-200-distilled-600M",
    "distilbart-cnn-12-6",
    "bart-large-cnn",
    "pegasus-cnn_dailymail",
    "distilbart-cnn-6-6",
    "flan-t5-base",
    "t5-small",
    "demo-ar-en",
];

/// Greatest size of a user's manifest.
const LIMIT: u64 = 1 << 20;

/// The models that are known by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue(Vec<Manifest>);

impl Catalogue {
    /// The bundled manifests.
    pub fn bundled() -> Self {
        Self(MANIFESTS.iter().map(|(_, text)| toml::from_str(text).expect("a test reads every one of them")).collect())
    }

    /// The bundled manifests and those in the files `*.toml` of a directory, which need not be there.
    ///
    /// # Errors
    /// If the directory or a file cannot be read, if a file is not a manifest, or if its name is taken.
    pub fn with_directory(directory: &Path) -> Result<Self> {
        let mut catalogue = Self::bundled();
        let entries = match std::fs::read_dir(directory) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(catalogue),
            entries => entries.map_err(Error::io("read", directory))?,
        };
        let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
        let mut paths = paths.map_err(Error::io("read", directory))?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        for path in paths {
            let manifest = read(&path)?;
            if catalogue.get(&manifest.name).is_some() {
                return Err(not_a_manifest(&path, format!("the name {} is taken: give it another", manifest.name)));
            }
            catalogue.0.push(manifest);
        }
        Ok(catalogue)
    }

    /// The manifest of the model called `name`.
    pub fn get(&self, name: &str) -> Option<&Manifest> {
        self.0.iter().find(|manifest| manifest.name == name)
    }

    /// The first manifest of a repository.
    pub fn of_repository(&self, repository: &str) -> Option<&Manifest> {
        self.0.iter().find(|manifest| manifest.repository.as_deref() == Some(repository))
    }

    /// The repository that a name stands for.
    pub(crate) fn repository_of<'a>(&'a self, name: &'a Name) -> Option<&'a String> {
        match name {
            Name::Catalogue { name, .. } => self.get(name)?.repository.as_ref(),
            Name::Repository { id, .. } => Some(id),
            Name::Directory(_) => None,
        }
    }

    /// Adds a manifest whose name is not taken.
    pub(crate) fn extend(&mut self, manifest: Option<Manifest>) {
        self.0.extend(manifest);
    }

    /// All manifests, the best first.
    pub fn iter(&self) -> impl Iterator<Item = &Manifest> {
        self.0.iter()
    }

    /// Those of one task, the best first.
    pub fn of_task(&self, task: Task) -> impl Iterator<Item = &Manifest> {
        self.iter().filter(move |manifest| manifest.task == task)
    }
}

fn read(path: &Path) -> Result<Manifest> {
    let bytes = std::fs::metadata(path).map_err(Error::io("read", path))?.len();
    if bytes > LIMIT {
        return Err(Error::TooLarge { name: path.display().to_string(), bytes, limit: LIMIT });
    }
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    let manifest: Manifest = toml::from_str(&text).map_err(|source| not_a_manifest(path, source))?;
    if manifest.repository.is_none() {
        return Err(not_a_manifest(path, "there is no repository"));
    }
    match manifest.problem() {
        Some(problem) => Err(not_a_manifest(path, problem)),
        None => Ok(manifest),
    }
}

fn not_a_manifest(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Manifest { path: path.into(), source: source.into() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::family::Family;

    #[test]
    fn every_bundled_manifest_is_whole() {
        let catalogue = Catalogue::bundled();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().into_string().unwrap().strip_suffix(".toml").map(Into::into))
            .collect();
        assert_eq!(files, MANIFESTS.iter().map(|(name, _)| name.to_string()).collect());
        for (manifest, (name, _)) in catalogue.iter().zip(MANIFESTS) {
            assert_eq!(manifest.name, *name);
            assert_eq!(manifest.problem(), None, "{name}");
            assert!(manifest.parameters > 1_000_000, "{name}");
            let bundled = manifest.repository.is_none();
            assert_eq!(bundled, *name == "demo-ar-en");
            // Two bytes a parameter at the least, four and the other files at the most.
            let a_parameter = manifest.download as f64 / manifest.parameters as f64;
            assert!(bundled || (2.0..4.2).contains(&a_parameter), "{name}: {a_parameter} bytes a parameter");
            assert!(!manifest.license.spdx.is_empty());
            assert_eq!(manifest.target.language, "en", "{name}");
            assert_eq!(manifest.source.language, if manifest.task == Task::Translate { "ar" } else { "en" });
            assert_eq!(manifest.license.spdx.contains("-NC"), manifest.license.commercial == Some(false), "{name}");
            let sets = manifest.family.tokenizer();
            for set in &manifest.tokenizer {
                assert!(sets.iter().any(|known| known == set), "{name}: {set:?}");
            }
        }
    }

    #[test]
    fn the_defaults_come_first_and_limits_come_last() {
        let catalogue = Catalogue::bundled();
        assert_eq!(catalogue.of_task(Task::Translate).next().unwrap().name, "opus-mt-tc-big-ar-en");
        assert_eq!(catalogue.of_task(Task::Summarize).next().unwrap().name, "distilbart-cnn-12-6");
        let limits: Vec<_> = catalogue
            .of_task(Task::Translate)
            .filter(|manifest| manifest.repository.is_some())
            .map(|manifest| manifest.license.commercial == Some(false))
            .collect();
        assert!(limits.is_sorted());
    }

    #[test]
    fn a_users_manifest_adds_to_the_bundled_ones() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Catalogue::with_directory(&folder.path().join("missing")).unwrap(), Catalogue::bundled());
        let mine = MANIFESTS[0].1.replace("name = \"opus-mt-tc-big-ar-en\"", "name = \"mine\"");
        std::fs::write(folder.path().join("mine.toml"), &mine).unwrap();
        std::fs::write(folder.path().join("notes.txt"), "not a manifest").unwrap();
        let catalogue = Catalogue::with_directory(folder.path()).unwrap();
        assert_eq!(catalogue.iter().count(), MANIFESTS.len() + 1);
        assert_eq!(catalogue.get("mine").unwrap().family, Family::named("marian").unwrap());
        assert_eq!(catalogue.of_repository("Helsinki-NLP/opus-mt-tc-big-ar-en").unwrap().name, "opus-mt-tc-big-ar-en");

        let wrong = [
            (MANIFESTS[0].1.to_string(), "is taken"),
            (mine.replace("task =", "tasks ="), "tasks"),
            (mine.replace("marian", "llama"), "llama"),
            (mine.replace("Helsinki-NLP/", "../../"), "cannot be a repository"),
            (mine.replace("\"source.spm\"", "\"../../x\""), "cannot be a file"),
            (mine.replace("name = \"mine\"", "name = \"a/b\""), "cannot be a name"),
            (mine.replace("repository = ", "# "), "no repository"),
        ];
        for (text, expected) in wrong {
            std::fs::write(folder.path().join("mine.toml"), text).unwrap();
            let error = Catalogue::with_directory(folder.path()).unwrap_err();
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert!(error.to_string().contains("mine.toml") && cause.contains(expected), "{error}: {cause}");
        }
    }
}
