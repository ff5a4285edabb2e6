//! Takes the tensors of a model out of its weights: each by name, of the shape that the configuration asks for, and none
//! left over.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use candle_core::Tensor;
use half::slice::HalfFloatSliceExt as _;
use half::{bf16, f16};

use super::device::Placement;
use super::pages::Pages;
use super::weights::{Element, Weights};
use crate::error::{Error, Result};

/// Bytes of a tensor that are in memory at a time while it is compared with another.
const COMPARED: usize = 16 << 20;

/// The tensors under one prefix. Clones under other prefixes share the record of what was taken.
#[derive(Clone)]
pub(super) struct Loader {
    model: Rc<str>,
    weights: Arc<dyn Weights>,
    placement: Placement,
    prefix: String,
    taken: Rc<RefCell<HashSet<String>>>,
    shared: Rc<RefCell<HashMap<String, Tensor>>>,
    pages: Pages,
}

impl Loader {
    pub(super) fn new(model: &str, weights: Arc<dyn Weights>, placement: Placement) -> Self {
        let prefix = String::new();
        Self {
            model: model.into(),
            weights,
            placement,
            prefix,
            taken: Rc::default(),
            shared: Rc::default(),
            pages: Pages::default(),
        }
    }

    /// The tensors whose names go on with `name` and a dot.
    pub(super) fn at(&self, name: impl std::fmt::Display) -> Self {
        Self { prefix: format!("{}{name}.", self.prefix), ..self.clone() }
    }

    pub(super) fn placement(&self) -> &Placement {
        &self.placement
    }

    pub(super) fn weights(&self) -> &Arc<dyn Weights> {
        &self.weights
    }

    /// Memory for weights that are laid out anew.
    pub(super) fn pages(&self) -> &Pages {
        &self.pages
    }

    /// Says that a tensor was read, so that its pages may leave memory.
    pub(super) fn release(&self, name: &str) {
        self.weights.release(&self.name(name));
    }

    /// The whole name of a tensor.
    pub(super) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// How many parameters there are, those in tensors to skip not counted.
    pub(super) fn parameters(&self, skip: impl Fn(&str) -> bool) -> u64 {
        let names = self.weights.names();
        let shapes = names.iter().filter(|name| !skip(name)).filter_map(|name| self.weights.shape(name));
        shapes.map(|(shape, _)| shape.iter().product::<usize>() as u64).sum()
    }

    /// Whether there is such a tensor.
    pub(super) fn has(&self, name: &str) -> bool {
        self.weights.shape(&self.name(name)).is_some()
    }

    /// Whether two tensors have the same bytes. All are compared: a model that was trained further may differ in a few rows.
    pub(super) fn same(&self, one: &str, other: &str) -> Result<bool> {
        let names = [self.name(one), self.name(other)];
        let [one, other] = [self.weights.get(&names[0])?, self.weights.get(&names[1])?];
        let (Some(one), Some(other)) = (one, other) else { return Ok(false) };
        if one.shape != other.shape || one.element != other.element {
            return Ok(false);
        }
        // PyTorch files have a tied table once, under all its names.
        if std::ptr::eq(&raw const *one.bytes, &raw const *other.bytes) {
            return Ok(true);
        }
        let mut pairs = one.bytes.chunks(COMPARED).zip(other.bytes.chunks(COMPARED));
        Ok(pairs.all(|(one, other)| {
            let same = one == other;
            names.iter().for_each(|name| self.weights.release(name));
            same
        }))
    }

