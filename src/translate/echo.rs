//! A translator that gives back what it gets, for tests and for trying out everything around a translation.

use super::{Provenance, Translation, Translator};
use crate::align::{self, Link};
use crate::error::{Error, Result};
use crate::progress::Progress;

/// Gives every sentence back as it is, after [`Echo::mark`], with each word aligned to itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Echo {
    /// What is put before every sentence, `en: ` for example.
    pub mark: String,
}

impl Translator for Echo {
    fn translate(&self, sentences: &[&str], progress: &dyn Progress) -> Result<Vec<Translation>> {
        if progress.cancelled() {
            return Err(Error::Interrupted);
        }
        let echo = |sentence: &&str| {
            let shift = |link: Link| Link { target: link.target.shift(self.mark.len()), ..link };
            let alignment = align::identity(sentence).into_iter().map(shift).collect();
            Translation { text: format!("{}{sentence}", self.mark), alignment, ..Translation::default() }
        };
        Ok(sentences.iter().map(echo).collect())
    }

    fn provenance(&self) -> Provenance {
        Provenance { name: "echo".into(), device: "cpu".into(), beam: 1, ..Provenance::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn every_word_is_aligned_to_itself_behind_the_mark() {
        let source = "قال الرئيس، أمس.";
        let found = &Echo { mark: "en: ".into() }.translate(&[source], &Silent).unwrap()[0];
        assert_eq!(found.text, "en: قال الرئيس، أمس.");
        assert_eq!(found.alignment.len(), 3);
        assert!(found.alignment.iter().all(|link| link.source.of(source) == link.target.of(&found.text)));
    }
}
