//! Whether a claim has two names the other way round than its evidence: who accused whom.

use crate::article::Span;
use crate::brief::names::{Lexicon, words};
use crate::eval::stem;

/// Words of more than three letters that say nothing of who did what.
const NONE: [&str; 14] = [
    "with", "that", "this", "from", "their", "were", "been", "have", "which", "whom", "whose", "also", "while", "after",
];

/// Two neighbouring names of a claim that stand in its evidence in the other order, with the same word between: "Salem
/// accused Nasser" of "Nasser accused Salem". A passive on one side turns them round without saying otherwise.
pub(super) fn exchanged(claim: &str, evidence: &str, lexicon: &Lexicon) -> Option<(Span, Span)> {
    let names = lexicon.names(claim);
    names.windows(2).map(|two| (two[0], two[1])).find(|&(one, other)| {
        let (Some(first), Some(second)) = (place(evidence, other.of(claim)), place(evidence, one.of(claim))) else {
            return false;
        };
        if first.end > second.start {
            return false;
        }
        let (here, there) = (&claim[one.end..other.start], &evidence[first.end..second.start]);
        let told = deeds(here);
        let shared = deeds(there).iter().any(|deed| told.contains(deed));
        shared && is_passive(here) == is_passive(there)
    })
}

/// The only place where a text has the last word of a name.
fn place(text: &str, name: &str) -> Option<Span> {
    let last = words(name).last()?.folded();
    let bare = |word: &str| word.rsplit('-').next().unwrap_or(word).to_owned();
    let (words, last) = (words(text), bare(&last));
    let mut places = words.iter().filter(|word| word.is_capitalised() && bare(&word.folded()) == last);
    places.next().map(|word| word.span).filter(|_| places.next().is_none())
}

/// The words between two names that may say what one does to the other, by their stems.
fn deeds(between: &str) -> Vec<String> {
    let words = words(between).into_iter().filter(|word| !word.is_capitalised()).map(|word| word.folded());
    words.filter(|word| word.len() > 3 && !NONE.contains(&word.as_str())).map(|word| stem(&word)).collect()
}

fn is_passive(between: &str) -> bool {
    words(between).iter().any(|word| word.text == "by")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(claim: &str, evidence: &str) -> bool {
        let lexicon = Lexicon::new([claim, evidence].into_iter());
        exchanged(claim, evidence, &lexicon).is_some()
    }

    #[test]
    fn names_the_other_way_round_are_seen() {
        let evidence = "On Monday Minister Karim al-Nasser accused Deputy Hani Salem of delay.";
        assert!(found("Yesterday Hani Salem accused Karim al-Nasser of delay.", evidence));
        for same in [
            "Yesterday Nasser accused Salem of delay.",
            "Yesterday Hani Salem was accused by Karim al-Nasser of delay.",
            "Yesterday Hani Salem and Karim al-Nasser spoke of delay.",
        ] {
            assert!(!found(same, evidence), "{same}");
        }
    }
}
