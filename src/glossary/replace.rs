//! Other words in a translation, with everything that points into it.

use crate::align::Link;
use crate::article::{SentenceId, Span};
use crate::check::Finding;
use crate::pipeline::{Document, Target};

/// Puts `text` in the place of `span`, bytes of the English sentence, and links it to `source`, bytes of the source
/// sentence. Sentences, markup, alignment and the findings so far are moved along.
///
/// Whether that was done: an edit that does not lie in the sentence changes nothing.
#[must_use]
pub(super) fn replace(document: &mut Document, id: SentenceId, edit: &Edit, findings: &mut [Finding]) -> bool {
    let Some(Some(target)) = document.targets.get_mut(id.section) else { return false };
    if !edit_target(target, id.sentence, edit) {
        return false;
    }
    let of_sentence = findings.iter_mut().filter(|finding| finding.sentence == id);
    of_sentence.filter_map(|finding| finding.target.as_mut()).for_each(|span| *span = edit.moved(*span));
    true
}

/// An edit of an English sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// What is taken out: bytes of the English sentence.
    pub(super) span: Span,
    /// What comes in its place.
    pub(super) text: String,
    /// What it translates: bytes of the source sentence.
    pub(super) source: Span,
}

impl Edit {
    /// Where a byte is after the edit; one inside goes to the beginning or to the end of the new text.
    fn place(&self, at: usize, is_end: bool) -> usize {
        let Span { start, end } = self.span;
        if at <= start {
            at
        } else if at >= end {
            at - end + start + self.text.len()
        } else {
            start + if is_end { self.text.len() } else { 0 }
        }
    }

    fn moved(&self, span: Span) -> Span {
        Span::new(self.place(span.start, false), self.place(span.end, true))
    }

    /// The span of the new text.
    pub(super) const fn new_span(&self) -> Span {
        Span::new(self.span.start, self.span.start + self.text.len())
    }
}

fn edit_target(target: &mut Target, sentence: usize, edit: &Edit) -> bool {
    let Some(whole) = target.sentences.get(sentence).map(|sentence| sentence.span) else { return false };
    let inside = edit.span.start <= edit.span.end && edit.span.end <= whole.len();
    if !inside || edit.span.get(whole.of(&target.text)).is_none() {
        return false;
    }
    let of_text = Edit { span: edit.span.shift(whole.start), ..edit.clone() };
    target.text.replace_range(of_text.span.range(), &edit.text);
    target.markup.iter_mut().for_each(|markup| markup.span = of_text.moved(markup.span));
    for (at, other) in target.sentences.iter_mut().enumerate().skip(sentence) {
        let start = if at == sentence { whole.start } else { of_text.place(other.span.start, false) };
        other.span = Span::new(start, of_text.place(other.span.end, true));
    }
    let english = target.sentences[sentence].span.of(&target.text);
    let moved = target.sentences[sentence]
        .alignment
        .iter()
        .flat_map(|link| outside(*link, edit.span))
        .map(|link| Link { target: edit.moved(link.target), ..link });
    let moved = moved.map(|link| Link { target: link.target.trim(english), ..link });
    let mut moved: Vec<Link> = moved.filter(|link| !link.target.is_empty()).collect();
    if !edit.text.is_empty() {
        moved.push(Link { source: edit.source, target: edit.new_span() });
    }
    moved.sort_by_key(|link| link.target);
    target.sentences[sentence].alignment = moved;
    true
}

