//! The demonstration model as an opened one.

use super::catalogue::Catalogue;
use super::digest::Digests;
use super::files::Demo;
use super::opened::Opened;
use crate::translate::Provenance;

/// The demonstration model, compiled into the program.
pub fn demo() -> Opened {
    let manifest = Catalogue::bundled().get(Demo::NAME).expect("a test finds it in the catalogue").clone();
    let digest = |(name, bytes): &(&str, &[u8])| ((*name).to_string(), Digests::of_bytes(bytes).sha256);
    let provenance = Provenance {
        name: Demo::NAME.into(),
        files: Demo::FILES.iter().map(digest).collect(),
        license: Some(manifest.license.spdx.clone()),
        demonstration: true,
        ..Provenance::default()
    };
    Opened { files: Box::new(Demo), manifest, provenance }
}
