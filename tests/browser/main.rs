//! The page in a real browser. Where none is installed, each test says so and passes.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test may panic")]

mod devtools;
#[path = "../documents/mod.rs"]
mod documents;

use std::io::Write;
use std::path::PathBuf;

use devtools::Browser;
use mujaz::pipeline::Document;
use mujaz::render::{Format, Options};
use serde_json::{Value, json};

const VIEWS: [&str; 3] = ["view-both", "view-english", "view-source"];

/// A folder with pages in it, and a browser to look at them.
struct Desk {
    browser: Browser,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Option<Self> {
        match Browser::start() {
            Ok(browser) => Some(Self { browser, folder: tempfile::tempdir().unwrap() }),
            Err(reason) => {
                // The macro would print nothing of a test that passes.
                let line = format!("skipped, no browser: {reason}\n");
                std::io::stderr().write_all(line.as_bytes()).unwrap();
                None
            }
        }
    }

    fn open(&mut self, document: &Document) -> &mut Browser {
        let file: PathBuf = self.folder.path().join("page.html");
        let html = (Format::from_name("html").unwrap().render)(document, &Options::default());
        std::fs::write(&file, html).unwrap();
        self.browser.open(&file);
        &mut self.browser
    }
}

/// Ids of the sentences and the texts of the words that are marked.
fn marked(browser: &mut Browser) -> (Vec<String>, Vec<String>) {
    let ids = "[...document.querySelectorAll('.s.on')].map(s => s.id)";
    let words = "[...document.querySelectorAll('.w.hot')].map(w => w.textContent)";
    (strings(&browser.evaluate(ids)), strings(&browser.evaluate(words)))
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

fn in_view(browser: &mut Browser, id: &str) -> bool {
    browser
        .evaluate(&format!(
            "(() => {{ const r = document.getElementById({id:?}).getBoundingClientRect();
               return r.height > 0 && r.top >= 0 && r.bottom <= innerHeight; }})()"
        ))
        .as_bool()
        .unwrap()
}

