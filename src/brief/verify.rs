//! What a summarizer wrote against the article: claims that the article bears out stay, the others are repaired, replaced
//! or dropped.
//!
//! That quantities are where summarizers err most, and that checking them pays, is in Zhao, Cohen and Webber, "Reducing
//! Quantity Hallucinations in Abstractive Summarization" (Findings of EMNLP 2020); that names do, in Nan et al.,
//! "Entity-level Factual Consistency of Abstractive Text Summarization" (EACL 2021); that sentences which put two others
//! together do, in Lebanoff et al., "Analyzing Sentence Fusion in Abstractive Summarization" (NewSum 2019).

mod negation;
mod numbers;
mod places;
mod roles;

use std::collections::BTreeSet;

use super::clauses::clauses;
use super::names::{Lexicon, stands_in, words};
use super::support::{Sentences, Support, stems};
use super::{Claim, Evidence, Origin};
use crate::article::{Role, SentenceId, Span};
use crate::check::{Finding, Severity};
use crate::pipeline::Document;
use crate::segment;

/// The name of these checks in findings.
pub(super) const CHECK: &str = "support";

/// A claim with a smaller share of its words in its evidence is not supported by it.
const SUPPORTED: f64 = 0.5;
/// One with a smaller share is told to be in words of its own.
const CLOSE: f64 = 0.65;
/// A sentence with less of a claim does not say what the claim was to say.
const RELATED: f64 = 0.3;
/// If no sentence has more of a claim, it puts two together.
const ALONE: f64 = 0.7;
/// A name may come from so many sentences before the evidence.
const REACH: usize = 3;

/// What is left of a text after it was held against the article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// What the article bears out, in the order of the text.
    pub claims: Vec<Claim>,
    /// What it does not, where nothing could be put in its place.
    pub dropped: Vec<String>,
}

/// Holds a text about a document against the sentences that may enter its brief.
///
/// Each sentence is split into claims. The evidence of a claim is what its words come from; its numbers, dates, names and
/// negations must stand there. Where one number is wrong and the evidence has just one for its place, that is put in.
/// Where a claim cannot be mended its sentence, or the part of it from there on, gives way to the evidence, word for word,
/// unless that is in the brief already or an error was found in it; then it is dropped.
pub fn verify(document: &Document, text: &str) -> Verified {
    let judge = Judge::new(document);
    let mut verified = Verified::default();
    for span in segment::sentences(text) {
        judge.sentence(span.of(text), &mut verified);
    }
    verified
}

struct Judge<'a> {
    document: &'a Document,
    sentences: Sentences<'a>,
    lexicon: Lexicon,
}

/// A claim that was judged.
enum Verdict {
    Stands(Claim),
    Falls(Fall),
}

/// A claim that the article does not bear out.
struct Fall {
    /// As the summarizer wrote it.
    original: String,
    /// What is wrong with it, in words.
    fault: String,
    /// The sentences that it comes from, by their places in [`Sentences::list`].
    evidence: Vec<usize>,
}

impl<'a> Judge<'a> {
    fn new(document: &'a Document) -> Self {
        let sentences = Sentences::new(document);
        let lexicon = Lexicon::new(sentences.list.iter().map(|(_, text)| *text));
        Self { document, sentences, lexicon }
    }

    /// Adds what is left of a sentence, and behind it what stands in for its claims that fell.
    fn sentence(&self, text: &str, verified: &mut Verified) {
        let (mut kept, mut fallen): (Vec<Claim>, Vec<Fall>) = (Vec::new(), Vec::new());
        for span in clauses(text) {
            match self.claim(span.of(text)) {
                Verdict::Stands(claim) => kept.push(Claim { continues: !kept.is_empty(), ..claim }),
                // The others lean on the first: the whole sentence falls with it.
                Verdict::Falls(fall) if kept.is_empty() => {
                    let whole = self.sentences.support(text);
                    let evidence = if whole.first >= RELATED { whole.evidence } else { fall.evidence };
                    return self.replace(Fall { original: text.to_owned(), evidence, ..fall }, verified);
                }
                Verdict::Falls(fall) => fallen.push(fall),
            }
        }
        close(&mut kept);
        self.warn_of_seam(text, &mut kept);
        verified.claims.extend(kept);
        fallen.into_iter().for_each(|fall| self.replace(fall, verified));
    }

