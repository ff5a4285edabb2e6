//! Where sentences end: [UAX #29](https://www.unicode.org/reports/tr29/#Sentence_Boundaries), and what Arabic news
//! adds to it.
//!
//! UAX #29 proposes the ends; the rules here refuse those after a shortened word, inside of quotation marks and
//! brackets, at the two dots of a headline, and move others past a closing mark. It never proposes one at `،`, `؛`
//! or `:`, and neither do they.

use unicode_segmentation::UnicodeSegmentation;

use super::brackets::{Brackets, is_closer, is_opener};
use super::chars::{TATWEEL, is_arabic_letter, is_diacritic, is_invisible, is_terminator};
use super::fold;
use super::words::{Group, group, opening, opens};
use crate::article::Span;

/// Bytes after which a sentence ends even at an ellipsis.
const LONG: usize = 800;

/// Characters without a letter or a full stop after which UAX #29 is begun anew. Its lookahead for a lower-case letter
/// makes unicode-segmentation 1.13 quadratic in such a run.
const RUN: usize = 64;

/// The longest shortened word, in bytes, dots included.
const SHORTENED: usize = 24;

/// Bytes around a terminator that are looked at, so that the time is linear in the text.
const NEAR: usize = 256;

/// The sentences of `text` in order, without the white space around them.
///
/// Whatever is not blank lies in exactly one of them. The end of a line ends a sentence.
///
/// ```
/// use mujaz::segment::sentences;
/// let text = "قال د. محمد إن النمو بلغ 4.5%. وأضاف: «لن نتوقف. سنواصل». هل تنجح؟!";
/// let found: Vec<&str> = sentences(text).into_iter().map(|span| span.of(text)).collect();
/// assert_eq!(found, ["قال د. محمد إن النمو بلغ 4.5%.", "وأضاف: «لن نتوقف. سنواصل».", "هل تنجح؟!"]);
/// ```
pub fn sentences(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split(['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}']) {
        Line::new(line).sentences(at, &mut found);
        at += line.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    found
}

struct Line<'a> {
    text: &'a str,
    brackets: Brackets,
    /// Where the current sentence starts.
    start: usize,
    /// Its first letter or digit, or how far it was looked for in vain.
    word: Result<usize, usize>,
    /// The number of the last item of a list inside the current sentence.
    item: Option<u32>,
}

