//! Makes any HTML safe to parse: every element closed, nesting bounded, scripts and styles out. Linear in its length.
//!
//! A tree builder that follows the standard can be driven to quadratic time and to a tree of any depth by a short
//! text (nested unclosed elements, formatting elements that reopen in every paragraph, thousands of attributes). What
//! leaves this pass cannot: it is well-formed and flat enough for recursion.

use std::collections::HashMap;

/// The page, tamed, and the JSON-LD that was in it.
pub(super) struct Tamed {
    pub(super) html: String,
    pub(super) json_ld: Vec<String>,
}

/// Nesting that is kept. Pages of newspapers nest 40 deep.
const DEEPEST: usize = 100;
/// Attributes of a tag that are looked at.
const ATTRIBUTES: usize = 40;

const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements whose content is never text of an article.
const DROPPED: &[&str] = &[
    "script", "style", "noscript", "template", "iframe", "noembed", "noframes", "svg", "math", "canvas", "select",
    "textarea", "object", "audio", "video", "datalist",
];
/// Elements that end a paragraph, and that leave a line break behind where they are too deep to keep.
pub(super) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Attributes that anyone after this looks at.
const KEPT: &[&str] = &[
    "class",
    "id",
    "href",
    "lang",
    "dir",
    "rel",
    "itemprop",
    "itemtype",
    "property",
    "name",
    "content",
    "datetime",
    "hidden",
    "style",
    "aria-hidden",
    "role",
    "type",
    "colspan",
];

/// What a start tag ends, and where the search for it stops.
static ENDS: &[(&[&str], &[&str], &[&str])] = &[
    (&["li"], &["li"], &["ul", "ol", "menu", "dir", "table", "td", "th"]),
    (&["dt", "dd"], &["dt", "dd"], &["dl", "table", "td", "th"]),
    (&["td", "th"], &["td", "th"], &["tr", "table"]),
    (&["tr"], &["tr", "td", "th"], &["table", "tbody", "thead", "tfoot"]),
    (&["tbody", "thead", "tfoot"], &["tbody", "thead", "tfoot"], &["table"]),
    (&["a"], &["a"], &["table", "td", "th", "body", "article", "section", "main"]),
    (
        &["h1", "h2", "h3", "h4", "h5", "h6"],
        &["h1", "h2", "h3", "h4", "h5", "h6"],
        &["div", "section", "article", "td", "li", "a"],
    ),
];

pub(super) fn tame(html: &str) -> Tamed {
    let mut tamer = Tamer {
        rest: html,
        out: String::with_capacity(html.len()),
        open: Vec::new(),
        skipped: HashMap::new(),
        json_ld: Vec::new(),
        endless: Vec::new(),
    };
    while !tamer.rest.is_empty() {
        tamer.step();
    }
    tamer.close_to(0);
    Tamed { html: tamer.out, json_ld: tamer.json_ld }
}

struct Tamer<'a> {
    rest: &'a str,
    out: String,
    open: Vec<String>,
    /// Start tags that were too deep to keep, by name: as many end tags must go too.
    skipped: HashMap<String, usize>,
    json_ld: Vec<String>,
    /// What was looked for in vain, so that it is looked for once.
    endless: Vec<String>,
}

/// A start or end tag as written.
struct Tag<'a> {
    name: String,
    attributes: Vec<(String, &'a str)>,
    /// What follows it.
    after: &'a str,
}

impl<'a> Tamer<'a> {
    /// Takes text up to the next tag, or a tag.
    fn step(&mut self) {
        let at = self.rest.find('<').unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(at);
        self.out.push_str(text);
        self.rest = rest;
        let mut chars = rest.chars();
        chars.next();
        match (chars.next(), chars.as_str()) {
            (None, _) if rest.is_empty() => {}
            (Some('!'), after) if after.starts_with("--") => self.comment(),
            (Some('!' | '?'), _) => match rest.find('>') {
                Some(end) => self.rest = &rest[end + 1..],
                None => self.literal(),
            },
            (Some('/'), after) if after.starts_with(|c: char| c.is_ascii_alphabetic()) => match tag(&rest[2..]) {
                Some(tag) => self.end(&tag),
                None => self.rest = "", // Cut off inside the tag.
            },
            (Some(c), _) if c.is_ascii_alphabetic() => match tag(&rest[1..]) {
                Some(tag) => self.start(&tag),
                None => self.rest = "",
            },
            _ => self.literal(),
        }
    }

    /// A `<` that begins nothing.
    fn literal(&mut self) {
        self.out.push_str("&lt;");
        self.rest = &self.rest[1..];
    }

