//! Pulling models from a hub on loopback that misbehaves in every way a hub, a proxy or a line can: each case ends in
//! right files or in a clear error, and never in a wrong file in the cache.
#![cfg(feature = "hub")]

mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mujaz::Error;
use mujaz::model::hub::{Config, Hub, Problem, Token};
use mujaz::model::{Files as _, Pulled, Store, StoreConfig, Task};
use mujaz::progress::{Event, Progress, Silent};

use server::{COMMIT, REPOSITORY, Reply, Request, Server, Site, git, id, item, noise, ranged, sha256};

/// A cache, a store and a hub for one test.
struct World {
    folder: tempfile::TempDir,
    server: Server,
    config: Config,
    site: Site,
}

impl World {
    /// A hub that behaves.
    fn new() -> Self {
        Self::with(|_, _| None)
    }

    /// A hub that answers as `misbehave` says, and behaves where that says nothing.
    fn with(misbehave: impl Fn(&Request, usize) -> Option<Reply> + Send + Sync + 'static) -> Self {
        Self::of(Site::marian(), misbehave)
    }

    fn of(site: Site, misbehave: impl Fn(&Request, usize) -> Option<Reply> + Send + Sync + 'static) -> Self {
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
    fn store(&self) -> Store {
        Store::new(StoreConfig::new(self.cache(), self.folder.path().join("data"))).unwrap()
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("hub")
    }

    fn root(&self) -> PathBuf {
        self.cache().join("models--org--model")
    }

    fn pull(&self) -> mujaz::Result<Pulled> {
        self.pull_as(REPOSITORY, &Silent)
    }

    fn pull_as(&self, name: &str, progress: &dyn Progress) -> mujaz::Result<Pulled> {
        let store = self.store();
        Hub::new(self.config.clone()).pull(&store, &store.name(name)?, progress)
    }

    /// The problem that a pull ends with, which must leave no wrong file behind.
    fn problem(&self) -> (Problem, String) {
        self.problem_as(REPOSITORY)
    }

    fn problem_as(&self, name: &str) -> (Problem, String) {
        let error = self.pull_as(name, &Silent).err().expect("the pull should fail");
        self.nothing_wrong();
        let hint = error.hint().unwrap_or_default();
        match error {
            Error::Hub { problem, .. } => (*problem, hint),
            error => panic!("{error:?}"),
        }
    }

    /// Every file that the cache has by its name is right.
    fn nothing_wrong(&self) {
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
    fn all_right(&self) {
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

    fn bytes(&self, name: &str) -> &[u8] {
        &self.site.files[name]
    }

    /// The part of a file that came.
    fn part(&self, name: &str) -> PathBuf {
        self.root().join("blobs").join(format!("{}.incomplete", id(name, self.bytes(name))))
    }

    /// Puts a part into the cache as an earlier pull left it.
    fn leave_part(&self, name: &str, bytes: &[u8]) {
        std::fs::create_dir_all(self.root().join("blobs")).unwrap();
        std::fs::write(self.part(name), bytes).unwrap();
    }
}

const BIN: &str = "pytorch_model.bin";

fn is(request: &Request, file: &str) -> bool {
    request.path.ends_with(&format!("/resolve/{COMMIT}/{file}"))
}

#[test]
fn a_pull_gets_what_the_model_needs_and_a_second_one_gets_nothing() {
    let world = World::new();
    let pulled = world.pull().unwrap();
    world.all_right();
    assert_eq!((&*pulled.commit, pulled.license.as_deref(), pulled.locked), (COMMIT, Some("apache-2.0"), true));
    assert_eq!(pulled.size(), Site::WANTED.iter().map(|name| world.bytes(name).len() as u64).sum::<u64>());
    // config.json twice: once to learn the family of a model that is not in the catalogue.
    assert_eq!(world.server.log_of("/resolve/").len(), Site::WANTED.len() + 1);
    world.pull().unwrap();
    assert_eq!(world.server.log_of("/resolve/").len(), Site::WANTED.len() + 1, "nothing was missing");
    let agent = world.server.log()[0].header("user-agent").unwrap().to_string();
    assert!(agent.starts_with("mujaz/"), "{agent}");
}

#[test]
fn a_revision_with_a_slash_and_a_commit_are_pulled_too() {
    let world = World::new();
    for revision in ["refs/pr/7", COMMIT] {
        let pulled = world.pull_as(&format!("{REPOSITORY}@{revision}"), &Silent).unwrap();
        assert_eq!((&*pulled.revision, &*pulled.commit), (revision, COMMIT));
    }
    assert_eq!(std::fs::read_to_string(world.root().join("refs/refs/pr/7")).unwrap(), COMMIT);
    assert!(!world.root().join("refs").join(COMMIT).exists());
}

#[test]
fn what_hf_hub_looks_for_is_found() {
    let world = World::new();
    world.pull().unwrap();
    let cache = hf_hub::Cache::new(world.cache());
    for name in Site::WANTED {
        let path = cache.model(REPOSITORY.into()).get(name).unwrap();
        assert_eq!(std::fs::read(path).unwrap(), world.bytes(name));
    }
}

#[test]
fn the_token_goes_to_the_hub_alone() {
    let elsewhere = Site::marian();
    let storage = Server::new(Box::new(move |request, _| {
        let wanted = request.path.trim_start_matches('/').split('?').next()?;
        let bytes = elsewhere.files.values().find(|bytes| sha256(bytes) == wanted)?;
        Some(ranged(request, bytes))
    }));
    let site = Site { elsewhere: Some(storage.url()), ..Site::marian() };
    let mut world = World::of(site, |_, _| None);
    world.config.token = Token::new(" hf_secret\n");
    world.pull().unwrap();
    world.all_right();
    assert_eq!(storage.log().len(), 3);
    assert!(storage.log().iter().all(|request| request.header("authorization").is_none()));
    assert!(world.server.log().iter().all(|request| request.header("authorization") == Some("Bearer hf_secret")));
}

#[test]
fn a_repository_that_moved_is_followed_on_the_hub_with_the_token() {
    let mut world = World::with(|request, _| {
        let to = request.path.strip_prefix("/old/name").map(|rest| format!("/org/model{rest}"));
        let to = to.or_else(|| Some(request.path.replacen("/api/models/old/name", "/api/models/org/model", 1)));
        to.filter(|to| *to != request.path).map(|to| Reply::new(307, "").with("Location", to))
    });
    world.config.token = Token::new("hf_secret");
    world.pull_as("old/name", &Silent).unwrap();
    assert!(world.server.log().iter().all(|request| request.header("authorization").is_some()));
}

#[test]
fn redirects_that_lead_nowhere_end() {
    let world = World::with(|request, _| is(request, BIN).then(|| Reply::new(302, "").with("Location", &request.path)));
    let (problem, _) = world.problem();
    assert!(matches!(&problem, Problem::Redirect { reason, .. } if reason.contains("for ever")), "{problem}");
    for to in ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:x", "relative"] {
        let world = World::with(move |request, _| is(request, BIN).then(|| Reply::new(302, "").with("Location", to)));
        let (problem, _) = world.problem();
        assert!(matches!(problem, Problem::Redirect { .. }), "{problem}");
    }
}

#[test]
fn what_the_hub_refuses_is_told_with_the_remedy() {
    type Check = fn(&Problem) -> bool;
    let cases: [(u16, Option<&str>, Check, &str); 7] = [
        (401, None, |problem| matches!(problem, Problem::Unauthorized), "HF_TOKEN"),
        (401, Some("RepoNotFound"), |problem| matches!(problem, Problem::Unauthorized), "spelling"),
        (401, Some("GatedRepo"), |problem| matches!(problem, Problem::Gated { .. }), "/org/model"),
        (
            403,
            Some("GatedRepo"),
            |problem| matches!(problem, Problem::Gated { .. }),
            "accept the terms at http://127.0.0.1",
        ),
        (403, None, |problem| matches!(problem, Problem::Forbidden { message: Some(m) } if m == "no"), "HF_TOKEN"),
        (404, Some("RepoNotFound"), |problem| matches!(problem, Problem::NoRepository), "spelling"),
        (
            404,
            Some("RevisionNotFound"),
            |problem| matches!(problem, Problem::NoRevision { revision } if revision == "main"),
            "@revision",
        ),
    ];
    for (status, code, check, remedy) in cases {
        let world = World::with(move |request, _| {
            let reply = Reply::new(status, "{\"error\": \"no\"}").with("X-Error-Message", "no");
            let reply = code.map_or(reply.clone(), |code| reply.with("X-Error-Code", code));
            request.path.contains("/revision/").then_some(reply)
        });
        let (problem, hint) = world.problem();
        assert!(check(&problem), "{status} {code:?}: {problem}");
        assert!(hint.contains(remedy), "{status} {code:?}: {hint}");
        assert_eq!(world.server.log().len(), 1, "trying again does not help");
    }
}

#[test]
fn a_gated_file_names_the_page_to_accept_at() {
    let world =
        World::with(|request, _| is(request, BIN).then(|| Reply::new(403, "").with("X-Error-Code", "GatedRepo")));
    let (problem, hint) = world.problem();
    assert!(matches!(&problem, Problem::Gated { page } if page.ends_with("/org/model")), "{problem}");
    assert!(hint.contains("/org/model"), "{hint}");
}

#[test]
fn an_unknown_revision_and_an_unknown_repository_are_told_apart() {
    let world = World::new();
    let (problem, _) = world.problem_as(&format!("{REPOSITORY}@nosuch"));
    assert!(matches!(&problem, Problem::NoRevision { revision } if revision == "nosuch"), "{problem}");
    let world = World::new();
    let error = world.pull_as("org/other", &Silent).unwrap_err();
    assert!(matches!(&error, Error::Hub { problem, .. } if matches!(**problem, Problem::NoRepository)), "{error}");
}

#[test]
fn a_listed_file_that_is_not_there_is_named() {
    let world =
        World::with(|request, _| is(request, BIN).then(|| Reply::new(404, "").with("X-Error-Code", "EntryNotFound")));
    let error = world.pull().unwrap_err();
    assert!(error.to_string().contains("org/model/pytorch_model.bin"), "{error}");
    assert!(matches!(&error, Error::Hub { problem, .. } if matches!(**problem, Problem::NoFile)), "{error}");
    world.nothing_wrong();
}

#[test]
fn a_repository_without_weights_is_no_model() {
    let mut site = Site::marian();
    site.files.remove(BIN);
    let world = World::of(site, |_, _| None);
    let error = world.pull().unwrap_err();
    assert!(error.to_string().contains("pytorch_model.bin") && error.to_string().contains("in org/model"), "{error}");
    let mut site = Site::marian();
    site.files.insert("config.json".into(), br#"{"model_type": "llama"}"#.to_vec());
    let error = World::of(site, |_, _| None).pull().unwrap_err();
    assert!(error.to_string().contains("llama"), "{error}");
}

#[test]
fn a_body_cut_short_is_continued_where_it_broke_off() {
    let site = Site::marian();
    let bytes = site.files[BIN].clone();
    let world = World::of(site, move |request, before| {
        let whole = Site::marian().file(request, BIN, &bytes);
        // More breaks than tries are allowed: what counts is that each brings something.
        (is(request, BIN) && before < 6).then(|| whole.cut(100_000))
    });
    world.pull().unwrap();
    world.all_right();
    let starts: Vec<_> = world.server.log_of(BIN).iter().map(Request::start).collect();
    let expected: Vec<_> = std::iter::once(None).chain((1..=6).map(|i| Some(i * 100_000))).collect();
    assert_eq!(starts, expected);
}

#[test]
fn a_body_that_is_always_cut_at_the_same_place_ends_in_an_error_and_keeps_the_part() {
    let bytes = Site::marian().files[BIN].clone();
    let world =
        World::with(move |request, _| is(request, BIN).then(|| Site::marian().file(request, BIN, &bytes).cut(0)));
    world.leave_part(BIN, &world.bytes(BIN)[..5000]);
    let (problem, hint) = world.problem();
    assert!(matches!(problem, Problem::Cut { got: 5000, size: 700_000, .. }), "{problem:?}");
    assert!(hint.contains("what came is kept"), "{hint}");
    assert_eq!(std::fs::read(world.part(BIN)).unwrap(), &world.bytes(BIN)[..5000]);
    assert_eq!(world.server.log_of(BIN).len(), 4, "once and three tries more");
}

#[test]
fn a_part_is_continued_in_the_next_pull() {
    let world = World::new();
    world.leave_part(BIN, &world.bytes(BIN)[..123_456]);
    world.pull().unwrap();
    world.all_right();
    let starts: Vec<_> = world.server.log_of(BIN).iter().map(Request::start).collect();
    assert_eq!(starts, [Some(123_456)]);
}

#[test]
fn a_whole_part_needs_no_byte_more() {
    let world = World::new();
    world.leave_part(BIN, world.bytes(BIN));
    world.pull().unwrap();
    world.all_right();
    assert!(world.server.log_of(BIN).is_empty());
}

#[test]
fn a_part_of_something_else_is_found_out_and_pulled_anew() {
    for length in [123_456, 700_000, 700_001] {
        let world = World::new();
        world.leave_part(BIN, &noise(length, 99));
        world.pull().unwrap();
        world.all_right();
        assert_eq!(world.server.log_of(BIN).last().unwrap().start(), None, "from the beginning");
    }
}

#[test]
fn a_server_that_cannot_satisfy_the_range_starts_the_file_over() {
    let world = World::with(|request, _| (is(request, BIN) && request.start().is_some()).then(|| Reply::new(416, "")));
    world.leave_part(BIN, &world.bytes(BIN)[..5000]);
    world.pull().unwrap();
    world.all_right();
    let world = World::with(|request, _| is(request, BIN).then(|| Reply::new(416, "")));
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Status { status: 416, .. }), "{problem}");
}

#[test]
fn a_server_without_ranges_sends_the_whole_file_and_nothing_is_appended() {
    let bytes = Site::marian().files[BIN].clone();
    let world = World::with(move |request, _| is(request, BIN).then(|| Reply::new(200, bytes.clone())));
    world.leave_part(BIN, &world.bytes(BIN)[..5000]);
    world.pull().unwrap();
    world.all_right();
    assert_eq!(world.server.log_of(BIN).len(), 1);
}

#[test]
fn another_range_than_was_asked_for_is_not_taken() {
    let bytes = Site::marian().files[BIN].clone();
    let wrong = ["bytes 0-694999/700000", "bytes 5000-699999/700001", "bytes 5000-699999/*", "nonsense", ""];
    for range in wrong {
        let bytes = bytes.clone();
        let world = World::with(move |request, _| {
            let start = request.start().filter(|_| is(request, BIN))?;
            Some(Reply::new(206, &bytes[start..]).with("Content-Range", range))
        });
        world.leave_part(BIN, &world.bytes(BIN)[..5000]);
        world.pull().unwrap();
        world.all_right();
    }
}

#[test]
fn a_file_that_changes_between_two_tries_is_not_mixed() {
    // The first try breaks off; for the second the hub says that the file is another one now.
    let bytes = Site::marian().files[BIN].clone();
    let world = World::with(move |request, before| {
        let whole = Site::marian().file(request, BIN, &bytes);
        match (is(request, BIN), before) {
            (true, 0) => Some(whole.cut(100_000)),
            (true, _) => Some(whole.with("ETag", format!("\"{}\"", "f".repeat(64)))),
            _ => None,
        }
    });
    let (problem, _) = world.problem();
    assert!(matches!(&problem, Problem::Changed { found, .. } if *found == "f".repeat(64)), "{problem}");
    // So too if it says that the commit is another one.
    let world = World::with(move |request, _| {
        let whole = Site::marian().file(request, BIN, &noise(700_000, 1));
        is(request, BIN).then(|| whole.with("X-Repo-Commit", "f".repeat(40)))
    });
    let (problem, _) = world.problem();
    assert!(matches!(&problem, Problem::Changed { expected, .. } if expected == COMMIT), "{problem}");
}

#[test]
fn a_part_of_an_old_commit_does_not_get_into_the_new_file() {
    let world = World::new();
    let old = noise(700_000, 1000);
    std::fs::create_dir_all(world.root().join("blobs")).unwrap();
    std::fs::write(world.root().join("blobs").join(format!("{}.incomplete", sha256(&old))), &old[..300_000]).unwrap();
    world.pull().unwrap();
    world.nothing_wrong();
    assert_eq!(world.server.log_of(BIN)[0].start(), None);
}

#[test]
fn weak_and_foreign_etags_do_no_harm() {
    for etag in [format!("W/\"{}\"", sha256(&noise(700_000, 1))), "\"abc-123\"".into(), "W/\"../../x\"".into()] {
        let bytes = Site::marian().files[BIN].clone();
        let world = World::with(move |request, before| {
            let whole = Site::marian().file(request, BIN, &bytes).with("ETag", &etag);
            is(request, BIN).then(|| if before == 0 { whole.cut(100_000) } else { whole })
        });
        world.pull().unwrap();
        world.all_right();
    }
}

#[test]
fn a_body_of_another_size_is_refused() {
    let longer = noise(700_010, 1);
    let cases: [fn(Vec<u8>) -> Reply; 3] = [
        |bytes| Reply::new(200, bytes),
        |bytes| Reply { unknown_length: true, ..Reply::new(200, bytes) },
        |bytes| Reply::new(200, &bytes[..1000]),
    ];
    for case in cases {
        let bytes = longer.clone();
        let world = World::with(move |request, _| is(request, BIN).then(|| case(bytes.clone())));
        let (problem, _) = world.problem();
        assert!(matches!(problem, Problem::Size { size: 700_000, .. }), "{problem}");
        assert!(!world.part(BIN).exists());
    }
    // A body whose end is the end of the connection, and that is too short.
    let world = World::with(|request, _| {
        is(request, BIN).then(|| Reply { unknown_length: true, ..Reply::new(200, &noise(700_000, 1)[..1000]) })
    });
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Cut { got: 1000, .. }), "{problem}");
    // What the hub says beside the redirect counts too.
    let world = World::with(|request, _| {
        let whole = Site::marian().file(request, BIN, &noise(700_000, 1));
        is(request, BIN).then(|| whole.with("X-Linked-Size", 7))
    });
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Size { got: 7, .. }), "{problem}");
}

