//! From attention to word links, and from word links to markup in the translation.

use crate::article::Span;

/// A link between a piece of a source sentence and a piece of its translation: bytes within each sentence's own text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Bytes of the source sentence.
    pub source: Span,
    /// Bytes of the translated sentence.
    pub target: Span,
}
