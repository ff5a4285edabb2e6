//! From the files of a model to its tokenizer.

use std::collections::HashSet;

use serde_json::Value;

use super::family::{Codes, Family, Layout, Numbering, Source};
use super::library::{Failure, Library};
use super::sentencepiece::SentencePiece;
use super::vocabulary::{Names, Vocabulary};
use super::{Language, Segmenter, Special, Tokenizer};
use crate::error::{Error, Result};
use crate::model::Files;

/// Room that Pegasus leaves for tokens of its pre-training, unless `tokenizer_config.json` says otherwise.
const PEGASUS_OFFSET: u64 = 103;

/// Tokens that stand in for spans of text while T5 is trained.
const T5_EXTRA_IDS: u64 = 100;

impl Tokenizer {
    /// Reads the tokenizer of a model: from its SentencePiece model where there is one, from `vocab.json` and `merges.txt`
    /// or from `tokenizer.json` otherwise.
    ///
    /// # Errors
    /// [`Error::Model`] if a file is missing or damaged, or does not belong to the model's `config.json`.
    pub fn load(files: &dyn Files) -> Result<Self> {
        Loader {
            files,
            config: object(files, "config.json")?,
            tokenizer_config: object(files, "tokenizer_config.json")?,
        }
        .load()
    }
}

struct Loader<'f> {
    files: &'f dyn Files,
    config: Value,
    tokenizer_config: Value,
}

