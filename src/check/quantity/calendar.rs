//! Months and weekdays of Arabic and English text.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::token::{Token, What, tokens};
use super::words::{self, Class, stems};
use crate::article::Span;
use crate::segment::fold;

/// A month or a weekday that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Its bytes; both names, where a month is named twice.
    pub(crate) span: Span,
    /// Which.
    pub(crate) name: Name,
    /// Whether it can be nothing else: `May` and `مارس` can, and so can the numbers of `5/11`.
    pub(crate) sure: bool,
}

/// A month or a weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    /// 1 for January.
    Month(u8),
    /// 1 for Muharram.
    Hijri(u8),
    /// 1 for Monday.
    Weekday(u8),
}

/// Forms that begin with one word: all their words, what they name, whether neighbours must say so.
type Table = HashMap<String, Vec<Form>>;

struct Form {
    words: Vec<String>,
    name: Name,
    needs_neighbours: bool,
}

/// Arabic and English names.
static TABLES: LazyLock<[Table; 2]> = LazyLock::new(|| {
    let mut tables = [Table::new(), Table::new()];
    let rows = |text: &'static str| text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    for line in rows(include_str!("../../segment/months.tsv")) {
        let mut fields = line.split('\t');
        let number = fields.next().and_then(|number| number.parse().ok());
        let name = Name::Month(number.expect("every line begins with a number; a test of the months reads them all"));
        fields.skip(1).for_each(|form| insert(&mut tables[0], form, name));
    }
    for line in rows(include_str!("calendar.tsv")) {
        let fields: Vec<_> = line.split('\t').collect();
        let [kind, number, arabic, english] = fields[..] else { unreachable!("four columns; a test reads them all") };
        let number = number.parse().expect("the second column is a number; a test reads them all");
        let name = match kind {
            "month" => Name::Month(number),
            "hijri" => Name::Hijri(number),
            _ => Name::Weekday(number),
        };
        for (table, forms) in tables.iter_mut().zip([arabic, english]) {
            forms.split(',').filter(|form| !form.is_empty()).for_each(|form| insert(table, form, name));
        }
    }
    tables
});

/// Arabic months that are also other words: to practise, aqueous, a car, a name.
const DOUBTFUL: [&str; 5] = ["مارس", "ماي", "نيسان", "جوان", "اوت"];

fn insert(table: &mut Table, form: &str, name: Name) {
    let plain = form.trim_start_matches('?');
    let words: Vec<String> = plain.split(' ').map(fold).collect();
    let needs_neighbours = plain != form || DOUBTFUL.contains(&words[0].as_str());
    table.entry(words[0].clone()).or_default().push(Form { words, name, needs_neighbours });
}

/// Words before a month that say it is one, in Arabic.
const ARABIC_BEFORE: &[&str] = &[
    "شهر",
    "في",
    "من",
    "منذ",
    "حتي",
    "بين",
    "اوايل",
    "مطلع",
    "نهايه",
    "منتصف",
    "اواخر",
    "خلال",
    "بدايه",
    "قبل",
    "بعد",
    "غره",
    "طوال",
    "الي",
    "يوم",
    "مساء",
    "صباح",
    "ليل",
    "فجر",
    "ظهر",
    "امس",
    "اليوم",
    "كل",
];
/// Words before a weekday that do.
const DAY_BEFORE: &[&str] = &[
    "يوم",
    "يومي",
    "ايام",
    "كل",
    "مساء",
    "صباح",
    "ليل",
    "ليله",
    "فجر",
    "ظهر",
    "عصر",
    "امس",
    "اليوم",
    "غدا",
    "حتي",
    "منذ",
];
/// Words after it that do.
const ARABIC_AFTER: &[&str] =
    &["الماضي", "المقبل", "الجاري", "القادم", "الحالي", "المنصرم", "الفايت", "المبارك", "عام"];
/// The same in English.
const ENGLISH_BEFORE: &[&str] = &[
    "in", "on", "of", "since", "until", "till", "by", "last", "next", "early", "late", "mid", "this", "from", "to",
    "between", "through", "during", "before", "after", "for", "every", "month",
];

