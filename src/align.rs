//! From attention to word links, and from word links to markup in the translation.
//!
//! Words are what white space separates, without the punctuation at their edges. Links and markup keep to whole words
//! on both sides: `والرئيس` is one word, and so is `well-known`.

use std::ops::Range;

use crate::article::{Markup, MarkupKind, Span};

/// A link between a piece of a source sentence and a piece of its translation: bytes within each sentence's own text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Bytes of the source sentence.
    pub source: Span,
    /// Bytes of the translated sentence.
    pub target: Span,
}

/// A text and, for each token of it, the bytes it stands for; empty for special tokens.
#[derive(Debug, Clone, Copy)]
pub struct Tokens<'a> {
    /// The text.
    pub text: &'a str,
    /// In the order of the tokens.
    pub spans: &'a [Span],
}

/// A word takes part in a link if at least this share of its attention goes to one word. What the models spread over
/// the whole source or put on its end token, they have taken from nowhere.
const LEAST_ATTENTION: f32 = 0.1;

/// The most words between two pieces of a link or an emphasis that are still one piece.
const GREATEST_GAP: usize = 2;

/// Word links from `attention`, for each target token a row with a number for each source token.
///
/// The tokens of a target word pool their attention, and so do those of a source word; each target word goes to the
/// source word that gets most, special tokens and punctuation left out. Neighbours that go to the same word are one
/// link. Links are ordered by target and do not overlap there.
///
/// The first head of the last decoder layer of a Marian model is trained to align:
/// <https://github.com/marian-nmt/marian-dev/issues/277>.
pub fn links(attention: &[f32], source: Tokens, target: Tokens) -> Vec<Link> {
    let (source_words, target_words) = (words(source.text), words(target.text));
    let source_word_of: Vec<_> = source.spans.iter().map(|&span| word_at(&source_words, span)).collect();
    // [target words, source words]
    let mut pooled = vec![vec![0.0; source_words.len()]; target_words.len()];
    let mut tokens = vec![0usize; target_words.len()];
    for (span, row) in target.spans.iter().zip(attention.chunks(source.spans.len().max(1))) {
        let Some(word) = word_at(&target_words, *span) else { continue };
        tokens[word] += 1;
        for (weight, source_word) in row.iter().zip(&source_word_of) {
            if let Some(source_word) = source_word {
                pooled[word][*source_word] += weight;
            }
        }
    }
    let mut links: Vec<Link> = Vec::new();
    let mut linked_before = None; // the source word that the target word before went to
    for ((row, tokens), &target) in pooled.iter().zip(tokens).zip(&target_words) {
        let best = (0..row.len()).reduce(|best, word| if row[word] > row[best] { word } else { best });
        let best = best.filter(|&word| tokens > 0 && row[word] >= LEAST_ATTENTION * tokens as f32);
        if let Some(word) = best {
            match links.last_mut().filter(|_| linked_before == best) {
                Some(link) => link.target.end = target.end,
                None => links.push(Link { source: source_words[word], target }),
            }
        }
        linked_before = best;
    }
    links
}

/// The links of a text that is its own translation: every word to itself.
pub fn identity(text: &str) -> Vec<Link> {
    words(text).into_iter().map(|word| Link { source: word, target: word }).collect()
}

