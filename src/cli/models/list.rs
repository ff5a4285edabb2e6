//! `mujaz models list`: the catalogue, and what else is here.

use std::io::Write as _;

use clap::Args;
use mujaz::model::{Manifest, Pulled, Store};
use serde_json::json;

use crate::cli::Outcome;
use crate::cli::failure::{Failure, wrote};
use crate::cli::size::Size;
use crate::cli::store::StoreOptions;

/// List the models of the catalogue and those that are pulled
#[derive(Debug, Args)]
pub(crate) struct List {
    /// One JSON array
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreOptions,
}

impl List {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let store = self.store.open()?;
        let pulled = store.list()?;
        let mut out = std::io::stdout().lock();
        if self.json {
            let text = serde_json::to_string_pretty(&entries(&store, &pulled)).expect("it is made of plain values");
            writeln!(out, "{text}").map_err(wrote)?;
            return Ok(Outcome::Done);
        }
        let rows = rows(&store, &pulled);
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<_> = (0..5).map(width).collect();
        for row in &rows {
            for (text, width) in row.iter().zip(&widths) {
                write!(out, "{text:width$}  ").map_err(wrote)?;
            }
            writeln!(out, "{}", row[5]).map_err(wrote)?;
        }
        Ok(Outcome::Done)
    }
}

type Row = [String; 6];

fn rows(store: &Store, pulled: &[Pulled]) -> Vec<Row> {
    let head = ["NAME", "TASK", "SIZE", "LICENCE", "HERE", "QUALITY"].map(Into::into);
    let listed = store.catalogue().iter().map(|manifest| {
        let found = pulled.iter().find(|pulled| pulled.name == manifest.name);
        row(store, manifest, found, manifest.name.clone())
    });
    let others = pulled.iter().filter(|pulled| store.catalogue().get(&pulled.name).is_none());
    let others = others.map(|pulled| row(store, &pulled.manifest, Some(pulled), pulled.name.clone()));
    [head].into_iter().chain(listed).chain(others).collect()
}

fn row(store: &Store, manifest: &Manifest, pulled: Option<&Pulled>, name: String) -> Row {
    let here = match pulled {
        None if manifest.repository.is_none() => "built in",
        None => "",
        Some(pulled) if store.is_verified(pulled) => "verified",
        Some(_) => "pulled",
    };
    let size = match (manifest.repository.is_none(), pulled) {
        (true, _) => String::new(),
        (_, Some(pulled)) => Size(pulled.size()).to_string(),
        (_, None) => Size(manifest.download).to_string(),
    };
    let stated = Some(&*manifest.license.spdx).filter(|spdx| *spdx != "NOASSERTION");
    let license = pulled.map_or(stated, Pulled::license).unwrap_or("not stated").to_string();
    let quality = manifest.figures().into_iter().next().unwrap_or_default();
    [name, manifest.task.to_string(), size, license, here.into(), quality]
}

fn entries(store: &Store, pulled: &[Pulled]) -> Vec<serde_json::Value> {
    let listed = store.catalogue().iter().map(|manifest| {
        let found = pulled.iter().find(|pulled| pulled.name == manifest.name);
        json!({"manifest": manifest, "pulled": found.map(|found| state(store, found))})
    });
    let others = pulled.iter().filter(|pulled| store.catalogue().get(&pulled.name).is_none());
    let others = others.map(|pulled| json!({"manifest": pulled.manifest, "pulled": state(store, pulled)}));
    listed.chain(others).collect()
}

/// What is known of a model that is here, as JSON.
pub(super) fn state(store: &Store, pulled: &Pulled) -> serde_json::Value {
    json!({
        "name": pulled.name,
        "repository": pulled.repository,
        "revision": pulled.revision,
        "commit": pulled.commit,
        "license": pulled.license,
        "locked": pulled.locked,
        "verified": store.is_verified(pulled),
        "size": pulled.size(),
        "files": pulled.files.iter().map(|file| json!({"name": file.name, "size": file.size, "path": file.path})).collect::<Vec<_>>(),
    })
}
