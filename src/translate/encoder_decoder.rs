//! Translation by an encoder-decoder: Marian, M2M100 and NLLB, mBART, T5.
//!
//! A sentence is normalised, cut into segments if it is too long, searched for its best translation, and put together
//! again; the attention says which words belong together. The output is what the model says, token for token: only the
//! white space at its ends is cut off.

use super::open::has_languages;
use super::plan::{Plan, Rules, Segment, Sentence, Source, is_arabic};
use super::{Options, Provenance, Translation, Translator};
use crate::align::{self, Link, Tokens};
use crate::article::Span;
use crate::error::{Error, Result};
use crate::nn::generation::GenerationConfig;
use crate::nn::search::{self, Decode as _, Hypothesis, search};
use crate::nn::seq2seq::{Head, Pair, Seq2Seq};
use crate::progress::{Event, Progress};
use crate::tokenizer::{Encoding, Tokenizer};

/// Most tokens in a segment, even if the model takes more: they are trained on sentences, and lose parts of what is
/// much longer than most of them.
const LONGEST_SEGMENT: usize = 192;

/// Most rows in a batch: enough to fill the matrix products of a step.
const ROWS: usize = 128;

/// Most source tokens in a batch, so that its memory does not depend on what is translated.
const TOKENS: usize = 4096;

/// Hypotheses kept when a sentence is translated again: as many, or twice those of the first time if that is more, as far
/// as a search can keep them.
const BEAMS_AGAIN: usize = 8;

/// Translates with an encoder-decoder.
pub struct EncoderDecoder {
    tokenizer: Tokenizer,
    network: Seq2Seq,
    search: search::Options,
    /// The wider search for sentences that are translated again, if that is wanted.
    wider: Option<search::Options>,
    alignment_heads: Vec<Head>,
    source_lang: Option<String>,
    target_lang: Option<String>,
    /// Whether a segment in Latin letters alone is not translated.
    copies_latin: bool,
    /// What the model wants to read before each text, if that is how it is told what to do.
    prefix: String,
    provenance: Provenance,
}

/// Refuses heads that the decoder does not have, here rather than when the first sentence is aligned.
fn check_heads(heads: &[Head], network: &Seq2Seq, model: &str) -> Result<()> {
    let decoder = network.config().decoder;
    let is_there = |&&(layer, head): &&Head| layer < decoder.layers && head < decoder.heads;
    let Some((layer, head)) = heads.iter().find(|head| !is_there(head)) else { return Ok(()) };
    Err(Error::Model {
        model: model.to_owned(),
        problem: format!(
            "its files have [{layer}, {head}] among the alignment_heads, and the decoder has {} layers of {} heads, counted \
             from 0",
            decoder.layers, decoder.heads
        ),
        remedy: "take alignment_heads out of generation_config.json, or of config.json where there is none, in a copy of it, \
                 given as a directory"
            .into(),
    })
}

/// A translation of a segment; its links are bytes within the segment.
#[derive(Clone)]
struct Candidate {
    text: String,
    links: Vec<Link>,
    log_prob: f32,
    tokens: usize,
    cut: bool,
}

impl EncoderDecoder {
    /// Puts a translator together. `generation` has the defaults of the model, over which `options` go.
    ///
    /// Device, precision and beam of `provenance` are filled in.
    ///
    /// # Errors
    /// [`Error::Option`](crate::Error::Option) if the model does not have a language, or cannot do what the options ask for.
    pub fn new(
        tokenizer: Tokenizer,
        network: Seq2Seq,
        generation: &GenerationConfig,
        options: &Options,
        provenance: Provenance,
    ) -> Result<Self> {
        let generation = &generation.clone().completed(tokenizer.eos(), network.decoder_start());
        let positions = network.max_target_len();
        let mut search = options.over(search::Options::new(generation, positions)?, positions)?;
        let has_languages = has_languages(&tokenizer);
        // Fails here, not after the article was read, if a language is not there.
        let (source_lang, target_lang) = match has_languages {
            true => {
                let source = tokenizer.source_code(options.source_lang.as_deref())?;
                (source.map(str::to_owned), options.target_lang.clone())
            }
            false => (None, None),
        };
        tokenizer.encode("", source_lang.as_deref(), target_lang.as_deref())?;
        let given = options.source_lang.as_deref();
        let copies_latin = given.is_none_or(|given| is_arabic(source_lang.as_deref().unwrap_or(given)));
        if let Some(start) = tokenizer.decoder_start(target_lang.as_deref())? {
            search.decoder_start = start;
            // What the files of a model for one target force may be the name of that.
            search.forced_bos = search.forced_bos.filter(|&first| first == start || !tokenizer.is_language(first));
        }
        search.forced_bos = tokenizer.forced_bos(target_lang.as_deref())?.or(search.forced_bos);
        // What is aligned starts as what was searched for.
        let network = network.starting_with(search.decoder_start);
        search.check(network.vocab_size())?;
        check_heads(&generation.alignment_heads, &network, &provenance.name)?;
        let prefix = if has_languages { String::new() } else { generation.prefix.clone() };
        let provenance = Provenance {
            device: network.placement().device().to_string(),
            precision: network.placement().precision().to_string(),
            beam: search.beams,
            ..provenance
        };
        let beams = BEAMS_AGAIN.max(2 * search.beams).min(search::MOST_BEAMS);
        let wider = (!options.no_retry).then(|| search::Options { beams, n_best: beams, ..search.clone() });
        let alignment_heads = generation.alignment_heads.clone();
        Ok(Self {
            tokenizer,
            network,
            search,
            wider,
            alignment_heads,
            source_lang,
            target_lang,
            copies_latin,
            prefix,
            provenance,
        })
    }