impl<'a> Line<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, brackets: Brackets::of(text), start: 0, word: Err(0), item: None }
    }

    /// Adds the sentences of the line, which lies at byte `offset` of the text.
    fn sentences(mut self, offset: usize, found: &mut Vec<Span>) {
        let first = found.len();
        let text = self.text;
        for proposed in proposals(text) {
            if proposed <= self.start {
                continue;
            }
            if let Some(end) = self.end_near(proposed) {
                found.push(Span::new(self.start, end).trim(text).shift(offset));
                (self.start, self.word, self.item) = (end, Err(end), None);
            }
        }
        let rest = Span::new(self.start, text.len()).trim(text);
        if rest.is_empty() {
            return;
        }
        // Marks without a word belong to the sentence before them.
        match found.get_mut(first..).and_then(<[_]>::last_mut) {
            Some(last) if !self.has_word(text.len()) => last.end = rest.end + offset,
            _ => found.push(rest.shift(offset)),
        }
    }

    /// Where the current sentence ends, if it does so at the terminator before byte `proposed`.
    fn end_near(&mut self, proposed: usize) -> Option<usize> {
        let stop = self.terminated(proposed)?;
        let (end, opener) = self.with_closers(stop);
        if end <= self.start || self.brackets.encloses(end) || !self.has_word(end) {
            return None;
        }
        let after = &self.text[end..self.text.floor_char_boundary(end + NEAR)];
        let next = after.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
        if next.starts_with(is_terminator) || (next.len() == after.len() && is_ascii_joined(&self.text[..stop], next)) {
            return None;
        }
        let closed = self.text[stop..end].contains(is_closer);
        let run = Run::before(&self.text[self.start..stop]);
        let ends = match run.kind {
            _ if next.is_empty() => true,
            Kind::Stop => {
                let goes_on = closed && opening(next) == Some(Group::Continue);
                !goes_on && self.stop_ends(self.start + run.start, next, closed)
            }
            Kind::Ellipsis => end - self.start > LONG || opening(next) == Some(Group::Report),
            Kind::Mark => opener.is_none_or(|at| self.closed_mark_ends(at, next)),
        };
        ends.then_some(end)
    }

    /// The end of the last terminator before byte `at`, if only spaces and closing or opening marks lie between.
    fn terminated(&self, at: usize) -> Option<usize> {
        let from = self.text.ceil_char_boundary(self.start.max(at.saturating_sub(NEAR)));
        let before = self.text[from..at].trim_end_matches(|c: char| {
            !is_terminator(c) && (c.is_whitespace() || is_invisible(c) || is_closer(c) || is_opener(c))
        });
        before.ends_with(is_terminator).then_some(from + before.len())
    }

    /// The byte after the marks that close at byte `stop`, also beyond spaces, and the opener of the last of them.
    fn with_closers(&self, stop: usize) -> (usize, Option<usize>) {
        let (mut end, mut opener) = (stop, None);
        for (i, c) in self.text[stop..].char_indices().take(NEAR) {
            let at = stop + i;
            if let Some(open) = self.brackets.closed_at(at) {
                (end, opener) = (at + c.len_utf8(), Some(open));
            } else if at == end && (is_invisible(c) || is_diacritic(c) || is_closer(c) && !self.brackets.opens_at(at)) {
                end = at + c.len_utf8();
            } else if !(c.is_whitespace() || is_invisible(c)) {
                break;
            }
        }
        (end, opener)
    }

    /// Whether the current sentence has a letter or digit before byte `end`.
    fn has_word(&mut self, end: usize) -> bool {
        if let Err(from) = self.word
            && from < end
        {
            let first = self.text[from..end].find(char::is_alphanumeric);
            self.word = first.map(|at| from + at).ok_or(end);
        }
        self.word.is_ok_and(|at| at < end)
    }

    /// Whether the single full stop at byte `dot` ends a sentence, given what follows and whether a closing mark stands
    /// between.
    fn stop_ends(&mut self, dot: usize, next: &str, closed: bool) -> bool {
        let (lead, token) = last_token(&self.text[self.start..dot]);
        if token.is_empty() || token.len() > SHORTENED {
            return true;
        }
        let key = fold(token);
        if let Ok(number) = key.parse::<u32>() {
            return closed || self.number_ends(number, lead, next);
        }
        match shortened(&key, lead) {
            None => true,
            Some(Group::Title) if !closed => false,
            Some(_) => opens(next),
        }
    }

    /// Whether a full stop after a number ends a sentence; it does not if the number counts the items of a list, or the
    /// days and months of a date.
    fn number_ends(&mut self, number: u32, lead: &str, next: &str) -> bool {
        let lead = lead.trim_end_matches(|c: char| c.is_whitespace() || is_invisible(c));
        let first = lead.is_empty() || (number == 1 && lead.ends_with(':'));
        if number < 1000 && (first || self.item.is_some_and(|item| item + 1 == number)) {
            self.item = Some(number);
            return false;
        }
        let digits = next.len() - next.trim_start_matches(char::is_numeric).len();
        let follows = lead.strip_suffix('.').is_some_and(|day| day.ends_with(char::is_numeric));
        !(number <= 31 && digits > 0 && (follows || next[digits..].trim_start().starts_with('.')))
    }

    /// Whether a question or exclamation that was closed by the mark whose opener is at byte `opener` ends a sentence:
    /// it does not in a title (`برنامج "من سيربح المليون؟" على قناة`).
    fn closed_mark_ends(&self, opener: usize, next: &str) -> bool {
        let lead = self.text[self.start..opener].trim_end();
        if lead.is_empty() || lead.ends_with(':') { opens(next) } else { opening(next) == Some(Group::Report) }
    }
}

/// The ends of sentences as UAX #29 has them, ordered, and the ends of ellipses, of which it knows nothing.
fn proposals(line: &str) -> impl Iterator<Item = usize> + '_ {
    windows(line).flat_map(|window| {
        let text = window.of(line);
        let mut end = window.start;
        text.split_sentence_bounds().map(move |part| {
            end += part.len();
            end
        })
    })
}

