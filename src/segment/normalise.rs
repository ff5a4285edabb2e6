//! What the model gets instead of the source: one spelling for what looks alike, and nothing that cannot be seen.
//!
//! Three stages hand characters on, each with the bytes it was made from: [`Letters`] looks at one character at a time,
//! [`Marks`] at tatweel, spaces and doubled punctuation, [`Composer`] composes letters with their marks. Last come the
//! [months](super::months).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfc_quick};

use super::chars::{TATWEEL, is_arabic_letter, is_diacritic, is_invisible, is_presentation_form, to_arabic};
use super::months::double_months;
use super::offsets::{Builder, Normalised};
use crate::article::Span;

/// What [`normalise_with`] may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether diacritics (tashkeel) go. Most models were trained on text that has none.
    pub strip_diacritics: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { strip_diacritics: true }
    }
}

/// `source` as a model is best given it, with the way back; see [`normalise_with`].
pub fn normalise(source: &str) -> Normalised {
    normalise_with(source, Options::default())
}

/// `source` as a model is best given it, with the way back.
///
/// - Canonical composition (NFC); presentation forms become letters (`ﻻ` → `لا`), other compatibility characters stay.
/// - Bidirectional, zero-width and other control characters go; every white space becomes one space, none at the ends.
/// - Tatweel goes, and with it the space between a particle and what it belongs to (`بـ "x"` → `ب"x"`).
/// - Persian and Urdu yeh, kaf and heh become Arabic; digits and their separators become ASCII (`٨٩٫٦٪` → `89.6%`).
/// - Double quotation marks become `"` and dashes `-`, which every vocabulary has.
/// - The space before `،`, `؛` and `؟` goes; doubled punctuation becomes single (`،،` → `،`), and so do months that are named twice (`كانون الأول/ديسمبر`).
///
/// Hamza, alef, alef maqsura and taa marbuta are never touched. Normalising twice changes nothing.
///
/// ```
/// use mujaz::article::Span;
/// let normalised = mujaz::segment::normalise("بنسبة ٨٩٫٦٪ في فلسطین");
/// assert_eq!(normalised.text, "بنسبة 89.6% في فلسطين");
/// let percent = normalised.text.find("89.6%").unwrap();
/// let source = normalised.to_source(Span::new(percent, percent + 5));
/// assert_eq!(source.of("بنسبة ٨٩٫٦٪ في فلسطین"), "٨٩٫٦٪");
/// ```
pub fn normalise_with(source: &str, options: Options) -> Normalised {
    let mut letters = Letters { options, marks: Marks::new(source) };
    for (at, c) in source.char_indices() {
        letters.push(c, Span::new(at, at + c.len_utf8()));
    }
    let normalised = letters.marks.finish();
    let doubles = double_months(&normalised.text);
    normalised.replace(&doubles)
}

/// The first stage: each character for itself.
struct Letters<'a> {
    options: Options,
    marks: Marks<'a>,
}

impl Letters<'_> {
    fn push(&mut self, c: char, from: Span) {
        if is_presentation_form(c) {
            for part in std::iter::once(c).nfkc() {
                self.pass(part, from);
            }
        } else {
            self.pass(c, from);
        }
    }

    fn pass(&mut self, c: char, from: Span) {
        if is_invisible(c) || (self.options.strip_diacritics && is_diacritic(c)) {
            return;
        }
        let plain = match to_arabic(c) {
            '«' | '»' | '“' | '”' | '„' | '‟' => '"',
            '–' | '—' | '―' => '-',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        self.marks.push(plain, from);
    }
}

/// The second stage: what depends on the neighbours.
struct Marks<'a> {
    composer: Composer<'a>,
    /// White space that was not handed on yet; at the ends it never is.
    space: Option<Span>,
    /// Tatweel with no letter before it, not handed on yet.
    dash: Option<Span>,
    /// Whether tatweel has just ended a particle, so that what follows belongs to it.
    particle: bool,
    /// The last character that is not a space.
    last: Option<char>,
    /// The letters since the last other character; not more than a particle may have.
    word: String,
}

