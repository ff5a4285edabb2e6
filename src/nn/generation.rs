//! How a model wants its output to be searched: `generation_config.json`, then `config.json`.
//!
//! Names and meanings are those of transformers:
//! <https://huggingface.co/docs/transformers/main_classes/text_generation#transformers.GenerationConfig>.

use serde_json::{Map, Value};

use super::fields::Fields;
use crate::error::Result;
use crate::model::Files;

/// The defaults of a search, all that the model's files leave open filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct GenerationConfig {
    /// Hypotheses kept at each step; 1 is greedy.
    pub num_beams: usize,
    /// Greatest length of the target, the start token counted.
    pub max_length: Option<usize>,
    /// Greatest number of tokens after the start token; goes before `max_length`.
    pub max_new_tokens: Option<usize>,
    /// Least length of the target, the start token counted: no end before that.
    pub min_length: usize,
    /// Least number of tokens after the start token; goes before `min_length`.
    pub min_new_tokens: Option<usize>,
    /// A hypothesis' score is its log-probability divided by its length to this power.
    pub length_penalty: f32,
    /// When a beam search ends.
    pub early_stopping: EarlyStopping,
    /// No sequence of so many tokens comes twice in the target; 0 for no such rule.
    pub no_repeat_ngram_size: usize,
    /// No sequence of so many tokens of the source comes in the target; 0 for no such rule.
    pub encoder_no_repeat_ngram_size: usize,
    /// Scores of tokens that the target already has are divided by this if positive, multiplied if negative; 1 for no
    /// such rule.
    pub repetition_penalty: f32,
    /// The token after the start token.
    pub forced_bos_token_id: Option<u32>,
    /// The tokens one of which comes last when the greatest length is reached; may be empty.
    pub forced_eos_token_id: Vec<u32>,
    /// Sequences of tokens that never come.
    pub bad_words_ids: Vec<Vec<u32>>,
    /// Tokens that never come.
    pub suppress_tokens: Vec<u32>,
    /// Tokens that do not come right after the start.
    pub begin_suppress_tokens: Vec<u32>,
    /// Whether the scores are log-probabilities again after these rules were applied to them.
    pub renormalize_logits: bool,
    /// The token that the target starts with, for encoder-decoder models; `None` for others.
    pub decoder_start_token_id: Option<u32>,
    /// The tokens that end a target; may be empty.
    pub eos_token_id: Vec<u32>,
    /// The token that fills short rows.
    pub pad_token_id: Option<u32>,
    /// The token at the beginning of a text.
    pub bos_token_id: Option<u32>,
    /// Heads of the decoder's attention to its source, as layer and head, whose mean aligns target and source. Whisper
    /// names them so; empty where the files say nothing.
    pub alignment_heads: Vec<(usize, usize)>,
    /// What goes in front of every source text; may be empty.
    pub prefix: String,
    /// Whether the files ask for tokens drawn at random. The search never draws: it looks for the likeliest text.
    pub do_sample: bool,
}

/// Settings that would change what a search finds and that it does not have, each with the number that changes nothing.
/// Those of sampling alone (`temperature`, `top_p`, ...) and those of assistants, which find the same faster, are not here.
static UNKNOWN: &[(&str, f64)] = &[
    ("num_beam_groups", 1.0),
    ("encoder_repetition_penalty", 1.0),
    ("guidance_scale", 1.0),
    ("penalty_alpha", 0.0),
    ("exponential_decay_length_penalty", 0.0),
    ("sequence_bias", 0.0),
    ("constraints", 0.0),
    ("force_words_ids", 0.0),
    ("forced_decoder_ids", 0.0),
    ("dola_layers", 0.0),
    ("watermarking_config", 0.0),
    ("stop_strings", 0.0),
    ("token_healing", 0.0),
    ("max_time", 0.0),
];

