//! The one error type of the crate: what went wrong, with which thing, and what mends it.

use std::path::{Path, PathBuf};

/// What the functions of this crate return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong, each with the thing it concerns.
///
/// `Display` says what happened in one line without a final full stop; [`std::error::Error::source`] keeps the cause;
/// [`Error::hint`] says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or stream could not be opened, read, written, created or renamed.
    #[error("cannot {action} {path}")]
    Io {
        /// A verb: `read`, `write`, `create`.
        action: &'static str,
        /// The file, or `standard input`.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The input is of a kind that mujaz does not read.
    #[error("{name} is {what}, which mujaz does not read")]
    Unsupported {
        /// The file, or `-`.
        name: String,
        /// For example `a PDF document`.
        what: String,
        /// What to do instead.
        remedy: String,
    },
    /// The input holds no text.
    #[error("{name} holds no text")]
    Empty {
        /// The file, or `-`.
        name: String,
    },
    /// The input is over the size limit.
    #[error("{name} has {bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The file, or `-`.
        name: String,
        /// Its size, as far as it was read.
        bytes: u64,
        /// The limit in force.
        limit: u64,
    },
    /// The input is not in the language that the model translates from.
    #[error("{name} seems to be in {found}, not in {expected}")]
    Language {
        /// The file, or `-`.
        name: String,
        /// What was detected.
        found: String,
        /// What the model expects.
        expected: String,
    },
    /// A value given on the command line or through the API cannot be used.
    #[error("{what} cannot be {value:?}: {reason}")]
    Option {
        /// The option.
        what: &'static str,
        /// Its value.
        value: String,
        /// Why, and what it takes.
        reason: String,
    },
    /// A model directory lacks a file, or a file is not what it should be.
    #[error("model {model}: {problem}")]
    Model {
        /// The name or directory of the model.
        model: String,
        /// Which file, tensor or switch, and what is wrong with it.
        problem: String,
        /// The command or step that mends it.
        remedy: String,
    },
    /// A file is not the manifest of a model.
    #[error("{} is not the manifest of a model", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// `models.lock` is not one.
    #[error("{} is not a lock of models", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file is not a model that was exported, or not a whole one.
    #[error("{} cannot be imported", path.display())]
    Archive {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file is not a glossary, or not a ledger of names.
    #[error("{} cannot be used: {problem}", path.display())]
    Glossary {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and in which line.
        problem: String,
    },
    /// Something could not be had from the hub.
    #[cfg(feature = "hub")]
    #[error("cannot get {what} from the hub")]
    Hub {
        /// The model, repository or file.
        what: String,
        /// Why not.
        #[source]
        problem: Box<crate::model::hub::Problem>,
    },
    /// A sequence of tokens is longer than the model takes, or empty.
    #[error("the {what} has {tokens} tokens, and the model takes 1 to {limit}")]
    Length {
        /// `source` or `target`.
        what: &'static str,
        /// Its length, special tokens counted.
        tokens: usize,
        /// The greatest length.
        limit: usize,
    },
    /// A token is not in the model's vocabulary.
    #[error("the token {token} is not one of the {vocab} tokens of the model")]
    Token {
        /// Its id.
        token: u32,
        /// Number of tokens that the model has.
        vocab: usize,
    },
    /// A model does not fit into memory, which was found before it was loaded.
    #[error("{model} takes {} of memory in {precision}, and {} are free", gigabytes(*needed), gigabytes(*available))]
    Memory {
        /// The name or directory of the model.
        model: String,
        /// The number format asked for.
        precision: String,
        /// Bytes that its weights take.
        needed: u64,
        /// Bytes that are free.
        available: u64,
        /// What would fit.
        remedy: String,
    },
    /// The tensor library failed.
    #[error("the computation failed while {action}")]
    Compute {
        /// What was being done.
        action: &'static str,
        /// What the library said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An invariant of [`crate::article::Article`] does not hold.
    #[error("the article is inconsistent: {0}")]
    Article(String),
    /// The user interrupted the work.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// What to do about it, as a sentence or a command.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Io { source, path, .. } => io_hint(source, path),
            Self::Unsupported { remedy, .. } | Self::Model { remedy, .. } | Self::Memory { remedy, .. } => {
                (!remedy.is_empty()).then(|| remedy.clone())
            }
            Self::Empty { .. } => Some("give a file with the text of an article, or pipe it in: mujaz brief -".into()),
            Self::Length { .. } => Some("split it where a sentence or a clause ends".into()),
            Self::Token { .. } => Some("the vocabulary and the weights must be of one model: pull it again".into()),
            Self::TooLarge { .. } => Some("raise the limit with --max-bytes".into()),
            Self::Manifest { .. } => Some("mend the file or take it out of the folder of manifests".into()),
            Self::Archive { .. } => {
                Some("export it again (mujaz models export NAME) and compare the SHA-256 it prints".into())
            }
            Self::Glossary { path, .. } => Some(glossary_hint(path).into()),
            Self::Lock { .. } => Some("restore the file, or remove it and pull the models again".into()),
            #[cfg(feature = "hub")]
            Self::Hub { problem, .. } => problem.hint(),
            Self::Language { .. } => Some("to go on anyway, say what it is: --language ar".into()),
            _ => None,
        }
    }

    /// An [`Error::Io`] for `path`, to be used with `map_err`.
    pub fn io(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}

/// Bytes as people say them.
pub(crate) fn gigabytes(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}

/// How a glossary looks that has the extension of this one.
fn glossary_hint(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => "write ar,en in the first line, then one term a line: the Arabic, a comma, the English",
        Some("tbx" | "xml") => "give each concept a term in ar and one in en: mujaz reads TBX (ISO 30042)",
        _ => "write one term a line: the Arabic, a tab, the English",
    }
}

fn io_hint(source: &std::io::Error, path: &Path) -> Option<String> {
    use std::io::ErrorKind;
    match source.kind() {
        ErrorKind::NotFound => Some("check the spelling of the path".into()),
        ErrorKind::PermissionDenied => Some("check the permissions of the file and its folder".into()),
        ErrorKind::StorageFull => {
            Some(format!("free some space where {} lies, or write elsewhere with -o", path.display()))
        }
        ErrorKind::InvalidData => Some(format!("save {} as UTF-8 text", path.display())),
        ErrorKind::IsADirectory => Some("name a file; for a folder, name the files in it".into()),
        _ => None,
    }
}
