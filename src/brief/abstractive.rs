//! Briefs written by a model trained to summarise English news: BART, Pegasus, T5.
//!
//! The model sees every sentence that may enter a brief. What is longer than it takes is summarised part by part and then
//! together; nothing is cut off. Each sentence that it writes is a claim, and rests on the sentences of the article that
//! its words come from.

use super::support::support;
use super::{Brief, Claim, Evidence, Length, Summarizer};
use crate::article::SentenceId;
use crate::check::{Finding, Severity};
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

/// A claim with a smaller share of its words in its evidence is not supported by it.
const SUPPORTED: f64 = 0.5;

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
    fn summarize(&self, document: &Document, length: Length, progress: &dyn Progress) -> Result<Brief> {
        let sentences: Vec<(SentenceId, &str)> = document.brief_sentences().collect();
        let texts: Vec<String> = sentences.iter().map(|(_, text)| (*text).to_owned()).collect();
        let name = document.article.source().to_owned();
        progress.on(Event::Start { stage: "summarising", name: name.clone(), total: None });
        let (summary, parts) = self.write(texts, progress)?;
        progress.on(Event::Finish { name });
        let (most_sentences, most_words) = length.limits(usize::MAX);
        let mut claims: Vec<Claim> = Vec::new();
        let mut words = 0;
        for span in segment::sentences(&summary) {
            let text = span.of(&summary);
            words += text.split_whitespace().count();
            if claims.len() == most_sentences || (words > most_words && !claims.is_empty()) {
                break;
            }
            claims.extend(claim(document, &sentences, text)?);
        }
        let read = if parts > 1 { format!(" in {parts} parts") } else { String::new() };
        Ok(Brief { method: format!("{}: {} sentences read{read}", self.provenance.name, sentences.len()), claims })
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

/// A claim with its evidence; none for a sentence that has no word in common with the article.
fn claim(document: &Document, sentences: &[(SentenceId, &str)], text: &str) -> Result<Option<Claim>> {
    let found = support(text, sentences);
    let Some(&first) = found.evidence.first() else { return Ok(None) };
    let mut findings = Vec::new();
    let mut find = |check, severity, message| {
        findings.push(Finding { check, severity, sentence: first, message, source: None, target: None });
    };
    if found.share < SUPPORTED {
        let percent = (100.0 * found.share).round();
        find(
            "support",
            Severity::Warning,
            format!("Only {percent} % of the words of this claim stand in its evidence."),
        );
    }
    for number in &found.missing_numbers {
        find("support", Severity::Error, format!("{number} does not stand in the evidence of this claim."));
    }
    let evidence = Evidence::new(&document.article, found.evidence)?;
    let of_evidence = document.findings.iter().filter(|finding| evidence.sentences().contains(&finding.sentence));
    findings.extend(of_evidence.cloned());
    Ok(Some(Claim { text: text.into(), evidence, findings }))
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn every_claim_of_a_brief_has_evidence() {
        let text =
            "Ministers agree on the crossing\n\nThe two ministers met in Amman on Sunday. They agreed to reopen it.";
        let options = read::Options { expect: Some("en".into()), language: Some("en".into()), ..Default::default() };
        let outline = read::read(text.as_bytes(), "-", &options).unwrap();
        let document = pipeline::Document::untranslated(segment::segment(outline).unwrap());
        let brief = model().summarize(&document, Length::default(), &Silent).unwrap();
        assert!(brief.method.ends_with("3 sentences read"), "{}", brief.method);
        assert!(brief.claims.iter().all(|claim| !claim.evidence.sentences().is_empty()));
        let sentences: Vec<_> = document.brief_sentences().collect();
        let claim = claim(&document, &sentences, "The ministers met in Amman on Monday 14.").unwrap().unwrap();
        assert_eq!(claim.evidence.sentences()[0].to_string(), "s2.1");
        assert!(claim.findings.iter().any(|finding| finding.message.starts_with("14 ")));
    }
}
