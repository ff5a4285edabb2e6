//! What is read: files or standard input, to articles.

use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;
use mujaz::article::Article;
use mujaz::{Error, Result, read, segment};

use super::terminal::Terminal;

/// Options about what is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputOptions {
    /// Articles: text, HTML or Markdown; - is standard input, which is also read if no file is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Take the input to be of this format instead of looking at content and extension
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(read::READERS.iter().map(|r| r.name)))]
    from: Option<String>,
    /// Refuse inputs with more bytes than this
    #[arg(long, value_name = "N", default_value_t = read::Options::default().max_bytes)]
    max_bytes: u64,
    /// Take the input to be in this language instead of detecting it: ar, fa, ...
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    /// Add the word tables of this file to the bundled ones by which sections are recognised
    #[arg(long, value_name = "FILE")]
    tables: Option<PathBuf>,
}

impl InputOptions {
    /// The inputs in order; standard input where none is named.
    pub(crate) fn names(&self) -> Vec<PathBuf> {
        if self.files.is_empty() { vec![PathBuf::from("-")] } else { self.files.clone() }
    }

    /// How to read them.
    pub(crate) fn reading(&self, expected: Option<&str>) -> Result<read::Options> {
        let mut options = read::Options {
            format: self.from.as_deref().and_then(read::Reader::by_name),
            max_bytes: self.max_bytes,
            language: self.language.clone(),
            expect: expected.map(str::to_owned),
            ..read::Options::default()
        };
        if let Some(path) = &self.tables {
            let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
            options.tables.extend_from_str(&text, &path.display().to_string())?;
        }
        Ok(options)
    }
}

/// Reads one input.
pub(crate) fn read(path: &Path, options: &read::Options, terminal: &Terminal) -> Result<Article> {
    let article = if path == Path::new("-") {
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            terminal.notice("reading an article from the terminal; end it with Ctrl-D on a line of its own");
        }
        load(stdin.lock(), "-", options)?
    } else {
        let file = File::open(path).map_err(Error::io("read", path))?;
        load(file, &path.display().to_string(), options)?
    };
    for notice in article.notices() {
        terminal.notice(&format!("{}: {notice}", article.source()));
    }
    Ok(article)
}

fn load(reader: impl Read, name: &str, options: &read::Options) -> Result<Article> {
    segment::segment(read::load(reader, name, options)?)
}
