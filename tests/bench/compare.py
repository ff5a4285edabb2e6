"""Measures mujaz beside CTranslate2 and transformers: the same random weights, sentences, beams and forced lengths.

    python compare.py MODELS [--threads 2] [--rounds 3] [--only NAME] [--transformers]

MODELS is a folder that models.py filled. Programs take turns, round after round, because shared machines change their speed
from one minute to the next; each figure is the median of all runs, and the ratio is that of the medians. The peak of memory
of CTranslate2 has that of Python in it. Needs torch, transformers and ctranslate2; builds `cargo bench --bench decode` first.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

# Name, model, precision, rows, beam, source tokens, target tokens.
JOBS = [
    ("32 sentences, greedy", "base", "int8", 32, 1, 35, 40),
    ("32 sentences, 4 beams", "base", "int8", 32, 4, 35, 40),
    ("one sentence, greedy", "base", "int8", 1, 1, 35, 40),
    ("32 sentences, greedy", "base", "f32", 32, 1, 35, 40),
    ("32 sentences, 4 beams", "base", "f32", 32, 4, 35, 40),
    ("one sentence, greedy", "base", "f32", 1, 1, 35, 40),
    ("32 sentences, greedy", "tc-big", "int8", 32, 1, 35, 40),
    ("32 sentences, greedy", "tc-big", "f32", 32, 1, 35, 40),
    ("one article, 4 beams", "distilbart", "int8", 1, 4, 700, 100),
    ("one article, 4 beams", "distilbart", "f32", 1, 4, 700, 100),
]
RUNS = 3

# What models.py calls the shapes of these models.
SHAPES = {"base": "opus-mt-ar-en", "tc-big": "opus-mt-tc-big-ar-en", "distilbart": "distilbart-cnn-12-6"}

# What CTranslate2 calls the precisions.
QUANTIZATIONS = {"int8": "int8", "f32": "float32"}


def sources(vocab, rows, length):
    """The same ids as tests/bench/decode.rs."""
    return [[10 + (7919 * (row + 1) + 104729 * i) % (vocab - 20) for i in range(length - 1)] for row in range(rows)]


class Stub:
    """What the converter of CTranslate2 asks of a tokenizer: the vocabulary is nothing but numbers."""

    bos_token, eos_token, unk_token, pad_token = "<s>", "</s>", "<unk>", "<pad>"

    def __init__(self, config):
        self.config = config

    def get_vocab(self):
        special = {self.config["eos_token_id"]: "</s>", self.config["pad_token_id"]: "<pad>"}
        if self.config["model_type"] == "bart":
            special[self.config["bos_token_id"]] = "<s>"
        special.setdefault(3, "<unk>")
        return {special.get(i, f"t{i}"): i for i in range(self.config["vocab_size"])}

    def convert_ids_to_tokens(self, i):
        return next(token for token, id in self.get_vocab().items() if id == i)


def converted(folder, precision):
    """The model in the format of CTranslate2."""
    quantization = QUANTIZATIONS[precision]
    out = folder / f"ctranslate2-{quantization}"
    if not (out / "model.bin").exists():
        import transformers
        from ctranslate2.converters import TransformersConverter

        config = json.loads((folder / "config.json").read_text())
        load = classmethod(lambda *_, **__: Stub(config))
        for name in ["AutoTokenizer", "MarianTokenizer", "BartTokenizer"]:
            getattr(transformers, name).from_pretrained = load
        for name, value in [("normalize_before", False), ("normalize_embedding", True), ("add_final_layer_norm", False)]:
            setattr(transformers.BartConfig, name, value)  # fields that transformers 5 no longer has
        TransformersConverter(str(folder)).convert(str(out), quantization=quantization, force=True)
    return out


def ctranslate2(folder, precision, rows, beam, source, target, threads):
    import ctranslate2 as library

    # Threads together at each operation, or a batch for each: whichever is faster counts.
    ways = [(1, threads, 0)] + ([(threads, 1, -(-rows // threads))] if rows > 1 else [])
    vocab = json.loads((folder / "config.json").read_text())["vocab_size"]
    batch = [[f"t{id}" for id in ids] + ["</s>"] for ids in sources(vocab, rows, source)]
    of_ways = []
    for inter, intra, size in ways:
        model = library.Translator(str(converted(folder, precision)), device="cpu",
                                   compute_type=QUANTIZATIONS[precision],
                                   inter_threads=inter, intra_threads=intra)
        seconds = []
        for run in range(RUNS + 1):
            begun = time.perf_counter()
            found = model.translate_batch(batch, beam_size=beam, min_decoding_length=target, max_decoding_length=target,
                                          max_batch_size=size)
            seconds.append(time.perf_counter() - begun)
            assert all(len(one.hypotheses[0]) == target for one in found)
        of_ways.append(seconds[1:])
        del model
    return min(of_ways, key=statistics.median)


def transformers(folder, precision, rows, beam, source, target, threads):
    import torch
    from transformers import AutoModelForSeq2SeqLM

    torch.set_num_threads(threads)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32).eval()
    config = model.config
    ids = torch.tensor([ids + [config.eos_token_id] for ids in sources(config.vocab_size, rows, source)])
    seconds = []
    for run in range(2):
        begun = time.perf_counter()
        model.generate(input_ids=ids, num_beams=beam, min_new_tokens=target, max_new_tokens=target, do_sample=False,
                       no_repeat_ngram_size=0)
        seconds.append(time.perf_counter() - begun)
    return seconds[1:]


def mujaz(program, folder, precision, rows, beam, source, target, threads):
    options = dict(precision=precision, rows=rows, beam=beam, source=source, target=target, threads=threads, runs=RUNS + 1)
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    out, peak = measured([program, str(folder), *flags])
    return [float(seconds) for seconds in out.split()][1:], peak


def peer(name, folder, *job):
    """In a process of its own, whose libraries do not share threads with anything."""
    out, peak = measured([sys.executable, __file__, "--peer", name, str(folder), *map(str, job)])
    return json.loads(out.splitlines()[-1]), peak


def measured(command):
    """What a command prints, and the most memory that it had, in MB."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return out, usage.ru_maxrss * 1024 / 1e6


