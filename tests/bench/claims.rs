//! How much of what a summarizer gets wrong is caught, and how much of what it gets right is touched:
//! `cargo bench --bench claims -- [FILE [WRITTEN]]`, where WRITTEN is a row of the table of which the failures are shown.
//!
//! A file has a sentence a line, role TAB Arabic TAB English, and an empty line between articles; rows of the role
//! `summary` are true sentences about the article in other words. Faults are put into sentences of the article: what was
//! there before is known, and so is what is true.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use mujaz::article::{Article, Block, Outline, Role, Span};
use mujaz::brief::{Origin, verify};
use mujaz::check::Severity;
use mujaz::pipeline::Document;
use mujaz::segment::sentences;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let (file, shown) = (arguments.next(), arguments.next());
    let file = file.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/claims.tsv").to_owned());
    let text = std::fs::read_to_string(&file).expect("the file is there");
    let articles: Vec<Case> = text.split("\n\n").filter_map(Case::new).collect();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (index, case) in articles.iter().enumerate() {
        let other = &articles[(index + 1) % articles.len()];
        for (fault, truth, written) in case.written(other) {
            let tally = tallies.entry(fault).or_default();
            let before = (tally.caught, tally.touched);
            tally.add(&case.document, &truth, &written);
            let failed = if fault.starts_with("true") { tally.touched > before.1 } else { tally.caught == before.0 };
            if failed && shown.as_deref() == Some(fault) {
                println!("{written}\n    {:#?}", verify(&case.document, &written));
            }
        }
    }
    let count: usize = articles.iter().map(|case| case.sentences.len()).sum();
    println!("{file}: {} articles, {count} sentences", articles.len());
    println!(
        "{:<22}{:>7}{:>12}{:>10}{:>10}{:>10}{:>9}{:>9}",
        "written", "claims", "as written", "repaired", "replaced", "dropped", "warned", "true now"
    );
    for (fault, tally) in &tallies {
        tally.print(fault);
    }
    let sum = |faulty: bool, of: fn(&Tally) -> usize| {
        tallies
            .iter()
            .filter(|(fault, _)| fault.starts_with("true") != faulty)
            .map(|(_, tally)| of(tally))
            .sum::<usize>()
    };
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let all = |of: fn(&Tally) -> usize| sum(true, of) + sum(false, of);
    println!("caught of the faulty   {:.1} %", percent(sum(true, |t| t.caught), sum(true, |t| t.written)));
    println!("touched of the true    {:.1} %", percent(sum(false, |t| t.touched), sum(false, |t| t.written)));
    println!("true before            {:.1} %", percent(sum(false, |t| t.written), all(|t| t.written)));
    println!("true after             {:.1} %", percent(all(|t| t.right), all(|t| t.kept)));
    println!("numbers right before   {:.1} %", percent(all(|t| t.numbers_before.0), all(|t| t.numbers_before.1)));
    println!("numbers right after    {:.1} %", percent(all(|t| t.numbers_after.0), all(|t| t.numbers_after.1)));
}

struct Case {
    document: Document,
    sentences: Vec<String>,
    summaries: Vec<String>,
}

