//! One file from the hub into the cache: resumed where that is safe, and never wrong.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use super::http::{Again, Asked, Failure, Http};
use super::listing::file_url;
use super::problem::Problem;
use super::reply::Reply;
use crate::error::{Error, Result};
use crate::model::cache::{RepositoryCache, create_parent};
use crate::model::digest::{Digests, ObjectId};
use crate::model::marks::Marks;
use crate::progress::Event;

/// A file that a model needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Its name in the repository.
    pub(crate) name: String,
    /// Bytes.
    pub(crate) size: u64,
    /// Its content as the hub names it.
    pub(crate) id: ObjectId,
    /// SHA-256 of its bytes, where the lock has it.
    pub(crate) sha256: Option<String>,
}

/// Where files come from and where they go to.
pub(crate) struct Download<'a> {
    pub(crate) http: &'a Http<'a>,
    pub(crate) marks: &'a Marks,
    pub(crate) cache: RepositoryCache,
    pub(crate) repository: &'a str,
    pub(crate) commit: &'a str,
}

impl Wanted {
    /// Whether a file with these digests is the one.
    fn is(&self, digests: &Digests) -> bool {
        digests.size == self.size
            && self.id.names(digests)
            && self.sha256.as_ref().is_none_or(|sha256| *sha256 == digests.sha256)
    }
}

