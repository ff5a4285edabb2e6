//! The numbers and names that the evidence of a brief has, as they stand in the source and in English.

use std::collections::BTreeSet;

use super::Claim;
use super::names::{Lexicon, is_adjective_to};
use super::terms::is_stop_word;
use crate::align::Link;
use crate::article::{SentenceId, Span};
use crate::check::quantity::calendar::{self, Mention, Name};
use crate::check::quantity::{Kind, Quantity, Unit, Written, read_arabic, read_english};
use crate::names;
use crate::pipeline::{Document, Pair};
use crate::segment::{fold, is_silent};

/// What a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// A number with its unit, or a date.
    Number,
    /// A name.
    Name,
}

/// A number or a name of the article that a brief rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub kind: FactKind,
    /// The sentence it stands in.
    pub sentence: SentenceId,
    /// Its bytes in the source sentence.
    pub source: Span,
    /// Its bytes in the English sentence; `None` where the English does not have it.
    pub target: Option<Span>,
}

/// The numbers and names of the evidence of the claims, numbers first, each once, in the order of the article. None of an
/// article that was not translated.
pub(super) fn facts(document: &Document, claims: &[Claim]) -> Vec<Fact> {
    let evidence: BTreeSet<SentenceId> = claims.iter().flat_map(|claim| claim.evidence.sentences()).copied().collect();
    let lexicon = Lexicon::new(document.pairs().map(|pair| pair.target));
    let mut facts: Vec<Fact> = Vec::new();
    for pair in document.pairs().filter(|pair| evidence.contains(&pair.id)) {
        let numbers = numbers(&pair).into_iter().map(|(source, target)| (FactKind::Number, source, target));
        let names = names(&pair, &lexicon).into_iter().map(|(source, target)| (FactKind::Name, source, Some(target)));
        let found = numbers.chain(names);
        facts.extend(found.map(|(kind, source, target)| Fact { kind, sentence: pair.id, source, target }));
    }
    facts.sort_by_key(|fact| (fact.kind, fact.sentence, fact.source));
    let mut told: BTreeSet<(FactKind, String)> = BTreeSet::new();
    facts.retain(|fact| {
        let (source, target) = (document.source(fact.sentence), document.target(fact.sentence));
        let source = source.and_then(|text| fact.source.get(text)).map(fold).unwrap_or_default();
        let target = target.and_then(|text| fact.target?.get(text)).map(str::to_lowercase);
        // A name is one name however its Arabic is inflected, a number one number however its English is written.
        match (fact.kind, target) {
            (FactKind::Name, Some(name)) => {
                let adjective = told.iter().any(|(_, other)| other != &name && is_adjective_to(&name, other));
                !adjective && told.insert((FactKind::Name, name))
            }
            (kind, _) => told.insert((kind, source)),
        }
    });
    facts
}

/// Numbers and dates that stand beside each other.
struct Group {
    span: Span,
    quantities: Vec<Quantity>,
    dates: Vec<Name>,
}

/// The numbers of a source sentence, each with the number of the English that says the same.
fn numbers(pair: &Pair<'_>) -> Vec<(Span, Option<Span>)> {
    let answers = read_english(pair.target).into_iter().filter(|quantity| quantity.kind != Kind::Vague).collect();
    let english = groups(pair.target, (answers, calendar::read_english(pair.target)));
    let mut free: Vec<Group> = english;
    let asked = read_arabic(pair.source).into_iter().filter(is_fact).collect();
    let arabic = groups(pair.source, (asked, calendar::read_arabic(pair.source)));
    let same = |a: &Group, b: &Group| {
        a.quantities.iter().all(|one| b.quantities.iter().any(|other| one.agrees(other)))
            && a.dates.iter().all(|date| b.dates.contains(date))
    };
    let is_code = |group: &Group| group.quantities.iter().all(|quantity| quantity.kind == Kind::Code);
    let arabic = arabic.into_iter().filter(|group| !is_code(group)).map(|group| {
        let found = free.iter().position(|other| same(&group, other));
        (group.span, found.map(|index| answer(&free.remove(index), &group)))
    });
    arabic.collect()
}

