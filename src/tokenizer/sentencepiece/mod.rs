//! SentencePiece models, read natively: the same pieces, numbers and spans as the reference implementation
//! ([Kudo and Richardson 2018](https://arxiv.org/abs/1808.06226), <https://github.com/google/sentencepiece>).
//!
//! ```text
//! source ─ normalizer (charsmap, spaces) ─► ▁text▁with▁visible▁spaces ─ unigram or bpe ─► pieces, each with its span
//! ```

mod bpe;
mod charsmap;
mod decode;
mod normalizer;
mod proto;
mod trie;
mod unigram;

use std::collections::{HashMap, HashSet};

use self::bpe::Bpe;
pub(super) use self::decode::{LeadingSpaces, Surface, detokenize};
pub(super) use self::normalizer::Spaces;
use self::normalizer::{Normalizer, SPACE};
use self::proto::{Algorithm, Kind, Model};
use self::trie::Trie;
use self::unigram::Unigram;
use super::Decoding;
use crate::article::Span;

/// Why a file is not a SentencePiece model that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub(super) String);

/// A SentencePiece model.
#[derive(Debug, Clone)]
pub struct SentencePiece {
    normalizer: Normalizer,
    algorithm: Segmenter,
    texts: Vec<Box<str>>,
    kinds: Vec<Kind>,
    unknown: u32,
    unknown_surface: Box<str>,
    /// The piece of each byte, if what is unknown is spelled out in bytes.
    bytes: Option<Box<[u32; 256]>>,
    leading_spaces: LeadingSpaces,
}

#[derive(Debug, Clone)]
enum Segmenter {
    Unigram(Unigram),
    Bpe(Bpe),
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'t> {
    /// Its number in the model.
    pub id: u32,
    /// Its text, normalised, spaces as `▁`. For a run of unknown characters the whole run.
    pub text: &'t str,
    /// The bytes of the source that it stands for. A space belongs to the piece that it opens.
    pub span: Span,
}

/// The pieces of a text.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    normalized: String,
    /// Number, bytes of the normalised text, bytes of the source.
    pieces: Vec<(u32, Span, Span)>,
}

impl Pieces {
    /// The pieces in order.
    pub fn iter(&self) -> impl Iterator<Item = Piece<'_>> {
        self.pieces.iter().map(|&(id, text, span)| Piece { id, text: text.of(&self.normalized), span })
    }
}

impl SentencePiece {
    /// Reads a model file.
    ///
    /// # Errors
    /// If it is damaged, or uses what is not supported: models of words or characters, and denormalisation rules.
    pub fn parse(file: &[u8]) -> Result<Self, Malformed> {
        let model = Model::parse(file)?;
        let unknown = check(&model)?;
        let numbered = || model.pieces.iter().zip(0u32..);
        let trie = |kinds: &[Kind]| {
            let chosen = numbered().filter(|(piece, _)| kinds.contains(&piece.kind));
            Trie::new(&mut chosen.map(|(piece, id)| (piece.text.as_bytes(), id)).collect::<Vec<_>>())
        };
        let symbols =
            model.pieces.iter().any(|piece| piece.kind == Kind::UserDefined).then(|| trie(&[Kind::UserDefined]));
        let pieces = trie(&[Kind::Normal, Kind::UserDefined, Kind::Unused]);
        Ok(Self {
            normalizer: Normalizer::new(&model, symbols.clone())?,
            algorithm: match model.algorithm {
                Algorithm::Bpe => Segmenter::Bpe(Bpe::new(&model.pieces, pieces, symbols, unknown)),
                _ => Segmenter::Unigram(Unigram::new(&model.pieces, pieces, unknown)),
            },
            texts: model.pieces.iter().map(|piece| piece.text.into()).collect(),
            kinds: model.pieces.iter().map(|piece| piece.kind).collect(),
            unknown,
            unknown_surface: model.unknown_surface.into(),
            bytes: model.byte_fallback.then(|| byte_pieces(&model)).transpose()?,
            leading_spaces: match (model.add_dummy_prefix, model.remove_extra_whitespaces) {
                (_, true) => LeadingSpaces::DropAll,
                (true, false) => LeadingSpaces::DropOne,
                (false, false) => LeadingSpaces::Keep,
            },
        })
    }

    /// The same pieces for other white space.
    pub(super) fn with_spaces(mut self, spaces: Spaces) -> Self {
        self.normalizer.set_spaces(spaces);
        self
    }

