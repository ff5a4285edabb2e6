//! A pickle machine that builds what PyTorch state dicts are made of, runs nothing, and refuses the rest by name.
//!
//! The opcodes are those of Python's [`pickletools`](https://docs.python.org/3/library/pickletools.html); the calls are
//! the ones that `torch.save` writes for a dictionary of tensors. Values live in one arena and name each other by
//! index, so nothing recurses, cycles are harmless, and memory is bounded by the number of steps.

mod machine;

use self::machine::Machine;
use super::Element;

/// Opcodes run at most. A tensor takes about 40, so this is room for some 25,000 of them.
const MAX_STEPS: usize = 1 << 20;

/// Dimensions of a tensor at most.
const MAX_RANK: usize = 8;

/// What a pickle may not be, in words that follow the name of the file.
pub(super) type Parsed<T> = Result<T, String>;

/// The index of a value in its [`Pickle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(u32);

/// A value of the pickle.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of up to 64 bits.
    Int(i64),
    /// A wider integer, little-endian two's complement.
    Long(&'a [u8]),
    /// A float, which only metadata has.
    Float,
    /// A string.
    Text(&'a str),
    /// A tuple.
    Tuple(Vec<Id>),
    /// A list.
    List(Vec<Id>),
    /// A dictionary or an `OrderedDict`, in order.
    Dict(Vec<(Id, Id)>),
    /// One of the [`CALLS`].
    Call(Call),
    /// Elements that lie elsewhere in the file.
    Storage(Storage<'a>),
    /// A tensor: a view of a storage.
    Tensor(Box<Tensor<'a>>),
}

/// A run of elements that lies outside of the pickle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Storage<'a> {
    /// What the file calls it.
    pub key: &'a str,
    /// Type of its elements.
    pub element: Element,
    /// Number of its elements, as the pickle has it.
    pub len: usize,
}

/// A view of a storage; offset and strides count elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tensor<'a> {
    pub storage: Storage<'a>,
    pub offset: usize,
    pub shape: Vec<usize>,
    pub strides: Vec<usize>,
}

/// What a pickle may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// `OrderedDict()`.
    Dict,
    /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)` and the older form without the last two.
    Tensor,
    /// `_rebuild_parameter(tensor, requires_grad, hooks)`.
    Parameter,
    /// A class of storages.
    Storage(Element),
}

/// Everything that a pickle may name: module, name, meaning.
static CALLS: &[(&str, &str, Call)] = &[
    ("collections", "OrderedDict", Call::Dict),
    ("torch._utils", "_rebuild_tensor", Call::Tensor),
    ("torch._utils", "_rebuild_tensor_v2", Call::Tensor),
    ("torch._utils", "_rebuild_parameter", Call::Parameter),
    ("torch", "DoubleStorage", Call::Storage(Element::F64)),
    ("torch", "FloatStorage", Call::Storage(Element::F32)),
    ("torch", "HalfStorage", Call::Storage(Element::F16)),
    ("torch", "BFloat16Storage", Call::Storage(Element::BF16)),
    ("torch", "LongStorage", Call::Storage(Element::I64)),
    ("torch", "IntStorage", Call::Storage(Element::I32)),
    ("torch", "ShortStorage", Call::Storage(Element::I16)),
    ("torch", "CharStorage", Call::Storage(Element::I8)),
    ("torch", "ByteStorage", Call::Storage(Element::U8)),
    ("torch", "BoolStorage", Call::Storage(Element::Bool)),
];

/// A pickle that was read.
#[derive(Debug)]
pub(super) struct Pickle<'a> {
    values: Vec<Value<'a>>,
    root: Id,
    /// Bytes from the start to behind the `STOP`.
    pub len: usize,
}

impl<'a> Pickle<'a> {
    /// Reads the pickle that `bytes` begins with.
    pub(super) fn read(bytes: &'a [u8]) -> Parsed<Self> {
        Machine::new(bytes).run()
    }

    /// The value that the pickle stands for.
    pub(super) fn root(&self) -> &Value<'a> {
        self.get(self.root)
    }

    /// Every storage that it speaks of.
    pub(super) fn storages(&self) -> impl Iterator<Item = &Storage<'a>> {
        self.values.iter().filter_map(|value| match value {
            Value::Storage(storage) => Some(storage),
            _ => None,
        })
    }

    /// The value called `id`.
    pub(super) fn get(&self, id: Id) -> &Value<'a> {
        &self.values[id.0 as usize]
    }
}

/// A name out of a file as it may be shown: without control characters, and no longer than a name needs to be.
pub(super) fn shown(name: &str) -> String {
    name.escape_debug().take(100).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(pickle: &[u8]) -> String {
        Pickle::read(pickle).unwrap_err()
    }

    #[test]
    fn what_is_no_part_of_a_state_dict_is_named_and_not_run() {
        let problem = refusal(b"\x80\x02cposix\nsystem\nX\x04\0\0\0true\x85R.");
        assert!(problem.contains("posix.system") && problem.contains("nothing was run"), "{problem}");
        let problem = refusal(b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93.");
        assert!(problem.contains("builtins.eval"), "{problem}");
        let problem = refusal(b"ctorch._utils\n_rebuild_sparse_tensor\n)R.");
        assert!(problem.contains("_rebuild_sparse_tensor"), "{problem}");
        let problem = refusal(b"\x80\x02i");
        assert!(problem.contains("0x69") && problem.contains("byte 2"), "{problem}");
        let problem = refusal(b"cos\x1b[31m\nsystem\n.");
        assert!(!problem.contains('\x1b'), "{problem:?}");
    }

    #[test]
    fn integers_have_their_sign_and_width() {
        fn integer(pickle: &[u8]) -> Value<'_> {
            Pickle::read(pickle).unwrap().root().clone()
        }
        assert_eq!(integer(b"J\xfe\xff\xff\xff."), Value::Int(-2));
        assert_eq!(integer(b"K\xff."), Value::Int(255));
        assert_eq!(integer(b"M\xff\xff."), Value::Int(65535));
        assert_eq!(integer(b"\x8a\x00."), Value::Int(0));
        assert_eq!(integer(b"\x8a\x01\x80."), Value::Int(-128));
        assert_eq!(integer(b"\x8a\x02\x80\x00."), Value::Int(128));
        assert_eq!(integer(b"\x8a\x09\0\0\0\0\0\0\0\0\x01."), Value::Long(&[0, 0, 0, 0, 0, 0, 0, 0, 1]));
    }

    #[test]
    fn a_machine_out_of_joint_stops() {
        for (pickle, problem) in [
            (&b"."[..], "more from the stack"),
            (b"K\x01(.", "more from the stack"),
            (b"K\x01(\x85.", "more from the stack"),
            (b"t.", "mark"),
            (b"h\x00.", "recalls"),
            (b"(K\x01K\x02u.", "more from the stack"),
            (b"}(K\x01u.", "key without a value"),
            (b"]K\x01K\x02s.", "not a dictionary"),
            (b"}K\x01a.", "not a list"),
            (b")K\x01b.", "state of what is not"),
            (b"K\x01)R.", "not a function"),
            (b"ccollections\nOrderedDict\n]\x85R.", "arguments"),
            (b"K\x01Q.", "not a tuple"),
            (b"N\x85Q.", "something else than a storage"),
            (b"X\xff\xff\xff\xff", "cut short"),
            (b"\x8c\x01\xff.", "not UTF-8"),
            (b"\x80\x07.", "protocol 7"),
            (b"c", "endless name"),
        ] {
            let refused = refusal(pickle);
            assert!(refused.contains(problem), "{refused}");
        }
        // A list that holds itself is harmless, and a long pickle ends.
        assert!(Pickle::read(b"]q\x00h\x00a.").is_ok());
        assert!(refusal(&vec![b'N'; MAX_STEPS + 1]).contains("steps"));
        let deep = [vec![b')'], vec![0x85; MAX_STEPS - 2], vec![b'.']].concat();
        assert!(Pickle::read(&deep).is_ok());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Pickle::read(&bytes);
        }

        #[test]
        fn any_opcodes_are_run_or_refused(opcodes in prop::collection::vec(prop::sample::select(vec![
            &b"N"[..], b"K\x01", b"J\xff\xff\xff\xff", b"X\x07\0\0\0storage", b"X\x01\0\0\x000", b"(", b"0", b")", b"\x85",
            b"\x86", b"\x87", b"t", b"]", b"a", b"e", b"}", b"s", b"u", b"q\0", b"h\0", b"q\x01", b"h\x01", b"\x94", b"R", b"b",
            b"Q", b"ccollections\nOrderedDict\n", b"ctorch\nFloatStorage\n", b"ctorch._utils\n_rebuild_tensor_v2\n",
            b"ctorch._utils\n_rebuild_parameter\n",
        ]), 0..60)) {
            let _ = Pickle::read(&[opcodes.concat(), vec![b'.']].concat());
        }
    }
}
