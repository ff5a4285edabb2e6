//! `mujaz models show`: all that is known of a model.

use std::io::Write as _;
use std::path::Path;

use clap::Args;
use mujaz::model::{Manifest, Name, Pulled};
use serde_json::json;

use super::list::state;
use crate::cli::Outcome;
use crate::cli::failure::{Failure, wrote};
use crate::cli::size::Size;
use crate::cli::store::StoreOptions;
use crate::cli::terminal::Terminal;

/// Show what is known of a model; one that is not pulled is looked up at the hub
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Name of the catalogue, org/repo or org/repo@revision
    #[arg(value_name = "NAME")]
    name: String,
    /// One JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreOptions,
}

/// What a pull would get: commit, licence, and name and size of each file.
struct Offer {
    manifest: Manifest,
    commit: String,
    license: Option<String>,
    files: Vec<(String, u64)>,
}

impl Show {
    pub(super) fn run(self, terminal: &Terminal) -> Result<Outcome, Failure> {
        let store = self.store.open()?;
        let name = store.name(&self.name)?;
        let pulled = store.find(&name)?;
        let listed = match &name {
            Name::Catalogue { name, .. } => store.catalogue().get(name),
            _ => None,
        };
        let offer = match &pulled {
            Some(_) => None,
            None if listed.is_some_and(|manifest| manifest.repository.is_none()) => None,
            None => match self.ask(&store, &name, terminal) {
                Ok(offer) => offer,
                // What the catalogue knows is shown also without the hub.
                Err(error) if listed.is_some() => {
                    terminal.error(&error);
                    None
                }
                Err(error) => return Err(error.into()),
            },
        };
        let manifest = listed.or(pulled.as_ref().map(|pulled| &pulled.manifest));
        let Some(manifest) = manifest.or(offer.as_ref().map(|offer| &offer.manifest)) else {
            return Err(super::pulled(&store, &name).expect_err("it was looked for above").into());
        };
        let mut out = std::io::stdout().lock();
        if self.json {
            let pulled = pulled.as_ref().map(|pulled| state(&store, pulled));
            let offer = offer.as_ref().map(|offer| {
                let files: Vec<_> =
                    offer.files.iter().map(|(name, size)| json!({"name": name, "size": size})).collect();
                json!({"commit": offer.commit, "license": offer.license, "files": files})
            });
            let value = json!({"manifest": manifest, "pulled": pulled, "hub": offer});
            writeln!(out, "{}", serde_json::to_string_pretty(&value).expect("it is made of plain values"))
                .map_err(wrote)?;
            return Ok(Outcome::Done);
        }
        let mut lines = facts(manifest);
        lines.extend(here(&name, manifest, pulled.as_ref(), store.config().cache.as_path(), offer.as_ref()));
        writeln!(out, "{name}: {}", manifest.summary).map_err(wrote)?;
        let mut last = "";
        for (label, text) in &lines {
            let shown = if last == *label { "" } else { label };
            writeln!(out, "  {shown:11} {text}").map_err(wrote)?;
            last = label;
        }
        Ok(Outcome::Done)
    }

    #[cfg(feature = "hub")]
    fn ask(&self, store: &mujaz::model::Store, name: &Name, terminal: &Terminal) -> mujaz::Result<Option<Offer>> {
        if self.store.is_offline() {
            return Ok(None);
        }
        let plan = self.store.hub().plan(store, name, terminal)?;
        let files = plan.files().map(|(name, size)| (name.to_string(), size)).collect();
        Ok(Some(Offer { manifest: plan.manifest, commit: plan.commit, license: plan.license, files }))
    }

    #[cfg(not(feature = "hub"))]
    fn ask(&self, _: &mujaz::model::Store, _: &Name, _: &Terminal) -> mujaz::Result<Option<Offer>> {
        Ok(None)
    }
}

type Line = (&'static str, String);

/// What the manifest says.
fn facts(manifest: &Manifest) -> Vec<Line> {
    let mut lines = vec![
        ("task", format!("{}, {} to {}", manifest.task, manifest.source.language, manifest.target.language)),
        ("family", manifest.family.to_string()),
    ];
    if manifest.parameters > 0 {
        lines.push(("parameters", format!("{:.0} million", manifest.parameters as f64 / 1e6)));
    }
    if let Some(repository) = &manifest.repository {
        lines.push(("repository", format!("{repository}, revision {}", manifest.revision)));
    }
    let commercial = match manifest.license.commercial {
        Some(true) => ", commercial use allowed",
        Some(false) => ", not for commercial use",
        None => "",
    };
    lines.push(("licence", format!("{}{commercial}", manifest.license.spdx.replace("NOASSERTION", "not stated"))));
    lines.extend(manifest.quality.iter().map(|figure| {
        ("quality", format!("{} {} on {} ({})", figure.score, figure.metric, figure.test, figure.source))
    }));
    lines.extend(manifest.notes.iter().map(|note| ("note", note.clone())));
    lines
}

/// What is here, or would be pulled.
fn here(name: &Name, manifest: &Manifest, pulled: Option<&Pulled>, cache: &Path, offer: Option<&Offer>) -> Vec<Line> {
    let mut lines = Vec::new();
    match (pulled, offer) {
        (Some(pulled), _) => {
            lines.push(("here", format!("{} in {}", Size(pulled.size()), cache.display())));
            lines.push(("commit", pulled.commit.clone()));
            lines.extend(pulled.files.iter().map(|file| ("files", format!("{:>9}  {}", Size(file.size), file.name))));
        }
        (None, Some(offer)) => {
            let size = offer.files.iter().fold(0, |sum: u64, (_, size)| sum.saturating_add(*size));
            lines.push(("here", format!("no; mujaz models pull {name} gets {}", Size(size))));
            lines.push(("commit", offer.commit.clone()));
            lines.extend(offer.license.iter().map(|license| ("licence", format!("{license}, as its card says"))));
            lines.extend(offer.files.iter().map(|(name, size)| ("files", format!("{:>9}  {name}", Size(*size)))));
        }
        (None, None) if manifest.repository.is_none() => lines.push(("here", "part of the program".into())),
        (None, None) => {
            lines.push(("here", format!("no; mujaz models pull {name} gets about {}", Size(manifest.download))));
        }
    }
    lines
}
