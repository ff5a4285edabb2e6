//! Quotation marks and brackets: opened and closed, and on both sides.

use super::quantity::{Quantity, calendar, read_arabic};
use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::names;
use crate::pipeline::{Document, Pair};

pub(super) const CHECK: Check = Check {
    name: "quotes",
    description: "a quotation or a bracket of one language that the other does not have, or that is not closed",
    run,
};

/// Words of an Arabic quotation whose marks have to come along. Shorter ones are mostly names, which Arabic sets in
/// quotation marks and English does not.
const QUOTATION: usize = 6;
/// Words of an English quotation that cannot be no more than a word that is doubted.
const ADDED: usize = 4;

/// Words in brackets that are more than a remark.
const LONG: usize = 4;

fn run(document: &Document) -> Vec<Finding> {
    let pairs = document.pairs().filter(|pair| !pair.target.is_empty());
    pairs.flat_map(|pair| quotations(pair).into_iter().chain(brackets(pair))).collect()
}

fn quotations(pair: Pair) -> Option<Finding> {
    let (source, target) = (Quotes::of(pair.source), Quotes::of(pair.target));
    let longest = |quotes: &Quotes, text: &str| quotes.inside.iter().copied().max_by_key(|span| words(*span, text));
    let finding = |severity, message: &str, source, target| {
        Some(Finding { check: CHECK.name, severity, sentence: pair.id, message: message.into(), source, target })
    };
    let quoted = longest(&source, pair.source).filter(|span| words(*span, pair.source) >= QUOTATION);
    if let Some(span) = quoted.filter(|_| target.marks == 0 && !has_single_quotes(pair.target)) {
        let message = "This is a quotation in the source, and nothing is quoted in the English.";
        return finding(Severity::Warning, message, Some(span), None);
    }
    // After a colon Arabic may quote without marks.
    let added = longest(&target, pair.target).filter(|span| words(*span, pair.target) >= ADDED);
    if let Some(span) = added.filter(|_| source.marks == 0 && !pair.source.contains([':', '\'', '‘'])) {
        let message = "This is quoted in the English, and nothing is quoted in the source.";
        return finding(Severity::Warning, message, None, Some(span));
    }
    if source.open.is_none() && target.open.is_some() {
        let open = target.open.map(|start| Span::new(start, pair.target.len()));
        return finding(Severity::Info, "A quotation mark is not closed in the English.", None, open);
    }
    None
}

fn brackets(pair: Pair) -> Option<Finding> {
    let count = |text: &str, bracket: [char; 2]| text.matches(bracket).count();
    let sides = |text: &str| (count(text, ['(', '[']), count(text, [')', ']']));
    let ((opened, closed), (english_opened, english_closed)) = (sides(pair.source), sides(pair.target));
    let (severity, message) = if opened == closed && english_opened != english_closed {
        (Severity::Warning, "A bracket of the English is not closed, or not opened.")
    } else if opened > 0 && opened == closed && english_opened + english_closed == 0 {
        let severity = inside(pair.source).filter_map(|piece| severity_outside(piece, pair.target)).max()?;
        (severity, "The source has something in brackets, and the English has no brackets.")
    } else {
        return None;
    };
    let between = |text: &str| {
        Some(Span::new(text.find(['(', '['])?, text.rfind([')', ']'])? + 1)).filter(|span| span.start < span.end)
    };
    Some(Finding {
        check: CHECK.name,
        severity,
        sentence: pair.id,
        message: message.into(),
        source: between(pair.source),
        target: between(pair.target),
    })
}

/// What stands in brackets.
fn inside(text: &str) -> impl Iterator<Item = &str> {
    text.split(['(', '[']).skip(1).filter_map(|piece| piece.split([')', ']']).next())
}

