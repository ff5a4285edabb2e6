//! What differs between the families of tokenizers: files, numbering, languages, and which special tokens go where.

use serde_json::Value;

use super::languages;
use super::sentencepiece::Spaces;
use crate::error::{Error, Result};
use crate::model::Files;

/// One family of tokenizers, named as transformers names its class.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) class: &'static str,
    /// Other classes of the same behaviour.
    aliases: &'static [&'static str],
    /// `model_type` in `config.json`, where no class is named.
    model_type: &'static str,
    pub(super) vocabulary: Source,
    /// What becomes of white space before SentencePiece cuts it.
    pub(super) spaces: Spaces,
    pub(super) codes: Codes,
    pub(super) layout: Layout,
    /// A token that is written for a line break.
    pub(super) newline: Option<&'static str>,
}

/// Where tokens and their ids come from, unless from a `tokenizer.json` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The pieces of the SentencePiece model in this file, numbered so.
    SentencePiece(&'static str, Numbering),
    /// Byte-level BPE: `vocab.json` and `merges.txt`.
    ByteLevel,
}

/// How pieces of a SentencePiece model get their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbering {
    /// By their text, from `vocab.json`.
    ByText,
    /// As fairseq does: `<s> <pad> </s> <unk>`, the pieces from the fourth on, the languages, `<mask>`.
    Fairseq,
    /// As the model numbers them, further tokens after them.
    Same,
    /// As the model numbers them, with room for tokens of the pre-training before all but the first two.
    Shifted,
}

/// Which tokens name languages, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codes {
    /// No token does.
    None,
    /// Those of the vocabulary that have this around the code.
    Marked(&'static str, &'static str),
    /// Those of this list, in this order after the pieces, with this around the code.
    Listed(&'static str, &'static str),
}

/// Where special tokens go around the tokens of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// `text </s>`, the target language first where there are languages.
    TargetFirst,
    /// `source text </s>`; the target language is the first token of the target.
    SourceFirst,
    /// `text </s> source`; the target language is the start token of the target.
    SourceLast,
    /// `<s> text </s>`.
    Enclosed,
}

static FAMILIES: &[Family] = &[
    Family {
        class: "MarianTokenizer",
        aliases: &[],
        model_type: "marian",
        vocabulary: Source::SentencePiece("source.spm", Numbering::ByText),
        spaces: Spaces::Model,
        codes: Codes::Marked(">>", "<<"),
        layout: Layout::TargetFirst,
        newline: None,
    },
    Family {
        class: "M2M100Tokenizer",
        aliases: &[],
        model_type: "m2m_100",
        vocabulary: Source::SentencePiece("sentencepiece.bpe.model", Numbering::ByText),
        spaces: Spaces::Model,
        codes: Codes::Listed(languages::M2M100, "__"),
        layout: Layout::SourceFirst,
        newline: None,
    },
    Family {
        class: "NllbTokenizer",
        aliases: &[],
        model_type: "m2m_100",
        vocabulary: Source::SentencePiece("sentencepiece.bpe.model", Numbering::Fairseq),
        spaces: Spaces::Folded,
        codes: Codes::Listed(languages::NLLB, ""),
        layout: Layout::SourceFirst,
        newline: None,
    },
    Family {
        class: "MBart50Tokenizer",
        aliases: &[],
        model_type: "mbart",
        vocabulary: Source::SentencePiece("sentencepiece.bpe.model", Numbering::Fairseq),
        spaces: Spaces::Folded,
        codes: Codes::Listed(languages::MBART50, ""),
        layout: Layout::SourceFirst,
        newline: None,
    },
    Family {
        class: "MBartTokenizer",
        aliases: &[],
        model_type: "mbart",
        vocabulary: Source::SentencePiece("sentencepiece.bpe.model", Numbering::Fairseq),
        spaces: Spaces::Words,
        codes: Codes::Listed(languages::MBART, ""),
        layout: Layout::SourceLast,
        newline: None,
    },
    Family {
        class: "T5Tokenizer",
        aliases: &["MT5Tokenizer"],
        model_type: "t5",
        vocabulary: Source::SentencePiece("spiece.model", Numbering::Same),
        spaces: Spaces::Words,
        codes: Codes::Marked("<2", ">"),
        layout: Layout::TargetFirst,
        newline: None,
    },
    Family {
        class: "PegasusTokenizer",
        aliases: &[],
        model_type: "pegasus",
        vocabulary: Source::SentencePiece("spiece.model", Numbering::Shifted),
        spaces: Spaces::Folded,
        codes: Codes::None,
        layout: Layout::TargetFirst,
        newline: Some("<n>"),
    },
    Family {
        class: "BartTokenizer",
        aliases: &["RobertaTokenizer"],
        model_type: "bart",
        vocabulary: Source::ByteLevel,
        spaces: Spaces::Model,
        codes: Codes::None,
        layout: Layout::Enclosed,
        newline: None,
    },
];

