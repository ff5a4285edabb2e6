//! Glossaries and the ledger of names.

use std::path::{Path, PathBuf};

use clap::Args;
use mujaz::glossary::{Glossary, Ledger, Wording};
use mujaz::{Error, Result};

use super::output;

/// Options about what terms and names are to be in English.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Wording")]
pub(crate) struct WordingOptions {
    /// Glossary: an Arabic term, a tab and its English a line; or CSV or TBX. A first line "ar, en" tells more columns apart.
    /// May be given several times, the first wins.
    /// Where the English of a term is missing its words are replaced, and a finding says so
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,
    /// Keep the names of articles and their English in this file: names that are in it are rendered as it has them,
    /// new ones are added
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl WordingOptions {
    /// Reads the files, and sees whether the ledger can be written. One that is not there yet is an empty one.
    pub(crate) fn open(&self) -> Result<Wording> {
        let mut glossary = Glossary::default();
        for path in &self.glossary {
            glossary.extend(&Glossary::load(path)?);
        }
        let ledger = self.ledger.as_deref().map(read).transpose()?;
        self.ledger.as_deref().map(output::see_writable).transpose()?;
        Ok(Wording { glossary, ledger })
    }

    /// Writes the ledger, whole or not at all, if names were added.
    pub(crate) fn save(&self, wording: &mut Wording) -> Result<()> {
        let (Some(path), Some(ledger)) = (&self.ledger, &mut wording.ledger) else { return Ok(()) };
        if ledger.has_grown() {
            output::write_whole(path, ledger.text().as_bytes())?;
            ledger.written();
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Ledger> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        read => read.map_err(Error::io("read", path))?,
    };
    Ledger::parse(&text).map_err(|problem| Error::Glossary { path: path.into(), problem })
}
