//! The program as a user meets it: what it prints where, how it ends, and what it leaves behind.
#![cfg(feature = "cli")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const ARTICLE: &str = "اتفاق على إعادة فتح المعبر\n\n\
    أعلنت الوزارة، اليوم الأحد، إعادة فتح المعبر أمام المسافرين. وقال الوزير إن العمل يبدأ غداً.\n\n\
    اقرأ أيضاً: انطلاق المحادثات في العاصمة\n\nاخترنا لك\n";

/// The program with no models pulled, no matter whose machine this is.
fn mujaz(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mujaz"));
    command.current_dir(folder).env("HF_HOME", folder.join("hf")).env("MUJAZ_DATA", folder.join("data"));
    command.env("XDG_CONFIG_HOME", folder.join("config")).env_remove("HF_HUB_CACHE").stdin(Stdio::null());
    command
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file in a temporary folder");
    path
}

fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("an exit status"), text(stdout), text(stderr))
}

fn files_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_product_is_on_standard_output_and_nothing_else_is() {
    let folder = folder();
    write(folder.path(), "article.txt", ARTICLE);
    let (status, out, err) = run(mujaz(folder.path()).args(["brief", "--model", "echo", "article.txt"]));
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("أعلنت الوزارة") && out.contains("s2.1"), "{out}");
}

#[test]
fn standard_input_is_read_with_and_without_a_dash() {
    let folder = folder();
    for arguments in [&["translate", "--model", "echo"][..], &["translate", "--model", "echo", "-"]] {
        let mut child = mujaz(folder.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("piped").write_all(ARTICLE.as_bytes()).expect("the program reads");
        let output = child.wait_with_output().expect("the program ends");
        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stdout).contains("المعبر"));
    }
}

#[test]
fn the_extension_of_the_output_decides_its_format() {
    let folder = folder();
    write(folder.path(), "article.txt", ARTICLE);
    for (name, beginning) in [("out.json", "{"), ("out.html", "<!"), ("out.md", "#"), ("out.txt", "")] {
        let (status, out, err) =
            run(mujaz(folder.path()).args(["brief", "--model", "echo", "article.txt", "-o", name]));
        assert_eq!((status, out.as_str()), (0, ""), "{err}");
        let written = std::fs::read_to_string(folder.path().join(name)).expect("the output is there");
        assert!(written.trim_start().to_lowercase().starts_with(beginning) && !written.is_empty(), "{name}: {written}");
    }
}

#[test]
fn several_articles_become_lines_of_json_or_files_in_a_folder() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("other")).expect("a folder");
    write(folder.path(), "one.txt", ARTICLE);
    write(folder.path(), "other/one.txt", ARTICLE);
    write(folder.path(), "two.txt", ARTICLE);
    let inputs = ["one.txt", "other/one.txt", "two.txt"];
    let (status, out, err) =
        run(mujaz(folder.path()).args(["brief", "--model", "echo", "--format", "json"]).args(inputs));
    assert_eq!(status, 0, "{err}");
    let sources: Vec<String> = out
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).expect("an object a line");
            value["article"]["source"].as_str().expect("a name").to_owned()
        })
        .collect();
    assert_eq!(sources, inputs);
    let (status, _, err) =
        run(mujaz(folder.path()).args(["brief", "--model", "echo", "--format", "json", "-o", "out/"]).args(inputs));
    assert_eq!(status, 0, "{err}");
    assert_eq!(files_in(&folder.path().join("out")), ["one-2.json", "one.json", "two.json"]);
    let (status, _, err) =
        run(mujaz(folder.path()).args(["brief", "--model", "echo", "--format", "html"]).args(inputs));
    assert_eq!(status, 2);
    assert!(err.contains("-o DIR/"), "{err}");
}

