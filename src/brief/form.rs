//! How a brief is written and how long it may be.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// The forms that newsrooms use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Style {
    /// A headline and a list: what happened, then the key points.
    #[default]
    Bullets,
    /// A headline and one paragraph, as an agency writes it.
    Wire,
    /// One sentence: what happened.
    OneLine,
}

impl Style {
    /// Every style, the default first.
    pub const ALL: [Self; 3] = [Self::Bullets, Self::Wire, Self::OneLine];

    /// Its name on the command line and in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bullets => "bullets",
            Self::Wire => "wire",
            Self::OneLine => "one-line",
        }
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Style {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|style| style.name() == name);
        found.ok_or_else(|| Error::Option {
            what: "the style of a brief",
            value: name.into(),
            reason: format!("it is one of {}", Self::ALL.map(Self::name).join(", ")),
        })
    }
}

/// How a brief is written and how long it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    /// How it is written.
    pub style: Style,
    /// How long it may be; a single sentence whatever this says if the style is [`Style::OneLine`].
    pub length: Length,
}

impl Form {
    /// The length with what the style asks for.
    pub(super) fn length(self) -> Length {
        match self.style {
            Style::OneLine => Length { sentences: Some(1), ..self.length },
            Style::Bullets | Style::Wire => self.length,
        }
    }
}

impl From<Length> for Form {
    fn from(length: Length) -> Self {
        Self { length, ..Self::default() }
    }
}

/// How long a brief may be, its headline not counted. A limit that is `None` does not bind; where both are,
/// [`Length::DEFAULT_SENTENCES`] does with the headline, and half of the article. Sentences are never cut: the words of
/// those that are taken stay within the limit, except that a brief always says what happened if the article has a
/// sentence for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length {
    /// The greatest number of sentences.
    pub sentences: Option<usize>,
    /// The greatest number of words.
    pub words: Option<usize>,
}

impl Length {
    /// Headline, standfirst and three more: what an editor reads at a glance.
    pub const DEFAULT_SENTENCES: usize = 5;

    /// The greatest number of sentences and of words beside so many sentences of a headline, where so many in all may
    /// enter the brief.
    pub(super) fn limits(self, available: usize, headline: usize) -> (usize, usize) {
        let sentences = match self {
            Self { sentences: Some(sentences), .. } => sentences.max(1),
            Self { words: Some(_), .. } => available,
            _ => Self::DEFAULT_SENTENCES.min(available.div_ceil(2)).saturating_sub(headline).max(1),
        };
        (sentences, self.words.unwrap_or(usize::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_found_by_their_names() {
        for style in Style::ALL {
            assert_eq!(style.to_string().parse::<Style>().unwrap(), style);
        }
        let refused = "haiku".parse::<Style>().unwrap_err().to_string();
        assert!(refused.contains("haiku") && refused.contains("one-line"), "{refused}");
    }
}
