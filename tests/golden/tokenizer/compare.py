#!/usr/bin/env python3
"""Compares mujaz with the references on any texts: for a SentencePiece model pieces, ids, spans and decoding with the C++
implementation, for the folder of a Marian model ids and decoding with MarianTokenizer.

    cargo build --release --example tokenize
    compare.py target/release/examples/tokenize MODEL|FOLDER... [--texts FILE.tsv...] [--random N] [--time]

Every column of the files that are given is compared, beside the texts of hard.py. Needs the Python packages sentencepiece
and transformers.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

import sentencepiece
import transformers

import reference
from hard import hard_strings, random_lines


def clock(program, path, texts, stdin):
    """How fast the two are on one SentencePiece model."""
    model = sentencepiece.SentencePieceProcessor(model_file=path)
    start = time.perf_counter()
    count = sum(len(model.encode(text)) for text in texts)
    seconds = time.perf_counter() - start
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{path}: sentencepiece {size / seconds:.2f} MB/s, {count} pieces in {seconds:.3f} s; mujaz ", end="", flush=True)
    subprocess.run([program, path, "--time"], input=stdin, check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--texts", nargs="*", default=[])
    parser.add_argument("--random", type=int, default=0, help="further random texts")
    parser.add_argument("--time", action="store_true")
    arguments = parser.parse_args()
    transformers.logging.set_verbosity_error()
    texts = hard_strings() + random_lines(arguments.random, seed=arguments.random)
    for path in arguments.texts:
        texts += [cell for line in pathlib.Path(path).read_text().split("\n") if line for cell in line.split("\t")]
    stdin = "".join(json.dumps(text) + "\n" for text in texts).encode()
    failed = 0
    for path in arguments.models:
        if arguments.time:
            clock(arguments.program, path, texts, stdin)
            continue
        if pathlib.Path(path).is_dir():
            tokenizer = transformers.MarianTokenizer.from_pretrained(path)
            expected = lambda text: reference.marian(tokenizer, text)
        else:
            model = sentencepiece.SentencePieceProcessor(model_file=path)
            expected = lambda text: reference.segment(model, text)
        out = subprocess.run([arguments.program, path], input=stdin, stdout=subprocess.PIPE, check=True)
        wrong = {}
        for text, line in zip(texts, out.stdout.decode().split("\n")[:-1], strict=True):
            got, want = json.loads(line), expected(text)
            for key in want:
                if got[key] != want[key]:
                    wrong.setdefault(key, []).append((text, want, got))
        print(f"{path}: {len(texts)} texts, mismatches: { {key: len(found) for key, found in wrong.items()} or 0}")
        for key, found in wrong.items():
            text, want, got = min(found, key=lambda case: len(case[0]))
            print(f"  {key} of {text!r}\n    want {want[key]}\n    got  {got[key]}")
        failed += bool(wrong)
    sys.exit(failed)


if __name__ == "__main__":
    main()