/// The span of the English that says the same as a number of the source, without a unit that the source does not have.
fn answer(english: &Group, arabic: &Group) -> Span {
    let ([said], [asked]) = (english.quantities.as_slice(), arabic.quantities.as_slice()) else { return english.span };
    let same = |one: &Unit, other: &Unit| one.name == other.name || (one.kind == other.kind && one.kind != "money");
    let in_source = |unit: &Unit| asked.units.iter().any(|other| same(unit, other));
    let adds_unit = !said.units.is_empty() && !said.units.iter().any(in_source);
    let adds_percent = said.kind == Kind::Percent && asked.kind != Kind::Percent;
    if english.dates.is_empty() && (adds_unit || adds_percent) { said.span } else { english.span }
}

/// Counts in words up to this one are part of the language more than facts to be compared.
const SMALL: u128 = 12;

/// Whether the English is to be compared with a number of the source. In English every number may answer: 11 and eleven.
fn is_fact(quantity: &Quantity) -> bool {
    match quantity.written {
        Written::Digits => true,
        Written::Words => quantity.value.to_whole().is_none_or(|whole| whole > SMALL),
        Written::Hint => false,
    }
}

/// The numbers of a text with what they count, those that make a date together.
fn groups(text: &str, (quantities, dates): (Vec<Quantity>, Vec<Mention>)) -> Vec<Group> {
    let numbers = quantities.into_iter().map(|quantity| {
        let span = with_unit(text, &quantity);
        Group { span, quantities: vec![quantity], dates: Vec::new() }
    });
    let dates = dates.into_iter().map(|date| Group { span: date.span, quantities: Vec::new(), dates: vec![date.name] });
    let mut all: Vec<Group> = numbers.chain(dates).collect();
    all.sort_by_key(|group| group.span);
    let mut joined: Vec<Group> = Vec::new();
    for group in all {
        let dated = |last: &&mut Group| {
            let between = Span::new(last.span.end, group.span.start).get(text).unwrap_or(".");
            let joint = between.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '،'));
            matches!(joint, "" | "من" | "of")
                && (last.dates.is_empty() != group.dates.is_empty() || !last.dates.is_empty())
        };
        match joined.last_mut().filter(dated) {
            Some(last) => {
                last.span.end = last.span.end.max(group.span.end);
                last.quantities.extend(group.quantities);
                last.dates.extend(group.dates);
            }
            None => joined.push(group),
        }
    }
    // A month or a weekday alone is no number.
    joined.retain(|group| !group.quantities.is_empty());
    joined
}

/// The span of a number with its currency before or its unit behind it.
fn with_unit(text: &str, quantity: &Quantity) -> Span {
    let mut span = quantity.span;
    if quantity.kind == Kind::Money {
        let before = &text[..span.start];
        span.start = before.trim_end_matches(|c: char| "$€£¥".contains(c)).len();
    }
    let behind = text[span.end..].trim_start_matches(is_gap);
    let in_words = |words: &&&str| {
        let rest = behind.get(words.len()..).filter(|rest| !rest.starts_with(char::is_alphabetic));
        rest.is_some() && behind[..words.len()].eq_ignore_ascii_case(words)
    };
    if let Some(rest) = behind.strip_prefix(PERCENT) {
        span.end = text.len() - rest.len();
    } else if let Some(words) = IN_WORDS.iter().find(in_words) {
        span.end = text.len() - behind.len() + words.len();
    } else if text[..span.start].ends_with(PERCENT) {
        span.start = text[..span.start].trim_end_matches(PERCENT).len();
    } else if !quantity.units.is_empty() && span.start == quantity.span.start {
        let (mut unit, mut end) = next_word(text, span.end);
        while is_before_unit(unit.of(text)) {
            (unit, end) = next_word(text, end);
        }
        let (power, behind) = next_word(text, end);
        span.end = if POWERS.iter().any(|stem| power.of(text).starts_with(stem)) { behind } else { end };
    }
    span
}

