//! HTML: the main content of a page by dom_smoothie, read from the original tree, with what the page says of itself.
//!
//! ```text
//! page ─► tame ─► parse ─► metadata ─┬─► survey: which text is the article ─► walk ─► pieces ─► roles
//!                                    └─► articleBody, where the page shows no article
//! ```

use dom_query::Document;

use super::compose::{Piece, assemble};
use super::roles::near_duplicates;
use super::tables::{Tables, key};
use crate::article::{Outline, Role};
use metadata::Metadata;

mod metadata;
mod survey;
mod tame;
mod walk;

/// Whether the text is a page, or a part of one.
pub(super) fn sniff(text: &str) -> bool {
    let end = text.char_indices().nth(1024).map_or(text.len(), |(at, _)| at);
    let head = text[..end].trim_start().to_ascii_lowercase();
    let is_page = ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| head.contains(tag));
    let is_part = ["<p", "<h1", "<div", "<article", "<section", "<main"].iter().any(|tag| head.starts_with(tag));
    (head.starts_with('<') && is_page) || (is_part && text.trim_end().ends_with('>'))
}

pub(super) fn read(text: String, tables: &Tables) -> Outline {
    let tamed = tame::tame(&text);
    let document = Document::from(tamed.html.as_str());
    let metadata = Metadata::of(&document, &tamed.json_ld);
    let choice = survey::choose(&document, &metadata);
    let mut pieces = walk::pieces(document.root(), &choice);
    let mut notices = Vec::new();
    if let Some(body) = fuller_body(&pieces, &metadata) {
        pieces.retain(|piece| {
            matches!(piece.role, Some(Role::Headline | Role::Standfirst | Role::Byline | Role::Dateline))
        });
        pieces.extend(body);
        notices
            .push("the page shows little of the article: its text is taken from the page's metadata (JSON-LD)".into());
    }
    let mut outline = assemble(arrange(pieces, &metadata), tables);
    outline.title = metadata.titles.first().cloned();
    outline.published = metadata.published;
    outline.language = metadata.language.unwrap_or_default();
    outline.notices = notices;
    outline
}

/// The pieces of a part of a page, all of its text taken.
pub(super) fn fragment(html: &str) -> Vec<Piece> {
    let document = Document::from(tame::tame(html).html);
    let kept = document.root().descendants_it().filter(|node| node.is_text()).map(|node| node.id).collect();
    walk::pieces(document.root(), &survey::Choice { kept, ..survey::Choice::default() })
}

/// The pieces of `articleBody`, if it holds much more than what the page shows.
fn fuller_body(shown: &[Piece], metadata: &Metadata) -> Option<Vec<Piece>> {
    let body = metadata.body.as_deref()?;
    let is_text = |piece: &&Piece| !matches!(piece.role, Some(Role::Headline | Role::Standfirst));
    let length: usize = shown.iter().filter(is_text).map(|piece| piece.text.len()).sum();
    let pieces: Vec<Piece> = if body.contains("</") || body.contains("<br") {
        fragment(body)
    } else {
        let decoded = body.split(['\n', '\r']).filter_map(metadata::plain);
        decoded.map(|line| Piece::plain(None, &line)).collect()
    };
    let full: usize = pieces.iter().map(|piece| piece.text.len()).sum();
    (full > 2 * length && full > 200).then_some(pieces)
}

/// Headline first, standfirst second, nothing twice.
fn arrange(pieces: Vec<Piece>, metadata: &Metadata) -> Vec<Piece> {
    let title = || metadata.titles.first().map(|title| key(title));
    let mut headline = None;
    let mut standfirst: Option<Piece> = None;
    let mut rest: Vec<Piece> = Vec::new();
    for piece in pieces {
        let slot = match piece.role {
            Some(Role::Headline) => &mut headline,
            Some(Role::Standfirst) => &mut standfirst,
            _ => {
                rest.push(piece);
                continue;
            }
        };
        match slot {
            None => *slot = Some(piece),
            // A headline or standfirst of several blocks.
            Some(first) => {
                let at = first.text.len() + 1;
                first.text = format!("{} {}", first.text, piece.text);
                first.markup.extend(piece.markup.into_iter().map(|mut m| {
                    m.span = m.span.shift(at);
                    m
                }));
            }
        }
    }
    if headline.is_none() {
        // The page shows its title as something else, or not at all.
        let shown =
            title().and_then(|title| rest.iter().take(4).position(|piece| near_duplicates(&title, &key(&piece.text))));
        headline = match shown {
            Some(at) => Some(rest.remove(at)),
            None => metadata.titles.first().map(|title| Piece::plain(None, title)),
        };
        if let Some(piece) = &mut headline {
            piece.role = Some(Role::Headline);
        }
    }
    let mut seen: Vec<String> = headline.iter().chain(&standfirst).map(|piece| key(&piece.text)).collect();
    rest.retain(|piece| {
        let once =
            matches!(piece.role, Some(Role::Caption | Role::Byline | Role::Dateline | Role::Subheading | Role::Tags));
        let limit = if once { seen.len() } else { seen.len().min(2) };
        if piece.text.chars().count() > 600 {
            return true;
        }
        let text = key(&piece.text);
        let repeated = seen[..limit].contains(&text);
        if once && !repeated && seen.len() < 200 {
            seen.push(text);
        }
        !repeated
    });
    if !rest.iter().any(|piece| piece.role == Some(Role::Byline)) && !metadata.authors.is_empty() {
        rest.insert(0, Piece::plain(Some(Role::Byline), &metadata.authors.join("، ")));
    }
    headline.into_iter().chain(standfirst).chain(rest).collect()
}

#[cfg(test)]
mod tests;
