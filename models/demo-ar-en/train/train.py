"""Trains the model: cross-entropy with label smoothing, and guided alignment of one cross-attention head.

The first head of the last decoder layer learns the alignments that data.py found (Chen et al. 2016, as Marian does),
so that word links are read off it and not guessed. The schedule runs on the clock: warm-up, then a cosine to zero at
--minutes. The weights written are the average over the last tenth.
"""

import argparse
import json
import math
import pathlib
import time

import numpy as np
import torch
from transformers import MarianConfig, MarianMTModel


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


def batches(sources, shares, tokens, rng):
    """One epoch of batches: a share of each source (over 1: repeated), pairs of like length together."""
    chosen = []
    for name, share in shares.items():
        size = len(sources[name])
        whole, part = divmod(share, 1)
        indexes = np.concatenate([np.arange(size)] * int(whole) + [rng.permutation(size)[:int(part * size)]])
        chosen += [(name, int(index)) for index in indexes]
    rng.shuffle(chosen)
    result = []
    for start in range(0, len(chosen), 4096):
        pool = [sources[name].pair(index) for name, index in chosen[start:start + 4096]]
        pool.sort(key=lambda pair: (len(pair[1]), len(pair[0])))
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
    width = lambda k: max(len(pair[k]) for pair in batch)
    fill = lambda k, value: torch.tensor(
        np.stack([np.pad(pair[k], (0, width(k) - len(pair[k])), constant_values=value) for pair in batch]),
        dtype=torch.long)
    return fill(0, pad), fill(1, -100), fill(2, -1)


def loss_of(model, batch, config, guided):
    source, target, links = tensors(batch, config.pad_token_id)
    labels = target.clamp(min=0)
    previous = torch.cat([torch.full_like(labels[:, :1], config.decoder_start_token_id), labels[:, :-1]], 1)
    previous = previous.masked_fill(torch.cat([target[:, :1], target[:, :-1]], 1) == -100, config.pad_token_id)
    with torch.autocast("cpu", torch.bfloat16):
        out = model(input_ids=source, attention_mask=(source != config.pad_token_id).long(),
                    decoder_input_ids=previous, output_attentions=guided > 0)
    logits = out.logits.float()
    kept = target != -100
    nll = torch.nn.functional.cross_entropy(logits[kept], target[kept], label_smoothing=0.1)
    if guided == 0:
        return nll, kept.sum().item()
    head = out.cross_attentions[-1][:, 0].float()  # [batch, target, source]
    aligned = head.gather(2, links.clamp(min=0).unsqueeze(2)).squeeze(2)
    return nll - guided * aligned[kept].clamp(min=1e-6).log().mean(), kept.sum().item()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=pathlib.Path, required=True, help="what data.py wrote")
    arguments.add_argument("--share", action="append", required=True, metavar="NAME=X",
                           help="how much of a source an epoch takes; over 1 repeats it")
    arguments.add_argument("--start", type=pathlib.Path, required=True,
                           help="model directory to start from, or a config.json for random weights")
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--minutes", type=float, required=True)
    arguments.add_argument("--rate", type=float, default=5e-4)
    arguments.add_argument("--tokens", type=int, default=2500)
    arguments.add_argument("--dropout", type=float, default=0.1)
    arguments.add_argument("--guided", type=float, default=0.1, help="weight of the alignment loss")
    arguments.add_argument("--warmup", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    if options.start.is_dir():
        model = MarianMTModel.from_pretrained(options.start, dtype=torch.float32, attn_implementation="eager",
                                              dropout=options.dropout)
    else:
        config = MarianConfig(**json.loads(options.start.read_text()), attn_implementation="eager")
        config.dropout = options.dropout
        model = MarianMTModel(config)
    config = model.config
    shares = {name: float(x) for name, x in (share.split("=") for share in options.share)}
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.01)
    average, averaged = None, 0
    began, step, seen, epoch, shown = time.time(), 0, 0, 0, []
    model.train()
    while True:
        # Sources are looked for anew at each epoch, so that one can be added while training runs.
        sources = {name: Source(options.data / f"{name}.npz") for name in shares
                   if (options.data / f"{name}.npz").exists()}
        present = {name: share for name, share in shares.items() if name in sources}
        for batch in batches(sources, present, options.tokens, rng):
            done = (time.time() - began) / 60 / options.minutes
            if done >= 1:
                break
            rate = options.rate * min(1, (step + 1) / options.warmup) * 0.5 * (1 + math.cos(math.pi * done))
            for group in optimizer.param_groups:
                group["lr"] = rate
            loss, count = loss_of(model, batch, config, options.guided)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step, seen = step + 1, seen + count
            shown.append(loss.item())
            if done > 0.9 and step % 10 == 0:
                state = model.state_dict()
                averaged += 1
                if average is None:
                    average = {k: v.clone() for k, v in state.items()}
                else:
                    for k, v in state.items():
                        average[k] += (v - average[k]) / averaged
            if step % 100 == 0:
                print(f"epoch {epoch} step {step} loss {np.mean(shown):.3f} rate {rate:.2e} "
                      f"tokens/s {seen / (time.time() - began):.0f} done {done:.1%}", flush=True)
                shown = []
            if step % 2000 == 0:
                model.save_pretrained(options.out / "last")
        else:
            epoch += 1
            continue
        break
    if average is not None:
        model.load_state_dict(average)
    model.eval()
    model.half().save_pretrained(options.out)
    print(f"{step} steps, {seen} target tokens, {(time.time() - began) / 60:.1f} minutes", flush=True)


if __name__ == "__main__":
    main()
