//! That nothing uses a network but the hub: by what is compiled in, by what the sources name, and by running where there
//! is none.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that speak HTTP or TLS, or bring what does.
const CLIENTS: &[&str] = &[
    "ureq",
    "hf-hub",
    "reqwest",
    "hyper",
    "hyper-util",
    "isahc",
    "attohttpc",
    "minreq",
    "surf",
    "curl",
    "h2",
    "h3",
    "quinn",
    "rustls",
    "native-tls",
    "openssl",
    "openssl-sys",
    "webpki-roots",
    "tungstenite",
    "tokio-tungstenite",
];

/// The crates that a build with these features consists of.
fn tree(features: &[&str]) -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    let output = cargo.args(features).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().filter_map(|line| line.split(' ').next().map(Into::into)).collect()
}

#[test]
fn without_the_hub_no_http_client_is_compiled_in() {
    let found = |features: &[&str]| -> Vec<String> {
        let crates = tree(features);
        assert!(crates.iter().any(|name| name == "candle-core"), "the tree is not one: {crates:?}");
        CLIENTS.iter().filter(|client| crates.iter().any(|name| name == *client)).map(ToString::to_string).collect()
    };
    assert_eq!(found(&["--no-default-features", "--features", "cli"]), Vec::<String>::new());
    assert_eq!(found(&["--no-default-features", "--features", "cli,demo"]), Vec::<String>::new());
    assert!(found(&["--no-default-features", "--features", "hub"]).contains(&"ureq".into()), "the names are right");
}

/// The sources below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[test]
fn only_the_hub_names_a_network() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut hub = 0;
    for path in sources(&root) {
        let text = std::fs::read_to_string(&path).unwrap();
        let used =
            ["ureq::", "hf_hub::", "std::net", "TcpStream", "UdpSocket"].iter().find(|name| text.contains(**name));
        let Some(used) = used else { continue };
        let inside = path.strip_prefix(&root).unwrap();
        assert!(inside.starts_with("model/hub") || inside.starts_with("serve"), "{} names {used}", inside.display());
        hub += 1;
    }
    assert!(hub > 0, "the names are right");
}

#[cfg(all(target_os = "linux", feature = "cli", feature = "demo"))]
#[test]
fn the_main_job_runs_where_there_is_no_network() {
    let isolated = |program: &str| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--net", program]);
        command
    };
    if !isolated("true").output().is_ok_and(|output| output.status.success()) {
        println!("skipped: this system does not let a test have a network namespace of its own");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let article = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/articles/summit.txt");
    let output = isolated(env!("CARGO_BIN_EXE_mujaz"))
        .args(["brief", "--beam", "1", article])
        .env("HF_HOME", folder.path())
        .env("MUJAZ_DATA", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("BRIEF"));
}
