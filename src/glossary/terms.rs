//! Terms, and where they stand in Arabic text.

use std::collections::HashMap;
use std::path::Path;

use super::formats::Format;
use super::forms;
use crate::article::Span;
use crate::error::{Error, Result};
use crate::names;
use crate::read;
use crate::segment::{arabic_words, fold};

/// A term and its English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The Arabic, one word or several.
    pub arabic: String,
    /// The English: what is wanted first, then what is accepted as well. Never empty.
    pub english: Vec<String>,
}

/// The terms of one or several files.
#[derive(Debug, Clone, Default)]
pub struct Glossary {
    terms: Vec<Term>,
    /// A tree of the terms by the keys of their words, so that many terms that begin alike are told apart quickly; the
    /// root is the first, once there is a term.
    nodes: Vec<Node>,
}

/// Where the words of a term lead.
#[derive(Debug, Clone, Default)]
struct Node {
    next: HashMap<String, usize>,
    /// The term that ends here.
    term: Option<usize>,
}

/// A term in a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence<'a> {
    pub(super) term: &'a Term,
    /// Bytes of the sentence, with what is attached to the first word.
    pub(super) span: Span,
}

impl Glossary {
    /// Reads a glossary: TSV, CSV or TBX, by its extension, in the encodings in which articles are read.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, [`Error::Unsupported`] if it is no text, [`Error::Glossary`] if
    /// it is not a glossary.
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
        let (text, notices) = read::decode(&bytes, &path.display().to_string())?;
        let wrong = |problem| Error::Glossary { path: path.into(), problem };
        if text.contains(char::REPLACEMENT_CHARACTER) {
            let damaged = || vec!["it has characters that are no text: save it as UTF-8".to_owned()];
            let reasons = if notices.is_empty() { damaged() } else { notices };
            return Err(wrong(reasons.join("; ")));
        }
        let mut glossary = Self::default();
        let terms = (Format::of(path).read)(text.strip_prefix('\u{feff}').unwrap_or(&text)).map_err(wrong)?;
        if terms.is_empty() {
            return Err(wrong("it has no term in Arabic with its English".into()));
        }
        terms.into_iter().for_each(|(arabic, english)| glossary.add(&arabic, &english));
        Ok(glossary)
    }

    /// Adds a term. Where it is there already, the English is accepted beside what came first.
    pub fn add(&mut self, arabic: &str, english: &str) {
        self.add_under(arabic_words(arabic).iter().map(|word| forms::key(word.of(arabic))).collect(), arabic, english);
    }

    /// Adds a name, which keeps its article: الأسد is not أسد.
    pub(super) fn add_name(&mut self, arabic: &str, english: &str) {
        self.add_under(name_keys(arabic), arabic, english);
    }

    fn add_under(&mut self, keys: Vec<String>, arabic: &str, english: &str) {
        let english = english.trim().to_owned();
        if keys.is_empty() || english.is_empty() {
            return;
        }
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        let mut at = 0;
        for key in keys {
            let new = self.nodes.len();
            let next = *self.nodes[at].next.entry(key).or_insert(new);
            if next == new {
                self.nodes.push(Node::default());
            }
            at = next;
        }
        if let Some(known) = self.nodes[at].term {
            if !self.terms[known].english.contains(&english) {
                self.terms[known].english.push(english);
            }
            return;
        }
        self.nodes[at].term = Some(self.terms.len());
        self.terms.push(Term { arabic: arabic.trim().to_owned(), english: vec![english] });
    }

    /// Adds the terms of another glossary after its own.
    pub fn extend(&mut self, other: &Self) {
        for term in &other.terms {
            term.english.iter().for_each(|english| self.add(&term.arabic, english));
        }
    }

    /// The terms, in order.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The term that was added as a name and is this one, letter for letter.
    pub(super) fn name(&self, arabic: &str) -> Option<&Term> {
        let root = self.nodes.first()?;
        let last = name_keys(arabic).iter().try_fold(root, |node, key| Some(&self.nodes[*node.next.get(key)?]))?;
        last.term.map(|term| &self.terms[term])
    }

    /// The term added as a name that a name of a sentence is, or is a part of.
    pub(super) fn name_at(&self, sentence: &str, span: Span) -> Option<&Term> {
        if let Some(found) = self.names_in(sentence).into_iter().find(|found| found.span.contains(span)) {
            return Some(found.term);
        }
        let spotted = names::spot(sentence).into_iter().flatten().find(|name| name.span == span)?;
        self.name(span.of(sentence)).or_else(|| self.name(&spotted.text(sentence)))
    }

    /// The terms added as names that a sentence has as names: all the words of one from its first to its last.
    pub(super) fn names_in(&self, sentence: &str) -> Vec<Occurrence<'_>> {
        if self.terms.is_empty() {
            return Vec::new();
        }
        let named = names::spot(sentence).into_iter().filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            let span = Span::new(first.span.start, last.span.end);
            let rest = sentence.get(first.span.end..last.span.end)?;
            let bare = format!("{}{rest}", first.text(sentence));
            let term = self.name(span.of(sentence)).or_else(|| self.name(&bare))?;
            Some(Occurrence { term, span })
        });
        named.collect()
    }

    /// The terms in a sentence, in order and apart; where several begin, the one with most words.
    pub(super) fn occurrences(&self, sentence: &str) -> Vec<Occurrence<'_>> {
        if self.terms.is_empty() {
            return Vec::new();
        }
        let words = arabic_words(sentence);
        let later: Vec<Vec<String>> = words.iter().map(|word| forms::keys(word.of(sentence), false)).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let first = forms::keys(words[at].of(sentence), true);
            let Some((term, end)) = self.longest(sentence, &words, (at, &first, &later)) else {
                at += 1;
                continue;
            };
            let span = Span::new(words[at].start, words[end - 1].end);
            found.push(Occurrence { term: &self.terms[term], span });
            at = end;
        }
        found
    }

    /// The term of most words that begins at word `at`, with nothing but space between its words, and the word after it;
    /// of equals the most literal reading, then the earliest term.
    fn longest(
        &self,
        sentence: &str,
        words: &[Span],
        (at, first, later): (usize, &[String], &[Vec<String>]),
    ) -> Option<(usize, usize)> {
        let root = self.nodes.first()?;
        // Each place of the tree with the reading of the first word that led there.
        let mut here: Vec<(usize, usize)> =
            first.iter().enumerate().filter_map(|(reading, key)| Some((reading, *root.next.get(key)?))).collect();
        let mut end = at + 1;
        let mut longest = None;
        while !here.is_empty() {
            let terms = here.iter().filter_map(|(reading, node)| Some((*reading, self.nodes[*node].term?)));
            longest = terms.min().map(|(_, term)| (term, end)).or(longest);
            let adjoins = words.get(end).is_some_and(|word| sentence[words[end - 1].end..word.start].trim().is_empty());
            if !adjoins {
                break;
            }
            let step = |(reading, node): &(usize, usize)| {
                let next = &self.nodes[*node].next;
                let reading = *reading;
                later[end].iter().filter_map(|key| next.get(key)).map(|next| (reading, *next)).collect::<Vec<_>>()
            };
            here = here.iter().flat_map(step).collect();
            end += 1;
        }
        longest
    }
}