    /// The ids of a text behind the prefix; the spans are those of the text.
    fn encode(&self, text: &str) -> Result<Encoding> {
        let (from, to) = (self.source_lang.as_deref(), self.target_lang.as_deref());
        let mut encoding = self.tokenizer.encode(&format!("{}{text}", self.prefix), from, to)?;
        let back = |at: usize| at.saturating_sub(self.prefix.len());
        encoding.spans.iter_mut().for_each(|span| *span = Span::new(back(span.start), back(span.end)));
        Ok(encoding)
    }

    /// The translations of all sources, best first for each.
    fn batches(&self, plan: &Plan, options: &search::Options, progress: &dyn Progress) -> Result<Vec<Vec<Candidate>>> {
        let mut all = vec![Vec::new(); plan.sources.len()];
        let mut done = 0;
        for batch in plan.batches((ROWS / options.beams).max(1), TOKENS) {
            let sources: Vec<&Source> = batch.iter().map(|&source| &plan.sources[source]).collect();
            let found = self.batch(&sources, options, progress)?;
            done += batch.len() as u64;
            progress.on(Event::Advance { name: self.provenance.name.clone(), done });
            batch.iter().zip(found).for_each(|(&source, candidates)| all[source] = candidates);
        }
        Ok(all)
    }

    /// The translations of some sources, best first for each.
    fn batch(
        &self,
        sources: &[&Source],
        options: &search::Options,
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<Candidate>>> {
        let ids: Vec<&[u32]> = sources.iter().map(|source| source.encoding.ids.as_slice()).collect();
        let found = search(&self.network, &ids, options, progress)?;
        let hypotheses = found.iter().zip(&ids).flat_map(|(found, source)| found.iter().map(move |one| (source, one)));
        let pairs = hypotheses.filter(|(_, hypothesis)| !hypothesis.tokens.is_empty());
        let pairs: Vec<Pair> = pairs.map(|(source, hypothesis)| Pair { source, target: &hypothesis.tokens }).collect();
        let mut attention = self.network.alignment(&pairs, &self.alignment_heads)?.into_iter();
        let mut all = Vec::with_capacity(found.len());
        for (found, source) in found.iter().zip(sources) {
            let candidate = |hypothesis: &Hypothesis| {
                let attention = if hypothesis.tokens.is_empty() { None } else { attention.next() };
                self.candidate(source, hypothesis, &attention.unwrap_or_default())
            };
            all.push(found.iter().map(candidate).collect());
        }
        Ok(all)
    }

    fn candidate(&self, source: &Source, hypothesis: &Hypothesis, attention: &[f32]) -> Candidate {
        let decoding = self.tokenizer.decode(&hypothesis.tokens);
        let from = Tokens { text: &source.text, spans: &source.encoding.spans };
        let links = align::links(attention, from, Tokens { text: &decoding.text, spans: &decoding.spans });
        let (log_prob, tokens) = (hypothesis.log_prob, hypothesis.tokens.len());
        Candidate { text: decoding.text, links, log_prob, tokens, cut: !hypothesis.finished }
    }
}

impl Translator for EncoderDecoder {
    fn translate(&self, sentences: &[&str], progress: &dyn Progress) -> Result<Vec<Translation>> {
        self.run(sentences, &self.search, progress)
    }

    fn retry(&self, sentences: &[&str], progress: &dyn Progress) -> Result<Vec<Vec<Translation>>> {
        let Some(wider) = &self.wider else { return Ok(vec![Vec::new(); sentences.len()]) };
        let found = self.run(sentences, wider, progress)?.into_iter();
        let candidates = |mut best: Translation| {
            let others = std::mem::take(&mut best.alternatives);
            std::iter::once(best).chain(others).collect()
        };
        Ok(found.map(candidates).collect())
    }