/// The word behind a place of a text, and the place behind that word; nothing and the same place if there is none.
fn next_word(text: &str, from: usize) -> (Span, usize) {
    let word = text[from..].trim_start_matches(is_gap);
    let start = text.len() - word.len();
    match word.find(|c: char| !c.is_alphabetic() && !is_silent(c)).unwrap_or(word.len()) {
        0 => (Span::new(from, from), from),
        length => (Span::new(start, start + length), start + length),
    }
}

/// Whether an English word stands between a number and its unit: square kilometres, Egyptian pounds.
fn is_before_unit(word: &str) -> bool {
    let of_people =
        word.starts_with(char::is_uppercase) && ["an", "i", "ish", "ese"].iter().any(|end| word.ends_with(end));
    ["cubic", "square", "metric", "US"].contains(&word) || (of_people && word != "Yuan")
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '-' | '\u{a0}') || is_silent(c)
}

/// Signs of percent, before or behind a number.
const PERCENT: [char; 2] = ['%', '٪'];
/// Percent in words, the longer ones first.
const IN_WORDS: [&str; 10] = [
    "percentage points",
    "percentage point",
    "percent",
    "per cent",
    "في المئة",
    "في المائة",
    "بالمئة",
    "بالمائة",
    "نقطة مئوية",
    "نقاط مئوية",
];
/// How the second word of units of area and volume begins.
const POWERS: [&str; 2] = ["مكعب", "مربع"];

/// The names of the English sentence with those of the source that they render: told by their letters, and by word links
/// as far as these do not say otherwise. What begins the sentence has its capital anyhow, and is told by its letters alone.
fn names(pair: &Pair<'_>, lexicon: &Lexicon) -> Vec<(Span, Span)> {
    let spotted: Vec<_> = names::paired(pair.source, pair.target).into_iter().flatten().collect();
    let of = |name: Span| {
        let inside = spotted.iter().filter_map(|(spotted, target)| Some((spotted, (*target)?)));
        let inside: Vec<_> = inside.filter(|(_, target)| name.contains(*target)).collect();
        let linked = source_of(pair, name);
        let Some(rendered) = around(inside.iter().map(|(spotted, _)| spotted.bare_span(pair.source))) else {
            // Another name is linked to it only because the English has it wrong. A name of one word is no translation, as
            // that of a ministry is: its letters must fit.
            let english = name.of(pair.target);
            let fits = |arabic: &str| english.contains(' ') || arabic == english || names::may_render(arabic, english);
            let linked = linked.filter(|linked| !spotted.iter().any(|(spotted, _)| linked.contains(spotted.span)));
            return Some((linked.filter(|linked| fits(linked.of(pair.source)))?, name));
        };
        // Names that stand far apart belong to two.
        let most = 2 * inside.len() + 1;
        let whole = name.of(pair.target).split_whitespace().count() <= inside.len();
        if let Some(linked) = linked.filter(|linked| linked.contains(rendered) && *linked != rendered && !whole) {
            return Some((linked, name));
        }
        // What stands beside the name of a person is no part of it; beside that of a place it is: Saudi Arabia.
        let place = inside.iter().any(|(spotted, _)| spotted.is_place());
        let of_person = around(inside.iter().map(|(_, target)| *target)).filter(|_| !place);
        let is_short = rendered.of(pair.source).split_whitespace().count() <= most;
        is_short.then_some((rendered, of_person.unwrap_or(name)))
    };
    let mut found: Vec<(Span, Span)> = lexicon.names(pair.target).into_iter().filter_map(of).collect();
    let first = spotted.iter().find_map(|(name, target)| {
        let target = target.filter(|target| !pair.target[..target.start].contains(char::is_alphanumeric))?;
        let told = found.iter().any(|(_, other)| other.start < target.end && target.start < other.end);
        let is_word = is_stop_word(&target.of(pair.target).to_lowercase());
        (!told && !is_word).then(|| (name.bare_span(pair.source), target))
    });
    found.extend(first);
    found
}

