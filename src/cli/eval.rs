//! `mujaz eval`: how good translations are, against references.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use mujaz::eval::{self, METRICS, bootstrap, rouge};
use mujaz::{Error, Result};
use serde_json::{Value, json};

use super::Outcome;
use super::failure::{Failure, wrote};
use super::model::TranslatorOptions;
use super::terminal::Terminal;

/// Score translations against references: BLEU, chrF2++, TER and ROUGE, as sacrebleu and rouge-score print them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  mujaz eval test.tsv                                      translate the Arabic, score against the English
  mujaz eval --hypotheses ours.en --references ref.en      score what is already translated
  mujaz eval --hypotheses ours.en --baseline old.en --references ref.en
                                                           and say whether the difference can be chance")]
pub(crate) struct Eval {
    /// Pairs to translate and score: a tab between, Arabic in the last column but one, English in the last
    #[arg(value_name = "PAIRS", conflicts_with = "hypotheses", required_unless_present = "hypotheses")]
    pairs: Option<PathBuf>,
    /// Translations to score, one a line
    #[arg(long, value_name = "FILE", requires = "references")]
    hypotheses: Option<PathBuf>,
    /// What they should have been, one a line
    #[arg(long, value_name = "FILE", requires = "hypotheses")]
    references: Option<PathBuf>,
    /// Translations of another system, to compare with
    #[arg(long, value_name = "FILE", requires = "hypotheses")]
    baseline: Option<PathBuf>,
    /// Look at the first N pairs only
    #[arg(long, value_name = "N")]
    first: Option<usize>,
    /// Write the translations that were scored to this file, one a line
    #[arg(long, value_name = "FILE", requires = "pairs")]
    save: Option<PathBuf>,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    translator: TranslatorOptions,
}

impl Eval {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let (hypotheses, references) = self.corpus(terminal)?;
        let baseline = self.baseline.as_deref().map(|path| self.lines(path)).transpose()?;
        for (what, lines) in [("hypotheses", Some(&hypotheses)), ("baseline", baseline.as_ref())] {
            if let Some(lines) = lines.filter(|lines| lines.len() != references.len()) {
                let value = format!("{} lines", lines.len());
                let reason = format!("there are {} references", references.len());
                return Err(Error::Option { what, value, reason }.into());
            }
        }
        let report = report(&hypotheses, &references, baseline.as_deref());
        let text = if self.json { format!("{report:#}\n") } else { table(&report) };
        std::io::stdout().lock().write_all(text.as_bytes()).map_err(wrote)?;
        Ok(Outcome::Done)
    }

    /// Hypotheses and references.
    fn corpus(&self, terminal: &Terminal) -> Result<(Vec<String>, Vec<String>)> {
        if let (Some(hypotheses), Some(references)) = (&self.hypotheses, &self.references) {
            return Ok((self.lines(hypotheses)?, self.lines(references)?));
        }
        let path = self.pairs.as_deref().unwrap_or(Path::new("-"));
        let mut pairs = Vec::new();
        for (number, line) in self.lines(path)?.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            let mut columns = line.rsplit('\t');
            let (Some(english), Some(arabic)) = (columns.next(), columns.next()) else {
                let value = format!("line {} of {}", number + 1, path.display());
                return Err(Error::Option { what: "a pair", value, reason: "there is no tab in it".into() });
            };
            pairs.push((arabic.to_owned(), english.to_owned()));
        }
        let (sources, references): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        terminal.stop_on_interrupt();
        self.translator.running.use_threads()?;
        let translator = self.translator.open(terminal)?;
        let sources: Vec<_> = sources.iter().map(String::as_str).collect();
        let hypotheses = translator.translate(&sources, terminal)?.into_iter().map(|t| t.text).collect::<Vec<_>>();
        if let Some(path) = &self.save {
            let text: String = hypotheses.iter().map(|line| line.replace('\n', " ") + "\n").collect();
            std::fs::write(path, text).map_err(Error::io("write", path))?;
        }
        Ok((hypotheses, references))
    }

    fn lines(&self, path: &Path) -> Result<Vec<String>> {
        let text = if path == Path::new("-") {
            std::io::read_to_string(std::io::stdin()).map_err(Error::io("read", "standard input"))?
        } else {
            std::fs::read_to_string(path).map_err(Error::io("read", path))?
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Ok(text.lines().take(self.first.unwrap_or(usize::MAX)).map(str::to_owned).collect())
    }
}

fn report(hypotheses: &[String], references: &[String], baseline: Option<&[String]>) -> Value {
    let metrics = METRICS.iter().map(|metric| {
        let counts = eval::counts(metric, hypotheses, references);
        let interval = bootstrap::interval(metric, &counts);
        let mut row = json!({
            "name": metric.name,
            "score": eval::score(metric, &counts),
            "interval": interval.half_width,
            "signature": format!("{}|version:mujaz-{}", metric.signature, env!("CARGO_PKG_VERSION")),
        });
        if let Some(baseline) = baseline {
            let base = eval::counts(metric, baseline, references);
            row["baseline"] = eval::score(metric, &base).into();
            row["p_value"] = bootstrap::compare(metric, &base, &counts).p_value.into();
        }
        row
    });
    let metrics: Vec<_> = metrics.collect();
    let scores: Vec<_> = hypotheses.iter().zip(references).map(|(h, r)| rouge::rouge(h, r)).collect();
    let rouge = rouge::KINDS.iter().zip(rouge::mean(&scores)).map(|(name, mean)| {
        json!({"name": name, "precision": 100.0 * mean.precision, "recall": 100.0 * mean.recall, "f1": 100.0 * mean.f1})
    });
    json!({"pairs": references.len(), "metrics": metrics, "rouge": rouge.collect::<Vec<_>>()})
}

fn table(report: &Value) -> String {
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let name = |row: &Value| row["name"].as_str().unwrap_or_default().to_owned();
    let mut text = format!("{} pairs\n", report["pairs"]);
    for row in report["metrics"].as_array().into_iter().flatten() {
        text += &format!("{:<10} {:6.2} ± {:.2}", name(row), number(&row["score"]), number(&row["interval"]));
        if !row["baseline"].is_null() {
            text += &format!("   baseline {:.2}, p = {:.3}", number(&row["baseline"]), number(&row["p_value"]));
        }
        text += &format!("   {}\n", row["signature"].as_str().unwrap_or_default());
    }
    for row in report["rouge"].as_array().into_iter().flatten() {
        let [p, r, f] = ["precision", "recall", "f1"].map(|key| number(&row[key]));
        text += &format!("{:<10} {f:6.2}   precision {p:.2}, recall {r:.2}\n", name(row));
    }
    text
}
