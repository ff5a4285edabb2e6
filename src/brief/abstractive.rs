//! Briefs written by a model trained to summarise English news: BART, Pegasus, T5.
//!
//! The model sees every sentence that may enter a brief. What is longer than it takes is summarised by sections and then
//! together; nothing is cut off. What it writes is held against the article, claim by claim: see [`verify()`].

use super::verify::finding;
use super::{Brief, Claim, Form, Origin, Style, Summarizer, Verified, ends_sentence, extractive, headline, verify};
use crate::article::SentenceId;
use crate::check::Severity;
use crate::error::Result;
use crate::model::Opened;
use crate::nn::Placement;
use crate::nn::generation::GenerationConfig;
use crate::nn::search::{self, Decode as _, search};
use crate::nn::seq2seq::Seq2Seq;
use crate::pipeline::Document;
use crate::progress::{Event, Progress};
use crate::segment;
use crate::tokenizer::Tokenizer;
use crate::translate::{Options, Provenance};

/// Writes briefs with an encoder-decoder.
pub struct Abstractive {
    tokenizer: Tokenizer,
    network: Seq2Seq,
    search: search::Options,
    /// Whether the user asked for a least length; else it is that of the model's files.
    least_is_asked: bool,
    /// English in the model's own code, if it has codes.
    language: Option<String>,
    /// What the model wants to read first, `summarize: ` for T5.
    prefix: String,
    provenance: Provenance,
}

/// What the model wrote of one text.
struct Summary {
    text: String,
    tokens: usize,
    /// Whether the model ended it, rather than the greatest length.
    finished: bool,
}

/// What the model wrote of all texts.
#[derive(Debug, Default, PartialEq)]
struct Written {
    text: String,
    /// In how many parts the article was read, then the summaries of these, and so on.
    parts: Vec<usize>,
    /// After how many tokens the model was stopped, if it was.
    stopped: Option<usize>,
    /// Sentences that it was stopped in; they stand nowhere else.
    unfinished: Vec<String>,
    /// Whether the text has a sentence that is not whole, since nothing else was written.
    broken: bool,
}

/// Loads a summarization model, whatever its family. `progress` is told what the user should know of it.
///
/// What goes in front of a text is the `prefix` of the task `summarization` in `task_specific_params` of its
/// `config.json` (`summarize: ` for T5), else that of `config.json` itself (a space for `bart-large-cnn`), else that of
/// the manifest, as the pipelines of transformers had it.
///
/// # Errors
/// [`Error::Model`](crate::Error::Model) if a file is missing or wrong; [`Error::Option`](crate::Error::Option) if the
/// model cannot do what `options` ask for.
pub fn open(opened: Opened, placement: &Placement, options: &Options, progress: &dyn Progress) -> Result<Abstractive> {
    let Opened { files, manifest, provenance } = opened;
    let files = files.as_ref();
    let tokenizer = Tokenizer::load(files)?;
    let generation = GenerationConfig::read_over(files, Some("summarization"), manifest.generation)?;
    let network = Seq2Seq::load(files, placement)?;
    let generation = generation.completed(tokenizer.eos(), network.decoder_start());
    let positions = network.max_target_len();
    let search = options.over(search::Options::new(&generation, positions)?, positions)?;
    // Fails here, not after the article was translated, if the model lacks a token or the language.
    search.check(network.vocab_size())?;
    let language = match tokenizer.source_languages().is_empty() {
        true => None,
        false => tokenizer.source_code(Some("en"))?.map(str::to_owned),
    };
    tokenizer.encode("", language.as_deref(), None)?;
    let provenance = Provenance {
        device: network.placement().device().to_string(),
        precision: network.placement().precision().to_string(),
        beam: search.beams,
        ..provenance
    };
    if let Some(notice) = generation.notice(&manifest.name) {
        progress.on(Event::Notice(notice));
    }
    let prefix = if generation.prefix.is_empty() { manifest.prefix.unwrap_or_default() } else { generation.prefix };
    let least_is_asked = options.min_length.is_some();
    Ok(Abstractive { tokenizer, network, search, least_is_asked, language, prefix, provenance })
}

