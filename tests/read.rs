//! Articles of every format, read and compared with what a person would say they are: `tests/articles/*.roles`.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mujaz::Error;
use mujaz::article::{Article, MarkupKind, Outline, Role, Span};
use mujaz::read::{self, Options, READERS, Reader};
use proptest::prelude::*;

/// The articles, without their golden files.
fn articles() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension != "roles"));
    files.sort();
    files
}

/// The outline as the golden files have it: what is known of the article, then each section with its markup.
fn describe(outline: &Outline) -> String {
    let mut out = String::new();
    let mut row = |name: &str, text: &str| {
        let text = text.replace('\n', "⏎").replace('\t', "⇥");
        writeln!(out, "{name:<12} {text}").unwrap();
    };
    row("language", &outline.language);
    row("title", outline.title.as_deref().unwrap_or("-"));
    row("published", outline.published.as_deref().unwrap_or("-"));
    for notice in &outline.notices {
        row("notice", notice);
    }
    for block in &outline.blocks {
        row(block.role.name(), block.span.of(&outline.text));
        for markup in &block.markup {
            let kind = match &markup.kind {
                MarkupKind::Link(target) => format!("  link {target}:"),
                MarkupKind::Emphasis => "  emphasis:".to_owned(),
                MarkupKind::Strong => "  strong:".to_owned(),
            };
            row(&kind, markup.span.of(&outline.text));
        }
    }
    out
}

/// One sentence a block, and everything else as the article demands it.
fn is_an_article(outline: &Outline) -> Result<Article, Error> {
    let sentences = outline.blocks.iter().map(|block| vec![block.span.trim(&outline.text)]).collect();
    Article::new(outline.clone(), sentences)
}

#[test]
fn articles_are_read_as_a_person_would() {
    let articles = articles();
    assert!(articles.len() >= 4);
    for path in articles {
        let name = path.file_name().unwrap().to_str().unwrap();
        let outline = read::read(&fs::read(&path).unwrap(), name, &Options::default()).unwrap();
        is_an_article(&outline).unwrap();
        let golden = fs::read_to_string(path.with_file_name(format!("{name}.roles"))).unwrap();
        assert_eq!(describe(&outline), golden, "{name}");
    }
}

#[test]
fn the_articles_show_every_role() {
    let mut found: Vec<Role> = Vec::new();
    for path in articles() {
        let outline = read::read(&fs::read(&path).unwrap(), path.to_str().unwrap(), &Options::default()).unwrap();
        found.extend(outline.blocks.iter().map(|block| block.role));
    }
    for role in Role::ALL {
        assert!(found.contains(&role), "no article has a section of role {role}");
    }
}

#[test]
fn the_reader_is_found_by_content_then_by_name_or_is_forced() {
    let first = |bytes: &str, name: &str, format: Option<&'static Reader>| {
        let options = Options { format, expect: None, ..Options::default() };
        let outline = read::read(bytes.as_bytes(), name, &options).unwrap();
        outline.blocks[0].span.of(&outline.text).to_owned()
    };
    let page = "<!DOCTYPE html><html><body><h1>عنوان الخبر</h1><p>نص الخبر كاملا.</p></body></html>";
    assert_eq!(first(page, "article.txt", None), "عنوان الخبر");
    assert_eq!(first("<b>عنوان</b> الخبر", "article.html", None), "عنوان الخبر");
    assert_eq!(first("<b>عنوان</b> الخبر", "article", None), "<b>عنوان</b> الخبر");
    assert_eq!(first(page, "article.html", Reader::by_name("TEXT")), page);
    for reader in READERS {
        assert!(std::ptr::eq(Reader::by_name(reader.name).unwrap(), reader));
        assert!(!reader.extensions.is_empty() && !reader.about.is_empty());
        let shared = READERS.iter().flat_map(|other| other.extensions).filter(|e| reader.extensions.contains(e));
        assert_eq!(shared.count(), reader.extensions.len(), "{} shares an extension", reader.name);
    }
}

#[test]
fn too_much_is_refused_before_it_is_read() {
    struct Endless(u64);
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += buffer.len() as u64;
            buffer.fill(b'a');
            Ok(buffer.len())
        }
    }
    let options = Options { max_bytes: 1000, ..Options::default() };
    let mut source = Endless(0);
    match read::load(&mut source, "-", &options) {
        Err(Error::TooLarge { bytes, limit, .. }) => assert_eq!((bytes, limit), (1001, 1000)),
        other => panic!("{other:?}"),
    }
    assert!(source.0 <= 1001, "{} bytes were taken", source.0);
    assert!(matches!(read::read(&[b'a'; 1001], "-", &options), Err(Error::TooLarge { .. })));
}

#[test]
fn what_is_no_article_is_refused_with_a_remedy() {
    for (bytes, what) in [
        (&b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"[..], "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"PK\x03\x04\x14\0\x06\0word/document.xml", "Word"),
        (b"\x7FELF\x02\x01\x01\0", "program"),
        (b"\0\0\0\0\0\0\0\0", "NUL"),
    ] {
        match read::read(bytes, "x", &Options::default()) {
            Err(error @ Error::Unsupported { .. }) => {
                assert!(error.to_string().contains(what), "{error}");
                assert!(error.hint().is_some());
            }
            other => panic!("{what}: {other:?}"),
        }
    }
    for blank in ["", " \n\u{A0}\n", "\u{FEFF}", "<html><body><p> </p></body></html>"] {
        assert!(
            matches!(read::read(blank.as_bytes(), "x.html", &Options::default()), Err(Error::Empty { .. })),
            "{blank:?}"
        );
    }
}

