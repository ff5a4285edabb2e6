//! A byte trie over the pieces of a vocabulary, laid out breadth first so that the children of a node are one slice.

/// No piece ends at this node.
const NONE: u32 = u32::MAX;

/// Maps byte strings to numbers and finds all that are prefixes of a text.
#[derive(Debug, Clone)]
pub(super) struct Trie {
    /// The byte that leads to each node.
    labels: Vec<u8>,
    /// The first child of each node; its last is before the first of the next node.
    first: Vec<u32>,
    /// The number of the piece that ends at each node.
    values: Vec<u32>,
}

impl Trie {
    /// From distinct keys, none empty, each with its number. Sorts them.
    pub(super) fn new(keys: &mut [(&[u8], u32)]) -> Self {
        keys.sort_unstable();
        let mut trie = Self { labels: vec![0], first: Vec::new(), values: Vec::new() };
        // For each node without children yet: the keys below it, and the length of what they share.
        let mut level = vec![(0u32, keys.len() as u32)];
        let mut depth = 0;
        while !level.is_empty() {
            let mut next = Vec::new();
            for (mut start, end) in level {
                trie.first.push(trie.labels.len() as u32);
                let (key, value) = keys.get(start as usize).copied().unwrap_or_default();
                let ends_here = !key.is_empty() && key.len() == depth;
                trie.values.push(if ends_here { value } else { NONE });
                start += u32::from(ends_here);
                while start < end {
                    let label = keys[start as usize].0[depth];
                    let below = &keys[start as usize..end as usize];
                    let split = start + below.partition_point(|(key, _)| key[depth] == label) as u32;
                    trie.labels.push(label);
                    next.push((start, split));
                    start = split;
                }
            }
            level = next;
            depth += 1;
        }
        trie.first.push(trie.labels.len() as u32);
        trie
    }

    fn child(&self, node: usize, byte: u8) -> Option<usize> {
        let first = self.first[node] as usize;
        let labels = &self.labels[first..self.first[node + 1] as usize];
        labels.binary_search(&byte).ok().map(|at| first + at)
    }

    /// Every key that is a prefix of `text`, shortest first, as its length and its number.
    pub(super) fn prefixes<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (usize, u32)> + 't {
        let mut node = 0;
        let mut descending = text.iter().enumerate();
        std::iter::from_fn(move || {
            for (at, &byte) in descending.by_ref() {
                node = self.child(node, byte)?;
                if let Some(value) = self.value(node) {
                    return Some((at + 1, value));
                }
            }
            None
        })
    }

    /// The node to which `bytes` lead from `node`; the root is 0.
    pub(super) fn walk(&self, node: usize, bytes: &[u8]) -> Option<usize> {
        bytes.iter().try_fold(node, |node, &byte| self.child(node, byte))
    }

    /// The number of the key that ends at `node`.
    pub(super) fn value(&self, node: usize) -> Option<u32> {
        (self.values[node] != NONE).then_some(self.values[node])
    }

    /// The number of `key`.
    pub(super) fn get(&self, key: &[u8]) -> Option<u32> {
        self.value(self.walk(0, key)?)
    }

    /// The length of the longest key that is a prefix of `text`.
    pub(super) fn longest_prefix(&self, text: &[u8]) -> Option<usize> {
        self.prefixes(text).last().map(|(length, _)| length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_prefix_and_nothing_else() {
        let words = ["ab", "a", "abcd", "b", "ية", "يا"];
        let mut keys: Vec<_> = words.iter().enumerate().map(|(i, w)| (w.as_bytes(), i as u32)).collect();
        let trie = Trie::new(&mut keys);
        for (i, word) in words.iter().enumerate() {
            assert_eq!(trie.get(word.as_bytes()), Some(i as u32));
        }
        assert_eq!(trie.prefixes(b"abcde").collect::<Vec<_>>(), [(1, 1), (2, 0), (4, 2)]);
        assert_eq!(trie.prefixes(b"abc").collect::<Vec<_>>(), [(1, 1), (2, 0)]);
        assert_eq!(trie.longest_prefix("يات".as_bytes()), Some(4));
        assert_eq!(trie.longest_prefix(b"c"), None);
        assert_eq!((trie.get(b""), trie.get(b"abc"), trie.get("ي".as_bytes())), (None, None, None));
    }

    #[test]
    fn an_empty_trie_finds_nothing() {
        let trie = Trie::new(&mut []);
        assert_eq!((trie.get(b"a"), trie.longest_prefix(b"a")), (None, None));
    }
}
