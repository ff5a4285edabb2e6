//! Which files of a repository a model needs: the same choice for a listing of the hub, a snapshot and a directory.

use std::collections::BTreeSet;

use super::manifest::Manifest;
use super::path;
use crate::error::{Error, Result};

/// What every model has.
pub(crate) const CONFIG: &str = "config.json";

/// What is taken along where it is there.
const BESIDE: &[&str] = &[
    "generation_config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "target_vocab.json",
];

/// Greatest size of an index of shards.
pub(crate) const INDEX_LIMIT: u64 = 64 << 20;

/// The files of a model, in order of name. `has` says which files are there and `read` gets the bytes of an index.
///
/// # Errors
/// [`Error::Model`] if a file that is needed is not there, or an index makes no sense; else what `read` returns.
pub(crate) fn choose(
    manifest: &Manifest,
    has: &dyn Fn(&str) -> bool,
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>>,
) -> Result<Vec<String>> {
    let missing = |what: &str| Error::Model {
        model: manifest.name.clone(),
        problem: format!("there is no {what}"),
        remedy: format!("mujaz models pull {}", manifest.name),
    };
    if !has(CONFIG) {
        return Err(missing(CONFIG));
    }
    let mut files = BTreeSet::from([CONFIG.to_string()]);
    files.extend(BESIDE.iter().filter(|file| has(file)).map(ToString::to_string));

    if !manifest.tokenizer.iter().any(|set| set.iter().all(|file| has(file))) {
        let sets: Vec<_> = manifest.tokenizer.iter().map(|set| set.join(" with ")).collect();
        return Err(missing(&sets.join(", nor ")));
    }
    files.extend(manifest.tokenizer.iter().flatten().filter(|file| has(file)).cloned());

    let weights = manifest.weights.iter().find(|file| has(file));
    let weights = weights.ok_or_else(|| missing(&manifest.weights.join(", nor ")))?;
    files.insert(weights.clone());
    if weights.ends_with(".index.json") {
        for shard in shards(&manifest.name, weights, &read(weights)?)? {
            if !has(&shard) {
                return Err(missing(&shard));
            }
            files.insert(shard);
        }
    }
    Ok(files.into_iter().collect())
}

/// The files that an index names.
fn shards(model: &str, index: &str, bytes: &[u8]) -> Result<BTreeSet<String>> {
    #[derive(serde::Deserialize)]
    struct Index {
        weight_map: std::collections::BTreeMap<String, String>,
    }
    let error = |problem: String| Error::Model {
        model: model.into(),
        problem: format!("{index} {problem}"),
        remedy: "the repository is not as it should be; use another model, or another revision of it".into(),
    };
    let index: Index = serde_json::from_slice(bytes).map_err(|source| error(format!("is no index: {source}")))?;
    let shards: BTreeSet<String> = index.weight_map.into_values().collect();
    match shards.iter().find(|shard| !path::is_safe_file(shard)) {
        Some(shard) => Err(error(format!("names {shard:?}, which cannot be a file of a model"))),
        None if shards.is_empty() => Err(error("names no file".into())),
        None => Ok(shards),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::family::Family;

    fn chosen(family: &str, files: &[&str], index: &str) -> Result<Vec<String>> {
        let manifest = Manifest::derived("org/m", Some("org/m"), Family::named(family).unwrap());
        choose(&manifest, &|file| files.contains(&file), &mut |_| Ok(index.into()))
    }

    #[test]
    fn the_best_weights_and_every_known_tokenizer_file_are_taken() {
        let repository = [
            "README.md",
            "config.json",
            "generation_config.json",
            "merges.txt",
            "model.safetensors",
            "pytorch_model.bin",
            "tf_model.h5",
            "tokenizer.json",
            "vocab.json",
        ];
        let expected = [
            "config.json",
            "generation_config.json",
            "merges.txt",
            "model.safetensors",
            "tokenizer.json",
            "vocab.json",
        ];
        assert_eq!(chosen("bart", &repository, "").unwrap(), expected);
        let old = ["config.json", "pytorch_model.bin", "source.spm", "target.spm", "vocab.json"];
        assert_eq!(chosen("marian", &old, "").unwrap(), old);
        let small = ["config.json", "pytorch_model.bin", "spiece.model"];
        assert_eq!(chosen("t5", &small, "").unwrap(), small);
    }

    #[test]
    fn an_index_brings_the_shards_it_names() {
        let index = r#"{"metadata": {"total_size": 9}, "weight_map": {"a": "m-2.safetensors", "b": "m-1.safetensors", "c": "m-2.safetensors"}}"#;
        let files = [
            "config.json",
            "spiece.model",
            "model.safetensors.index.json",
            "m-1.safetensors",
            "m-2.safetensors",
            "pytorch_model.bin",
        ];
        let expected =
            ["config.json", "m-1.safetensors", "m-2.safetensors", "model.safetensors.index.json", "spiece.model"];
        assert_eq!(chosen("t5", &files, index).unwrap(), expected);
        let error = chosen("t5", &files[..4], index).unwrap_err();
        assert!(error.to_string().contains("m-2.safetensors"), "{error}");
        for (index, expected) in [
            (r#"{"weight_map": {"a": "../../.ssh/key"}}"#, "cannot be a file"),
            (r#"{"weight_map": {}}"#, "names no file"),
            (r#"{"weight_map": {"a": 1}}"#, "is no index"),
            ("<html>", "is no index"),
        ] {
            let error = chosen("t5", &files, index).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let files = ["config.json", "model.safetensors", "source.spm", "vocab.json"];
        assert!(chosen("marian", &files, "").unwrap_err().to_string().contains("target.spm"));
        assert!(chosen("marian", &["source.spm"], "").unwrap_err().to_string().contains("config.json"));
        let error = chosen("bart", &["config.json", "tokenizer.json"], "").unwrap_err();
        assert!(error.to_string().contains("model.safetensors, nor"), "{error}");
        assert!(error.hint().unwrap().contains("models pull org/m"), "{error}");
    }
}