#[test]
fn bytes_that_are_not_what_was_listed_are_refused() {
    let world = World::with(|request, _| is(request, BIN).then(|| Reply::new(200, noise(700_000, 77))));
    let (problem, hint) = world.problem();
    assert!(
        matches!(&problem, Problem::Digest { expected, .. } if *expected == sha256(&noise(700_000, 1))),
        "{problem}"
    );
    assert!(hint.contains("pull again"), "{hint}");
    assert!(!world.part(BIN).exists(), "a wrong part is of no use");
    let world = World::with(|request, _| is(request, "vocab.json").then(|| Reply::new(200, "{\"</s>\": 1}")));
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Digest { .. }), "{problem}");
}

#[test]
fn a_web_page_in_place_of_anything_is_recognised() {
    let page = || Reply::new(200, "<html>Sign in</html>").with("Content-Type", "text/html; charset=utf-8");
    let places: [fn(&Request) -> bool; 4] = [
        |request| is(request, BIN),
        |request| is(request, "config.json"),
        |request| request.path.contains("/revision/"),
        |request| request.path.contains("/tree/"),
    ];
    for place in places {
        let world = World::with(move |request, _| place(request).then(page));
        let (problem, hint) = world.problem();
        assert!(matches!(problem, Problem::Page { .. }), "{problem}");
        assert!(hint.contains("sign in"), "{hint}");
    }
    // Without its content type, and of the right size, the digest tells.
    let world = World::with(|request, _| {
        let mut page = b"<html>".to_vec();
        page.resize(700_000, b' ');
        is(request, BIN).then(|| Reply::new(200, page))
    });
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Digest { .. }), "{problem}");
}

