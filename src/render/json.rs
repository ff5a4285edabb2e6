//! The whole document as one JSON object on one line, so that files of several articles are JSON Lines.
//!
//! Offsets count Unicode scalar values, half-open. The schema is [`super::schema`].

use serde::Serialize;

use super::{Format, Options};
use crate::align::Link;
use crate::article::{Markup, MarkupKind, Section, SentenceId, Span};
use crate::brief::{Brief, Claim, Fact, FactKind};
use crate::check::{Finding, Severity};
use crate::pipeline::{Document, Retry, Target};
use crate::translate::Provenance;

pub(super) const FORMAT: Format = Format {
    name: "json",
    extensions: &["json", "jsonl", "ndjson"],
    media_type: "application/json",
    description: "everything, for programs: one object a line, described by `mujaz schema`",
    render,
};

fn render(document: &Document, _: &Options) -> String {
    let mut line = serde_json::to_string(&record(document)).expect("strings, numbers and maps with string keys");
    line.push('\n');
    line
}

#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    article: ArticleRecord<'a>,
    sections: Vec<SectionRecord<'a>>,
    brief: Option<BriefRecord<'a>>,
    findings: Counts,
    provenance: ProvenanceRecord<'a>,
}

#[derive(Serialize)]
struct ArticleRecord<'a> {
    source: &'a str,
    language: &'a str,
    text: &'a str,
    title: Option<&'a str>,
    published: Option<&'a str>,
    notices: &'a [String],
}

#[derive(Serialize)]
struct SectionRecord<'a> {
    id: String,
    role: &'static str,
    translated: bool,
    source: SectionSource<'a>,
    target: Option<SectionTarget<'a>>,
    sentences: Vec<SentenceRecord<'a>>,
}

#[derive(Serialize)]
struct SectionSource<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    markup: Vec<MarkupRecord<'a>>,
}

#[derive(Serialize)]
struct SectionTarget<'a> {
    text: &'a str,
    markup: Vec<MarkupRecord<'a>>,
}

#[derive(Serialize)]
struct MarkupRecord<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<&'a str>,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct SentenceRecord<'a> {
    id: String,
    source: Piece<'a>,
    target: Option<Piece<'a>>,
    score: Option<f32>,
    alignment: Vec<[usize; 4]>,
    findings: Vec<FindingRecord<'a>>,
    retry: Option<RetryRecord<'a>>,
}

#[derive(Serialize)]
struct RetryRecord<'a> {
    because: &'a [String],
    candidates: usize,
    first: Option<&'a str>,
}

#[derive(Serialize)]
struct Piece<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct FindingRecord<'a> {
    check: &'static str,
    severity: Severity,
    sentence: String,
    message: &'a str,
    source: Option<[usize; 2]>,
    target: Option<[usize; 2]>,
}

#[derive(Serialize)]
struct BriefRecord<'a> {
    method: &'a str,
    style: &'static str,
    text: String,
    claims: Vec<ClaimRecord<'a>>,
    numbers: Vec<FactRecord<'a>>,
    names: Vec<FactRecord<'a>>,
    uncertain: Vec<DoubtRecord<'a>>,
    dropped: &'a [String],
}

#[derive(Serialize)]
struct FactRecord<'a> {
    sentence: String,
    source: Piece<'a>,
    target: Option<Piece<'a>>,
}

#[derive(Serialize)]
struct DoubtRecord<'a> {
    text: &'a str,
    evidence: Vec<String>,
    findings: Vec<FindingRecord<'a>>,
}

#[derive(Serialize)]
struct ClaimRecord<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    part: &'static str,
    continues: bool,
    origin: &'static str,
    original: Option<&'a str>,
    evidence: Vec<String>,
    findings: Vec<FindingRecord<'a>>,
}

#[derive(Serialize, Default)]
struct Counts {
    error: usize,
    warning: usize,
    info: usize,
}

