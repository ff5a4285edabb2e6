"""Parallel text to token ids and word alignments, kept as one .npz a source.

Alignments are of the tokens: IBM Model 1 with a diagonal prior (Dyer et al. 2013), trained in both directions by
expectation maximisation; a target token is aligned to the source token with the greatest product of the two posteriors.
What was learned is kept in tables.npz, and sources that come later start from there.
"""

import argparse
import pathlib
import random
import re
import unicodedata

import numpy as np
import sentencepiece
from transformers import MarianTokenizer

MARKS = re.compile("[\u064b-\u0652\u0656-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]")
SIGNS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬٪«»“”„–—", "01234567890123456789.,%\"\"\"\"\"--")
MONTHS = {"كانون الثاني": "يناير", "شباط": "فبراير", "آذار": "مارس", "نيسان": "أبريل", "أيار": "مايو", "حزيران": "يونيو",
          "تموز": "يوليو", "آب": "أغسطس", "أيلول": "سبتمبر", "تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر",
          "كانون الأول": "ديسمبر"}
NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
THOUSANDS = re.compile(r"(?<![\d.,:/-])(\d{1,3}) (?:ألف|آلاف|ألفا)(?! و?\d)")
DOUBLES = [(re.compile(rf"{a} ?(?:/ ?{b}|\({b}\))|{b} ?(?:/ ?{a}|\({a}\))"), b) for a, b in MONTHS.items()]


def normalise(arabic):
    """What mujaz shows its models: NFC, no diacritics, tatweel or controls, plain digits and signs, months named once."""
    text = " ".join(MARKS.sub("", unicodedata.normalize("NFC", arabic)).translate(SIGNS).split())
    for double, month in DOUBLES:
        text = double.sub(month, text)
    return text


def read_pairs(path):
    """Arabic and English of a TSV whose last two columns they are; empty lines are passed over."""
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if line.strip()]
    return [(normalise(row[-2]), row[-1].strip()) for row in rows if len(row) > 1]


def bare(text):
    """Its letters and digits only: what two copies of a sentence have in common."""
    return "".join(c for c in text.lower() if c.isalnum())


def without(pairs, sets):
    """The pairs that share no side with a test set."""
    kept = {bare(side) for path in sets for pair in read_pairs(path) for side in pair}
    return [pair for pair in pairs if not kept.intersection(map(bare, pair))]


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


def sampled(tokenizer, pairs, seed, temperature=0.3):
    """As `tokenise`, with the Arabic cut into pieces at random (sub-word regularisation, Kudo 2018)."""
    sentencepiece.set_random_generator_seed(seed)
    model, ids = tokenizer.spm_source, tokenizer.encoder
    result = []
    for (arabic, _), target in zip(pairs, tokenizer(text_target=[e for _, e in pairs])["input_ids"]):
        cut = model.encode(arabic, out_type=str, enable_sampling=True, alpha=temperature, nbest_size=-1)
        result.append(([ids.get(piece, tokenizer.unk_token_id) for piece in cut] + [tokenizer.eos_token_id], target))
    return [(s, t) for s, t in result if len(s) <= 200 and len(t) <= 200]


def renumbered(pairs, seed):
    """Pairs that share numbers in digits, with other digits in them: what is copied and not remembered.

    What grammar depends on stays: how many digits there are, 1, 2 and 10, the zeros at the end, the century of a year.
    "85 ألف" and "85,000" are the same number, and only its first digits change.
    """
    rng = random.Random(seed)

    def other(number):
        digits = re.sub(r"\D", "", number)
        if int(digits) <= 10:
            return str(rng.randint(3, 9)) if 3 <= int(digits) <= 9 else number
        first, fixed = ("", digits[:2]) if re.fullmatch("(19|20)..", number) else (str(rng.randint(1, 9)), "")
        zeros = len(digits) - len(digits.rstrip("0"))
        free = len(digits) - len(first) - len(fixed) - zeros
        fresh = iter(fixed + first + "".join(rng.choice("0123456789") for _ in range(free)) + "0" * zeros)
        return "".join(next(fresh, "0") if c.isdigit() else c for c in number)

    result = []
    for arabic, english in pairs:
        there, here = NUMBER.findall(arabic), NUMBER.findall(english)
        shared = sorted(n for n in set(there) if there.count(n) == here.count(n))
        thousands = sorted(n for n in set(THOUSANDS.findall(arabic)) if n not in shared and there.count(n) == here.count(n + ",000") == 1)
        fresh = {number: other(number) for number in shared + thousands}
        if any(fresh[number] != number for number in fresh):
            one = NUMBER.sub(lambda found: fresh.get(found[0], found[0]), arabic)
            fresh.update({number + ",000": fresh.pop(number) + ",000" for number in thousands})
            result.append((one, NUMBER.sub(lambda found: fresh.get(found[0], found[0]), english)))
    return result


