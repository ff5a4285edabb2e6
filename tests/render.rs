//! What readers see in each format.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod documents;

use mujaz::render::{FORMATS, Format, Options};

fn show(format: &str, document: &mujaz::pipeline::Document, options: Options) -> String {
    (Format::from_name(format).unwrap().render)(document, &options)
}

#[test]
fn every_format_shows_every_document_whole_and_the_same_each_time() {
    for format in FORMATS {
        for (name, document) in documents::all() {
            for bilingual in [false, true] {
                let options = Options { bilingual, ..Options::default() };
                let shown = (format.render)(&document, &options);
                assert!(shown.ends_with('\n'), "{} {name}", format.name);
                assert_eq!(shown, (format.render)(&document, &options), "{} {name}", format.name);
            }
        }
    }
}

#[test]
fn text_reads_from_top_to_bottom() {
    let shown = show("text", &documents::news(), Options { width: Some(72), ..Options::default() });
    let expected = "\
Note: This English was made by a small demonstration model and is not to
      be relied on. Check it against the source before any use.

BRIEF
  - Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line [s1.1]
  - The two countries' transport ministers say three new ferries will
    enter service before the end of the year, and expect passenger
    numbers to rise to 1.4 million a year. [s2.1]
";
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 72), "{shown}");
    for expected in [
        "s1 HEADLINE\n    Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line\n",
        "\n    ! s6.2 error (numbers): The source says 96; the English says 69.\n",
        "\ns18 BOILERPLATE, not translated\n    جميع الحقوق محفوظة\n",
        "\nTo look at before quoting: 1 error, 1 warning, 1 note.\n",
        "\nTranslated by demo-ar-en (cpu, f32, beam 4). Brief: sentences of the\n",
    ] {
        assert!(shown.contains(expected), "{expected:?} in\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'));
    assert!(!shown.contains("أعلن وزير"), "the source only where it was asked for");
    let both = show("text", &documents::news(), Options { bilingual: true, ..Options::default() });
    assert!(both.contains("\n    أعلن وزير"));
}

#[test]
fn text_in_colour_says_the_same() {
    for (name, document) in documents::all() {
        let plain = show("text", &document, Options::default());
        let mut colored = show("text", &document, Options { color: true, ..Options::default() });
        for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[33m"] {
            colored = colored.replace(code, "");
        }
        assert_eq!(plain, colored, "{name}");
    }
}

#[test]
fn text_of_an_article_that_was_not_translated_is_the_article() {
    let shown = show("text", &documents::english(), Options::default());
    assert!(shown.contains("s2 PARAGRAPH\n    Two ministers signed the agreement. Work begins in May.\n"), "{shown}");
    assert!(!shown.contains("Translated by") && !shown.contains("not translated"));
}
