//! Whether a name is rendered one way through an article.

use std::collections::BTreeMap;

use super::{paired, rendering, stands_alone};
use crate::article::{Role, SentenceId, Span};
use crate::pipeline::Document;

/// A name whose rendering is not the usual one of the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Odd {
    pub(crate) sentence: SentenceId,
    /// The name: bytes of the source sentence.
    pub(crate) source: Span,
    /// Its rendering: bytes of the English sentence.
    pub(crate) target: Span,
    /// The usual rendering.
    pub(crate) usual: String,
    /// The first sentence that has it.
    pub(crate) seen_in: SentenceId,
}

/// A name and what it got.
struct Rendered {
    sentence: SentenceId,
    role: Role,
    /// The keys of its run, by which it is told from another of the same name.
    run: Vec<String>,
    source: Span,
    target: Span,
    /// Whether it has few letters.
    is_short: bool,
    /// Whether it is the only name of its run and no part of a longer name in the English either.
    stands_alone: bool,
    english: String,
    /// The English without what may differ: case, marks, article.
    form: String,
}

/// Letters of a short name.
const SHORT: usize = 3;

/// The names that are rendered in another way than mostly, in order. The usual way is the most frequent one, of equals
/// the first in the text; a headline counts last, since it is translated with least around it.
///
/// Two that stand beside different names may be different people, and stay as they are. So do places, whose English may
/// be that of their people (Bolivia, Bolivian).
pub(crate) fn odd_ones(document: &Document) -> Vec<Odd> {
    let mut odd = Vec::new();
    for group in by_key(document).into_values() {
        let Some(usual) = usual(&group) else { continue };
        for other in &group {
            let differs = other.form != usual.form && !is_derived(&other.form, &usual.form);
            let same = |one: &&Rendered| one.form == usual.form && same_person(one, other, &group);
            // The letters of a short name are those of many: it is known by the names beside it.
            let known = |one: &&Rendered| !one.is_short || one.run.len() > 1 && other.run.len() > 1;
            let mut alike = group.iter().filter(same).filter(known);
            if let (true, Some(seen)) = (differs, alike.next()) {
                odd.push(Odd {
                    sentence: other.sentence,
                    source: other.source,
                    target: other.target,
                    usual: usual.english.clone(),
                    seen_in: seen.sentence,
                });
            }
        }
    }
    odd.sort_by_key(|odd| (odd.sentence, odd.target));
    odd
}

fn by_key(document: &Document) -> BTreeMap<String, Vec<Rendered>> {
    let mut groups: BTreeMap<String, Vec<Rendered>> = BTreeMap::new();
    for pair in document.pairs() {
        for run in paired(pair.source, pair.target) {
            let keys: Vec<String> = run.iter().map(|(name, _)| name.key.clone()).collect();
            for (name, span) in &run {
                let Some(target) = span.filter(|_| !name.is_place()) else { continue };
                let english = target.of(pair.target).to_owned();
                if name.is_adjective(&english) {
                    continue;
                }
                groups.entry(name.key.clone()).or_default().push(Rendered {
                    sentence: pair.id,
                    role: pair.role,
                    run: keys.clone(),
                    source: name.span,
                    is_short: name.key.strip_prefix("ال").unwrap_or(&name.key).chars().count() <= SHORT,
                    stands_alone: run.len() == 1 && stands_alone(target, pair.target),
                    target,
                    form: rendering::form(&english),
                    english,
                });
            }
        }
    }
    groups
}

fn usual(group: &[Rendered]) -> Option<&Rendered> {
    let count = |form: &str| group.iter().filter(|one| one.form == form).count();
    let first = |one: &Rendered| (one.role == Role::Headline, one.sentence);
    group.iter().max_by_key(|one| (count(&one.form), std::cmp::Reverse(first(one))))
}

/// Whether one is the other with an ending: Bolivia, Bolivian.
fn is_derived(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let stem = short.trim_end_matches(['a', 'e', 'i', 'o', 'u', 'y']);
    let ending = long.strip_prefix(stem).unwrap_or_default();
    ["n", "an", "ian", "ese", "i", "ish", "s", "ic", "er", "ers"].contains(&ending)
}

