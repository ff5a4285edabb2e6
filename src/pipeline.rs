//! The whole road: bytes to [`Document`].

mod retry;

use crate::align::{self, Link};
use crate::article::{Article, Block, Markup, Outline, Role, SentenceId, Span};
use crate::brief::Brief;
use crate::check::{self, Finding};
use crate::error::Result;
use crate::glossary::{self, Wording};
use crate::progress::Progress;
use crate::translate::{Provenance, Translation, Translator};

/// An article, its translation and its brief: all that the renderers see.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The source.
    pub article: Article,
    /// One entry for each section of the article; `None` where it was not translated.
    pub targets: Vec<Option<Target>>,
    /// The brief, if one was asked for.
    pub brief: Option<Brief>,
    /// What the checks found, ordered by sentence.
    pub findings: Vec<Finding>,
    /// What translated it.
    pub translator: Provenance,
    /// What wrote the brief, if a model did.
    pub summarizer: Option<Provenance>,
}

/// A translated section: one text and its sentences, as many as the source section has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Target {
    /// The English of the section.
    pub text: String,
    /// One for each source sentence.
    pub sentences: Vec<TargetSentence>,
    /// Markup carried over from the source, as spans of `text`.
    pub markup: Vec<Markup>,
}

/// The translation of one sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetSentence {
    /// Where it lies in the text of its [`Target`].
    pub span: Span,
    /// Mean log-probability of its tokens.
    pub score: Option<f32>,
    /// Word links, bytes within the two sentences.
    pub alignment: Vec<Link>,
    /// Whether the translation was stopped at the greatest length allowed.
    pub cut: bool,
    /// What came of translating it again, if it was.
    pub retry: Option<Retry>,
}

/// Why a sentence was translated again, and what was kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Retry {
    /// The errors that the checks found in the first translation, in words.
    pub because: Vec<String>,
    /// How many other translations there were to choose from.
    pub candidates: usize,
    /// The first translation, if one with fewer errors took its place.
    pub first: Option<String>,
}

/// A source sentence beside its translation.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// Which sentence.
    pub id: SentenceId,
    /// Role of its section.
    pub role: Role,
    /// The source sentence.
    pub source: &'a str,
    /// The English sentence.
    pub target: &'a str,
    /// What is known of the translation.
    pub sentence: &'a TargetSentence,
}

impl Document {
    /// A document of an article that is in English already.
    pub fn untranslated(article: Article) -> Self {
        let targets = article.sections().iter().map(|_| None).collect();
        let translator = Provenance { name: "none".into(), ..Provenance::default() };
        Self { article, targets, brief: None, findings: Vec::new(), translator, summarizer: None }
    }

    /// Whether any section was translated.
    pub fn is_translated(&self) -> bool {
        self.targets.iter().any(Option::is_some)
    }

    /// The English of every sentence that a brief may rest on (the source's own, where nothing was translated), in order.
    pub fn brief_sentences(&self) -> impl Iterator<Item = (SentenceId, &str)> {
        let translated = self.is_translated();
        self.article.sentences().filter_map(move |(id, _)| {
            let text = if translated { self.target(id) } else { self.source(id) };
            let text = text?.trim();
            let role = self.article.sections()[id.section].role;
            (role.may_enter_brief() && !text.is_empty()).then_some((id, text))
        })
    }

    /// A sentence of the source.
    pub fn source(&self, id: SentenceId) -> Option<&str> {
        Some(self.article.sections().get(id.section)?.sentences.get(id.sentence)?.of(self.article.text()))
    }

    /// The English of a sentence, if its section was translated.
    pub fn target(&self, id: SentenceId) -> Option<&str> {
        let target = self.targets.get(id.section)?.as_ref()?;
        Some(target.sentences.get(id.sentence)?.span.of(&target.text))
    }

