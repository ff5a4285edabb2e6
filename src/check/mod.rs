//! Faithfulness checks: what machine translation gets wrong, found and said.

use serde::Serialize;

use crate::article::{SentenceId, Span};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Look at it before quoting.
    Warning,
    /// Wrong, as far as can be told.
    Error,
}

/// Something a check found in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Name of the check: `numbers`.
    pub check: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub sentence: SentenceId,
    /// What, in words that a journalist understands.
    pub message: String,
    /// The bytes of the source sentence it concerns.
    pub source: Option<Span>,
    /// The bytes of the translated sentence it concerns.
    pub target: Option<Span>,
}
