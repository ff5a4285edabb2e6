//! The formats in which glossaries come: one file a format, one row in [`FORMATS`].

mod csv;
mod tbx;
mod tsv;

use std::path::Path;

use crate::segment::arabic_words;

/// Arabic and English.
type Pair = (String, String);

/// A format of glossaries.
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// Extensions of its files.
    pub extensions: &'static [&'static str],
    /// Reads it; an error says what is wrong and in which line.
    pub read: fn(&str) -> Result<Vec<Pair>, String>,
}

/// Every format; the first one is taken for files with an extension that is of none.
pub static FORMATS: &[Format] = &[tsv::FORMAT, csv::FORMAT, tbx::FORMAT];

impl Format {
    /// The format of a file.
    pub(super) fn of(path: &Path) -> &'static Self {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
        FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str())).unwrap_or(&FORMATS[0])
    }
}

/// Pairs from rows of columns, each with the number of its line. The Arabic and the English stand in the first two
/// columns in either order; a first row without Arabic is a heading.
fn pairs(rows: impl Iterator<Item = (usize, Vec<String>)>) -> Result<Vec<Pair>, String> {
    let mut pairs = Vec::new();
    let is_arabic = |text: &str| !arabic_words(text).is_empty();
    for (at, (line, columns)) in rows.enumerate() {
        let [first, second, ..] = columns.as_slice() else {
            return Err(format!("line {line} has one column; an Arabic term and its English are needed"));
        };
        match (is_arabic(first), is_arabic(second)) {
            (true, false) if !second.trim().is_empty() => pairs.push((first.clone(), second.clone())),
            (false, true) if !first.trim().is_empty() => pairs.push((second.clone(), first.clone())),
            (false, false) if at == 0 => {}
            _ => return Err(format!("line {line} has not one column in Arabic and one in English")),
        }
    }
    Ok(pairs)
}
