//! Whole models through the program: a text in, the text that transformers gives out; and what is refused, before anything
//! is written.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use serde_json::{Value, json};

/// A model that `tests/golden/whole/make.py` made.
fn whole(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/whole").join(name)
}

fn expected(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(whole(name).join("expected.json")).unwrap()).unwrap()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
}

/// How the program ends with these arguments, and what it prints, with no models pulled.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mujaz"));
    command.current_dir(folder).env("HF_HOME", folder.join("hf")).env("MUJAZ_DATA", folder.join("data"));
    command.env("XDG_CONFIG_HOME", folder.join("config")).env_remove("HF_HUB_CACHE").stdin(Stdio::null());
    let output = command.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The document that the program prints, computed as transformers computes: in single precision.
fn document(folder: &Path, arguments: &[&str]) -> Value {
    let (status, out, err) = run(folder, &[arguments, &["--format", "json", "--precision", "f32"]].concat());
    assert_eq!(status, 0, "{arguments:?}: {err}");
    serde_json::from_str(&out).unwrap()
}

fn folder_with(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("article.txt"), text).unwrap();
    folder
}

const TRANSLATORS: &[&str] = &["marian-many", "m2m100", "nllb", "mbart50", "mbart", "mt5-tasks", "madlad"];
const SUMMARIZERS: &[&str] = &["bart", "pegasus", "t5"];

#[test]
fn every_translator_writes_what_transformers_writes_into_any_language_it_has() {
    for name in TRANSLATORS {
        let expected = expected(name);
        let folder = folder_with(&strings(&expected["sentences"]).join("\n\n"));
        for run in expected["runs"].as_array().unwrap() {
            let model = whole(name);
            let arguments =
                [&["translate", "--no-retry", "--model", model.to_str().unwrap()], &*strings(&run["arguments"])]
                    .concat();
            let document = document(folder.path(), &[&arguments[..], &["article.txt"]].concat());
            let sections = document["sections"].as_array().unwrap().iter();
            let found: Vec<&str> = sections
                .flat_map(|section| section["sentences"].as_array().unwrap())
                .map(|sentence| sentence["target"]["text"].as_str().unwrap())
                .collect();
            assert_eq!(found, strings(&run["english"]), "{name} {}", run["arguments"]);
        }
    }
}

#[test]
fn every_summarizer_writes_briefs_of_english_and_of_a_translation() {
    for name in SUMMARIZERS {
        let (expected, model) = (expected(name), whole(name));
        let folder = folder_with(expected["text"].as_str().unwrap());
        let summarizer = ["--summarizer", model.to_str().unwrap(), "article.txt"];
        let direct = document(folder.path(), &[&["summarize"], &summarizer[..]].concat());
        // The echo gives the English back as its own translation.
        let echo = ["brief", "--model", "echo", "--language", "ar"];
        let translated = document(folder.path(), &[&echo[..], &summarizer].concat());
        for document in [direct, translated] {
            let method = document["brief"]["method"].as_str().unwrap();
            assert!(method.contains(": 3 sentences read"), "{method}");
            assert_eq!(document["provenance"]["summarizer"]["name"], model.to_str().unwrap());
            let beam = if *name == "pegasus" { 8 } else { 4 };
            assert_eq!(document["provenance"]["summarizer"]["beam"], beam, "{name}");
        }
        let (_, text, _) = run(folder.path(), &[&["summarize"], &summarizer[..]].concat());
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains(&format!("beam {}): 3 sentences read", if *name == "pegasus" { 8 } else { 4 })),
            "{text}"
        );
    }
}

