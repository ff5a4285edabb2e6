//! What reading Arabic and English numbers has in common: adding them up, and what stands around them.

use super::digits::{Figure, Form};
use super::token::{Token, What};
use super::value::Value;
use super::words::Class;
use super::{Kind, Quantity, Unit, Written};
use crate::article::Span;

/// A number while it is read: what was closed by a scale, and the group that is still open.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    /// What was closed: `39 million` of `39 million 702`.
    pub(super) total: Value,
    /// The group that a scale may still multiply.
    pub(super) group: Option<Value>,
    /// The last scale.
    pub(super) scale: Option<Value>,
    /// What the last word was.
    pub(super) last: Class,
    /// Values that were added up.
    pub(super) parts: Vec<Value>,
    pub(super) digits: bool,
    pub(super) ordinal: bool,
    /// The other reading of a figure.
    pub(super) also: Option<Value>,
    /// The token after the last one that belongs to it.
    pub(super) end: usize,
}

pub(super) const ZERO: Value = Value::whole(0);

impl Sum {
    /// A number that begins with `value`.
    pub(super) fn open(value: Value, last: Class, end: usize) -> Self {
        Self {
            total: ZERO,
            group: Some(value),
            scale: None,
            last,
            parts: Vec::new(),
            digits: false,
            ordinal: last == Class::Ordinal,
            also: None,
            end,
        }
    }

    /// A number that begins with a figure.
    pub(super) fn figure(figure: &Figure, end: usize) -> Self {
        let parts = figure.groups.clone();
        Self { digits: true, also: figure.also, parts, ..Self::open(figure.value, Class::Figure, end) }
    }

    /// A scale on its own: `مليون`, `ألفين`.
    pub(super) fn scale(times: Value, scale: Value, end: usize) -> Option<Self> {
        let value = times.times(scale)?;
        let sum = Self::open(value, Class::Scale, end);
        Some(Self { total: value, group: None, scale: Some(scale), parts: vec![value], ..sum })
    }

    /// Multiplies the open group by a scale and closes it.
    pub(super) fn close(&mut self, scale: Value) -> Option<()> {
        let value = self.group?.times(scale)?;
        self.total = self.total.plus(value)?;
        self.also = self.also.and_then(|also| also.times(scale));
        self.group = None;
        self.scale = Some(scale);
        self.parts.push(value);
        self.last = Class::Scale;
        Some(())
    }

    /// Adds to the open group.
    pub(super) fn add(&mut self, value: Value, last: Class) -> Option<()> {
        self.group = Some(self.group?.plus(value)?);
        self.also = None;
        self.last = last;
        Some(())
    }

    /// Multiplies the open group: three hundred.
    pub(super) fn multiply(&mut self, value: Value, last: Class) -> Option<()> {
        self.group = Some(self.group?.times(value)?);
        self.also = None;
        self.last = last;
        Some(())
    }

    /// Adds a number that is smaller than the last scale: `مليون و200 ألف`.
    pub(super) fn join(&mut self, other: &Sum) -> Option<()> {
        self.total = self.total.plus(other.value()?)?;
        self.parts.extend(&other.parts);
        self.parts.extend(other.group);
        self.digits |= other.digits;
        self.ordinal |= other.ordinal;
        self.also = None;
        self.end = other.end;
        self.last = other.last;
        Some(())
    }

    pub(super) fn value(&self) -> Option<Value> {
        self.total.plus(self.group.unwrap_or(ZERO))
    }

    /// As a quantity of the text that begins with token `start`.
    pub(super) fn quantity(mut self, tokens: &[Token], start: usize) -> Option<Quantity> {
        let value = self.value()?;
        self.parts.extend(self.group.filter(|_| self.scale.is_some()));
        Some(Quantity {
            span: Span::new(tokens[start].span.start, tokens[self.end - 1].span.end),
            value,
            also: self.also.into_iter().collect(),
            parts: if self.parts.len() > 1 { self.parts } else { Vec::new() },
            kind: if self.ordinal { Kind::Ordinal } else { Kind::Cardinal },
            units: &[],
            written: if self.digits { Written::Digits } else { Written::Words },
        })
    }
}

/// A quantity with the tokens it takes, for the passes that look at its neighbours.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) quantity: Quantity,
    /// Its first token, and the one after its last.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its last scale.
    pub(super) scale: Option<Value>,
}

/// A word that only hints at a number.
pub(super) fn hint(tokens: &[Token], at: usize, value: Value) -> Found {
    let quantity = Quantity {
        span: tokens[at].span,
        value,
        also: Vec::new(),
        parts: Vec::new(),
        kind: Kind::Cardinal,
        units: &[],
        written: Written::Hint,
    };
    Found { quantity, start: at, end: at + 1, scale: None }
}