def build():
    out = subprocess.run(["cargo", "bench", "--no-run", "--bench", "decode"], check=True, capture_output=True, text=True)
    return re.search(r"\((target/release/deps/decode-\w+)\)", out.stderr)[1]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("models", type=Path)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", default="", help="jobs whose model and name contain this")
    arguments.add_argument("--transformers", action="store_true", help="measure transformers too (slow)")
    options = arguments.parse_args()
    program = build()
    print("| shape | job | precision | mujaz, tokens/s | CTranslate2 | ratio | transformers, f32 | mujaz, peak MB | CTranslate2 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, model, precision, rows, beam, source, target in JOBS:
        if options.only not in f"{model} {precision} {name}":
            continue
        folder = options.models / model
        job = (precision, rows, beam, source, target, options.threads)
        # Not here: a process that is started has at least the memory of the one that starts it.
        measured([sys.executable, __file__, "--convert", str(folder), precision])
        ours, theirs, slow, our_peak, their_peak = [], [], [], 0, 0
        for _ in range(options.rounds):
            seconds, peak = mujaz(program, folder, *job)
            ours += seconds
            our_peak = max(our_peak, peak)
            seconds, peak = peer("ctranslate2", folder, *job)
            theirs += seconds
            their_peak = max(their_peak, peak)
        if options.transformers:
            slow, _ = peer("transformers", folder, *job)
        rate = lambda seconds: rows * target / statistics.median(seconds)
        last = f"{rate(slow):,.0f}" if slow else ""
        print(f"| {SHAPES[model]} | {name} | {precision} | {rate(ours):,.0f} | {rate(theirs):,.0f} | {rate(ours) / rate(theirs):.2f} "
              f"| {last} | {our_peak:,.0f} | {their_peak:,.0f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--convert"]:
        converted(Path(sys.argv[2]), sys.argv[3])
    elif sys.argv[1:2] == ["--peer"]:
        name, folder, precision, *numbers = sys.argv[2:]
        seconds = {"ctranslate2": ctranslate2, "transformers": transformers}[name](
            Path(folder), precision, *map(int, numbers))
        print(json.dumps(seconds))
    else:
        main()
