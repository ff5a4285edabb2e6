//! Names of the source that the English does not have, and what is in Latin letters there and was not kept.

use super::{Check, Finding, Severity};
use crate::article::Span;
use crate::names::{self, Added, Renderings};
use crate::pipeline::{Document, Pair};
use crate::segment::addresses;

pub(super) const CHECK: Check = Check {
    name: "names",
    description: "a name that is missing or rendered in two ways, or Latin letters and addresses that were not kept",
    run,
};

fn run(document: &Document) -> Vec<Finding> {
    let odd = names::odd_ones(document).into_iter().map(|odd| Finding {
        check: CHECK.name,
        severity: Severity::Warning,
        sentence: odd.sentence,
        message: format!("This name is rendered as “{}” elsewhere ({}).", odd.usual, odd.seen_in),
        source: Some(odd.source),
        target: Some(odd.target),
    });
    let renderings = Renderings::new(document);
    let pairs = document.pairs().filter(|pair| !pair.target.is_empty());
    let of_pair = |pair: Pair| [exchanged(pair, &renderings.added(pair)), not_kept(pair)].concat();
    odd.chain(pairs.flat_map(of_pair)).collect()
}

/// The Arabic names that no capitalised word of the English can stand for, and the names that the English has instead.
/// One without the other may be right: a country is "here", and "he" is said by name.
fn exchanged(pair: Pair, added: &[Added]) -> Vec<Finding> {
    let places = names::exchanged(pair.source, pair.target);
    let mut missing = names::missing(pair.source, pair.target);
    missing.retain(|missing| !places.iter().any(|place| place.source == missing.span));
    let added: Vec<&Added> =
        added.iter().filter(|added| !places.iter().any(|place| place.target.contains(added.target))).collect();
    let severity = if missing.is_empty() { Severity::Info } else { Severity::Warning };
    let instead = places.iter().map(|place| Finding {
        target: Some(place.target),
        ..finding(
            pair,
            place.source,
            format!(
                "“{}” was not found in the English, which has “{}” instead.",
                place.source.of(pair.source),
                place.target.of(pair.target)
            ),
        )
    });
    let from_nowhere = added.iter().map(|added| Finding {
        severity,
        source: None,
        target: Some(added.target),
        ..finding(
            pair,
            Span::default(),
            format!(
                "“{}” is the rendering of “{}” elsewhere ({}); the source does not have it here.",
                added.target.of(pair.target),
                added.arabic,
                added.seen_in
            ),
        )
    });
    let found = missing.into_iter().map(|missing| Finding {
        severity: if missing.doubtful && added.is_empty() { Severity::Info } else { Severity::Warning },
        ..finding(
            pair,
            missing.span,
            format!("The name “{}” was not found in the English.", missing.span.of(pair.source)),
        )
    });
    instead.chain(found).chain(from_nowhere).collect()
}

/// Words in Latin letters, handles, hashtags and addresses of the source that the English does not have as they are.
fn not_kept(pair: Pair) -> Vec<Finding> {
    let kept = pair.target.to_lowercase();
    let lost = latin_words(pair.source).into_iter().filter(|span| !kept.contains(&span.of(pair.source).to_lowercase()));
    let message = |word: &str| format!("“{word}” stands in the source and was not kept.");
    lost.map(|span| finding(pair, span, message(span.of(pair.source)))).collect()
}

fn finding(pair: Pair, source: Span, message: String) -> Finding {
    let severity = Severity::Warning;
    Finding { check: CHECK.name, severity, sentence: pair.id, message, source: Some(source), target: None }
}

/// What is written in Latin letters, an address as a whole; single letters vary too much.
fn latin_words(source: &str) -> Vec<Span> {
    let addresses = addresses(source);
    let pieces = source.split(|c: char| !c.is_ascii_alphanumeric() && !"@#._-+/:&'’".contains(c) && !is_latin(c));
    let words = pieces.filter_map(|piece| {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '#');
        let start = word.as_ptr() as usize - source.as_ptr() as usize;
        let letters = word.chars().filter(|&c| c.is_ascii_alphabetic() || is_latin(c)).count();
        (letters >= 2).then(|| Span::new(start, start + word.len()))
    });
    let overlaps = |word: &Span| addresses.iter().any(|other| word.start < other.end && other.start < word.end);
    let mut all: Vec<Span> = words.filter(|word| !overlaps(word)).chain(addresses.iter().copied()).collect();
    all.sort_unstable();
    all
}

/// A Latin letter with a mark.
fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    fn found(source: &str, english: &str) -> Vec<String> {
        let document = document(&[(source, english)]);
        run(&document).iter().map(|finding| finding.source.unwrap().of(source).to_owned()).collect()
    }

    #[test]
    fn a_name_may_be_spelled_in_many_ways_but_not_be_another() {
        let source = "قال الرئيس الروسي فلاديمير بوتين إنه سيزور القاهرة";
        for english in [
            "Russian President Vladimir Putin said he would visit Cairo.",
            "Wladimir Poutine, the Russian president, said he would visit Cairo.",
        ] {
            assert!(found(source, english).is_empty(), "{english}");
        }
        let other = "Russian President Vladimir Medvedev said he would visit Cairo.";
        assert_eq!(found(source, other), ["بوتين"]);
        assert_eq!(found("رئيسي والسيسي يلتقيان", "Raisi and Chief meet"), ["والسيسي"]);
    }

    #[test]
    fn countries_are_found_in_their_adjectives() {
        assert!(found("وصل إلى مصر", "He arrived on Egyptian soil").is_empty());
        assert_eq!(found("وصل إلى مصر", "He arrived in Jordan"), ["مصر"]);
    }

    #[test]
    fn a_name_in_the_place_of_another_is_a_warning_even_of_a_country() {
        let pairs = [
            ("وصل الوزير إلى الأردن", "The minister arrived in Jordan"),
            ("ثم غادر مصر مساء", "He then left Jordan in the evening"),
            ("ثم غادر مساء", "He then left Jordan in the evening"),
        ];
        let found: Vec<_> = run(&document(&pairs)).iter().map(|f| (f.sentence.sentence, f.severity)).collect();
        assert_eq!(found, [(1, Severity::Warning), (2, Severity::Info)]);
    }

    #[test]
    fn exchanged_peoples_are_a_warning_on_both_sides() {
        let (source, english) = ("أعلن الجيش الروسي ذلك", "The Ukrainian army announced it");
        let found = run(&document(&[(source, english)]));
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(finding.source.map(|span| span.of(source)), Some("الروسي"));
        assert_eq!(finding.target.map(|span| span.of(english)), Some("Ukrainian"));
        assert!(run(&document(&[(source, "The army announced it")])).is_empty());
    }

    #[test]
    fn latin_letters_handles_and_addresses_are_kept() {
        let source = "نشر على حسابه @minister_jo رابط www.example.org عن F-16 وشركة Télécom";
        assert!(
            found(source, "On @minister_jo he posted a link, www.example.org, on the F-16 and Télécom.").is_empty()
        );
        assert_eq!(
            found(source, "He posted a link on the F-16 and Telecom."),
            ["@minister_jo", "www.example.org", "Télécom"]
        );
        let source = "للمزيد: https://example.org/ar/water?id=77";
        assert!(found(source, "More: https://example.org/ar/water?id=77").is_empty());
        assert_eq!(found(source, "More: https: example. org water id 77"), ["https://example.org/ar/water?id=77"]);
    }
}
