//! What readers see in each format.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod documents;

use std::collections::BTreeSet;

use documents::builder::Builder;
use mujaz::article::{MarkupKind, Role};
use mujaz::brief::Style;
use mujaz::check::Severity;
use mujaz::render::{FORMATS, Format, Options};
use proptest::prelude::*;

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
    Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line [s1.1]

  What happened
    The two countries' transport ministers say three new ferries will
    enter service before the end of the year, and expect passenger
    numbers to rise to 1.4 million a year. [s2.1]

  Key points
  - Jordan's transport minister, Samer al-Qudah, announced on Monday
    that Amman and Cairo had agreed to expand the ferry line that links
    the port of Aqaba with the Egyptian port of Nuweiba. [s6.1]
";
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 72), "{shown}");
    for expected in [
        "s1 HEADLINE\n    Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line\n",
        "\n    ! s6.2 error (numbers): The source says 96; the English says 69.\n    (English: “$69 million”, source: “96 مليون”)\n",
        "\n  - Egypt has set no date, although both countries want the new berth by\n    mid-2027. [s13.1, s15.1 (!)]\n",
        "\n\n  Numbers\n  - 1.4 million: 1.4 مليون [s2.1]\n  - 20%: 20% [s9.1]\n  - 2027: 2027 [s13.1]\n",
        "\n\n  Names\n  - Jordan: الأردن [s1.1]\n  - Egypt: ومصر [s1.1]\n  - Aqaba: العقبة [s1.1]\n",
        "\n  - Samer al-Qudah: سامر القضاة [s6.1]\n",
        "\n\n  Uncertain\n  - The model was unsure of this sentence. [s15.1]\n  - 1 statement of the summarizer was left out: the article does not\n    bear it out.\n",
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
        assert!(!colored.contains("\u{1b}["), "{name}");
        assert_eq!(plain, colored, "{name}");
    }
}

#[test]
fn text_marks_the_words_of_a_finding_in_its_colour() {
    let shown = show("text", &documents::news(), Options { color: true, ..Options::default() });
    assert!(shown.contains("at a cost of \u{1b}[31m$69 million.\u{1b}[0m\n"), "{shown}");
}

#[test]
fn text_has_the_brief_in_every_style() {
    let brief = |style| {
        let shown = show("text", &documents::styled(style), Options::default());
        let from = shown.find("BRIEF\n").unwrap();
        let to = shown.find("\ns1 HEADLINE").unwrap();
        shown[from..to].to_owned()
    };
    let happened = "The two countries' transport ministers say three new ferries will enter service before the end of the year, \
        and expect passenger numbers to rise to 1.4 million a year. [s2.1]";
    assert_eq!(brief(Style::OneLine), format!("BRIEF\n    {happened}\n"));
    let expected = format!(
        "BRIEF\n    Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line [s1.1]\n\n    {happened} Jordan's transport \
         minister, Samer al-Qudah, announced on Monday that Amman and Cairo had agreed to expand the ferry line that links \
         the port of Aqaba with the Egyptian port of Nuweiba. [s6.1] Under the agreement, crossings will rise from one to \
         two a day, and transit fees for lorries will be cut by 20%. [s9.1] Egypt's ports authority has not announced a \
         date for the works to begin. [s15.1 (!)] Egypt has set no date, although both countries want the new berth by \
         mid-2027. [s13.1, s15.1 (!)]\n\n  Numbers\n"
    );
    let wire = brief(Style::Wire);
    assert!(wire.starts_with(&expected), "{wire}");
}

#[test]
fn text_of_an_article_that_was_not_translated_is_the_article() {
    let shown = show("text", &documents::english(), Options::default());
    assert!(shown.contains("s2 PARAGRAPH\n    Two ministers signed the agreement. Work begins in May.\n"), "{shown}");
    assert!(!shown.contains("Translated by") && !shown.contains("not translated"));
}

