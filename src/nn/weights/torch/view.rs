//! Where the elements of a tensor lie, and how they are picked up.

use std::borrow::Cow;
use std::ops::Range;

use super::Element;
use super::pickle::{Parsed, Tensor};

/// Where the elements of one tensor lie in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct View {
    pub element: Element,
    pub shape: Vec<usize>,
    /// Elements from one to the next along each dimension.
    strides: Vec<usize>,
    /// The byte of the file where the first element starts.
    start: usize,
}

impl View {
    /// A tensor whose storage has these bytes of the file.
    pub(super) fn new(tensor: &Tensor, bytes: &Range<usize>) -> Parsed<Self> {
        let Tensor { storage, offset, shape, strides } = tensor;
        let stored = bytes.len() / storage.element.size();
        if storage.len > stored {
            return Err(format!("has a storage of {} elements, of which {stored} are there", storage.len));
        }
        let elements = shape.iter().try_fold(1usize, |product, size| product.checked_mul(*size));
        let behind = match elements {
            Some(0) => Some(0),
            // A view that repeats elements (a stride of 0) could claim any size, and no weight is one.
            Some(elements) if elements <= stored => shape
                .iter()
                .zip(strides)
                .try_fold(*offset, |last, (size, stride)| last.checked_add((size - 1).checked_mul(*stride)?))
                .and_then(|last| last.checked_add(1)),
            _ => None,
        };
        match behind {
            Some(behind) if behind <= stored => Ok(Self {
                element: storage.element,
                shape: shape.clone(),
                strides: strides.clone(),
                start: if behind == 0 { bytes.start } else { bytes.start + offset * storage.element.size() },
            }),
            _ => Err(format!("of shape {shape:?} and strides {strides:?} reaches beyond its {stored} elements")),
        }
    }

    /// Number of elements.
    fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// The bytes of the file from the first element to the last.
    pub(super) fn range(&self) -> Range<usize> {
        if self.len() == 0 {
            return self.start..self.start;
        }
        let last: usize = self.shape.iter().zip(&self.strides).map(|(size, stride)| (size - 1) * stride).sum();
        self.start..self.start + (last + 1) * self.element.size()
    }

    /// The elements in row-major order: as they lie, or picked one by one where they lie otherwise (transposed, say).
    pub(super) fn elements<'a>(&self, file: &'a [u8]) -> Cow<'a, [u8]> {
        let (size, len) = (self.element.size(), self.len());
        let file = &file[self.range()];
        if len == 0 || self.is_contiguous() {
            return Cow::Borrowed(file);
        }
        let mut elements = Vec::with_capacity(len * size);
        let (inner, outer) = self.shape.split_last().expect("a scalar is contiguous");
        let stride = self.strides[outer.len()];
        let mut index = vec![0; outer.len()];
        for _ in 0..len / inner {
            let row: usize = index.iter().zip(&self.strides).map(|(at, stride)| at * stride).sum();
            for at in 0..*inner {
                let start = (row + at * stride) * size;
                elements.extend_from_slice(&file[start..start + size]);
            }
            for (at, size) in index.iter_mut().zip(outer).rev() {
                *at = (*at + 1) % size;
                if *at > 0 {
                    break;
                }
            }
        }
        Cow::Owned(elements)
    }

    fn is_contiguous(&self) -> bool {
        let dimensions = self.shape.iter().zip(&self.strides).rev().filter(|(size, _)| **size > 1);
        let expected = dimensions.clone().scan(1, |next, (size, _)| Some(std::mem::replace(next, *next * size)));
        expected.eq(dimensions.map(|(_, stride)| *stride))
    }
}

#[cfg(test)]
mod tests {
    use super::super::pickle::Storage;
    use super::*;

    #[test]
    fn a_view_may_not_reach_beyond_its_storage() {
        let read = |offset, shape: &[usize], strides: &[usize]| {
            let storage = Storage { key: "0", element: Element::F16, len: 12 };
            View::new(&Tensor { storage, offset, shape: shape.into(), strides: strides.into() }, &(100..124))
        };
        assert_eq!(read(2, &[2, 5], &[5, 1]).unwrap().start, 104);
        assert_eq!(read(0, &[], &[]).unwrap().len(), 1);
        assert_eq!(read(0, &[0, 3], &[3, 1]).unwrap().len(), 0);
        for (offset, shape, strides) in [
            (3, &[2, 5][..], &[5, 1][..]),
            (12, &[], &[]),
            (0, &[2, 5], &[8, 1]),
            (0, &[1000], &[0]),
            (usize::MAX, &[2], &[1]),
            (0, &[2], &[usize::MAX]),
            (0, &[usize::MAX, usize::MAX], &[1, 1]),
        ] {
            let problem = read(offset, shape, strides).unwrap_err();
            assert!(problem.contains("reaches beyond its 12 elements"), "{problem}");
        }
        let storage = Storage { key: "0", element: Element::F16, len: 13 };
        let problem =
            View::new(&Tensor { storage, offset: 0, shape: vec![1], strides: vec![1] }, &(100..124)).unwrap_err();
        assert!(problem.contains("13 elements, of which 12"), "{problem}");
    }
}
