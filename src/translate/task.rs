//! What a model translates whose tokenizer has no tokens for languages, such as T5: what its `config.json` says of tasks.

use crate::error::{Error, Result};
use crate::model::Files;
use crate::nn::generation::GenerationConfig;
use crate::tokenizer::Tokenizer;

/// Letters that every text in Arabic has.
const LETTERS: &str = "السلام";

/// The name of the task in `task_specific_params` that translates between these languages: `translation_ar_to_en`.
/// `None` if the files of the model name no translation at all; it may then be one that translates without being told,
/// and which source it reads is for the user to say.
///
/// # Errors
/// If the files name other translations and not this one, the model cannot read Arabic, which is the language of the
/// source if none is given, or it has no choice of targets.
pub(super) fn find(
    files: &dyn Files,
    tokenizer: &Tokenizer,
    [source, target]: [Option<&str>; 2],
) -> Result<Option<String>> {
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
