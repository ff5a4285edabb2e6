//! Numbers that the English lacks, has wrong, or has from nowhere.
//!
//! What stands in figures on one side must be found on the other, in figures or in words. Words are held to less: they
//! are asked for, but only as information, unless the English has another number in their place.

use super::quantity::calendar::{self, Mention, Name};
use super::quantity::{Kind, Quantity, Value, Written, read_arabic, read_english};
use super::vague::{self, Vague};
use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::pipeline::{Document, Pair};

pub(super) const CHECK: Check =
    Check { name: "numbers", description: "numbers that are missing, wrong or not in the source", run };

fn run(document: &Document) -> Vec<Finding> {
    document.pairs().filter(|pair| !pair.target.is_empty()).flat_map(|pair| compare(&pair)).collect()
}

/// Words for shares.
const SHARE: [&str; 6] = ["نسب", "مئة", "مائة", "مئوي", "%", "٪"];

/// Words for money, which need not stand at a number.
const MONEY: [&str; 14] =
    ["دولار", "يورو", "دينار", "دراهم", "درهم", "ريال", "جنيه", "ليرة", "ليرات", "روبل", "يوان", "روبية", "فرنك", "مال"];

/// One side of a sentence.
struct Side {
    quantities: Vec<Quantity>,
    vague: Vec<Vague>,
    dates: Vec<Mention>,
}

impl Side {
    fn of_arabic(text: &str) -> Self {
        let quantities = read_arabic(text);
        Self { vague: vague::of_arabic(text, &quantities), quantities, dates: calendar::read_arabic(text) }
    }

    fn of_english(text: &str) -> Self {
        let quantities = read_english(text);
        Self { vague: vague::of_english(text, &quantities), quantities, dates: calendar::read_english(text) }
    }

    /// All that has a value.
    fn said(&self) -> impl Iterator<Item = &Quantity> {
        self.quantities.iter().filter(|quantity| quantity.kind != Kind::Vague)
    }

    /// `thousands`, where the other side has no thousands of any kind.
    fn vague<'a>(&'a self, other: &'a Side) -> impl Iterator<Item = &'a Vague> {
        self.vague.iter().filter(move |vague| {
            let range = vague.range();
            let meets = |other: &Vague| other.range().start < range.end && range.start < other.range().end;
            let mut values = other.said().flat_map(Quantity::readings).map(Value::to_f64);
            !other.vague.iter().any(meets) && !values.any(|value| range.contains(&value))
        })
    }

    /// Whether something here says what `quantity` of the other side does.
    fn answers(&self, quantity: &Quantity) -> bool {
        self.said().any(|other| quantity.agrees(other) || quantity.converts(other))
            || self.answers_parts(quantity)
            || self.is_month(quantity)
    }

    /// Whether all parts of `quantity` are here, each for itself, or it is a part of something here.
    fn answers_parts(&self, quantity: &Quantity) -> bool {
        let here = |value: Value| self.said().any(|other| other.readings().any(|reading| reading == value));
        let whole = !quantity.parts.is_empty() && quantity.parts.iter().all(|part| here(*part));
        whole
            || quantity.written == Written::Digits
                && self.quantities.iter().any(|other| other.parts.contains(&quantity.value))
    }

    /// Whether `quantity` is the number of a month that is named here: 11/9 and September 11.
    fn is_month(&self, quantity: &Quantity) -> bool {
        let month = quantity.value.to_whole().and_then(|value| u8::try_from(value).ok());
        let in_figures = matches!(quantity.kind, Kind::Score | Kind::Date);
        in_figures && month.is_some_and(|month| self.dates.iter().any(|date| date.name == Name::Month(month)))
    }
}

