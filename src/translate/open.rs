//! From the files of a model to a translator: what it is told of languages, by tokens or by a task and its prefix.

use std::collections::BTreeSet;

use super::{EncoderDecoder, Options, Translator};
use crate::error::{Error, Result};
use crate::model::{Files, Opened};
use crate::nn::Placement;
use crate::nn::generation::GenerationConfig;
use crate::nn::seq2seq::Seq2Seq;
use crate::progress::{Event, Progress};
use crate::tokenizer::{Tokenizer, languages};

/// Letters that every text in Arabic has.
const LETTERS: &str = "السلام";

/// The task of a model that translates and does not say between which languages.
const PLAIN: &str = "translation";

/// Loads a translation model, whatever its family. `progress` is told what the user should know of it.
///
/// A model whose tokenizer says nothing of languages, such as a T5, is asked for the task `translation_ar_to_en` of the
/// `task_specific_params` in its `config.json`, or that of other languages if `options` name them; the `prefix` there goes
/// in front of each text. If it has parameters for other translations and not for this one it is refused. If it has none
/// that names languages, texts go in as they are, behind the `prefix` of the task `translation`, of `config.json` or of the
/// manifest where they have one; without any that is told, since a model that waits for one will write anything.
///
/// An mBART with 25 languages whose `config.json` names another translation is used, for fine-tuned models inherit the
/// field, but that is told.
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
    let mut generation = GenerationConfig::read_over(files, task.as_deref(), manifest.generation)?;
    if generation.prefix.is_empty() {
        generation.prefix = manifest.prefix.unwrap_or_default();
    }
    if has_languages && let Some(notice) = other_pair(files, &tokenizer, pair)? {
        progress.on(Event::Notice(format!("{}: {notice}", manifest.name)));
    }
    let network = Seq2Seq::load(files, placement)?;
    let waits_for_prefix = matches!(manifest.family.name(), "t5" | "mt5") && generation.prefix.is_empty();
    if waits_for_prefix && !has_languages && task.is_none_or(|task| task == PLAIN) {
        progress.on(Event::Notice(format!(
            "{}: nothing in its files says what it translates, so texts go in as they are. If it was trained with a prefix, \
             such as \"translate Arabic to English: \", write that as \"prefix\" into the config.json of a copy of it, given as a \
             directory",
            manifest.name
        )));
    }
    if let Some(notice) = generation.notice(&manifest.name) {
        progress.on(Event::Notice(notice));
    }
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
    let tasks = GenerationConfig::tasks(files)?;
    let pairs = pairs(&tasks);
    if let Some([from, to]) = meant(&pairs, [from, to]) {
        return Ok(Some(format!("translation_{from}_to_{to}")));
    }
    if !pairs.is_empty() {
        let (from, to) = (languages::short(from), languages::short(to));
        let problem = format!("by its config.json it translates {}, not {from} to {to}", list(&pairs));
        let remedy = format!(
            "see mujaz models list for translators; if it was trained for {from} to {to}, take a copy of it \
             with \"translation_{from}_to_{to}\" and its \"prefix\" in the task_specific_params of config.json"
        );
        return Err(refuse(problem, remedy));
    }
    tokenizer.target_code(target)?;
    let unknown = tokenizer.unk();
    if source.is_none() && tokenizer.encode(LETTERS, None, None)?.ids.iter().any(|id| Some(*id) == unknown) {
        let problem = "its vocabulary has no Arabic letters, so it cannot translate from Arabic".to_owned();
        return Err(refuse(problem, "see mujaz models list for translators".into()));
    }
    Ok(tasks.into_iter().find(|task| task == PLAIN))
}

/// The languages of the tasks that are translations between two.
fn pairs(tasks: &[String]) -> Vec<[&str; 2]> {
    let pairs = tasks.iter().filter_map(|task| task.strip_prefix("translation_")?.split_once("_to_"));
    pairs.map(|(from, to)| [from, to]).collect()
}

/// Pairs of languages to be read.
fn list(pairs: &[[&str; 2]]) -> String {
    pairs.iter().map(|[from, to]| format!("{from} to {to}")).collect::<Vec<_>>().join(", ")
}

/// The pair that these names of languages can mean and no other.
fn meant<'p>(pairs: &[[&'p str; 2]], [source, target]: [&str; 2]) -> Option<[&'p str; 2]> {
    let from: BTreeSet<&str> = pairs.iter().map(|pair| pair[0]).collect();
    let from = languages::find(source, &Vec::from_iter(from))?;
    let to = pairs.iter().filter(|pair| pair[0] == from).map(|pair| pair[1]);
    Some([from, languages::find(target, &to.collect::<Vec<_>>())?])
}

