//! Which hosts are asked, and which of them sees the token.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mujaz::Error;
use mujaz::model::hub::{Problem, Token};
use mujaz::progress::Silent;

use crate::server::{Reply, Server, Site, noise, ranged, sha256};
use crate::world::{BIN, World, is};

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
