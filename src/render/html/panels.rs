//! What stands around the article: masthead, brief, findings, provenance.

use super::article::severity;
use super::writer::Html;
use super::{Page, labels, number};
use crate::article::SentenceId;
use crate::brief::{Brief, Claim, FactKind, Part, Style};
use crate::check::{MONTHS, Severity};
use crate::translate::Provenance;

pub(super) fn masthead(html: &mut Html, page: &Page<'_>) {
    let article = &page.document.article;
    if page.translated {
        // Before everything they steer, so that the style sheet alone can do it.
        for (id, checked) in [("view-both", true), ("view-english", false), ("view-source", false)] {
            let mut attributes = vec![("class", "hidden view"), ("type", "radio"), ("name", "view"), ("id", id)];
            if checked {
                attributes.push(("checked", ""));
            }
            html.open("input", &attributes).raw("\n");
        }
    }
    html.raw(
        "<header class=\"masthead\">\n<p class=\"wordmark\">mujaz <span lang=\"ar\" dir=\"rtl\">موجز</span></p>\n",
    );
    html.raw("<p class=\"origin\">").element("bdi", &[("class", "file")], article.source());
    if let Some(published) = article.published() {
        html.raw(" ").element("time", &[("datetime", published)], &day(published));
    }
    html.raw("</p>\n");
    if let Some(counts) = labels::counts(&page.document.findings) {
        html.raw("<p class=\"found\">").element("a", &[("href", "#findings")], &counts).raw("</p>\n");
    }
    if page.translated {
        html.raw("<p class=\"views\"><label for=\"view-english\">English</label>");
        html.raw("<label for=\"view-both\">Both</label><label for=\"view-source\">Source</label></p>\n");
    }
    html.raw("</header>\n");
    if let Some(warning) = labels::demonstration(page.document) {
        html.raw("<p class=\"demonstration\" role=\"note\"><strong>Demonstration.</strong> ")
            .text(warning)
            .raw("</p>\n");
    }
}

pub(super) fn brief(html: &mut Html, page: &Page<'_>) {
    let Some(brief) = page.document.brief.as_ref().filter(|brief| !brief.claims.is_empty()) else { return };
    html.raw("<aside class=\"brief\" aria-labelledby=\"brief\">\n<h2 id=\"brief\">In brief</h2>\n");
    match brief.style {
        Style::Bullets => bullets(html, page, brief),
        Style::Wire | Style::OneLine => paragraph(html, page, brief),
    }
    for kind in [FactKind::Number, FactKind::Name] {
        facts(html, page, brief, kind);
    }
    uncertain(html, page, brief);
    html.raw("</aside>\n");
}

/// The parts that are claims, in order.
const SAID: [Part; 3] = [Part::Headline, Part::WhatHappened, Part::KeyPoint];

fn bullets(html: &mut Html, page: &Page<'_>, brief: &Brief) {
    html.raw("<ol>\n");
    for part in SAID {
        for (index, sentence) in brief.sentences(part).enumerate() {
            html.open("li", &[("class", part.name())]);
            if index == 0 && part != Part::Headline {
                html.element("span", &[("class", "part")], labels::part(part)).raw(" ");
            }
            claims(html, page, sentence);
            html.raw("</li>\n");
        }
    }
    html.raw("</ol>\n");
}

fn paragraph(html: &mut Html, page: &Page<'_>, brief: &Brief) {
    for sentence in brief.sentences(Part::Headline) {
        html.raw("<p class=\"headline\">");
        claims(html, page, sentence);
        html.raw("</p>\n");
    }
    html.raw("<p class=\"running\">");
    for sentence in SAID[1..].iter().flat_map(|&part| brief.sentences(part)) {
        claims(html, page, sentence);
        html.raw(" ");
    }
    html.raw("</p>\n");
}

