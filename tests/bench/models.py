"""Makes models with random weights in the shapes of real ones, as transformers saves them, for measuring speed.

    python models.py FOLDER [base] [tc-big] [distilbart]

    base        opus-mt-ar-en: 77 M parameters
    tc-big      opus-mt-tc-big-ar-en: 239 M parameters
    distilbart  distilbart-cnn-12-6: 306 M parameters

Needs torch and transformers.
"""

import sys
from pathlib import Path

import torch
from transformers import BartConfig, BartForConditionalGeneration, MarianConfig, MarianMTModel


def marian(d, ffn, heads, vocab, positions):
    pad = vocab - 1
    return MarianMTModel(MarianConfig(
        d_model=d, vocab_size=vocab, decoder_vocab_size=vocab, encoder_layers=6, decoder_layers=6,
        encoder_attention_heads=heads, decoder_attention_heads=heads, encoder_ffn_dim=ffn, decoder_ffn_dim=ffn,
        activation_function="swish" if d == 512 else "relu", max_position_embeddings=positions, scale_embedding=True,
        static_position_embeddings=True, share_encoder_decoder_embeddings=True, tie_word_embeddings=True,
        bos_token_id=0, eos_token_id=0, pad_token_id=pad, decoder_start_token_id=pad, forced_eos_token_id=0,
        bad_words_ids=[[pad]], num_beams=4, max_length=512))


def distilbart():
    return BartForConditionalGeneration(BartConfig(
        d_model=1024, vocab_size=50264, encoder_layers=12, decoder_layers=6, encoder_attention_heads=16,
        decoder_attention_heads=16, encoder_ffn_dim=4096, decoder_ffn_dim=4096, activation_function="gelu",
        max_position_embeddings=1024, bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2,
        forced_bos_token_id=0, forced_eos_token_id=2, num_beams=4, max_length=142, min_length=56, no_repeat_ngram_size=3))


SHAPES = {
    "base": lambda: marian(512, 2048, 8, 62834, 512),
    "tc-big": lambda: marian(1024, 4096, 16, 61109, 1024),
    "distilbart": distilbart,
}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name in sys.argv[2:] or SHAPES:
        torch.manual_seed(1)
        model = SHAPES[name]()
        # Of the size that trained weights have, so that attention and scores are neither flat nor certain.
        for parameter in model.parameters():
            if parameter.dim() == 2:
                torch.nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5)
        if name == "tc-big":
            model = model.half()
        model.save_pretrained(folder / name)
        print(name, sum(parameter.numel() for parameter in model.parameters()))