    /// A translated sentence as a document of its own, with the markup on it: what is found there is not found because of
    /// its neighbours.
    pub(crate) fn alone(&self, id: SentenceId) -> Option<Self> {
        let section = self.article.sections().get(id.section)?;
        let (source, target) = (section.sentences.get(id.sentence)?, self.targets.get(id.section)?.as_ref()?);
        let sentence = target.sentences.get(id.sentence)?;
        let text = source.of(self.article.text()).to_owned();
        let span = Span::new(0, text.len());
        let block = Block { role: section.role, span, markup: inside(&section.markup, self.article.text(), *source) };
        let outline = Outline { text, blocks: vec![block], ..Outline::default() };
        let english = sentence.span.of(&target.text).to_owned();
        let only = TargetSentence { span: Span::new(0, english.len()), ..sentence.clone() };
        let target = Target {
            text: english,
            sentences: vec![only],
            markup: inside(&target.markup, &target.text, sentence.span),
        };
        Some(Self {
            article: Article::new(outline, vec![vec![span]]).ok()?,
            targets: vec![Some(target)],
            brief: None,
            findings: Vec::new(),
            translator: self.translator.clone(),
            summarizer: None,
        })
    }

    /// Every translated sentence beside its source, in order.
    pub fn pairs(&self) -> impl Iterator<Item = Pair<'_>> {
        self.article.sentences().filter_map(|(id, source)| {
            let target = self.targets.get(id.section)?.as_ref()?;
            let sentence = target.sentences.get(id.sentence)?;
            Some(Pair {
                id,
                role: self.article.sections()[id.section].role,
                source: source.of(self.article.text()),
                target: sentence.span.of(&target.text),
                sentence,
            })
        })
    }
}

/// The parts of markup that lie in a span of `text`, as spans of what it covers.
fn inside(markup: &[Markup], text: &str, span: Span) -> Vec<Markup> {
    let parts = markup.iter().filter_map(|markup| {
        let part = Span::new(markup.span.start.max(span.start), markup.span.end.min(span.end));
        // What runs over from a neighbour may touch no more than a space or a full stop here.
        let counts = part == markup.span || (!part.is_empty() && part.of(text).contains(char::is_alphanumeric));
        counts.then(|| Markup { span: Span::new(part.start - span.start, part.end - span.start), ..markup.clone() })
    });
    parts.collect()
}

/// Translates and checks articles, all sentences of the call together so that batches fill. One document for each
/// article, in order.
///
/// Sentences in which a check finds an error are translated once more, again all together, and what has the fewest errors
/// is kept: see [`Translator::retry`] and [`TargetSentence::retry`].
///
/// # Errors
/// If the translator fails or `progress` says that the user wants to stop.
pub fn translate(
    articles: Vec<Article>,
    translator: &dyn Translator,
    progress: &dyn Progress,
) -> Result<Vec<Document>> {
    translate_with(articles, translator, &mut Wording::default(), progress)
}

/// [`translate`] with a glossary and a ledger of names. The ledger learns from the articles in their order.
///
/// # Errors
/// As [`translate`].
pub fn translate_with(
    articles: Vec<Article>,
    translator: &dyn Translator,
    wording: &mut Wording,
    progress: &dyn Progress,
) -> Result<Vec<Document>> {
    let sentences: Vec<&str> = articles.iter().flat_map(translated_sentences).map(|(_, text)| text).collect();
    let mut translations = translator.translate(&sentences, progress)?.into_iter();
    let provenance = translator.provenance();
    let draft = |article: Article| {
        let count = translated_sentences(&article).count();
        let translations: Vec<_> = translations.by_ref().take(count).collect();
        let mut document = Document {
            targets: targets(&article, translations.iter().cloned()),
            article,
            brief: None,
            findings: Vec::new(),
            translator: provenance.clone(),
            summarizer: None,
        };
        document.findings = check::run(&document);
        Draft { document, translations }
    };
    let mut drafts: Vec<Draft> = articles.into_iter().map(draft).collect();
    retry::retry(&mut drafts, translator, progress)?;
    let revised = |Draft { mut document, .. }: Draft| {
        let revisions = glossary::revise(&mut document, wording);
        if !revisions.is_empty() {
            document.findings = [revisions, check::run(&document)].concat();
            document.findings.sort_by_key(|finding| finding.sentence);
        }
        glossary::tell_of_ledger(&mut document, wording);
        document
    };
    Ok(drafts.into_iter().map(revised).collect())
}

