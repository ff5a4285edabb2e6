"""Writes cases.json: what transformers' generate finds with a model that is nothing but a hash of its input.

    python make.py            needs torch and transformers 5.23

The model's scores are computed in the same exact arithmetic by tests/search.rs, so that only the search is compared.
"""

import json
import pathlib
import random

import numpy as np
import torch
from transformers import GenerationConfig, GenerationMixin, PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput

VOCAB = 48
START, EOS, SECOND_EOS, BOS, PAD = 2, 0, 7, 5, 47
CASES = 360


def mix(x):
    """SplitMix64 over an array of 64-bit numbers."""
    x = (x + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    x = ((x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)).astype(np.uint64)
    x = ((x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)).astype(np.uint64)
    return x ^ (x >> np.uint64(31))


def fold(tokens):
    state = np.zeros(1, np.uint64)
    for token in tokens:
        state = mix(state ^ np.uint64(token))
    return state


def logits(source, prefix):
    """Scores in steps of 2^-21 from 0 to 8; the end tokens rise with the length."""
    with np.errstate(over="ignore"):
        state = mix(fold(source) ^ fold(prefix))
        noise = mix(state ^ np.arange(VOCAB, dtype=np.uint64))
    scores = (noise >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-21)
    rise = np.float32(len(prefix) - len(source))
    scores[EOS] += rise
    scores[SECOND_EOS] += np.float32(0.5) * rise
    return scores


class Encoder(torch.nn.Module):
    """Hands the source on as it is; padding is 0."""

    main_input_name = "input_ids"

    def forward(self, input_ids, attention_mask=None, **_):
        return BaseModelOutput(last_hidden_state=(input_ids * attention_mask)[..., None].float())


class Hash(PreTrainedModel, GenerationMixin):
    config_class = PreTrainedConfig
    main_input_name = "input_ids"

    def __init__(self, config):
        super().__init__(config)
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.encoder = Encoder()

    def get_encoder(self, modality=None):
        return self.encoder

    def prepare_inputs_for_generation(self, decoder_input_ids, encoder_outputs=None, **kwargs):
        return {"decoder_input_ids": decoder_input_ids, "encoder_outputs": encoder_outputs}

    def forward(self, input_ids=None, attention_mask=None, decoder_input_ids=None, encoder_outputs=None, **_):
        rows = []
        for row, prefix in enumerate(decoder_input_ids.tolist()):
            source = [int(x) for x in encoder_outputs.last_hidden_state[row, :, 0].tolist() if x]
            rows.append(logits(source, prefix))
        return Seq2SeqLMOutput(logits=torch.from_numpy(np.stack(rows))[:, None])


def configuration(rng):
    beams = rng.choice([1, 1, 2, 3, 4, 5, 6])
    options = {
        "num_beams": beams,
        "num_return_sequences": rng.randint(1, beams),
        "max_length": rng.choice([2, 3, 6, 10, 16, 24]),
        "eos_token_id": rng.choice([[EOS], [EOS], [EOS, SECOND_EOS]]),
    }
    if beams > 1:
        options["length_penalty"] = rng.choice([0.0, 0.6, 1.0, 2.0, -0.5])
        options["early_stopping"] = rng.choice([False, True, "never"])
    if rng.random() < 0.3:
        options["min_length"] = rng.randint(1, 12)
    if rng.random() < 0.3:
        options["no_repeat_ngram_size"] = rng.choice([1, 2, 3])
    if rng.random() < 0.15:
        options["encoder_no_repeat_ngram_size"] = rng.choice([1, 2])
    if rng.random() < 0.15:
        options["repetition_penalty"] = rng.choice([0.8, 1.2, 2.5])
    if rng.random() < 0.15:
        options["suppress_tokens"] = rng.sample(range(8, VOCAB), 4)
    if rng.random() < 0.15:
        options["begin_suppress_tokens"] = rng.sample(range(8, VOCAB), 12)
    if rng.random() < 0.3:
        options["forced_bos_token_id"] = BOS
    if rng.random() < 0.4:
        options["forced_eos_token_id"] = EOS
    if rng.random() < 0.4:
        words = [[PAD], [EOS], [rng.randrange(VOCAB)], [rng.randrange(VOCAB), rng.randrange(VOCAB)]]
        words += [[a, b] for a in range(0, VOCAB, 3) for b in rng.sample(range(VOCAB), 3)]
        words += [[rng.randrange(VOCAB) for _ in range(3)] for _ in range(40)]
        options["bad_words_ids"] = words[: rng.choice([1, 3, 60, len(words)])]
    if rng.random() < 0.4:
        options["renormalize_logits"] = True
    return options


def greedy_log_prob(output, row, tokens, renormalize):
    """What beam search sums: forced tokens are certain, the softmax is taken before or after tokens are banned."""
    total = 0.0
    for step, token in enumerate(tokens):
        processed = output.scores[step][row]
        if torch.isfinite(processed).sum() > 1:
            norm = (processed if renormalize else output.logits[step][row]).double().logsumexp(-1)
            total += (processed[token] - norm).item()
    return total


def run(model, rng):
    options = configuration(rng)
    sources = [[rng.randint(1, VOCAB - 1) for _ in range(rng.randint(2, 14))] for _ in range(rng.randint(1, 3))]
    if "encoder_no_repeat_ngram_size" in options:
        del sources[1:]  # padding would count as part of a source
    longest = max(map(len, sources))
    ids = torch.tensor([s + [0] * (longest - len(s)) for s in sources])
    config = GenerationConfig(
        **options, decoder_start_token_id=START, pad_token_id=PAD, use_cache=False, do_sample=False,
        return_dict_in_generate=True, output_scores=True, output_logits=True,
    )
    output = model.generate(input_ids=ids, attention_mask=(ids > 0).long(), generation_config=config)
    per_source = options["num_return_sequences"]
    found = []
    for row, sequence in enumerate(output.sequences.tolist()):
        tokens = sequence[1:]
        ends = [i for i, token in enumerate(tokens) if token in options["eos_token_id"]]
        tokens = tokens[: ends[0] + 1] if ends else tokens
        penalty = len(tokens) ** options.get("length_penalty", 1.0)
        if options["num_beams"] > 1:
            score = output.sequences_scores[row].item()
        else:
            score = greedy_log_prob(output, row, tokens, options.get("renormalize_logits", False)) / penalty
        found.append({"tokens": tokens, "score": round(score, 6)})
    found = [found[i : i + per_source] for i in range(0, len(found), per_source)]
    # Where fewer hypotheses can be made than were asked for, transformers fills up with copies that score -1e9.
    found = [[hypothesis for hypothesis in row if hypothesis["score"] > -1e6] for row in found]
    return {"options": options, "sources": sources, "found": found}


def main():
    rng = random.Random(5)
    model = Hash(PreTrainedConfig(is_encoder_decoder=True, vocab_size=VOCAB)).eval()
    with torch.no_grad():
        cases = [run(model, rng) for _ in range(CASES)]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path = pathlib.Path(__file__).with_name("cases.json")
    path.write_text(f"[\n{lines}\n]\n")
    print(path.stat().st_size, "bytes")


main()