#[derive(Serialize)]
struct ProvenanceRecord<'a> {
    mujaz: &'static str,
    translator: Option<&'a Provenance>,
    summarizer: Option<&'a Provenance>,
}

/// Turns bytes into Unicode scalar values within one text.
struct Chars(Vec<usize>);

impl Chars {
    fn of(text: &str) -> Self {
        Self(text.char_indices().map(|(at, _)| at).collect())
    }

    fn at(&self, byte: usize) -> usize {
        self.0.partition_point(|&start| start < byte)
    }

    fn span(&self, span: Span) -> [usize; 2] {
        [self.at(span.start), self.at(span.end)]
    }

    fn piece<'a>(&self, span: Span, text: &'a str) -> Piece<'a> {
        let [start, end] = self.span(span);
        Piece { text: span.get(text).unwrap_or_default(), start, end }
    }
}

fn record(document: &Document) -> Record<'_> {
    let article = &document.article;
    let chars = Chars::of(article.text());
    let sections = article.sections().iter().enumerate();
    Record {
        schema: "mujaz/1",
        article: ArticleRecord {
            source: article.source(),
            language: article.language(),
            text: article.text(),
            title: article.title(),
            published: article.published(),
            notices: article.notices(),
        },
        sections: sections.map(|(index, section)| section_record(document, &chars, (index, section))).collect(),
        brief: document.brief.as_ref().map(|brief| brief_record(document, brief)),
        findings: counts(&document.findings),
        provenance: ProvenanceRecord {
            mujaz: env!("CARGO_PKG_VERSION"),
            translator: document.is_translated().then_some(&document.translator),
            summarizer: document.summarizer.as_ref(),
        },
    }
}

fn section_record<'a>(
    document: &'a Document,
    chars: &Chars,
    (index, section): (usize, &'a Section),
) -> SectionRecord<'a> {
    let text = document.article.text();
    let target = document.targets.get(index).and_then(Option::as_ref);
    let target_chars = target.map(|target| Chars::of(&target.text));
    let source = chars.piece(section.span, text);
    let sentences = section.sentences.iter().enumerate();
    SectionRecord {
        id: format!("s{}", index + 1),
        role: section.role.name(),
        translated: target.is_some(),
        source: SectionSource {
            markup: section.markup.iter().map(|m| markup_record(m, chars, source.start)).collect(),
            text: source.text,
            start: source.start,
            end: source.end,
        },
        target: target.zip(target_chars.as_ref()).map(|(target, chars)| SectionTarget {
            text: &target.text,
            markup: target.markup.iter().map(|m| markup_record(m, chars, 0)).collect(),
        }),
        sentences: sentences
            .map(|(sentence, &span)| {
                let id = SentenceId { section: index, sentence };
                let source = chars.piece(span, text);
                sentence_record(document, id, source, target.zip(target_chars.as_ref()))
            })
            .collect(),
    }
}

/// `base` is where the text begins that the offsets refer to.
fn markup_record<'a>(markup: &'a Markup, chars: &Chars, base: usize) -> MarkupRecord<'a> {
    let (kind, href) = match &markup.kind {
        MarkupKind::Link(href) => ("link", Some(href.as_str())),
        MarkupKind::Emphasis => ("emphasis", None),
        MarkupKind::Strong => ("strong", None),
    };
    let [start, end] = chars.span(markup.span);
    MarkupRecord { kind, href, start: start.saturating_sub(base), end: end.saturating_sub(base) }
}

