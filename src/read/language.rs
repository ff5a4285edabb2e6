//! The language of an article: its script, the letters that only one language has, and trigrams.

use whatlang::{Lang, Script};

use super::Options;
use crate::article::Outline;
use crate::error::{Error, Result};

/// What [`detect`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detected {
    /// BCP 47 code: `ar`, `fa`, `en`; `und` where there is nothing to go by.
    pub code: &'static str,
    /// Its English name.
    pub name: &'static str,
    /// From 0 to 1.
    pub confidence: f64,
    /// Share of the letters that are of the Arabic script.
    pub arabic_script: f64,
}

impl Detected {
    /// Whether a decision may rest on it; short texts and close calls are not reliable.
    pub fn is_reliable(&self) -> bool {
        self.confidence >= 0.8
    }
}

/// A language of the Arabic script and letters that it uses often and Arabic does not.
struct Neighbour {
    code: &'static str,
    name: &'static str,
    letters: &'static str,
}

/// From the most peculiar alphabet to the least: the first with enough of its own letters is it. What Arabic papers
/// use for foreign names (ڤ, ڭ) or get from a foreign keyboard (ی, ک, ھ) is left out.
static NEIGHBOURS: &[Neighbour] = &[
    Neighbour { code: "ug", name: "Uyghur", letters: "ۇۈۋ" },
    Neighbour { code: "ckb", name: "Central Kurdish", letters: "ێۆڵڕە" },
    Neighbour { code: "sd", name: "Sindhi", letters: "ٻڀٿٺڄڃڇڌڏڊڍڙڦڪڳڱڻ" },
    Neighbour { code: "ps", name: "Pashto", letters: "ښځڅډړږڼېۍګ" },
    Neighbour { code: "ur", name: "Urdu", letters: "ٹڈڑںےہ" },
    Neighbour { code: "fa", name: "Persian", letters: "پچژگ" },
];

/// Least share of a neighbour's own letters among the letters of the Arabic script. Arabic papers write foreign names
/// with a گ or a پ now and then, far more rarely than this.
const OWN_LETTERS: f64 = 0.012;

/// Bytes of the text that are looked at.
const SAMPLE: usize = 256 << 10;

/// Detects the language of a text. The whole text decides: a Persian letter in an Arabic article, or a headline
/// quoted in English, changes nothing.
///
/// ```
/// use mujaz::read::language::detect;
/// assert_eq!(detect("وصل الوزير إلى العاصمة في زيارة رسمية").code, "ar");
/// assert_eq!(detect("رئیس جمهور گفت که این گزارش را چند روز پیش خوانده است").code, "fa");
/// assert_eq!(detect("The minister arrived in the capital on an official visit").code, "en");
/// ```
pub fn detect(text: &str) -> Detected {
    let text = &text[..floor_char_boundary(text, SAMPLE)];
    let (mut letters, mut arabic) = (0u32, 0u32);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        arabic += u32::from(is_arabic_letter(c));
    }
    let arabic_script = if letters == 0 { 0.0 } else { f64::from(arabic) / f64::from(letters) };
    let (code, name, confidence) = if letters == 0 {
        ("und", "no language", 0.0)
    } else if arabic_script >= 0.5 {
        of_arabic_script(text, f64::from(arabic))
    } else {
        by_trigrams(text)
    };
    Detected { code, name, confidence, arabic_script }
}

fn is_arabic_letter(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}

/// Among languages of the Arabic script: by letters of their own, else Arabic. Trigrams are of no use here: they take an
/// Arabic text from a Persian keyboard for Persian.
fn of_arabic_script(text: &str, letters: f64) -> (&'static str, &'static str, f64) {
    // Above this many letters a share means something.
    let enough = (letters / 40.0).min(1.0);
    for neighbour in NEIGHBOURS {
        let own = text.chars().filter(|c| neighbour.letters.contains(*c)).count();
        let share = f64::from(u32::try_from(own).unwrap_or(u32::MAX)) / letters;
        // Two letters at least: one may be a name or a slip of the keyboard.
        if own >= 2 && share >= OWN_LETTERS {
            return (neighbour.code, neighbour.name, 0.5 + 0.5 * enough * (share / (2.0 * OWN_LETTERS)).min(1.0));
        }
    }
    ("ar", "Arabic", 0.6 + 0.4 * enough)
}

