"""Small models with random weights, one for each shape of the encoder-decoder, and what transformers makes of them.

    python tests/golden/families/make.py

writes a folder for each model beside this script: the files that transformers saves, with the switches that configurations
of older models carry, and `expected.json`. Needs torch and transformers 5.23.
"""

import copy
import json
import os
import shutil

import torch
from safetensors.torch import load_file, save_file
from transformers import (BartConfig, BartForConditionalGeneration, GenerationConfig, M2M100Config, M2M100ForConditionalGeneration,
                          MarianConfig, MarianMTModel, MBartConfig, MBartForConditionalGeneration, PegasusConfig,
                          PegasusForConditionalGeneration)

HERE = os.path.dirname(os.path.abspath(__file__))
VOCAB = 90
EVERY = 7  # of the scores of a step, one in so many is kept

SMALL = dict(vocab_size=VOCAB, d_model=24, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
             decoder_attention_heads=4, encoder_ffn_dim=40, decoder_ffn_dim=40, max_position_embeddings=32)
BART = dict(activation_function="gelu", scale_embedding=False, bos_token_id=0, pad_token_id=1, eos_token_id=2,
            decoder_start_token_id=2, forced_bos_token_id=0, forced_eos_token_id=2)
MARIAN = dict(pad_token_id=VOCAB - 1, decoder_start_token_id=VOCAB - 1, eos_token_id=0, bos_token_id=0,
              forced_eos_token_id=0, scale_embedding=True)
OLD_BART = dict(add_bias_logits=False, add_final_layer_norm=False, normalize_before=False, normalize_embedding=True,
                static_position_embeddings=False, extra_pos_embeddings=2, force_bos_token_to_be_generated=True)
OLD_MBART = dict(OLD_BART, add_final_layer_norm=True, normalize_before=True)
OLD_PEGASUS = dict(OLD_BART, add_final_layer_norm=True, normalize_before=True, normalize_embedding=False,
                   static_position_embeddings=True)
OLD_MARIAN = dict(add_bias_logits=False, add_final_layer_norm=False, normalize_before=False, normalize_embedding=False,
                  static_position_embeddings=True, num_hidden_layers=2)

