//! What `config.json` says of an encoder-decoder, and what its family fixes.

use super::t5;
use crate::error::Result;
use crate::nn::activation::Activation;
use crate::nn::fields::Fields;
use crate::nn::position::Formula;

/// Everything in which one encoder-decoder differs from another.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The family.
    pub(super) family: &'static Family,
    /// Size of the hidden states.
    pub d_model: usize,
    /// Number of source tokens.
    pub source_vocab: usize,
    /// Number of target tokens.
    pub target_vocab: usize,
    /// The encoder's layers.
    pub encoder: Stack,
    /// The decoder's layers.
    pub decoder: Stack,
    /// Between the two products of a feed-forward block.
    pub activation: Activation,
    /// What token embeddings are multiplied with.
    pub embedding_scale: f32,
    /// Most tokens in a source or a target.
    pub max_positions: usize,
    /// Rows of the table of positions before that of the first token.
    pub position_offset: usize,
    /// Whether encoder and decoder have one table of embeddings.
    pub shared_embeddings: bool,
    /// Whether the output layer is the decoder's table of embeddings.
    pub tied_output: bool,
    /// What hidden states are multiplied with before the output layer.
    pub output_scale: f32,
}

/// The size of the encoder or the decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stack {
    /// Number of layers.
    pub layers: usize,
    /// Attention heads in a layer.
    pub heads: usize,
    /// Size of the hidden states inside a feed-forward block.
    pub ffn: usize,
}

/// What the reference implementation of a family fixes, whatever the configuration says.
#[derive(Debug, PartialEq)]
pub(super) struct Family {
    /// `model_type` in `config.json`.
    pub(super) model_type: &'static str,
    /// Whether the norm of a block comes before it rather than after the residual is added.
    pub(super) norm_first: bool,
    /// Whether embeddings are normed before the first layer.
    pub(super) embedding_norm: bool,
    /// Whether the last hidden states are normed.
    pub(super) final_norm: bool,
    /// How positions are told.
    pub(super) positions: Positions,
    /// Whether scores get `final_logits_bias`.
    pub(super) logits_bias: bool,
    /// Whether an output layer of its own is passed over where the configuration says that it is tied.
    ///
    /// Some conversions of Marian models carry an `lm_head.weight` that differs from the embeddings and is wrong:
    /// <https://github.com/huggingface/transformers/issues/45005>.
    pub(super) stray_output: bool,
    /// `scale_embedding` where the configuration does not say.
    pub(super) scale_embedding: bool,
    /// `activation_function` where the configuration does not say.
    pub(super) activation: &'static str,
    /// Whether eight-bit integers were measured to keep the quality, so that they are taken where nothing is said.
    pub(super) int8_by_default: bool,
}

/// How a family tells positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Positions {
    /// A learned table whose first rows, so many, are not used.
    Learned(usize),
    /// A formula, from the first position on.
    Sinusoid(Formula),
    /// A formula, from the position after the id of the padding token on, which has none itself.
    AfterPadding(Formula),
    /// Not at all: attention tells how far tokens lie apart.
    Relative,
}

/// Most positions that a table is made for: far more than any model has, and few enough to fit into memory.
const MOST_POSITIONS: usize = 1 << 20;

/// The families, by `model_type`. The reference is
/// <https://github.com/huggingface/transformers/tree/main/src/transformers/models>.
pub(super) static FAMILIES: &[Family] = &[
    Family {
        model_type: "marian",
        norm_first: false,
        embedding_norm: false,
        final_norm: false,
        positions: Positions::Sinusoid(Formula::Interleaved),
        logits_bias: true,
        stray_output: true,
        scale_embedding: false,
        activation: "gelu",
        int8_by_default: true,
    },
    Family {
        model_type: "bart",
        norm_first: false,
        embedding_norm: true,
        final_norm: false,
        positions: Positions::Learned(2),
        logits_bias: true,
        stray_output: false,
        scale_embedding: false,
        activation: "gelu",
        int8_by_default: false,
    },
    Family {
        model_type: "mbart",
        norm_first: true,
        embedding_norm: true,
        final_norm: true,
        positions: Positions::Learned(2),
        logits_bias: true,
        stray_output: false,
        scale_embedding: false,
        activation: "gelu",
        int8_by_default: false,
    },
    Family {
        model_type: "pegasus",
        norm_first: true,
        embedding_norm: false,
        final_norm: true,
        positions: Positions::Sinusoid(Formula::Interleaved),
        logits_bias: true,
        stray_output: false,
        scale_embedding: false,
        activation: "gelu",
        int8_by_default: false,
    },
    Family {
        model_type: "m2m_100",
        norm_first: true,
        embedding_norm: false,
        final_norm: true,
        positions: Positions::AfterPadding(Formula::Halves),
        logits_bias: false,
        stray_output: false,
        scale_embedding: true,
        activation: "relu",
        int8_by_default: false,
    },
];

