//! From the files of a model to a translator: what it is told of languages, by tokens or by a task and its prefix.

use super::{EncoderDecoder, Options, Translator};
use crate::error::{Error, Result};
use crate::model::{Files, Opened};
use crate::nn::Placement;
use crate::nn::generation::GenerationConfig;
use crate::nn::seq2seq::Seq2Seq;
use crate::progress::{Event, Progress};
use crate::tokenizer::Tokenizer;

/// Letters that every text in Arabic has.
const LETTERS: &str = "السلام";

/// Loads a translation model, whatever its family. `progress` is told what the user should know of it.
///
/// A model whose tokenizer says nothing of languages, such as a T5, is asked for the task `translation_ar_to_en` of the
/// `task_specific_params` in its `config.json`, or that of other languages if `options` name them; the `prefix` there goes
/// in front of each text. If it has parameters for other translations and not for this one it is refused. If it has none
/// at all, texts go in as they are, behind the `prefix` of `config.json` or of the manifest where they have one; without
/// any that is told, since a model that waits for one will write anything.
///
/// # Errors
/// [`Error::Model`](crate::Error::Model) if a file is missing or wrong, or the model does not translate between these
/// languages; [`Error::Option`](crate::Error::Option) if the model cannot do what `options` ask for.
pub fn open(
    opened: Opened,
    placement: &Placement,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Box<dyn Translator>> {
    let Opened { files, manifest, provenance } = opened;
    let files = files.as_ref();
    let tokenizer = Tokenizer::load(files)?;
    if let Some(only) = &manifest.target_only
        && let Some(code) = tokenizer.target_code(options.target_lang.as_deref())?
        && code != only
    {
        let reason = format!("{} was trained to translate to {only} alone", manifest.name);
        return Err(Error::Option { what: "--target-lang", value: code.into(), reason });
    }
    let has_languages = has_languages(&tokenizer);
    let pair = [options.source_lang.as_deref(), options.target_lang.as_deref()];
    let task = if has_languages { None } else { find(files, &tokenizer, pair)? };
    let mut generation =
        GenerationConfig::read_over(files, task.as_deref(), manifest.generation)?.ended_by(tokenizer.eos());
    if generation.prefix.is_empty() {
        generation.prefix = manifest.prefix.unwrap_or_default();
    }
    let network = Seq2Seq::load(files, placement)?;
    let waits_for_prefix = matches!(manifest.family.name(), "t5" | "mt5") && generation.prefix.is_empty();
    if waits_for_prefix && !has_languages && task.is_none() {
        progress.on(Event::Notice(format!(
            "{}: nothing in its files says what it translates, so texts go in as they are. If it was trained with a prefix, \
             such as \"translate Arabic to English: \", write that into its config.json as \"prefix\"",
            manifest.name
        )));
    }
    if let Some(notice) = generation.notice(&manifest.name) {
        progress.on(Event::Notice(notice));
    }
    let generation = generation.started_by(network.decoder_start());
    Ok(Box::new(EncoderDecoder::new(tokenizer, network, &generation, options, provenance)?))
}

/// Whether tokens, or the files of the tokenizer, say what languages the model has.
pub(super) fn has_languages(tokenizer: &Tokenizer) -> bool {
    !tokenizer.source_languages().is_empty() || !tokenizer.target_languages().is_empty()
}

/// The name of the task in `task_specific_params` that translates between these languages: `translation_ar_to_en`.
/// `None` if the files of the model name no translation at all; it may then be one that translates without being told,
/// and which source it reads is for the user to say.
///
/// # Errors
/// If the files name other translations and not this one, the model cannot read Arabic, which is the language of the
/// source if none is given, or it has no choice of targets.
fn find(files: &dyn Files, tokenizer: &Tokenizer, [source, target]: [Option<&str>; 2]) -> Result<Option<String>> {
    let refuse = |problem: String, remedy: String| Error::Model { model: files.model().into_owned(), problem, remedy };
    let (from, to) = (source.unwrap_or("ar"), target.unwrap_or("en"));
    let wanted = format!("translation_{from}_to_{to}");
    let tasks = GenerationConfig::tasks(files)?;
    if tasks.contains(&wanted) {
        return Ok(Some(wanted));
    }
    let pairs = tasks.iter().filter_map(|task| task.strip_prefix("translation_")?.split_once("_to_"));
    let pairs: Vec<_> = pairs.map(|(from, to)| format!("{from} to {to}")).collect();
    if !pairs.is_empty() {
        let problem = format!("by its config.json it translates {}, not {from} to {to}", pairs.join(", "));
        let remedy = format!(
            "see mujaz models list for translators; if it was trained for {from} to {to}, take a copy of it \
             with \"{wanted}\" and its \"prefix\" in the task_specific_params of config.json"
        );
        return Err(refuse(problem, remedy));
    }
    tokenizer.target_code(target)?;
    let unknown = tokenizer.unk();
    if source.is_none() && tokenizer.encode(LETTERS, None, None)?.ids.iter().any(|id| Some(*id) == unknown) {
        let problem = "its vocabulary has no Arabic letters, so it cannot translate from Arabic".to_owned();
        return Err(refuse(problem, "see mujaz models list for translators".into()));
    }
    Ok(None)
}
