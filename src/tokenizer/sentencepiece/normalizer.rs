//! A text as SentencePiece segments it: rules applied, spaces folded and made visible, with the way back to the source.

use super::Malformed;
use super::charsmap::Charsmap;
use super::proto::Model;
use super::trie::Trie;
use crate::article::Span;

/// U+2581 LOWER ONE EIGHTH BLOCK, which stands for a space inside pieces.
pub(in crate::tokenizer) const SPACE: char = '▁';

/// What becomes of white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::tokenizer) enum Spaces {
    /// What the SentencePiece model says.
    #[default]
    Model,
    /// As the `Metaspace` of transformers has it: a run of spaces is one, also at the end, and one is added at the start
    /// unless there is one or a `▁`.
    Folded,
    /// As transformers' `WhitespaceSplit` before its `Metaspace` has it: words, cut at white space of any kind, each with
    /// one space before it unless it begins with `▁`.
    Words,
}

#[derive(Debug, Clone)]
pub(super) struct Normalizer {
    charsmap: Option<Charsmap>,
    /// User-defined symbols, which no rule may touch.
    symbols: Option<Trie>,
    add_dummy_prefix: bool,
    remove_extra_whitespaces: bool,
    whitespace_as_suffix: bool,
    space: char,
    spaces: Spaces,
}

/// A normalised text and where it comes from.
#[derive(Debug, Clone, Default)]
pub(super) struct Normalized {
    pub(super) text: String,
    /// What the rules made of one stretch of the source each: where it starts here, and where there.
    chunks: Vec<(usize, usize)>,
    /// Where the source of the last chunk ends.
    end: usize,
}

impl Normalizer {
    pub(super) fn new(model: &Model<'_>, symbols: Option<Trie>) -> Result<Self, Malformed> {
        Ok(Self {
            charsmap: (!model.charsmap.is_empty()).then(|| Charsmap::parse(model.charsmap)).transpose()?,
            symbols,
            add_dummy_prefix: model.add_dummy_prefix,
            remove_extra_whitespaces: model.remove_extra_whitespaces,
            whitespace_as_suffix: model.whitespace_as_suffix,
            space: if model.escape_whitespaces { SPACE } else { ' ' },
            spaces: Spaces::Model,
        })
    }

    pub(super) fn set_spaces(&mut self, spaces: Spaces) {
        self.spaces = spaces;
    }

    pub(super) fn normalize(&self, source: &str) -> Normalized {
        match self.spaces {
            Spaces::Model => self.as_the_model_says(source),
            Spaces::Folded | Spaces::Words => self.as_transformers_does(source),
        }
    }

    fn as_transformers_does(&self, source: &str) -> Normalized {
        let words = self.spaces == Spaces::Words;
        let mut out = Normalized::default();
        let (mut at, mut kept) = (0, String::new());
        // Where white space began that is not written yet.
        let mut space = None;
        while at < source.len() {
            let (length, replacement) = self.prefix(&source[at..]);
            for c in replacement.chars() {
                if if words { c.is_whitespace() } else { c == ' ' } {
                    if !kept.is_empty() {
                        self.push(&mut out, &std::mem::take(&mut kept), at);
                    }
                    space = space.or(Some(at));
                    continue;
                }
                let opens = out.text.is_empty() && kept.is_empty();
                if c != SPACE && opens || space.is_some() && !(words && c == SPACE) {
                    let begun = space.filter(|_| !(words && opens)).unwrap_or(at);
                    self.push(&mut out, " ", begun);
                }
                space = None;
                kept.push(c);
            }
            if !kept.is_empty() {
                self.push(&mut out, &std::mem::take(&mut kept), at);
            }
            at += length;
        }
        out.end = at;
        match space {
            Some(begun) if words => out.end = begun,
            Some(begun) => self.push(&mut out, " ", begun),
            None => {}
        }
        out
    }

    fn as_the_model_says(&self, source: &str) -> Normalized {
        let mut at = 0;
        while self.remove_extra_whitespaces && at < source.len() {
            let (length, replacement) = self.prefix(&source[at..]);
            if replacement != " " {
                break;
            }
            at += length;
        }
        let mut out = Normalized { end: at, ..Normalized::default() };
        if at == source.len() {
            return out;
        }
        out.text.reserve(source.len() * 3 / 2);
        if self.add_dummy_prefix && !self.whitespace_as_suffix {
            self.push(&mut out, " ", at);
        }
        let mut after_space = self.remove_extra_whitespaces;
        while at < source.len() {
            let (length, replacement) = self.prefix(&source[at..]);
            let kept = if after_space { replacement.trim_start_matches(' ') } else { replacement };
            if !kept.is_empty() {
                self.push(&mut out, kept, at);
                after_space = self.remove_extra_whitespaces && kept.ends_with(' ');
            }
            at += length;
        }
        out.end = at;
        if self.remove_extra_whitespaces {
            self.trim_end(&mut out);
        }
        if self.add_dummy_prefix && self.whitespace_as_suffix {
            let end = out.end;
            self.push(&mut out, " ", end);
        }
        out
    }

