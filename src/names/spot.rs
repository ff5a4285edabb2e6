//! Names in an Arabic sentence.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::known::{self, Kind};
use crate::article::Span;
use crate::segment::chars::{TATWEEL, is_diacritic};
use crate::segment::{arabic_words, fold};

/// A name of one word, or of two that belong together (عبد الله, حزب الله).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// Where it lies in the sentence, with a particle before it if there is one.
    pub(crate) span: Span,
    /// Its folded key, without the particle.
    pub(crate) key: String,
    /// The key with the particle, which may after all be part of the name.
    pub(super) whole: Option<String>,
    /// Whether nothing says that it is a name but the word beside it, which may be one too.
    pub(super) guessed: bool,
}

impl Name {
    /// It as it stands in the sentence, without marks and without a particle.
    pub(crate) fn text(&self, sentence: &str) -> String {
        let text: String = self.span.of(sentence).chars().filter(|&c| c != TATWEEL && !is_diacritic(c)).collect();
        let particle = self.whole.as_deref().and_then(|whole| whole.strip_suffix(&self.key)).unwrap_or_default();
        text.strip_prefix(particle).unwrap_or(&text).to_owned()
    }

    /// Where it lies without its particle.
    pub(crate) fn bare_span(&self, sentence: &str) -> Span {
        let text = self.text(sentence);
        let bare = self.span.of(sentence).ends_with(&text).then(|| self.span.end - text.len());
        Span::new(bare.unwrap_or(self.span.start), self.span.end)
    }
}

/// Particles that are written together with the next word, the longer ones first.
pub(super) const PARTICLES: [&str; 9] = ["ول", "وب", "وك", "فب", "و", "ف", "ل", "ب", "ك"];
/// Letters that a word must have left without its particle.
const SHORTEST: usize = 4;
/// Letters that both words of a name must have which no table is sure of.
const HALF: usize = 3;
/// Parts of names that are none by themselves.
const LINKS: [&str; 11] = ["بن", "بنت", "ابن", "ابو", "ابي", "ال", "دي", "دو", "دير", "فان", "فون"];

static TITLES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("titles.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(fold).collect()
});

/// What stands before a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Name,
    /// A name that is a place, behind which no surname stands: what may be a word is one.
    Place,
    Title,
    Other,
}

/// Whether a folded word links the parts of a name.
pub(crate) fn is_link(word: &str) -> bool {
    LINKS.contains(&word)
}

/// The names of a sentence in runs: those of one run stand side by side, as first name and surname do.
pub(crate) fn spot(sentence: &str) -> Vec<Vec<Name>> {
    let spans = arabic_words(sentence);
    let keys: Vec<String> = spans.iter().map(|span| fold(span.of(sentence))).collect();
    let mut runs: Vec<Vec<Name>> = Vec::new();
    let mut before = Before::Other;
    let mut at = 0;
    while at < spans.len() {
        // Anything but a space ends a run, a comma above all.
        if at > 0
            && matches!(before, Before::Name | Before::Place)
            && !sentence[spans[at - 1].end..spans[at].start].trim().is_empty()
        {
            before = Before::Other;
        }
        let next = spans.get(at + 1).filter(|next| sentence[spans[at].end..next.start].trim().is_empty());
        let pair = next.and_then(|next| pair(&keys[at], &keys[at + 1]).map(|found| (found, next.end)));
        let found = pair.map(|((key, whole), end)| (Span::new(spans[at].start, end), key, whole, 2));
        let word = |at: usize| Word { text: spans[at].of(sentence), key: &keys[at] };
        let found = found.or_else(|| word(at).name(before).map(|(key, whole)| (spans[at], key, whole, 1)));
        let guessed = found.is_none() && next.is_some() && word(at).may_be_name() && word(at + 1).may_be_name();
        let found = found.or_else(|| guessed.then(|| (spans[at], keys[at].clone(), None, 1)));
        if let Some((span, key, whole, words)) = found {
            // One with a particle is another one: بوتين وبايدن.
            let goes_on = matches!(before, Before::Name | Before::Place) && whole.is_none() && !guessed;
            before = if known::is_named_place(&key) { Before::Place } else { Before::Name };
            match runs.last_mut().filter(|_| goes_on) {
                Some(run) => {
                    let guessed = run.iter().all(|name| name.guessed) && known::kind(&key) == Some(Kind::Maybe);
                    run.push(Name { span, key, whole, guessed });
                }
                None => runs.push(vec![Name { span, key, whole, guessed }]),
            }
            at += words;
            continue;
        }
        let key = keys[at].as_str();
        before = match before {
            _ if TITLES.contains(key) || key.strip_prefix('و').is_some_and(|rest| TITLES.contains(rest)) => {
                Before::Title
            }
            // الرئيس الأميركي
            Before::Title if key.starts_with("ال") && (key.ends_with('ي') || key.ends_with("يه")) => Before::Title,
            Before::Name if LINKS.contains(&key) => Before::Name,
            _ => Before::Other,
        };
        at += 1;
    }
    runs
}

