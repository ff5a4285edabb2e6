//! What is scored and checked: parallel files, or the articles of folders.

use std::ops::Range;
use std::path::{Path, PathBuf};

use mujaz::eval::checks;
use mujaz::pipeline::{self, Document};
use mujaz::{Error, Result, read};

use super::super::failure::Failure;
use super::super::input;
use super::super::terminal::Terminal;
use super::Eval;

/// What there is to score and to check.
#[derive(Default)]
pub(super) struct Corpus {
    /// What was translated; as many as the references, if there are any.
    pub(super) hypotheses: Vec<String>,
    pub(super) references: Option<Vec<String>>,
    pub(super) baseline: Option<Vec<String>>,
    /// Translations beside their sources, with findings.
    pub(super) documents: Vec<Document>,
    /// Whether the documents are articles, to be told one from another.
    pub(super) articles: bool,
    /// Articles that could not be read.
    pub(super) failed: usize,
}

impl Eval {
    pub(super) fn corpus(&self, terminal: &Terminal) -> Result<Corpus, Failure> {
        if let Some(hypotheses) = &self.hypotheses {
            return Ok(self.translated(hypotheses, terminal)?);
        }
        let folders = self.inputs.iter().filter(|path| path.is_dir()).count();
        match (folders, self.inputs.as_slice()) {
            (0, [pairs]) => Ok(self.pairs(pairs, terminal)?),
            (folders, inputs) if folders == inputs.len() => self.articles(terminal),
            _ => {
                let other = self
                    .inputs
                    .iter()
                    .find(|path| !path.is_dir())
                    .map_or(String::new(), |path| path.display().to_string());
                let reason = "it takes one file of pairs, or folders of articles".into();
                Err(Error::Option { what: "an input of eval", value: other, reason }.into())
            }
        }
    }

    /// Files that are there: hypotheses, with references, sources and a baseline where they are named.
    fn translated(&self, hypotheses: &Path, terminal: &Terminal) -> Result<Corpus> {
        let lines = |path: &Option<PathBuf>| path.as_deref().map(|path| self.lines(path)).transpose();
        let (mut references, mut baseline, sources) =
            (lines(&self.references)?, lines(&self.baseline)?, lines(&self.sources)?);
        let name = hypotheses.display().to_string();
        let mut hypotheses = self.lines(hypotheses)?;
        for (what, lines) in [("references", &references), ("baseline", &baseline), ("sources", &sources)] {
            if let Some(lines) = lines.as_ref().filter(|lines| lines.len() != hypotheses.len()) {
                let value = format!("{} lines", lines.len());
                let reason = format!("there are {} hypotheses", hypotheses.len());
                return Err(Error::Option { what, value, reason });
            }
        }
        let mut sources = sources.unwrap_or_default();
        // An empty line of the sources ends an article; of the references it is a pair that has none.
        let counted = [sources.as_slice(), references.as_deref().unwrap_or_default(), &hypotheses];
        let end = self.end(counted.into_iter().find(|lines| !lines.is_empty()).ok_or(Error::Empty { name })?);
        [&mut hypotheses, &mut sources].into_iter().for_each(|lines| lines.truncate(end));
        [&mut references, &mut baseline].into_iter().flatten().for_each(|lines| lines.truncate(end));
        if let Some(path) = &self.sources {
            notice_of_script(path, &sources, terminal);
        }
        if baseline.as_ref() == Some(&hypotheses) {
            terminal.notice("the baseline has the same lines as the hypotheses: its p-values say nothing");
        }
        let articles = articles_of(&sources).into_iter();
        let documents = articles.map(|lines| checks::parallel("-", &sources[lines.clone()], &hypotheses[lines]));
        let documents = documents.collect::<Result<_>>()?;
        Ok(Corpus { hypotheses, references, baseline, documents, ..Corpus::default() })
    }

    /// Pairs, the Arabic of which is translated here: those between empty lines as one article, others each for itself.
    fn pairs(&self, path: &Path, terminal: &Terminal) -> Result<Corpus> {
        let (mut sources, mut references) = (Vec::new(), Vec::new());
        let lines = self.lines(path)?;
        for (number, line) in lines[..self.end(&lines)].iter().enumerate() {
            if is_empty(line) {
                sources.push(String::new());
                continue;
            }
            let mut columns = line.rsplit('\t');
            let (Some(english), Some(arabic)) = (columns.next(), columns.next()) else {
                let value = format!("line {} of {}", number + 1, path.display());
                return Err(Error::Option { what: "a pair", value, reason: "there is no tab in it".into() });
            };
            if arabic.trim().is_empty() {
                let value = format!("line {} of {}", number + 1, path.display());
                return Err(Error::Option { what: "a pair", value, reason: "its Arabic is blank".into() });
            }
            sources.push(arabic.to_owned());
            references.push(english.to_owned());
        }
        let name = path.display().to_string();
        if references.is_empty() {
            return Err(Error::Empty { name });
        }
        notice_of_script(path, &sources, terminal);
        let translator = self.translator(terminal)?;
        let articles = articles_of(&sources).into_iter().map(|lines| checks::article(&name, &sources[lines]));
        let documents = pipeline::translate(articles.collect::<Result<_>>()?, translator.as_ref(), terminal)?;
        let hypotheses = documents.iter().flat_map(english).collect();
        Ok(Corpus { hypotheses, references: Some(references), documents, ..Corpus::default() })
    }

