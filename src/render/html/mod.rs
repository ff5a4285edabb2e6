//! One self-contained bilingual page: the brief, the article with the source beside the English, findings, provenance.
//!
//! The page needs nothing from anywhere: its security policy forbids every load, and allows the one style sheet and the
//! one script by their digests. Without the script everything works but the highlighting of partners.

mod article;
mod inline;
mod panels;
mod writer;

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use self::writer::Html;
use super::{Format, Options, labels};
use crate::article::{Role, SentenceId};
use crate::pipeline::Document;

pub(super) const FORMAT: Format = Format {
    name: "html",
    extensions: &["html", "htm"],
    media_type: "text/html; charset=utf-8",
    description: "a bilingual page that needs nothing else, for reading, checking and printing",
    render,
};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the page may load: its own style and script, known by their digests, and nothing else.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let (style, script) = (digest(STYLE), digest(SCRIPT));
    format!("default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'")
});

fn render(document: &Document, _: &Options) -> String {
    let page = Page::new(document);
    let mut html = Html::default();
    html.raw("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &POLICY)]).raw("\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    html.raw(concat!("<meta name=\"generator\" content=\"mujaz ", env!("CARGO_PKG_VERSION"), "\">\n"));
    html.element("title", &[], &page.title()).raw("\n<style>").raw(STYLE).raw("</style>\n</head>\n");
    html.raw(if page.translated { "<body class=\"bilingual\">\n" } else { "<body>\n" });
    panels::masthead(&mut html, &page);
    html.raw("<div class=\"page\">\n");
    panels::brief(&mut html, &page);
    article::article(&mut html, &page);
    html.raw("</div>\n<footer class=\"panels\">\n");
    panels::findings(&mut html, &page);
    panels::provenance(&mut html, &page);
    panels::help(&mut html, &page);
    html.raw("</footer>\n<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
    html.into_string()
}

/// A document and what is known of its languages.
struct Page<'a> {
    document: &'a Document,
    /// Whether there is English beside the source.
    translated: bool,
    /// Language of the source.
    language: &'a str,
    /// Before the sentence in the name of an element of the source: `ar`.
    prefix: &'a str,
    /// Whether the source is written from right to left.
    rtl: bool,
}

impl<'a> Page<'a> {
    fn new(document: &'a Document) -> Self {
        let translated = document.is_translated();
        let language = document.article.language();
        let primary = language.split('-').next().unwrap_or_default();
        let usable = !primary.is_empty() && primary.bytes().all(|b| b.is_ascii_lowercase());
        let prefix = if usable && !(translated && primary == "en") { primary } else { "source" };
        Self { document, translated, language, prefix, rtl: is_right_to_left(primary) }
    }

    fn direction(&self) -> &'static str {
        if self.rtl { "rtl" } else { "ltr" }
    }

    /// The headline as the reader will see it, else the title, else the file name.
    fn title(&self) -> String {
        let article = &self.document.article;
        let headline = article.sections().iter().zip(&self.document.targets).find(|(s, _)| s.role == Role::Headline);
        let headline = headline.map(|(section, target)| match target {
            Some(target) => target.text.as_str(),
            None => section.span.get(article.text()).unwrap_or_default(),
        });
        let title = headline.filter(|text| !text.trim().is_empty()).or(article.title()).unwrap_or(article.source());
        format!("{} · mujaz", title.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Where a reader finds a sentence: its English, or the source where there is none.
    fn anchor(&self, id: SentenceId) -> String {
        let prefix = if self.document.target(id).is_some() { "en" } else { self.prefix };
        format!("#{prefix}-{}", number(id))
    }
}

/// The number of a sentence on the page: `4.1`.
fn number(id: SentenceId) -> String {
    format!("{}.{}", id.section + 1, id.sentence + 1)
}

/// Whether a language, by its primary subtag, is written from right to left.
fn is_right_to_left(language: &str) -> bool {
    matches!(language, "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "iw" | "ps" | "sd" | "syr" | "ug" | "ur" | "yi")
}

/// The source expression of a content security policy for an inline style or script.
fn digest(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text)))
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().enumerate().fold(0u32, |group, (at, &byte)| group | u32::from(byte) << (16 - 8 * at));
        for at in 0..4 {
            let sextet = (group >> (18 - 6 * at)) & 63;
            text.push(if at <= chunk.len() { ALPHABET[sextet as usize] as char } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_the_rfc() {
        for (text, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn style_and_script_cannot_end_early() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }
}
