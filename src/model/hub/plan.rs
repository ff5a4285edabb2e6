//! What a pull would get: the files that a model needs, of one commit, with their digests.

use super::download::Wanted;
use super::http::{Asked, Failure, Http};
use super::listing::{self, Entry};
use super::problem::Problem;
use crate::error::{Error, Result};
use crate::model::choice::{CONFIG, INDEX_LIMIT, choose};
use crate::model::digest::Digests;
use crate::model::family::Family;
use crate::model::lock::Locked;
use crate::model::manifest::Manifest;
use crate::model::name::Name;
use crate::model::store::Store;

/// What a pull of a model would get.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// As it is named.
    pub name: String,
    /// What is known of it.
    pub manifest: Manifest,
    /// `organisation/repository`.
    pub repository: String,
    /// Branch, tag or commit that was asked for.
    pub revision: String,
    /// What that stands for.
    pub commit: String,
    /// The licence that the repository's card states, if it states one.
    pub license: Option<String>,
    pub(crate) wanted: Vec<Wanted>,
}

impl Plan {
    /// Name and size of each file.
    pub fn files(&self) -> impl Iterator<Item = (&str, u64)> {
        self.wanted.iter().map(|file| (&*file.name, file.size))
    }

    /// Bytes of all files.
    pub fn size(&self) -> u64 {
        self.wanted.iter().fold(0, |sum, file| sum.saturating_add(file.size))
    }
}

/// Looks up what there is and chooses what is needed.
pub(crate) fn plan(http: &Http<'_>, store: &Store, name: &Name) -> Result<Plan> {
    let Some((repository, revision)) = store.address(name) else {
        let reason = "it is part of the program".into();
        return Err(Error::Option { what: "the model to pull", value: name.to_string(), reason });
    };
    let info = listing::info(http, &repository, &revision)?;
    let listed = listing::files(http, &repository, &info.commit)?;
    let bytes = |file: &str| small_file(http, store, (&repository, &info.commit), file, listed.get(file));
    let manifest = match store.listed(name) {
        Some(manifest) => manifest.clone(),
        None => {
            let family = Family::of_config(&name.to_string(), &bytes(CONFIG)?)?;
            Manifest::derived(&name.to_string(), Some(&repository), family)
        }
    };
    let names = choose(&manifest, &|file| listed.contains_key(file), &mut |index| bytes(index));
    let names = names.map_err(|error| not_there(error, &repository))?;
    let wanted = names.into_iter().map(|name| {
        let entry = &listed[&name];
        Wanted { name, size: entry.size, id: entry.id.clone(), sha256: None }
    });
    let wanted = wanted.collect();
    Ok(Plan {
        name: name.to_string(),
        manifest,
        repository,
        revision,
        commit: info.commit,
        license: info.license,
        wanted,
    })
}

/// Pulling again does not help if the repository itself lacks a file.
fn not_there(error: Error, repository: &str) -> Error {
    match error {
        Error::Model { model, problem, .. } => Error::Model {
            model,
            problem: format!("{problem} in {repository}"),
            remedy: "name a revision that has it, as organisation/repository@refs/pr/1, or use another model".into(),
        },
        error => error,
    }
}

/// What the lock says.
pub(crate) fn locked_plan(store: &Store, name: &Name, locked: &Locked) -> Plan {
    let wanted = locked.files.iter().map(|file| Wanted {
        name: file.name.clone(),
        size: file.size,
        id: file.blob.clone(),
        sha256: Some(file.sha256.clone()),
    });
    let manifest = match store.listed(name) {
        Some(manifest) => manifest.clone(),
        // It is not looked at: the lock says which files there are.
        None => {
            let family = Family::all().next().expect("there is a family");
            Manifest::derived(&locked.name, Some(&locked.repository), family)
        }
    };
    Plan {
        name: locked.name.clone(),
        manifest,
        repository: locked.repository.clone(),
        revision: locked.revision.clone(),
        commit: locked.commit.clone(),
        license: locked.license.clone(),
        wanted: wanted.collect(),
    }
}

/// The bytes of a small file that is needed to know which others are: from the cache if they are there, and checked.
fn small_file(
    http: &Http<'_>,
    store: &Store,
    (repository, commit): (&str, &str),
    file: &str,
    entry: Option<&Entry>,
) -> Result<Vec<u8>> {
    let what = format!("{repository}/{file}");
    let failed = |problem| Error::Hub { what: what.clone(), problem: Box::new(problem) };
    let entry = entry.ok_or_else(|| failed(Problem::NoFile))?;
    if entry.size > INDEX_LIMIT {
        return Err(failed(Problem::Answer(format!("{file} would have {} bytes", entry.size))));
    }
    let is_right = |bytes: &[u8]| entry.id.names(&Digests::of_bytes(bytes));
    let here = std::fs::read(store.repository(repository).blob(&entry.id));
    if let Ok(bytes) = here
        && is_right(&bytes)
    {
        return Ok(bytes);
    }
    let url = listing::file_url(http, repository, commit, file);
    http.persist(&what, || {
        let reply = http.get(&url, None, Asked { repository, revision: None })?;
        if reply.is_page() {
            return Err(Failure::last(Problem::Page { host: reply.host }));
        }
        let bytes = reply.into_bytes(INDEX_LIMIT)?;
        match bytes.len() as u64 {
            got if got < entry.size => Err(Failure::later(Problem::Cut { got, size: entry.size, source: None })),
            got if got > entry.size => Err(Failure::last(Problem::Size { got, size: entry.size })),
            _ if is_right(&bytes) => Ok(bytes),
            _ => {
                let found = Digests::of_bytes(&bytes).sha256;
                Err(Failure::last(Problem::Digest { expected: entry.id.to_string(), found }))
            }
        }
    })
}