#[test]
fn markdown_reads_from_top_to_bottom() {
    let shown = show("markdown", &documents::news(), Options::default());
    let expected = "\
> **Demonstration.** This English was made by a small demonstration model and is not to be relied on. Check it against the \
source before any use.

## In brief

**Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line** `s1.1`

The two countries' transport ministers say three new ferries will enter service before the end of the year, and expect \
passenger numbers to rise to 1.4 million a year. `s2.1`

- Jordan's transport minister, Samer al-Qudah, announced on Monday that Amman and Cairo had agreed to expand the ferry line \
that links the port of Aqaba with the Egyptian port of Nuweiba. `s6.1`
";
    assert!(shown.starts_with(expected), "{shown}");
    for expected in [
        "\n# Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line `s1.1`\n",
        "\n- Egypt's ports authority has not announced a date for the works to begin. `s15.1` (!)\n",
        "\n**Numbers**\n\n- 1.4 million: 1.4 مليون `s2.1`\n- 20%: 20% `s9.1`\n",
        "\n**Uncertain**\n\n- The model was unsure of this sentence. `s15.1`\n- 1 statement",
        "\n*Caption:* A ferry docks",
        "Nuweiba. `s6.1` He told a news conference",
        "\n### Two crossings a day\n",
        "cut **by 20%**. `s9.1`\n",
        "\n> “This line is an artery",
        "\nA [report](https://example.org/reports?id=7&lang=ar) published last month by the website \"*Blue Corridor*\" had",
        "\n- Three new ferries, each carrying 1,200 passengers\n- An additional berth at Nuweiba by mid-2027 `s13.1`\n",
        "\nLorries | 40 dinars\n",
        "\n*Boilerplate, not translated:* جميع الحقوق محفوظة\n",
        "\n\n*error, numbers, `s6.2`:* The source says 96; the English says 69. (English: “$69 million”, source: “96 مليون”)\n",
        "\nTo look at before quoting: 1 error, 1 warning, 1 note.\n",
    ] {
        assert!(shown.contains(expected), "{expected:?} in\n{shown}");
    }
    let both = show("markdown", &documents::news(), Options { bilingual: true, ..Options::default() });
    assert!(both.contains("\n> أعلن وزير"));
}

#[test]
fn markdown_takes_no_markup_from_a_text() {
    use pulldown_cmark::{Event, Options as Extensions, Parser, Tag};
    for (name, document) in documents::all() {
        for bilingual in [false, true] {
            let shown = show("markdown", &document, Options { bilingual, ..Options::default() });
            let mut headings = 0;
            for event in Parser::new_ext(&shown, Extensions::all()) {
                match event {
                    Event::Html(_) | Event::InlineHtml(_) | Event::HardBreak | Event::SoftBreak => {
                        panic!("{name}: {event:?}")
                    }
                    Event::Start(Tag::Image { .. } | Tag::CodeBlock(_) | Tag::Table(_) | Tag::Strikethrough) => {
                        panic!("{name}: {event:?}")
                    }
                    Event::Start(Tag::Link { dest_url, .. }) => assert!(dest_url.starts_with("https://"), "{dest_url}"),
                    Event::Start(Tag::Heading { .. }) => headings += 1,
                    _ => {}
                }
            }
            let own =
                document.article.sections().iter().filter(|s| matches!(s.role, Role::Headline | Role::Subheading));
            let titles = usize::from(document.brief.is_some());
            assert_eq!(headings, own.count() + titles, "{name}:\n{shown}");
        }
    }
}

/// Every element that a page may have.
const ELEMENTS: &str = "html head meta title style body input header p span bdi time label strong em div aside h1 h2 h3 \
    ol ul li a b main section blockquote mark footer dl dt dd details summary code script fieldset legend";

/// Checks that a page has the elements, attributes and addresses of the program's own and nothing else.
fn inspect(html: &str) -> dom_query::Document {
    let page = dom_query::Document::from(html);
    let elements: BTreeSet<&str> = ELEMENTS.split_whitespace().collect();
    let mut ids = BTreeSet::new();
    for node in page.select("*").nodes() {
        let name = node.node_name().unwrap().to_string();
        assert!(elements.contains(name.as_str()), "<{name}>");
        for attribute in node.attrs() {
            let (key, value) = (attribute.name.local.to_string(), attribute.value.to_string());
            assert!(!key.starts_with("on") && !["src", "style", "srcdoc", "action"].contains(&key.as_str()), "{key}");
            if key == "href" {
                let known = ["#", "https://", "http://", "mailto:"].iter().any(|start| value.starts_with(start));
                assert!(known, "{value}");
            }
            if key == "id" {
                assert!(ids.insert(value.clone()), "{value} twice");
            }
        }
    }
    for link in page.select("a[href^=\"#\"]").nodes() {
        let id = link.attr("href").unwrap()[1..].to_owned();
        assert!(ids.contains(&id), "{id} is nowhere");
    }
    assert_eq!((page.select("script").length(), page.select("style").length()), (1, 1));
    page
}

