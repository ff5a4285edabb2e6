//! What is refused, by its first bytes, and what to do instead.

use crate::error::{Error, Result};

/// A kind of file that is no article.
struct Kind {
    what: &'static str,
    remedy: &'static str,
    matches: fn(&[u8]) -> bool,
}

const PAGE: &str = "save the page as HTML, or paste its text into a .txt file";
const UNPACK: &str = "unpack it and name the articles in it";
const DOCUMENT: &str = "save the document as plain text or HTML from the program that made it";
const IMAGE: &str = "mujaz reads text, not pictures of it: paste the text into a .txt file";

/// The first match decides.
static REFUSED: &[Kind] = &[
    Kind {
        what: "a PDF document",
        remedy: "text taken out of a PDF is unreliable for Arabic (reversed or out of order): save the original page as HTML, or paste the text",
        matches: |b| b.trim_ascii_start().starts_with(b"%PDF-"),
    },
    Kind { what: "a PostScript document", remedy: PAGE, matches: |b| b.starts_with(b"%!PS") },
    Kind { what: "a PNG image", remedy: IMAGE, matches: |b| b.starts_with(b"\x89PNG\r\n\x1a\n") },
    Kind { what: "a JPEG image", remedy: IMAGE, matches: |b| b.starts_with(b"\xFF\xD8\xFF") },
    Kind { what: "a GIF image", remedy: IMAGE, matches: |b| b.starts_with(b"GIF87a") || b.starts_with(b"GIF89a") },
    Kind { what: "a WebP image", remedy: IMAGE, matches: |b| b.starts_with(b"RIFF") && b.get(8..12) == Some(b"WEBP") },
    Kind { what: "a TIFF image", remedy: IMAGE, matches: |b| b.starts_with(b"II*\0") || b.starts_with(b"MM\0*") },
    Kind { what: "a bitmap image", remedy: IMAGE, matches: |b| b.starts_with(b"BM") && b.get(6..10) == Some(&[0; 4]) },
    Kind { what: "an HEIC or AVIF image", remedy: IMAGE, matches: |b| brand(b, &[b"heic", b"heix", b"mif1", b"avif"]) },
    Kind { what: "a Word document (DOCX)", remedy: DOCUMENT, matches: |b| zip_with(b, b"word/") },
    Kind { what: "an Excel workbook (XLSX)", remedy: DOCUMENT, matches: |b| zip_with(b, b"xl/") },
    Kind { what: "a PowerPoint presentation (PPTX)", remedy: DOCUMENT, matches: |b| zip_with(b, b"ppt/") },
    Kind { what: "an OpenDocument file", remedy: DOCUMENT, matches: |b| zip_with(b, b"application/vnd.oasis") },
    Kind {
        what: "an EPUB book",
        remedy: "unpack it (it is a ZIP archive) and name the .xhtml chapters in it",
        matches: |b| zip_with(b, b"application/epub+zip"),
    },
    Kind { what: "a ZIP archive", remedy: UNPACK, matches: |b| zip_with(b, b"") || b.starts_with(b"PK\x05\x06") },
    Kind {
        what: "an old Office document (DOC, XLS or PPT)",
        remedy: DOCUMENT,
        matches: |b| b.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
    },
    Kind { what: "an RTF document", remedy: DOCUMENT, matches: |b| b.starts_with(b"{\\rtf") },
    Kind { what: "a gzip archive", remedy: UNPACK, matches: |b| b.starts_with(b"\x1F\x8B") },
    Kind { what: "a bzip2 archive", remedy: UNPACK, matches: |b| b.starts_with(b"BZh") && b.get(4..6) == Some(b"1A") },
    Kind { what: "an xz archive", remedy: UNPACK, matches: |b| b.starts_with(b"\xFD7zXZ\0") },
    Kind { what: "a Zstandard archive", remedy: UNPACK, matches: |b| b.starts_with(b"\x28\xB5\x2F\xFD") },
    Kind { what: "a 7-Zip archive", remedy: UNPACK, matches: |b| b.starts_with(b"7z\xBC\xAF\x27\x1C") },
    Kind { what: "a RAR archive", remedy: UNPACK, matches: |b| b.starts_with(b"Rar!\x1A\x07") },
    Kind { what: "a tar archive", remedy: UNPACK, matches: |b| b.get(257..262) == Some(b"ustar") },
    Kind { what: "a program", remedy: "name the file that holds the article", matches: is_program },
    Kind { what: "a sound recording", remedy: "mujaz reads text: transcribe it first", matches: is_sound },
    Kind { what: "a video", remedy: "mujaz reads text: transcribe it first", matches: is_video },
    Kind {
        what: "an SQLite database",
        remedy: "export the text of the article",
        matches: |b| b.starts_with(b"SQLite format 3\0"),
    },
    Kind { what: "a web archive (binary property list)", remedy: PAGE, matches: |b| b.starts_with(b"bplist00") },
    Kind { what: "an MHTML web archive", remedy: "save the page as \"HTML only\" instead", matches: is_mhtml },
    Kind {
        what: "UTF-32 text",
        remedy: "convert it: iconv -f UTF-32 -t UTF-8",
        matches: |b| b.starts_with(b"\xFF\xFE\0\0") || b.starts_with(b"\0\0\xFE\xFF"),
    },
    Kind {
        what: "UTF-16 text without a byte order mark",
        remedy: "convert it: iconv -f UTF-16LE -t UTF-8 (or UTF-16BE)",
        matches: is_bare_utf_16,
    },
    Kind { what: "a feed (RSS or Atom)", remedy: "save the page of the article itself as HTML", matches: is_feed },
    Kind {
        what: "binary, or text filled with NUL bytes",
        remedy: "give a file of plain text, Markdown or HTML",
        matches: is_binary,
    },
];

