//! What the hub says of a repository: its commit, its licence and its files.

use std::collections::BTreeMap;

use hf_hub::{Repo, RepoType};
use serde::Deserialize;

use super::http::{Asked, Failure, Http};
use super::problem::Problem;
use super::reply::{Reply, text};
use super::url::{encode, follow};
use crate::error::Result;
use crate::model::digest::ObjectId;
use crate::model::lock::is_license;
use crate::model::path;

/// Greatest size of one answer.
const LIMIT: u64 = 32 << 20;

/// Greatest number of pages and of files of one listing.
const PAGES: usize = 200;
const FILES: usize = 100_000;

/// What the hub says of a repository at a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Info {
    /// What the revision stands for.
    pub(crate) commit: String,
    /// What the card says.
    pub(crate) license: Option<String>,
}

/// A file that the hub lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Bytes.
    pub(crate) size: u64,
    /// Its content.
    pub(crate) id: ObjectId,
}

/// The address of a file.
pub(crate) fn file_url(http: &Http<'_>, repository: &str, commit: &str, file: &str) -> String {
    let repo = Repo::with_revision(repository.into(), RepoType::Model, commit.into());
    format!("{}/{}/resolve/{}/{}", http.endpoint(), repo.url(), repo.url_revision(), encode(file))
}

/// Looks a revision up.
pub(crate) fn info(http: &Http<'_>, repository: &str, revision: &str) -> Result<Info> {
    #[derive(Deserialize)]
    struct Answer {
        sha: String,
        #[serde(default, rename = "cardData")]
        card: Option<Card>,
    }
    #[derive(Deserialize)]
    struct Card {
        #[serde(default)]
        license: Option<serde_json::Value>,
    }
    // `Repo` writes `/` as one segment; what else a revision may hold is plain.
    let repo = Repo::with_revision(repository.into(), RepoType::Model, revision.into());
    let url = format!("{}/api/{}", http.endpoint(), repo.api_url());
    let asked = Asked { repository, revision: Some(revision) };
    http.persist(repository, || {
        let answer: Answer = json(http.get(&url, None, asked)?)?.0;
        if !path::is_commit(&answer.sha) {
            return Err(Failure::last(Problem::Answer(format!("{:?} is not a commit", answer.sha))));
        }
        let license = answer.card.and_then(|card| card.license);
        let license = license.and_then(|license| Some(license.as_str()?.to_string())).filter(|text| is_license(text));
        Ok(Info { commit: answer.sha, license })
    })
}

/// Lists the files of a commit by name.
pub(crate) fn files(http: &Http<'_>, repository: &str, commit: &str) -> Result<BTreeMap<String, Entry>> {
    let repo = Repo::new(repository.into(), RepoType::Model);
    let first = format!("{}/api/models/{}/tree/{commit}?recursive=true", http.endpoint(), repo.url());
    let mut files = BTreeMap::new();
    let mut next = Some(first);
    for _ in 0..PAGES {
        let Some(url) = next else { return Ok(files) };
        next = http.persist(repository, || {
            let asked = Asked { repository, revision: Some(commit) };
            let (page, link) = json::<Vec<Item>>(http.get(&url, None, asked)?)?;
            for item in page {
                if let Some((name, entry)) = item.file()? {
                    files.insert(name, entry);
                }
            }
            if files.len() > FILES {
                return Err(Failure::last(Problem::Answer(format!("it lists more than {FILES} files"))));
            }
            link.map(|link| next_page(http, &url, &link)).transpose()
        })?;
    }
    let problem = Problem::Answer(format!("it lists more than {PAGES} pages of files"));
    Err(crate::Error::Hub { what: repository.into(), problem: Box::new(problem) })
}

/// The address of the next page, which must be the hub's too.
fn next_page(http: &Http<'_>, url: &str, link: &str) -> Result<String, Failure> {
    let base = url.parse().expect("it was parsed to get this page");
    match follow(&base, link) {
        Ok(uri) if http.is_hub(&uri) => Ok(uri.to_string()),
        _ => Err(Failure::last(Problem::Answer("the next page of files would be at another host".into()))),
    }
}

