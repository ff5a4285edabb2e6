//! What became of the sentences of one row of the table.

use mujaz::brief::{Origin, verify};
use mujaz::check::Severity;
use mujaz::pipeline::Document;

use crate::faults::{self, numbers};

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) written: usize,
    pub(crate) repaired: usize,
    pub(crate) replaced: usize,
    pub(crate) dropped: usize,
    pub(crate) warned: usize,
    /// Claims that came out, and those of them that are true.
    pub(crate) kept: usize,
    pub(crate) right: usize,
    /// Faulty ones of which the fault is gone or told.
    pub(crate) caught: usize,
    /// Ones that were changed.
    pub(crate) touched: usize,
    /// Numbers in digits that are right, and all.
    pub(crate) numbers_before: (usize, usize),
    pub(crate) numbers_after: (usize, usize),
}

impl Tally {
    pub(crate) fn add(&mut self, document: &Document, truth: &str, written: &str) {
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
            (numbers.iter().filter(|number| faults::numbers(all).any(|other| other == **number)).count(), numbers.len())
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

    pub(crate) fn print(&self, fault: &str) {
        let share = |part: usize| 100.0 * part as f64 / self.written.max(1) as f64;
        let true_now = 100.0 * self.right as f64 / self.kept.max(1) as f64;
        let Self { written, touched, repaired, replaced, dropped, warned, .. } = *self;
        println!(
            "{fault:<22}{written:>7}{:>10.1} %{:>8.1} %{:>8.1} %{:>8.1} %{:>7.1} %{true_now:>7.1} %",
            share(written - touched),
            share(repaired),
            share(replaced),
            share(dropped),
            share(warned),
        );
    }
}
