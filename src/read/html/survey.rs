//! Looks the page over: its text nodes in order, which of them are the article, and what else belongs to it.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};
use dom_smoothie::{Config, Readability};

use super::metadata::{Metadata, hints};
use crate::article::Role;
use crate::read::roles::near_duplicates;
use crate::read::tables::key;

/// Above this many elements the content is not searched for; the page is taken as it is.
const MOST_ELEMENTS: usize = 60_000;

/// Elements whose content a browser does not show as text of the page.
const SKIPPED: &[&str] = &["head", "title", "button", "input", "progress", "meter", "map", "rp", "dialog"];

/// Elements beside the article.
const BESIDE: &[&str] = &["nav", "aside", "footer"];

/// What to take from the page.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// Text nodes of the article.
    pub(super) kept: HashSet<NodeId>,
    /// Elements taken whole, and what they are.
    pub(super) picked: HashMap<NodeId, Role>,
}

/// A range of text nodes, by their number in the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    first: usize,
    end: usize,
}

/// An element that may be a headline, caption, byline and so on.
#[derive(Debug)]
struct Candidate<'a> {
    node: NodeRef<'a>,
    texts: Range,
    role: Role,
    /// Whether it stands in navigation, an aside or a footer.
    beside: bool,
    text: String,
}

/// Whether the element and what it holds is not shown.
pub(super) fn is_hidden(node: &NodeRef) -> bool {
    if SKIPPED.iter().any(|name| node.has_name(name))
        || node.has_attr("hidden")
        || node.attr("aria-hidden").as_deref() == Some("true")
    {
        return true;
    }
    let style = node.attr("style").map(|style| style.replace(' ', "").to_ascii_lowercase());
    if style.is_some_and(|style| style.contains("display:none") || style.contains("visibility:hidden")) {
        return true;
    }
    node.attr("class").is_some_and(|class| {
        class.split_whitespace().any(|name| matches!(name, "sr-only" | "visually-hidden" | "screen-reader-text"))
    })
}

/// Decides what of the page is the article.
pub(super) fn choose(document: &Document, metadata: &Metadata) -> Choice {
    let mut survey = Survey { texts: Vec::new(), candidates: Vec::new(), beside: HashSet::new() };
    survey.visit(document.root(), false);
    let mut kept = main_content(document);
    kept.retain(|id| !survey.beside.contains(id));
    if !survey.texts.iter().any(|id| kept.contains(id)) {
        kept = survey.texts.iter().copied().filter(|id| !survey.beside.contains(id)).collect();
    }
    if kept.is_empty() {
        kept = survey.texts.iter().copied().collect();
    }
    let picked = survey.pick(&kept, metadata);
    Choice { kept, picked }
}

/// The text nodes that dom_smoothie, a port of Readability, takes for the main content.
fn main_content(document: &Document) -> HashSet<NodeId> {
    let config = Config {
        disable_json_ld: true,
        max_elements_to_parse: MOST_ELEMENTS,
        // A shorter content makes it fall back on ever more of the page; news in brief are no longer than this.
        char_threshold: 200,
        ..Config::default()
    };
    // A clone of the tree keeps the identities of its nodes, and the search only moves and removes them.
    let Ok(mut readability) = Readability::with_document(document.clone(), None, Some(config)) else {
        return HashSet::new();
    };
    if readability.parse().is_err() {
        return HashSet::new();
    }
    let root = readability.doc.root();
    let content = root.descendants_it().find(|node| node.attr("id").as_deref() == Some("readability-page-1"));
    content
        .map(|content| content.descendants_it().filter(NodeRef::is_text).map(|node| node.id).collect())
        .unwrap_or_default()
}

struct Survey<'a> {
    texts: Vec<NodeId>,
    candidates: Vec<Candidate<'a>>,
    beside: HashSet<NodeId>,
}

impl<'a> Survey<'a> {
    /// Visits the visible part of the page in order. The depth is bounded by the pass before parsing.
    fn visit(&mut self, node: NodeRef<'a>, beside: bool) {
        for child in node.children_it(false) {
            if child.is_text() {
                if child.is_nonempty_text() {
                    self.texts.push(child.id);
                    if beside {
                        self.beside.insert(child.id);
                    }
                }
            } else if child.is_element() && !is_hidden(&child) {
                let first = self.texts.len();
                let beside = beside || BESIDE.iter().any(|name| child.has_name(name));
                self.visit(child, beside);
                let texts = Range { first, end: self.texts.len() };
                if let Some(role) = may_be(&child).filter(|_| texts.end > first && texts.end - first <= 40) {
                    let text = child.text().split_whitespace().collect::<Vec<_>>().join(" ");
                    self.candidates.push(Candidate { node: child, texts, role, beside, text });
                }
            }
        }
    }