/// Keeps what it is told, and cancels when it is told so.
#[derive(Default)]
struct Record {
    events: Mutex<Vec<Event>>,
    cancelled: AtomicBool,
    cancel_at: AtomicU64,
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
    fn notices(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        let notices = events.iter().filter_map(|event| match event {
            Event::Notice(text) => Some(text.clone()),
            _ => None,
        });
        notices.collect()
    }
}

#[test]
fn a_busy_hub_is_asked_again_when_it_says() {
    let world = World::with(|request, before| match (is(request, BIN), before) {
        (true, 0) => Some(Reply::new(429, "slow down").with("Retry-After", 1)),
        (true, 1) => Some(Reply::new(503, "")),
        (true, 2) => Some(Reply::new(500, "")),
        _ => None,
    });
    let (record, start) = (Record::default(), Instant::now());
    world.pull_as(REPOSITORY, &record).unwrap();
    world.all_right();
    assert!(start.elapsed() >= Duration::from_secs(1), "it asked for a second");
    let notices = record.notices();
    assert_eq!(notices.len(), 3, "{notices:?}");
    assert!(notices[0].contains("too many requests") && notices[0].contains("trying again in 1.0 s"), "{notices:?}");
}

#[test]
fn a_hub_that_stays_busy_is_left_alone() {
    let world = World::with(|request, _| is(request, BIN).then(|| Reply::new(429, "").with("Retry-After", 3600)));
    let (problem, hint) = world.problem();
    assert!(matches!(problem, Problem::TooManyRequests { wait: Some(3600) }), "{problem}");
    assert!(hint.contains("3600 seconds"), "{hint}");
    assert_eq!(world.server.log_of(BIN).len(), 1);
    let world = World::with(|request, _| is(request, BIN).then(|| Reply::new(502, "")));
    let (problem, hint) = world.problem();
    assert!(matches!(problem, Problem::Status { status: 502, .. }), "{problem}");
    assert!(hint.contains("what came is kept"), "{hint}");
    assert_eq!(world.server.log_of(BIN).len(), 4);
}

