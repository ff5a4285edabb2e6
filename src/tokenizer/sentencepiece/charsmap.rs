//! The compiled normalisation rules of a SentencePiece model: strings to replace, in a double-array trie.
//!
//! The layout is that of [darts-clone](https://github.com/s-yata/darts-clone): the size of the trie in bytes, its units,
//! and the replacements, each ended by a zero byte.

use super::Malformed;

/// What the longest rule at the start of a text replaces.
#[derive(Debug, Clone)]
pub(super) struct Charsmap {
    units: Vec<u32>,
    replacements: String,
}

impl Charsmap {
    pub(super) fn parse(blob: &[u8]) -> Result<Self, Malformed> {
        let malformed = || Malformed("its normalisation rules are damaged".into());
        let (size, rest) = blob.split_first_chunk().ok_or_else(malformed)?;
        let size = u32::from_le_bytes(*size) as usize;
        let (trie, replacements) = rest.split_at_checked(size).ok_or_else(malformed)?;
        Ok(Self {
            units: trie.chunks_exact(4).map(|unit| u32::from_le_bytes([unit[0], unit[1], unit[2], unit[3]])).collect(),
            replacements: std::str::from_utf8(replacements).map_err(|_| malformed())?.to_owned(),
        })
    }

    /// The longest rule that is a prefix of `text`: how many bytes it replaces, never 0, and by what.
    pub(super) fn longest_prefix(&self, text: &str) -> Option<(usize, &str)> {
        let mut found = None;
        let mut node = self.units.first().map(|&root| offset(root))?;
        for (at, byte) in text.bytes().enumerate() {
            node ^= u32::from(byte);
            let Some(&unit) = self.units.get(node as usize) else { break };
            if label(unit) != u32::from(byte) {
                break;
            }
            node ^= offset(unit);
            if has_leaf(unit) {
                found = self.units.get(node as usize).map(|&leaf| (at + 1, leaf & !(1 << 31)));
            }
        }
        let (length, value) = found?;
        // Rules of a damaged file may cut a character; they are as good as none.
        let rest = self.replacements.get(value as usize..)?;
        text.is_char_boundary(length).then(|| (length, rest.split('\0').next().unwrap_or(rest)))
    }
}

/// From a unit to those below it.
fn offset(unit: u32) -> u32 {
    (unit >> 10) << ((unit & (1 << 9)) >> 6)
}

/// The byte that leads to a unit; with the highest bit set, thus no byte, for one that holds a value.
fn label(unit: u32) -> u32 {
    unit & (1 << 31 | 0xff)
}

/// Whether a rule ends at a unit.
fn has_leaf(unit: u32) -> bool {
    unit >> 8 & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_rules_are_refused_or_match_nothing() {
        assert!(Charsmap::parse(&[1, 0]).is_err());
        assert!(Charsmap::parse(&[9, 0, 0, 0, 1]).is_err());
        assert!(Charsmap::parse(&[0, 0, 0, 0, 0xff]).is_err());
        assert_eq!(Charsmap::parse(&[0, 0, 0, 0]).unwrap().longest_prefix("a"), None);
        let mut blob = 8u32.to_le_bytes().to_vec();
        blob.extend([0xff; 8]);
        assert_eq!(Charsmap::parse(&blob).unwrap().longest_prefix("ab"), None);
    }
}
