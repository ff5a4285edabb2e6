//! Briefs written by a model trained to summarise English news: BART, Pegasus, T5.
//!
//! The model sees every sentence that may enter a brief. What is longer than it takes is summarised by sections and then
//! together; nothing is cut off. What it writes is held against the article, claim by claim: see [`verify()`].

use super::{Brief, Claim, Form, Style, Summarizer, Verified, extractive, headline, verify};
use crate::article::SentenceId;
use crate::error::Result;
use crate::model::Opened;
use crate::nn::Placement;
use crate::nn::generation::GenerationConfig;
use crate::nn::search::{self, search_all};
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
        let sentences: Vec<(SentenceId, &str)> = document.brief_sentences().collect();
        let sections = sentences.chunk_by(|(one, _), (next, _)| one.section == next.section);
        let sections = sections.map(|section| section.iter().map(|(_, text)| *text).collect()).collect();
        let name = document.article.source().to_owned();
        progress.on(Event::Start { stage: "summarising", name: name.clone(), total: None });
        let (summary, parts) = self.write(sections, progress)?;
        progress.on(Event::Finish { name });
        let parts = if parts > 1 { format!(" in {parts} parts, then together") } else { String::new() };
        let method = format!("{}: {} sentences read{parts}", self.provenance.name, sentences.len());
        Ok(brief(document, method, form, verify(document, &summary)))
    }

    fn provenance(&self) -> Option<Provenance> {
        Some(self.provenance.clone())
    }
}

impl Abstractive {
    /// A summary of sections, each as its sentences, and in how many parts they were read.
    fn write(&self, sections: Vec<Vec<&str>>, progress: &dyn Progress) -> Result<(String, usize)> {
        let mut texts = self.parts(&sections)?;
        let parts = texts.len();
        loop {
            let summaries = texts.iter().map(|text| self.summary(text, progress)).collect::<Result<Vec<_>>>()?;
            if summaries.len() <= 1 {
                return Ok((summaries.concat(), parts));
            }
            let together = self.parts(&summaries.iter().map(|summary| vec![summary.as_str()]).collect::<Vec<_>>())?;
            // Summaries that are no shorter than what they summarise stay as they are.
            if together.len() >= texts.len() {
                return Ok((summaries.join(" "), parts));
            }
            texts = together;
        }
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
        Ok(self.tokenizer.encode(&format!("{}{text}", self.prefix), None, None)?.ids)
    }

