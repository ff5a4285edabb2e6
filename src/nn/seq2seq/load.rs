//! An encoder-decoder out of the files of a model.

use super::config::{Config, Positions as Kind};
use super::layers::{DecoderLayer, EncoderLayer};
use super::{Decoder, Encoder, Seq2Seq};
use crate::error::Result;
use crate::model::Files;
use crate::nn::device::Placement;
use crate::nn::embedding::{Embeddings, Positions, Tokens};
use crate::nn::fields::Fields;
use crate::nn::generation::GenerationConfig;
use crate::nn::linear::{Linear, Part};
use crate::nn::loader::Loader;
use crate::nn::norm::Norm;
use crate::nn::weights;

/// Tensors that checkpoints carry and that nothing reads: positions that are computed, and the version of a converter.
static UNREAD: &[&str] = &[
    "model.encoder.embed_positions.weight",
    "model.decoder.embed_positions.weight",
    "model.encoder.embed_positions.weights",
    "model.decoder.embed_positions.weights",
    "model.encoder.version",
    "model.decoder.version",
];

/// The names under which checkpoints have tables of embeddings.
const SHARED: &str = "model.shared.weight";
const SOURCE: &str = "model.encoder.embed_tokens.weight";
const TARGET: &str = "model.decoder.embed_tokens.weight";
const OUTPUT: &str = "lm_head.weight";
static TABLES: &[&str] = &[SHARED, TARGET, SOURCE, OUTPUT];

impl Seq2Seq {
    /// Loads a model in Hugging Face layout.
    ///
    /// # Errors
    /// If a file is missing or wrong, `config.json` asks for something that this engine does not have, or a tensor is
    /// missing, of the wrong shape, or left over.
    pub fn load(files: &dyn Files, placement: &Placement) -> Result<Self> {
        let fields = Fields::load(files, "config.json")?;
        let config = Config::read(&fields)?;
        let generation = GenerationConfig::read(files, None)?;
        let start = generation.decoder_start_token_id.or(generation.bos_token_id);
        let start = fields.need("decoder_start_token_id", start)?;
        let loader = Loader::new(&files.model(), weights::open(files)?, placement.clone());
        let tables = Tables::find(&loader, &config)?;
        // The output layer first: while it is packed it is there twice, and it is the largest.
        let output = output(&loader, tables.output, &config)?;
        let tokens = |name, vocab| Tokens::load(&loader, name, [vocab, config.d_model], config.embedding_scale);
        let encoder = encoder(&loader.at("model.encoder"), &config, tokens(tables.source, config.source_vocab)?)?;
        let decoder = decoder(&loader.at("model.decoder"), &config, tokens(tables.target, config.target_vocab)?)?;
        loader.finish(|name| UNREAD.contains(&name) || TABLES.contains(&name))?;
        Ok(Self { config, placement: placement.clone(), start, encoder, decoder, output })
    }
}

/// Which table of embeddings is used where.
#[derive(Debug, PartialEq, Eq)]
struct Tables {
    source: &'static str,
    target: &'static str,
    output: &'static str,
}

impl Tables {
    fn find(loader: &Loader, config: &Config) -> Result<Self> {
        let (source, target) = match config.shared_embeddings {
            true => (tied(loader, SOURCE, SHARED)?, tied(loader, TARGET, SHARED)?),
            false => (SOURCE, TARGET),
        };
        let output = match config.tied_output {
            true if config.family.stray_output => target,
            true => tied(loader, OUTPUT, target)?,
            false => OUTPUT,
        };
        Ok(Self { source, target, output })
    }
}

/// The name of a table that the configuration says is the same as `other`. A checkpoint may have it once under any name;
/// where it has both and they differ, the reference uses each for itself.
fn tied(loader: &Loader, own: &'static str, other: &'static str) -> Result<&'static str> {
    if !loader.has(other)? {
        let mut found = TABLES.iter().filter_map(|name| loader.has(name).map(|has| has.then_some(*name)).transpose());
        return found.next().unwrap_or(Ok(other));
    }
    Ok(if loader.has(own)? && !loader.same(own, other)? { own } else { other })
}

fn output(loader: &Loader, name: &str, config: &Config) -> Result<Linear> {
    let shape = [1, config.target_vocab];
    let bias = if config.family.logits_bias && loader.has("final_logits_bias")? {
        Some(("final_logits_bias", &shape[..]))
    } else {
        None
    };
    Linear::of(loader, &[Part { weight: name, bias, outputs: config.target_vocab }], config.d_model)
}

fn encoder(loader: &Loader, config: &Config, tokens: Tokens) -> Result<Encoder> {
    let layers = (0..config.encoder.layers).map(|i| EncoderLayer::load(&loader.at("layers").at(i), config));
    Ok(Encoder {
        layers: layers.collect::<Result<_>>()?,
        embeddings: embeddings(loader, config, tokens)?,
        norm: norm(loader, "layer_norm", config.family.final_norm, config)?,
    })
}

fn decoder(loader: &Loader, config: &Config, tokens: Tokens) -> Result<Decoder> {
    let layers = (0..config.decoder.layers).map(|i| DecoderLayer::load(&loader.at("layers").at(i), config));
    Ok(Decoder {
        layers: layers.collect::<Result<_>>()?,
        embeddings: embeddings(loader, config, tokens)?,
        norm: norm(loader, "layer_norm", config.family.final_norm, config)?,
    })
}

fn embeddings(loader: &Loader, config: &Config, tokens: Tokens) -> Result<Embeddings> {
    let (offset, size) = (config.position_offset, [config.max_positions, config.d_model]);
    let positions = match config.family.positions {
        Kind::Learned(_) => Positions::learned(loader, "embed_positions.weight", offset, size)?,
        Kind::Sinusoid(formula) | Kind::AfterPadding(formula) => Positions::sinusoid(loader, formula, offset, size)?,
    };
    let norm = norm(loader, "layernorm_embedding", config.family.embedding_norm, config)?;
    Ok(Embeddings { tokens, positions, norm })
}

fn norm(loader: &Loader, name: &str, is_there: bool, config: &Config) -> Result<Option<Norm>> {
    is_there.then(|| Norm::layer(loader, name, config.d_model)).transpose()
}
