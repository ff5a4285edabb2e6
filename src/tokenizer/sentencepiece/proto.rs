//! The fields of a SentencePiece model file that segmentation needs, read from its protocol buffer.
//!
//! Field numbers are those of
//! [`sentencepiece_model.proto`](https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto);
//! the encoding is described in <https://protobuf.dev/programming-guides/encoding/>. The file may come from anywhere, so
//! every length is checked before it is believed, and nothing is allocated that the file does not itself hold.

use super::Malformed;

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    #[default]
    Normal,
    Unknown,
    Control,
    UserDefined,
    Unused,
    Byte,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) score: f32,
    pub(super) kind: Kind,
}

/// How pieces are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Algorithm {
    #[default]
    Unigram,
    Bpe,
    Word,
    Char,
}

#[derive(Debug, Clone)]
pub(super) struct Model<'a> {
    pub(super) pieces: Vec<Piece<'a>>,
    pub(super) algorithm: Algorithm,
    pub(super) byte_fallback: bool,
    pub(super) whitespace_as_suffix: bool,
    pub(super) unknown_surface: &'a str,
    pub(super) charsmap: &'a [u8],
    pub(super) add_dummy_prefix: bool,
    pub(super) remove_extra_whitespaces: bool,
    pub(super) escape_whitespaces: bool,
    pub(super) denormalizer: bool,
}

impl<'a> Model<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut model = Self {
            pieces: Vec::new(),
            algorithm: Algorithm::default(),
            byte_fallback: false,
            whitespace_as_suffix: false,
            unknown_surface: " \u{2047} ",
            charsmap: &[],
            add_dummy_prefix: true,
            remove_extra_whitespaces: true,
            escape_whitespaces: true,
            denormalizer: false,
        };
        for field in Fields(bytes) {
            match field? {
                (1, Value::Bytes(piece)) => model.pieces.push(parse_piece(piece)?),
                (2, Value::Bytes(trainer)) => model.read_trainer(trainer)?,
                (3, Value::Bytes(normalizer)) => model.read_normalizer(normalizer)?,
                (5, Value::Bytes(denormalizer)) => {
                    for field in Fields(denormalizer) {
                        model.denormalizer |= matches!(field?, (2, Value::Bytes(map)) if !map.is_empty());
                    }
                }
                _ => {}
            }
        }
        Ok(model)
    }

    fn read_trainer(&mut self, bytes: &'a [u8]) -> Result<(), Malformed> {
        for field in Fields(bytes) {
            match field? {
                (3, Value::Varint(1)) => self.algorithm = Algorithm::Unigram,
                (3, Value::Varint(2)) => self.algorithm = Algorithm::Bpe,
                (3, Value::Varint(3)) => self.algorithm = Algorithm::Word,
                (3, Value::Varint(4)) => self.algorithm = Algorithm::Char,
                (24, Value::Varint(on)) => self.whitespace_as_suffix = on != 0,
                (35, Value::Varint(on)) => self.byte_fallback = on != 0,
                (44, Value::Bytes(surface)) => self.unknown_surface = utf8(surface)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_normalizer(&mut self, bytes: &'a [u8]) -> Result<(), Malformed> {
        for field in Fields(bytes) {
            match field? {
                (2, Value::Bytes(charsmap)) => self.charsmap = charsmap,
                (3, Value::Varint(on)) => self.add_dummy_prefix = on != 0,
                (4, Value::Varint(on)) => self.remove_extra_whitespaces = on != 0,
                (5, Value::Varint(on)) => self.escape_whitespaces = on != 0,
                _ => {}
            }
        }
        Ok(())
    }
}

fn parse_piece(bytes: &[u8]) -> Result<Piece<'_>, Malformed> {
    let mut piece = Piece::default();
    for field in Fields(bytes) {
        match field? {
            (1, Value::Bytes(text)) => piece.text = utf8(text)?,
            // Adding nothing turns the -0.0 that a BPE model gives its first merge into 0.0, to which it must be equal.
            (2, Value::Fixed32(score)) => piece.score = f32::from_le_bytes(score) + 0.0,
            (3, Value::Varint(kind)) => {
                piece.kind = match kind {
                    2 => Kind::Unknown,
                    3 => Kind::Control,
                    4 => Kind::UserDefined,
                    5 => Kind::Unused,
                    6 => Kind::Byte,
                    _ => Kind::Normal,
                }
            }
            _ => {}
        }
    }
    if piece.text.is_empty() {
        return Err(Malformed("a piece is empty".into()));
    }
    Ok(piece)
}

fn utf8(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|_| Malformed("a string is not UTF-8".into()))
}

enum Value<'a> {
    Varint(u64),
    Fixed32([u8; 4]),
    Fixed64,
    Bytes(&'a [u8]),
}

/// The fields of a message, in order, as number and value.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => self.take(8).map(|_| Value::Fixed64)?,
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Fixed32(self.take(4)?.try_into().ok()?),
            _ => return None,
        };
        Some((key >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field().ok_or_else(|| Malformed("it is not a SentencePiece model, or cut off".into()));
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_set_and_has_the_defaults_of_the_rest() {
        // pieces { piece: "ab" score: -1.5 type: USER_DEFINED } trainer_spec { model_type: BPE byte_fallback: true }
        let mut bytes = vec![0x0a, 11, 0x0a, 2, b'a', b'b', 0x15];
        bytes.extend((-1.5f32).to_le_bytes());
        bytes.extend([0x18, 4, 0x12, 5, 0x18, 2, 0x98, 0x02, 1]);
        let model = Model::parse(&bytes).unwrap();
        assert_eq!((model.pieces[0].text, model.pieces[0].score), ("ab", -1.5));
        assert_eq!(model.pieces[0].kind, Kind::UserDefined);
        assert_eq!((model.algorithm, model.byte_fallback), (Algorithm::Bpe, true));
        assert!(model.add_dummy_prefix && model.remove_extra_whitespaces && model.escape_whitespaces);
        assert!(!model.whitespace_as_suffix && model.charsmap.is_empty());
    }

    #[test]
    fn refuses_what_is_cut_off_empty_or_no_message() {
        for bytes in [&[0x0a, 200][..], &[0x0a, 0], &[0x0b], &[0xff; 11], &[0x0a, 3, 0x0a, 1, 0xff], &[0x15, 0, 0]] {
            assert!(Model::parse(bytes).is_err(), "{bytes:?}");
        }
    }
}
