//! Quantities of English text.

use super::calendar;
use super::digits::{Figure, Form};
use super::read::{Found, Sum, also_sides, as_time, give_unit, hint, settle, vague, vulgar_fraction};
use super::token::{Token, What, tokens};
use super::units;
use super::value::Value;
use super::words::{self, Class};
use super::{Kind, Quantity, Written};

/// The quantities of an English text, in order.
pub(crate) fn read(text: &str) -> Vec<Quantity> {
    let tokens = tokens(text);
    let named: Vec<_> = calendar::read_english(text).into_iter().filter(|mention| mention.sure).collect();
    let reader = Reader {
        text,
        is_name: tokens.iter().map(|token| named.iter().any(|name| name.span.contains(token.span))).collect(),
        tokens,
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        match reader.number(at).or_else(|| reader.hint(at)) {
            Some(number) => {
                at = number.end;
                found.push(number);
            }
            None => at += 1,
        }
    }
    for number in &mut found {
        reader.look_around(number);
    }
    settle(&mut found, &reader.tokens);
    found.into_iter().map(|found| found.quantity).collect()
}

/// Millions within billions within trillions, and one to spare.
const DEEPEST: usize = 4;

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// Whether the token belongs to the name of a month or a weekday.
    is_name: Vec<bool>,
}

/// What goes on with a number.
#[derive(Clone, Copy)]
struct Item {
    class: Class,
    value: Value,
    /// Whether `and` stands before it.
    and: bool,
    /// Whether a comma does.
    comma: bool,
    /// Whether `a` does: a hundred, a third.
    article: bool,
    /// Its own token, and the one after it.
    at: usize,
    end: usize,
}

