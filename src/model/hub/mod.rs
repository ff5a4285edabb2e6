//! The hub: the only code that reaches a network.
//!
//! Addresses are those of `hf-hub`; the bytes and their truth are ours, because both lines of `hf-hub` can leave a wrong
//! file in the cache. A pull looks the revision up, lists the files of its commit with their digests, and gets what is
//! missing. Content is named by its digest from the first byte on, so a part is only ever continued by the same file,
//! and nothing gets its name before every byte of it was hashed.

mod config;
mod download;
mod http;
mod listing;
mod problem;
mod retry_after;
mod url;

pub use config::{Config, Token};
pub use problem::Problem;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use self::download::{Download, Wanted};
use self::http::{Asked, Failure, Http};
use self::listing::Entry;
use super::choice::{CONFIG, INDEX_LIMIT, choose};
use super::digest::Digests;
use super::family::Family;
use super::lock::{Lock, Locked, LockedFile};
use super::manifest::Manifest;
use super::name::Name;
use super::store::{Pulled, Store};
use crate::error::{Error, Result};
use crate::progress::{Event, Progress};

/// Where models come from.
#[derive(Debug, Clone)]
pub struct Hub {
    config: Config,
}

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
    files: Vec<Wanted>,
}

impl Plan {
    /// Name and size of each file.
    pub fn files(&self) -> impl Iterator<Item = (&str, u64)> {
        self.files.iter().map(|file| (&*file.name, file.size))
    }

    /// Bytes of all files.
    pub fn size(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.size))
    }
}

impl Hub {
    /// The hub that `config` describes. Nothing is asked of it yet.
    pub fn new(config: Config) -> Self {
        Self { config }
    }

    /// Asks what a pull would get.
    ///
    /// # Errors
    /// [`Error::Hub`] if the hub cannot be asked or does not have it; [`Error::Model`] if it is no model that mujaz runs.
    pub fn plan(&self, store: &Store, name: &Name, progress: &dyn Progress) -> Result<Plan> {
        let http = self.http(name, progress)?;
        http.watched(|| plan(&http, store, name))
    }

    /// Gets what is missing of a model and puts it into the lock.
    ///
    /// # Errors
    /// As [`Hub::plan`]; what came is kept, and the next pull goes on from there. [`Error::Interrupted`] if `progress`
    /// says that the user wants to stop.
    pub fn pull(&self, store: &Store, name: &Name, progress: &dyn Progress) -> Result<Pulled> {
        let http = self.http(name, progress)?;
        http.watched(|| fetch(&http, store, name, &plan(&http, store, name)?, self.config.parallel))
    }

    /// Gets what is missing of exactly those files that the lock has.
    ///
    /// # Errors
    /// As [`Hub::pull`], and if the lock does not have the model.
    pub fn pull_locked(&self, store: &Store, name: &Name, progress: &dyn Progress) -> Result<Pulled> {
        let lock = Lock::read(&store.config.lock)?;
        let Some(locked) = lock.get(&name.to_string()) else {
            let problem = Problem::NotLocked { lock: store.config.lock.clone() };
            return Err(Error::Hub { what: name.to_string(), problem: Box::new(problem) });
        };
        let http = self.http(name, progress)?;
        http.watched(|| fetch(&http, store, name, &locked_plan(store, name, locked), self.config.parallel))
    }

    fn http<'a>(&'a self, name: &Name, progress: &'a dyn Progress) -> Result<Http<'a>> {
        if let Name::Directory(path) = name {
            let value = path.display().to_string();
            return Err(Error::Option { what: "the model to pull", value, reason: "it is a directory".into() });
        }
        if self.config.offline {
            return Err(Error::Hub { what: name.to_string(), problem: Box::new(Problem::Offline) });
        }
        Http::new(&self.config, progress)
    }
}

