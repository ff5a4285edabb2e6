//! Glossaries as comma-separated values (RFC 4180), with semicolons where the first line has no comma, as spreadsheets
//! write them in many countries.

use super::{Format, Pair, pairs};

pub(super) const FORMAT: Format = Format { name: "csv", extensions: &["csv"], read };

fn read(text: &str) -> Result<Vec<Pair>, String> {
    let first = text.lines().next().unwrap_or_default();
    let separator = if !first.contains(',') && first.contains(';') { ';' } else { ',' };
    let rows = rows(text, separator)?;
    pairs(rows.into_iter().filter(|(_, columns)| columns.iter().any(|column| !column.trim().is_empty())))
}

/// The rows with the numbers of the lines in which they begin.
fn rows(text: &str, separator: char) -> Result<Vec<(usize, Vec<String>)>, String> {
    let mut rows = vec![(1, vec![String::new()])];
    let (mut line, mut quoted) = (1, None);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let (_, columns) = rows.last_mut().expect("it begins with one");
        let column = columns.last_mut().expect("every row begins with one");
        line += usize::from(c == '\n');
        match c {
            '"' if quoted.is_some() && chars.peek() == Some(&'"') => column.extend(chars.next()),
            '"' if quoted.is_some() => quoted = None,
            '"' if column.is_empty() => quoted = Some(line),
            _ if quoted.is_some() => column.push(c),
            '\n' => rows.push((line, vec![String::new()])),
            '\r' => {}
            _ if c == separator => columns.push(String::new()),
            _ => column.push(c),
        }
    }
    match quoted {
        Some(line) => Err(format!("the quotation mark in line {line} is not closed")),
        None => Ok(rows),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_may_hold_anything() {
        let text = "ar,en\r\n\"الجيش\",\"army, \"\"the\"\"\nforces\"\r\nالبنك,bank\r\n\r\n";
        let expected = [("الجيش", "army, \"the\"\nforces"), ("البنك", "bank")];
        assert_eq!(read(text), Ok(expected.map(|(a, e)| (a.to_owned(), e.to_owned())).to_vec()));
        assert_eq!(read("الجيش;army"), Ok(vec![("الجيش".to_owned(), "army".to_owned())]));
    }

    #[test]
    fn the_line_of_an_error_is_that_of_the_file() {
        assert!(read("الجيش,\"a\nb\"\nالبنك\n").unwrap_err().contains("line 3"));
        assert!(read("الجيش,army\nالبنك,\"bank\n").unwrap_err().contains("line 2"));
    }
}
