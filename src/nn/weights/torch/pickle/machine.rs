//! The machine that runs a pickle: a stack with marks, a memo, and an arena of values.

use std::collections::HashMap;

use super::{CALLS, Call, Id, MAX_RANK, MAX_STEPS, Parsed, Pickle, Storage, Tensor, Value, shown};

/// The state of the machine: an arena, a stack with marks, and the memo.
pub(super) struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    values: Vec<Value<'a>>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
}

impl<'a> Machine<'a> {
    /// At the start of `bytes`.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, values: vec![], stack: vec![], marks: vec![], memo: HashMap::new() }
    }

    /// Runs until the pickle ends.
    pub(super) fn run(mut self) -> Parsed<Pickle<'a>> {
        for _ in 0..MAX_STEPS {
            let start = self.at;
            match self.step() {
                Ok(None) => {}
                Ok(Some(root)) => return Ok(Pickle { values: self.values, root, len: self.at }),
                Err(problem) => return Err(format!("{problem} (byte {start} of the pickle)")),
            }
        }
        Err(format!("its pickle takes more than {MAX_STEPS} steps"))
    }

    /// Runs one opcode; the root once it is `STOP`.
    fn step(&mut self) -> Parsed<Option<Id>> {
        match self.byte()? {
            // PROTO, FRAME: the length of a frame is only a hint to readers of streams.
            0x80 => match self.byte()? {
                2..=5 => {}
                version => return Err(format!("its pickle has the unknown protocol {version}")),
            },
            0x95 => self.take(8).map(drop)?,
            b'.' => return self.pop().map(Some),
            b'N' => self.push(Value::None),
            0x88 => self.push(Value::Bool(true)),
            0x89 => self.push(Value::Bool(false)),
            b'J' => self.array().map(|bytes| self.push(Value::Int(i32::from_le_bytes(bytes).into())))?,
            b'K' => self.byte().map(|byte| self.push(Value::Int(byte.into())))?,
            b'M' => self.array().map(|bytes| self.push(Value::Int(u16::from_le_bytes(bytes).into())))?,
            0x8a => self.byte().and_then(|len| self.long(len.into()))?,
            b'G' => self.take(8).map(|_| self.push(Value::Float))?,
            b'U' | 0x8c => self.byte().and_then(|len| self.text(len.into()))?,
            b'T' | b'X' => self.size().and_then(|len| self.text(len))?,
            b'(' => self.marks.push(self.stack.len()),
            b'0' => self.pop().map(drop)?,
            b')' => self.push(Value::Tuple(vec![])),
            0x85 => self.tuple(1)?,
            0x86 => self.tuple(2)?,
            0x87 => self.tuple(3)?,
            b't' => self.marked().map(|items| self.push(Value::Tuple(items)))?,
            b']' => self.push(Value::List(vec![])),
            b'a' => self.pop().and_then(|item| self.append(vec![item]))?,
            b'e' => self.marked().and_then(|items| self.append(items))?,
            b'}' => self.push(Value::Dict(vec![])),
            b's' => self.pop_many(2).and_then(|items| self.insert(items))?,
            b'u' => self.marked().and_then(|items| self.insert(items))?,
            b'q' => self.byte().and_then(|key| self.put(key.into()))?,
            b'r' => self.array().and_then(|key| self.put(u32::from_le_bytes(key)))?,
            0x94 => self.put(self.memo.len() as u32)?,
            b'h' => self.byte().and_then(|key| self.recall(key.into()))?,
            b'j' => self.array().and_then(|key| self.recall(u32::from_le_bytes(key)))?,
            b'c' => self.global()?,
            0x93 => self.stack_global()?,
            b'R' => self.reduce()?,
            b'b' => self.build()?,
            b'Q' => self.persistent()?,
            opcode => return Err(format!("its pickle has the opcode 0x{opcode:02x}, which no state dict needs")),
        }
        Ok(None)
    }

    fn take(&mut self, len: usize) -> Parsed<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let taken = rest.get(..len).ok_or("its pickle is cut short")?;
        self.at += len;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Parsed<[u8; N]> {
        self.take(N).map(|bytes| bytes.try_into().expect("as many as were taken"))
    }

    fn byte(&mut self) -> Parsed<u8> {
        self.array().map(|[byte]| byte)
    }

    fn size(&mut self) -> Parsed<usize> {
        self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }

    fn text(&mut self, len: usize) -> Parsed<()> {
        let text = std::str::from_utf8(self.take(len)?).map_err(|_| "its pickle has a string that is not UTF-8")?;
        self.push(Value::Text(text));
        Ok(())
    }

    fn long(&mut self, len: usize) -> Parsed<()> {
        let bytes = self.take(len)?;
        self.push(match len {
            0..=8 => {
                let sign = bytes.last().map_or(0, |last| if last & 0x80 == 0 { 0 } else { 0xff });
                let mut wide = [sign; 8];
                wide[..len].copy_from_slice(bytes);
                Value::Int(i64::from_le_bytes(wide))
            }
            _ => Value::Long(bytes),
        });
        Ok(())
    }

    fn line(&mut self) -> Parsed<&'a str> {
        let rest = &self.bytes[self.at..];
        let len = rest.iter().take(256).position(|byte| *byte == b'\n').ok_or("its pickle has an endless name")?;
        let line = std::str::from_utf8(&rest[..len]).map_err(|_| "its pickle has a name that is not UTF-8")?;
        self.at += len + 1;
        Ok(line)
    }

    fn push(&mut self, value: Value<'a>) {
        // Each step pushes one value at most, so MAX_STEPS bounds the arena, and an index fits.
        self.stack.push(Id(self.values.len() as u32));
        self.values.push(value);
    }

    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn pop(&mut self) -> Parsed<Id> {
        if self.stack.len() == self.floor() {
            return Err("its pickle takes more from the stack than there is".into());
        }
        Ok(self.stack.pop().expect("longer than its floor"))
    }

    fn pop_many(&mut self, count: usize) -> Parsed<Vec<Id>> {
        match self.stack.len().checked_sub(count) {
            Some(start) if start >= self.floor() => Ok(self.stack.split_off(start)),
            _ => Err("its pickle takes more from the stack than there is".into()),
        }
    }

    fn marked(&mut self) -> Parsed<Vec<Id>> {
        let start = self.marks.pop().ok_or("its pickle looks for a mark that was not set")?;
        Ok(self.stack.split_off(start))
    }

    fn top(&mut self) -> Parsed<&mut Value<'a>> {
        let id = self.pop()?;
        self.stack.push(id);
        Ok(&mut self.values[id.0 as usize])
    }

    fn tuple(&mut self, count: usize) -> Parsed<()> {
        let items = self.pop_many(count)?;
        self.push(Value::Tuple(items));
        Ok(())
    }

    fn append(&mut self, items: Vec<Id>) -> Parsed<()> {
        let Value::List(list) = self.top()? else {
            return Err("its pickle appends to what is not a list".into());
        };
        list.extend(items);
        Ok(())
    }

    fn insert(&mut self, items: Vec<Id>) -> Parsed<()> {
        let (pairs, []) = items.as_chunks::<2>() else {
            return Err("its pickle has a key without a value".into());
        };
        let Value::Dict(dict) = self.top()? else {
            return Err("its pickle sets an item of what is not a dictionary".into());
        };
        dict.extend(pairs.iter().map(|[key, value]| (*key, *value)));
        Ok(())
    }

    fn put(&mut self, key: u32) -> Parsed<()> {
        let id = self.pop()?;
        self.stack.push(id);
        self.memo.insert(key, id);
        Ok(())
    }

    fn recall(&mut self, key: u32) -> Parsed<()> {
        let id = self.memo.get(&key).ok_or("its pickle recalls what it never kept")?;
        self.stack.push(*id);
        Ok(())
    }

    fn global(&mut self) -> Parsed<()> {
        let (module, name) = (self.line()?, self.line()?);
        self.named(module, name)
    }

    fn stack_global(&mut self) -> Parsed<()> {
        let names = self.pop_many(2)?;
        match (self.value(names[0]), self.value(names[1])) {
            (&Value::Text(module), &Value::Text(name)) => self.named(module, name),
            _ => Err("its pickle names something by what is not a string".into()),
        }
    }

    fn named(&mut self, module: &str, name: &str) -> Parsed<()> {
        let call = CALLS.iter().find(|(m, n, _)| (*m, *n) == (module, name)).ok_or_else(|| {
            format!(
                "its pickle asks for {}, which no state dict needs; nothing was run",
                shown(&format!("{module}.{name}"))
            )
        })?;
        self.push(Value::Call(call.2));
        Ok(())
    }

    /// The only calls there are: each is a value made from its arguments.
    fn reduce(&mut self) -> Parsed<()> {
        let pair = self.pop_many(2)?;
        let (Value::Call(call), Value::Tuple(args)) = (self.value(pair[0]), self.value(pair[1])) else {
            return Err("its pickle calls what is not a function".into());
        };
        let value = match (call, args.as_slice()) {
            (Call::Dict, []) => Value::Dict(vec![]),
            (Call::Tensor, [storage, offset, shape, strides, ..]) if args.len() <= 7 => {
                Value::Tensor(Box::new(self.tensor([*storage, *offset, *shape, *strides])?))
            }
            (Call::Parameter, [tensor, _, _]) if matches!(self.value(*tensor), Value::Tensor(_)) => {
                self.value(*tensor).clone()
            }
            (call, _) => {
                return Err(format!("its pickle calls {call:?} with {} arguments of the wrong kind", args.len()));
            }
        };
        self.push(value);
        Ok(())
    }

    /// `OrderedDict`s carry `_metadata` (versions of modules) as state, which says nothing about the tensors.
    fn build(&mut self) -> Parsed<()> {
        let _state = self.pop()?;
        match self.top()? {
            Value::Dict(_) => Ok(()),
            _ => Err("its pickle sets the state of what is not a dictionary".into()),
        }
    }

    /// `('storage', class, key, location, number of elements)`, and in the format before zip a sixth, the view.
    fn persistent(&mut self) -> Parsed<()> {
        let id = self.pop()?;
        let Value::Tuple(items) = self.value(id) else {
            return Err("its pickle has a persistent id that is not a tuple".into());
        };
        let items: Vec<_> = items.iter().take(7).map(|item| self.value(*item)).collect();
        let storage = match items[..] {
            [Value::Text("storage"), Value::Call(Call::Storage(element)), Value::Text(key), _, Value::Int(len)]
            | [
                Value::Text("storage"),
                Value::Call(Call::Storage(element)),
                Value::Text(key),
                _,
                Value::Int(len),
                Value::None,
            ] => Storage { key, element: *element, len: natural(*len)? },
            _ => return Err("its pickle refers to something else than a storage".into()),
        };
        self.push(Value::Storage(storage));
        Ok(())
    }

    fn tensor(&self, args: [Id; 4]) -> Parsed<Tensor<'a>> {
        let [storage, offset, shape, strides] = args.map(|arg| self.value(arg));
        let (&Value::Storage(storage), &Value::Int(offset)) = (storage, offset) else {
            return Err("its pickle has a tensor without a storage".into());
        };
        let (shape, strides) = (self.sizes(shape)?, self.sizes(strides)?);
        if shape.len() != strides.len() {
            return Err("its pickle has a tensor with more sizes than strides, or fewer".into());
        }
        Ok(Tensor { storage, offset: natural(offset)?, shape, strides })
    }

    fn sizes(&self, value: &Value) -> Parsed<Vec<usize>> {
        match value {
            Value::Tuple(items) if items.len() <= MAX_RANK => items
                .iter()
                .map(|item| match self.value(*item) {
                    Value::Int(size) => natural(*size),
                    _ => Err("its pickle has a size that is not an integer".into()),
                })
                .collect(),
            _ => Err(format!("its pickle has sizes that are not a tuple of up to {MAX_RANK}")),
        }
    }

    fn value(&self, id: Id) -> &Value<'a> {
        &self.values[id.0 as usize]
    }
}

fn natural(number: i64) -> Parsed<usize> {
    usize::try_from(number).map_err(|_| format!("its pickle has the size {number}"))
}
