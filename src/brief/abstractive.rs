//! Briefs written by a model trained to summarise English news: BART, Pegasus, T5.
//!
//! The model sees every sentence that may enter a brief. What is longer than it takes is summarised part by part and then
//! together; nothing is cut off. What it writes is held against the article, claim by claim: see [`verify()`].

use super::{Brief, Claim, Form, Style, Summarizer, Verified, extractive, headline, verify};
use crate::error::Result;
use crate::model::Opened;
use crate::nn::Placement;
use crate::nn::generation::GenerationConfig;
use crate::nn::search::{self, search};
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
    /// What the model wants to read first, `summarize: ` for T5.
    prefix: String,
    provenance: Provenance,
}

/// Loads a summarization model, whatever its family.
///
/// # Errors
/// [`Error::Model`](crate::Error::Model) if a file is missing or wrong; [`Error::Option`](crate::Error::Option) if the
/// model cannot do what `options` ask for.
pub fn open(opened: Opened, placement: &Placement, options: &Options) -> Result<Abstractive> {
    let Opened { files, manifest, provenance } = opened;
    let files = files.as_ref();
    let tokenizer = Tokenizer::load(files)?;
    let generation = GenerationConfig::read_over(files, Some("summarization"), manifest.generation)?;
    let network = Seq2Seq::load(files, placement)?;
    let positions = network.max_target_len();
    let search = options.over(search::Options::new(&generation, positions)?, positions)?;
    let provenance = Provenance {
        device: network.placement().device().to_string(),
        precision: network.placement().precision().to_string(),
        beam: search.beams,
        ..provenance
    };
    let prefix = if generation.prefix.is_empty() { manifest.prefix.unwrap_or_default() } else { generation.prefix };
    Ok(Abstractive { tokenizer, network, search, prefix, provenance })
}

impl Summarizer for Abstractive {
    fn summarize(&self, document: &Document, form: Form, progress: &dyn Progress) -> Result<Brief> {
        let texts: Vec<String> = document.brief_sentences().map(|(_, text)| text.to_owned()).collect();
        let read = texts.len();
        let name = document.article.source().to_owned();
        progress.on(Event::Start { stage: "summarising", name: name.clone(), total: None });
        let (summary, parts) = self.write(texts, progress)?;
        progress.on(Event::Finish { name });
        let parts = if parts > 1 { format!(" in {parts} parts") } else { String::new() };
        let method = format!("{}: {read} sentences read{parts}", self.provenance.name);
        Ok(brief(document, method, form, verify(document, &summary)))
    }

    fn provenance(&self) -> Option<Provenance> {
        Some(self.provenance.clone())
    }
}

impl Abstractive {
    /// A summary of the sentences, and in how many parts they were read.
    fn write(&self, sentences: Vec<String>, progress: &dyn Progress) -> Result<(String, usize)> {
        let mut texts = self.parts(sentences)?;
        let parts = texts.len();
        loop {
            let summaries = texts.iter().map(|text| self.summary(text, progress)).collect::<Result<Vec<_>>>()?;
            if summaries.len() <= 1 {
                return Ok((summaries.concat(), parts));
            }
            let together = self.parts(summaries.clone())?;
            // Summaries that are no shorter than what they summarise stay as they are.
            if together.len() >= texts.len() {
                return Ok((summaries.join(" "), parts));
            }
            texts = together;
        }
    }

    /// The sentences put together to texts as long as the model takes; one that is longer by itself is cut at clauses.
    fn parts(&self, sentences: Vec<String>) -> Result<Vec<String>> {
        let limit = self.network.max_source_len();
        let mut parts: Vec<String> = Vec::new();
        for sentence in &sentences {
            let fits = |text: &str| self.encode(text).is_ok_and(|ids| ids.len() <= limit);
            for span in segment::clauses(sentence, &fits) {
                let piece = span.of(sentence);
                let longer = parts.last().map(|part| format!("{part} {piece}")).filter(|longer| fits(longer));
                match (parts.last_mut(), longer) {
                    (Some(last), Some(longer)) => *last = longer,
                    _ => parts.push(piece.to_owned()),
                }
            }
        }
        Ok(parts)
    }

    fn encode(&self, text: &str) -> Result<Vec<u32>> {
        Ok(self.tokenizer.encode(&format!("{}{text}", self.prefix), None, None)?.ids)
    }