/// A scale without a number: `thousands`.
pub(super) fn vague(tokens: &[Token], at: usize, scale: Value) -> Found {
    let mut found = hint(tokens, at, scale);
    found.quantity.kind = Kind::Vague;
    found
}

/// What belongs to figures in both languages: ranges, results, dates, years, codes.
pub(super) fn settle(found: &mut [Found], tokens: &[Token]) {
    let joined = |one: &Found, other: &Found| {
        other.start == one.end + 1 && matches!(tokens[one.end].sign(), Some('-' | '–' | '—' | ':' | '/'))
    };
    let mut at = 0;
    while at < found.len() {
        let rest = &found[at..];
        let chain = 1 + rest.windows(2).take_while(|two| joined(&two[0], &two[1])).count();
        for index in at..at + chain {
            if let Some([this, next]) = found.get_mut(index..index + 2) {
                share_scale(this, next, tokens);
                share_basis_points(this, next, tokens);
                share_part(this, next, tokens);
                share_sum(this, next, tokens);
            }
            if index > at {
                let before = found[index - 1].quantity.value;
                short_year(before, &mut found[index].quantity);
            }
            name_kind(&mut found[index], tokens, chain);
        }
        at += chain;
    }
}

/// What kind a bare figure is that stands in a chain of so many, joined by hyphens or slashes.
fn name_kind(found: &mut Found, tokens: &[Token], chain: usize) {
    let quantity = &mut found.quantity;
    let bare = quantity.written == Written::Digits && quantity.kind == Kind::Cardinal && quantity.units.is_empty();
    if !bare || found.end != found.start + 1 {
        return;
    }
    if matches!(&tokens[found.start].what, What::Figure(figure) if figure.form == Form::Phone) {
        quantity.kind = Kind::Code;
    } else if is_exponent(tokens, found.start) {
        quantity.written = Written::Hint;
    } else if is_part_of_name(tokens, found.start) {
        quantity.kind = Kind::Code;
    } else if chain == 3 && quantity.value.to_f64() < 3000.0 {
        quantity.kind = Kind::Date;
    } else if chain == 2 && quantity.value.to_f64() < 200.0 {
        quantity.kind = Kind::Score;
    } else if is_year(&tokens[found.start].what) {
        quantity.kind = Kind::Year;
    }
}

/// `2 or 3 million`, `ما بين 2 و3 ملايين`, `من ثمانية مليارات إلى تسعة`: the one without a scale may have the other's.
fn share_scale(this: &mut Found, next: &mut Found, tokens: &[Token]) {
    // The percent sign of one may be the beginning of the next.
    let Some(between) = tokens.get(this.end..next.start) else { return };
    let may_join = |token: &Token| joins(token) || matches!(token.sign(), Some('$' | '€' | '£'));
    let range = between.iter().any(|token| matches!(token.word(), Some("to" | "الي")));
    // و may be part of the next number itself.
    let simple = this.quantity.parts.is_empty() && next.quantity.parts.is_empty();
    if !simple || between.len() > 3 || !between.iter().all(may_join) {
        return;
    }
    match (this.scale, next.scale) {
        (None, Some(scale)) if !between.is_empty() || this.quantity.written == Written::Words => {
            this.quantity.also.extend(this.quantity.value.times(scale));
        }
        (Some(scale), None) if range => next.quantity.also.extend(next.quantity.value.times(scale)),
        _ => {}
    }
}

/// Whether it may stand between two numbers of a range or a choice.
fn joins(token: &Token) -> bool {
    matches!(token.sign(), Some('-' | '–' | '—'))
        || matches!(token.word(), Some("to" | "and" | "or" | "و" | "الي" | "او"))
}

/// `25 or 50 basis points`: both are some.
fn share_basis_points(this: &mut Found, next: &Found, tokens: &[Token]) {
    let Some(between) = tokens.get(this.end..next.start) else { return };
    if this.quantity.units.is_empty()
        && between.len() <= 1
        && between.iter().all(joins)
        && next.quantity.is_basis_points()
    {
        give_unit(&mut this.quantity, next.quantity.units);
    }
}

/// `three in four`, `3 من كل 4`: both may be the part that they are together.
fn share_part(this: &mut Found, next: &mut Found, tokens: &[Token]) {
    let Some(between) = tokens.get(this.end..next.start).filter(|between| between.len() <= 3) else { return };
    let words: Vec<_> = between.iter().map(|token| token.word().unwrap_or_default()).collect();
    let counts = [&this.quantity, &next.quantity].iter().all(|quantity| quantity.kind == Kind::Cardinal);
    let of = matches!(
        words[..],
        ["من", "كل" | "اصل"] | ["in"] | ["out", "of"] | ["of" | "in", "every"] | ["out", "of", "every"]
    );
    if counts && of {
        let part = next.quantity.value.inverse().and_then(|one| one.times(this.quantity.value));
        let part = part.filter(|part| part.to_f64() < 1.0 && next.quantity.value.to_f64() <= 100.0);
        this.quantity.also.extend(part);
        next.quantity.also.extend(part);
    }
}

