//! What each line of an article is, by the words of [`Tables`] and by its place.
//!
//! ```text
//! headline            the first line that is no label, byline, …
//! standfirst          one paragraph, if a caption or byline comes between it and the body
//! byline, dateline    "place - name", "name (place)", a name alone, a date alone
//! caption             a credit in brackets, one bullet, a line twice
//! paragraph …         subheadings, list items and quotations among them
//! related, tags, boilerplate, by the tables wherever they stand
//! ```

use super::tables::{Match, Tables, key};
use crate::article::{Role, Span};

mod byline;
mod shape;

pub(super) use shape::{is_sentence, near_duplicates};

/// A line or an element whose role may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Draft {
    /// Where it lies, without white space around it.
    pub(super) span: Span,
    /// Whether a blank line comes before it.
    pub(super) gap: bool,
    /// Characters of it.
    pub(super) chars: usize,
    /// Its role, if markup tells.
    pub(super) role: Option<Role>,
}

/// Characters of a line that the rules look at: what is longer is running text whatever it begins with.
const LONGEST: usize = 400;

/// The role of each draft, in order.
pub(super) fn assign(text: &str, drafts: &[Draft], tables: &Tables) -> Vec<Role> {
    let mut roles = Roles::new(text, drafts, tables);
    roles.by_tables();
    if let Some(headline) = roles.headline() {
        roles.head(headline);
    }
    roles.body();
    roles.tail();
    roles.found.into_iter().map(|role| role.unwrap_or(Role::Paragraph)).collect()
}

/// Work in progress: what is known of each line so far.
struct Roles<'a> {
    text: &'a str,
    drafts: &'a [Draft],
    tables: &'a Tables,
    keys: Vec<String>,
    found: Vec<Option<Role>>,
}

impl<'a> Roles<'a> {
    fn new(text: &'a str, drafts: &'a [Draft], tables: &'a Tables) -> Self {
        let keys = drafts.iter().map(|draft| key(beginning(draft.span.of(text)))).collect();
        Self { text, drafts, tables, keys, found: drafts.iter().map(|draft| draft.role).collect() }
    }