    fn provenance(&self) -> Provenance {
        self.provenance.clone()
    }
}

impl EncoderDecoder {
    fn run(&self, sentences: &[&str], options: &search::Options, progress: &dyn Progress) -> Result<Vec<Translation>> {
        let encode = |text: &str| self.encode(text);
        let limit = self.network.max_source_len().min(LONGEST_SEGMENT);
        let plan = Plan::new(sentences, &Rules { encode: &encode, limit, copies_latin: self.copies_latin })?;
        let name = &self.provenance.name;
        let total = Some(plan.sources.len() as u64);
        progress.on(Event::Start { stage: "translating", name: name.clone(), total });
        let found = self.batches(&plan, options, progress)?;
        progress.on(Event::Finish { name: name.clone() });
        Ok(plan.sentences.iter().map(|sentence| sentence.assemble(&found)).collect())
    }
}

impl Sentence {
    /// The translation and its alternatives, from those of the segments.
    fn assemble(&self, found: &[Vec<Candidate>]) -> Translation {
        let count = |segment: &Segment| segment.source.map_or(1, |source| found[source].len());
        let count = self.segments.iter().map(count).max().unwrap_or(1);
        let mut best = self.join(found, 0);
        best.alternatives = (1..count).map(|rank| self.join(found, rank)).collect();
        best
    }

