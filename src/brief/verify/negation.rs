//! Whether a claim and its evidence say yes and no to the same thing.

use crate::brief::names::words;
use crate::eval::stem;

/// Words that deny what follows them.
const NO: [&str; 9] = ["not", "no", "never", "cannot", "without", "neither", "nor", "none", "nobody"];
/// So many words behind a denial are denied.
const REACH: usize = 4;

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
        let mut denied = behind.iter().take(REACH).filter(|word| word.len() > 3).take(most).map(|word| stem(word));
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
            ("It is about not only water but energy.", "It is about water and energy."),
        ] {
            assert!(!differs(claim, evidence), "{claim} / {evidence}");
        }
    }
}