/// The names in an Arabic text, in order.
pub(crate) fn read_arabic(text: &str) -> Vec<Mention> {
    let tokens = tokens(text);
    mentions(&tokens, |at| {
        let key = tokens[at].word()?;
        stems(key).find_map(|stem| {
            // باب is a door: after a particle the name of August needs its madda; so it does alone, where it is a father.
            let august = stem.word == "اب";
            let written = tokens[at].span.of(text);
            if august
                && !written.contains(['آ', '\u{653}'])
                && (written.chars().count() > 2 || !beside_figure(&tokens, at))
            {
                return None;
            }
            // Only the article that belongs to the name may stand before it.
            let word = if stem.article && !stem.word.starts_with("ال") { return None } else { stem.word };
            let (form, end) = longest(&TABLES[0], &tokens, at, word)?;
            // واحد is one, not "and Sunday".
            if matches!(form.name, Name::Weekday(_)) && !word.starts_with("ال") && word != key {
                return None;
            }
            let place = at.checked_sub(1).and_then(|at| tokens[at].word()).is_some_and(is_place);
            let sure = !place && (!form.needs_neighbours || is_expected(&tokens, at, end, form.name));
            Some((form.name, end, sure))
        })
    })
}

/// The names in an English text, in order.
pub(crate) fn read_english(text: &str) -> Vec<Mention> {
    let tokens = tokens(text);
    mentions(&tokens, |at| {
        let key = tokens[at].word().filter(|_| tokens[at].span.of(text).starts_with(char::is_uppercase))?;
        let (form, end) = longest(&TABLES[1], &tokens, at, key)?;
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        let sure = !form.needs_neighbours
            || beside_figure(&tokens, at)
            || before.and_then(Token::word).is_some_and(|word| ENGLISH_BEFORE.contains(&word));
        Some((form.name, end, sure))
    })
}

/// All that `read` finds, and the numbers that may stand for months.
fn mentions(tokens: &[Token], read: impl Fn(usize) -> Option<(Name, usize, bool)>) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let (mut at, mut last_end) = (0, 0);
    while at < tokens.len() {
        if let Some((name, end, sure)) = read(at) {
            let span = Span::new(tokens[at].span.start, tokens[end - 1].span.end);
            let only_signs = tokens[last_end..at].iter().all(|token| token.sign().is_some_and(|c| "/()-".contains(c)));
            // ليل الأربعاء الخميس is one night, and English has one name for it.
            let day = |name: Name| matches!(name, Name::Weekday(_));
            let follows_day = at == last_end && day(name) && found.last().is_some_and(|last| day(last.name));
            let joined = tokens[at].word().is_some_and(|key| stems(key).any(|stem| stem.and && stem.article));
            let sure = sure && (!follows_day || joined);
            match found.last_mut().filter(|last| last.name == name && only_signs) {
                Some(last) => {
                    *last = Mention { span: Span::new(last.span.start, span.end), name, sure: last.sure || sure }
                }
                None => found.push(Mention { span, name, sure }),
            }
            (at, last_end) = (end, end);
            continue;
        }
        if let What::Figure(figure) = &tokens[at].what
            && let Some(month @ 1..=12) = figure.value.to_whole()
            && beside_figure(tokens, at)
        {
            let name = Name::Month(u8::try_from(month).expect("at most 12"));
            found.push(Mention { span: tokens[at].span, name, sure: false });
        }
        at += 1;
    }
    found
}

/// The longest form that begins with `first` at token `at`, and the token after it.
fn longest(table: &'static Table, tokens: &[Token], at: usize, first: &str) -> Option<(&'static Form, usize)> {
    let ends = table.get(first)?.iter().filter_map(|form| {
        let mut next = at + 1;
        for word in &form.words[1..] {
            while tokens.get(next)?.sign().is_some_and(|sign| matches!(sign, '-' | '\'' | '’' | '‘' | '`')) {
                next += 1;
            }
            tokens[next].word().filter(|found| found == word)?;
            next += 1;
        }
        Some((form, next))
    });
    ends.max_by_key(|(_, end)| *end)
}

/// Whether a figure stands next to token `at`, perhaps with a sign between.
fn beside_figure(tokens: &[Token], at: usize) -> bool {
    let figure = |at: Option<usize>| {
        let token = at.and_then(|at| tokens.get(at))?;
        Some(matches!(token.what, What::Figure(_)))
    };
    let sign = |at: usize| tokens.get(at).and_then(Token::sign).is_some_and(|sign| "/-.,،".contains(sign));
    figure(at.checked_sub(1)) == Some(true)
        || figure(Some(at + 1)) == Some(true)
        || at > 1 && sign(at - 1) && figure(at.checked_sub(2)) == Some(true)
        || sign(at + 1) && figure(Some(at + 2)) == Some(true)
}