/// When a beam search ends for one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EarlyStopping {
    /// As soon as there are as many finished hypotheses as beams (`true`).
    Yes,
    /// When the best running hypothesis, as long as it is now, is worse than the worst finished one (`false`).
    #[default]
    Heuristic,
    /// When no running hypothesis can become better than the worst finished one (`"never"`).
    Never,
}

impl Default for GenerationConfig {
    fn default() -> Self {
        Self {
            num_beams: 1,
            max_length: None,
            max_new_tokens: None,
            min_length: 0,
            min_new_tokens: None,
            length_penalty: 1.0,
            early_stopping: EarlyStopping::Heuristic,
            no_repeat_ngram_size: 0,
            encoder_no_repeat_ngram_size: 0,
            repetition_penalty: 1.0,
            forced_bos_token_id: None,
            forced_eos_token_id: Vec::new(),
            bad_words_ids: Vec::new(),
            suppress_tokens: Vec::new(),
            begin_suppress_tokens: Vec::new(),
            renormalize_logits: false,
            decoder_start_token_id: None,
            eos_token_id: Vec::new(),
            pad_token_id: None,
            bos_token_id: None,
            alignment_heads: Vec::new(),
            prefix: String::new(),
            do_sample: false,
        }
    }
}

impl GenerationConfig {
    /// Reads the defaults of a model. Each field is taken from the first of these that has it:
    ///
    /// 1. `generation_config.json`;
    /// 2. the `task_specific_params` of `config.json` for `task`, such as `summarization`;
    /// 3. `config.json` itself, but only if there is no `generation_config.json`: that is how models were saved before there
    ///    was one. Where there is one, it has whatever differs from the defaults of transformers, and what `config.json`
    ///    says beside it no longer counts, except for the special tokens and the prefix;
    /// 4. the manifest ([`GenerationConfig::read_over`]). Beside a `generation_config.json` it therefore says how to search
    ///    where that is silent, and `config.json` does not: it was written for this model with what its authors recommend,
    ///    while what transformers would fall back to there is its own defaults.
    ///
    /// The first and the third are what transformers 5 does. The second is what its pipelines for tasks did as long as it
    /// had them, though these put the task before `generation_config.json`; no model is known in which the two differ.
    ///
    /// # Errors
    /// If a file cannot be read, a field has a value of the wrong type, or the files ask for something that the search does
    /// not have.
    pub fn read(files: &dyn Files, task: Option<&str>) -> Result<Self> {
        Self::read_over(files, task, Map::new())
    }

    /// As [`GenerationConfig::read`]; what none of the files that count has is taken from `manifest`, which has fields of
    /// the same names.
    ///
    /// # Errors
    /// As [`GenerationConfig::read`].
    pub fn read_over(files: &dyn Files, task: Option<&str>, manifest: Map<String, Value>) -> Result<Self> {
        let manifest = Fields::new(files.model().into_owned(), "manifest", manifest);
        let generation = Fields::read(files, "generation_config.json")?;
        let config = Fields::read(files, "config.json")?;
        let tasks = config.as_ref().map(|config| config.object("task_specific_params")).transpose()?.flatten();
        let task = match (tasks, task) {
            (Some(tasks), Some(task)) => tasks.object(task)?,
            _ => None,
        };
        let is_old = generation.is_none();
        let tokens = [&generation, &task, &config].into_iter().flatten().chain([&manifest]).collect();
        let search = [&generation, &task, &config].into_iter().take(if is_old { 3 } else { 2 }).flatten();
        let search = search.chain([&manifest]).collect();
        let mut read = Self::of(&Layers(search), &Layers(tokens))?;
        // How BART said it before there were generation files and `forced_bos_token_id`.
        if is_old
            && let Some(config) = &config
            && config.flag("force_bos_token_to_be_generated")? == Some(true)
        {
            read.forced_bos_token_id = read.forced_bos_token_id.or(read.bos_token_id);
        }
        Ok(read)
    }

