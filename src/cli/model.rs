//! Which models, where they run, and how they search.

use std::path::Path;

use clap::Args;
use clap::builder::PossibleValuesParser;
use mujaz::brief::{self, Extractive, Form, Length, Style, Summarizer};
use mujaz::model::{self, Opened, Task};
use mujaz::nn::{Device, Placement, Precision};
use mujaz::translate::{self, Echo, Options, Translator};
use mujaz::{Error, Result};

use super::store::StoreOptions;
use super::terminal::Terminal;

/// Options about the translator.
#[derive(Debug, Args)]
#[command(next_help_heading = "Model")]
pub(crate) struct TranslatorOptions {
    /// Translator: a name of the catalogue (mujaz models list), org/repo, org/repo@revision, or a directory.
    /// Without it the best one that is pulled, or else the demonstration model
    #[arg(long, value_name = "NAME|DIR")]
    model: Option<String>,
    /// Language of the source where the model knows several, without it Arabic: ar, a dialect such as arz, ary or apc, or
    /// the model's own code
    #[arg(long, value_name = "CODE")]
    source_lang: Option<String>,
    /// Language to translate into where the model knows several, without it English: en, or the model's own code
    #[arg(long, value_name = "CODE")]
    target_lang: Option<String>,
    /// Leave sentences in which a check finds an error as they are. Without it they are translated once more, with more
    /// hypotheses, and the result with the fewest errors is kept
    #[arg(long)]
    no_retry: bool,
    #[command(flatten)]
    pub(crate) running: RunningOptions,
}

/// Options about where a model runs and how it searches.
#[derive(Debug, Args)]
#[command(next_help_heading = "Model")]
pub(crate) struct RunningOptions {
    /// Where to run it: auto, cpu, cuda, cuda:N or metal
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    device: Device,
    /// Number format: auto, f32, bf16, f16 or int8. On the CPU auto is int8 for Marian models, else f32 (see mujaz doctor)
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    precision: Precision,
    /// Threads; without it one for each core
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Hypotheses kept at each step of the search; 1 is fastest, without it as the model has it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    beam: Option<u8>,
    /// Least number of tokens in what the model writes
    #[arg(long, value_name = "N")]
    min_length: Option<u16>,
    /// Greatest number of tokens in what the model writes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    max_length: Option<u16>,
    #[command(flatten)]
    store: StoreOptions,
}

/// Options about the brief.
#[derive(Debug, Args)]
#[command(next_help_heading = "Brief")]
pub(crate) struct BriefOptions {
    /// Who writes the brief: a summarization model as for --model, extractive (sentences word for word), or none.
    /// Without it the best model that is pulled, or else extractive
    #[arg(long, value_name = "NAME|DIR")]
    summarizer: Option<String>,
    /// Greatest number of sentences, the headline not counted
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    sentences: Option<u32>,
    /// Greatest number of words, the headline not counted; the first sentence is kept whole
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    words: Option<u32>,
    /// bullets: headline, what happened, key points; wire: headline and one paragraph; one-line: what happened
    #[arg(long, value_name = "STYLE", default_value = "bullets",
          value_parser = PossibleValuesParser::new(Style::ALL.map(Style::name)))]
    style: String,
}

impl TranslatorOptions {
    /// Opens and loads the translator.
    pub(crate) fn open(&self, terminal: &Terminal) -> Result<Box<dyn Translator>> {
        // Gives the text back as it is: lets everything around the translation be tried without a model.
        if self.model.as_deref() == Some("echo") && !Path::new("echo").exists() {
            return Ok(Box::new(Echo::default()));
        }
        let opened = open(self.model.as_deref(), Task::Translate, &self.running.store, terminal)?.ok_or_else(|| {
            Error::Model {
                model: "none".into(),
                problem: "no translator is pulled, and this program was built without the demonstration model".into(),
                remedy: "pull one: mujaz models pull opus-mt-tc-big-ar-en".into(),
            }
        })?;
        if opened.provenance.demonstration {
            terminal.notice(
                "this is the demonstration model: its English is not to be relied on.\n      \
                 For a real one: mujaz models pull opus-mt-tc-big-ar-en",
            );
        }
        let options = Options {
            source_lang: self.source_lang.clone(),
            target_lang: self.target_lang.clone(),
            no_retry: self.no_retry,
            ..self.running.search()
        };
        let translator = translate::open(opened, &self.running.placement()?, &options, terminal)?;
        let made = translator.provenance();
        terminal.detail(&format!("{}: {}, {}, beam {}", made.name, made.device, made.precision, made.beam));
        Ok(translator)
    }
}

impl RunningOptions {
    fn placement(&self) -> Result<Placement> {
        Placement::new(self.device, self.precision)
    }

    fn search(&self) -> Options {
        Options {
            beam: self.beam.map(usize::from),
            min_length: self.min_length.map(usize::from),
            max_length: self.max_length.map(usize::from),
            ..Options::default()
        }
    }

    /// Sets the number of threads for the whole process; to be called once, before anything computes.
    pub(crate) fn use_threads(&self) -> Result<()> {
        let Some(threads) = self.threads else { return Ok(()) };
        let built = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
        built.map_err(|error| Error::Option {
            what: "--threads",
            value: threads.to_string(),
            reason: error.to_string(),
        })
    }
}

impl BriefOptions {
    /// Opens and loads what writes the brief; `None` if none is wanted. The model searches as `running` says, or, where
    /// that is about the translator, as its own files do.
    pub(crate) fn open(
        &self,
        running: &RunningOptions,
        searches: bool,
        terminal: &Terminal,
    ) -> Result<Option<Box<dyn Summarizer>>> {
        let name = self.summarizer.as_deref();
        match name {
            Some("none") => {
                if self.sentences.is_some() || self.words.is_some() || self.style != Style::default().name() {
                    terminal
                        .notice("--style, --sentences and --words do nothing here: --summarizer none writes no brief");
                }
                return Ok(None);
            }
            Some("extractive") => return Ok(Some(Box::new(Extractive))),
            _ => {}
        }
        let Some(opened) = open(name, Task::Summarize, &running.store, terminal)? else {
            return Ok(Some(Box::new(Extractive)));
        };
        let options = if searches { running.search() } else { Options::default() };
        Ok(Some(Box::new(brief::open(opened, &running.placement()?, &options, terminal)?)))
    }

    pub(crate) fn form(&self) -> Result<Form> {
        let length = Length { sentences: self.sentences.map(|n| n as usize), words: self.words.map(|n| n as usize) };
        Ok(Form { style: self.style.parse()?, length })
    }
}

fn open(name: Option<&str>, task: Task, store: &StoreOptions, terminal: &Terminal) -> Result<Option<Opened>> {
    model::open(name, task, &store.open()?, terminal)
}
