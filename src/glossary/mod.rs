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

/// Says in the findings about names that were not found what the ledger has for them.
pub(crate) fn tell_of_ledger(document: &mut Document, wording: &Wording) {
    let Some(ledger) = &wording.ledger else { return };
    let mut findings = std::mem::take(&mut document.findings);
    for finding in findings.iter_mut().filter(|finding| finding.check == "names" && finding.target.is_none()) {
        let (Some(source), Some(span)) = (document.source(finding.sentence), finding.source) else { continue };
        if let Some(term) = ledger.names().name_at(source, span) {
            finding.message.push_str(&format!(" The ledger of names has “{}” for “{}”.", term.english[0], term.arabic));
        }
    }
    document.findings = findings;
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