    /// The tasks that `config.json` has parameters for.
    ///
    /// # Errors
    /// If the file cannot be read or has something else there.
    pub(crate) fn tasks(files: &dyn Files) -> Result<Vec<String>> {
        let config = Fields::read(files, "config.json")?;
        let tasks = config.as_ref().map(|config| config.object("task_specific_params")).transpose()?.flatten();
        Ok(tasks.map_or_else(Vec::new, |tasks| tasks.names().map(str::to_owned).collect()))
    }

    /// With the end token of the tokenizer and the start token of the network where no file names one: without an end no
    /// target would end, and T5 starts with padding.
    pub(crate) fn completed(mut self, eos: u32, start: u32) -> Self {
        if self.eos_token_id.is_empty() {
            self.eos_token_id.push(eos);
        }
        self.decoder_start_token_id = self.decoder_start_token_id.or(self.bos_token_id).or(Some(start));
        self
    }

    /// What the user should know of the defaults of `model`.
    pub(crate) fn notice(&self, model: &str) -> Option<String> {
        self.do_sample.then(|| {
            format!(
                "{model}: its files ask for tokens drawn at random (do_sample); the likeliest text is looked for instead, so \
                 that the same article always gets the same"
            )
        })
    }

    fn of(layers: &Layers, tokens: &Layers) -> Result<Self> {
        layers.refuse_unknown()?;
        let default = Self::default();
        Ok(Self {
            num_beams: layers.first("num_beams", Fields::size)?.map_or(default.num_beams, |beams| beams.max(1)),
            max_length: layers.first("max_length", Fields::size)?,
            max_new_tokens: layers.first("max_new_tokens", Fields::size)?,
            min_length: layers.first("min_length", Fields::size)?.unwrap_or_default(),
            min_new_tokens: layers.first("min_new_tokens", Fields::size)?,
            length_penalty: layers.first("length_penalty", Fields::number)?.unwrap_or(default.length_penalty),
            early_stopping: layers.first("early_stopping", early_stopping)?.unwrap_or_default(),
            no_repeat_ngram_size: layers.first("no_repeat_ngram_size", Fields::size)?.unwrap_or_default(),
            encoder_no_repeat_ngram_size: layers
                .first("encoder_no_repeat_ngram_size", Fields::size)?
                .unwrap_or_default(),
            repetition_penalty: layers.first("repetition_penalty", above_zero)?.unwrap_or(default.repetition_penalty),
            forced_bos_token_id: layers.first("forced_bos_token_id", Fields::token)?,
            forced_eos_token_id: layers.first("forced_eos_token_id", Fields::tokens)?.unwrap_or_default(),
            bad_words_ids: layers.first("bad_words_ids", Fields::sequences)?.unwrap_or_default(),
            suppress_tokens: layers.first("suppress_tokens", Fields::tokens)?.unwrap_or_default(),
            begin_suppress_tokens: layers.first("begin_suppress_tokens", Fields::tokens)?.unwrap_or_default(),
            renormalize_logits: layers.first("renormalize_logits", Fields::flag)?.unwrap_or_default(),
            decoder_start_token_id: tokens.first("decoder_start_token_id", Fields::token)?,
            eos_token_id: tokens.first("eos_token_id", Fields::tokens)?.unwrap_or_default(),
            pad_token_id: tokens.first("pad_token_id", Fields::token)?,
            bos_token_id: tokens.first("bos_token_id", Fields::token)?,
            alignment_heads: layers.first("alignment_heads", alignment_heads)?.unwrap_or_default(),
            prefix: tokens.first("prefix", Fields::text)?.unwrap_or_default().to_owned(),
            do_sample: layers.first("do_sample", Fields::flag)?.unwrap_or_default(),
        })
    }
}

/// Several sets of fields, the first that has one decides.
struct Layers<'a>(Vec<&'a Fields>);