impl Loader<'_> {
    fn load(&self) -> Result<Tokenizer> {
        let family = Family::of(self.files, &self.config, &self.tokenizer_config)?;
        let (mut segmenter, names) = self.segmenter(family)?;
        self.refuse_added(&names, segmenter.size())?;
        let special = self.special(&names)?;
        let codes = family.map_or(Codes::None, |family| family.codes);
        let languages = languages(codes, &names, &segmenter);

        let mask = names.get(&self.name_of("mask_token", "<mask>")).copied();
        let kept = [special.beginning, Some(special.end), special.padding, special.unknown, mask];
        let kept: HashSet<u32> =
            kept.into_iter().flatten().chain(languages.iter().map(|language| language.id)).collect();
        let reserved = names.into_iter().filter(|(_, id)| kept.contains(id)).collect();
        match &mut segmenter {
            Segmenter::SentencePiece(vocabulary) => vocabulary.reserve(&reserved),
            Segmenter::Library(library) => library.reserve(&reserved, special.unknown),
        }
        self.check(&segmenter, special, &languages)?;
        let layout = family.map_or(Layout::TargetFirst, |family| family.layout);
        Ok(Tokenizer { segmenter, layout, special, pair: self.pair(codes, &languages), languages })
    }

    /// What cuts a text, and all tokens that may be special, or name languages, by their names.
    fn segmenter(&self, family: Option<&Family>) -> Result<(Segmenter, Names)> {
        if let Some(family) = family {
            match family.vocabulary {
                Source::SentencePiece(file, numbering) => {
                    if let Some(bytes) = self.files.get(file)? {
                        let model =
                            SentencePiece::parse(&bytes).map_err(|error| self.damaged(file, Box::new(error)))?;
                        return self.vocabulary(model.with_spaces(family.spaces), numbering, family);
                    }
                }
                Source::ByteLevel => {
                    if let (Some(vocabulary), Some(merges)) =
                        (self.files.get("vocab.json")?, self.files.get("merges.txt")?)
                    {
                        let add_prefix_space = self.tokenizer_config["add_prefix_space"].as_bool().unwrap_or(false);
                        let library = Library::byte_level(&vocabulary, &merges, add_prefix_space)
                            .map_err(|error| self.damaged("vocab.json or merges.txt", error))?;
                        return Ok(named(library));
                    }
                }
            }
        }
        let Some(bytes) = self.files.get("tokenizer.json")? else {
            let missing = match family.map(|family| family.vocabulary) {
                Some(Source::SentencePiece(file, _)) => format!("neither {file} nor tokenizer.json"),
                Some(Source::ByteLevel) => "neither vocab.json with merges.txt nor tokenizer.json".into(),
                None => "no tokenizer.json".into(),
            };
            return Err(self.error(format!("there is {missing}")));
        };
        let mut library = Library::from_json(&bytes).map_err(|error| self.damaged("tokenizer.json", error))?;
        let names = library.names();
        if let Some(&newline) = family.and_then(|family| family.newline).and_then(|newline| names.get(newline)) {
            library.read_as_newline(newline);
        }
        Ok((Segmenter::Library(Box::new(library)), names))
    }

    fn vocabulary(&self, model: SentencePiece, numbering: Numbering, family: &Family) -> Result<(Segmenter, Names)> {
        let (mut vocabulary, names) = match (numbering, family.codes) {
            (Numbering::ByText, codes) => {
                let mut names = self.names("vocab.json")?;
                if let Codes::Listed(list, mark) = codes {
                    let after = names.len() as u32;
                    names.extend(list.split_whitespace().map(|code| format!("{mark}{code}{mark}")).zip(after..));
                }
                let target = self.separate().then(|| self.names("target_vocab.json")).transpose()?;
                let unknown = self.name_of("unk_token", "<unk>");
                let unknown = *names
                    .get(&unknown)
                    .ok_or_else(|| self.error(format!("vocab.json has no token {unknown:?} for what is unknown")))?;
                (Vocabulary::by_text(model, names.clone(), target.as_ref(), unknown), names)
            }
            (Numbering::Fairseq, codes) => {
                let list = if let Codes::Listed(list, _) = codes { list } else { "" };
                Vocabulary::fairseq(model, list.split_whitespace())
            }
            (Numbering::Same, _) => {
                let extra = self.tokenizer_config["extra_ids"].as_u64().unwrap_or(T5_EXTRA_IDS);
                Vocabulary::shifted(model, 0, extra.min(1 << 16) as usize)
            }
            (Numbering::Shifted, _) => {
                let offset = self.tokenizer_config["offset"].as_u64().unwrap_or(PEGASUS_OFFSET);
                Vocabulary::shifted(model, offset.min(1 << 16) as u32, 0)
            }
        };
        if let Some(&newline) = family.newline.and_then(|newline| names.get(newline)) {
            vocabulary.read_as_newline(newline);
        }
        Ok((Segmenter::SentencePiece(Box::new(vocabulary)), names))
    }

    /// A `vocab.json`.
    fn names(&self, file: &str) -> Result<Names> {
        let bytes = self.files.need(file)?;
        let names: Names = serde_json::from_slice(&bytes).map_err(|error| self.damaged(file, Box::new(error)))?;
        match names.values().max() {
            // A wild id must not make a table of that size.
            Some(&last) if last as usize > 2 * names.len() + 1024 => {
                Err(self.error(format!("{file} has {} tokens, but one of them has the id {last}", names.len())))
            }
            _ => Ok(names),
        }
    }

    fn special(&self, names: &Names) -> Result<Special> {
        let find = |field: &str, usual: &str| names.get(&self.name_of(field, usual)).copied();
        let end =
            find("eos_token", "</s>").or_else(|| self.config["eos_token_id"].as_u64().map(|id| id as u32)).ok_or_else(
                || self.error(format!("there is no token {:?} to end a text", self.name_of("eos_token", "</s>"))),
            )?;
        Ok(Special {
            beginning: find("bos_token", "<s>"),
            end,
            padding: find("pad_token", "<pad>"),
            unknown: find("unk_token", "<unk>"),
        })
    }

    /// What a special token is called.
    fn name_of(&self, field: &str, usual: &str) -> String {
        content(&self.tokenizer_config[field]).unwrap_or(usual).to_owned()
    }

    /// The languages of a model that has no tokens for those of that side.
    fn pair(&self, codes: Codes, languages: &[Language]) -> [Option<String>; 2] {
        // The converter of Marian models takes both from the name of a folder: of opus-mt-tc-big-ar-en it makes
        // "opus-mt-tc-big-ar" and "en".
        let declared = |field: &str| Some(self.tokenizer_config[field].as_str()?.rsplit('-').next()?.to_owned());
        match codes {
            // Of these the two fields are what is used if nothing is asked for, not what there is.
            Codes::Listed(..) | Codes::None => [None, None],
            Codes::Marked(..) if languages.is_empty() => [declared("source_lang"), declared("target_lang")],
            // Where tokens name the languages of the target alone, nothing else says what the source may be.
            Codes::Marked(">>", _) => [declared("source_lang").or_else(|| Some("mul".into())), None],
            Codes::Marked(..) => [declared("source_lang"), None],
        }
    }

    /// Refuses a vocabulary that does not belong to the model.
    fn check(&self, segmenter: &Segmenter, special: Special, languages: &[Language]) -> Result<()> {
        if let Some(end) = self.config["eos_token_id"].as_u64()
            && end != u64::from(special.end)
        {
            return Err(self.error(format!(
                "the vocabulary ends a text with token {}, but config.json with token {end}",
                special.end
            )));
        }
        let size = segmenter.size();
        let last = match segmenter {
            Segmenter::SentencePiece(vocabulary) => vocabulary.last(),
            Segmenter::Library(library) => library.last(),
        };
        let last = languages.iter().map(|language| language.id).chain([last, special.end]).max().unwrap_or(last);
        let vocab_size = self.config["vocab_size"].as_u64();
        if let Some(of_model) = vocab_size.filter(|of_model| u64::from(last) >= *of_model) {
            let problem =
                format!("the vocabulary has ids up to {last}, but config.json has a vocab_size of {of_model}");
            return Err(self.error(problem));
        }
        // Models leave some rows of their tables unused, but never many.
        let separate = self.separate().then(|| self.config["decoder_vocab_size"].as_u64()).flatten();
        match separate.or(vocab_size) {
            Some(of_model) if 10 * (size as u64) < 9 * of_model => Err(self.error(format!(
                "the vocabulary has {size} tokens, but config.json speaks of {of_model}: they are of different models"
            ))),
            _ => Ok(()),
        }
    }

    /// Refuses tokens that were added to the vocabulary of so many ids later, to be found in texts and written like any
    /// other. Special ones are neither.
    fn refuse_added(&self, names: &Names, size: usize) -> Result<()> {
        let refuse = |file: &str, name: &str, id: &dyn std::fmt::Display| {
            let problem = format!("{file} adds the token {name:?} as {id}, and the vocabulary does not have it");
            Err(self.error(problem))
        };
        let declared = || self.tokenizer_config["added_tokens_decoder"].as_object().into_iter().flatten();
        for (id, token) in declared().filter(|(_, token)| token["special"] == false) {
            if let Some(name) = content(token).filter(|name| !names.contains_key(*name)) {
                return refuse("tokenizer_config.json", name, id);
            }
        }
        // As it was written before: names and ids of all, which of them are special stands elsewhere. T5 and Pegasus have
        // room for theirs within the vocabulary.
        let added = object(self.files, "added_tokens.json")?;
        let map = object(self.files, "special_tokens_map.json")?;
        let fields = [&self.tokenizer_config, &map].into_iter().filter_map(Value::as_object).flatten();
        let fields = fields.filter(|(field, _)| field.ends_with("_token") || field.ends_with("_tokens"));
        let special = fields.flat_map(|(_, value)| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
        let special = special.chain(declared().map(|(_, token)| token).filter(|token| token["special"] == true));
        let special: HashSet<&str> = special.filter_map(content).collect();
        for (name, id) in added.as_object().into_iter().flatten() {
            let is_past = id.as_u64().is_none_or(|id| id >= size as u64);
            if is_past && !names.contains_key(name) && !special.contains(name.as_str()) {
                return refuse("added_tokens.json", name, id);
            }
        }
        Ok(())
    }

    /// Whether the target has a vocabulary of its own.
    fn separate(&self) -> bool {
        self.tokenizer_config["separate_vocabs"].as_bool().unwrap_or(false)
    }

    fn damaged(&self, file: &str, source: Failure) -> Error {
        self.error(format!("{file} cannot be used: {source}"))
    }

    fn error(&self, problem: String) -> Error {
        Error::Model {
            model: self.files.model().into_owned(),
            problem,
            remedy: "copy the tokenizer's files and config.json from the model's repository, or pull the model again"
                .into(),
        }
    }
}