fn sentence_record<'a>(
    document: &'a Document,
    id: SentenceId,
    source: Piece<'a>,
    target: Option<(&'a Target, &Chars)>,
) -> SentenceRecord<'a> {
    let translated = target.and_then(|(target, chars)| {
        let sentence = target.sentences.get(id.sentence)?;
        Some((sentence, chars.piece(sentence.span, &target.text)))
    });
    let findings = document.findings.iter().filter(|finding| finding.sentence == id);
    let findings = findings.map(|finding| finding_record(document, finding)).collect();
    let score = translated.as_ref().and_then(|(sentence, _)| sentence.score).filter(|score| score.is_finite());
    let links = translated.as_ref().map(|(sentence, _)| sentence.alignment.as_slice()).unwrap_or_default();
    let alignment = match &translated {
        Some((_, target)) => alignment(links, &Chars::of(source.text), &Chars::of(target.text)),
        None => Vec::new(),
    };
    let retry = translated.as_ref().and_then(|(sentence, _)| sentence.retry.as_ref());
    SentenceRecord {
        id: id.to_string(),
        source,
        target: translated.map(|(_, piece)| piece),
        score,
        alignment,
        findings,
        retry: retry.map(|Retry { because, candidates, first }| RetryRecord {
            because,
            candidates: *candidates,
            first: first.as_deref(),
        }),
    }
}

fn alignment(links: &[Link], source: &Chars, target: &Chars) -> Vec<[usize; 4]> {
    let entry = |link: &Link| {
        let ([a, b], [c, d]) = (source.span(link.source), target.span(link.target));
        [a, b, c, d]
    };
    links.iter().map(entry).collect()
}

fn finding_record<'a>(document: &Document, finding: &'a Finding) -> FindingRecord<'a> {
    let within = |span: Option<Span>, text: Option<&str>| Some(Chars::of(text?).span(span?));
    FindingRecord {
        check: finding.check,
        severity: finding.severity,
        sentence: finding.sentence.to_string(),
        message: &finding.message,
        source: within(finding.source, document.source(finding.sentence)),
        target: within(finding.target, document.target(finding.sentence)),
    }
}

fn brief_record<'a>(document: &'a Document, brief: &'a Brief) -> BriefRecord<'a> {
    let text = brief.text();
    let chars = Chars::of(&text);
    let evidence = |claim: &Claim| claim.evidence.sentences().iter().map(SentenceId::to_string).collect();
    let findings = |claim: &'a Claim| claim.findings.iter().map(|finding| finding_record(document, finding)).collect();
    let claim = |(claim, span): (&'a Claim, Span)| {
        let [start, end] = chars.span(span);
        ClaimRecord {
            text: &claim.text,
            start,
            end,
            part: claim.part.name(),
            continues: claim.continues,
            origin: claim.origin.name(),
            original: claim.origin.original(),
            evidence: evidence(claim),
            findings: findings(claim),
        }
    };
    let doubt =
        |doubt: &'a Claim| DoubtRecord { text: &doubt.text, evidence: evidence(doubt), findings: findings(doubt) };
    let facts = |kind| {
        let facts = brief.facts.iter().filter(move |fact| fact.kind == kind);
        facts.map(|fact| fact_record(document, fact)).collect()
    };
    BriefRecord {
        method: &brief.method,
        style: brief.style.name(),
        claims: brief.claims.iter().zip(brief.spans()).map(claim).collect(),
        numbers: facts(FactKind::Number),
        names: facts(FactKind::Name),
        uncertain: brief.uncertain.iter().map(doubt).collect(),
        dropped: &brief.dropped,
        text,
    }
}

fn fact_record<'a>(document: &'a Document, fact: &Fact) -> FactRecord<'a> {
    let within = |text: Option<&'a str>, span: Span| {
        let text = text.unwrap_or_default();
        Chars::of(text).piece(span, text)
    };
    FactRecord {
        sentence: fact.sentence.to_string(),
        source: within(document.source(fact.sentence), fact.source),
        target: fact.target.map(|span| within(document.target(fact.sentence), span)),
    }
}

fn counts(findings: &[Finding]) -> Counts {
    let mut counts = Counts::default();
    for finding in findings {
        match finding.severity {
            Severity::Error => counts.error += 1,
            Severity::Warning => counts.warning += 1,
            Severity::Info => counts.info += 1,
        }
    }
    counts
}
