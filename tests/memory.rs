//! What a model takes of memory while it is loaded, measured in a process of its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and tells its parent what it measured")]

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use mujaz::Error;
use mujaz::model::Directory;
use mujaz::nn::seq2seq::Seq2Seq;
use mujaz::nn::{Device, Placement, Precision};
use serde_json::{Map, Value, json};

const D: usize = 512;
const FFN: usize = 2048;
const VOCAB: usize = 16_000;
const LAYERS: usize = 4;

/// The tensors of a Marian model of that size.
fn tensors() -> Vec<(String, Vec<usize>)> {
    let mut all = vec![("model.shared.weight".into(), vec![VOCAB, D]), ("final_logits_bias".into(), vec![1, VOCAB])];
    for (part, attentions) in [("encoder", &["self_attn"][..]), ("decoder", &["self_attn", "encoder_attn"])] {
        for layer in 0..LAYERS {
            let mut add =
                |name: String, shape: &[usize]| all.push((format!("model.{part}.layers.{layer}.{name}"), shape.into()));
            for attention in attentions {
                for projection in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                    add(format!("{attention}.{projection}.weight"), &[D, D]);
                    add(format!("{attention}.{projection}.bias"), &[D]);
                }
                add(format!("{attention}_layer_norm.weight"), &[D]);
                add(format!("{attention}_layer_norm.bias"), &[D]);
            }
            for (name, inputs, outputs) in [("fc1", D, FFN), ("fc2", FFN, D)] {
                add(format!("{name}.weight"), &[outputs, inputs]);
                add(format!("{name}.bias"), &[outputs]);
            }
            add("final_layer_norm.weight".into(), &[D]);
            add("final_layer_norm.bias".into(), &[D]);
        }
    }
    all
}

/// Writes a model whose weights are zeros that no disk holds. Returns how many parameters it has.
fn write(folder: &Path, tensors: &[(String, Vec<usize>)]) -> usize {
    let stack = |part: &str| {
        let fields = [("layers", LAYERS), ("attention_heads", 8), ("ffn_dim", FFN)];
        fields.map(|(name, value)| (format!("{part}_{name}"), json!(value)))
    };
    let mut config: Map<String, Value> = stack("encoder").into_iter().chain(stack("decoder")).collect();
    config.extend([
        ("model_type".into(), json!("marian")),
        ("d_model".into(), json!(D)),
        ("vocab_size".into(), json!(VOCAB)),
        ("decoder_start_token_id".into(), json!(VOCAB - 1)),
        ("activation_function".into(), json!("relu")),
        ("max_position_embeddings".into(), json!(512)),
    ]);
    std::fs::write(folder.join("config.json"), Value::Object(config).to_string()).unwrap();
    let (mut header, mut end) = (Map::new(), 0);
    for (name, shape) in tensors {
        let start = end;
        end += 4 * shape.iter().product::<usize>();
        header.insert(name.clone(), json!({"dtype": "F32", "shape": shape, "data_offsets": [start, end]}));
    }
    let header = Value::Object(header).to_string();
    let mut file = std::fs::File::create(folder.join("model.safetensors")).unwrap();
    file.write_all(&(header.len() as u64).to_le_bytes()).unwrap();
    file.write_all(header.as_bytes()).unwrap();
    file.set_len((8 + header.len() + end) as u64).unwrap();
    end / 4
}

/// A number of `/proc/self/status`, in bytes.
fn status(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().next().unwrap().parse::<usize>().unwrap() * 1024
}

#[test]
#[ignore = "the process that the next test starts"]
fn child() {
    let Ok(folder) = std::env::var("MUJAZ_TEST_MODEL") else { return };
    let precision: Precision = std::env::var("MUJAZ_TEST_PRECISION").unwrap().parse().unwrap();
    let before = status("VmRSS:");
    let model = Seq2Seq::load(&Directory(folder.into()), &Placement::new(Device::Cpu, precision).unwrap()).unwrap();
    println!("PEAK {}", status("VmHWM:") - before);
    drop(model);
}

#[test]
fn loading_takes_at_most_a_fifth_more_than_the_weights() {
    let folder = tempfile::tempdir().unwrap();
    let parameters = write(folder.path(), &tensors());
    for (precision, bytes) in [("f32", 4), ("bf16", 2), ("f16", 2)] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env("MUJAZ_TEST_MODEL", folder.path())
            .env("MUJAZ_TEST_PRECISION", precision)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let peak = said.split_whitespace().skip_while(|word| *word != "PEAK").nth(1);
        let peak: usize = peak.unwrap_or_else(|| panic!("{said}")).parse().unwrap();
        let weights = parameters * bytes;
        assert!(peak > weights / 2 && peak * 10 <= weights * 12, "{precision}: {peak} bytes for weights of {weights}");
    }
}

#[test]
fn a_model_that_does_not_fit_is_refused_before_it_is_loaded_with_what_would_fit() {
    let folder = tempfile::tempdir().unwrap();
    let mut tensors = tensors();
    tensors.push(("model.encoder.layers.4.fc1.weight".into(), vec![1 << 20, 1 << 18]));
    write(folder.path(), &tensors);
    let Err(error) =
        Seq2Seq::load(&Directory(folder.path().into()), &Placement::new(Device::Cpu, Precision::F32).unwrap())
    else {
        panic!("a model of a terabyte was loaded")
    };
    assert!(
        matches!(error, Error::Memory { needed, available, .. } if needed > 1 << 40 && available < needed),
        "{error}"
    );
    assert!(error.to_string().contains("f32"), "{error}");
    assert!(error.hint().unwrap().contains("million parameters with --precision"), "{error}");
}
