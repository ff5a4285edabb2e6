#!/usr/bin/env python3
"""Writes the golden files of the tokenizer tests. Needs the Python packages sentencepiece and transformers."""

import json
import pathlib

import sentencepiece
from transformers import MarianTokenizer

import reference
from hard import hard_strings

HERE = pathlib.Path(__file__).parent
DEMO = HERE.parents[2] / "models" / "demo-ar-en"


def write(path, rows):
    with path.open("w") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def demo():
    """The demonstration model: pieces of both SentencePiece models, and ids as Marian wants them."""
    models = [sentencepiece.SentencePieceProcessor(model_file=str(DEMO / f"{side}.spm")) for side in ("source", "target")]
    tokenizer = MarianTokenizer.from_pretrained(DEMO)
    for text in hard_strings(random_count=250):
        row = {"text": text, "marian": reference.marian(tokenizer, text)}
        for side, model in zip(("source", "target"), models):
            row[side] = reference.segment(model, text)
            del row[side]["pieces"]
        del row["target"]["spans"]
        yield row


if __name__ == "__main__":
    write(HERE / "demo.jsonl", demo())
