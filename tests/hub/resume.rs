//! Files that come in pieces.

use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use mujaz::Error;
use mujaz::model::hub::Problem;

use crate::server::{COMMIT, REPOSITORY, Reply, Request, Site, noise, sha256};
use crate::world::{BIN, Record, World, is};

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
