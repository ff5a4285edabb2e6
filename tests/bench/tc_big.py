"""Makes a Marian model of the shape of opus-mt-tc-big-ar-en (240 million parameters in f16) with random weights.

    python tc_big.py FOLDER [--bin zip|legacy]

Needs torch and safetensors. For measuring how fast a model opens and how much memory it takes: cargo bench --bench load.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

D, FFN, LAYERS, HEADS, VOCAB, POSITIONS = 1024, 4096, 6, 16, 61109, 1024
folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(1)


def linear(state, name, outputs, inputs):
    state[f"{name}.weight"] = (torch.randn(outputs, inputs) / inputs**0.5).half()
    state[f"{name}.bias"] = torch.zeros(outputs).half()


def norm(state, name):
    state[f"{name}.weight"], state[f"{name}.bias"] = torch.ones(D).half(), torch.zeros(D).half()


state = {"model.shared.weight": (torch.randn(VOCAB, D) / D**0.5).half(), "final_logits_bias": torch.zeros(1, VOCAB).half()}
for stack, attentions in [("encoder", ["self_attn"]), ("decoder", ["self_attn", "encoder_attn"])]:
    for i in range(LAYERS):
        layer = f"model.{stack}.layers.{i}"
        for attention in attentions:
            for projection in ["q_proj", "k_proj", "v_proj", "out_proj"]:
                linear(state, f"{layer}.{attention}.{projection}", D, D)
            norm(state, f"{layer}.{attention}_layer_norm")
        linear(state, f"{layer}.fc1", FFN, D)
        linear(state, f"{layer}.fc2", D, FFN)
        norm(state, f"{layer}.final_layer_norm")

config = dict(
    architectures=["MarianMTModel"], model_type="marian", d_model=D, vocab_size=VOCAB, decoder_vocab_size=VOCAB,
    encoder_layers=LAYERS, encoder_attention_heads=HEADS, encoder_ffn_dim=FFN,
    decoder_layers=LAYERS, decoder_attention_heads=HEADS, decoder_ffn_dim=FFN,
    activation_function="relu", max_position_embeddings=POSITIONS, normalize_before=False, scale_embedding=True,
    static_position_embeddings=True, share_encoder_decoder_embeddings=True, tie_word_embeddings=True,
    bos_token_id=0, eos_token_id=25894, pad_token_id=VOCAB - 1, decoder_start_token_id=VOCAB - 1,
    forced_eos_token_id=25894, num_beams=4, max_length=512, bad_words_ids=[[VOCAB - 1]],
)
(folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
if "--bin" in sys.argv:
    kind = sys.argv[sys.argv.index("--bin") + 1]
    for name in ["lm_head.weight", "model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight"]:
        state[name] = state["model.shared.weight"]
    torch.save(state, folder / "pytorch_model.bin", _use_new_zipfile_serialization=kind == "zip")
else:
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
print(sum(tensor.numel() for name, tensor in state.items() if "embed_tokens" not in name and name != "lm_head.weight"))
