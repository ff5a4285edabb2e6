//! An encoder-decoder out of the files of a model.

use super::config::{Config, Positions as Kind};
use super::layers::{DecoderLayer, EncoderLayer};
use super::{Decoder, Encoder, Seq2Seq, t5};
use crate::error::{Error, Result};
use crate::model::Files;
use crate::nn::device::Placement;
use crate::nn::embedding::{Embeddings, Positions, Tokens};
use crate::nn::fields::Fields;
use crate::nn::generation::GenerationConfig;
use crate::nn::loader::Loader;
use crate::nn::norm::Norm;
use crate::nn::output::Output;
use crate::nn::{memory, weights};

/// Tensors that checkpoints carry and that nothing reads: positions that are computed, and the version of a converter.
static UNREAD: &[&str] = &[
    "model.encoder.embed_positions.weight",
    "model.decoder.embed_positions.weight",
    "model.encoder.embed_positions.weights",
    "model.decoder.embed_positions.weights",
    "model.encoder.version",
    "model.decoder.version",
];

const TABLES: &TableNames = &TableNames {
    shared: "model.shared.weight",
    source: "model.encoder.embed_tokens.weight",
    target: "model.decoder.embed_tokens.weight",
    output: "lm_head.weight",
    in_turn: ["lm_head.weight", "model.decoder.embed_tokens.weight", "model.encoder.embed_tokens.weight"],
};

impl Seq2Seq {
    /// Loads a model in Hugging Face layout.
    ///
    /// # Errors
    /// If a file is missing or wrong, `config.json` asks for something that this engine does not have, or a tensor is
    /// missing, of the wrong shape, or left over.
    pub fn load(files: &dyn Files, placement: &Placement) -> Result<Self> {
        let fields = Fields::load(files, "config.json")?;
        if let Some(family) = fields.text("model_type")?.and_then(t5::family_of) {
            return t5::load(files, &fields, placement, family);
        }
        let config = Config::read(&fields)?;
        let placement = &placement.for_family(config.family.int8_by_default);
        let start = start_token(files, &fields, None)?;
        let loader = Loader::new(&files.model(), weights::open(files)?, placement.clone());
        let tables = Tables::find(&loader, TABLES, &config)?;
        // Tables of embeddings stay in the file, except for the one that is the output layer.
        memory::check(&files.model(), loader.parameters(|name| name != tables.output && TABLES.has(name)), placement)?;
        // The output layer first: while it is packed it is there twice, and it is the largest.
        let output = output(&loader, tables.output, &config)?;
        let tokens = |name, vocab| Tokens::load(&loader, name, [vocab, config.d_model], config.embedding_scale);
        let encoder = encoder(&loader.at("model.encoder"), &config, tokens(tables.source, config.source_vocab)?)?;
        let decoder = decoder(&loader.at("model.decoder"), &config, tokens(tables.target, config.target_vocab)?)?;
        loader.finish(|name| UNREAD.contains(&name) || TABLES.has(name))?;
        Ok(Self { config, placement: placement.clone(), start, encoder, decoder, output })
    }
}

/// The token that targets start with.
pub(super) fn start_token(files: &dyn Files, fields: &Fields, default: Option<u32>) -> Result<u32> {
    let generation = GenerationConfig::read(files, None)?;
    fields.need("decoder_start_token_id", generation.decoder_start_token_id.or(generation.bos_token_id).or(default))
}

/// The names under which the checkpoints of a family have tables of embeddings.
pub(super) struct TableNames {
    pub(super) shared: &'static str,
    pub(super) source: &'static str,
    pub(super) target: &'static str,
    pub(super) output: &'static str,
    /// Which of the others the reference takes for the shared table where that is not there, the first one first.
    pub(super) in_turn: [&'static str; 3],
}

impl TableNames {
    /// Whether it is one of these.
    pub(super) fn has(&self, name: &str) -> bool {
        [self.shared, self.target, self.source, self.output].contains(&name)
    }
}

/// Which table of embeddings is used where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tables {
    pub(super) source: &'static str,
    pub(super) target: &'static str,
    pub(super) output: &'static str,
}