/// The words of a name as keys.
fn name_keys(arabic: &str) -> Vec<String> {
    arabic_words(arabic).iter().map(|word| fold(word.of(arabic))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(terms: &[(&str, &str)], sentence: &str) -> Vec<(String, String)> {
        let mut glossary = Glossary::default();
        terms.iter().for_each(|(arabic, english)| glossary.add(arabic, english));
        let found = glossary.occurrences(sentence);
        found.iter().map(|o| (o.span.of(sentence).to_owned(), o.term.english[0].clone())).collect()
    }

    #[test]
    fn the_longest_term_is_taken_whatever_is_attached_to_it() {
        let terms = [("وزارة", "ministry"), ("وزارة الخارجية", "State Department"), ("بنك مركزي", "central bank")];
        let sentence = "وقالت لوزارة الخارجية إن البنك المركزيّ ووزارةً أخرى اتفقا";
        let expected =
            [("لوزارة الخارجية", "State Department"), ("البنك المركزيّ", "central bank"), ("ووزارةً", "ministry")];
        assert_eq!(found(&terms, sentence), expected.map(|(a, e)| (a.to_owned(), e.to_owned())));
    }

    #[test]
    fn punctuation_and_other_words_break_a_term() {
        let terms = [("الأمم المتحدة", "United Nations")];
        assert!(found(&terms, "بين الأمم، المتحدة منها والمتفرقة").is_empty());
        assert!(found(&terms, "الأمم غير المتحدة").is_empty());
        assert_eq!(found(&terms, "بالأمم المتحدة").len(), 1);
    }

    /// A word of four letters, another for each number below 65,536.
    fn word(number: usize) -> String {
        let letters: Vec<char> = "بتجحدرسصعفقكلمنه".chars().collect();
        (0..4).map(|place| letters[number >> (4 * place) & 15]).collect()
    }

    #[test]
    fn many_terms_are_added_in_linear_time() {
        let mut glossary = Glossary::default();
        for word in (0..60_000).map(word) {
            glossary.add(&format!("{word} مركزي"), "central");
        }
        assert_eq!(glossary.terms().len(), 60_000);
    }

    #[test]
    fn many_terms_that_begin_alike_are_found_in_linear_time() {
        let mut glossary = Glossary::default();
        for word in (0..60_000).map(word) {
            glossary.add(&format!("وزارة {word}"), "ministry");
            glossary.add(&format!("وزارة شؤون {word}"), "ministry of affairs");
        }
        assert_eq!(glossary.terms().len(), 120_000);
        let sentence = "وزارة شؤون بببب ".repeat(2_000);
        let found = glossary.occurrences(&sentence);
        assert_eq!(found.len(), 2_000);
        assert!(found.iter().all(|found| found.term.arabic == "وزارة شؤون بببب"));
    }

    #[test]
    fn a_glossary_may_be_in_any_encoding_of_articles() {
        let text = "المصطلح\tالترجمة\r\nوزارة الخارجية\tState Department\r\n";
        let little =
            [&[0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice()].concat();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terms.txt");
        for bytes in [text.as_bytes().to_vec(), little, encoding_rs::WINDOWS_1256.encode(text).0.into_owned()] {
            std::fs::write(&path, bytes).unwrap();
            let glossary = Glossary::load(&path).unwrap();
            assert_eq!(glossary.terms()[0].arabic, "وزارة الخارجية");
        }
        std::fs::write(&path, [text.as_bytes(), b"\xd9\t\xff"].concat()).unwrap();
        let damaged = Glossary::load(&path).unwrap_err();
        assert!(damaged.to_string().contains("could not be decoded"), "{damaged}");
    }

    #[test]
    fn a_second_english_is_accepted_beside_the_first() {
        let mut glossary = Glossary::default();
        for (arabic, english) in
            [("الحرس الثوري", "Revolutionary Guards"), ("حرس ثوري", "IRGC"), ("", "x"), ("نعم", " ")]
        {
            glossary.add(arabic, english);
        }
        assert_eq!(glossary.terms().len(), 1);
        assert_eq!(glossary.terms()[0].english, ["Revolutionary Guards", "IRGC"]);
    }
}
