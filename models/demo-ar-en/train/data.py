"""Parallel text to token ids and word alignments, kept as one .npz a source.

Alignments are of the tokens: IBM Model 1 with a diagonal prior (Dyer et al. 2013), trained in both directions by
expectation maximisation over all sources together; a target token is aligned to the source token with the greatest
product of the two posteriors.
"""

import argparse
import pathlib
import random
import re
import unicodedata

import numpy as np
from transformers import MarianTokenizer

MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬٪", "01234567890123456789.,%")


def normalise(arabic):
    """What mujaz shows its models: NFC, no diacritics, tatweel or controls, ASCII digits."""
    return " ".join(MARKS.sub("", unicodedata.normalize("NFC", arabic)).translate(DIGITS).split())


def read_pairs(path):
    """Arabic and English of a TSV whose last two columns they are; empty lines are passed over."""
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if line.strip()]
    return [(normalise(row[-2]), row[-1].strip()) for row in rows]


def read_names(path, count, seed):
    """Names, capitalised, alone or two together: a sample."""
    rng = random.Random(seed)
    with open(path, encoding="utf-8") as lines:
        names = [line.rstrip("\n").split("\t")[:2] for line in lines if line.count("\t") >= 1]
    names = [(normalise(a), e.capitalize()) for a, e in names if a and e]
    pairs = []
    for _ in range(count):
        chosen = rng.sample(names, rng.choice((1, 2, 2, 3)))
        pairs.append((" ".join(a for a, _ in chosen), " ".join(e for _, e in chosen)))
    return pairs


def tokenise(tokenizer, pairs, limit=200):
    """Ids of both sides, the end of sentence included; pairs over the limit are left out."""
    sources = tokenizer([a for a, _ in pairs])["input_ids"]
    targets = tokenizer(text_target=[e for _, e in pairs])["input_ids"]
    return [(s, t) for s, t in zip(sources, targets) if 2 <= len(s) <= limit and 2 <= len(t) <= limit]


def align(corpus, iterations=5, sharpness=4.0):
    """For each pair the index of the source token of each target token."""
    vocab = 1 + max(max(max(s), max(t)) for s, t in corpus)
    source = np.concatenate([np.tile(np.array(s, np.int64), len(t)) for s, t in corpus])
    target = np.concatenate([np.repeat(np.array(t, np.int64), len(s)) for s, t in corpus])
    prior = np.concatenate([
        np.exp(-sharpness * np.abs(np.arange(len(t))[:, None] / len(t) - np.arange(len(s))[None] / len(s))).ravel()
        for s, t in corpus
    ]).astype(np.float32)
    # Groups: every target token of every pair, and every source token of every pair.
    lengths = [(len(s), len(t)) for s, t in corpus]
    by_target = np.repeat(np.arange(sum(j for _, j in lengths)), np.concatenate([np.full(j, i) for i, j in lengths]))
    offsets = np.cumsum([0] + [i for i, _ in lengths])
    by_source = np.concatenate([np.tile(np.arange(i) + o, j) for (i, j), o in zip(lengths, offsets)])
    keys, cell = np.unique(source * vocab + target, return_inverse=True)
    cell_source, cell_target = keys // vocab, keys % vocab

    def posterior(group, given):
        table = np.full(len(keys), 1.0, np.float32)
        for step in range(iterations + 1):
            weight = table[cell] * prior
            weight /= np.bincount(group, weight)[group] + 1e-12
            if step == iterations:
                return weight
            count = np.bincount(cell, weight, len(keys))
            table = (count / (np.bincount(given, count, vocab)[given] + 1e-12)).astype(np.float32)

    both = posterior(by_target, cell_source) * posterior(by_source, cell_target)
    result, at = [], 0
    for i, j in lengths:
        block = both[at:at + i * j].reshape(j, i)
        links = block.argmax(1)
        links[-1] = i - 1  # the end of one sentence is the end of the other
        result.append(links)
        at += i * j
    return result


def save(path, corpus, links):
    """Flat arrays with offsets: small, and quick to map."""
    flat = lambda rows: np.concatenate([np.asarray(row, np.int32) for row in rows])
    bounds = lambda rows: np.cumsum([0] + [len(row) for row in rows])
    sources, targets = [s for s, _ in corpus], [t for _, t in corpus]
    np.savez(path, source=flat(sources), target=flat(targets), links=flat(links), source_at=bounds(sources),
             target_at=bounds(targets))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", required=True, help="directory with source.spm, target.spm and vocab.json")
    arguments.add_argument("--tsv", action="append", default=[], metavar="NAME=FILE", help="a source of pairs")
    arguments.add_argument("--names", metavar="FILE", help="Arabic and Latin names, a tab between")
    arguments.add_argument("--name-pairs", type=int, default=24_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    tokenizer = MarianTokenizer.from_pretrained(options.model)
    sources = [argument.split("=", 1) for argument in options.tsv]
    corpora = {name: tokenise(tokenizer, read_pairs(path)) for name, path in sources}
    if options.names:
        corpora["names"] = tokenise(tokenizer, read_names(options.names, options.name_pairs, options.seed))
    links = align([pair for corpus in corpora.values() for pair in corpus])
    options.out.mkdir(parents=True, exist_ok=True)
    at = 0
    for name, corpus in corpora.items():
        save(options.out / f"{name}.npz", corpus, links[at:at + len(corpus)])
        at += len(corpus)
        print(f"{name}: {len(corpus)} pairs, {sum(len(t) for _, t in corpus)} target tokens")


if __name__ == "__main__":
    main()
