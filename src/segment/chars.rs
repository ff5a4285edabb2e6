//! Classes of characters that the rules speak of.

/// Whether it draws nothing and joins or directs its neighbours: bidi controls, zero-width and soft-hyphen characters,
/// control characters that are not white space.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || (c.is_control() && !c.is_whitespace())
}

/// Tatweel, which stretches a word and means nothing.
pub(crate) const TATWEEL: char = '\u{640}';

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
