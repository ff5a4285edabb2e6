//! Models: the catalogue, the store of what was pulled, and the hub it comes from.

mod bytes;
mod files;

pub use bytes::Bytes;
#[cfg(feature = "demo")]
pub use files::Demo;
pub use files::{Directory, Files};
