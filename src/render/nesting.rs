//! Stretches of a text that overlap as they like, put in the order in which a markup language must write them.

use std::cmp::Reverse;

use crate::article::Span;

/// What is written next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// Element `0..` of the list begins.
    Open(usize),
    /// It ends.
    Close(usize),
    /// Text that is not empty.
    Text(&'a str),
}

/// The part `whole` of `text` with elements on it. Of two that cover the same, the first of the list is the outer one;
/// of two that cross, the one that starts later is cut in two. Those that are empty or not in `whole` are left out.
pub(super) fn nest<'a>(text: &'a str, whole: Span, spans: &[Span]) -> Vec<Event<'a>> {
    let fits = |span: Span| whole.contains(span) && span.get(text).is_some_and(|text| !text.is_empty());
    let mut order: Vec<usize> = (0..spans.len()).filter(|&index| fits(spans[index])).collect();
    order.sort_by_key(|&index| (spans[index].start, Reverse(spans[index].end)));
    let edges = order.iter().flat_map(|&index| [spans[index].start, spans[index].end]);
    let mut cuts: Vec<usize> = edges.chain([whole.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();

    let mut events = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut next = order.into_iter().peekable();
    let mut at = whole.start;
    for cut in cuts {
        events.extend(Span::new(at, cut).get(text).filter(|text| !text.is_empty()).map(Event::Text));
        at = cut;
        if let Some(lowest) = open.iter().position(|&index| spans[index].end == cut) {
            let above = open.split_off(lowest);
            events.extend(above.iter().rev().map(|&index| Event::Close(index)));
            open.extend(above.into_iter().filter(|&index| spans[index].end > cut));
            events.extend(open[lowest..].iter().map(|&index| Event::Open(index)));
        }
        while let Some(index) = next.next_if(|&index| spans[index].start == cut) {
            events.push(Event::Open(index));
            open.push(index);
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As text: `(0` opens the first element, `0)` closes it.
    fn written(text: &str, spans: &[(usize, usize)]) -> String {
        let spans: Vec<_> = spans.iter().map(|&(start, end)| Span::new(start, end)).collect();
        let events = nest(text, Span::new(0, text.len()), &spans);
        let event = |event| match event {
            Event::Open(index) => format!("({index}"),
            Event::Close(index) => format!("{index})"),
            Event::Text(text) => text.to_owned(),
        };
        events.into_iter().map(event).collect()
    }

    #[test]
    fn elements_nest_and_those_that_cross_are_cut() {
        assert_eq!(written("abcd", &[(0, 4), (1, 2)]), "(0a(1b1)cd0)");
        assert_eq!(written("abcd", &[(0, 2), (0, 2)]), "(0(1ab1)0)cd");
        assert_eq!(written("abcd", &[(0, 3), (2, 4)]), "(0ab(1c1)0)(1d1)");
        assert_eq!(written("abcd", &[(2, 2), (0, 9), (3, 1)]), "abcd");
        assert_eq!(written("é", &[(0, 1), (0, 2)]), "(1é1)");
    }

    proptest! {
        #[test]
        fn nesting_is_well_formed_and_keeps_the_text(
            text in "\\PC{0,20}",
            spans in prop::collection::vec((0usize..20, 0usize..20), 0..12),
        ) {
            let spans: Vec<_> = spans.into_iter().map(|(start, end)| Span::new(start, end)).collect();
            let (mut open, mut shown) = (Vec::new(), String::new());
            for event in nest(&text, Span::new(0, text.len()), &spans) {
                match event {
                    Event::Open(index) => open.push(index),
                    Event::Close(index) => prop_assert_eq!(open.pop(), Some(index)),
                    Event::Text(piece) => {
                        let at = Span::new(shown.len(), shown.len() + piece.len());
                        let covering = |index: &usize| spans[*index].contains(at);
                        prop_assert!(open.iter().all(covering));
                        shown.push_str(piece);
                    }
                }
            }
            prop_assert!(open.is_empty());
            prop_assert_eq!(shown, text);
        }
    }
}
