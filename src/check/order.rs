//! Numbers and names that stand the other way round in the English: five dead and three wounded, or three and five.
//!
//! Translators seldom turn round two numbers of one kind, or two names; machines that confuse them do.

use super::quantity::{Kind, Quantity, Written, read_arabic, read_english};
use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::names;
use crate::pipeline::{Document, Pair};

pub(super) const CHECK: Check =
    Check { name: "order", description: "numbers or names that stand the other way round than in the source", run };

/// Verbs of what is said.
const SAYING: [&str; 10] =
    ["said", "says", "told", "tells", "reported", "added", "wrote", "explained", "announced", "according"];
/// Words behind a name among which the verb may stand: "Tom Duxbury, the project's manager, said".
const SPEAKER: usize = 6;

fn run(document: &Document) -> Vec<Finding> {
    let pairs = document.pairs().filter(|pair| !pair.target.is_empty());
    pairs.flat_map(|pair| [numbers(&pair), names(&pair)].into_iter().flatten()).collect()
}

/// The first two numbers of one kind and unit that the English has the other way round.
fn numbers(pair: &Pair) -> Option<Finding> {
    let (there, here) = (counting(read_arabic(pair.source)), counting(read_english(pair.target)));
    let alone = there.iter().filter_map(|said| {
        let says = only(said, &here)?;
        only(says, &there).map(|_| (said, says))
    });
    turned(alone.collect(), |(one, first), (other, second)| {
        let unit = |quantity: &Quantity| quantity.units.first().map(|unit| unit.name);
        let alike = |one: &Quantity, other: &Quantity| one.kind == other.kind && unit(one) == unit(other);
        // "To 412 from 268" has them the other way round and says the same.
        let ways = is_behind("from", first.span, pair.target) || is_behind("to", second.span, pair.target);
        (alike(one, other) && alike(first, second) && second.span < first.span && !ways)
            .then(|| finding(pair, [one.span, other.span], [first.span, second.span]))
    })
}

/// The first two names that the English has the other way round.
fn names(pair: &Pair) -> Option<Finding> {
    let mut found = names::unmistakable(pair.source, pair.target);
    found.retain(|(name, span)| !name.is_adjective(span.of(pair.target)));
    turned(found, |(one, first), (other, second)| {
        (second < first && !is_speaker(*first, *second, pair.target))
            .then(|| finding(pair, [one.span, other.span], [*first, *second]))
    })
}

/// Whether the later of two names may be that of a speaker, who stands before the words in Arabic and behind them here.
fn is_speaker(later: Span, earlier: Span, text: &str) -> bool {
    let between = &text[earlier.end..later.start];
    let behind = text[later.end..].split_whitespace().take(SPEAKER);
    let says = |word: &str| SAYING.contains(&word.trim_matches(|c: char| !c.is_alphabetic()));
    between.contains(['"', '”', '\'', '’']) || between.split_whitespace().chain(behind).any(says)
}

/// What is found of the first pair of `things` of which anything is.
fn turned<T>(things: Vec<T>, find: impl Fn(&T, &T) -> Option<Finding>) -> Option<Finding> {
    let pairs = things.iter().enumerate().flat_map(|(at, one)| things[at + 1..].iter().map(move |other| (one, other)));
    pairs.into_iter().find_map(|(one, other)| find(one, other))
}

/// The quantities of which there are so many, so that another could stand in their place.
fn counting(quantities: Vec<Quantity>) -> Vec<Quantity> {
    let counts = |quantity: &Quantity| {
        matches!(quantity.kind, Kind::Cardinal | Kind::Measure | Kind::Money | Kind::Percent)
            && quantity.written != Written::Hint
    };
    quantities.into_iter().filter(counts).collect()
}

/// The only one of `others` that says what `one` does.
fn only<'a>(one: &Quantity, others: &'a [Quantity]) -> Option<&'a Quantity> {
    let mut answers = others.iter().filter(|other| one.agrees(other) || one.converts(other));
    answers.next().filter(|_| answers.next().is_none())
}

/// Whether `word` stands right before a number.
fn is_behind(word: &str, number: Span, text: &str) -> bool {
    let before = text[..number.start].trim_end_matches([' ', '$', '€', '£']);
    before.rsplit(' ').next().is_some_and(|last| last.eq_ignore_ascii_case(word))
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
            ("قُتل 20 مدنياً و20 جندياً و5 أطفال", "Five children, 20 civilians and 20 soldiers were killed"),
        ] {
            assert!(found(source, target).is_empty(), "{source} / {target}");
        }
    }

    #[test]
    fn names_that_changed_places_are_seen() {
        let source = "اتهم فلاديمير بوتين الرئيس السابق باراك أوباما بالتدخل";
        assert_eq!(found(source, "Barack Obama accused Vladimir Putin of interference"), ["Vladimir"]);
        assert!(found(source, "Vladimir Putin accused former President Barack Obama of interference").is_empty());
        assert_eq!(found("انتقل من القاهرة إلى بيروت", "He moved from Beirut to Cairo"), ["Cairo"]);
        assert!(found("وصل المصري محمد صلاح إلى لندن", "Mohamed Salah of Egypt arrived in London").is_empty());
    }
}