impl Case {
    fn new(block: &str) -> Option<Self> {
        let (mut text, mut blocks, mut spans) = (String::new(), Vec::new(), Vec::new());
        let (mut all, mut summaries) = (Vec::new(), Vec::new());
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
            if role.may_enter_brief() && role != Role::Headline {
                all.extend(found.iter().map(|span| span.of(&text).to_owned()));
            }
            blocks.push(Block { role, span, markup: vec![] });
            spans.push(found);
        }
        let outline = Outline { text, blocks, language: "en".into(), ..Outline::default() };
        // An article of a sentence or two has nothing to be confused with.
        let document = Document::untranslated(Article::new(outline, spans).ok()?);
        (all.len() >= 4).then_some(Self { document, sentences: all, summaries })
    }

    /// Sentences as a summarizer might write them: what is done to them, what is true, what is written.
    fn written(&self, other: &Self) -> Vec<(&'static str, String, String)> {
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

/// Two or more words with capitals that do not begin the sentence.
fn names(sentence: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let words: Vec<&str> = sentence.split(' ').collect();
    let capital = |word: &str| {
        let rest = word.strip_prefix("al-").unwrap_or(word);
        rest.starts_with(char::is_uppercase) && word.ends_with(char::is_alphanumeric)
    };
    let mut index = 1;
    while index + 1 < words.len() {
        let mut end = index;
        while end < words.len() && words[end].chars().all(|c| c.is_alphabetic() || c == '-') && capital(words[end]) {
            end += 1;
        }
        if end >= index + 2 {
            let start = words[index].as_ptr() as usize - sentence.as_ptr() as usize;
            let stop = words[end - 1].as_ptr() as usize - sentence.as_ptr() as usize + words[end - 1].len();
            names.push(&sentence[start..stop]);
        }
        index = end.max(index + 1);
    }
    names
}

/// One digit changed, the first one of a number, so that the number is another one by much.
fn digit(sentence: &str, seed: usize) -> Option<String> {
    let places: Vec<usize> = sentence.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = *places.get(seed % places.len().max(1))?;
    let old = sentence.as_bytes()[at] - b'0';
    let new = (old + 1 + (seed % 8) as u8) % 10;
    let mut text = sentence.to_owned();
    text.replace_range(at..=at, &new.to_string());
    Some(text)
}

const MONTHS: [(&str, &str); 11] = [
    ("January", "August"),
    ("February", "July"),
    ("March", "November"),
    ("April", "September"),
    ("June", "October"),
    ("July", "January"),
    ("August", "April"),
    ("September", "February"),
    ("October", "June"),
    ("November", "March"),
    ("December", "July"),
];

fn swap(sentence: &str, pairs: &[(&str, &str)]) -> Option<String> {
    let (old, new) = pairs.iter().find(|(old, _)| sentence.contains(old))?;
    Some(sentence.replacen(old, new, 1))
}

/// Small numbers in words.
const COUNTS: [(&str, &str); 5] =
    [("three ", "five "), ("Three ", "Five "), ("two ", "four "), ("Two ", "Four "), ("five ", "three ")];

/// The first two of different pieces of a sentence, each in the place of the other.
fn exchange(sentence: &str, pieces: &[&str]) -> Option<String> {
    let (&one, &other) = pieces.iter().zip(pieces.iter().skip(1)).find(|(one, other)| one != other)?;
    let place = |piece: &str| piece.as_ptr() as usize - sentence.as_ptr() as usize;
    let (start, end) = (place(one), place(other));
    Some(format!(
        "{}{other}{}{one}{}",
        &sentence[..start],
        &sentence[start + one.len()..end],
        &sentence[end + other.len()..]
    ))
}

/// A denial taken away, or else one put behind the first auxiliary.
fn negate(sentence: &str) -> Option<String> {
    if let Some(at) = sentence.find(" not ") {
        return Some(format!("{}{}", &sentence[..at], &sentence[at + 4..]));
    }
    let auxiliary = [" was ", " were ", " is ", " are ", " will ", " would ", " had ", " has ", " have "];
    let (at, word) = auxiliary.iter().filter_map(|word| Some((sentence.find(word)?, *word))).min()?;
    let end = at + word.len();
    Some(format!("{}not {}", &sentence[..end], &sentence[end..]))
}

/// The first half of one sentence and the second half of another.
fn merge(one: &str, other: &str) -> Option<String> {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    (one.len() >= 8 && other.len() >= 8)
        .then(|| format!("{} {}", one[..one.len() / 2].join(" "), other[other.len() / 2..].join(" ")))
}

/// A sentence without what follows its last comma, if enough is left.
fn shorter(sentence: &str) -> Option<String> {
    let at = sentence.rfind(", ").filter(|&at| sentence[..at].split(' ').count() >= 8)?;
    Some(format!("{}.", &sentence[..at]))
}

/// Numbers and other things written in another way that means the same.
fn reworded(sentence: &str) -> Option<String> {
    const SAME: [(&str, &str); 7] = [
        ("%", " percent"),
        (" million", "m"),
        (" billion", "bn"),
        ("did not ", "didn't "),
        ("11 ", "eleven "),
        (" km", " kilometres"),
        ("three ", "3 "),
    ];
    let new = SAME.iter().fold(sentence.to_owned(), |text, (old, new)| text.replace(old, new));
    (new != sentence).then_some(new)
}

#[derive(Default)]
struct Tally {
    written: usize,
    as_written: usize,
    repaired: usize,
    replaced: usize,
    dropped: usize,
    warned: usize,
    /// Claims that came out, and those of them that are true.
    kept: usize,
    right: usize,
    /// Faulty ones of which the fault is gone or told.
    caught: usize,
    /// Ones that were changed.
    touched: usize,
    /// Numbers in digits that are right, and all.
    numbers_before: (usize, usize),
    numbers_after: (usize, usize),
}

impl Tally {
    fn add(&mut self, document: &Document, truth: &str, written: &str) {
        let verified = verify(document, written);
        let claims = &verified.claims;
        self.written += 1;
        self.dropped += usize::from(!verified.dropped.is_empty());
        let is = |origin: &str| claims.iter().any(|claim| claim.origin.name() == origin);
        let mut findings = claims.iter().flat_map(|claim| &claim.findings);
        let warned = findings.any(|f| f.check == "support" && f.severity >= Severity::Warning);
        let touched = !verified.dropped.is_empty() || claims.iter().any(|claim| claim.origin != Origin::AsWritten);
        self.repaired += usize::from(is("repaired"));
        self.replaced += usize::from(is("replaced"));
        self.as_written += usize::from(!touched);
        self.warned += usize::from(warned);
        self.touched += usize::from(touched);
        self.caught += usize::from(touched || warned);
        let said = claims.iter().map(|claim| claim.text.as_str()).collect::<Vec<_>>().join(" ");
        self.kept += usize::from(!claims.is_empty());
        // What the article says itself is true, and so is what is as it was before the fault.
        let right = !claims.is_empty()
            && claims.iter().all(|claim| {
                let text = claim.text.trim_end_matches(['.', ',', ';']);
                truth.contains(text) || matches!(claim.origin, Origin::Replaced { .. })
            });
        self.right += usize::from(right);
        let right_numbers = |text: &str, all: &str| {
            let numbers: Vec<&str> = numbers(text).collect();
            (numbers.iter().filter(|number| self::numbers(all).any(|other| other == **number)).count(), numbers.len())
        };
        let add = |sum: &mut (usize, usize), (right, all): (usize, usize)| {
            sum.0 += right;
            sum.1 += all;
        };
        add(&mut self.numbers_before, right_numbers(written, truth));
        let replaced: Vec<&str> =
            claims.iter().filter(|c| matches!(c.origin, Origin::Replaced { .. })).map(|c| c.text.as_str()).collect();
        add(&mut self.numbers_after, right_numbers(&said, &format!("{truth} {}", replaced.join(" "))));
    }

    fn print(&self, fault: &str) {
        let share = |part: usize| 100.0 * part as f64 / self.written.max(1) as f64;
        let true_now = 100.0 * self.right as f64 / self.kept.max(1) as f64;
        let Self { written, as_written, repaired, replaced, dropped, warned, .. } = *self;
        println!(
            "{fault:<22}{written:>7}{:>10.1} %{:>8.1} %{:>8.1} %{:>8.1} %{:>7.1} %{true_now:>7.1} %",
            share(as_written),
            share(repaired),
            share(replaced),
            share(dropped),
            share(warned),
        );
    }
}

/// Numbers in digits.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    numbers.map(|number| number.trim_matches(['.', ','])).filter(|number| !number.is_empty())
}