/// Carries markup from a source sentence to its translation: as many as there are in `markup`, in their order.
///
/// Each becomes one run of whole words: from the first to the last word linked to what it covers if no gap has more
/// than two words, else the longest such piece. A word linked to another web link ends a piece, so that web links do
/// not overlap. What covers the whole source covers the whole target; what has no linked word does so too, because
/// nothing may be lost.
pub fn project(markup: &[Markup], source: &str, links: &[Link], target: &str) -> Vec<Markup> {
    let source_words = words(source);
    let target_words = words(target);
    // For each target word, what it is linked to.
    let sources: Vec<Option<Span>> = target_words
        .iter()
        .map(|word| links.iter().find(|link| overlap(link.target, *word) > 0).map(|link| link.source))
        .collect();
    let owner =
        |source: Span| markup.iter().position(|m| matches!(m.kind, MarkupKind::Link(_)) && overlap(m.span, source) > 0);
    let everything = Span::new(0, target.len()).trim(target);
    let covered = |(i, one): (usize, &Markup)| {
        if source_words.iter().all(|word| overlap(one.span, *word) > 0) {
            return Markup { span: everything, kind: one.kind.clone() };
        }
        let is_link = matches!(one.kind, MarkupKind::Link(_));
        let place = |source: &Option<Span>| match *source {
            None => Place::Free,
            Some(source) if is_link && owner(source).is_some_and(|owner| owner != i) => Place::Taken,
            Some(source) if overlap(one.span, source) > 0 => Place::Inside,
            Some(_) => Place::Free,
        };
        let run = longest_run(&sources.iter().map(place).collect::<Vec<_>>());
        let span =
            run.map_or(everything, |run| Span::new(target_words[run.start].start, target_words[run.end - 1].end));
        Markup { span, kind: one.kind.clone() }
    };
    markup.iter().enumerate().map(covered).collect()
}

/// What a target word is to a markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Linked to a word that the markup covers.
    Inside,
    /// May lie in a gap.
    Free,
    /// Belongs to another web link.
    Taken,
}

/// The run with the most words inside, the first of equals; it begins and ends with such a word.
fn longest_run(places: &[Place]) -> Option<Range<usize>> {
    let mut best: Option<(usize, Range<usize>)> = None;
    let mut run: Option<(usize, Range<usize>)> = None;
    for (i, place) in places.iter().enumerate() {
        match place {
            Place::Free => {}
            Place::Taken => run = None,
            Place::Inside => {
                let grown = match run.take() {
                    Some((count, range)) if i - range.end <= GREATEST_GAP => (count + 1, range.start..i + 1),
                    _ => (1, i..i + 1),
                };
                if best.as_ref().is_none_or(|(count, _)| grown.0 > *count) {
                    best = Some(grown.clone());
                }
                run = Some(grown);
            }
        }
    }
    best.map(|(_, range)| range)
}

/// The words of a text.
fn words(text: &str) -> Vec<Span> {
    let mut words = Vec::new();
    let mut at = 0;
    for piece in text.split(char::is_whitespace) {
        if let (Some(first), Some(last)) = (piece.find(is_of_word), piece.rfind(is_of_word)) {
            let last = last + piece[last..].chars().next().map_or(0, char::len_utf8);
            words.push(Span::new(at + first, at + last));
        }
        at += piece.len() + text[at + piece.len()..].chars().next().map_or(0, char::len_utf8);
    }
    words
}

/// Whether a character at the edge of a word belongs to it rather than being punctuation.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || "%٪‰°$€£¥&#@+".contains(c)
}

/// The word that most of `span` lies in.
fn word_at(words: &[Span], span: Span) -> Option<usize> {
    let first = words.partition_point(|word| word.end <= span.start);
    let touched = words[first..].iter().take_while(|word| word.start < span.end);
    let most = touched.enumerate().max_by_key(|(i, word)| (overlap(**word, span), usize::MAX - i))?;
    Some(first + most.0)
}

