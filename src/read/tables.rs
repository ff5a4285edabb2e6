//! The words by which roles are recognised: a table compiled in, which the user may extend.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::article::Role;
use crate::error::{Error, Result};
use crate::segment::fold;

/// Phrases and the roles that they give away.
///
/// The form is one phrase a line, three columns separated by tabs: the role, how the phrase matches, the phrase.
/// Spellings that differ in hamza, marks, tatweel, Persian letters or case are one phrase. `#` begins a comment.
///
/// | matches | the line is of the role if |
/// |---|---|
/// | `line` | it is the phrase |
/// | `start` | it begins with the phrase, at the end of a word |
/// | `end` | it ends with the phrase |
/// | `label` | never: the line is boilerplate, and short lines below it are of the role |
/// | `cue` | it is short, has no full stop, stands near the headline, and holds the phrase |
///
/// With `agency`, `place` or `date` instead of a role, and `name` in the second column, the phrase is a name that makes
/// a byline or a dateline of a short line.
///
/// ```
/// let mut tables = mujaz::read::Tables::bundled().clone();
/// tables.extend_from_str("related\tstart\tلا يفوتك\nagency\tname\tوكالة الشمال\n", "mine.tsv")?;
/// # Ok::<(), mujaz::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Tables {
    lines: HashMap<String, Role>,
    labels: HashMap<String, Role>,
    starts: Vec<(String, Role)>,
    ends: Vec<(String, Role)>,
    cues: Vec<(String, Role)>,
    agencies: HashSet<String>,
    places: HashSet<String>,
    dates: HashSet<String>,
}

/// What the tables say of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// The line is of this role.
    Role(Role),
    /// The line is a label above lines of this role.
    Label(Role),
}

static BUNDLED: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables::default();
    tables.extend_from_str(include_str!("roles.tsv"), "roles.tsv").expect("the tests read the bundled table");
    tables
});

impl Tables {
    /// What comes with the program.
    pub fn bundled() -> &'static Self {
        &BUNDLED
    }

    /// Adds the rows of `text`; a phrase that is already known gets its new role. `name` is for the errors.
    ///
    /// # Errors
    /// [`Error::Option`] with the number of the first line that cannot be understood, and why.
    pub fn extend_from_str(&mut self, text: &str, name: &str) -> Result<()> {
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            self.add(line).map_err(|problem| Error::Option {
                what: "a table of roles",
                value: name.to_owned(),
                reason: format!("line {}: {problem}", index + 1),
            })?;
        }
        Ok(())
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let mut columns = line.split('\t').map(str::trim).filter(|column| !column.is_empty());
        let (Some(role), Some(place), Some(phrase), None) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            return Err("a row has three columns separated by tabs: role, match, phrase".into());
        };
        let key = key(phrase);
        if key.is_empty() {
            return Err(format!("the phrase {phrase:?} has no letters"));
        }
        let names = match role {
            "agency" => Some(&mut self.agencies),
            "place" => Some(&mut self.places),
            "date" => Some(&mut self.dates),
            _ => None,
        };
        if let Some(names) = names {
            if place != "name" {
                return Err(format!("the second column of a row for {role} is \"name\", not {place:?}"));
            }
            names.insert(key);
            return Ok(());
        }
        let role = Role::from_name(role).ok_or_else(|| {
            let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
            format!("no role is called {role:?}: it is one of {}, agency, place, date", names.join(", "))
        })?;
        match place {
            "line" => drop(self.lines.insert(without_colon(&key).to_owned(), role)),
            "label" => drop(self.labels.insert(without_colon(&key).to_owned(), role)),
            // The hyphen of "written by -" is what tells it from the verb.
            "start" => insert(&mut self.starts, spaced(phrase).trim().to_owned(), role),
            "end" => insert(&mut self.ends, key, role),
            "cue" => insert(&mut self.cues, key, role),
            _ => return Err(format!("a phrase matches by line, start, end, label or cue, not by {place:?}")),
        }
        Ok(())
    }

    /// What the line with this [`key`] is; the longest phrase decides, a whole line before any part.
    pub(super) fn find(&self, key: &str) -> Option<Match> {
        let whole = without_colon(key);
        let line = self.lines.get(whole).map(|role| Match::Role(*role));
        line.or_else(|| self.labels.get(whole).map(|role| Match::Label(*role))).or_else(|| {
            let start = self.starts.iter().find(|(phrase, _)| begins(key, phrase));
            start.or_else(|| self.ends.iter().find(|(phrase, _)| ends(key, phrase))).map(|(_, role)| Match::Role(*role))
        })
    }

    /// The role that a word in a short line near the headline hints at.
    pub(super) fn cue(&self, key: &str) -> Option<Role> {
        let holds = |phrase: &str| {
            key.match_indices(phrase)
                .any(|(at, _)| ends(&key[..at + phrase.len()], phrase) && begins(&key[at..], phrase))
        };
        self.cues.iter().find(|(phrase, _)| holds(phrase)).map(|(_, role)| *role)
    }

    pub(super) fn is_agency(&self, key: &str) -> bool {
        self.agencies.contains(key)
    }

    pub(super) fn is_place(&self, key: &str) -> bool {
        self.places.contains(key)
    }

    pub(super) fn is_date(&self, key: &str) -> bool {
        self.dates.contains(key)
    }
}

