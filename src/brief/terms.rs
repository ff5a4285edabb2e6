//! Sentences as weighted terms: what extractive selection compares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;

static STOP_WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| words(include_str!("stopwords.txt")));
static OPENERS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| words(include_str!("openers.txt")));

fn words(list: &'static str) -> BTreeSet<&'static str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// The terms of a sentence: its words in lower case, without stop words, plurals as singulars.
pub(super) fn terms(sentence: &str) -> Vec<String> {
    sentence
        .unicode_words()
        .map(|word| word.to_lowercase().replace('’', "'"))
        .filter(|word| !STOP_WORDS.contains(word.as_str()))
        .map(|word| singular(word.strip_suffix("'s").unwrap_or(&word)))
        .collect()
}

/// Whether a word in lower case says nothing of the subject.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(word)
}

/// Whether the sentence opens with a word that leans on the sentence before it.
pub(super) fn leans_on_another(sentence: &str) -> bool {
    sentence.unicode_words().next().is_some_and(|word| OPENERS.contains(word.to_lowercase().as_str()))
}

/// Harman's S-stemmer, "How effective is suffixing?" (JASIS 42, 1991): the first rule whose ending fits decides.
fn singular(word: &str) -> String {
    let ends = |ending: &str, but: &[&str]| word.ends_with(ending) && !but.iter().any(|but| word.ends_with(but));
    if word.len() <= 3 {
        word.into()
    } else if ends("ies", &["eies", "aies"]) {
        format!("{}y", &word[..word.len() - 3])
    } else if ends("es", &["aes", "ees", "oes"]) || ends("s", &["us", "ss", "es"]) {
        word[..word.len() - 1].into()
    } else {
        word.into()
    }
}

/// Sentences of one text as vectors of tf-idf, each of length one unless it has no terms.
pub(super) struct Vectors(Vec<BTreeMap<usize, f64>>);

impl Vectors {
    pub(super) fn new(sentences: &[Vec<String>]) -> Self {
        let mut index: BTreeMap<&str, usize> = BTreeMap::new();
        let mut in_sentences: Vec<u32> = Vec::new();
        let counts: Vec<BTreeMap<usize, u32>> = sentences
            .iter()
            .map(|terms| {
                let mut counts = BTreeMap::new();
                for term in terms {
                    let next = index.len();
                    let term = *index.entry(term).or_insert(next);
                    *counts.entry(term).or_insert(0) += 1;
                }
                in_sentences.resize(index.len(), 0);
                counts.keys().for_each(|&term: &usize| in_sentences[term] += 1);
                counts
            })
            .collect();
        let weigh = |(term, count): (usize, u32)| {
            let rarity = sentences.len() as f64 / f64::from(in_sentences[term]);
            (term, f64::from(count) * (1.0 + rarity).ln())
        };
        Self(counts.into_iter().map(|counts| unit(counts.into_iter().map(weigh).collect())).collect())
    }

    /// The cosine of two sentences.
    pub(super) fn similarity(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.0[a], &self.0[b]);
        a.iter().filter_map(|(term, weight)| Some(weight * b.get(term)?)).sum()
    }
}

fn unit(mut vector: BTreeMap<usize, f64>) -> BTreeMap<usize, f64> {
    let length = vector.values().map(|weight| weight * weight).sum::<f64>().sqrt();
    if length > 0.0 {
        vector.values_mut().for_each(|weight| *weight /= length);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_what_a_sentence_is_about() {
        assert_eq!(
            terms("The minister’s ferries, he said, cost $1.4 million."),
            ["minister", "ferry", "cost", "1.4", "million"]
        );
        assert_eq!(terms("أعلن الوزير"), ["أعلن", "الوزير"]);
        assert!(terms("He told them so.").is_empty());
    }

    #[test]
    fn plurals_fall_to_their_singular() {
        for (plural, expected) in [
            ("ferries", "ferry"),
            ("ships", "ship"),
            ("prices", "price"),
            ("campus", "campus"),
            ("congress", "congress"),
            ("goes", "goes"),
            ("gas", "gas"),
            ("س", "س"),
        ] {
            assert_eq!(singular(plural), expected);
        }
    }

    #[test]
    fn similarity_is_a_cosine() {
        let sentences = ["port of Aqaba", "port of Aqaba", "a ship", "the port", ""].map(terms);
        let vectors = Vectors::new(&sentences);
        assert!((vectors.similarity(0, 1) - 1.0).abs() < 1e-12);
        assert_eq!(vectors.similarity(0, 2), 0.0);
        assert!(vectors.similarity(0, 3) > 0.0 && vectors.similarity(0, 3) < 1.0);
        assert_eq!(vectors.similarity(4, 4), 0.0);
    }

    #[test]
    fn lists_are_lower_case_and_without_repeats() {
        for list in [include_str!("stopwords.txt"), include_str!("openers.txt")] {
            let all: Vec<_> =
                list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
            assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
            assert!(all.iter().all(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '\'')));
        }
    }
}
