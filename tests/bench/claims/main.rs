//! How much of what a summarizer gets wrong is caught, and how much of what it gets right is touched:
//! `cargo bench --bench claims -- [FILE [WRITTEN]]`, where WRITTEN is a row of the table of which the failures are shown;
//! or `cargo bench --bench claims -- FOLDER`, what that does for briefs of the articles of a folder: see [`folders`].
//!
//! A file has a sentence a line, role TAB Arabic TAB English, and an empty line between articles; rows of the role
//! `summary` are true sentences about the article in other words. Faults are put into sentences of the article: what was
//! there before is known, and so is what is true.
#![allow(clippy::print_stdout)]

mod case;
mod faults;
mod folders;
mod tally;

use std::collections::BTreeMap;
use std::path::Path;

use case::Case;
use mujaz::brief::verify;
use tally::Tally;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let (file, shown) = (arguments.next(), arguments.next());
    let file = file.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/claims.tsv").to_owned());
    if Path::new(&file).is_dir() {
        return folders::print(Path::new(&file));
    }
    let text = std::fs::read_to_string(&file).expect("the file is there");
    let articles: Vec<Case> = Case::all(&text);
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
