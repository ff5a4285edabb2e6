//! Bytes to text: byte order mark, then UTF-8, then what the page declares, then a guess.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// The text and what should be known about how it was decoded.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) notices: Vec<String>,
}

/// Decodes; never fails, since what cannot be decoded becomes U+FFFD and a notice.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, &bytes[mark..], None);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => return Decoded { text: text.to_owned(), notices: Vec::new() },
        Err(_) if is_damaged_utf8(bytes) => return with(UTF_8, bytes, None),
        Err(_) => {}
    }
    if let Some(encoding) = declared(bytes).filter(|encoding| *encoding != UTF_8) {
        return with(encoding, bytes, None);
    }
    let encoding = guess(bytes);
    with(encoding, bytes, Some(format!("no encoding is declared: read as {}, a guess", encoding.name())))
}

fn with(encoding: &'static Encoding, bytes: &[u8], notice: Option<String>) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let mut notices: Vec<String> = notice.into_iter().collect();
    if damaged {
        let count = text.matches('\u{FFFD}').count();
        let places = if count == 1 { "1 place".to_owned() } else { format!("{count} places") };
        let cut =
            if text.ends_with('\u{FFFD}') { "; the last is at the very end, as if the file were cut off" } else { "" };
        notices.push(format!("{places} could not be decoded as {} and read as U+FFFD{cut}", encoding.name()));
    }
    Decoded { text: text.into_owned(), notices }
}

/// Whether most of what is not ASCII is UTF-8 all the same: a truncated file, or a few bytes of damage. In a legacy
/// encoding of Arabic hardly two letters in a row make a valid sequence.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid > 4 * invalid
}

/// The encoding that an HTML page or an XML file declares in its first 4 KiB.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let head: String = head.iter().map(|&b| if b.is_ascii() { b.to_ascii_lowercase() as char } else { '?' }).collect();
    if !head.contains('<') {
        return None;
    }
    ["charset", "encoding"].into_iter().find_map(|name| {
        let value = head[head.find(name)? + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let value = value.trim_start_matches(['"', '\'']);
        let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).unwrap_or(value.len());
        Encoding::for_label(&value.as_bytes()[..end])
    })
}

/// What the statistics of the first mebibyte say, with Arabic preferred.
fn guess(bytes: &[u8]) -> &'static Encoding {
    // From the first byte that says anything, so that a long ASCII beginning does not use up the sample.
    let start = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    let sample = &bytes[start..bytes.len().min(start + (1 << 20))];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(Some(b"sa"), Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{ISO_8859_6, UTF_16LE, WINDOWS_1256};

    const TEXT: &str =
        "أعلن وزير المالية، خلال مؤتمر صحافي في العاصمة، أن الموازنة الجديدة ستخفض العجز إلى 4.2% من الناتج.\n";

    #[test]
    fn utf_8_with_and_without_mark_needs_no_notice() {
        for bytes in [TEXT.as_bytes().to_vec(), ["\u{FEFF}".as_bytes(), TEXT.as_bytes()].concat()] {
            let decoded = decode(&bytes);
            assert_eq!((decoded.text.as_str(), decoded.notices.len()), (TEXT, 0));
        }
    }

    #[test]
    fn utf_16_with_a_mark() {
        let little: Vec<u8> = "\u{FEFF}".chars().chain(TEXT.chars()).flat_map(|c| (c as u16).to_le_bytes()).collect();
        let big: Vec<u8> = "\u{FEFF}".chars().chain(TEXT.chars()).flat_map(|c| (c as u16).to_be_bytes()).collect();
        assert_eq!(Encoding::for_bom(&little).map(|(e, _)| e), Some(UTF_16LE));
        assert_eq!(decode(&little).text, TEXT);
        assert_eq!(decode(&big).text, TEXT);
        let cut = decode(&little[..little.len() - 1]);
        assert_eq!(cut.notices.len(), 1);
        assert!(cut.text.starts_with(TEXT.trim_end()));
    }

    #[test]
    fn legacy_arabic_is_guessed_and_said() {
        for encoding in [WINDOWS_1256, ISO_8859_6] {
            let (bytes, _, damaged) = encoding.encode(TEXT);
            assert!(!damaged);
            let decoded = decode(&bytes);
            assert_eq!(decoded.text, TEXT, "{}", encoding.name());
            assert!(decoded.notices[0].contains(encoding.name()), "{:?}", decoded.notices);
        }
    }

    #[test]
    fn a_declared_encoding_needs_no_guess() {
        let page = format!(
            "<html><head><META http-equiv=Content-Type content='text/html; charset=windows-1256'></head><p>{TEXT}"
        );
        let decoded = decode(&WINDOWS_1256.encode(&page).0);
        assert_eq!(decoded.text, page);
        assert!(decoded.notices.is_empty());
        let lying = page.replace("windows-1256", "no-such-encoding");
        assert_eq!(decode(&WINDOWS_1256.encode(&lying).0).notices.len(), 1);
    }

    #[test]
    fn truncated_utf_8_stays_utf_8() {
        let whole = TEXT.trim_end();
        for cut in 1..40 {
            let bytes = &whole.as_bytes()[..whole.len() - cut];
            let decoded = decode(bytes);
            assert!(decoded.text.starts_with("أعلن وزير المالية"), "{cut}");
            assert_eq!(decoded.notices.len(), usize::from(std::str::from_utf8(bytes).is_err()), "{cut}");
        }
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.truncate(TEXT.find('،').unwrap() - 1);
        assert!(decode(&bytes).notices[0].contains("cut off"));
    }

    #[test]
    fn a_page_that_lies_about_utf_8_is_read_as_utf_8() {
        let page = format!("<meta charset=windows-1256><p>{TEXT}");
        assert_eq!(decode(page.as_bytes()).text, page);
    }
}
