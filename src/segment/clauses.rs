//! Where to cut a sentence that is too long for the model.

use unicode_segmentation::GraphemeCursor;

use super::brackets::Brackets;
use super::chars::{is_arabic_letter, is_terminator};
use super::words::{Group, opening, opens};
use crate::article::Span;

/// The kinds of places to cut at, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// After a full stop, of a quotation for instance.
    Sentence,
    /// After `؛`.
    Semicolon,
    /// After a comma, before a word that opens a clause.
    Clause,
    /// After a comma.
    Comma,
    /// After a comma or semicolon inside of quotation marks or brackets.
    Enclosed,
    /// Before a word that opens a clause.
    Conjunction,
    /// Between two words.
    Word,
}

/// How many kinds of places there are.
const PLACES: usize = Place::Word as usize + 1;

/// Cuts a sentence into pieces that fit, in order and without the white space around them.
///
/// Whatever is not blank lies in exactly one piece. Pieces are cut at the best place near their middle: after `؛`, after
/// `،` before a word that opens a clause, after another `،`, before a word that opens a clause, between words, and at the
/// very last inside of a word. One character that does not fit is returned all the same.
///
/// `fits` is asked about each piece and about what it was cut from, so that it sees the text O(log n) times.
///
/// ```
/// use mujaz::segment::clauses;
/// let text = "وصل الوزير إلى القاهرة مساء أمس، حيث التقى نظيره المصري";
/// let pieces = clauses(text, &|piece| piece.split(' ').count() <= 6);
/// let pieces: Vec<&str> = pieces.into_iter().map(|span| span.of(text)).collect();
/// assert_eq!(pieces, ["وصل الوزير إلى القاهرة مساء أمس،", "حيث التقى نظيره المصري"]);
/// ```
pub fn clauses(text: &str, fits: &dyn Fn(&str) -> bool) -> Vec<Span> {
    let mut cuts = None;
    let mut pieces = Vec::new();
    let mut open = vec![Span::new(0, text.len())];
    while let Some(piece) = open.pop() {
        let piece = piece.trim(text);
        if piece.is_empty() {
            continue;
        }
        if fits(piece.of(text)) {
            pieces.push(piece);
            continue;
        }
        let cuts = cuts.get_or_insert_with(|| Cuts::of(text));
        match cuts.near_middle(piece).or_else(|| between_characters(text, piece)) {
            Some(cut) => open.extend([Span::new(cut, piece.end), Span::new(piece.start, cut)]),
            None => pieces.push(piece),
        }
    }
    pieces
}

/// Where a text may be cut: for each [`Place`] the bytes at which the second half would begin, in order.
struct Cuts([Vec<usize>; PLACES]);

impl Cuts {
    fn of(text: &str) -> Self {
        let brackets = Brackets::of(text);
        let mut cuts = Self(Default::default());
        let mut before = "";
        let mut start = 0;
        for word in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '،' | '؛')) {
            let after = &text[start..];
            if !word.trim().is_empty() {
                if may_cut(before, after) {
                    let place = place(before, after, brackets.encloses(start));
                    cuts.0[place as usize].push(start);
                }
                before = word.trim_end();
            }
            start += word.len();
        }
        cuts
    }

    /// The best place in the middle half of `piece`, or any between two words.
    fn near_middle(&self, piece: Span) -> Option<usize> {
        let quarter = piece.len() / 4;
        let middle = Span::new(piece.start + quarter, piece.end - quarter);
        let best = self.0.iter().find_map(|places| nearest(places, piece, middle));
        best.or_else(|| {
            let any = self.0.iter().filter_map(|places| nearest(places, piece, piece));
            any.min_by_key(|at| at.abs_diff(piece.start + piece.len() / 2))
        })
    }
}

/// Whether a piece may end with `before` and the next one begin with `after`: not inside of a number, nor before a mark
/// that belongs to the left.
fn may_cut(before: &str, after: &str) -> bool {
    let number = before.trim_end_matches(['،', '؛']).len() < before.len()
        && before.trim_end_matches(['،', '؛']).ends_with(char::is_numeric)
        && after.starts_with(char::is_numeric);
    let left = ['،', '؛', ':', '.', '؟', '?', '!', '…', ')', ']', '}', '%'];
    !(before.is_empty() || number || after.starts_with(left))
}

/// What kind of place lies between the word `before` and the text `after`.
fn place(before: &str, after: &str, enclosed: bool) -> Place {
    let opens_clause = || {
        let known = matches!(opening(after), Some(Group::Report | Group::Open | Group::Continue | Group::Clause));
        known || opens(after)
    };
    let word = before.trim_end_matches(|c: char| !c.is_alphanumeric() && !is_terminator(c));
    // Shortened words have fewer letters.
    let letters = word.trim_end_matches(is_terminator).chars().rev().take_while(|&c| is_arabic_letter(c)).take(3);
    if word.ends_with(is_terminator) && letters.count() == 3 {
        return Place::Sentence;
    }
    match before.chars().next_back() {
        Some('؛' | ';' | '،' | ',') if enclosed => Place::Enclosed,
        Some('؛' | ';') => Place::Semicolon,
        Some('،' | ',') if opens_clause() => Place::Clause,
        Some('،' | ',') => Place::Comma,
        _ if opens_clause() => Place::Conjunction,
        _ => Place::Word,
    }
}

/// The one of `places` nearest to the middle of `piece`, inside of it and of `range`.
fn nearest(places: &[usize], piece: Span, range: Span) -> Option<usize> {
    let middle = piece.start + piece.len() / 2;
    let after = places.partition_point(|&at| at < middle);
    let around = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|i| places.get(i).copied());
    around
        .filter(|&at| piece.start < at && at < piece.end && range.start <= at && at <= range.end)
        .min_by_key(|at| at.abs_diff(middle))
}

/// The boundary between two characters, as readers see them, that lies nearest to the middle of `piece`.
fn between_characters(text: &str, piece: Span) -> Option<usize> {
    let inner = piece.of(text);
    let middle = inner.floor_char_boundary(inner.len() / 2);
    let cursor = || GraphemeCursor::new(middle, inner.len(), true);
    let here = matches!(cursor().is_boundary(inner, 0), Ok(true)).then_some(middle);
    let after = || cursor().next_boundary(inner, 0).ok().flatten();
    let before = || cursor().prev_boundary(inner, 0).ok().flatten();
    let inside = |at: &usize| 0 < *at && *at < inner.len();
    let at = here.filter(inside).or_else(|| after().filter(inside)).or_else(|| before().filter(inside))?;
    Some(piece.start + at)
}
