//! Numbers and names that stand the other way round in the English: five dead and three wounded, or three and five.
//!
//! Translators seldom turn round two numbers of one kind, or two names; machines that confuse them do.

use super::quantity::calendar::{self, Mention};
use super::quantity::{Kind, Quantity, Written, read_arabic, read_english, word_before};
use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::names::{self, Name};
use crate::pipeline::{Document, Pair};

pub(super) const CHECK: Check =
    Check { name: "order", description: "numbers or names that stand the other way round than in the source", run };

/// Verbs of what is said.
const SAYING: [&str; 14] = [
    "said",
    "says",
    "told",
    "tells",
    "reported",
    "reports",
    "added",
    "adds",
    "wrote",
    "explained",
    "announced",
    "asked",
    "asserts",
    "according",
];
/// Words behind a name among which the verb may stand: "Tom Duxbury, the project's manager, said".
const SPEAKER: usize = 6;
/// What people are: the club or country of a striker or president stands before him in English and behind him in Arabic.
const ROLES: [&str; 33] = [
    "striker",
    "keeper",
    "goalkeeper",
    "star",
    "forward",
    "winger",
    "defender",
    "midfielder",
    "coach",
    "manager",
    "captain",
    "player",
    "president",
    "minister",
    "leader",
    "senator",
    "sen",
    "rep",
    "governor",
    "gov",
    "mayor",
    "king",
    "chief",
    "director",
    "secretary",
    "ambassador",
    "spokesman",
    "spokeswoman",
    "actor",
    "singer",
    "writer",
    "judge",
    "general",
];
/// Words that join what may as well stand the other way round: "20 of the 50", "Iraq and Syria".
const JOINTS: [&str; 7] = ["and", "or", "of", "among", "out", "the", "s"];

fn run(document: &Document) -> Vec<Finding> {
    let pairs = document.pairs().filter(|pair| !pair.target.is_empty());
    pairs.flat_map(|pair| [numbers(&pair), names(&pair)].into_iter().flatten()).collect()
}

/// The first two numbers of one kind and unit that the English has the other way round.
fn numbers(pair: &Pair) -> Option<Finding> {
    let there = counting(read_arabic(pair.source), &calendar::read_arabic(pair.source), pair.source);
    let here = counting(read_english(pair.target), &calendar::read_english(pair.target), pair.target);
    let alone = there.iter().filter_map(|said| {
        let says = only(said, &here)?;
        only(says, &there).map(|_| (said, says))
    });
    turned(alone.collect(), |(one, first), (other, second)| {
        let unit = |quantity: &Quantity| quantity.units.first().map(|unit| unit.name);
        let alike = |one: &Quantity, other: &Quantity| one.kind == other.kind && unit(one) == unit(other);
        let ways = Ways::of(pair, [one.span, other.span], [first.span, second.span]);
        let exchanged = match ways {
            Ways::Same => false,
            Ways::Other => true,
            Ways::None => is_before(second.span, first.span, pair.target),
        };
        (alike(one, other) && alike(first, second) && exchanged)
            .then(|| finding(pair, [one.span, other.span], [first.span, second.span]))
    })
}

/// The first two people, or two places, that the English has the other way round.
fn names(pair: &Pair) -> Option<Finding> {
    let mut found = names::unmistakable(pair.source, pair.target);
    found.retain(|(name, span)| !name.is_adjective(span.of(pair.target)));
    turned(found, |(one, first), (other, second)| {
        let of_source = [one.span, other.span];
        let alike = is_place(one, pair.source) == is_place(other, pair.source);
        let exchanged = match Ways::of(pair, of_source, [*first, *second]) {
            Ways::Same => false,
            Ways::Other => alike,
            Ways::None => alike && is_before(*second, *first, pair.target),
        };
        exchanged.then(|| finding(pair, of_source, [*first, *second]))
    })
}

/// Whether a name is that of a place, or stands behind a word that only places stand behind.
fn is_place(name: &Name, source: &str) -> bool {
    const BEHIND: [&str; 5] = ["في", "من", "إلى", "الى", "مدينة"];
    name.is_place() || BEHIND.contains(&word_before(name.span, source).as_str())
}

/// Whether the second of two stands before the first in the English, and neither a speaker nor anything that joins them is
/// the reason.
fn is_before(second: Span, first: Span, text: &str) -> bool {
    second.end <= first.start && !is_joined(second, first, text) && !is_speaker(first, second, text)
}

