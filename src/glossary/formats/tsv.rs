//! Glossaries as lines: the Arabic, a tab, the English. Empty lines and lines that begin with # are passed over.

use super::{Format, Pair, pairs};

pub(super) const FORMAT: Format = Format { name: "tsv", extensions: &["tsv", "txt", "tab"], read };

fn read(text: &str) -> Result<Vec<Pair>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    pairs(lines.map(|(at, line)| (at + 1, line.split('\t').map(str::to_owned).collect())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_comments_and_the_order_of_columns_do_not_matter() {
        let expected = vec![("الجيش".to_owned(), "army".to_owned()), ("البنك".to_owned(), "bank".to_owned())];
        for text in [
            "الجيش\tarmy\nالبنك\tbank\n",
            "Arabic\tEnglish\tNote\r\nالجيش\tarmy\tx\r\n\r\n# x\r\nالبنك\tbank\t\r\n",
            "army\tالجيش\nbank\tالبنك",
        ] {
            assert_eq!(read(text), Ok(expected.clone()), "{text}");
        }
    }

    #[test]
    fn a_line_that_is_no_term_is_named() {
        for (text, line) in
            [("الجيش\tarmy\nالبنك\n", "line 2"), ("الجيش\tarmy\nx\ty", "line 2"), ("أ ب\tج د", "line 1")]
        {
            assert!(read(text).unwrap_err().contains(line), "{text}");
        }
    }
}
