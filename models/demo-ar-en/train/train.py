"""Trains the model: cross-entropy with label smoothing, and guided alignment of one cross-attention head.

The first head of the last decoder layer learns the alignments that data.py found (Chen et al. 2016, as Marian does),
so that word links are read off it and not guessed. The schedule goes by the processor time of the first process, which
is the time of day where nothing else runs: warm-up, then a cosine to zero at --minutes. Each of --processes has one thread and batches and an optimiser of its own; every few steps their weights
become their mean (local SGD). Sources and mix.json, how much of each an epoch takes, are read anew at each epoch. The
weights written are the average over the last tenth. A run that was cut off goes on where checkpoint.pt left it.
"""

import argparse
import json
import math
import pathlib
import shutil
import time

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from sentencepiece import SentencePieceProcessor

import marian

FILES = ["config.json", "generation_config.json", "tokenizer_config.json", "vocab.json", "source.spm", "target.spm"]


class Source:
    """The pairs of one .npz."""

    def __init__(self, path):
        arrays = np.load(path)
        self.source, self.target, self.links = arrays["source"], arrays["target"], arrays["links"]
        self.source_at, self.target_at = arrays["source_at"], arrays["target_at"]

    def __len__(self):
        return len(self.source_at) - 1

    def pair(self, index):
        s = slice(self.source_at[index], self.source_at[index + 1])
        t = slice(self.target_at[index], self.target_at[index + 1])
        return self.source[s], self.target[t], self.links[t]


def take(size, share, rng):
    """Indexes of a share of `size` pairs; over 1, all of them several times."""
    whole, part = divmod(share, 1)
    return np.concatenate([np.tile(np.arange(size), int(whole)), rng.permutation(size)[:round(part * size)]])


def batches(folder, tokens, rng):
    """One epoch of batches: pairs of like length together."""
    mix = json.loads((folder / "mix.json").read_text())
    sources = {name: Source(folder / f"{name}.npz") for name in mix if (folder / f"{name}.npz").exists()}
    chosen = [(name, index) for name, source in sources.items() for index in take(len(source), mix[name], rng)]
    rng.shuffle(chosen)
    result = []
    for start in range(0, len(chosen), 8192):
        pool = [sources[name].pair(int(index)) for name, index in chosen[start:start + 8192]]
        pool.sort(key=lambda pair: (len(pair[1]) + len(pair[0]), len(pair[0])))
        batch, longest = [], 0
        for pair in pool:
            length = max(len(pair[0]), len(pair[1]))
            if batch and max(longest, length) * (len(batch) + 1) > tokens:
                result.append(batch)
                batch, longest = [], 0
            batch.append(pair)
            longest = max(longest, length)
        result.append(batch)
    rng.shuffle(result)
    return result


def tensors(batch, pad):
    """Source padded with the pad id; target and links padded with -1."""
    def filled(part, value):
        rows = np.full((len(batch), max(len(pair[part]) for pair in batch)), value, np.int64)
        for row, pair in zip(rows, batch):
            row[:len(pair[part])] = pair[part]
        return torch.from_numpy(rows)
    return filled(0, pad), filled(1, -1), filled(2, -1)


class Classes:
    """The pieces that a step's cross-entropy looks at: all that ever stand in English, and some of the others."""

    def __init__(self, start, config, generator, others=1000):
        model = SentencePieceProcessor(model_file=str(start / "target.spm"))
        ids = json.loads((start / "vocab.json").read_text())
        english = torch.zeros(config["vocab_size"], dtype=torch.bool)
        english[[ids[model.id_to_piece(i)] for i in range(len(model)) if model.id_to_piece(i) in ids]] = True
        english[[config["eos_token_id"], ids["<unk>"]]] = True
        self.english, self.rest = english.nonzero()[:, 0], (~english).nonzero()[:, 0]
        self.generator, self.others = generator, others

    def draw(self):
        some = self.rest[torch.randperm(len(self.rest), generator=self.generator)[:self.others]]
        return torch.cat([self.english, some]).sort()[0]


def export(flat, config, start, out):
    """A model directory in the layout of transformers, in f16."""
    out.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(start / name, out / name)
    halves = {name: tensor.half().contiguous() for name, tensor in marian.to_hugging_face(flat, config).items()}
    save_file(halves, out / "model.safetensors", {"format": "pt"})


class Average:
    """The mean of the weights over time."""

    def __init__(self, count=0, value=None):
        self.count, self.value = count, value

    def add(self, flat):
        self.count += 1
        self.value = flat.clone() if self.value is None else self.value.lerp_(flat, 1 / self.count)