fn compare(pair: &Pair) -> Vec<Finding> {
    let (source, target) = (Side::of_arabic(pair.source), Side::of_english(pair.target));
    let open = |side: &Side, other: &Side| {
        let asked = side.quantities.iter().filter(|quantity| is_asked(quantity));
        asked.filter(|quantity| !other.answers(quantity)).cloned().collect::<Vec<_>>()
    };
    let (mut missing, mut added) = (open(&source, &target), open(&target, &source));
    let mut findings = Vec::new();
    let mut find = |severity, message, source: Option<Span>, target: Option<Span>| {
        findings.push(Finding { check: CHECK.name, severity, sentence: pair.id, message, source, target });
    };
    while let Some((one, other, severity)) = best(&missing, &added) {
        let (said, says) = (missing.remove(one), added.remove(other));
        let message = format!("{} in the source; the English says {}.", show(&said), says.span.of(pair.target));
        find(severity, message, Some(said.span), Some(says.span));
    }
    if let (Some(said), Some(says)) = (source.vague(&target).next(), target.vague(&source).next()) {
        let message = format!("{} in the source; the English says {}.", said.name(), says.span.of(pair.target));
        find(Severity::Error, message, Some(said.span), Some(says.span));
    }
    for quantity in &missing {
        let message = format!("The source says {}; the English does not.", show(quantity));
        find(severity_alone(quantity), message, Some(quantity.span), None);
    }
    for quantity in added.iter().filter(|quantity| quantity.written == Written::Digits) {
        let message = format!("The English says {}; the source does not.", quantity.span.of(pair.target));
        // "Two clean goals" are 2-0.
        let nil = quantity.kind == Kind::Score && quantity.value == Value::whole(0);
        find(if nil { Severity::Info } else { severity_alone(quantity) }, message, None, Some(quantity.span));
    }
    for said in source.quantities.iter().filter(|quantity| quantity.written == Written::Digits) {
        let answers: Vec<_> = target.quantities.iter().filter(|other| said.agrees(other)).collect();
        let message = other_kind(said, &answers, pair).or_else(|| from_nowhere(said, &answers, (pair, &source)));
        if let Some(message) = message {
            find(Severity::Warning, message, Some(said.span), answers.first().map(|answer| answer.span));
        }
    }
    for (said, times, left) in repeated(&source, &target) {
        let message = format!("The source says {} {}; the English {}.", show(said), often(times), often(left));
        find(Severity::Warning, message, Some(said.span), None);
    }
    findings.sort_by_key(|finding| (finding.source.is_none(), finding.source, finding.target));
    findings
}

/// The numbers in figures that the source has several times and the English not so often, each once, with both counts.
/// Years and results are often said once for twice, and what is not there at all is told already.
fn repeated<'a>(source: &'a Side, target: &Side) -> Vec<(&'a Quantity, usize, usize)> {
    let counted = |quantity: &&Quantity| {
        let kind = matches!(quantity.kind, Kind::Cardinal | Kind::Percent | Kind::Money | Kind::Measure);
        kind && quantity.written == Written::Digits
    };
    let asked: Vec<&Quantity> = source.quantities.iter().filter(counted).collect();
    let mut found: Vec<(&Quantity, usize, usize)> = Vec::new();
    for quantity in &asked {
        let times = asked.iter().filter(|other| other.value == quantity.value).count();
        let answers = |other: &&Quantity| quantity.agrees(other) || quantity.converts(other);
        let left = target.quantities.iter().filter(answers).count();
        if (1..times).contains(&left) && !found.iter().any(|(other, ..)| other.value == quantity.value) {
            found.push((quantity, times, left));
        }
    }
    found
}

/// How often, in words.
fn often(times: usize) -> String {
    match times {
        1 => "once".into(),
        2 => "twice".into(),
        times => format!("{times} times"),
    }
}

/// Whether the other side must have it.
fn is_asked(quantity: &Quantity) -> bool {
    matches!(quantity.written, Written::Digits | Written::Words)
}

/// Which of the missing numbers the English most likely has as which of the added ones, and how bad that is.
fn best(missing: &[Quantity], added: &[Quantity]) -> Option<(usize, usize, Severity)> {
    let mut best: Option<(u32, usize, usize)> = None;
    for (one, said) in missing.iter().enumerate() {
        for (other, says) in added.iter().enumerate() {
            let likeness = likeness(said, says);
            if likeness > 0 && best.is_none_or(|(most, ..)| likeness > most) {
                best = Some((likeness, one, other));
            }
        }
    }
    let (_, one, other) = best?;
    let both = [&missing[one], &added[other]];
    let words = both.iter().filter(|quantity| quantity.written == Written::Words).count();
    let scale = digits_of(both[0]) == digits_of(both[1]);
    let severity = match words {
        0 if is_rounded(both[0].value, both[1].value) => Severity::Warning,
        0 => Severity::Error,
        _ if scale => Severity::Error,
        _ => Severity::Warning,
    };
    let [time, other_time] = both.map(|quantity| quantity.unit_of_time().map(|(name, _)| name));
    let other_unit = time.is_some() && other_time.is_some() && time != other_time;
    let severity = if other_unit { Severity::Warning } else { severity };
    Some((one, other, severity))
}

/// The digits without the zeros at their end.
fn digits_of(quantity: &Quantity) -> Option<u128> {
    quantity.value.significand().map(|(digits, _)| digits)
}

/// How likely one number was made from the other; 0 if nothing speaks for it.
fn likeness(said: &Quantity, says: &Quantity) -> u32 {
    let words = [said, says].iter().filter(|quantity| quantity.written == Written::Words).count();
    let (Some(one), Some(other)) = (said.value.significand(), says.value.significand()) else { return 0 };
    let digits = if one.0 == other.0 { 4 } else { u32::from(is_near(&one.0.to_string(), &other.0.to_string())) * 2 };
    let kind = u32::from(said.kind == says.kind);
    let unit = u32::from(said.units.iter().any(|unit| says.units.contains(unit)));
    match words {
        0 => 1 + digits + kind + unit,
        _ if digits > 0 || unit > 0 || (words == 1 && kind > 0) => digits + kind + unit,
        _ => 0,
    }
}

