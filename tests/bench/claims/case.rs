//! English articles, and sentences as a summarizer might write them of one.

use mujaz::article::{Article, Block, Outline, Role, Span};
use mujaz::pipeline::Document;
use mujaz::segment::sentences;

use crate::faults::{COUNTS, MONTHS, digit, exchange, merge, names, negate, numbers, reworded, shorter, swap};

pub(crate) struct Case {
    pub(crate) document: Document,
    pub(crate) sentences: Vec<String>,
    pub(crate) summaries: Vec<String>,
}

impl Case {
    /// The articles of a file, an empty line between.
    pub(crate) fn all(text: &str) -> Vec<Self> {
        text.split("\n\n").filter_map(Self::new).collect()
    }

    /// An article in English by itself, of which no summaries are known.
    pub(crate) fn of(article: Article) -> Self {
        let document = Document::untranslated(article);
        let in_body = |role: Role| role.may_enter_brief() && role != Role::Headline;
        let sentences =
            document.brief_sentences().filter(|(id, _)| in_body(document.article.sections()[id.section].role));
        let sentences = sentences.map(|(_, text)| text.to_owned()).collect();
        Self { document, sentences, summaries: Vec::new() }
    }

    fn new(block: &str) -> Option<Self> {
        let (mut text, mut blocks, mut spans) = (String::new(), Vec::new(), Vec::new());
        let mut summaries = Vec::new();
        for row in block.lines() {
            let fields: Vec<&str> = row.split('\t').collect();
            let [role, _, english] = fields[..] else { continue };
            let Some(role) = Role::from_name(role) else {
                summaries.push(english.to_owned());
                continue;
            };
            let span = Span::new(text.len(), text.len() + english.len());
            let found: Vec<Span> = sentences(english).into_iter().map(|one| one.shift(span.start)).collect();
            text.push_str(english);
            text.push_str("\n\n");
            blocks.push(Block { role, span, markup: vec![] });
            spans.push(found);
        }
        let outline = Outline { text, blocks, language: "en".into(), ..Outline::default() };
        let case = Self { summaries, ..Self::of(Article::new(outline, spans).ok()?) };
        // An article of a sentence or two has nothing to be confused with.
        (case.sentences.len() >= 4).then_some(case)
    }

    /// Sentences as a summarizer might write them: what is done to them, what is true, what is written.
    pub(crate) fn written(&self, other: &Self) -> Vec<(&'static str, String, String)> {
        let mut written = Vec::new();
        for summary in &self.summaries {
            written.push(("true: summary", summary.clone(), summary.clone()));
        }
        for (index, sentence) in self.sentences.iter().enumerate() {
            let next = &self.sentences[(index + 2) % self.sentences.len()];
            let mut add = |fault, faulty: Option<String>| {
                written
                    .extend(faulty.filter(|faulty| faulty != sentence).map(|faulty| (fault, sentence.clone(), faulty)));
            };
            add("digit", digit(sentence, index));
            add("scale", swap(sentence, &[("million", "billion"), ("billion", "million"), ("thousand", "million")]));
            add("month", swap(sentence, &MONTHS));
            add("count", swap(sentence, &COUNTS));
            // A date with its day and year exchanged is no other date.
            let counts: Vec<&str> = numbers(sentence).filter(|number| number.len() != 4).collect();
            add("numbers exchanged", exchange(sentence, &counts));
            add("roles exchanged", exchange(sentence, &names(sentence)));
            add("name", self.name(sentence));
            add("negation", negate(sentence));
            add("merged", merge(sentence, next));
            add("other article", Some(other.sentences[index % other.sentences.len()].clone()));
            written.push(("true: sentence", sentence.clone(), sentence.clone()));
            written.extend(shorter(sentence).map(|short| ("true: shortened", short.clone(), short)));
            written.extend(reworded(sentence).map(|other| ("true: reworded", other.clone(), other)));
        }
        written
    }

    /// The sentence with one of its names exchanged for one of another sentence.
    fn name(&self, sentence: &str) -> Option<String> {
        let own = names(sentence);
        let first = *own.first()?;
        let others = self.sentences.iter().flat_map(|other| names(other));
        let other =
            others.filter(|name| !own.iter().any(|own| own.contains(name) || name.contains(own))).find(|name| {
                // Not a part of the same name elsewhere.
                !name.split(' ').any(|word| sentence.contains(word))
            })?;
        Some(sentence.replacen(first, other, 1))
    }
}
