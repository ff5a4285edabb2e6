//! Running text in CommonMark: escaped, with the links and the emphasis that its rules let stand.

use crate::article::{Markup, MarkupKind, Span};
use crate::render::links;
use crate::render::nesting::{Event, nest};

/// Text without markup.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out.trim().into()
}

/// The part `whole` of `text` with the markup on it. `emphasis` says whether emphasis is wanted: inside of emphasis it is
/// not.
pub(super) fn marked(text: &str, whole: Span, markup: &[Markup], emphasis: bool) -> String {
    let elements = elements(text, whole, markup, emphasis);
    let spans: Vec<Span> = elements.iter().map(|element| element.span).collect();
    let mut out = String::new();
    for event in nest(text, whole, &spans) {
        match event {
            Event::Text(text) => escape(text, &mut out),
            Event::Open(index) => {
                if elements[index].opening == "[" && out.ends_with('!') {
                    // Or it would be an image.
                    out.insert(out.len() - 1, '\\');
                }
                out.push_str(elements[index].opening);
            }
            Event::Close(index) => out.push_str(&elements[index].closing),
        }
    }
    out.trim().into()
}

struct Element {
    span: Span,
    opening: &'static str,
    closing: String,
}

/// The markup that can be written: no two of a kind that touch, no two that cross, emphasis only where CommonMark sees
/// it (section 6.2, "left-flanking" and "right-flanking").
fn elements(text: &str, whole: Span, markup: &[Markup], emphasis: bool) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let links_first = [true, false];
    for Markup { span, kind } in links_first
        .iter()
        .flat_map(|link| markup.iter().filter(move |markup| matches!(markup.kind, MarkupKind::Link(_)) == *link))
    {
        let span = Span::new(span.start.max(whole.start), span.end.min(whole.end));
        if span.get(text).is_none_or(|text| text.trim().is_empty()) {
            continue;
        }
        let span = span.trim(text);
        let (opening, closing) = match kind {
            MarkupKind::Link(href) => match links::safe(href) {
                Some(href) => ("[", format!("]({})", destination(href))),
                None => continue,
            },
            MarkupKind::Emphasis if emphasis => ("*", "*".to_owned()),
            MarkupKind::Strong if emphasis => ("**", "**".to_owned()),
            _ => continue,
        };
        let stands = opening == "[" || flanks(text, whole, span);
        let clear = elements.iter().all(|other| match (opening, other.opening) {
            // Emphasis within a link or around one.
            ("*" | "**", "[") => apart(span, other.span) || inside(span, other.span) || inside(other.span, span),
            _ => apart(span, other.span),
        });
        if stands && clear {
            elements.push(Element { span, opening, closing });
        }
    }
    elements
}

/// Whether two stretches neither overlap nor touch.
fn apart(a: Span, b: Span) -> bool {
    a.end < b.start || b.end < a.start
}

/// Whether `a` lies in `b` and touches neither end.
fn inside(a: Span, b: Span) -> bool {
    b.start < a.start && a.end < b.end
}

/// Whether asterisks around `span` would be read as emphasis: what stands inside is not punctuation, or what stands
/// outside is not a letter.
fn flanks(text: &str, whole: Span, span: Span) -> bool {
    let sign = |c: char| !c.is_alphanumeric();
    let side = |inner: Option<char>, outer: Option<char>| inner.is_some_and(|c| !sign(c)) || outer.is_none_or(sign);
    let (before, after) = (Span::new(whole.start, span.start), Span::new(span.end, whole.end));
    let chars = |span: Span| span.get(text).unwrap_or_default().chars();
    side(chars(span).next(), chars(before).next_back()) && side(chars(span).next_back(), chars(after).next())
}

/// An address in the parentheses of a link.
fn destination(href: &str) -> String {
    let mut out = String::new();
    for c in href.chars() {
        match c {
            '(' | ')' | '<' | '>' | '\\' | '*' | '_' | '`' | '[' | ']' => out.push_str(&format!("%{:02X}", c as u32)),
            // Before a semicolon it could be read as an entity.
            '&' if href.contains(';') => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// Adds text so that it reads as it is, on one line. What counts only at the start of a block is left to the block.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '~' => out.extend(['\\', c]),
            '\t' => out.push_str(" | "),
            c if c.is_ascii_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
}
