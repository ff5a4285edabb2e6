//! `mujaz doctor`: what this program and this machine can do.

use std::io::Write as _;
use std::path::Path;

use clap::Args;
use mujaz::model::{Store, Task};
use mujaz::nn::{Device, Kernel, Placement, Precision, f32_kernel, memory};
use serde_json::{Value, json};

use super::Outcome;
use super::failure::{Failure, wrote};
use super::size::Size;
use super::store::StoreOptions;
use super::terminal::Terminal;

/// Say what this program and this machine can do, and what would use a network
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// One JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreOptions,
}

const FEATURES: &[(&str, bool)] = &[
    ("hub", cfg!(feature = "hub")),
    ("demo", cfg!(feature = "demo")),
    ("cuda", cfg!(feature = "cuda")),
    ("cudnn", cfg!(feature = "cudnn")),
    ("metal", cfg!(feature = "metal")),
    ("accelerate", cfg!(feature = "accelerate")),
    ("mkl", cfg!(feature = "mkl")),
];

const DEVICES: &[Device] = &[Device::Cpu, Device::Cuda(0), Device::Metal];

const PRECISIONS: &[Precision] = &[Precision::F32, Precision::Bf16, Precision::F16, Precision::Int8];

impl Doctor {
    /// Prints the report on standard output.
    pub(crate) fn run(self, _terminal: &Terminal) -> Result<Outcome, Failure> {
        let store = self.store.open()?;
        let report = report(&store, &self.store)?;
        let mut out = std::io::stdout().lock();
        if self.json {
            let text = serde_json::to_string_pretty(&report).expect("it is made of plain values");
            writeln!(out, "{text}").map_err(wrote)?;
            return Ok(Outcome::Done);
        }
        for (label, text) in lines(&report) {
            writeln!(out, "{label:12} {text}").map_err(wrote)?;
        }
        Ok(Outcome::Done)
    }
}

fn report(store: &Store, options: &StoreOptions) -> Result<Value, Failure> {
    let config = store.config();
    let features: Vec<_> = FEATURES.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
    let pulled = store.list()?;
    let models = pulled.iter().map(|pulled| {
        json!({"name": pulled.name, "size": pulled.size(), "commit": pulled.commit, "verified": store.is_verified(pulled)})
    });
    let models: Vec<_> = models.collect();
    Ok(json!({
        "mujaz": env!("CARGO_PKG_VERSION"),
        "features": features,
        "platform": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "threads": rayon::current_num_threads(),
        "memory": memory::available(),
        "int8": Kernel::best().name(),
        "f32": f32_kernel(),
        "devices": DEVICES.iter().map(device).collect::<Vec<_>>(),
        "cache": {"path": config.cache, "exists": config.cache.is_dir(), "free": free(&config.cache)},
        "lock": config.lock,
        "manifests": config.manifests,
        "models": models,
        "translator": default(store, Task::Translate)?,
        "summarizer": default(store, Task::Summarize)?,
        "network": network(options),
    }))
}

/// What a device computes in, or why it cannot be used.
fn device(device: &Device) -> Value {
    let works = |precision: &&Precision| Placement::new(*device, **precision).is_ok();
    let precisions: Vec<_> = PRECISIONS.iter().filter(works).map(ToString::to_string).collect();
    let problem = Placement::new(*device, Precision::Auto).err().map(|error| error.to_string());
    json!({"device": device.to_string(), "precisions": precisions, "problem": problem})
}

/// Bytes that are free where a folder is, or will be.
fn free(folder: &Path) -> Option<u64> {
    fs4::available_space(folder.ancestors().find(|folder| folder.exists())?).ok()
}

/// What is used for a task if nothing is named.
fn default(store: &Store, task: Task) -> mujaz::Result<Option<String>> {
    let pulled = store.list()?;
    let name = store.catalogue().of_task(task).find(|manifest| pulled.iter().any(|p| p.name == manifest.name));
    let demonstration = cfg!(feature = "demo") && task == Task::Translate;
    Ok(name.map(|manifest| manifest.name.clone()).or_else(|| demonstration.then(|| "demo-ar-en".into())))
}

/// What would use a network: with the feature `hub` two commands, without it nothing.
#[cfg(feature = "hub")]
fn network(options: &StoreOptions) -> Value {
    let config = options.hub_config();
    let commands: &[&str] =
        if config.offline { &[] } else { &["models pull", "models show NAME (if it is not pulled)"] };
    json!({
        "commands": commands,
        "offline": config.offline,
        "endpoint": config.endpoint,
        "token": config.token.is_some(),
        "proxy": config.proxy.is_some(),
    })
}

#[cfg(not(feature = "hub"))]
fn network(options: &StoreOptions) -> Value {
    json!({"commands": [], "offline": options.is_offline()})
}

/// The report for people.
fn lines(report: &Value) -> Vec<(&'static str, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let words = |value: &Value| {
        let items = value.as_array().into_iter().flatten();
        items.filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
    };
    let size = |value: &Value| value.as_u64().map_or("unknown".into(), |bytes| Size(bytes).to_string());
    let mut lines = vec![
        ("mujaz", text(&report["mujaz"])),
        ("features", words(&report["features"])),
        ("platform", text(&report["platform"])),
        ("threads", report["threads"].to_string()),
        ("memory", format!("{} available", size(&report["memory"]))),
    ];
    for device in report["devices"].as_array().into_iter().flatten() {
        let problem = device["problem"].as_str();
        let state = problem.map_or_else(|| words(&device["precisions"]), |problem| format!("not used: {problem}"));
        lines.push(("device", format!("{}: {state}", text(&device["device"]))));
    }
    lines.push((
        "precision",
        format!(
            "on the CPU auto is int8 for Marian models, here with {}: on the demonstration model chrF2++ stays within \
             0.3 of f32 and the mean log-probability of a token within 0.02; f32 for the others, which were not measured, \
             here with {}",
            text(&report["int8"]),
            text(&report["f32"])
        ),
    ));
    let cache = &report["cache"];
    lines.push(("cache", format!("{}, {} free", text(&cache["path"]), size(&cache["free"]))));
    lines.push(("lock", text(&report["lock"])));
    for model in report["models"].as_array().into_iter().flatten() {
        let state = if model["verified"] == true { "verified" } else { "not verified yet" };
        lines.push(("pulled", format!("{}, {}, {state}", text(&model["name"]), size(&model["size"]))));
    }
    let or = |value: &Value, other: &str| value.as_str().unwrap_or(other).to_string();
    lines.push(("translator", or(&report["translator"], "none: mujaz models pull opus-mt-tc-big-ar-en")));
    lines.push(("summarizer", or(&report["summarizer"], "none is pulled: briefs are extractive")));
    let network = &report["network"];
    let commands: Vec<_> = network["commands"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    lines.push((
        "network",
        match commands.is_empty() {
            true => "nothing will use one".into(),
            false => format!("used by {} alone, to reach {}", commands.join(" and "), text(&network["endpoint"])),
        },
    ));
    lines
}
