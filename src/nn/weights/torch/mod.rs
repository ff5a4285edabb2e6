//! State dicts as PyTorch saves them: a pickle of names, shapes and strides beside the raw elements.
//!
//! Both formats are read: the zip of [PyTorch 1.6](https://pytorch.org/docs/stable/notes/serialization.html) and the
//! one before it, in which the older repositories of the Hub are kept.

mod archive;
#[cfg(test)]
mod fuzz;
mod pickle;
mod view;

use std::collections::HashMap;
use std::ops::Range;

use self::pickle::{Parsed, Pickle, Storage, Value, shown};
use self::view::View;
use super::{Element, RawTensor, Weights};
use crate::error::{Error, Result};
use crate::model::Bytes;

/// The tensors of one file that `torch.save` has written.
#[derive(Debug)]
pub struct StateDict {
    bytes: Bytes,
    views: HashMap<String, View>,
}

impl StateDict {
    /// Reads the names; `name` is what the file is called in messages. Nothing in the file is executed.
    ///
    /// # Errors
    /// If the file is not a dictionary of tensors as PyTorch saves it, or asks for anything else.
    pub fn new(bytes: Bytes, name: &str) -> Result<Self> {
        let views = read(&bytes).map_err(|problem| Error::Model {
            model: name.to_owned(),
            problem,
            remedy: "the file may be cut short or be something else: pull the model again, or use its safetensors"
                .into(),
        })?;
        Ok(Self { bytes, views })
    }
}

impl Weights for StateDict {
    fn names(&self) -> Vec<String> {
        self.views.keys().cloned().collect()
    }

    fn shape(&self, name: &str) -> Option<(&[usize], Element)> {
        self.views.get(name).map(|view| (view.shape.as_slice(), view.element))
    }

    fn get(&self, name: &str) -> Result<Option<RawTensor<'_>>> {
        Ok(self.views.get(name).map(|view| RawTensor {
            shape: view.shape.clone(),
            element: view.element,
            bytes: view.elements(&self.bytes),
        }))
    }

    fn release(&self, name: &str) {
        if let Some(view) = self.views.get(name) {
            self.bytes.release(view.range());
        }
    }
}

/// The tensors of a file written by `torch.save`, by name. The elements are not looked at.
fn read(file: &[u8]) -> Parsed<HashMap<String, View>> {
    match file {
        [b'P', b'K', ..] => read_archive(file),
        [0x80, ..] => read_legacy(file),
        _ => Err("it is not a file that torch.save of PyTorch 0.2 or later has written".into()),
    }
}

/// `NAME/data.pkl` has the names, `NAME/data/KEY` the elements.
fn read_archive(file: &[u8]) -> Parsed<HashMap<String, View>> {
    let entries = archive::entries(file)?;
    let mut folders = entries.keys().filter_map(|name| name.strip_suffix("data.pkl"));
    let (Some(folder), None) = (folders.next(), folders.next()) else {
        return Err("it is an archive without data.pkl, or with several".into());
    };
    match entries.get(format!("{folder}byteorder").as_str()).map(|range| &file[range.clone()]) {
        None | Some(b"little") => {}
        Some(_) => return Err("it was written on a big-endian machine".into()),
    }
    let pickle = &file[entries[format!("{folder}data.pkl").as_str()].clone()];
    state_dict(&Pickle::read(pickle)?, |storage| {
        let name = format!("{folder}data/{}", storage.key);
        entries.get(name.as_str()).cloned().ok_or_else(|| format!("it is an archive without {}", shown(&name)))
    })
}

