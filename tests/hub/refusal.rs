//! What the hub refuses, and the remedy that is told.

use mujaz::Error;
use mujaz::model::hub::Problem;
use mujaz::progress::Silent;

use crate::server::{REPOSITORY, Reply, Site};
use crate::world::{BIN, World, is};

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