/// The key of two words that are one name, and both with the particle where one was cut off.
fn pair(first: &str, second: &str) -> Option<(String, Option<String>)> {
    let together = format!("{first} {second}");
    if known::kind(&together).is_some() {
        return Some((together, None));
    }
    let bare = PARTICLES.iter().filter_map(|particle| together.strip_prefix(particle));
    if let Some(bare) = bare.into_iter().find(|bare| known::is_known(bare)) {
        return Some((bare.to_owned(), Some(together.clone())));
    }
    let servant = PARTICLES.iter().find_map(|particle| first.strip_prefix(particle)).unwrap_or(first) == "عبد";
    (servant && second.starts_with("ال") && second.chars().count() > 4).then(|| (format!("عبد{second}"), None))
}

/// A word as it is written and as a key.
struct Word<'a> {
    text: &'a str,
    key: &'a str,
}

impl Word<'_> {
    /// The key of a word that is a name, and the whole word where a particle was cut off.
    fn name(&self, before: Before) -> Option<(String, Option<String>)> {
        let Self { key, .. } = *self;
        if LINKS.contains(&key) || before != Before::Title && self.is_ending_of_words() {
            return None;
        }
        match known::kind(key).filter(|_| self.may_begin_with_stem(0)) {
            Some(Kind::Sure) => return Some((key.to_owned(), None)),
            Some(Kind::Maybe) if matches!(before, Before::Name | Before::Title) => return Some((key.to_owned(), None)),
            Some(Kind::Maybe) => return None,
            None => {}
        }
        // لبناني is no ل before a name.
        if known::of_people(key).is_some() {
            return None;
        }
        let bare = PARTICLES.iter().filter_map(|particle| Some((particle, key.strip_prefix(particle)?)));
        let mut bare = bare.filter(|(particle, bare)| {
            bare.chars().count() >= SHORTEST
                && known::kind(bare) == Some(Kind::Sure)
                && self.may_begin_with_stem(particle.chars().count())
                // Behind ب, ل and ك a word in ة is one of the language more often than one of the many rare names.
                && (particle.ends_with('و') || !self.text.ends_with('ة') || known::is_known(bare))
        });
        bare.next().map(|(_, bare)| (bare.to_owned(), Some(key.to_owned())))
    }

    /// Whether it may be half of a name of two words: خالد العمري.
    fn may_be_name(&self) -> bool {
        !LINKS.contains(&self.key)
            && self.key.chars().count() >= HALF
            && !self.is_ending_of_words()
            && self.may_begin_with_stem(0)
            && known::kind(self.key) == Some(Kind::Maybe)
            && known::of_people(self.key).is_none()
    }

    /// Whether the word has an ending that names do not have: the indefinite accusative (أولمبياً), or ى in a short word,
    /// which is mostly a verb (أدّى).
    fn is_ending_of_words(&self) -> bool {
        let letters = self.text.trim_end_matches(|c| is_diacritic(c) && c != TANWEEN);
        let accusative = letters.ends_with(TANWEEN) || letters.ends_with("ًا");
        let verb = letters.ends_with('ى') && self.key.chars().count() < SHORTEST && !known::is_known(self.key);
        accusative || verb
    }

    /// Whether a stem may begin after so many letters. إ is written at the beginning of a stem only: before it stands nothing
    /// or the article.
    fn may_begin_with_stem(&self, particle: usize) -> bool {
        let letters: String = self.text.chars().filter(|&c| c != TATWEEL && !is_diacritic(c)).skip(particle).collect();
        letters.rsplit_once('إ').is_none_or(|(before, _)| before.is_empty() || before == "ال")
    }
}

