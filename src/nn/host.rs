//! The values of tensors on the CPU as slices, for the operations that this crate computes itself.

use candle_core::{CpuStorage, Device, Result, Shape, Storage, Tensor};

/// Calls `f` with the values of a contiguous single-precision tensor on the CPU, without a copy.
pub(super) fn read<T>(tensor: &Tensor, f: impl FnOnce(&[f32]) -> T) -> Result<T> {
    let (storage, layout) = tensor.storage_and_layout();
    match (&*storage, layout.contiguous_offsets()) {
        (Storage::Cpu(CpuStorage::F32(values)), Some((start, end))) => Ok(f(&values[start..end])),
        _ => candle_core::bail!("expected a contiguous f32 tensor on the CPU, got {tensor:?}"),
    }
}

/// The sums of the values of two tensors, as [`read`] takes them.
pub(super) fn sum(x: &Tensor, y: &Tensor) -> Result<Vec<f32>> {
    read(x, |x| read(y, |y| x.iter().zip(y).map(|(x, y)| x + y).collect()))?
}

/// A tensor on the CPU that takes over `values`.
pub(super) fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> Result<Tensor> {
    Tensor::from_vec(values, shape.into(), &Device::Cpu)
}

/// Whether work of so many multiplications is worth sharing among threads.
pub(super) fn is_large(multiplications: usize) -> bool {
    multiplications > 1 << 18 && rayon::current_num_threads() > 1
}
