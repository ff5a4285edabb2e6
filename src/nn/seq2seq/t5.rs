//! T5, Flan-T5, mT5 and MADLAD-400: the same network with relative positions, root-mean-square norms and no biases.
//!
//! References: <https://arxiv.org/abs/1910.10683>, and `modeling_t5.py` in
//! <https://github.com/huggingface/transformers/tree/main/src/transformers/models/t5>.

use super::config::{Config, Family, Positions, Stack, max_positions, refuse_switches};
use super::layers::{Around, DecoderLayer, EncoderLayer, FeedForward, Gate};
use super::load::{TableNames, Tables, start_token};
use super::{Decoder, Encoder, Seq2Seq};
use crate::error::{Error, Result};
use crate::model::Files;
use crate::nn::activation::Activation;
use crate::nn::attention::{Buckets, CrossAttention, Heads, Projections, RelativeBias, SelfAttention};
use crate::nn::device::{Placement, Precision};
use crate::nn::embedding::{Embeddings, Tokens};
use crate::nn::fields::Fields;
use crate::nn::linear::Linear;
use crate::nn::loader::Loader;
use crate::nn::norm::Norm;
use crate::nn::output::Output;
use crate::nn::{memory, weights};

/// The two names that the network has.
pub(super) static FAMILIES: &[Family] = &[family("t5", "relu"), family("mt5", "gated-gelu")];

const fn family(model_type: &'static str, activation: &'static str) -> Family {
    Family {
        model_type,
        norm_first: true,
        embedding_norm: false,
        final_norm: true,
        positions: Positions::Relative,
        logits_bias: false,
        stray_output: false,
        scale_embedding: false,
        activation,
        int8_by_default: false,
    }
}

/// Tokens in a source where the configuration does not say: what T5 was trained with. Relative positions know no end.
const MAX_POSITIONS: usize = 512;

pub(super) const TABLES: &TableNames = &TableNames {
    shared: "shared.weight",
    source: "encoder.embed_tokens.weight",
    target: "decoder.embed_tokens.weight",
    output: "lm_head.weight",
    in_turn: ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"],
};

const PROJECTIONS: &Projections = &Projections { qkv: ["q", "k", "v"], out: "o", bias: false };

/// A table that old checkpoints carry and nothing reads: attention to the source knows no positions.
const UNREAD: &str = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";

/// What `config.json` says beyond [`Config`].
#[derive(Debug, Clone, PartialEq)]
struct Switches {
    /// Size of a head, which need not divide the hidden size.
    d_kv: usize,
    gated: bool,
    eps: f32,
    buckets: Buckets,
}

/// The family, if `model_type` is one of these.
pub(super) fn family_of(model_type: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.model_type == model_type)
}

/// Loads a model of a family of this module.
pub(super) fn load(
    files: &dyn Files,
    fields: &Fields,
    placement: &Placement,
    family: &'static Family,
) -> Result<Seq2Seq> {
    let (config, switches) = read(fields, family)?;
    let placement = &placement.for_family(family.int8_by_default);
    if !placement.fused && placement.precision() == Precision::F16 {
        return Err(Error::Option {
            what: "precision",
            value: "f16".into(),
            reason: "the hidden states of T5 models are too large for it; take bf16 or f32".into(),
        });
    }
    let start = start_token(files, fields, fields.token("pad_token_id")?)?;
    let loader = Loader::new(&files.model(), weights::open(files)?, placement.clone());
    let tables = Tables::find(&loader, TABLES, &config)?;
    memory::check(&files.model(), loader.parameters(|name| name != tables.output && TABLES.has(name)), placement)?;
    let shape = [config.target_vocab, config.d_model];
    let output = Output::load(&loader, tables.output, None, shape)?;
    let tokens = |name| Tokens::load(&loader, name, shape, 1.0);
    let (source, target) = (tokens(tables.source)?, tokens(tables.target)?);
    let parts = Parts { config: &config, switches: &switches };
    let encoder = parts.encoder(&loader.at("encoder"), source)?;
    let decoder = parts.decoder(&loader.at("decoder"), target)?;
    loader.finish(|name| name == UNREAD || TABLES.has(name))?;
    Ok(Seq2Seq { config, placement: placement.clone(), start, encoder, decoder, output })
}

fn read(fields: &Fields, family: &'static Family) -> Result<(Config, Switches)> {
    refuse_switches(fields, family)?;
    let size = |name| fields.need(name, fields.size(name)?.filter(|size| *size > 0));
    let (d_model, vocab, layers) = (size("d_model")?, size("vocab_size")?, size("num_layers")?);
    let stack = |layers| Ok::<_, Error>(Stack { layers, heads: size("num_heads")?, ffn: size("d_ff")? });
    let (activation, gated) = feed_forward(fields, family)?;
    // The reference ties the output layer unless the checkpoint has another, and takes the field of the first T5 for
    // whether to scale. Later configurations say that by a field of its own.
    let scaled = match fields.flag("scale_decoder_outputs")? {
        Some(scaled) => scaled,
        None => family.model_type == "t5" && fields.flag("tie_word_embeddings")?.unwrap_or(true),
    };
    let config = Config {
        family,
        d_model,
        source_vocab: vocab,
        target_vocab: vocab,
        encoder: stack(layers)?,
        decoder: stack(fields.size("num_decoder_layers")?.unwrap_or(layers))?,
        activation,
        embedding_scale: 1.0,
        max_positions: max_positions(fields, "n_positions", MAX_POSITIONS)?,
        position_offset: 0,
        shared_embeddings: true,
        tied_output: true,
        output_scale: if scaled { (d_model as f32).sqrt().recip() } else { 1.0 },
    };
    let buckets = Buckets {
        count: fields.size("relative_attention_num_buckets")?.unwrap_or(32),
        max_distance: fields.size("relative_attention_max_distance")?.unwrap_or(128),
    };
    if !buckets.are_possible() {
        return Err(
            fields.refuse("relative_attention_num_buckets", "there must be at least 4, and some distances for all")
        );
    }
    let eps = fields.number("layer_norm_epsilon")?.unwrap_or(1e-6);
    Ok((config, Switches { d_kv: size("d_kv")?, gated, eps, buckets }))
}

