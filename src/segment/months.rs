//! Months that are named twice, once as in the Levant and once as in Egypt: كانون الأول/ديسمبر, يوليو (تموز).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::chars::{is_arabic_letter, is_diacritic};
use super::fold;
use crate::article::Span;

/// A name of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Name {
    /// 1 for January.
    month: u8,
    /// Whether it is the name that most Arabic text uses.
    common: bool,
    /// Which row of the table it is from, to tell one name from another.
    row: usize,
}

static NAMES: LazyLock<HashMap<String, Name>> = LazyLock::new(|| {
    let lines = include_str!("months.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rows = lines.enumerate().map(|(row, line)| {
        let mut fields = line.split('\t');
        let month = fields.next().and_then(|number| number.parse().ok());
        let month = month.expect("every line of the table begins with a number; a test reads them all");
        (Name { month, common: fields.next() == Some("common"), row }, fields)
    });
    rows.flat_map(|(name, spellings)| spellings.map(move |spelling| (fold(spelling), name))).collect()
});

/// The longest name of a month, in bytes.
const LONGEST: usize = 40;

/// A name of a month in a text.
struct Found {
    name: Name,
    span: Span,
}

/// Where `text` has several names of one month on end, and what to say instead: the common name, after the particle of
/// the first.
pub(super) fn double_months(text: &str) -> Vec<(Span, String)> {
    let mut doubles = Vec::new();
    let mut at = 0;
    while let Some(start) = next_word(text, at) {
        at = word_end(text, start);
        let Some((particle, first)) = after_particle(text, start) else { continue };
        at = first.span.end;
        let mut chosen = Span::new(first.span.start, first.span.end);
        let (mut common, mut double) = (first.name.common, false);
        while let Some((name, end)) = another(text, at, first.name.month) {
            double |= name.name.row != first.name.row;
            if name.name.common && !common {
                (common, chosen) = (true, name.span);
            }
            at = end;
        }
        if double {
            doubles.push((Span::new(start, at), format!("{particle}{}", chosen.of(text))));
        }
    }
    doubles
}

/// Another name of `month` after byte `at`, in one of the ways newspapers write it, and the byte after it.
fn another(text: &str, at: usize, month: u8) -> Option<(Found, usize)> {
    let rest = &text[at..];
    let gap = rest.trim_start_matches(' ');
    let (inner, close) = if let Some(inner) = gap.strip_prefix('/') {
        (inner, None)
    } else if let Some(inner) = gap.strip_prefix('(') {
        (inner, Some(')'))
    } else {
        (rest.strip_prefix(' ')?, None)
    };
    let found = name_at(text, text.len() - inner.trim_start_matches(' ').len())?;
    if found.name.month != month {
        return None;
    }
    let Some(close) = close else {
        let end = found.span.end;
        return Some((found, end));
    };
    let after = text[found.span.end..].trim_start_matches(' ').strip_prefix(close)?;
    Some((found, text.len() - after.len()))
}

/// The name at byte `start`, with the particle that may be written together with it.
fn after_particle(text: &str, start: usize) -> Option<(&str, Found)> {
    if let Some(found) = name_at(text, start) {
        return Some(("", found));
    }
    let particle = text[start..].chars().next().filter(|c| matches!(c, 'و' | 'ف' | 'ب' | 'ل' | 'ك'))?;
    let after = start + particle.len_utf8();
    let found = name_at(text, after)?;
    // باب is a door, not "in August": after a particle that name needs its madda.
    let short = found.span.len() <= 4 && !text[after..].starts_with('آ');
    (!short).then(|| (&text[start..after], found))
}

/// The name of one word or two that begins at byte `start`.
fn name_at(text: &str, start: usize) -> Option<Found> {
    let end = word_end(text, start);
    if end == start || end - start > LONGEST {
        return None;
    }
    if let Some(rest) = text[end..].strip_prefix(' ') {
        let second = text.len() - rest.len();
        let span = Span::new(start, word_end(text, second));
        if span.end > second
            && span.len() <= LONGEST
            && let Some(name) = NAMES.get(&fold(span.of(text)))
        {
            return Some(Found { name: *name, span });
        }
    }
    let span = Span::new(start, end);
    NAMES.get(&fold(span.of(text))).map(|name| Found { name: *name, span })
}

fn is_word(c: char) -> bool {
    is_arabic_letter(c) || is_diacritic(c)
}

fn next_word(text: &str, at: usize) -> Option<usize> {
    text[at..].find(is_word).map(|i| at + i)
}

fn word_end(text: &str, start: usize) -> usize {
    text[start..].find(|c| !is_word(c)).map_or(text.len(), |i| start + i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_has_a_common_name_and_one_other() {
        for month in 1..=12 {
            let names: Vec<_> = NAMES.values().filter(|name| name.month == month).collect();
            assert!(names.iter().any(|name| name.common) && names.iter().any(|name| !name.common), "{month}");
        }
        assert!(NAMES.values().all(|name| (1..=12).contains(&name.month)));
        assert!(NAMES.keys().all(|key| key.len() <= LONGEST));
    }

    #[test]
    fn only_names_of_one_month_are_doubles() {
        for (text, expected) in [
            ("في 18 كانون الأول/ديسمبر الجاري", Some("ديسمبر")),
            ("وكانون الثاني / يناير", Some("ويناير")),
            ("25 تموز (يوليو) إلى", Some("يوليو")),
            ("20 يوليو ( تموز )،", Some("يوليو")),
            ("بداية يوليو تموز الجاري", Some("يوليو")),
            ("آذار/مارس", Some("مارس")),
            ("جويلية/يوليو/تموز", Some("يوليو")),
            ("شباط/فيفري", Some("شباط")),
            ("ديسمبر/ديسمبر", None),
            ("أيار/يونيو", None),
            ("كانون الأول/يناير", None),
            ("من باب/أغسطس", None),
            ("وآب (أغسطس)", Some("وأغسطس")),
            ("يوليو (تموز", None),
            ("آب - أغسطس", None),
            ("مارس نشاطه", None),
        ] {
            let found = double_months(text);
            assert_eq!(found.first().map(|(_, words)| words.as_str()), expected, "{text}");
        }
    }
}
