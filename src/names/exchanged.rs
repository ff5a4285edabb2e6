//! Countries and cities that the English has in the place of those of the source.

use super::added::{any_names, is_explained, readings};
use super::rendering::latin;
use super::{EnglishWord, Name, english_words, known};
use crate::article::Span;
use crate::segment::chars::is_diacritic;
use crate::segment::{arabic_words, fold};

/// A place, or its people, that the English lacks, and what it has instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exchanged {
    /// Bytes of the source sentence.
    pub(crate) source: Span,
    /// Bytes of the English one.
    pub(crate) target: Span,
}

/// What places are called beside their names, folded, two words without the space between.
const ALSO: [(&str, &str); 6] = [
    ("الولاياتالمتحده", "امريكا"),
    ("المملكهالمتحده", "بريطانيا"),
    ("الاحتلال", "اسراييل"),
    ("الصهيوني", "اسراييل"),
    ("الصهيونيه", "اسراييل"),
    ("العبريه", "اسراييل"),
];
/// Capitals that stand for their countries in the news, and what the English then begins with.
const CAPITALS: [(&str, &[&str]); 24] = [
    ("واشنطن", &["us", "usa", "american", "unitedstates", "washington"]),
    ("موسكو", &["russia", "moscow"]),
    ("طهران", &["iran", "tehran"]),
    ("باريس", &["france", "french", "paris"]),
    ("لندن", &["brit", "uk", "london"]),
    ("برلين", &["german", "berlin"]),
    ("بكين", &["china", "chinese", "beijing"]),
    ("طوكيو", &["japan", "tokyo"]),
    ("سيول", &["korea", "southkorea", "seoul"]),
    ("كييف", &["ukrain", "kiev", "kyiv"]),
    ("روما", &["ital", "rome"]),
    ("مدريد", &["spain", "spanish", "madrid"]),
    ("انقره", &["turk", "ankara"]),
    ("القاهره", &["egypt", "cairo"]),
    ("الرياض", &["saudi", "riyadh"]),
    ("الدوحه", &["qatar", "doha"]),
    ("ابوظبي", &["emirat", "uae", "abudhabi"]),
    ("بغداد", &["iraq", "baghdad"]),
    ("دمشق", &["syria", "damasc"]),
    ("بيروت", &["leban", "beirut"]),
    ("الرباط", &["morocc", "rabat"]),
    ("الخرطوم", &["sudan", "khartoum"]),
    ("صنعاء", &["yemen", "sanaa"]),
    ("طرابلس", &["libya", "tripoli"]),
];
/// What says of several countries what they are.
const ARAB: &str = "arab";

/// The places of the source that no word of the English can be, each with one of the English that no word of the source
/// can be. One without the other may be right: a country is "here", and the English says whose capital it speaks of.
pub(crate) fn exchanged(source: &str, english: &str) -> Vec<Exchanged> {
    let words = english_words(english);
    if !words.iter().any(EnglishWord::is_place) {
        return Vec::new();
    }
    let mut names = any_names(source);
    let also = names.iter().filter_map(|name| ALSO.iter().find(|(key, _)| *key == name.key));
    let also: Vec<Name> = also.flat_map(|(_, place)| readings(place, Span::default())).collect();
    names.extend(also);
    let mut added: Vec<Span> = Vec::new();
    for word in words.iter().filter(|word| word.is_place() && !is_explained(word, &words, &names)) {
        // A pair of words comes behind both.
        if added.iter().all(|other| other.end <= word.span.start || word.span.end <= other.start) {
            added.push(word.span);
        }
    }
    added.sort_unstable();
    let lost = arabic_words(source).into_iter().filter(|word| is_lost(*word, source, &words));
    let pairs = lost.zip(added).map(|(source, target)| Exchanged { source, target });
    pairs.filter(|pair| !is_capital(pair.source.of(source), pair.target.of(english))).collect()
}

