//! A cache, a store and a hub for one test, and what must hold after each.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use mujaz::Error;
use mujaz::model::hub::{Config, Hub, Problem};
use mujaz::model::{Pulled, Store, StoreConfig, Task};
use mujaz::progress::{Event, Progress, Silent};

use crate::server::{COMMIT, REPOSITORY, Reply, Request, Server, Site, git, id, sha256};

/// A cache, a store and a hub for one test.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Server,
    pub(crate) config: Config,
    pub(crate) site: Site,
}

impl World {
    /// A hub that behaves.
    pub(crate) fn new() -> Self {
        Self::with(|_, _| None)
    }

    /// A hub that answers as `misbehave` says, and behaves where that says nothing.
    pub(crate) fn with(misbehave: impl Fn(&Request, usize) -> Option<Reply> + Send + Sync + 'static) -> Self {
        Self::of(Site::marian(), misbehave)
    }

    pub(crate) fn of(site: Site, misbehave: impl Fn(&Request, usize) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let mine = site.clone();
        let server = Server::new(Box::new(move |request, before| {
            misbehave(request, before).or_else(|| Some(mine.answer(request)))
        }));
        let config = Config {
            endpoint: server.url(),
            connect_timeout: Duration::from_millis(500),
            read_timeout: Duration::from_millis(300),
            retries: 3,
            backoff: Duration::from_millis(2),
            longest_wait: Duration::from_millis(1200),
            ..Config::default()
        };
        Self { folder: tempfile::tempdir().unwrap(), server, config, site }
    }

    /// A store as a new process would open it.
    pub(crate) fn store(&self) -> Store {
        Store::new(StoreConfig::new(self.cache(), self.folder.path().join("data"))).unwrap()
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.folder.path().join("hub")
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.cache().join("models--org--model")
    }

    pub(crate) fn pull(&self) -> mujaz::Result<Pulled> {
        self.pull_as(REPOSITORY, &Silent)
    }

    pub(crate) fn pull_as(&self, name: &str, progress: &dyn Progress) -> mujaz::Result<Pulled> {
        let store = self.store();
        Hub::new(self.config.clone()).pull(&store, &store.name(name)?, progress)
    }

    /// The problem that a pull ends with, which must leave no wrong file behind.
    pub(crate) fn problem(&self) -> (Problem, String) {
        self.problem_as(REPOSITORY)
    }

    pub(crate) fn problem_as(&self, name: &str) -> (Problem, String) {
        let error = self.pull_as(name, &Silent).expect_err("the pull should fail");
        self.nothing_wrong();
        let hint = error.hint().unwrap_or_default();
        match error {
            Error::Hub { problem, .. } => (*problem, hint),
            error => panic!("{error:?}"),
        }
    }

    /// Every file that the cache has by its name is right.
    pub(crate) fn nothing_wrong(&self) {
        for (name, bytes) in &self.site.files {
            let path = self.root().join("snapshots").join(COMMIT).join(name);
            if let Ok(found) = std::fs::read(path) {
                assert!(found == *bytes, "{name} is wrong");
            }
        }
        for entry in std::fs::read_dir(self.root().join("blobs")).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if !name.ends_with(".incomplete") {
                let bytes = std::fs::read(&path).unwrap();
                assert!(name == sha256(&bytes) || name == git(&bytes), "{name} is wrong");
            }
        }
        // Nothing lies beside the repository but its locks.
        for entry in std::fs::read_dir(self.cache()).into_iter().flatten() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!([".locks", "models--org--model"].contains(&&*name), "{name}");
        }
    }

    /// Every file that the model needs is there and right, nothing else, and nothing half done.
    pub(crate) fn all_right(&self) {
        self.nothing_wrong();
        let snapshot = self.root().join("snapshots").join(COMMIT);
        let mut names: Vec<_> = std::fs::read_dir(&snapshot)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, Site::WANTED);
        let blobs: Vec<_> =
            std::fs::read_dir(self.root().join("blobs")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(blobs.len(), Site::WANTED.len(), "{blobs:?}");
        assert_eq!(std::fs::read_to_string(self.root().join("refs/main")).unwrap(), COMMIT);
        let opened = self.store().open(&self.store().name(REPOSITORY).unwrap(), Task::Translate, &Silent).unwrap();
        assert_eq!(opened.files.need("pytorch_model.bin").unwrap(), self.bytes("pytorch_model.bin"));
    }

    pub(crate) fn bytes(&self, name: &str) -> &[u8] {
        &self.site.files[name]
    }

    /// The part of a file that came.
    pub(crate) fn part(&self, name: &str) -> PathBuf {
        self.root().join("blobs").join(format!("{}.incomplete", id(name, self.bytes(name))))
    }

    /// Puts a part into the cache as an earlier pull left it.
    pub(crate) fn leave_part(&self, name: &str, bytes: &[u8]) {
        std::fs::create_dir_all(self.root().join("blobs")).unwrap();
        std::fs::write(self.part(name), bytes).unwrap();
    }
}

pub(crate) const BIN: &str = "pytorch_model.bin";

pub(crate) fn is(request: &Request, file: &str) -> bool {
    request.path.ends_with(&format!("/resolve/{COMMIT}/{file}"))
}

/// Keeps what it is told, and cancels when it is told so.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) events: Mutex<Vec<Event>>,
    pub(crate) cancelled: AtomicBool,
    pub(crate) cancel_at: AtomicU64,
}

impl Progress for Record {
    fn on(&self, event: Event) {
        if let Event::Advance { name, done } = &event {
            let limit = self.cancel_at.load(Ordering::SeqCst);
            if name == BIN && limit > 0 && *done >= limit {
                self.cancelled.store(true, Ordering::SeqCst);
            }
        }
        self.events.lock().unwrap().push(event);
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}

impl Record {
    pub(crate) fn notices(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        let notices = events.iter().filter_map(|event| match event {
            Event::Notice(text) => Some(text.clone()),
            _ => None,
        });
        notices.collect()
    }
}