    /// Chooses among the candidates, given the text nodes of the content.
    fn pick(&self, kept: &HashSet<NodeId>, metadata: &Metadata) -> HashMap<NodeId, Role> {
        let mut picked = HashMap::new();
        let place = |id: &NodeId| kept.contains(id);
        let (Some(start), Some(last)) = (self.texts.iter().position(place), self.texts.iter().rposition(place)) else {
            return picked;
        };
        let headline = self.headline(start, metadata);
        // From the headline to the end of the content; figures and bylines outside belong to something else.
        let from = headline.map_or(start, |headline| headline.texts.first.min(start));
        let mut taken = vec![false; self.texts.len()];
        if let Some(headline) = headline {
            picked.insert(headline.node.id, Role::Headline);
            taken[headline.texts.first..headline.texts.end].fill(true);
        }
        let fits = |candidate: &&Candidate| !candidate.beside && candidate.texts.first >= from;
        let limit = |role: Role| match role {
            // Once each; a date below the article is as good as one above.
            Role::Byline | Role::Dateline | Role::Standfirst => 1,
            _ => usize::MAX,
        };
        for role in [Role::Caption, Role::Standfirst, Role::Byline, Role::Dateline, Role::Tags] {
            let mut count = 0;
            for candidate in self.candidates.iter().filter(fits).filter(|candidate| candidate.role == role) {
                let near = match role {
                    Role::Standfirst => self.is_standfirst(candidate, start, kept, metadata),
                    Role::Caption => candidate.texts.end <= last + 1 && candidate.text.chars().count() <= 500,
                    Role::Byline => candidate.texts.first <= last + 8 && candidate.text.chars().count() <= 80,
                    Role::Dateline => candidate.texts.first <= last + 8 && is_date(&candidate.text),
                    _ => candidate.texts.first <= last + 40 && candidate.text.chars().count() <= 300,
                };
                let texts = &mut taken[candidate.texts.first..candidate.texts.end];
                if near && !texts.contains(&true) && count < limit(role) {
                    count += 1;
                    picked.insert(candidate.node.id, role);
                    texts.fill(true);
                }
            }
        }
        picked
    }

    /// The heading that says what the metadata say, else the last main heading before the content.
    fn headline(&self, start: usize, metadata: &Metadata) -> Option<&Candidate<'a>> {
        let titles: Vec<String> = metadata.titles.iter().map(|title| key(title)).collect();
        let is_title = |candidate: &&Candidate| {
            let heading = key(&candidate.text);
            titles.iter().any(|title| {
                near_duplicates(title, &heading) || (heading.chars().count() >= 12 && title.starts_with(&heading))
            })
        };
        let headings = || {
            self.candidates
                .iter()
                .filter(|candidate| candidate.role == Role::Headline && candidate.text.chars().count() <= 300)
        };
        let main = |candidate: &&Candidate| candidate.node.has_name("h1");
        headings()
            .find(|candidate| main(candidate) && is_title(candidate))
            .or_else(|| headings().find(is_title))
            .or_else(|| {
                headings()
                    .filter(|candidate| main(candidate) && !candidate.beside)
                    .take_while(|candidate| candidate.texts.first <= start)
                    .last()
            })
            .or_else(|| headings().find(|candidate| main(candidate) && !candidate.beside))
    }

    /// Whether a candidate sums up the article: it stands before the second paragraph of the content and is a heading,
    /// carries a telling class, or is the description in the metadata.
    fn is_standfirst(&self, candidate: &Candidate, start: usize, kept: &HashSet<NodeId>, metadata: &Metadata) -> bool {
        let chars = candidate.text.chars().count();
        let first_kept = self.texts[candidate.texts.first..candidate.texts.end].iter().any(|id| kept.contains(id));
        let early = candidate.texts.first <= start + usize::from(first_kept);
        if !early || !(30..=500).contains(&chars) {
            return false;
        }
        let described = || {
            let text = key(&candidate.text);
            metadata.descriptions.iter().any(|description| near_duplicates(&key(description), &text))
        };
        let names: &[&str] = &[
            "standfirst",
            "subtitle",
            "summary",
            "excerpt",
            "lead",
            "deck",
            "dek",
            "sapo",
            "brief",
            "subheadline",
            "intro",
        ];
        let telling = hints(&candidate.node).iter().any(|hint| names.contains(&hint.as_str()));
        telling
            || (is_heading(&candidate.node) && (described() || chars >= 60))
            || (described() && candidate.texts.end <= start)
    }
}

fn is_heading(node: &NodeRef) -> bool {
    ["h1", "h2", "h3", "h4"].iter().any(|name| node.has_name(name))
}

/// What an element may be, by its name and its hints.
fn may_be(node: &NodeRef) -> Option<Role> {
    if node.has_name("h1") {
        return Some(Role::Headline);
    }
    if node.has_name("figcaption") {
        return Some(Role::Caption);
    }
    if node.has_name("time") {
        return Some(Role::Dateline);
    }
    if ["body", "html", "main", "article", "a", "img"].iter().any(|name| node.has_name(name))
        && node.attr("rel").is_none()
    {
        return None;
    }
    let hints = hints(node);
    let has = |names: &[&str]| hints.iter().any(|hint| names.contains(&hint.as_str()));
    if has(&["headline"]) && is_heading(node) {
        Some(Role::Headline)
    } else if has(&["caption", "figcaption", "imgcaption"]) {
        Some(Role::Caption)
    } else if has(&["author", "byline", "writer", "authors"]) {
        Some(Role::Byline)
    } else if has(&["date", "published", "pubdate", "datepublished", "datetime", "timestamp", "publishdate"]) {
        Some(Role::Dateline)
    } else if has(&["tags", "keywords", "taglist"]) {
        Some(Role::Tags)
    } else if ["h2", "h3", "p", "div", "span", "strong"].iter().any(|name| node.has_name(name)) {
        Some(Role::Standfirst)
    } else {
        None
    }
}

/// Whether it is short and has a digit, as dates do.
fn is_date(text: &str) -> bool {
    text.chars().count() <= 70 && text.chars().any(char::is_numeric)
}