/// Whether the neighbours of an Arabic name that is also another word say that it is meant.
fn is_expected(tokens: &[Token], at: usize, end: usize, name: Name) -> bool {
    let key = |at: Option<usize>| at.and_then(|at| tokens.get(at)).and_then(Token::word).unwrap_or_default();
    let before = key(at.checked_sub(1));
    let number = |at: Option<usize>| words::arabic(key(at)).is_some_and(|word| word.entry.class != Class::Answer);
    let after = ARABIC_AFTER.contains(&key(Some(end)));
    let month = !matches!(name, Name::Weekday(_));
    if after || month && beside_figure(tokens, at) || stems(before).any(|stem| stem.word == "شهر") {
        return true;
    }
    // رجب, شعبان and صفر are names of people too.
    let ramadan = name == Name::Hijri(9);
    if matches!(name, Name::Hijri(_)) && !ramadan {
        return before == "من" && number(at.checked_sub(2)) || number(at.checked_sub(1));
    }
    if matches!(name, Name::Weekday(_)) && !key(Some(at)).contains("ال") {
        return matches!(before, "يوم" | "كل" | "ايام");
    }
    if matches!(name, Name::Weekday(_)) {
        let comma = |at: Option<usize>| {
            matches!(at.and_then(|at| tokens.get(at)).and_then(Token::sign), Some('،' | ',' | '.' | '-' | '–' | '('))
        };
        let between_commas = comma(at.checked_sub(1)) && (comma(Some(end)) || end == tokens.len());
        let after_another = stems(key(Some(at))).any(|stem| stem.and) && is_weekday(before);
        return between_commas || after_another || stems(before).any(|stem| DAY_BEFORE.contains(&stem.word));
    }
    let slash = |at: Option<usize>| at.and_then(|at| tokens.get(at)).and_then(Token::sign) == Some('/');
    slash(at.checked_sub(1)) || slash(Some(end)) || stems(before).any(|stem| ARABIC_BEFORE.contains(&stem.word))
}

/// Whether a name after it is that of a place: ساحة مايو.
fn is_place(key: &str) -> bool {
    stems(key).any(|stem| matches!(stem.word, "ساحه" | "ميدان" | "شارع" | "جسر" | "حي" | "مدينه" | "الامبراطور"))
}

/// Whether a word with its article names a weekday.
fn is_weekday(key: &str) -> bool {
    let forms = stems(key).filter_map(|stem| TABLES[0].get(stem.word)).flatten();
    key.contains("ال") && forms.into_iter().any(|form| matches!(form.name, Name::Weekday(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, mentions: &[Mention]) -> String {
        let one = |mention: &Mention| {
            let mark = if mention.sure { "" } else { "?" };
            format!("{mark}{:?} {}", mention.name, mention.span.of(text))
        };
        mentions.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn arabic_names_are_told_from_words() {
        for (text, expected) in [
            ("في 18 كانون الأول/ديسمبر الجاري", "Month(12) كانون الأول/ديسمبر"),
            ("بين تشرين الثاني (نوفمبر) وآذار", "Month(11) تشرين الثاني (نوفمبر; Month(3) وآذار"),
            ("في مارس الماضي مارس الضغط", "Month(3) مارس; ?Month(3) مارس"),
            ("فتح الباب أمام أب لثلاثة", ""),
            ("4 اب 2020 وفي آب", "Month(8) اب; Month(8) آب"),
            ("من باب الاحتياط", ""),
            ("الرئيس رجب طيب أردوغان", "?Hijri(7) رجب"),
            ("غرة شهر رجب، العاشر من محرم، في رمضان", "Hijri(7) رجب; Hijri(1) محرم; Hijri(9) رمضان"),
            ("12 ربيع الأول 1445", "Hijri(3) ربيع الأول"),
            ("مساء الاثنين والثلاثاء", "Weekday(1) الاثنين; Weekday(2) والثلاثاء"),
            ("التقى الاثنين في القصر", "?Weekday(1) الاثنين"),
            ("بتاريخ 5/11/2023", "?Month(5) 5; ?Month(11) 11"),
            ("سيارات نيسان", "?Month(4) نيسان"),
            ("غشت وأوت 2020 وجويلية", "Month(8) غشت وأوت; Month(7) وجويلية"),
        ] {
            assert_eq!(show(text, &read_arabic(text)), expected, "{text}");
        }
    }

    #[test]
    fn english_names_are_told_from_words() {
        for (text, expected) in [
            ("On Monday, 18 December 2023", "Weekday(1) Monday; Month(12) December"),
            ("May Ziade may come in May; they march on 5 March", "?Month(5) May; Month(5) May; Month(3) March"),
            ("Sept. 11, or 9/11", "Month(9) Sept; ?Month(9) 9; ?Month(11) 11"),
            ("12 Rabi' al-Awwal and Dhu al-Hijjah", "Hijri(3) Rabi' al-Awwal; Hijri(12) Dhu al-Hijjah"),
            ("Recep Tayyip Erdogan", ""),
        ] {
            assert_eq!(show(text, &read_english(text)), expected, "{text}");
        }
    }
}
