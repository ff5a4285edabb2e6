//! `mujaz eval`: how good translations are, against references and by the checks.

mod corpus;
mod report;

use std::io::Write as _;
use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::Outcome;
use super::failure::{Failure, wrote};
use super::model::TranslatorOptions;
use super::output::{see_writable, write_whole};
use super::terminal::Terminal;

/// Score translations against references (BLEU, chrF2++, TER and ROUGE, as sacrebleu and rouge-score print them), and
/// count what the checks find
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("against").args(["references", "sources"]).multiple(true)), after_help = "\
Examples:
  mujaz eval test.tsv                                      translate the Arabic, check, score against the English
  mujaz eval articles/                                     translate and check every article of a folder
  mujaz eval --hypotheses ours.en --references ref.en      score what is already translated
  mujaz eval --hypotheses ours.en --sources news.ar        check what is already translated
  mujaz eval --hypotheses ours.en --baseline old.en --references ref.en
                                                           and say whether the difference can be chance

A folder may hold NAME.ar.txt and NAME.en.txt: the second is then the reference of the first, a line a paragraph.")]
pub(crate) struct Eval {
    /// Pairs to translate and score (a tab between, Arabic in the last column but one, English in the last; lines between
    /// empty lines are an article, others stand alone), or folders of articles to translate and check; - is standard input
    #[arg(value_name = "PAIRS|DIR", conflicts_with = "hypotheses", required_unless_present = "hypotheses")]
    inputs: Vec<PathBuf>,
    /// Translations to score or check, one a line
    #[arg(long, value_name = "FILE", requires = "against")]
    hypotheses: Option<PathBuf>,
    /// What they should have been, one a line
    #[arg(long, value_name = "FILE", requires = "hypotheses")]
    references: Option<PathBuf>,
    /// The Arabic they were made from, one a line: for the checks
    #[arg(long, value_name = "FILE", requires = "hypotheses")]
    sources: Option<PathBuf>,
    /// Translations of another system, to compare with
    #[arg(long, value_name = "FILE", requires = "references")]
    baseline: Option<PathBuf>,
    /// Look at the first N pairs only, empty lines not counted; in folders, at the first N articles
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    first: Option<u32>,
    /// Write the translations that were scored to this file, one a line
    #[arg(long, value_name = "FILE", requires = "inputs")]
    save: Option<PathBuf>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    translator: TranslatorOptions,
}

impl Eval {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        // What can fail early does, before the long work.
        self.save.as_deref().map_or(Ok(()), see_writable)?;
        let corpus = self.corpus(terminal)?;
        if let Some(path) = &self.save {
            let text: String = corpus.hypotheses.iter().map(|line| line.replace('\n', " ") + "\n").collect();
            write_whole(path, text.as_bytes())?;
        }
        let report = report::report(&corpus);
        let text = if self.json { format!("{report:#}\n") } else { report::tables(&report) };
        std::io::stdout().lock().write_all(text.as_bytes()).map_err(wrote)?;
        if corpus.failed > 0 { Err(Failure::Shown(corpus.failed)) } else { Ok(Outcome::Done) }
    }
}
