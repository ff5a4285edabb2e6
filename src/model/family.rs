//! Families of models: what `model_type` of a `config.json` says about tokenizer files and task.

use super::manifest::Task;
use crate::error::{Error, Result};

/// An architecture with its tokenizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Family(&'static Row);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Row {
    name: &'static str,
    /// What most models of the family do.
    task: Task,
    /// Sets of tokenizer files, the best first.
    tokenizer: &'static [&'static [&'static str]],
}

const SENTENCEPIECE: &[&[&str]] = &[&["spiece.model"], &["tokenizer.json"]];

static FAMILIES: &[Row] = &[
    Row { name: "marian", task: Task::Translate, tokenizer: &[&["source.spm", "target.spm", "vocab.json"]] },
    Row {
        name: "m2m_100",
        task: Task::Translate,
        tokenizer: &[&["tokenizer.json"], &["sentencepiece.bpe.model", "vocab.json"], &["sentencepiece.bpe.model"]],
    },
    Row { name: "mbart", task: Task::Translate, tokenizer: &[&["sentencepiece.bpe.model"], &["tokenizer.json"]] },
    Row { name: "bart", task: Task::Summarize, tokenizer: &[&["vocab.json", "merges.txt"], &["tokenizer.json"]] },
    Row { name: "pegasus", task: Task::Summarize, tokenizer: SENTENCEPIECE },
    Row { name: "t5", task: Task::Summarize, tokenizer: SENTENCEPIECE },
    Row { name: "mt5", task: Task::Summarize, tokenizer: SENTENCEPIECE },
];

impl Family {
    /// The families there are.
    pub fn all() -> impl Iterator<Item = Self> {
        FAMILIES.iter().map(Self)
    }

    /// The family called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|family| family.name() == name)
    }

    /// The family that a `config.json` names.
    ///
    /// # Errors
    /// [`Error::Model`] if it is no JSON object or names a family that mujaz does not have.
    pub fn of_config(model: &str, config: &[u8]) -> Result<Self> {
        #[derive(serde::Deserialize)]
        struct Config {
            model_type: Option<String>,
        }
        let error = |problem: String| Error::Model {
            model: model.into(),
            problem,
            remedy: format!("use a model of one of these families: {}", names()),
        };
        let config: Config =
            serde_json::from_slice(config).map_err(|source| error(format!("config.json cannot be read: {source}")))?;
        let name = config.model_type.ok_or_else(|| error("config.json has no model_type".into()))?;
        Self::named(&name).ok_or_else(|| error(format!("its family is {name:?}, which mujaz does not run")))
    }

    /// `model_type` of its configurations.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// What most models of the family do.
    pub fn task(self) -> Task {
        self.0.task
    }

    /// Sets of tokenizer files, the best first.
    pub fn tokenizer(self) -> &'static [&'static [&'static str]] {
        self.0.tokenizer
    }
}

fn names() -> String {
    Family::all().map(Family::name).collect::<Vec<_>>().join(", ")
}

impl std::fmt::Display for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl serde::Serialize for Family {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> serde::Deserialize<'de> for Family {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("unknown family {name:?}; there are {}", names())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_names_its_family_or_the_error_names_those_there_are() {
        for family in Family::all() {
            let config = format!(r#"{{"model_type": "{family}", "d_model": 4}}"#);
            assert_eq!(Family::of_config("m", config.as_bytes()).unwrap(), family);
            assert!(crate::nn::seq2seq::is_known(family.name()), "{family}");
        }
        for config in
            [&b"{}"[..], b"[]", b"<html>", br#"{"model_type": "llama"}"#, br#"{"model_type": "umt5"}"#, b"\xff"]
        {
            let error = Family::of_config("org/m", config).unwrap_err();
            assert!(error.to_string().contains("org/m"), "{error}");
            assert!(error.hint().unwrap().contains("marian, m2m_100"), "{error}");
        }
    }
}
