//! Puts the clean text of a marked-up article together: blocks, white space as a browser shows it, and inline markup.

use super::roles::{Draft, assign, is_sentence};
use super::tables::Tables;
use crate::article::{Block, Markup, MarkupKind, Outline, Role, Span};

/// A block before its place in the text is known; markup is relative to its own text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Its role, if the markup tells; `None` is running text.
    pub(super) role: Option<Role>,
    pub(super) markup: Vec<Markup>,
}

impl Piece {
    /// A piece without markup.
    pub(super) fn plain(role: Option<Role>, text: &str) -> Self {
        Self { text: text.trim().to_owned(), role, markup: Vec::new() }
    }

    /// Whether one kind of markup covers all of it.
    pub(super) fn is_all(&self, kind: impl Fn(&MarkupKind) -> bool) -> bool {
        let covered: usize = self.markup.iter().filter(|m| kind(&m.kind)).map(|m| m.span.len()).sum();
        // What is left out may be a colon or a full stop after the tag.
        covered > 0 && covered + 3 >= self.text.len()
    }
}

/// White space that waits for the next visible character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pending {
    None,
    Space,
    Line,
}

/// Open markup: where it began in the block at hand, once something visible did.
#[derive(Debug)]
struct Open {
    kind: MarkupKind,
    start: Option<usize>,
}

/// Takes text, breaks and markup in the order of the page and makes pieces of them.
#[derive(Debug)]
pub(super) struct Composer {
    pieces: Vec<Piece>,
    text: String,
    role: Option<Role>,
    markup: Vec<Markup>,
    open: Vec<Open>,
    pending: Pending,
}

impl Composer {
    pub(super) fn new() -> Self {
        let (pieces, text, markup, open) = Default::default();
        Self { pieces, text, role: None, markup, open, pending: Pending::None }
    }

    /// Ends the block at hand, if it holds anything, and begins one of this role.
    pub(super) fn block(&mut self, role: Option<Role>) {
        for at in 0..self.open.len() {
            self.record(at);
        }
        self.pending = Pending::None;
        if !self.text.is_empty() {
            let markup = std::mem::take(&mut self.markup);
            let mut piece = Piece { text: std::mem::take(&mut self.text), role: self.role, markup };
            piece.markup.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
            self.pieces.push(piece);
        }
        self.role = role;
    }

    /// Adds text; runs of white space become one space, none at the ends of a line.
    pub(super) fn text(&mut self, text: &str) {
        for c in text.chars() {
            // No-break and other Unicode spaces are part of the text, as in a browser, except at the ends of a block.
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{C}') || (c.is_whitespace() && self.text.is_empty()) {
                self.space();
            } else {
                self.push(c);
            }
        }
    }

    /// Adds text with its line breaks.
    pub(super) fn verbatim(&mut self, text: &str) {
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                self.pending = Pending::Line;
            }
            self.text(line);
        }
    }

    /// A space, unless one is there already.
    pub(super) fn space(&mut self) {
        if self.pending == Pending::None {
            self.pending = Pending::Space;
        }
    }

    /// A line break; a second one begins a new block of the same role.
    pub(super) fn line_break(&mut self) {
        if self.text.is_empty() {
            return;
        }
        if self.pending == Pending::Line {
            self.block(self.role);
        } else if matches!(self.role, Some(Role::Headline | Role::Subheading | Role::Caption | Role::Byline)) {
            self.pending = Pending::Space;
        } else {
            self.pending = Pending::Line;
        }
    }

    /// A tab between the cells of a row.
    pub(super) fn cell(&mut self) {
        if !self.text.is_empty() {
            self.pending = Pending::None;
            self.text.push('\t');
        }
    }

    /// Begins markup, to be ended by [`Self::close`].
    pub(super) fn open(&mut self, kind: MarkupKind) {
        self.open.push(Open { kind, start: None });
    }

    /// Ends the markup that was begun last.
    pub(super) fn close(&mut self) {
        if let Some(last) = self.open.len().checked_sub(1) {
            self.record(last);
            self.open.pop();
        }
    }

    /// Adds pieces that are complete, after the block at hand.
    pub(super) fn append(&mut self, pieces: Vec<Piece>) {
        self.block(self.role);
        self.pieces.extend(pieces);
    }

    /// The pieces, all blocks ended.
    pub(super) fn finish(mut self) -> Vec<Piece> {
        self.block(None);
        for piece in &mut self.pieces {
            piece.trim();
        }
        self.pieces.retain(|piece| !piece.text.is_empty());
        self.pieces
    }

    /// Notes the markup at this place of the stack as far as it goes in the block at hand.
    fn record(&mut self, at: usize) {
        let end = self.text.len();
        if let Some(start) = self.open[at].start.take().filter(|start| *start < end) {
            self.markup.push(Markup { span: Span::new(start, end), kind: self.open[at].kind.clone() });
        }
    }

    fn push(&mut self, c: char) {
        if !self.text.is_empty() && !self.text.ends_with('\t') {
            match self.pending {
                Pending::None => {}
                Pending::Space => self.text.push(' '),
                Pending::Line => self.text.push('\n'),
            }
        }
        self.pending = Pending::None;
        // What was opened last began last: past the first that has begun all have.
        for open in self.open.iter_mut().rev().take_while(|open| open.start.is_none()) {
            open.start = Some(self.text.len());
        }
        self.text.push(c);
    }
}

