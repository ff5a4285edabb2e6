//! Whether a claim and its evidence say yes and no to the same thing.

use std::collections::BTreeSet;

use crate::brief::names::{Word, words};
use crate::brief::terms::is_stop_word;
use crate::eval::stem;

/// Words that deny what follows them.
const NO: [&str; 9] = ["not", "no", "never", "cannot", "without", "neither", "nor", "none", "nobody"];
/// So many words behind a denial are denied.
const REACH: usize = 4;

/// Words with which an article leaves open what comes after them: group by group the forms of one.
const HEDGES: [&str; 45] = [
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
    "expect",
    "expects",
    "expected",
    "expecting",
    "likely",
    "intend",
    "intends",
    "intended",
    "intending",
    "propose",
    "proposes",
    "proposed",
    "proposing",
    "consider",
    "considers",
    "considering",
    "vow",
    "vows",
    "vowed",
    "vowing",
];
/// Words that deny what they are said of, and those that do so before "to": oil declined, too. Behind all of them something is
/// open at least.
const DENIALS: [&str; 12] = [
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
];
const DENIALS_TO: [&str; 8] = ["fail", "fails", "failed", "failing", "decline", "declines", "declined", "declining"];
/// Those that deny only what is claimed: ministers are dismissed, too.
const DENIALS_OF: [&str; 4] = ["dismiss", "dismisses", "dismissed", "dismissing"];
const CLAIMED: [&str; 10] =
    ["reports", "report", "claims", "claim", "allegations", "accusations", "rumours", "rumors", "suggestions", "that"];
/// What a claim may say for a denial.
const OTHER_DENIALS: [&str; 6] = ["ruled", "turned", "disputed", "rebuffed", "opposed", "blocked"];
/// Words that begin what is no longer denied.
const NEXT: [&str; 9] = ["and", "but", "while", "after", "as", "when", "which", "who", "because"];
/// So many words behind one are open.
const OPEN: usize = 6;
/// So many different words of a claim among them make it the same thing; one may be there by chance.
const SAME: usize = 2;

/// The word of the evidence that leaves open or denies what the claim, which has no such word, says as a fact.
pub(super) fn hedge<'a>(claim: &str, evidence: &'a str) -> Option<&'a str> {
    let lists: [&[&str]; 3] = [&HEDGES, &DENIALS, &DENIALS_TO];
    let is_listed = |word: &Word| lists.iter().any(|list| is_any(list, word));
    let is_hedge = |word: &Word| is_listed(word) && (word.first || word.text != "May"); // the month is none
    let said = words(claim);
    if said.iter().any(|word| is_hedge(word) || is_no(&word.folded())) {
        return None;
    }
    let heard = words(evidence);
    // More than expected, as planned: that is how it was.
    let compares = |index: usize| index > 0 && is_any(&["than", "as"], &heard[index - 1]);
    let hedges = heard.iter().enumerate().filter(|(index, word)| is_hedge(word) && !compares(*index));
    let hedge = hedges.into_iter().find(|(index, _)| says_the_same(heard[index + 1..].iter().take(OPEN), &said));
    hedge.map(|(_, word)| word.text)
}

/// The word of the evidence that denies what the claim, which denies nothing, says.
pub(super) fn denial<'a>(claim: &str, evidence: &'a str) -> Option<&'a str> {
    let said = words(claim);
    let lists: [&[&str]; 4] = [&DENIALS, &DENIALS_TO, &DENIALS_OF, &OTHER_DENIALS];
    if said.iter().any(|word| is_no(&word.folded()) || lists.iter().any(|list| is_any(list, word))) {
        return None;
    }
    let heard = words(evidence);
    let denies = |index: usize| {
        let before_to = heard.get(index + 1).is_some_and(|next| next.text == "to");
        let of_claims = || heard[index + 1..].iter().take(3).any(|word| is_any(&CLAIMED, word));
        let is_denial = is_any(&DENIALS, &heard[index])
            || (before_to && is_any(&DENIALS_TO, &heard[index]))
            || (is_any(&DENIALS_OF, &heard[index]) && of_claims());
        // Not denied is no denial.
        is_denial && !heard[index.saturating_sub(2)..index].iter().any(|word| is_no(&word.folded()))
    };
    let denied = |index: usize| {
        let clause = heard[index + 1..].iter().take_while(|word| word.adjoins && !is_any(&NEXT, word));
        says_the_same(clause.take(OPEN), &said)
    };
    (0..heard.len()).find(|&index| denies(index) && denied(index)).map(|index| heard[index].text)
}

fn is_any(list: &[&str], word: &Word) -> bool {
    list.contains(&word.folded().as_str())
}

/// Whether some words of the evidence are [`SAME`] different words of a claim.
fn says_the_same<'a>(heard: impl Iterator<Item = &'a Word<'a>>, said: &[Word]) -> bool {
    let is_term = |word: &String| word.len() > 3 && !is_stop_word(word);
    let terms: BTreeSet<String> = said.iter().map(Word::folded).filter(is_term).map(|word| stem(&word)).collect();
    let heard: BTreeSet<String> = heard.map(|word| stem(&word.folded())).collect();
    heard.intersection(&terms).count() >= SAME
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
            ("The bank will raise rates.", "The bank is likely to raise its key rates in June.", Some("likely")),
            ("The bank raised rates.", "More than expected, the bank raised rates.", None),
            ("The ministry denied shelling the crossing.", "The ministry denied shelling the crossing.", None),
            ("The talks resume in Amman.", "On 3 May talks resume in Amman.", None),
            ("The delegation left on Friday.", "The delegation left on Friday and may return.", None),
        ] {
            assert_eq!(hedge(claim, evidence), word, "{claim} / {evidence}");
        }
    }

    #[test]
    fn what_the_evidence_denies_is_wrong() {
        let prices = "The minister denied that the government intends to raise water prices.";
        for (claim, evidence, word) in [
            ("The government intends to raise water prices.", prices, Some("denied")),
            ("The minister dismissed reports that the government would raise water prices.", prices, None),
            ("The government will not raise water prices.", prices, None),
            ("The talks reached an agreement on water.", "The talks failed to reach an agreement.", Some("failed")),
            ("Oil exports rose in May.", "Prices declined as oil exports rose in May.", None),
            ("He called for elections in May.", "He denied the charges and called for elections in May.", None),
            ("The ministry took part in the talks.", "The ministry did not deny that it took part in the talks.", None),
            (
                "The union signed the annex in Amman.",
                "The union, which had refused an offer, signed the annex in Amman.",
                None,
            ),
        ] {
            assert_eq!(denial(claim, evidence), word, "{claim} / {evidence}");
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
