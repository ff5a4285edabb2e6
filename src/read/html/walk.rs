//! From the chosen part of the page to pieces of text, in the order of the page.

use dom_query::NodeRef;

use super::survey::{Choice, is_hidden};
use super::tame::BLOCKS;
use crate::article::{MarkupKind, Role};
use crate::read::compose::{Composer, Piece};

/// The pieces under `root`.
pub(super) fn pieces(root: NodeRef, choice: &Choice) -> Vec<Piece> {
    let mut walker = Walker { choice, composer: Composer::new() };
    walker.children(root, Context::default());
    walker.composer.finish()
}

/// What holds where the walker is.
#[derive(Debug, Clone, Copy, Default)]
struct Context {
    role: Option<Role>,
    /// Inside of an element that is taken whole.
    picked: bool,
    verbatim: bool,
    /// Inside of a row of a table of data.
    row: bool,
}

struct Walker<'c> {
    choice: &'c Choice,
    composer: Composer,
}

impl Walker<'_> {
    fn children(&mut self, node: NodeRef, context: Context) {
        for child in node.children_it(false) {
            if child.is_text() {
                self.text(&child, context);
            } else if child.is_element() && !is_hidden(&child) {
                self.element(child, context);
            }
        }
    }

    fn text(&mut self, node: &NodeRef, context: Context) {
        let text = node.text();
        if text.trim_matches([' ', '\t', '\n', '\r', '\u{C}']).is_empty() {
            self.composer.space();
        } else if context.picked || self.choice.kept.contains(&node.id) {
            if context.verbatim { self.composer.verbatim(&text) } else { self.composer.text(&text) }
        }
    }

    fn element(&mut self, node: NodeRef, context: Context) {
        let Some(name) = node.node_name() else { return };
        let name = name.as_ref();
        let picked = self.choice.picked.get(&node.id).copied();
        let mut inner = context;
        inner.picked |= picked.is_some();
        inner.role = picked.or_else(|| if context.picked { context.role } else { role_of(name).or(context.role) });
        match name {
            "br" => self.composer.line_break(),
            "wbr" => {}
            "td" | "th" if context.row => {
                self.children(node, inner);
                self.composer.cell();
            }
            "tr" => {
                inner.row = is_row_of_data(&node);
                inner.role = if inner.row { Some(Role::Table) } else { context.role };
                self.block(node, inner, context);
            }
            "pre" => {
                inner.verbatim = true;
                self.block(node, inner, context);
            }
            "q" => {
                self.composer.text("\"");
                self.children(node, inner);
                self.composer.text("\"");
            }
            _ if !context.row && (picked.is_some() || BLOCKS.contains(&name)) => self.block(node, inner, context),
            _ => match markup_of(&node, name) {
                Some(kind) => {
                    self.composer.open(kind);
                    self.children(node, inner);
                    self.composer.close();
                }
                None => self.children(node, inner),
            },
        }
    }

    /// An element that stands on lines of its own.
    fn block(&mut self, node: NodeRef, inner: Context, outer: Context) {
        self.composer.block(inner.role);
        self.children(node, inner);
        self.composer.block(outer.role);
    }
}

fn role_of(name: &str) -> Option<Role> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(Role::Subheading),
        "li" | "dd" | "dt" => Some(Role::ListItem),
        "blockquote" => Some(Role::Quote),
        "figcaption" | "caption" => Some(Role::Caption),
        _ => None,
    }
}

fn markup_of(node: &NodeRef, name: &str) -> Option<MarkupKind> {
    match name {
        "a" => {
            let href = node.attr("href")?.trim().to_owned();
            (!href.is_empty() && !href.starts_with('#')).then_some(MarkupKind::Link(href))
        }
        "b" | "strong" => Some(MarkupKind::Strong),
        "i" | "em" | "cite" => Some(MarkupKind::Emphasis),
        _ => None,
    }
}

/// Whether the row holds data rather than the layout of a page: two cells at least, no blocks in them, little text.
fn is_row_of_data(row: &NodeRef) -> bool {
    let cells: Vec<NodeRef> =
        row.children_it(false).filter(|cell| cell.has_name("td") || cell.has_name("th")).collect();
    let is_plain = |cell: &NodeRef| {
        let mut chars = 0;
        cell.descendants_it().take(60).all(|node| {
            if node.is_text() {
                chars += node.text().chars().count();
            }
            chars <= 300 && node.node_name().is_none_or(|name| name.as_ref() == "p" || !BLOCKS.contains(&name.as_ref()))
        })
    };
    cells.len() >= 2 && cells.iter().all(is_plain)
}