    /// The articles of the folders, translated here. One that cannot be read is reported and passed over.
    fn articles(&self, terminal: &Terminal) -> Result<Corpus, Failure> {
        let mut paths = Vec::new();
        for folder in &self.inputs {
            paths.extend(files(folder)?);
        }
        let references: Vec<PathBuf> = paths.iter().filter_map(|path| reference_of(path)).collect();
        paths.retain(|path| !references.contains(path));
        paths.truncate(self.first.map_or(usize::MAX, |first| first as usize));
        let options = read::Options { expect: Some("ar".into()), ..read::Options::default() };
        let (mut corpus, mut articles) = (Corpus { articles: true, ..Corpus::default() }, Vec::new());
        for path in &paths {
            match input::read(path, &options, terminal) {
                Ok(article) => articles.push(article),
                Err(error) => {
                    terminal.error(&error);
                    corpus.failed += 1;
                }
            }
        }
        if articles.is_empty() {
            let value = self.inputs.first().map_or(String::new(), |path| path.display().to_string());
            let reason = if paths.is_empty() { "no article lies in it" } else { "none of its files is an article" };
            return Err(Error::Option { what: "a folder of articles", value, reason: reason.into() }.into());
        }
        let translator = self.translator(terminal)?;
        corpus.documents = pipeline::translate(articles, translator.as_ref(), terminal)?;
        let mut scored = Vec::new();
        for document in &corpus.documents {
            let Some(path) = reference_of(Path::new(document.article.source())) else { continue };
            let text = std::fs::read_to_string(&path).map_err(Error::io("read", &path))?;
            let lines: Vec<_> =
                text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
            let paragraphs = english(document);
            if lines.len() == paragraphs.len() {
                corpus.hypotheses.extend(paragraphs);
                scored.extend(lines);
            } else {
                let (ours, theirs) = (paragraphs.len(), lines.len());
                let path = path.display();
                terminal
                    .notice(&format!("{path} is not scored: its lines are {theirs}, the translated paragraphs {ours}"));
            }
        }
        corpus.references = (!scored.is_empty()).then_some(scored);
        Ok(corpus)
    }

    fn translator(&self, terminal: &Terminal) -> Result<Box<dyn mujaz::translate::Translator>> {
        terminal.stop_on_interrupt();
        self.translator.running.use_threads()?;
        self.translator.open(terminal)
    }

    /// How many of the lines hold the pairs that are wanted.
    fn end(&self, lines: &[String]) -> usize {
        self.first.map_or(lines.len(), |first| end_of(lines, first as usize))
    }

    fn lines(&self, path: &Path) -> Result<Vec<String>> {
        let text = if path == Path::new("-") {
            std::io::read_to_string(std::io::stdin()).map_err(Error::io("read", "standard input"))?
        } else {
            std::fs::read_to_string(path).map_err(Error::io("read", path))?
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Ok(text.lines().map(str::to_owned).collect())
    }
}

/// Tells of sources without a word of Arabic, as they are where columns are exchanged.
fn notice_of_script(path: &Path, sources: &[String], terminal: &Terminal) {
    let is_arabic = |line: &String| read::language::detect(line).arabic_script > 0.0;
    if !sources.iter().any(is_arabic) {
        terminal
            .notice(&format!("no source line of {} has Arabic: are its columns or files exchanged?", path.display()));
    }
}

/// The lines that are an article together: those between empty lines, or each by itself where no line is empty. Lines of a
/// test set have nothing to do with each other, their names least of all.
fn articles_of(sources: &[String]) -> Vec<Range<usize>> {
    let divided = sources.iter().rev().skip_while(|line| is_empty(line)).any(|line| is_empty(line));
    let mut articles: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for at in (0..sources.len()).filter(|&at| !is_empty(&sources[at])) {
        open &= divided && at > 0 && !is_empty(&sources[at - 1]);
        match articles.last_mut().filter(|_| open) {
            Some(article) => article.end = at + 1,
            None => articles.push(at..at + 1),
        }
        open = true;
    }
    articles
}

/// Whether a line divides articles.
fn is_empty(line: &str) -> bool {
    line.trim().is_empty()
}

/// How many lines there are up to the nth that is not empty.
fn end_of(lines: &[String], n: usize) -> usize {
    let mut pairs = (0..lines.len()).filter(|&at| !is_empty(&lines[at]));
    pairs.nth(n - 1).map_or(lines.len(), |at| at + 1)
}

/// The English of each section that was translated.
fn english(document: &Document) -> Vec<String> {
    document.targets.iter().flatten().map(|target| target.text.clone()).collect()
}

/// The files of a folder in order of their names, hidden ones left out.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let path = entry.map_err(Error::io("read", folder))?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// `NAME.en.txt`, if it stands beside `NAME.ar.txt` or the like.
fn reference_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let stem = name.rsplit_once('.')?.0.strip_suffix(".ar")?;
    let reference = path.with_file_name(format!("{stem}.en.txt"));
    reference.is_file().then_some(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_are_no_pairs() {
        let lines = ["أ", "", "ب", "ج"].map(str::to_owned);
        assert_eq!([1, 2, 3, 4].map(|n| end_of(&lines, n)), [1, 3, 4, 4]);
    }

    #[test]
    fn lines_are_articles_of_their_own_unless_empty_ones_divide_them() {
        let articles = |lines: &[&str]| articles_of(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        assert_eq!(articles(&["أ", "ب", ""]), [0..1, 1..2]);
        assert_eq!(articles(&["أ", "ب", "", "", "ج", "د"]), [0..2, 4..6]);
        assert!(articles(&[]).is_empty());
    }
}