/// Looks up what there is and chooses what is needed.
fn plan(http: &Http<'_>, store: &Store, name: &Name) -> Result<Plan> {
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
    let files = names.into_iter().map(|name| {
        let entry = &listed[&name];
        Wanted { name, size: entry.size, id: entry.id.clone(), sha256: None }
    });
    let files = files.collect();
    Ok(Plan {
        name: name.to_string(),
        manifest,
        repository,
        revision,
        commit: info.commit,
        license: info.license,
        files,
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
fn locked_plan(store: &Store, name: &Name, locked: &Locked) -> Plan {
    let files = locked.files.iter().map(|file| Wanted {
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
        files: files.collect(),
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

/// Gets what is missing, several files at a time, and writes the lock.
fn fetch(http: &Http<'_>, store: &Store, name: &Name, plan: &Plan, parallel: usize) -> Result<Pulled> {
    let cache = store.repository(&plan.repository);
    let download = Download { http, marks: &store.marks, cache, repository: &plan.repository, commit: &plan.commit };
    has_space(&download, &plan.files, &store.config.cache)?;
    let digests = all(&download, plan, parallel);
    // Also what was verified before an error need not be verified again.
    store.marks.save();
    let digests = digests?;
    download.cache.set_commit(&plan.revision, &plan.commit)?;
    let files = plan.files.iter().map(|wanted| LockedFile {
        name: wanted.name.clone(),
        size: wanted.size,
        sha256: digests[&wanted.name].clone(),
        blob: wanted.id.clone(),
    });
    let locked = Locked {
        name: name.to_string(),
        repository: plan.repository.clone(),
        revision: plan.revision.clone(),
        commit: plan.commit.clone(),
        license: plan.license.clone(),
        files: files.collect(),
    };
    Lock::change(&store.config.lock, |lock| lock.put(locked))?;
    let pulled = store.find(name)?;
    pulled.ok_or_else(|| Error::Model {
        model: name.to_string(),
        problem: "it was pulled, and something removed a file of it at once".into(),
        remedy: format!("mujaz models pull {name}"),
    })
}

/// The SHA-256 of each file, when all are there.
fn all(download: &Download<'_>, plan: &Plan, parallel: usize) -> Result<BTreeMap<String, String>> {
    let progress = download.http.progress();
    let done: Vec<Mutex<u64>> = plan.files.iter().map(|_| Mutex::new(0)).collect();
    let mut order: Vec<usize> = (0..plan.files.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(plan.files[i].size));
    let (next, digests, failed) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()), Mutex::new(None));
    let total = Total { progress, name: &plan.name, done: &done, told: Mutex::new(0) };
    progress.on(Event::Start { stage: "pulling", name: plan.name.clone(), total: Some(plan.size()) });
    std::thread::scope(|scope| {
        for _ in 0..parallel.clamp(1, plan.files.len().max(1)) {
            scope.spawn(|| {
                while let Some(&i) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let wanted = &plan.files[i];
                    match total.watch(i, wanted, |done| download.get(wanted, done)) {
                        Ok(found) => drop(lock(&digests).insert(wanted.name.clone(), found.sha256)),
                        Err(error) => {
                            // The first error is the cause, the others come of stopping.
                            lock(&failed).get_or_insert(error);
                            download.http.stop();
                            return;
                        }
                    }
                }
            });
        }
    });
    progress.on(Event::Finish { name: plan.name.clone() });
    match failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(digests.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)),
    }
}

/// A lock whose holder cannot have left anything half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Progress of several files and of all of them.
struct Total<'a> {
    progress: &'a dyn Progress,
    name: &'a str,
    done: &'a [Mutex<u64>],
    told: Mutex<u64>,
}

impl Total<'_> {
    /// Bytes between two events.
    const STEP: u64 = 1 << 18;

    /// Does `work` for the file `i` and passes on what it tells.
    fn watch<T>(&self, i: usize, wanted: &Wanted, work: impl FnOnce(&dyn Fn(u64)) -> Result<T>) -> Result<T> {
        let name = &wanted.name;
        self.progress.on(Event::Start { stage: "pulling", name: name.clone(), total: Some(wanted.size) });
        let told = std::cell::Cell::new(0u64);
        let result = work(&|done| {
            if done.abs_diff(told.get()) >= Self::STEP || done == wanted.size {
                told.set(done);
                self.progress.on(Event::Advance { name: name.clone(), done });
                *lock(&self.done[i]) = done;
                self.tell();
            }
        });
        self.progress.on(Event::Finish { name: name.clone() });
        result
    }

    fn tell(&self) {
        let mut told = lock(&self.told);
        let done = self.done.iter().map(|done| *lock(done)).sum();
        if done != *told {
            *told = done;
            self.progress.on(Event::Advance { name: self.name.into(), done });
        }
    }
}

/// Whether what is still to come fits onto the disk.
fn has_space(download: &Download<'_>, files: &[Wanted], folder: &Path) -> Result<()> {
    let missing = files.iter().filter(|wanted| !download.cache.blob(&wanted.id).exists());
    let missing = missing.filter(|wanted| !download.cache.snapshot(download.commit).join(&wanted.name).exists());
    let needed =
        missing.fold(0u64, |sum, wanted| sum.saturating_add(wanted.size.saturating_sub(download.part_size(wanted))));
    let there: PathBuf = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new(".")).into();
    // Where the system does not say, writing will.
    match fs4::available_space(&there) {
        Ok(free) if free < needed => {
            let problem = Problem::Space { folder: there, free, needed };
            Err(Error::Hub { what: download.repository.into(), problem: Box::new(problem) })
        }
        _ => Ok(()),
    }
}