/// Whether between two words of the English nothing stands but what joins them, a passive or the office of the second.
fn is_joined(earlier: Span, later: Span, text: &str) -> bool {
    let between = text[earlier.end..later.start].to_lowercase();
    let words: Vec<&str> = between.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let joins = words.iter().all(|word| JOINTS.contains(word));
    joins || words.contains(&"by") || words.iter().rev().take(2).any(|word| ROLES.contains(word))
}

/// Whether the later of two names may be that of a speaker, who stands before the words in Arabic and behind them here.
fn is_speaker(later: Span, earlier: Span, text: &str) -> bool {
    let between = &text[earlier.end..later.start];
    let beside =
        between.split_whitespace().last().into_iter().chain(text[later.end..].split_whitespace().take(SPEAKER));
    let mut says = beside.map(|word| word.trim_matches(|c: char| !c.is_alphabetic()));
    between.contains(['"', '”', '\'', '’']) || says.any(|word| SAYING.contains(&word))
}

/// What is found of the first pair of `things` of which anything is.
fn turned<T>(things: Vec<T>, find: impl Fn(&T, &T) -> Option<Finding>) -> Option<Finding> {
    let pairs = things.iter().enumerate().flat_map(|(at, one)| things[at + 1..].iter().map(move |other| (one, other)));
    pairs.into_iter().find_map(|(one, other)| find(one, other))
}

/// The quantities of which there are so many, so that another could stand in their place; days of a month are none.
fn counting(quantities: Vec<Quantity>, dates: &[Mention], text: &str) -> Vec<Quantity> {
    let counts = |quantity: &Quantity| {
        matches!(quantity.kind, Kind::Cardinal | Kind::Measure | Kind::Money | Kind::Percent)
            && quantity.written != Written::Hint
    };
    let mut dated: Vec<Span> = dates.iter().map(|date| date.span).collect();
    let mut kept = Vec::new();
    // From the end: the first of two days of a month stands before the second.
    for quantity in quantities.into_iter().rev() {
        let beside = |other: &Span| {
            let gap = match quantity.span.end <= other.start {
                true => text.get(quantity.span.end..other.start),
                false => text.get(other.end..quantity.span.start),
            };
            gap.is_none_or(|gap| matches!(gap.trim(), "" | "," | "،" | "و" | "-" | "–" | "and" | "to" | "إلى" | "من"))
        };
        match dated.iter().any(beside) {
            true => dated.push(quantity.span),
            false => kept.push(quantity),
        }
    }
    kept.retain(counts);
    kept.reverse();
    kept
}

/// The only one of `others` that says what `one` does.
fn only<'a>(one: &Quantity, others: &'a [Quantity]) -> Option<&'a Quantity> {
    let mut answers = others.iter().filter(|other| one.agrees(other) || one.converts(other));
    answers.next().filter(|_| answers.next().is_none())
}

/// Whether the words before two things say where each comes from and goes to, in both languages.
enum Ways {
    /// They say the same, of one of the two at least: "to 412 from 268" has them the other way round and means the same.
    Same,
    /// They say that what was the one is the other now.
    Other,
    /// They say nothing.
    None,
}

impl Ways {
    fn of(pair: &Pair, source: [Span; 2], target: [Span; 2]) -> Self {
        let there = source.map(|span| way(span, pair.source));
        let here = target.map(|span| way(span, pair.target));
        let both = || there.iter().zip(&here).filter_map(|(there, here)| Some((there.as_ref()?, here.as_ref()?)));
        match (both().any(|(there, here)| there == here), both().any(|(there, here)| there != here)) {
            (true, _) => Self::Same,
            (false, true) if both().count() == 2 => Self::Other,
            _ => Self::None,
        }
    }
}

/// Where something comes from or goes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    From,
    To,
}

/// What the word right before something says of its way.
fn way(span: Span, text: &str) -> Option<Way> {
    match word_before(span, text).as_str() {
        "from" | "من" | "against" | "with" | "مقابل" => Some(Way::From),
        "to" | "إلى" | "الى" | "at" => Some(Way::To),
        _ => None,
    }
}

