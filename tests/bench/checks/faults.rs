//! Faults put into English sentences. Nothing here knows how the checks read a text.

/// A way to spoil a sentence.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// The English sentences of an article, which of them to spoil, and a source of chance; `None` if it has nothing to
    /// spoil.
    pub(crate) spoil: fn(&[String], usize, &mut Chance) -> Option<String>,
}

pub(crate) const FAULTS: &[Fault] = &[
    Fault { name: "digit changed", spoil: |all, at, chance| digit(&all[at], chance, true) },
    Fault { name: "digit dropped", spoil: |all, at, chance| digit(&all[at], chance, false) },
    Fault { name: "million for thousand", spoil: |all, at, _| scale(&all[at]) },
    Fault { name: "month changed", spoil: |all, at, chance| month(&all[at], chance) },
    Fault { name: "name swapped", spoil: name },
    Fault { name: "numbers exchanged", spoil: |all, at, chance| exchange(&all[at], &numbers(&all[at]), chance) },
    Fault { name: "names exchanged", spoil: |all, at, chance| exchange(&all[at], &names(&all[at]), chance) },
    Fault { name: "negation removed", spoil: |all, at, _| negation(&all[at]) },
    Fault { name: "sentence dropped", spoil: |_, _, _| Some(String::new()) },
    Fault { name: "half a sentence dropped", spoil: |all, at, _| half(&all[at]) },
    Fault { name: "sentence doubled", spoil: |all, at, _| all.get(at.checked_sub(1)?).cloned() },
    Fault { name: "sentence said twice", spoil: |all, at, _| Some(format!("{} {}", all[at], all[at])) },
];

/// Numbers by chance, the same in every run (xorshift64*, Vigna 2016).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())) }
    }
}

fn digit(text: &str, chance: &mut Chance, change: bool) -> Option<String> {
    let places: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = *chance.pick(&places)?;
    let old = usize::from(text.as_bytes()[at] - b'0');
    let new = if change { ((old + 1 + chance.below(9)) % 10).to_string() } else { String::new() };
    Some(format!("{}{new}{}", &text[..at], &text[at + 1..]))
}

fn scale(text: &str) -> Option<String> {
    for (one, other) in [
        ("million", "thousand"),
        ("thousand", "million"),
        ("billion", "million"),
        ("trillion", "billion"),
        ("0bn", "0m"),
        ("000,000", "000"),
        (",000", " million"),
    ] {
        if text.contains(one) {
            return Some(text.replacen(one, other, 1));
        }
    }
    None
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(text: &str, chance: &mut Chance) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let (at, month) = words.iter().enumerate().find_map(|(at, word)| {
        let bare = word.trim_matches(|c: char| !c.is_alphabetic());
        let month = MONTHS.iter().position(|month| *month == bare)?;
        // May and March may be verbs at the beginning of a sentence.
        (at > 0).then_some((at, month))
    })?;
    let other = MONTHS[(month + 1 + chance.below(11)) % 12];
    let spoilt = words[at].replace(MONTHS[month], other);
    Some([&words[..at], &[spoilt.as_str()], &words[at + 1..]].concat().join(" "))
}

/// Words inside of a sentence that begin with a capital and are long enough for names.
fn names(text: &str) -> Vec<String> {
    let words = text.split(' ').skip(1).filter(|word| !word.contains('-'));
    let bare = words.map(|word| word.trim_matches(|c: char| !c.is_alphabetic()).trim_end_matches("'s").to_owned());
    bare.filter(|word| {
        let lower = word.chars().skip(1).all(char::is_lowercase);
        let others = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let name = !MONTHS.contains(&word.as_str()) && !others.contains(&word.as_str());
        word.chars().count() >= 4 && word.starts_with(char::is_uppercase) && lower && name
    })
    .collect()
}

fn name(all: &[String], at: usize, chance: &mut Chance) -> Option<String> {
    let text = &all[at];
    let mine = names(text);
    let one = chance.pick(&mine)?.clone();
    let others: Vec<String> =
        all.iter().flat_map(|other| names(other)).filter(|name| !text.contains(name.as_str())).collect();
    Some(text.replace(one.as_str(), chance.pick(&others)?))
}

/// Words that are a number in figures and no year.
fn numbers(text: &str) -> Vec<String> {
    let bare = text.split(' ').map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()).to_owned());
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    bare.filter(|word| {
        !word.is_empty() && !is_year(word) && word.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
    })
    .collect()
}

/// Two of the words, between which a word in small letters stands, in each other's place.
fn exchange(text: &str, words: &[String], chance: &mut Chance) -> Option<String> {
    let once: Vec<&String> = words.iter().filter(|word| text.matches(word.as_str()).count() == 1).collect();
    let one = *chance.pick(&once)?;
    let other = *chance.pick(&once.iter().copied().filter(|word| *word != one).collect::<Vec<_>>())?;
    let (at, to) = (text.find(one.as_str())?, text.find(other.as_str())?);
    let ((at, one), (to, other)) = if at < to { ((at, one), (to, other)) } else { ((to, other), (at, one)) };
    let between = &text[at + one.len()..to];
    let apart = between.split(' ').any(|word| word.starts_with(char::is_lowercase));
    apart.then(|| format!("{}{other}{between}{one}{}", &text[..at], &text[to + other.len()..]))
}

fn negation(text: &str) -> Option<String> {
    for (one, other) in [
        (" not ", " "),
        ("cannot", "can"),
        ("n't ", " "),
        ("n’t ", " "),
        (" never ", " "),
        (" no ", " a "),
        (" without ", " with "),
        ("None of", "All of"),
    ] {
        if text.contains(one) {
            return Some(text.replacen(one, other, 1));
        }
    }
    None
}

fn half(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    (words.len() >= 8).then(|| words[..words.len() / 2].join(" "))
}