/// Five pickles (a magic number, the version of the format, the machine, the state dict, the keys of the storages in
/// their order in the file), then the storages, each after its number of elements.
fn read_legacy(file: &[u8]) -> Parsed<HashMap<String, View>> {
    const MAGIC: &[u8] = &[0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
    const VERSION: i64 = 1001;
    let mut at = 0;
    let mut next = || {
        let pickle = Pickle::read(&file[at..])?;
        at += pickle.len;
        Parsed::Ok(pickle)
    };
    if next()?.root() != &Value::Long(MAGIC) {
        return Err("it is a pickle, but not one that torch.save has written".into());
    }
    match next()?.root() {
        Value::Int(VERSION) => {}
        _ => return Err("it has a format of torch.save that is not known".into()),
    }
    let machine = next()?;
    if entry(&machine, "little_endian") != Some(&Value::Bool(true)) {
        return Err("it was written on a big-endian machine".into());
    }
    let (state, keys) = (next()?, next()?);
    let storages = legacy_storages(file, at, &state, &keys)?;
    state_dict(&state, |storage| {
        storages.get(storage.key).cloned().ok_or_else(|| format!("it lacks the storage {}", shown(storage.key)))
    })
}

/// Where each storage lies; the file says how many elements it has, and only the state dict of which type.
fn legacy_storages<'a>(
    file: &[u8],
    mut at: usize,
    state: &Pickle<'a>,
    keys: &Pickle<'a>,
) -> Parsed<HashMap<&'a str, Range<usize>>> {
    let elements_of: HashMap<_, _> = state.storages().map(|storage| (storage.key, storage.element)).collect();
    let Value::List(keys_in_order) = keys.root() else {
        return Err("it has no list of storages".into());
    };
    let mut ranges = HashMap::new();
    for key in keys_in_order {
        let &Value::Text(key) = keys.get(*key) else {
            return Err("it has a storage whose key is not a string".into());
        };
        let element =
            elements_of.get(key).ok_or_else(|| format!("it has the storage {}, which nothing uses", shown(key)))?;
        let (len, rest) = file[at..].split_first_chunk().ok_or("it is cut short")?;
        let len = usize::try_from(u64::from_le_bytes(*len)).ok().and_then(|len| len.checked_mul(element.size()));
        let len = len.filter(|len| *len <= rest.len()).ok_or("it is cut short")?;
        at += 8;
        if ranges.insert(key, at..at + len).is_some() {
            return Err(format!("it has the storage {} twice", shown(key)));
        }
        at += len;
    }
    Ok(ranges)
}

/// The tensors of a dictionary, each checked to lie in its storage.
fn state_dict(pickle: &Pickle, locate: impl Fn(&Storage) -> Parsed<Range<usize>>) -> Parsed<HashMap<String, View>> {
    let Value::Dict(items) = pickle.root() else {
        return Err("it holds something else than a dictionary of tensors".into());
    };
    let mut views = HashMap::new();
    for (key, value) in items {
        let name = match pickle.get(*key) {
            Value::Text(name) => *name,
            _ => return Err("it is a dictionary whose keys are not names of tensors".into()),
        };
        let Value::Tensor(tensor) = pickle.get(*value) else {
            return Err(format!("its entry {} is not a tensor", shown(name)));
        };
        let view = View::new(tensor, &locate(&tensor.storage)?)
            .map_err(|problem| format!("its tensor {} {problem}", shown(name)))?;
        if views.insert(name.to_owned(), view).is_some() {
            return Err(format!("it has two tensors called {}", shown(name)));
        }
    }
    Ok(views)
}

/// The value that a dictionary has under `key`.
fn entry<'p, 'a>(pickle: &'p Pickle<'a>, key: &str) -> Option<&'p Value<'a>> {
    let Value::Dict(items) = pickle.root() else { return None };
    items.iter().find(|(name, _)| *pickle.get(*name) == Value::Text(key)).map(|(_, value)| pickle.get(*value))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::nn::weights::golden::{check, fixture};

    #[test]
    fn both_formats_hold_what_pytorch_reads_from_them() {
        for name in ["zip.bin", "legacy.bin", "protocol4.bin"] {
            let weights = StateDict::new(Bytes::Owned(fixture(name)), name).unwrap();
            check(&weights, "tensors");
        }
    }

    #[test]
    fn tensors_that_share_a_storage_stay_one() {
        for name in ["zip.bin", "legacy.bin"] {
            let weights = StateDict::new(Bytes::Owned(fixture(name)), name).unwrap();
            let bytes = |name| match weights.get(name).unwrap().unwrap().bytes {
                Cow::Borrowed(bytes) => bytes.as_ptr_range(),
                Cow::Owned(_) => panic!("{name} was copied"),
            };
            assert_eq!(bytes("encoder.embed_tokens.weight"), bytes("decoder.embed_tokens.weight"));
            assert_ne!(bytes("f32"), bytes("f16"));
            assert!(matches!(weights.get("transposed").unwrap().unwrap().bytes, Cow::Owned(_)));
        }
    }

    #[test]
    fn what_is_no_state_dict_is_refused_with_the_reason() {
        for (name, reason) in [
            ("compressed.bin", "compressed"),
            ("list.bin", "something else than a dictionary"),
            ("nested.bin", "entry model is not a tensor"),
            ("script.bin", "compressed"),
            ("expected.json", "not a file that torch.save"),
        ] {
            let error = StateDict::new(Bytes::Owned(fixture(name)), name).unwrap_err();
            let message = error.to_string();
            assert!(message.contains(name) && message.contains(reason), "{message}");
            assert!(error.hint().is_some());
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_refused() {
        for name in ["zip.bin", "legacy.bin"] {
            let whole = fixture(name);
            for len in 0..whole.len() {
                assert!(StateDict::new(Bytes::Owned(whole[..len].to_vec()), name).is_err(), "{name} cut at {len}");
            }
        }
    }
}
