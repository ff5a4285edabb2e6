//! What the check of numbers says, sentence by sentence.

use super::*;
use crate::check::tests::document;

/// Severity and message of what is found in one sentence.
fn found(source: &str, target: &str) -> Vec<(Severity, String)> {
    run(&document(&[(source, target)])).into_iter().map(|finding| (finding.severity, finding.message)).collect()
}

#[test]
fn what_says_the_same_is_not_flagged() {
    for (source, target) in [
        ("صوّت 39 مليوناً و702 ألف و451 ناخباً بنسبة ٨٩٫٦٪", "89.6 percent of 39,702,451 voters cast ballots"),
        ("صوّت 39 مليوناً و702 ألف و451 ناخباً", "Votes were cast by 39 million, 702 thousand and 451 voters"),
        ("في 18 كانون الأول/ديسمبر 2023", "on December 18, 2023"),
        ("في 11/9/2001", "on September 11, 2001"),
        ("عند الساعة 15:30", "at 3:30 p.m."),
        ("الساعة الثالثة والنصف عصراً", "at half past three"),
        ("قبل عامين بقيمة مليوني دولار", "two years ago, worth $2m"),
        ("فاز بهدفين نظيفين", "won 2-0"),
        ("في ثمانينيات القرن الماضي", "in the 1980s"),
        ("ما بين 2 و3 ملايين نسمة", "between two and three million people"),
        ("بلغت الكمية 1.4 مليون برميل", "The quantity reached 1.4 million barrels"),
        ("الملك محمد السادس", "King Mohammed VI"),
        ("مسافة 2.2 مليون كيلومتر مربع", "2.2 million km2"),
        ("بسعر 67 دولاراً و8 سنتات", "at $67.08"),
        ("ثلاث ساعات ونصف الساعة", "three and a half hours"),
        ("ربع السكان", "25% of the people"),
        ("نصف السكان", "50 percent of the people"),
        ("ثلث السكان", "33 percent of the people"),
        ("خلال 48 ساعة", "within two days"),
        ("خلال 18 شهراً", "within 1.5 years"),
        ("قبل عقدين ونصف", "25 years ago"),
        ("قبل عقد ونصف العقد", "15 years ago"),
        ("منذ نصف قرن", "for 50 years"),
        ("منذ ربع قرن", "for a quarter of a century"),
        ("منذ 25 عاماً", "for two and a half decades"),
        ("منذ 15 عاماً", "for a decade and a half"),
        ("منذ 50 عاماً", "for half a century"),
        ("منذ ثلاثة عقود", "for 30 years"),
        ("بنسبة 1%", "by one per cent"),
        ("بنسبة 1 في المئة", "by one percent"),
        ("بنسبة واحد في المئة", "by 1%"),
        ("بنسبة 0.5%", "by half a percent"),
        ("بنسبة نصف في المئة", "by 0.5%"),
        ("بعد 12 شهراً", "after one year"),
        ("بعد 12 شهراً", "after a year"),
        ("بعد عام واحد", "after 12 months"),
        ("بلغ دور ثمن النهائي", "reached the round of 16"),
        ("بلغ ربع النهائي", "reached the round of 8"),
        ("بلغ ربع النهائي", "reached the quarter-finals"),
        ("بلغ دور الثمانية", "reached the quarter-finals"),
        ("بلغ دور الأربعة", "reached the semi-finals"),
        ("بلغ دور الأربعة", "reached the semifinals"),
        ("خفضه 25 نقطة أساس", "cut it by a quarter of a percentage point"),
        ("خفضه 25 نقطة أساس", "cut it by 0.25 percentage points"),
        ("خفضه 25 أو 50 نقطة أساس", "cut it by 0.25 or 0.5 percentage points"),
        ("خفضه ربع نقطة مئوية", "cut it by 25 basis points"),
        ("خفضه بين 25 و50 نقطة أساس", "cut it by 25 to 50 basis points"),
        ("أحيا الزوار الأربعين", "Visitors marked Arbaeen"),
        ("حدود حرب الـ67", "the lines of the 1967 war"),
        ("بنسبة 45", "by 45 percent"),
        ("تضاعف 3 مرات", "It tripled"),
        ("بلغت قيمته باليورو 70 مليوناً", "It was worth 70 million euros"),
        ("من 60 إلى 70 مليون دولار", "from $60 million to $70 million"),
        ("عشرات الآلاف", "thousands of people"),
        ("مئات الجرحى", "several hundred wounded"),
        ("للاتصال: 00962 6 555 1234", "Call +962-6-5551234"),
        ("نشر على https://example.org/2026/91", "He posted on https://example.org/2026/91"),
    ] {
        let found = found(source, target);
        let bad: Vec<_> = found.iter().filter(|(severity, _)| *severity > Severity::Info).collect();
        assert!(bad.is_empty(), "{source}\n{target}\n{bad:?}");
    }
}

