//! An answer: its bytes, and what its headers say of them.

use std::io::Read;

use ureq::Body;
use ureq::http::HeaderMap;

use super::http::Failure;
use super::problem::Problem;

/// An answer of status 200 to 299, or 416.
pub(crate) struct Reply {
    /// The status.
    pub(crate) status: u16,
    /// Who sent the body.
    pub(crate) host: String,
    /// The headers that came with the body.
    pub(crate) headers: HeaderMap,
    /// What the hub itself said of the file on the way.
    pub(crate) linked: Linked,
    pub(crate) body: Body,
}

/// What the hub says of a file, also where another host sends the bytes.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    /// `X-Repo-Commit`.
    pub(crate) commit: Option<String>,
    /// `X-Linked-ETag`, or else `ETag`, without quotes and without the mark of a weak one.
    pub(crate) etag: Option<String>,
    /// `X-Linked-Size`.
    pub(crate) size: Option<u64>,
}

impl Reply {
    /// Whether a web page came.
    pub(crate) fn is_page(&self) -> bool {
        text(&self.headers, "content-type")
            .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
    }

    /// `Content-Length`.
    pub(crate) fn length(&self) -> Option<u64> {
        text(&self.headers, "content-length")?.trim().parse().ok()
    }

    /// `Content-Range` as first byte, last byte and size of the whole.
    pub(crate) fn range(&self) -> Option<(u64, u64, u64)> {
        let value = text(&self.headers, "content-range")?;
        let (range, size) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        Some((first.trim().parse().ok()?, last.trim().parse().ok()?, size.trim().parse().ok()?))
    }

    /// The body.
    pub(crate) fn into_reader(self) -> impl Read + Send {
        self.body.into_reader()
    }

    /// The whole body, which must not be larger than `limit`.
    pub(crate) fn into_bytes(self, limit: u64) -> Result<Vec<u8>, Failure> {
        let expected = self.length();
        let mut bytes = Vec::new();
        let read = self.into_reader().take(limit + 1).read_to_end(&mut bytes);
        let got = bytes.len() as u64;
        if got > limit {
            return Err(Failure::last(Problem::Answer(format!("it is larger than {limit} bytes"))));
        }
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => {
                let size = expected.unwrap_or(got);
                Err(Failure::later(Problem::Cut { got, size, source: Some(Box::new(error)) }))
            }
        }
    }
}

impl Linked {
    /// Adds what a further answer of the hub says; what was said first stands.
    pub(crate) fn add(&mut self, headers: &HeaderMap) {
        let etag = || text(headers, "x-linked-etag").or_else(|| text(headers, "etag"));
        self.commit = self.commit.take().or_else(|| text(headers, "x-repo-commit"));
        self.etag = self.etag.take().or_else(|| etag().map(|etag| bare(&etag).to_string()));
        self.size = self.size.or_else(|| text(headers, "x-linked-size")?.trim().parse().ok());
    }
}

/// An ETag without quotes and without the mark of a weak one.
fn bare(etag: &str) -> &str {
    let etag = etag.trim();
    etag.strip_prefix("W/").unwrap_or(etag).trim_matches('"')
}

pub(crate) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_is_read_with_and_without_quotes() {
        assert_eq!(bare("W/\"abc\""), "abc");
        assert_eq!(bare(" \"abc\" "), "abc");
        assert_eq!(bare("abc"), "abc");
    }
}
