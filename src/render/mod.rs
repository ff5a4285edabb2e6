//! [`Document`] to text in one of the output formats: one file a format, one row in [`FORMATS`].

mod html;
mod json;
mod labels;
mod links;
mod markdown;
mod nesting;
mod text;

use crate::pipeline::Document;

/// How a document is shown. Formats ignore what does not concern them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Wrap running text at this many columns; `None` leaves each paragraph on one line.
    pub width: Option<usize>,
    /// Use the colours of a terminal.
    pub color: bool,
    /// Show the source beside the translation in formats that can leave it out.
    pub bilingual: bool,
}

/// An output format.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// File name extensions that mean it, the usual one first, without the dot.
    pub extensions: &'static [&'static str],
    /// Media type, as in the `Content-Type` header.
    pub media_type: &'static str,
    /// What it is good for, in one line.
    pub description: &'static str,
    /// Shows a document in it, ending with a line break.
    pub render: fn(&Document, &Options) -> String,
}

/// Every output format; the first is the default.
pub static FORMATS: &[Format] = &[text::FORMAT, markdown::FORMAT, json::FORMAT, html::FORMAT];

impl Format {
    /// The format of that name.
    pub fn from_name(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The format that a file name extension means, in any case and without the dot.
    pub fn from_extension(extension: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.extensions.iter().any(|e| e.eq_ignore_ascii_case(extension)))
    }
}

/// The JSON Schema (draft 2020-12) of what the format `json` prints.
pub fn schema() -> &'static str {
    include_str!("schema.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_and_its_extensions() {
        for format in FORMATS {
            assert!(std::ptr::eq(Format::from_name(format.name).unwrap(), format));
            assert!(!format.extensions.is_empty() && !format.description.is_empty());
            for extension in format.extensions {
                let found = Format::from_extension(&extension.to_ascii_uppercase()).unwrap();
                assert!(std::ptr::eq(found, format), "{extension} means {} and {}", found.name, format.name);
            }
        }
    }
}
