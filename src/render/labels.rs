//! The words that the formats for readers share.

use crate::article::Role;
use crate::check::{Finding, Severity};
use crate::pipeline::Document;
use crate::translate::Provenance;

/// What a section is called on a page.
pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Headline => "Headline",
        Role::Standfirst => "Standfirst",
        Role::Byline => "Byline",
        Role::Dateline => "Dateline",
        Role::Caption => "Caption",
        Role::Subheading => "Subheading",
        Role::Paragraph => "Paragraph",
        Role::Quote => "Quote",
        Role::ListItem => "List item",
        Role::Table => "Table",
        Role::Related => "Related",
        Role::Tags => "Tags",
        Role::Boilerplate => "Boilerplate",
    }
}

/// What a severity is called on a page.
pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Warns of a demonstration model, if one had a hand in the document.
pub(super) fn demonstration(document: &Document) -> Option<&'static str> {
    let used = document.translator.demonstration || document.summarizer.as_ref().is_some_and(|s| s.demonstration);
    used.then_some(
        "This English was made by a small demonstration model and is not to be relied on. \
         Check it against the source before any use.",
    )
}

/// How many findings there are of each severity, worst first: `1 error, 2 warnings`.
pub(super) fn counts(findings: &[Finding]) -> Option<String> {
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|level| (level, findings.iter().filter(|f| f.severity == level).count()))
        .filter(|&(_, count)| count > 0)
        .map(|(level, count)| format!("{count} {}{}", severity(level), if count == 1 { "" } else { "s" }))
        .collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// What made the English and the brief, one sentence each.
pub(super) fn credits(document: &Document) -> Vec<String> {
    let mut credits = Vec::new();
    if document.is_translated() {
        credits.push(format!("Translated by {}.", model(&document.translator)));
    }
    if let Some(brief) = &document.brief {
        credits.push(match &document.summarizer {
            Some(summarizer) => format!("Brief by {}.", model(summarizer)),
            None if brief.method == "extractive" => "Brief: sentences of the article, word for word.".into(),
            None => format!("Brief: {}.", brief.method),
        });
    }
    credits.push(format!("Made with mujaz {}.", env!("CARGO_PKG_VERSION")));
    credits
}

fn model(provenance: &Provenance) -> String {
    let Provenance { name, device, precision, beam, .. } = provenance;
    let mut how: Vec<String> = [device, precision].into_iter().filter(|s| !s.is_empty()).cloned().collect();
    match beam {
        0 => {}
        1 => how.push("greedy".into()),
        beam => how.push(format!("beam {beam}")),
    }
    if how.is_empty() { name.clone() } else { format!("{name} ({})", how.join(", ")) }
}
