//! What is known of a model: where it lies, which files it needs, what it may be used for and how good it is.

use std::collections::BTreeMap;

use super::family::Family;
use super::path;

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Arabic sentences to English ones.
    Translate,
    /// An English article to an English summary.
    Summarize,
}

impl Task {
    /// The task that a name of transformers stands for, such as `translation_en_to_de`.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.split('_').next() {
            Some("translation") => Some(Self::Translate),
            Some("summarization") => Some(Self::Summarize),
            _ => None,
        }
    }

    /// The option that takes models of this task.
    pub(super) fn option(self) -> &'static str {
        match self {
            Self::Translate => "--model",
            Self::Summarize => "--summarizer",
        }
    }
}

impl std::fmt::Display for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Translate => "translate",
            Self::Summarize => "summarize",
        })
    }
}

/// What is known of one model. The bundled manifests are the files `models/*.toml`; a user's own have the same form.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What the model is called on the command line.
    pub name: String,
    /// One line about it.
    pub summary: String,
    /// What it does.
    pub task: Task,
    /// Its architecture and tokenizer: `model_type` of its `config.json`.
    pub family: Family,
    /// `organisation/repository` on the Hub; none for the model inside the program.
    pub repository: Option<String>,
    /// Branch, tag or commit.
    #[serde(default = "main")]
    pub revision: String,
    /// How many parameters it has.
    pub parameters: u64,
    /// About how many bytes a pull transfers.
    pub download: u64,
    /// What goes in front of each source text.
    #[serde(default)]
    pub prefix: Option<String>,
    /// The one language it was trained to write, in its own code, where its tokenizer has codes of more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_only: Option<String>,
    /// Files of weights, the best first: the first that is there is taken. An index brings the shards it names.
    #[serde(default = "weights")]
    pub weights: Vec<String>,
    /// Sets of tokenizer files, the best first: at least one whole set must be there.
    pub tokenizer: Vec<Vec<String>>,
    /// What it may be used for.
    pub license: License,
    /// What it reads.
    pub source: Language,
    /// What it writes.
    pub target: Language,
    /// Published figures.
    #[serde(default)]
    pub quality: Vec<Quality>,
    /// Settings of the search that the repository lacks, under the names of `generation_config.json`.
    #[serde(default)]
    pub generation: serde_json::Map<String, serde_json::Value>,
    /// What a user or an implementer should know.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// What a model may be used for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct License {
    /// SPDX expression, or `NOASSERTION` where none is stated.
    pub spdx: String,
    /// Whether commercial use is allowed; none where nobody says.
    #[serde(default)]
    pub commercial: Option<bool>,
}

/// One side of a model.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// ISO 639-1.
    pub language: String,
    /// The model's own code, where it needs one.
    #[serde(default)]
    pub code: Option<String>,
}

/// One published figure.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// The test set.
    pub test: String,
    /// The metric.
    pub metric: String,
    /// The score.
    pub score: f64,
    /// Who published it.
    pub source: String,
}

fn main() -> String {
    "main".into()
}

/// Files of weights that every family may have, the best first: one safetensors file, a sharded one, then PyTorch's.
pub(crate) const WEIGHTS: &[&str] =
    &["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];

fn weights() -> Vec<String> {
    WEIGHTS.iter().map(ToString::to_string).collect()
}

impl Manifest {
    /// The manifest of a repository that the catalogue does not have, from the family that its `config.json` names.
    pub(crate) fn derived(name: &str, repository: Option<&str>, family: Family) -> Self {
        let task = family.task();
        let source = match task {
            Task::Translate => "ar",
            Task::Summarize => "en",
        };
        let language = |language: &str| Language { language: language.into(), code: None };
        Self {
            name: name.into(),
            summary: format!("a {family} model that is not in the catalogue"),
            task,
            family,
            repository: repository.map(Into::into),
            revision: main(),
            parameters: 0,
            download: 0,
            prefix: None,
            target_only: None,
            weights: weights(),
            tokenizer: family.tokenizer().iter().map(|set| set.iter().map(ToString::to_string).collect()).collect(),
            license: License { spdx: "NOASSERTION".into(), commercial: None },
            source: language(source),
            target: language("en"),
            quality: Vec::new(),
            generation: serde_json::Map::new(),
            notes: Vec::new(),
        }
    }

    /// What is wrong with it, if anything is.
    pub(crate) fn problem(&self) -> Option<String> {
        if !path::is_safe_file(&self.name) || self.name.contains(['/', '@']) {
            return Some(format!("{:?} cannot be a name", self.name));
        }
        if let Some(id) = self.repository.as_ref().filter(|id| !path::is_repository(id)) {
            return Some(format!("{id:?} cannot be a repository"));
        }
        if !path::is_revision(&self.revision) {
            return Some(format!("{:?} cannot be a revision", self.revision));
        }
        if self.weights.is_empty() || self.tokenizer.iter().all(Vec::is_empty) {
            return Some("weights and tokenizer must name files".into());
        }
        let mut files = self.weights.iter().chain(self.tokenizer.iter().flatten());
        files.find(|file| !path::is_safe_file(file)).map(|file| format!("{file:?} cannot be a file of a model"))
    }

    /// The best figure for each metric on each test set, as `42.8 BLEU on FLORES-200 devtest`.
    pub fn figures(&self) -> Vec<String> {
        let mut best: BTreeMap<(&str, &str), f64> = BTreeMap::new();
        for quality in &self.quality {
            best.entry((&quality.test, &quality.metric)).or_insert(quality.score);
        }
        best.into_iter().map(|((test, metric), score)| format!("{score} {metric} on {test}")).collect()
    }
}