impl<'a> Layers<'a> {
    fn first<T>(&self, name: &str, get: impl Fn(&'a Fields, &str) -> Result<Option<T>>) -> Result<Option<T>> {
        self.0.iter().find_map(|fields| get(fields, name).transpose()).transpose()
    }

    /// Refuses what the search does not have, by its name.
    fn refuse_unknown(&self) -> Result<()> {
        for (name, nothing) in UNKNOWN {
            let first = self.0.iter().find_map(|fields| Some((fields, fields.value(name)?)));
            if let Some((fields, value)) = first
                && !changes_nothing(value, *nothing)
            {
                return Err(fields.refuse(
                    name,
                    "mujaz searches without it; to go on, take that line out in a copy of it, given as a directory",
                ));
            }
        }
        Ok(())
    }
}

fn changes_nothing(value: &Value, nothing: f64) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(nothing),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) => false,
    }
}

fn above_zero(fields: &Fields, name: &str) -> Result<Option<f32>> {
    match fields.number(name)? {
        Some(number) if !(number > 0.0 && number.is_finite()) => Err(fields.refuse(name, "it must be above 0")),
        number => Ok(number),
    }
}

fn alignment_heads(fields: &Fields, name: &str) -> Result<Option<Vec<(usize, usize)>>> {
    let pair = |pair: Vec<u32>| match pair[..] {
        [layer, head] => Ok((layer as usize, head as usize)),
        _ => Err(fields.refuse(name, "it is a list of pairs of a layer and a head")),
    };
    fields.sequences(name)?.map(|pairs| pairs.into_iter().map(pair).collect()).transpose()
}