/// What is left of a link on both sides of a span that is taken out.
fn outside(link: Link, out: Span) -> impl Iterator<Item = Link> {
    let Span { start, end } = link.target;
    let pieces = if end <= out.start || start >= out.end {
        [link.target, Span::default()]
    } else {
        [Span::new(start, out.start.max(start)), Span::new(out.end.min(end), end)]
    };
    pieces.into_iter().filter(|piece| !piece.is_empty()).map(move |target| Link { target, ..link })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Markup, MarkupKind};
    use crate::check::Severity;
    use crate::check::tests::document;
    use proptest::prelude::*;

    const fn id(sentence: usize) -> SentenceId {
        SentenceId { section: 0, sentence }
    }

    fn span(text: &str, of: &str) -> Span {
        let start = text.find(of).unwrap();
        Span::new(start, start + of.len())
    }

    #[test]
    fn everything_stays_with_its_words() {
        let mut document =
            document(&[("أولى", "One."), ("وزير الخارجية هنا", "The foreign minister is here."), ("ثالثة", "Three.")]);
        let target = document.targets[0].as_mut().unwrap();
        let markup = |of: &str| Markup { span: span(&target.text, of), kind: MarkupKind::Strong };
        target.markup = vec![markup("foreign minister"), markup("minister is"), markup("Three")];
        let sentence = "The foreign minister is here.";
        let link = |source: &str, of: &str| Link {
            source: span("وزير الخارجية هنا", source),
            target: span(sentence, of),
        };
        target.sentences[1].alignment =
            vec![link("الخارجية", "The foreign"), link("وزير", "minister"), link("هنا", "is here")];
        let finding = |target| Finding {
            check: "x",
            severity: Severity::Info,
            sentence: id(1),
            message: String::new(),
            source: None,
            target,
        };
        let mut findings = vec![finding(Some(span(sentence, "here"))), finding(None)];
        let source = span("وزير الخارجية هنا", "وزير الخارجية");
        let edit = Edit { span: span(sentence, "foreign minister"), text: "Secretary of State".into(), source };
        assert!(replace(&mut document, id(1), &edit, &mut findings));
        let outside = Edit { span: Span::new(20, 99), ..edit };
        assert!(!replace(&mut document, id(1), &outside, &mut findings), "it does not lie in the sentence");
        let english: Vec<_> = (0..3).map(|i| document.target(id(i)).unwrap()).collect();
        assert_eq!(english, ["One.", "The Secretary of State is here.", "Three."]);
        let target = document.targets[0].as_ref().unwrap();
        let marked: Vec<_> = target.markup.iter().map(|markup| markup.span.of(&target.text)).collect();
        assert_eq!(marked, ["Secretary of State", "Secretary of State is", "Three"]);
        let links: Vec<_> = target.sentences[1].alignment.iter().map(|link| link.target.of(english[1])).collect();
        assert_eq!(links, ["The", "Secretary of State", "is here"]);
        assert_eq!(findings[0].target.unwrap().of(english[1]), "here");
    }

    proptest! {
        #[test]
        fn spans_remain_valid_after_any_edit(
            words in prop::collection::vec("[a-cé]{1,4}", 1..8),
            cuts in prop::collection::vec(0usize..8, 8),
            text in "[xé ]{0,6}",
        ) {
            let english = words.join(" ");
            let mut document = document(&[("نص", "First."), ("نص آخر", &english), ("نص", "Last.")]);
            let starts: Vec<usize> = english.split(' ').map(|word| word.as_ptr() as usize - english.as_ptr() as usize).collect();
            let piece = |a: usize, b: usize| {
                let (a, b) = ((a % words.len()).min(b % words.len()), (a % words.len()).max(b % words.len()));
                Span::new(starts[a], starts[b] + words[b].len())
            };
            let target = document.targets[0].as_mut().unwrap();
            let start = target.sentences[1].span.start;
            target.markup = cuts[..4].chunks(2).map(|cut| Markup { span: piece(cut[0], cut[1]).shift(start), kind: MarkupKind::Strong }).collect();
            let links = words.iter().enumerate().map(|(i, word)| Link { source: Span::new(0, 4), target: Span::new(starts[i], starts[i] + word.len()) });
            target.sentences[1].alignment = links.collect();
            let edit = Edit { span: piece(cuts[4], cuts[5]), text, source: Span::new(0, 4) };
            prop_assert!(replace(&mut document, id(1), &edit, &mut []));
            let expected = format!("{}{}{}", &english[..edit.span.start], edit.text, &english[edit.span.end..]);
            prop_assert_eq!(document.target(id(1)), Some(expected.as_str()));
            prop_assert_eq!((document.target(id(0)), document.target(id(2))), (Some("First."), Some("Last.")));
            let target = document.targets[0].as_ref().unwrap();
            for markup in &target.markup {
                prop_assert!(markup.span.get(&target.text).is_some() && target.sentences[1].span.contains(markup.span));
            }
            let links = &target.sentences[1].alignment;
            prop_assert!(links.iter().all(|link| link.target.get(&expected).is_some_and(|text| !text.is_empty())));
            prop_assert!(links.is_sorted_by(|a, b| a.target.end <= b.target.start));
        }
    }
}