/// The claims of a sentence, each with its evidence and a sign if something was found.
fn claims(html: &mut Html, page: &Page<'_>, sentence: &[Claim]) {
    for (index, claim) in sentence.iter().enumerate() {
        let numbers: Vec<String> = claim.evidence.sentences().iter().map(|&id| number(id)).collect();
        html.raw(if index > 0 { " " } else { "" });
        html.open("span", &[("class", "claim"), ("data-evidence", &numbers.join(" "))]);
        html.element("span", &[("class", "words"), ("lang", "en"), ("dir", "auto")], &claim.text);
        evidence(html, page, claim);
        let worst = claim.findings.iter().map(|finding| finding.severity).max();
        if let Some(worst) = worst.filter(|&worst| worst > Severity::Info) {
            let says = format!("{}: see below what is uncertain", labels::severity(worst));
            let class = format!("flag {}", severity(worst));
            html.element(
                "a",
                &[("class", &class), ("href", "#uncertain"), ("aria-label", &says), ("title", &says)],
                "!",
            );
        }
        html.close("span");
    }
}

fn evidence(html: &mut Html, page: &Page<'_>, claim: &Claim) {
    html.raw("&nbsp;<span class=\"evidence\"><span class=\"hidden\">Evidence: </span>");
    for &id in claim.evidence.sentences() {
        sentence_link(html, page, id);
    }
    html.raw("</span>");
}

fn facts(html: &mut Html, page: &Page<'_>, brief: &Brief, kind: FactKind) {
    if !brief.facts.iter().any(|fact| fact.kind == kind) {
        return;
    }
    html.raw("<details open><summary>").text(labels::facts(kind)).raw("</summary>\n<ul class=\"facts\">\n");
    for fact in brief.facts.iter().filter(|fact| fact.kind == kind) {
        let (english, source) = labels::fact(page.document, fact);
        html.raw("<li>");
        if english.is_empty() {
            html.raw("<span class=\"missing\">[not in the English]</span>");
        } else {
            html.element("bdi", &[("lang", "en")], english);
        }
        html.raw(" ").element("bdi", &[("lang", page.language), ("dir", page.direction())], source).raw(" ");
        sentence_link(html, page, fact.sentence);
        html.raw("</li>\n");
    }
    html.raw("</ul></details>\n");
}

fn uncertain(html: &mut Html, page: &Page<'_>, brief: &Brief) {
    let dropped = labels::dropped(brief);
    let doubtful = brief.claims.iter().flat_map(|claim| &claim.findings).any(|f| f.severity > Severity::Info);
    if brief.uncertain.is_empty() && dropped.is_none() && !doubtful {
        return;
    }
    html.raw("<h3 id=\"uncertain\">Uncertain</h3>\n<ul class=\"doubts\">\n");
    for doubt in &brief.uncertain {
        let worst = doubt.findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
        html.open("li", &[("class", severity(worst))]).element("b", &[], labels::severity(worst)).raw(" ");
        html.element("bdi", &[("dir", "ltr")], &doubt.text);
        evidence(html, page, doubt);
        html.raw("</li>\n");
    }
    if let Some(dropped) = dropped {
        html.element("li", &[("class", "info")], &dropped).raw("\n");
    }
    html.raw("</ul>\n");
}

fn sentence_link(html: &mut Html, page: &Page<'_>, id: SentenceId) {
    html.element("a", &[("class", "ref"), ("href", &page.anchor(id)), ("data-s", &number(id))], &number(id));
}

pub(super) fn findings(html: &mut Html, page: &Page<'_>) {
    let findings = &page.document.findings;
    html.raw("<section class=\"findings\" aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n");
    match labels::counts(findings) {
        Some(_) => html.raw("<p>Look at these before quoting.</p>\n"),
        None => html.raw("<p>The checks found nothing. They do not see everything.</p>\n</section>\n"),
    };
    if findings.is_empty() {
        return;
    }
    filter(html, page);
    html.raw("<ol>\n");
    for (index, finding) in findings.iter().enumerate() {
        let class = severity(finding.severity);
        let (id, sentence) = (format!("finding-{}", index + 1), number(finding.sentence));
        html.open("li", &[("class", class), ("id", &id), ("data-s", &sentence)]);
        html.element("b", &[], labels::severity(finding.severity)).raw(" ");
        html.element("span", &[("class", "check")], finding.check).raw(" ");
        sentence_link(html, page, finding.sentence);
        html.raw(" ").element("bdi", &[("dir", "ltr")], &finding.message);
        for (side, words) in labels::marked(page.document, finding) {
            html.raw(" <span class=\"marked\">").text(side).raw(" ").element("bdi", &[], words).raw("</span>");
        }
        html.raw("</li>\n");
    }
    html.raw("</ol>\n</section>\n");
}

