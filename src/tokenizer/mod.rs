//! Texts to token ids and back, as each model family wants them.
//!
//! ```text
//! text ─ SentencePiece or byte-level BPE ─► tokens ─ ids of the family ─► ids ─ layout ─► [ara] ids </s>
//! ```
//!
//! The ids are those of transformers, its handling of white space included, with these exceptions, which the tests list:
//!
//! | where | transformers | here | why |
//! |---|---|---|---|
//! | names of control tokens in a text, such as `</s>`, `<pad>`, `fr_XX`, `>>fra<<` | are the tokens | are text | what a reader gives must not end a sentence or choose a language |
//! | marks after a presentation form (`ﻣَ`), a letter with two combining marks (`ؤَ`) | loses the marks, does not compose the letter | as the C++ implementation, with which the models were trained | text must not get lost |
//! | all normalisation rules of mBART with 25 languages | are not applied | are applied | as above |
//! | characters that MADLAD does not know | become its end token | become its unknown token | a sentence must not end there |
//! | the space before `<2en>` of MADLAD | is left out | is there | as in its training |
//! | `<2fr>`, `>>fra<<` in what MADLAD and Marian models write | are shown | are not | they name a language and say nothing |

mod family;
pub(crate) mod languages;
mod library;
mod load;
pub mod sentencepiece;
mod vocabulary;

use self::family::Layout;
use self::library::Library;
use self::sentencepiece::{LeadingSpaces, Surface, detokenize};
use self::vocabulary::Vocabulary;
use crate::article::Span;
use crate::error::{Error, Result};

/// A text as token ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encoding {
    /// The ids, special tokens included.
    pub ids: Vec<u32>,
    /// For each id the bytes of the text it stands for, in order; empty for special tokens. White space belongs to the
    /// token that it opens. Tokens that share a character each have all of it.
    pub spans: Vec<Span>,
}

/// Token ids as a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoding {
    /// The text, without special tokens.
    pub text: String,
    /// For each id the bytes of `text` it became, in order; empty for special tokens. White space belongs to the token
    /// that it opens. Tokens that share a character each have all of it.
    pub spans: Vec<Span>,
}

/// The tokenizer of one model.
#[derive(Debug)]
pub struct Tokenizer {
    segmenter: Segmenter,
    layout: Layout,
    special: Special,
    languages: Vec<Language>,
    /// What the model says it translates from and to, for models without tokens for languages.
    pair: [Option<String>; 2],
}

#[derive(Debug)]
enum Segmenter {
    SentencePiece(Box<Vocabulary>),
    Library(Box<Library>),
}

impl Segmenter {
    /// One past the greatest id.
    fn size(&self) -> usize {
        match self {
            Self::SentencePiece(vocabulary) => vocabulary.size(),
            Self::Library(library) => library.size(),
        }
    }
}

/// The ids of special tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Special {
    beginning: Option<u32>,
    end: u32,
    padding: Option<u32>,
    unknown: Option<u32>,
}

/// A language that the model has tokens for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Language {
    code: String,
    /// The token by which it is told apart.
    id: u32,
    /// All that comes before a text to be translated into it: that token, after what its spelling leaves before it.
    prefix: Vec<u32>,
    /// What is written before a text to get that prefix, if the SentencePiece model itself has the token for a symbol;
    /// text and prefix are then cut in one go, as in training.
    spelling: Option<String>,
}