/// `90+3`: the 93rd minute.
fn share_sum(this: &mut Found, next: &mut Found, tokens: &[Token]) {
    let plus = next.start == this.end + 1 && tokens[this.end].sign() == Some('+');
    if plus && [&this.quantity, &next.quantity].iter().all(|quantity| quantity.written == Written::Digits) {
        let sum = this.quantity.value.plus(next.quantity.value);
        this.quantity.also.extend(sum);
        next.quantity.also.extend(sum);
    }
}

/// A quarter-final has eight sides, a semi-final four.
pub(super) fn also_sides(quantity: &mut Quantity) {
    let sides = quantity.value.inverse().and_then(|rounds| rounds.times(Value::whole(2)));
    quantity.also.extend(sides.filter(|_| quantity.value.to_f64() < 1.0));
}

/// `1950-53`: the second is 1953 too.
fn short_year(before: Value, this: &mut Quantity) {
    if let (Some(year @ 1000..2100), Some(short @ 0..100)) = (before.to_whole(), this.value.to_whole()) {
        this.also.push(Value::whole(year / 100 * 100 + short));
    }
}

/// Four digits on end, as in a year of our time.
pub(super) fn is_year(figure: &What) -> bool {
    let What::Figure(Figure { value, form: Form::Plain(4), .. }) = figure else { return false };
    value.to_whole().is_some_and(|value| (1000..2100).contains(&value))
}

/// Whether the figure is joined to letters: HER2, 3D, F-16.
fn is_part_of_name(tokens: &[Token], at: usize) -> bool {
    let latin = |token: &Token| token.word().is_some_and(|word| word.is_ascii());
    let glued_before = at > 0 && tokens[at].glued && latin(&tokens[at - 1]);
    let hyphen_before = at > 1
        && tokens[at].glued
        && tokens[at - 1].glued
        && matches!(tokens[at - 1].sign(), Some('-' | '–' | '/'))
        && tokens[at - 2].word().is_some();
    let glued_after = tokens.get(at + 1).is_some_and(|token| token.glued && latin(token));
    glued_before || hyphen_before || glued_after
}

/// The 2 of `km2`.
fn is_exponent(tokens: &[Token], at: usize) -> bool {
    let (this, before) = (&tokens[at], at.checked_sub(1).and_then(|at| tokens[at].word()));
    let power = matches!(&this.what, What::Figure(figure) if figure.value == Value::whole(2) || figure.value == Value::whole(3));
    this.glued
        && power
        && before.is_some_and(|word| matches!(word, "m" | "km" | "cm" | "mm" | "م" | "كم" | "سم" | "مم"))
}

/// The readings of a time of day: with 12 hours and with 24, and as four digits.
pub(super) fn as_time(quantity: &mut Quantity) {
    let Some(minutes) = quantity.value.times(Value::whole(100)).and_then(Value::to_whole) else { return };
    let (hour, minute) = (minutes / 100, minutes % 100);
    if hour > 24 || minute > 59 {
        return;
    }
    quantity.kind = Kind::Time;
    let hundredths = |number| Value::fraction(number, 100);
    quantity.also.extend(hundredths((hour + 12) % 24 * 100 + minute));
    if hour == 0 || hour == 12 || hour == 24 {
        quantity.also.extend([hundredths(minute), hundredths(1200 + minute)].into_iter().flatten());
    }
    quantity.also.push(Value::whole(minutes));
    let value = quantity.value;
    quantity.also.retain(|also| *also != value);
}

/// Gives a quantity its unit, and the kind that goes with it.
pub(super) fn give_unit(quantity: &mut Quantity, units: &'static [Unit]) {
    let Some(first) = units.first() else { return };
    // The 19th century is a name; two centuries are a measure.
    if matches!(quantity.kind, Kind::Ordinal | Kind::Decade) && matches!(first.name, "century" | "decade") {
        return;
    }
    quantity.units = units;
    if matches!(quantity.kind, Kind::Cardinal | Kind::Year | Kind::Score) {
        quantity.kind = if first.kind == "money" { Kind::Money } else { Kind::Measure };
    }
}

/// The value of a sign like ½.
pub(super) fn vulgar_fraction(sign: char) -> Option<Value> {
    let (numerator, denominator) = match sign {
        '½' => (1, 2),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅛' => (1, 8),
        '⅜' => (3, 8),
        '⅝' => (5, 8),
        '⅞' => (7, 8),
        _ => return None,
    };
    Value::fraction(numerator, denominator)
}
