//! Classes of characters that the rules speak of.

/// Whether it draws nothing and joins or directs its neighbours: bidi controls, zero-width and soft-hyphen characters,
/// control characters that are not white space.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || (c.is_control() && !c.is_whitespace())
}

/// Whether it is an Arabic diacritic that a reader can do without: tashkeel, Quranic marks and the dagger alef.
///
/// Not among them: madda and the two hamzas (U+0653 to U+0655), which make one letter with their base.
pub(crate) fn is_diacritic(c: char) -> bool {
    matches!(c,
        '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{652}' | '\u{656}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E4}' | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}' | '\u{897}'..='\u{89F}'
        | '\u{8CA}'..='\u{8E1}' | '\u{8E3}'..='\u{8FF}')
}

/// Whether a word is the same without it: diacritics, tatweel, invisible characters.
pub(crate) fn is_silent(c: char) -> bool {
    c == TATWEEL || is_diacritic(c) || is_invisible(c)
}

/// Tatweel, which stretches a word and means nothing.
pub(crate) const TATWEEL: char = '\u{640}';

/// Whether it is a letter of the Arabic script; tatweel and marks are not.
pub(crate) fn is_arabic_letter(c: char) -> bool {
    matches!(c,
        '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' | '\u{66E}' | '\u{66F}' | '\u{671}'..='\u{6D3}' | '\u{6D5}'
        | '\u{6E5}' | '\u{6E6}' | '\u{6EE}' | '\u{6EF}' | '\u{6FA}'..='\u{6FC}' | '\u{6FF}' | '\u{750}'..='\u{77F}'
        | '\u{870}'..='\u{887}' | '\u{8A0}'..='\u{8C9}' | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}'
        | '\u{FD50}'..='\u{FDFB}' | '\u{FE80}'..='\u{FEFC}')
}

/// Whether it lies in the blocks of Arabic presentation forms, kept in Unicode for old fonts only.
pub(crate) fn is_presentation_form(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}

/// The Arabic letter that a Persian, Urdu or Kurdish keyboard stands in for, and the ASCII form of digits and signs.
pub(crate) fn to_arabic(c: char) -> char {
    match c {
        '\u{6CC}' | '\u{6CE}' | '\u{6D0}' => 'ي',
        '\u{6A9}' | '\u{6AA}' => 'ك',
        '\u{6BE}' | '\u{6C0}'..='\u{6C2}' | '\u{6D5}' => 'ه',
        '\u{6C3}' => 'ة',
        '\u{660}'..='\u{669}' => ascii_digit(c as u32 - 0x660),
        '\u{6F0}'..='\u{6F9}' => ascii_digit(c as u32 - 0x6F0),
        '٫' => '.',
        '٬' => ',',
        '٪' => '%',
        other => other,
    }
}

fn ascii_digit(value: u32) -> char {
    char::from_digit(value, 10).expect("the ranges above hold ten digits each")
}

/// Whether it ends sentences, or may.
pub(crate) fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '…' | '‼' | '⁇' | '⁈' | '⁉' | '؞' | '۔' | '。')
}
