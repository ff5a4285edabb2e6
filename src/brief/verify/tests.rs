//! What stays, what is mended and what falls of a text about an article.

use proptest::prelude::*;

use super::*;
use crate::article::{Block, Outline};

/// An English article of these sentences, each a paragraph.
pub(in crate::brief) fn document(sentences: &[&str]) -> Document {
    let (mut text, mut blocks, mut spans) = (String::new(), Vec::new(), Vec::new());
    for sentence in sentences {
        let span = Span::new(text.len(), text.len() + sentence.len());
        text.push_str(sentence);
        text.push_str("\n\n");
        blocks.push(Block { role: Role::Paragraph, span, markup: vec![] });
        spans.push(vec![span]);
    }
    let outline = Outline { text, blocks, language: "en".into(), ..Outline::default() };
    Document::untranslated(crate::article::Article::new(outline, spans).unwrap())
}

const FUND: [&str; 5] = [
    "Eleven states agreed in Muscat on Thursday to set up a joint fund of $2.4 billion against drought.",
    "Secretary-General Nabil al-Hamdani said the fund would finance 37 desalination projects in its first phase.",
    "He added that the projects would serve 12,640,315 people, most of them in the countryside.",
    "Two delegations did not sign the annex, and the talks on quotas resume in Amman in February.",
    "Researcher Salma al-Khatib warned that rainfall had fallen by 41.5% in ten years.",
];