/// Switches of older configurations. The reference implementation no longer reads them, because each family fixes them;
/// a model that has one the other way was never the network that the reference runs.
type Switch = (&'static str, fn(&Family) -> bool);

static SWITCHES: &[Switch] = &[
    ("normalize_before", |family| family.norm_first),
    ("normalize_embedding", |family| family.embedding_norm),
    ("add_final_layer_norm", |family| family.final_norm),
    ("static_position_embeddings", |family| !matches!(family.positions, Positions::Learned(_))),
    ("add_bias_logits", |_| false),
    ("do_blenderbot_90_layernorm", |_| false),
    ("is_encoder_decoder", |_| true),
];

/// Whether `model_type` is one of an encoder-decoder of this module.
pub fn is_known(model_type: &str) -> bool {
    FAMILIES.iter().chain(t5::FAMILIES).any(|family| family.model_type == model_type)
}

impl Config {
    /// Reads `config.json`.
    pub(in crate::nn) fn read(fields: &Fields) -> Result<Self> {
        let model_type = fields.need("model_type", fields.text("model_type")?)?;
        let known = || FAMILIES.iter().map(|family| family.model_type).collect::<Vec<_>>().join(", ");
        let family = FAMILIES
            .iter()
            .find(|family| family.model_type == model_type)
            .ok_or_else(|| fields.refuse("model_type", format!("the encoder-decoder knows {}", known())))?;
        refuse_switches(fields, family)?;

        let d_model = fields.need("d_model", fields.size("d_model")?)?;
        let source_vocab = fields.need("vocab_size", fields.size("vocab_size")?)?;
        let shared_embeddings = fields.flag("share_encoder_decoder_embeddings")?.unwrap_or(true);
        let target_vocab = match fields.size("decoder_vocab_size")? {
            Some(size) if !shared_embeddings => size,
            _ => source_vocab,
        };
        let padding = fields.token("pad_token_id")?;
        if padding.is_some_and(|padding| padding as usize >= source_vocab) {
            return Err(fields.refuse("pad_token_id", format!("the vocabulary has {source_vocab} tokens")));
        }
        let activation = fields.text("activation_function")?.unwrap_or(family.activation);
        let activation = Activation::named(activation)
            .ok_or_else(|| fields.refuse("activation_function", format!("{} are known", Activation::names())))?;
        let scaled = fields.flag("scale_embedding")?.unwrap_or(family.scale_embedding);
        Ok(Self {
            family,
            d_model,
            source_vocab,
            target_vocab,
            encoder: Stack::read(fields, "encoder", d_model)?,
            decoder: Stack::read(fields, "decoder", d_model)?,
            activation,
            embedding_scale: if scaled { (d_model as f32).sqrt() } else { 1.0 },
            max_positions: max_positions(fields, "max_position_embeddings", 1024)?,
            position_offset: match family.positions {
                Positions::Learned(unused) => unused,
                Positions::Sinusoid(_) | Positions::Relative => 0,
                Positions::AfterPadding(_) => padding.unwrap_or(1) as usize + 1,
            },
            shared_embeddings,
            tied_output: fields.flag("tie_word_embeddings")?.unwrap_or(true),
            output_scale: 1.0,
        })
    }
}

/// Most tokens in a source or a target, from the field `name`.
pub(super) fn max_positions(fields: &Fields, name: &str, usual: usize) -> Result<usize> {
    let positions = fields.size(name)?.unwrap_or(usual);
    let most = MOST_POSITIONS;
    let possible = (1..=most).contains(&positions);
    possible.then_some(positions).ok_or_else(|| fields.refuse(name, format!("there are 1 to {most}")))
}

impl Stack {
    fn read(fields: &Fields, part: &str, d_model: usize) -> Result<Self> {
        let need = |name: String| fields.need(&name, fields.size(&name)?);
        let stack = Self {
            layers: need(format!("{part}_layers"))?,
            heads: need(format!("{part}_attention_heads"))?,
            ffn: need(format!("{part}_ffn_dim"))?,
        };
        if stack.heads == 0 || !d_model.is_multiple_of(stack.heads) {
            let name = format!("{part}_attention_heads");
            return Err(fields.refuse(&name, format!("it does not divide d_model = {d_model}")));
        }
        Ok(stack)
    }
}

pub(super) fn refuse_switches(fields: &Fields, family: &Family) -> Result<()> {
    for (name, value) in SWITCHES {
        let value = value(family);
        if fields.flag(name)?.is_some_and(|found| found != value) {
            return Err(fields.refuse(name, format!("{} models run with {value} only", family.model_type)));
        }
    }
    if fields.value("quantization_config").is_some() {
        return Err(fields.refuse("quantization_config", "weights must be f32, f16 or bf16"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn marian() -> Value {
        json!({"model_type": "marian", "d_model": 512, "vocab_size": 62834, "decoder_vocab_size": 62834,
               "encoder_layers": 6, "encoder_attention_heads": 8, "encoder_ffn_dim": 2048,
               "decoder_layers": 6, "decoder_attention_heads": 8, "decoder_ffn_dim": 2048,
               "activation_function": "swish", "max_position_embeddings": 512, "normalize_before": false,
               "scale_embedding": true, "static_position_embeddings": true, "num_beams": null,
               "forced_eos_token_id": null, "id2label": {"0": "LABEL_0"}})
    }

    fn read(value: Value) -> Result<Config> {
        Config::read(&Fields::of(value))
    }

    fn with(name: &str, value: Value) -> Value {
        let mut config = marian();
        config[name] = value;
        config
    }

    #[test]
    fn an_opus_configuration_is_read() {
        let config = read(marian()).unwrap();
        assert_eq!((config.d_model, config.source_vocab, config.target_vocab), (512, 62834, 62834));
        assert_eq!(config.encoder, Stack { layers: 6, heads: 8, ffn: 2048 });
        assert_eq!(config.embedding_scale, 512f32.sqrt());
        assert!(config.shared_embeddings && config.tied_output);
        assert_eq!((config.max_positions, config.position_offset), (512, 0));
    }

    #[test]
    fn positions_of_m2m100_begin_after_the_padding_token() {
        let mut value = with("model_type", json!("m2m_100"));
        value["pad_token_id"] = json!(1);
        value["normalize_before"] = Value::Null;
        assert_eq!(read(value.clone()).unwrap().position_offset, 2);
        // A table of positions of that size fits into no memory.
        value["pad_token_id"] = json!(4_294_967_000u32);
        assert!(read(value).unwrap_err().to_string().contains("pad_token_id"));
    }

    #[test]
    fn what_the_engine_does_not_have_is_refused_by_name() {
        for (name, value) in [
            ("model_type", json!("whisper")),
            ("model_type", Value::Null),
            ("activation_function", json!("mish")),
            ("normalize_before", json!(true)),
            ("normalize_embedding", json!(true)),
            ("static_position_embeddings", json!(false)),
            ("is_encoder_decoder", json!(false)),
            ("quantization_config", json!({"quant_method": "gptq"})),
            ("encoder_attention_heads", json!(7)),
            ("decoder_layers", json!("six")),
            ("max_position_embeddings", json!(0)),
            ("max_position_embeddings", json!(u64::MAX)),
            ("pad_token_id", json!(62834)),
            ("pad_token_id", json!(u32::MAX)),
            ("d_model", Value::Null),
        ] {
            let error = read(with(name, value)).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
            assert!(error.hint().is_some());
        }
    }

    #[test]
    fn families_have_names_of_their_own_and_activations_that_are_known() {
        for (i, family) in FAMILIES.iter().enumerate() {
            assert!(is_known(family.model_type));
            assert!(FAMILIES[..i].iter().all(|other| other.model_type != family.model_type));
            assert!(Activation::named(family.activation).is_some());
        }
        assert!(is_known("mt5") && !is_known("gpt2"));
    }
}