/// What to tell if `config.json` names translations, and none between these languages, which the tokenizer has. That is
/// looked at for mBART with 25 languages alone: unlike later models it was trained for all of them without translating any.
fn other_pair(files: &dyn Files, tokenizer: &Tokenizer, [source, target]: [Option<&str>; 2]) -> Result<Option<String>> {
    let (Some(from), Some(to), Some(_)) =
        (tokenizer.source_code(source)?, tokenizer.target_code(target)?, tokenizer.decoder_start(target)?)
    else {
        return Ok(None);
    };
    let tasks = GenerationConfig::tasks(files)?;
    let pairs = pairs(&tasks);
    let is_same =
        |[one, other]: &[&str; 2]| languages::find(one, &[from]).is_some() && languages::find(other, &[to]).is_some();
    if pairs.is_empty() || pairs.iter().any(is_same) {
        return Ok(None);
    }
    Ok(Some(format!(
        "its config.json says that it translates {}, not {from} to {to}. Models that were trained further inherit that; if \
         this one was not trained for {from} to {to} since, what it writes is no translation",
        list(&pairs)
    )))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Mutex;

    use serde_json::{Value, json};

    use super::*;
    use crate::model::{Directory, Family, Manifest};
    use crate::translate::Provenance;

    /// Notices.
    #[derive(Default)]
    struct Told(Mutex<Vec<String>>);

    impl Progress for Told {
        fn on(&self, event: Event) {
            if let Event::Notice(notice) = event {
                self.0.lock().unwrap().push(notice);
            }
        }
    }

    /// A copy of a model of `tests/golden/whole` with other tasks.
    fn with_tasks(name: &str, tasks: Value) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        for entry in
            std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/whole").join(name)).unwrap()
        {
            let path = entry.unwrap().path();
            std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
        let path = copy.path().join("config.json");
        let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        config["task_specific_params"] = tasks;
        std::fs::write(path, config.to_string()).unwrap();
        copy
    }

    /// What is told while a model is opened that is asked to translate into a language.
    fn told(copy: &tempfile::TempDir, family: &str, target: Option<&str>) -> Vec<String> {
        let manifest = Manifest::derived("m", None, Family::named(family).unwrap());
        let files = Box::new(Directory(copy.path().into()));
        let opened = Opened { files, manifest, provenance: Provenance::default() };
        let options = Options { target_lang: target.map(str::to_owned), ..Options::default() };
        let told = Told::default();
        open(opened, &Placement::cpu(), &options, &told).unwrap();
        told.0.into_inner().unwrap()
    }

    #[test]
    fn an_mbart_that_was_trained_for_another_pair_is_told_with_that() {
        let romanian = with_tasks("mbart", json!({"translation_en_to_ro": {}}));
        let notices = told(&romanian, "mbart", None);
        assert!(notices.len() == 1 && notices[0].contains("en to ro, not ar_AR to en_XX"), "{notices:?}");
        for tasks in
            [json!({"translation_ar_to_en": {}}), json!({"translation_ara_to_eng": {}}), json!({}), Value::Null]
        {
            assert_eq!(told(&with_tasks("mbart", tasks), "mbart", None), [""; 0]);
        }
        let french = with_tasks("mbart", json!({"translation_ar_to_fr": {}, "translation_en_to_ro": {}}));
        assert_eq!(told(&french, "mbart", Some("fr")), [""; 0]);
        assert_eq!(told(&with_tasks("mbart50", json!({"translation_en_to_ro": {}})), "mbart", None), [""; 0]);
    }

    #[test]
    fn languages_of_tasks_may_be_named_in_any_way_that_can_mean_no_other() {
        let tasks = json!({"translation_ar_to_en": {}, "translation_ar_to_fr": {}, "translation_fa_to_en": {}, "summarization": {}});
        let copy = with_tasks("mt5-tasks", tasks);
        let files = Directory(copy.path().into());
        let tokenizer = Tokenizer::load(&files).unwrap();
        for (source, target, found) in [
            (None, None, "translation_ar_to_en"),
            (Some("ara"), Some("eng"), "translation_ar_to_en"),
            (Some("AR"), Some("EN"), "translation_ar_to_en"),
            (Some("arb"), Some("fr"), "translation_ar_to_fr"),
            (Some("arb_Arab"), Some("eng_Latn"), "translation_ar_to_en"),
            (Some("fa"), None, "translation_fa_to_en"),
        ] {
            assert_eq!(find(&files, &tokenizer, [source, target]).unwrap().as_deref(), Some(found));
        }
        let error = find(&files, &tokenizer, [Some("ara"), Some("DE")]).unwrap_err();
        assert!(error.to_string().contains("ar to en, ar to fr, fa to en, not ar to de"), "{error}");
        assert!(error.hint().unwrap().contains("\"translation_ar_to_de\""), "{error:?}");
    }

    #[test]
    fn a_task_that_is_called_translation_alone_is_used_with_its_prefix() {
        let prefix = json!({"translation": {"prefix": "translate Arabic to English: "}});
        let copy = with_tasks("mt5-tasks", prefix);
        let files = Directory(copy.path().into());
        let tokenizer = Tokenizer::load(&files).unwrap();
        assert_eq!(find(&files, &tokenizer, [None, None]).unwrap().as_deref(), Some(PLAIN));
        assert_eq!(GenerationConfig::read(&files, Some(PLAIN)).unwrap().prefix, "translate Arabic to English: ");
        assert_eq!(told(&copy, "mt5", None), [""; 0]);
        // Without one that is told, as where there is no task.
        for tasks in [json!({"translation": {}}), json!({})] {
            let notices = told(&with_tasks("mt5-tasks", tasks), "mt5", None);
            assert!(notices.len() == 1 && notices[0].contains("as they are"), "{notices:?}");
            assert!(notices[0].contains("a copy of it, given as a directory"), "{notices:?}");
        }
    }
}
