//! What a page says of itself: `meta` elements, JSON-LD, the language of the document.

use dom_query::{Document, NodeRef};
use serde_json::Value;

/// What was found, the most trustworthy first where there are several.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) titles: Vec<String>,
    pub(super) descriptions: Vec<String>,
    pub(super) authors: Vec<String>,
    /// ISO 8601, as the page gives it.
    pub(super) published: Option<String>,
    /// BCP 47.
    pub(super) language: Option<String>,
    /// The text of the article in JSON-LD.
    pub(super) body: Option<String>,
}

impl Metadata {
    pub(super) fn of(document: &Document, json_ld: &[String]) -> Self {
        let mut found = Self::default();
        for script in json_ld {
            // Line breaks inside of strings are common and no JSON.
            let clean: String = script.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let clean = clean.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>");
            if let Ok(value) = serde_json::from_str(clean) {
                articles(&value, &mut |article| found.add_article(article));
            }
        }
        found.add_meta(document);
        let element = document.root().descendants_it().find(|node| node.has_name("html"));
        let declared = element.and_then(|html| html.attr("lang")).map(|lang| lang.trim().replace('_', "-"));
        found.language = declared.filter(|lang| !lang.is_empty()).or(found.language);
        if let Some(title) = document.root().descendants_it().find(|node| node.has_name("title")) {
            found.titles.extend(without_site(&title.text()));
        }
        found
    }

    fn add_article(&mut self, article: &Value) {
        let text = |name: &str| article.get(name).and_then(Value::as_str).and_then(plain);
        self.titles.extend(text("headline").or_else(|| text("name")));
        self.descriptions.extend(text("description"));
        self.published = self.published.take().or_else(|| text("datePublished"));
        self.language = self.language.take().or_else(|| text("inLanguage"));
        self.body = self.body.take().or_else(|| article.get("articleBody").and_then(Value::as_str).map(str::to_owned));
        if self.authors.is_empty() {
            self.authors = article.get("author").map(names).unwrap_or_default();
        }
    }

    fn add_meta(&mut self, document: &Document) {
        let (mut titles, mut descriptions, mut dates) = (Vec::new(), Vec::new(), Vec::new());
        for meta in document.root().descendants_it().filter(|node| node.has_name("meta")) {
            let name = ["property", "name", "itemprop"].iter().find_map(|name| meta.attr(name));
            let (Some(name), Some(content)) = (name, meta.attr("content").and_then(|content| plain(&content))) else {
                continue;
            };
            let into = match name.to_ascii_lowercase().as_str() {
                "og:title" | "twitter:title" | "headline" => &mut titles,
                "og:description" | "description" | "twitter:description" => &mut descriptions,
                "article:published_time"
                | "og:published_time"
                | "datepublished"
                | "dc.date.issued"
                | "dc.date"
                | "pubdate"
                | "date" => &mut dates,
                "author" | "article:author" if self.authors.is_empty() && !content.contains("://") => &mut self.authors,
                "og:locale" if self.language.is_none() => {
                    self.language = Some(content.replace('_', "-"));
                    continue;
                }
                _ => continue,
            };
            into.push(content);
        }
        self.titles.append(&mut titles);
        self.descriptions.append(&mut descriptions);
        self.published = self.published.take().or_else(|| dates.into_iter().next());
    }
}

/// Calls `found` with each article in JSON-LD: at the top, in arrays and in `@graph`.
fn articles(value: &Value, found: &mut impl FnMut(&Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| articles(item, found)),
        Value::Object(fields) => {
            let is_article = |kind: &Value| {
                kind.as_str().is_some_and(|kind| kind.ends_with("Article") || kind.ends_with("BlogPosting"))
            };
            let kind = fields.get("@type");
            if kind.is_some_and(|kind| {
                is_article(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(is_article))
            }) {
                found(value);
            } else {
                ["@graph", "mainEntity"]
                    .iter()
                    .filter_map(|name| fields.get(*name))
                    .for_each(|inner| articles(inner, found));
            }
        }
        _ => {}
    }
}

