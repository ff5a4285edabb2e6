//! The tensors of a model by name, whatever file format holds them.

mod safetensors;
mod sharded;
mod torch;

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::model::{Bytes, Files};

pub use safetensors::Safetensors;
pub use sharded::Sharded;
pub use torch::StateDict;

/// The tensors of a model as they lie in its files.
pub trait Weights: Send + Sync {
    /// The names of all tensors, in no particular order.
    fn names(&self) -> Vec<String>;

    /// Shape and type of the tensor called `name`, without reading it; `None` if there is none.
    fn shape(&self, name: &str) -> Option<(&[usize], Element)>;

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

/// Opens the weights in a file of one format; the name is that of the file.
type Open = fn(&dyn Files, Bytes, &str) -> Result<Arc<dyn Weights>>;

/// The files that weights come in, the one to be preferred first.
static FORMATS: &[(&str, Open)] = &[
    ("model.safetensors", safetensors),
    ("model.safetensors.index.json", sharded),
    ("pytorch_model.bin", state_dict),
    ("pytorch_model.bin.index.json", sharded),
];

/// The formats that one of several files may have, by the end of its name.
static SHARDS: &[(&str, Open)] = &[(".safetensors", safetensors), (".bin", state_dict)];

fn safetensors(files: &dyn Files, bytes: Bytes, name: &str) -> Result<Arc<dyn Weights>> {
    Ok(Arc::new(Safetensors::new(bytes, &format!("{}: {name}", files.model()))?))
}

fn state_dict(files: &dyn Files, bytes: Bytes, name: &str) -> Result<Arc<dyn Weights>> {
    Ok(Arc::new(StateDict::new(bytes, &format!("{}: {name}", files.model()))?))
}

fn sharded(files: &dyn Files, bytes: Bytes, name: &str) -> Result<Arc<dyn Weights>> {
    Ok(Arc::new(Sharded::new(files, &bytes, name)?))
}

/// Opens the weights of a model, in whichever format it has them.
///
/// # Errors
/// If the model has no file of weights, or it is not what its name says.
pub fn open(files: &dyn Files) -> Result<Arc<dyn Weights>> {
    for (name, open) in FORMATS {
        if let Some(bytes) = files.open(name)? {
            return open(files, bytes, name);
        }
    }
    let names: Vec<_> = FORMATS.iter().map(|(name, _)| *name).collect();
    Err(Error::Model {
        model: files.model().into_owned(),
        problem: format!("there are no weights: none of {}", names.join(", ")),
        remedy: "copy the weights from the model's repository, or pull the model again".into(),
    })
}

/// Weights made in memory, in single precision: names, shapes and values.
#[cfg(test)]
pub(super) fn of_values(tensors: &[(&str, &[usize], &[f32])]) -> Arc<dyn Weights> {
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|(_, _, values)| values.iter().flat_map(|value| value.to_le_bytes()).collect()).collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        (*name, ::safetensors::tensor::TensorView::new(::safetensors::Dtype::F32, shape.to_vec(), bytes).unwrap())
    });
    let file = ::safetensors::serialize(views, None).unwrap();
    Arc::new(Safetensors::new(Bytes::Owned(file), "test").unwrap())
}

/// What PyTorch says is in the files of `tests/golden/weights`.
#[cfg(test)]
mod golden {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    use super::{Element, RawTensor, Weights};

    #[derive(serde::Deserialize)]
    struct Expected {
        element: String,
        shape: Vec<usize>,
        values: Vec<f64>,
    }

    pub(super) fn path(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/weights").join(name)
    }

    pub(super) fn fixture(name: &str) -> Vec<u8> {
        std::fs::read(path(name)).unwrap()
    }

    /// Compares names, types, shapes and every element.
    pub(super) fn check(weights: &dyn Weights, part: &str) {
        let mut expected: BTreeMap<String, BTreeMap<String, Expected>> =
            serde_json::from_slice(&fixture("expected.json")).unwrap();
        let expected = expected.remove(part).unwrap();
        let mut names = weights.names();
        names.sort();
        assert_eq!(names, expected.keys().cloned().collect::<Vec<_>>());
        for (name, expected) in expected {
            let tensor = weights.get(&name).unwrap().unwrap();
            assert_eq!(tensor.shape, expected.shape, "{name}");
            assert_eq!(weights.shape(&name).unwrap(), (&tensor.shape[..], tensor.element), "{name}");
            assert_eq!(element(&expected.element), tensor.element, "{name}");
            assert_eq!(values(&tensor), expected.values, "{name}");
            weights.release(&name);
            assert_eq!(weights.get(&name).unwrap().unwrap(), tensor);
        }
        assert!(weights.get("missing").unwrap().is_none() && weights.shape("missing").is_none());
    }

    fn element(name: &str) -> Element {
        match name {
            "float64" => Element::F64,
            "float32" => Element::F32,
            "float16" => Element::F16,
            "bfloat16" => Element::BF16,
            "int64" => Element::I64,
            "int32" => Element::I32,
            "int16" => Element::I16,
            "int8" => Element::I8,
            "uint8" => Element::U8,
            "bool" => Element::Bool,
            other => panic!("{other}"),
        }
    }

    fn values(tensor: &RawTensor) -> Vec<f64> {
        let bytes = tensor.bytes.chunks_exact(tensor.element.size());
        bytes
            .map(|bytes| match tensor.element {
                Element::F64 => f64::from_le_bytes(bytes.try_into().unwrap()),
                Element::F32 => f32::from_le_bytes(bytes.try_into().unwrap()).into(),
                Element::F16 => half::f16::from_le_bytes(bytes.try_into().unwrap()).into(),
                Element::BF16 => half::bf16::from_le_bytes(bytes.try_into().unwrap()).into(),
                Element::I64 => i64::from_le_bytes(bytes.try_into().unwrap()) as f64,
                Element::I32 => i32::from_le_bytes(bytes.try_into().unwrap()).into(),
                Element::I16 => i16::from_le_bytes(bytes.try_into().unwrap()).into(),
                Element::I8 => i8::from_le_bytes(bytes.try_into().unwrap()).into(),
                Element::U8 | Element::Bool => bytes[0].into(),
            })
            .collect()
    }
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
