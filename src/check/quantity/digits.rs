//! Figures: digits of three kinds and the separators between them.

use super::value::Value;
use crate::article::Span;

/// What a run of digits and separators says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// Its value; hours and minutes are `7.55`.
    pub(super) value: Value,
    /// What else it may say: `76.000` is 76 or 76,000.
    pub(super) also: Option<Value>,
    /// The groups, where blanks stand between them: `10 000`, but also `11 737s`.
    pub(super) groups: Vec<Value>,
    /// How it is written.
    pub(super) form: Form,
}

/// How a figure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Digits alone; how many.
    Plain(usize),
    /// With thousands or decimals.
    Separated,
    /// `19:30`.
    Time,
    /// A telephone number, whatever stands between its groups.
    Phone,
}

/// The value of a digit: ASCII, Arabic or Persian.
pub(super) fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        _ => return None,
    };
    char::from_digit(c as u32 - zero, 10)
}

/// More digits than this are cut, so that values can be held.
const LONGEST: usize = 24;

/// Digits between separators.
struct Group {
    span: Span,
    digits: String,
    /// What stands before it.
    separator: Option<char>,
}

/// Digits of a telephone number, from `+` or zeros on.
const PHONE: std::ops::RangeInclusive<usize> = 8..=15;

/// The telephone number that begins at byte `start`, if one does: `+962 6 555 1234`, `0799-123-456`. With its value, which
/// has no zeros before, `00962` and `+962` are one.
pub(super) fn phone(text: &str, start: usize) -> Option<(Span, Figure)> {
    let rest = &text[start..];
    let bare = rest.strip_prefix('+').unwrap_or(rest);
    let international = bare.len() < rest.len();
    if !international && bare.chars().next().and_then(digit) != Some('0') {
        return None;
    }
    let (mut digits, mut groups, mut end) = (String::new(), Vec::<usize>::new(), start + rest.len() - bare.len());
    let mut open = false; // whether the last character was a digit
    for (at, c) in bare.char_indices() {
        match digit(c) {
            Some(digit) => {
                match groups.last_mut().filter(|_| open) {
                    Some(group) => *group += 1,
                    None => groups.push(1),
                }
                digits.push(digit);
                end = start + rest.len() - bare.len() + at + c.len_utf8();
                open = true;
            }
            None if open && (is_blank(c) || matches!(c, '-' | '–' | ')')) => open = false,
            None if !open && matches!(c, '(' | '-') || is_blank(c) => {}
            None => break,
        }
        if digits.len() > *PHONE.end() + 2 {
            return None;
        }
    }
    let number = digits.trim_start_matches('0');
    // 01-12-2026 is a date, and a 0 by itself a number.
    let is_other = groups.starts_with(&[2, 2, 4]) || groups.starts_with(&[1]);
    let is_one = PHONE.contains(&number.len()) && (international || groups.len() > 1 && !is_other);
    let value = Value::decimal(number, 0).filter(|_| is_one)?;
    Some((Span::new(start, end), Figure { value, also: None, groups: Vec::new(), form: Form::Phone }))
}

/// The figures of the run of digits and separators that begins at byte `start`: one if it is a number, else one for
/// each group (`18.12.2023`).
pub(super) fn figures(text: &str, start: usize) -> Vec<(Span, Figure)> {
    let groups = groups(text, start);
    if let Some(figure) = whole(&groups) {
        let end = groups.last().map_or(start, |group| group.span.end);
        return vec![(Span::new(start, end), figure)];
    }
    groups.iter().filter_map(|group| Some((group.span, plain(&group.digits)?))).collect()
}

fn groups(text: &str, start: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let (mut at, mut separator) = (start, None);
    loop {
        let (mut digits, begin) = (String::new(), at);
        while let Some(c) = text[at..].chars().next()
            && let Some(digit) = digit(c)
            && digits.len() < LONGEST
        {
            digits.push(digit);
            at += c.len_utf8();
        }
        let length = digits.len();
        groups.push(Group { span: Span::new(begin, at), digits, separator });
        let mut rest = text[at..].chars();
        let Some(next) = rest.next().filter(|&c| is_separator(c)) else { return groups };
        let following: Vec<char> = rest.by_ref().take(4).map_while(digit).collect();
        let blank = next.is_whitespace();
        if following.is_empty() || (blank && (following.len() != 3 || length > 3)) || length == LONGEST {
            return groups;
        }
        if blank && groups.iter().skip(1).any(|group| group.separator.is_some_and(|c| !c.is_whitespace())) {
            return groups;
        }
        separator = Some(next);
        at += next.len_utf8();
    }
}

fn is_separator(c: char) -> bool {
    is_point(c) || is_comma(c) || c == ':' || is_blank(c)
}

fn is_point(c: char) -> bool {
    matches!(c, '.' | '٫')
}

fn is_comma(c: char) -> bool {
    matches!(c, ',' | '٬' | '،')
}

/// Spaces that may stand between thousands.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}')
}

