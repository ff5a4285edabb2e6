//! The fields of a model's JSON files: typed, nulls as if absent, every problem told with file and field.

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::model::Files;

/// One JSON object out of a file of a model.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    model: String,
    file: String,
    map: Map<String, Value>,
}

impl Fields {
    /// Reads `file`; `None` if the model has no such file.
    pub(crate) fn read(files: &dyn Files, file: &str) -> Result<Option<Self>> {
        let Some(bytes) = files.get(file)? else { return Ok(None) };
        let model = files.model().into_owned();
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(map)) => Ok(Some(Self { model, file: file.to_owned(), map })),
            Ok(_) => Err(Error::Model {
                model,
                problem: format!("{file} is not a JSON object"),
                remedy: format!("copy {file} from the model's repository, or pull the model again"),
            }),
            Err(error) => Err(Error::Model {
                model,
                problem: format!("{file} is not JSON: {error}"),
                remedy: format!("copy {file} from the model's repository, or pull the model again"),
            }),
        }
    }

    /// Reads a file that the model cannot do without.
    pub(crate) fn load(files: &dyn Files, file: &str) -> Result<Self> {
        files.need(file)?;
        let fields = Self::read(files, file)?;
        fields.ok_or_else(|| Error::Model {
            model: files.model().into_owned(),
            problem: format!("{file} disappeared"),
            remedy: String::new(),
        })
    }

    /// Fields that do not come from a file of the model; `file` says in errors what they come from.
    pub(crate) fn new(model: String, file: &str, map: Map<String, Value>) -> Self {
        Self { model, file: file.to_owned(), map }
    }

    /// Fields of a value made in memory, for tests.
    #[cfg(test)]
    pub(crate) fn of(value: Value) -> Self {
        let Value::Object(map) = value else { panic!("not an object: {value}") };
        Self { model: "test".to_owned(), file: "config.json".to_owned(), map }
    }

    /// The object in the field `name`.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(map)) => {
                let file = format!("{}, {name}", self.file);
                Ok(Some(Self { model: self.model.clone(), file, map: map.clone() }))
            }
            Some(value) => Err(self.wrong(name, value, "an object")),
        }
    }

    /// The names of all fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.map.keys().map(String::as_str)
    }

    /// The value of a field that is there and not null.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// A whole number that is not negative.
    pub(crate) fn size(&self, name: &str) -> Result<Option<usize>> {
        let get = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
        self.typed(name, "a number of at least 0", get)
    }

    /// A number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<f32>> {
        self.typed(name, "a number", |value| value.as_f64().map(|x| x as f32))
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>> {
        self.typed(name, "true or false", Value::as_bool)
    }

    /// A string.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(value) => Err(self.wrong(name, value, "a string")),
        }
    }

    /// The id of a token.
    pub(crate) fn token(&self, name: &str) -> Result<Option<u32>> {
        self.typed(name, "the id of a token", token)
    }

    /// The ids of tokens: a list, or one alone.
    pub(crate) fn tokens(&self, name: &str) -> Result<Option<Vec<u32>>> {
        self.typed(name, "the id of a token or a list of them", |value| match value {
            Value::Array(ids) => ids.iter().map(token).collect(),
            id => token(id).map(|id| vec![id]),
        })
    }

    /// Sequences of token ids.
    pub(crate) fn sequences(&self, name: &str) -> Result<Option<Vec<Vec<u32>>>> {
        self.typed(name, "a list of lists of token ids", |value| {
            let sequences = value.as_array()?.iter();
            sequences.map(|sequence| sequence.as_array()?.iter().map(token).collect()).collect()
        })
    }

    /// What must be in the field `name`.
    pub(crate) fn need<T>(&self, name: &str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| self.problem(format!("{} has no {name}", self.file)))
    }

    /// An error that this model cannot be run as its configuration says.
    pub(crate) fn refuse(&self, name: &str, reason: impl std::fmt::Display) -> Error {
        let value = self.map.get(name).unwrap_or(&Value::Null);
        self.problem(format!("{} has {name} = {value}: {reason}", self.file))
    }

    fn typed<T>(&self, name: &str, kind: &str, get: impl Fn(&Value) -> Option<T>) -> Result<Option<T>> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => get(value).map(Some).ok_or_else(|| self.wrong(name, value, kind)),
        }
    }

    fn wrong(&self, name: &str, value: &Value, kind: &str) -> Error {
        self.problem(format!("{} has {name} = {value}, which is not {kind}", self.file))
    }

    fn problem(&self, problem: String) -> Error {
        let remedy = "see mujaz models list for models that are known to run".to_owned();
        Error::Model { model: self.model.clone(), problem, remedy }
    }
}

fn token(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|id| u32::try_from(id).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_is_absent_and_a_wrong_type_is_told_with_file_and_field() {
        let fields = Fields::of(json!({"a": null, "b": 3, "c": "x", "d": -1, "e": [1, 2], "f": [[1], [2, 3]]}));
        assert_eq!(fields.size("a").unwrap(), None);
        assert_eq!(fields.size("b").unwrap(), Some(3));
        assert_eq!(fields.tokens("b").unwrap(), Some(vec![3]));
        assert_eq!(fields.tokens("e").unwrap(), Some(vec![1, 2]));
        assert_eq!(fields.sequences("f").unwrap(), Some(vec![vec![1], vec![2, 3]]));
        for error in [
            fields.size("c").unwrap_err(),
            fields.token("d").unwrap_err(),
            fields.flag("b").unwrap_err(),
            fields.sequences("e").unwrap_err(),
            fields.need("z", fields.size("z").unwrap()).unwrap_err(),
        ] {
            assert!(error.to_string().contains("config.json"), "{error}");
        }
        assert!(fields.flag("b").unwrap_err().to_string().contains("b = 3"));
    }
}
