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

/// What the two columns are called in headings, what is plainest first.
const NAMES: [[&str; 9]; 2] = [
    ["ar", "ara", "arabic", "العربية", "عربي", "source", "term", "المصطلح", "مصطلح"],
    ["en", "eng", "english", "الإنجليزية", "إنجليزي", "target", "translation", "الترجمة", "المقابل"],
];

/// Pairs from rows of columns, each with the number of its line. The Arabic and the English stand, in either order, in the
/// columns that a heading names, or else in the first two that have letters; a first row in one script is a heading, too.
fn pairs(rows: impl Iterator<Item = (usize, Vec<String>)>) -> Result<Vec<Pair>, String> {
    let (mut pairs, mut named) = (Vec::new(), None);
    for (at, (line, columns)) in rows.enumerate() {
        if at == 0 {
            named = heading(&columns);
            if named.is_some() {
                continue;
            }
        }
        let has_letters = |text: &&str| text.contains(char::is_alphabetic);
        let texts = columns.iter().enumerate().filter(|(at, _)| named.is_none_or(|named| named.contains(at)));
        let texts: Vec<&str> = texts.map(|(_, text)| text.as_str()).filter(has_letters).collect();
        let is_arabic = |text: &str| !arabic_words(text).is_empty();
        let scripts: Vec<bool> = texts.iter().map(|text| is_arabic(text)).collect();
        match scripts.as_slice() {
            [false, true, false, ..] => {
                return Err(format!(
                    "line {line} has other columns before and behind the Arabic, and no first line says which is the English"
                ));
            }
            [true, false, ..] => pairs.push((texts[0].to_owned(), texts[1].to_owned())),
            [false, true, ..] => pairs.push((texts[1].to_owned(), texts[0].to_owned())),
            [first, others @ ..] if at == 0 && !others.is_empty() && others.iter().all(|other| other == first) => {}
            _ if columns.len() < 2 => {
                return Err(format!("line {line} has one column; an Arabic term and its English are needed"));
            }
            _ => return Err(format!("line {line} has not one column in Arabic and one in English")),
        }
    }
    Ok(pairs)
}

/// The columns that a first row names as Arabic and English, if it names both.
fn heading(columns: &[String]) -> Option<[usize; 2]> {
    let called = |name: &&str| {
        columns.iter().position(|column| {
            column.trim().split(['-', '_', ' ']).next().is_some_and(|c| c.eq_ignore_ascii_case(name))
        })
    };
    let [arabic, english] = NAMES.map(|names| names.iter().find_map(called));
    Some([arabic?, english?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &[&str]) -> Result<Vec<(String, String)>, String> {
        let columns = |row: &&str| row.split('|').map(str::to_owned).collect();
        pairs(rows.iter().map(columns).enumerate().map(|(at, columns)| (at + 1, columns)))
    }

    #[test]
    fn the_columns_are_those_that_the_heading_names_or_the_first_two_with_letters() {
        let bank = vec![("البنك الدولي".to_owned(), "World Bank".to_owned())];
        for rows in [
            ["pos|ar|en", "noun|البنك الدولي|World Bank"].as_slice(),
            &["id|English|note|Arabic", "1|World Bank|an institution|البنك الدولي"],
            &["النوع|source|target", "اسم|World Bank|البنك الدولي"],
            &["en-US|ar-EG|note", "World Bank|البنك الدولي|x"],
            &["1|البنك الدولي|World Bank"],
            &["7.5||البنك الدولي|World Bank|noun"],
            &["المصطلح|الترجمة", "البنك الدولي|World Bank"],
            &["الكلمة|معناها|ملاحظات", "البنك الدولي|World Bank|"],
            &["Wort|Bedeutung", "البنك الدولي|World Bank"],
        ] {
            assert_eq!(read(rows), Ok(bank.clone()), "{rows:?}");
        }
        // The name of a language is a term.
        assert_eq!(read(&["العربية|Arabic"]), Ok(vec![("العربية".to_owned(), "Arabic".to_owned())]));
    }

    #[test]
    fn what_may_be_either_column_is_refused() {
        for (rows, problem) in [
            (["noun|البنك الدولي|World Bank"].as_slice(), "line 1 has other columns before and behind"),
            (&["Art|Arabisch|Englisch", "noun|البنك الدولي|World Bank"], "line 2 has other columns"),
            (&["ar|en", "البنك الدولي|12"], "line 2 has not"),
            (&["البنك الدولي|World Bank", "وزير|أمير"], "line 2 has not"),
            (&["البنك الدولي|World Bank", "وزير"], "line 2 has one column"),
        ] {
            assert!(read(rows).is_err_and(|error| error.starts_with(problem)), "{rows:?} {:?}", read(rows));
        }
    }
}