fn early_stopping(fields: &Fields, name: &str) -> Result<Option<EarlyStopping>> {
    match fields.value(name) {
        None => Ok(None),
        Some(Value::Bool(true)) => Ok(Some(EarlyStopping::Yes)),
        Some(Value::Bool(false)) => Ok(Some(EarlyStopping::Heuristic)),
        Some(Value::String(never)) if never == "never" => Ok(Some(EarlyStopping::Never)),
        Some(_) => Err(fields.refuse(name, "true, false or \"never\" is known")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Directory;
    use serde_json::json;

    fn model(config: Value, generation: Option<Value>) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
        if let Some(generation) = generation {
            std::fs::write(folder.path().join("generation_config.json"), generation.to_string()).unwrap();
        }
        folder
    }

    fn read(folder: &tempfile::TempDir, task: Option<&str>) -> Result<GenerationConfig> {
        GenerationConfig::read(&Directory(folder.path().into()), task)
    }

    #[test]
    fn the_generation_file_goes_before_the_task_and_beside_it_the_configuration_has_special_tokens_alone() {
        let folder = model(
            json!({"num_beams": 2, "max_length": 20, "min_length": 3, "eos_token_id": 1, "pad_token_id": 0,
                   "no_repeat_ngram_size": 3, "prefix": " ",
                   "task_specific_params": {"summarization": {"max_length": 200, "min_length": 30, "num_beams": 4,
                                                              "prefix": "summarize: "}}}),
            Some(json!({"num_beams": 8, "eos_token_id": [1, 5], "length_penalty": 2, "bad_words_ids": [[7]],
                        "early_stopping": "never", "alignment_heads": [[3, 1], [4, 0]],
                        "transformers_version": "4.27.0"})),
        );
        let config = read(&folder, Some("summarization")).unwrap();
        assert_eq!((config.num_beams, config.max_length, config.min_length), (8, Some(200), 30));
        assert_eq!((config.eos_token_id, config.pad_token_id), (vec![1, 5], Some(0)));
        assert_eq!((config.length_penalty, config.early_stopping), (2.0, EarlyStopping::Never));
        assert_eq!(config.bad_words_ids, [[7]]);
        assert_eq!(config.alignment_heads, [(3, 1), (4, 0)]);
        assert_eq!((config.no_repeat_ngram_size, config.prefix.as_str()), (0, "summarize: "));
        for task in [None, Some("translation")] {
            let config = read(&folder, task).unwrap();
            assert_eq!((config.max_length, config.min_length, config.no_repeat_ngram_size), (None, 0, 0));
            assert_eq!((config.pad_token_id, config.prefix.as_str()), (Some(0), " "));
        }
        std::fs::remove_file(folder.path().join("generation_config.json")).unwrap();
        let config = read(&folder, None).unwrap();
        assert_eq!((config.num_beams, config.max_length, config.min_length), (2, Some(20), 3));
        assert_eq!((config.no_repeat_ngram_size, config.eos_token_id), (3, vec![1]));
        let config = read(&folder, Some("summarization")).unwrap();
        assert_eq!((config.num_beams, config.max_length, config.no_repeat_ngram_size), (4, Some(200), 3));
    }

    #[test]
    fn what_the_search_does_not_have_is_refused_by_name_unless_it_changes_nothing() {
        let in_configuration = |name: &str, value: &Value| read(&model(json!({ name: value }), None), None);
        let in_generation = |name: &str, value: &Value| read(&model(json!({}), Some(json!({ name: value }))), None);
        for (name, value) in [
            ("num_beam_groups", json!(2)),
            ("encoder_repetition_penalty", json!(1.2)),
            ("guidance_scale", json!(1.5)),
            ("penalty_alpha", json!(0.6)),
            ("exponential_decay_length_penalty", json!([10, 1.1])),
            ("sequence_bias", json!([[[5], -2.0]])),
            ("constraints", json!([[1]])),
            ("force_words_ids", json!([[1]])),
            ("forced_decoder_ids", json!([[1, 5]])),
            ("dola_layers", json!("low")),
            ("watermarking_config", json!({"bias": 2.5})),
            ("stop_strings", json!(["."])),
            ("token_healing", json!(true)),
            ("max_time", json!(2.5)),
        ] {
            for (error, file) in [
                (in_configuration(name, &value).unwrap_err(), "config.json"),
                (in_generation(name, &value).unwrap_err(), "generation_config.json"),
            ] {
                assert!(error.to_string().contains(&format!("{file} has {name} = {value}")), "{error}");
            }
        }
        // What older versions of transformers wrote of every model.
        let usual = json!({
            "num_beam_groups": 1, "diversity_penalty": 0.0, "encoder_repetition_penalty": 1.0, "penalty_alpha": null,
            "exponential_decay_length_penalty": null, "sequence_bias": {}, "force_words_ids": [], "forced_decoder_ids": null,
            "guidance_scale": 1, "do_sample": false, "temperature": 0.7, "top_k": 50, "top_p": 0.9, "typical_p": 0.5,
            "epsilon_cutoff": 0.1, "num_return_sequences": 1, "use_cache": true, "remove_invalid_values": false,
        });
        assert_eq!(read(&model(usual.clone(), None), None).unwrap(), GenerationConfig::default());
        assert_eq!(read(&model(json!({}), Some(usual)), None).unwrap(), GenerationConfig::default());
        // The first file that has it decides.
        let overridden = model(json!({"num_beam_groups": 2}), Some(json!({"num_beams": 4})));
        assert_eq!(read(&overridden, None).unwrap().num_beams, 4);
        // To be changed in a copy: a model that was pulled must stay as it is.
        let error = in_generation("guidance_scale", &json!(2)).unwrap_err().to_string();
        assert!(error.contains("in a copy of it, given as a directory"), "{error}");
        assert!(in_generation("do_sample", &json!(true)).unwrap().do_sample);
    }

    #[test]
    fn the_tasks_are_those_with_parameters() {
        let folder = model(json!({"task_specific_params": {"summarization": {}, "translation_en_to_de": {}}}), None);
        assert_eq!(
            GenerationConfig::tasks(&Directory(folder.path().into())).unwrap(),
            ["summarization", "translation_en_to_de"]
        );
        let none = model(json!({}), None);
        assert!(GenerationConfig::tasks(&Directory(none.path().into())).unwrap().is_empty());
    }

    #[test]
    fn the_manifest_says_what_no_file_says() {
        let Value::Object(manifest) = json!({"num_beams": 5, "max_length": 142, "min_length": 56, "early_stopping": true,
                                             "length_penalty": 2.0})
        else {
            panic!()
        };
        let folder = model(
            json!({"num_beams": 7, "min_length": 7,
                   "task_specific_params": {"summarization": {"max_length": 99, "min_length": 7}}}),
            Some(json!({"length_penalty": 0.8, "num_beams": null})),
        );
        let read =
            |task| GenerationConfig::read_over(&Directory(folder.path().into()), task, manifest.clone()).unwrap();
        let config = read(Some("summarization"));
        assert_eq!((config.num_beams, config.early_stopping), (5, EarlyStopping::Yes));
        assert_eq!((config.max_length, config.min_length, config.length_penalty), (Some(99), 7, 0.8));
        assert_eq!(read(None).max_length, Some(142));
    }

    #[test]
    fn without_a_generation_file_the_configuration_counts() {
        let folder = model(json!({"forced_bos_token_id": 0, "forced_eos_token_id": 2, "early_stopping": true}), None);
        let config = read(&folder, None).unwrap();
        assert_eq!((config.forced_bos_token_id, config.forced_eos_token_id), (Some(0), vec![2]));
        assert_eq!((config.early_stopping, config.num_beams), (EarlyStopping::Yes, 1));
    }

    #[test]
    fn the_tokenizer_says_what_ends_a_target_only_if_no_file_does() {
        let eos = |config| read(&model(config, None), None).unwrap().completed(2, 0).eos_token_id;
        assert_eq!(eos(json!({})), [2]);
        assert_eq!(eos(json!({"eos_token_id": null})), [2]);
        assert_eq!(eos(json!({"eos_token_id": [1, 5]})), [1, 5]);
    }

    #[test]
    fn the_old_way_to_force_the_first_token_counts_without_a_generation_file() {
        let forced = |config, generation| read(&model(config, generation), None).unwrap().forced_bos_token_id;
        let old = json!({"force_bos_token_to_be_generated": true, "bos_token_id": 0});
        assert_eq!(forced(old.clone(), None), Some(0));
        assert_eq!(forced(old, Some(json!({"bos_token_id": 0}))), None);
        assert_eq!(forced(json!({"force_bos_token_to_be_generated": false, "bos_token_id": 0}), None), None);
        let both = json!({"force_bos_token_to_be_generated": true, "bos_token_id": 0, "forced_bos_token_id": 7});
        assert_eq!(forced(both, None), Some(7));
    }

    #[test]
    fn a_value_that_cannot_be_is_refused_by_name() {
        for (name, value) in [
            ("num_beams", json!("4")),
            ("eos_token_id", json!("</s>")),
            ("early_stopping", json!(1)),
            ("alignment_heads", json!([[1]])),
            ("repetition_penalty", json!(0)),
            ("repetition_penalty", json!(-1.5)),
            ("repetition_penalty", json!(1e-60)),
            ("repetition_penalty", json!(1e60)),
        ] {
            let error = read(&model(json!({ name: value }), None), None).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[cfg(feature = "demo")]
    #[test]
    fn the_demonstration_model_has_its_defaults() {
        let config = GenerationConfig::read(&crate::model::Demo, None).unwrap();
        assert_eq!((config.num_beams, config.max_length), (4, Some(256)));
        assert_eq!(config.bad_words_ids, [[17375]]);
        assert_eq!((config.decoder_start_token_id, config.eos_token_id), (Some(17375), vec![0]));
        assert!(config.renormalize_logits);
    }
}