impl Tokenizer {
    /// The ids of a text, with the special tokens that the encoder of the model expects.
    ///
    /// Languages are in the model's own codes, or named so that only one of them can be meant (`ar`, `arz`, `eng`); `None`
    /// is Arabic for the source and English for the target.
    ///
    /// # Errors
    /// [`Error::Option`] if the model does not have the language; it lists what the model has.
    pub fn encode(&self, text: &str, source_lang: Option<&str>, target_lang: Option<&str>) -> Result<Encoding> {
        let source = self.language(Side::Source, source_lang)?;
        let target = self.language(Side::Target, target_lang)?;
        let mut encoding = match target.and_then(|language| language.spelling.as_ref()) {
            Some(spelling) => {
                let mut encoding = self.segment(&format!("{spelling}{text}"))?;
                let back = |at: usize| at.saturating_sub(spelling.len());
                encoding.spans.iter_mut().for_each(|span| *span = Span::new(back(span.start), back(span.end)));
                encoding
            }
            None => self.segment(text)?,
        };
        let (spelled, first) = match self.layout {
            Layout::TargetFirst => target.map_or((false, &[][..]), |to| (to.spelling.is_some(), &to.prefix)),
            Layout::SourceFirst => (false, source.as_ref().map_or(&[][..], |from| std::slice::from_ref(&from.id))),
            Layout::SourceLast => (false, &[][..]),
            Layout::Enclosed => (false, self.special.beginning.as_slice()),
        };
        let replaced = if spelled { first.len().min(encoding.ids.len()) } else { 0 };
        encoding.ids.splice(..replaced, first.iter().copied());
        encoding.spans.splice(..replaced, first.iter().map(|_| Span::new(0, 0)));
        encoding.ids.push(self.special.end);
        encoding.ids.extend(source.filter(|_| self.layout == Layout::SourceLast).map(|language| language.id));
        encoding.spans.resize(encoding.ids.len(), Span::new(text.len(), text.len()));
        Ok(encoding)
    }

    /// The text of ids that the model produced, special tokens left out, without white space at its ends. Ids of no token,
    /// for models have more rows than their tokenizers have tokens, read as nothing, as in transformers.
    pub fn decode(&self, ids: &[u32]) -> Decoding {
        let surfaces = ids.iter().map(|&id| self.surface(id));
        let Decoding { text, mut spans } = detokenize(surfaces, LeadingSpaces::DropAll);
        let kept = Span::new(0, text.len()).trim(&text);
        for span in &mut spans {
            *span = Span::new(span.start.clamp(kept.start, kept.end), span.end.clamp(kept.start, kept.end));
            *span = Span::new(span.start - kept.start, span.end - kept.start);
        }
        Decoding { text: kept.of(&text).to_owned(), spans }
    }

    /// The first token of the target, for models that are told the target language so: it comes after the start token.
    ///
    /// # Errors
    /// [`Error::Option`] if the model does not have the language; it lists what the model has.
    pub fn forced_bos(&self, target_lang: Option<&str>) -> Result<Option<u32>> {
        let target = self.language(Side::Target, target_lang)?;
        Ok(target.filter(|_| self.layout == Layout::SourceFirst).map(|language| language.id))
    }

    /// The start token of the target, for models that are told the target language so, whatever their files say.
    ///
    /// # Errors
    /// [`Error::Option`] if the model does not have the language; it lists what the model has.
    pub fn decoder_start(&self, target_lang: Option<&str>) -> Result<Option<u32>> {
        let target = self.language(Side::Target, target_lang)?;
        Ok(target.filter(|_| self.layout == Layout::SourceLast).map(|language| language.id))
    }

    /// The codes of the languages that the model translates from, as far as its files say.
    pub fn source_languages(&self) -> Vec<&str> {
        self.codes(Side::Source)
    }

    /// The codes of the languages that the model translates to, as far as its files say.
    pub fn target_languages(&self) -> Vec<&str> {
        self.codes(Side::Target)
    }

    /// The model's own code for a source language, if it has codes; of Arabic, if none is given.
    ///
    /// # Errors
    /// [`Error::Option`] if the model does not have the language; it lists what the model has.
    pub fn source_code<'a>(&'a self, source_lang: Option<&'a str>) -> Result<Option<&'a str>> {
        self.code(Side::Source, source_lang)
    }