fn named(library: Library) -> (Segmenter, Names) {
    let names = library.names();
    (Segmenter::Library(Box::new(library)), names)
}

/// The text of a token: it stands alone or as `content`.
fn content(token: &Value) -> Option<&str> {
    token.as_str().or_else(|| token["content"].as_str())
}

/// A JSON file of the model; an empty value if it is not there.
fn object(files: &dyn Files, file: &str) -> Result<Value> {
    let Some(bytes) = files.get(file)? else { return Ok(Value::Null) };
    serde_json::from_slice(&bytes).map_err(|error| Error::Model {
        model: files.model().into_owned(),
        problem: format!("{file} is not JSON: {error}"),
        remedy: format!("copy {file} from the model's repository, or pull the model again"),
    })
}

/// The languages that the vocabulary has tokens for, in the order of their ids.
fn languages(codes: Codes, names: &Names, segmenter: &Segmenter) -> Vec<Language> {
    let language = |name: &str, code: &str, id: u32| {
        let (prefix, spelling) = match segmenter {
            Segmenter::SentencePiece(vocabulary) if vocabulary.has_symbol(id) => {
                (vocabulary.encode(name).ids, Some(format!("{name} ")))
            }
            _ => (vec![id], None),
        };
        Language { code: code.to_owned(), id, prefix, spelling }
    };
    let mut languages: Vec<Language> = match codes {
        Codes::None => Vec::new(),
        Codes::Marked(before, after) => names
            .iter()
            .filter_map(|(name, &id)| {
                let code = name.strip_prefix(before)?.strip_suffix(after)?;
                let plain = code.starts_with(|c: char| c.is_ascii_alphabetic())
                    && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
                plain.then(|| language(name, code, id))
            })
            .collect(),
        Codes::Listed(list, mark) => list
            .split_whitespace()
            .filter_map(|code| {
                let name = format!("{mark}{code}{mark}");
                names.get(&name).map(|&id| language(&name, code, id))
            })
            .collect(),
    };
    languages.sort_by_key(|language| language.id);
    languages
}
