//! Names of people and places: found in Arabic, and looked for in English.
//!
//! Arabic has no capital letters, so a name is known by a table or by the word before it, and its English is known by
//! its consonants: many spellings are right, and none is in a table.

mod consistency;
mod english;
mod known;
mod rendering;
mod spot;

pub(crate) use consistency::odd_ones;
pub(crate) use english::{EnglishWord, english_words};
pub(crate) use spot::{Name, is_link, spot};

use crate::article::Span;

/// Where among `words` a name was put into English; the best fit, the first of equals.
pub(crate) fn find<'a>(name: &Name, words: &'a [EnglishWord]) -> Option<&'a EnglishWord> {
    let fits = words.iter().filter_map(|word| Some((name.fit(word)?, word)));
    fits.min_by_key(|(fit, _)| *fit).map(|(_, word)| word)
}

/// The English of each name of each run, no word for two names; the best fits first, then the order of both sentences.
pub(crate) fn pair_up(runs: &[Vec<Name>], words: &[EnglishWord]) -> Vec<Vec<Option<Span>>> {
    let mut fits = Vec::new();
    for (run, names) in runs.iter().enumerate() {
        for (at, name) in names.iter().enumerate() {
            let of_name =
                words.iter().enumerate().filter_map(|(word, english)| Some((name.fit(english)?, run, at, word)));
            fits.extend(of_name);
        }
    }
    fits.sort_unstable();
    let mut paired: Vec<Vec<Option<Span>>> = runs.iter().map(|run| vec![None; run.len()]).collect();
    let mut taken: Vec<Span> = Vec::new();
    for (_, run, at, word) in fits {
        let span = words[word].span;
        if paired[run][at].is_none() && taken.iter().all(|other| other.end <= span.start || span.end <= other.start) {
            paired[run][at] = Some(span);
            taken.push(span);
        }
    }
    paired
}

impl Name {
    /// Whether this is a place whose English may as well be an adjective or a people.
    pub(crate) fn is_place(&self) -> bool {
        !known::beginnings(&self.key).is_empty()
    }

    /// Whether an English rendering is that of the people of a place: Pakistani, where the Arabic has no ending for it.
    pub(crate) fn is_adjective(&self, english: &str) -> bool {
        let ends = |ending: &str| english.to_lowercase().ends_with(ending);
        let ending = [("i", "ي"), ("ian", "ن"), ("ean", "ن"), ("ese", "ز"), ("ish", "ش")];
        ending.iter().any(|(latin, arabic)| ends(latin) && !self.key.ends_with(arabic))
    }

    /// How far an English word is from this name, if it can be its rendering.
    fn fit(&self, word: &EnglishWord) -> Option<u32> {
        let beginnings = known::beginnings(&self.key);
        let fit = |latin: &String| {
            if beginnings.iter().any(|beginning| latin.starts_with(beginning)) {
                return Some(0);
            }
            let keys = [Some(self.key.as_str()), self.whole.as_deref()];
            keys.into_iter().flatten().filter_map(|key| rendering::fit(key, latin)).min()
        };
        word.keys.iter().filter_map(fit).min()
    }
}
