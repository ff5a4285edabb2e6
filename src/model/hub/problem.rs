//! What can go wrong between here and the hub, and what to do about it.

use std::path::PathBuf;

/// Why something could not be had from the hub.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The user said that no network is to be used.
    #[error("no network may be used: offline is set")]
    Offline,
    /// 401: the hub wants a token, or another one. It says the same of a repository that is not there.
    #[error("the hub wants a token that may read it, or there is no such repository")]
    Unauthorized,
    /// The repository's owners want to be asked first.
    #[error("the repository is gated: its terms must be accepted first")]
    Gated {
        /// Where to accept.
        page: String,
    },
    /// 403 for another reason.
    #[error("the hub refuses{}", said(.message))]
    Forbidden {
        /// What the hub said, if anything.
        message: Option<String>,
    },
    /// There is no such repository.
    #[error("the hub has no such repository")]
    NoRepository,
    /// The repository has no such branch, tag or commit.
    #[error("the repository has no revision {revision}")]
    NoRevision {
        /// What was asked for.
        revision: String,
    },
    /// The repository has no such file.
    #[error("the repository has no such file")]
    NoFile,
    /// 429: too many requests.
    #[error("the hub has had too many requests from here")]
    TooManyRequests {
        /// For how long it wants to be left alone, in seconds.
        wait: Option<u64>,
    },
    /// Another status, or one of those above from another host than the hub's.
    #[error("{host} answered with status {status}{}", said(.message))]
    Status {
        /// Who answered.
        host: String,
        /// The HTTP status.
        status: u16,
        /// What it said, if anything.
        message: Option<String>,
    },
    /// No connection could be made.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// Which host.
        host: String,
        /// What the network said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A connection was made, and the other side is not who it should be, or speaks no TLS.
    #[error("there is no safe connection to {host}")]
    Insecure {
        /// Which host.
        host: String,
        /// What is wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Nothing came for too long.
    #[error("{host} sent nothing for too long")]
    Stalled {
        /// Which host.
        host: String,
    },
    /// The connection ended before the file did.
    #[error("only {got} of {size} bytes came")]
    Cut {
        /// Bytes that came.
        got: u64,
        /// Bytes there should be.
        size: u64,
        /// How the connection ended, where it did not just end.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The hub sends another number of bytes than it said.
    #[error("the hub sends {got} bytes where it said {size}")]
    Size {
        /// Bytes that it sends.
        got: u64,
        /// Bytes it said there are.
        size: u64,
    },
    /// The bytes are not those that the hub said.
    #[error("the bytes are not those that the hub lists: their digest is {found}, not {expected}")]
    Digest {
        /// As listed.
        expected: String,
        /// As computed.
        found: String,
    },
    /// The hub says that it sends something else than what it listed.
    #[error("the hub lists {expected} and sends {found}")]
    Changed {
        /// As listed.
        expected: String,
        /// As sent.
        found: String,
    },
    /// A web page came in place of a file.
    #[error("{host} sent a web page in place of the file")]
    Page {
        /// Who sent it.
        host: String,
    },
    /// An answer that makes no sense.
    #[error("the hub's answer makes no sense: {0}")]
    Answer(String),
    /// A redirect that is not followed.
    #[error("{host} redirects to {to}, which is not followed: {reason}")]
    Redirect {
        /// Who redirects.
        host: String,
        /// Where to.
        to: String,
        /// Why it is not followed.
        reason: &'static str,
    },
    /// The disk is too full.
    #[error("{} has {free} bytes free, and {needed} are needed", folder.display())]
    Space {
        /// Where the files would go.
        folder: PathBuf,
        /// Bytes that are free.
        free: u64,
        /// Bytes that are still to come.
        needed: u64,
    },
    /// `--locked`, and the lock does not have the model.
    #[error("{} does not have it", lock.display())]
    NotLocked {
        /// The lock.
        lock: PathBuf,
    },
}

fn said(message: &Option<String>) -> String {
    message.as_ref().map(|message| format!(": {message}")).unwrap_or_default()
}

impl Problem {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Offline => {
                "take --offline away, or unset HF_HUB_OFFLINE; or carry the model here: mujaz models import FILE"
            }
            Self::Unauthorized => {
                "check the spelling; if the repository is private or gated, set HF_TOKEN to a token that may read it"
            }
            Self::Gated { page } => {
                return Some(format!(
                    "accept the terms at {page}, set HF_TOKEN to a token of that account, and pull again"
                ));
            }
            Self::Forbidden { .. } => "set HF_TOKEN to a token that may read the repository",
            Self::NoRepository => "check the spelling of organisation/repository",
            Self::NoRevision { .. } => "leave @revision away to get main",
            Self::NoFile => "the repository is not one of a model that mujaz runs, or another revision is needed",
            Self::TooManyRequests { wait: Some(seconds) } => {
                return Some(format!("pull again in {seconds} seconds; what came is kept"));
            }
            Self::TooManyRequests { wait: None } => "pull again later; what came is kept",
            Self::Status { status: 500.., .. } | Self::Stalled { .. } | Self::Cut { .. } => {
                "pull again; what came is kept"
            }
            Self::Status { .. } => return None,
            Self::Unreachable { .. } => {
                "check the network; behind a proxy, set HTTPS_PROXY; for a mirror, set HF_ENDPOINT"
            }
            Self::Insecure { .. } => {
                "if your network inspects connections, set SSL_CERT_FILE to its certificates (PEM)"
            }
            Self::Page { .. } => "sign in to the network first (its page came in place of the file), then pull again",
            Self::Digest { .. } | Self::Size { .. } | Self::Changed { .. } => {
                "pull again; if it stays so, something between here and the hub alters files, or the mirror is out of date"
            }
            Self::Answer(_) | Self::Redirect { .. } => {
                "check HF_ENDPOINT, and whether something answers in the hub's place"
            }
            Self::Space { .. } => "free some space, or set HF_HUB_CACHE to a folder on another disk",
            Self::NotLocked { .. } => "pull it once without --locked, or name another lock with --lock FILE",
        };
        Some(hint.into())
    }
}