/// Bytes that two spans have in common.
fn overlap(a: Span, b: Span) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A text given with bars between its tokens, and their spans; `</s>` is a special token and not part of the text.
    fn tokens(barred: &str) -> (String, Vec<Span>) {
        let mut text = String::new();
        let mut spans = Vec::new();
        for token in barred.split('|') {
            let start = text.len();
            text.push_str(if token == "</s>" { "" } else { token });
            spans.push(Span::new(start, text.len()));
        }
        (text, spans)
    }

    /// The links of two texts as pairs of words, given for each target token the source token that gets 0.7 of its
    /// attention; the last source token gets the rest.
    fn linked(source: &str, target: &str, best: &[usize]) -> Vec<(String, String)> {
        let ((source, source_spans), (target, target_spans)) = (tokens(source), tokens(target));
        let mut attention = vec![0.0; source_spans.len() * best.len()];
        for (row, &best) in attention.chunks_mut(source_spans.len()).zip(best) {
            row[best] += 0.7;
            row[source_spans.len() - 1] += 0.3;
        }
        let source = Tokens { text: &source, spans: &source_spans };
        let target = Tokens { text: &target, spans: &target_spans };
        let pair = |link: Link| (link.source.of(source.text).to_owned(), link.target.of(target.text).to_owned());
        links(&attention, source, target).into_iter().map(pair).collect()
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect()
    }

    #[test]
    fn tokens_of_a_word_pool_their_attention() {
        // "president" hangs together although its pieces look at different places.
        let found = linked("قال| ال|رئيس|.|</s>", "The| pres|id|ent| said|.|</s>", &[1, 2, 0, 2, 0, 3, 4]);
        assert_eq!(found, owned(&[("الرئيس", "The president"), ("قال", "said")]));
    }

    #[test]
    fn punctuation_and_the_end_token_are_linked_to_nothing() {
        let found = linked("«|القدس|»|،| |غزة|</s>", "“|Jerusalem|”|,| of| Gaza|</s>", &[0, 1, 2, 3, 6, 5, 6]);
        assert_eq!(found, owned(&[("القدس", "Jerusalem"), ("غزة", "Gaza")]));
        assert_eq!(linked("نعم|</s>", "</s>", &[0]), []);
        assert_eq!(linked("</s>", "Yes", &[0]), []);
    }

    #[test]
    fn a_word_comes_whole_with_what_is_attached_to_it() {
        let found = linked("و|بال|89|.6|٪|</s>", "by| 89.|6%|</s>", &[1, 2, 3, 5]);
        assert_eq!(found, owned(&[("وبال89.6٪", "by 89.6%")]));
        let apart = linked("أ| ب| أ|</s>", "x| y| z|</s>", &[0, 1, 0, 3]);
        assert_eq!(apart, owned(&[("أ", "x"), ("ب", "y"), ("أ", "z")]));
    }

    #[test]
    fn identity_links_every_word_to_itself() {
        let text = " Reuters, 12.5% (AFP) ";
        let found: Vec<_> = identity(text).iter().map(|link| link.target.of(text)).collect();
        assert_eq!(found, ["Reuters", "12.5%", "AFP"]);
    }

    fn words_linked(source: &str, target: &str, pairs: &[(usize, usize)]) -> Vec<Link> {
        let (source, target) = (words(source), words(target));
        pairs.iter().map(|&(s, t)| Link { source: source[s], target: target[t] }).collect()
    }

    fn web(text: &str, of: &str) -> Markup {
        let start = text.find(of).unwrap();
        Markup { span: Span::new(start, start + of.len()), kind: MarkupKind::Link("https://example.org".into()) }
    }

    fn projected(markup: &[Markup], source: &str, pairs: &[(usize, usize)], target: &'static str) -> Vec<&'static str> {
        let found = project(markup, source, &words_linked(source, target, pairs), target);
        found.iter().map(|markup| markup.span.of(target)).collect()
    }

    const SOURCE: &str = "قال وزير الخارجية المصري إن المعبر مفتوح";
    const TARGET: &str = "The Egyptian foreign minister said, “the crossing is open.”";
    /// الخارجية foreign, وزير minister, المصري Egyptian, قال said, المعبر crossing, مفتوح open
    const PAIRS: [(usize, usize); 6] = [(3, 1), (2, 2), (1, 3), (0, 4), (5, 6), (6, 8)];

    #[test]
    fn markup_becomes_one_run_of_whole_words() {
        let markup = [web(SOURCE, "وزير الخارجية المصري"), web(SOURCE, "المعبر مفتوح")];
        assert_eq!(projected(&markup, SOURCE, &PAIRS, TARGET), ["Egyptian foreign minister", "crossing is open"]);
        let part = [web(SOURCE, "معبر")];
        assert_eq!(projected(&part, SOURCE, &PAIRS, TARGET), ["crossing"]);
    }

    #[test]
    fn what_has_no_linked_word_covers_the_sentence() {
        let whole = [TARGET];
        assert_eq!(projected(&[web(SOURCE, "إن")], SOURCE, &PAIRS, TARGET), whole);
        assert_eq!(projected(&[web(SOURCE, SOURCE)], SOURCE, &PAIRS, TARGET), whole);
        assert_eq!(projected(&[web(SOURCE, "المعبر")], SOURCE, &[], TARGET), whole);
        assert_eq!(projected(&[web(SOURCE, "المعبر")], SOURCE, &[], ""), [""]);
    }

    #[test]
    fn scattered_words_leave_the_longest_piece_and_web_links_stay_apart() {
        let target = "a b c d e f g h";
        let markup = [web(SOURCE, "قال وزير الخارجية")];
        assert_eq!(projected(&markup, SOURCE, &[(0, 0), (1, 4), (2, 6)], target), ["e f g"]);
        assert_eq!(projected(&markup, SOURCE, &[(0, 0), (1, 3), (2, 6)], target), ["a b c d e f g"]);
        let two = [web(SOURCE, "قال وزير"), web(SOURCE, "الخارجية المصري")];
        assert_eq!(projected(&two, SOURCE, &[(0, 0), (2, 1), (3, 2), (1, 3)], target), ["a", "b c"]);
        let strong = Markup { kind: MarkupKind::Strong, ..two[1].clone() };
        assert_eq!(projected(&[two[0].clone(), strong], SOURCE, &[(0, 0), (2, 1), (1, 3)], target), ["a b c d", "b"]);
    }

    proptest! {
        #[test]
        fn links_and_markup_keep_to_their_texts(
            source in "[ \u{a0}.،«a1بتو\u{64b}]{0,30}",
            target in "[ ,.“’%a-c1é]{0,30}",
            weights in prop::collection::vec(0f32..1.0, 0..400),
            cuts in prop::collection::vec(0usize..60, 0..12),
        ) {
            let spans = |text: &str, by: usize| {
                let starts = text.char_indices().map(|(i, _)| i).step_by(by);
                let ends: Vec<_> = starts.skip(1).chain([text.len()]).collect();
                let starts = std::iter::once(0).chain(ends.clone());
                starts.zip(ends).map(|(start, end)| Span::new(start, end)).collect::<Vec<_>>()
            };
            let (source_spans, target_spans) = (spans(&source, 3), spans(&target, 2));
            let found = links(
                &weights,
                Tokens { text: &source, spans: &source_spans },
                Tokens { text: &target, spans: &target_spans },
            );
            for link in &found {
                prop_assert!(!link.source.of(&source).is_empty() && !link.target.of(&target).is_empty());
                prop_assert!(words(&source).contains(&link.source));
            }
            prop_assert!(found.is_sorted_by(|a, b| a.target.end <= b.target.start));
            let markup: Vec<_> = cuts
                .chunks_exact(2)
                .enumerate()
                .map(|(i, cut)| {
                    let place = |at: usize| source.floor_char_boundary(at.min(source.len()));
                    let kind = if i % 2 == 0 { MarkupKind::Link(i.to_string()) } else { MarkupKind::Emphasis };
                    Markup { span: Span::new(place(cut[0].min(cut[1])), place(cut[0].max(cut[1]))), kind }
                })
                .collect();
            let carried = project(&markup, &source, &found, &target);
            prop_assert_eq!(carried.len(), markup.len());
            let everything = Span::new(0, target.len()).trim(&target);
            let (starts, ends): (Vec<_>, Vec<_>) = words(&target).iter().map(|word| (word.start, word.end)).unzip();
            for (carried, markup) in carried.iter().zip(&markup) {
                prop_assert_eq!(&carried.kind, &markup.kind);
                let whole_words = starts.contains(&carried.span.start) && ends.contains(&carried.span.end);
                prop_assert!(whole_words || carried.span == everything);
            }
            let is_link = |m: &&Markup| matches!(m.kind, MarkupKind::Link(_)) && m.span != everything;
            let mut links: Vec<_> = carried.iter().filter(is_link).map(|m| m.span).collect();
            links.sort();
            prop_assert!(links.is_sorted_by(|a, b| a.end <= b.start));
        }
    }
}