    /// The pieces of a text.
    pub fn encode(&self, source: &str) -> Pieces {
        let normalized = self.normalizer.normalize(source);
        let path = match &self.algorithm {
            Segmenter::Unigram(unigram) => unigram.segment(&normalized.text),
            Segmenter::Bpe(bpe) => bpe.segment(&normalized.text),
        };
        let mut pieces: Vec<(u32, Span, Span)> = Vec::with_capacity(path.len());
        let mut start = 0;
        for (&(end, id), span) in path.iter().zip(normalized.spans(path.iter().map(|&(end, _)| end))) {
            let text = Span::new(start, end);
            match (&self.bytes, pieces.last_mut()) {
                (Some(bytes), _) if id == self.unknown => {
                    pieces.extend(text.of(&normalized.text).bytes().map(|b| (bytes[usize::from(b)], text, span)));
                }
                // Unknown characters in a row are one piece.
                (None, Some((last, run, covered))) if id == self.unknown && *last == id => {
                    run.end = end;
                    covered.end = span.end;
                }
                _ => pieces.push((id, text, span)),
            }
            start = end;
        }
        Pieces { normalized: normalized.text, pieces }
    }

    /// The text of pieces given by their numbers, with the bytes of it that each became. Numbers that the model does not
    /// have count as unknown.
    pub fn decode(&self, ids: &[u32]) -> Decoding {
        detokenize(ids.iter().map(|&id| self.surface(id)), self.leading_spaces)
    }

    /// How many pieces it has.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether it has none; never true of a model that could be read.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The text of a piece.
    pub fn piece(&self, id: u32) -> Option<&str> {
        self.texts.get(id as usize).map(AsRef::as_ref)
    }

    /// The number of the piece for what is unknown.
    pub fn unknown(&self) -> u32 {
        self.unknown
    }

    /// Whether a piece is a user-defined symbol.
    pub(super) fn is_symbol(&self, id: u32) -> bool {
        self.kinds.get(id as usize) == Some(&Kind::UserDefined)
    }

    /// What a piece reads as.
    pub(super) fn surface(&self, id: u32) -> Surface<'_> {
        let text = self.piece(id).unwrap_or_default();
        match self.kinds.get(id as usize).unwrap_or(&Kind::Unknown) {
            Kind::Control => Surface::Hidden,
            Kind::Unknown => Surface::Verbatim(&self.unknown_surface),
            Kind::Byte => byte_of(text).map_or(Surface::Hidden, Surface::Byte),
            Kind::Normal | Kind::UserDefined | Kind::Unused => Surface::Piece(text),
        }
    }
}

/// Refuses models that cannot be used, or whose pieces contradict each other. Returns the unknown piece.
fn check(model: &Model<'_>) -> Result<u32, Malformed> {
    if matches!(model.algorithm, Algorithm::Word | Algorithm::Char) {
        return Err(Malformed("it is a model of words or characters; only unigram and BPE models can be read".into()));
    }
    if model.denormalizer {
        return Err(Malformed("it has denormalisation rules, which cannot be followed".into()));
    }
    u32::try_from(model.pieces.len()).map_err(|_| Malformed("it has too many pieces".into()))?;
    let mut seen = HashSet::with_capacity(model.pieces.len());
    let mut unknown = None;
    for (piece, id) in model.pieces.iter().zip(0u32..) {
        if !seen.insert((piece.text, matches!(piece.kind, Kind::Normal | Kind::UserDefined | Kind::Unused))) {
            return Err(Malformed(format!("the piece {:?} is there twice", piece.text)));
        }
        if piece.kind == Kind::Unknown && unknown.replace(id).is_some() {
            return Err(Malformed("it has two pieces for what is unknown".into()));
        }
    }
    unknown.ok_or_else(|| Malformed("it has no piece for what is unknown".into()))
}

/// The pieces `<0x00>` to `<0xFF>`.
fn byte_pieces(model: &Model<'_>) -> Result<Box<[u32; 256]>, Malformed> {
    let pieces = model.pieces.iter().zip(0u32..).filter(|(piece, _)| piece.kind == Kind::Byte);
    let found: HashMap<u8, u32> = pieces.filter_map(|(piece, id)| Some((byte_of(piece.text)?, id))).collect();
    let mut bytes = Box::new([0; 256]);
    for (slot, byte) in bytes.iter_mut().zip(0..=u8::MAX) {
        *slot = *found.get(&byte).ok_or_else(|| Malformed(format!("there is no piece for the byte {byte:#04x}")))?;
    }
    Ok(bytes)
}

/// The byte that a piece such as `<0x0A>` stands for.
pub(super) fn byte_of(piece: &str) -> Option<u8> {
    let digits = piece.strip_prefix("<0x")?.strip_suffix('>')?;
    (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()))
        .then(|| u8::from_str_radix(digits, 16).ok())?
}