/// How bad it is that something in brackets is not in brackets any more: a month named twice, an age between commas, and a
/// name that the English has are all there.
fn severity_outside(piece: &str, english: &str) -> Option<Severity> {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let covered = |span: Span| span.of(piece).split_whitespace().count() == words.len();
    let month = calendar::read_arabic(piece).iter().any(|mention| covered(mention.span));
    let of_years = |quantity: &Quantity| quantity.units.iter().any(|unit| unit.name == "year");
    let age = words.len() <= 2 && read_arabic(piece).iter().any(of_years);
    let name = words.len() < LONG && names::may_render(piece, english);
    if month || age || name {
        return None;
    }
    Some(if words.len() < LONG { Severity::Info } else { Severity::Warning })
}

/// The double quotation marks of a text. Arabic texts set them in either direction, so every second one closes.
struct Quotes {
    marks: usize,
    inside: Vec<Span>,
    open: Option<usize>,
}

impl Quotes {
    fn of(text: &str) -> Self {
        let mut quotes = Self { marks: 0, inside: Vec::new(), open: None };
        for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»'))
        {
            quotes.marks += 1;
            match quotes.open.take() {
                Some(start) => quotes.inside.push(Span::new(start, at + c.len_utf8())),
                None => quotes.open = Some(at),
            }
        }
        quotes
    }
}

/// Whether something is set in single quotation marks, as headlines do.
fn has_single_quotes(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        let opens = matches!(c, '\'' | '‘') && (before.is_whitespace() || before == '(');
        before = c;
        opens
    })
}

fn words(span: Span, text: &str) -> usize {
    span.of(text).split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    fn found(source: &str, english: &str) -> Vec<Severity> {
        run(&document(&[(source, english)])).iter().map(|finding| finding.severity).collect()
    }

    const QUOTED: &str = "وقال الوزير: «إن العمل يبدأ غداً صباحاً في كل المعابر».";

    #[test]
    fn a_quotation_stays_one() {
        assert_eq!(found(QUOTED, "“Work begins tomorrow morning at all crossings,” the minister said."), []);
        assert_eq!(found(QUOTED, "'Work begins tomorrow,' the minister said."), []);
        assert_eq!(found(QUOTED, "The minister said that work begins tomorrow."), [Severity::Warning]);
        assert_eq!(found("برنامج \"هنا بغداد\"", "The programme Here Is Baghdad"), [], "names lose their marks");
    }

    #[test]
    fn nobody_is_quoted_who_was_not() {
        let reported = "وقال الوزير إن العمل يبدأ غداً";
        assert_eq!(found(reported, "The minister said: \"Work begins tomorrow morning.\""), [Severity::Warning]);
        assert_eq!(found(reported, "The minister said \"work\" begins tomorrow."), []);
        assert_eq!(found("وقال الوزير: العمل يبدأ غداً", "\"Work begins tomorrow morning,\" the minister said."), []);
    }

    #[test]
    fn what_is_told_without_brackets_is_no_finding() {
        for (source, english) in [
            ("في تموز (يوليو) الماضي", "last July"),
            ("أصيب خالد (25 عاماً)", "Khaled, 25, was wounded"),
            ("قال مسؤول (رويترز)", "An official told Reuters"),
            ("قالت الحركة (حماس) ذلك", "Hamas said so"),
        ] {
            assert_eq!(found(source, english), [], "{source}");
        }
        assert_eq!(found("قال مسؤول (رويترز)", "An official said"), [Severity::Info]);
    }

    #[test]
    fn marks_and_brackets_are_closed() {
        assert_eq!(found(QUOTED, "“Work begins tomorrow, the minister said."), [Severity::Info]);
        assert_eq!(found("قال (أمس) ذلك", "He said so (yesterday"), [Severity::Warning]);
        assert_eq!(found("قال (أمس) ذلك", "He said so yesterday"), [Severity::Info]);
        let long = "قال (في مؤتمر صحافي أمس) ذلك";
        assert_eq!(found(long, "At a news conference yesterday he said so"), [Severity::Warning]);
        assert_eq!(found("قال (أمس) ذلك", "He said so (yesterday)"), []);
    }
}