impl Tables {
    /// Tables that the configuration says are the same may lie in the checkpoint once, under any of their names, as the
    /// writers of `safetensors` leave them; where it has two and they differ, the reference uses each for itself.
    pub(super) fn find(loader: &Loader, names: &TableNames, config: &Config) -> Result<Self> {
        let TableNames { shared, source, target, output, .. } = *names;
        // The first of them that is there; if none is, `name` itself will be missed.
        let first = |name, others: &[&'static str]| {
            // An output layer that is not tied is no table of embeddings, and one that may be wrong is the last resort.
            let sure = config.tied_output && !config.family.stray_output;
            let others = others.iter().copied().filter(|other| sure || *other != output);
            let last = config.tied_output.then_some(output);
            std::iter::once(name).chain(others).chain(last).find(|name| loader.has(name)).unwrap_or(name)
        };
        let tied =
            |own, common| Ok::<_, Error>(if loader.has(own) && !loader.same(own, common)? { own } else { common });
        let (source, target, common) = if config.shared_embeddings {
            let common = first(shared, &names.in_turn);
            (tied(source, common)?, tied(target, common)?, common)
        } else {
            let target = first(target, &[output]);
            (source, target, target)
        };
        let output = match config.tied_output {
            true if config.family.stray_output => common,
            true => tied(output, common)?,
            false => output,
        };
        Ok(Self { source, target, output })
    }
}

fn output(loader: &Loader, name: &str, config: &Config) -> Result<Output> {
    let shape = [1, config.target_vocab];
    let bias = if config.family.logits_bias && loader.has("final_logits_bias") {
        Some(("final_logits_bias", &shape[..]))
    } else {
        None
    };
    Output::load(loader, name, bias, [config.target_vocab, config.d_model])
}

fn encoder(loader: &Loader, config: &Config, tokens: Tokens) -> Result<Encoder> {
    let layers = (0..config.encoder.layers).map(|i| EncoderLayer::load(&loader.at("layers").at(i), config));
    Ok(Encoder {
        bias: None,
        layers: layers.collect::<Result<_>>()?,
        embeddings: embeddings(loader, config, tokens)?,
        norm: norm(loader, "layer_norm", config.family.final_norm, config)?,
    })
}

fn decoder(loader: &Loader, config: &Config, tokens: Tokens) -> Result<Decoder> {
    let layers = (0..config.decoder.layers).map(|i| DecoderLayer::load(&loader.at("layers").at(i), config));
    Ok(Decoder {
        bias: None,
        layers: layers.collect::<Result<_>>()?,
        embeddings: embeddings(loader, config, tokens)?,
        norm: norm(loader, "layer_norm", config.family.final_norm, config)?,
    })
}

fn embeddings(loader: &Loader, config: &Config, tokens: Tokens) -> Result<Embeddings> {
    let (offset, size) = (config.position_offset, [config.max_positions, config.d_model]);
    let positions = match config.family.positions {
        Kind::Learned(_) => Some(Positions::learned(loader, "embed_positions.weight", offset, size)?),
        Kind::Sinusoid(formula) => Some(Positions::sinusoid(loader, formula, offset, size)?),
        // Positions count on over padding, but it has none itself, not even where the model writes it.
        Kind::AfterPadding(formula) => {
            Some(Positions::sinusoid(loader, formula, offset, size)?.without(offset as u32 - 1))
        }
        Kind::Relative => None,
    };
    let norm = norm(loader, "layernorm_embedding", config.family.embedding_norm, config)?;
    Ok(Embeddings { tokens, positions, norm })
}