/// Keeps the longest phrases first, so that the first that matches is the most telling.
fn insert(phrases: &mut Vec<(String, Role)>, key: String, role: Role) {
    phrases.retain(|(known, _)| *known != key);
    let at = phrases.partition_point(|(known, _)| known.len() > key.len());
    phrases.insert(at, (key, role));
}

/// Whether `key` begins with the phrase and the word ends there.
fn begins(key: &str, phrase: &str) -> bool {
    let whole_word =
        |rest: &str| phrase.ends_with(|c: char| !c.is_alphanumeric()) || !rest.starts_with(char::is_alphanumeric);
    key.strip_prefix(phrase).is_some_and(whole_word)
}

/// Whether `key` ends with the phrase and the word begins there.
fn ends(key: &str, phrase: &str) -> bool {
    let whole_word =
        |rest: &str| phrase.starts_with(|c: char| !c.is_alphanumeric()) || !rest.ends_with(char::is_alphanumeric);
    key.strip_suffix(phrase).is_some_and(whole_word)
}

/// Under which a line or a phrase is looked up: folded, without decoration around it, no space before a colon.
pub(super) fn key(text: &str) -> String {
    let ornament = |c: char| c.is_whitespace() || "/\\|*<>«»\".…-–—=_~#[]{}•،".contains(c);
    // A bracket or an opening quote at one end belongs to the phrase: "(archive)".
    spaced(text).trim_matches(ornament).to_owned()
}

/// Folded, with no space before a colon and none written as an entity.
fn spaced(text: &str) -> String {
    fold(text).replace("&nbsp;", " ").replace(" :", ":")
}

fn without_colon(key: &str) -> &str {
    key.trim_end_matches([':', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_is_well_formed_and_used() {
        let mut tables = Tables::default();
        tables.extend_from_str(include_str!("roles.tsv"), "roles.tsv").unwrap();
        assert!(tables.starts.len() > 30 && tables.lines.len() > 30 && tables.agencies.len() > 30);
        for (line, found) in [
            ("اقرأ أيضاً: \"عنوان\"", Some(Match::Role(Role::Related))),
            ("إقـرأ ايضا : عنوان", Some(Match::Role(Role::Related))),
            ("• اخترنا لك", Some(Match::Label(Role::Related))),
            ("الكلمات المفتاحية:", Some(Match::Label(Role::Tags))),
            ("الكلمات المفتاحية: مصر، إيران", Some(Match::Role(Role::Tags))),
            ("// انتهى //", Some(Match::Role(Role::Boilerplate))),
            ("وزير الخارجية في مكتبه (أرشيف)", Some(Match::Role(Role::Caption))),
            ("كتبت الصحيفة في افتتاحيتها أن الاتفاق هش", None),
            ("تابع الوزير قائلا إن الاتفاق هش", None),
        ] {
            assert_eq!(tables.find(&key(line)), found, "{line}");
        }
    }

    #[test]
    fn later_rows_win_and_longer_phrases_are_stronger() {
        let mut tables = Tables::bundled().clone();
        tables.extend_from_str("# mine\n\nrelated\tstart\tلا يفوتك\nparagraph\tstart\tلا يفوتك أن\r\n", "mine").unwrap();
        assert_eq!(tables.find(&key("لا يفوتك: عنوان")), Some(Match::Role(Role::Related)));
        assert_eq!(tables.find(&key("لا يفوتك أن تقرأ")), Some(Match::Role(Role::Paragraph)));
        assert_eq!(tables.find(&key("لا يفوتكم")), None);
        tables.extend_from_str("boilerplate\tstart\tلا يفوتك", "mine").unwrap();
        assert_eq!(tables.find(&key("لا يفوتك: عنوان")), Some(Match::Role(Role::Boilerplate)));
    }

    #[test]
    fn a_bad_row_is_named() {
        for (row, said) in [
            ("related\tstart", "three columns"),
            ("related start اقرأ", "three columns"),
            ("realted\tstart\tاقرأ", "\"realted\""),
            ("related\tbegin\tاقرأ", "\"begin\""),
            ("agency\tstart\tرويترز", "\"name\""),
            ("related\tline\t...", "no letters"),
        ] {
            let error =
                Tables::default().extend_from_str(&format!("# head\n{row}\n"), "mine.tsv").unwrap_err().to_string();
            assert!(error.contains(said) && error.contains("line 2") && error.contains("mine.tsv"), "{error}");
        }
    }
}
