//! A whole model from the hub into the cache: several files at a time, then the lock.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::download::{Download, Wanted};
use super::http::Http;
use super::plan::Plan;
use super::problem::Problem;
use crate::error::{Error, Result};
use crate::model::lock::{Lock, Locked, LockedFile};
use crate::model::name::Name;
use crate::model::pulled::Pulled;
use crate::model::store::Store;
use crate::progress::{Event, Progress};

/// Gets what is missing, several files at a time, and writes the lock.
pub(crate) fn fetch(http: &Http<'_>, store: &Store, name: &Name, plan: &Plan, parallel: usize) -> Result<Pulled> {
    let cache = store.repository(&plan.repository);
    let download = Download { http, marks: &store.marks, cache, repository: &plan.repository, commit: &plan.commit };
    has_space(&download, &plan.wanted, &store.config.cache)?;
    let digests = all(&download, plan, parallel);
    // Also what was verified before an error need not be verified again.
    store.marks.save();
    let digests = digests?;
    download.cache.set_commit(&plan.revision, &plan.commit)?;
    let files = plan.wanted.iter().map(|wanted| LockedFile {
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
    let done: Vec<Mutex<u64>> = plan.wanted.iter().map(|_| Mutex::new(0)).collect();
    let mut order: Vec<usize> = (0..plan.wanted.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(plan.wanted[i].size));
    let (next, digests, failed) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()), Mutex::new(None));
    let total = Total { progress, name: &plan.name, done: &done, told: Mutex::new(0) };
    progress.on(Event::Start { stage: "pulling", name: plan.name.clone(), total: Some(plan.size()) });
    std::thread::scope(|scope| {
        for _ in 0..parallel.clamp(1, plan.wanted.len().max(1)) {
            scope.spawn(|| {
                while let Some(&i) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let wanted = &plan.wanted[i];
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
