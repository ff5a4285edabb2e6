//! Months and weekdays that the English lacks, has wrong, or has from nowhere.

use super::quantity::calendar::{Mention, Name, read_arabic, read_english};
use super::{Check, Finding, MONTHS, Severity};
use crate::article::Span;
use crate::pipeline::{Document, Pair};

pub(super) const CHECK: Check =
    Check { name: "dates", description: "months and weekdays that are missing, wrong or not in the source", run };

fn run(document: &Document) -> Vec<Finding> {
    document.pairs().filter(|pair| !pair.target.is_empty()).flat_map(|pair| compare(&pair)).collect()
}

fn compare(pair: &Pair) -> Vec<Finding> {
    let (source, target) = (read_arabic(pair.source), read_english(pair.target));
    let open = |side: &[Mention], other: &[Mention]| {
        let sure = side.iter().filter(|mention| mention.sure);
        sure.filter(|mention| !other.iter().any(|o| o.name == mention.name)).copied().collect::<Vec<_>>()
    };
    let (mut missing, mut added) = (open(&source, &target), open(&target, &source));
    missing.dedup_by_key(|mention| mention.name);
    added.dedup_by_key(|mention| mention.name);
    let mut findings = Vec::new();
    let mut find = |severity, message, source: Option<Span>, target: Option<Span>| {
        findings.push(Finding { check: CHECK.name, severity, sentence: pair.id, message, source, target });
    };
    for said in missing {
        let instead = added.iter().position(|other| same_kind(other.name, said.name));
        if let Some(says) = instead.map(|at| added.remove(at)) {
            let message = format!("{} in the source; the English says {}.", name(said.name), name(says.name));
            find(Severity::Error, message, Some(said.span), Some(says.span));
        } else {
            let message = format!("The source says {}; the English does not.", name(said.name));
            find(Severity::Warning, message, Some(said.span), None);
        }
    }
    for says in added {
        let message = format!("The English says {}; the source does not.", name(says.name));
        find(Severity::Warning, message, None, Some(says.span));
    }
    findings
}

fn same_kind(one: Name, other: Name) -> bool {
    std::mem::discriminant(&one) == std::mem::discriminant(&other)
}

fn name(name: Name) -> &'static str {
    const HIJRI: [&str; 12] = [
        "Muharram",
        "Safar",
        "Rabi al-Awwal",
        "Rabi al-Thani",
        "Jumada al-Awwal",
        "Jumada al-Thani",
        "Rajab",
        "Shaban",
        "Ramadan",
        "Shawwal",
        "Dhu al-Qadah",
        "Dhu al-Hijjah",
    ];
    const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let (names, number): (&[&'static str], u8) = match name {
        Name::Month(number) => (&MONTHS, number),
        Name::Hijri(number) => (&HIJRI, number),
        Name::Weekday(number) => (&WEEKDAYS, number),
    };
    names.get(usize::from(number).saturating_sub(1)).copied().unwrap_or("a date")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    #[test]
    fn months_and_weekdays_are_kept() {
        let right = [
            ("مساء الاثنين في حزيران/يونيو", "on Monday evening in June"),
            ("في 11/9/2001", "on September 11, 2001"),
            ("في غشت الماضي", "last August"),
            ("خلال شهر رمضان", "during Ramadan"),
            ("فتح الباب أمام أب لثلاثة أطفال", "He opened the door to a father of three"),
            ("مارس الضغط", "exerted pressure"),
        ];
        assert_eq!(run(&document(&right)), []);
    }

    #[test]
    fn a_changed_month_is_an_error_and_a_lost_one_a_warning() {
        let document = document(&[
            ("في حزيران/يونيو المقبل", "next July"),
            ("يوم الثلاثاء", "that day"),
            ("في ذلك اليوم", "that Friday"),
        ]);
        let found: Vec<_> = run(&document).into_iter().map(|finding| (finding.severity, finding.message)).collect();
        let expected = [
            (Severity::Error, "June in the source; the English says July."),
            (Severity::Warning, "The source says Tuesday; the English does not."),
            (Severity::Warning, "The English says Friday; the source does not."),
        ];
        assert_eq!(found, expected.map(|(severity, message)| (severity, message.to_owned())));
    }
}
