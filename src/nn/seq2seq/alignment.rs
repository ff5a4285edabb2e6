//! Which attention says what was translated from what.

use super::{Head, Pair, Seq2Seq};
use crate::error::Result;

impl Seq2Seq {
    /// For each pair how strongly each target token goes back to each source token. `[target * source]`
    ///
    /// `heads` are the heads that align, if the model's files name any (`alignment_heads`). Else it is, for Marian models,
    /// the first head of the last layer, which guided alignment trains to align. Models of other families were not
    /// trained to; for them it is the mean of a middle layer at the step that the token goes into, not the one that it
    /// comes out of (Shift-Att, Chen et al. 2020, <https://arxiv.org/abs/2004.14837>).
    ///
    /// # Errors
    /// If a source or target is empty or longer than the model takes, or there is no such head.
    pub fn alignment(&self, pairs: &[Pair], heads: &[Head]) -> Result<Vec<Vec<f32>>> {
        let decoder = self.config.decoder;
        if !heads.is_empty() {
            return self.attend(pairs, heads);
        }
        if self.config.family.model_type == "marian" {
            return self.attend(pairs, &[(decoder.layers.saturating_sub(1), 0)]);
        }
        let heads: Vec<Head> = (0..decoder.heads).map(|head| (decoder.layers / 2, head)).collect();
        let mut attention = self.attend(pairs, &heads)?;
        for (attention, pair) in attention.iter_mut().zip(pairs) {
            shift(attention, pair.source.len());
        }
        Ok(attention)
    }
}

/// Moves the rows of `[target * source]` up by one; the last stays as well.
fn shift(attention: &mut [f32], source: usize) {
    if source < attention.len() {
        attention.copy_within(source.., 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_moves_up_one_token() {
        let mut attention = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        shift(&mut attention, 2);
        assert_eq!(attention, [3.0, 4.0, 5.0, 6.0, 5.0, 6.0]);
        shift(&mut attention, 6);
        assert_eq!(attention, [3.0, 4.0, 5.0, 6.0, 5.0, 6.0]);
    }
}
