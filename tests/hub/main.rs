//! Pulling models from a hub on loopback that misbehaves in every way a hub, a proxy or a line can: each case ends in
//! right files or in a clear error, and never in a wrong file in the cache.
#![cfg(feature = "hub")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod hostile;
mod patience;
#[cfg(feature = "cli")]
mod program;
mod pull;
mod refusal;
mod resume;
mod server;
mod ways;
mod world;
