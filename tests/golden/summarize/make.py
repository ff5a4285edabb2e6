"""Writes a small random BART in the layout of the real ones, and the summary that transformers 5.23 makes with it.

The tokenizer is the one in ../tokenizer/bart. Run:
    python tests/golden/summarize/make.py
"""

import json
import pathlib
import shutil

import torch
from transformers import BartConfig, BartForConditionalGeneration, BartTokenizer, GenerationConfig

HERE = pathlib.Path(__file__).parent
SOURCE = HERE.parent / "tokenizer" / "bart"
TEXT = ("The two ministers met in Amman on Sunday. They agreed to reopen the crossing after 15 months. "
        "The first travellers are expected on Monday.")

torch.manual_seed(3)
config = BartConfig(vocab_size=700, d_model=24, encoder_layers=1, decoder_layers=1, encoder_attention_heads=4,
                    decoder_attention_heads=4, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=128,
                    init_std=0.4, forced_bos_token_id=0)
model = BartForConditionalGeneration(config).eval()
model.generation_config = GenerationConfig(
    num_beams=4, length_penalty=2.0, min_length=8, max_length=24, no_repeat_ngram_size=3, early_stopping=True,
    bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, forced_bos_token_id=0, forced_eos_token_id=2)
model.save_pretrained(HERE)
for name in ("vocab.json", "merges.txt"):
    shutil.copy(SOURCE / name, HERE / name)
tokenizer = BartTokenizer(str(SOURCE / "vocab.json"), str(SOURCE / "merges.txt"))
ids = tokenizer(TEXT, return_tensors="pt")["input_ids"]
found = model.generate(ids)[0]
summary = tokenizer.decode(found, skip_special_tokens=True, clean_up_tokenization_spaces=False).strip()
expected = {"text": TEXT, "tokens": ids.shape[1], "summary": summary}
(HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")
print(expected)
