//! Glossaries in TBX (ISO 30042), of 2008 (`termEntry`, `langSet`, `tig`) and of 2019 (`conceptEntry`, `langSec`,
//! `termSec`). Of several English terms of a concept the first is wanted and the others are accepted; a term marked as
//! deprecated is neither.

use roxmltree::{Document, Node, ParsingOptions};

use super::{Format, Pair};

pub(super) const FORMAT: Format = Format { name: "tbx", extensions: &["tbx", "xml"], read };

fn read(text: &str) -> Result<Vec<Pair>, String> {
    // TBX of 2008 names a DTD. It is not fetched, and entities cannot grow: roxmltree bounds both.
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| format!("it is not XML: {error}"))?;
    let is_entry = |node: &Node| node.has_tag_name_of(&["termEntry", "conceptEntry"]);
    let mut pairs = Vec::new();
    for entry in document.descendants().filter(is_entry) {
        let english = terms(entry, "en");
        for arabic in terms(entry, "ar") {
            pairs.extend(english.iter().map(|english| (arabic.clone(), english.clone())));
        }
    }
    Ok(pairs)
}

/// The terms of an entry in a language, whatever its region.
fn terms(entry: Node, language: &str) -> Vec<String> {
    let is_of = |set: &Node| {
        let code = set.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).or(set.attribute("lang"));
        let primary = code.and_then(|code| code.split(['-', '_']).next()).unwrap_or_default();
        set.has_tag_name_of(&["langSet", "langSec"]) && primary.eq_ignore_ascii_case(language)
    };
    let sections = entry.descendants().filter(is_of).flat_map(|set| set.descendants());
    let sections = sections.filter(|node| node.has_tag_name_of(&["tig", "ntig", "termSec"]) && !is_deprecated(*node));
    let terms = sections.filter_map(|section| {
        let term = section.descendants().find(|node| node.has_tag_name_of(&["term"]))?;
        // Words that are marked up inside a term belong to it.
        let text: String = term.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    terms.filter(|term| !term.is_empty()).collect()
}

fn is_deprecated(section: Node) -> bool {
    let status =
        |node: &Node| matches!(node.attribute("type"), Some("administrativeStatus" | "normativeAuthorization"));
    section.descendants().filter(status).filter_map(|node| node.text()).any(|text| text.contains("deprecated"))
}

trait Named {
    fn has_tag_name_of(&self, names: &[&str]) -> bool;
}

impl Named for Node<'_, '_> {
    /// Whether it is an element of one of these names, in whatever namespace.
    fn has_tag_name_of(&self, names: &[&str]) -> bool {
        self.is_element() && names.contains(&self.tag_name().name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_2008: &str = r#"<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
        <martif type="TBX"><text><body><termEntry id="1">
          <langSet xml:lang="en-US"><tig><term>State Department</term></tig>
            <ntig><termGrp><term>Foggy Bottom</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termGrp></ntig>
            <tig><term>Department of State</term></tig></langSet>
          <langSet xml:lang="ar"><tig><term>وزارة <hi>الخارجية</hi></term></tig></langSet>
          <langSet xml:lang="fr"><tig><term>département d’État</term></tig></langSet>
        </termEntry></body></text></martif>"#;
    const OF_2019: &str = r#"<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic" xml:lang="en"><text><body>
        <conceptEntry id="1"><langSec xml:lang="AR-eg"><termSec><term>الجيش</term></termSec></langSec>
        <langSec xml:lang="en"><termSec><term>army</term></termSec></langSec></conceptEntry></body></text></tbx>"#;

    #[test]
    fn both_editions_are_read() {
        let owned = |pairs: &[(&str, &str)]| Ok(pairs.iter().map(|(a, e)| (a.to_string(), e.to_string())).collect());
        let expected = [("وزارة الخارجية", "State Department"), ("وزارة الخارجية", "Department of State")];
        assert_eq!(read(OF_2008), owned(&expected));
        assert_eq!(read(OF_2019), owned(&[("الجيش", "army")]));
        assert!(read("الجيش\tarmy").unwrap_err().contains("not XML"));
    }

    #[test]
    fn entities_that_grow_are_refused() {
        let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
            <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;">]><x>&f;</x>"#;
        assert!(read(bomb).is_err());
    }
}