    fn comment(&mut self) {
        let inside = &self.rest[4..];
        self.rest = if inside.starts_with('>') || inside.starts_with("->") {
            inside.trim_start_matches('-').trim_start_matches('>')
        } else {
            // A comment that never ends hides nothing: better too much text than none.
            self.find(inside, "-->").map_or(inside, |at| &inside[at + 3..])
        };
    }

    /// Where `needle` is in `text`, which gets shorter from call to call; whatever is not found is not looked for again.
    fn find(&mut self, text: &str, needle: &str) -> Option<usize> {
        if self.endless.iter().any(|known| known == needle) {
            return None;
        }
        let found = match needle.strip_prefix("</") {
            Some(name) => find_end_tag(text, name),
            None => text.find(needle),
        };
        if found.is_none() {
            self.endless.push(needle.to_owned());
        }
        found
    }

    fn start(&mut self, tag: &Tag<'a>) {
        self.rest = tag.after;
        let name = tag.name.as_str();
        if DROPPED.contains(&name) {
            self.drop(tag);
            return;
        }
        if matches!(name, "html" | "head" | "body") && self.open.iter().any(|open| open == name) || name == "plaintext"
        {
            return;
        }
        if BLOCKS.contains(&name) {
            self.end_paragraph();
        }
        if let Some((_, ended, stops)) = ENDS.iter().find(|(starts, _, _)| starts.contains(&name)) {
            let is = |names: &[&str], open: &String| names.contains(&open.as_str());
            while let Some(at) = self.open.iter().rposition(|open| is(ended, open) || is(stops, open)) {
                if !is(ended, &self.open[at]) {
                    break;
                }
                self.close_to(at);
            }
        }
        let void = VOID.contains(&name);
        if !void && self.open.len() >= DEEPEST {
            *self.skipped.entry(tag.name.clone()).or_default() += 1;
            self.out.push_str(if BLOCKS.contains(&name) { "<br><br>" } else { "" });
            return;
        }
        self.write(tag);
        if !void {
            self.open.push(tag.name.clone());
        }
    }

    /// Leaves an element out with all that it holds.
    fn drop(&mut self, tag: &Tag<'a>) {
        let name = tag.name.as_str();
        let end = self.find(tag.after, &format!("</{name}"));
        let is_code = matches!(name, "script" | "style");
        let Some(end) = end else {
            // The standard has an unclosed script run to the end of the page.
            self.rest = if is_code { "" } else { tag.after };
            return;
        };
        let is_json =
            tag.attributes.iter().any(|(name, value)| name == "type" && value.to_ascii_lowercase().contains("ld+json"));
        if name == "script" && is_json {
            self.json_ld.push(tag.after[..end].to_owned());
        }
        let after = &tag.after[end..];
        self.rest = after.find('>').map_or("", |at| &after[at + 1..]);
    }

    /// Ends an open paragraph, with the inline elements in it.
    fn end_paragraph(&mut self) {
        let inner = self.open.iter().rposition(|open| BLOCKS.contains(&open.as_str()));
        if let Some(at) = inner.filter(|&at| self.open[at] == "p") {
            self.close_to(at);
        }
    }

    fn end(&mut self, tag: &Tag<'a>) {
        self.rest = tag.after;
        if let Some(skipped) = self.skipped.get_mut(&tag.name).filter(|skipped| **skipped > 0) {
            *skipped -= 1;
            self.out.push_str(if BLOCKS.contains(&tag.name.as_str()) { "<br><br>" } else { "" });
        } else if tag.name == "br" {
            self.out.push_str("<br>");
        } else if let Some(at) = self.open.iter().rposition(|name| *name == tag.name) {
            // An inline element does not end the block around it.
            let crosses = !BLOCKS.contains(&tag.name.as_str())
                && self.open[at..].iter().any(|open| BLOCKS.contains(&open.as_str()));
            let leaves_table = self.open[at..].iter().any(|open| open == "table")
                && !matches!(tag.name.as_str(), "table" | "body" | "html" | "article" | "main" | "section" | "div");
            if !crosses && !leaves_table {
                self.close_to(at);
            }
        }
    }

    /// Closes elements until so many are open.
    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(name) = self.open.pop() {
                self.out.push_str("</");
                self.out.push_str(&name);
                self.out.push('>');
            }
        }
    }

    /// Writes the tag with the attributes that matter.
    fn write(&mut self, tag: &Tag<'a>) {
        self.out.push('<');
        self.out.push_str(&tag.name);
        for (name, value) in &tag.attributes {
            let is_script = name == "href" && value.trim_start().to_ascii_lowercase().starts_with("javascript:");
            if !KEPT.contains(&name.as_str()) || is_script || value.len() > (64 << 10) {
                continue;
            }
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.out.push_str(&value.replace('"', "&quot;"));
            self.out.push('"');
        }
        self.out.push('>');
    }
}

