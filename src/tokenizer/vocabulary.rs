//! The tokens of a model over the pieces of SentencePiece: ids one way, what they read as the other.

use std::collections::{HashMap, HashSet};

use super::Encoding;
use super::sentencepiece::{SentencePiece, Surface};

/// Tokens by their text.
pub(super) type Names = HashMap<String, u32>;

/// Maps between pieces and the ids of one model.
#[derive(Debug)]
pub(super) struct Vocabulary {
    model: SentencePiece,
    /// The id of each piece.
    ids: Vec<u32>,
    /// The ids of texts, for families that go by text: a run of unknown characters may be a token of theirs.
    texts: Names,
    /// What each id reads as.
    tokens: Vec<Token>,
    unknown: u32,
}

#[derive(Debug, Clone)]
enum Token {
    /// What the piece of that number reads as.
    Piece(u32),
    /// This text, spaces as `▁`.
    Text(Box<str>),
    Newline,
    Hidden,
}

impl Vocabulary {
    /// Ids by text, from `vocab.json`; those of the target from another such file if there is one.
    pub(super) fn by_text(model: SentencePiece, texts: Names, target: Option<&Names>, unknown: u32) -> Self {
        let count = model.len() as u32;
        let pieces: HashMap<&str, u32> = (0..count).filter_map(|piece| Some((model.piece(piece)?, piece))).collect();
        let written = target.unwrap_or(&texts);
        let mut tokens = vec![Token::Hidden; written.values().max().map_or(0, |&last| last as usize + 1)];
        for (text, &id) in written {
            let piece = pieces.get(text.as_str()).filter(|_| target.is_none());
            tokens[id as usize] = piece.map_or_else(|| Token::Text(text.as_str().into()), |&piece| Token::Piece(piece));
        }
        let id_of = |piece: u32| model.piece(piece).and_then(|text| texts.get(text)).copied().unwrap_or(unknown);
        Self { ids: (0..count).map(id_of).collect(), texts, tokens, unknown, model }
    }

    /// The numbers of fairseq: `<s> <pad> </s> <unk>`, then the pieces from the fourth on, then `codes` and `<mask>`.
    pub(super) fn fairseq<'c>(model: SentencePiece, codes: impl Iterator<Item = &'c str>) -> (Self, Names) {
        let pieces = 3..model.len() as u32;
        let special = ["<s>", "<pad>", "</s>", "<unk>"].into_iter().zip(0..);
        let after = codes.chain(["<mask>"]).zip(pieces.end + 1..);
        let names: Names = special.chain(after).map(|(name, id)| (name.to_owned(), id)).collect();
        let mut tokens = vec![Token::Hidden; pieces.len() + names.len()];
        for piece in pieces {
            tokens[piece as usize + 1] = Token::Piece(piece);
        }
        let ids = (0..model.len() as u32).map(|piece| if piece < 3 { 3 } else { piece + 1 }).collect();
        (Self { ids, texts: Names::new(), tokens, unknown: 3, model }, names)
    }

    /// The numbers of the model itself, all but the first two moved up by `shift`, and `extra` ids after them.
    pub(super) fn shifted(model: SentencePiece, shift: u32, extra: usize) -> (Self, Names) {
        let count = model.len() as u32;
        let id_of = |piece: u32| if piece < 2 { piece } else { piece + shift };
        let names = (0..count).filter_map(|piece| Some((model.piece(piece)?.to_owned(), id_of(piece)))).collect();
        let mut tokens = vec![Token::Hidden; id_of(count) as usize + extra];
        for piece in 0..count {
            tokens[id_of(piece) as usize] = Token::Piece(piece);
        }
        let unknown = id_of(model.unknown());
        (Self { ids: (0..count).map(id_of).collect(), texts: Names::new(), tokens, unknown, model }, names)
    }

    /// Makes tokens such that no text turns into them, and that they do not show in the output.
    pub(super) fn reserve(&mut self, names: &Names) {
        let reserved: HashSet<u32> = names.values().copied().collect();
        self.texts.retain(|text, _| !names.contains_key(text));
        for id in self.ids.iter_mut().filter(|id| reserved.contains(id)) {
            *id = self.unknown;
        }
        for id in reserved {
            if let Some(token) = self.tokens.get_mut(id as usize) {
                *token = Token::Hidden;
            }
        }
    }

    /// Makes a token read as a line break.
    pub(super) fn read_as_newline(&mut self, id: u32) {
        if let Some(token) = self.tokens.get_mut(id as usize) {
            *token = Token::Newline;
        }
    }

    pub(super) fn encode(&self, text: &str) -> Encoding {
        let pieces = self.model.encode(text);
        let ids = pieces.iter().map(|piece| {
            let by_text = (piece.id == self.model.unknown()).then(|| self.texts.get(piece.text).copied()).flatten();
            by_text.unwrap_or(self.ids[piece.id as usize])
        });
        Encoding { ids: ids.collect(), spans: pieces.iter().map(|piece| piece.span).collect() }
    }

    /// What an id reads as.
    pub(super) fn surface(&self, id: u32) -> Surface<'_> {
        match self.tokens.get(id as usize) {
            Some(Token::Piece(piece)) => self.model.surface(*piece),
            Some(Token::Text(text)) => Surface::Piece(text),
            Some(Token::Newline) => Surface::Verbatim("\n"),
            Some(Token::Hidden) | None => Surface::Hidden,
        }
    }

    /// Whether an id is that of a symbol that the SentencePiece model finds in a text by itself.
    pub(super) fn has_symbol(&self, id: u32) -> bool {
        matches!(self.tokens.get(id as usize), Some(Token::Piece(piece)) if self.model.is_symbol(*piece))
            && self.texts.is_empty()
    }

    /// One past the greatest id.
    pub(super) fn size(&self) -> usize {
        self.tokens.len()
    }

    /// The greatest id that a text can turn into.
    pub(super) fn last(&self) -> u32 {
        self.ids.iter().chain(self.texts.values()).copied().max().unwrap_or_default()
    }
}
