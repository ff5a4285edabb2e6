//! The lines between `---` before a Markdown text: `title: …`, as site generators write them.

/// What an article says of itself there; other keys are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FrontMatter {
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    pub(super) published: Option<String>,
    pub(super) language: Option<String>,
}

/// The front matter and the text after it, if the text begins with `---` and a key.
pub(super) fn split(text: &str) -> Option<(FrontMatter, &str)> {
    let inside = text.trim_start_matches('\u{FEFF}').strip_prefix("---")?;
    let inside = inside.trim_start_matches([' ', '\r']).strip_prefix('\n')?;
    let mut front = FrontMatter::default();
    let mut keys = 0;
    let mut at = 0;
    for line in inside.split_inclusive('\n').take(200) {
        at += line.len();
        let row = line.trim_end();
        if row == "---" || row == "..." {
            return (keys > 0).then_some((front, &inside[at..]));
        }
        // Items of a list, lines of a block, comments.
        if row.is_empty() || row.starts_with([' ', '\t', '-', '#']) {
            continue;
        }
        let (key, value) = row.split_once(':')?;
        if !key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ')) {
            return None;
        }
        keys += 1;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        let field = match key.trim().to_ascii_lowercase().as_str() {
            "title" | "headline" => &mut front.title,
            "author" | "byline" => &mut front.author,
            "date" | "published" | "publishdate" | "pubdate" => &mut front.published,
            "lang" | "language" => &mut front.language,
            _ => continue,
        };
        if !value.is_empty() {
            *field = Some(value.to_owned());
        }
    }
    None
}
