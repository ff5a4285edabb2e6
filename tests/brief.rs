//! Which sentences an extractive brief takes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod documents;

use documents::builder::Builder;
use mujaz::article::Role;
use mujaz::brief::{Brief, Form, Length, Origin, Part, Style, extractive};
use mujaz::check::Severity;
use mujaz::pipeline::Document;
use proptest::prelude::*;

fn sentences(sentences: usize) -> Length {
    Length { sentences: Some(sentences), words: None }
}

fn words(words: usize) -> Length {
    Length { sentences: None, words: Some(words) }
}

fn evidence(brief: &Brief) -> Vec<String> {
    brief.claims.iter().flat_map(|claim| claim.evidence.sentences()).map(ToString::to_string).collect()
}

/// An article whose English sentences are these, each a section.
fn article(sections: &[(Role, &str)]) -> Document {
    let mut builder = Builder::new("-");
    for (role, english) in sections {
        builder.section(*role, &[("جملة", english)]);
    }
    builder.build()
}

#[test]
fn agrees_with_an_independent_implementation() {
    #[derive(serde::Deserialize)]
    struct Golden {
        sections: Vec<Section>,
        brief: Vec<usize>,
    }
    #[derive(serde::Deserialize)]
    struct Section {
        role: Role,
        text: String,
    }
    let golden: Vec<Golden> = serde_json::from_str(include_str!("golden/extractive.json")).unwrap();
    assert!(golden.len() >= 10);
    // Of the four sentences one is the headline.
    for Golden { sections, brief } in golden {
        let sections: Vec<_> = sections.iter().map(|section| (section.role, section.text.as_str())).collect();
        let expected: Vec<_> = brief.iter().map(|section| format!("s{section}.1")).collect();
        assert_eq!(evidence(&extractive(&article(&sections), sentences(3))), expected, "{}", sections[0].1);
    }
}

#[test]
fn headline_and_standfirst_come_first_wherever_they_stand() {
    let document = article(&[
        (Role::Paragraph, "Rain is expected over the northern mountains on Friday."),
        (Role::Standfirst, "Forecasters warn of floods in three valleys."),
        (Role::Headline, "Storm reaches the coast tonight"),
        (Role::Paragraph, "Schools in the capital stay closed until Sunday."),
    ]);
    assert_eq!(evidence(&extractive(&document, sentences(3))), ["s3.1", "s2.1", "s1.1", "s4.1"]);
    assert_eq!(evidence(&extractive(&document, sentences(1))), ["s3.1", "s2.1"]);
    assert_eq!(evidence(&extractive(&document, words(1))), ["s3.1", "s2.1"]);
}

#[test]
fn rests_on_nothing_but_what_may_enter_a_brief() {
    let document = documents::news();
    let brief = extractive(&document, sentences(100));
    let roles: Vec<Role> = brief
        .claims
        .iter()
        .flat_map(|claim| claim.evidence.sentences())
        .map(|id| document.article.sections()[id.section].role)
        .collect();
    assert!(roles.iter().all(|role| role.may_enter_brief()), "{roles:?}");
    assert!(!evidence(&brief).contains(&"s6.2".to_owned()), "an error was found in it");
    let warned = brief.claims.iter().find(|claim| claim.text.starts_with("Egypt's ports authority")).unwrap();
    assert_eq!(warned.findings[0].check, "confidence");
}

#[test]
fn claims_are_sentences_word_for_word() {
    let document = documents::news();
    for claim in extractive(&document, sentences(100)).claims {
        assert_eq!(document.target(claim.evidence.sentences()[0]), Some(claim.text.as_str()));
    }
}

#[test]
fn says_nothing_twice() {
    let document = article(&[
        (Role::Headline, "Bank cuts interest rate to 4%"),
        (Role::Standfirst, "The bank cuts the interest rates to 4%."),
        (Role::Paragraph, "Bank cuts interest rate to 4% in a surprise move that markets welcomed on Thursday."),
        (Role::Paragraph, "Bank cuts interest rate to 4% in a surprise move that markets welcomed on Thursday."),
        (Role::Paragraph, "The governor resigned."),
    ]);
    assert_eq!(evidence(&extractive(&document, sentences(5))), ["s1.1", "s3.1", "s5.1"]);
}