#[test]
fn strict_ends_with_1_where_an_error_stands_and_with_0_where_none_does() {
    let folder = folder();
    write(folder.path(), "arabic.txt", ARTICLE);
    let english = "Ministers agree on the crossing\n\n\
        The two ministers met in Amman on Sunday. They agreed to reopen the crossing after 15 months of talks.\n";
    write(folder.path(), "english.txt", english);
    for format in ["text", "markdown", "json", "html"] {
        // What the echo gives back is Arabic left in the English, in every sentence.
        let arguments = ["--model", "echo", "arabic.txt", "--format", format];
        for command in ["brief", "translate"] {
            let (status, out, err) = run(mujaz(folder.path()).arg(command).args(arguments).arg("--strict"));
            assert_eq!(status, 1, "{command} {format}: {err}");
            assert!(out.contains("left in Arabic"), "{command} {format}");
            assert!(err.contains("--strict") && err.contains("error"), "{err}");
            assert_eq!(run(mujaz(folder.path()).arg(command).args(arguments)).0, 0, "{command} {format}");
        }
        let (status, _, err) =
            run(mujaz(folder.path()).args(["summarize", "--strict", "english.txt", "--format", format]));
        assert_eq!((status, err.as_str()), (0, ""), "{format}");
    }
}

#[test]
fn a_brief_comes_in_the_style_and_length_that_is_asked_for() {
    let folder = folder();
    let english = "Ministers agree on the crossing\n\n\
        The two ministers met in Amman on Sunday. They agreed to reopen the crossing after 15 months of talks.\n\n\
        Lorries have waited at the border since the spring of last year. Traders welcomed the decision at once.\n";
    write(folder.path(), "article.txt", english);
    let brief = |arguments: &[&str]| {
        let (status, out, err) =
            run(mujaz(folder.path()).args(["summarize", "--format", "json", "article.txt"]).args(arguments));
        assert_eq!(status, 0, "{err}");
        let document: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        (document["brief"]["style"].clone(), document["brief"]["text"].as_str().expect("a text").to_owned())
    };
    let headline = "Ministers agree on the crossing\n";
    let (style, text) = brief(&[]);
    assert!(style == "bullets" && text.starts_with(headline), "{text}");
    let (style, text) = brief(&["--style", "wire", "--words", "9"]);
    assert_eq!(style, "wire");
    assert_eq!(text, format!("{headline}The two ministers met in Amman on Sunday."));
    let (style, text) = brief(&["--style", "one-line"]);
    assert!(style == "one-line" && text == "The two ministers met in Amman on Sunday.", "{text}");
    let (status, _, err) = run(mujaz(folder.path()).args(["summarize", "--style", "haiku", "article.txt"]));
    assert!(status == 2 && err.contains("one-line"), "{err}");
}

#[test]
fn an_article_is_never_overwritten_by_its_translation() {
    let folder = folder();
    write(folder.path(), "one.txt", ARTICLE);
    for output in ["one.txt", "./"] {
        let (status, _, err) =
            run(mujaz(folder.path()).args(["brief", "--model", "echo", "--format", "text", "one.txt", "-o", output]));
        assert_eq!(status, 2, "{err}");
        assert!(err.contains("the article itself"), "{err}");
        assert_eq!(std::fs::read_to_string(folder.path().join("one.txt")).expect("it is there"), ARTICLE);
        assert_eq!(files_in(folder.path()), ["one.txt"]);
    }
}

#[test]
fn one_bad_article_does_not_stop_the_others() {
    let folder = folder();
    write(folder.path(), "good.txt", ARTICLE);
    write(folder.path(), "bad.pdf", "%PDF-1.7\n%âãÏÓ\n");
    let (status, out, err) = run(mujaz(folder.path()).args(["brief", "--model", "echo", "bad.pdf", "good.txt"]));
    assert_eq!(status, 2);
    assert!(out.contains("المعبر") && err.contains("PDF"), "{out}{err}");
}

