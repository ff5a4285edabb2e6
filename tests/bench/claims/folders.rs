//! What verifying does for the briefs of whole articles: how many claims the article bears out, and how many numbers are
//! right, before and after.
//!
//! No summarization model belongs to this repository, so the summarizer that is measured is made up: it writes the
//! sentences of an article, every second one as the article has it or shortened or reworded, the others each with the next
//! of the faults of [`faults`](super::faults), all in one text. What is true of it is known, and before and after are
//! judged alike, sentence by sentence as they are written: a sentence, or all that became of it, is supported if it stands
//! in what should have been written or in the article; a number is right if what it stands in is supported, or if it is in
//! that sentence of both which has most words in common with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use mujaz::brief::verify;
use mujaz::check::Severity;
use mujaz::{read, segment};

use crate::case::Case;
use crate::faults::numbers;

/// Claims or numbers: how many are right, of how many.
#[derive(Default, Clone, Copy)]
struct Share {
    right: usize,
    all: usize,
}

impl Share {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }

    fn show(self) -> String {
        format!("{:.1} % of {}", 100.0 * self.right as f64 / self.all.max(1) as f64, self.all)
    }
}

/// Prints the table for the articles of a folder: `*.en.txt` or other English articles, and tables as the bench has them
/// (`*.tsv`).
pub(crate) fn print(folder: &Path) {
    let cases = cases(folder);
    println!("{}: {} articles in English", folder.display(), cases.len());
    println!(
        "| summarizer | sentences supported, before | after | numbers right, before | after | warned of what is still wrong |"
    );
    println!("|---|---|---|---|---|---|");
    let (mut before, mut after) = (Share::default(), Share::default());
    let (mut numbers_before, mut numbers_after) = (Share::default(), Share::default());
    let mut warned = Share::default();
    for (index, case) in cases.iter().enumerate() {
        let written = simulated(case, &cases[(index + 1) % cases.len()]);
        let mut truths: Vec<&str> = written.iter().map(|(_, truth, _)| truth.as_str()).collect();
        truths.extend(case.sentences.iter().map(String::as_str));
        let is_true = |text: &str| truths.iter().any(|truth| truth.contains(text.trim_end_matches(['.', ',', ';'])));
        let is_right = |text: &str, number: &str| is_true(text) || numbers(nearest(text, &truths)).any(|n| n == number);
        for (_, _, text) in &written {
            before.add(is_true(text));
            numbers(text).for_each(|one| numbers_before.add(is_right(text, one)));
            let claims = verify(&case.document, text).claims;
            for claim in &claims {
                numbers(&claim.text).for_each(|one| numbers_after.add(is_right(&claim.text, one)));
            }
            if claims.is_empty() {
                continue;
            }
            let right = claims.iter().all(|claim| is_true(&claim.text));
            after.add(right);
            if !right {
                let mut findings = claims.iter().flat_map(|claim| &claim.findings);
                warned.add(findings.any(|f| f.check == "support" && f.severity >= Severity::Warning));
            }
        }
    }
    println!(
        "| made up: every second sentence with a fault | {} | {} | {} | {} | {} |",
        before.show(),
        after.show(),
        numbers_before.show(),
        numbers_after.show(),
        warned.show()
    );
}

/// The one of some sentences that has most words in common with a text.
fn nearest<'a>(text: &str, sentences: &[&'a str]) -> &'a str {
    let words: BTreeSet<&str> = text.split_whitespace().collect();
    let common = |sentence: &&&str| sentence.split_whitespace().filter(|word| words.contains(word)).count();
    sentences.iter().max_by_key(common).copied().unwrap_or_default()
}

/// The articles of a folder, by name.
fn cases(folder: &Path) -> Vec<Case> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("it is a folder").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let options = read::Options { language: Some("en".into()), ..read::Options::default() };
    let mut cases = Vec::new();
    for file in files.iter().filter(|file| file.is_file()) {
        let name = file.to_string_lossy();
        if name.ends_with(".tsv") {
            cases.extend(Case::all(&std::fs::read_to_string(file).expect("the file is there")));
        } else if name.ends_with(".en.txt") {
            let bytes = std::fs::read(file).expect("the file is there");
            let article = read::read(&bytes, &name, &options).and_then(segment::segment);
            cases.push(Case::of(article.unwrap_or_else(|error| panic!("{name}: {error}"))));
        }
    }
    assert!(!cases.is_empty(), "{} has neither NAME.en.txt nor NAME.tsv", folder.display());
    cases
}

/// What the made-up summarizer writes: what was done to a sentence, what is true, what it writes.
fn simulated(case: &Case, other: &Case) -> Vec<(&'static str, String, String)> {
    let written = case.written(other);
    let kinds = |faulty: bool| {
        let mut kinds: Vec<&str> =
            written.iter().map(|(fault, ..)| *fault).filter(|fault| fault.starts_with("true") != faulty).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    };
    let (true_kinds, faults) = (kinds(false), kinds(true));
    let mut next = [0, 0];
    let mut chosen: Vec<(&'static str, String, String)> = Vec::new();
    for (index, sentence) in case.sentences.iter().enumerate() {
        let faulty = index % 2 == 1;
        let kinds = if faulty { &faults } else { &true_kinds };
        let turn = &mut next[usize::from(faulty)];
        // The next kind in turn that this sentence has.
        let of_sentence = |kind: &&str| {
            written.iter().find(|(fault, truth, _)| fault == kind && sentence.starts_with(truth.trim_end_matches('.')))
        };
        let found = (0..kinds.len()).find_map(|step| Some((step, of_sentence(&kinds[(*turn + step) % kinds.len()])?)));
        if let Some((step, one)) = found {
            *turn += step + 1;
            chosen.push(one.clone());
        }
    }
    chosen
}