# Name; configuration and class; the switches of the real models (facts of each are in its configuration on the Hub):
# what an older config.json has besides; how the search is set; the precision it is saved in.
MODELS = [
    ("opus-mt", MarianConfig, MarianMTModel, dict(MARIAN, activation_function="swish"), OLD_MARIAN,
     dict(bad_words_ids=[[VOCAB - 1]], num_beams=4, max_length=14, no_repeat_ngram_size=2, renormalize_logits=True), "float32"),
    # Another end token, and an output layer of its own that is not to be used.
    ("opus-mt-tc-big", MarianConfig, MarianMTModel,
     dict(MARIAN, activation_function="relu", eos_token_id=43, forced_eos_token_id=43), OLD_MARIAN,
     dict(bad_words_ids=[[VOCAB - 1]], num_beams=4, max_length=14, no_repeat_ngram_size=2), "float16"),
    # Two vocabularies; the options of generation null.
    ("opus-mt-two-vocabularies", MarianConfig, MarianMTModel,
     dict(MARIAN, vocab_size=VOCAB + 13, decoder_vocab_size=VOCAB, share_encoder_decoder_embeddings=False,
          activation_function="relu"),
     dict(OLD_MARIAN, num_beams=None, max_length=None), dict(max_length=14, min_length=3, no_repeat_ngram_size=2), "float32"),
    ("bart-cnn", BartConfig, BartForConditionalGeneration, BART, OLD_BART,
     dict(num_beams=4, max_length=16, min_length=9, length_penalty=2.0, no_repeat_ngram_size=3, early_stopping=True,
          forced_bos_token_id=0, forced_eos_token_id=2),
     "float32"),
    # As distilbart: fewer layers in the decoder.
    ("distilbart", BartConfig, BartForConditionalGeneration, dict(BART, decoder_layers=1), OLD_BART,
     dict(num_beams=4, max_length=16, min_length=9, length_penalty=2.0, no_repeat_ngram_size=3, early_stopping=True,
          forced_bos_token_id=0, forced_eos_token_id=2),
     "float16"),
    ("mbart", MBartConfig, MBartForConditionalGeneration,
     dict(BART, activation_function="gelu", scale_embedding=True, forced_bos_token_id=None, forced_eos_token_id=2), OLD_MBART,
     dict(num_beams=5, max_length=14, min_length=4, no_repeat_ngram_size=2, forced_eos_token_id=2), "float32"),
    ("mbart-50", MBartConfig, MBartForConditionalGeneration,
     dict(BART, activation_function="relu", scale_embedding=True, forced_bos_token_id=80), OLD_MBART,
     dict(num_beams=5, max_length=14, early_stopping=True, no_repeat_ngram_size=1, forced_bos_token_id=80), "float32"),
    ("pegasus", PegasusConfig, PegasusForConditionalGeneration,
     dict(activation_function="relu", scale_embedding=True, pad_token_id=0, bos_token_id=0, eos_token_id=1,
          decoder_start_token_id=0, forced_eos_token_id=1), OLD_PEGASUS,
     dict(num_beams=8, max_length=14, length_penalty=0.8, min_length=5, no_repeat_ngram_size=2), "float32"),
    # As m2m100 and nllb: different sizes of encoder and decoder.
    ("m2m100", M2M100Config, M2M100ForConditionalGeneration,
     dict(bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, activation_function="relu",
          scale_embedding=True, encoder_layers=1, encoder_ffn_dim=48, decoder_attention_heads=2), {},
     dict(num_beams=5, max_length=14, early_stopping=True, no_repeat_ngram_size=1, forced_bos_token_id=77), "float32"),
    # As nllb: the files say nothing of beams, and the language is forced by whoever asks.
    ("nllb", M2M100Config, M2M100ForConditionalGeneration,
     dict(bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, activation_function="relu",
          scale_embedding=True), dict(max_length=200, tokenizer_class="NllbTokenizer"),
     dict(max_length=14, no_repeat_ngram_size=2), "float32"),
    # An output layer that is not tied, the tanh approximation of gelu, embeddings as they are.
    ("untied", BartConfig, BartForConditionalGeneration,
     dict(BART, activation_function="gelu_new", tie_word_embeddings=False), {}, dict(max_length=14, no_repeat_ngram_size=2), "float32"),
]

# What the files do not say and a user does: the first token of the target, beams.
ASKED = {"nllb": dict(forced_bos_token_id=75, num_beams=4)}


def randomise(model):
    """Weights for which every part matters: transformers' own make scores that hardly depend on anything."""
    generator = torch.Generator().manual_seed(7)
    noise = lambda tensor: torch.randn(tensor.shape, generator=generator)
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if "embed_positions" in name and not tensor.requires_grad:
                continue
            if "norm" in name and name.endswith("weight"):
                tensor.copy_(1 + 0.2 * noise(tensor))
            elif name.endswith("bias"):
                tensor.copy_(0.2 * noise(tensor))
            elif "embed" in name or "shared" in name or "lm_head" in name:
                tensor.copy_(noise(tensor) * (0.3 if model.config.scale_embedding else 1.0))
            else:
                tensor.copy_(1.5 * noise(tensor) / tensor.shape[1] ** 0.5)
        if getattr(model, "final_logits_bias", None) is not None:
            model.final_logits_bias.copy_(noise(model.final_logits_bias))
            model.final_logits_bias[0, model.config.eos_token_id] += 1


def single(model):
    """The model as it is loaded in single precision: positions by a formula lose nothing in a file of half precision."""
    model.float()
    for module in model.modules():
        if hasattr(module, "create_weight"):
            module.weight.data.copy_(module.create_weight())
    return model


def patch(path, fields):
    with open(path) as file:
        config = json.load(file)
    config.update(fields)
    with open(path, "w") as file:
        json.dump(config, file, indent=1, sort_keys=True)


def rounded(tensor):
    return [float(f"{value:.7g}") for value in tensor.flatten().tolist()]


