//! What stands around the article: masthead, brief, findings, provenance.

use super::article::severity;
use super::writer::Html;
use super::{Page, labels, number};
use crate::article::{Role, SentenceId};
use crate::brief::Claim;
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
    html.raw("<aside class=\"brief\" aria-labelledby=\"brief\">\n<h2 id=\"brief\">In brief</h2>\n<ol>\n");
    for claim in &brief.claims {
        self::claim(html, page, claim);
    }
    html.raw("</ol>\n</aside>\n");
}

fn claim(html: &mut Html, page: &Page<'_>, claim: &Claim) {
    let evidence = claim.evidence.sentences();
    let numbers: Vec<String> = evidence.iter().map(|&id| number(id)).collect();
    let role = |id: &SentenceId| page.document.article.sections().get(id.section).map(|section| section.role);
    let class = if evidence.iter().all(|id| role(id) == Some(Role::Headline)) { "claim headline" } else { "claim" };
    html.open("li", &[("class", class), ("data-evidence", &numbers.join(" "))]);
    html.element("span", &[("class", "words"), ("lang", "en"), ("dir", "auto")], &claim.text);
    html.raw("&nbsp;<span class=\"evidence\"><span class=\"hidden\">Evidence: </span>");
    for &id in evidence {
        sentence_link(html, page, id);
    }
    html.raw("</span>");
    for finding in &claim.findings {
        let severity = severity(finding.severity);
        html.open("span", &[("class", &format!("doubt {severity}"))]);
        html.element("b", &[], labels::severity(finding.severity)).raw(" ");
        html.element("bdi", &[], &finding.message).close("span");
    }
    html.raw("</li>\n");
}

fn sentence_link(html: &mut Html, page: &Page<'_>, id: SentenceId) {
    html.element("a", &[("class", "ref"), ("href", &page.anchor(id)), ("data-s", &number(id))], &number(id));
}

pub(super) fn findings(html: &mut Html, page: &Page<'_>) {
    let findings = &page.document.findings;
    html.raw("<section class=\"findings\" aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n");
    match labels::counts(findings) {
        Some(counts) => html.raw("<p>").text(&counts).raw(". Look at these before quoting.</p>\n<ol>\n"),
        None => html.raw("<p>The checks found nothing. They do not see everything.</p>\n</section>\n"),
    };
    if findings.is_empty() {
        return;
    }
    for (index, finding) in findings.iter().enumerate() {
        let severity = severity(finding.severity);
        html.open("li", &[("class", severity), ("id", &format!("finding-{}", index + 1))]);
        html.element("b", &[], labels::severity(finding.severity)).raw(" ");
        html.element("span", &[("class", "check")], finding.check).raw(" ");
        sentence_link(html, page, finding.sentence);
        html.raw(" ").element("bdi", &[], &finding.message).raw("</li>\n");
    }
    html.raw("</ol>\n</section>\n");
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
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
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
