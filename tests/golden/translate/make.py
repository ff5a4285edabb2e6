"""Writes golden.json: what transformers makes of sentences.tsv with the demonstration model, greedy and with four beams.

    python make.py            needs torch and transformers 5.23

sentences.tsv has, on each line, a sentence and what mujaz::segment::normalise makes of it, which the test compares too;
transformers gets the latter. The score is the mean log-probability of the tokens, the end token among them.
"""

import json
import pathlib

import torch
from transformers import MarianMTModel, MarianTokenizer

HERE = pathlib.Path(__file__).parent
MODEL = HERE.parents[2] / "models" / "demo-ar-en"


def translate(model, tokenizer, text, beams):
    source = tokenizer([text], return_tensors="pt")
    output = model.generate(
        **source, num_beams=beams, length_penalty=1.0, return_dict_in_generate=True, output_scores=True
    )
    tokens = output.sequences[0, 1:]
    if beams > 1:
        score = output.sequences_scores[0].item()  # with this length penalty the mean
    else:
        score = sum(step[0, token].item() for step, token in zip(output.scores, tokens)) / len(tokens)
    return {"text": tokenizer.decode(tokens, skip_special_tokens=True), "score": round(score, 5)}


def main():
    tokenizer = MarianTokenizer.from_pretrained(MODEL)
    model = MarianMTModel.from_pretrained(MODEL, dtype=torch.float32).eval()
    found = []
    for line in (HERE / "sentences.tsv").read_text().splitlines():
        text = line.split("\t")[1]
        with torch.no_grad():
            found.append({f"beam {beams}": translate(model, tokenizer, text, beams) for beams in (1, 4)})
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in found)
    (HERE / "golden.json").write_text(f"[\n{lines}\n]\n")


main()
