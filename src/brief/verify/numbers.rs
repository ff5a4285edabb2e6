//! Numbers and dates of a claim, looked for in its evidence.

use super::places::{is_taken, placed};
use crate::article::Span;
use crate::brief::support::stems;
use crate::check::quantity::calendar::{self, Name};
use crate::check::quantity::{Kind, Quantity, Unit, Value, Written, read_english};

/// Words after which a number may be a rounded one.
const ABOUT: [&str; 9] = ["about", "around", "some", "nearly", "almost", "approximately", "roughly", "over", "than"];
/// Counts in words up to this one may be the summarizer's own: "two ministers".
const COUNTED: u128 = 12;

/// Where a text has numbers or dates that no sentence of the evidence has.
pub(super) fn wrong(text: &str, evidence: &[&str]) -> Vec<Span> {
    let known = quantities(evidence);
    let numbers = read_english(text).into_iter().filter(|quantity| is_wrong(text, quantity, &known));
    let numbers = numbers.filter(|quantity| !may_be_counted(quantity)).map(|quantity| quantity.span);
    let mut spans: Vec<Span> = numbers.chain(wrong_dates(text, evidence).map(|(span, _)| span)).collect();
    spans.sort_unstable();
    spans
}

/// Where a text has a number in the place for which the evidence has another: that of the wounded for that of the dead.
/// Small counts in words are held to this too, though they may be the summarizer's own elsewhere.
pub(super) fn misplaced(text: &str, evidence: &[&str]) -> Vec<Span> {
    let known: Vec<_> = evidence.iter().flat_map(|text| placed(text)).collect();
    let same = |one: &Quantity, other: &Quantity| is_same(text, one, other);
    placed(text).iter().filter(|one| is_taken(one, &known, same)).map(|(quantity, _)| quantity.span).collect()
}

/// The first wrong number or date for whose place the evidence has just one other, and that one as it stands there.
pub(super) fn repair(text: &str, evidence: &[&str]) -> Option<(Span, String)> {
    let known = quantities(evidence);
    let told = read_english(text);
    let mut wrong = told.iter().filter(|quantity| is_wrong(text, quantity, &known));
    let number = wrong.find_map(|quantity| {
        // A number that the text has already has its place.
        let free = known.iter().filter(|(_, other)| !told.iter().any(|told| told.agrees(other)));
        let fits = |(at, other): &&(&str, Quantity)| is_like(quantity, other) && context(text, quantity, at, other) > 0;
        let fitting: Vec<_> = free.filter(fits).collect();
        let best = fitting.iter().map(|(at, other)| context(text, quantity, at, other)).max()?;
        let mut best = fitting.into_iter().filter(|(at, other)| context(text, quantity, at, other) == best);
        let (at, right) = best.next()?;
        best.all(|(_, other)| other.agrees(right)).then(|| (quantity.span, right.span.of(at).to_owned()))
    });
    number.or_else(|| repair_date(text, evidence))
}

fn quantities<'a>(evidence: &[&'a str]) -> Vec<(&'a str, Quantity)> {
    let read = |text: &&'a str| read_english(text).into_iter().map(|quantity| (*text, quantity)).collect::<Vec<_>>();
    evidence.iter().flat_map(read).collect()
}

fn is_wrong(text: &str, quantity: &Quantity, known: &[(&str, Quantity)]) -> bool {
    quantity.written != Written::Hint && !known.iter().any(|(_, other)| is_same(text, quantity, other))
}

/// Whether a number of the text is that of the evidence, perhaps rounded or a part of it.
fn is_same(text: &str, quantity: &Quantity, other: &Quantity) -> bool {
    is_money(quantity) == is_money(other)
        && measures_same(quantity, other)
        && (quantity.kind == Kind::Percent) == (other.kind == Kind::Percent)
        && (quantity.agrees(other) || other.parts.contains(&quantity.value) || is_rounded(text, quantity, other))
}

