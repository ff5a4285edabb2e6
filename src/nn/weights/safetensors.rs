//! Weights in a safetensors file.
//!
//! Format: <https://github.com/huggingface/safetensors#format>.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use safetensors::tensor::{Dtype, SafeTensors};

use super::{Element, RawTensor, Weights};
use crate::error::{Error, Result};
use crate::model::Bytes;

/// One safetensors file.
#[derive(Debug)]
pub struct Safetensors {
    bytes: Bytes,
    tensors: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    shape: Vec<usize>,
    element: Element,
    range: Range<usize>,
}

impl Safetensors {
    /// Reads the header; `name` is what the file is called in messages.
    ///
    /// # Errors
    /// If the header is not that of a safetensors file, does not fit the size of the file, or has a tensor of a type
    /// that no model mujaz runs is stored in.
    pub fn new(bytes: Bytes, name: &str) -> Result<Self> {
        let wrong = |problem: String| Error::Model {
            model: name.to_owned(),
            problem,
            remedy: "the file may be cut short or be a placeholder: copy it again, or pull the model again".into(),
        };
        let (header, metadata) = SafeTensors::read_metadata(&bytes)
            .map_err(|error| wrong(format!("this is not a whole safetensors file ({error})")))?;
        let start = size_of::<u64>() + header;
        let mut tensors = HashMap::new();
        for (tensor, info) in metadata.tensors() {
            let element = element(info.dtype)
                .ok_or_else(|| wrong(format!("the tensor {tensor} has elements of type {:?}", info.dtype)))?;
            let range = start + info.data_offsets.0..start + info.data_offsets.1;
            tensors.insert(tensor, Entry { shape: info.shape.clone(), element, range });
        }
        Ok(Self { bytes, tensors })
    }
}

impl Weights for Safetensors {
    fn names(&self) -> Vec<String> {
        self.tensors.keys().cloned().collect()
    }

    fn shape(&self, name: &str) -> Option<(&[usize], Element)> {
        self.tensors.get(name).map(|entry| (entry.shape.as_slice(), entry.element))
    }

    fn get(&self, name: &str) -> Result<Option<RawTensor<'_>>> {
        Ok(self.tensors.get(name).map(|entry| RawTensor {
            shape: entry.shape.clone(),
            element: entry.element,
            bytes: Cow::Borrowed(&self.bytes[entry.range.clone()]),
        }))
    }

    fn release(&self, name: &str) {
        if let Some(entry) = self.tensors.get(name) {
            self.bytes.release(entry.range.clone());
        }
    }
}

fn element(dtype: Dtype) -> Option<Element> {
    Some(match dtype {
        Dtype::F64 => Element::F64,
        Dtype::F32 => Element::F32,
        Dtype::F16 => Element::F16,
        Dtype::BF16 => Element::BF16,
        Dtype::I64 => Element::I64,
        Dtype::I32 => Element::I32,
        Dtype::I16 => Element::I16,
        Dtype::I8 => Element::I8,
        Dtype::U8 => Element::U8,
        Dtype::BOOL => Element::Bool,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as the format's page describes it: length, header, data.
    fn file(header: &str, data: &[u8]) -> Bytes {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(data);
        Bytes::Owned(bytes)
    }

    #[test]
    fn tensors_have_their_shape_type_and_bytes() {
        let header = r#"{"__metadata__":{"format":"pt"},
            "a":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]},
            "b":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}"#;
        let weights = Safetensors::new(file(header, &[1, 2, 3, 4, 5, 6, 7, 8]), "model.safetensors").unwrap();
        let mut names = weights.names();
        names.sort();
        assert_eq!(names, ["a", "b"]);
        let a = weights.get("a").unwrap().unwrap();
        assert_eq!((a.shape, a.element, &*a.bytes), (vec![2, 1], Element::F16, &[1, 2, 3, 4][..]));
        let b = weights.get("b").unwrap().unwrap();
        assert_eq!((b.shape, b.element, &*b.bytes), (vec![], Element::F32, &[5, 6, 7, 8][..]));
        assert!(weights.get("c").unwrap().is_none());
    }

    #[test]
    fn a_broken_file_is_refused_by_name() {
        let whole = r#"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#;
        let unknown = r#"{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}"#;
        for bytes in [
            Bytes::Owned(vec![]),
            Bytes::Owned(b"version https://git-lfs.github.com/spec/v1".to_vec()),
            file(whole, &[0; 3]),
            file(unknown, &[0; 4]),
        ] {
            let error = Safetensors::new(bytes, "model.safetensors").unwrap_err();
            assert!(error.to_string().contains("model.safetensors"), "{error}");
            assert!(error.hint().is_some());
        }
    }
}
