//! The ledger of names: how they were rendered before, in a file that people may edit.

use super::formats::FORMATS;
use super::terms::Glossary;
use crate::article::{Role, Span};
use crate::check::Severity;
use crate::names::{self, Name};
use crate::pipeline::{Document, Pair};
use crate::segment::fold;

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

    /// Whether names were added since it was parsed or last written.
    pub const fn has_grown(&self) -> bool {
        self.grown
    }

    /// Notes that its text was written.
    pub const fn written(&mut self) {
        self.grown = false;
    }

    /// Its names.
    pub fn names(&self) -> &Glossary {
        &self.names
    }

    /// Adds the names of a document that are not there yet; countries and cities by themselves are not, since their
    /// English may be that of their people. Headlines, whose words are all capitals, and sentences that have an error
    /// teach nothing.
    pub(super) fn learn(&mut self, document: &Document) {
        let is_wrong = |id| {
            let mut of_sentence = document.findings.iter().filter(|finding| finding.sentence == id);
            // What was left in Arabic is beside the names.
            of_sentence.any(|finding| finding.severity == Severity::Error && finding.check != "untranslated")
        };
        for pair in document.pairs().filter(|pair| pair.role != Role::Headline && !is_wrong(pair.id)) {
            for run in names::paired(pair.source, pair.target) {
                let (run, spans): (Vec<_>, Vec<_>) = run.into_iter().unzip();
                let Some(english) = english_of(&spans, pair) else { continue };
                // A first name is that of many: the Mohamed of Mohamed Salah, whose surname was not known.
                let alone = |name: &Span| names::stands_alone(*name, pair.target);
                if let [name] = run.as_slice()
                    && (name.is_place()
                        || name.is_adjective(english)
                        || !spans.first().copied().flatten().as_ref().is_some_and(alone))
                {
                    continue;
                }
                let Some(arabic) = arabic_of(&run, pair.source) else { continue };
                self.add(&arabic, english);
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

/// A run of names as the source has it, without the particle before it, if nothing stands in it but names and their links.
fn arabic_of(run: &[Name], source: &str) -> Option<String> {
    let first = run.first()?;
    let mut arabic = first.text(source);
    let mut end = first.span.end;
    for name in &run[1..] {
        let between = source.get(end..name.span.start)?;
        if !between.split_whitespace().all(|word| names::is_link(&fold(word))) {
            return None;
        }
        arabic.push_str(between);
        arabic.push_str(&name.text(source));
        end = name.span.end;
    }
    Some(arabic)
}

/// The English of a run of names, if every name has some and nothing but the small words of names stands between.
fn english_of<'a>(spans: &[Option<Span>], pair: Pair<'a>) -> Option<&'a str> {
    let mut spans: Vec<Span> = spans.iter().copied().collect::<Option<_>>()?;
    spans.sort_unstable();
    let is_inside = |word: &str| {
        let word = word.to_lowercase();
        INSIDE.iter().any(|inside| {
            word.strip_prefix(inside).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '\'', '’']))
        })
    };
    let adjoin = spans.windows(2).all(|two| {
        let between = pair.target.get(two[0].end..two[1].start);
        between.is_some_and(|between| {
            between.split(|c: char| c.is_whitespace() || c == '-').all(|word| word.is_empty() || is_inside(word))
        })
    });
    let whole = Span::new(spans.first()?.start, spans.last()?.end);
    let english = whole.of(pair.target);
    (adjoin && !english.contains([',', '.', ';', ':', '"'])).then_some(english)
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
        assert!(text.contains("\nكازاخستان\tKazakhstan\n"), "{text}");
        revise(&mut document, &mut wording);
        assert_eq!(wording.ledger.unwrap().text(), text, "nothing is added twice");
    }

    #[test]
    fn a_name_that_is_missing_is_told_as_the_ledger_has_it() {
        let ledger = Ledger::parse("بوتين\tPoutine\nأنطونيو غوتيريش\tAntónio Guterres").unwrap();
        let wording = Wording { ledger: Some(ledger), ..Wording::default() };
        let mut document = document(&[
            ("قال فلاديمير بوتين ذلك", "Vladimir Medvedev said so"),
            ("وشكر لبوتين دوره", "He thanked him for his role"),
            ("وصل أنطونيو غوتيريش", "He arrived"),
            ("وصل جو بايدن", "He arrived"),
        ]);
        document.findings = crate::check::run(&document);
        crate::glossary::tell_of_ledger(&mut document, &wording);
        let told = |sentence: usize, english: &str| {
            let of_sentence = document.findings.iter().filter(|finding| finding.sentence.sentence == sentence);
            of_sentence.filter(|finding| finding.message.contains(&format!("has “{english}” for"))).count()
        };
        assert_eq!((told(0, "Poutine"), told(1, "Poutine"), told(2, "António Guterres")), (1, 1, 2));
        assert!(document.findings.iter().all(|f| f.sentence.sentence != 3 || !f.message.contains("ledger")));
    }

    /// The lines that an empty ledger gets from an article.
    fn learnt(document: &Document) -> Vec<String> {
        let mut ledger = Ledger::default();
        ledger.learn(document);
        ledger.text().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    #[test]
    fn only_whole_names_are_learnt() {
        for (source, english, lines) in [
            ("هزم ترامب كلينتون", "Trump defeated Clinton", [].as_slice()),
            ("استقبل السيسي بوتين", "Sisi Receives Putin", &[]),
            ("وصل محمد بن سلمان", "Mohammed bin Salman arrived", &["محمد بن سلمان\tMohammed bin Salman"]),
            ("حضر الأمير تركي بن فيصل", "Prince Turki bin Faisal attended", &["تركي بن فيصل\tTurki bin Faisal"]),
            ("خطاب لفلاديمير بوتين", "A speech by Vladimir Putin", &["فلاديمير بوتين\tVladimir Putin"]),
        ] {
            assert_eq!(learnt(&document(&[(source, english)])), lines, "{source}");
        }
    }

    #[test]
    fn a_part_of_a_longer_name_is_not_learnt() {
        for (source, english, lines) in [
            ("قال بوتين ذلك", "President Putin said so", ["بوتين\tPutin"].as_slice()),
            ("قال بوتين ذلك", "The Putin Foundation said so", &[]),
            ("سيرة النبي محمد", "The life of the Prophet Muhammad", &[]),
        ] {
            assert_eq!(learnt(&document(&[(source, english)])), lines, "{english}");
        }
    }

    #[test]
    fn nothing_is_learnt_from_a_sentence_with_an_error() {
        let mut document = document(&[("وصل فلاديمير بوتين", "Vladimir Putin arrived")]);
        assert_eq!(learnt(&document).len(), 1);
        let sentence = document.pairs().next().unwrap().id;
        document.findings.push(crate::check::Finding {
            check: "numbers",
            severity: Severity::Error,
            sentence,
            message: String::new(),
            source: None,
            target: None,
        });
        assert!(learnt(&document).is_empty());
    }

    #[test]
    fn a_line_without_english_is_named() {
        assert!(Ledger::parse("# x\nبوتين\n").unwrap_err().contains("line 2"));
    }
}