impl Summarizer for Abstractive {
    fn summarize(&self, document: &Document, form: Form, progress: &dyn Progress) -> Result<Brief> {
        let sentences: Vec<(SentenceId, &str)> = document.brief_sentences().collect();
        let sections = sentences.chunk_by(|(one, _), (next, _)| one.section == next.section);
        let sections = sections.map(|section| section.iter().map(|(_, text)| *text).collect()).collect();
        let name = document.article.source().to_owned();
        progress.on(Event::Start { stage: "summarising", name: name.clone(), total: None });
        let written = self.write(sections, progress)?;
        progress.on(Event::Finish { name });
        let method = format!("{}: {} sentences read{}", self.provenance.name, sentences.len(), written.how());
        Ok(brief(document, method, form, written.verify(document)))
    }

    fn provenance(&self) -> Option<Provenance> {
        Some(self.provenance.clone())
    }
}

impl Abstractive {
    /// A summary of sections, each as its sentences.
    fn write(&self, sections: Vec<Vec<&str>>, progress: &dyn Progress) -> Result<Written> {
        let texts = self.parts(&sections)?;
        write(texts, &|text| self.summary(text, progress), &|summaries| {
            self.parts(&summaries.iter().map(|summary| vec![summary.as_str()]).collect::<Vec<_>>())
        })
    }

    /// The sections put together to texts that the model takes, as few as can be and of about the same length. A section
    /// is cut only if it is too long by itself: between sentences, or, if one of them is too long, at clauses.
    fn parts(&self, sections: &[Vec<&str>]) -> Result<Vec<String>> {
        let limit = self.network.max_source_len();
        let fits = |text: &str| self.encode(text).is_ok_and(|ids| ids.len() <= limit);
        // Whatever is written before a text, and around its tokens.
        let empty = self.encode("")?.len();
        let room = limit.saturating_sub(empty);
        // Of each section the pieces, with the tokens that each adds to a text.
        let mut pieces: Vec<Vec<(&str, usize)>> = Vec::with_capacity(sections.len());
        for section in sections {
            let spans = section.iter().flat_map(|text| segment::clauses(text, &fits).into_iter().map(|s| s.of(text)));
            let counted = spans.map(|text| Ok((text, self.encode(&format!(" {text}"))?.len().saturating_sub(empty))));
            pieces.push(counted.collect::<Result<_>>()?);
        }
        let length = |pieces: &[(&str, usize)]| pieces.iter().map(|(_, tokens)| tokens).sum::<usize>();
        let total: usize = pieces.iter().map(|section| length(section)).sum();
        let share = total.div_ceil(total.div_ceil(room.max(1)).max(1));
        let (mut parts, mut filled): (Vec<String>, usize) = (Vec::new(), 0);
        for section in &pieces {
            let whole = length(section);
            for (index, (text, tokens)) in section.iter().enumerate() {
                let next = if index == 0 && whole <= room { whole } else { *tokens };
                let may_end = index == 0 || whole > room;
                match parts.last_mut() {
                    Some(part) if !(may_end && (filled >= share || filled + next > room)) => {
                        part.push(' ');
                        part.push_str(text);
                        filled += tokens;
                    }
                    _ => {
                        parts.push((*text).to_owned());
                        filled = *tokens;
                    }
                }
            }
        }
        // Tokens may fall otherwise where texts meet: what came out too long is cut once more.
        let cut = |part: &String| segment::clauses(part, &fits).into_iter().map(|s| s.of(part).to_owned()).collect();
        Ok(parts.iter().flat_map(|part| -> Vec<String> { cut(part) }).collect())
    }

    fn encode(&self, text: &str) -> Result<Vec<u32>> {
        Ok(self.tokenizer.encode(&format!("{}{text}", self.prefix), self.language.as_deref(), None)?.ids)
    }

    fn summary(&self, text: &str, progress: &dyn Progress) -> Result<Summary> {
        let ids = self.encode(text)?;
        // The models' least lengths are for full articles: half of a short one is enough, so that nothing is made up.
        let most = if self.least_is_asked { usize::MAX } else { ids.len() / 2 };
        let least = self.search.min_length.min(most);
        let options = search::Options { min_length: least, n_best: 1, ..self.search.clone() };
        let found = search(&self.network, &[&ids], &options, progress)?;
        let Some(best) = found.into_iter().flatten().next() else {
            return Ok(Summary { text: String::new(), tokens: 0, finished: true });
        };
        let text = self.tokenizer.decode(&best.tokens).text.replace('\n', " ");
        Ok(Summary { text, tokens: best.tokens.len(), finished: best.finished })
    }
}

