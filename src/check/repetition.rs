//! Words that come again and again, which is how a translation model gets stuck.

use std::collections::BTreeMap;

use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::pipeline::Document;

pub(super) const CHECK: Check =
    Check { name: "repetition", description: "the same words or syllables again and again in one sentence", run };

/// Three words that come so often are worth a look: human translations of 1,012 sentences have one such case at most.
const WARNING: usize = 3;
/// Shorter sentences than this may be said twice for effect.
const SHORTEST: usize = 3;
/// So often they cannot be meant.
const ERROR: usize = 5;

fn run(document: &Document) -> Vec<Finding> {
    let found = document.pairs().filter_map(|pair| {
        if let Some(again) = second_half(pair.target).filter(|_| second_half(pair.source).is_none()) {
            return Some(Finding {
                check: CHECK.name,
                severity: Severity::Error,
                sentence: pair.id,
                message: "The English says the whole sentence twice.".into(),
                source: None,
                target: Some(again),
            });
        }
        if let Some((word, times)) =
            stuttered(pair.target).filter(|(word, _)| !pair.source.contains(word.of(pair.target)))
        {
            return Some(Finding {
                check: CHECK.name,
                severity: if times >= ERROR { Severity::Error } else { Severity::Warning },
                sentence: pair.id,
                message: format!("“{}” says the same letters {times} times running.", word.of(pair.target)),
                source: None,
                target: Some(word),
            });
        }
        let (phrase, times) = most_repeated(pair.target)?;
        if times < WARNING || times <= most_repeated(pair.source).map_or(0, |(_, times)| times) {
            return None;
        }
        Some(Finding {
            check: CHECK.name,
            severity: if times >= ERROR { Severity::Error } else { Severity::Warning },
            sentence: pair.id,
            message: format!("“{}” comes {times} times in this sentence.", phrase.of(pair.target)),
            source: None,
            target: Some(phrase),
        })
    });
    found.collect()
}

/// The first of the three-word phrases that come most often, and how often.
fn most_repeated(text: &str) -> Option<(Span, usize)> {
    let words: Vec<Span> = words(text).collect();
    let mut counts: BTreeMap<[String; 3], (usize, Span)> = BTreeMap::new();
    for three in words.windows(3) {
        let key = std::array::from_fn(|i| three[i].of(text).to_lowercase());
        counts.entry(key).or_insert((0, Span::new(three[0].start, three[2].end))).0 += 1;
    }
    let (times, span) = counts.into_values().max_by_key(|(times, span)| (*times, std::cmp::Reverse(span.start)))?;
    Some((span, times))
}

/// The word in which two to four letters follow themselves most often, and how often: three times at least, and eight letters
/// in all, so that nobody's laughter is meant.
fn stuttered(text: &str) -> Option<(Span, usize)> {
    let times = |word: &Span| {
        let letters: Vec<char> = word.of(text).to_lowercase().chars().collect();
        let of_size = |size: usize| {
            let same = letters.iter().zip(letters.iter().skip(size)).map(|(a, b)| a == b && a.is_alphabetic());
            let mut run = 0;
            let longest = same.map(|same| {
                run = if same { run + 1 } else { 0 };
                run
            });
            longest.max().unwrap_or_default() / size + 1
        };
        (2..=4).map(|size| (of_size(size), size)).filter(|(times, size)| *times >= 3 && times * size >= 8).max()
    };
    let found = words(text).filter_map(|word| times(&word).map(|(times, _)| (word, times)));
    found.max_by_key(|(word, times)| (*times, std::cmp::Reverse(word.start)))
}

/// The second half of the text, if it says word for word what the first does.
fn second_half(text: &str) -> Option<Span> {
    let words: Vec<Span> = words(text).collect();
    let (first, second) = words.split_at(words.len() / 2);
    let bare = |word: &Span| word.of(text).trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let same = first.len() == second.len() && first.iter().map(bare).eq(second.iter().map(bare));
    (same && first.len() >= SHORTEST).then(|| Span::new(second[0].start, text.trim_end().len()))
}

fn words(text: &str) -> impl Iterator<Item = Span> {
    text.split_whitespace().map(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        Span::new(start, start + word.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    #[test]
    fn tells_a_sentence_said_twice() {
        let document = document(&[
            ("وصل الوفد مساء أمس", "The delegation arrived last night. The delegation arrived last night"),
            ("لا، لا", "No, no"),
            ("وصل الوفد مساء. وصل الوفد مساء.", "The delegation arrived. The delegation arrived."),
        ]);
        let found = run(&document);
        assert_eq!(found.len(), 1, "{found:?}");
        let target = document.target(found[0].sentence).unwrap();
        assert_eq!(found[0].target.unwrap().of(target), "The delegation arrived last night");
    }

    #[test]
    fn tells_a_word_that_does_not_end_from_one_that_is_meant() {
        let document = document(&[
            ("وصل وزير الخارجية", "Al-Maquadoriyayayayayaya arrived"),
            ("وصل الأمير", "The Supremeikhikhikh arrived"),
            ("ضحك وقال: أكلت الكسكس في ميسيسيبي", "\"Hahaha,\" he laughed. \"I ate couscous in Mississippi.\""),
            ("زوروا blablabla.com", "Visit blablabla.com"),
            ("بلغ العدد 100000000000", "The number reached 100000000000"),
        ]);
        let found = run(&document);
        let told: Vec<_> = found.iter().map(|found| (found.sentence.sentence, found.severity)).collect();
        assert_eq!(told, [(0, Severity::Error), (1, Severity::Warning)], "{found:?}");
    }

    #[test]
    fn tells_a_loop_from_a_figure_of_speech() {
        let document = document(&[
            ("قال الوزير إن العمل يبدأ", "the work of the work of the work of the work of the work of the"),
            ("قال إن العمل بدأ", "He said that the work began, and he said that it ended"),
            ("في كل يوم وفي كل بيت وفي كل شارع وفي كل مدينة", "in every day in every house in every street"),
        ]);
        let found = run(&document);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].sentence.sentence, found[0].severity), (0, Severity::Error));
    }
}