def sources(model):
    """Three sources of different lengths, with an end token each."""
    eos, generator = model.config.eos_token_id, torch.Generator().manual_seed(3)
    special = {model.config.pad_token_id, eos, 0, 1, 2}
    words = [token for token in range(VOCAB) if token not in special]
    pick = lambda n: [words[i] for i in torch.randint(len(words), (n,), generator=generator).tolist()]
    return [pick(n) + [eos] for n in (6, 1, 11)]


def expected(model, asked):
    cases, half, error = [], copy.deepcopy(model).to(torch.bfloat16), 0.0
    beams = asked.get("num_beams") or model.generation_config.num_beams or 1
    bos = asked.get("forced_bos_token_id") or model.generation_config.forced_bos_token_id
    rows = sources(model)
    longest = max(map(len, rows))
    pad = lambda row, filler: row + [filler] * (longest - len(row))
    ids = torch.tensor([pad(row, model.config.pad_token_id) for row in rows])
    mask = torch.tensor([pad([1] * len(row), 0) for row in rows])
    outputs = {}
    with torch.no_grad():
        for name, number in (("greedy", 1), ("beam", beams)):
            outputs[name] = model.generate(ids, attention_mask=mask, num_beams=number, forced_bos_token_id=bos).tolist()
        for i, source in enumerate(rows):
            # Any target does: it is another row's source.
            target = rows[(i + 2) % len(rows)]
            given = torch.tensor([[model.config.decoder_start_token_id] + target[:-1]])
            output = model(input_ids=torch.tensor([source]), decoder_input_ids=given, output_attentions=True)
            scores = output.logits[0]
            rounded_off = half(input_ids=torch.tensor([source]), decoder_input_ids=given).logits[0].float()
            error = max(error, (rounded_off - scores)[:, ::EVERY].abs().max().item())
            log_probs = torch.log_softmax(scores, -1).gather(1, torch.tensor(target)[:, None])[:, 0]
            generated = {}
            for name in outputs:
                row = outputs[name][i][1:]
                ends = [j for j, token in enumerate(row) if token == model.config.eos_token_id]
                generated[name] = row[: ends[0] + 1] if ends else row
            cases.append({"source": source, "target": target, "scores": rounded(scores[:, ::EVERY]),
                          "log_probs": rounded(log_probs), "attention": rounded(output.cross_attentions[-1][0, 0]),
                          **generated})
    return {"start": model.config.decoder_start_token_id, "every": EVERY, "beams": beams, "forced_bos": bos,
            "bf16_error": float(f"{error:.4g}"), "cases": cases}


def main():
    for name, config_class, model_class, switches, old, generation, dtype in MODELS:
        folder = os.path.join(HERE, name)
        shutil.rmtree(folder, ignore_errors=True)
        config = config_class(**{**SMALL, **switches}, attn_implementation="eager")
        model = model_class(config).eval()
        randomise(model)
        model.to(getattr(torch, dtype)).save_pretrained(folder)
        patch(os.path.join(folder, "config.json"), old)
        patch(os.path.join(folder, "generation_config.json"), generation)
        if name == "opus-mt-tc-big":
            path = os.path.join(folder, "model.safetensors")
            tensors = load_file(path)
            tensors["lm_head.weight"] = torch.randn(VOCAB, SMALL["d_model"], generator=torch.Generator().manual_seed(1)).to(torch.float16)
            save_file(tensors, path, metadata={"format": "pt"})
        if name == "opus-mt":
            os.remove(os.path.join(folder, "generation_config.json"))
            patch(os.path.join(folder, "config.json"), generation)
            model.generation_config = GenerationConfig(**{**model.generation_config.to_dict(), **generation})
        else:
            model.generation_config = GenerationConfig.from_pretrained(folder)
        with open(os.path.join(folder, "expected.json"), "w") as file:
            json.dump(expected(single(model), ASKED.get(name, {})), file)
        size = sum(os.path.getsize(os.path.join(folder, file)) for file in os.listdir(folder))
        print(f"{name}: {size // 1000} kB")


main()
