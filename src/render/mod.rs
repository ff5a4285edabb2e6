//! [`Document`](crate::pipeline::Document) to bytes: one file a format.
