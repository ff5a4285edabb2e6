//! HTML as it is written: literals of the program as they are, everything else escaped.

/// A piece of HTML. Nothing but a literal can enter it unescaped, so no text of an article can become markup.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Adds markup of the program's own.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape(text, &mut self.0);
        self
    }

    /// Adds a start tag.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) -> &mut Self {
        self.raw("<").raw(name);
        for (attribute, value) in attributes {
            self.raw(" ").raw(attribute).raw("=\"").text(value).raw("\"");
        }
        self.raw(">")
    }

    /// Adds an end tag.
    pub(super) fn close(&mut self, name: &'static str) -> &mut Self {
        self.raw("</").raw(name).raw(">")
    }

    /// Adds an element that holds text.
    pub(super) fn element(&mut self, name: &'static str, attributes: &[(&'static str, &str)], text: &str) -> &mut Self {
        self.open(name, attributes).text(text).close(name)
    }

    /// Adds what was written elsewhere.
    pub(super) fn append(&mut self, html: Self) -> &mut Self {
        self.0.push_str(&html.0);
        self
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

/// Adds `text` so that a browser shows it, in an element as in an attribute. Control characters, which HTML forbids,
/// become replacement characters.
fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' | '\t' => html.push(c),
            c if c.is_control() => html.push(char::REPLACEMENT_CHARACTER),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn literals_stay_and_text_is_escaped() {
        let mut html = Html::default();
        html.open("a", &[("href", "x\"'&")]).text("<b>\u{0}\r").close("a");
        assert_eq!(html.into_string(), "<a href=\"x&quot;&#39;&amp;\">&lt;b&gt;\u{fffd}\u{fffd}</a>");
    }

    proptest! {
        #[test]
        fn what_is_escaped_reads_as_it_was(text in any::<String>()) {
            let mut html = Html::default();
            html.text(&text);
            let html = html.into_string();
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            let shown = dom_query::Document::from(format!("<!doctype html><body><p>{html}</p>").as_str());
            let expected: String =
                text.chars().map(|c| if c.is_control() && !"\n\t".contains(c) { '\u{fffd}' } else { c }).collect();
            prop_assert_eq!(shown.select("p").text().to_string(), expected);
        }
    }
}