/// Tanween of the accusative.
const TANWEEN: char = '\u{64b}';

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sentence: &str) -> Vec<String> {
        let join = |run: Vec<Name>| run.iter().map(|name| name.span.of(sentence)).collect::<Vec<_>>().join(" ");
        spot(sentence).into_iter().map(join).collect()
    }

    #[test]
    fn names_are_told_from_words_by_table_and_title() {
        assert_eq!(names("وقال بوتين إن كريم النفس لا يخاف"), ["بوتين"]);
        assert_eq!(names("وصل الدكتور كريم منصور إلى بغداد، وغادر لبغداد"), ["كريم منصور", "بغداد", "لبغداد"]);
        assert_eq!(names("الرئيس المصري عبد الفتاح السيسي"), ["عبد الفتاح السيسي"]);
        assert!(names("أعلنت الوزارة أمس إعادة فتح المعبر أمام المسافرين").is_empty());
    }

    #[test]
    fn words_that_only_look_like_names_are_none() {
        for sentence in [
            "قال إنه بطل فإني معه",
            "قام بمراوغة مدافع",
            "كان بطلاً أولمبياً",
            "أدّى اليمين",
            "الأشكال الأخرى للإيمان",
            "قال مواطن لبناني ووزير تركي",
            "رئيس أركان الجيش",
        ] {
            assert!(names(sentence).is_empty(), "{sentence}: {:?}", names(sentence));
        }
        assert_eq!(names("وصل لإبراهيم وبالإسكندرية خطاب"), ["لإبراهيم", "وبالإسكندرية"]);
    }

    #[test]
    fn two_words_in_a_row_that_may_be_names_are_one_name() {
        assert_eq!(names("قال رئيس نقابة المزارعين خالد العمري ذلك"), ["خالد العمري"]);
        assert_eq!(names("قال خالد جمال العمري من بغداد خالد العمري"), ["خالد جمال العمري", "بغداد", "خالد العمري"]);
        assert!(names("جلس كريم، العمري").is_empty());
        // Behind a place no surname stands.
        assert_eq!(names("حل المغرب ضيف شرف، وفي أربيل بات الأمن كريماً"), ["المغرب", "أربيل"]);
        assert_eq!(names("في بغداد كريم النفس"), ["بغداد"]);
    }

    #[test]
    fn the_text_of_a_name_has_no_particle() {
        let sentence = "وصل لبغدادَ";
        assert_eq!(spot(sentence)[0][0].text(sentence), "بغداد");
    }

    #[test]
    fn a_comma_ends_a_run() {
        assert_eq!(names("زار بوتين، بايدن وماكرون"), ["بوتين", "بايدن", "وماكرون"]);
        assert_eq!(names("محمد بن سلمان"), ["محمد سلمان"]);
        assert_eq!(names("قالت أورسولا فون دير لاين"), ["أورسولا لاين"]);
        assert_eq!(names("وحزب الله"), ["وحزب الله"]);
    }
}
