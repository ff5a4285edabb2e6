"""marian.py against transformers: losses and gradients of two sentences, in bf16 and in single precision.

    python check.py MODEL
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import load_file
from transformers import MarianMTModel, MarianTokenizer

import marian

ARABIC = ["وقال الوزير: \"لن نقبل بأي تسوية لا تضمن عودة المهجرين إلى ديارهم\".", "نعم."]
ENGLISH = ["\"We will not accept any settlement,\" the minister said.", "Yes."]


def main():
    folder = pathlib.Path(sys.argv[1])
    config = json.loads((folder / "config.json").read_text())
    tensors = load_file(folder / "model.safetensors")
    flat = marian.from_hugging_face(tensors, config)
    back = marian.to_hugging_face(flat, config)
    assert back.keys() == tensors.keys() and all(torch.equal(back[name].half(), tensors[name]) for name in back)

    tokenizer = MarianTokenizer.from_pretrained(folder)
    source = tokenizer(ARABIC, padding=True, return_tensors="pt").input_ids
    target = tokenizer(text_target=ENGLISH, padding=True, return_tensors="pt").input_ids
    target[target == config["pad_token_id"]] = -1
    real, links = target >= 0, torch.where(target >= 0, 0, -1)

    model = MarianMTModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    previous = torch.nn.functional.pad(target[:, :-1], (1, 0), value=config["decoder_start_token_id"]).clamp(min=0)
    output = model(input_ids=source, attention_mask=(source != config["pad_token_id"]).long(),
                   decoder_input_ids=previous, output_attentions=True)
    nll = torch.nn.functional.cross_entropy(output.logits[real], target[real], label_smoothing=marian.SMOOTHING,
                                            reduction="sum")
    misaligned = -output.cross_attentions[-1][:, 0][real][:, 0].clamp(min=1e-6).log().sum()
    (nll + misaligned).backward()

    border = config["vocab_size"] * config["d_model"]
    embeddings, layers = flat[:border].clone().requires_grad_(), flat[border:].bfloat16().requires_grad_()
    net = marian.Marian(config, marian.Dropout(0, None))
    ours = net.loss(embeddings, layers, source, target, links, torch.arange(config["vocab_size"]))
    (ours[0] + ours[1]).backward()
    print(f"cross-entropy {nll.item():.2f} and {ours[0].item():.2f}, links {misaligned.item():.2f} and {ours[1].item():.2f}")

    gradients = marian.to_hugging_face(torch.cat([embeddings.grad, layers.grad.float()]), config)
    for name, weight in model.named_parameters():
        # Keys' biases have no gradient but rounding; transformers gives the start token's embedding none.
        if name in gradients and weight.grad is not None and not name.endswith("k_proj.bias"):
            expected, found = weight.grad, gradients[name]
            if name == "model.shared.weight":
                expected, found = expected[:-1], found[:-1]
            likeness = torch.nn.functional.cosine_similarity(expected.flatten(), found.flatten(), 0).item()
            assert likeness > 0.99, f"{name}: {likeness}"
    print("gradients agree")


if __name__ == "__main__":
    main()
