//! How a command fails: an error, and the exit status it means.

use std::process::ExitCode;

use mujaz::Error;

/// What ended a command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read the output has gone; that is no error.
    ClosedPipe,
    /// The user pressed Ctrl-C.
    Interrupted,
    /// An error that is still to be shown.
    Error(Error),
    /// Errors that were shown as they came; so many inputs failed.
    Shown(usize),
}

impl Failure {
    /// 0 for a closed pipe, 130 after Ctrl-C as shells expect, else 2.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::ClosedPipe => ExitCode::SUCCESS,
            Self::Interrupted => ExitCode::from(130),
            Self::Error(_) | Self::Shown(_) => ExitCode::from(2),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            Error::Interrupted => Self::Interrupted,
            error => Self::Error(error),
        }
    }
}

/// The failure that a failed write to standard output means; to be used with `map_err`.
pub(crate) fn wrote(source: std::io::Error) -> Failure {
    Error::Io { action: "write", path: "standard output".into(), source }.into()
}
