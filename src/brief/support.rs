//! Which sentences a claim rests on: those that its words come from.

use std::collections::BTreeSet;

use super::terms::terms;
use crate::article::SentenceId;

/// Most sentences that a claim rests on.
const MOST: usize = 3;

/// Where the words of a claim come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Support {
    /// The sentences, the one with most of the words first; none if there is no word in common.
    pub(super) evidence: Vec<SentenceId>,
    /// The share of the claim's terms that they have, between 0 and 1.
    pub(super) share: f64,
    /// Numbers of the claim that none of them has.
    pub(super) missing_numbers: Vec<String>,
}

/// Takes the sentence with most of the claim's terms, then others as long as they add at least two.
pub(super) fn support(claim: &str, sentences: &[(SentenceId, &str)]) -> Support {
    let wanted: BTreeSet<String> = terms(claim).into_iter().collect();
    let offered: Vec<BTreeSet<String>> = sentences.iter().map(|(_, text)| terms(text).into_iter().collect()).collect();
    let mut missing = wanted.clone();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < MOST {
        let adds = |index: usize| missing.intersection(&offered[index]).count();
        // The first of equals: news says the important thing first.
        let best = (0..sentences.len()).max_by_key(|&index| (adds(index), std::cmp::Reverse(index)));
        let Some(best) = best.filter(|&best| adds(best) >= if chosen.is_empty() { 1 } else { 2 }) else { break };
        missing.retain(|term| !offered[best].contains(term));
        chosen.push(best);
    }
    let numbers = |text: &str| digits(text).map(str::to_owned).collect::<BTreeSet<_>>();
    let known: BTreeSet<String> = chosen.iter().flat_map(|&index| numbers(sentences[index].1)).collect();
    Support {
        evidence: chosen.into_iter().map(|index| sentences[index].0).collect(),
        share: 1.0 - missing.len() as f64 / wanted.len().max(1) as f64,
        missing_numbers: numbers(claim).difference(&known).cloned().collect(),
    }
}

/// Numbers in digits, with the points and commas inside them.
fn digits(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .map(|number| number.trim_matches(['.', ',']))
        .filter(|number| !number.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn id(sentence: usize) -> SentenceId {
        SentenceId { section: 0, sentence }
    }

    #[test]
    fn a_claim_rests_on_the_sentences_that_its_words_come_from() {
        let sentences = [
            (id(0), "The two ministers met in Amman on Sunday."),
            (id(1), "The crossing reopens on Monday after 15 months."),
            (id(2), "Weather in the region stayed mild."),
        ];
        let found = support("The crossing reopens after 15 months, two ministers said in Amman.", &sentences);
        assert_eq!(found.evidence, [id(1), id(0)]);
        assert!(found.share > 0.8 && found.missing_numbers.is_empty(), "{found:?}");
    }

    #[test]
    fn what_the_article_does_not_say_is_told() {
        let sentences = [(id(0), "The crossing reopens on Monday after 15 months.")];
        let found = support("The crossing reopens after 16 months of war, famine and disease.", &sentences);
        assert_eq!(found.missing_numbers, ["16"]);
        assert!(found.share < 0.6, "{found:?}");
        assert_eq!(support("Nothing whatever", &sentences).evidence, []);
    }
}
