//! What a pull leaves in the cache and in the lock.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use mujaz::Error;
use mujaz::model::Task;
use mujaz::model::hub::{Hub, Problem};
use mujaz::progress::{Event, Silent};

use crate::server::{COMMIT, REPOSITORY, Reply, Site, id, noise, sha256};
use crate::world::{BIN, Record, World, is};

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