/// Classes of transformers that say nothing about the family, without `Fast`: its bases, by their names before and since
/// version 5.
const GENERIC: &[&str] = &["PreTrainedTokenizer", "PythonBackend", "TokenizersBackend", "SentencePieceBackend"];

impl Family {
    /// The family of a model: by the class that `tokenizer_config.json` or `config.json` names, else by its
    /// `model_type`.
    ///
    /// # Errors
    /// [`Error::Model`] if the files name a class, a list of languages or a layout that is not here.
    pub(super) fn of(files: &dyn Files, config: &Value, tokenizer_config: &Value) -> Result<Option<&'static Self>> {
        let refuse = |what: String, remedy: &str| {
            let problem = format!("its tokenizer files say {what}, which mujaz does not have");
            Err(Error::Model { model: files.model().into_owned(), problem, remedy: remedy.into() })
        };
        let other = "use a model with the tokenizer of its family";
        let classes = [tokenizer_config, config].into_iter().filter_map(|file| file["tokenizer_class"].as_str());
        let classes: Vec<&str> = classes.map(|class| class.strip_suffix("Fast").unwrap_or(class)).collect();
        let named =
            |class: &&str| FAMILIES.iter().find(|family| family.class == *class || family.aliases.contains(class));
        let family = match classes.iter().find_map(named) {
            Some(family) => Some(family),
            None => match classes.iter().find(|class| !GENERIC.contains(class)) {
                Some(class) => return refuse(format!("tokenizer_class {class:?}"), other),
                None => Self::of_architecture(files, config)?,
            },
        };
        match family.map(|family| family.class) {
            Some("M2M100Tokenizer") => match tokenizer_config["language_codes"].as_str() {
                None | Some("m2m100") => Ok(family),
                Some(codes) => refuse(format!("language_codes {codes:?}"), other),
            },
            // The source language behind the text, as in the first versions of transformers that had the model.
            Some("NllbTokenizer") if tokenizer_config["legacy_behaviour"] == true => refuse(
                "legacy_behaviour true".into(),
                "use another NLLB; if this one was not trained so, set it to false in the tokenizer_config.json of a copy of \
                 it, given as a directory",
            ),
            _ => Ok(family),
        }
    }

    /// The family that goes with a `model_type`.
    fn of_architecture(files: &dyn Files, config: &Value) -> Result<Option<&'static Self>> {
        // Versions of an architecture share their tokenizer: t5, mt5, umt5.
        let model_type = match config["model_type"].as_str().unwrap_or_default() {
            "mt5" | "umt5" => "t5",
            other => other,
        };
        let mut candidates = FAMILIES.iter().filter(|family| family.model_type == model_type);
        let (first, second) = (candidates.next(), candidates.next());
        // M2M100 numbers by text where NLLB has no vocab.json; of the two mBARTs, the older has half the languages.
        let second_fits = match model_type {
            "m2m_100" => files.get("vocab.json")?.is_none(),
            "mbart" => config["vocab_size"].as_u64().is_some_and(|size| size < 250_054),
            _ => false,
        };
        Ok(second.filter(|_| second_fits).or(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Directory;
    use serde_json::json;

    fn of(config: &Value, tokenizer_config: &Value) -> Result<Option<&'static str>> {
        let folder = tempfile::tempdir().unwrap();
        let family = Family::of(&Directory(folder.path().into()), config, tokenizer_config)?;
        Ok(family.map(|family| family.class))
    }

    #[test]
    fn a_class_that_is_not_here_is_refused_by_name() {
        let config = json!({"model_type": "mbart"});
        let error = of(&config, &json!({"tokenizer_class": "BarthezTokenizerFast"})).unwrap_err().to_string();
        assert!(error.contains("BarthezTokenizer"), "{error}");
        for class in ["PreTrainedTokenizerFast", "TokenizersBackend"] {
            assert_eq!(of(&config, &json!({ "tokenizer_class": class })).unwrap(), Some("MBart50Tokenizer"));
        }
        assert_eq!(of(&config, &json!({"tokenizer_class": "MBartTokenizerFast"})).unwrap(), Some("MBartTokenizer"));
    }

    #[test]
    fn every_class_that_transformers_writes_for_these_models_is_known() {
        for (family, names) in [
            ("MarianTokenizer", "MarianTokenizer"),
            ("M2M100Tokenizer", "M2M100Tokenizer"),
            ("NllbTokenizer", "NllbTokenizer NllbTokenizerFast"),
            ("MBart50Tokenizer", "MBart50Tokenizer MBart50TokenizerFast"),
            ("MBartTokenizer", "MBartTokenizer MBartTokenizerFast"),
            ("T5Tokenizer", "T5Tokenizer T5TokenizerFast MT5Tokenizer MT5TokenizerFast"),
            ("PegasusTokenizer", "PegasusTokenizer PegasusTokenizerFast"),
            // Since version 5 the class of BART is another name of that of RoBERTa, which is what is written.
            ("BartTokenizer", "BartTokenizer BartTokenizerFast RobertaTokenizer RobertaTokenizerFast"),
        ] {
            for class in names.split(' ') {
                assert_eq!(of(&json!({}), &json!({ "tokenizer_class": class })).unwrap(), Some(family), "{class}");
            }
        }
        let bases = "PreTrainedTokenizer PreTrainedTokenizerFast PythonBackend TokenizersBackend SentencePieceBackend";
        for base in bases.split(' ') {
            let config = json!({"model_type": "pegasus"});
            assert_eq!(of(&config, &json!({ "tokenizer_class": base })).unwrap(), Some("PegasusTokenizer"), "{base}");
        }
    }

    #[test]
    fn other_languages_than_those_of_m2m100_are_refused_by_name() {
        let m2m100 = |codes| of(&json!({}), &json!({"tokenizer_class": "M2M100Tokenizer", "language_codes": codes}));
        assert_eq!(m2m100("m2m100").unwrap(), Some("M2M100Tokenizer"));
        assert!(m2m100("wmt21").unwrap_err().to_string().contains("wmt21"));
    }

    #[test]
    fn an_nllb_with_the_source_language_behind_the_text_is_refused_by_name() {
        for class in ["NllbTokenizer", "NllbTokenizerFast", "TokenizersBackend"] {
            let nllb = |legacy: bool| {
                let declared = json!({"tokenizer_class": class, "legacy_behaviour": legacy});
                of(&json!({"model_type": "m2m_100"}), &declared)
            };
            assert_eq!(nllb(false).unwrap(), Some("NllbTokenizer"));
            let error = nllb(true).unwrap_err();
            assert!(error.to_string().contains("legacy_behaviour"), "{error}");
            assert!(error.hint().unwrap().contains("in the tokenizer_config.json of a copy"), "{error}");
        }
    }
}