impl Piece {
    /// Takes white space off both ends, and off the ends of markup.
    fn trim(&mut self) {
        let whole = Span::new(0, self.text.len()).trim(&self.text);
        for m in &mut self.markup {
            let inner = m.span.trim(&self.text);
            m.span =
                Span::new(inner.start.max(whole.start), inner.end.min(whole.end).max(inner.start.max(whole.start)));
            m.span = Span::new(m.span.start - whole.start, m.span.end - whole.start);
        }
        self.markup.retain(|m| !m.span.is_empty());
        self.text = whole.of(&self.text).to_owned();
    }
}

/// One text of the pieces, a blank line between them; the roles that the markup leaves open are those that the words of
/// the tables and the place tell.
pub(super) fn assemble(pieces: Vec<Piece>, tables: &Tables) -> Outline {
    let mut outline = Outline::default();
    let mut drafts = Vec::new();
    for piece in &pieces {
        if !outline.text.is_empty() {
            outline.text.push_str("\n\n");
        }
        let start = outline.text.len();
        outline.text.push_str(&piece.text);
        let chars = piece.text.chars().count();
        drafts.push(Draft { span: Span::new(start, outline.text.len()), gap: true, chars, role: form(piece, chars) });
    }
    let roles = assign(&outline.text, &drafts, tables);
    for ((piece, draft), role) in pieces.into_iter().zip(drafts).zip(roles) {
        let mut markup = piece.markup;
        for m in &mut markup {
            m.span = m.span.shift(draft.span.start);
        }
        outline.blocks.push(Block { role, span: draft.span, markup });
    }
    outline
}

/// What the markup says of a piece of so many characters.
fn form(piece: &Piece, chars: usize) -> Option<Role> {
    let all = |is: fn(&MarkupKind) -> bool| piece.is_all(is);
    match piece.role {
        // A paragraph or an item that is one link leads to another article.
        None | Some(Role::ListItem) if chars >= 15 && all(|kind| matches!(kind, MarkupKind::Link(_))) => {
            Some(Role::Related)
        }
        // A short line in bold, without a full stop.
        None if chars <= 80 && all(|kind| *kind == MarkupKind::Strong) && !is_sentence(&piece.text) => {
            Some(Role::Subheading)
        }
        role => role,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_as_a_browser_shows_it() {
        let mut composer = Composer::new();
        composer.block(Some(Role::Paragraph));
        composer.text("\n  قال ");
        composer.open(MarkupKind::Strong);
        composer.text(" الوزير\n سامي ");
        composer.close();
        composer.text("، أمس");
        composer.line_break();
        composer.text(" سطر ثان");
        composer.line_break();
        composer.line_break();
        composer.open(MarkupKind::Link("/a".into()));
        composer.text("فقرة");
        composer.block(None);
        composer.text("أخرى ");
        composer.close();
        let pieces = composer.finish();
        let texts: Vec<_> = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(texts, ["قال الوزير سامي ، أمس\nسطر ثان", "فقرة", "أخرى"]);
        assert_eq!(pieces[0].markup[0].span.of(&pieces[0].text), "الوزير سامي");
        assert!(pieces[1].is_all(|kind| matches!(kind, MarkupKind::Link(_))));
        assert!(pieces[2].is_all(|kind| matches!(kind, MarkupKind::Link(_))));
        let outline = assemble(pieces, Tables::bundled());
        assert_eq!(outline.blocks[2].markup[0].span.of(&outline.text), "أخرى");
    }

    #[test]
    fn nothing_is_glued_and_no_space_is_added() {
        let mut composer = Composer::new();
        composer.text("أكد");
        composer.open(MarkupKind::Emphasis);
        composer.text(" الوزير");
        composer.close();
        composer.text("، ثم غادر");
        assert_eq!(composer.finish()[0].text, "أكد الوزير، ثم غادر");
    }
}
