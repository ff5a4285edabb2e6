//! The forms in which a word of a term may stand in Arabic text: with particles, an article, a case ending.

use crate::segment::chars::{TATWEEL, is_diacritic, is_invisible};
use crate::segment::fold;

/// Particles that are written together with the next word, the longer ones first. What follows may have an article.
const PARTICLES: [&str; 14] = ["وبال", "وكال", "ولل", "فلل", "وب", "وك", "ول", "فب", "فل", "لل", "و", "ف", "ب", "ك"];
/// Letters that must be left of a word without its particle or ending: what is shorter may be any word.
const SHORTEST: usize = 3;
/// Case endings of which one may stand for the other.
const ENDINGS: [(&str, &str); 4] = [("ون", "ين"), ("ين", "ون"), ("ان", "ين"), ("ين", "ان")];

/// The key of a word of a term: folded and without its article.
pub(super) fn key(word: &str) -> String {
    let letters = letters(word);
    fold(without_article(&letters).unwrap_or(&letters))
}

/// The keys under which a word of the text may stand in a term, the most literal first. Only the first word of a term
/// may have particles.
pub(super) fn keys(word: &str, first: bool) -> Vec<String> {
    let letters = letters(word);
    let mut stems = vec![letters.as_str()];
    stems.extend(without_article(&letters));
    if first {
        // The preposition ل stands alone, too, but is a letter of too many words to come before the others.
        for particle in PARTICLES.iter().chain(&["ل"]) {
            let Some(rest) = letters.strip_prefix(particle).filter(|rest| is_long_enough(rest)) else { continue };
            stems.push(rest);
            stems.extend(without_article(rest));
        }
    }
    // A final alef is an ending only where that is written: تركيا is no form of تركي.
    let has_tanween = ["ًا", "اً"].iter().any(|ending| word.ends_with(ending)) && !letters.ends_with("يا");
    let mut keys: Vec<String> = Vec::new();
    for stem in stems {
        let stem = fold(stem);
        let accusative = stem.strip_suffix('ا').filter(|stem| has_tanween && is_long_enough(stem)).map(str::to_owned);
        let other = ENDINGS.iter().filter_map(|(from, to)| Some(format!("{}{to}", stem.strip_suffix(from)?)));
        let other: Vec<String> = other.collect();
        for key in [stem].into_iter().chain(accusative).chain(other) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// The word without the article, whose alef never has a hamza.
fn without_article(letters: &str) -> Option<&str> {
    letters.strip_prefix("ال").or(letters.strip_prefix("ٱل")).filter(|rest| is_long_enough(rest))
}

fn is_long_enough(stem: &str) -> bool {
    stem.chars().nth(SHORTEST - 1).is_some()
}

/// The letters of a word as they are written, hamzas too, without marks.
fn letters(word: &str) -> String {
    word.chars().filter(|&c| c != TATWEEL && !is_diacritic(c) && !is_invisible(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_behind_particles_article_and_ending() {
        for (word, term) in [
            ("وللوزارة", "وزارة"),
            ("بالبنك", "البنك"),
            ("كمهندسٍ", "مهندس"),
            ("مديراً", "مدير"),
            ("المعلمين", "معلمون"),
            ("لوزارة", "الوزارة"),
            ("ٱلمفوضية", "مفوضيه"),
            ("والإمارات", "الامارات"),
        ] {
            assert!(keys(word, true).contains(&key(term)), "{word} {term}: {:?}", keys(word, true));
        }
        assert!(!keys("بنوك", true).contains(&key("بنك")));
        assert!(!keys("ألماني", true).contains(&key("ماني")), "a hamza makes it no article");
        for (word, term) in [("تركيا", "تركي"), ("روسيا", "روسي"), ("روسياً", "روسي"), ("مديرا", "مدير")]
        {
            assert!(!keys(word, true).contains(&key(term)), "{word} is another word");
        }
        assert!(!keys("بلد", true).contains(&key("لد")), "too little is left");
        assert!(!keys("وزارة", false).contains(&key("زارة")), "particles stand before the first word only");
    }
}
