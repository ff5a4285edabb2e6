//! Sentences, and what the model gets to see of them.

mod addresses;
mod arabic;
mod brackets;
pub(crate) mod chars;
mod clauses;
mod fold;
mod months;
mod normalise;
mod offsets;
mod sentences;
mod words;

pub(crate) use addresses::addresses;
pub(crate) use arabic::arabic_words;
pub(crate) use chars::is_silent;
pub use clauses::clauses;
pub use fold::fold;
pub use normalise::{Options, normalise, normalise_with};
pub use offsets::Normalised;
pub use sentences::sentences;

use crate::article::{Article, Outline, Role, Span};
use crate::error::Result;

/// Finds the sentences of each block of `outline`.
///
/// # Errors
/// [`Error::Article`](crate::Error::Article) if the blocks overlap or leave out text.
pub fn segment(outline: Outline) -> Result<Article> {
    let found = outline.blocks.iter().map(|block| {
        // A block that leaves the text is for Article::new to refuse.
        let text = outline.text.get(block.span.range()).unwrap_or_default();
        let spans = if is_running_text(block.role) { sentences(text) } else { lines(text) };
        spans.into_iter().map(|span| span.shift(block.span.start)).collect()
    });
    let found = found.collect();
    Article::new(outline, found)
}

/// Whether a full stop in a section of this role may end a sentence; the others hold names, places and labels.
const fn is_running_text(role: Role) -> bool {
    !matches!(role, Role::Byline | Role::Dateline | Role::Table | Role::Tags | Role::Boilerplate)
}

/// The lines of `text` that are not blank, trimmed.
fn lines(text: &str) -> Vec<Span> {
    let mut at = 0;
    let spans = text.split_inclusive(['\n', '\r']).map(|line| {
        at += line.len();
        Span::new(at - line.len(), at).trim(text)
    });
    spans.filter(|span| !span.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Block;

    #[test]
    fn roles_decide_whether_full_stops_end_sentences() {
        let line = "نيويورك. خاص. أ. ب.";
        for role in Role::ALL {
            let block = Block { role, span: Span::new(0, line.len()), markup: vec![] };
            let outline = Outline { text: line.into(), blocks: vec![block], ..Outline::default() };
            let found = segment(outline).unwrap().sections()[0].sentences.len();
            assert_eq!(found > 1, is_running_text(role), "{role}");
        }
    }

    #[test]
    fn spans_refer_to_the_whole_text() {
        let text = "عنوان\n\nجملة أولى. جملة ثانية.\n";
        let block = |role, part: &str| {
            let start = text.find(part).unwrap();
            Block { role, span: Span::new(start, start + part.len()), markup: vec![] }
        };
        let blocks = vec![block(Role::Headline, "عنوان"), block(Role::Paragraph, "جملة أولى. جملة ثانية.")];
        let article = segment(Outline { text: text.into(), blocks, ..Outline::default() }).unwrap();
        let found: Vec<_> = article.sentences().map(|(id, span)| (id.to_string(), span.of(text))).collect();
        let expected = [("s1.1", "عنوان"), ("s2.1", "جملة أولى."), ("s2.2", "جملة ثانية.")];
        assert_eq!(found, expected.map(|(id, sentence)| (id.to_owned(), sentence)));
    }

    #[test]
    fn refuses_a_block_outside_of_the_text() {
        let block = Block { role: Role::Paragraph, span: Span::new(0, 99), markup: vec![] };
        assert!(segment(Outline { text: "نص".into(), blocks: vec![block], ..Outline::default() }).is_err());
    }
}
