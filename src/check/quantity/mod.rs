//! Quantities of Arabic and English text: figures and words, read to exact values.
//!
//! What is ambiguous has several readings; two quantities agree if they share one. What may only answer for a figure on
//! the other side (`both`, a dual) is read too, and marked.

mod arabic;
pub(crate) mod calendar;
mod convert;
mod digits;
mod english;
mod read;
mod token;
mod units;
mod value;
mod words;

pub(crate) use arabic::read as read_arabic;
pub(crate) use english::read as read_english;
pub(crate) use units::Unit;
pub(crate) use value::Value;

use crate::article::Span;

/// The word right before a number, in lower case; none behind a comma or the like.
pub(crate) fn word_before(number: Span, text: &str) -> String {
    let before = text[..number.start].trim_end_matches([' ', '$', '€', '£']);
    let word = before.rsplit(' ').next().filter(|word| word.ends_with(char::is_alphanumeric));
    word.unwrap_or_default().to_lowercase()
}

/// A quantity of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantity {
    /// The bytes of the number itself, without its unit.
    pub(crate) span: Span,
    /// What it says. A time of day is hours and hundredths for the minutes: 19.30.
    pub(crate) value: Value,
    /// What else it may say: 07.30 for 19.30, 1980 for the eighties, 76,000 for 76.000.
    pub(crate) also: Vec<Value>,
    /// The values that it was added up from, if several: 39 million, 702 thousand, 451.
    pub(crate) parts: Vec<Value>,
    /// What it counts.
    pub(crate) kind: Kind,
    /// What stands beside it, if that is a unit or currency; several where a word has several senses.
    pub(crate) units: &'static [Unit],
    /// How it is written.
    pub(crate) written: Written,
}

/// What a quantity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// How many.
    Cardinal,
    /// Which one.
    Ordinal,
    /// Parts of a hundred.
    Percent,
    /// A sum of money.
    Money,
    /// So many of a unit.
    Measure,
    /// A year.
    Year,
    /// Ten years.
    Decade,
    /// Part of a date in figures: 18/12/2023.
    Date,
    /// A time of day.
    Time,
    /// One side of a result: 2-1.
    Score,
    /// Part of a name: HER2, F-16.
    Code,
    /// A hint of which only the scale is known: `thousands`.
    Vague,
}

/// How a quantity is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// With digits, wholly or partly.
    Digits,
    /// In words.
    Words,
    /// In a word that need not mean a number (`one`, `both`, a dual): it may answer for one on the other side.
    Hint,
}

impl Quantity {
    /// Everything it may say.
    pub(crate) fn readings(&self) -> impl Iterator<Item = Value> + '_ {
        std::iter::once(self.value).chain(self.also.iter().copied())
    }

    /// Whether some reading of both is the same.
    pub(crate) fn agrees(&self, other: &Quantity) -> bool {
        self.readings().any(|value| other.readings().any(|reading| reading == value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A quantity as the golden files write it: value or values, kind if it is not a cardinal, mark.
    fn show(quantity: &Quantity) -> String {
        let values: Vec<_> = quantity.readings().map(|value| value.to_string().replace(',', "")).collect();
        let kind = match quantity.kind {
            Kind::Cardinal | Kind::Vague => String::new(),
            kind => format!(" {}", format!("{kind:?}").to_lowercase()),
        };
        let mut names: Vec<_> = quantity.units.iter().map(|unit| unit.name).collect();
        names.dedup();
        let unit = names.first().map_or(String::new(), |name| format!(" {name}"));
        let mark = match (quantity.written, quantity.kind) {
            (Written::Words, _) => "~",
            (_, Kind::Vague) => "*",
            _ => "",
        };
        format!("{mark}{}{kind}{unit}", values.join("|"))
    }

    fn golden(table: &str, read: fn(&str) -> Vec<Quantity>) {
        let mut wrong = Vec::new();
        let rows = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert!(rows.clone().count() > 140);
        for row in rows {
            let (text, expected) = row.rsplit_once('\t').unwrap_or_else(|| panic!("no tab in {row:?}"));
            let found = read(text).into_iter();
            let found = found.filter(|quantity| quantity.written != Written::Hint || quantity.kind == Kind::Vague);
            let found = found.map(|quantity| show(&quantity)).collect::<Vec<_>>().join("; ");
            if found != expected {
                wrong.push(format!("{text}\n  found    {found}\n  expected {expected}"));
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn arabic_is_read_as_the_golden_file_says() {
        golden(include_str!("../../../tests/golden/numbers/arabic.tsv"), read_arabic);
    }

    #[test]
    fn english_is_read_as_the_golden_file_says() {
        golden(include_str!("../../../tests/golden/numbers/english.tsv"), read_english);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_quantities_lie_in_it_in_order(
            text in prop_oneof![any::<String>(), "[0-9٠-٩ .,،/:%$\u{621}-\u{64a}a-z-]{0,60}"],
        ) {
            for read in [read_arabic, read_english] {
                let mut end = 0;
                for quantity in read(&text) {
                    prop_assert!(quantity.span.start >= end && quantity.span.get(&text).is_some());
                    end = quantity.span.end;
                }
            }
        }
    }
}
