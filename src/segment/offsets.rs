//! A normalised text and where each part of it comes from.

use crate::article::Span;

/// A text as the model gets it, with a map to the source it was made from.
///
/// The map is monotone and covers everything: neighbouring spans of one text map to neighbouring spans of the other,
/// and the whole to the whole. What was removed belongs to what stands before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Normalised {
    /// What the model gets.
    pub text: String,
    source_len: usize,
    /// Where the two texts differ, in order. Between edits they are equal.
    edits: Vec<Edit>,
}

/// A part of the text that stands for another part of the source. Empty in the text where something was removed, never
/// in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edit {
    text: Span,
    source: Span,
}

impl Edit {
    const fn text(&self) -> Span {
        self.text
    }

    const fn source(&self) -> Span {
        self.source
    }
}

impl Normalised {
    /// What `span` of the text was made from, as a span of the source.
    ///
    /// A span that cuts a character, or one of several characters that were made from one, is widened to the whole.
    pub fn to_source(&self, span: Span) -> Span {
        let start = self.text.floor_char_boundary(span.start);
        let end = self.text.ceil_char_boundary(span.end.max(start));
        Span::new(
            if start == 0 { 0 } else { self.place(start, Edit::text, Edit::source).start },
            self.place(end, Edit::text, Edit::source).end,
        )
    }

    /// What became of `span` of the source, as a span of the text; empty if it was removed.
    pub fn to_text(&self, span: Span) -> Span {
        let start = span.start.min(self.source_len);
        let end = span.end.clamp(start, self.source_len);
        Span::new(
            self.text.floor_char_boundary(self.place(start, Edit::source, Edit::text).start),
            self.text.ceil_char_boundary(self.place(end, Edit::source, Edit::text).end),
        )
    }

    /// Where byte `at` of one side lies on the other: one place, or the whole other side of the edit that it is inside.
    fn place(&self, at: usize, from: fn(&Edit) -> Span, to: fn(&Edit) -> Span) -> Span {
        let next = self.edits.partition_point(|edit| from(edit).end <= at);
        if let Some(edit) = self.edits.get(next)
            && from(edit).start < at
        {
            return to(edit);
        }
        let before = next.checked_sub(1).map(|i| &self.edits[i]);
        let (known, there) = before.map_or((0, 0), |edit| (from(edit).end, to(edit).end));
        Span::new(there + at - known, there + at - known)
    }

    /// The same with other words for parts of the text, which are given in order and do not overlap.
    pub(super) fn replace(self, parts: &[(Span, String)]) -> Self {
        if parts.is_empty() {
            return self;
        }
        let mut made = Self { source_len: self.source_len, ..Self::default() };
        let mut edits = self.edits.iter().peekable();
        let mut at = 0;
        let end = (Span::new(self.text.len(), self.text.len()), String::new());
        for (part, words) in parts.iter().chain([&end]) {
            let source = self.to_source(*part);
            let base = made.text.len();
            made.text.push_str(&self.text[at..part.start]);
            while let Some(edit) = edits.next_if(|edit| edit.source.end <= source.start || part.is_empty()) {
                let text = Span::new(edit.text.start - at + base, edit.text.end - at + base);
                made.edits.push(Edit { text, source: edit.source });
            }
            if !part.is_empty() {
                let text = Span::new(made.text.len(), made.text.len() + words.len());
                made.text.push_str(words);
                made.edits.push(Edit { text, source });
                while edits.next_if(|edit| edit.source.start < source.end).is_some() {}
            }
            at = part.end;
        }
        made
    }
}

/// Makes a [`Normalised`], one character after another.
pub(super) struct Builder<'a> {
    source: &'a str,
    /// How far the source has been accounted for.
    at: usize,
    made: Normalised,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let text = String::with_capacity(source.len());
        Self { source, at: 0, made: Normalised { text, source_len: source.len(), edits: Vec::new() } }
    }

    /// Adds `c`, made from `from`, which starts where the last one ended or later; or within it, where one character
    /// became several.
    pub(super) fn push(&mut self, c: char, from: Span) {
        let start = self.made.text.len();
        self.made.text.push(c);
        let text = Span::new(start, self.made.text.len());
        match self.made.edits.last_mut() {
            Some(edit) if from.start < self.at => {
                edit.text.end = text.end;
                edit.source.end = from.end.max(self.at);
            }
            _ => {
                self.skip(from.start, start);
                if from.of(self.source) != text.of(&self.made.text) {
                    self.made.edits.push(Edit { text, source: from });
                }
            }
        }
        self.at = from.end.max(self.at);
    }

    /// Records that the source up to byte `to` left nothing at byte `at` of the text.
    fn skip(&mut self, to: usize, at: usize) {
        if self.at < to {
            self.made.edits.push(Edit { text: Span::new(at, at), source: Span::new(self.at, to) });
        }
    }

    pub(super) fn finish(mut self) -> Normalised {
        self.skip(self.source.len(), self.made.text.len());
        self.made
    }
}