class Trainer:
    """One process of the training; process 0 also logs, keeps checkpoints and averages."""

    def __init__(self, rank, options, shared, barrier):
        self.rank, self.options, self.shared, self.barrier = rank, options, shared, barrier
        self.config = json.loads((options.start / "config.json").read_text())
        self.flat = marian.from_hugging_face(load_file(options.start / "model.safetensors"), self.config)
        generator = torch.Generator().manual_seed(options.seed + rank)
        self.net = marian.Marian(self.config, marian.Dropout(options.dropout, generator))
        self.classes = Classes(options.start, self.config, generator)
        self.optimizer = torch.optim.AdamW([self.flat], betas=(0.9, 0.98), eps=1e-8, weight_decay=0.01, fused=True)
        self.flat.grad = torch.zeros_like(self.flat)
        self.average = Average()
        self.step_count, self.seen, self.epoch, spent = 0, 0, 0, 0.0
        self.kept = options.out / "checkpoint.pt"
        if self.kept.exists():
            state = torch.load(self.kept, mmap=True)
            self.flat.copy_(state["flat"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.average = Average(state["averaged"], state["average"])
            self.step_count, self.seen, spent = state["step"], state["seen"], state["spent"]
            self.epoch = state["epoch"] + 1
        self.began = time.process_time() - spent
        self.saved, self.shown, self.last = time.time(), np.zeros(3), (time.time(), self.seen)

    def done(self):
        """How much of the time is over, as of the last meeting of the processes."""
        return self.shared[-1].item()

    def meet(self):
        """The processes' weights become their mean."""
        size = len(self.flat)
        self.shared[self.rank * size:(self.rank + 1) * size] = self.flat
        if self.rank == 0:
            self.shared[-1] = (time.process_time() - self.began) / 60 / self.options.minutes
        self.barrier.wait()
        torch.mean(self.shared[:-1].view(self.options.processes, size), 0, out=self.flat)
        self.barrier.wait()

    def step(self, batch):
        options = self.options
        border = self.config["vocab_size"] * self.config["d_model"]
        embeddings = self.flat[:border].detach().requires_grad_()
        layers = self.flat[border:].bfloat16().requires_grad_()
        source, target, links = tensors(batch, self.config["pad_token_id"])
        nll, misaligned, count = self.net.loss(embeddings, layers, source, target, links, self.classes.draw())
        ((nll + options.guided * misaligned) / count).backward()
        self.flat.grad[:border], self.flat.grad[border:] = embeddings.grad, layers.grad
        norm = self.flat.grad.norm().item()
        if norm > 1:
            self.flat.grad /= norm
        cosine = 0.5 * (1 + math.cos(math.pi * min(self.done(), 1)))
        rate = options.rate * min(1, (self.step_count + 1) / options.warmup) * (0.03 + 0.97 * cosine)
        self.optimizer.param_groups[0]["lr"] = rate
        self.optimizer.step()
        self.step_count, self.seen = self.step_count + 1, self.seen + count
        self.shown += [nll.item(), misaligned.item(), count]
        return rate

    def run(self):
        options = self.options
        self.meet()
        while self.done() < 1:
            rng = np.random.default_rng((options.seed, self.epoch))
            everyone = batches(options.data, options.tokens, rng)
            mine = everyone[self.rank:len(everyone) - len(everyone) % options.processes:options.processes]
            for batch in mine:
                rate = self.step(batch)
                if self.step_count % options.meet == 0:
                    self.meet()
                    if self.rank == 0:
                        self.look_after(rate)
                    if self.done() >= 1:
                        break
            self.epoch += 1
        if self.rank == 0:
            weights = self.flat if self.average.value is None else self.average.value
            export(weights, self.config, options.start, options.out)
            print(f"{self.step_count} steps, {self.seen * options.processes} target tokens, {options.minutes} minutes",
                  flush=True)

    def look_after(self, rate):
        if self.done() > 0.9:
            self.average.add(self.flat)
        if self.step_count % 100 < self.options.meet:
            speed = (self.seen - self.last[1]) * self.options.processes / (time.time() - self.last[0])
            print(f"epoch {self.epoch} step {self.step_count} loss {self.shown[0] / self.shown[2]:.3f} "
                  f"links {self.shown[1] / self.shown[2]:.3f} rate {rate:.2e} tokens/s {speed:.0f} "
                  f"done {self.done():.1%}", flush=True)
            self.shown, self.last = np.zeros(3), (time.time(), self.seen)
        if time.time() - self.saved > 240:
            self.saved = time.time()
            export(self.flat, self.config, self.options.start, self.options.out / "last")
            torch.save({"flat": self.flat, "optimizer": self.optimizer.state_dict(), "average": self.average.value,
                        "averaged": self.average.count, "step": self.step_count, "spent": time.process_time() - self.began,
                        "seen": self.seen, "epoch": self.epoch}, self.kept.with_suffix(".tmp"))
            self.kept.with_suffix(".tmp").rename(self.kept)


def train(rank, options, shared, barrier):
    torch.set_num_threads(1)
    Trainer(rank, options, shared, barrier).run()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=pathlib.Path, required=True, help="what data.py wrote, and mix.json")
    arguments.add_argument("--start", type=pathlib.Path, required=True, help="model directory to start from")
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--minutes", type=float, required=True)
    arguments.add_argument("--rate", type=float, default=7e-4)
    arguments.add_argument("--tokens", type=int, default=2400, help="of a batch of one process, padding counted")
    arguments.add_argument("--dropout", type=float, default=0.1)
    arguments.add_argument("--guided", type=float, default=0.1, help="weight of the alignment loss")
    arguments.add_argument("--warmup", type=int, default=300)
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--meet", type=int, default=5, help="steps between two averages of the processes' weights")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    config = json.loads((options.start / "config.json").read_text())
    size = sum(math.prod(shape) for shape in marian.layout(config).values())
    shared = torch.zeros(options.processes * size + 1).share_memory_()
    barrier = torch.multiprocessing.get_context("spawn").Barrier(options.processes)
    torch.multiprocessing.spawn(train, (options, shared, barrier), options.processes)


if __name__ == "__main__":
    main()