/// A document and the translations that it was put together from, in the order of [`translated_sentences`].
struct Draft {
    document: Document,
    translations: Vec<Translation>,
}

/// The sentences of the sections that are translated, in order.
fn translated_sentences(article: &Article) -> impl Iterator<Item = (SentenceId, &str)> {
    let translated = |id: SentenceId| article.sections()[id.section].role.is_translated();
    let sentences = article.sentences().filter(move |(id, _)| translated(*id));
    sentences.map(|(id, span)| (id, span.of(article.text())))
}

/// The sections of the article, put together from the translations of its sentences.
fn targets(article: &Article, translations: impl IntoIterator<Item = Translation>) -> Vec<Option<Target>> {
    let mut translations = translations.into_iter();
    let sections = article.sections().iter();
    sections
        .map(|section| {
            section.role.is_translated().then(|| {
                let mut target = Target::default();
                let mut end = section.span.start;
                for &span in &section.sentences {
                    // As many as were asked for: the contract of Translator.
                    let translation = translations.next().unwrap_or_default();
                    let gap = &article.text()[end..span.start];
                    append(&mut target, gap, translation);
                    project(&mut target, article.text(), &section.markup, span);
                    end = span.end;
                }
                target
            })
        })
        .collect()
}

/// Adds a sentence to its section, after a line break where the source has one, else after a space.
fn append(target: &mut Target, gap: &str, translation: Translation) {
    if !target.text.is_empty() && !translation.text.is_empty() {
        target.text.push(if gap.contains('\n') { '\n' } else { ' ' });
    }
    let start = target.text.len();
    target.text.push_str(&translation.text);
    target.sentences.push(TargetSentence {
        span: Span::new(start, target.text.len()),
        score: translation.score,
        alignment: translation.alignment,
        cut: translation.cut,
        retry: None,
    });
}

/// Carries the markup of the source sentence at `span` of `text` to the sentence that was added last.
fn project(target: &mut Target, text: &str, markup: &[Markup], span: Span) {
    let Some(sentence) = target.sentences.last().filter(|sentence| !sentence.span.is_empty()) else { return };
    let parts = inside(markup, text, span);
    let carried = align::project(&parts, span.of(text), &sentence.alignment, sentence.span.of(&target.text));
    let start = sentence.span.start;
    target.markup.extend(carried.into_iter().map(|markup| Markup { span: markup.span.shift(start), ..markup }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::MarkupKind;
    use crate::progress::Silent;
    use crate::translate::Echo;

    #[test]
    fn markup_is_carried_sentence_by_sentence() {
        let text = "العنوان\n\nقال الوزير إن المعبر مفتوح. وصل الوفد أمس.";
        let of = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let body = Span::new(of("قال").start, text.len());
        let across = Span::new(of("مفتوح").start, of("وصل").end); // the end of one sentence, the start of the next
        let markup = vec![
            Markup { span: of("الوزير"), kind: MarkupKind::Link("https://example.org".into()) },
            Markup { span: across, kind: MarkupKind::Strong },
        ];
        let title = Block { role: Role::Headline, span: of("العنوان"), markup: vec![] };
        let outline = Outline {
            text: text.into(),
            blocks: vec![title, Block { role: Role::Paragraph, span: body, markup }],
            ..Outline::default()
        };
        let sentences = vec![vec![of("العنوان")], vec![of("قال الوزير إن المعبر مفتوح."), of("وصل الوفد أمس.")]];
        let article = Article::new(outline, sentences).unwrap();
        let documents = translate(vec![article], &Echo { mark: "en: ".into() }, &Silent).unwrap();
        let target = documents[0].targets[1].as_ref().unwrap();
        let carried: Vec<_> = target.markup.iter().map(|m| (m.span.of(&target.text), &m.kind)).collect();
        assert_eq!(carried[0], ("الوزير", &MarkupKind::Link("https://example.org".into())));
        assert_eq!(carried[1..], [("مفتوح", &MarkupKind::Strong), ("وصل", &MarkupKind::Strong)]);
        assert!(documents[0].targets[0].as_ref().unwrap().markup.is_empty());
    }
}
