//! Lines of plain text, whatever ends them, and whether they are paragraphs or were wrapped to a width.

use crate::article::Span;

/// A line that holds something, without the white space around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) span: Span,
    /// Whether a blank line comes before it, or nothing.
    pub(super) gap: bool,
    /// Characters of it.
    pub(super) chars: usize,
}

/// Whether `c` ends a line: line feed, vertical tab, form feed, carriage return, next line, line and paragraph
/// separator. All of them are white space.
pub(super) fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\u{B}' | '\u{C}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The lines of `text` that are not blank, in order.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut gap = true;
    let mut start = 0;
    // "\r\n" is one end; a blank line between the two characters would make every line stand alone.
    let mut rest = text;
    while start < text.len() {
        let end = start + rest.find(ends_line).unwrap_or(rest.len());
        let span = Span::new(start, end).trim(text);
        if span.is_empty() {
            gap = true;
        } else {
            found.push(Line { span, gap, chars: span.of(text).chars().count() });
            gap = text[end..].starts_with(['\u{C}', '\u{2029}']);
        }
        let after = &text[end..];
        start = end + if after.starts_with("\r\n") { 2 } else { after.chars().next().map_or(0, char::len_utf8) };
        rest = &text[start..];
    }
    found
}

/// The width to which the text was wrapped, if it was: then every line but the last of its paragraph is so long that
/// the first word of the next would not have fitted.
pub(super) fn wrap_width(text: &str, lines: &[Line]) -> Option<usize> {
    const FEWEST: usize = 6;
    let pairs: Vec<_> = lines.windows(2).filter(|pair| !pair[1].gap).collect();
    let width = lines.iter().map(|line| line.chars).max()?;
    if pairs.len() < FEWEST || !(40..=120).contains(&width) {
        return None;
    }
    let full = pairs.iter().filter(|pair| {
        let word = pair[1].span.of(text).split_whitespace().next().map_or(0, |word| word.chars().count());
        pair[0].chars + 1 + word > width
    });
    (full.count() * 100 >= pairs.len() * 95).then_some(width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, bool)> {
        lines(text).into_iter().map(|line| (line.span.of(text), line.gap)).collect()
    }

    #[test]
    fn every_line_end_counts_once() {
        for end in ["\n", "\r\n", "\r", "\u{2028}", "\u{B}", "\u{85}"] {
            let text = ["أ", "ب", "", " \u{A0}", "ج", ""].join(end);
            assert_eq!(found(&text), [("أ", true), ("ب", false), ("ج", true)], "{end:?}");
        }
        assert_eq!(found("أ\u{C}ب\u{2029}ج"), [("أ", true), ("ب", true), ("ج", true)]);
        assert_eq!(found(""), []);
        assert_eq!(found("  أ"), [("أ", true)]);
    }

    #[test]
    fn wrapped_text_is_told_from_short_lines() {
        let words =
            "أعلنت وزارة النقل في بيان لها اليوم أن خط القطار الجديد بين المدينتين سيبدأ العمل مطلع الشهر المقبل ";
        let mut wrapped = String::new();
        let mut width = 0;
        for word in words.repeat(8).split_whitespace() {
            let chars = word.chars().count();
            if width + 1 + chars > 60 && width > 0 {
                wrapped.push('\n');
                width = 0;
            } else if width > 0 {
                wrapped.push(' ');
                width += 1;
            }
            wrapped.push_str(word);
            width += chars;
        }
        let all = lines(&wrapped);
        let longest = all.iter().map(|line| line.chars).max();
        assert_eq!(wrap_width(&wrapped, &all), longest);
        let verse = "قفا نبك من ذكرى حبيب ومنزل على الطريق\nبسقط اللوى\nبين الدخول فحومل\nفتوضح فالمقراة\nلم يعف رسمها\nلما نسجتها\nمن جنوب وشمأل\nترى بعر الآرام";
        assert_eq!(wrap_width(verse, &lines(verse)), None);
    }
}
