//! Puts a document together from pairs of sentences. Sentences are named by section and sentence, from 1.

use mujaz::align::Link;
use mujaz::article::{Article, Block, Markup, MarkupKind, Outline, Role, SentenceId, Span};
use mujaz::brief::{Brief, Claim, Evidence, Origin, Style};
use mujaz::check::{Finding, Severity};
use mujaz::pipeline::{Document, Retry, Target, TargetSentence};
use mujaz::translate::Provenance;

/// `"كلمة=word …"` as pairs.
pub fn links(pairs: &str) -> Vec<(&str, &str)> {
    pairs.split_whitespace().map(|pair| pair.split_once('=').expect("a pair")).collect()
}

/// What a claim says, and where that comes from.
type Written = (String, Origin);

#[derive(Default)]
pub struct Builder {
    pub language: String,
    pub title: Option<String>,
    pub published: Option<String>,
    pub notices: Vec<String>,
    source: String,
    text: String,
    blocks: Vec<Block>,
    sentences: Vec<Vec<Span>>,
    targets: Vec<Option<Target>>,
    findings: Vec<Finding>,
    claims: Vec<(Option<Written>, Vec<SentenceId>)>,
    pub style: Style,
    pub dropped: Vec<String>,
}

impl Builder {
    pub fn new(source: &str) -> Self {
        Self { source: source.into(), language: "ar".into(), ..Self::default() }
    }

    /// Adds a section of sentences with their English.
    pub fn section(&mut self, role: Role, pairs: &[(&str, &str)]) {
        self.untranslated(role, &pairs.iter().map(|pair| pair.0).collect::<Vec<_>>());
        let mut target = Target::default();
        for (_, english) in pairs {
            if !target.text.is_empty() && !english.is_empty() {
                target.text.push(' ');
            }
            let start = target.text.len();
            target.text.push_str(english);
            let span = Span::new(start, target.text.len());
            target.sentences.push(TargetSentence { span, score: Some(-0.25), ..TargetSentence::default() });
        }
        *self.targets.last_mut().unwrap() = Some(target);
    }