/// A summary of texts: each is summarised by itself, then the summaries together, put into texts by `join`, until one text
/// is left or they get no fewer.
fn write(
    mut texts: Vec<String>,
    summarise: &dyn Fn(&str) -> Result<Summary>,
    join: &dyn Fn(&[String]) -> Result<Vec<String>>,
) -> Result<Written> {
    let mut written = Written::default();
    loop {
        written.parts.push(texts.len());
        written.broken = false;
        let mut summaries = Vec::with_capacity(texts.len());
        for text in &texts {
            summaries.push(written.whole(summarise(text)?));
        }
        if summaries.len() <= 1 {
            return Ok(Written { text: summaries.concat(), ..written });
        }
        let together = join(&summaries)?;
        // Summaries that are no shorter than what they summarise stay as they are.
        if together.len() >= texts.len() {
            return Ok(Written { text: summaries.join(" "), ..written });
        }
        texts = together;
    }
}

impl Written {
    /// The whole sentences of a summary; that in which the model was stopped only if there is no other.
    fn whole(&mut self, summary: Summary) -> String {
        let Summary { mut text, tokens, finished } = summary;
        if finished {
            return text;
        }
        self.stopped = self.stopped.max(Some(tokens));
        let last = segment::sentences(&text).pop().filter(|_| !ends_sentence(&text));
        match last {
            None => {}
            Some(last) if last.start == 0 => self.broken = true,
            Some(last) => {
                self.unfinished.push(last.of(&text).to_owned());
                text.truncate(last.start);
                text.truncate(text.trim_end().len());
            }
        }
        text
    }

    /// How it came about, to go on from "12 sentences read".
    fn how(&self) -> String {
        let parts: String = match self.parts.as_slice() {
            [] | [0 | 1] => String::new(),
            [first, again @ ..] => {
                let again = again.iter().map(|parts| match parts {
                    1 => ", then together".to_owned(),
                    parts => format!(", then in {parts}"),
                });
                std::iter::once(format!(" in {first} parts")).chain(again).collect()
            }
        };
        let stopped = self.stopped.map_or(String::new(), |tokens| format!("; stopped at {tokens} tokens"));
        format!("{parts}{stopped}")
    }

    /// What the article bears out of it, with a warning if it breaks off.
    fn verify(self, document: &Document) -> Verified {
        let mut verified = verify(document, &self.text);
        verified.dropped.extend(self.unfinished);
        let own = |claim: &&mut Claim| !matches!(claim.origin, Origin::Replaced { .. });
        if self.broken
            && let Some(last) = verified.claims.iter_mut().rev().find(own)
        {
            let message = "The summarizer was stopped before it ended this sentence: something may be missing.";
            last.findings.push(finding(last, Severity::Warning, message.into()));
        }
        verified
    }
}

/// The headline and what is left of a summary, as much as the form allows. Where nothing is left of it, sentences of the
/// article say it all.
fn brief(document: &Document, method: String, form: Form, Verified { claims, dropped }: Verified) -> Brief {
    if claims.is_empty() {
        let method = format!("{method}; the article bears out nothing of what was written: sentences word for word");
        return Brief { method, dropped, ..extractive(document, form) };
    }
    let headline = headline(document).filter(|_| form.style != Style::OneLine);
    let mut kept: Vec<Claim> = headline.into_iter().collect();
    let (most_sentences, most_words) = form.length().limits(usize::MAX, kept.len());
    let count = |claims: &[Claim]| claims.iter().map(|claim| claim.text.split_whitespace().count()).sum::<usize>();
    let mut words = 0;
    for (sentences, sentence) in claims.chunk_by(|_, next| next.continues).enumerate() {
        words += count(sentence);
        if sentences > 0 && (sentences == most_sentences || words > most_words) {
            break;
        }
        kept.extend_from_slice(sentence);
    }
    Brief { dropped, ..Brief::new(document, method, form.style, kept) }
}

#[cfg(test)]
mod tests;