/// Whether one string of digits becomes the other by one digit changed, added or dropped.
fn is_near(one: &str, other: &str) -> bool {
    let same_start = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let same_end = one.bytes().rev().zip(other.bytes().rev()).take_while(|(a, b)| a == b).count();
    let (longer, shorter) = (one.len().max(other.len()), one.len().min(other.len()));
    longer - shorter <= 1 && shorter > 0 && same_start + same_end + 1 >= longer
}

/// Whether `says` is `said` with fewer digits, as in a headline.
fn is_rounded(said: Value, says: Value) -> bool {
    let (Some((_, fine)), Some((_, coarse))) = (said.significand(), says.significand()) else { return false };
    let step = 10_f64.powi(coarse);
    coarse > fine && (said.to_f64() - says.to_f64()).abs() <= step / 2.0 && says.to_f64() >= step * 10.0
}

fn severity_alone(quantity: &Quantity) -> Severity {
    match (quantity.written, quantity.kind) {
        (Written::Digits, Kind::Code | Kind::Time | Kind::Decade) => Severity::Warning,
        // A day has 24 hours, and "a day" no number.
        (Written::Digits, _) if quantity.unit_of_time().is_some() => Severity::Warning,
        (Written::Digits, _) if quantity.value == Value::whole(1) => Severity::Warning,
        (Written::Digits, _) | (_, Kind::Percent) => Severity::Error,
        // Words for small and for broken numbers are often said in another way.
        _ if quantity.value.to_whole().is_some_and(|value| value > 2) => Severity::Warning,
        _ => Severity::Info,
    }
}

/// What to say if the value is there but counts something else.
fn other_kind(said: &Quantity, answers: &[&Quantity], pair: &Pair) -> Option<String> {
    let first = answers.first()?;
    let is_percent = |quantity: &Quantity| quantity.kind == Kind::Percent;
    let written = first.span.of(pair.target);
    if is_percent(said) && !answers.iter().any(|answer| is_percent(answer)) {
        return Some(format!("{} in the source; in the English {written} is no percentage.", show(said)));
    }
    let counted = |quantity: &Quantity| matches!(quantity.kind, Kind::Money | Kind::Measure);
    if !counted(said) || !answers.iter().all(|answer| counted(answer)) {
        return None;
    }
    let (unit, other) = (said.units.first()?, first.units.first()?);
    if unit.name == "cent" || other.name == "cent" {
        return None;
    }
    let shares = |answer: &&Quantity| {
        answer.units.is_empty() || said.units.iter().any(|unit| answer.units.iter().any(|u| u.name == unit.name))
    };
    let comparable = !answers.iter().any(shares);
    comparable
        .then(|| format!("{} ({}) in the source; the English says {written} ({}).", show(said), unit.name, other.name))
}

/// What to say if the English makes a share or a sum of money of what the source only counts.
fn from_nowhere(said: &Quantity, answers: &[&Quantity], (pair, source): (&Pair, &Side)) -> Option<String> {
    let (first, written) = answers.first().map(|first| (first, first.span.of(pair.target)))?;
    let counts = said.kind == Kind::Cardinal && said.units.is_empty();
    let other = |answer: &&Quantity| answer.kind != first.kind || answer.written == Written::Hint;
    if !counts || said.value.to_f64() <= 2.0 || answers.iter().any(other) {
        return None;
    }
    match first.kind {
        // A share may be called one without a sign at its number.
        Kind::Percent if SHARE.iter().any(|word| pair.source.contains(word)) => None,
        Kind::Percent => Some(format!("{} in the source; in the English {written} is a percentage.", show(said))),
        Kind::Money => {
            let unit = first.units.first()?;
            let tied = source.quantities.iter().flat_map(|other| other.units).any(|other| other.kind == unit.kind);
            let known = tied || MONEY.iter().any(|word| pair.source.contains(word));
            (!known).then(|| {
                format!("{} in the source; the English makes {written} a sum of money ({}).", show(said), unit.name)
            })
        }
        _ => None,
    }
}

/// A number of the source as an English newspaper prints it.
fn show(quantity: &Quantity) -> String {
    let value = quantity.value.to_string();
    match quantity.kind {
        Kind::Year | Kind::Decade => value.replace(',', ""),
        Kind::Percent => format!("{value} percent"),
        _ => value,
    }
}

#[cfg(test)]
mod tests;
