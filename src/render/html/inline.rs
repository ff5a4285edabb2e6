//! Running text with what lies on it: sentences, links and emphasis, marked pieces, aligned words, foreign names.

use std::collections::BTreeMap;

use super::writer::Html;
use crate::align::Link;
use crate::article::{Markup, MarkupKind, Span};
use crate::render::links;
use crate::render::nesting::{Event, nest};
use crate::segment::addresses;

/// An element that lies on a stretch of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    pub(super) span: Span,
    pub(super) name: &'static str,
    pub(super) attributes: Vec<(&'static str, String)>,
}

/// The part `whole` of `text` with the elements on it, the outer ones first where they cover the same.
pub(super) fn write(text: &str, whole: Span, elements: &[Element]) -> Html {
    let spans: Vec<Span> = elements.iter().map(|element| element.span).collect();
    let mut html = Html::default();
    for event in nest(text, whole, &spans) {
        match event {
            Event::Open(index) => {
                let Element { name, attributes, .. } = &elements[index];
                let attributes: Vec<_> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
                html.open(name, &attributes)
            }
            Event::Close(index) => html.close(elements[index].name),
            Event::Text(text) => html.text(text),
        };
    }
    html
}

/// Links and emphasis, as far as a page may have them.
pub(super) fn markup(markup: &[Markup]) -> impl Iterator<Item = Element> + '_ {
    markup.iter().filter_map(|Markup { span, kind }| {
        let (name, attributes) = match kind {
            MarkupKind::Link(href) => {
                let href = links::safe(href)?.to_owned();
                ("a", vec![("href", href), ("rel", "noopener noreferrer nofollow".into())])
            }
            MarkupKind::Emphasis => ("em", vec![]),
            MarkupKind::Strong => ("strong", vec![]),
        };
        Some(Element { span: *span, name, attributes })
    })
}

/// The words of one side of a sentence that begins at `start`, each with the numbers of the links that it is part of.
pub(super) fn words(alignment: &[Link], side: impl Fn(&Link) -> Span, start: usize) -> Vec<Element> {
    // How many spans open and close at each byte, by link.
    let mut edges: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
    for (number, link) in alignment.iter().enumerate() {
        if !link.source.is_empty() && !link.target.is_empty() {
            edges.entry(side(link).start).or_default().push((number, true));
            edges.entry(side(link).end).or_default().push((number, false));
        }
    }
    let mut words = Vec::new();
    let (mut from, mut inside) = (0, Vec::<usize>::new());
    for (at, changes) in edges {
        if !inside.is_empty() {
            let numbers: Vec<String> = inside.iter().map(usize::to_string).collect();
            let attributes = vec![("class", "w".to_owned()), ("data-l", numbers.join(" "))];
            words.push(Element { span: Span::new(from, at).shift(start), name: "span", attributes });
        }
        for (number, opens) in changes {
            if opens {
                inside.push(number);
            } else {
                inside.retain(|&other| other != number);
            }
        }
        inside.sort_unstable();
        from = at;
    }
    words
}

/// Runs in the other script than the text around them, as elements that keep their direction to themselves: without
/// them two Latin names in an Arabic sentence can change places. An address is one run, with all its signs.
pub(super) fn foreign(text: &str, whole: Span, rtl: bool) -> Vec<Element> {
    let mut runs: Vec<Element> = Vec::new();
    let mut run: Option<Span> = None;
    let part = whole.get(text).unwrap_or_default();
    let mut addresses = addresses(part).into_iter().filter(|_| rtl).peekable();
    for (offset, c) in part.char_indices() {
        let at = whole.start + offset;
        let end = at + c.len_utf8();
        while addresses.next_if(|address| address.end <= offset).is_some() {}
        let in_address = addresses.peek().is_some_and(|address| address.start <= offset);
        let starts = in_address || if rtl { is_left_to_right(c) } else { is_right_to_left(c) };
        match &mut run {
            Some(run) if starts || (rtl && c.is_ascii_digit()) => run.end = end,
            // What can stand inside a name; it counts only if the run goes on behind it.
            Some(_) if " -–_.&+'’/@".contains(c) => {}
            _ => {
                runs.extend(run.take().map(|span| isolate(span, rtl)));
                run = starts.then_some(Span::new(at, end));
            }
        }
    }
    runs.extend(run.map(|span| isolate(span, rtl)));
    runs
}

fn isolate(span: Span, rtl: bool) -> Element {
    Element { span, name: "bdi", attributes: vec![("dir", if rtl { "ltr" } else { "rtl" }.into())] }
}

fn is_left_to_right(c: char) -> bool {
    c.is_alphabetic() && !is_right_to_left(c)
}

/// Hebrew, Arabic and their neighbours, and the presentation forms.
pub(super) fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}')
        && (c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_written_with_their_attributes_around_escaped_text() {
        let link = Element { span: Span::new(0, 3), name: "a", attributes: vec![("href", "x&y".into())] };
        let html = write("a<b", Span::new(0, 3), &[link]).into_string();
        assert_eq!(html, "<a href=\"x&amp;y\">a&lt;b</a>");
    }

    #[test]
    fn words_carry_the_numbers_of_their_links() {
        let link = |a, b, c, d| Link { source: Span::new(a, b), target: Span::new(c, d) };
        let alignment = [link(0, 3, 0, 2), link(0, 3, 3, 5), link(2, 4, 3, 5), link(5, 5, 0, 1)];
        let numbers = |side: fn(&Link) -> Span| -> Vec<(Span, String)> {
            words(&alignment, side, 10).into_iter().map(|e| (e.span, e.attributes[1].1.clone())).collect()
        };
        let at = |start, end, numbers: &str| (Span::new(start, end), numbers.to_owned());
        assert_eq!(numbers(|link| link.source), [at(10, 12, "0 1"), at(12, 13, "0 1 2"), at(13, 14, "2")]);
        assert_eq!(numbers(|link| link.target), [at(10, 12, "0"), at(13, 15, "1 2")]);
    }

    #[test]
    fn names_in_the_other_script_are_isolated() {
        let runs = |text: &str, rtl| -> Vec<String> {
            let found = foreign(text, Span::new(0, text.len()), rtl);
            found.iter().map(|element| element.span.of(text).to_owned()).collect()
        };
        let arabic = "وقالت \"Responsible Statecraft\" و F-16 ، AT&T، 25 مليون É.";
        assert_eq!(runs(arabic, true), ["Responsible Statecraft", "F-16", "AT&T", "É"]);
        let address = "نشره على http://example.org/a?id=91، وانتهى";
        assert_eq!(runs(address, true), ["http://example.org/a?id=91"]);
        assert_eq!(runs("The word موجز يومي, and 25.", false), ["موجز يومي"]);
        assert!(runs("نص عربي", true).is_empty() && runs("English", false).is_empty());
    }
}