fn finding(pair: &Pair, source: [Span; 2], target: [Span; 2]) -> Finding {
    let [one, other] = source.map(|span| span.of(pair.source));
    let [first, second] = target.map(|span| span.of(pair.target));
    Finding {
        check: CHECK.name,
        severity: Severity::Warning,
        sentence: pair.id,
        message: format!(
            "“{one}” comes before “{other}” in the source; the English has “{second}” before “{first}”: see which is which."
        ),
        source: Some(source[0]),
        target: Some(target[0]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    /// What is marked in the English.
    fn found<'a>(source: &str, target: &'a str) -> Vec<&'a str> {
        let findings = run(&document(&[(source, target)]));
        findings.into_iter().map(|finding| finding.target.unwrap().of(target)).collect()
    }

    #[test]
    fn numbers_that_changed_places_are_seen() {
        for (source, target, marked) in [
            ("قُتل 37 شخصاً وأصيب 120 آخرون", "120 people were killed and 37 wounded", ["37"].as_slice()),
            ("ارتفع من 268 إلى 412", "It rose from 412 to 268", &["268"]),
            ("قُتل خمسة أشخاص وجُرح ثلاثة", "Three people were killed and five wounded", &["five"]),
            ("من 12 في المئة إلى 15 في المئة", "from 15 percent to 12 percent", &["12"]),
            ("ارتفع من 268 إلى 412", "It rose to 268 from 412", &["268"]),
        ] {
            assert_eq!(found(source, target), marked, "{source}");
        }
    }

    #[test]
    fn numbers_of_other_kinds_and_ways_may_change_places() {
        for (source, target) in [
            ("قُتل 37 شخصاً وأصيب 120 آخرون", "37 people were killed and 120 wounded"),
            ("ارتفع من 268 إلى 412", "It rose to 412 from 268"),
            ("قُتل 37 شخصاً عام 2019", "In 2019, 37 people were killed"),
            ("يبعد 40 كيلومتراً ويسكنه 3000 شخص", "It has 3,000 inhabitants and is 40 kilometres away"),
            ("ارتفع إلى 45 دولاراً من 40 دولاراً", "It rose from $40 to $45"),
            ("ارتفع من 268 إلى 412", "It stood at 412, up from 268"),
            ("بلغ 412 مقابل 268", "It was 412, compared with 268"),
            ("تقام بين 9 و16 نيسان وتشارك فيها 6 فرق", "Six teams take part from April 9 to 16"),
            ("من بين 50 طالباً نجح 20", "20 of the 50 students passed"),
            ("قُتل 20 مدنياً و20 جندياً و5 أطفال", "Five children, 20 civilians and 20 soldiers were killed"),
        ] {
            assert!(found(source, target).is_empty(), "{source} / {target}");
        }
    }

    #[test]
    fn names_that_changed_places_are_seen() {
        for (source, target, marked) in [
            (
                "اتهم فلاديمير بوتين الرئيس السابق باراك أوباما بالتدخل",
                "Barack Obama accused Vladimir Putin of interference",
                "Vladimir",
            ),
            ("اتهم فلاديمير بوتين دونالد ترامب", "Donald Trump accused Vladimir Putin", "Vladimir"),
            ("اتهم ماكرون بوتين", "Putin accused Macron", "Macron"),
            ("قصفت روسيا أوكرانيا", "Ukraine bombed Russia", "Russia"),
            ("انتقل من القاهرة إلى بيروت", "He moved from Beirut to Cairo", "Cairo"),
            ("قال بوتين إن ترامب كذب", "Trump said that Putin lied", "Putin"),
        ] {
            assert_eq!(found(source, target), [marked], "{source}");
        }
    }

    #[test]
    fn names_that_may_stand_the_other_way_round_are_none() {
        for (source, target) in [
            ("اتهم فلاديمير بوتين باراك أوباما", "Vladimir Putin accused Barack Obama"),
            ("وصل المصري محمد صلاح إلى لندن", "Mohamed Salah of Egypt arrived in London"),
            ("قال الرئيس بكر إن أبوبكر وصل", "The president said Abu Bakr had arrived"),
            ("في سوريا والعراق", "in Iraq and Syria"),
            ("نقلت رويترز عن بوتين", "Putin was quoted by Reuters"),
            ("قال توم إن أوريغون ستضيء", "Oregon will light up, Tom said"),
            ("أصيب محمد صلاح مهاجم ليفربول", "Liverpool striker Mohamed Salah was injured"),
            ("توفي في القاهرة عوض الجيلي", "Awad al-Jaili died in Cairo"),
            ("توفيت في عمان نجوى الطاهر", "Najwa al-Taher died in Amman"),
            ("انتقل من باريس إلى روما", "He moved to Rome from Paris"),
            ("سافر إلى القاهرة من بيروت", "From Beirut he travelled to Cairo"),
        ] {
            assert!(found(source, target).is_empty(), "{source} / {target}");
        }
    }
}
