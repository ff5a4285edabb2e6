//! The layers of an encoder and of a decoder.

use candle_core::{Result, Tensor};

use super::config::{Config, Stack};
use crate::error;
use crate::nn::activation::Activation;
use crate::nn::attention::{CrossAttention, Heads, Projections, SelfAttention};
use crate::nn::linear::Linear;
use crate::nn::loader::Loader;
use crate::nn::norm::Norm;

/// What surrounds the parts of a layer: the residual connection and the norm, before the part or after the sum.
#[derive(Debug)]
pub(super) struct Around {
    pub(super) norm: Norm,
    pub(super) first: bool,
}

impl Around {
    fn load(loader: &Loader, name: &str, config: &Config) -> error::Result<Self> {
        Ok(Self { norm: Norm::layer(loader, name, config.d_model)?, first: config.family.norm_first })
    }

    fn forward(&self, x: &Tensor, part: impl FnOnce(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
        if self.first { x + part(&self.norm.forward(x)?)? } else { self.norm.forward_sum(x, &part(x)?) }
    }
}

/// Two linear layers with an activation between them.
#[derive(Debug)]
pub(super) struct FeedForward {
    pub(super) fc1: Linear,
    pub(super) fc2: Linear,
    pub(super) activation: Activation,
    pub(super) gate: Gate,
}

/// Whether half of what comes out of the first linear layer only says how much of the other half goes on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Gate {
    No,
    /// Computed by this crate's own code or by candle.
    Yes {
        fused: bool,
    },
}

impl FeedForward {
    fn load(loader: &Loader, config: &Config, ffn: usize) -> error::Result<Self> {
        Ok(Self {
            fc1: Linear::load(loader, "fc1", config.d_model, ffn)?,
            fc2: Linear::load(loader, "fc2", ffn, config.d_model)?,
            activation: config.activation,
            gate: Gate::No,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.fc2.forward(&match self.gate {
            Gate::No => self.fc1.forward_with(x, self.activation)?,
            Gate::Yes { fused } => self.activation.gate(&self.fc1.forward(x)?, fused)?,
        })
    }
}

fn heads(config: &Config, stack: Stack) -> Heads {
    Heads::new(stack.heads, config.d_model / stack.heads)
}

const PROJECTIONS: &Projections = &Projections { qkv: ["q_proj", "k_proj", "v_proj"], out: "out_proj", bias: true };

/// A layer of an encoder.
#[derive(Debug)]
pub(super) struct EncoderLayer {
    pub(super) attention: (SelfAttention, Around),
    pub(super) feed_forward: (FeedForward, Around),
}

impl EncoderLayer {
    pub(super) fn load(loader: &Loader, config: &Config) -> error::Result<Self> {
        Ok(Self {
            attention: (
                SelfAttention::load(
                    &loader.at("self_attn"),
                    PROJECTIONS,
                    heads(config, config.encoder),
                    config.d_model,
                )?,
                Around::load(loader, "self_attn_layer_norm", config)?,
            ),
            feed_forward: (
                FeedForward::load(loader, config, config.encoder.ffn)?,
                Around::load(loader, "final_layer_norm", config)?,
            ),
        })
    }

    /// `attend` says over which tokens.
    pub(super) fn forward(
        &self,
        x: &Tensor,
        attend: impl FnOnce(&SelfAttention, &Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let (attention, around) = &self.attention;
        let x = around.forward(x, |x| attend(attention, x))?;
        let (feed_forward, around) = &self.feed_forward;
        around.forward(&x, |x| feed_forward.forward(x))
    }
}

/// A layer of a decoder.
#[derive(Debug)]
pub(super) struct DecoderLayer {
    pub(super) attention: (SelfAttention, Around),
    /// Also used by itself, for the keys and values of the sources.
    pub(super) cross: CrossAttention,
    pub(super) around_cross: Around,
    pub(super) feed_forward: (FeedForward, Around),
}

impl DecoderLayer {
    pub(super) fn load(loader: &Loader, config: &Config) -> error::Result<Self> {
        let heads = heads(config, config.decoder);
        Ok(Self {
            attention: (
                SelfAttention::load(&loader.at("self_attn"), PROJECTIONS, heads, config.d_model)?,
                Around::load(loader, "self_attn_layer_norm", config)?,
            ),
            cross: CrossAttention::load(&loader.at("encoder_attn"), PROJECTIONS, heads, config.d_model)?,
            around_cross: Around::load(loader, "encoder_attn_layer_norm", config)?,
            feed_forward: (
                FeedForward::load(loader, config, config.decoder.ffn)?,
                Around::load(loader, "final_layer_norm", config)?,
            ),
        })
    }

    /// `attend` and `attend_source` say over which tokens.
    pub(super) fn forward(
        &self,
        x: &Tensor,
        attend: impl FnOnce(&SelfAttention, &Tensor) -> Result<Tensor>,
        attend_source: impl FnOnce(&CrossAttention, &Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let (attention, around) = &self.attention;
        let x = around.forward(x, |x| attend(attention, x))?;
        let x = self.around_cross.forward(&x, |x| attend_source(&self.cross, x))?;
        let (feed_forward, around) = &self.feed_forward;
        around.forward(&x, |x| feed_forward.forward(x))
    }
}
