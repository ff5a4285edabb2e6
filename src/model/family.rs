//! Families of models: what `model_type` of a `config.json` says about tokenizer files and task.

use serde_json::{Map, Value};

use super::manifest::Task;
use crate::error::{Error, Result};

/// An architecture with its tokenizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Family(&'static Row);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Row {
    name: &'static str,
    /// What models of the family do, what most of them do first.
    tasks: &'static [Task],
    /// Sets of tokenizer files, the best first.
    tokenizer: &'static [&'static [&'static str]],
}

const SENTENCEPIECE: &[&[&str]] = &[&["spiece.model"], &["tokenizer.json"]];

static FAMILIES: &[Row] = &[
    Row { name: "marian", tasks: &[Task::Translate], tokenizer: &[&["source.spm", "target.spm", "vocab.json"]] },
    Row {
        name: "m2m_100",
        tasks: &[Task::Translate],
        tokenizer: &[&["tokenizer.json"], &["sentencepiece.bpe.model", "vocab.json"], &["sentencepiece.bpe.model"]],
    },
    Row { name: "mbart", tasks: &[Task::Translate], tokenizer: &[&["sentencepiece.bpe.model"], &["tokenizer.json"]] },
    Row { name: "bart", tasks: &[Task::Summarize], tokenizer: &[&["vocab.json", "merges.txt"], &["tokenizer.json"]] },
    Row { name: "pegasus", tasks: &[Task::Summarize], tokenizer: SENTENCEPIECE },
    Row { name: "t5", tasks: &[Task::Summarize, Task::Translate], tokenizer: SENTENCEPIECE },
    Row { name: "mt5", tasks: &[Task::Summarize, Task::Translate], tokenizer: SENTENCEPIECE },
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
        let name =
            read(model, config)?.model_type.ok_or_else(|| wrong(model, "config.json has no model_type".into()))?;
        Self::named(&name).ok_or_else(|| wrong(model, format!("its family is {name:?}, which mujaz does not run")))
    }

    /// `model_type` of its configurations.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// What most models of the family do.
    pub fn task(self) -> Task {
        self.0.tasks[0]
    }

    /// Refuses a model that by its `config.json` does something else: by its `task_specific_params` where these name tasks
    /// of ours, else by what models of the family do.
    ///
    /// # Errors
    /// [`Error::Model`] if it does not do `task`, or `config` cannot be read.
    pub(crate) fn check(self, task: Task, model: &str, config: &[u8]) -> Result<()> {
        let params = match read(model, config)?.task_specific_params {
            Value::Null => Map::new(),
            Value::Object(params) => params,
            other => {
                return Err(Error::Model {
                    model: model.into(),
                    problem: format!("config.json has task_specific_params = {other}, which is not an object"),
                    remedy: "write {} or take it out in a copy of it, given as a directory".into(),
                });
            }
        };
        let named: Vec<Task> = params.keys().filter_map(|name| Task::named(name)).collect();
        let tasks = if named.is_empty() { self.0.tasks } else { &named };
        if tasks.contains(&task) {
            return Ok(());
        }
        let option = tasks[0].option();
        let example = match task {
            Task::Translate => "translation_ar_to_en",
            Task::Summarize => "summarization",
        };
        Err(Error::Model {
            model: model.into(),
            problem: format!("it is a {self} model, made to {}, not to {task}", tasks[0]),
            remedy: format!(
                "give it as {option}, and see mujaz models list for models that {task}; if it was trained to {task}, take a \
                 copy of it with \"{example}\" in the task_specific_params of its config.json"
            ),
        })
    }

    /// Sets of tokenizer files, the best first.
    pub fn tokenizer(self) -> &'static [&'static [&'static str]] {
        self.0.tokenizer
    }
}

/// What a `config.json` says of family and tasks.
#[derive(serde::Deserialize)]
struct Config {
    model_type: Option<String>,
    #[serde(default)]
    task_specific_params: Value,
}

fn read(model: &str, config: &[u8]) -> Result<Config> {
    serde_json::from_slice(config).map_err(|source| wrong(model, format!("config.json cannot be read: {source}")))
}

fn wrong(model: &str, problem: String) -> Error {
    let remedy = format!("use a model of one of these families: {}", names());
    Error::Model { model: model.into(), problem, remedy }
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
    fn a_model_does_what_its_tasks_say_or_else_what_its_family_does() {
        let does = |config: &str| {
            let check = |task| Family::of_config("m", config.as_bytes()).unwrap().check(task, "m", config.as_bytes());
            [Task::Translate, Task::Summarize].map(|task| check(task).is_ok())
        };
        let of = |family: &str, tasks: &str| {
            does(&format!(r#"{{"model_type": "{family}", "task_specific_params": {tasks}}}"#))
        };
        for (family, expected) in [
            ("marian", [true, false]),
            ("m2m_100", [true, false]),
            ("mbart", [true, false]),
            ("bart", [false, true]),
            ("pegasus", [false, true]),
            ("t5", [true, true]),
            ("mt5", [true, true]),
        ] {
            for tasks in ["null", "{}", r#"{"text-generation": {"max_length": 50}}"#] {
                assert_eq!(of(family, tasks), expected, "{family} {tasks}");
            }
            assert_eq!(of(family, r#"{"summarization_xsum": {}}"#), [false, true], "{family}");
            assert_eq!(of(family, r#"{"translation_en_to_ro": {}}"#), [true, false], "{family}");
        }
        assert_eq!(of("t5", r#"{"summarization": {}, "translation_en_to_de": {}}"#), [true, true]);
        assert_eq!(does(r#"{"model_type": "bart"}"#), [false, true]);
        let config = br#"{"model_type": "t5", "task_specific_params": []}"#;
        let error = Family::of_config("m", config).unwrap().check(Task::Translate, "m", config).unwrap_err();
        assert!(error.to_string().contains("task_specific_params = []"), "{error}");
        assert!(error.hint().unwrap().contains("write {}"), "{error}");
    }

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
