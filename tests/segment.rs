//! Segmentation and normalisation against golden cases, and their properties on any text.

use mujaz::article::Span;
use mujaz::segment::sentences;
use proptest::prelude::*;

/// The rows of a golden file: name and fields, with `\n`, `\r` and `\u{…}` read as characters.
fn golden(table: &str) -> Vec<(&str, Vec<String>)> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = lines.map(|line| line.split_once('\t').unwrap_or_else(|| panic!("no tab in {line:?}")));
    rows.map(|(name, rest)| (name, rest.split('\t').map(unescape).collect())).collect()
}

fn unescape(field: &str) -> String {
    let field = field.replace("\\n", "\n").replace("\\r", "\r");
    let mut parts = field.split("\\u{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').expect("a closed \\u{…}");
        let number = u32::from_str_radix(number, 16).expect("a hexadecimal number");
        text.push(char::from_u32(number).expect("a character"));
        text.push_str(rest);
    }
    text
}

fn parts(text: &str, spans: &[Span]) -> Vec<String> {
    spans.iter().map(|span| span.of(text).to_owned()).collect()
}

#[test]
fn sentences_end_where_readers_end_them() {
    let cases = golden(include_str!("golden/segment/sentences.tsv"));
    assert!(cases.len() >= 90, "{}", cases.len());
    let mut wrong = Vec::new();
    for (name, fields) in &cases {
        let expected: Vec<String> = fields[0].split('▮').map(|part| part.trim().to_owned()).collect();
        let text = fields[0].replace('▮', "");
        let found = parts(&text, &sentences(&text));
        if found != expected {
            wrong.push(format!("{name}:\n  found    {found:#?}\n  expected {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Checks that `spans` are in order, trimmed, not blank, and leave nothing but white space out.
fn assert_covers(text: &str, spans: &[Span]) -> Result<(), TestCaseError> {
    let mut at = 0;
    for span in spans {
        prop_assert!(at <= span.start && span.start < span.end && span.end <= text.len(), "{span:?} after {at}");
        prop_assert_eq!(text[at..span.start].trim(), "", "left out before {:?}", span);
        prop_assert_eq!(span.of(text).trim(), span.of(text));
        at = span.end;
    }
    prop_assert_eq!(text[at..].trim(), "");
    Ok(())
}

/// Text made of what the rules look at, so that they meet in every order.
fn newspaper() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            " ",
            "  ",
            "\n",
            "\r\n",
            "\t",
            "\u{A0}",
            ".",
            "..",
            "...",
            "…",
            "؟",
            "!",
            "?",
            "،",
            "؛",
            ":",
            "\"",
            "«",
            "»",
            "“",
            "”",
            "(",
            ")",
            "[",
            "]",
            "'",
            "-",
            "/",
            "%",
            "٪",
            "٫",
            "د.",
            "أ.",
            "م.",
            "أ.د.",
            "أ.ش.أ",
            "كلم.",
            "إلخ.",
            "هـ.",
            "ص.ب.",
            "U.S.",
            "وقال",
            "وأضاف",
            "قال",
            "الوزير",
            "إنّ",
            "بـ",
            "ـ",
            "\u{200F}",
            "\u{200B}",
            "\u{202B}",
            "\u{FEFF}",
            "\u{64B}",
            "\u{651}",
            "\u{653}",
            "\u{654}",
            "ﻻ",
            "ﷲ",
            "ﷺ",
            "فلسطین",
            "کتاب",
            "كانون الأول",
            "ديسمبر",
            "تموز",
            "1",
            "12",
            "٣",
            "۴",
            "1.",
            "18.12.2023",
            "89.6%",
            "٨٩٫٦٪",
            "www.aljazeera.net",
            "@user",
            "iPhone",
            "👨‍👩‍👧",
            "e\u{301}",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[\u{600}-\u{6FF}]{1,6}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn sentences_partition_newspaper_text(text in newspaper()) {
        assert_covers(&text, &sentences(&text))?;
    }

    #[test]
    fn sentences_partition_any_text(text in any::<String>()) {
        assert_covers(&text, &sentences(&text))?;
    }
}