fn run(text: &str) -> (Vec<(String, &'static str)>, Vec<String>) {
    let verified = verify(&document(&FUND), text);
    (verified.claims.into_iter().map(|c| (c.text, c.origin.name())).collect(), verified.dropped)
}

fn stays(text: &str) {
    let (claims, dropped) = run(text);
    let shown: Vec<&str> = claims.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!((shown.join(" ").as_str(), &dropped[..]), (text, &[][..]));
    assert!(claims.iter().all(|(_, origin)| *origin == "as_written"), "{claims:?}");
}

#[test]
fn what_the_article_says_stays_as_it_was_written() {
    stays("Eleven states agreed in Muscat to set up a $2.4bn fund against drought.");
    stays("The fund will finance 37 desalination projects, Hamdani said.");
    stays("The projects would serve about 12.6 million people.");
    stays("Hamdani said the projects would serve 12,640,315 people.");
    stays("Two delegations did not sign the annex.");
    stays("Talks on quotas resume in Amman in February, and rainfall had fallen by 41.5 percent in ten years.");
}

#[test]
fn a_wrong_number_gives_way_to_the_only_one_for_its_place() {
    let (claims, _) = run("The fund would finance 73 desalination projects.");
    assert_eq!(claims, [("The fund would finance 37 desalination projects.".to_owned(), "repaired")]);
    let (claims, _) = run("The states agreed to set up a joint fund of $4.2 billion.");
    assert_eq!(claims, [("The states agreed to set up a joint fund of $2.4 billion.".to_owned(), "repaired")]);
    let (claims, _) = run("Talks on quotas resume in Amman in March.");
    assert_eq!(claims, [("Talks on quotas resume in Amman in February.".to_owned(), "repaired")]);
}

#[test]
fn what_cannot_be_mended_gives_way_to_its_evidence() {
    for wrong in [
        "Salma al-Khatib said the fund would finance 37 desalination projects in its first phase.",
        "The fund would finance desalination projects in 214 towns.",
    ] {
        let (claims, dropped) = run(wrong);
        assert_eq!(claims, [(FUND[1].to_owned(), "replaced")], "{wrong} {dropped:?}");
    }
    let (claims, _) = run("Two delegations signed the annex.");
    assert_eq!(claims, [(FUND[3].to_owned(), "replaced")]);
}

#[test]
fn numbers_and_names_that_changed_places_give_way() {
    let evidence =
        "On Sunday Minister Karim al-Nasser told Deputy Hani Salem that 5 sailors were killed and 3 wounded.";
    let document = document(&[evidence, "The ship lies in the harbour of Aden.", "Its owner did not answer."]);
    for wrong in [
        "Three sailors were killed and five wounded.",
        "Three sailors were killed, said Minister Karim al-Nasser.",
        "On Sunday Hani Salem told Karim al-Nasser that 5 sailors were killed and 3 wounded.",
    ] {
        let verified = verify(&document, wrong);
        let texts: Vec<_> = verified.claims.iter().map(|claim| claim.text.as_str()).collect();
        assert!(verified.claims.iter().all(|claim| claim.origin != Origin::AsWritten), "{wrong} {texts:?}");
    }
    let right = "Five sailors were killed and three wounded, Minister Karim al-Nasser said.";
    assert_eq!(verify(&document, right).claims[0].origin, Origin::AsWritten);
}

#[test]
fn what_is_denied_gives_way_to_the_denial() {
    let denial = "The minister denied that the government intends to raise water prices before the end of the year.";
    let document = document(&[denial, "The dams hold 28 percent of what they can."]);
    let verified = verify(&document, "The government intends to raise water prices before the end of the year.");
    let claims: Vec<_> = verified.claims.iter().map(|claim| (claim.text.as_str(), claim.origin.name())).collect();
    assert_eq!(claims, [(denial, "replaced")]);
    assert!(verified.claims[0].findings[0].message.contains("“denied”"), "{:?}", verified.claims[0].findings);
}

#[test]
fn what_has_nothing_to_stand_on_is_dropped() {
    let (claims, dropped) = run("Scientists in Geneva discovered a new comet.");
    assert!(claims.is_empty() && dropped.len() == 1);
}

#[test]
fn the_rest_of_a_sentence_stays_when_its_end_falls() {
    let text =
        "Eleven states agreed in Muscat to set up a joint fund, and aliens from Saturn had applauded the decision.";
    let (claims, dropped) = run(text);
    assert_eq!(claims, [("Eleven states agreed in Muscat to set up a joint fund.".to_owned(), "as_written")]);
    assert_eq!(dropped, ["and aliens from Saturn had applauded the decision."]);
}

#[test]
fn what_puts_two_sentences_together_is_told() {
    let document = document(&FUND);
    let verified = verify(&document, "The fund of $2.4 billion against drought would serve people in the countryside.");
    let claim = &verified.claims[0];
    assert_eq!(claim.evidence.sentences().len(), 2);
    assert!(claim.findings[0].message.starts_with("This puts together"), "{:?}", claim.findings);
}

#[test]
fn a_sentence_with_an_error_stands_in_for_nothing() {
    let mut document = document(&FUND);
    let sentence = SentenceId { section: 3, sentence: 0 };
    let message = "wrong".into();
    let error = Finding { check: "numbers", severity: Severity::Error, sentence, message, source: None, target: None };
    document.findings.push(error);
    let verified = verify(&document, "Two delegations signed the annex.");
    assert!(verified.claims.is_empty() && verified.dropped.len() == 1);
    let verified = verify(&document, "Two delegations did not sign the annex.");
    assert_eq!(verified.claims[0].findings[0].check, "numbers", "what stands tells of it");
}

proptest! {
    #[test]
    fn every_claim_has_evidence_and_nothing_is_lost(
        words in prop::collection::vec("[a-z]{1,8}|[A-Z][a-z]{1,6}|[0-9]{1,4}|not|and|fund|Muscat|37|projects|,|\\.|\"|;", 0..40),
    ) {
        let document = document(&FUND);
        let text = words.join(" ");
        let verified = verify(&document, &text);
        for claim in &verified.claims {
            prop_assert!(!claim.text.trim().is_empty());
            prop_assert!(!claim.evidence.sentences().is_empty());
            for id in claim.evidence.sentences() {
                prop_assert!(document.source(*id).is_some());
            }
            for finding in &claim.findings {
                prop_assert!(claim.evidence.sentences().contains(&finding.sentence));
            }
        }
        prop_assert!(verified.claims.first().is_none_or(|claim| !claim.continues));
    }
}