/// Whether not one of two numbers is of kilograms and the other of kilometres. Units of time convert.
fn measures_same(quantity: &Quantity, other: &Quantity) -> bool {
    let is_measure = |quantity: &Quantity| quantity.kind == Kind::Measure && !quantity.units.is_empty();
    let alike = |one: &Unit, other: &Unit| one.name == other.name || one.kind == "time" && other.kind == "time";
    !(is_measure(quantity) && is_measure(other))
        || quantity.units.iter().any(|unit| other.units.iter().any(|other| alike(unit, other)))
}

fn is_money(quantity: &Quantity) -> bool {
    quantity.kind == Kind::Money
}

fn may_be_counted(quantity: &Quantity) -> bool {
    // Nobody counts years and kilometres but the article.
    let counts = quantity.kind == Kind::Cardinal && quantity.written == Written::Words;
    counts && quantity.value.to_whole().is_some_and(|whole| whole <= COUNTED)
}

/// Whether a number is the other one, rounded to the digits it has: two at least, or one if the text says `about`.
fn is_rounded(text: &str, quantity: &Quantity, other: &Quantity) -> bool {
    let Some((digits, power)) = quantity.value.significand() else { return false };
    let before = text[..quantity.span.start].trim_end_matches(|c: char| !c.is_alphanumeric());
    let about = before.split_whitespace().next_back().is_some_and(|word| ABOUT.contains(&word.to_lowercase().as_str()));
    let rounded = (other.value.to_f64() / 10f64.powi(power)).round();
    (about || digits >= 10) && rounded == digits as f64 && finer(other.value, power)
}

/// Whether a value has digits below this power of ten.
fn finer(value: Value, power: i32) -> bool {
    value.significand().is_none_or(|(_, other)| other < power)
}

/// Whether one number can stand where the other does.
fn is_like(quantity: &Quantity, other: &Quantity) -> bool {
    let alike = |a: Kind, b: Kind| {
        let loose = |kind| matches!(kind, Kind::Cardinal | Kind::Measure);
        a == b || (loose(a) && loose(b))
    };
    let same_unit = quantity.units.is_empty() == other.units.is_empty()
        && (quantity.units.is_empty()
            || quantity.units.iter().any(|unit| other.units.iter().any(|other| other.name == unit.name)));
    alike(quantity.kind, other.kind) && same_unit && other.written != Written::Hint
}

/// How alike the places of two numbers are: the terms behind them count twice, those before them once, and so does a
/// unit that both have.
fn context(text: &str, quantity: &Quantity, at: &str, other: &Quantity) -> usize {
    let sides = |text: &str, span: Span| {
        let behind = stems(&text[span.end..]).into_iter().next();
        (stems(&text[..span.start]).pop(), behind)
    };
    let (before, behind) = sides(text, quantity.span);
    let (other_before, other_behind) = sides(at, other.span);
    2 * usize::from(behind.is_some() && behind == other_behind)
        + usize::from(before.is_some() && before == other_before)
        + usize::from(!quantity.units.is_empty())
}

/// Months and weekdays that no sentence of the evidence names.
fn wrong_dates<'a>(text: &'a str, evidence: &'a [&str]) -> impl Iterator<Item = (Span, Name)> + 'a {
    let known: Vec<Name> = names(evidence).into_iter().map(|(_, name)| name).collect();
    let told = calendar::read_english(text).into_iter().filter(|mention| mention.sure);
    told.filter(move |mention| !known.contains(&mention.name)).map(|mention| (mention.span, mention.name))
}

fn names<'a>(evidence: &[&'a str]) -> Vec<(&'a str, Name)> {
    let read = |text: &&'a str| calendar::read_english(text).into_iter().map(|m| (m.span.of(text), m.name)).collect();
    evidence.iter().flat_map(|text| -> Vec<_> { read(text) }).collect()
}

fn repair_date(text: &str, evidence: &[&str]) -> Option<(Span, String)> {
    let told: Vec<Name> = calendar::read_english(text).into_iter().map(|mention| mention.name).collect();
    wrong_dates(text, evidence).find_map(|(span, name)| {
        let same_kind = |other: &Name| std::mem::discriminant(other) == std::mem::discriminant(&name);
        let mut free = names(evidence).into_iter().filter(|(_, other)| same_kind(other) && !told.contains(other));
        let (right, first) = free.next()?;
        free.all(|(_, other)| other == first).then(|| (span, right.to_owned()))
    })
}