    /// Tells of a sentence whose claims rest on different sentences, no one of which has most of it.
    fn warn_of_seam(&self, text: &str, kept: &mut [Claim]) {
        let told = kept.iter().flat_map(|claim| &claim.findings).any(|finding| finding.message.starts_with(TOGETHER));
        let names: BTreeSet<SentenceId> = kept.iter().map(|claim| claim.evidence.sentences()[0]).collect();
        if names.len() > 1
            && !told
            && self.sentences.support(text).first < ALONE
            && let Some(last) = kept.last_mut()
        {
            last.findings.push(finding(last, Severity::Warning, together(names.iter())));
        }
    }

    /// Puts the first of the evidence in the place of what the summarizer wrote, if it can stand there.
    fn replace(&self, fall: Fall, verified: &mut Verified) {
        let Fall { original, fault, evidence } = fall;
        let stand_in = evidence.first().and_then(|&index| {
            let (id, text) = self.sentences.list[index];
            let related = self.sentences.support(&original).first >= RELATED;
            let told = verified.claims.iter().any(|claim| claim.text == text);
            let wrong = |f: &Finding| f.sentence == id && f.severity == Severity::Error;
            let sound = !self.document.findings.iter().any(wrong);
            let role = self.document.article.sections()[id.section].role;
            (related && !told && sound && role != Role::Headline).then_some(id)
        });
        match stand_in.and_then(|id| Claim::quote(self.document, id)) {
            Some(claim) => {
                let message =
                    format!("This sentence of the article stands in for one that the summarizer wrote: {fault}");
                verified.claims.push(noted(Claim { origin: Origin::Replaced { original }, ..claim }, message));
            }
            None => verified.dropped.push(original),
        }
    }

    /// Judges one claim, with its numbers mended where they can be.
    fn claim(&self, original: &str) -> Verdict {
        let (text, mended) = self.mend(original);
        let support = self.sentences.support(&text);
        let fault = self.fault(&text, &support);
        let ids: Vec<SentenceId> = support.evidence.iter().map(|&index| self.sentences.list[index].0).collect();
        let (None, Ok(evidence)) = (&fault, Evidence::new(&self.document.article, ids)) else {
            let fault = fault.unwrap_or_else(|| "nothing in the article is about this.".into());
            let evidence = self.sentences.support(original).evidence;
            return Verdict::Falls(Fall { original: original.to_owned(), fault, evidence });
        };
        let origin =
            if mended.is_empty() { Origin::AsWritten } else { Origin::Repaired { original: original.to_owned() } };
        let mut claim = Claim::new(self.document, text, evidence, origin);
        for (wrong, right) in mended {
            let message =
                format!("The summarizer wrote “{wrong}”; its evidence says “{right}”, which stands here now.");
            // The sentence was written for another number: someone should read it.
            claim.findings.push(finding(&claim, Severity::Warning, message));
        }
        self.warn(&mut claim, &support);
        Verdict::Stands(claim)
    }

    /// The text with its wrong numbers replaced as far as the evidence says by what, and what was replaced.
    fn mend(&self, original: &str) -> (String, Vec<(String, String)>) {
        let mut text = original.to_owned();
        let mut mended = Vec::new();
        // As often as there can be numbers in it; each time one of them comes right.
        for _ in 0..original.len() {
            let support = self.sentences.support(&text);
            let Some((span, right)) = numbers::repair(&text, &self.texts(&support.evidence)) else { break };
            mended.push((span.of(&text).to_owned(), right.clone()));
            text.replace_range(span.range(), &right);
        }
        (text, mended)
    }

