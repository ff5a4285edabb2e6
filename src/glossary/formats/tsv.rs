//! Glossaries as lines: the Arabic, a tab, the English. Empty lines and lines that begin with # are passed over; columns
//! may be quoted, as spreadsheets write some.

use super::{Format, Pair, pairs};

pub(super) const FORMAT: Format = Format { name: "tsv", extensions: &["tsv", "txt", "tab"], read };

fn read(text: &str) -> Result<Vec<Pair>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    pairs(lines.map(|(at, line)| (at + 1, line.split('\t').map(unquoted).collect())))
}

/// A column without the quotation marks around it, those inside being double.
fn unquoted(column: &str) -> String {
    let inside = column.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let inside = inside.filter(|inside| !inside.replace("\"\"", "").contains('"'));
    inside.map_or_else(|| column.to_owned(), |inside| inside.replace("\"\"", "\""))
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
            "المصطلح\tالترجمة\n\"الجيش\"\tarmy\nالبنك\t\"bank\"\r\n",
        ] {
            assert_eq!(read(text), Ok(expected.clone()), "{text}");
        }
    }

    #[test]
    fn quotation_marks_around_a_column_are_none_of_the_term() {
        for (column, term) in [
            ("\"World Bank\"", "World Bank"),
            ("\"the \"\"Bank\"\"\"", "the \"Bank\""),
            ("\"A\" and \"B\"", "\"A\" and \"B\""),
            ("\"", "\""),
        ] {
            assert_eq!(unquoted(column), term);
        }
    }

    #[test]
    fn a_line_that_is_no_term_is_named() {
        for (text, line) in [("الجيش\tarmy\nالبنك\n", "line 2"), ("الجيش\tarmy\nx\ty", "line 2"), ("أ ب\t", "line 1")]
        {
            assert!(read(text).unwrap_err().contains(line), "{text}");
        }
    }
}
