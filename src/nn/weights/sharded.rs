//! Weights in several files, with an index that says which tensor is in which.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{Element, RawTensor, SHARDS, Weights};
use crate::error::{Error, Result};
use crate::model::Files;

/// Files of one model at most.
const MAX_SHARDS: usize = 1000;

/// The part of an index that counts: the file of each tensor.
#[derive(serde::Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

/// The files of a model whose weights are spread over several.
pub struct Sharded {
    shards: Vec<Arc<dyn Weights>>,
    /// The shard of each tensor.
    owners: HashMap<String, usize>,
}

impl Sharded {
    /// Opens every file that the index (`name`, with these bytes) speaks of.
    ///
    /// # Errors
    /// If the index cannot be read or names a file that is not there, a file by a path rather than a name, or a tensor
    /// that its file does not have.
    pub fn new(files: &dyn Files, index: &[u8], name: &str) -> Result<Self> {
        let wrong = |problem: String| Error::Model {
            model: format!("{}: {name}", files.model()),
            problem,
            remedy: "pull the model again, or copy all its files from its repository".into(),
        };
        let index: Index = serde_json::from_slice(index)
            .map_err(|error| wrong(format!("this is not an index of weights ({error})")))?;
        let names: BTreeSet<_> = index.weight_map.values().map(String::as_str).collect();
        if names.len() > MAX_SHARDS {
            return Err(wrong(format!("it names {} files, more than {MAX_SHARDS}", names.len())));
        }
        let mut sharded = Self { shards: Vec::new(), owners: HashMap::new() };
        let mut numbers = HashMap::new();
        for (number, shard) in names.into_iter().enumerate() {
            if shard.contains(['/', '\\', ':', '\0']) || shard.starts_with('.') {
                return Err(wrong(format!("it names {shard:?}, which is not a plain file name")));
            }
            let bytes = files.open(shard)?.ok_or_else(|| wrong(format!("it names {shard}, which is not there")))?;
            let format = SHARDS.iter().find(|(end, _)| shard.ends_with(end));
            let (_, open) = format.ok_or_else(|| wrong(format!("it names {shard}, which holds no weights")))?;
            let weights = open(files, bytes, shard)?;
            sharded.owners.extend(weights.names().into_iter().map(|tensor| (tensor, number)));
            sharded.shards.push(weights);
            numbers.insert(shard, number);
        }
        for (tensor, shard) in &index.weight_map {
            let number = numbers[shard.as_str()];
            if sharded.shards[number].shape(tensor).is_none() {
                return Err(wrong(format!("it says that {shard} has the tensor {tensor}, which it lacks")));
            }
            sharded.owners.insert(tensor.clone(), number);
        }
        Ok(sharded)
    }

    fn owner(&self, name: &str) -> Option<&dyn Weights> {
        self.owners.get(name).map(|number| &*self.shards[*number])
    }
}

impl Weights for Sharded {
    fn names(&self) -> Vec<String> {
        self.owners.keys().cloned().collect()
    }

    fn shape(&self, name: &str) -> Option<(&[usize], Element)> {
        self.owner(name)?.shape(name)
    }

    fn get(&self, name: &str) -> Result<Option<RawTensor<'_>>> {
        self.owner(name).map_or(Ok(None), |shard| shard.get(name))
    }

    fn release(&self, name: &str) {
        if let Some(shard) = self.owner(name) {
            shard.release(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::model::Directory;
    use crate::nn::weights::{golden, open};

    #[test]
    fn a_model_in_several_files_is_whole() {
        for folder in ["sharded-safetensors", "sharded-bin"] {
            let weights = open(&Directory(golden::path(folder))).unwrap();
            golden::check(&*weights, "sharded");
        }
    }

    fn refusal(weight_map: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        for shard in ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"] {
            std::fs::copy(golden::path("sharded-bin").join(shard), folder.path().join(shard)).unwrap();
        }
        let index = format!("{{\"weight_map\":{{{weight_map}}}}}");
        std::fs::write(folder.path().join("pytorch_model.bin.index.json"), index).unwrap();
        let Err(error) = open(&Directory(folder.path().into())) else { panic!("opened {weight_map}") };
        assert!(error.hint().is_some());
        error.to_string()
    }

    #[test]
    fn an_index_that_lies_is_refused() {
        let first = r#""a.weight":"pytorch_model-00001-of-00002.bin""#;
        assert!(refusal(&format!(r#"{first},"x.weight":"pytorch_model-00002-of-00002.bin""#)).contains("x.weight"));
        assert!(
            refusal(&format!(r#"{first},"c.weight":"pytorch_model-00003-of-00003.bin""#)).contains("00003-of-00003")
        );
        assert!(refusal(r#""a":"pytorch_model.bin.index.json""#).contains("holds no weights"));
        assert!(refusal(r#""a":5"#).contains("not an index"));
    }

    #[test]
    fn an_index_may_not_climb_out_of_the_model() {
        let outside = golden::path("zip.bin");
        let inside = Path::new("..").join("weights").join("zip.bin");
        for name in [&outside, &inside, Path::new(".hidden.bin"), Path::new("a\\b.bin")] {
            let name = serde_json::to_string(name).unwrap();
            assert!(refusal(&format!(r#""f32":{name}"#)).contains("not a plain file name"));
        }
    }
}