    /// The model's own code for a target language, if it has codes; of English, if none is given.
    ///
    /// # Errors
    /// [`Error::Option`] if the model does not have the language; it lists what the model has.
    pub(crate) fn target_code<'a>(&'a self, target_lang: Option<&'a str>) -> Result<Option<&'a str>> {
        self.code(Side::Target, target_lang)
    }

    /// Whether a token names a language.
    pub(crate) fn is_language(&self, id: u32) -> bool {
        self.languages.iter().any(|language| language.id == id)
    }

    /// One past the greatest id.
    pub fn vocab_size(&self) -> usize {
        self.segmenter.size()
    }

    /// The token that ends a text.
    pub fn eos(&self) -> u32 {
        self.special.end
    }

    /// The token that fills up short rows, if there is one.
    pub fn pad(&self) -> Option<u32> {
        self.special.padding
    }

    /// The token for what is unknown, if anything can be.
    pub fn unk(&self) -> Option<u32> {
        self.special.unknown
    }

    fn segment(&self, text: &str) -> Result<Encoding> {
        match &self.segmenter {
            Segmenter::SentencePiece(vocabulary) => Ok(vocabulary.encode(text)),
            Segmenter::Library(library) => {
                library.encode(text).map_err(|source| Error::Compute { action: "cutting a text into tokens", source })
            }
        }
    }

    fn surface(&self, id: u32) -> Surface<'_> {
        match &self.segmenter {
            Segmenter::SentencePiece(vocabulary) => vocabulary.surface(id),
            Segmenter::Library(library) => library.surface(id),
        }
    }

    fn codes(&self, side: Side) -> Vec<&str> {
        match &self.pair[side as usize] {
            Some(code) => vec![code],
            None => self.languages.iter().map(|language| language.code.as_str()).collect(),
        }
    }

    /// The language of a side, if the model has tokens for those of that side.
    fn language(&self, side: Side, code: Option<&str>) -> Result<Option<&Language>> {
        let code = self.code(side, code)?;
        Ok(code.and_then(|code| self.languages.iter().find(|language| language.code == code)))
    }

    /// The code of a side in the model's own spelling, if it has any.
    fn code<'a>(&'a self, side: Side, given: Option<&'a str>) -> Result<Option<&'a str>> {
        let known = self.codes(side);
        // A model of many languages that is not told which one it reads.
        if side == Side::Source && known.iter().any(|code| languages::GROUPS.contains(code)) {
            return Ok(given);
        }
        let Some(given) = given else {
            if known.is_empty() {
                return Ok(None);
            }
            // What the files declare need not be a code; only one that clearly means another language is refused.
            if let Some(only) = &self.pair[side as usize] {
                let is_meant = only.split('+').any(|code| side.default().contains(&code));
                let is_code = matches!(only.len(), 2 | 3) && only.bytes().all(|byte| byte.is_ascii_lowercase());
                return if is_meant || !is_code { Ok(Some(only)) } else { Err(side.error(side.default()[0], &known)) };
            }
            let found = known.iter().copied().find(|code| side.default().contains(code));
            return found.map(Some).ok_or_else(|| side.error(side.default()[0], &known));
        };
        languages::find(given, &known).map(Some).ok_or_else(|| side.error(given, &known))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Source,
    Target,
}

impl Side {
    /// The language if none is named, in the codes of all families.
    fn default(self) -> &'static [&'static str] {
        match self {
            Self::Source => languages::ARABIC,
            Self::Target => languages::ENGLISH,
        }
    }

    fn error(self, code: &str, known: &[&str]) -> Error {
        let direction = if self == Self::Source { "from" } else { "to" };
        Error::Option {
            what: if self == Self::Source { "--source-lang" } else { "--target-lang" },
            value: code.to_owned(),
            reason: match known {
                [] => "this model has no choice of languages".to_owned(),
                _ => format!("this model translates {direction} {}", known.join(", ")),
            },
        }
    }
}
