//! Which quotation marks and brackets belong together in a line.

use super::chars::is_invisible;
use crate::article::Span;

/// Bytes that a pair may enclose. An opener whose partner is not found within this reach has none, so that a forgotten
/// closing mark costs a few sentences at most.
const REACH: usize = 1000;

/// Openers that may wait for their partners at once.
const DEPTH: usize = 16;

/// The pairs of a line, for which nesting holds: no two of them cross.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    /// Each pair from the first byte of its opener to the first byte of its closer, ordered by closer.
    pairs: Vec<Span>,
    /// The openers of the pairs, ordered.
    openers: Vec<usize>,
    /// What the outermost pairs enclose, closers included, ordered.
    enclosed: Vec<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Opens,
    Closes,
    /// As the ASCII quotation mark: the spaces around it decide, or whether one is open.
    Either,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Round,
    Square,
    Curly,
    Guillemet,
    Double,
    Single,
}

impl Brackets {
    /// Finds the pairs of `line` in one pass.
    ///
    /// Quotation marks are often typed the wrong way round in Arabic, and spaces are often forgotten, so that neither
    /// their direction nor the spaces around them can be trusted alone: a mark closes what is open, unless it looks as
    /// if it opened something.
    pub(super) fn of(line: &str) -> Self {
        let mut found = Self::default();
        let mut open: Vec<(Kind, usize)> = Vec::new();
        for (at, (kind, nominal), width) in marks(line) {
            if open.len() == DEPTH {
                open.remove(0);
            }
            let partner = open.iter().rposition(|&(k, from)| k == kind && at - from <= REACH);
            match direction(kind, nominal, partner.is_some(), looks(&line[..at], &line[at + width..])) {
                Some(Direction::Closes) => {
                    if let Some(partner) = partner {
                        found.pairs.push(Span::new(open[partner].1, at));
                        open.truncate(partner);
                    }
                }
                Some(_) => {
                    if let (Kind::Double, Some(unclosed)) = (kind, partner) {
                        open.truncate(unclosed);
                    }
                    open.push((kind, at));
                }
                None => {}
            }
        }
        found.index()
    }

    fn index(mut self) -> Self {
        let mut by_opener = self.pairs.clone();
        by_opener.sort_unstable();
        self.openers = by_opener.iter().map(|pair| pair.start).collect();
        for pair in by_opener {
            if self.enclosed.last().is_none_or(|outer| outer.end < pair.start) {
                self.enclosed.push(pair);
            }
        }
        self
    }

    /// The opener of the pair that closes at byte `at`.
    pub(super) fn closed_at(&self, at: usize) -> Option<usize> {
        self.pairs.binary_search_by_key(&at, |pair| pair.end).ok().map(|i| self.pairs[i].start)
    }

    /// Whether a pair opens at byte `at`.
    pub(super) fn opens_at(&self, at: usize) -> bool {
        self.openers.binary_search(&at).is_ok()
    }

    /// Whether a cut at byte `at` would fall between an opener and its closer.
    pub(super) fn encloses(&self, at: usize) -> bool {
        let next = self.enclosed.partition_point(|outer| outer.start < at);
        next > 0 && at <= self.enclosed[next - 1].end
    }
}

/// Where the marks of a line stand, what they are, and how many bytes they take.
fn marks(line: &str) -> impl Iterator<Item = (usize, (Kind, Direction), usize)> + '_ {
    // The first bytes of the marks: those of ASCII, of « and », and of the curly ones.
    let first = |&(_, byte): &(usize, u8)| matches!(byte, b'"' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | 0xC2 | 0xE2);
    line.bytes().enumerate().filter(first).filter_map(|(at, _)| {
        let c = line[at..].chars().next()?;
        class(c).map(|class| (at, class, c.len_utf8()))
    })
}