/// Whether two that share a name are one person: Raisi and Ebrahim Raisi. By a surname people are called, by a first name
/// many are: Mohammed alone may be any of them.
fn same_person(one: &Rendered, other: &Rendered, group: &[Rendered]) -> bool {
    let (short, long) = if one.run.len() < other.run.len() { (one, other) } else { (other, one) };
    if short.run.len() > 1 {
        return long.run.windows(short.run.len()).any(|window| window == short.run);
    }
    let is_last = |longer: &&Rendered| longer.run.last() == short.run.first();
    let mut longer = group.iter().filter(|other| other.run.len() > 1);
    // Where both stand alone, no longer one may speak against it.
    let called_so = if long.run.len() > 1 { is_last(&long) } else { longer.all(|longer| is_last(&longer)) };
    called_so && [short, long].into_iter().all(|one| one.run.len() > 1 || one.stands_alone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::document;

    fn odd(pairs: &[(&str, &str)]) -> Vec<(usize, String, String)> {
        let document = document(pairs);
        let found = odd_ones(&document);
        let text = |odd: &Odd| odd.target.of(document.target(odd.sentence).unwrap()).to_owned();
        found.iter().map(|odd| (odd.sentence.sentence, text(odd), odd.usual.clone())).collect()
    }

    #[test]
    fn the_usual_rendering_is_the_most_frequent_one() {
        let pairs = [
            ("وصل الرئيس الأوكراني فولوديمير زيلينسكي", "Ukrainian President Volodymyr Zelenskyy arrived"),
            ("وقال زيلينسكي إن الاتفاق جاهز", "Zilinsky said the agreement was ready"),
            ("وغادر زيلينسكي مساء", "Zelenskyy left in the evening"),
        ];
        assert_eq!(odd(&pairs), [(1, "Zilinsky".to_owned(), "Zelenskyy".to_owned())]);
        assert!(odd(&pairs[..1]).is_empty());
    }

    #[test]
    fn first_names_are_those_of_many() {
        for pairs in [
            [
                ("سجل محمد صلاح هدفين", "Mohamed Salah scored twice"),
                ("وصل محمد بن سلمان", "Mohammed bin Salman arrived"),
            ],
            [
                ("سيرة النبي محمد", "The life of the Prophet Muhammad"),
                ("وصل محمد بن سلمان", "Mohammed bin Salman arrived"),
            ],
            [
                ("وصل السيد أحمد الشرع", "Mr. Ahmed al-Sharaa arrived"),
                ("شكر أحمد الطيب الوفد", "Ahmad al-Tayeb thanked it"),
            ],
            [("قال محمد ذلك", "Mohamed said so"), ("وصل محمد بن سلمان", "Mohammed bin Salman arrived")],
        ] {
            assert!(odd(&pairs).is_empty(), "{pairs:?}");
        }
        let pairs = [
            ("وصل الرئيس فلاديمير بوتين", "President Vladimir Putin arrived"),
            ("قال بوتين ذلك", "President Poutine said so"),
        ];
        assert_eq!(odd(&pairs).len(), 1, "a surname is that of one");
    }

    #[test]
    fn others_of_the_same_name_and_adjectives_stay() {
        assert!(
            odd(&[("التقى ستيفن ميلر", "He met Stephen Miller"), ("التقى ستيفن هوكينغ", "He met Steven Hawking")])
                .is_empty()
        );
        assert!(odd(&[("وصل السيد علي", "Mr. Ali arrived"), ("غادر السيد علي", "Mr. Eli left")]).is_empty());
        assert_eq!(
            odd(&[("قال السيد عمر حسن", "Mr. Omar Hassan said"), ("غادر السيد عمر حسن", "Mr. Umar Hassan left")]).len(),
            1
        );
        assert!(odd(&[("في باكستان", "In Pakistan"), ("إلى باكستان", "On Pakistani soil")]).is_empty());
    }
}