#[test]
fn html_is_the_programs_own_around_the_texts() {
    for (name, document) in documents::all() {
        let page = inspect(&show("html", &document, Options::default()));
        for (id, source) in document.article.sentences() {
            let number = id.to_string()[1..].to_owned();
            let text = |prefix: &str| page.select(&format!("[id=\"{prefix}-{number}\"]")).text().to_string();
            let shown = |text: &str| text.replace(['\u{0}', '\u{1b}'], "\u{fffd}");
            assert_eq!(text(document.article.language()), shown(source.of(document.article.text())), "{name} {id}");
            if let Some(target) = document.target(id).filter(|target| !target.is_empty()) {
                assert_eq!(text("en"), shown(target), "{name} {id}");
            }
        }
    }
}

#[test]
fn html_says_what_stands_in_the_document() {
    let page = inspect(&show("html", &documents::news(), Options::default()));
    let text = |selector: &str| page.select(selector).text().to_string();
    assert!(text(".demonstration").contains("not to be relied on"));
    assert_eq!(text("time"), "12 October 2026");
    assert_eq!(page.select(".claim").length(), 6);
    assert_eq!(text(".brief li:nth-child(6) .claim .ref"), "13.115.1");
    assert_eq!(text(".brief .part"), "What happenedKey points");
    assert!(text(".facts").contains("Samer al-Qudah سامر القضاة"));
    assert!(text(".doubts").contains("unsure") && text(".doubts").contains("left out"));
    assert_eq!(
        page.select("[id='en-6.2'] mark").attr("title").unwrap().to_string(),
        "The source says 96; the English says 69."
    );
    let wire = inspect(&show("html", &documents::styled(Style::Wire), Options::default()));
    assert_eq!((wire.select(".brief .running .claim").length(), wire.select(".brief ol").length()), (5, 0));
    assert_eq!(text("[id='en-6.2'] mark.error"), "$69 million");
    assert_eq!(text("[id='ar-6.2'] mark.error"), "96 مليون");
    assert_eq!(
        page.select("[id='ar-11.1'] a").attr("href").unwrap().to_string(),
        "https://example.org/reports?id=7&lang=ar"
    );
    assert_eq!(text("[id='en-11.1'] em"), "Blue Corridor");
    assert_eq!(text(".found"), "1 error, 1 warning, 1 note");
    assert_eq!(page.select(".filter input[checked]").length(), 3);
    assert!(text(".provenance").contains("demo-ar-en") && text(".provenance").contains(&"a5".repeat(32)));
    assert!(text(".boilerplate .untranslated").contains("Not translated"));
    let policy = page.select("meta[http-equiv]").attr("content").unwrap().to_string();
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");

    let real = inspect(&show("html", &documents::single(), Options::default()));
    assert_eq!(real.select(".demonstration, .brief").length(), 0);
    assert!(real.select(".provenance").text().contains("Helsinki-NLP/opus-mt-ar-en"));
}

#[test]
fn html_shows_an_untranslated_article_in_one_column() {
    let page = inspect(&show("html", &documents::english(), Options::default()));
    assert_eq!(page.select("input, .en, .untranslated").length(), 0);
    assert_eq!(page.select("h1[lang=en]").text().to_string(), "Ferry line to grow");
}

proptest! {
    #[test]
    fn no_text_becomes_markup(
        arabic in "[<>&\"'/= a-zم\u{0}-\u{1f}]{0,30}",
        english in "[<>&\"'/= a-z\u{0}-\u{1f}]{0,30}|</?(script|style|title|b|a href=x onclick=y)>",
        other in "</?(script|style|title|p|li)>|[<>&\"']{1,4}|javascript:x|https://[<>\"'a-z]{1,9}",
    ) {
        let arabic = format!("س{arabic}");
        let mut builder = Builder::new(&other);
        builder.language = other.clone();
        builder.title = Some(other.clone());
        builder.published = Some(other.clone());
        builder.notices.push(other.clone());
        builder.section(Role::Paragraph, &[(&arabic, &english)]);
        builder.untranslated(Role::Boilerplate, &[&arabic]);
        builder.markup((1, 1), "س", &english, MarkupKind::Link(other.clone()));
        builder.finding((1, 1), "links", Severity::Error, &other, ("س", &english));
        builder.summarized(&english, &[(1, 1)]);
        let mut document = builder.build();
        document.translator.name = other.clone();
        document.translator.files = [(other.clone(), other.clone())].into();
        inspect(&show("html", &document, Options::default()));
    }
}
