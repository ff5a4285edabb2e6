//! Damaged and hostile files: read or refused, quickly and within the size of the file.

use std::time::Instant;

use proptest::prelude::*;

use super::{Bytes, StateDict, Weights};
use crate::nn::weights::golden::fixture;

/// One change to a file, as damage or malice would make it.
#[derive(Debug, Clone)]
enum Change {
    Set(usize, u8),
    Number(usize, u64, usize),
    Copy(usize, usize, usize),
    Remove(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0usize..6000;
    let opcode =
        prop::sample::select(b".NJKMG(0)tle]}aesuqrhjcRbQTXU\x80\x85\x86\x87\x88\x8a\x8c\x93\x94\x95".to_vec());
    let extreme =
        prop_oneof![Just(u64::MAX), Just(1u64 << 63), Just(u32::MAX.into()), Just(0), any::<u64>(), 0u64..300];
    prop_oneof![
        (at.clone(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (at.clone(), opcode).prop_map(|(at, byte)| Change::Set(at, byte)),
        (at.clone(), extreme, 1usize..=8).prop_map(|(at, number, len)| Change::Number(at, number, len)),
        (at.clone(), at.clone(), 1usize..200).prop_map(|(from, to, len)| Change::Copy(from, to, len)),
        (at, 1usize..200).prop_map(|(at, len)| Change::Remove(at, len)),
    ]
}

fn apply(file: &mut Vec<u8>, change: &Change) {
    let within = |at: usize| at % file.len().max(1);
    match *change {
        Change::Set(at, byte) => {
            let at = within(at);
            file[at..].iter_mut().take(1).for_each(|place| *place = byte);
        }
        Change::Number(at, number, len) => {
            let at = within(at);
            file[at..].iter_mut().zip(number.to_le_bytes()).take(len).for_each(|(place, byte)| *place = byte);
        }
        Change::Copy(from, to, len) => {
            let (from, to) = (within(from), within(to));
            let part: Vec<_> = file[from..].iter().take(len).copied().collect();
            file.splice(to..to, part);
        }
        Change::Remove(at, len) => {
            let at = within(at);
            file.drain(at..file.len().min(at + len));
        }
    }
}

proptest! {
    // More with PROPTEST_CASES=100000.
    #[test]
    fn damaged_files_are_read_or_refused_quickly(
        name in prop::sample::select(vec!["zip.bin", "legacy.bin", "protocol4.bin", "compressed.bin", "nested.bin"]),
        changes in prop::collection::vec(change(), 1..6),
    ) {
        let mut file = fixture(name);
        changes.iter().for_each(|change| apply(&mut file, change));
        let len = file.len();
        let begun = Instant::now();
        if let Ok(weights) = StateDict::new(Bytes::Owned(file), name) {
            for name in weights.names() {
                let tensor = weights.get(&name).unwrap().unwrap();
                prop_assert_eq!(tensor.bytes.len(), tensor.shape.iter().product::<usize>() * tensor.element.size());
                prop_assert!(tensor.bytes.len() <= len);
                weights.release(&name);
            }
        }
        prop_assert!(begun.elapsed().as_secs() < 20);
    }
}
