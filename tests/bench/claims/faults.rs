//! What a summarizer may get wrong, done to a true sentence. Nothing here knows how claims are verified.

/// Two or more words with capitals that do not begin the sentence.
pub(crate) fn names(sentence: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let words: Vec<&str> = sentence.split(' ').collect();
    let capital = |word: &str| {
        let rest = word.strip_prefix("al-").unwrap_or(word);
        rest.starts_with(char::is_uppercase) && word.ends_with(char::is_alphanumeric)
    };
    let mut index = 1;
    while index + 1 < words.len() {
        let mut end = index;
        while end < words.len() && words[end].chars().all(|c| c.is_alphabetic() || c == '-') && capital(words[end]) {
            end += 1;
        }
        if end >= index + 2 {
            let start = words[index].as_ptr() as usize - sentence.as_ptr() as usize;
            let stop = words[end - 1].as_ptr() as usize - sentence.as_ptr() as usize + words[end - 1].len();
            names.push(&sentence[start..stop]);
        }
        index = end.max(index + 1);
    }
    names
}

/// One digit changed, the first one of a number, so that the number is another one by much.
pub(crate) fn digit(sentence: &str, seed: usize) -> Option<String> {
    let places: Vec<usize> = sentence.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = *places.get(seed % places.len().max(1))?;
    let old = sentence.as_bytes()[at] - b'0';
    let new = (old + 1 + (seed % 8) as u8) % 10;
    let mut text = sentence.to_owned();
    text.replace_range(at..=at, &new.to_string());
    Some(text)
}

pub(crate) const MONTHS: [(&str, &str); 11] = [
    ("January", "August"),
    ("February", "July"),
    ("March", "November"),
    ("April", "September"),
    ("June", "October"),
    ("July", "January"),
    ("August", "April"),
    ("September", "February"),
    ("October", "June"),
    ("November", "March"),
    ("December", "July"),
];

pub(crate) fn swap(sentence: &str, pairs: &[(&str, &str)]) -> Option<String> {
    let (old, new) = pairs.iter().find(|(old, _)| sentence.contains(old))?;
    Some(sentence.replacen(old, new, 1))
}

/// Small numbers in words.
pub(crate) const COUNTS: [(&str, &str); 5] =
    [("three ", "five "), ("Three ", "Five "), ("two ", "four "), ("Two ", "Four "), ("five ", "three ")];

/// The first two of different pieces of a sentence, each in the place of the other.
pub(crate) fn exchange(sentence: &str, pieces: &[&str]) -> Option<String> {
    let (&one, &other) = pieces.iter().zip(pieces.iter().skip(1)).find(|(one, other)| one != other)?;
    let place = |piece: &str| piece.as_ptr() as usize - sentence.as_ptr() as usize;
    let (start, end) = (place(one), place(other));
    Some(format!(
        "{}{other}{}{one}{}",
        &sentence[..start],
        &sentence[start + one.len()..end],
        &sentence[end + other.len()..]
    ))
}

/// A denial taken away, or else one put behind the first auxiliary.
pub(crate) fn negate(sentence: &str) -> Option<String> {
    if let Some(at) = sentence.find(" not ") {
        return Some(format!("{}{}", &sentence[..at], &sentence[at + 4..]));
    }
    let auxiliary = [" was ", " were ", " is ", " are ", " will ", " would ", " had ", " has ", " have "];
    let (at, word) = auxiliary.iter().filter_map(|word| Some((sentence.find(word)?, *word))).min()?;
    let end = at + word.len();
    Some(format!("{}not {}", &sentence[..end], &sentence[end..]))
}

/// The first half of one sentence and the second half of another.
pub(crate) fn merge(one: &str, other: &str) -> Option<String> {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    (one.len() >= 8 && other.len() >= 8)
        .then(|| format!("{} {}", one[..one.len() / 2].join(" "), other[other.len() / 2..].join(" ")))
}

/// A sentence without what follows its last comma, if enough is left.
pub(crate) fn shorter(sentence: &str) -> Option<String> {
    let at = sentence.rfind(", ").filter(|&at| sentence[..at].split(' ').count() >= 8)?;
    Some(format!("{}.", &sentence[..at]))
}

/// Numbers and other things written in another way that means the same.
pub(crate) fn reworded(sentence: &str) -> Option<String> {
    const SAME: [(&str, &str); 7] = [
        ("%", " percent"),
        (" million", "m"),
        (" billion", "bn"),
        ("did not ", "didn't "),
        ("11 ", "eleven "),
        (" km", " kilometres"),
        ("three ", "3 "),
    ];
    let new = SAME.iter().fold(sentence.to_owned(), |text, (old, new)| text.replace(old, new));
    (new != sentence).then_some(new)
}

/// Numbers in digits.
pub(crate) fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    numbers.map(|number| number.trim_matches(['.', ','])).filter(|number| !number.is_empty())
}
