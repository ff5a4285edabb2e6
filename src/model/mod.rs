//! Models: the catalogue, the store of what was pulled, and the hub it comes from.
