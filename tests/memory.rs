//! What a model takes of memory while it is loaded, measured in a process of its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and tells its parent what it measured")]

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::Command;

use mujaz::Error;
use mujaz::model::Directory;
use mujaz::nn::seq2seq::Seq2Seq;
use mujaz::nn::{Device, Placement, Precision};
use serde_json::{Map, Value, json};

// The size of opus-mt-ar-en, the smallest of the catalogue beside the demonstration model.
const D: usize = 512;
const FFN: usize = 2048;
const VOCAB: usize = 62_834;
const LAYERS: usize = 6;

/// The tensors of a Marian model.
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

/// The tensors of a T5 with a gated feed-forward part and an output layer of its own, as Flan-T5 has them.
fn tensors_of_t5() -> Vec<(String, Vec<usize>)> {
    let mut all: Vec<_> = ["shared.weight", "lm_head.weight"].map(|name| (name.to_owned(), vec![VOCAB, D])).into();
    for (part, attentions) in [("encoder", &["SelfAttention"][..]), ("decoder", &["SelfAttention", "EncDecAttention"])]
    {
        all.push((format!("{part}.final_layer_norm.weight"), vec![D]));
        all.push((format!("{part}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"), vec![32, 8]));
        for block in 0..LAYERS {
            let mut add = |name: String, shape: &[usize]| {
                all.push((format!("{part}.block.{block}.layer.{name}.weight"), shape.into()))
            };
            for (layer, attention) in attentions.iter().enumerate() {
                ["q", "k", "v", "o"].iter().for_each(|name| add(format!("{layer}.{attention}.{name}"), &[D, D]));
            }
            let last = attentions.len();
            ["wi_0", "wi_1"].iter().for_each(|name| add(format!("{last}.DenseReluDense.{name}"), &[FFN, D]));
            add(format!("{last}.DenseReluDense.wo"), &[D, FFN]);
            (0..=last).for_each(|layer| add(format!("{layer}.layer_norm"), &[D]));
        }
    }
    all
}

fn config_of_marian() -> Value {
    json!({"model_type": "marian", "d_model": D, "vocab_size": VOCAB, "decoder_start_token_id": VOCAB - 1,
           "encoder_layers": LAYERS, "encoder_attention_heads": 8, "encoder_ffn_dim": FFN,
           "decoder_layers": LAYERS, "decoder_attention_heads": 8, "decoder_ffn_dim": FFN,
           "activation_function": "relu", "max_position_embeddings": 512})
}

fn config_of_t5() -> Value {
    json!({"model_type": "t5", "d_model": D, "vocab_size": VOCAB, "decoder_start_token_id": 0, "num_layers": LAYERS,
           "num_heads": 8, "d_kv": D / 8, "d_ff": FFN, "feed_forward_proj": "gated-gelu", "tie_word_embeddings": false})
}

/// Where each tensor begins in one run of single-precision numbers, and how many numbers there are.
fn places(tensors: &[(String, Vec<usize>)]) -> (Vec<usize>, usize) {
    let mut end = 0;
    let places = tensors.iter().map(|(_, shape)| {
        end += shape.iter().product::<usize>();
        end - shape.iter().product::<usize>()
    });
    (places.collect(), end)
}

/// Writes weights that are zeros that no disk holds. Returns how many parameters there are.
fn write(folder: &Path, config: &Value, tensors: &[(String, Vec<usize>)]) -> usize {
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let (places, count) = places(tensors);
    let mut header = Map::new();
    for ((name, shape), place) in tensors.iter().zip(places) {
        let end = place + shape.iter().product::<usize>();
        header.insert(name.clone(), json!({"dtype": "F32", "shape": shape, "data_offsets": [4 * place, 4 * end]}));
    }
    let header = Value::Object(header).to_string();
    let mut file = std::fs::File::create(folder.join("model.safetensors")).unwrap();
    file.write_all(&(header.len() as u64).to_le_bytes()).unwrap();
    file.write_all(header.as_bytes()).unwrap();
    file.set_len((8 + header.len() + 4 * count) as u64).unwrap();
    count
}

