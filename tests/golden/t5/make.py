"""Makes small T5 models with random weights, as their repositories have them, and what transformers computes with them.

    python make.py [FOLDER]

Needs torch, transformers and safetensors. Each folder is a model: its weights, config.json, generation_config.json,
golden.json (sources, targets, how far scores in bf16 are off, greedy and beam output) and logits.safetensors (of each
source alone, computed in double precision). buckets.json has the buckets of relative positions.
"""

import copy
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import MT5Config, MT5ForConditionalGeneration, T5Config, T5ForConditionalGeneration
from transformers.models.t5.modeling_t5 import T5Attention

here = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
VOCAB = 61
COMMON = dict(
    vocab_size=VOCAB, d_model=24, d_ff=40, num_heads=3, dropout_rate=0.0, pad_token_id=0, eos_token_id=1,
    decoder_start_token_id=0, relative_attention_num_buckets=8, relative_attention_max_distance=20,
)
# The switches of the real models: t5-small, flan-t5, mT5, MADLAD-400.
MODELS = {
    "t5": (T5ForConditionalGeneration, T5Config, dict(d_kv=8, num_layers=2, feed_forward_proj="relu")),
    "flan-t5": (T5ForConditionalGeneration, T5Config, dict(
        d_kv=8, num_layers=2, feed_forward_proj="gated-gelu", tie_word_embeddings=False)),
    "mt5": (MT5ForConditionalGeneration, MT5Config, dict(
        d_kv=6, num_layers=2, feed_forward_proj="gated-gelu", tie_word_embeddings=False)),
    "madlad": (T5ForConditionalGeneration, T5Config, dict(
        d_kv=16, num_layers=3, num_decoder_layers=2, feed_forward_proj="gated-gelu", tie_word_embeddings=False,
        pad_token_id=1, eos_token_id=2)),
}
KEEP = {"d_kv", "num_layers", "num_decoder_layers", "feed_forward_proj", "tie_word_embeddings", *COMMON}


def build(name):
    """A model whose output layer is its own where the configuration says so, which transformers 5 forgets."""
    kind, config_kind, switches = MODELS[name]
    torch.manual_seed(sum(map(ord, name)))
    model = kind(config_kind(**{**COMMON, **switches})).eval()
    for name, parameter in model.named_parameters():
        # Large enough that the output varies and depends on where a token stands; queries smaller, as in real models,
        # because their products with the keys are not scaled.
        gain = 1.0 if parameter.dim() == 1 else 2.5 / parameter.shape[-1] ** 0.5
        parameter.data = torch.randn_like(parameter) * (gain / 8 if name.endswith(".q.weight") else gain)
    for stack in [model.encoder, model.decoder]:
        bias = stack.block[0].layer[0].SelfAttention.relative_attention_bias
        bias.weight.data = torch.randn_like(bias.weight) * 2
    model.config.tie_word_embeddings = model.config.scale_decoder_outputs = switches.get("tie_word_embeddings", True)
    if not model.config.tie_word_embeddings:
        model.lm_head.weight = torch.nn.Parameter(torch.randn(VOCAB, COMMON["d_model"]) * 0.5)
    else:
        model.lm_head.weight = model.shared.weight
    return model


def save(model, name, folder):
    """config.json as it lies on the Hub, and the weights under the names and in the format of the real repository."""
    _, _, switches = MODELS[name]
    config = {"architectures": [type(model).__name__], "model_type": model.config.model_type,
              **{key: value for key, value in model.config.to_dict().items() if key in KEEP},
              "is_encoder_decoder": True, "layer_norm_epsilon": 1e-6, "n_positions": 512, "use_cache": True}
    config["tie_word_embeddings"] = switches.get("tie_word_embeddings", True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    generation = {"_from_model_config": True, "decoder_start_token_id": 0,
                  "eos_token_id": model.config.eos_token_id, "pad_token_id": model.config.pad_token_id}
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=2) + "\n")
    state = {key: value.contiguous() for key, value in model.state_dict().items()}
    if name == "mt5":
        # All names of the shared table, as torch.save leaves them, in the format before zip.
        state = {key: state["shared.weight"] if "embed_tokens" in key else value for key, value in state.items()}
        torch.save(state, folder / "pytorch_model.bin", _use_new_zipfile_serialization=False)
        return
    state.pop("encoder.embed_tokens.weight")
    embeddings = state.pop("decoder.embed_tokens.weight")
    if name == "t5":
        # The tied head is not in the file; a table that the architecture has no use for is.
        state.pop("lm_head.weight")
        state["decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"] = torch.zeros(8, 3)
    if name == "madlad":
        state.pop("shared.weight")
        state["decoder.embed_tokens.weight"] = embeddings
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})


