//! Units and currencies, in two languages.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::stems;
use crate::segment::fold;

/// A unit or a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unit {
    /// What it measures: `money`, `length`.
    pub(crate) kind: &'static str,
    /// Its English name, in the singular.
    pub(crate) name: &'static str,
    /// Whether the word itself says that there are two.
    pub(super) dual: bool,
}

type Table = HashMap<String, Vec<Unit>>;

/// Shortened units, and words whose dual would be another word: كمين is an ambush, طنين a hum.
const NO_DUAL: [&str; 11] = ["كلم", "كم", "ملم", "مم", "سم", "كلغ", "كغ", "كغم", "كجم", "طن", "ين"];

/// Arabic and English forms.
static TABLES: LazyLock<[Table; 2]> = LazyLock::new(|| {
    let mut tables = [Table::new(), Table::new()];
    for line in include_str!("units.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let fields: Vec<&'static str> = line.split('\t').collect();
        let [kind, name, arabic, english] = fields[..] else { unreachable!("four columns; a test reads them all") };
        for (table, forms) in tables.iter_mut().zip([arabic, english]) {
            for form in forms.split(',') {
                let form = fold(form);
                if !NO_DUAL.contains(&form.as_str()) {
                    let stem = form.strip_suffix('ه').map_or(form.clone(), |stem| format!("{stem}ت"));
                    for ending in ["ين", "ان"] {
                        let unit = Unit { kind, name, dual: true };
                        table.entry(format!("{stem}{ending}")).or_default().push(unit);
                    }
                }
                table.entry(form).or_default().push(Unit { kind, name, dual: false });
            }
        }
    }
    tables
});

/// What an Arabic word may measure.
pub(super) fn arabic(key: &str) -> &'static [Unit] {
    let found = stems(key).filter(|stem| !stem.and && !stem.preposition).find_map(|stem| TABLES[0].get(stem.word));
    found.map_or(&[], Vec::as_slice)
}

/// What an English word or sign may measure.
pub(super) fn english(key: &str) -> &'static [Unit] {
    TABLES[1].get(key).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_name_their_units() {
        let names = |units: &[Unit]| units.iter().map(|unit| unit.name).collect::<Vec<_>>();
        assert_eq!(names(arabic(&fold("دولاراً"))), ["dollar"]);
        assert_eq!(names(arabic(&fold("الجنيه"))), ["pound"]);
        assert_eq!(names(english("pounds")), ["pound", "lira", "pound"]);
        assert_eq!(names(english("$")), ["dollar"]);
        assert!(arabic(&fold("عامين"))[0].dual && !arabic(&fold("سنين"))[0].dual && !arabic("ين")[0].dual);
        assert!(arabic(&fold("وزير")).is_empty());
    }
}
