//! The ledger of names: how they were rendered before, in a file that people may edit.

use super::formats::FORMATS;
use super::terms::Glossary;
use crate::article::Span;
use crate::names::{self, Name};
use crate::pipeline::{Document, Pair};

/// The first lines of a new ledger.
const HEADING: &str = "# Names and their English, a tab between. Correct the English here and it is used from then on;\n\
    # new names are added at the end.\n";
/// Words in small letters that a name may have inside.
const INSIDE: [&str; 12] = ["al", "el", "bin", "ibn", "ben", "bint", "abu", "de", "di", "da", "van", "von"];

/// Names and their English, in the order in which they were met.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    text: String,
    names: Glossary,
    grown: bool,
}

impl Ledger {
    /// A ledger from its text: the Arabic, a tab, the English; comments and order are kept.
    ///
    /// # Errors
    /// What is wrong with it, and in which line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut names = Glossary::default();
        for (arabic, english) in (FORMATS[0].read)(text.strip_prefix('\u{feff}').unwrap_or(text))? {
            names.add_name(&arabic, &english);
        }
        Ok(Self { text: text.to_owned(), names, grown: false })
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether names were added since it was parsed.
    pub const fn has_grown(&self) -> bool {
        self.grown
    }

    /// Its names.
    pub fn names(&self) -> &Glossary {
        &self.names
    }

    /// Adds the names of a document that are not there yet; countries and cities by themselves are not, since their
    /// English may be that of their people.
    pub(super) fn learn(&mut self, document: &Document) {
        for pair in document.pairs() {
            let runs = names::spot(pair.source);
            let paired = names::pair_up(&runs, &names::english_words(pair.target));
            for (run, spans) in runs.iter().zip(paired) {
                let Some(english) = english_of(&spans, pair) else { continue };
                if let [name] = run.as_slice()
                    && (name.is_place() || name.is_adjective(english))
                {
                    continue;
                }
                let arabic: Vec<String> = run.iter().map(|name: &Name| name.text(pair.source)).collect();
                self.add(&arabic.join(" "), english);
            }
        }
    }

    fn add(&mut self, arabic: &str, english: &str) {
        if self.names.name(arabic).is_some() {
            return;
        }
        let known = self.names.terms().len();
        self.names.add_name(arabic, english);
        if self.names.terms().len() > known {
            self.grown = true;
            if self.text.is_empty() {
                self.text.push_str(HEADING);
            } else if !self.text.ends_with('\n') {
                self.text.push('\n');
            }
            self.text.push_str(&format!("{arabic}\t{english}\n"));
        }
    }
}

/// The English of a run of names, if every name has some and nothing else stands between.
fn english_of<'a>(spans: &[Option<Span>], pair: Pair<'a>) -> Option<&'a str> {
    let spans: Vec<Span> = spans.iter().copied().collect::<Option<_>>()?;
    let whole = Span::new(spans.iter().map(|span| span.start).min()?, spans.iter().map(|span| span.end).max()?);
    let english = whole.of(pair.target);
    let is_name =
        |word: &str| word.starts_with(char::is_uppercase) || INSIDE.iter().any(|inside| word.starts_with(inside));
    let together = english.split_whitespace().count() <= spans.len() + 2 && english.split_whitespace().all(is_name);
    (together && !english.contains([',', '.', ';', ':', '"'])).then_some(english)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;
    use crate::glossary::{Wording, revise};

    #[test]
    fn new_names_are_added_and_old_ones_win() {
        let ledger = Ledger::parse("# mine\nفلاديمير بوتين\tVladimir Poutine").unwrap();
        let mut wording = Wording { ledger: Some(ledger), ..Wording::default() };
        let mut document = document(&[
            (
                "قال الرئيس الروسي فلاديمير بوتين إنه سيزور كازاخستان",
                "Russian President Vladimir Putin said he would visit Kazakhstan",
            ),
            ("وقال أنطونيو غوتيريش ذلك لبوتين", "António Guterres said that to Putin"),
        ]);
        let findings = revise(&mut document, &mut wording);
        assert_eq!(findings.iter().filter(|finding| finding.message.contains("ledger")).count(), 1, "{findings:?}");
        let english: Vec<_> = document.pairs().map(|pair| pair.target).collect();
        assert_eq!(english[0], "Russian President Vladimir Poutine said he would visit Kazakhstan");
        let text = wording.ledger.as_ref().unwrap().text().to_owned();
        assert!(text.starts_with("# mine\nفلاديمير بوتين\tVladimir Poutine\n"), "{text}");
        assert!(text.contains("\nأنطونيو غوتيريش\tAntónio Guterres\n"), "{text}");
        assert!(!text.contains("بغداد"), "{text}");
        assert!(text.contains("\nكازاخستان\tKazakhstan\n"), "{text}");
        revise(&mut document, &mut wording);
        assert_eq!(wording.ledger.unwrap().text(), text, "nothing is added twice");
    }

    #[test]
    fn a_line_without_english_is_named() {
        assert!(Ledger::parse("# x\nبوتين\n").unwrap_err().contains("line 2"));
    }
}