    /// Takes a tensor as it lies in the file.
    pub(super) fn floats(&self, name: &str, shape: &[usize]) -> Result<Floats<'_>> {
        let name = self.name(name);
        let Some(tensor) = self.weights.get(&name)? else {
            return Err(self.problem(format!("the weights have no tensor {name}")));
        };
        if tensor.shape != shape {
            let found = &tensor.shape;
            return Err(self.problem(format!("the tensor {name} is {found:?}, and config.json asks for {shape:?}")));
        }
        let Some(format) = Format::of(tensor.element) else {
            return Err(self.problem(format!("the tensor {name} has elements of type {:?}", tensor.element)));
        };
        self.taken.borrow_mut().insert(name);
        Ok(Floats { format, bytes: tensor.bytes })
    }

    /// Takes a tensor in single precision. Its pages may leave memory.
    pub(super) fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let mut values = Vec::new();
        self.append(name, shape, &mut values)?;
        Ok(values)
    }

    /// As [`Loader::values`], after the values that are there.
    pub(super) fn append(&self, name: &str, shape: &[usize], values: &mut Vec<f32>) -> Result<()> {
        let floats = self.floats(name, shape)?;
        let start = values.len();
        values.resize(start + shape.iter().product::<usize>(), 0.0);
        floats.format.widen(&floats.bytes, &mut values[start..]);
        self.release(name);
        Ok(())
    }

    /// Takes a tensor to the device, in the type that candle computes with there. A tensor that is taken twice is there
    /// once.
    pub(super) fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor> {
        let whole = self.name(name);
        if let Some(tensor) = self.shared.borrow().get(&whole) {
            return Ok(tensor.clone());
        }
        let tensor = self.place(self.values(name, shape)?, shape)?;
        self.shared.borrow_mut().insert(whole, tensor.clone());
        Ok(tensor)
    }

    /// Takes values to the device, in the type that candle computes with there.
    pub(super) fn place(&self, values: Vec<f32>, shape: &[usize]) -> Result<Tensor> {
        let Placement { device, .. } = &self.placement;
        let tensor = Tensor::from_vec(values, shape, &candle_core::Device::Cpu)
            .and_then(|tensor| tensor.to_dtype(self.placement.dtype())?.to_device(device));
        tensor.map_err(|error| Error::Compute { action: "taking the weights to the device", source: error.into() })
    }

    /// Says that every tensor was taken, or is one that `is_known` to be of no use.
    pub(super) fn finish(self, is_known: impl Fn(&str) -> bool) -> Result<()> {
        let taken = self.taken.borrow();
        let mut left: Vec<_> =
            self.weights.names().into_iter().filter(|name| !taken.contains(name) && !is_known(name)).collect();
        left.sort();
        match left.as_slice() {
            [] => Ok(()),
            [one] => Err(self.problem(format!("the weights have a tensor that config.json does not speak of: {one}"))),
            [first, rest @ ..] => Err(self.problem(format!(
                "the weights have tensors that config.json does not speak of: {first} and {} more",
                rest.len()
            ))),
        }
    }

    pub(super) fn problem(&self, problem: String) -> Error {
        Error::Model {
            model: self.model.to_string(),
            problem,
            remedy: "config.json and the weights must be of one model: copy both again, or pull the model again".into(),
        }
    }
}

/// The elements of a floating-point tensor as they lie in a file.
pub(super) struct Floats<'a> {
    pub(super) format: Format,
    pub(super) bytes: Cow<'a, [u8]>,
}

/// A floating-point format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    F64,
    F32,
    F16,
    Bf16,
}

impl Format {
    fn of(element: Element) -> Option<Self> {
        match element {
            Element::F64 => Some(Self::F64),
            Element::F32 => Some(Self::F32),
            Element::F16 => Some(Self::F16),
            Element::BF16 => Some(Self::Bf16),
            _ => None,
        }
    }

    /// Bytes of one element.
    pub(super) const fn size(self) -> usize {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
        }
    }

    /// The elements in single precision; `values` has room for exactly as many.
    pub(super) fn widen(self, bytes: &[u8], values: &mut [f32]) {
        match self {
            Self::F32 => each(bytes, values, f32::from_le_bytes),
            Self::F64 => each(bytes, values, |bytes| f64::from_le_bytes(bytes) as f32),
            Self::Bf16 => each(bytes, values, |bytes| bf16::from_le_bytes(bytes).to_f32()),
            Self::F16 => {
                let mut halves = [f16::ZERO; 256];
                for (bytes, values) in bytes.chunks(2 * halves.len()).zip(values.chunks_mut(halves.len())) {
                    let halves = &mut halves[..values.len()];
                    for (half, bytes) in halves.iter_mut().zip(bytes.as_chunks().0) {
                        *half = f16::from_le_bytes(*bytes);
                    }
                    halves.convert_to_f32_slice(values);
                }
            }
        }
    }
}

fn each<const N: usize>(bytes: &[u8], values: &mut [f32], read: impl Fn([u8; N]) -> f32) {
    for (value, element) in values.iter_mut().zip(bytes.as_chunks().0) {
        *value = read(*element);
    }
}