impl Reader<'_> {
    /// The number whose first token is `at`.
    fn number(&self, at: usize) -> Option<Found> {
        if self.is_name[at] {
            return None;
        }
        let sum = self.sum(at, 0)?;
        let (scale, last, value, end) = (sum.scale, sum.last, sum.value()?, sum.end);
        let one_word = end == at + 1 && !sum.digits;
        let mut quantity = sum.quantity(&self.tokens, at)?;
        let hints = if last == Class::Ordinal { 2 } else { 1 };
        if one_word && value.to_whole().is_some_and(|value| (1..=hints).contains(&value)) {
            quantity.written = Written::Hint;
        }
        if last == Class::Decade {
            quantity.kind = Kind::Decade;
            if let Some(short @ 0..100) = value.to_whole() {
                quantity.also.push(Value::whole(1900 + short));
            }
        }
        Some(Found { quantity, start: at, end, scale })
    }

    /// Adds up the number that begins at token `at`; `depth` counts the scales it is inside of.
    fn sum(&self, at: usize, depth: usize) -> Option<Sum> {
        let mut sum = match &self.tokens.get(at)?.what {
            What::Figure(figure) => self.figure(figure, at),
            What::Sign(sign) => Sum { digits: true, ..Sum::open(vulgar_fraction(*sign)?, Class::Fraction, at + 1) },
            What::Word(key) if key == "a" || key == "an" => {
                let item = self.item(at).filter(|item| item.article)?;
                let mut sum = Sum::open(Value::whole(1), Class::Unit, at + 1);
                let entry = words::english(self.key(item.at)?);
                sum.also = entry.iter().find(|entry| entry.class == Class::Ordinal).map(|entry| entry.value);
                let also = sum.also;
                self.extend(&mut sum, Item { article: false, ..item }, depth)?;
                sum.also = also;
                sum
            }
            What::Word(key) => {
                let starts = |class| {
                    matches!(
                        class,
                        Class::Unit | Class::Teen | Class::Tens | Class::Fraction | Class::Ordinal | Class::Decade
                    )
                };
                let entry = words::english(key).iter().find(|entry| starts(entry.class))?;
                Sum::open(entry.value, entry.class, at + 1)
            }
        };
        while let Some(item) = self.item(sum.end) {
            let before = sum.end;
            if self.extend(&mut sum, item, depth).is_none() || sum.end == before {
                break;
            }
        }
        Some(sum)
    }

    /// A figure with the letters that are written to it: 39m, 21st, 1980s.
    fn figure(&self, figure: &Figure, at: usize) -> Sum {
        let mut sum = Sum::figure(figure, at + 1);
        let Some(key) = self.tokens.get(at + 1).filter(|token| token.glued).and_then(Token::word) else { return sum };
        if matches!(key, "st" | "nd" | "rd" | "th") {
            sum.ordinal = true;
            sum.last = Class::Ordinal;
            sum.end += 1;
        } else if key == "s" {
            sum.last = Class::Decade;
            sum.end += 1;
        } else if let Some(suffix) = words::english(key).iter().find(|entry| entry.class == Class::Suffix) {
            let money = self.is_money_before(at);
            let metres = key == "m" && !money;
            if key.len() == 1 && !matches!(key, "m" | "k") && !money {
                return sum; // clade 1b
            }
            let plain = figure.value;
            if sum.close(suffix.value).is_some() {
                sum.also = metres.then_some(plain);
                sum.end += 1;
            }
        }
        sum
    }

    /// What may go on with a number at token `at`: a word, perhaps after `and`, `of`, `a`, a comma or a hyphen.
    fn item(&self, at: usize) -> Option<Item> {
        let mut next = at;
        let mut take = |words: &[&str]| {
            let taken = self.key(next).is_some_and(|key| words.contains(&key));
            next += usize::from(taken);
            taken
        };
        let and = take(&["and"]);
        let of = !and && take(&["of"]);
        let article = take(&["a", "an"]) || of && take(&["the"]);
        let sign = self.tokens.get(next)?.sign();
        let comma = sign == Some(',');
        let hyphen = matches!(sign, Some('-' | '–' | '‑')) && self.tokens[next].glued;
        if comma || hyphen && self.tokens.get(next + 1).is_some_and(|token| token.glued) {
            next += 1;
        }
        let token = self.tokens.get(next).filter(|_| !self.is_name[next])?;
        let item = |class, value| Item { class, value, and, comma, article, at: next, end: next + 1 };
        match &token.what {
            What::Figure(figure) => (!hyphen && !of).then(|| item(Class::Figure, figure.value)),
            What::Sign(sign) => Some(item(Class::Parts, vulgar_fraction(*sign)?)),
            What::Word(key) => {
                let entry = words::english(key).iter().find(|entry| entry.class != Class::Suffix)?;
                let follows = !of || matches!(entry.class, Class::Scale | Class::Dozen | Class::Hundred);
                follows.then(|| item(entry.class, entry.value))
            }
        }
    }

    /// Adds `item` to `sum`, if it goes on with it: then `sum.end` moves.
    fn extend(&self, sum: &mut Sum, item: Item, depth: usize) -> Option<()> {
        use Class::{Dozen, Figure, Fraction, Hundred, Ordinal, Parts, Scale, Suffix, Teen, Tens, Unit};
        let small = sum.group.and_then(Value::to_whole);
        let closes = |sum: &Sum| sum.scale.is_none_or(|scale| item.value.to_f64() < scale.to_f64());
        let linked = !item.comma && (!item.and || item.article);
        let named = words::english(self.key(item.at).unwrap_or_default());
        let small_ordinal = named.iter().find(|entry| entry.class == Ordinal && entry.value.to_f64() < 10.0);
        match (sum.last, item.class) {
            (Tens, Unit) if linked && !sum.digits => sum.add(item.value, Unit)?,
            (Tens, _) if small_ordinal.is_some() && linked && !sum.digits => {
                sum.add(small_ordinal?.value, Ordinal)?;
                sum.ordinal = true;
            }
            (Unit | Teen | Tens | Figure, Hundred) if linked => sum.multiply(item.value, Hundred)?,
            (Hundred, Unit | Teen | Tens) if !item.comma && !sum.digits => sum.add(item.value, item.class)?,
            (Figure | Unit | Teen | Tens, Fraction) if item.and && item.article => sum.add(item.value, Fraction)?,
            (Figure, Parts) if self.tokens[item.at].sign().is_some() => sum.add(item.value, Fraction)?,
            // Two thirds, one third, a third.
            (Unit | Teen, Parts | Fraction) if linked && (small == Some(1) || self.key(item.at)?.ends_with('s')) => {
                sum.multiply(item.value, Fraction)?;
            }
            (Scale, Fraction) if item.and && item.article => {
                let half = item.value.times(sum.scale?)?;
                sum.total = sum.total.plus(half)?;
                sum.last = Suffix; // nothing more follows
            }
            (Fraction, Scale | Dozen | Hundred) if linked => sum.close(item.value)?,
            (Figure | Unit | Teen | Tens | Hundred, Scale | Dozen) if linked && !item.article && closes(sum) => {
                sum.close(item.value)?;
            }
            // What is smaller than the scale.
            (Scale | Hundred, Figure | Unit | Teen | Tens | Hundred | Scale)
                if depth < DEEPEST && sum.group.is_none() && (!item.article || item.and) =>
            {
                let begin = if item.article { item.at - 1 } else { item.at };
                let rest = self.sum(begin, depth + 1)?;
                let smaller = rest.value()?.to_f64() < sum.scale?.to_f64();
                let goes_on = rest.scale.is_some() || !item.comma && (item.and || !rest.digits && !sum.digits);
                return if smaller && goes_on { sum.join(&rest) } else { None };
            }
            _ => return None,
        }
        sum.end = item.end;
        Some(())
    }

    /// What stands around a number: a percent sign, a unit, a currency, half of the day.
    fn look_around(&self, found: &mut Found) {
        let quantity = &mut found.quantity;
        let end = found.end;
        let of_one = |at: &usize| matches!(self.key(*at), Some("of" | "a" | "an" | "one"));
        // Half a percent, a quarter of one percent.
        let of = if quantity.value.to_f64() < 1.0 { (end..end + 2).take_while(of_one).count() } else { 0 };
        if self.is_percent(end) || self.is_percent(end + of) {
            quantity.kind = Kind::Percent;
            return;
        }
        let behind = end + usize::from(self.tokens.get(end).and_then(Token::sign) == Some('-'));
        if self.key(behind).is_some_and(|key| key.starts_with("final")) {
            also_sides(quantity);
        }
        if quantity.written == Written::Hint {
            // One year may answer for twelve months.
            let units = self.key(behind).map_or(&[][..], units::english);
            if quantity.value == Value::whole(1) && units.first().is_some_and(|unit| unit.kind == "time") {
                give_unit(quantity, units);
            }
            return;
        }
        let key = self.key(end).unwrap_or_default();
        if key == "basis" && matches!(self.key(end + 1), Some("point" | "points")) {
            return give_unit(quantity, units::english("basis points"));
        }
        let before = |back: usize| found.start.checked_sub(back).and_then(|at| self.key(at));
        if let (Some(part @ ("half" | "quarter")), Some("past")) = (before(2), before(1)) {
            let minutes = Value::fraction(if part == "half" { 30 } else { 15 }, 100);
            quantity.value = minutes.and_then(|minutes| quantity.value.plus(minutes)).unwrap_or(quantity.value);
            return as_time(quantity);
        }
        let What::Figure(figure) = &self.tokens[found.start].what else { return self.unit(found) };
        let zone = matches!(key, "gmt" | "utc");
        if figure.form == Form::Time || matches!(key, "am" | "pm" | "oclock") {
            as_time(quantity);
        } else if figure.form == Form::Plain(4) && (zone || key == "hours") {
            let value = quantity.value;
            quantity.value = value.times(Value::fraction(1, 100).expect("not by zero")).unwrap_or(value);
            as_time(quantity);
        } else {
            self.unit(found);
        }
    }

    /// Whether a percent sign or the word stands at `at`.
    fn is_percent(&self, at: usize) -> bool {
        let key = self.key(at).unwrap_or_default();
        self.tokens.get(at).and_then(Token::sign).is_some_and(|sign| matches!(sign, '%' | '٪'))
            || matches!(key, "percent" | "pc" | "pct" | "percentage")
            || key == "per" && matches!(self.key(at + 1), Some("cent" | "cents"))
    }

    /// The currency before it, or the unit or currency after it.
    fn unit(&self, found: &mut Found) {
        if let Some(sign) = found.start.checked_sub(1).and_then(|at| self.tokens[at].sign()) {
            give_unit(&mut found.quantity, units::english(&sign.to_string()));
        }
        if !found.quantity.units.is_empty() || found.quantity.kind == Kind::Decade {
            return;
        }
        let mut at = found.end;
        if found.quantity.value.to_f64() < 1.0 && self.part_of_unit(found) {
            return;
        }
        if self.tokens.get(at).and_then(Token::sign) == Some('-') {
            at += 1;
        }
        let units_at = |at: usize| match self.tokens.get(at).map(|token| &token.what) {
            Some(What::Word(key)) => units::english(key),
            Some(What::Sign(sign)) => units::english(&sign.to_string()),
            _ => &[],
        };
        let year = found.end == found.start + 1
            && matches!(&self.tokens[found.start].what, What::Figure(figure) if figure.form == Form::Plain(4));
        let next = units_at(at);
        if next.first().is_some_and(|unit| !year || unit.kind != "time") {
            return give_unit(&mut found.quantity, next);
        }
        // Three million Egyptian pounds; 250,000 U.S. dollars; 200 square kilometres.
        for at in at + 1..at + 4 {
            let full_stop = self.tokens.get(at - 1).and_then(Token::sign) == Some('.');
            if self.key(at - 1).is_none() && !full_stop {
                return;
            }
            let units = units_at(at);
            let square = matches!(self.key(at - 1), Some("square" | "cubic" | "metric"));
            if units.first().is_some_and(|unit| square || unit.kind == "money") {
                return give_unit(&mut found.quantity, units);
            }
        }
    }

    /// Gives a fraction its unit, if it is one of a unit: half a century, a quarter of an hour, a decade and a half.
    fn part_of_unit(&self, found: &mut Found) -> bool {
        let time = |at: Option<usize>| {
            let units = at.and_then(|at| self.key(at)).map_or(&[][..], units::english);
            (units.first().is_some_and(|unit| unit.kind == "time")).then_some(units)
        };
        let words =
            (found.end..found.end + 2).take_while(|at| matches!(self.key(*at), Some("a" | "an" | "of" | "the")));
        let behind = match words.count() {
            0 => None,
            words => time(Some(found.end + words)),
        };
        let before = |back| found.start.checked_sub(back);
        let one = matches!(before(3).and_then(|at| self.key(at)), Some("a" | "an" | "one"));
        let and = before(1).and_then(|at| self.key(at)) == Some("and");
        if let Some(units) = behind {
            give_unit(&mut found.quantity, units);
        } else if let Some(units) = time(before(2)).filter(|_| one && and)
            && let Some(both) = found.quantity.value.plus(Value::whole(1))
        {
            found.quantity.value = both;
            give_unit(&mut found.quantity, units);
        } else {
            return false;
        }
        true
    }

    fn is_money_before(&self, at: usize) -> bool {
        let sign = at.checked_sub(1).and_then(|at| self.tokens[at].sign());
        sign.is_some_and(|sign| !units::english(&sign.to_string()).is_empty())
    }

    /// A word that may answer for a number: one of the table, a Roman numeral, `sixfold`, a hundred without a number.
    fn hint(&self, at: usize) -> Option<Found> {
        let key = self.key(at)?;
        let find = |key: &str, classes: &[Class]| {
            let entries = words::english(key).iter();
            entries.filter(|entry| classes.contains(&entry.class)).map(|entry| entry.value).next()
        };
        if let Some(scale) = find(key, &[Class::Plural]) {
            return Some(vague(&self.tokens, at, scale));
        }
        let value = find(key, &[Class::Answer, Class::Hundred, Class::Scale, Class::Dozen])
            .or_else(|| find(key.strip_suffix("fold")?, &[Class::Unit, Class::Teen, Class::Tens]))
            .or_else(|| self.group(at).map(Value::whole))
            .or_else(|| roman(self.tokens[at].span.of(self.text)).map(Value::whole));
        let mut found = hint(&self.tokens, at, value?);
        // What doubled grew by a hundred percent.
        let grown = ["doubl", "tripl", "trebl", "quadrupl"].iter().any(|stem| key.starts_with(stem));
        let percent = found.quantity.value.to_whole().and_then(|times| times.checked_sub(1)).filter(|_| grown);
        if let Some(times) = percent {
            found.quantity.kind = Kind::Percent;
            found.quantity.also.push(Value::whole(times * 100));
        }
        Some(found)
    }

    /// The D of `Group D`, which Arabic calls the fourth.
    fn group(&self, at: usize) -> Option<u128> {
        let before = at.checked_sub(1).and_then(|at| self.key(at)).filter(|word| *word == "group");
        let letter = self.key(at).filter(|key| key.len() == 1 && before.is_some())?;
        Some(u128::from(letter.as_bytes()[0].checked_sub(b'a')?) + 1)
    }

    fn key(&self, at: usize) -> Option<&str> {
        self.tokens.get(at)?.word()
    }
}

/// The value of a Roman numeral of two letters or more, in capitals: the VII of a chapter or a king.
fn roman(word: &str) -> Option<u128> {
    let digits: Option<Vec<u128>> = word
        .chars()
        .map(|c| match c {
            'I' => Some(1),
            'V' => Some(5),
            'X' => Some(10),
            'L' => Some(50),
            _ => None,
        })
        .collect();
    let digits = digits.filter(|digits| (2..=8).contains(&digits.len()))?;
    let next = digits[1..].iter().chain([&0]);
    let (plus, minus): (Vec<_>, Vec<_>) = digits.iter().zip(next).partition(|(one, next)| one >= next);
    let sum = |part: &[(&u128, &u128)]| part.iter().map(|(one, _)| **one).sum::<u128>();
    sum(&plus).checked_sub(sum(&minus))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endless_numbers_take_linear_time() {
        for piece in ["one million and ", "1 million, ", "a hundred ", "2-", "half of a ", "twenty-"] {
            read(&piece.repeat(100_000 / piece.len()));
        }
        for piece in ["ألف و", "مليون وألف و", "3 آلاف و", "مئة ", "و ", "الساعة 5 و"] {
            super::super::arabic::read(&piece.repeat(100_000 / piece.len()));
        }
    }
}
