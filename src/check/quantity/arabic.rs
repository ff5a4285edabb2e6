//! Quantities of Arabic text.

use super::calendar::{self, Mention, Name};
use super::digits::Form;
use super::read::{Found, Sum, also_sides, as_time, give_unit, hint, is_year, settle, vague, vulgar_fraction};
use super::token::{Token, What, tokens};
use super::value::Value;
use super::words::{self, Class, stems};
use super::{Kind, Quantity, Written, units};
use crate::article::Span;
use crate::segment::addresses;

/// The quantities of an Arabic text, in order. Names of months and weekdays are none, though some hold numbers.
pub(crate) fn read(text: &str) -> Vec<Quantity> {
    let tokens = tokens(text);
    let is_day = |mention: &Mention| matches!(mention.name, Name::Weekday(_)) && mention.span.of(text).contains("ال");
    let named = calendar::read_arabic(text).into_iter().filter(|mention| mention.sure || is_day(mention));
    let named: Vec<_> = named.collect();
    let reader = Reader {
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
    reader.join_neighbours(&mut found);
    settle(&mut found, &reader.tokens);
    let mut all: Vec<Quantity> =
        found.into_iter().map(|found| found.quantity).chain(reader.of_addresses(text)).collect();
    all.sort_by_key(|quantity| quantity.span);
    all
}

struct Reader {
    tokens: Vec<Token>,
    /// Whether the token belongs to the name of a month or a weekday.
    is_name: Vec<bool>,
}

/// Words before a year.
const YEAR: &[&str] = &["عام", "سنه", "عامي", "سنتي", "موسم", "اعوام", "سنوات"];

/// Words before the short year of a war.
const WARS: &[&str] = &["حرب", "نكسه", "هزيمه", "حدود", "عدوان", "انتفاضه"];
/// Words before the name of a town, which may be a number: مدينة الخمس, بئر السبع.
const TOWNS: &[&str] = &["مدينه", "بلديه", "بير"];
/// Words behind a goal that is counted and no purpose: بهدف دون رد, بهدف لمثله.
const GOAL: &[&str] = &["دون", "مثله", "نظيف", "وحيد", "مقابل", "يتيم"];
/// Points, of a hundred or of ten thousand.
const POINTS: &[&str] = &["نقطه", "نقاط"];

/// Millions within billions within trillions, and one to spare.
const DEEPEST: usize = 4;

/// A word or figure that numbers are made of.
#[derive(Clone, Copy)]
struct Item {
    class: Class,
    value: Value,
    /// Whether و stands before it, in the same word or alone.
    and: bool,
    preposition: bool,
    article: bool,
    /// Its token, and the one after it.
    at: usize,
    end: usize,
}

impl Item {
    /// Whether it may be an hour without the word: الثامنة.
    fn is_hour(&self, key: &str) -> bool {
        self.class == Class::Ordinal && self.article && key.ends_with('ه')
    }
}

impl Reader {
    /// The numbers in addresses, which may answer for those of an English one that was cut to pieces.
    fn of_addresses(&self, text: &str) -> Vec<Quantity> {
        let is_token = |address: &Span| self.tokens.binary_search_by_key(address, |token| token.span).is_ok();
        let all = addresses(text).into_iter().filter(is_token);
        let digits = all.flat_map(|address| address.of(text).split(|c: char| !c.is_ascii_digit()));
        let quantities = digits.filter_map(|digits| {
            let (start, value) = (digits.as_ptr() as usize - text.as_ptr() as usize, Value::decimal(digits, 0)?);
            let span = Span::new(start, start + digits.len());
            let (kind, written) = (Kind::Cardinal, Written::Hint);
            Some(Quantity { span, value, also: Vec::new(), parts: Vec::new(), kind, units: &[], written })
        });
        quantities.collect()
    }

    fn item(&self, at: usize) -> Option<Item> {
        let token = self.tokens.get(at).filter(|_| !self.is_name[at])?;
        let plain =
            |class, value| Item { class, value, and: false, preposition: false, article: false, at, end: at + 1 };
        match &token.what {
            What::Figure(figure) => Some(plain(Class::Figure, figure.value)),
            What::Sign(sign) => Some(plain(Class::Parts, vulgar_fraction(*sign)?)),
            What::Word(key) if key == "و" => {
                let next = self.tokens.get(at + 1).filter(|next| next.word() != Some("و"))?;
                let item = self.item(at + 1).filter(|item| !item.and && !item.preposition);
                let glued = matches!(next.what, What::Figure(_)) || !next.glued;
                Some(Item { and: true, ..item.filter(|_| glued)? })
            }
            What::Word(key) => {
                let word = words::arabic(key)?;
                // ميتا is dead and كمية a quantity: without a hamza it is not a hundred.
                if matches!(word.entry.class, Class::Hundred | Class::Hundreds) && !token.has_hamza {
                    return None;
                }
                let item = plain(word.entry.class, word.entry.value);
                Some(Item { and: word.and, preposition: word.preposition, article: word.article, ..item })
            }
        }
    }

    /// The number whose first token is `at`.
    fn number(&self, at: usize) -> Option<Found> {
        let item = self.item(at).filter(|item| item.at == at)?;
        if self.is_percent(at).is_some() {
            return None;
        }
        let sum = self.sum(item, 0)?;
        let (mut end, scale, value, last) = (sum.end, sum.scale, sum.value()?, sum.last);
        let alone = end == at + 1 && !sum.digits;
        let mut quantity = sum.quantity(&self.tokens, at)?;
        let key = self.key(at).unwrap_or_default();
        if alone && self.is_hint(&item, key, end) {
            quantity.written = Written::Hint;
        }
        if alone && item.class == Class::Unit && key.ends_with("خمس") {
            quantity.also.extend(Value::fraction(1, 5));
        }
        if last == Class::Decade {
            quantity.kind = Kind::Decade;
            let (century, after) = self.century(end).unwrap_or((Value::whole(1900), end));
            quantity.also.extend(value.plus(century));
            end = after;
        } else if let part = self.item(end).filter(|item| item.class == Class::Fraction && item.and && item.at == end)
            && (at > 0 && self.is_clock(at - 1) || part.is_some_and(|part| part.article) && item.is_hour(key))
        {
            if let Some(part) = part
                && let Some(minutes) = part.value.times(Value::fraction(60, 100)?)
            {
                quantity.value = value.plus(minutes)?;
                end = part.end;
            }
            as_time(&mut quantity);
        }
        Some(Found { quantity, start: at, end, scale })
    }

    /// Whether a word for a number, alone, need not mean one: واحد, the second, the million, a semi-final, a radius.
    fn is_hint(&self, item: &Item, key: &str, end: usize) -> bool {
        let next = self.key(end).unwrap_or_default();
        let small = item.value.to_whole().unwrap_or_default();
        match item.class {
            Class::Unit => {
                let town = item.article && item.at > 0 && self.is_any(item.at - 1, TOWNS);
                small == 1 || town || key.ends_with("اثني") || key.ends_with("اثنا")
            }
            Class::Ordinal => small <= 2,
            Class::Scale | Class::Hundred => item.article,
            Class::Fraction => self.is_final(end) || next.starts_with("قطر"),
            // A religious feast.
            Class::Tens => small == 40 && item.article,
            _ => false,
        }
    }

    /// Adds up the number that begins with `first`; `depth` counts the scales it is inside of.
    fn sum(&self, first: Item, depth: usize) -> Option<Sum> {
        let mut sum = match (first.class, &self.tokens[first.at].what) {
            (Class::Figure, What::Figure(figure)) => Sum::figure(figure, first.end),
            (Class::Plural | Class::Suffix | Class::Answer, _) => return None,
            (Class::Parts, What::Sign(_)) => Sum { digits: true, ..Sum::open(first.value, Class::Fraction, first.end) },
            (Class::Parts, _) => return None,
            (Class::Scale, _) => Sum::scale(Value::whole(1), first.value, first.end)?,
            (Class::Dual, _) => Sum::scale(Value::whole(2), first.value, first.end)?,
            // مليوناً by itself is one, مليونا دولار are two; without the mark they look alike. What goes on is one.
            (Class::Either, _) => {
                let sum = Sum::scale(Value::whole(2), first.value, first.end)?;
                Sum { also: Some(first.value), ..sum }
            }
            (class, _) => Sum::open(first.value, class, first.end),
        };
        let of_day = first.at > 0 && self.is_clock(first.at - 1);
        // عام 2009 آلاف الهزات
        if sum.also.is_none() && is_year(&self.tokens[first.at].what) && first.at > 0 && self.is_any(first.at - 1, YEAR)
        {
            return Some(sum);
        }
        while let Some(item) = self.item(sum.end).filter(|item| !item.preposition) {
            let before = sum.end;
            if of_day && item.class == Class::Fraction || self.is_percent(item.at).is_some() {
                break;
            }
            let one = Sum::scale(Value::whole(1), first.value, first.end)
                .filter(|_| first.class == Class::Either && sum.end == first.end);
            let mut next = one.unwrap_or_else(|| sum.clone());
            if self.extend(&mut next, item, depth).is_none() || next.end == before {
                break;
            }
            sum = next;
        }
        Some(sum)
    }

    /// Adds `item` to `sum`, if it goes on with it: then `sum.end` moves.
    fn extend(&self, sum: &mut Sum, item: Item, depth: usize) -> Option<()> {
        use Class::{
            Dual, Either, Figure, Fraction, Hundred, Hundreds, Ordinal, Parts, Plural, Scale, Suffix, Teen, Ten, Tens,
            Unit,
        };
        let small = sum.group.and_then(Value::to_whole);
        match (sum.last, item.class, item.and) {
            // Thirteen, thirteenth; three hundred; three quarters.
            (Unit | Ordinal, Ten, false) if small.is_some_and(|value| (1..10).contains(&(value % 100))) => {
                sum.add(item.value, Teen)?
            }
            (Unit, Hundred, false) if small.is_some_and(|value| (3..10).contains(&value)) => {
                sum.multiply(item.value, Hundreds)?;
            }
            (Unit, Parts, false) => sum.multiply(item.value, Fraction)?,
            (Figure, Parts, false) if self.tokens[item.at].sign().is_some() => sum.add(item.value, Fraction)?,
            // Twenty-three, twenty-third; a hundred and three.
            (Unit | Ordinal, Tens, true) if small.is_some_and(|value| value % 100 < 10) => sum.add(item.value, Tens)?,
            (Hundred | Hundreds, Unit | Ten | Tens | Ordinal, true) => sum.add(item.value, item.class)?,
            (Figure | Unit | Teen | Tens | Hundred | Hundreds | Ten, Fraction, true) if !sum.ordinal => {
                sum.add(item.value, Fraction)?;
            }
            (Scale, Fraction, true) => {
                let scale = sum.scale?;
                let half = item.value.times(scale)?;
                sum.total = sum.total.plus(half)?;
                sum.last = Suffix; // nothing more follows
                // نصف المليون names the scale again.
                let again = self.item(item.end).filter(|next| next.value == scale && !next.and && !next.preposition);
                sum.end = again.map_or(item.end, |next| next.end);
                return Some(());
            }
            // A scale after its number, and a greater one after a smaller: ألف مليار.
            (_, Scale | Either | Plural, false) if sum.group.is_some() && !sum.ordinal => {
                if sum.scale.is_some_and(|scale| item.value.to_f64() >= scale.to_f64()) {
                    return None;
                }
                sum.close(item.value)?;
            }
            (Scale, Scale | Plural, false) if sum.scale.is_some_and(|scale| item.value.to_f64() > scale.to_f64()) => {
                sum.total = sum.total.times(item.value)?;
                sum.parts.clear();
                sum.scale = Some(item.value);
            }
            // What is smaller than the scale.
            (Scale, Figure | Unit | Ten | Tens | Hundred | Hundreds | Scale | Dual, and) if depth < DEEPEST => {
                let rest = self.sum(item, depth + 1)?;
                let fits = rest.value()?.to_f64() < sum.scale?.to_f64();
                let goes_on = and || rest.scale.is_some() && item.class != Scale;
                return if fits && goes_on { sum.join(&rest) } else { None };
            }
            _ => return None,
        }
        sum.end = item.end;
        Some(())
    }

    /// What stands around a number: a percent sign, a unit, a currency, the hour, the year, the century.
    fn look_around(&self, found: &mut Found) {
        let quantity = &mut found.quantity;
        let before = found.start.checked_sub(1);
        if let Some(end) = self.is_percent(found.end) {
            quantity.kind = Kind::Percent;
            found.end = end;
            return;
        }
        if self.is_final(found.end) {
            also_sides(quantity);
        }
        if quantity.written == Written::Hint {
            // عام واحد may answer for twelve months.
            let units = before.and_then(|at| self.key(at)).map_or(&[][..], units::arabic);
            if quantity.value == Value::whole(1) && units.first().is_some_and(|unit| unit.kind == "time") {
                give_unit(quantity, units);
            }
            return;
        }
        if self.is_any(found.end, POINTS) && self.key(found.end + 1) == Some("اساس") {
            return give_unit(quantity, units::arabic("نقطه اساس"));
        }
        if let Some(sign) = before.and_then(|at| self.tokens[at].sign()) {
            let taken = found.start > 1 && matches!(self.tokens[found.start - 2].what, What::Figure(_));
            if matches!(sign, '%' | '٪') && !taken {
                quantity.kind = Kind::Percent;
                return;
            }
            give_unit(quantity, units::english(&sign.to_string()));
        }
        if quantity.kind == Kind::Time {
            return;
        }
        if matches!(&self.tokens[found.start].what, What::Figure(figure) if figure.form == Form::Time) {
            return as_time(quantity);
        }
        if before.is_some_and(|at| self.is_any(at, &["قرن"]))
            && let Some(century @ 1..=30) = quantity.value.to_whole()
        {
            quantity.also.push(Value::whole((century - 1) * 100));
        }
        if before.is_some_and(|at| self.is_any(at, YEAR)) {
            match quantity.value.to_whole() {
                Some(1000..2200) => quantity.kind = Kind::Year,
                Some(year @ 10..100) if quantity.written == Written::Digits => {
                    quantity.kind = Kind::Year;
                    quantity.also.extend([Value::whole(1900 + year), Value::whole(2000 + year)]);
                }
                _ => {}
            }
        }
        if quantity.kind == Kind::Year {
            return;
        }
        // حرب الـ67
        let of_war =
            |at: usize| self.is_any(at, WARS) || self.key(at) == Some("ال") && at > 0 && self.is_any(at - 1, WARS);
        if let Some(year @ 45..100) = quantity.value.to_whole().filter(|_| before.is_some_and(of_war)) {
            quantity.also.push(Value::whole(1900 + year));
        }
        let beside = self.tokens.get(found.end).map(|token| &token.what);
        let weekday = self.is_name.get(found.end + 1) == Some(&true);
        match beside {
            Some(What::Word(key)) if key == "يوم" && weekday => {}
            Some(What::Word(key)) => give_unit(quantity, units::arabic(key)),
            Some(What::Sign(sign)) => give_unit(quantity, units::english(&sign.to_string())),
            _ => {}
        }
    }

    /// The first year of the century that is named at `at`, and the token after it: القرن التاسع عشر.
    fn century(&self, at: usize) -> Option<(Value, usize)> {
        self.key(at).filter(|key| *key == "القرن")?;
        let sum = self.sum(self.item(at + 1)?, 0)?;
        let first = sum.value()?.to_whole()?.checked_sub(1)?.checked_mul(100)?;
        Some((Value::whole(first), sum.end))
    }

    /// What is said in two numbers with a noun between: ثلاث ساعات ونصف, 67 دولارا و8 سنتات,
    /// الرابعة و17 دقيقة; and ساعة ونصف.
    fn join_neighbours(&self, found: &mut [Found]) {
        let starts_with_and =
            |at: usize| self.item(at).is_some_and(|item| item.and) || at > 0 && self.key(at - 1) == Some("و");
        for at in 0..found.len() {
            let (before, rest) = found.split_at_mut(at);
            let this = &mut rest[0];
            if !starts_with_and(this.start) || this.quantity.written == Written::Hint {
                continue;
            }
            let fraction = self.item(this.start).is_some_and(|item| item.class == Class::Fraction);
            let noun = this.start.checked_sub(1).and_then(|at| self.key(at));
            let said = |found: &Found| matches!(found.quantity.written, Written::Digits | Written::Words);
            let number = before.iter_mut().rev().find(|before| said(before));
            match number.filter(|before| this.start - before.end <= 2) {
                Some(before) => self.join(before, this, fraction),
                None if fraction && let Some(noun) = noun => join_noun(&mut this.quantity, noun),
                None => {}
            }
        }
    }

    /// Joins a number to the one before it, if both together are one.
    fn join(&self, before: &mut Found, this: &mut Found, fraction: bool) {
        let value = this.quantity.value;
        let is_unit = |name: &str| this.quantity.units.iter().any(|unit| unit.name == name);
        let hundredths = Value::fraction(1, 100).and_then(|hundredth| value.times(hundredth));
        let both = hundredths.and_then(|hundredths| before.quantity.value.plus(hundredths));
        let hour =
            || self.item(before.start).is_some_and(|item| item.is_hour(self.key(before.start).unwrap_or_default()));
        if fraction {
            before.quantity.also.extend(before.quantity.value.plus(value));
            this.quantity.written = Written::Hint;
        } else if is_unit("cent") && before.quantity.kind == Kind::Money || self.is_hundredths(this.end) {
            before.quantity.also.extend(both);
            this.quantity.also.extend(both);
        } else if is_unit("minute") && (before.quantity.kind == Kind::Time || hour()) {
            before.quantity.value = both.unwrap_or(before.quantity.value);
            before.quantity.also.clear();
            as_time(&mut before.quantity);
            this.quantity.also.extend(before.quantity.readings());
        }
    }

    /// Whether `جزءا من المئة` stands at `at`.
    fn is_hundredths(&self, at: usize) -> bool {
        let hundred = self.key(at + 2).and_then(words::arabic).is_some_and(|word| word.entry.class == Class::Hundred);
        hundred && self.key(at).is_some_and(|key| key.starts_with("جز")) && self.key(at + 1) == Some("من")
    }

    /// The token after `%`, `بالمئة` or `في المئة`, if one of them stands at `at`.
    fn is_percent(&self, at: usize) -> Option<usize> {
        let hundred = |at: usize| {
            let word = self.key(at).and_then(words::arabic);
            word.filter(|word| word.article && word.entry.class == Class::Hundred)
        };
        if matches!(self.tokens.get(at)?.sign(), Some('%' | '٪')) {
            return Some(at + 1);
        }
        if self.is_any(at, POINTS) && self.key(at + 1) == Some("ميويه") {
            return Some(at + 2);
        }
        if self.key(at) == Some("في") {
            return hundred(at + 1).map(|_| at + 2);
        }
        let inside = at > 0 && self.key(at - 1) == Some("في");
        hundred(at).filter(|word| word.preposition || inside).map(|_| at + 1)
    }

    /// Whether `النهائي` stands at `at`.
    fn is_final(&self, at: usize) -> bool {
        self.key(at).is_some_and(|key| key.ends_with("نهايي"))
    }

    /// Whether `الساعة` stands at `at`.
    fn is_clock(&self, at: usize) -> bool {
        self.key(at).is_some_and(|key| stems(key).any(|stem| stem.word == "ساعه" && stem.article))
    }

    /// A word that may answer for a number: one of the table, or what may be a dual.
    fn hint(&self, at: usize) -> Option<Found> {
        let key = self.key(at).filter(|_| !self.is_name[at])?;
        let word = words::arabic(key);
        // By itself ثمن is a price.
        if key.ends_with("ثمن") && self.is_final(at + 1) {
            return Some(hint(&self.tokens, at, Value::fraction(1, 8)?));
        }
        if key.ends_with("بهدف") && self.is_any(at + 1, GOAL) {
            return Some(hint(&self.tokens, at, Value::whole(1)));
        }
        if key == "رد" && at > 0 && self.is_any(at - 1, &["دون"]) {
            return Some(hint(&self.tokens, at, Value::whole(0)));
        }
        if let Some(scale) = word.filter(|word| word.entry.class == Class::Plural) {
            return Some(vague(&self.tokens, at, scale.entry.value));
        }
        let answer = word.filter(|word| word.entry.class == Class::Answer);
        let unit = units::arabic(key).iter().any(|unit| unit.dual);
        if let Some(answer) = answer {
            let mut found = hint(&self.tokens, at, answer.entry.value);
            // Two decades are twenty, and two.
            found.quantity.also.extend(unit.then_some(Value::whole(2)));
            return Some(found);
        }
        let letters = key.chars().count();
        let dual = letters > 3 && (key.ends_with("ين") || key.ends_with("ان"))
            || letters > 4 && (key.ends_with("تا") || key.ends_with("تي"));
        (unit || dual).then(|| {
            let mut found = hint(&self.tokens, at, Value::whole(2));
            if unit {
                found.quantity.written = Written::Words;
                give_unit(&mut found.quantity, units::arabic(key));
            }
            found
        })
    }

    /// Whether one of `words` stands at `at`, perhaps with particles.
    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        self.key(at).is_some_and(|key| stems(key).any(|stem| words.contains(&stem.word)))
    }

    fn key(&self, at: usize) -> Option<&str> {
        self.tokens.get(at)?.word()
    }
}

/// Adds the noun before `and a half` to it: عقد ونصف is one and a half of a decade, عقدين ونصف are two and a half.
fn join_noun(part: &mut Quantity, noun: &str) {
    let units = units::arabic(noun);
    let whole = Value::whole(if units.iter().any(|unit| unit.dual) { 2 } else { 1 });
    let both = part.value.plus(whole);
    if units.is_empty() {
        part.also.extend(both);
    } else if let Some(both) = both {
        part.value = both;
        give_unit(part, units);
    }
}
