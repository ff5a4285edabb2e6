//! The entries of a zip file that stores them as they are, which is how `torch.save` writes since PyTorch 1.6.
//!
//! [APPNOTE.TXT](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), without compression, encryption and
//! several disks: an entry is a range of the file, so nothing can unfold into more than the file holds.

use std::collections::HashMap;
use std::ops::Range;

use super::pickle::{Parsed, shown};

/// Entries of an archive at most: one a storage, and a handful beside them.
const MAX_ENTRIES: u64 = 1 << 16;

/// Length of the record at the end, without its comment, and of the longest comment.
const END: usize = 22;
const COMMENT: usize = u16::MAX as usize;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END_MAGIC: u32 = 0x0605_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR: u32 = 0x0706_4b50;

/// The range of each entry's bytes, by name.
pub(super) fn entries(file: &[u8]) -> Parsed<HashMap<&str, Range<usize>>> {
    let (count, mut at) = directory(file)?;
    if count > MAX_ENTRIES {
        return Err(format!("it is an archive of {count} entries, more than {MAX_ENTRIES}"));
    }
    let mut entries = HashMap::new();
    for _ in 0..count {
        let header = record(file, at, CENTRAL, 46)?;
        let [name, extra, comment] = [28, 30, 32].map(|field| u16_at(header, field) as usize);
        let fields = file.get(at + 46..at + 46 + name + extra).ok_or_else(cut)?;
        let (name, extra) = fields.split_at(name);
        let name = std::str::from_utf8(name).map_err(|_| "it is an archive with a name that is not UTF-8")?;
        let range = entry(file, header, extra).map_err(|problem| format!("{problem} ({})", shown(name)))?;
        if entries.insert(name, range).is_some() {
            return Err(format!("it is an archive with two entries called {}", shown(name)));
        }
        at += 46 + fields.len() + comment;
    }
    Ok(entries)
}

/// How many entries the directory has, and where it starts.
fn directory(file: &[u8]) -> Parsed<(u64, usize)> {
    let last = file.len().checked_sub(END).ok_or_else(cut)?;
    let ends = |at: &usize| u32_at(file, *at) == END_MAGIC && at + END + u16_at(file, at + 20) as usize == file.len();
    let end = (last.saturating_sub(COMMENT)..=last).rev().find(ends).ok_or_else(cut)?;
    let wide = end.checked_sub(20).filter(|at| u32_at(file, *at) == LOCATOR);
    let (count, start) = match wide {
        Some(locator) => {
            let end = record(file, index(u64_at(file, locator + 8))?, END64, 56)?;
            (u64_at(end, 32), u64_at(end, 48))
        }
        None => (u16_at(file, end + 10).into(), u32_at(file, end + 16).into()),
    };
    Ok((count, index(start)?))
}

/// The bytes of the entry that has this header in the directory.
fn entry(file: &[u8], header: &[u8], extra: &[u8]) -> Parsed<Range<usize>> {
    if u16_at(header, 8) & 1 != 0 || u16_at(header, 10) != 0 {
        return Err("it is an archive with a compressed or encrypted entry, which torch.save does not write".into());
    }
    let mut wide = wide_fields(extra);
    let [size, stored, start] = [24, 20, 42].map(|field| match u32_at(header, field) {
        u32::MAX => wide.next().ok_or_else(cut),
        narrow => Ok(narrow.into()),
    });
    let (size, stored, start) = (index(size?)?, index(stored?)?, index(start?)?);
    if size != stored {
        return Err("it is an archive with an entry whose two sizes differ".into());
    }
    let local = record(file, start, LOCAL, 30)?;
    let start = start + 30 + u16_at(local, 26) as usize + u16_at(local, 28) as usize;
    match start.checked_add(size) {
        Some(end) if end <= file.len() => Ok(start..end),
        _ => Err(cut()),
    }
}