impl Download<'_> {
    /// Makes `wanted` a file of the snapshot. `done` is told how many of its bytes are there.
    pub(crate) fn get(&self, wanted: &Wanted, done: &dyn Fn(u64)) -> Result<Digests> {
        if let Some(digests) = self.here(wanted)? {
            done(wanted.size);
            return Ok(digests);
        }
        // Whoever else wants the same content waits here, and then finds it there. Python locks the same file.
        let _lock = self.lock(wanted)?;
        if let Some(digests) = self.here(wanted)? {
            done(wanted.size);
            return Ok(digests);
        }
        create_parent(&self.cache.blob(&wanted.id))?;
        let digests = self.fetch(wanted, done)?;
        self.keep(wanted, &digests)?;
        Ok(digests)
    }

    /// The digests of `wanted` if the cache has it, as a file of the snapshot or as content; what only looks like it is
    /// taken away.
    fn here(&self, wanted: &Wanted) -> Result<Option<Digests>> {
        let file = self.cache.snapshot(self.commit).join(&wanted.name);
        if file.exists() {
            let digests = self.digests(&file, wanted)?;
            if wanted.is(&digests) {
                return Ok(Some(digests));
            }
        }
        let blob = self.cache.blob(&wanted.id);
        if !blob.exists() {
            return Ok(None);
        }
        let digests = self.digests(&blob, wanted)?;
        if wanted.is(&digests) {
            self.cache.link(self.commit, &wanted.name, &wanted.id)?;
            return Ok(Some(digests));
        }
        self.http.progress().on(Event::Notice(format!("{} in the cache is damaged and is pulled again", wanted.name)));
        std::fs::remove_file(&blob).map_err(Error::io("remove", blob))?;
        Ok(None)
    }

    fn digests(&self, path: &std::path::Path, wanted: &Wanted) -> Result<Digests> {
        let git = wanted.id.is_git();
        match self.marks.known(path, git)? {
            Some(known) => Ok(known),
            None => self.marks.compute(path, git, &mut |_| self.go_on()),
        }
    }

    fn go_on(&self) -> Result<()> {
        if self.http.is_stopped() { Err(Error::Interrupted) } else { Ok(()) }
    }

    fn lock(&self, wanted: &Wanted) -> Result<File> {
        let path = self.cache.locks().join(format!("{}.lock", wanted.id));
        create_parent(&path)?;
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(Error::io("create", &path))?;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => {}
                // Some network file systems know no locks. Then two pulls at once may both write the part, which the
                // digest tells.
                Err(TryLockError::Error(_)) => return Ok(file),
            }
            if !told {
                told = true;
                let text = format!("another process is getting {}; waiting for it", wanted.name);
                self.http.progress().on(Event::Notice(text));
            }
            self.go_on()?;
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Gathers the bytes until they are all there and are right.
    fn fetch(&self, wanted: &Wanted, done: &dyn Fn(u64)) -> Result<Digests> {
        let what = format!("{}/{}", self.repository, wanted.name);
        let mut most = self.part_size(wanted);
        self.http.persist(&what, || {
            let resumed = self.part_size(wanted) > 0;
            self.complete(wanted, &mut most, done)?;
            let git = wanted.id.is_git();
            let digests = Digests::of_file(&self.part(wanted), git, &mut |_| self.go_on())?;
            if wanted.is(&digests) {
                return Ok(digests);
            }
            self.forget(wanted);
            let found = if git { digests.git.unwrap_or_default() } else { digests.sha256 };
            let problem = Problem::Digest { expected: wanted.id.to_string(), found };
            // What was there before may have been wrong; what came in one piece will not be better next time.
            Err(if resumed { Failure::at_once(problem) } else { Failure::last(problem) })
        })
    }

    /// One attempt to bring the part to its full size.
    fn complete(&self, wanted: &Wanted, most: &mut u64, done: &dyn Fn(u64)) -> Result<(), Failure> {
        if self.part_size(wanted) > wanted.size {
            self.forget(wanted);
        }
        let have = self.part_size(wanted);
        if have == wanted.size && have > 0 {
            return Ok(());
        }
        let (start, reply) = self.ask(wanted, have)?;
        let result = self.receive(wanted, start, reply, done);
        let reached = self.part_size(wanted);
        match result {
            Err(Failure::Hub { problem, again: Again::Later(_) }) if reached > *most => {
                *most = reached;
                Err(Failure::Hub { problem, again: Again::Progress })
            }
            result => result,
        }
    }

    /// Asks for the file from the byte `have` on, looks whether what is answered is the file, and says from which byte
    /// on it is.
    fn ask(&self, wanted: &Wanted, have: u64) -> Result<(u64, Reply), Failure> {
        let url = file_url(self.http, self.repository, self.commit, &wanted.name);
        let asked = Asked { repository: self.repository, revision: None };
        let reply = self.http.get(&url, (have > 0).then_some(have), asked)?;
        self.is_the_file(wanted, &reply)?;
        let wrong_size = |got| Err(Failure::last(Problem::Size { got, size: wanted.size }));
        match (reply.status, reply.range()) {
            (206, Some((first, _, size))) if first == have && size == wanted.size => Ok((have, reply)),
            // It has nothing beyond what is here, or sends another part: what is here is of no use.
            (206 | 416, _) => {
                self.forget(wanted);
                let problem = Problem::Status { host: reply.host, status: reply.status, message: None };
                Err(if have > 0 { Failure::at_once(problem) } else { Failure::last(problem) })
            }
            _ => match reply.length() {
                Some(length) if length != wanted.size => wrong_size(length),
                _ => Ok((0, reply)),
            },
        }
    }

    /// Whether what the hub says of an answer fits what it said before.
    fn is_the_file(&self, wanted: &Wanted, reply: &Reply) -> Result<(), Failure> {
        let changed = |expected: &str, found: &str| {
            Err(Failure::last(Problem::Changed { expected: expected.into(), found: found.into() }))
        };
        if let Some(commit) = reply.linked.commit.as_ref().filter(|commit| *commit != self.commit) {
            return changed(self.commit, commit);
        }
        // A mirror may have ETags of its own; one that is a digest must be the right one.
        let etag = reply.linked.etag.as_ref().and_then(|etag| ObjectId::parse(etag));
        if let Some(id) = etag.filter(|id| id.is_git() == wanted.id.is_git() && *id != wanted.id) {
            return changed(wanted.id.as_str(), id.as_str());
        }
        if let Some(size) = reply.linked.size.filter(|size| *size != wanted.size) {
            return Err(Failure::last(Problem::Size { got: size, size: wanted.size }));
        }
        if reply.status != 416 && reply.is_page() && !wanted.name.ends_with(".html") {
            return Err(Failure::last(Problem::Page { host: reply.host.clone() }));
        }
        Ok(())
    }

    /// Writes the bytes of an answer to the part, from the byte `start` on.
    fn receive(&self, wanted: &Wanted, start: u64, reply: Reply, done: &dyn Fn(u64)) -> Result<(), Failure> {
        let host = reply.host.clone();
        let (path, size) = (self.part(wanted), wanted.size);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let mut file = file.map_err(Error::io("create", &path))?;
        let ready = file.set_len(start).and_then(|()| file.seek(SeekFrom::Start(start)));
        ready.map_err(Error::io("write", &path))?;
        let mut have = start;
        let mut body = reply.into_reader();
        let mut buffer = vec![0; 1 << 18];
        loop {
            done(have);
            let read = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => return Err(self.broken(&host, have, size, error)),
            };
            if have + read as u64 > size {
                self.forget(wanted);
                return Err(Failure::last(Problem::Size { got: have + read as u64, size }));
            }
            file.write_all(&buffer[..read]).map_err(Error::io("write", &path))?;
            have += read as u64;
            self.go_on()?;
        }
        if have < size {
            return Err(Failure::later(Problem::Cut { got: have, size, source: None }));
        }
        Ok(file.sync_all().map_err(Error::io("write", &path))?)
    }

    /// What a body that broke off means.
    fn broken(&self, host: &str, got: u64, size: u64, error: std::io::Error) -> Failure {
        match self.http.failure(host, error.into()) {
            Failure::Hub { problem: Problem::Unreachable { source, .. }, .. } => {
                Failure::later(Problem::Cut { got, size, source: Some(source) })
            }
            failure => failure,
        }
    }

    /// Makes the part, which is right, content of the cache and a file of the snapshot.
    fn keep(&self, wanted: &Wanted, digests: &Digests) -> Result<()> {
        let (part, blob) = (self.cache.part(&wanted.id), self.cache.blob(&wanted.id));
        std::fs::rename(&part, &blob).map_err(Error::io("create", &blob))?;
        self.marks.record(&blob, digests.clone())?;
        self.cache.link(self.commit, &wanted.name, &wanted.id)
    }

    /// Bytes that came before.
    pub(crate) fn part_size(&self, wanted: &Wanted) -> u64 {
        std::fs::metadata(self.part(wanted)).map_or(0, |metadata| metadata.len())
    }

    fn part(&self, wanted: &Wanted) -> PathBuf {
        self.cache.part(&wanted.id)
    }

    fn forget(&self, wanted: &Wanted) {
        // If it is not there that is as well.
        let _ = std::fs::remove_file(self.part(wanted));
    }
}