#[test]
fn an_address_that_expired_is_asked_for_again() {
    let served = Arc::new(AtomicU64::new(0));
    let storage = Server::new(Box::new(move |request, _| {
        let wanted = request.path.trim_start_matches('/').split('?').next()?;
        let site = Site::marian();
        let bytes = site.files.values().find(|bytes| sha256(bytes) == wanted)?;
        if wanted == sha256(&noise(700_000, 1)) && served.fetch_add(1, Ordering::SeqCst) == 0 {
            return Some(Reply::new(403, "expired"));
        }
        Some(ranged(request, bytes))
    }));
    let world = World::of(Site { elsewhere: Some(storage.url()), ..Site::marian() }, |_, _| None);
    world.pull().unwrap();
    world.all_right();
    assert_eq!(world.server.log_of(BIN).len(), 2);
}

#[test]
fn a_hub_that_stalls_is_left_and_the_file_continued() {
    let bytes = Site::marian().files[BIN].clone();
    let world = World::with(move |request, before| {
        let whole = Site::marian().file(request, BIN, &bytes);
        (is(request, BIN) && before == 0).then(|| Reply { stall: Some((100_000, Duration::from_secs(20))), ..whole })
    });
    let start = Instant::now();
    world.pull().unwrap();
    world.all_right();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(world.server.log_of(BIN).last().unwrap().start(), Some(100_000));

    let world = World::with(|request, _| {
        let silent = Reply { stall: Some((0, Duration::from_secs(20))), ..Reply::new(200, noise(700_000, 1)) };
        is(request, BIN).then_some(silent)
    });
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Stalled { .. }), "{problem}");
}