class Cells:
    """Every pairing of a source and a target token of every pair, flat, with its prior and its place in the tables."""

    def __init__(self, corpus, vocab, sharpness=4.0):
        self.lengths = [(len(s), len(t)) for s, t in corpus]
        source = np.concatenate([np.tile(np.array(s, np.int64), len(t)) for s, t in corpus])
        target = np.concatenate([np.repeat(np.array(t, np.int64), len(s)) for s, t in corpus])
        self.prior = np.concatenate([
            np.exp(-sharpness * np.abs(np.arange(len(t), dtype=np.float32)[:, None] / len(t)
                                       - np.arange(len(s), dtype=np.float32)[None] / len(s))).ravel()
            for s, t in corpus
        ])
        offsets = np.cumsum([0] + [i for i, _ in self.lengths])
        # Groups: every target token of every pair, and every source token of every pair.
        self.by_target = np.repeat(np.arange(sum(j for _, j in self.lengths)),
                                   np.concatenate([np.full(j, i) for i, j in self.lengths]))
        self.by_source = np.concatenate([np.tile(np.arange(i) + o, j) for (i, j), o in zip(self.lengths, offsets)])
        self.keys, self.cell = np.unique(source * vocab + target, return_inverse=True)
        self.source, self.target, self.vocab = self.keys // vocab, self.keys % vocab, vocab

    def posterior(self, group, given, table, iterations):
        """The posterior of each cell within its group, and the table that gives it, after so many iterations."""
        for step in range(iterations + 1):
            weight = table[self.cell] * self.prior
            weight /= np.bincount(group, weight)[group] + 1e-12
            if step == iterations:
                return weight, table
            count = np.bincount(self.cell, weight, len(self.keys))
            table = (count / (np.bincount(given, count, self.vocab)[given] + 1e-12)).astype(np.float32)


def align(corpus, vocab, known=None):
    """For each pair the index of the source token of each target token, and the tables for the next call.

    `known` are the tables of an earlier call: pairings that it never saw begin with a small probability.
    """
    cells = Cells(corpus, vocab)
    tables = [np.full(len(cells.keys), 1.0, np.float32)] * 2
    if known is not None:
        at = np.searchsorted(known["keys"], cells.keys).clip(max=len(known["keys"]) - 1)
        seen = known["keys"][at] == cells.keys
        tables = [np.where(seen, known[name][at], 1e-4).astype(np.float32) for name in ("forward", "backward")]
    iterations = 5 if known is None else 2
    onto, forward = cells.posterior(cells.by_target, cells.source, tables[0], iterations)
    back, backward = cells.posterior(cells.by_source, cells.target, tables[1], iterations)
    both = onto * back
    result, at = [], 0
    for i, j in cells.lengths:
        links = both[at:at + i * j].reshape(j, i).argmax(1)
        links[-1] = i - 1  # the end of one sentence is the end of the other
        result.append(links)
        at += i * j
    return result, {"keys": cells.keys, "forward": forward, "backward": backward}


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
    arguments.add_argument("--sample", action="append", default=[], metavar="NAME=FILE",
                           help="a source of pairs whose Arabic is cut into pieces at random")
    arguments.add_argument("--renumber", action="append", default=[], metavar="NAME=FILE",
                           help="a source of pairs whose numbers are replaced by others on both sides")
    arguments.add_argument("--test", action="append", default=[], metavar="FILE",
                           help="a test set: pairs that share a side with it are left out")
    arguments.add_argument("--names", metavar="FILE", help="Arabic and Latin names, a tab between")
    arguments.add_argument("--name-pairs", type=int, default=24_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    tokenizer = MarianTokenizer.from_pretrained(options.model)
    sources = [argument.split("=", 1) for argument in options.tsv]
    corpora = {name: tokenise(tokenizer, without(read_pairs(path), options.test)) for name, path in sources}
    for name, path in (argument.split("=", 1) for argument in options.sample):
        corpora[name] = sampled(tokenizer, without(read_pairs(path), options.test), options.seed)
    for name, path in (argument.split("=", 1) for argument in options.renumber):
        pairs = renumbered(without(read_pairs(path), options.test), options.seed)
        corpora[name] = tokenise(tokenizer, pairs)
    if options.names:
        corpora["names"] = tokenise(tokenizer, read_names(options.names, options.name_pairs, options.seed))
    options.out.mkdir(parents=True, exist_ok=True)
    kept = options.out / "tables.npz"
    known = dict(np.load(kept)) if kept.exists() else None
    links, tables = align([pair for corpus in corpora.values() for pair in corpus], len(tokenizer), known)
    if known is None:
        np.savez(kept, **tables)
    at = 0
    for name, corpus in corpora.items():
        save(options.out / f"{name}.npz", corpus, links[at:at + len(corpus)])
        at += len(corpus)
        print(f"{name}: {len(corpus)} pairs, {sum(len(t) for _, t in corpus)} target tokens")


if __name__ == "__main__":
    main()