/// Which findings are shown, in the list as in the article; the style sheet does it.
fn filter(html: &mut Html, page: &Page<'_>) {
    html.raw("<fieldset class=\"filter\"><legend class=\"hidden\">Findings to show</legend>\n");
    for level in [Severity::Error, Severity::Warning, Severity::Info] {
        let found = page.document.findings.iter().filter(|finding| finding.severity == level).count();
        if found == 0 {
            continue;
        }
        let id = format!("show-{}", severity(level));
        html.open("input", &[("type", "checkbox"), ("id", &id), ("checked", "")]).open("label", &[("for", &id)]);
        let plural = if found == 1 { "" } else { "s" };
        html.text(&format!("{found} {}{plural}", labels::severity(level))).raw("</label>\n");
    }
    html.raw(
        "<input type=\"checkbox\" id=\"only-found\"><label for=\"only-found\">Sections with findings only</label>\n",
    );
    html.raw("</fieldset>\n<p class=\"hidden\" id=\"shown\" aria-live=\"polite\"></p>\n");
}

/// How to use the page; shown where the script runs.
pub(super) fn help(html: &mut Html, page: &Page<'_>) {
    if page.translated {
        html.raw(
            "<p class=\"help\">Point at a sentence, tap it, or go to it with the Tab key: its partner and the words that \
             belong together are marked. The arrow keys go from sentence to sentence and from word to word, Enter keeps \
             the mark, Escape lets go.</p>\n",
        );
    }
}

pub(super) fn provenance(html: &mut Html, page: &Page<'_>) {
    html.raw("<section class=\"provenance\" aria-labelledby=\"provenance\">\n<h2 id=\"provenance\">Provenance</h2>\n");
    html.raw("<p>").text(&labels::credits(page.document).join(" ")).raw("</p>\n");
    for notice in page.document.article.notices() {
        html.element("p", &[("class", "notice")], notice).raw("\n");
    }
    if page.translated {
        model(html, "Translator", &page.document.translator);
    }
    if let Some(summarizer) = &page.document.summarizer {
        model(html, "Summarizer", summarizer);
    }
    html.raw("</section>\n");
}

fn model(html: &mut Html, title: &'static str, provenance: &Provenance) {
    html.raw("<h3>").raw(title).raw("</h3>\n<dl>\n");
    let beam = provenance.beam.to_string();
    let rows = [
        ("Name", Some(provenance.name.as_str())),
        ("Repository", provenance.repository.as_deref()),
        ("Revision", provenance.revision.as_deref()),
        ("Licence", provenance.license.as_deref()),
        ("Device", Some(provenance.device.as_str())),
        ("Precision", Some(provenance.precision.as_str())),
        ("Beam", Some(beam.as_str()).filter(|_| provenance.beam > 0)),
    ];
    for (term, value) in rows {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            html.raw("<dt>").raw(term).raw("</dt>").element("dd", &[], value).raw("\n");
        }
    }
    html.raw("</dl>\n");
    if !provenance.files.is_empty() {
        html.raw("<details><summary>SHA-256 of its files</summary>\n<dl>\n");
        for (file, digest) in &provenance.files {
            html.element("dt", &[], file).raw("<dd><code>").text(digest).raw("</code></dd>\n");
        }
        html.raw("</dl></details>\n");
    }
}

/// A day as a reader writes it, where the date of publication is ISO 8601; else the date as it is.
fn day(published: &str) -> String {
    let parts: Vec<&str> = published.get(..10).unwrap_or_default().split('-').collect();
    let [year, month, day] = parts[..] else { return published.into() };
    let month = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    match (year.parse::<u16>(), month, day.parse::<u8>()) {
        (Ok(year), Some(month), Ok(day)) => format!("{day} {month} {year}"),
        _ => published.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_written_out() {
        assert_eq!(day("2026-10-02T14:05:00+03:00"), "2 October 2026");
        for other in ["", "12 تشرين الأول 2026", "2026-13-01", "2026-00-01", "last Monday"] {
            assert_eq!(day(other), other);
        }
    }
}