/// Whether one of the two is a country and the other its capital: Tehran announced, and so did Iran.
fn is_capital(arabic: &str, english: &str) -> bool {
    let (key, latin) = (fold(arabic), latin(english));
    let keys: Vec<Name> = readings(&key, Span::default()).collect();
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| latin.starts_with(beginning));
    let of = |capital: &str, name: &Name| {
        // The same city, or a word for its country.
        name.key == fold(capital)
            || known::beginnings(&name.key).iter().any(|country| {
                CAPITALS
                    .iter()
                    .any(|(other, all)| *other == capital && all.iter().any(|beginning| country == beginning))
            })
    };
    CAPITALS.iter().any(|(capital, all)| begins(all) && keys.iter().any(|name| of(capital, name)))
}

/// Whether a word is a place, or its people, and the English has it nowhere.
fn is_lost(word: Span, source: &str, english: &[EnglishWord]) -> bool {
    let text = word.of(source);
    // اليمنى is the right hand, not of Yemen.
    if text.trim_end_matches(is_diacritic).ends_with('ى') {
        return false;
    }
    let is_place = |name: &Name| known::is_place(&name.key) && !known::beginnings(&name.key).iter().any(|b| b == ARAB);
    let places: Vec<Name> = readings(&fold(text), word).filter(is_place).collect();
    !places.is_empty() && !places.iter().any(|place| english.iter().any(|word| place.fit(word).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str, english: &str) -> Vec<(String, String)> {
        let found = exchanged(source, english);
        found.iter().map(|one| (one.source.of(source).to_owned(), one.target.of(english).to_owned())).collect()
    }

    #[test]
    fn a_country_in_the_place_of_another_is_seen() {
        for (source, english, was, is) in [
            ("زار الوزير العراق", "The minister visited Iran", "العراق", "Iran"),
            ("قصفت روسيا المدينة", "Ukraine shelled the city", "روسيا", "Ukraine"),
            ("أعلن الجيش الروسي ذلك", "The Ukrainian army announced it", "الروسي", "Ukrainian"),
            ("قالت الخارجية الإيرانية ذلك", "The Iraqi Foreign Ministry said so", "الإيرانية", "Iraqi"),
            ("قصفتها القوات الإسرائيلية", "Palestinian forces shelled it", "الإسرائيلية", "Palestinian"),
            ("زار نيجيريا", "He visited Niger", "نيجيريا", "Niger"),
            ("زار النيجر", "He visited Nigeria", "النيجر", "Nigeria"),
            ("زار غينيا", "He visited Guyana", "غينيا", "Guyana"),
            ("زار روما", "He visited Romania", "روما", "Romania"),
            ("مساعدات للعراق", "Aid to the United States", "للعراق", "United States"),
        ] {
            assert_eq!(found(source, english), [(was.to_owned(), is.to_owned())], "{source}");
        }
    }

    #[test]
    fn what_a_word_of_the_source_may_be_is_in_its_own_place() {
        for (source, english) in [
            ("زار الوزير العراق", "The minister visited the country"),
            ("قال الوزير ذلك", "The Iraqi minister said so"),
            ("انسحاب المملكة المتحدة من الاتحاد الأوروبي", "Brexit: the UK leaves"),
            ("أصيب شاب فلسطيني برصاص قوات الاحتلال", "A youth was hurt by Israeli fire"),
            ("وصل الوفد المصري إلى بورتسودان", "The delegation arrived in Port Sudan"),
            ("فقد جندي تايلاندي ساقه اليمنى", "A Thai soldier lost his right leg"),
            ("وقال الجيش العربي ذلك", "The Jordanian army said so"),
            ("تزور الفرق الرياضية كاليفورنيا", "The teams visit California"),
            ("قال محمد شياع السوداني ذلك", "Mohammed Shia al-Sudani said so"),
            ("للسعودية والولايات المتحدة", "For Saudi Arabia and the United States"),
            ("المملكة الأردنية الهاشمية", "The Hashemite Kingdom of Jordan"),
            ("بالإنجليزية لا بالعربية", "In English, not in Arabic"),
            ("أعلنت طهران ذلك", "Iran announced it"),
            ("قالت واشنطن ذلك", "The U.S. said so"),
            ("وصل إلى العاصمة الفرنسية", "He arrived in Paris"),
            ("وصل إلى العاصمة المصرية", "He arrived in Cairo"),
        ] {
            assert_eq!(found(source, english), [], "{source}");
        }
    }
}
