//! `mujaz brief`, `mujaz translate` and `mujaz summarize`: the main job, and each half of it.

use std::path::PathBuf;

use clap::Args;
use mujaz::article::Article;
use mujaz::brief::{Form, Summarizer};
use mujaz::check::Severity;
use mujaz::pipeline::{self, Document};
use mujaz::progress::Progress as _;
use mujaz::read;
use mujaz::translate::Translator;

use super::Outcome;
use super::failure::Failure;
use super::input::{self, InputOptions};
use super::model::{BriefOptions, RunningOptions, TranslatorOptions};
use super::output::OutputOptions;
use super::terminal::Terminal;
use super::wording::WordingOptions;

/// Sentences that are translated together before anything is written: enough to fill batches, few enough to see results.
const SENTENCES_A_GROUP: usize = 256;

/// Translate articles, check them and write a brief of each: the main job
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mujaz brief article.txt                     the brief and the article, on the terminal
  mujaz brief page.html -o page.en.html       both languages side by side, in one page
  mujaz brief --format json *.txt             one JSON object a line
  mujaz brief --style wire --words 80 a.txt   headline and one paragraph of 80 words at most
  mujaz brief --strict a.txt || echo check    exit status 1 if an error stands in the article or the brief
  curl -s https://example.org/a | mujaz brief -")]
pub(crate) struct Brief {
    #[command(flatten)]
    input: InputOptions,
    #[command(flatten)]
    brief: BriefOptions,
    #[command(flatten)]
    translator: TranslatorOptions,
    #[command(flatten)]
    wording: WordingOptions,
    #[command(flatten)]
    output: OutputOptions,
}

/// Translate articles and check them, without a brief
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mujaz translate article.txt -o article.en.html                      both languages side by side, in one page
  mujaz translate --model nllb-200-distilled-600M --source-lang arz article.txt   a dialect: Egyptian Arabic

A T5 that has no tokens for languages is asked for the task translation_ar_to_en of the task_specific_params in its
config.json, or that of --source-lang and --target-lang, with the prefix that stands there.")]
pub(crate) struct Translate {
    #[command(flatten)]
    input: InputOptions,
    #[command(flatten)]
    translator: TranslatorOptions,
    #[command(flatten)]
    wording: WordingOptions,
    #[command(flatten)]
    output: OutputOptions,
}

/// Write a brief of articles that are in English already
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mujaz summarize article.txt                                    sentences of the article, word for word
  mujaz summarize --summarizer distilbart-cnn-12-6 article.txt   written by a model, with its evidence")]
pub(crate) struct Summarize {
    #[command(flatten)]
    input: InputOptions,
    #[command(flatten)]
    brief: BriefOptions,
    #[command(flatten)]
    running: RunningOptions,
    #[command(flatten)]
    output: OutputOptions,
}

impl Brief {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let (wording, form) = (&self.wording, self.brief.form()?);
        let job = Job { input: &self.input, output: &self.output, wording, expected: "ar", form };
        let running = &self.translator.running;
        job.run(running, terminal, || {
            Ok((Some(self.translator.open(terminal)?), self.brief.open(running, false, terminal)?))
        })
    }
}

impl Translate {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let (wording, form) = (&self.wording, Form::default());
        let job = Job { input: &self.input, output: &self.output, wording, expected: "ar", form };
        job.run(&self.translator.running, terminal, || Ok((Some(self.translator.open(terminal)?), None)))
    }
}

impl Summarize {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let (wording, form) = (&WordingOptions::default(), self.brief.form()?);
        let job = Job { input: &self.input, output: &self.output, wording, expected: "en", form };
        job.run(&self.running, terminal, || Ok((None, self.brief.open(&self.running, true, terminal)?)))
    }
}

/// The models of a job: what translates, if anything does, and what writes the brief, if one is wanted.
type Models = (Option<Box<dyn Translator>>, Option<Box<dyn Summarizer>>);

/// What the three commands do.
struct Job<'a> {
    input: &'a InputOptions,
    output: &'a OutputOptions,
    wording: &'a WordingOptions,
    /// The language that the articles should be in.
    expected: &'static str,
    form: Form,
}

impl Job<'_> {
    fn run(
        &self,
        running: &RunningOptions,
        terminal: &Terminal,
        open: impl FnOnce() -> mujaz::Result<Models>,
    ) -> Result<Outcome, Failure> {
        let names = self.input.names();
        let reading = self.input.reading(Some(self.expected))?;
        // What the user wrote by hand is told to be wrong before anything is read.
        let mut wording = self.wording.open()?;
        let mut articles = Articles { names: &names, next: 0, reading: &reading, failed: 0 };
        let mut group = articles.group(terminal)?;
        if group.is_empty() {
            return Err(Failure::Shown(articles.failed));
        }
        // From here on there are files to tidy up. Before, Ctrl-C ends a wait for standard input at once.
        terminal.stop_on_interrupt();
        running.use_threads()?;
        // What can fail early does: the output is opened and the models loaded before the long work begins.
        let mut output = self.output.open(&names)?;
        let (translator, summarizer) = open()?;
        let mut errors = 0;
        while !group.is_empty() {
            let (indexes, read): (Vec<_>, Vec<_>) = group.into_iter().unzip();
            let documents = match &translator {
                Some(translator) => pipeline::translate_with(read, translator.as_ref(), &mut wording, terminal)?,
                None => read.into_iter().map(Document::untranslated).collect(),
            };
            for (index, mut document) in indexes.into_iter().zip(documents) {
                if let Some(summarizer) = &summarizer {
                    document.brief = Some(summarizer.summarize(&document, self.form, terminal)?);
                    document.summarizer = summarizer.provenance();
                }
                errors += errors_in(&document);
                output.write(index, &document, terminal)?;
            }
            // After each group, so that a call that is stopped has kept the names of what it wrote.
            self.wording.save(&mut wording)?;
            group = articles.group(terminal)?;
        }
        match (articles.failed, errors) {
            (0, 1..) if self.output.strict => {
                terminal.notice("errors stand in an article or its brief: with --strict that is exit status 1");
                Ok(Outcome::Findings)
            }
            (0, _) => Ok(Outcome::Done),
            (failed, _) => Err(Failure::Shown(failed)),
        }
    }
}

/// Errors that stand in the article or in its brief.
fn errors_in(document: &Document) -> usize {
    let of_claims = document.brief.iter().flat_map(|brief| &brief.claims).flat_map(|claim| &claim.findings);
    document.findings.iter().chain(of_claims).filter(|finding| finding.severity == Severity::Error).count()
}

/// The articles of a call, read group by group. One that cannot be read is reported and passed over.
struct Articles<'a> {
    names: &'a [PathBuf],
    next: usize,
    reading: &'a read::Options,
    failed: usize,
}

impl Articles<'_> {
    /// The next articles with their indexes; none when all are read.
    fn group(&mut self, terminal: &Terminal) -> Result<Vec<(usize, Article)>, Failure> {
        let mut group = Vec::new();
        let mut sentences = 0;
        while sentences < SENTENCES_A_GROUP && self.next < self.names.len() {
            if terminal.cancelled() {
                return Err(Failure::Interrupted);
            }
            match input::read(&self.names[self.next], self.reading, terminal) {
                Ok(article) => {
                    sentences += article.sentences().count();
                    group.push((self.next, article));
                }
                Err(error) if self.names.len() == 1 => return Err(error.into()),
                Err(error) => {
                    terminal.error(&error);
                    self.failed += 1;
                }
            }
            self.next += 1;
        }
        Ok(group)
    }
}