#[test]
fn truncated_text_is_read_as_far_as_it_goes() {
    let path = articles().into_iter().find(|path| path.ends_with("summit.txt")).unwrap();
    let bytes = fs::read(path).unwrap();
    let whole = read::read(&bytes, "summit.txt", &Options::default()).unwrap();
    let mut cut = 1001;
    while std::str::from_utf8(&bytes[..cut]).is_ok() {
        cut += 1;
    }
    let outline = read::read(&bytes[..cut], "summit.txt", &Options::default()).unwrap();
    assert_eq!(outline.notices.len(), 1);
    assert!(outline.notices[0].contains("UTF-8"), "{:?}", outline.notices);
    assert_eq!(outline.blocks[..4], whole.blocks[..4]);
    is_an_article(&outline).unwrap();
}

#[test]
fn a_line_of_50_megabytes_takes_seconds_in_every_format() {
    let words = "وقال الوزير إن الاتفاق قريب، ";
    let options = |format| Options { max_bytes: 64 << 20, format: Some(format), ..Options::default() };
    for reader in READERS {
        let time = |bytes: usize| {
            let text = words.repeat(bytes / words.len());
            let start = Instant::now();
            let outline = read::read(text.as_bytes(), "-", &options(reader)).unwrap();
            assert_eq!(outline.text.len(), text.trim_end().len().max(outline.text.len()));
            is_an_article(&outline).unwrap();
            start.elapsed()
        };
        let (small, large) = (time(5 << 20), time(50 << 20));
        assert!(large < Duration::from_secs(20), "{}: {large:?}", reader.name);
        // Ten times the text; twice that leaves room for a busy machine, and for nothing quadratic.
        assert!(large < small * 30 + Duration::from_secs(1), "{}: {small:?}, {large:?}", reader.name);
    }
}

/// Pieces of which articles and their accidents are made.
fn accidents() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,12}",
        "[ء-ي ]{0,30}[.،؟!:]?",
        "[\u{600}-\u{6ff}\u{fb50}-\u{feff}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2028}\u{2029}\u{85}\u{c}\r\n \t]{0,10}",
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        prop::sample::select(vec![
            "اقرأ أيضاً: ",
            "اخترنا لك\n",
            "• ",
            "- ",
            "(أرشيف)",
            "الرياض - واس\n",
            "كتب: ",
            "القاهرة:",
            "#وسم ",
            "2024/5/12",
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<a href='/x'>",
            "</a>",
            "<br>",
            "<table><tr><td>",
            "<li>",
            "<h1>",
            "</h1>",
            "<!--",
            "-->",
            "<script>",
            "&nbsp;",
            "&#x202e;",
            "&lt;",
            "<figure><figcaption>",
            "<div class=caption>",
            "<time>",
            "<pre>",
            "<",
            ">",
            "\"",
            "<body>",
            "<svg>",
            "<q>",
            "# ",
            "## ",
            "> ",
            "1. ",
            "* ",
            "**",
            "_",
            "`",
            "```\n",
            "[x](y)",
            "![x](y)",
            "---\n",
            "title: x\n",
            "| a | b |\n|---|---|\n",
            "\\",
            "&amp;",
            "[^1]",
            "\t",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_makes_an_article_in_any_format(text in accidents()) {
        for reader in READERS {
            let options = Options { format: Some(reader), expect: None, ..Options::default() };
            match read::read(text.as_bytes(), "-", &options) {
                Ok(outline) => {
                    is_an_article(&outline).map_err(|e| TestCaseError::fail(format!("{}: {e}: {outline:?}", reader.name)))?;
                    for markup in outline.blocks.iter().flat_map(|block| &block.markup) {
                        prop_assert_eq!(markup.span, markup.span.trim(&outline.text));
                        prop_assert!(!markup.span.is_empty());
                    }
                }
                Err(Error::Empty { .. } | Error::Unsupported { .. }) => {}
                Err(other) => prop_assert!(false, "{}: {}", reader.name, other),
            }
        }
    }

    #[test]
    fn plain_text_is_kept_to_the_letter(text in accidents()) {
        let options = Options { format: Reader::by_name("text"), expect: None, ..Options::default() };
        if let Ok(outline) = read::read(text.as_bytes(), "-", &options) {
            let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let decoded = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
            prop_assert_eq!(visible(&outline.text), visible(decoded));
            prop_assert_eq!(outline.text.len(), decoded.len());
            let inside: String = outline.blocks.iter().map(|block| visible(block.span.of(&outline.text))).collect();
            prop_assert_eq!(inside, visible(decoded));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), name in "(-|x\\.(txt|html|md))") {
        let options = Options { expect: None, ..Options::default() };
        if let Ok(outline) = read::read(&bytes, &name, &options) {
            is_an_article(&outline).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert!(outline.blocks.iter().all(|block| block.span != Span::default()));
        }
    }
}
