//! Names that the English of a sentence has and its source has not, known by the other sentences of the article.

use std::collections::HashMap;

use super::spot::PARTICLES;
use super::{EnglishWord, Name, english_words, paired, rendering};
use crate::article::{SentenceId, Span};
use crate::pipeline::{Document, Pair};
use crate::segment::{arabic_words, fold};

/// What the names of an article are in English.
pub(crate) struct Renderings<'a> {
    document: &'a Document,
    /// By the form of the English: the sentence, and the name in its source.
    by_form: HashMap<String, Vec<(SentenceId, Span)>>,
}

/// A name that came from nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Added<'a> {
    /// Bytes of the English sentence.
    pub(crate) target: Span,
    /// The name that it renders elsewhere, and where.
    pub(crate) arabic: &'a str,
    pub(crate) seen_in: SentenceId,
}

/// Letters of a rendering that is not a name by chance.
const SHORTEST: usize = 4;

impl<'a> Renderings<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        let mut by_form: HashMap<String, Vec<(SentenceId, Span)>> = HashMap::new();
        // A sentence by itself has no others whose names it could have.
        if document.pairs().nth(1).is_none() {
            return Self { document, by_form };
        }
        for pair in document.pairs() {
            for (name, span) in paired(pair.source, pair.target).into_iter().flatten() {
                let form = span.map(|span| rendering::form(span.of(pair.target))).unwrap_or_default();
                if form.len() >= SHORTEST {
                    by_form.entry(form).or_default().push((pair.id, name.span));
                }
            }
        }
        Self { document, by_form }
    }

    /// The names of other sentences that the English of this one has and no word of its source can be.
    pub(crate) fn added(&self, pair: Pair<'_>) -> Vec<Added<'a>> {
        let mut source: Option<Vec<Name>> = None;
        let english = english_words(pair.target);
        let added = english.iter().filter_map(|word| {
            let seen = self.by_form.get(&rendering::form(word.span.of(pair.target)))?;
            let &(seen_in, span) = seen.iter().find(|(id, _)| *id != pair.id)?;
            let here = seen.iter().any(|(id, _)| *id == pair.id);
            let words = source.get_or_insert_with(|| any_names(pair.source));
            let explained = here || is_explained(word, &english, words);
            let arabic = self.document.source(seen_in).and_then(|source| span.get(source))?;
            (!explained).then_some(Added { target: word.span, arabic, seen_in })
        });
        added.collect()
    }
}

/// Whether one of these names can be an English word, alone or with the one beside it: the Sudan of Port Sudan.
pub(super) fn is_explained(word: &EnglishWord, english: &[EnglishWord], names: &[Name]) -> bool {
    let mut wholes = english.iter().filter(|whole| whole.span.contains(word.span));
    wholes.any(|whole| names.iter().any(|name| name.fit(whole).is_some()))
}

/// Whether an English name may be one of the words of a piece of Arabic, by its letters.
pub(crate) fn may_render(arabic: &str, english: &str) -> bool {
    let names = any_names(arabic);
    english_words(english).iter().any(|word| names.iter().any(|name| name.fit(word).is_some()))
}

/// Every word of a sentence, and every two in a row, as if it were a name, with and without the letters before it that may
/// be particles.
pub(super) fn any_names(source: &str) -> Vec<Name> {
    let spans = arabic_words(source);
    let keys: Vec<String> = spans.iter().map(|span| fold(span.of(source))).collect();
    let pairs: Vec<String> = keys.windows(2).map(<[String]>::concat).collect();
    keys.iter().chain(&pairs).flat_map(|key| readings(key, Span::default())).collect()
}

/// A word as a name, with and without the letters before it that may be particles.
pub(super) fn readings(key: &str, span: Span) -> impl Iterator<Item = Name> {
    let bare = PARTICLES.iter().filter_map(|particle| key.strip_prefix(particle));
    let bare = bare.filter(|bare| bare.chars().count() >= 3).map(str::to_owned);
    // The article loses its alef behind ل: للعراق.
    let article = ["لل", "ولل"].iter().filter_map(|particle| key.strip_prefix(particle));
    let all = std::iter::once(key.to_owned()).chain(bare).chain(article.map(|rest| format!("ال{rest}")));
    all.map(move |key| Name { span, key, whole: None, guessed: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    #[test]
    fn a_name_of_another_sentence_is_seen_where_the_source_has_none() {
        let document = document(&[
            ("وصل الرئيس فلاديمير بوتين إلى بغداد", "President Vladimir Putin arrived in Baghdad"),
            ("وقال ماكرون إن الاتفاق جاهز", "Putin said the agreement was ready"),
            ("وغادر لبغداد مساء", "He left for Baghdad in the evening"),
        ]);
        let renderings = Renderings::new(&document);
        let added = |at: usize| -> Vec<String> {
            let pair = document.pairs().nth(at).unwrap();
            renderings.added(pair).iter().map(|added| format!("{} {}", added.arabic, added.seen_in)).collect()
        };
        assert_eq!(added(0), [""; 0]);
        assert_eq!(added(1), ["بوتين s1.1"]);
        assert_eq!(added(2), [""; 0]);
    }

    #[test]
    fn a_name_may_be_half_of_another() {
        let document = document(&[
            ("تصل المساعدات إلى السودان", "The aid arrives in Sudan"),
            ("وصل الوفد إلى بورتسودان", "The delegation arrived in Port Sudan"),
            ("وصل الوفد إلى الميناء", "The delegation arrived in Sudan"),
        ]);
        let renderings = Renderings::new(&document);
        let added: Vec<usize> = document.pairs().map(|pair| renderings.added(pair).len()).collect();
        assert_eq!(added, [0, 0, 1]);
    }
}