#[test]
fn pointing_at_a_word_shows_its_partner() {
    let Some(mut desk) = Desk::new() else { return };
    let browser = desk.open(&documents::news());
    browser.size(1200, 900);
    browser.hover(r#"[id="en-1.1"] .w:nth-of-type(3)"#);
    let (sentences, words) = marked(browser);
    assert_eq!(sentences, ["en-1.1", "ar-1.1"]);
    assert_eq!(words, ["Egypt", "ومصر"]);

    browser.hover(r#"[id="ar-7.1"] .w[data-l~="6"]"#);
    let (sentences, words) = marked(browser);
    assert_eq!(sentences, ["en-7.1", "ar-7.1"]);
    assert_eq!(words, ["passengers", "المسافرين"]);

    browser.hover(".wordmark");
    assert_eq!(marked(browser), (vec![], vec![]));
}

#[test]
fn a_click_keeps_a_sentence_marked_until_the_next() {
    let Some(mut desk) = Desk::new() else { return };
    let browser = desk.open(&documents::news());
    browser.size(1200, 900);
    browser.click(r#"[id="ar-9.1"]"#);
    browser.hover(".wordmark");
    assert_eq!(marked(browser).0, ["en-9.1", "ar-9.1"]);
    let claims = "[...document.querySelectorAll('.claim.on')].map(c => c.dataset.evidence)";
    assert_eq!(strings(&browser.evaluate(claims)), ["9.1"], "the claim that rests on it is marked too");
    browser.click(r#"[id="ar-9.1"]"#);
    browser.hover(".wordmark");
    assert!(marked(browser).0.is_empty());
}

#[test]
fn a_claim_leads_to_its_evidence() {
    let Some(mut desk) = Desk::new() else { return };
    let browser = desk.open(&documents::news());
    browser.media("screen", &[("prefers-reduced-motion", "reduce")]);
    for (width, height) in [(390, 700), (820, 700), (1600, 700)] {
        browser.size(width, height);
        browser.evaluate("scrollTo(0, 0)");
        browser.click(".brief ol li:last-child .words");
        browser.hover(".brief ol li:last-child .words");
        let (sentences, _) = marked(browser);
        assert_eq!(sentences, ["en-13.1", "ar-13.1", "en-15.1", "ar-15.1"]);
        // The pointer scrolled to the claim; the click is what leads to the evidence.
        browser.evaluate("document.querySelector('.brief ol li:last-child .words').click()");
        assert!(in_view(browser, "en-13.1"), "at {width} pixels");

        browser.click(r#".brief ol li:nth-child(3) .ref"#);
        assert!(in_view(browser, "en-6.1"), "at {width} pixels");
        assert_eq!(browser.evaluate("document.activeElement.id"), "en-6.1");
        assert_eq!(browser.evaluate("location.hash"), "#en-6.1");
    }
}

#[test]
fn the_keyboard_goes_everywhere() {
    let Some(mut desk) = Desk::new() else { return };
    let browser = desk.open(&documents::news());
    browser.size(1200, 900);
    let active = "document.activeElement.id";
    browser.evaluate("document.querySelector('.row .number a').focus()");
    browser.press("Tab");
    assert_eq!(browser.evaluate(active), "en-1.1");
    assert_eq!(marked(browser).0, ["en-1.1", "ar-1.1"]);
    browser.press("ArrowRight");
    browser.press("ArrowRight");
    browser.press("ArrowRight");
    assert_eq!(marked(browser).1, ["Egypt", "ومصر"]);
    browser.press("ArrowLeft");
    assert_eq!(marked(browser).1, ["and", "ومصر"]);
    browser.press("ArrowDown");
    assert_eq!(browser.evaluate(active), "en-2.1");
    browser.press("Enter");
    browser.press("Tab");
    assert_ne!(browser.evaluate(active), "en-2.1");
    assert_eq!(marked(browser).0, ["en-2.1", "ar-2.1"], "kept");
    browser.press("Escape");
    assert!(marked(browser).0.is_empty());
    // One sentence alone is in the tab order.
    assert_eq!(browser.evaluate("document.querySelectorAll('.s[tabindex=\"0\"]').length"), 1);
}

#[test]
fn a_tap_does_what_a_click_does() {
    let Some(mut desk) = Desk::new() else { return };
    let browser = desk.open(&documents::news());
    browser.size(390, 800);
    browser.tap(r#"[id="ar-6.2"]"#);
    // The browser waits for a second tap before it makes a click of the first.
    browser.wait_for("document.querySelector('.s.on')");
    assert_eq!(marked(browser).0, ["en-6.2", "ar-6.2"]);
}

#[test]
fn no_page_is_wider_than_its_window_or_has_errors() {
    let Some(mut desk) = Desk::new() else { return };
    for (name, document) in documents::all() {
        let browser = desk.open(&document);
        for width in [320, 360, 390, 600, 736, 820, 1248, 1600] {
            browser.size(width, 800);
            for view in VIEWS.iter().filter(|_| document.is_translated()) {
                browser.evaluate(&format!("document.getElementById('{view}').click()"));
                let wide = browser.evaluate("document.documentElement.scrollWidth");
                assert!(wide.as_u64().unwrap() <= u64::from(width), "{name} at {width} in {view}: {wide}");
            }
        }
        for event in &browser.events {
            let method = event["method"].as_str().unwrap_or_default();
            let bad = [
                "Runtime.exceptionThrown",
                "Runtime.consoleAPICalled",
                "Log.entryAdded",
                "Page.javascriptDialogOpening",
            ];
            assert!(!bad.contains(&method), "{name}: {event:#}");
            if method == "Network.requestWillBeSent" {
                let url = event["params"]["request"]["url"].as_str().unwrap();
                assert!(url.starts_with("file://") && url.ends_with("/page.html"), "{name} asks for {url}");
            }
        }
        assert_eq!(browser.evaluate("document.scripts.length"), 1, "{name}");
        assert_eq!(browser.evaluate("document.querySelectorAll('iframe, img, object, embed, style[nonce]').length"), 0);
    }
}

#[test]
fn without_its_script_the_page_still_leads_to_the_evidence() {
    let Some(mut desk) = Desk::new() else { return };
    desk.browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    let browser = desk.open(&documents::news());
    browser.size(820, 700);
    browser.click(".brief ol li:nth-child(3) .ref");
    assert_eq!(browser.evaluate("document.querySelector('.s:target').id"), "en-6.1");
    assert!(in_view(browser, "en-6.1"));
    browser.click("label[for=view-source]");
    assert_eq!(browser.evaluate("getComputedStyle(document.querySelector('.en')).display"), "none");
    browser.click("label[for=view-english]");
    assert_eq!(browser.evaluate("getComputedStyle(document.querySelector('.source')).display"), "none");
}

#[test]
fn languages_and_directions_are_said() {
    let Some(mut desk) = Desk::new() else { return };
    let browser = desk.open(&documents::news());
    let of = |browser: &mut Browser, selector: &str, property: &str| {
        browser.evaluate(&format!("getComputedStyle(document.querySelector({selector:?})).{property}"))
    };
    assert_eq!(of(browser, "[id='ar-1.1']", "direction"), "rtl");
    assert_eq!(of(browser, "[id='en-1.1']", "direction"), "ltr");
    assert_eq!(of(browser, "[id='ar-11.1'] bdi", "direction"), "ltr");
    assert_eq!(browser.evaluate("document.querySelector('[id=\"ar-1.1\"]').closest('[lang]').lang"), "ar");
    assert_eq!(browser.evaluate("document.title"), "Jordan and Egypt agree to expand Aqaba–Nuweiba ferry line · mujaz");
    assert_eq!(browser.evaluate("document.querySelector('h1').textContent").as_str().unwrap().len(), 59);
    let rels = "[...document.querySelectorAll('a[href^=http]')].map(a => a.rel)";
    let rels = strings(&browser.evaluate(rels));
    assert_eq!(rels.len(), 4);
    assert!(rels.iter().all(|rel| rel == "noopener noreferrer nofollow"));
}

/// Ids of the findings that are shown.
fn shown(browser: &mut Browser) -> Vec<String> {
    let shown =
        "[...document.querySelectorAll('.findings li')].filter(li => li.getClientRects().length).map(li => li.id)";
    strings(&browser.evaluate(shown))
}

#[test]
fn findings_are_filtered_by_severity_with_and_without_the_script() {
    for script in [true, false] {
        let Some(mut desk) = Desk::new() else { return };
        desk.browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": !script }));
        let browser = desk.open(&documents::news());
        browser.size(1200, 900);
        assert_eq!(shown(browser), ["finding-1", "finding-2", "finding-3"]);
        browser.click("label[for=show-info]");
        browser.click("label[for=show-warning]");
        assert_eq!(shown(browser), ["finding-1"]);
        let underlined = |browser: &mut Browser, id: &str| {
            let style =
                "getComputedStyle(document.querySelector('[id=\"ID\"] mark')).textDecorationLine".replace("ID", id);
            browser.evaluate(&style).as_str().unwrap().to_owned()
        };
        for language in ["en", "ar"] {
            assert_eq!(underlined(browser, &format!("{language}-6.2")), "underline", "both languages are marked");
            assert_eq!(underlined(browser, &format!("{language}-7.1")), "none");
        }
        let flags = "[...document.querySelectorAll('.row .flag')].filter(f => f.getClientRects().length).length";
        assert_eq!(browser.evaluate(flags), 1);
        browser.click("label[for=only-found]");
        let rows = "[...document.querySelectorAll('.row')].filter(r => r.getClientRects().length).map(r => r.id)";
        assert_eq!(strings(&browser.evaluate(rows)), ["s6", "s7", "s15"]);
        let said = browser.evaluate("document.getElementById('shown').textContent");
        assert_eq!(said.as_str().unwrap(), if script { "1 of 3 findings shown" } else { "" });
    }
}

#[test]
fn a_finding_and_a_fact_lead_to_their_sentence() {
    let Some(mut desk) = Desk::new() else { return };
    let browser = desk.open(&documents::news());
    browser.media("screen", &[("prefers-reduced-motion", "reduce")]);
    browser.size(1200, 700);
    browser.hover("#finding-1 bdi");
    assert_eq!(marked(browser).0, ["en-6.2", "ar-6.2"]);
    browser.click("#finding-1 bdi");
    assert!(in_view(browser, "en-6.2"));
    browser.click(".facts .ref");
    assert!(in_view(browser, "en-2.1"));
    browser.evaluate("scrollTo(0, 0)");
    browser.click(".found a");
    assert!(
        browser
            .evaluate("document.getElementById('findings').getBoundingClientRect().top < innerHeight")
            .as_bool()
            .unwrap()
    );
}

/// Text against what lies behind it, as WCAG 2.2 measures it (success criterion 1.4.3).
const CONTRAST: &str = "(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data); };
  const light = color => { const [r, g, b] = rgb(color).map(v => { v /= 255;
    return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const b = getComputedStyle(e).backgroundColor;
    if (rgb(b)[3] === 255) return b; } return getComputedStyle(document.documentElement).backgroundColor; };
  const poor = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || e.closest('script, .hidden') || !e.getClientRects().length) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) poor.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
  }
  return [...new Set(poor)];
})()";

#[test]
fn every_word_can_be_read_in_light_and_dark() {
    let Some(mut desk) = Desk::new() else { return };
    let browser = desk.open(&documents::news());
    for scheme in ["light", "dark"] {
        browser.media("screen", &[("prefers-color-scheme", scheme)]);
        browser.press("Escape");
        browser.click(r#"[id="en-6.2"] .w:nth-of-type(3)"#);
        browser.evaluate("new Promise(done => setTimeout(done, 300))");
        assert!(!marked(browser).1.is_empty());
        assert_eq!(strings(&browser.evaluate(CONTRAST)), Vec::<String>::new(), "{scheme}");
    }
}

#[test]
fn prints() {
    let Some(mut desk) = Desk::new() else { return };
    let browser = desk.open(&documents::news());
    let pdf = browser.call("Page.printToPDF", json!({ "preferCSSPageSize": true }));
    assert!(pdf["data"].as_str().unwrap().starts_with("JVBERi0"), "%PDF-");
}