fn by_trigrams(text: &str) -> (&'static str, &'static str, f64) {
    match whatlang::detect(text) {
        // A handful of letters of a script that several languages share says nothing.
        Some(info) => {
            let sure = if info.is_reliable() { info.confidence() } else { info.confidence().min(0.5) };
            (code_of(info.lang()), info.lang().eng_name(), sure)
        }
        None => ("und", "an unknown language", 0.0),
    }
}

/// The two-letter code where there is one: what the user writes and what models list.
fn code_of(lang: Lang) -> &'static str {
    static CODES: &[(Lang, &str)] = &[
        (Lang::Ara, "ar"),
        (Lang::Pes, "fa"),
        (Lang::Urd, "ur"),
        (Lang::Eng, "en"),
        (Lang::Fra, "fr"),
        (Lang::Spa, "es"),
        (Lang::Deu, "de"),
        (Lang::Ita, "it"),
        (Lang::Por, "pt"),
        (Lang::Nld, "nl"),
        (Lang::Tur, "tr"),
        (Lang::Rus, "ru"),
        (Lang::Ukr, "uk"),
        (Lang::Heb, "he"),
        (Lang::Ell, "el"),
        (Lang::Cmn, "zh"),
        (Lang::Jpn, "ja"),
        (Lang::Kor, "ko"),
        (Lang::Hin, "hi"),
        (Lang::Ben, "bn"),
        (Lang::Ind, "id"),
        (Lang::Swe, "sv"),
        (Lang::Pol, "pl"),
    ];
    CODES.iter().find(|(known, _)| *known == lang).map_or_else(|| lang.code(), |(_, code)| code)
}

/// The language that the outline is in: what the user says, else what is detected (or declared, where too little is
/// there to detect), which must be what is expected.
pub(super) fn settle(outline: &Outline, options: &Options) -> Result<String> {
    if let Some(language) = &options.language {
        return Ok(language.clone());
    }
    let found = detect(&outline.text);
    let primary = |code: &str| code.split(['-', '_']).next().unwrap_or(code).to_ascii_lowercase();
    let declared = Some(primary(&outline.language)).filter(|code| !code.is_empty() && !found.is_reliable());
    let Some(expected) = &options.expect else { return Ok(declared.unwrap_or_else(|| found.code.to_owned())) };
    let is_expected = primary(expected) == found.code;
    // A few words of the right script are taken at the user's word.
    let is_possible = !found.is_reliable() && same_script(&primary(expected), &found, &outline.text);
    if is_expected || is_possible {
        return Ok(expected.clone());
    }
    Err(Error::Language {
        name: outline.source.clone(),
        found: found.name.to_owned(),
        expected: name_of(&primary(expected)).map_or_else(|| expected.clone(), str::to_owned),
    })
}

/// Whether a text in which `found` was detected is written as `expected` is.
fn same_script(expected: &str, found: &Detected, text: &str) -> bool {
    let expects_arabic = expected == "ar" || NEIGHBOURS.iter().any(|neighbour| neighbour.code == expected);
    if expects_arabic || found.arabic_script >= 0.5 {
        return expects_arabic == (found.arabic_script >= 0.5);
    }
    whatlang::detect_script(text) == script_of(expected)
}

fn script_of(code: &str) -> Option<Script> {
    let lang = Lang::all().iter().find(|lang| code_of(**lang) == code || lang.code() == code)?;
    whatlang::detect_script(lang.name())
}

/// The English name of a code.
fn name_of(code: &str) -> Option<&'static str> {
    let neighbour = NEIGHBOURS.iter().find(|neighbour| neighbour.code == code).map(|neighbour| neighbour.name);
    neighbour.or_else(|| Lang::all().iter().find(|lang| code_of(**lang) == code).map(|lang| lang.eng_name()))
}