    fn summary(&self, text: &str, progress: &dyn Progress) -> Result<String> {
        let ids = self.encode(text)?;
        // The models' least lengths are for full articles: half of a short one is enough, so that nothing is made up.
        let least = self.search.min_length.min(ids.len() / 2);
        let options = search::Options { min_length: least, n_best: 1, ..self.search.clone() };
        let found = search(&self.network, &[&ids], &options, progress)?;
        let best = found.into_iter().flatten().next();
        Ok(best.map_or(String::new(), |hypothesis| self.tokenizer.decode(&hypothesis.tokens).text.replace('\n', " ")))
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
    let (most_sentences, most_words) = form.length().limits(usize::MAX);
    let mut kept: Vec<Claim> = headline.into_iter().collect();
    let count = |claims: &[Claim]| claims.iter().map(|claim| claim.text.split_whitespace().count()).sum::<usize>();
    let mut sentences = kept.len();
    let mut words = count(&kept);
    for sentence in claims.chunk_by(|_, next| next.continues) {
        words += count(sentence);
        if !kept.is_empty() && (sentences == most_sentences || words > most_words) {
            break;
        }
        sentences += 1;
        kept.extend_from_slice(sentence);
    }
    Brief { dropped, ..Brief::new(document, method, form.style, kept) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::{Length, Part};
    use crate::model::{Directory, Files as _};
    use crate::progress::Silent;
    use crate::{pipeline, read};
    use std::path::Path;

    fn expected() -> serde_json::Value {
        let folder = Directory(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/summarize"));
        serde_json::from_slice(&folder.need("expected.json").unwrap()).unwrap()
    }

    fn model() -> Abstractive {
        let files = Directory(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/summarize"));
        let tokenizer = Tokenizer::load(&files).unwrap();
        let generation = GenerationConfig::read(&files, Some("summarization")).unwrap();
        let network = Seq2Seq::load(&files, &Placement::cpu()).unwrap();
        let search = search::Options::new(&generation, network.max_target_len()).unwrap();
        Abstractive { tokenizer, network, search, prefix: generation.prefix, provenance: Provenance::default() }
    }

    #[test]
    fn a_summary_is_that_of_transformers() {
        let (model, expected) = (model(), expected());
        let text = expected["text"].as_str().unwrap().to_owned();
        assert_eq!(model.encode(&text).unwrap().len() as u64, expected["tokens"].as_u64().unwrap());
        let (summary, parts) = model.write(vec![text], &Silent).unwrap();
        assert_eq!((summary.as_str(), parts), (expected["summary"].as_str().unwrap(), 1));
    }

    #[test]
    fn a_long_text_is_read_in_parts_and_nothing_is_cut_off() {
        let model = model();
        let sentences: Vec<String> =
            (0..40).map(|i| format!("Sentence number {i} says that the work goes on.")).collect();
        let parts = model.parts(sentences.clone()).unwrap();
        assert!(parts.len() > 1);
        assert_eq!(parts.join(" "), sentences.join(" "));
        for part in &parts {
            assert!(model.encode(part).unwrap().len() <= model.network.max_source_len());
        }
        let (_, read) = model.write(sentences, &Silent).unwrap();
        assert_eq!(read, parts.len());
    }

    fn article(text: &str) -> pipeline::Document {
        let options = read::Options { expect: Some("en".into()), language: Some("en".into()), ..Default::default() };
        let outline = read::read(text.as_bytes(), "-", &options).unwrap();
        pipeline::Document::untranslated(segment::segment(outline).unwrap())
    }

    const CROSSING: &str = "Ministers agree on the crossing\n\n\
        The two ministers met in Amman on Sunday. They agreed to reopen it after 15 months.";

    #[test]
    fn what_a_model_makes_up_is_no_brief() {
        let document = article(CROSSING);
        let brief = model().summarize(&document, Form::default(), &Silent).unwrap();
        assert!(brief.method.contains("3 sentences read; the article bears out nothing"), "{}", brief.method);
        assert!(!brief.dropped.is_empty());
        assert_eq!(brief.claims, extractive(&document, Form::default()).claims);
    }

    #[test]
    fn a_summary_becomes_a_headline_and_verified_sentences() {
        let document = article(CROSSING);
        let written = "The ministers met in Amman on Sunday. They agreed to reopen it after 16 months. Cats are fine.";
        let brief = |form| brief(&document, "model".into(), form, verify(&document, written));
        let whole = brief(Form::default());
        assert_eq!(
            whole.text(),
            "Ministers agree on the crossing\nThe ministers met in Amman on Sunday. They agreed to reopen it after 15 months."
        );
        let parts: Vec<_> = whole.claims.iter().map(|claim| (claim.part, claim.origin.name())).collect();
        assert_eq!(
            parts,
            [(Part::Headline, "article"), (Part::WhatHappened, "as_written"), (Part::KeyPoint, "repaired")]
        );
        assert_eq!(whole.dropped, ["Cats are fine."]);
        assert!(whole.uncertain[0].text.contains("“16”"), "{:?}", whole.uncertain);
        let line = brief(Form { style: Style::OneLine, ..Form::default() });
        assert_eq!(line.text(), "The ministers met in Amman on Sunday.");
        let short = brief(Form::from(Length { sentences: Some(2), words: None }));
        assert_eq!(short.claims.len(), 2);
    }
}