#[test]
fn a_sentence_that_leans_on_another_gives_way() {
    let document = article(&[
        (Role::Headline, "Minister opens bridge"),
        (Role::Paragraph, "He praised the crew."),
        (Role::Paragraph, "Engineers finished the work in March."),
    ]);
    assert_eq!(evidence(&extractive(&document, sentences(1))), ["s1.1", "s3.1"]);
}

#[test]
fn says_what_happened_after_the_headline() {
    let document = article(&[
        (Role::Headline, "Minister opens bridge"),
        (Role::Paragraph, "She cut the ribbon."),
        (Role::Paragraph, "Engineers finished the work in March."),
        (Role::Paragraph, "The work of the engineers in March cost much work."),
    ]);
    let brief = extractive(&document, sentences(1));
    let parts: Vec<_> = brief.claims.iter().map(|claim| (claim.part, claim.text.as_str())).collect();
    assert_eq!(
        parts,
        [(Part::Headline, "Minister opens bridge"), (Part::WhatHappened, "Engineers finished the work in March.")]
    );
    assert!(brief.claims.iter().all(|claim| claim.origin == Origin::Article && !claim.continues));
}

#[test]
fn one_line_is_what_happened() {
    let line = Form { style: Style::OneLine, length: Length::default() };
    let brief = extractive(&documents::news(), line);
    assert_eq!((evidence(&brief), brief.claims[0].part), (vec!["s2.1".to_owned()], Part::WhatHappened));
    let headline = extractive(&article(&[(Role::Headline, "Minister opens bridge")]), line);
    assert_eq!(headline.text(), "Minister opens bridge");
    assert_eq!(extractive(&article(&[]), line).claims, []);
}

#[test]
fn what_is_uncertain_is_said_once_and_in_words() {
    let mut builder = Builder::new("-");
    builder.section(Role::Headline, &[("عنوان", "A headline")]);
    builder.section(Role::Paragraph, &[("جملة", "The fund starts work in May with money from eleven states.")]);
    builder.finding((1, 1), "names", Severity::Warning, "The name is written in two ways.", ("", ""));
    builder.finding((2, 1), "length", Severity::Info, "Long.", ("", ""));
    let brief = extractive(&builder.build(), sentences(2));
    let said: Vec<_> = brief.uncertain.iter().map(|doubt| (doubt.text.as_str(), doubt.part)).collect();
    assert_eq!(said, [("The name is written in two ways.", Part::Uncertain)]);
    assert_eq!(brief.uncertain[0].evidence.sentences()[0].to_string(), "s1.1");
}

#[test]
fn keeps_to_its_length() {
    let document = documents::news();
    let count = |brief: &Brief| {
        let beside = brief.claims.iter().filter(|claim| claim.part != Part::Headline);
        beside.map(|claim| claim.text.split_whitespace().count()).sum::<usize>()
    };
    assert_eq!(extractive(&document, Length::default()).claims.len(), Length::DEFAULT_SENTENCES);
    for limit in [1, 20, 45, 80] {
        let brief = extractive(&document, words(limit));
        let count = count(&brief);
        assert!(count <= limit || brief.claims.len() == 2, "{count} words");
        assert_eq!(evidence(&brief)[0], "s1.1");
    }
    let both = Length { sentences: Some(3), words: Some(60) };
    let brief = extractive(&document, both);
    assert!(brief.claims.len() <= 4 && count(&brief) <= 60);
    assert_eq!(extractive(&document, sentences(0)).claims.len(), 2);
}

