//! What terms and names are to be in English: glossaries, the ledger of names, and how they are put into a translation.
//!
//! Terms are put in after translation, in the place of the words that they got. Constrained decoding (Hokamp and Liu,
//! ACL 2017; Post and Vilar, NAACL 2018) is not used: it costs fluency, it forces a term into sentences whose English has
//! it already in another form, and a search under constraints would not be that of `transformers`.

mod apply;
mod consistency;
mod formats;
mod forms;
mod ledger;
mod replace;
mod terms;

use crate::check::Finding;
use crate::pipeline::Document;

pub use formats::{FORMATS, Format};
pub use ledger::Ledger;
pub use terms::{Glossary, Term};

/// What the user wants terms and names to be in English.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    /// Terms, from the files of the user.
    pub glossary: Glossary,
    /// Names as they were rendered in articles before, if that is kept.
    pub ledger: Option<Ledger>,
}

/// Puts the terms of the glossary and the names of the ledger into a translated document, makes the names of the
/// document consistent and, where a ledger is kept, adds them to it. What was done and what could not be done is returned.
///
/// Alignment and markup stay with their words.
pub(crate) fn revise(document: &mut Document, wording: &mut Wording) -> Vec<Finding> {
    let mut findings = Vec::new();
    apply::apply(document, &wording.glossary, apply::Source::Glossary, &mut findings);
    if let Some(ledger) = &wording.ledger {
        apply::apply(document, ledger.names(), apply::Source::Ledger, &mut findings);
    }
    consistency::unify(document, &mut findings);
    if let Some(ledger) = &mut wording.ledger {
        ledger.learn(document);
    }
    findings
}
