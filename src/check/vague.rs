//! Words that say roughly how many: dozens, hundreds of thousands.

use std::ops::Range;

use super::quantity::{Kind, Quantity};
use crate::article::Span;
use crate::segment::{arabic_words, fold};

/// So many, of which only the power of ten is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Vague {
    pub(super) span: Span,
    /// The power of ten of the least that it can mean.
    pub(super) power: u32,
}

/// What may stand before such a word in Arabic, written together with it.
const PREFIXES: [&str; 13] = ["", "و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "وب", "ول", "وبال"];

impl Vague {
    /// What it can mean: thousands alone may be tens or hundreds of them.
    pub(super) fn range(self) -> Range<f64> {
        let more = if self.power >= 3 && self.power.is_multiple_of(3) { 3 } else { 1 };
        10f64.powi(self.power as i32)..10f64.powi((self.power + more) as i32)
    }

    /// What it is called in English.
    pub(super) fn name(self) -> &'static str {
        const NAMES: [&str; 12] = [
            "",
            "Dozens",
            "Hundreds",
            "Thousands",
            "Tens of thousands",
            "Hundreds of thousands",
            "Millions",
            "Tens of millions",
            "Hundreds of millions",
            "Billions",
            "Tens of billions",
            "Hundreds of billions",
        ];
        NAMES[self.power as usize] // billions, and hundreds of them, are the most that is read
    }
}

/// Those of an Arabic sentence, of which `quantities` are the thousands and millions without a number.
pub(super) fn of_arabic(text: &str, quantities: &[Quantity]) -> Vec<Vague> {
    let words = arabic_words(text).into_iter().map(|span| (span, fold(span.of(text)))).collect();
    const POWERS: [(&str, u32); 7] =
        [("عشرات", 1), ("مئات", 2), ("آلاف", 3), ("ألوف", 3), ("ملايين", 6), ("مليارات", 9), ("بلايين", 9)];
    let power = |word: &str| {
        let rest = |form: &str| word.strip_suffix(fold(form).as_str()).map(str::to_owned);
        POWERS
            .iter()
            .find(|(form, _)| rest(form).is_some_and(|rest| PREFIXES.contains(&rest.as_str())))
            .map(|(_, power)| *power)
    };
    found(words, power, quantities)
}

/// Those of an English sentence.
pub(super) fn of_english(text: &str, quantities: &[Quantity]) -> Vec<Vague> {
    let pieces = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let place = |word: &str| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        (Span::new(start, start + word.len()), word.to_lowercase())
    };
    let power = |word: &str| match word {
        "tens" | "dozens" | "scores" => Some(1),
        "hundreds" => Some(2),
        "thousands" => Some(3),
        "millions" => Some(6),
        "billions" => Some(9),
        _ => None,
    };
    let found = found(pieces.map(place).collect(), power, quantities);
    // He scores; scores of them.
    let counts = |vague: &Vague| {
        !vague.span.of(text).eq_ignore_ascii_case("scores") || text[vague.span.end..].starts_with(" of")
    };
    found.into_iter().filter(counts).collect()
}

/// A word for tens or hundreds with the thousands behind it, or thousands alone that are among the quantities.
fn found(words: Vec<(Span, String)>, power: impl Fn(&str) -> Option<u32>, quantities: &[Quantity]) -> Vec<Vague> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((span, word)) = words.get(at) {
        at += 1;
        let Some(first) = power(word) else { continue };
        let mut vague = Vague { span: *span, power: first };
        let behind = words.get(at).filter(|(_, word)| word != "of").or_else(|| words.get(at + 1));
        let next = behind.and_then(|(next, word)| power(word).map(|power| (*next, power)));
        if let Some((next, power)) = next.filter(|(_, power)| first < 3 && *power >= 3) {
            vague = Vague { span: Span::new(span.start, next.end), power: first + power };
            at = words.iter().position(|(span, _)| *span == next).map_or(at, |place| place + 1);
        } else if first >= 3 {
            let is_vague = |quantity: &Quantity| quantity.kind == Kind::Vague && quantity.span.contains(*span);
            if !quantities.iter().any(is_vague) {
                continue;
            }
        }
        found.push(vague);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::quantity::{read_arabic, read_english};

    #[test]
    fn powers_of_ten_are_read_in_both_languages() {
        for (arabic, english, powers) in [
            ("عشرات القتلى ومئات الجرحى", "dozens of dead and hundreds of wounded", [1, 2].as_slice()),
            ("شرد عشرات الآلاف", "displaced tens of thousands", &[4]),
            ("مئات الألوف من الناس", "hundreds of thousands of people", &[5]),
            ("مئات الملايين من الدولارات", "hundreds of millions of dollars", &[8]),
            ("آلاف الناس", "thousands of people", &[3]),
            ("وبمئات المتطوعين", "with hundreds of volunteers", &[2]),
            ("5 آلاف شخص", "5 thousand people", &[]),
            ("سجل هدفين", "he scores twice", &[]),
        ] {
            let of_arabic = of_arabic(arabic, &read_arabic(arabic));
            let of_english = of_english(english, &read_english(english));
            assert_eq!(of_arabic.iter().map(|vague| vague.power).collect::<Vec<_>>(), powers, "{arabic}");
            assert_eq!(of_english.iter().map(|vague| vague.power).collect::<Vec<_>>(), powers, "{english}");
        }
    }
}
