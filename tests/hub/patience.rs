//! A hub that is busy or says nothing.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use mujaz::Error;
use mujaz::model::hub::Problem;

use crate::server::{REPOSITORY, Reply, Site, noise};
use crate::world::{BIN, Record, World, is};

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
