//! Bylines, datelines and credits: short lines of names, agencies, places and dates.

use super::super::tables::{Tables, key};
use super::shape::words;
use crate::article::Role;

/// Words that stand in sentences and never in a name or a place, folded. "On" is asked for as it is written,
/// since folded it is the name Ali.
const OF_SENTENCES: &[&str] = &[
    "في",
    "من",
    "الي",
    "عن",
    "ان",
    "التي",
    "الذي",
    "بعد",
    "قبل",
    "مع",
    "هذا",
    "هذه",
    "بين",
    "لا",
    "لم",
    "لن",
    "قد",
    "كما",
    "حول",
    "ضد",
    "خلال",
    "بسبب",
    "او",
    "هل",
    "كيف",
    "لماذا",
    "ما",
];

/// A part of a line between dashes, colons and brackets.
struct Part {
    key: String,
    words: usize,
}

/// The parts of a line, if each is short enough to be a name.
fn parts(line: &str) -> Option<Vec<Part>> {
    if line.split_whitespace().any(|word| word == "على") {
        return None;
    }
    let mut found = Vec::new();
    for part in line.split(|c: char| "-–—ـ:/|()[]«»\"،,".contains(c)) {
        // A tatweel that stretches a word would cut it in two; as a dash it stands between spaces.
        let words = words(&part.replace("&nbsp;", " "));
        if words.is_empty() {
            continue;
        }
        let is_name = |word: &String| {
            word.chars().all(|c| c.is_alphabetic() || c == '.' || c == '\'' || c.is_ascii_digit())
                && !OF_SENTENCES.contains(&word.as_str())
        };
        if words.len() > 5 || !words.iter().all(is_name) {
            return None;
        }
        found.push(Part { key: words.join(" "), words: words.len() });
    }
    (!found.is_empty() && found.len() <= 4).then_some(found)
}

/// The role of a line that stands between the headline and the body, if it names who wrote it or where. `set_off`:
/// whether running text follows, or blank lines stand around it.
pub(super) fn role(line: &str, set_off: bool, tables: &Tables) -> Option<Role> {
    if line.chars().count() > 80 || line.ends_with(['.', '؟', '!', '…']) && !line.ends_with("أ.") {
        return None;
    }
    let parts = parts(&separated(line))?;
    let is_agency = |part: &Part| tables.is_agency(&part.key);
    let is_place = |part: &Part| tables.is_place(&part.key);
    // A single word that is no agency is a place that the table lacks; people have two names.
    let is_person = |part: &&Part| !is_agency(part) && !is_place(part) && part.words >= 2;
    let ends_in_colon = line.trim_end().ends_with(':');
    let known = parts.iter().any(|part| is_agency(part) || is_place(part));
    let is_line = if parts.len() > 1 {
        known || (set_off && parts.iter().any(|part| part.words >= 2))
    } else {
        is_agency(&parts[0]) || (is_place(&parts[0]) && ends_in_colon) || (set_off && is_name(line))
    };
    if !is_line {
        return None;
    }
    let person = parts.iter().find(is_person).is_some();
    Some(if ends_in_colon && !person { Role::Dateline } else { Role::Byline })
}

/// With a dash where a tatweel between spaces stands for one, and without tatweel in words.
fn separated(line: &str) -> String {
    line.replace(" ـ ", " - ").replace('ـ', "")
}

/// Whether the line is a person's name and nothing else: two to four words of Arabic letters.
pub(super) fn is_name(line: &str) -> bool {
    let words = words(&line.replace("&nbsp;", " "));
    let letters = |word: &String| word.chars().all(|c| matches!(c, 'ء'..='ي' | '.'));
    (2..=4).contains(&words.len())
        && words.iter().all(|word| letters(word) && !OF_SENTENCES.contains(&word.as_str()))
        && !words[0].starts_with("ال")
}

/// Whether the line is nothing but names of agencies, in brackets or not.
pub(super) fn is_agency(line: &str, tables: &Tables) -> bool {
    line.chars().count() <= 60
        && line.contains(['(', '-', '/', '+', '،'])
        && line
            .split(['(', ')', '-', '–', '/', '+', '،', ':'])
            .map(key)
            .filter(|part| !part.is_empty())
            .all(|part| tables.is_agency(&part) && !tables.is_place(&part))
}

