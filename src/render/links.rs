//! Which links of a source are carried into a page.

/// The address, if a page may link to it: of the web or of mail, nothing that runs and nothing relative.
pub(super) fn safe(href: &str) -> Option<&str> {
    const SCHEMES: [&str; 3] = ["https", "http", "mailto"];
    let (scheme, rest) = href.trim().split_once(':')?;
    let known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let complete = scheme.eq_ignore_ascii_case("mailto") || rest.starts_with("//");
    let clean = !href.trim().contains(|c: char| c.is_whitespace() || c.is_control());
    (known && complete && clean && rest.len() > 2).then_some(href.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_and_mail() {
        for href in ["https://example.org/ا?q=1#x", " HTTP://example.org ", "mailto:desk@example.org"] {
            assert_eq!(safe(href), Some(href.trim()));
        }
        for href in [
            "",
            "#top",
            "/news/1",
            "//example.org",
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "https:",
            "https://",
            "http:example.org",
            "https://example.org/a b",
            "https://example.org/\u{0}",
        ] {
            assert_eq!(safe(href), None, "{href:?}");
        }
    }
}