/// The greatest character boundary that is at most `at`.
fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARABIC: &str = "بحث وزيرا الخارجية في اتصال هاتفي، اليوم الأحد، سبل تعزيز التعاون الثنائي، وأكدا أهمية استمرار \
        التنسيق بين البلدين في المحافل الدولية، على أن تعقد اللجنة المشتركة اجتماعها المقبل في الخريف.";
    const PERSIAN: &str = "وزیر امور خارجه روز یکشنبه در گفت‌وگوی تلفنی با همتای خود درباره راه‌های گسترش همکاری‌های دوجانبه \
        گفت‌وگو کرد و دو طرف بر اهمیت ادامه هماهنگی میان دو کشور تأکید کردند. قرار است نشست بعدی در پاییز برگزار شود.";
    const URDU: &str = "وزیر خارجہ نے اتوار کے روز اپنے ہم منصب سے ٹیلی فون پر بات کی اور دونوں ملکوں کے درمیان تعاون بڑھانے کے \
        طریقوں پر تبادلہ خیال کیا۔ انہوں نے کہا کہ آئندہ اجلاس خزاں میں ہوگا اور اس میں تجارت پر بھی بات چیت ہوگی۔";
    const KURDISH: &str = "وەزیری دەرەوە ڕۆژی یەکشەممە لە پەیوەندییەکی تەلەفۆنیدا لەگەڵ هاوتاکەی باسی ڕێگاکانی پەرەپێدانی هاوکاریی نێوان هەردوو وڵاتی کرد.";
    const PASHTO: &str = "د بهرنیو چارو وزیر د یکشنبې په ورځ له خپل سیال سره په ټیلیفون کې د دواړو هېوادونو ترمنځ د همکاریو د پراختیا په اړه خبرې وکړې او ویې ویل چې راتلونکې غونډه به په مني کې جوړه شي.";
    const ENGLISH: &str = "The two foreign ministers discussed ways of strengthening bilateral cooperation in a telephone call on \
        Sunday and stressed the importance of continued coordination between the two countries.";
    const FRENCH: &str = "Les deux ministres des Affaires étrangères ont évoqué dimanche, lors d'un entretien téléphonique, les moyens \
        de renforcer la coopération bilatérale entre les deux pays.";

    #[test]
    fn languages_are_told_apart() {
        for (text, code) in [
            (ARABIC, "ar"),
            (PERSIAN, "fa"),
            (URDU, "ur"),
            (KURDISH, "ckb"),
            (PASHTO, "ps"),
            (ENGLISH, "en"),
            (FRENCH, "fr"),
        ] {
            let found = detect(text);
            assert_eq!(found.code, code, "{found:?}");
            assert!(found.is_reliable(), "{found:?}");
        }
    }

    #[test]
    fn arabic_stays_arabic() {
        let persian_keyboard = ARABIC.replace('ي', "\u{6CC}").replace('ك', "\u{6A9}");
        let names = format!("{ARABIC} وقال گورباتشوف إن پاريس");
        for text in [
            &*ARABIC.replace("فلسطين", "فلسط\u{6CC}ن"),
            &ARABIC.replacen('ي', "\u{6CC}", 1),
            &persian_keyboard,
            &names,
            &format!("{ARABIC} {}", &ENGLISH[..80]),
            "اخترنا لك",
            "فلسط\u{6CC}ن",
            "قمة غزة",
        ] {
            assert_eq!(detect(text).code, "ar", "{text}");
        }
    }

    #[test]
    fn nothing_to_go_by_is_undetermined() {
        for text in ["", "123", "…"] {
            let found = detect(text);
            assert_eq!((found.code, found.is_reliable()), ("und", false));
        }
    }

    fn settled(text: &str, options: &Options) -> Result<String> {
        settle(&Outline { text: text.into(), ..Outline::default() }, options)
    }

    #[test]
    fn an_unexpected_language_is_refused_unless_the_user_says_what_it_is() {
        let arabic = Options::default();
        assert_eq!(settled(ARABIC, &arabic).unwrap(), "ar");
        for (text, name) in [(PERSIAN, "Persian"), (URDU, "Urdu"), (ENGLISH, "English")] {
            match settled(text, &arabic) {
                Err(Error::Language { found, expected, .. }) => {
                    assert_eq!((&*found, &*expected), (name, "Arabic"));
                }
                other => panic!("{other:?}"),
            }
            let told = Options { language: Some("ar".into()), ..Options::default() };
            assert_eq!(settled(text, &told).unwrap(), "ar");
        }
        let any = Options { expect: None, ..Options::default() };
        assert_eq!(settled(PERSIAN, &any).unwrap(), "fa");
        let english = Options { expect: Some("en".into()), ..Options::default() };
        assert_eq!(settled(ENGLISH, &english).unwrap(), "en");
        assert_eq!(settled("Talks resume", &english).unwrap(), "en");
        assert!(settled(ARABIC, &english).is_err());
        assert!(settled("Talks resume", &arabic).is_err());
    }
}
