//! Where a number stands, so that two numbers that changed places are seen: the dead are not the wounded.

use crate::brief::names::words;
use crate::brief::support::stems;
use crate::check::quantity::{Kind, Quantity, Written, read_english, word_before};

/// What becomes of people, each with how its words begin.
const FATES: [&[&str]; 5] = [
    &["kill", "dead", "died", "dies", "dying", "death", "fatal", "perish", "slain"],
    &["wound", "injur", "hurt"],
    &["arrest", "detain", "captur", "kidnap", "abduct"],
    &["missing", "disappear"],
    &["displac", "homeless"],
];
/// Words behind a number among which its fate may stand: "37 people, most of them children, were killed".
const REACH: usize = 6;

/// What tells one number of a sentence from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Which of [`FATES`].
    fate: Option<usize>,
    /// `from` or `to`, where the text has both before numbers.
    way: Option<&'static str>,
    /// The term behind it.
    counted: Option<String>,
}

/// The numbers of a text that count something, each with its place.
pub(super) fn placed(text: &str) -> Vec<(Quantity, Place)> {
    let quantities = read_english(text);
    let way_of = |quantity: &Quantity| ["from", "to"].into_iter().find(|way| word_before(quantity.span, text) == *way);
    let ways: Vec<_> = quantities.iter().filter_map(way_of).collect();
    let both = ways.contains(&"from") && ways.contains(&"to");
    let mut fate_before: Option<usize> = None;
    let mut place = |(index, quantity): (usize, &Quantity)| {
        let next = quantities.get(index + 1).map_or(text.len(), |next| next.span.start);
        let behind = &text[quantity.span.end..next];
        let counts = quantity.kind == Kind::Cardinal;
        let before = index.checked_sub(1).map_or(0, |before| quantities[before].span.end);
        let own = || fate(&word_before(quantity.span, text)).or_else(|| fate_behind(behind));
        // Of 37 dead, including 12 children, the children are dead too.
        let passed = fate_before.filter(|_| is_part(&text[before..quantity.span.start]));
        fate_before = passed.or_else(own);
        Place {
            fate: fate_before,
            way: way_of(quantity).filter(|_| both),
            counted: stems(behind).into_iter().next().filter(|_| counts),
        }
    };
    let placed = quantities.iter().enumerate().map(|numbered| (numbered.1.clone(), place(numbered)));
    placed.filter(|(quantity, _)| may_be_placed(quantity)).collect()
}

/// Whether the evidence has other numbers in the place of this one, and not this one.
pub(super) fn is_taken(
    (quantity, place): &(Quantity, Place),
    evidence: &[(Quantity, Place)],
    same: impl Fn(&Quantity, &Quantity) -> bool,
) -> bool {
    let by = |key: fn(&Place, &Place) -> bool| {
        let there: Vec<_> = evidence.iter().filter(|(_, other)| key(place, other)).collect();
        (!there.is_empty()).then(|| !there.iter().any(|(other, _)| same(quantity, other)))
    };
    // What tells most decides; but the evidence may have this very number of these very things without a fate.
    let told = evidence.iter().any(|(other, of)| {
        place.counted.is_some() && place.counted == of.counted && of.fate.is_none() && same(quantity, other)
    });
    let fate = by(|one, other| one.fate.is_some() && one.fate == other.fate).map(|taken| taken && !told);
    let way = || by(|one, other| one.way.is_some() && one.way == other.way);
    let counted = || by(|one, other| one.counted.is_some() && one.counted == other.counted);
    fate.or_else(way).or_else(counted).unwrap_or(false)
}

fn may_be_placed(quantity: &Quantity) -> bool {
    matches!(quantity.kind, Kind::Cardinal | Kind::Measure | Kind::Money | Kind::Percent)
        && quantity.written != Written::Hint
}

/// Whether what stands before a number makes it a part of the number before that.
fn is_part(between: &str) -> bool {
    let words: Vec<String> = words(between).iter().map(|word| word.folded()).collect();
    let ends = |end: &[&str]| words.ends_with(&end.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    [["including"].as_slice(), &["among", "them"], &["of", "them"], &["among", "whom"], &["of", "whom"]]
        .into_iter()
        .any(ends)
}

/// The fate that the words behind a number name first.
fn fate_behind(behind: &str) -> Option<usize> {
    words(behind).iter().take(REACH).find_map(|word| fate(&word.folded()))
}

fn fate(word: &str) -> Option<usize> {
    FATES.iter().position(|forms| forms.iter().any(|form| word.starts_with(form)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(claim: &str, evidence: &str) -> Vec<String> {
        let evidence = placed(evidence);
        let wrong = placed(claim).into_iter().filter(|one| is_taken(one, &evidence, |a, b| a.agrees(b)));
        wrong.map(|(quantity, _)| quantity.span.of(claim).to_owned()).collect()
    }

    #[test]
    fn numbers_that_changed_places_are_seen() {
        for (claim, evidence, wrong) in [
            ("Three people were killed.", "Five people were killed and three wounded.", ["Three"].as_slice()),
            ("120 died and 37 were injured.", "37 people were killed and 120 injured.", &["120", "37"]),
            ("The blast killed 120 people.", "37 people were killed and 120 injured.", &["120"]),
            ("The boats rose from 268 to 412.", "The boats fell from 412 to 268.", &["268", "412"]),
            ("30 people were killed.", "20 people were killed and 30 people wounded.", &["30"]),
            ("12 children were wounded.", "37 were killed, including 12 children, and 50 wounded.", &["12"]),
            ("Three delegations left.", "Two delegations left after three days.", &["Three"]),
        ] {
            assert_eq!(taken(claim, evidence), wrong, "{claim} / {evidence}");
        }
    }

    #[test]
    fn the_same_in_other_words_is_no_change() {
        for (claim, evidence) in [
            ("Five died, three were hurt.", "Five people were killed and three wounded."),
            ("The blast killed five and wounded three.", "Five people were killed and three wounded."),
            ("The boats fell to 268 from 412.", "The boats fell from 412 to 268."),
            ("12 children were killed.", "37 people were killed, including 12 children."),
            ("Twelve of the dead were killed in Sidon.", "37 people were killed, among them 12 in Sidon."),
            ("12 children died.", "The strike killed 37 people, 12 children and others who were at the school."),
            ("Two delegations left.", "Two delegations left; three delegations stayed."),
        ] {
            assert!(taken(claim, evidence).is_empty(), "{claim} / {evidence}");
        }
    }
}
