//! The article: a row a section, English and source side by side.

use super::inline::{self, Element};
use super::writer::Html;
use super::{Page, labels, number};
use crate::align::Link;
use crate::article::{Markup, Role, Section, SentenceId, Span};
use crate::check::Severity;

pub(super) fn article(html: &mut Html, page: &Page<'_>) {
    html.raw("<main class=\"article\" id=\"article\">\n");
    for (index, section) in page.document.article.sections().iter().enumerate() {
        row(html, page, (index, section));
    }
    html.raw("</main>\n");
}

fn row(html: &mut Html, page: &Page<'_>, (index, section): (usize, &Section)) {
    let name = section.role.name();
    let id = format!("s{}", index + 1);
    html.open("section", &[("class", &format!("row {name}")), ("id", &id), ("data-role", name)]);
    html.raw("\n<p class=\"number\">").open("a", &[("href", &format!("#{id}"))]);
    html.raw("<span class=\"hidden\">Section </span>").text(&(index + 1).to_string()).raw("</a></p>\n");
    if is_labelled(section.role) {
        html.element("p", &[("class", "label")], labels::role(section.role)).raw("\n");
    }
    if page.translated {
        english(html, page, (index, section));
    }
    source(html, page, (index, section));
    html.raw("</section>\n");
}

/// Whether the page says what a section is; of the others it shows.
const fn is_labelled(role: Role) -> bool {
    matches!(role, Role::Caption | Role::Related | Role::Tags | Role::Boilerplate)
}

/// The element for the text of a section.
const fn block(role: Role, english: bool) -> &'static str {
    match role {
        Role::Headline if english => "h1",
        Role::Subheading if english => "h2",
        Role::Quote => "blockquote",
        _ => "p",
    }
}

fn english(html: &mut Html, page: &Page<'_>, (index, section): (usize, &Section)) {
    let Some(target) = page.document.targets.get(index).and_then(Option::as_ref) else {
        html.raw("<p class=\"en untranslated\">Not translated</p>\n");
        return;
    };
    let name = block(section.role, true);
    html.open(name, &[("class", "en"), ("lang", "en"), ("dir", "ltr")]);
    let side = Side { page, text: &target.text, markup: &target.markup, english: true };
    let sentences = target.sentences.iter().map(|sentence| sentence.span);
    sentences_of(html, &side, (index, Span::new(0, target.text.len())), sentences);
    html.close(name).raw("\n");
}

fn source(html: &mut Html, page: &Page<'_>, (index, section): (usize, &Section)) {
    let name = block(section.role, !page.translated);
    html.open(name, &[("class", "source"), ("lang", page.language), ("dir", page.direction())]);
    let side = Side { page, text: page.document.article.text(), markup: &section.markup, english: false };
    sentences_of(html, &side, (index, section.span), section.sentences.iter().copied());
    html.close(name).raw("\n");
}

/// One language of a section.
struct Side<'a> {
    page: &'a Page<'a>,
    text: &'a str,
    markup: &'a [Markup],
    english: bool,
}

fn sentences_of(html: &mut Html, side: &Side<'_>, (section, whole): (usize, Span), spans: impl Iterator<Item = Span>) {
    let mut at = whole.start;
    for (sentence, span) in spans.enumerate() {
        // Between sentences there is white space alone.
        html.text(Span::new(at, span.start).get(side.text).unwrap_or_default());
        at = span.end;
        sentence_of(html, side, SentenceId { section, sentence }, span);
    }
}

fn sentence_of(html: &mut Html, side: &Side<'_>, id: SentenceId, span: Span) {
    let number = number(id);
    let prefix = if side.english { "en" } else { side.page.prefix };
    html.open("span", &[("class", "s"), ("id", &format!("{prefix}-{number}")), ("data-s", &number)]);
    if span.is_empty() {
        html.raw("<span class=\"missing\">[nothing came out]</span>");
    } else {
        html.append(inline::write(side.text, span, &elements(side, id, span)));
    }
    html.close("span");
    if side.english || !side.page.translated {
        flags(html, side.page, id);
    }
}

/// What lies on a sentence, the outermost first where two cover the same.
fn elements(side: &Side<'_>, id: SentenceId, span: Span) -> Vec<Element> {
    let document = side.page.document;
    let findings = document.findings.iter().filter(|finding| finding.sentence == id);
    let marks = findings.filter_map(|finding| {
        let marked = if side.english { finding.target } else { finding.source }?;
        let class = format!("f {}", severity(finding.severity));
        let attributes = vec![("class", class), ("title", finding.message.clone())];
        Some(Element { span: marked.shift(span.start), name: "mark", attributes })
    });
    // Markup may run over several sentences; each carries its part.
    let markup = inline::markup(side.markup).map(|element| {
        let Span { start, end } = element.span;
        Element { span: Span::new(start.max(span.start), end.min(span.end)), ..element }
    });
    let target = document.targets.get(id.section).and_then(Option::as_ref);
    let alignment = target.and_then(|target| target.sentences.get(id.sentence)).map(|s| s.alignment.as_slice());
    let of_side = |link: &Link| if side.english { link.target } else { link.source };
    markup
        .chain(marks)
        .chain(inline::foreign(side.text, span, !side.english && side.page.rtl))
        .chain(inline::words(alignment.unwrap_or_default(), of_side, span.start))
        .collect()
}

/// A sign behind the sentence for each thing found in it, leading to the list.
fn flags(html: &mut Html, page: &Page<'_>, id: SentenceId) {
    for (index, finding) in page.document.findings.iter().enumerate().filter(|(_, finding)| finding.sentence == id) {
        let severity = severity(finding.severity);
        html.open(
            "a",
            &[
                ("class", &format!("flag {severity}")),
                ("href", &format!("#finding-{}", index + 1)),
                ("title", &finding.message),
                ("aria-label", &format!("{severity}: {}", finding.message)),
            ],
        );
        html.raw(if finding.severity == Severity::Info { "i" } else { "!" }).close("a");
    }
}

/// The class of a severity.
pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
