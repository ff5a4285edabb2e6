//! Names of people and places: found in Arabic, and looked for in English.
//!
//! Arabic has no capital letters, so a name is known by a table or by the word before it, and its English is known by
//! its consonants: many spellings are right, and none is in a table.

mod added;
mod consistency;
mod english;
mod exchanged;
mod known;
mod rendering;
mod spot;

pub(crate) use added::{Added, Renderings, may_render};
pub(crate) use consistency::odd_ones;
pub(crate) use english::{EnglishWord, english_words, stands_alone};
pub(crate) use exchanged::exchanged;
pub(crate) use spot::{Name, is_link, spot};

use crate::article::Span;
use crate::segment::{arabic_words, fold};

/// A name of a sentence that the English does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The name: bytes of the sentence.
    pub(crate) span: Span,
    /// Whether the English may have it all the same: a country as "here", a name in an abbreviation.
    pub(crate) doubtful: bool,
}

/// The names of a sentence that no capitalised word of the English can stand for. What is one word in English may be two
/// in Arabic (بيونغ يانغ, جين بينغ): a name may stand there together with the word before or behind it, too.
pub(crate) fn missing(source: &str, english: &str) -> Vec<Missing> {
    let runs = spot(source);
    if runs.is_empty() {
        return Vec::new();
    }
    let words = english_words(english);
    let neighbours = arabic_words(source);
    let found = |name: &Name| words.iter().any(|word| name.fit(word).is_some());
    let is_lost = |name: &&Name| !found(name) && !together(name, source, &neighbours).iter().any(found);
    let mut missing = Vec::new();
    for run in &runs {
        let lost: Vec<&Name> = run.iter().filter(is_lost).collect();
        missing.extend(lost.iter().map(|name| Missing {
            span: name.span,
            doubtful: name.is_place()
                || name.guessed && lost.len() < run.len()
                || words.iter().any(|word| word.may_abbreviate(&name.key, english)),
        }));
    }
    missing
}

/// A name as one word with the word before it, and with the one behind it.
fn together(name: &Name, source: &str, words: &[Span]) -> Vec<Name> {
    let adjoins = |one: &Span, other: &Span| source.get(one.end..other.start).is_some_and(|gap| gap.trim().is_empty());
    let before = words.iter().rfind(|word| word.end <= name.span.start && adjoins(word, &name.span));
    let behind = words.iter().find(|word| word.start >= name.span.end && adjoins(&name.span, word));
    let whole = name.whole.as_deref().unwrap_or(&name.key);
    let key = |span: &Span| fold(span.of(source));
    let joined = |key: String, whole: String| Name { key, whole: Some(whole), ..name.clone() };
    let before = before.map(|word| joined(format!("{}{}", key(word), name.key), format!("{}{whole}", key(word))));
    let behind = behind.map(|word| joined(format!("{}{}", name.key, key(word)), format!("{whole}{}", key(word))));
    before.into_iter().chain(behind).collect()
}

/// The names of a sentence in their runs, each with where the English has it.
pub(crate) fn paired(source: &str, english: &str) -> Vec<Vec<(Name, Option<Span>)>> {
    let runs = spot(source);
    let spans = pair_up(&runs, &english_words(english));
    runs.into_iter().zip(spans).map(|(run, spans)| run.into_iter().zip(spans).collect()).collect()
}

/// The names that one English word alone can stand for and that this word alone stands for, with that word.
pub(crate) fn unmistakable(source: &str, english: &str) -> Vec<(Name, Span)> {
    let (names, words) = (spot(source).concat(), english_words(english));
    let only = |name: &Name| {
        let mut fitting = words.iter().filter(|word| name.fit(word).is_some());
        fitting.next().filter(|_| fitting.next().is_none())
    };
    let alone = |word: &EnglishWord| names.iter().filter(|name| name.fit(word).is_some()).count() == 1;
    let found = names.iter().filter_map(|name| only(name).filter(|word| alone(word)).map(|word| (name, word.span)));
    found.map(|(name, span)| (name.clone(), span)).collect()
}