/// The groups as one number, if they are one.
fn whole(groups: &[Group]) -> Option<Figure> {
    let [first, rest @ ..] = groups else { return None };
    let Some((last, middle)) = rest.split_last() else { return plain(&first.digits) };
    let digits: String = groups.iter().map(|group| group.digits.as_str()).collect();
    let mark = last.separator?;
    let (value, also) = (Value::decimal(&digits, 0), Value::decimal(&digits, last.digits.len()));
    let figure = |value: Option<Value>, also, form| Some(Figure { value: value?, also, groups: Vec::new(), form });
    if rest.iter().all(|group| group.separator == Some(':')) {
        let minutes = |group: &Group| group.digits.len() == 2 && group.digits.as_str() < "60";
        let hours = first.digits.parse::<u32>().is_ok_and(|hours| hours <= 24) && first.digits.len() <= 2;
        let of_day = format!("{}{}", first.digits, rest[0].digits);
        return (hours && rest.iter().all(minutes) && rest.len() <= 2)
            .then(|| figure(Value::decimal(&of_day, 2), None, Form::Time))?;
    }
    if mark == ':' {
        return None;
    }
    let thousands = |group: &Group| group.digits.len() == 3;
    let grouped = first.digits.len() <= 3 && !first.digits.starts_with('0') && middle.iter().all(thousands);
    let same = rest.iter().all(|group| group.separator == Some(mark));
    if middle.is_empty() {
        return match (is_comma(mark), grouped && thousands(last)) {
            _ if is_blank(mark) => blank(groups, value.filter(|_| grouped)?),
            (true, true) => figure(value, None, Form::Separated),
            (false, true) => figure(also, value, Form::Separated),
            (_, false) => figure(also, None, Form::Separated),
        };
    }
    if grouped && same && thousands(last) {
        if is_blank(mark) {
            return blank(groups, value?);
        }
        return figure(value, None, Form::Separated);
    }
    let one_mark = middle.iter().all(|group| group.separator == middle[0].separator);
    let decimals = one_mark && middle[0].separator != Some(mark) && !is_blank(mark);
    if grouped && decimals { figure(also, None, Form::Separated) } else { None }
}

/// Thousands with blanks between.
fn blank(groups: &[Group], value: Value) -> Option<Figure> {
    let groups = groups.iter().map(|group| Value::decimal(&group.digits, 0)).collect::<Option<_>>()?;
    Some(Figure { value, also: None, groups, form: Form::Separated })
}

fn plain(digits: &str) -> Option<Figure> {
    Some(Figure { value: Value::decimal(digits, 0)?, also: None, groups: Vec::new(), form: Form::Plain(digits.len()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_read_as_newspapers_use_them() {
        for (text, expected) in [
            ("٣٩٧٠٢", "39,702"),
            ("۱۲۳", "123"),
            ("1,234.5", "1,234.5"),
            ("1.234,5", "1,234.5"),
            ("٦٬٢٣٤٫٥", "6,234.5"),
            ("1,234,567", "1,234,567"),
            ("1.234.567", "1,234,567"),
            ("25,2", "25.2"),
            ("30،000", "30,000"),
            ("89.6", "89.6"),
            ("76.000", "76 or 76,000"),
            ("0.125", "0.125"),
            ("10 000", "10,000"),
            ("10\u{202f}000\u{202f}000", "10 million"),
            ("2016 200", "2,016"),
            ("18.12.2023", "18; 12; 2,023"),
            ("19:30", "19.3"),
            ("1:15:20", "1.15"),
            ("3:2", "3; 2"),
            ("12. ", "12"),
            ("12, 13", "12"),
            ("007", "7"),
        ] {
            let found = figures(text, 0).into_iter().map(|(_, figure)| match figure.also {
                Some(also) => format!("{} or {also}", figure.value),
                None => figure.value.to_string(),
            });
            assert_eq!(found.collect::<Vec<_>>().join("; "), expected, "{text}");
        }
    }

    #[test]
    fn telephone_numbers_are_one_number() {
        for (text, end) in [
            ("+962 6 555 1234.", "+962 6 555 1234"),
            ("00962-6-5551234 أو", "00962-6-5551234"),
            ("٠٧٩٩ ١٢٣ ٤٥٦", "٠٧٩٩ ١٢٣ ٤٥٦"),
            ("+962 (6) 555 1234", "+962 (6) 555 1234"),
        ] {
            assert_eq!(phone(text, 0).map(|(span, _)| span.of(text)), Some(end), "{text}");
        }
        for text in ["0-2", "+5", "0.5 مليون", "2026 12 500 000", "00:30", "007", "01-12-2026 15", "0 1000 2000 3000"]
        {
            assert_eq!(phone(text, 0), None, "{text}");
        }
        let value = |text| phone(text, 0).map(|(_, figure)| figure.value);
        assert_eq!(value("+962 6 555 1234"), value("00962-6-5551234"));
    }

    #[test]
    fn endless_digits_are_cut() {
        assert!(figures(&"9".repeat(1000), 0).iter().all(|(span, _)| span.len() <= LONGEST));
    }
}