/// Whether the line ends with the name of an agency in brackets, and more stands before it.
pub(super) fn ends_in_credit(line: &str, tables: &Tables) -> bool {
    let Some(inside) = line.trim_end().strip_suffix([')', ']']) else { return false };
    let Some(open) = inside.rfind(['(', '[']) else { return false };
    let mut credits = inside[open + 1..].split(['-', '–', '/', '،', '|']).map(key);
    key(&inside[..open]).split(' ').count() >= 2
        && credits.any(|credit| tables.is_agency(&credit) && !tables.is_place(&credit))
}

/// Whether the line is nothing but a date or a time, perhaps with a place and an agency.
pub(super) fn is_date(line: &str, tables: &Tables) -> bool {
    if line.chars().count() > 90 {
        return false;
    }
    let mut numbers = 0;
    let mut named = 0;
    for word in line.split(|c: char| c.is_whitespace() || "-–—ـ/|:،,()@.".contains(c)) {
        let word = key(word);
        let digits = word.trim_end_matches(['م', 'ه']);
        if word.is_empty() {
            continue;
        } else if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
            numbers += 1;
        } else if tables.is_date(&word) {
            named += 1;
        } else if !tables.is_place(&word) && !tables.is_agency(&word) {
            return false;
        }
    }
    numbers >= 3 || (numbers >= 1 && named >= 1 && numbers + named >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_and_datelines() {
        let tables = Tables::bundled();
        for (line, expected) in [
            ("الرياض - واس", Some(Role::Byline)),
            ("سامي الحداد - بيروت", Some(Role::Byline)),
            ("سلوى الحاج ـ عين اليوم", Some(Role::Byline)),
            ("الرياض: سامي الحداد", Some(Role::Byline)),
            ("واشنطن: علي سامي", Some(Role::Byline)),
            ("سامي الحداد (جدة)", Some(Role::Byline)),
            ("&nbsp;سامي الحداد (جدة)", Some(Role::Byline)),
            ("سامي الحداد", Some(Role::Byline)),
            ("د. سامي الحداد", Some(Role::Byline)),
            ("لندن: «الشرق الأوسط أونلاين»", Some(Role::Byline)),
            ("القدس - وكالات", Some(Role::Byline)),
            ("الأحساء ـ الوئام ـ سامي الحداد :", Some(Role::Byline)),
            ("cnn", Some(Role::Byline)),
            ("القاهرة - أ ف ب:", Some(Role::Dateline)),
            ("سبق- الرياض:", Some(Role::Dateline)),
            ("بلدة - الوئام :", Some(Role::Dateline)),
            ("القاهرة:", Some(Role::Dateline)),
            ("الوزير يصل إلى القاهرة في زيارة", None),
            ("القاهرة - قال الوزير إن الاتفاق قريب", None),
            ("الاتفاق التاريخي", None),
            ("قمة الرياض: هل تنجح؟", None),
            ("«بي بي سي» ترد على الحكومة", None),
        ] {
            assert_eq!(role(line, true, tables), expected, "{line}");
        }
    }

    #[test]
    fn dates_stand_alone() {
        let tables = Tables::bundled();
        for line in [
            "بروكسل 25 شوال 1436ه الموافق 10 أغسطس 2015م واس",
            "الأحد 18 كانون الأول/ديسمبر 2023",
            "12:05 ت م",
            "٢٠٢٣/١٢/١٨",
            "2023-12-18 14:30",
        ] {
            assert!(is_date(line, tables), "{line}");
        }
        for line in ["2023", "قمة 2023", "في 18 كانون الأول أعلنت الوزارة", "1-0"] {
            assert!(!is_date(line, tables), "{line}");
        }
    }

    #[test]
    fn credits() {
        let tables = Tables::bundled();
        assert!(ends_in_credit("الوزير خلال المؤتمر الصحافي (أ ف ب)", tables));
        assert!(ends_in_credit("الوزير خلال المؤتمر (سامي الحداد - رويترز)", tables));
        assert!(!ends_in_credit("الوزير خلال المؤتمر (يمين)", tables));
        assert!(!ends_in_credit("(أ ف ب)", tables));
        assert!(!ends_in_credit("سامي الحداد (الرياض)", tables), "a paper, but a city too");
        assert!(
            is_agency("(أ ف ب، رويترز)", tables) && !is_agency("قال (أ ف ب)", tables) && !is_agency("اليوم", tables)
        );
    }
}
