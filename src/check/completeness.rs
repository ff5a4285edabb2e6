//! Whether anything of a sentence came out, and whether its end did.

use super::{Check, Finding, Severity};
use crate::pipeline::Document;

pub(super) const CHECK: Check =
    Check { name: "completeness", description: "a sentence without a translation, or one whose end is missing", run };

fn run(document: &Document) -> Vec<Finding> {
    let finding = |severity, sentence, message: &str| Finding {
        check: CHECK.name,
        severity,
        sentence,
        message: message.into(),
        source: None,
        target: None,
    };
    document
        .pairs()
        .filter_map(|pair| {
            if pair.target.is_empty() {
                Some(finding(Severity::Error, pair.id, "Nothing came out of the translation of this sentence."))
            } else if pair.sentence.cut {
                let message = "The translation was stopped at the greatest length allowed; its end is missing.";
                Some(finding(Severity::Error, pair.id, message))
            } else {
                None
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Block, Outline, Role, Span};
    use crate::pipeline::{Target, TargetSentence};

    #[test]
    fn flags_what_is_empty_or_cut_and_nothing_else() {
        let text = "أولى ثانية ثالثة";
        let words = [Span::new(0, 8), Span::new(9, 19), Span::new(20, text.len())];
        let block = Block { role: Role::Paragraph, span: Span::new(0, text.len()), markup: vec![] };
        let outline = Outline { text: text.into(), blocks: vec![block], ..Outline::default() };
        let sentence = |start, end, cut| TargetSentence { span: Span::new(start, end), cut, ..Default::default() };
        let target = Target {
            text: "First third".into(),
            sentences: vec![sentence(0, 5, false), sentence(5, 5, false), sentence(6, 11, true)],
            markup: vec![],
        };
        let document = Document {
            article: Article::new(outline, vec![words.to_vec()]).unwrap(),
            targets: vec![Some(target)],
            brief: None,
            findings: vec![],
            translator: Default::default(),
            summarizer: None,
        };
        let found: Vec<_> = run(&document).iter().map(|f| (f.sentence.to_string(), f.severity)).collect();
        assert_eq!(found, [("s1.2".to_owned(), Severity::Error), ("s1.3".to_owned(), Severity::Error)]);
    }
}
