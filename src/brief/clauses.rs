//! English sentences into the claims that they make: at the conjunctions and relatives that open another clause.

use crate::article::Span;

/// What opens a clause after a comma.
const AFTER_COMMA: [&str; 20] = [
    "and",
    "but",
    "while",
    "whereas",
    "although",
    "though",
    "which",
    "who",
    "where",
    "after",
    "before",
    "because",
    "yet",
    "adding",
    "noting",
    "saying",
    "stressing",
    "warning",
    "nor",
    "as",
];
/// What may also open one without a comma, if a verb or a pronoun follows.
const BARE: [&str; 2] = ["and", "but"];
/// Verbs without an ending that tells, and pronouns that are subjects.
const TELLING: [&str; 32] = [
    "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "cannot", "could", "may", "might",
    "must", "should", "said", "says", "told", "began", "begins", "left", "met", "made", "took", "gave", "won", "he",
    "she", "it", "they", "we",
];
/// Fewest words of a claim.
const SHORTEST: usize = 4;

/// The claims of a sentence, in order: they cover it but for the spaces between them. One that opens with a conjunction
/// can be left out, and the rest is still a sentence.
pub(super) fn clauses(sentence: &str) -> Vec<Span> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let start = |index: usize| words[index].as_ptr() as usize - sentence.as_ptr() as usize;
    let mut cuts = vec![0];
    let mut quoted = false;
    for (index, word) in words.iter().enumerate() {
        let long = index >= cuts[cuts.len() - 1] + SHORTEST && words.len() - index >= SHORTEST;
        if long && !quoted && opens(&words, index) {
            cuts.push(index);
        }
        quoted = word.chars().fold(quoted, |quoted, c| match c {
            '"' => !quoted,
            '“' | '«' | '(' => true,
            '”' | '»' | ')' => false,
            _ => quoted,
        });
    }
    let ends = cuts.iter().skip(1).copied().chain([words.len()]);
    let end = |index: usize| start(index - 1) + words[index - 1].len();
    cuts.iter().zip(ends).filter(|_| !words.is_empty()).map(|(&from, to)| Span::new(start(from), end(to))).collect()
}

/// Whether a clause opens with this word.
fn opens(words: &[&str], index: usize) -> bool {
    let word = words[index].trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let before = words[index - 1];
    if before.ends_with(';') {
        return true;
    }
    let rest = &words[index + 1..];
    let tells = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        TELLING.contains(&word.as_str()) || (word.len() > 4 && word.ends_with("ed"))
    };
    if before.ends_with(',') && AFTER_COMMA.contains(&word.as_str()) {
        // A list goes on with `and` too; a clause has a verb.
        return !BARE.contains(&word.as_str()) || rest.iter().any(tells);
    }
    BARE.contains(&word.as_str()) && rest.first().is_some_and(tells)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(sentence: &str) -> Vec<&str> {
        clauses(sentence).into_iter().map(|span| span.of(sentence)).collect()
    }

    #[test]
    fn a_claim_ends_where_another_clause_opens() {
        assert_eq!(
            split(
                "The ministers met in Amman on Sunday, and the crossing reopens after 15 months, which traders welcomed at once."
            ),
            [
                "The ministers met in Amman on Sunday,",
                "and the crossing reopens after 15 months,",
                "which traders welcomed at once."
            ]
        );
        assert_eq!(
            split("The ministers met in Amman and agreed to reopen the crossing."),
            ["The ministers met in Amman", "and agreed to reopen the crossing."]
        );
        assert_eq!(
            split("Work begins in May; the first ship sails in June."),
            ["Work begins in May;", "the first ship sails in June."]
        );
    }

    #[test]
    fn lists_quotations_and_short_ends_stay_whole() {
        for whole in [
            "They discussed trade, energy, water, and the opening of the port.",
            "He said \"the work is done, and we will leave tomorrow morning\" on Monday.",
            "The minister met them and left early.",
            "",
        ] {
            assert!(split(whole).len() <= 1, "{:?}", split(whole));
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "(and|, but|; it|was|\"|[a-z]{1,6}|,| ){0,30}") {
            let joined = split(&text).join(" ");
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&joined), words(&text));
        }
    }
}