#[test]
fn messages_are_for_journalists() {
    for (source, target, severity, message) in [
        (
            "نحو 600 مليون نسمة",
            "some 60 million people",
            Severity::Error,
            "600 million in the source; the English says 60 million.",
        ),
        (
            "نحو 40 مليون نسمة",
            "some 40 thousand people",
            Severity::Error,
            "40 million in the source; the English says 40 thousand.",
        ),
        (
            "ستة ملايين شخص",
            "six thousand people",
            Severity::Error,
            "6 million in the source; the English says six thousand.",
        ),
        ("ملايين الناس", "thousands of people", Severity::Error, "Millions in the source; the English says thousands."),
        ("عام ٢٠١٦", "in 2061", Severity::Error, "2016 in the source; the English says 2061."),
        ("قُتل 12 شخصاً", "People were killed", Severity::Error, "The source says 12; the English does not."),
        ("قُتل أشخاص", "12 people were killed", Severity::Error, "The English says 12; the source does not."),
        ("قُتل خمسة أشخاص", "People were killed", Severity::Warning, "The source says 5; the English does not."),
        (
            "بنسبة 14%",
            "by 14 points",
            Severity::Warning,
            "14 percent in the source; in the English 14 is no percentage.",
        ),
        (
            "على بعد 5 كيلومترات",
            "5 miles away",
            Severity::Warning,
            "5 (kilometre) in the source; the English says 5 (mile).",
        ),
        (
            "حفر 45 بئراً",
            "It drilled 45 percent",
            Severity::Warning,
            "45 in the source; in the English 45 is a percentage.",
        ),
        (
            "منها 70 مليوناً للقرى",
            "including 70 million euros for villages",
            Severity::Warning,
            "70 million in the source; the English makes 70 million a sum of money (euro).",
        ),
        ("مئات الجرحى", "thousands of wounded", Severity::Error, "Hundreds in the source; the English says thousands."),
        ("عشرات القتلى", "hundreds of dead", Severity::Error, "Dozens in the source; the English says hundreds."),
        (
            "عشرات الآلاف",
            "hundreds of thousands",
            Severity::Error,
            "Tens of thousands in the source; the English says hundreds of thousands.",
        ),
        (
            "بقيمة 4,892,000 دولار",
            "worth $4.9 million",
            Severity::Warning,
            "4.892 million in the source; the English says 4.9 million.",
        ),
    ] {
        assert_eq!(found(source, target), [(severity, message.to_owned())], "{source}");
    }
}

#[test]
fn a_number_that_is_said_once_for_twice_is_seen() {
    let source = "قُتل 20 مدنياً وجُرح 20 جندياً";
    let message = "The source says 20 twice; the English once.".to_owned();
    assert_eq!(found(source, "20 civilians were killed and soldiers hurt"), [(Severity::Warning, message)]);
    assert!(found(source, "20 civilians were killed and twenty soldiers hurt").is_empty());
}

#[test]
fn a_month_answers_for_a_date_in_figures_only() {
    assert!(found("في 11/9", "on September 11").is_empty());
    let message = "The source says 7; the English does not.".to_owned();
    assert_eq!(found("قُتل 7 أشخاص في يوليو", "People were killed in July"), [(Severity::Error, message)]);
}

#[test]
fn what_is_converted_wrongly_is_seen() {
    for (source, target) in [
        ("خفضه 25 نقطة أساس", "cut it by half a percentage point"),
        ("خفضه 25 نقطة أساس", "cut it by 50 basis points"),
        ("بنسبة 2%", "by one percent"),
        ("بلغ دور ثمن النهائي", "reached the round of 8"),
        ("بعد 18 شهراً", "after one year"),
    ] {
        assert!(!found(source, target).is_empty(), "{source} / {target}");
    }
}

#[test]
fn percentages_in_words_must_be_there() {
    for source in ["ارتفع خمسين في المئة", "ارتفع بنسبة خمسين بالمئة"] {
        assert_eq!(found(source, "It rose").first().map(|(severity, _)| *severity), Some(Severity::Error), "{source}");
    }
}

#[test]
fn both_numbers_are_marked() {
    let (source, target) = ("نحو ٦٠٠ مليون نسمة", "some 60 million people");
    let findings = run(&document(&[(source, target)]));
    assert_eq!(findings[0].source.map(|span| span.of(source)), Some("٦٠٠ مليون"));
    assert_eq!(findings[0].target.map(|span| span.of(target)), Some("60 million"));
}
