//! Segmentation and normalisation against golden cases, and their properties on any text.

use std::cell::Cell;

use mujaz::article::Span;
use mujaz::segment::{Options, clauses, normalise, normalise_with, sentences};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// The rows of a golden file: name and fields, with `\n`, `\r` and `\u{…}` read as characters.
fn golden(table: &str) -> Vec<(&str, Vec<String>)> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = lines.map(|line| line.split_once('\t').unwrap_or_else(|| panic!("no tab in {line:?}")));
    rows.map(|(name, rest)| (name, rest.split('\t').map(unescape).collect())).collect()
}

fn unescape(field: &str) -> String {
    let field = field.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
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

#[test]
fn hostile_lines_take_linear_time() {
    // In quadratic time, each of these would take minutes.
    let hostile = [
        ".)",
        "(",
        "\"",
        "د. ",
        "أ.ش.أ.",
        "1. ",
        "… ",
        "كلمة. a ",
        "! ( ",
        "\u{200F}.",
        "«كلمة. ",
        "،،",
        "بـ \"",
        "ديسمبر/",
    ];
    for piece in hostile {
        let line = piece.repeat(300_000 / piece.len());
        sentences(&line);
        normalise(&line);
    }
    for fill in [")", " ", "1", "\u{651}", "\u{200F}", "ـ", ".", "("] {
        let line = format!("د.{}كلمة", fill.repeat(300_000 / fill.len()));
        sentences(&line);
        clauses(&normalise(&line).text, &|piece| piece.len() < 100);
    }
}

#[test]
fn normalised_texts_are_as_expected() {
    let cases = golden(include_str!("golden/segment/normalise.tsv"));
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut wrong = Vec::new();
    for (name, fields) in &cases {
        let found = normalise(&fields[0]).text;
        if found != fields[1] {
            wrong.push(format!("{name}:\n  found    {found:?}\n  expected {:?}", fields[1]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn long_sentences_are_cut_at_clauses() {
    let mut wrong = Vec::new();
    for (name, fields) in golden(include_str!("golden/segment/clauses.tsv")) {
        let limit: usize = fields[0].parse().expect("a number of words");
        let expected: Vec<String> = fields[1].split('▮').map(|part| part.trim().to_owned()).collect();
        let text = fields[1].replace('▮', "");
        let found = parts(&text, &clauses(&text, &|piece| piece.split_whitespace().count() <= limit));
        if found != expected {
            wrong.push(format!("{name}:\n  found    {found:#?}\n  expected {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_long_text_is_cut_in_few_looks() {
    let text = "وقال الوزير إن المحادثات، التي جرت أمس، كانت مثمرة ".repeat(20_000);
    let seen = Cell::new(0);
    let pieces = clauses(&text, &|piece| {
        seen.set(seen.get() + piece.len());
        piece.len() <= 400
    });
    assert!(pieces.len() > 4_000 && seen.get() < 30 * text.len(), "{} {}", pieces.len(), seen.get() / text.len());
    let shortest = pieces.iter().map(|span| span.len()).min();
    assert!(shortest.is_some_and(|len| len >= 100), "pieces are balanced: {shortest:?}");
}

#[test]
fn diacritics_stay_when_asked_for() {
    let kept = normalise_with("إنّ ٣٩ مليوناً", Options { strip_diacritics: false });
    assert_eq!(kept.text, "إنّ 39 مليوناً");
}

#[test]
fn spans_lead_back_to_the_source() {
    let source = "\u{200F}وفاز في 18 كانون الأول/ديسمبر بـ \"ﻻ\"  بنسبة ٨٩٫٦٪،، وهنّأ";
    let normalised = normalise(source);
    assert_eq!(normalised.text, "وفاز في 18 ديسمبر ب\"لا\" بنسبة 89.6%، وهنأ");
    for (part, expected) in [
        ("وفاز", "\u{200F}وفاز"),
        ("18 ديسمبر", "18 كانون الأول/ديسمبر"),
        ("ب\"", "بـ \""),
        ("لا", "ﻻ"),
        ("ل", "ﻻ"),
        ("ا\" ", "ﻻ\"  "),
        ("89.6%", "٨٩٫٦٪"),
        ("،", "،،"),
        ("وهنأ", "وهنّأ"),
    ] {
        let start = normalised.text.rfind(part).expect("in the text");
        let span = Span::new(start, start + part.len());
        assert_eq!(normalised.to_source(span).of(source), expected, "{part}");
    }
    for (part, expected) in [("كانون", "ديسمبر"), ("ﻻ", "لا"), ("٦", "6"), ("فاز", "فاز"), ("\u{651}", "")]
    {
        let start = source.find(part).expect("in the source");
        let span = Span::new(start, start + part.len());
        assert_eq!(normalised.to_text(span).of(&normalised.text), expected, "{part}");
    }
}

/// Checks the map between a text and what it was normalised to.
fn assert_maps(source: &str, options: Options) -> Result<(), TestCaseError> {
    let normalised = normalise_with(source, options);
    let text = normalised.text.as_str();
    let again = normalise_with(text, options);
    prop_assert_eq!(&again.text, text, "normalising twice");
    prop_assert_eq!(text.trim(), text);
    prop_assert_eq!(normalised.to_source(Span::new(0, text.len())), Span::new(0, source.len()));
    prop_assert_eq!(normalised.to_text(Span::new(0, source.len())), Span::new(0, text.len()));
    let (mut at, mut source_at) = (0, Span::default());
    for end in text.char_indices().map(|(i, c)| i + c.len_utf8()) {
        let span = Span::new(at, end);
        let from = normalised.to_source(span);
        prop_assert!(source.is_char_boundary(from.start) && source.is_char_boundary(from.end), "{from:?}");
        prop_assert!(source_at.start <= from.start && from.start <= source_at.end, "{from:?} after {source_at:?}");
        prop_assert!(!from.is_empty() && from.end >= source_at.end);
        prop_assert!(normalised.to_text(from).contains(span), "there and back");
        (at, source_at) = (end, from);
    }
    prop_assert!(text.is_empty() || source_at.end == source.len());
    let mut at = 0;
    for (i, c) in source.char_indices() {
        let to = normalised.to_text(Span::new(i, i + c.len_utf8()));
        prop_assert!(text.is_char_boundary(to.start) && text.is_char_boundary(to.end), "{to:?}");
        prop_assert!(to.start <= to.end && to.start <= at && at <= to.end, "{to:?} after {at}");
        at = to.end;
    }
    prop_assert_eq!(at, text.len());
    Ok(())
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

/// Checks the pieces of at most `limit` bytes that `text` is cut into.
fn assert_pieces(text: &str, limit: usize) -> Result<(), TestCaseError> {
    let pieces = clauses(text, &|piece| piece.len() <= limit);
    assert_covers(text, &pieces)?;
    for piece in &pieces {
        prop_assert!(piece.len() <= limit || piece.of(text).graphemes(true).count() == 1, "{:?}", piece.of(text));
    }
    if text.trim().len() <= limit {
        prop_assert!(pieces.len() <= 1, "cut without need");
    }
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
    fn clauses_partition_newspaper_text(text in newspaper(), limit in 0..80_usize) {
        assert_pieces(&text, limit)?;
    }

    #[test]
    fn clauses_partition_any_text(text in any::<String>(), limit in 0..80_usize) {
        assert_pieces(&text, limit)?;
    }

    #[test]
    fn normalised_newspaper_text_maps_to_its_source(text in newspaper(), strip_diacritics: bool) {
        assert_maps(&text, Options { strip_diacritics })?;
    }

    #[test]
    fn any_normalised_text_maps_to_its_source(text in any::<String>(), strip_diacritics: bool) {
        assert_maps(&text, Options { strip_diacritics })?;
    }

    #[test]
    fn spans_off_boundaries_are_widened(text in newspaper(), start in 0..200_usize, len in 0..50_usize) {
        let normalised = normalise(&text);
        let span = Span::new(start, start + len);
        let from = normalised.to_source(span);
        prop_assert!(text.get(from.range()).is_some());
        let to = normalised.to_text(span);
        prop_assert!(normalised.text.get(to.range()).is_some());
    }

    #[test]
    fn sentences_partition_any_text(text in any::<String>()) {
        assert_covers(&text, &sentences(&text))?;
    }
}
