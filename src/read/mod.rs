//! Bytes to [`Outline`]: one file a format.
//!
//! ```text
//! bytes ─► refuse what is no text ─► decode ─► one of READERS ─► check the language ─► Outline
//! ```
//!
//! A reader never fails on text: whatever it sees ends up in some block, with a role.

use std::io::Read;

use crate::article::{Outline, Role};
use crate::error::{Error, Result};

mod compose;
mod encoding;
mod html;
pub mod language;
mod lines;
mod markdown;
mod refused;
mod roles;
mod tables;
mod text;

pub use tables::Tables;

/// A format that can be read: one row of [`READERS`].
#[derive(Debug)]
pub struct Reader {
    /// Its name, as `--from` takes it.
    pub name: &'static str,
    /// Extensions of its files, without the dot, in lower case.
    pub extensions: &'static [&'static str],
    /// What it is, in a few words.
    pub about: &'static str,
    /// Whether the text is certainly of this format, whatever its file is called.
    sniff: fn(&str) -> bool,
    /// The outline of the text; `source`, `language` and the notices of decoding are filled in by [`read`].
    read: fn(String, &Tables) -> Outline,
}

/// Every format, in the order in which the content is asked.
pub static READERS: &[Reader] = &[
    Reader {
        name: "text",
        extensions: &["txt", "text"],
        about: "plain text, one paragraph a line or hard-wrapped",
        sniff: |_| false,
        read: text::read,
    },
    Reader {
        name: "html",
        extensions: &["html", "htm", "xhtml"],
        about: "a saved page: its main content, captions and metadata",
        sniff: html::sniff,
        read: html::read,
    },
    Reader {
        name: "markdown",
        extensions: &["md", "markdown"],
        about: "CommonMark with tables, footnotes and front matter",
        sniff: markdown::sniff,
        read: markdown::read,
    },
];

impl Reader {
    /// The reader of that name.
    ///
    /// ```
    /// assert_eq!(mujaz::read::Reader::by_name("text").unwrap().extensions[0], "txt");
    /// ```
    pub fn by_name(name: &str) -> Option<&'static Self> {
        READERS.iter().find(|reader| reader.name.eq_ignore_ascii_case(name))
    }

    /// By the content, else by the extension of the file, else plain text.
    fn of(text: &str, name: &str) -> &'static Self {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let by_extension =
            || READERS.iter().find(|reader| reader.extensions.iter().any(|e| Some(*e) == extension.as_deref()));
        READERS.iter().find(|reader| (reader.sniff)(text)).or_else(by_extension).unwrap_or(&READERS[0])
    }
}

/// What the user may set about reading.
#[derive(Debug, Clone)]
pub struct Options {
    /// The format; `None`: by content, then by extension.
    pub format: Option<&'static Reader>,
    /// The largest input accepted, in bytes.
    pub max_bytes: u64,
    /// The language of the article as the user knows it; what is detected is then not asked.
    pub language: Option<String>,
    /// The language that is expected; anything else is an error. `None` accepts any.
    pub expect: Option<String>,
    /// The words that tell a byline, a "read also" line or a widget from running text.
    pub tables: Tables,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            max_bytes: 32 << 20,
            language: None,
            expect: Some("ar".into()),
            tables: Tables::bundled().clone(),
        }
    }
}

/// The text of a file in whatever encoding, and what should be known of how it was decoded.
///
/// # Errors
/// [`Error::Unsupported`] for what is no text.
pub(crate) fn decode(bytes: &[u8], name: &str) -> Result<(String, Vec<String>)> {
    refused::check_bytes(bytes, name)?;
    let encoding::Decoded { text, notices } = encoding::decode(bytes);
    Ok((text, notices))
}

/// The outline of an article. `name` is the file name or `-`: it names the input in errors, and its extension tells
/// the format where the content does not.
///
/// ```
/// # use mujaz::article::Role;
/// # use mujaz::read::{self, Options};
/// let text = "اتفاق على إعادة فتح المعبر\n\nأعلنت الوزارة، اليوم الأحد، إعادة فتح المعبر أمام المسافرين والبضائع.\n\nاخترنا لك";
/// let outline = read::read(text.as_bytes(), "article.txt", &Options::default())?;
/// let roles: Vec<Role> = outline.blocks.iter().map(|block| block.role).collect();
/// assert_eq!(roles, [Role::Headline, Role::Paragraph, Role::Boilerplate]);
/// # Ok::<(), mujaz::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooLarge`], [`Error::Unsupported`] for what is no text, [`Error::Empty`], and [`Error::Language`] if the
/// article is not in the expected language.
pub fn read(bytes: &[u8], name: &str, options: &Options) -> Result<Outline> {
    if bytes.len() as u64 > options.max_bytes {
        return Err(too_large(name, bytes.len() as u64, options));
    }
    let (text, notices) = decode(bytes, name)?;
    refused::check_text(&text, name)?;
    let reader = options.format.unwrap_or_else(|| Reader::of(&text, name));

    let mut outline = (reader.read)(text, &options.tables);
    outline.source = name.to_owned();
    outline.notices.splice(0..0, notices);
    if !outline.text.chars().any(char::is_alphanumeric) {
        return Err(Error::Empty { name: name.to_owned() });
    }
    outline.language = language::settle(&outline, options)?;
    if outline.title.is_none() {
        outline.title =
            outline.blocks.iter().find(|b| b.role == Role::Headline).map(|b| b.span.of(&outline.text).into());
    }
    Ok(outline)
}

/// Reads all of `source`, but never more than one byte over the limit, and makes an outline of it as [`read`] does.
///
/// # Errors
/// As [`read`], and [`Error::Io`] if `source` cannot be read.
pub fn load(source: impl Read, name: &str, options: &Options) -> Result<Outline> {
    let mut bytes = Vec::new();
    let shown = if name == "-" { "standard input" } else { name };
    source.take(options.max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(Error::io("read", shown))?;
    read(&bytes, name, options)
}

fn too_large(name: &str, bytes: u64, options: &Options) -> Error {
    Error::TooLarge { name: name.to_owned(), bytes, limit: options.max_bytes }
}