/// The 64-bit numbers that stand in for those of a header that do not fit into 32 bits, in their order.
fn wide_fields(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut fields: &[u8] = &[];
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let (body, rest) = rest.split_at(rest.len().min(u16_at(head, 2) as usize));
        if u16_at(head, 0) == 1 {
            fields = body;
        }
        extra = rest;
    }
    fields.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The `len` bytes at `at`, if they start with `magic`.
fn record(file: &[u8], at: usize, magic: u32, len: usize) -> Parsed<&[u8]> {
    let end = at.checked_add(len).ok_or_else(cut)?;
    file.get(at..end).filter(|record| u32_at(record, 0) == magic).ok_or_else(cut)
}

fn cut() -> String {
    "it is an archive that is cut short or damaged".into()
}

fn index(number: u64) -> Parsed<usize> {
    usize::try_from(number).map_err(|_| cut())
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array_at(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array_at(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array_at(bytes, at))
}

/// The callers have checked the length of the record that they look into.
fn array_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("as many as were taken")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive by the zip crate, which is another implementation of the format.
    fn archive(files: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
        let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn stored() -> SimpleFileOptions {
        SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)
    }

    #[test]
    fn entries_are_ranges_of_the_file() {
        for options in [stored(), stored().large_file(true), stored().with_alignment(64)] {
            let file = archive(&[("a/data.pkl", b"pickle"), ("a/empty", b""), ("a/data/0", b"elements")], options);
            let entries = entries(&file).unwrap();
            assert_eq!(entries.len(), 3);
            assert_eq!(&file[entries["a/data.pkl"].clone()], b"pickle");
            assert_eq!(&file[entries["a/empty"].clone()], b"");
            assert_eq!(&file[entries["a/data/0"].clone()], b"elements");
        }
    }

    #[test]
    fn two_entries_of_one_name_are_refused() {
        let mut file = archive(&[("a/data/0", b"one"), ("a/data/1", b"two")], stored());
        for at in 0..file.len() {
            if file[at..].starts_with(b"a/data/1") {
                file[at + 7] = b'0';
            }
        }
        assert!(entries(&file).unwrap_err().contains("two entries called a/data/0"));
    }

    #[test]
    fn sizes_and_counts_that_lie_are_refused() {
        let file = archive(&[("a", b"elements")], stored());
        let end = file.len() - END;
        let central = u32_at(&file, end + 16) as usize;
        let lies: &[(usize, &[u8], &str)] = &[
            (end + 10, &[2, 0], "damaged"),
            (end + 16, &[0xff; 4], "damaged"),
            (central + 20, &[0xfe; 4], "two sizes differ"),
            (central + 42, &[9, 0, 0, 0], "damaged"),
            (central + 28, &[0xff, 0xff], "damaged"),
            (central + 10, &[8, 0], "compressed"),
            (central + 8, &[1, 0], "encrypted"),
            (26, &[0xff, 0xff], "damaged"),
        ];
        for (at, bytes, problem) in lies {
            let mut file = file.clone();
            file[*at..at + bytes.len()].copy_from_slice(bytes);
            let refused = entries(&file).unwrap_err();
            assert!(refused.contains(problem), "{refused}");
        }
        let mut both = file.clone();
        both[central + 20..central + 28].fill(0xfe);
        assert!(entries(&both).unwrap_err().contains("damaged"));
    }

    #[test]
    fn more_entries_than_any_model_has_are_refused() {
        let mut file = archive(&[("a", b"")], stored().large_file(true));
        let end = file.len() - END;
        let central = u32_at(&file, end + 16);
        let mut wide = END64.to_le_bytes().to_vec();
        wide.extend([0; 28]);
        for number in [u64::MAX, 0, central.into()] {
            wide.extend(number.to_le_bytes());
        }
        wide.extend(LOCATOR.to_le_bytes());
        wide.extend([0; 4]);
        wide.extend((end as u64).to_le_bytes());
        wide.extend([0; 4]);
        file.splice(end..end, wide);
        assert!(entries(&file).unwrap_err().contains("entries, more than"));
    }
}
