//! The words that the formats for readers share.

use crate::article::{Role, SentenceId};
use crate::brief::{Brief, Claim, Fact, FactKind, Part};
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

/// What a part of a brief is called on a page.
pub(super) const fn part(part: Part) -> &'static str {
    match part {
        Part::Headline => "Headline",
        Part::WhatHappened => "What happened",
        Part::KeyPoint => "Key points",
        Part::Uncertain => "Uncertain",
    }
}

/// What a kind of facts is called on a page.
pub(super) const fn facts(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Number => "Numbers",
        FactKind::Name => "Names",
    }
}

/// The English and the source of a fact. The English is empty if it lacks the fact.
pub(super) fn fact<'a>(document: &'a Document, fact: &Fact) -> (&'a str, &'a str) {
    let english = document.target(fact.sentence).and_then(|text| fact.target?.get(text)).unwrap_or_default();
    let source = document.source(fact.sentence).and_then(|text| fact.source.get(text)).unwrap_or_default();
    (english, source)
}

/// The names of the evidence of a claim, with a sign behind them if something was found.
pub(super) fn evidence(claim: &Claim) -> String {
    let names: Vec<String> = claim.evidence.sentences().iter().map(SentenceId::to_string).collect();
    let doubtful = claim.findings.iter().any(|finding| finding.severity > Severity::Info);
    format!("{}{}", names.join(", "), if doubtful { " (!)" } else { "" })
}

/// Says how much of a summary was left out, if any was.
pub(super) fn dropped(brief: &Brief) -> Option<String> {
    match brief.dropped.len() {
        0 => None,
        1 => Some("1 statement of the summarizer was left out: the article does not bear it out.".into()),
        count => {
            Some(format!("{count} statements of the summarizer were left out: the article does not bear them out."))
        }
    }
}

/// The words that a finding marks on each side, as far as its message does not quote them.
pub(super) fn marked<'a>(document: &'a Document, finding: &Finding) -> Vec<(&'static str, &'a str)> {
    let sides = [
        ("English", document.target(finding.sentence), finding.target),
        ("source", document.source(finding.sentence), finding.source),
    ];
    let words = sides.into_iter().filter_map(|(side, text, span)| Some((side, span?.get(text?)?.trim())));
    words.filter(|(_, words)| !words.is_empty() && !finding.message.contains(&format!("“{words}”"))).collect()
}

/// The same in a line of text, with a space before it: ` (English: “$69 million”)`.
pub(super) fn quoted(document: &Document, finding: &Finding) -> String {
    let words = marked(document, finding).into_iter().map(|(side, words)| format!("{side}: “{words}”"));
    let words = words.collect::<Vec<_>>().join(", ");
    if words.is_empty() { words } else { format!(" ({words})") }
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
            Some(summarizer) => {
                // What of the article it read stands after its name.
                let read = brief.method.strip_prefix(&summarizer.name).unwrap_or_default();
                format!("Brief by {}{read}.", model(summarizer))
            }
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