    fn line(&self, i: usize) -> &'a str {
        self.drafts[i].span.of(self.text)
    }

    fn chars(&self, i: usize) -> usize {
        self.drafts.get(i).map_or(0, |draft| draft.chars)
    }

    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.found.len()).filter(|&i| self.found[i].is_none())
    }

    /// What the words alone tell, wherever the line stands.
    fn by_tables(&mut self) {
        let mut label = None;
        for i in 0..self.drafts.len() {
            // The words may know better than markup that tells only the form.
            let form = matches!(self.found[i], Some(Role::ListItem | Role::Subheading));
            if self.found[i].is_some() && !form {
                label = None;
                continue;
            }
            let line = self.line(i);
            let found = match self.tables.find(&self.keys[i]) {
                _ if !line.chars().any(char::is_alphanumeric) => Some(Role::Boilerplate),
                Some(Match::Label(role)) => {
                    label = Some(role);
                    self.found[i] = Some(Role::Boilerplate);
                    continue;
                }
                Some(Match::Role(role)) if self.may_be(role, i) => Some(role),
                _ => self.by_shape(i),
            };
            // Below a label, headlines of other articles or keywords, up to the next paragraph.
            let heading = self.found[i] == Some(Role::Subheading);
            label = label.filter(|_| !heading && !shape::is_sentence(line) && self.chars(i) <= 160);
            self.found[i] = found.or(label).or(self.found[i]);
        }
    }

    /// Whether a line that holds a phrase of the tables is short enough to be what the phrase says.
    fn may_be(&self, role: Role, i: usize) -> bool {
        let (line, chars) = (self.line(i), self.chars(i));
        match role {
            Role::Byline | Role::Dateline => chars <= 100 && !shape::is_sentence(line),
            Role::Caption => chars <= 300 && !line.trim_end().ends_with('.'),
            Role::Related | Role::Boilerplate => chars <= 300,
            _ => chars <= LONGEST,
        }
    }

    /// What the line is by its form: hashtags, addresses, a date, the name of an agency, a credit in brackets.
    fn by_shape(&self, i: usize) -> Option<Role> {
        let line = self.line(i);
        if self.chars(i) > 300 {
            return None;
        }
        if shape::is_tags(line) {
            Some(Role::Tags)
        } else if shape::is_contact(line) {
            Some(Role::Boilerplate)
        } else if byline::is_date(line, self.tables) {
            Some(Role::Dateline)
        } else if byline::is_agency(line, self.tables) {
            Some(Role::Byline)
        } else if byline::ends_in_credit(line, self.tables) && !shape::is_sentence(line) {
            Some(Role::Caption)
        } else {
            None
        }
    }

    /// Finds the headline: the first open line, unless it is running text.
    fn headline(&mut self) -> Option<usize> {
        if let Some(known) = self.found.iter().position(|role| *role == Some(Role::Headline)) {
            return Some(known);
        }
        let first = self.open().next()?;
        let stands_alone = self.drafts.get(first + 1).is_none_or(|next| next.gap);
        let short = self.chars(first) <= if stands_alone { 200 } else { 120 };
        let line = self.line(first);
        if !short
            || (shape::is_sentence(line) && !(stands_alone && self.chars(first) <= 100 && self.open().nth(1).is_some()))
        {
            return None;
        }
        self.found[first] = Some(Role::Headline);
        Some(first)
    }

    /// The lines between the headline and the body.
    fn head(&mut self, headline: usize) {
        let mut standfirst = self.found.contains(&Some(Role::Standfirst));
        for i in headline + 1..self.drafts.len() {
            if self.found[i].is_some() {
                continue;
            }
            let role = self.head_role(headline, i).or_else(|| {
                let is = !standfirst && self.is_standfirst(headline, i);
                standfirst |= is;
                is.then_some(Role::Standfirst)
            });
            match role {
                Some(_) => self.found[i] = role,
                None => return,
            }
        }
    }

    /// The role of line `i` if it is one that stands between a headline and the body.
    fn head_role(&self, headline: usize, i: usize) -> Option<Role> {
        if self.found[i].is_some() {
            return self.found[i].filter(|role| matches!(role, Role::Byline | Role::Dateline | Role::Caption));
        }
        let line = self.line(i);
        if shape::near_duplicates(&self.keys[headline], &self.keys[i]) {
            return Some(Role::Boilerplate);
        }
        let twin = |other: usize| self.keys.get(other).is_some_and(|_| self.are_one(i, other));
        if self.chars(i) <= 250 && (twin(i + 1) || (i > headline + 1 && twin(i - 1))) {
            return Some(Role::Caption);
        }
        let bullets = |at: usize| self.drafts.get(at).is_some_and(|_| shape::is_item(self.line(at)));
        if shape::is_item(line) && !bullets(i + 1) && self.chars(i) <= 250 && !shape::is_sentence(line) {
            return Some(Role::Caption);
        }
        let before_text = self.chars(i + 1) > 80;
        let short = self.chars(i) <= 80 && !shape::is_sentence(line) && before_text;
        let cue = self.tables.cue(&self.keys[i]).filter(|_| short);
        let alone = self.drafts[i].gap && self.drafts.get(i + 1).is_some_and(|next| next.gap);
        cue.or_else(|| byline::role(line, before_text || alone, self.tables))
    }

    /// Whether two lines are one that stands there twice. A sentence has no slips: it may differ from the next in one word.
    fn are_one(&self, one: usize, other: usize) -> bool {
        let (key, other_key) = (&self.keys[one], &self.keys[other]);
        let sentences = shape::is_sentence(self.line(one)) && shape::is_sentence(self.line(other));
        key == other_key || !sentences && shape::near_duplicates(key, other_key)
    }

    /// Whether line `i`, which follows the headline, sums the article up: something that is not the body comes between
    /// it and the body, or it alone is set off by a blank line.
    fn is_standfirst(&self, headline: usize, i: usize) -> bool {
        if self.chars(i) > LONGEST || self.chars(i) < 25 || shape::is_item(self.line(i)) {
            return false;
        }
        let Some(next) = self.drafts.get(i + 1) else { return false };
        if matches!(self.head_role(headline, i + 1), Some(Role::Byline | Role::Dateline | Role::Caption)) {
            return true;
        }
        let rest = &self.drafts[(i + 2).min(self.drafts.len())..];
        let gaps = rest.iter().filter(|draft| draft.gap).count();
        next.gap && rest.len() >= 2 && gaps * 4 <= rest.len() && self.chars(i) <= 300 && self.chars(i + 1) > 80
    }

    /// List items, quotations, captions and subheadings among the paragraphs.
    fn body(&mut self) {
        for i in 0..self.drafts.len() {
            if self.found[i].is_some() {
                continue;
            }
            let line = self.line(i);
            let like = |at: Option<usize>, is: fn(&str) -> bool| {
                at.is_some_and(|at| at < self.drafts.len() && is(self.line(at)))
            };
            let among = |is: fn(&str) -> bool| is(line) && (like(i.checked_sub(1), is) || like(Some(i + 1), is));
            let captions = [i.checked_sub(1), Some(i + 1)]
                .into_iter()
                .flatten()
                .any(|at| self.found.get(at) == Some(&Some(Role::Caption)) && self.are_one(at, i));
            self.found[i] = if captions {
                Some(Role::Caption)
            } else if among(shape::is_row) {
                Some(Role::Table)
            } else if among(shape::is_item) {
                Some(Role::ListItem)
            } else if shape::is_quotation(line) {
                Some(Role::Quote)
            } else if self.is_subheading(i) {
                Some(Role::Subheading)
            } else {
                None
            };
        }
    }

    /// A short line without a full stop after a paragraph and before a long one or a list.
    fn is_subheading(&self, i: usize) -> bool {
        let line = self.line(i);
        let ends_open = line.trim_end().ends_with([':', '،', '؛', ',', '-']);
        let after_text =
            i > 0 && (self.chars(i - 1) > 80 || self.found[i - 1].is_some_and(|role| role != Role::Paragraph));
        let is_open = self.found.get(i + 1) == Some(&None);
        let before_text = is_open && (self.chars(i + 1) > 80 || shape::is_item(self.line(i + 1)));
        self.chars(i) <= 80 && !ends_open && !shape::is_sentence(line) && after_text && before_text
    }

    /// The lines after the last paragraph: the author once more, the numbers below a widget.
    fn tail(&mut self) {
        let body = (0..self.found.len()).rfind(|&i| {
            !matches!(
                self.found[i],
                Some(Role::Related | Role::Tags | Role::Boilerplate | Role::Byline | Role::Dateline)
            ) && (self.chars(i) > 60 || shape::is_sentence(self.line(i)))
        });
        for i in body.map_or(0, |i| i + 1)..self.found.len() {
            if self.found[i].is_some() {
                continue;
            }
            let byline = (0..self.found.len()).any(|at| {
                self.found[at] == Some(Role::Byline) && shape::near_duplicates(&self.keys[at], &self.keys[i])
            });
            let after_widget = i > 0 && self.found[i - 1] == Some(Role::Boilerplate);
            if byline || self.tables.is_agency(&self.keys[i]) {
                self.found[i] = Some(Role::Byline);
            } else if after_widget && !shape::is_sentence(self.line(i)) && self.chars(i) <= 60 {
                self.found[i] = Some(Role::Boilerplate);
            } else if byline::is_name(self.line(i)) {
                self.found[i] =
                    Some(if self.found.contains(&Some(Role::Byline)) { Role::Caption } else { Role::Byline });
            }
        }
    }
}

/// As much of a line as the rules look at.
fn beginning(line: &str) -> &str {
    line.char_indices().nth(LONGEST).map_or(line, |(at, _)| &line[..at])
}
