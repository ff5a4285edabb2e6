//! The program against the hub: `mujaz models` as a user runs it.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::server::{COMMIT, REPOSITORY, Reply, Site, sha256};
use crate::world::{BIN, World, is};

/// A program that knows the hub of a world and nothing else of this machine.
fn program(world: &World, arguments: &[&str]) -> Command {
    program_in(world, world.folder.path(), arguments)
}

fn program_in(world: &World, home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mujaz"));
    command.env_clear().env("HOME", home).env("HF_HUB_CACHE", home.join("hub")).env("MUJAZ_DATA", home.join("data"));
    command.env("HF_ENDPOINT", world.server.url()).arg("models").args(arguments).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap_or(-1), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_model_is_shown_pulled_listed_verified_and_removed() {
    let world = World::new();
    let (code, out, err) = run(&mut program(&world, &["show", REPOSITORY]));
    assert!(code == 0 && out.contains(COMMIT) && out.contains("apache-2.0") && out.contains(BIN), "{out}{err}");
    assert!(out.contains("no; mujaz models pull org/model gets 741 kB"), "{out}");
    let (code, out, err) = run(&mut program(&world, &["pull", REPOSITORY]));
    assert_eq!((code, &*out, &*err), (0, "org/model  0123456789ab  741 kB\n", ""), "and no bar: this is no terminal");
    world.all_right();
    let (_, out, _) = run(&mut program(&world, &["list"]));
    let line = out.lines().find(|line| line.starts_with(REPOSITORY)).unwrap();
    assert!(line.contains("translate") && line.contains("apache-2.0") && line.contains("verified"), "{line}");
    let (code, out, _) = run(&mut program(&world, &["verify"]));
    assert!(code == 0 && out.contains(&sha256(world.bytes(BIN))) && out.lines().count() == 6, "{out}");
    let asked = world.server.log().len();
    let (_, out, _) = run(&mut program(&world, &["show", REPOSITORY, "--json"]));
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&shown["pulled"]["commit"], &shown["pulled"]["verified"]), (&COMMIT.into(), &true.into()));
    assert_eq!(world.server.log().len(), asked, "of what is here nothing is asked");

    std::fs::write(world.root().join("blobs").join(sha256(world.bytes(BIN))), b"<html>").unwrap();
    let (code, out, err) = run(&mut program(&world, &["verify", REPOSITORY]));
    assert!(code == 2 && out.contains("WRONG: has 6 bytes"), "{code} {out}{err}");
    assert!(
        err.contains("model org/model: a file is wrong") && err.contains("hint: mujaz models pull org/model"),
        "{err}"
    );
    let (code, ..) = run(&mut program(&world, &["pull", "-q", REPOSITORY]));
    assert_eq!(code, 0);
    world.all_right();
    let (code, out, _) = run(&mut program(&world, &["remove", REPOSITORY]));
    assert_eq!((code, &*out), (0, "org/model  741 kB freed\n"));
    assert!(!world.root().exists());
    let (code, _, err) = run(&mut program(&world, &["remove", REPOSITORY]));
    assert!(code == 2 && err.contains("is not pulled") && err.contains("hint: mujaz models pull org/model"), "{err}");
}