/// Refuses what is certainly no text by its bytes, and what holds nothing at all.
pub(super) fn check_bytes(bytes: &[u8], name: &str) -> Result<()> {
    match REFUSED.iter().find(|kind| (kind.matches)(bytes)) {
        Some(kind) => Err(Error::Unsupported {
            name: name.to_owned(),
            what: kind.what.to_owned(),
            remedy: kind.remedy.to_owned(),
        }),
        None => Ok(()),
    }
}

/// Refuses text without a letter or a digit, and what turns out to hold NUL characters once decoded.
pub(super) fn check_text(text: &str, name: &str) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::Unsupported {
            name: name.to_owned(),
            what: "text filled with NUL characters".into(),
            remedy: "give a file of plain text, Markdown or HTML".into(),
        });
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Error::Empty { name: name.to_owned() });
    }
    Ok(())
}

fn find(bytes: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || bytes.windows(needle.len()).any(|window| window == needle)
}

fn zip_with(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") && find(&bytes[..bytes.len().min(4096)], needle)
}

/// Whether it is an ISO media file of one of these brands.
fn brand(bytes: &[u8], brands: &[&[u8; 4]]) -> bool {
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|b| brands.iter().any(|brand| b == *brand))
}

fn is_program(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x7FELF")
        || (bytes.starts_with(b"MZ") && bytes[..bytes.len().min(256)].contains(&0))
        || [b"\xFE\xED\xFA\xCE", b"\xFE\xED\xFA\xCF", b"\xCE\xFA\xED\xFE", b"\xCF\xFA\xED\xFE", b"\xCA\xFE\xBA\xBE"]
            .iter()
            .any(|magic| bytes.starts_with(*magic))
        || bytes.starts_with(b"\0asm")
}

fn is_sound(bytes: &[u8]) -> bool {
    (bytes.starts_with(b"ID3") && bytes.get(3).is_some_and(|version| *version < 0x10))
        || bytes.starts_with(b"OggS")
        || bytes.starts_with(b"fLaC\0")
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE"))
        || brand(bytes, &[b"M4A "])
}

fn is_video(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp")
        || bytes.starts_with(b"\x1A\x45\xDF\xA3")
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"AVI "))
}

fn is_mhtml(bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(2048)].to_ascii_lowercase();
    (head.starts_with(b"from:") || head.starts_with(b"mime-version:")) && find(&head, b"multipart/related")
}

/// Whether every second byte of the beginning is NUL or the high byte of Arabic, with at least one NUL.
fn is_bare_utf_16(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(512) & !1];
    let high = |odd: usize| head.iter().skip(odd).step_by(2).all(|b| matches!(b, 0 | 6 | 0x20));
    head.len() >= 8 && head.contains(&0) && !head.chunks(2).any(|pair| pair == [0, 0]) && (high(0) || high(1))
}

fn is_feed(bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(1024)].to_ascii_lowercase();
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head).trim_ascii_start();
    head.starts_with(b"<rss")
        || head.starts_with(b"<feed")
        || (head.starts_with(b"<?xml") && [&b"<rss"[..], b"<feed", b"<rdf:rdf"].iter().any(|tag| find(head, tag)))
}