#[test]
fn what_cannot_be_read_is_named_with_what_mends_it_and_leaves_no_output() {
    let folder = folder();
    write(folder.path(), "article.pdf", "%PDF-1.7\n%âãÏÓ\n");
    write(folder.path(), "image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    write(folder.path(), "empty.txt", "");
    write(folder.path(), "blank.txt", " \n\n\t\n");
    write(folder.path(), "binary.txt", [0u8, 159, 146, 150, 0, 0, 1, 2].repeat(50));
    let english = "The committee met on Tuesday and approved the budget for the coming year after a long debate.";
    write(folder.path(), "english.txt", english);
    let persian = "نشست سران روز پنجشنبه در تهران برگزار می‌شود و گفت‌وگوها درباره همکاری‌های اقتصادی ادامه خواهد یافت.";
    write(folder.path(), "persian.txt", persian);
    let cases = [
        ("nowhere.txt", "nowhere.txt", "spelling"),
        ("article.pdf", "PDF", "HTML"),
        ("image.png", "image", ""),
        ("empty.txt", "no text", "article"),
        ("blank.txt", "no text", "article"),
        ("binary.txt", "binary.txt", ""),
        ("english.txt", "English", "--language"),
        ("persian.txt", "Persian", "--language"),
        (".", "cannot read", "folder"),
    ];
    for (name, named, hint) in cases {
        let (status, out, err) = run(mujaz(folder.path()).args(["brief", "--model", "echo", name, "-o", "out.txt"]));
        assert_eq!((status, out.as_str()), (2, ""), "{name}: {err}");
        assert!(err.starts_with("error: ") && err.contains(named), "{name}: {err}");
        assert!(err.contains("hint: ") && err.contains(hint), "{name}: {err}");
        assert!(!folder.path().join("out.txt").exists(), "{name}");
        assert!(!files_in(folder.path()).iter().any(|file| file.starts_with(".mujaz")), "{name}");
    }
    let go_on = ["translate", "--model", "echo", "--language", "ar", "persian.txt"];
    assert_eq!(run(mujaz(folder.path()).args(go_on)).0, 0);
}

#[test]
fn a_model_that_is_not_there_or_not_whole_is_named() {
    let folder = folder();
    write(folder.path(), "article.txt", ARTICLE);
    std::fs::create_dir(folder.path().join("model")).expect("a folder");
    let missing = run(mujaz(folder.path()).args(["brief", "--model", "no-such-model", "article.txt"]));
    assert_eq!(missing.0, 2);
    assert!(missing.2.contains("no-such-model") && missing.2.contains("mujaz models list"), "{}", missing.2);
    let empty = run(mujaz(folder.path()).args(["brief", "--model", "./model", "article.txt"]));
    assert_eq!(empty.0, 2);
    assert!(empty.2.contains("config.json") && empty.2.contains("hint: "), "{}", empty.2);
    write(folder.path(), "model/config.json", r#"{"model_type": "gpt_neox", "vocab_size": 10}"#);
    let unknown = run(mujaz(folder.path()).args(["brief", "--model", "./model", "article.txt"]));
    assert_eq!(unknown.0, 2);
    assert!(unknown.2.contains("gpt_neox"), "{}", unknown.2);
}

#[cfg(feature = "demo")]
#[test]
fn the_demonstration_model_says_what_it_is() {
    let folder = folder();
    write(folder.path(), "article.txt", ARTICLE);
    let arguments = ["brief", "--beam", "1", "--format", "json", "article.txt"];
    let (status, out, err) = run(mujaz(folder.path()).args(arguments));
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("demonstration") && err.contains("mujaz models pull"), "{err}");
    let document: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(document["provenance"]["translator"]["demonstration"], true);
    let english = document["sections"][1]["target"]["text"].as_str().expect("a translation");
    assert!(english.is_ascii() && english.split(' ').count() > 5, "{english}");
    let (_, _, err) = run(mujaz(folder.path()).args(["-q", "translate", "--beam", "1", "article.txt"]));
    assert_eq!(err, "");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_closed_pipe_is_no_error() {
        let folder = folder();
        write(folder.path(), "article.txt", ARTICLE.repeat(2000));
        let mut child = mujaz(folder.path())
            .args(["translate", "--model", "echo", "article.txt"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let full = Path::new("/dev/full");
        if !full.exists() {
            println!("skipped: this system has no /dev/full");
            return;
        }
        let folder = folder();
        write(folder.path(), "article.txt", ARTICLE);
        let (status, _, err) =
            run(mujaz(folder.path()).args(["brief", "--model", "echo", "article.txt", "-o", "/dev/full"]));
        assert_eq!(status, 2);
        assert!(err.contains("cannot write /dev/full") && err.contains("hint: "), "{err}");
        let file = std::fs::OpenOptions::new().write(true).open(full).expect("it can be opened");
        let output = mujaz(folder.path())
            .args(["brief", "--model", "echo", "article.txt"])
            .stdout(file)
            .stderr(Stdio::piped())
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
    }

    #[test]
    fn an_existing_output_keeps_its_place_until_the_new_one_is_whole() {
        let folder = folder();
        write(folder.path(), "article.txt", ARTICLE);
        write(folder.path(), "real.txt", "before");
        std::os::unix::fs::symlink("real.txt", folder.path().join("link.txt")).expect("a link");
        let failing = ["brief", "--model", "no-such-model", "article.txt", "-o", "link.txt"];
        assert_eq!(run(mujaz(folder.path()).args(failing)).0, 2);
        let read = || std::fs::read_to_string(folder.path().join("real.txt")).expect("it is there");
        assert_eq!(read(), "before");
        assert_eq!(run(mujaz(folder.path()).args(["brief", "--model", "echo", "article.txt", "-o", "link.txt"])).0, 0);
        assert!(read().contains("المعبر"));
        assert!(folder.path().join("link.txt").is_symlink());
    }

    #[cfg(feature = "demo")]
    #[test]
    fn ctrl_c_stops_the_translation_and_leaves_nothing_half_written() {
        let folder = folder();
        write(folder.path(), "article.txt", ARTICLE.repeat(300));
        let mut child = mujaz(folder.path())
            .args(["translate", "article.txt", "-o", "out.txt"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // The output is opened after Ctrl-C is caught and before the work begins.
        let opened = || files_in(folder.path()).iter().any(|file| file.starts_with(".mujaz"));
        for _ in 0..600 {
            if opened() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(opened(), "the output was never opened");
        let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
        assert!(killed.success());
        let status = child.wait().expect("the program ends");
        assert_eq!(status.code(), Some(130));
        assert_eq!(files_in(folder.path()), ["article.txt"]);
    }
}

#[test]
fn eval_counts_pairs_and_not_empty_lines() {
    let folder = folder();
    write(
        folder.path(),
        "pairs.tsv",
        "قال الوزير\tThe minister said\n\nوصل الوفد\tThe delegation arrived\nغادر\tHe left\n",
    );
    let eval = |arguments: &[&str]| run(mujaz(folder.path()).args(["eval", "--model", "echo"]).args(arguments));
    let (status, out, err) = eval(&["pairs.tsv", "--first", "2", "--save", "ours.en"]);
    assert_eq!(status, 0, "{err}");
    assert!(out.starts_with("2 pairs"), "{out}");
    assert_eq!(std::fs::read_to_string(folder.path().join("ours.en")).unwrap().lines().count(), 2);
    assert_eq!(eval(&["pairs.tsv", "--first", "0"]).0, 2);
    write(folder.path(), "empty.tsv", "\n\n");
    let (status, _, err) = eval(&["empty.tsv"]);
    assert_eq!(status, 2, "{err}");
    write(folder.path(), "empty.en", "");
    assert_eq!(run(mujaz(folder.path()).args(["eval", "--hypotheses", "empty.en", "--references", "empty.en"])).0, 2);
    let (status, _, err) = eval(&["pairs.tsv", "--save", "missing/ours.en"]);
    assert!(status == 2 && err.contains("missing"), "{err}");
}

#[test]
fn the_form_of_a_brief_that_is_not_written_is_told_to_do_nothing() {
    let folder = folder();
    write(folder.path(), "article.txt", ARTICLE);
    let none = ["brief", "--model", "echo", "--summarizer", "none", "article.txt"];
    let (status, _, err) = run(mujaz(folder.path()).args(none).args(["--words", "80"]));
    assert!(status == 0 && err.contains("--summarizer none"), "{err}");
    assert_eq!(run(mujaz(folder.path()).args(none)).2, "");
}
