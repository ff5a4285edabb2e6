//! The tensors of a model by name, whatever file format holds them.

mod safetensors;

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::model::{Bytes, Files};

pub use safetensors::Safetensors;

/// The tensors of a model as they lie in its files.
pub trait Weights: Send + Sync {
    /// The names of all tensors, in no particular order.
    fn names(&self) -> Vec<String>;

    /// The tensor called `name`; `None` if there is none.
    ///
    /// # Errors
    /// If the tensor is there and cannot be read.
    fn get(&self, name: &str) -> Result<Option<RawTensor<'_>>>;

    /// Says that the bytes of a tensor have been used, so that its pages may leave memory. It can still be read.
    fn release(&self, name: &str) {
        let _ = name;
    }
}

/// A tensor as it lies in a file: row-major, little-endian, without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawTensor<'a> {
    /// Size of each dimension, outermost first.
    pub shape: Vec<usize>,
    /// Type of the elements.
    pub element: Element,
    /// The elements; as many bytes as shape and element say.
    pub bytes: Cow<'a, [u8]>,
}

/// The type of an element of a tensor in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// IEEE double precision.
    F64,
    /// IEEE single precision.
    F32,
    /// IEEE half precision.
    F16,
    /// The upper half of single precision.
    BF16,
    /// Signed integer.
    I64,
    /// Signed integer.
    I32,
    /// Signed integer.
    I16,
    /// Signed integer.
    I8,
    /// Unsigned integer.
    U8,
    /// A byte that is zero or one.
    Bool,
}

impl Element {
    /// Bytes of one element.
    pub const fn size(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::F16 | Self::BF16 | Self::I16 => 2,
            Self::I8 | Self::U8 | Self::Bool => 1,
        }
    }
}

/// Opens the weights in the file of one format.
type Open = fn(&dyn Files, Bytes) -> Result<Arc<dyn Weights>>;

/// The files that weights come in, the one to be preferred first.
static FORMATS: &[(&str, Open)] = &[("model.safetensors", |files, bytes| {
    Ok(Arc::new(Safetensors::new(bytes, &format!("{}: model.safetensors", files.model()))?))
})];

/// Opens the weights of a model, in whichever format it has them.
///
/// # Errors
/// If the model has no file of weights, or it is not what its name says.
pub fn open(files: &dyn Files) -> Result<Arc<dyn Weights>> {
    for (name, open) in FORMATS {
        if let Some(bytes) = files.open(name)? {
            return open(files, bytes);
        }
    }
    let names: Vec<_> = FORMATS.iter().map(|(name, _)| *name).collect();
    Err(Error::Model {
        model: files.model().into_owned(),
        problem: format!("there are no weights: none of {}", names.join(", ")),
        remedy: "copy the weights from the model's repository, or pull the model again".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Directory;

    #[test]
    fn a_model_without_weights_is_told_what_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let Err(error) = open(&Directory(folder.path().into())) else { panic!("opened nothing") };
        assert!(error.to_string().contains("model.safetensors"), "{error}");
        assert!(error.hint().is_some());
    }

    #[cfg(feature = "demo")]
    #[test]
    fn the_demonstration_model_has_its_tensors() {
        let weights = open(&crate::model::Demo).unwrap();
        let shared = weights.get("model.shared.weight").unwrap().unwrap();
        assert_eq!((shared.shape.as_slice(), shared.element), (&[17376, 256][..], Element::F16));
        assert!(matches!(shared.bytes, Cow::Borrowed(_)));
        assert!(weights.names().contains(&"final_logits_bias".to_owned()));
        assert!(weights.get("lm_head.weight").unwrap().is_none());
    }
}
