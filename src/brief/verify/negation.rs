//! Whether a claim and its evidence say yes and no to the same thing.

use std::collections::BTreeSet;

use crate::brief::names::{Word, words};
use crate::brief::terms::is_stop_word;
use crate::eval::stem;

/// Words that deny what follows them.
const NO: [&str; 9] = ["not", "no", "never", "cannot", "without", "neither", "nor", "none", "nobody"];
/// So many words behind a denial are denied.
const REACH: usize = 4;

/// Words with which an article leaves open, or denies, what comes after them: group by group the forms of one.
const HEDGES: [&str; 44] = [
    "deny",
    "denies",
    "denied",
    "denying",
    "refuse",
    "refuses",
    "refused",
    "refusing",
    "reject",
    "rejects",
    "rejected",
    "rejecting",
    "fail",
    "fails",
    "failed",
    "failing",
    "decline",
    "declined",
    "declines",
    "may",
    "might",
    "could",
    "alleged",
    "allegedly",
    "alleges",
    "allege",
    "reportedly",
    "plan",
    "plans",
    "planned",
    "planning",
    "threaten",
    "threatens",
    "threatened",
    "threatening",
    "if",
    "unless",
    "whether",
    "possibly",
    "perhaps",
    "probably",
    "purportedly",
    "supposedly",
    "apparently",
];
/// So many words behind one are open.
const OPEN: usize = 6;
/// So many different words of a claim among them make it the same thing; one may be there by chance.
const SAME: usize = 2;

/// The word of the evidence that leaves open or denies what the claim, which has no such word, says as a fact.
pub(super) fn hedge<'a>(claim: &str, evidence: &'a str) -> Option<&'a str> {
    // The month is no hedge.
    let is_hedge = |word: &Word| HEDGES.contains(&word.folded().as_str()) && (word.first || word.text != "May");
    let said = words(claim);
    if said.iter().any(|word| is_hedge(word) || is_no(&word.folded())) {
        return None;
    }
    let is_term = |word: &str| word.len() > 3 && !is_stop_word(word);
    let terms: BTreeSet<String> =
        said.iter().map(Word::folded).filter(|word| is_term(word)).map(|word| stem(&word)).collect();
    let heard = words(evidence);
    let hedge = heard.iter().enumerate().filter(|(_, word)| is_hedge(word)).find(|(index, _)| {
        let behind = heard[index + 1..].iter().take(OPEN).map(|word| stem(&word.folded()));
        behind.filter(|word| terms.contains(word)).collect::<BTreeSet<_>>().len() >= SAME
    });
    hedge.map(|(_, word)| word.text)
}

/// Whether one of the two denies something that the other says without denying it.
pub(super) fn differs(claim: &str, evidence: &str) -> bool {
    denies(claim, evidence) || denies(evidence, claim)
}

/// Whether `one` denies a word that `other` has, and `other` denies nothing.
fn denies(one: &str, other: &str) -> bool {
    let other = folded(other);
    if other.iter().any(|word| is_no(word)) {
        return false;
    }
    let one = folded(one);
    one.iter().enumerate().filter(|(_, word)| is_no(word)).any(|(index, no)| {
        let behind = &one[index + 1..];
        // "Not only" denies nothing; "no" and "without" deny a noun, which may have an adjective.
        let most = match no.as_str() {
            _ if behind.first().is_some_and(|word| word == "only") => 0,
            "no" | "without" => 2,
            _ => 1,
        };
        // A denial ends with its clause.
        let clause = behind.iter().take(REACH).take_while(|word| !matches!(word.as_str(), "and" | "but"));
        let mut denied = clause.filter(|word| word.len() > 3).take(most).map(|word| stem(word));
        denied.any(|denied| other.iter().any(|word| stem(word) == denied))
    })
}

fn folded(text: &str) -> Vec<String> {
    words(text).iter().map(|word| word.folded()).collect()
}

fn is_no(word: &str) -> bool {
    NO.contains(&word) || word.ends_with("n't")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_evidence_leaves_open_is_no_fact() {
        for (claim, evidence, word) in [
            (
                "The army shelled the crossing.",
                "The ministry denied that the army shelled the crossing.",
                Some("denied"),
            ),
            ("The bank will raise rates.", "The bank may raise its key rates in June.", Some("may")),
            ("The union will strike.", "If the union calls a strike, trains stop.", Some("If")),
            ("The ministry denied shelling the crossing.", "The ministry denied shelling the crossing.", None),
            ("The talks resume in Amman.", "On 3 May talks resume in Amman.", None),
            ("The delegation left on Friday.", "The delegation left on Friday and may return.", None),
        ] {
            assert_eq!(hedge(claim, evidence), word, "{claim} / {evidence}");
        }
    }

    #[test]
    fn a_denial_counts_where_its_word_stands_on_the_other_side() {
        assert!(differs("The delegation signed the annex.", "The delegation did not sign the annex."));
        assert!(differs("It won't attend the talks.", "It will attend the talks."));
        assert!(differs(
            "The summit ended with a communique.",
            "The summit ended without a final communique, officials said."
        ));
        for (claim, evidence) in [
            ("The talks went on.", "The talks went on, and the delegation did not sign the annex."),
            ("He did not sign it.", "He has not signed the annex."),
            ("It suspended him.", "It let the ship sail without an inspection and suspended him."),
            ("It is about not only water but energy.", "It is about water and energy."),
        ] {
            assert!(!differs(claim, evidence), "{claim} / {evidence}");
        }
    }
}