#[test]
fn half_of_a_short_article_is_enough() {
    for (length, expected) in [(1, 1), (2, 1), (3, 2), (8, 4), (40, 5)] {
        let texts: Vec<String> = (0..length).map(|n| format!("Subject{n} verb{n} object{n}.")).collect();
        let sections: Vec<_> = texts.iter().map(|text| (Role::Paragraph, text.as_str())).collect();
        assert_eq!(extractive(&article(&sections), Length::default()).claims.len(), expected);
    }
}

#[test]
fn nothing_alike_means_the_lead() {
    let texts: Vec<String> = (0..9).map(|n| format!("Subject{n} verb{n} object{n}.")).collect();
    let sections: Vec<_> = texts.iter().map(|text| (Role::Paragraph, text.as_str())).collect();
    assert_eq!(evidence(&extractive(&article(&sections), sentences(3))), ["s1.1", "s2.1", "s3.1"]);
}

#[test]
fn errors_everywhere_are_marked_rather_than_hidden() {
    let mut builder = Builder::new("-");
    builder.section(Role::Headline, &[("عنوان", "A headline")]);
    builder.finding((1, 1), "numbers", Severity::Error, "wrong", ("", ""));
    let brief = extractive(&builder.build(), Length::default());
    assert_eq!(brief.claims[0].findings[0].severity, Severity::Error);
}

#[test]
fn without_sentences_there_are_no_claims() {
    let document = article(&[(Role::Caption, "A ferry"), (Role::Paragraph, ""), (Role::Headline, " ")]);
    assert!(extractive(&document, Length::default()).claims.is_empty());
}

#[test]
fn an_english_article_speaks_for_itself() {
    let brief = extractive(&documents::english(), sentences(1));
    assert_eq!(brief.text(), "Ferry line to grow\nTwo ministers signed the agreement.");
}

proptest! {
    #[test]
    fn holds_for_any_article(
        sections in prop::collection::vec((0..Role::ALL.len(), "[a-c .’]{0,24}|\\PC{0,12}", 0usize..4), 1..12),
        limit in prop::option::of(0usize..9),
        words in prop::option::of(0usize..30),
    ) {
        let mut builder = Builder::new("-");
        for (role, english, _) in &sections {
            builder.section(Role::ALL[*role], &[("جملة", english)]);
        }
        for (index, (_, _, severity)) in sections.iter().enumerate() {
            if let Some(severity) = [Severity::Info, Severity::Warning, Severity::Error].get(*severity) {
                builder.finding((index + 1, 1), "length", *severity, "", ("", ""));
            }
        }
        let document = builder.build();
        let length = Length { sentences: limit, words };
        let brief = extractive(&document, length);
        prop_assert_eq!(&brief, &extractive(&document, length));
        let ids: Vec<_> = brief.claims.iter().flat_map(|claim| claim.evidence.sentences()).collect();
        prop_assert_eq!(ids.len(), ids.iter().collect::<std::collections::BTreeSet<_>>().len());
        prop_assert!(brief.claims.len() <= limit.unwrap_or(usize::MAX - 1).max(1) + 1);
        let text = brief.text();
        for (claim, span) in brief.claims.iter().zip(brief.spans()) {
            prop_assert_eq!(span.of(&text), &claim.text);
        }
        for style in Style::ALL {
            let brief = extractive(&document, Form { style, length });
            prop_assert!(style != Style::OneLine || brief.claims.len() <= 1);
            for claim in brief.claims.iter().chain(&brief.uncertain) {
                prop_assert!(claim.evidence.sentences().iter().all(|id| document.source(*id).is_some()));
            }
            for fact in &brief.facts {
                prop_assert!(fact.source.get(document.source(fact.sentence).unwrap()).is_some());
                prop_assert!(fact.target.is_none_or(|span| span.get(document.target(fact.sentence).unwrap()).is_some()));
            }
        }
        for claim in &brief.claims {
            prop_assert!(!claim.text.trim().is_empty());
            let text = document.target(claim.evidence.sentences()[0]).unwrap();
            prop_assert_eq!(text.trim(), &claim.text);
        }
    }
}