/// The names in an `author`: a string, an object, or an array of either.
fn names(author: &Value) -> Vec<String> {
    match author {
        Value::String(name) => plain(name).into_iter().collect(),
        Value::Array(authors) => authors.iter().flat_map(names).collect(),
        other => other.get("name").map(names).unwrap_or_default(),
    }
}

/// Text without entities and tags, on one line; `None` if nothing is left.
pub(super) fn plain(text: &str) -> Option<String> {
    let decoded = if text.contains(['&', '<']) {
        Document::fragment(super::tame::tame(text).html).root().text().to_string()
    } else {
        text.to_owned()
    };
    let words: Vec<_> = decoded.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The title of a page and, where it ends in what looks like the name of the site, the title without it first.
fn without_site(title: &str) -> Vec<String> {
    let Some(title) = plain(title) else { return Vec::new() };
    let cut = [" | ", " - ", " – ", " — ", " :: ", " » "].iter().filter_map(|separator| title.rfind(separator)).max();
    let short =
        cut.map(|at| title[..at].to_owned()).filter(|rest| rest.chars().count() >= 15 && rest.len() * 2 > title.len());
    short.into_iter().chain([title]).collect()
}

/// The words of `class`, `id`, `itemprop` and `rel`, in lower case.
pub(super) fn hints(node: &NodeRef) -> Vec<String> {
    let attributes = ["class", "id", "itemprop", "rel"].iter().filter_map(|name| node.attr(name));
    attributes
        .flat_map(|value| {
            let words: Vec<String> = value
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .take(40)
                .map(str::to_lowercase)
                .collect();
            words
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str, html: &str) -> Metadata {
        Metadata::of(&Document::from(html), &[json.to_owned()])
    }

    #[test]
    fn json_ld_in_every_shape() {
        let article = r#"{"@type":"NewsArticle","headline":"عنوان &quot;الخبر&quot;","datePublished":"2024-05-12T08:00:00+03:00","author":[{"@type":"Person","name":"سامي الحداد"}],"articleBody":"نص"}"#;
        for json in [
            article.to_owned(),
            format!("[{{\"@type\":\"BreadcrumbList\"}}, {article}]"),
            format!("{{\"@context\":\"https://schema.org\",\"@graph\":[{{\"@type\":\"WebPage\"}},{article}]}}"),
            format!("{{\"@type\":\"WebPage\",\"mainEntity\":{article}}}"),
            article.replace("\"NewsArticle\"", "[\"Thing\",\"ReportageNewsArticle\"]"),
            article.replace("نص", "نص\nنص"),
        ] {
            let found = of(&json, "");
            assert_eq!(found.titles, ["عنوان \"الخبر\""], "{json}");
            assert_eq!(found.authors, ["سامي الحداد"]);
            assert_eq!(found.published.as_deref(), Some("2024-05-12T08:00:00+03:00"));
            assert!(found.body.is_some());
        }
        assert!(of("{not json", "").titles.is_empty());
    }

    #[test]
    fn meta_elements_and_title() {
        let html = "<html lang=ar_LB><head><title>اتفاق جديد على المياه - صحيفة الشمال</title>\
            <meta property=og:title content='اتفاق جديد على المياه'><meta name=description content='وصف'>\
            <meta property='article:published_time' content='2024-05-12'></head>";
        let found = of("", html);
        assert_eq!(
            found.titles,
            ["اتفاق جديد على المياه", "اتفاق جديد على المياه", "اتفاق جديد على المياه - صحيفة الشمال"]
        );
        assert_eq!((found.language.as_deref(), found.published.as_deref()), (Some("ar-LB"), Some("2024-05-12")));
        assert_eq!(found.descriptions, ["وصف"]);
    }
}