    /// Adds a section without English.
    pub fn untranslated(&mut self, role: Role, sentences: &[&str]) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        let mut spans = Vec::new();
        for (index, sentence) in sentences.iter().enumerate() {
            if index > 0 {
                self.text.push(' ');
            }
            spans.push(Span::new(self.text.len(), self.text.len() + sentence.len()));
            self.text.push_str(sentence);
        }
        self.blocks.push(Block { role, span: Span::new(start, self.text.len()), markup: vec![] });
        self.sentences.push(spans);
        self.targets.push(None);
    }

    pub fn score(&mut self, sentence: (usize, usize), score: f32) {
        self.target(sentence).score = Some(score);
    }

    /// Says that a sentence was translated again, and what its first translation was if another was kept.
    pub fn retry(&mut self, sentence: (usize, usize), because: &str, first: Option<&str>) {
        let first = first.map(str::to_owned);
        self.target(sentence).retry = Some(Retry { because: vec![because.into()], candidates: 8, first });
    }

    /// Links words; `word#2` is the second occurrence.
    pub fn align(&mut self, sentence: (usize, usize), pairs: &[(&str, &str)]) {
        let (source, target) = (self.source_text(sentence), self.target_text(sentence));
        let mut alignment: Vec<Link> = pairs
            .iter()
            .map(|(arabic, english)| Link { source: occurrence(&source, arabic), target: occurrence(&target, english) })
            .collect();
        alignment.sort_by_key(|link| (link.target, link.source));
        self.target(sentence).alignment = alignment;
    }

    /// Marks a piece of the source sentence and its counterpart in the English.
    pub fn markup(&mut self, sentence: (usize, usize), arabic: &str, english: &str, kind: MarkupKind) {
        let (section, index) = (sentence.0 - 1, sentence.1 - 1);
        let source = locate(&self.source_text(sentence), arabic).shift(self.sentences[section][index].start);
        let within = locate(&self.target_text(sentence), english).shift(self.target(sentence).span.start);
        self.blocks[section].markup.push(Markup { span: source, kind: kind.clone() });
        self.targets[section].as_mut().unwrap().markup.push(Markup { span: within, kind });
    }

    pub fn finding(
        &mut self,
        sentence: (usize, usize),
        check: &'static str,
        severity: Severity,
        message: &str,
        marked: (&str, &str),
    ) {
        let mark = |text: String, piece: &str| (!piece.is_empty()).then(|| locate(&text, piece));
        self.findings.push(Finding {
            check,
            severity,
            sentence: id(sentence),
            message: message.into(),
            source: mark(self.source_text(sentence), marked.0),
            target: mark(self.target_text(sentence), marked.1),
        });
    }

    /// A claim that repeats the one sentence it rests on.
    pub fn claim(&mut self, evidence: &[(usize, usize)]) {
        self.claims.push((None, evidence.iter().copied().map(id).collect()));
    }

    /// A claim in its own words.
    pub fn summarized(&mut self, text: &str, evidence: &[(usize, usize)]) {
        self.claims.push((Some((text.into(), Origin::AsWritten)), evidence.iter().copied().map(id).collect()));
    }

    /// A claim of which something was wrong.
    pub fn repaired(&mut self, text: &str, original: &str, evidence: &[(usize, usize)]) {
        let origin = Origin::Repaired { original: original.into() };
        self.claims.push((Some((text.into(), origin)), evidence.iter().copied().map(id).collect()));
    }

    pub fn build(self) -> Document {
        let outline = Outline {
            source: self.source,
            text: self.text,
            language: self.language,
            title: self.title,
            published: self.published,
            blocks: self.blocks,
            notices: self.notices,
        };
        let mut document = Document {
            article: Article::new(outline, self.sentences).unwrap(),
            targets: self.targets,
            brief: None,
            findings: self.findings,
            translator: Provenance {
                name: "opus-mt-ar-en".into(),
                repository: Some("Helsinki-NLP/opus-mt-ar-en".into()),
                revision: Some("0123456789abcdef0123456789abcdef01234567".into()),
                license: Some("Apache-2.0".into()),
                device: "cpu".into(),
                precision: "int8".into(),
                beam: 4,
                ..Provenance::default()
            },
            summarizer: None,
        };
        document.findings.sort_by_key(|finding| finding.sentence);
        let claims: Vec<Claim> =
            self.claims.into_iter().map(|(said, evidence)| claim(&document, said, evidence)).collect();
        if !claims.is_empty() {
            let brief = Brief::new(&document, "extractive".into(), self.style, claims);
            document.brief = Some(Brief { dropped: self.dropped, ..brief });
        }
        document
    }

    fn target(&mut self, sentence: (usize, usize)) -> &mut TargetSentence {
        &mut self.targets[sentence.0 - 1].as_mut().expect("a translated section").sentences[sentence.1 - 1]
    }

    fn source_text(&self, sentence: (usize, usize)) -> String {
        self.sentences[sentence.0 - 1][sentence.1 - 1].of(&self.text).into()
    }

    fn target_text(&self, sentence: (usize, usize)) -> String {
        let target = self.targets[sentence.0 - 1].as_ref().expect("a translated section");
        target.sentences[sentence.1 - 1].span.of(&target.text).into()
    }
}

fn claim(document: &Document, said: Option<(String, Origin)>, evidence: Vec<SentenceId>) -> Claim {
    match said {
        None => Claim::quote(document, evidence[0]).unwrap(),
        Some((text, origin)) => {
            let evidence = Evidence::new(&document.article, evidence).unwrap();
            Claim::new(document, text, evidence, origin)
        }
    }
}

fn id((section, sentence): (usize, usize)) -> SentenceId {
    SentenceId { section: section - 1, sentence: sentence - 1 }
}

fn locate(text: &str, piece: &str) -> Span {
    let start = text.find(piece).unwrap_or_else(|| panic!("{piece:?} is not in {text:?}"));
    Span::new(start, start + piece.len())
}

fn occurrence(text: &str, word: &str) -> Span {
    match word.split_once('#') {
        Some((word, "2")) => {
            let first = locate(text, word);
            locate(&text[first.end..], word).shift(first.end)
        }
        _ => locate(text, word),
    }
}