    /// What becomes of the start of a text that is not empty: how many bytes, never 0, turn into what.
    fn prefix<'t>(&'t self, text: &'t str) -> (usize, &'t str) {
        if let Some(length) = self.symbols.as_ref().and_then(|symbols| symbols.longest_prefix(text.as_bytes())) {
            return (length, &text[..length]);
        }
        if let Some(found) = self.charsmap.as_ref().and_then(|map| map.longest_prefix(text)) {
            return found;
        }
        let length = text.chars().next().map_or(text.len(), char::len_utf8);
        (length, &text[..length])
    }

    fn push(&self, out: &mut Normalized, replacement: &str, source: usize) {
        out.chunks.push((out.text.len(), source));
        if replacement.contains(' ') {
            out.text.extend(replacement.chars().map(|c| if c == ' ' { self.space } else { c }));
        } else {
            out.text.push_str(replacement);
        }
    }

    fn trim_end(&self, out: &mut Normalized) {
        out.text.truncate(out.text.trim_end_matches(self.space).len());
        while let Some((_, source)) = out.chunks.pop_if(|(start, _)| *start >= out.text.len()) {
            out.end = source;
        }
    }
}

impl Normalized {
    /// For each stretch of the normalised text, given by its end, in order and starting at 0: the bytes of the source it
    /// stands for. What the rules removed belongs to the stretch before it. Where a rule made one character into several
    /// stretches, each stands for the whole of it.
    pub(super) fn spans(&self, ends: impl Iterator<Item = usize>) -> impl Iterator<Item = Span> {
        let source_of = |chunk: usize| self.chunks.get(chunk).map_or(self.end, |&(_, source)| source);
        let start_of = |chunk: usize| self.chunks.get(chunk).map_or(self.text.len(), |&(start, _)| start);
        // The chunk that holds the start of the stretch.
        let mut first = 0;
        ends.map(move |end| {
            let mut after = first;
            while start_of(after) < end {
                after += 1;
            }
            let span = Span::new(source_of(first), source_of(after));
            first = if start_of(after) > end { after.saturating_sub(1) } else { after };
            span
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalizer(model: Model<'_>) -> Normalizer {
        Normalizer::new(&model, None).unwrap()
    }

    fn plain() -> Model<'static> {
        Model::parse(&[]).unwrap()
    }

    #[test]
    fn spaces_are_folded_shown_and_mapped_back() {
        let out = normalizer(plain()).normalize("  ab  c ");
        assert_eq!(out.text, "▁ab▁c");
        let spans: Vec<_> = out.spans([3, 5, 8, 9].into_iter()).collect();
        // The prefix that was added stands for nothing.
        assert_eq!(spans, [Span::new(2, 2), Span::new(2, 4), Span::new(4, 6), Span::new(6, 7)]);
    }

    #[test]
    fn spaces_can_be_those_of_transformers() {
        let with = |spaces, text: &str| {
            let mut normalizer = normalizer(plain());
            normalizer.set_spaces(spaces);
            normalizer.normalize(text)
        };
        for (text, folded, words) in [
            ("a", "▁a", "▁a"),
            ("", "", ""),
            (" ", "▁", ""),
            ("  ab  c ", "▁ab▁c▁", "▁ab▁c"),
            ("▁a", "▁a", "▁a"),
            (" ▁a ▁ b", "▁▁a▁▁▁b", "▁a▁▁b"),
            ("a\u{2003}b", "▁a\u{2003}b", "▁a▁b"),
        ] {
            assert_eq!(with(Spaces::Folded, text).text, folded, "{text:?}");
            assert_eq!(with(Spaces::Words, text).text, words, "{text:?}");
        }
        // The pieces ▁ab, ▁c and what is left at the end.
        let out = with(Spaces::Words, "  ab  c ");
        assert_eq!(out.spans([5, 9].into_iter()).collect::<Vec<_>>(), [Span::new(2, 4), Span::new(4, 7)]);
        let out = with(Spaces::Folded, "  ab  c ");
        let spans: Vec<_> = out.spans([5, 9, 12].into_iter()).collect();
        assert_eq!(spans, [Span::new(0, 4), Span::new(4, 7), Span::new(7, 8)]);
    }

    #[test]
    fn switches_of_the_model_are_followed() {
        let kept = normalizer(Model { remove_extra_whitespaces: false, add_dummy_prefix: false, ..plain() });
        assert_eq!(kept.normalize("  a ").text, "▁▁a▁");
        let suffix = normalizer(Model { whitespace_as_suffix: true, ..plain() });
        assert_eq!(suffix.normalize(" a b").text, "a▁b▁");
        let visible = normalizer(Model { escape_whitespaces: false, ..plain() });
        assert_eq!(visible.normalize("a b").text, " a b");
        assert_eq!(visible.normalize("   ").text, "");
    }

    #[test]
    fn stretches_of_one_character_each_stand_for_all_of_it() {
        // One rule made all of the text from bytes 1 to 4 of the source.
        let out = Normalized { text: "abcd".into(), chunks: vec![(0, 0), (1, 1)], end: 4 };
        let spans: Vec<_> = out.spans([1, 2, 4].into_iter()).collect();
        assert_eq!(spans, [Span::new(0, 1), Span::new(1, 4), Span::new(1, 4)]);
    }
}