    fn texts(&self, evidence: &[usize]) -> Vec<&'a str> {
        evidence.iter().map(|&index| self.sentences.list[index].1).collect()
    }

    /// What is wrong with a claim, in words; nothing if its evidence bears it out.
    fn fault(&self, text: &str, support: &Support) -> Option<String> {
        let evidence = self.texts(&support.evidence);
        let first = evidence.first()?;
        if support.share < SUPPORTED {
            let percent = (100.0 * support.share).round();
            return Some(format!("only {percent} % of what it says is in the article."));
        }
        if let Some(span) = numbers::wrong(text, &evidence).first() {
            return Some(format!("“{}” is not in its evidence.", span.of(text)));
        }
        if let Some(span) = numbers::misplaced(text, &evidence).first() {
            return Some(format!("“{}” is not what its evidence says of this.", span.of(text)));
        }
        if let Some(name) = self.foreign_name(text, &support.evidence) {
            return Some(format!("“{}” is not in its evidence.", name.of(text)));
        }
        if let Some((one, other)) = roles::exchanged(text, first, &self.lexicon) {
            return Some(format!("“{}” and “{}” stand the other way round there.", one.of(text), other.of(text)));
        }
        if negation::differs(text, first) {
            return Some("it denies what its evidence affirms, or affirms what it denies.".into());
        }
        if let Some(denial) = negation::denial(text, first) {
            return Some(format!("its evidence says “{denial}” of this."));
        }
        None
    }

    /// A name of the claim that its evidence does not have.
    fn foreign_name(&self, text: &str, evidence: &[usize]) -> Option<Span> {
        let (&first, others) = evidence.split_first()?;
        let (_, sentence) = self.sentences.list[first];
        let leans = words(sentence).iter().any(|word| PRONOUNS.contains(&word.folded().as_str()));
        // What a pronoun of the evidence stands for was named shortly before.
        let before = (first.saturating_sub(REACH)..first).filter(|_| leans).map(|index| self.sentences.list[index].1);
        let names = self.lexicon.names(text);
        // A second sentence bears out a name only if it has more of the claim than names.
        let of_names: Vec<String> = names.iter().flat_map(|name| stems(name.of(text))).collect();
        let known_here = stems(sentence);
        let rest: Vec<String> =
            stems(text).into_iter().filter(|term| !of_names.contains(term) && !known_here.contains(term)).collect();
        let adds = |other: &&str| stems(other).iter().any(|term| rest.contains(term));
        let others = self.texts(others).into_iter().filter(adds);
        let known: Vec<&str> = before.chain([sentence]).chain(others).collect();
        names.into_iter().find(|name| {
            let initials: String = words(name.of(text)).iter().filter_map(|word| word.text.chars().next()).collect();
            let abbreviated =
                initials.len() > 1 && known.iter().any(|text| words(text).iter().any(|w| w.text == initials));
            let stands = |word: &super::names::Word| known.iter().any(|text| stands_in(word.text, text));
            !abbreviated && !words(name.of(text)).iter().filter(|word| word.is_capitalised()).all(stands)
        })
    }

    /// Adds what a reader should know of a claim that stands.
    fn warn(&self, claim: &mut Claim, support: &Support) {
        let hedge =
            support.evidence.first().and_then(|&first| negation::hedge(&claim.text, self.sentences.list[first].1));
        if let Some(hedge) = hedge {
            let message = format!("Its evidence says “{hedge}” of this; the claim says it as a fact.");
            claim.findings.push(finding(claim, Severity::Warning, message));
        }
        let sentences = claim.evidence.sentences();
        let message = if support.first < ALONE && sentences.len() > 1 {
            together(sentences.iter())
        } else if support.share < CLOSE {
            let percent = (100.0 * support.share).round();
            format!("Only {percent} % of what this says is in its evidence in these words.")
        } else {
            return;
        };
        claim.findings.push(finding(claim, Severity::Warning, message));
    }
}

/// Words that stand for someone who was named before.
const PRONOUNS: [&str; 8] = ["he", "she", "they", "him", "her", "them", "his", "their"];

/// Ends a sentence whose last clauses were left out.
fn close(kept: &mut [Claim]) {
    let Some(last) = kept.last_mut() else { return };
    let end = last.text.trim_end_matches([',', ';', ':', ' ', '–', '—']).len();
    if end < last.text.len() {
        last.text.truncate(end);
        last.text.push('.');
    }
}

/// How a warning begins of what two sentences say.
const TOGETHER: &str = "This puts together what stands in ";

fn together<'a>(sentences: impl Iterator<Item = &'a SentenceId>) -> String {
    let names: Vec<String> = sentences.map(ToString::to_string).collect();
    format!("{TOGETHER}{}: see whether it belongs together.", names.join(" and "))
}

fn noted(mut claim: Claim, message: String) -> Claim {
    claim.findings.push(finding(&claim, Severity::Info, message));
    claim
}

pub(super) fn finding(claim: &Claim, severity: Severity, message: String) -> Finding {
    let sentence = claim.evidence.sentences()[0];
    Finding { check: CHECK, severity, sentence, message, source: None, target: None }
}

#[cfg(test)]
pub(super) mod tests;