fn class(c: char) -> Option<(Kind, Direction)> {
    Some(match c {
        '"' => (Kind::Double, Direction::Either),
        '(' => (Kind::Round, Direction::Opens),
        ')' => (Kind::Round, Direction::Closes),
        '«' => (Kind::Guillemet, Direction::Opens),
        '»' => (Kind::Guillemet, Direction::Closes),
        '“' | '„' => (Kind::Double, Direction::Opens),
        '”' => (Kind::Double, Direction::Closes),
        '[' => (Kind::Square, Direction::Opens),
        ']' => (Kind::Square, Direction::Closes),
        '{' => (Kind::Curly, Direction::Opens),
        '}' => (Kind::Curly, Direction::Closes),
        '‘' => (Kind::Single, Direction::Opens),
        '’' => (Kind::Single, Direction::Closes),
        _ => return None,
    })
}

/// Whether `c` is a quotation mark or bracket that usually closes.
pub(super) fn is_closer(c: char) -> bool {
    c == '\'' || matches!(class(c), Some((_, Direction::Closes | Direction::Either)))
}

/// Whether `c` is a quotation mark or bracket that usually opens.
pub(super) fn is_opener(c: char) -> bool {
    c == '\'' || matches!(class(c), Some((_, Direction::Opens | Direction::Either)))
}

/// What the spaces around a mark make it look like.
fn looks(before: &str, after: &str) -> Direction {
    let starts = before
        .chars()
        .rev()
        .find(|&c| !is_invisible(c))
        .is_none_or(|c| c.is_whitespace() || matches!(c, ':' | '،') || is_opener(c) && c != '"');
    let ends = after.chars().find(|&c| !is_invisible(c)).is_none_or(|c| {
        c.is_whitespace() || matches!(c, '.' | ',' | '،' | '؛' | ':' | '؟' | '?' | '!' | ')' | ']' | '»' | '”' | '…')
    });
    match (starts, ends) {
        (true, false) => Direction::Opens,
        (false, true) => Direction::Closes,
        _ => Direction::Either,
    }
}

/// What a mark does, `None` if it is stray.
fn direction(kind: Kind, nominal: Direction, is_open: bool, looks: Direction) -> Option<Direction> {
    use Direction::{Closes, Either, Opens};
    let reversible = matches!(kind, Kind::Guillemet | Kind::Double);
    match nominal {
        Closes if is_open => Some(Closes),
        Closes => (reversible && looks == Opens).then_some(Opens),
        Opens if reversible && is_open && looks == Closes => Some(Closes),
        Opens => Some(Opens),
        Either => match looks {
            Opens => Some(Opens),
            Closes => is_open.then_some(Closes),
            Either => Some(if is_open { Closes } else { Opens }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enclosed(line: &str) -> Vec<&str> {
        let mut pairs = Brackets::of(line).pairs;
        pairs.sort_unstable();
        let inside = |pair: &Span| line[pair.start..pair.end].trim_start_matches(|c| class(c).is_some());
        pairs.iter().map(inside).collect()
    }

    #[test]
    fn pairs_marks_as_readers_do() {
        for (line, expected) in [
            (r#"قال "نعم" ثم "لا"."#, vec!["نعم", "لا"]),
            (r#"قال " نعم " ثم " لا "."#, vec![" نعم ", " لا "]),
            ("صحيفة «الحياة»و«النهار»", vec!["الحياة", "النهار"]),
            ("قال ”نعم“ ثم “لا”", vec!["نعم", "لا"]),
            ("قال »نعم« ثم «لا»", vec!["نعم", "لا"]),
            ("(أ (ب) ج)", vec!["أ (ب) ج", "ب"]),
            (r#"قال "كذا. ثم قال "هذا" ومضى"#, vec!["هذا"]),
            (r#"شاشة 55" و"هاتف""#, vec!["هاتف"]),
            ("1) أولاً 2) ثانياً", vec![]),
            ("(مفتوح «مغلق» إلى الأبد", vec!["مغلق"]),
        ] {
            assert_eq!(enclosed(line), expected, "{line}");
        }
    }

    #[test]
    fn a_forgotten_mark_reaches_only_so_far() {
        let line = format!("قال «كذا. {} نهاية»", "كلمة ".repeat(200));
        assert!(!Brackets::of(&line).encloses(20));
    }
}