#[test]
fn a_hub_that_is_not_there_is_told_at_once() {
    let mut world = World::new();
    world.config.endpoint = "http://127.0.0.1:1".into();
    let (problem, hint) = world.problem();
    assert!(matches!(&problem, Problem::Unreachable { host, .. } if host == "127.0.0.1"), "{problem}");
    assert!(hint.contains("HTTPS_PROXY"), "{hint}");
    // Nor does a server that speaks no TLS stand in for one that does.
    let mut world = World::new();
    world.config.endpoint = world.server.url().replace("http://", "https://");
    let (problem, _) = world.problem();
    assert!(matches!(problem, Problem::Insecure { .. } | Problem::Unreachable { .. }), "{problem}");
}

#[test]
fn offline_asks_nobody() {
    let mut world = World::new();
    world.config.offline = true;
    let (problem, hint) = world.problem();
    assert!(matches!(problem, Problem::Offline), "{problem}");
    assert!(hint.contains("HF_HUB_OFFLINE") && hint.contains("import"), "{hint}");
    assert!(world.server.log().is_empty());
}

#[test]
fn an_interruption_keeps_what_came() {
    let bytes = Site::marian().files[BIN].clone();
    let world = World::with(move |request, before| {
        let whole = Site::marian().file(request, BIN, &bytes);
        (is(request, BIN) && before == 0).then(|| Reply { stall: Some((500_000, Duration::from_secs(20))), ..whole })
    });
    let record = Record { cancel_at: AtomicU64::new(200_000), ..Record::default() };
    let start = Instant::now();
    let error = world.pull_as(REPOSITORY, &record).unwrap_err();
    assert!(matches!(error, Error::Interrupted), "{error}");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    world.nothing_wrong();
    let kept = std::fs::read(world.part(BIN)).unwrap();
    assert!(kept.len() >= 200_000 && world.bytes(BIN).starts_with(&kept), "{}", kept.len());
    world.pull().unwrap();
    world.all_right();
    assert_eq!(world.server.log_of(BIN)[1].start(), Some(kept.len()));
}