    fn summary(&self, text: &str, progress: &dyn Progress) -> Result<String> {
        let ids = self.encode(text)?;
        // The models' least lengths are for full articles: half of a short one is enough, so that nothing is made up.
        let least = self.search.min_length.min(ids.len() / 2);
        let options = search::Options { min_length: least, n_best: 1, ..self.search.clone() };
        let found = search_all(&self.network, &[&ids], &options, progress)?;
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
    let mut words = count(&kept);
    for (sentences, sentence) in (kept.len()..).zip(claims.chunk_by(|_, next| next.continues)) {
        words += count(sentence);
        if !kept.is_empty() && (sentences == most_sentences || words > most_words) {
            break;
        }
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

    fn files(name: &str) -> Directory {
        Directory(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/whole").join(name))
    }

    fn model() -> Abstractive {
        load("bart")
    }

    fn load(name: &str) -> Abstractive {
        let files = files(name);
        let tokenizer = Tokenizer::load(&files).unwrap();
        let generation = GenerationConfig::read(&files, Some("summarization")).unwrap();
        let network = Seq2Seq::load(&files, &Placement::cpu()).unwrap();
        let search = search::Options::new(&generation, network.max_target_len()).unwrap();
        Abstractive { tokenizer, network, search, prefix: generation.prefix, provenance: Provenance::default() }
    }

    #[test]
    fn a_summary_is_that_of_transformers() {
        for name in ["bart", "pegasus", "t5"] {
            let bytes = files(name).need("expected.json").unwrap().into_owned();
            let expected: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let (model, text) = (load(name), expected["text"].as_str().unwrap());
            assert_eq!(model.encode(text).unwrap().len() as u64, expected["tokens"].as_u64().unwrap(), "{name}");
            let (summary, parts) = model.write(vec![vec![text]], &Silent).unwrap();
            assert_eq!((summary.as_str(), parts), (expected["summary"].as_str().unwrap(), 1), "{name}");
        }
    }

    #[test]
    fn a_model_searches_as_its_files_ask_for_summaries() {
        // generation_config.json, config.json of the time before it, and the task in config.json.
        for (name, beams, lengths, penalty, ngram, prefix) in [
            ("bart", 4, (8, 24), 2.0, 3, ""),
            ("pegasus", 8, (6, 24), 0.8, 0, ""),
            ("t5", 4, (8, 24), 2.0, 3, "summarize: "),
        ] {
            let model = load(name);
            let search = &model.search;
            assert_eq!((search.beams, search.min_length, search.max_length), (beams, lengths.0, lengths.1), "{name}");
            assert!((search.length_penalty - penalty).abs() < 1e-6, "{name}");
            assert_eq!((search.no_repeat_ngram, model.prefix.as_str()), (ngram, prefix), "{name}");
        }
    }

    #[test]
    fn a_long_text_is_read_by_sections_of_about_the_same_length_and_nothing_is_cut_off() {
        let model = model();
        let sentence = |i: usize| format!("Sentence number {i} says that the work goes on.");
        let sections: Vec<Vec<String>> = (0..14).map(|i| (0..=i % 4).map(|j| sentence(10 * i + j)).collect()).collect();
        let sections: Vec<Vec<&str>> = sections.iter().map(|s| s.iter().map(String::as_str).collect()).collect();
        let parts = model.parts(&sections).unwrap();
        assert!(parts.len() > 2);
        assert_eq!(parts.join(" "), sections.concat().join(" "));
        let lengths: Vec<usize> = parts.iter().map(|part| model.encode(part).unwrap().len()).collect();
        let limit = model.network.max_source_len();
        assert!(lengths.iter().all(|length| *length <= limit && *length > limit / 3), "{lengths:?} of {limit}");
        let whole: Vec<String> = sections.iter().map(|section| section.join(" ")).collect();
        let starts = |part: &String| whole.iter().any(|section| part.starts_with(section.as_str()));
        assert!(parts.iter().all(starts), "a part begins inside a section: {parts:?}");
        let (_, read) = model.write(sections, &Silent).unwrap();
        assert_eq!(read, parts.len());
    }

    #[test]
    fn a_section_or_a_sentence_that_is_too_long_by_itself_is_cut_where_it_can_be() {
        let model = model();
        let limit = model.network.max_source_len();
        let sentences: Vec<String> = (0..40).map(|i| format!("Line {i} of one long section.")).collect();
        let long = (0..200).map(|i| format!("word{i}")).collect::<Vec<_>>().join(" ");
        let sections = vec![vec!["A headline"], sentences.iter().map(String::as_str).collect(), vec![long.as_str()]];
        let parts = model.parts(&sections).unwrap();
        assert_eq!(parts.join(" "), sections.concat().join(" "));
        for part in &parts {
            assert!(model.encode(part).unwrap().len() <= limit, "{part}");
        }
        assert!(model.parts(&[]).unwrap().is_empty());
    }

    #[test]
    fn the_least_length_never_asks_for_more_than_a_short_article_has() {
        let of = |least: usize| {
            let mut model = model();
            (model.search.min_length, model.search.max_length, model.search.length_penalty) = (least, 128, 0.0);
            model
        };
        let (text, model) = ("Talks begin.", of(100));
        let ids = model.encode(text).unwrap();
        let forced = search_all(&model.network, &[&ids], &model.search, &Silent).unwrap();
        assert!(forced[0][0].tokens.len() >= 99);
        let summary = model.summary(text, &Silent).unwrap();
        assert_eq!(summary, of(ids.len() / 2).summary(text, &Silent).unwrap());
        assert_ne!(summary, model.tokenizer.decode(&forced[0][0].tokens).text.replace('\n', " "));
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
        let brief = load("t5").summarize(&document, Form::default(), &Silent).unwrap();
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
