//! The Arabic words of a text.

use super::chars::{TATWEEL, is_arabic_letter, is_diacritic, is_invisible};
use crate::article::Span;

/// The runs of Arabic letters with the marks on them, in order.
pub(crate) fn arabic_words(text: &str) -> Vec<Span> {
    let inside = |c: char| is_arabic_letter(c) || c == TATWEEL || is_diacritic(c) || is_invisible(c) || is_hamza(c);
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match start {
            None if is_arabic_letter(c) => start = Some(at),
            Some(from) if !inside(c) => {
                words.push(Span::new(from, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Madda and the two hamzas as marks of their own.
const fn is_hamza(c: char) -> bool {
    matches!(c, '\u{653}'..='\u{655}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_marks_and_nothing_else() {
        let text = "«قالَ» الوزيــر (ج. 5) و«أضاف» CNN، ا\u{655}ن";
        let found: Vec<_> = arabic_words(text).into_iter().map(|span| span.of(text)).collect();
        assert_eq!(found, ["قالَ", "الوزيــر", "ج", "و", "أضاف", "ا\u{655}ن"]);
        assert!(arabic_words("12% AFP").is_empty());
    }
}
