//! Whether every link of the source has a place in the English.

use super::{Check, Finding, Severity};
use crate::article::{Markup, MarkupKind, SentenceId, Span};
use crate::pipeline::Document;

pub(super) const CHECK: Check =
    Check { name: "links", description: "a link of the source that was lost, or covers a whole sentence instead", run };

fn run(document: &Document) -> Vec<Finding> {
    document.pairs().flat_map(|pair| of_sentence(document, pair.id)).collect()
}

/// What became of the links that begin in a sentence.
fn of_sentence(document: &Document, id: SentenceId) -> Vec<Finding> {
    let section = &document.article.sections()[id.section];
    let (Some(&source), Some(Some(target))) = (section.sentences.get(id.sentence), document.targets.get(id.section))
    else {
        return Vec::new();
    };
    let english = target.sentences[id.sentence].span;
    let text = source.of(document.article.text());
    let found = section.markup.iter().filter_map(|link| {
        let href = href(link)?;
        let begins_here = source.start <= link.span.start && link.span.start < source.end;
        let part = Span::new(link.span.start.max(source.start), link.span.end.min(source.end));
        if !begins_here || !part.of(document.article.text()).contains(char::is_alphanumeric) {
            return None;
        }
        let of = Span::new(part.start - source.start, part.end - source.start);
        let mut places =
            target.markup.iter().filter(|markup| self::href(markup) == Some(href) && english.contains(markup.span));
        let place = places.next().map(|markup| markup.span);
        let (severity, message) = match place {
            None => (Severity::Warning, format!("The link to {href} was lost.")),
            Some(place) if covers(place, english, &target.text) && !covers(of, Span::new(0, text.len()), text) => (
                Severity::Info,
                format!("The link to {href} covers the whole sentence: its own words could not be told."),
            ),
            Some(_) => return None,
        };
        let target = place.map(|place| Span::new(place.start - english.start, place.end - english.start));
        Some(Finding { check: CHECK.name, severity, sentence: id, message, source: Some(of), target })
    });
    found.collect()
}

fn href(markup: &Markup) -> Option<&str> {
    match &markup.kind {
        MarkupKind::Link(href) => Some(href),
        _ => None,
    }
}

/// Whether nothing that is a word lies outside of `part`.
fn covers(part: Span, whole: Span, text: &str) -> bool {
    let outside = [Span::new(whole.start, part.start), Span::new(part.end, whole.end)];
    whole.contains(part) && outside.iter().all(|outside| !outside.of(text).contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Block, Outline, Role};
    use crate::check::tests::document;

    /// A document of one sentence with a link on `of`, carried to the English words `to`, if there are any.
    fn found(of: &str, to: Option<&str>) -> Vec<(Severity, String)> {
        let (source, english) = ("قال الوزير ذلك.", "The minister said so.");
        let mut document = document(&[(source, english)]);
        let link = |text: &str, of: &str| {
            let start = text.find(of).unwrap();
            Markup { span: Span::new(start, start + of.len()), kind: MarkupKind::Link("https://example.org".into()) }
        };
        let block = Block { role: Role::Paragraph, span: Span::new(0, source.len()), markup: vec![link(source, of)] };
        let outline = Outline { text: source.into(), blocks: vec![block], ..Outline::default() };
        document.article = Article::new(outline, vec![vec![Span::new(0, source.len())]]).unwrap();
        document.targets[0].as_mut().unwrap().markup = to.map(|to| link(english, to)).into_iter().collect();
        let words = |finding: &Finding| finding.source.unwrap().of(source).to_owned();
        run(&document).iter().map(|finding| (finding.severity, words(finding))).collect()
    }

    #[test]
    fn a_link_is_kept_on_its_words_or_told() {
        assert_eq!(found("الوزير", Some("The minister")), []);
        assert_eq!(found("الوزير", Some("The minister said so")), [(Severity::Info, "الوزير".to_owned())]);
        assert_eq!(found("الوزير", None), [(Severity::Warning, "الوزير".to_owned())]);
        assert_eq!(found("قال الوزير ذلك", Some("The minister said so.")), []);
    }
}
