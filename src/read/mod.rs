//! Bytes to [`Outline`](crate::article::Outline): one file a format.