impl<'a> Marks<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            composer: Composer { out: Builder::new(source), cluster: Vec::new() },
            space: None,
            dash: None,
            particle: false,
            last: None,
            word: String::new(),
        }
    }

    fn push(&mut self, c: char, from: Span) {
        match c {
            ' ' => {
                self.flush_dash();
                self.space = Some(hull(self.space, from));
            }
            TATWEEL if self.space.is_none() && self.last.is_some_and(|c| is_arabic_letter(c) || is_mark(c)) => {
                self.particle = is_particle(&self.word);
            }
            TATWEEL => self.dash = Some(hull(self.dash, from)),
            // A second mark of the same kind, perhaps after a space, says nothing more.
            '،' | '؛' | '؟' | '?' | '!' if self.last == Some(c) && self.dash.is_none() => {}
            _ => {
                if is_arabic_letter(c) {
                    self.dash = None;
                } else {
                    self.flush_dash();
                }
                self.emit(c, from);
            }
        }
    }

    /// Tatweel that belongs to no letter is a dash.
    fn flush_dash(&mut self) {
        if let Some(from) = self.dash.take() {
            self.emit('-', from);
        }
    }

    fn emit(&mut self, c: char, from: Span) {
        if let Some(space) = self.space.take() {
            let joins = self.particle && (c.is_ascii_alphanumeric() || matches!(c, '"' | '(' | '‘'));
            let stands_off = !joins && !matches!(c, '،' | '؛' | '؟');
            if self.last.is_some() && stands_off {
                self.composer.push(' ', space);
                self.word.clear();
            }
        }
        if !is_arabic_letter(c) {
            if !is_mark(c) {
                self.word.clear();
            }
        } else if self.word.len() <= PARTICLE {
            self.word.push(c);
        }
        self.particle = false;
        self.last = Some(c);
        self.composer.push(c, from);
    }

    fn finish(mut self) -> Normalised {
        self.flush_dash();
        self.composer.flush();
        self.composer.out.finish()
    }
}

/// The longest particle, in bytes.
const PARTICLE: usize = 6;

/// Whether `word` is written together with the next one: `بـ "x"`, `الـ 24`.
fn is_particle(word: &str) -> bool {
    const PARTICLES: [&str; 12] = ["ب", "ل", "ك", "و", "ف", "ال", "وال", "بال", "لل", "وب", "ول", "فال"];
    PARTICLES.contains(&word)
}

/// Whether `c` combines with the character before it.
fn is_mark(c: char) -> bool {
    canonical_combining_class(c) != 0
}

fn hull(before: Option<Span>, next: Span) -> Span {
    Span::new(before.map_or(next.start, |span| span.start), next.end)
}

/// The third stage: NFC, one group of characters that may combine at a time.
struct Composer<'a> {
    out: Builder<'a>,
    cluster: Vec<(char, Span)>,
}

impl Composer<'_> {
    fn push(&mut self, c: char, from: Span) {
        if begins_cluster(c) {
            self.flush();
        }
        self.cluster.push((c, from));
    }

    fn flush(&mut self) {
        if let [(c, from)] = self.cluster[..]
            && begins_cluster(c)
        {
            self.out.push(c, from);
            self.cluster.clear();
            return;
        }
        let composed = || self.cluster.iter().map(|(c, _)| *c).nfc();
        if composed().eq(self.cluster.iter().map(|(c, _)| *c)) {
            for (c, from) in self.cluster.drain(..) {
                self.out.push(c, from);
            }
        } else if let (Some((_, first)), Some((_, last))) = (self.cluster.first(), self.cluster.last()) {
            let from = Span::new(first.start, last.end);
            for c in composed() {
                self.out.push(c, from);
            }
            self.cluster.clear();
        }
    }
}

/// Whether `c` never combines with what stands before it.
fn begins_cluster(c: char) -> bool {
    c < '\u{300}'
        || is_arabic_letter(c)
        || (canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes)
}