/// As [`write`], as `torch.save` does, with all tensors in one storage; tied tables are there under three names.
fn write_bin(folder: &Path, config: &Value, tensors: &[(String, Vec<usize>)]) -> usize {
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let (places, count) = places(tensors);
    let mut pickle = b"\x80\x02}(".to_vec();
    let int = |number: usize| [b"J", &(number as u32).to_le_bytes()[..]].concat();
    let text = |text: &str| [b"X", &(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat();
    let tuple = |numbers: &[usize]| {
        [b"(", &numbers.iter().flat_map(|number| int(*number)).collect::<Vec<_>>()[..], b"t"].concat()
    };
    let mut add = |name: &str, shape: &[usize], place: usize| {
        let strides: Vec<usize> = (1..=shape.len()).map(|n| shape[n..].iter().product()).collect();
        pickle.extend(text(name));
        pickle.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((");
        pickle
            .extend([text("storage"), b"ctorch\nFloatStorage\n".to_vec(), text("0"), text("cpu"), int(count)].concat());
        pickle.extend([b"tQ".to_vec(), int(place), tuple(shape), tuple(&strides)].concat());
        pickle.extend(b"\x89ccollections\nOrderedDict\n)RtR");
    };
    for ((name, shape), place) in tensors.iter().zip(places) {
        add(name, shape, place);
        if name == "model.shared.weight" {
            ["model.encoder.embed_tokens.weight", "lm_head.weight"].iter().for_each(|name| add(name, shape, place));
        }
    }
    pickle.extend(b"u.");
    // An archive of two entries that are stored as they are.
    let (mut head, mut directory) = (Vec::new(), Vec::new());
    for (name, size, content) in [("m/data.pkl", pickle.len(), &pickle[..]), ("m/data/0", 4 * count, &[][..])] {
        let sizes = [(size as u32).to_le_bytes(), (size as u32).to_le_bytes()].concat();
        let fixed = [&[20, 0][..], &[0; 12], &sizes, &(name.len() as u16).to_le_bytes(), &[0; 2]].concat();
        directory.extend(
            [b"PK\x01\x02\x14\0", &fixed[..], &[0; 10], &(head.len() as u32).to_le_bytes(), name.as_bytes()].concat(),
        );
        head.extend([b"PK\x03\x04", &fixed[..], name.as_bytes(), content].concat());
    }
    let start = (head.len() + 4 * count) as u32;
    let mut file = std::fs::File::create(folder.join("pytorch_model.bin")).unwrap();
    file.write_all(&head).unwrap();
    file.seek(SeekFrom::Start(start.into())).unwrap();
    let sizes = [(directory.len() as u32).to_le_bytes(), start.to_le_bytes()].concat();
    file.write_all(&[&directory[..], b"PK\x05\x06", &[0; 4], &[2, 0, 2, 0], &sizes, &[0; 2]].concat()).unwrap();
    count
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

/// The peak of a process that loads the model.
fn peak(folder: &Path, precision: &str) -> usize {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .env("MUJAZ_TEST_MODEL", folder)
        .env("MUJAZ_TEST_PRECISION", precision)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let peak = said.split_whitespace().skip_while(|word| *word != "PEAK").nth(1);
    peak.unwrap_or_else(|| panic!("{said} {}", String::from_utf8_lossy(&output.stderr))).parse().unwrap()
}

#[test]
fn loading_takes_at_most_a_fifth_more_than_the_weights() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [safetensors, bin, t5] = folders.each_ref().map(tempfile::TempDir::path);
    let models = [
        (safetensors, write(safetensors, &config_of_marian(), &tensors())),
        (bin, write_bin(bin, &config_of_marian(), &tensors())),
        (t5, write(t5, &config_of_t5(), &tensors_of_t5())),
    ];
    for (name, (folder, parameters)) in ["safetensors", "bin", "T5"].into_iter().zip(models) {
        for (precision, bytes) in [("f32", 4), ("bf16", 2), ("f16", 2), ("int8", 1)] {
            let (peak, weights) = (peak(folder, precision), parameters * bytes);
            println!("{name} in {precision}: {:.2} of {weights} bytes", peak as f64 / weights as f64);
            assert!(
                peak > weights / 2 && peak * 10 <= weights * 12,
                "{name} in {precision}: {peak} bytes for {weights}"
            );
        }
    }
}

#[test]
fn a_model_that_does_not_fit_is_refused_before_it_is_loaded_with_what_would_fit() {
    let folder = tempfile::tempdir().unwrap();
    let mut tensors = tensors();
    tensors.push((format!("model.encoder.layers.{LAYERS}.fc1.weight"), vec![1 << 20, 1 << 18]));
    write(folder.path(), &config_of_marian(), &tensors);
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