/// Reads a tag whose name begins `text`; `None` if the text ends inside it.
fn tag(text: &str) -> Option<Tag<'_>> {
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>')?;
    let name = text[..end].to_ascii_lowercase();
    let mut attributes = Vec::new();
    let mut rest = &text[end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            // An element of any other name is of no consequence, and its name may be anything.
            let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            return Some(Tag { name: if plain { name } else { "span".into() }, attributes, after });
        }
        // A first "=" belongs to the name, says the standard.
        let skip = rest.chars().next().map(char::len_utf8)?;
        let end = skip + rest[skip..].find(|c: char| c.is_ascii_whitespace() || "/>=".contains(c))?;
        let (attribute, after) = rest.split_at(end);
        let after_name = after.trim_start();
        let (value, after) = match after_name.strip_prefix('=') {
            Some(value) => self::value(value.trim_start())?,
            None => ("", after),
        };
        if attributes.len() < ATTRIBUTES {
            attributes.push((attribute.to_ascii_lowercase(), value));
        }
        rest = after;
    }
}

/// The value of an attribute that begins `text`, and what follows it.
fn value(text: &str) -> Option<(&str, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inside = &text[1..];
        let end = inside.find(quote)?;
        return Some((&inside[..end], &inside[end + 1..]));
    }
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
    Some(text.split_at(end))
}

/// Where `</name` stands, in any case.
fn find_end_tag(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|&at| {
        let found = text.as_bytes().get(at + 2..at + 2 + name.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tamed(html: &str) -> String {
        tame(html).html
    }

    #[test]
    fn elements_are_closed_where_the_standard_closes_them() {
        for (html, expected) in [
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
            ("<p><b>a<p>c</b>d", "<p><b>a</b></p><p>cd</p>"),
            ("<b><i>a</b>c</i>", "<b><i>a</i></b>c"),
            ("<a href=1>x<a href='2'>y", "<a href=\"1\">x</a><a href=\"2\">y</a>"),
            (
                "<table><tr><td>a<td>b<tr><td>c</table>",
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            ),
            ("</div>a</p>", "a"),
            ("a<br>b</br>c<br/>", "a<br>b<br>c<br>"),
            ("1 < 2 <3 <- <", "1 &lt; 2 &lt;3 &lt;- &lt;"),
            ("<DIV Class='A' onclick=x>t</Div>", "<div class=\"A\">t</div>"),
            ("<div title='a>b' id=\"x\">t", "<div id=\"x\">t</div>"),
            ("a<!-- <p> -->b<!-->c<!--->d", "abcd"),
            ("<!doctype html><?x?>a", "a"),
            ("a<p", "a"),
        ] {
            assert_eq!(tamed(html), expected, "{html}");
        }
    }

    #[test]
    fn what_is_no_text_goes_and_json_ld_is_kept_aside() {
        let html = "<SCRIPT type='application/ld+json'>{\"a\":\"</b>\"}</SCRIPT><style>p{}</style><svg><title>x</title></svg>t<noscript><p>n</p></noscript>";
        let tamed = tame(html);
        assert_eq!((tamed.html.as_str(), tamed.json_ld), ("t", vec!["{\"a\":\"</b>\"}".to_owned()]));
        assert_eq!(super::tame("a<script>b").html, "a");
        assert_eq!(super::tame("a<svg>b").html, "ab");
    }

    #[test]
    fn nesting_is_bounded_and_words_stay_apart() {
        let deep = format!("{}نص{}بعده", "<div>".repeat(5000), "</div>".repeat(5000));
        let html = tamed(&deep);
        assert_eq!(html.matches("<div>").count(), DEEPEST);
        assert!(html.contains("<br>نص<br>"));
        assert!(html.ends_with("بعده"));
    }

    #[test]
    fn hostile_pages_take_linear_time() {
        let n = 200_000;
        let pages = [
            "<div>".repeat(n),
            "<p><b id=x>".repeat(n),
            (0..n).map(|i| format!("<p><font size={i}>")).collect(),
            format!("<p {}>", (0..n).map(|i| format!("a{i} ")).collect::<String>()),
            "<!--".repeat(n),
            "<svg>".repeat(n),
            "<a \"".repeat(n),
            "<table><tr><td>".repeat(n),
            "</p>".repeat(n),
            "<".repeat(n),
        ];
        let start = std::time::Instant::now();
        for page in &pages {
            tame(page);
        }
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }
}
