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
    let generation =
        GenerationConfig::read_over(files, Some("summarization"), manifest.generation)?.ended_by(tokenizer.eos());
    let network = Seq2Seq::load(files, placement)?;
    let generation = generation.started_by(network.decoder_start());
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
    Ok(Abstractive { tokenizer, network, search, language, prefix, provenance })
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
        let least = self.search.min_length.min(ids.len() / 2);
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
    use crate::model::{Directory, Family, Files as _, Manifest};
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
        open_with(name, &Options::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn open_with(name: &str, options: &Options) -> Result<Abstractive> {
        let manifest = Manifest::derived(name, None, Family::named("bart").unwrap());
        let opened = Opened { files: Box::new(files(name)), manifest, provenance: Provenance::default() };
        open(opened, &Placement::cpu(), options, &Silent)
    }

    #[test]
    fn what_a_model_cannot_do_is_told_before_it_reads_anything() {
        let error = open_with("bart", &Options { beam: Some(0), ..Options::default() }).err().unwrap();
        assert!(error.to_string().contains("the beam"), "{error}");
    }

    #[test]
    fn a_model_whose_files_name_no_end_token_ends_with_that_of_its_tokenizer() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["config.json", "generation_config.json", "merges.txt", "model.safetensors", "vocab.json"] {
            let mut bytes = files("bart").need(name).unwrap().into_owned();
            if name.ends_with("config.json") {
                let mut config: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                assert!(config.as_object_mut().unwrap().remove("eos_token_id").is_some(), "{name}");
                bytes = config.to_string().into_bytes();
            }
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let whole = load("bart").search;
        let manifest = Manifest::derived("bart", None, Family::named("bart").unwrap());
        let files = Box::new(Directory(folder.path().into()));
        let opened = Opened { files, manifest, provenance: Provenance::default() };
        assert_eq!(open(opened, &Placement::cpu(), &Options::default(), &Silent).unwrap().search, whole);
    }

    #[test]
    fn a_model_of_many_languages_is_told_that_it_reads_english() {
        let model = load("mbart50");
        let tokenizer = &model.tokenizer;
        let (english, arabic) = (tokenizer.encode("", Some("en_XX"), None), tokenizer.encode("", None, None));
        assert_eq!(model.encode("").unwrap(), english.unwrap().ids);
        assert_ne!(model.encode("").unwrap(), arabic.unwrap().ids);
    }

    #[test]
    fn a_summary_is_that_of_transformers() {
        for name in ["bart", "pegasus", "t5"] {
            let bytes = files(name).need("expected.json").unwrap().into_owned();
            let expected: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let (model, text) = (load(name), expected["text"].as_str().unwrap());
            assert_eq!(model.encode(text).unwrap().len() as u64, expected["tokens"].as_u64().unwrap(), "{name}");
            assert_eq!(model.parts(&[vec![text]]).unwrap(), [text], "{name}");
            assert_eq!(model.summary(text, &Silent).unwrap().text, expected["summary"].as_str().unwrap(), "{name}");
        }
    }

    #[test]
    fn a_model_searches_as_its_files_ask_for_summaries() {
        // generation_config.json, config.json of the time before it, and the task in config.json.
        for (name, beams, lengths, penalty, ngram, prefix) in [
            ("bart", 4, (8, 24), 2.0, 3, " "),
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
        assert_eq!(model.write(sections, &Silent).unwrap().parts[0], parts.len());
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
        let forced = search(&model.network, &[&ids], &model.search, &Silent).unwrap();
        assert!(forced[0][0].tokens.len() >= 99);
        let summary = model.summary(text, &Silent).unwrap().text;
        assert_eq!(summary, of(ids.len() / 2).summary(text, &Silent).unwrap().text);
        assert_ne!(summary, model.tokenizer.decode(&forced[0][0].tokens).text.replace('\n', " "));
    }

    #[test]
    fn a_brief_says_in_how_many_parts_the_article_was_read_and_whether_it_was_read_together() {
        // Each text is summarised as its first bytes; four bytes go into a text.
        let read = |parts: usize, bytes: usize| {
            let summary =
                |text: &str| Ok(Summary { text: text.chars().take(bytes).collect(), tokens: 1, finished: true });
            let join = |summaries: &[String]| Ok(vec![String::new(); summaries.concat().len().div_ceil(4)]);
            let written = write(vec!["text".into(); parts], &summary, &join).unwrap();
            (written.how(), written.parts)
        };
        assert_eq!(read(0, 1), (String::new(), vec![0]));
        assert_eq!(read(1, 4), (String::new(), vec![1]));
        assert_eq!(read(3, 1), (" in 3 parts, then together".into(), vec![3, 1]));
        assert_eq!(read(3, 4), (" in 3 parts".into(), vec![3]));
        let summary = |text: &str| Ok(Summary { text: text.into(), tokens: 1, finished: true });
        let join = |summaries: &[String]| Ok(vec![String::new(); summaries.len().min(2)]);
        assert_eq!(write(vec![String::new(); 5], &summary, &join).unwrap().how(), " in 5 parts, then in 2");
    }

    fn stopped(text: &str) -> Written {
        let summary = |_: &str| Ok(Summary { text: text.into(), tokens: 24, finished: false });
        write(vec!["An article.".into()], &summary, &|summaries| Ok(summaries.to_vec())).unwrap()
    }

    #[test]
    fn a_sentence_that_the_greatest_length_cuts_off_is_dropped_and_told() {
        let written = stopped("The two ministers met in Amman on Sunday. They agreed to reopen it after");
        assert_eq!(written.text, "The two ministers met in Amman on Sunday.");
        assert_eq!(written.how(), "; stopped at 24 tokens");
        let verified = written.verify(&article(CROSSING));
        assert_eq!(verified.dropped, ["They agreed to reopen it after"]);
        assert!(verified.claims.iter().all(|claim| claim.findings.is_empty()));
        // Stopped right behind a sentence: all of it is whole.
        let written = stopped("The two ministers met in Amman on Sunday.");
        assert_eq!(written.text, "The two ministers met in Amman on Sunday.");
        assert!(written.unfinished.is_empty() && !written.broken);
    }

    #[test]
    fn a_summary_of_one_sentence_that_is_cut_off_stays_with_a_warning() {
        let written = stopped("The two ministers met in Amman on");
        assert!(written.broken && written.unfinished.is_empty());
        let verified = written.verify(&article(CROSSING));
        assert_eq!(verified.claims[0].text, "The two ministers met in Amman on");
        let warned = |finding: &crate::check::Finding| {
            finding.severity == Severity::Warning && finding.message.contains("was stopped")
        };
        assert!(verified.claims[0].findings.iter().any(warned), "{:?}", verified.claims[0].findings);
    }

    #[test]
    fn a_model_that_reaches_its_greatest_length_says_so() {
        let mut model = model();
        (model.search.eos, model.search.max_length) = (Vec::new(), 6);
        let summary = model.summary("Talks begin in Amman on Sunday.", &Silent).unwrap();
        assert_eq!((summary.finished, summary.tokens), (false, 5));
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
        assert!(brief.method.contains("3 sentences read"), "{}", brief.method);
        assert!(brief.method.contains("; the article bears out nothing"), "{}", brief.method);
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
