//! Addresses in running text: links, e-mail addresses, handles. What stands in them is neither number nor name.

use crate::article::Span;

/// Punctuation that may stand around an address without being part of it.
const AROUND: [char; 14] = ['(', ')', '[', ']', '<', '>', '"', '\'', '.', ',', ';', ':', '!', '?'];

/// The addresses of a text, in order. They are in ASCII: an Arabic letter ends one, as و begins before `@name`.
pub(crate) fn addresses(text: &str) -> Vec<Span> {
    let pieces = text.split(|c: char| !c.is_ascii_graphic());
    let found = pieces.filter_map(|piece| {
        let address = piece.trim_matches(AROUND);
        let start = address.as_ptr() as usize - text.as_ptr() as usize;
        is_address(address).then(|| Span::new(start, start + address.len()))
    });
    found.collect()
}

fn is_address(piece: &str) -> bool {
    let letter = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    let domain = |host: &str| {
        let mut labels = host.split('.');
        let last = labels.next_back().unwrap_or_default();
        let known = last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
        known && host.contains('.') && labels.all(|label| !label.is_empty() && label.bytes().all(is_of_host))
    };
    match (piece.split_once("://"), piece.split_once('@')) {
        (Some((scheme, rest)), _) => letter(scheme) && !rest.is_empty(),
        // A handle, or user and domain.
        (_, Some(("", handle))) => handle.len() > 1 && handle.bytes().any(|b| b.is_ascii_alphabetic()),
        (_, Some((_, host))) => domain(host),
        _ => {
            let host = piece.split_once('/').map(|(host, _)| host);
            piece.to_ascii_lowercase().starts_with("www.") || host.is_some_and(domain)
        }
    }
}

const fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_handles_and_mail_are_addresses_and_nothing_else() {
        let text = "نشره على (https://example.org/2026/11/26?id=91) وحسابه و@desk_24 وكتب إلى desk2026@example.org، \
                    أنظر www.example.org/5. أو example.org/a-3 وx.com/desk/91 وt.me/desk، لا 24/7 ولا 3.5/4 ولا km/h ولا No.5 ولا 12@ ولا U.S./U.K.";
        let found: Vec<_> = addresses(text).into_iter().map(|span| span.of(text)).collect();
        let expected = [
            "https://example.org/2026/11/26?id=91",
            "@desk_24",
            "desk2026@example.org",
            "www.example.org/5",
            "example.org/a-3",
            "x.com/desk/91",
            "t.me/desk",
        ];
        assert_eq!(found, expected);
    }
}
