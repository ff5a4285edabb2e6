//! How a model is named: by the catalogue, by its repository, or by the directory it lies in.

use std::fmt;
use std::path::{Path, PathBuf};

use super::catalogue::Catalogue;
use super::path;
use crate::error::{Error, Result};

/// A model as the user named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A name of the catalogue, perhaps with a revision of its own.
    Catalogue {
        /// The name.
        name: String,
        /// Branch, tag or commit, if not that of the manifest.
        revision: Option<String>,
    },
    /// A repository on the Hub.
    Repository {
        /// `organisation/repository`.
        id: String,
        /// Branch, tag or commit, if not `main`.
        revision: Option<String>,
    },
    /// A directory with the files of a model.
    Directory(PathBuf),
}

impl Name {
    /// Reads `NAME`, `organisation/repository`, either with `@revision` behind it, or a directory.
    ///
    /// What looks like a path (`./x`, `/x`, `C:\x`) is one. Then a name of the catalogue comes first, then a directory
    /// that exists, then a repository.
    ///
    /// # Errors
    /// [`Error::Model`] if it is none of these.
    pub fn parse(text: &str, catalogue: &Catalogue) -> Result<Self> {
        let is_path = looks_like_a_path(text);
        match Self::recorded(text, catalogue) {
            Some(name @ Self::Catalogue { .. }) if !is_path => Ok(name),
            _ if Path::new(text).is_file() => Err(unknown(text, "it is a file, not the directory of a model".into())),
            _ if is_path => Ok(Self::Directory(text.into())),
            _ if Path::new(text).is_dir() => Ok(Self::Directory(text.into())),
            recorded => recorded.ok_or_else(|| unknown(text, problem(text, catalogue))),
        }
    }

    /// Reads a name that went on record, which is never a directory.
    pub(crate) fn recorded(text: &str, catalogue: &Catalogue) -> Option<Self> {
        let (head, revision) = match text.split_once('@') {
            Some((head, revision)) => (head, Some(revision.to_string())),
            None => (text, None),
        };
        if !revision.as_deref().is_none_or(path::is_revision) {
            None
        } else if catalogue.get(head).is_some() {
            Some(Self::Catalogue { name: head.into(), revision })
        } else if path::is_repository(head) {
            Some(Self::Repository { id: head.into(), revision })
        } else {
            None
        }
    }
}

fn unknown(text: &str, problem: String) -> Error {
    let remedy = "see mujaz models list, or give the directory that the files of the model lie in".into();
    Error::Model { model: text.into(), problem, remedy }
}

/// Why a text names no model.
fn problem(text: &str, catalogue: &Catalogue) -> String {
    let (head, revision) = text.split_once('@').unwrap_or((text, "main"));
    if !path::is_revision(revision) {
        return "what stands behind @ cannot be a revision".to_string();
    }
    let near = catalogue.iter().map(|manifest| &*manifest.name).min_by_key(|name| distance(name, head));
    let near = near.filter(|name| distance(name, head) <= name.len() / 3);
    let near = near.map(|name| format!("; is it {name}?")).unwrap_or_default();
    format!("it is no name of the catalogue, no organisation/repository and no directory{near}")
}

fn looks_like_a_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.starts_with(['/', '.', '\\', '~'])
        || text.ends_with(['/', '\\'])
        || text.contains('\\')
        || (bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':')
}

/// Levenshtein distance of two short ASCII names.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let substitution = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            diagonal = row[j + 1];
            row[j + 1] = substitution.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalogue { name, revision: None } | Self::Repository { id: name, revision: None } => {
                f.write_str(name)
            }
            Self::Catalogue { name, revision: Some(revision) }
            | Self::Repository { id: name, revision: Some(revision) } => {
                write!(f, "{name}@{revision}")
            }
            Self::Directory(path) => path.display().fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_naming_a_model_is_understood() {
        let catalogue = Catalogue::bundled();
        let parse = |text: &str| Name::parse(text, &catalogue);
        let listed = |revision: Option<&str>| Name::Catalogue {
            name: "opus-mt-ar-en".into(),
            revision: revision.map(Into::into),
        };
        let repository =
            |revision: Option<&str>| Name::Repository { id: "org/repo".into(), revision: revision.map(Into::into) };
        assert_eq!(parse("opus-mt-ar-en").unwrap(), listed(None));
        assert_eq!(parse("opus-mt-ar-en@v1").unwrap(), listed(Some("v1")));
        assert_eq!(parse("org/repo").unwrap(), repository(None));
        assert_eq!(parse("org/repo@refs/pr/7").unwrap(), repository(Some("refs/pr/7")));
        for path in ["./opus-mt-ar-en", "/models/x", "../x", "C:\\models\\x", "org/repo/", "src"] {
            assert_eq!(parse(path).unwrap(), Name::Directory(path.into()));
        }
        for text in ["opus-mt-ar-en", "org/repo@refs/pr/7", "src"] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_model_is_refused_with_what_was_meant() {
        let catalogue = Catalogue::bundled();
        let error = |text: &str| Name::parse(text, &catalogue).unwrap_err().to_string();
        assert!(error("opus-mt-en-ar").contains("is it opus-mt-ar-en?"), "{}", error("opus-mt-en-ar"));
        assert!(!error("nonsense").contains("is it"));
        assert!(error("org/repo@..").contains("behind @"));
        for file in ["src/main.rs", "./src/main.rs"] {
            assert!(error(file).contains("it is a file"), "{}", error(file));
        }
        for text in ["", "a/b/c", "org/re po", "org/repo--x", "@main"] {
            error(text);
        }
    }
}