#[test]
fn an_interruption_is_heard_while_waiting_for_a_silent_hub() {
    let mut world = World::with(|request, _| {
        let silent = Reply { stall: Some((0, Duration::from_secs(20))), ..Reply::new(200, noise(700_000, 1)) };
        is(request, BIN).then_some(silent)
    });
    world.config.read_timeout = Duration::from_secs(15);
    let record = Record::default();
    let start = Instant::now();
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            record.cancelled.store(true, Ordering::SeqCst);
        });
        world.pull_as(REPOSITORY, &record).unwrap_err()
    });
    assert!(matches!(error, Error::Interrupted), "{error}");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn two_pulls_at_once_get_each_file_once() {
    let bytes = Site::marian().files[BIN].clone();
    let world = World::with(move |request, _| {
        let whole = Site::marian().file(request, BIN, &bytes);
        is(request, BIN).then(|| Reply { stall: Some((100_000, Duration::from_millis(200))), ..whole })
    });
    let records = [Record::default(), Record::default()];
    std::thread::scope(|scope| {
        for record in &records {
            scope.spawn(|| world.pull_as(REPOSITORY, record).unwrap());
        }
    });
    world.all_right();
    assert_eq!(world.server.log_of(BIN).len(), 1);
    let notices: Vec<_> = records.iter().flat_map(Record::notices).collect();
    assert!(notices.iter().any(|text| text.contains("another process is getting")), "{notices:?}");
}

#[test]
fn names_that_climb_out_of_the_cache_are_refused() {
    // In the listing they are passed over: no model needs such a file.
    let climbing = ["../../../evil", "/etc/evil", "..\\\\evil", "C:evil", "a/../../evil", "nul"];
    let world = World::with(move |request, _| {
        let mut items: Vec<_> = Site::marian().files.iter().map(|(name, bytes)| item(name, bytes)).collect();
        items.extend(climbing.iter().map(|name| item(name, b"evil")));
        request.path.contains("/tree/").then(|| Reply::new(200, format!("[{}]", items.join(","))))
    });
    world.pull().unwrap();
    world.all_right();
    // In an index they are asked for, and that is an error.
    let mut site = Site::marian();
    site.files.remove(BIN);
    let index = br#"{"weight_map": {"a": "../../../../evil.bin"}}"#.to_vec();
    site.files.insert("pytorch_model.bin.index.json".into(), index);
    let world = World::of(site, |_, _| None);
    let error = world.pull().unwrap_err();
    assert!(error.to_string().contains("cannot be a file of a model"), "{error}");
    world.nothing_wrong();
}

