//! A folded key, under which spellings of one phrase that differ in hamza, marks or bullets are equal.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::chars::{TATWEEL, is_arabic_letter, is_invisible, to_arabic};

/// `text` as a key for tables and for finding near duplicates; never shown to a reader or a model.
///
/// Compatibility forms are decomposed; marks (with them the hamza on or under its seat, and madda), tatweel and
/// invisible characters go; alef wasla becomes alef, alef maqsura yeh, taa marbuta heh; Persian letters become Arabic
/// and digits ASCII; case goes; runs of white space become one space; bullets at the beginning go.
///
/// ```
/// let key = mujaz::segment::fold;
/// assert_eq!(key("• الرئيسان الإيراني ابراهيم"), key("الرئيسان  الايرانيّ إبراهيم "));
/// assert_ne!(key("ماء"), key("ما"));
/// ```
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        // The order of marks, which decomposing a whole text would settle, does not matter: they go.
        decompose_compatible(c, |part| push(&mut key, part));
    }
    without_bullets(&key).to_owned()
}

fn push(key: &mut String, c: char) {
    if is_invisible(c) || is_combining_mark(c) || c == TATWEEL {
        return;
    }
    if c.is_whitespace() {
        if !key.ends_with(' ') {
            key.push(' ');
        }
        return;
    }
    match to_arabic(c) {
        'ٱ' => key.push('ا'),
        'ى' => key.push('ي'),
        'ة' => key.push('ه'),
        letter if is_arabic_letter(letter) => key.push(letter),
        other => key.extend(other.to_lowercase().filter(|&c| !is_combining_mark(c))),
    }
}

/// What follows the bullets; a hyphen or asterisk is one only if a space follows.
fn without_bullets(key: &str) -> &str {
    let mut rest = key.trim();
    loop {
        let next = rest
            .strip_prefix([
                '•', '·', '●', '◦', '○', '▪', '▫', '■', '□', '◾', '◽', '‣', '⁃', '►', '▶', '◄', '◀', '❖', '✓',
            ])
            .or_else(|| rest.strip_prefix(['-', '–', '—', '*', '+']).filter(|after| after.starts_with(' ')));
        match next {
            Some(after) => rest = after.trim_start(),
            None => return rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_phrase_have_one_key() {
        let same: &[&[&str]] = &[
            &["اقرأ أيضاً:", "إقرأ ايضا:", "اقرأ  أيضًا:", "  اقــرأ أيضا:\u{200F}", "- اقرأ أيضاً:"],
            &["إيران", "ايران", "إیران", "أيران", "ٱيران", "ﺇﻳﺮﺍﻥ"],
            &["مستشفى", "مستشفي", "مستشفی"],
            &["القاهرة", "القاهره", "القاهرۃ"],
            &["مسؤول", "مسوول"],
            &["• (أرشيف)", "(ارشيف)", "●  (أرشیف)", "* (أرشيف)"],
            &["٢٠٢٣", "2023", "۲۰۲۳"],
            &["Responsible\u{A0}Statecraft", "responsible statecraft"],
        ];
        for group in same {
            for spelling in *group {
                assert_eq!(fold(spelling), fold(group[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn different_words_keep_different_keys() {
        for (one, other) in [("ماء", "ما"), ("كتب", "كتاب"), ("-5", "5"), ("سبق", "سبك"), ("حذر", "حدر")]
        {
            assert_ne!(fold(one), fold(other));
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let key = fold(&text);
            prop_assert_eq!(fold(&key), key);
        }

        #[test]
        fn folding_twice_changes_nothing_in_arabic(text in "[\u{600}-\u{6ff}\u{fb50}-\u{fdff}\u{fe70}-\u{feff} \\-•*]{0,40}") {
            let key = fold(&text);
            prop_assert_eq!(fold(&key), key);
        }
    }
}
