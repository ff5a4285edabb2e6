//! The form of a line: sentence, item, row, quotation, keywords, address; and which two lines are the same.

use crate::segment::fold;

/// Whether the line ends as a sentence does. Two dots and an ellipsis end headlines too.
pub(in crate::read) fn is_sentence(line: &str) -> bool {
    let line =
        line.trim_end_matches(|c: char| c.is_whitespace() || is_closing(c) || c == '\u{200F}' || c == '\u{200E}');
    line.ends_with(['.', '۔']) && !line.ends_with("..")
}

fn is_opening(c: char) -> bool {
    matches!(c, '"' | '«' | '“' | '„' | '‘' | '\'' | '”')
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '»' | '”' | '“' | '’' | '\'' | ')' | ']')
}

/// Whether the whole line is one quotation, with no word outside of its marks.
pub(super) fn is_quotation(line: &str) -> bool {
    let line = line.trim().trim_end_matches(['.', '،', '!', '؟']);
    let mut chars = line.chars();
    let (Some(first), Some(last)) = (chars.next(), chars.next_back()) else { return false };
    let inside = chars.as_str();
    is_opening(first)
        && is_closing(last)
        && last != ')'
        && last != ']'
        && inside.chars().count() >= 20
        && !inside.contains([first, last])
}

/// Whether it begins with a bullet, or a number as lists have it.
pub(super) fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with(['•', '·', '●', '◦', '○', '▪', '▫', '■', '□', '‣', '⁃', '►', '▶', '◄', '◀', '❖', '✓', '✔'])
    {
        return true;
    }
    if let Some(rest) = line.strip_prefix(['-', '–', '—', '*', '+']) {
        return rest.starts_with(char::is_whitespace);
    }
    let digits = line.trim_start_matches(|c: char| c.is_numeric());
    let width = line.len() - digits.len();
    let mark = digits.strip_prefix(['.', ')', '-', '–', '/']);
    (1..=4).contains(&width) && mark.is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// Whether it is a row of a table: cells between tabs or upright bars.
pub(super) fn is_row(line: &str) -> bool {
    let line = line.trim();
    line.matches('\t').count() >= 2 || line.matches('|').count() >= 2
}

/// Whether it is nothing but hashtags.
pub(super) fn is_tags(line: &str) -> bool {
    let mut words =
        line.split(|c: char| c.is_whitespace() || "،,|".contains(c)).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| word.trim_start_matches(['\u{200F}', '\u{200E}']).starts_with('#'))
}

/// Whether it is nothing but addresses: mail, handle, page; or one glued to a line of text, as scraped pages have it.
pub(super) fn is_contact(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    let is_address = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '/');
        let at = word.find('@');
        at.is_some_and(|at| word[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
            || word.starts_with("http://")
            || word.starts_with("https://")
            || word.starts_with("www.")
    };
    line.split_whitespace().all(is_address)
        || (word.contains('@') && word.starts_with(|c: char| c.is_ascii_alphabetic()) && is_address(word))
}

/// Whether two folded lines are one but for a slip: equal, or a few letters apart where they are long enough. Those whose
/// figures differ say two things, as the lines of a price list do.
pub(in crate::read) fn near_duplicates(one: &str, other: &str) -> bool {
    if one.is_empty() || other.is_empty() {
        return false;
    }
    if one == other {
        return true;
    }
    let (one, other): (Vec<char>, Vec<char>) = (letters(one), letters(other));
    let figures = |letters: &[char]| letters.iter().filter(|c| c.is_numeric()).copied().collect::<Vec<_>>();
    if figures(&one) != figures(&other) {
        return false;
    }
    let longest = one.len().max(other.len());
    let allowed = (longest / 20).min(4);
    one.len().abs_diff(other.len()) <= allowed && distance(&one, &other) <= allowed
}

fn letters(key: &str) -> Vec<char> {
    key.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Levenshtein distance, in time of the product of the lengths; lines are cut long before that hurts.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

/// The words of a line, folded.
pub(super) fn words(line: &str) -> Vec<String> {
    fold(line).split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_with_one_full_stop() {
        for (line, is) in [
            ("قال الوزير ذلك.", true),
            ("قال: «سنواصل العمل».", true),
            ("قال: «سنواصل العمل.»", true),
            ("عنوان ينتهي بنقطتين..", false),
            ("هل تنجح القمة؟", false),
            ("عنوان", false),
        ] {
            assert_eq!(is_sentence(line), is, "{line}");
        }
    }

    #[test]
    fn a_quotation_has_nothing_around_it() {
        for (line, is) in [
            ("«لم يخسر أحد في هذه المفاوضات، بل كسبت القارة كلها».", true),
            ("\"لم يخسر أحد في هذه المفاوضات. كسبت القارة كلها\"", true),
            ("\"أول اقتباس في السطر\" قال الوزير \"ثم اقتباس ثان\"", false),
            ("«نعم»", false),
            ("قال: «لم يخسر أحد في هذه المفاوضات»", false),
        ] {
            assert_eq!(is_quotation(line), is, "{line}");
        }
    }

    #[test]
    fn items_rows_tags_and_addresses() {
        for line in ["• بند", "- بند", "* بند", "1. بند", "٢- بند", "3) بند"] {
            assert!(is_item(line), "{line}");
        }
        for line in ["-5 درجات", "2023 عام صعب", "1.5 مليون", "18 كانون الأول", "12/5/2023"] {
            assert!(!is_item(line), "{line}");
        }
        assert!(is_row("الدولة | 2022 | 2023") && !is_row("نعم | لا"));
        assert!(is_tags("#غزة #مصر، #معبر_رفح") && !is_tags("قال #غزة") && !is_tags(" "));
        for line in
            ["a.writer@example.com", "Twitter:@writer", "@writer", "https://example.com/a", "a@b.comللتواصل مع الكاتب"]
        {
            assert!(is_contact(line), "{line}");
        }
        assert!(!is_contact("كتب @writer على المنصة أن الاتفاق قريب"));
    }

    #[test]
    fn near_duplicates_are_a_few_letters_apart() {
        let key = |text: &str| fold(text);
        let caption = "الرئيسان الإيراني إبراهيم رئيسي والمصري عبد الفتاح السيسي (أرشيف)";
        assert!(near_duplicates(&key(&format!("• {}", caption.replace("إبراهيم", "ابراهيم"))), &key(caption)));
        assert!(near_duplicates(&key(caption), &key(&caption.replace("الفتاح", "الفناح"))));
        let price = |carat: u32, pounds: u32| {
            key(&format!("وسجل سعر غرام الذهب من عيار {carat} في السوق المحلية صباح اليوم نحو {pounds} جنيهاً."))
        };
        assert!(!near_duplicates(&price(24, 3850), &price(21, 3370)));
        assert!(!near_duplicates(&key(caption), &key("الرئيسان في القصر (أرشيف)")));
        assert!(!near_duplicates("قمه غزه", "قمه جده"));
        assert!(!near_duplicates("", ""));
    }

    #[test]
    fn distance_is_levenshtein() {
        let d = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!([d("kitten", "sitting"), d("", "abc"), d("flaw", "lawn"), d("a", "a")], [3, 3, 2, 0]);
    }
}
