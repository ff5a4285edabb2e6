//! Pages as they are, and as they should not be.

use super::*;
use crate::article::{Block, MarkupKind};

fn read(html: &str) -> Outline {
    super::read(html.to_owned(), Tables::bundled())
}

fn blocks(outline: &Outline) -> Vec<(&'static str, &str)> {
    outline.blocks.iter().map(|block| (block.role.name(), block.span.of(&outline.text))).collect()
}

const LONG: &str = "أعلنت وزارة الأشغال في بيان لها، اليوم الأحد، أن أعمال ترميم الجسر القديم انتهت قبل الموعد المحدد، وأن حركة السير ستعود إلى طبيعتها في الاتجاهين اعتبارا من صباح الغد.";

const MORE: &str = "وقال مدير المشروع إن الكلفة لم تتجاوز 3 ملايين دينار، وإن فرق الصيانة عملت ليلا ونهارا، على مدى أربعة أشهر، كي لا تتعطل حركة المركبات بين ضفتي النهر.";

fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=ar dir=rtl><head><title>الجسر القديم يفتح غدا - صحيفة</title></head><body>{body}</body></html>"
    )
}

#[test]
fn words_are_not_glued_and_no_space_is_added() {
    let outline = read(&page(&format!(
        "<article><h1>الجسر القديم<br>يفتح غدا</h1><p>قال <b>سامي الحداد</b>، مدير المشروع:<br>انتهينا.<br><br>وغادر.</p><div>أول<div>ثان</div>ثالث</div><p>{LONG}</p><p>{LONG}</p></article>"
    )));
    let texts: Vec<_> = blocks(&outline).into_iter().map(|(_, text)| text).collect();
    assert_eq!(
        &texts[..6],
        ["الجسر القديم يفتح غدا", "قال سامي الحداد، مدير المشروع:\nانتهينا.", "وغادر.", "أول", "ثان", "ثالث"]
    );
}

#[test]
fn lists_quotes_tables_and_markup() {
    let outline = read(&page(&format!(
        "<article><h1>الجسر القديم يفتح غدا</h1><p>{LONG} <a href='/a?x=1&amp;y=2'>التفاصيل</a> و<em>المزيد</em>.</p><h2>أرقام المشروع</h2><ul><li>الطول 120 مترا<li>الكلفة 3 ملايين</ul>\
         <blockquote><p>الجسر ملك للجميع، وسنحافظ عليه كما حافظ عليه من سبقونا.</p></blockquote>\
         <table><tr><th>السنة<th>المركبات</tr><tr><td>2022<td>14 ألفا</tr></table><p>{LONG}</p></article>"
    )));
    let found = blocks(&outline);
    let roles: Vec<_> = found.iter().map(|(role, _)| *role).collect();
    assert_eq!(
        roles,
        ["headline", "paragraph", "subheading", "list_item", "list_item", "quote", "table", "table", "paragraph"]
    );
    assert_eq!(found[7].1, "2022\t14 ألفا");
    let Block { markup, .. } = &outline.blocks[1];
    assert_eq!(
        markup.iter().map(|m| (m.span.of(&outline.text), &m.kind)).collect::<Vec<_>>(),
        [("التفاصيل", &MarkupKind::Link("/a?x=1&y=2".into())), ("المزيد", &MarkupKind::Emphasis),]
    );
}

#[test]
fn what_is_hidden_or_beside_the_article_is_not_text() {
    let outline = read(&page(&format!(
        "<nav><a href=/>الرئيسية</a></nav><article><h1>الجسر القديم يفتح غدا</h1><p hidden>خفي</p><p style='display: none'>مخفي</p><span class=sr-only>للقارئ</span>\
         <p>{LONG}</p><script>var x = '<p>نص</p>';</script><p>{MORE}</p></article><aside><h3>الأكثر قراءة</h3><p>{LONG}</p></aside><footer>جميع الحقوق محفوظة</footer>"
    )));
    assert_eq!(
        blocks(&outline).iter().map(|(role, _)| *role).collect::<Vec<_>>(),
        ["headline", "paragraph", "paragraph"]
    );
}

#[test]
fn the_article_body_serves_where_the_page_shows_nothing() {
    let json = serde_json::json!({"@context": "https://schema.org", "@type": "NewsArticle", "headline": "الجسر القديم يفتح غدا",
        "author": {"name": "سامي الحداد"}, "datePublished": "2024-05-12", "articleBody": format!("{LONG}\n\n{MORE}\n")});
    let outline = read(&page(&format!("<script type=application/ld+json>{json}</script><div id=root></div>")));
    assert_eq!(
        blocks(&outline).iter().map(|(role, _)| *role).collect::<Vec<_>>(),
        ["headline", "byline", "paragraph", "paragraph"]
    );
    assert_eq!((outline.published.as_deref(), outline.notices.len()), (Some("2024-05-12"), 1));
}

#[test]
fn small_fragments_are_read_whole() {
    assert_eq!(blocks(&read("<p>مرحبا</p>")), [("headline", "مرحبا")]);
    assert_eq!(blocks(&read(&format!("<h1>عنوان</h1><p>{LONG}</p>"))), [("headline", "عنوان"), ("paragraph", LONG)]);
    assert_eq!(blocks(&read("نص بلا وسوم.")), [("paragraph", "نص بلا وسوم.")]);
    assert!(read("<html></html>").blocks.is_empty());
}

#[test]
fn pages_are_told_by_their_content() {
    for html in
        ["<!DOCTYPE html><p>x", "\n<html><body>", "<?xml version='1.0'?><html>", "<p>x</p>\n", "<!-- c --><html>"]
    {
        assert!(sniff(html), "{html}");
    }
    for text in ["نص", "a < b", "# <html>", "<p>عنوان\n=====\n\nنص"] {
        assert!(!sniff(text), "{text}");
    }
}

#[test]
fn hostile_pages_are_read_in_time() {
    let n = 30_000;
    let pages = [
        "<div>ن".repeat(n),
        "<p><b>ن".repeat(n),
        "<table><tr><td>ن".repeat(n),
        "<ul><li>ن".repeat(n),
        format!("<div>{}</div>", "<p>نص، آخر.</p>".repeat(n)),
        format!("<div>{}</div>", "<br>ن".repeat(n)),
        format!("<div>{}</div>", "<a href=x>ن</a> ".repeat(n)),
        "<div class=caption><time>1</time><span class=author>س</span></div>".repeat(n),
        format!("<p>{}</p>", "ن".repeat(n * 20)),
        "<h1>ن</h1>".repeat(n),
        "<figure><figcaption>صورة</figcaption></figure>".repeat(n),
    ];
    for html in pages {
        let start = std::time::Instant::now();
        read(&page(&html));
        assert!(
            start.elapsed().as_secs() < 10,
            "{:?} for {}…",
            start.elapsed(),
            html.chars().take(40).collect::<String>()
        );
    }
}