/// NUL anywhere, or more control characters than a stray one here and there.
fn is_binary(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return false; // UTF-16, looked at once decoded.
    }
    // Tab to carriage return; the end-of-file mark of DOS and the escape of terminals occur in old text.
    let is_control = |b: &&u8| **b < 0x20 && !matches!(**b, 9..=13 | 0x1A | 0x1B);
    bytes.contains(&0) || bytes.iter().filter(is_control).count() > 8 + bytes.len() / 50
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_refused_by_name_and_with_a_remedy() {
        let zip = |inside: &str| [b"PK\x03\x04\x14\0\0\0\0\0", inside.as_bytes()].concat();
        let samples: &[(&[u8], &str)] = &[
            (b"%PDF-1.7\n%\xE2\xE3", "PDF"),
            (b"%!PS-Adobe-3.0", "PostScript"),
            (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "JPEG"),
            (b"GIF89a\x01\0", "GIF"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
            (b"II*\0\x08\0", "TIFF"),
            (b"BM\x36\x10\0\0\0\0\0\0\x36", "bitmap"),
            (b"\0\0\0\x18ftypheic\0\0", "HEIC"),
            (&zip("[Content_Types].xml..word/document.xml"), "DOCX"),
            (&zip("xl/workbook.xml"), "XLSX"),
            (&zip("ppt/slides"), "PPTX"),
            (&zip("mimetypeapplication/vnd.oasis.opendocument.text"), "OpenDocument"),
            (&zip("mimetypeapplication/epub+zip"), "EPUB"),
            (&zip("readme.txt"), "ZIP"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "Office"),
            (b"{\\rtf1\\ansi", "RTF"),
            (b"\x1F\x8B\x08", "gzip"),
            (b"BZh91AY&SY", "bzip2"),
            (b"\xFD7zXZ\0", "xz"),
            (b"\x28\xB5\x2F\xFD", "Zstandard"),
            (b"7z\xBC\xAF\x27\x1C", "7-Zip"),
            (b"Rar!\x1A\x07\x01\0", "RAR"),
            (&[&[b'a'; 257][..], b"ustar"].concat(), "tar"),
            (b"\x7FELF\x02\x01", "program"),
            (b"MZ\x90\0\x03", "program"),
            (b"\xCA\xFE\xBA\xBE\0\0\0\x3D", "program"),
            (b"ID3\x03\0", "sound"),
            (b"\0\0\0\x20ftypisom", "video"),
            (b"SQLite format 3\0", "SQLite"),
            (b"bplist00\xD1", "property list"),
            (b"From: <Saved by Blink>\r\nContent-Type: multipart/related;\r\n", "MHTML"),
            (b"\xFF\xFE\0\0\x45\x06\0\0", "UTF-32"),
            (b"\x45\x06\x31\x06\x20\0\x45\x06\x31\x06\x20\0", "UTF-16"),
            (b"<?xml version='1.0'?>\n<rss version='2.0'>", "feed"),
            (b"some text\0\0\0\0", "NUL"),
            (b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11", "binary"),
        ];
        for (bytes, what) in samples {
            match check_bytes(bytes, "x") {
                Err(Error::Unsupported { what: found, remedy, .. }) => {
                    assert!(found.contains(what), "{found} for {what}");
                    assert!(!remedy.is_empty());
                }
                other => panic!("{what}: {other:?}"),
            }
        }
        // Every row of the table has a sample above.
        for kind in REFUSED {
            assert!(samples.iter().any(|(bytes, _)| (kind.matches)(bytes)), "{}", kind.what);
        }
    }

    #[test]
    fn text_that_begins_like_a_magic_number_is_text() {
        for text in [
            "MZ is the code of Mozambique",
            "BM weekly",
            "ID35 is a form",
            "BZh",
            "خبر\u{1A}",
            "<p>مرحبا</p>",
            "FROM: Beirut",
        ] {
            assert!(check_bytes(text.as_bytes(), "x").is_ok(), "{text}");
        }
    }

    #[test]
    fn blank_text_is_empty() {
        for text in ["", " \n\t\u{A0}\r\n", "\u{200F}\u{FEFF}", "***\n---\n", "…؟!"] {
            assert!(matches!(check_text(text, "x"), Err(Error::Empty { .. })), "{text:?}");
        }
    }
}