/// Cuts a line where UAX #29 would not look for an end: after `…`, and between Arabic and a lower-case letter (`الشركة.
/// iPhone`); and after [`RUN`] characters without a letter or terminator.
fn windows(line: &str) -> impl Iterator<Item = Span> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let (mut run, mut arabic) = (0, false);
        let rest = &line[start..];
        let cut = rest.char_indices().find_map(|(at, c)| {
            let end = at + c.len_utf8();
            let lower = || rest[end..].trim_start().starts_with(|c: char| c.is_ascii_lowercase());
            let cut = c == '…' || run + 1 == RUN || (arabic && c == '.' && lower());
            arabic = is_arabic_letter(c) || arabic && (is_diacritic(c) || is_invisible(c));
            run = if arabic || c.is_alphabetic() || is_terminator(c) { 0 } else { run + 1 };
            cut.then_some(end)
        });
        let window = Span::new(start, start + cut.unwrap_or(rest.len()));
        start = window.end;
        (!window.is_empty()).then_some(window)
    })
}

/// Terminators that stand together.
struct Run {
    start: usize,
    kind: Kind,
}

enum Kind {
    /// One full stop.
    Stop,
    /// Two dots or more.
    Ellipsis,
    /// At least one question or exclamation mark.
    Mark,
}

impl Run {
    /// The run at the end of `text`, which may hold spaces.
    fn before(text: &str) -> Self {
        let (mut start, mut dots, mut mark) = (text.len(), 0, false);
        for (at, c) in text.char_indices().rev() {
            match c {
                '.' => dots += 1,
                '…' => dots += 3,
                _ if is_terminator(c) => mark = true,
                _ if c.is_whitespace() || is_invisible(c) => continue,
                _ => break,
            }
            start = at;
        }
        let kind = match (mark, dots) {
            (true, _) => Kind::Mark,
            (false, 1) => Kind::Stop,
            (false, _) => Kind::Ellipsis,
        };
        Self { start, kind }
    }
}

/// Whether a terminator between the two stands inside of an address, file name or the like.
fn is_ascii_joined(before: &str, after: &str) -> bool {
    let inner = before.trim_end_matches(is_terminator);
    after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/')
        && inner.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '=' | '_' | '-'))
}

/// The last word of `text`, dots inside of it included, after what stands before it. A space may follow it.
fn last_token(text: &str) -> (&str, &str) {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        let inside = c.is_alphanumeric() || c == '.' || c == TATWEEL || is_diacritic(c) || is_invisible(c);
        if !inside || text.len() - at > SHORTENED + 1 {
            break;
        }
        start = at;
    }
    text.split_at(start)
}

/// What kind of shortened word the folded `key` is, if it is one; `lead` stands before it.
fn shortened(key: &str, lead: &str) -> Option<Group> {
    let letters = |part: &str| part.chars().count();
    match group(key) {
        // د is a title, but not after a number, nor after `فيتامين`.
        Some(Group::Title | Group::Short) if letters(key) == 1 => return single(lead),
        Some(known @ (Group::Title | Group::Short)) => return Some(known),
        Some(Group::Letter) => {
            let spelled = group(&fold(last_token(lead).1)) == Some(Group::Letter);
            return (!spelled).then_some(Group::Short);
        }
        _ => {}
    }
    let bare = key.strip_prefix(['و', 'ل', 'ب', 'ف', 'ك']);
    if bare.and_then(group) == Some(Group::Title) {
        return Some(Group::Title);
    }
    match key.split_once('.') {
        None if letters(key) == 1 => single(lead),
        None => None,
        // Letters with full stops between them, the first perhaps with a particle (وأ.ش.أ) or a second letter (Ph.D).
        Some((first, rest)) => {
            let dotted = letters(first) <= 2 && rest.split('.').all(|part| letters(part) == 1);
            dotted.then_some(Group::Short)
        }
    }
}

/// What a single letter is, given what stands before it: a unit after a number, a name after a label, else a title.
fn single(lead: &str) -> Option<Group> {
    let before = fold(last_token(lead).1);
    if before.ends_with(char::is_numeric) {
        return Some(Group::Short);
    }
    let bare = before.strip_prefix(['و', 'ب', 'ل']).unwrap_or(&before);
    let label = [before.as_str(), bare].into_iter().any(|word| group(word) == Some(Group::Label));
    (!label).then_some(Group::Title)
}
