//! Memory for weights in large pages.
//!
//! Every step of a decoder reads all its weights once. In pages of 4 kB half of the time goes into looking up where they
//! are: on virtual machines two to four times as many bytes a second arrive from pages of 2 MB.

use std::ops::{Deref, Range};
use std::sync::{Arc, Mutex, PoisonError};

use memmap2::{MmapOptions, MmapRaw};

/// What is asked of the system at a time.
const CHUNK: usize = 32 << 20;

/// Where pieces begin: at the beginning of a line of the cache.
const LINE: usize = 64;

/// Hands out pieces of memory; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Pages(Arc<Mutex<Option<Chunk>>>);

#[derive(Debug)]
struct Chunk {
    memory: Arc<MmapRaw>,
    used: usize,
}

/// A piece that was filled once and does not change any more.
#[derive(Debug)]
pub(super) struct Bytes {
    memory: Arc<MmapRaw>,
    range: Range<usize>,
}

impl Pages {
    /// So many bytes, filled by `fill`, which gets them as zeros.
    ///
    /// # Errors
    /// If the system has no more memory.
    pub(super) fn filled(&self, len: usize, fill: impl FnOnce(&mut [u8])) -> std::io::Result<Bytes> {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let size = len.next_multiple_of(LINE);
        let chunk = match &mut *current {
            Some(chunk) if chunk.memory.len() - chunk.used >= size => chunk,
            current => current.insert(Chunk { memory: Arc::new(map(size.max(CHUNK))?), used: 0 }),
        };
        let bytes = Bytes { memory: chunk.memory.clone(), range: chunk.used..chunk.used + len };
        chunk.used += size;
        drop(current);
        // SAFETY: the range lies in the chunk, and belongs to these bytes alone: it was not handed out before and never
        // will be again. Nobody else has them while they are filled.
        fill(unsafe { std::slice::from_raw_parts_mut(bytes.memory.as_mut_ptr().add(bytes.range.start), len) });
        Ok(bytes)
    }
}

fn map(len: usize) -> std::io::Result<MmapRaw> {
    let memory = MmapOptions::new().len(len).map_anon()?;
    // A system that refuses is only slower.
    #[cfg(target_os = "linux")]
    let _ = memory.advise(memmap2::Advice::HugePage);
    Ok(memory.into())
}

impl Bytes {
    /// The bytes as the numbers as which they were written.
    pub(super) fn numbers<T: Number>(&self) -> &[T] {
        // SAFETY: any bytes are such a number.
        let (before, numbers, _) = unsafe { self.align_to() };
        debug_assert!(before.is_empty(), "pieces begin at lines of the cache");
        numbers
    }
}

/// Numbers for which any bytes stand.
pub(super) trait Number {}
impl Number for f32 {}
impl Number for half::f16 {}
impl Number for half::bf16 {}
impl Number for super::amx::Line {}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the range lies in the memory, and nobody writes there once these bytes were filled.
        unsafe { std::slice::from_raw_parts(self.memory.as_ptr().add(self.range.start), self.range.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_lie_apart_and_begin_at_lines() {
        let pages = Pages::default();
        let pieces: Vec<_> = [1, 63, 64, 65, CHUNK - 100, CHUNK + 5, 0, 7]
            .iter()
            .zip(1..)
            .map(|(len, value)| {
                pages.filled(*len, |bytes| {
                    assert!(bytes.iter().all(|byte| *byte == 0));
                    bytes.fill(value);
                })
            })
            .collect::<Result<_, _>>()
            .unwrap();
        drop(pages);
        for (piece, value) in pieces.iter().zip(1..) {
            assert!(piece.iter().all(|byte| *byte == value));
            assert_eq!(piece.as_ptr() as usize % LINE, 0);
        }
    }
}