#[test]
fn the_list_as_json_has_every_manifest() {
    let world = World::new();
    let (_, out, _) = run(&mut program(&world, &["list", "--json"]));
    let list: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let names: Vec<_> = list.iter().map(|entry| entry["manifest"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, mujaz::model::MANIFESTS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert!(world.server.log().is_empty());
}

#[test]
fn offline_nobody_is_asked_and_what_is_here_is_enough() {
    let world = World::new();
    let (code, _, err) = run(&mut program(&world, &["pull", "--offline", REPOSITORY]));
    assert!(code == 2 && err.contains("no network may be used") && err.contains("hint: "), "{err}");
    let (code, _, err) = run(program(&world, &["pull", REPOSITORY]).env("HF_HUB_OFFLINE", "1"));
    assert!(code == 2 && err.contains("offline"), "{err}");
    assert!(world.server.log().is_empty());
    run(&mut program(&world, &["pull", REPOSITORY]));
    let asked = world.server.log().len();
    let (code, _, err) = run(&mut program(&world, &["pull", "--offline", REPOSITORY]));
    assert!(code == 0 && err.contains("is here"), "{err}");
    assert_eq!(world.server.log().len(), asked);
}

#[test]
fn a_model_is_carried_to_a_machine_without_a_network() {
    let world = World::new();
    run(&mut program(&world, &["pull", REPOSITORY]));
    let file = world.folder.path().join("carried.zip");
    let (code, out, _) = run(&mut program(&world, &["export", REPOSITORY, "-o", file.to_str().unwrap()]));
    assert_eq!((code, out), (0, format!("{}  {}\n", sha256(&std::fs::read(&file).unwrap()), file.display())));
    let there = tempfile::tempdir().unwrap();
    let asked = world.server.log().len();
    let (code, out, err) =
        run(program_in(&world, there.path(), &["import", file.to_str().unwrap()]).env("HF_HUB_OFFLINE", "1"));
    assert_eq!((code, &*out), (0, "org/model  0123456789ab  741 kB\n"), "{err}");
    let (code, out, _) = run(&mut program_in(&world, there.path(), &["verify"]));
    assert!(code == 0 && out.lines().count() == Site::WANTED.len(), "{out}");
    // The lock travels too, and asks the hub for nothing that is here.
    let (code, _, err) = run(&mut program_in(&world, there.path(), &["pull", "--locked"]));
    assert_eq!(code, 0, "{err}");
    assert_eq!(world.server.log().len(), asked);
}

#[test]
fn two_processes_get_each_file_once() {
    let bytes = Site::marian().files[BIN].clone();
    let world = World::with(move |request, _| {
        let whole = Site::marian().file(request, BIN, &bytes);
        is(request, BIN).then(|| Reply { stall: Some((100_000, Duration::from_millis(300))), ..whole })
    });
    let start =
        || program(&world, &["pull", REPOSITORY]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let outputs = [start(), start()].map(|child| child.wait_with_output().unwrap());
    for output in &outputs {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    world.all_right();
    assert_eq!(world.server.log_of(BIN).len(), 1);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_came_and_a_kill_does_no_harm() {
    for (signal, expected) in [("-INT", Some(130)), ("-KILL", None)] {
        let bytes = Site::marian().files[BIN].clone();
        let world = World::with(move |request, before| {
            let whole = Site::marian().file(request, BIN, &bytes);
            (is(request, BIN) && before == 0)
                .then(|| Reply { stall: Some((300_000, Duration::from_secs(25))), ..whole })
        });
        let mut command = program(&world, &["pull", REPOSITORY]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let start = Instant::now();
        while std::fs::metadata(world.part(BIN)).map_or(0, |part| part.len()) < 300_000 {
            assert!(start.elapsed() < Duration::from_secs(20), "the file does not come");
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), expected);
        assert!(start.elapsed() < Duration::from_secs(10), "at once");
        if expected.is_some() {
            let err = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(err.contains("what came of org/model is kept"), "{err}");
        }
        world.nothing_wrong();
        assert_eq!(std::fs::read(world.part(BIN)).unwrap(), &world.bytes(BIN)[..300_000]);
        let (code, _, err) = run(&mut program(&world, &["pull", REPOSITORY]));
        assert_eq!(code, 0, "{err}");
        world.all_right();
        assert_eq!(world.server.log_of(BIN)[1].start(), Some(300_000));
    }
}

#[test]
fn an_error_names_its_cause_and_the_remedy() {
    let world = World::with(|request, _| {
        request.path.contains("/revision/").then(|| Reply::new(403, "").with("X-Error-Code", "GatedRepo"))
    });
    let (code, out, err) = run(&mut program(&world, &["pull", REPOSITORY]));
    let url = world.server.url();
    let expected = format!(
        "error: cannot get org/model from the hub\n  caused by: the repository is gated: its terms must be accepted first\n\
         hint: accept the terms at {url}/org/model, set HF_TOKEN to a token of that account, and pull again\n"
    );
    assert_eq!((code, &*out, &*err), (2, "", &*expected));
}

#[test]
fn doctor_says_what_is_here_and_what_would_use_a_network() {
    let world = World::new();
    run(&mut program(&world, &["pull", REPOSITORY]));
    let asked = world.server.log().len();
    let doctor = |offline: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mujaz"));
        let home = world.folder.path();
        command
            .env_clear()
            .env("HOME", home)
            .env("HF_HUB_CACHE", home.join("hub"))
            .env("MUJAZ_DATA", home.join("data"));
        command.env("HF_ENDPOINT", world.server.url()).env("HF_HUB_OFFLINE", offline).args(["doctor", "--json"]);
        let (code, out, err) = run(&mut command);
        assert_eq!((code, &*err), (0, ""));
        serde_json::from_str::<serde_json::Value>(&out).unwrap()
    };
    let report = doctor("0");
    assert_eq!(report["models"][0]["name"], REPOSITORY);
    assert_eq!(report["models"][0]["verified"], true);
    assert_eq!(report["devices"][0]["device"], "cpu");
    assert!(report["devices"][0]["precisions"].as_array().unwrap().contains(&"f32".into()));
    assert!(report["threads"].as_u64().unwrap() > 0);
    assert_eq!(report["network"]["endpoint"], *world.server.url());
    assert_eq!(report["network"]["commands"].as_array().unwrap().len(), 2);
    assert_eq!(doctor("1")["network"]["commands"], serde_json::json!([]));
    assert_eq!(world.server.log().len(), asked, "it asks nobody");
}