    /// The hypothesis of that rank of every segment, the last where a segment has fewer, joined by spaces.
    fn join(&self, found: &[Vec<Candidate>], rank: usize) -> Translation {
        let mut whole = Translation::default();
        let (mut log_prob, mut tokens) = (0.0, 0);
        for segment in &self.segments {
            let copy;
            let candidate = match segment.source.map(|source| &found[source]) {
                Some(candidates) => candidates.get(rank).or(candidates.last()),
                None => {
                    copy = Candidate::copy(segment.span.of(&self.normalised.text));
                    Some(&copy)
                }
            };
            let Some(candidate) = candidate else { continue };
            if !whole.text.is_empty() && !candidate.text.is_empty() {
                whole.text.push(' ');
            }
            let place = |link: &Link| Link {
                source: self.normalised.to_source(link.source.shift(segment.span.start)),
                target: link.target.shift(whole.text.len()),
            };
            whole.alignment.extend(candidate.links.iter().map(place));
            whole.text.push_str(&candidate.text);
            whole.cut |= candidate.cut;
            log_prob += candidate.log_prob;
            tokens += candidate.tokens;
        }
        whole.score = (tokens > 0).then(|| log_prob / tokens as f32);
        whole
    }
}

impl Candidate {
    /// A segment as it is, but for its punctuation.
    fn copy(segment: &str) -> Self {
        let latin = |c| match c {
            '،' => ',',
            '؛' => ';',
            '؟' => '?',
            other => other,
        };
        let text: String = segment.chars().map(latin).collect();
        let links = align::identity(segment).into_iter().zip(align::identity(&text));
        let links = links.map(|(from, to)| Link { source: from.source, target: to.target }).collect();
        Self { text, links, log_prob: 0.0, tokens: 0, cut: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Catalogue, Directory, Opened};
    use crate::nn::Placement;

    /// What `ro_RO` is in `tests/golden/whole/mbart`.
    const ROMANIAN: u32 = 520;

    #[test]
    fn a_model_that_writes_one_language_refuses_the_others_of_its_tokenizer() {
        let open = |target: Option<&str>| {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/whole/mbart50");
            let manifest = Catalogue::bundled().get("mbart-large-50-many-to-one-mmt").unwrap().clone();
            let opened = Opened { files: Box::new(Directory(folder)), manifest, provenance: Provenance::default() };
            let options = Options { target_lang: target.map(str::to_owned), ..Options::default() };
            crate::translate::open(opened, &Placement::cpu(), &options, &crate::progress::Silent)
        };
        for target in [None, Some("en"), Some("en_XX")] {
            assert!(open(target).is_ok(), "{target:?}");
        }
        let error = open(Some("fr")).err().unwrap().to_string();
        assert!(error.contains("fr_XX") && error.contains("to en_XX alone"), "{error}");
    }

    #[test]
    fn mbart_of_25_languages_starts_with_the_target_language_in_search_and_alignment() {
        let open = |target: &str| {
            let options = Options { target_lang: Some(target.into()), ..Options::default() };
            changed("mbart", |_| {}, &options).unwrap()
        };
        let (english, other) = (open("en"), open("ro"));
        assert_eq!((other.search.decoder_start, other.search.forced_bos), (ROMANIAN, None));
        assert_eq!((english.search.decoder_start, english.search.forced_bos), (ROMANIAN - 16, None));
        for model in [english, other] {
            let source = model.encode("وقال المتحدث إن العمل يبدأ صباح الأحد.").unwrap().ids;
            let best = &search(&model.network, &[&source], &model.search, &crate::progress::Silent).unwrap()[0][0];
            assert_eq!(model.network.decoder_start(), model.search.decoder_start);
            let forced = model.network.force(&[Pair { source: &source, target: &best.tokens }], None).unwrap();
            // The last token is certain where the greatest length forces it.
            let free = best.tokens.len() - usize::from(!best.finished);
            let sum: f32 = forced[0].log_probs[..free].iter().sum();
            assert!((sum - best.log_prob).abs() < 1e-3, "{sum} {}", best.log_prob);
        }
    }

    /// A translator of `tests/golden/whole` with its configuration changed.
    fn changed(
        name: &str,
        change: impl FnOnce(&mut GenerationConfig),
        options: &Options,
    ) -> crate::error::Result<EncoderDecoder> {
        let files = Directory(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/whole").join(name));
        let mut generation = GenerationConfig::read(&files, None).unwrap();
        change(&mut generation);
        let (tokenizer, network) =
            (Tokenizer::load(&files).unwrap(), Seq2Seq::load(&files, &Placement::cpu()).unwrap());
        EncoderDecoder::new(tokenizer, network, &generation, options, Provenance::default())
    }

    #[test]
    fn mbart_of_25_languages_is_not_made_to_begin_with_another_language_than_the_one_asked_for() {
        for (target, forced, expected) in [
            ("en", Some(ROMANIAN), None),
            ("ro", Some(ROMANIAN), Some(ROMANIAN)),
            ("en", Some(7), Some(7)), // a word, not a language
            ("en", None, None),
        ] {
            let options = Options { target_lang: Some(target.into()), ..Options::default() };
            let model = changed("mbart", |generation| generation.forced_bos_token_id = forced, &options).unwrap();
            assert_eq!(model.search.forced_bos, expected, "{target} {forced:?}");
        }
    }

    #[test]
    fn what_is_aligned_starts_as_what_was_searched_for() {
        let start = |generation: &mut GenerationConfig| generation.decoder_start_token_id = Some(9);
        for name in ["mt5-tasks", "nllb"] {
            let model = changed(name, start, &Options::default()).unwrap();
            assert_eq!((model.search.decoder_start, model.network.decoder_start()), (9, 9), "{name}");
        }
    }

    #[test]
    fn heads_that_are_not_there_are_told_before_anything_is_translated() {
        let heads = |head| changed("nllb", |generation| generation.alignment_heads = vec![head], &Options::default());
        assert!(heads((0, 0)).is_ok());
        let error = heads((9, 0)).err().unwrap();
        assert!(error.to_string().contains("[9, 0] among the alignment_heads"), "{error}");
        assert!(error.hint().unwrap().contains("generation_config.json"), "{error}");
    }

    #[test]
    fn a_wide_beam_is_no_wider_the_second_time_than_a_search_can_be() {
        for (beam, again) in [(1, BEAMS_AGAIN), (6, 12), (1000, search::MOST_BEAMS)] {
            let options = Options { beam: Some(beam), ..Options::default() };
            let wider = changed("nllb", |_| {}, &options).unwrap().wider.unwrap();
            assert_eq!((wider.beams, wider.n_best), (again, again));
            assert!(wider.check(700).is_ok(), "{beam}");
        }
    }

    #[test]
    fn english_is_copied_out_of_arabic_however_arabic_is_named_and_out_of_nothing_else() {
        for (name, source, copies) in [
            ("m2m100", None, true),
            ("m2m100", Some("__ar__"), true),
            ("m2m100", Some("ara"), true),
            ("m2m100", Some("fa"), false),
            ("madlad", Some("<2ar>"), true),
            ("madlad", Some("fa"), false),
            ("mbart", Some("AR"), true),
            ("nllb", Some("ary"), true),
            ("mt5-tasks", Some("arb_Arab"), true),
        ] {
            let options = Options { source_lang: source.map(str::to_owned), ..Options::default() };
            assert_eq!(changed(name, |_| {}, &options).unwrap().copies_latin, copies, "{name} {source:?}");
        }
    }

    #[test]
    fn a_prefix_is_read_and_belongs_to_no_word() {
        let open = |prefix: &str| {
            changed("mt5-tasks", |generation| generation.prefix = prefix.into(), &Options::default()).unwrap()
        };
        let text = "وقال المتحدث إن العمل يبدأ صباح الأحد.";
        let (plain, told) =
            (open("").encode(text).unwrap(), open("translate Arabic to English: ").encode(text).unwrap());
        let prefix = told.ids.len() - plain.ids.len();
        assert!(prefix > 5 && told.ids[prefix..] == plain.ids && told.spans[prefix..] == plain.spans);
        assert!(told.spans[..prefix].iter().all(|span| *span == Span::new(0, 0)));
    }
}