@torch.no_grad()
def golden(model, name, folder):
    generator = torch.Generator().manual_seed(5)
    draw = lambda length: torch.randint(3, VOCAB, (length,), generator=generator).tolist()
    eos, pad = model.config.eos_token_id, model.config.pad_token_id
    sources = [draw(length) + [eos] for length in [11, 2, 29, 5]]
    targets = [[0] + draw(length) for length in [26, 13, 4, 1]]
    def scores(dtype):
        converted = copy.deepcopy(model).to(dtype)
        run = lambda source, target: converted(input_ids=torch.tensor([source]), decoder_input_ids=torch.tensor([target]))
        return [run(source, target).logits[0].float() for source, target in zip(sources, targets)]

    exact, half = scores(torch.float64), scores(torch.bfloat16)
    save_file({str(i): logits for i, logits in enumerate(exact)}, folder / "logits.safetensors")
    errors = [(one - other).abs().max().item() for one, other in zip(exact, half)]
    longest = max(map(len, sources))
    batch = torch.tensor([source + [pad] * (longest - len(source)) for source in sources])
    mask = torch.tensor([[1] * len(source) + [0] * (longest - len(source)) for source in sources])

    def search(**options):
        options |= dict(max_new_tokens=24, no_repeat_ngram_size=3)
        alone = [model.generate(torch.tensor([source]), **options)[0].tolist() for source in sources]
        together = model.generate(batch, attention_mask=mask, **options).tolist()
        strip = lambda ids: ids[: 1 + next((i for i, token in enumerate(ids) if token == eos and i > 0), len(ids))]
        assert [strip(ids) for ids in alone] == [strip(ids) for ids in together], name
        return [strip(ids) for ids in alone]

    result = {"sources": sources, "targets": targets, "bf16_errors": errors, "greedy": search(num_beams=1), "beam": search(num_beams=4)}
    (folder / "golden.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
    print(name, sum(p.numel() for p in model.parameters()), result["greedy"][0], result["beam"][0])


def check_reload(model, name, folder):
    """transformers finds the same network in the files."""
    again = type(model).from_pretrained(folder)
    ids = torch.arange(3, 20)[None]
    with torch.no_grad():
        expected = model(input_ids=ids, decoder_input_ids=ids).logits
        found = again(input_ids=ids, decoder_input_ids=ids).logits
    print(name, "as transformers reloads it:", "the same" if torch.allclose(expected, found) else "DIFFERENT")


def buckets():
    positions = torch.arange(-300, 301)
    rows = []
    for bidirectional in [True, False]:
        for count, distance in [(32, 128), (8, 20), (16, 64), (32, 256)]:
            found = T5Attention._relative_position_bucket(positions, bidirectional, count, distance)
            rows.append({"bidirectional": bidirectional, "buckets": count, "max_distance": distance,
                         "found": found.tolist()})
    text = json.dumps({"first": -300, "rows": rows}, separators=(",", ":"))
    (here / "buckets.json").write_text(text + "\n")


def main():
    buckets()
    for name in MODELS:
        folder = here / name
        folder.mkdir(exist_ok=True)
        model = build(name)
        save(model, name, folder)
        golden(model, name, folder)
        check_reload(model, name, folder)


main()