#[test]
fn a_listing_that_makes_no_sense_is_refused() {
    let (bin, good) = (noise(700_000, 1), Site::marian());
    let listed = |item: String| {
        let others = good.files.iter().filter(|(name, _)| *name != BIN).map(|(name, bytes)| server::item(name, bytes));
        format!("[{}]", others.chain([item]).collect::<Vec<_>>().join(","))
    };
    let item = item(BIN, &bin);
    let wrong = [
        "".into(),
        "{}".into(),
        "[{]".into(),
        "[".repeat(100_000),
        listed(item.replace("700000", "-1")),
        listed(item.replace("700000", "1e400")),
        listed(item.replace(&sha256(&bin), "../../../../evil")),
        listed(item.replace(&sha256(&bin), "")),
    ];
    for listing in wrong {
        let shown: String = listing.chars().take(300).collect();
        let world =
            World::with(move |request, _| request.path.contains("/tree/").then(|| Reply::new(200, listing.clone())));
        let (problem, _) = world.problem();
        assert!(matches!(problem, Problem::Answer(_)), "{problem}: {shown}");
    }
    for sha in ["main", "", "../../evil", "0123456789ABCDEF0123456789ABCDEF01234567"] {
        let answer = format!("{{\"sha\": \"{sha}\"}}");
        let world =
            World::with(move |request, _| request.path.contains("/revision/").then(|| Reply::new(200, answer.clone())));
        let (problem, _) = world.problem();
        assert!(matches!(problem, Problem::Answer(_)), "{problem}");
    }
}

#[test]
fn more_than_the_disk_holds_is_not_begun() {
    for size in ["18446744073709551615", "999999999999999"] {
        let listing = Site::marian().files.iter().map(|(name, bytes)| item(name, bytes)).collect::<Vec<_>>().join(",");
        let listing = format!("[{}]", listing.replace("700000", size));
        let world =
            World::with(move |request, _| request.path.contains("/tree/").then(|| Reply::new(200, listing.clone())));
        let (problem, hint) = world.problem();
        assert!(matches!(problem, Problem::Space { .. }), "{problem}");
        assert!(hint.contains("HF_HUB_CACHE"), "{hint}");
        assert!(world.server.log_of(BIN).is_empty());
    }
}

#[test]
fn a_listing_of_several_pages_is_read_to_its_end_on_the_hub_alone() {
    let pages = |next: &'static str| {
        move |request: &Request, _: usize| {
            let site = Site::marian();
            let items: Vec<_> = site.files.iter().map(|(name, bytes)| item(name, bytes)).collect();
            let page = |items: &[String]| Reply::new(200, format!("[{}]", items.join(",")));
            match request.path.split_once("/tree/")?.1 {
                rest if rest.contains("cursor=2") => Some(page(&items[6..])),
                rest if rest.contains("cursor=1") => Some(
                    page(&items[3..6]).with("Link", format!("<{}>; rel=\"next\"", request.path.replace("=1", "=2"))),
                ),
                _ => {
                    let host = format!("http://{}", request.header("host").unwrap());
                    let next = next.replace("HUB", &host).replace("PATH", &request.path);
                    Some(page(&items[..3]).with("Link", format!("<{next}>; rel=\"next\"")))
                }
            }
        }
    };
    let world = World::with(pages("HUBPATH&cursor=1"));
    world.pull().unwrap();
    world.all_right();
    assert_eq!(world.server.log_of("/tree/").len(), 3);
    let world = World::with(pages("http://evil.example/PATH&cursor=1"));
    let (problem, _) = world.problem();
    assert!(matches!(&problem, Problem::Answer(reason) if reason.contains("another host")), "{problem}");
    // One that never ends does.
    let world = World::with(pages("HUBPATH"));
    let (problem, _) = world.problem();
    assert!(matches!(&problem, Problem::Answer(reason) if reason.contains("pages")), "{problem}");
}

#[test]
fn shards_are_pulled_with_their_index() {
    let mut site = Site::marian();
    site.files.remove(BIN);
    let index =
        br#"{"metadata": {}, "weight_map": {"a": "m-1-of-2.safetensors", "b": "m-2-of-2.safetensors"}}"#.to_vec();
    site.files.insert("model.safetensors.index.json".into(), index);
    for (i, name) in ["m-1-of-2.safetensors", "m-2-of-2.safetensors", "m-3-of-2.safetensors"].iter().enumerate() {
        site.files.insert((*name).into(), noise(1000, i as u64));
    }
    let world = World::of(site, |_, _| None);
    let pulled = world.pull().unwrap();
    let names: Vec<_> = pulled.files.iter().map(|file| &*file.name).filter(|name| name.starts_with("m")).collect();
    assert_eq!(names, ["m-1-of-2.safetensors", "m-2-of-2.safetensors", "model.safetensors.index.json"]);
    world.nothing_wrong();
}

#[test]
fn what_is_damaged_in_the_cache_is_pulled_again() {
    let world = World::new();
    world.pull().unwrap();
    let blob = world.root().join("blobs").join(id(BIN, world.bytes(BIN)));
    std::fs::write(&blob, b"<html>").unwrap();
    let error = world.store().open(&world.store().name(REPOSITORY).unwrap(), Task::Translate, &Silent).err().unwrap();
    assert_eq!(error.hint().unwrap(), "mujaz models pull org/model");
    let record = Record::default();
    world.pull_as(REPOSITORY, &record).unwrap();
    world.all_right();
    assert!(record.notices().iter().any(|text| text.contains("damaged")), "{:?}", record.notices());
    std::fs::remove_file(&blob).unwrap();
    world.pull().unwrap();
    world.all_right();
}