/// From the first to the last of some spans.
fn around(spans: impl Iterator<Item = Span> + Clone) -> Option<Span> {
    Some(Span::new(spans.clone().map(|span| span.start).min()?, spans.map(|span| span.end).max()?))
}

/// What a stretch of the English is linked to, if that is one stretch of the source; a Latin name is linked to itself.
fn source_of(pair: &Pair<'_>, target: Span) -> Option<Span> {
    if let Some(start) = pair.source.find(target.of(pair.target)) {
        return Some(Span::new(start, start + target.len()));
    }
    let touches = |link: &&Link| link.target.start < target.end && target.start < link.target.end;
    let mut linked: Vec<Span> = pair.sentence.alignment.iter().filter(touches).map(|link| link.source).collect();
    linked.sort_unstable();
    linked.dedup();
    let whole = Span::new(linked.first()?.start, linked.iter().map(|span| span.end).max()?);
    let words = pair.source.get(whole.range())?.split_whitespace().count();
    (words <= linked.len() + 1).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers_of(source: &str, target: &str) -> Vec<(String, Option<String>)> {
        let document = crate::check::tests::document(&[(source, target)]);
        let pair = document.pairs().next().unwrap();
        let of = |(arabic, english): (Span, Option<Span>)| {
            (arabic.of(source).to_owned(), english.map(|span| span.of(target).to_owned()))
        };
        numbers(&pair).into_iter().map(of).collect()
    }

    #[test]
    fn a_small_number_in_english_words_answers_for_figures() {
        let found = numbers_of("أصيب 11 شخصاً", "Eleven people were hurt.");
        assert_eq!(found, [("11".to_owned(), Some("Eleven".to_owned()))]);
        assert_eq!(numbers_of("أصيب 11 شخصاً", "Nine people were hurt."), [("11".to_owned(), None)]);
        assert!(numbers_of("أصيب خمسة أشخاص", "People were hurt.").is_empty());
    }

    fn names_of(source: &str, target: &str, links: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut document = crate::check::tests::document(&[(source, target)]);
        let span = |text: &str, of: &str| {
            let start = text.find(of).unwrap();
            Span::new(start, start + of.len())
        };
        let link =
            |(arabic, english): &(&str, &str)| Link { source: span(source, arabic), target: span(target, english) };
        document.targets[0].as_mut().unwrap().sentences[0].alignment = links.iter().map(link).collect();
        let pair = document.pairs().next().unwrap();
        let lexicon = Lexicon::new([target].into_iter());
        let found = names(&pair, &lexicon).into_iter();
        found.map(|(arabic, english)| (arabic.of(source).to_owned(), english.of(target).to_owned())).collect()
    }

    #[test]
    fn names_are_told_by_their_letters_before_their_links() {
        let source = "قال فلاديمير بوتين لوزارة النفط في بغداد";
        let target = "Then Vladimir Putin told the Oil Ministry in Baghdad";
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(a, e)| ((*a).to_owned(), (*e).to_owned())).collect()
        };
        let told = [("فلاديمير بوتين", "Vladimir Putin"), ("بغداد", "Baghdad")];
        assert_eq!(names_of(source, target, &[]), owned(&told));
        let links = [("بغداد", "Vladimir"), ("بوتين", "Putin"), ("النفط", "Oil Ministry")];
        let with_links = [told[0], ("النفط", "Oil Ministry"), told[1]];
        assert_eq!(names_of(source, target, &links), owned(&with_links));
        let wrong = [("بوتين", "Tunisador")];
        assert_eq!(names_of("قال بوتين ذلك", "Then Tunisador said so", &wrong), owned(&[]));
        let wrong = [("الحمداني", "Tunisador")];
        assert_eq!(names_of("قال الحمداني ذلك", "Then Tunisador said so", &wrong), owned(&[]));
        let right = [("الحمداني", "Hamdani")];
        assert_eq!(names_of("قال الحمداني ذلك", "Then Hamdani said so", &right), owned(&right));
    }

    #[test]
    fn what_begins_a_sentence_may_be_a_name_and_what_stands_beside_one_is_no_part_of_it() {
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(a, e)| ((*a).to_owned(), (*e).to_owned())).collect()
        };
        for (source, target, pairs) in [
            ("رفع العراق صادراته", "Iraq raised its exports", [("العراق", "Iraq")].as_slice()),
            ("رفعت الحكومة الصادرات", "Exports were raised by the government", &[]),
            ("قال الروسي بوتين ذلك", "Then Russian Putin said so", &[("بوتين", "Putin")]),
            ("زار السعودية أمس", "He visited Saudi Arabia", &[("السعودية", "Saudi Arabia")]),
        ] {
            assert_eq!(names_of(source, target, &[]), owned(pairs), "{target}");
        }
    }

    #[test]
    fn percent_in_words_and_units_of_two_words_are_whole_and_none_is_added() {
        for (source, target, arabic, english) in [
            ("تراجع 35 في المئة من المعدل", "It fell 35 percent of the rate", "35 في المئة", "35 percent"),
            ("تراجع 35 بالمئة", "It fell 35 per cent.", "35 بالمئة", "35 per cent"),
            ("ضخ 500 متر مكعب", "It pumped 500 cubic metres", "500 متر مكعب", "500 cubic metres"),
            (
                "بقيمة 120 مليون دينار",
                "worth 120 million Jordanian dinars.",
                "120 مليون دينار",
                "120 million Jordanian dinars",
            ),
            ("على 500 كيلومتر مربعاً", "On 500 square kilometres.", "500 كيلومتر مربعاً", "500 square kilometres"),
            ("منها 70 مليوناً من البنك", "of it 70 million euros from the bank", "70 مليوناً", "70 million"),
            ("منها 70 مليوناً من البنك", "of it $70 million from the bank", "70 مليوناً", "70 million"),
            ("بقيمة 70 مليون يورو", "worth 70 million euros", "70 مليون يورو", "70 million euros"),
            ("حفر 45 بئراً", "drilled 45 percent", "45", "45"),
            ("قطع 30 متراً", "He ran 30 metres", "30 متراً", "30 metres"),
        ] {
            assert_eq!(numbers_of(source, target), [(arabic.to_owned(), Some(english.to_owned()))], "{target}");
        }
    }

    #[test]
    fn numbers_stand_with_their_units_and_dates_whole() {
        let found = numbers_of(
            "يبدأ الصندوق، ورأسماله 2.4 مليار دولار، عمله في 15 كانون الثاني/يناير 2027 ويخدم 12 مليوناً و640 ألف شخص بزيادة 41.5%. \
             ويزن 412.5 كيلوغراماً بدقة ٪٩٨.",
            "The $2.4 billion fund starts work on January 15, 2027 and serves 12,640,000 people, up 14.5%. It weighs 412.5 \
             kilograms, 98% exactly.",
        );
        let pairs: Vec<_> = found.iter().map(|(arabic, english)| (arabic.as_str(), english.as_deref())).collect();
        assert_eq!(
            pairs,
            [
                ("2.4 مليار دولار", Some("$2.4 billion")),
                ("15 كانون الثاني/يناير 2027", Some("January 15, 2027")),
                ("12 مليوناً و640 ألف", Some("12,640,000")),
                ("41.5%", None),
                ("412.5 كيلوغراماً", Some("412.5 kilograms")),
                ("٪٩٨", Some("98%")),
            ]
        );
    }
}