/// The activation of `feed_forward_proj`, and whether it gates.
fn feed_forward(fields: &Fields, family: &Family) -> Result<(Activation, bool)> {
    let name = fields.text("feed_forward_proj")?.unwrap_or(family.activation);
    let (name, gated) = match name.strip_prefix("gated-") {
        // The reference takes the approximation for it.
        Some("gelu") => ("gelu_new", true),
        Some(gated) => (gated, true),
        None => (name, false),
    };
    let known = || {
        fields.refuse("feed_forward_proj", format!("{}, also with gated- before it, are known", Activation::names()))
    };
    Ok((Activation::named(name).ok_or_else(known)?, gated))
}

/// Builds the two stacks.
struct Parts<'a> {
    config: &'a Config,
    switches: &'a Switches,
}

impl Parts<'_> {
    fn encoder(&self, loader: &Loader, tokens: Tokens) -> Result<Encoder> {
        let stack = self.config.encoder;
        let layer = |i| {
            let loader = loader.at("block").at(i).at("layer");
            Ok(EncoderLayer {
                attention: self.attention(&loader.at(0), stack)?,
                feed_forward: self.feed_forward(&loader.at(1), stack)?,
            })
        };
        Ok(Encoder {
            embeddings: Embeddings { tokens, positions: None, norm: None },
            bias: Some(self.bias(loader, stack, true)?),
            layers: (0..stack.layers).map(layer).collect::<Result<_>>()?,
            norm: Some(self.norm(loader, "final_layer_norm")?),
        })
    }

    fn decoder(&self, loader: &Loader, tokens: Tokens) -> Result<Decoder> {
        let stack = self.config.decoder;
        let layer = |i| {
            let loader = loader.at("block").at(i).at("layer");
            let (cross, heads) = (loader.at(1), self.heads(stack));
            Ok(DecoderLayer {
                attention: self.attention(&loader.at(0), stack)?,
                cross: CrossAttention::load(&cross.at("EncDecAttention"), PROJECTIONS, heads, self.config.d_model)?,
                around_cross: self.around(&cross)?,
                feed_forward: self.feed_forward(&loader.at(2), stack)?,
            })
        };
        Ok(Decoder {
            embeddings: Embeddings { tokens, positions: None, norm: None },
            bias: Some(self.bias(loader, stack, false)?),
            layers: (0..stack.layers).map(layer).collect::<Result<_>>()?,
            norm: Some(self.norm(loader, "final_layer_norm")?),
        })
    }

    /// The first layer has it for all.
    fn bias(&self, loader: &Loader, stack: Stack, both: bool) -> Result<RelativeBias> {
        let loader = loader.at("block.0.layer.0.SelfAttention");
        RelativeBias::load(&loader, "relative_attention_bias.weight", stack.heads, (self.switches.buckets, both))
    }

    fn attention(&self, loader: &Loader, stack: Stack) -> Result<(SelfAttention, Around)> {
        let (heads, d) = (self.heads(stack), self.config.d_model);
        Ok((SelfAttention::load(&loader.at("SelfAttention"), PROJECTIONS, heads, d)?, self.around(loader)?))
    }

    fn feed_forward(&self, loader: &Loader, stack: Stack) -> Result<(FeedForward, Around)> {
        let (dense, d) = (loader.at("DenseReluDense"), self.config.d_model);
        let names: &[&str] = if self.switches.gated { &["wi_0", "wi_1"] } else { &["wi"] };
        let feed_forward = FeedForward {
            fc1: Linear::without_bias(&dense, names, [d, stack.ffn])?,
            fc2: Linear::without_bias(&dense, &["wo"], [stack.ffn, d])?,
            activation: self.config.activation,
            gate: if self.switches.gated { Gate::Yes { fused: loader.placement().fused } } else { Gate::No },
        };
        Ok((feed_forward, self.around(loader)?))
    }

    fn around(&self, loader: &Loader) -> Result<Around> {
        Ok(Around { norm: self.norm(loader, "layer_norm")?, first: true })
    }

    fn norm(&self, loader: &Loader, name: &str) -> Result<Norm> {
        Norm::rms(loader, name, self.config.d_model, self.switches.eps)
    }

    /// Products of queries and keys are not scaled: that was learned.
    fn heads(&self, stack: Stack) -> Heads {
        Heads { count: stack.heads, size: self.switches.d_kv, scale: 1.0 }
    }
}

#[cfg(test)]
mod tests;
