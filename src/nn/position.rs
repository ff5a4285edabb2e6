//! Tables of positions by the two formulas in use.

/// How a table of sinusoid positions is computed; in both, the sines fill the first half of a row, the cosines the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// Wavelengths `10000^(2i/d)`, as in "Attention is all you need" (<https://arxiv.org/abs/1706.03762>, 3.5): Marian
    /// and Pegasus.
    Interleaved,
    /// Wavelengths `10000^(i/(d/2-1))`, as in tensor2tensor and fairseq: M2M100 and NLLB.
    Halves,
}

impl Formula {
    /// The first `rows` rows of the table for hidden states of size `d`. `[rows * d]`
    pub fn table(self, rows: usize, d: usize) -> Vec<f32> {
        let sines = d.div_ceil(2);
        let mut table = vec![0.0; rows * d];
        for (position, row) in table.chunks_exact_mut(d.max(1)).enumerate() {
            let (sin, cos) = row.split_at_mut(sines);
            for (i, value) in sin.iter_mut().enumerate() {
                *value = self.angle(position, i, d).sin() as f32;
            }
            for (i, value) in cos.iter_mut().enumerate() {
                *value = self.angle(position, i, d).cos() as f32;
            }
        }
        table
    }

    fn angle(self, position: usize, i: usize, d: usize) -> f64 {
        match self {
            Self::Interleaved => position as f64 / 10000f64.powf(2.0 * i as f64 / d as f64),
            // The reference computes this one in single precision; following it keeps far positions equal to its own.
            Self::Halves => {
                let step = 10000f64.ln() / ((d / 2) as f64 - 1.0);
                let frequency = (i as f32 * -(step as f32)).exp();
                f64::from(position as f32 * frequency)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values computed with numpy as in `MarianSinusoidalPositionalEmbedding` and with torch as in
    /// `M2M100SinusoidalPositionalEmbedding`, d = 8.
    #[test]
    fn tables_are_those_of_the_references() {
        let close = |table: &[f32], expected: &[f32]| {
            assert!(table.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{table:?} {expected:?}");
        };
        close(&Formula::Interleaved.table(2, 8)[..8], &[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        close(&Formula::Interleaved.table(8, 8)[56..], INTERLEAVED_7);
        close(&Formula::Halves.table(8, 8)[56..], HALVES_7);
    }

    const INTERLEAVED_7: &[f32] =
        &[0.656987, 0.644218, 0.06994285, 0.006999943, 0.753902, 0.764842, 0.997551, 0.999976];
    const HALVES_7: &[f32] = &[0.656987, 0.319225, 0.01508047, 0.0006999999, 0.753902, 0.947679, 0.999886, 1.000000];
}