fn norm(loader: &Loader, name: &str, is_there: bool, config: &Config) -> Result<Option<Norm>> {
    is_there.then(|| Norm::layer(loader, name, config.d_model)).transpose()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use safetensors::SafeTensors;
    use safetensors::tensor::TensorView;

    use super::*;
    use crate::model::Directory;

    type Tensors<'a> = BTreeMap<String, TensorView<'a>>;

    /// What loading a model says after its tensors were tampered with.
    fn tampered(name: &str, tamper: impl FnOnce(&mut Tensors)) -> Result<Seq2Seq> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
        let bytes = std::fs::read(folder.join("model.safetensors")).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let mut tensors: Tensors = file.tensors().into_iter().collect();
        tamper(&mut tensors);
        let other = tempfile::tempdir().unwrap();
        std::fs::copy(folder.join("config.json"), other.path().join("config.json")).unwrap();
        std::fs::write(other.path().join("model.safetensors"), safetensors::serialize(tensors, None).unwrap()).unwrap();
        Seq2Seq::load(&Directory(other.path().into()), &Placement::cpu())
    }

    fn refusal(name: &str, tamper: impl FnOnce(&mut Tensors)) -> String {
        let Err(error) = tampered(name, tamper) else { panic!("{name} was loaded") };
        assert!(error.hint().is_some());
        error.to_string()
    }

    #[test]
    fn a_tensor_that_is_missing_of_another_shape_or_left_over_is_named() {
        let missing = refusal("families/mbart", |tensors| drop(tensors.remove("model.decoder.layers.1.fc1.bias")));
        assert!(missing.contains("model.decoder.layers.1.fc1.bias"), "{missing}");
        let shape = refusal("families/mbart", |tensors| {
            let fc1 = tensors["model.decoder.layers.1.fc1.weight"].clone();
            tensors.insert("model.decoder.layers.1.fc2.weight".into(), fc1);
        });
        assert!(shape.contains("fc2.weight is [40, 24], and config.json asks for [24, 40]"), "{shape}");
        let left = refusal("families/mbart", |tensors| {
            let norm = tensors["model.encoder.layer_norm.bias"].clone();
            tensors.insert("model.encoder.layers.2.fc1.bias".into(), norm);
        });
        assert!(left.contains("model.encoder.layers.2.fc1.bias"), "{left}");
        // A norm that this family does not have.
        let norm = refusal("families/bart-cnn", |tensors| {
            let norm = tensors["model.encoder.layernorm_embedding.bias"].clone();
            tensors.insert("model.encoder.layer_norm.bias".into(), norm.clone());
            tensors.insert("model.encoder.layer_norm.weight".into(), norm);
        });
        assert!(norm.contains("model.encoder.layer_norm.bias and 1 more"), "{norm}");
    }

    /// Tampers with the table of embeddings of a checkpoint that has it once, given its names, shared first, and itself.
    fn tabled(
        folder: &str,
        tamper: impl FnOnce(&mut Tensors, [&'static str; 4], TensorView<'static>),
    ) -> Result<Seq2Seq> {
        tampered(folder, |tensors| {
            let TableNames { shared, source, target, output, .. } =
                if folder.starts_with("t5") { t5::TABLES } else { TABLES };
            let names = [*shared, *source, *target, *output];
            let mut found: Vec<_> = names.iter().filter_map(|name| tensors.remove(*name)).collect();
            let table = found.pop().unwrap();
            assert!(found.is_empty(), "{folder} has its table once");
            let bytes: &'static [u8] = Box::leak(table.data().into());
            let table = TensorView::new(table.dtype(), table.shape().into(), bytes).unwrap();
            tamper(tensors, names, table);
        })
    }

    /// A model of each family whose tables are all one.
    const TIED: &[&str] = &[
        "families/opus-mt",
        "families/bart-cnn",
        "families/mbart",
        "families/mbart-50",
        "families/pegasus",
        "families/m2m100",
        "families/nllb",
        "t5/t5",
    ];

    fn best(model: &Seq2Seq) -> Vec<f32> {
        use crate::nn::search::Decode as _;
        let mut state = model.start(&[&[5, 6, 7, 2]]).unwrap();
        model.step(&mut state, &[model.start]).unwrap()
    }

    #[test]
    fn tied_embeddings_are_found_under_any_of_their_names_and_copies_are_tolerated() {
        for folder in TIED {
            let scores = best(&tampered(folder, |_| {}).unwrap());
            for kept in [&[0][..], &[1], &[2], &[3], &[1, 2], &[1, 3], &[2, 3], &[0, 3], &[0, 1, 2, 3]] {
                let model = tabled(folder, |tensors, names, table| {
                    tensors.extend(kept.iter().map(|kept| (names[*kept].to_owned(), table.clone())));
                });
                let model = model.unwrap_or_else(|error| panic!("{folder} with {kept:?}: {error}"));
                assert_eq!(best(&model), scores, "{folder} with {kept:?}");
            }
        }
    }

    #[test]
    fn embeddings_that_are_nowhere_are_named() {
        for folder in TIED {
            let Err(error) = tabled(folder, |_, _, _| {}) else { panic!("{folder} was loaded") };
            let name =
                if folder.starts_with("t5") { "no tensor shared.weight" } else { "no tensor model.shared.weight" };
            assert!(error.to_string().contains(name), "{folder}: {error}");
        }
    }

    #[test]
    fn an_output_layer_that_differs_in_one_number_is_one_of_its_own() {
        let scores = |change: fn(&mut [u8])| {
            let model = tabled("families/bart-cnn", |tensors, names, table| {
                let mut bytes = table.data().to_vec();
                change(&mut bytes);
                let other = TensorView::new(table.dtype(), table.shape().into(), Box::leak(bytes.into())).unwrap();
                tensors.extend([(names[0].to_owned(), table), (names[3].to_owned(), other)]);
            });
            best(&model.unwrap())
        };
        let (tied, other) = (scores(|_| {}), scores(|bytes| bytes[24 * 4 * 9 + 3] ^= 0x80));
        let differ: Vec<_> = (0..tied.len()).filter(|token| tied[*token] != other[*token]).collect();
        assert_eq!(differ, [9]);
    }
}