#[test]
fn a_long_article_is_read_whole_and_the_output_says_so() {
    let paragraph = |i: usize| {
        format!(
            "The council of town {i} met on Monday and heard the mayor for two hours. It agreed on a plan to mend {} bridges \
             before the winter. Work begins in the spring, the mayor told reporters after the meeting. Neighbours had asked \
             for it since the floods of last year.",
            i + 2
        )
    };
    let folder = folder_with(&(0..15).map(paragraph).collect::<Vec<_>>().join("\n\n"));
    for name in SUMMARIZERS {
        let model = whole(name);
        let summarize = ["summarize", "--summarizer", model.to_str().unwrap(), "article.txt"];
        let method = document(folder.path(), &summarize)["brief"]["method"].clone();
        // The name of the model, what was read, and perhaps what became of it.
        let read = method.as_str().unwrap().split([':', ';']).nth(1).unwrap().trim().to_owned();
        let parts =
            read.strip_prefix("60 sentences read in ").and_then(|rest| rest.strip_suffix(" parts, then together"));
        assert!(parts.unwrap().parse::<u32>().unwrap() > 1, "{read}");
        let (_, text, _) = run(folder.path(), &summarize);
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(&read), "{text}");
    }
}

#[test]
fn a_language_that_the_model_lacks_is_refused_with_those_it_has() {
    let folder = folder_with("وقال المتحدث إن العمل يبدأ صباح الأحد.");
    for (name, option, code, listed) in [
        ("nllb", "--source-lang", "arq", "apc_Arab, arb_Arab"),
        ("nllb", "--target-lang", "zho", "zho_Hans, zho_Hant"),
        ("mbart50", "--source-lang", "arz", "translates from ar_AR, cs_CZ"),
        ("m2m100", "--target-lang", "tlh", "translates to af, am, ar"),
        ("madlad", "--target-lang", "de", "translates to en, ar, fr, zh_Latn, fa"),
        ("marian-many", "--target-lang", "es", "translates to eng, fra, deu_Latn"),
        ("marian-many", "--source-lang", "fa", "translates from ar"),
        ("mbart", "--target-lang", "fa", "translates to ar_AR, cs_CZ"),
    ] {
        let model = whole(name);
        let arguments = ["translate", "--model", model.to_str().unwrap(), option, code, "article.txt", "-o", "out.txt"];
        let (status, out, err) = run(folder.path(), &arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{name}: {err}");
        assert!(err.contains(option) && err.contains(code) && err.contains(listed), "{name}: {err}");
        assert!(!folder.path().join("out.txt").exists());
    }
}

/// What is done to the files of a model.
enum Change {
    Config(&'static str, Value),
    Generation(&'static str, Value),
    /// A file is that of another model.
    File(&'static str, &'static str),
    Tensors(fn(&mut BTreeMap<String, TensorView<'_>>)),
}

/// A copy of a model with a change to it.
fn changed(name: &str, change: &Change) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(whole(name)).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    match change {
        Change::Config(field, value) | Change::Generation(field, value) => {
            let file = if matches!(change, Change::Config(..)) { "config.json" } else { "generation_config.json" };
            let path = copy.path().join(file);
            let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            config[field] = value.clone();
            std::fs::write(path, config.to_string()).unwrap();
        }
        Change::File(file, other) => drop(std::fs::copy(whole(other).join(file), copy.path().join(file)).unwrap()),
        Change::Tensors(change) => {
            let path = copy.path().join("model.safetensors");
            let bytes = std::fs::read(&path).unwrap();
            let file = SafeTensors::deserialize(&bytes).unwrap();
            let mut tensors: BTreeMap<String, TensorView<'_>> = file.tensors().into_iter().collect();
            change(&mut tensors);
            std::fs::write(path, safetensors::serialize(tensors, None).unwrap()).unwrap();
        }
    }
    copy
}

#[test]
fn a_model_that_cannot_be_run_right_is_refused_by_name_before_anything_is_written() {
    let fc1 = "model.decoder.layers.0.fc1.weight";
    let cases = [
        ("m2m100", Change::Config("model_type", json!("whisper")), "whisper"),
        ("m2m100", Change::Config("activation_function", json!("mish")), "activation_function"),
        ("m2m100", Change::Config("d_model", json!(48)), ", 48]"),
        ("m2m100", Change::Config("pad_token_id", json!(4_294_967_000u32)), "pad_token_id"),
        (
            "nllb",
            Change::Generation("repetition_penalty", json!(0)),
            "generation_config.json has repetition_penalty = 0",
        ),
        ("mt5-tasks", Change::Config("task_specific_params", json!([])), "task_specific_params = []"),
        ("bart", Change::Config("normalize_before", json!(true)), "normalize_before"),
        ("bart", Change::Config("encoder_layers", json!(2)), "model.encoder.layers.1"),
        ("bart", Change::Config("eos_token_id", json!(5)), "config.json with token 5"),
        ("bart", Change::Config("quantization_config", json!({"quant_method": "gptq"})), "quantization_config"),
        ("bart", Change::Generation("num_beam_groups", json!(2)), "generation_config.json has num_beam_groups = 2"),
        ("nllb", Change::Generation("sequence_bias", json!([[[5], -2.0]])), "sequence_bias"),
        ("mbart50", Change::Config("guidance_scale", json!(1.5)), "config.json has guidance_scale = 1.5"),
        (
            "mt5-tasks",
            Change::Config("task_specific_params", json!({"translation_fr_to_en": {}})),
            "fr to en, not ar to en",
        ),
        ("t5", Change::Config("feed_forward_proj", json!("gated-mish")), "feed_forward_proj"),
        ("t5", Change::Config("model_type", json!("umt5")), "umt5"),
        ("m2m100", Change::Tensors(|tensors| drop(tensors.remove("model.decoder.layers.0.fc1.weight"))), fc1),
        (
            "pegasus",
            Change::Tensors(|tensors| {
                let other = tensors["model.decoder.layers.0.fc2.weight"].clone();
                tensors.insert("model.decoder.layers.0.fc1.weight".into(), other);
            }),
            "fc1.weight is [24, 32], and config.json asks for [32, 24]",
        ),
        (
            "nllb",
            Change::Tensors(|tensors| {
                let bias = tensors["model.encoder.layer_norm.bias"].clone();
                tensors.insert("model.encoder.adapter.bias".into(), bias);
            }),
            "model.encoder.adapter.bias",
        ),
        ("mbart50", Change::Config("vocab_size", json!(5540)), "config.json speaks of 5540"),
        ("madlad", Change::File("spiece.model", "pegasus"), "ends a text with token 1"),
        ("marian-many", Change::File("vocab.json", "m2m100"), "token"),
        ("bart", Change::File("vocab.json", "m2m100"), "vocab.json"),
    ];
    let english = "The two ministers met in Amman on Sunday. They agreed to reopen the crossing.";
    for (name, change, told) in cases {
        let copy = changed(name, &change);
        let model = copy.path().to_str().unwrap();
        let (folder, arguments) = if SUMMARIZERS.contains(&name) {
            (folder_with(english), ["summarize", "--summarizer", model, "article.txt", "-o", "out.txt"])
        } else {
            (
                folder_with("وقال المتحدث إن العمل يبدأ صباح الأحد."),
                ["translate", "--model", model, "article.txt", "-o", "out.txt"],
            )
        };
        let (status, out, err) = run(folder.path(), &arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{name}, {told}: {err}");
        assert!(err.starts_with("error: ") && err.contains(told) && err.contains("hint: "), "{name}, {told}: {err}");
        assert!(!folder.path().join("out.txt").exists(), "{name}, {told}");
    }
}

#[test]
fn a_model_that_does_something_else_is_refused_with_what_to_do() {
    let english = folder_with("The two ministers met in Amman on Sunday. They agreed to reopen the crossing.");
    let arabic = folder_with("وقال المتحدث إن العمل يبدأ صباح الأحد.");
    let cases = [
        ("bart", "--model", "made to summarize, not to translate", "--summarizer"),
        ("pegasus", "--model", "made to summarize, not to translate", "--summarizer"),
        ("t5", "--model", "translates en to de, not ar to en", "translation_ar_to_en"),
        ("marian-many", "--summarizer", "made to translate, not to summarize", "--model"),
        ("nllb", "--summarizer", "made to translate, not to summarize", "--model"),
        ("mbart50", "--summarizer", "made to translate, not to summarize", "--model"),
        ("mt5-tasks", "--summarizer", "made to translate, not to summarize", "--model"),
    ];
    for (name, option, told, mend) in cases {
        let model = whole(name);
        let (command, folder) = if option == "--model" { ("translate", &arabic) } else { ("summarize", &english) };
        let arguments = [command, option, model.to_str().unwrap(), "article.txt", "-o", "out.txt"];
        let (status, out, err) = run(folder.path(), &arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{name}: {err}");
        let hint = err.split("hint: ").nth(1).unwrap_or_default();
        assert!(err.contains(told) && hint.contains(mend) && hint.contains("mujaz models list"), "{name}: {err}");
        assert!(!folder.path().join("out.txt").exists(), "{name}");
    }
    // Its own word goes before what its family does.
    let copy = changed("mbart50", &Change::Config("task_specific_params", json!({"summarization": {}})));
    let (status, _, err) =
        run(english.path(), &["summarize", "--summarizer", copy.path().to_str().unwrap(), "article.txt"]);
    assert_eq!(status, 0, "{err}");
}

#[test]
fn a_t5_that_says_nothing_of_translations_gets_the_text_as_it_is_and_that_is_told() {
    let folder = folder_with("وقال المتحدث إن العمل يبدأ صباح الأحد.");
    let translate = |copy: &tempfile::TempDir| {
        let arguments = ["translate", "--model", copy.path().to_str().unwrap(), "--max-length", "8", "article.txt"];
        let (status, _, err) = run(folder.path(), &arguments);
        (status, err)
    };
    let silent = changed("mt5-tasks", &Change::Config("task_specific_params", Value::Null));
    let (status, err) = translate(&silent);
    assert_eq!((status, err.matches("texts go in as they are").count()), (0, 1), "{err}");
    let path = silent.path().join("config.json");
    let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    config["prefix"] = json!("translate Arabic to English: ");
    std::fs::write(&path, config.to_string()).unwrap();
    let (status, err) = translate(&silent);
    assert!(status == 0 && !err.contains("as they are"), "{err}");
    // One without a letter of Arabic cannot have been trained to.
    let english = changed("t5", &Change::Config("task_specific_params", Value::Null));
    let (status, err) = translate(&english);
    assert!(status == 2 && err.contains("no Arabic letters"), "{err}");
}

#[test]
fn a_t5_whose_files_name_no_start_starts_with_padding() {
    let folder = folder_with("وقال المتحدث إن العمل يبدأ صباح الأحد.");
    let text = |model: &Path| {
        let (status, out, err) = run(folder.path(), &["translate", "--model", model.to_str().unwrap(), "article.txt"]);
        assert_eq!(status, 0, "{err}");
        out.replace(model.to_str().unwrap(), "MODEL")
    };
    let copy = changed("mt5-tasks", &Change::Generation("decoder_start_token_id", Value::Null));
    let path = copy.path().join("config.json");
    let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(config["decoder_start_token_id"].take(), config["pad_token_id"]);
    std::fs::write(&path, config.to_string()).unwrap();
    assert_eq!(text(copy.path()), text(&whole("mt5-tasks")));
}

#[test]
fn that_a_model_asks_for_sampling_is_told_once() {
    let folder = folder_with("The two ministers met in Amman on Sunday. They agreed to reopen the crossing.");
    let told = |value: bool| {
        let copy = changed("bart", &Change::Generation("do_sample", json!(value)));
        let (status, _, err) =
            run(folder.path(), &["summarize", "--summarizer", copy.path().to_str().unwrap(), "article.txt"]);
        assert_eq!(status, 0, "{err}");
        err.matches("do_sample").count()
    };
    assert_eq!((told(true), told(false)), (1, 0));
    let copy = changed("nllb", &Change::Generation("do_sample", json!(true)));
    let arabic = folder_with("وقال المتحدث إن العمل يبدأ صباح الأحد.");
    let (_, _, err) = run(arabic.path(), &["translate", "--model", copy.path().to_str().unwrap(), "article.txt"]);
    assert_eq!(err.matches("do_sample").count(), 1, "{err}");
}