#[test]
fn the_lock_is_pulled_exactly_and_elsewhere_too() {
    let world = World::new();
    world.pull().unwrap();
    let lock = std::fs::read_to_string(world.folder.path().join("data/models.lock")).unwrap();
    // Another machine with the same lock: the hub is asked for the files of the commit and for nothing else.
    let other = World::with(|request, _| request.path.contains("/api/").then(|| Reply::new(500, "")));
    std::fs::create_dir_all(other.folder.path().join("data")).unwrap();
    let write = |lock: &str| std::fs::write(other.folder.path().join("data/models.lock"), lock).unwrap();
    let pull = || {
        let store = other.store();
        Hub::new(other.config.clone()).pull_locked(&store, &store.name(REPOSITORY).unwrap(), &Silent)
    };
    write(&lock.replace(&sha256(&noise(700_000, 1)), &"0".repeat(64)));
    let error = pull().unwrap_err();
    assert!(matches!(&error, Error::Hub { problem, .. } if matches!(**problem, Problem::Changed { .. })), "{error:?}");
    other.nothing_wrong();
    write(&lock);
    pull().unwrap();
    other.all_right();
    assert_eq!(std::fs::read_to_string(other.folder.path().join("data/models.lock")).unwrap(), lock);
    write("version = 1\n");
    let error = pull().unwrap_err();
    assert!(
        matches!(&error, Error::Hub { problem, .. } if matches!(**problem, Problem::NotLocked { .. })),
        "{error:?}"
    );
    assert!(error.hint().unwrap().contains("without --locked"));
}

#[test]
fn progress_is_told_for_each_file_and_for_all() {
    let world = World::new();
    let record = Record::default();
    world.pull_as(REPOSITORY, &record).unwrap();
    let events = record.events.into_inner().unwrap();
    let mut totals = BTreeMap::new();
    let mut done = BTreeMap::new();
    for event in events {
        match event {
            Event::Start { stage, name, total } => drop(totals.insert(name, (stage, total.unwrap()))),
            Event::Advance { name, done: bytes } => drop(done.insert(name, bytes)),
            _ => {}
        }
    }
    assert_eq!(totals.len(), Site::WANTED.len() + 1);
    for (name, (stage, total)) in totals {
        assert_eq!(stage, "pulling");
        assert_eq!(done.get(&name), Some(&total), "{name}");
    }
    let all: u64 = Site::WANTED.iter().map(|name| world.bytes(name).len() as u64).sum();
    assert_eq!(done[REPOSITORY], all);
}

#[test]
fn a_plan_asks_and_writes_nothing() {
    let world = World::new();
    let store = world.store();
    let plan = Hub::new(world.config.clone()).plan(&store, &store.name(REPOSITORY).unwrap(), &Silent).unwrap();
    assert_eq!(plan.files().map(|(name, _)| name).collect::<Vec<_>>(), Site::WANTED);
    assert_eq!((plan.license.as_deref(), plan.manifest.family.name()), (Some("apache-2.0"), "marian"));
    assert!(!world.cache().exists());
}

#[test]
fn a_directory_and_the_demonstration_model_cannot_be_pulled() {
    let world = World::new();
    for name in ["./somewhere", "demo-ar-en"] {
        let error = world.pull_as(name, &Silent).unwrap_err();
        assert!(matches!(error, Error::Option { .. }), "{error}");
    }
    assert!(world.server.log().is_empty());
}

#[test]
fn a_proxy_is_asked_in_place_of_the_hub_unless_the_host_is_excepted() {
    let proxy = Server::new(Box::new(|_, _| Some(Reply::new(502, ""))));
    let mut world = World::new();
    world.config.proxy = Some(proxy.url());
    world.config.retries = 0;
    let error = world.pull().unwrap_err();
    assert!(matches!(error, Error::Hub { .. }), "{error}");
    assert!(!proxy.log().is_empty() && world.server.log().is_empty());
    world.config.no_proxy = vec!["127.0.0.1".into()];
    world.pull().unwrap();
    world.all_right();
}

/// Links may not be had everywhere; the file itself then lies in the snapshot, and the lock says what it should be.
#[test]
fn a_snapshot_of_copies_is_as_good() {
    let world = World::new();
    world.pull().unwrap();
    for name in Site::WANTED {
        let path = world.root().join("snapshots").join(COMMIT).join(name);
        replace_link(&path);
    }
    world.all_right();
    let before = world.server.log_of("/resolve/").len();
    world.pull().unwrap();
    world.all_right();
    assert_eq!(world.server.log_of("/resolve/").len(), before);
}

fn replace_link(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    std::fs::remove_file(path).unwrap();
    std::fs::write(path, bytes).unwrap();
}