/// The English of each name of each run, no word for two names; the best fits first, then the order of both sentences.
fn pair_up(runs: &[Vec<Name>], words: &[EnglishWord]) -> Vec<Vec<Option<Span>>> {
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
        known::is_place(&self.key)
    }

    /// Whether an English rendering is that of the people of a place: Pakistani, where the Arabic has no ending for it.
    pub(crate) fn is_adjective(&self, english: &str) -> bool {
        let ends = |ending: &str| english.to_lowercase().ends_with(ending);
        let ending = [("i", "ي"), ("ian", "ن"), ("ean", "ن"), ("ese", "ز"), ("ish", "ش")];
        ending.iter().any(|(latin, arabic)| ends(latin) && !self.key.ends_with(arabic))
    }

    /// How far an English word is from this name, if it can be its rendering.
    fn fit(&self, word: &EnglishWord) -> Option<u32> {
        let keys = || [Some(self.key.as_str()), self.whole.as_deref()].into_iter().flatten();
        let beginnings: Vec<&String> = keys().flat_map(known::beginnings).collect();
        let is_place = keys().any(known::is_place);
        let fit = |latin: &String| {
            // By its letters Niger may be Nigeria, and Gaza Giza.
            if let Some(place) = is_place.then(|| known::english_place(latin)).flatten() {
                return beginnings.iter().any(|beginning| *beginning == place).then_some(0);
            }
            if beginnings.iter().any(|beginning| known::begins(latin, beginning)) {
                return Some(0);
            }
            keys().filter_map(|key| rendering::fit(key, latin)).min()
        };
        word.keys.iter().filter_map(fit).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_two_words_may_be_one_in_english() {
        for (source, english) in [
            ("وصل إلى بيونغ يانغ", "He arrived in Pyongyang"),
            ("التقى الرئيس الصيني شي جين بينغ", "He met Chinese President Xi Jinping"),
            ("قال وزير تركي إن لبنانياً قتل", "A Turkish minister said a Lebanese was killed"),
            ("فروسية الملك آرثر", "Arthurian chivalry"),
        ] {
            assert_eq!(missing(source, english), [], "{source}");
        }
        let found = missing("وصل إلى بيونغ يانغ", "He arrived in Beijing");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_country_is_not_found_in_a_word_that_begins_like_it() {
        for (source, english) in [
            ("زار فرنسا الجمعة", "He visited Spain on Friday"),
            ("زار بريطانيا", "He visited Ukraine"),
            ("زار اليونان", "He visited Greenland"),
            ("زار الصين", "He visited Chinook Pass"),
            ("زار أمريكا", "He met Usain Bolt"),
            ("زار نيجيريا", "He visited Niger"),
            ("زار النيجر", "He visited Nigerian troops"),
            ("زار روما", "He visited Romania"),
            ("زار غينيا", "He visited Guyana"),
            ("زار غزة", "He visited Giza"),
        ] {
            assert_eq!(missing(source, english).len(), 1, "{source} / {english}");
        }
        for (source, english) in [
            ("وفد أمريكي في فرنسا وبريطانيا", "A U.S.-led delegation in France and the UK"),
            ("وفد بريطاني في أمريكا والصين", "A UK-based delegation in the US and among the Chinese"),
            ("زار بئر السبع وكوت ديفوار", "He visited Beersheba and Ivory Coast"),
            ("زار روما ورومانيا والنيجر", "He visited Roman ruins, Romania and Nigerien troops"),
            ("زار الأزهر الشريف", "He visited al-Azhar"),
        ] {
            assert_eq!(missing(source, english), [], "{source} / {english}");
        }
    }

    #[test]
    fn two_words_that_may_be_names_are_held_to_be_one_name() {
        let source = "قال رئيس نقابة المزارعين خالد العمري ذلك";
        let doubtful = |english| missing(source, english).iter().map(|missing| missing.doubtful).collect::<Vec<_>>();
        assert_eq!(doubtful("The head of the farmers' union said so"), [false, false]);
        assert_eq!(doubtful("Khaled Hassan, head of the farmers' union, said so"), [true]);
        assert_eq!(doubtful("Khalid al-Omari, head of the farmers' union, said so"), [] as [bool; 0]);
    }

    #[test]
    fn an_abbreviation_may_hold_a_name() {
        let source = "قالت هيئة الإسكان في أوكلاند ذلك";
        let doubtful = |english| missing(source, english).iter().map(|missing| missing.doubtful).collect::<Vec<_>>();
        assert_eq!(doubtful("The OHA said so"), [true]);
        assert_eq!(doubtful("The agency said so"), [false]);
    }
}