/// One item of a listing.
#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    oid: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    lfs: Option<Large>,
}

/// Of a file in large file storage.
#[derive(Deserialize)]
struct Large {
    #[serde(alias = "sha256")]
    oid: String,
    size: u64,
}

impl Item {
    /// Its name and what is known of it, unless it is a folder, or has a name that could not be a path of the cache: no
    /// model needs such a file.
    fn file(self) -> Result<Option<(String, Entry)>, Failure> {
        if self.kind != "file" || !path::is_safe_file(&self.path) {
            return Ok(None);
        }
        let (oid, size, large) = match self.lfs {
            Some(lfs) => (lfs.oid, lfs.size, true),
            None => (self.oid, self.size, false),
        };
        // In large file storage a digest may be written with its kind in front.
        let id = ObjectId::parse(oid.strip_prefix("sha256:").unwrap_or(&oid)).filter(|id| id.is_git() != large);
        let id = id.ok_or_else(|| Failure::last(Problem::Answer(format!("{} has no digest", self.path))))?;
        Ok(Some((self.path, Entry { size, id })))
    }
}

/// An answer as JSON, and where the next page is.
fn json<T: serde::de::DeserializeOwned>(reply: Reply) -> Result<(T, Option<String>), Failure> {
    if reply.is_page() {
        return Err(Failure::last(Problem::Page { host: reply.host }));
    }
    let link = text(&reply.headers, "link").and_then(|links| next_link(&links).map(Into::into));
    let bytes = reply.into_bytes(LIMIT)?;
    let answer = serde_json::from_slice(&bytes).map_err(|error| Failure::last(Problem::Answer(error.to_string())))?;
    Ok((answer, link))
}

/// The address in `Link: <…>; rel="next"`.
fn next_link(links: &str) -> Option<&str> {
    links.split(',').find_map(|link| {
        let (address, relation) = link.trim().strip_prefix('<')?.split_once('>')?;
        relation.contains("rel=\"next\"").then_some(address)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(json: &str) -> Option<(String, Entry)> {
        serde_json::from_str::<Item>(json).unwrap().file().unwrap()
    }

    #[test]
    fn files_are_named_by_git_or_by_sha256() {
        let (git, sha256) = ("a".repeat(40), "b".repeat(64));
        let small = format!(r#"{{"type":"file","oid":"{git}","size":7,"path":"config.json"}}"#);
        let entry_of = |size, id: &str| Entry { size, id: ObjectId::parse(id).unwrap() };
        assert_eq!(entry(&small), Some(("config.json".into(), entry_of(7, &git))));
        for key in ["oid", "sha256"] {
            let large = format!(
                r#"{{"type":"file","oid":"{git}","size":9,"path":"m.bin","lfs":{{"{key}":"{sha256}","size":9,"pointerSize":130}},"xetHash":"x"}}"#
            );
            assert_eq!(entry(&large), Some(("m.bin".into(), entry_of(9, &sha256))));
        }
        assert_eq!(entry(&small.replace("\"file\"", "\"directory\"")), None);
        assert_eq!(entry(&small.replace("config.json", "../../config.json")), None);
        for wrong in [small.replace(&git, "main"), small.replace(&git, &sha256), small.replace(&git, "../../x")] {
            assert!(serde_json::from_str::<Item>(&wrong).unwrap().file().is_err(), "{wrong}");
        }
        for wrong in
            [small.replace(":7", ":-7"), small.replace(":7", ":1e99"), small.replace(":7", ":99999999999999999999")]
        {
            assert!(serde_json::from_str::<Item>(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_next_page_is_found_in_the_link_header() {
        assert_eq!(next_link("<https://h/x?cursor=a>; rel=\"next\""), Some("https://h/x?cursor=a"));
        assert_eq!(next_link("<a>; rel=\"first\", <b>; rel=\"next\""), Some("b"));
        assert_eq!(next_link("<a>; rel=\"last\""), None);
        assert_eq!(next_link("nonsense"), None);
    }
}
