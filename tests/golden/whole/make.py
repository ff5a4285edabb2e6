"""Whole models, small and with random weights, in the layout of the real repositories: what transformers 5.23 makes of a
text with each, from its characters to the characters of the answer.

    python tests/golden/whole/make.py [NAME...]        needs torch, transformers, sentencepiece and protobuf

The tokenizers are those of ../tokenizer. Each folder gets what a repository has, and `expected.json`: for translators the
English of each of SENTENCES for some pairs of languages, for summarizers the summary of TEXT. A summarizer's weights are
drawn again until its summary is one sentence with a word of the text in it, without which it would be no claim.
"""

import json
import pathlib
import shutil
import sys

import sentencepiece
import torch
import transformers
from transformers import (BartConfig, BartForConditionalGeneration, BartTokenizer, M2M100Config,
                          M2M100ForConditionalGeneration, M2M100Tokenizer, MarianConfig, MarianMTModel, MarianTokenizer,
                          MBart50Tokenizer, MBartConfig, MBartForConditionalGeneration, MBartTokenizer, MT5Config,
                          MT5ForConditionalGeneration, NllbTokenizer, PegasusConfig, PegasusForConditionalGeneration,
                          PegasusTokenizer, T5Config, T5ForConditionalGeneration, T5Tokenizer)

HERE = pathlib.Path(__file__).parent
TOKENIZERS = HERE.parent / "tokenizer"
SENTENCES = [
    "أعلنت الوزارة اليوم إعادة فتح المعبر أمام المسافرين.",
    "وقال المتحدث إن العمل يبدأ صباح الأحد.",
    "ويتوقع وصول أول قافلة من المساعدات خلال أيام.",
]
TEXT = ("The two ministers met in Amman on Sunday. They agreed to reopen the crossing after 15 months. "
        "The first travellers are expected on Monday.")
SMALL = dict(d_model=24, encoder_layers=1, decoder_layers=1, encoder_attention_heads=4, decoder_attention_heads=4,
             encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=128)
OF_BART = dict(bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, forced_eos_token_id=2)
# What the real configurations say of the search; lengths are smaller here.
SUMMARY = dict(num_beams=4, length_penalty=2.0, min_length=8, max_length=24, no_repeat_ngram_size=3, early_stopping=True)


def randomise(model, seed):
    """Weights for which every part matters: transformers' own make scores that hardly depend on anything."""
    generator = torch.Generator().manual_seed(seed)
    noise = lambda tensor: torch.randn(tensor.shape, generator=generator)
    scaled = getattr(model.config, "scale_embedding", False) or model.config.model_type in ("t5", "mt5")
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if "embed_positions" in name and not tensor.requires_grad:
                continue
            if "norm" in name and name.endswith("weight"):
                tensor.copy_(1 + 0.2 * noise(tensor))
            elif name.endswith("bias"):
                tensor.copy_(0.2 * noise(tensor))
            elif "embed" in name or "shared" in name or "lm_head" in name:
                tensor.copy_(noise(tensor) * (0.3 if scaled else 1.0))
            elif tensor.dim() == 2:
                tensor.copy_((1.5 if scaled and model.config.model_type in ("t5", "mt5") else 3) * noise(tensor) / tensor.shape[1] ** 0.5)
        if model.config.model_type in ("t5", "mt5"):
            for stack in (model.encoder, model.decoder):
                table = stack.block[0].layer[0].SelfAttention.relative_attention_bias.weight
                table.copy_(2 * noise(table))
        if getattr(model, "final_logits_bias", None) is not None:
            model.final_logits_bias.copy_(noise(model.final_logits_bias))


def patch(path, fields, without=()):
    config = json.loads(path.read_text()) if path.exists() else {}
    config = {name: value for name, value in {**config, **fields}.items() if name not in without}
    path.write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")


def save(name, model, generation, config=(), without=(), files=None):
    """The files of a repository: weights, configurations, tokenizer. `generation` None: as before that file was made.
    `files` has those of the tokenizer by their names, where they are not all those of ../tokenizer/name."""
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if generation is not None:
        patch(folder / "generation_config.json", generation)
    patch(folder / "config.json", dict(config), without)
    for file in [] if files else (TOKENIZERS / name).iterdir():
        if file.name not in ("config.json", "expected.jsonl"):
            shutil.copy(file, folder / file.name)
    for file, content in (files or {}).items():
        (folder / file).write_bytes(content)
    return folder


def expect(folder, expected):
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{folder.name}: {size / 1000:.0f} kB\n{json.dumps(expected, ensure_ascii=False, indent=1)}")


def translator(name, model, tokenizer, pairs, search, ids_of=None, **files):
    """`pairs`: the arguments on the command line, the source language, the target language."""
    randomise(model, 5)
    folder = save(name, model, **files)
    runs = []
    for arguments, source, target in pairs:
        english = []
        for sentence in SENTENCES:
            options = dict(search)
            skip = 1
            if ids_of:
                ids = ids_of(sentence, target)
            elif isinstance(tokenizer, MarianTokenizer):
                ids = tokenizer(f">>{target}<< {sentence}").input_ids
            else:
                tokenizer.src_lang = source
                ids = tokenizer(sentence).input_ids
                code = f"__{target}__" if isinstance(tokenizer, M2M100Tokenizer) else target
                if isinstance(tokenizer, MBartTokenizer):
                    options["decoder_start_token_id"] = tokenizer.convert_tokens_to_ids(code)
                else:
                    options["forced_bos_token_id"] = tokenizer.convert_tokens_to_ids(code)
                    skip = 2  # which transformers does not skip where the tokenizer was not saved with it
            found = model.generate(torch.tensor([ids]), **options)[0]
            if isinstance(tokenizer, M2M100Tokenizer):
                # Where a repository says that they are special, languages do not show, wherever they come.
                found, skip = [id for id in found.tolist() if id < len(tokenizer.encoder)], 0
            english.append(tokenizer.decode(found[skip:], skip_special_tokens=True).strip())
        runs.append({"arguments": arguments, "english": english})
    expect(folder, {"sentences": SENTENCES, "runs": runs})
    return folder


def marian_many():
    tokenizer = MarianTokenizer.from_pretrained(TOKENIZERS / "marian-many")
    pad, eos = tokenizer.pad_token_id, tokenizer.eos_token_id
    config = MarianConfig(**SMALL, vocab_size=pad + 1, pad_token_id=pad, decoder_start_token_id=pad, eos_token_id=eos,
                          bos_token_id=0, forced_eos_token_id=eos, scale_embedding=True, activation_function="swish")
    search = dict(num_beams=4, max_length=16, no_repeat_ngram_size=2, bad_words_ids=[[pad]], renormalize_logits=True, forced_eos_token_id=eos)
    model = MarianMTModel(config).eval()
    pairs = [([], "ar", "eng"), (["--target-lang", "deu"], "ar", "deu_Latn"), (["--target-lang", ">>fra<<"], "ar", "fra")]
    special = dict(pad_token_id=pad, decoder_start_token_id=pad, eos_token_id=eos)
    translator("marian-many", model, tokenizer, pairs, search, generation={**special, **search})


def m2m100():
    tokenizer = M2M100Tokenizer.from_pretrained(TOKENIZERS / "m2m100", src_lang="ar")
    config = M2M100Config(**{**SMALL, **OF_BART, "forced_eos_token_id": None}, vocab_size=len(tokenizer.encoder) + 100,
                          scale_embedding=True, activation_function="relu")
    search = dict(num_beams=5, max_length=16, no_repeat_ngram_size=2, early_stopping=True)
    pairs = [([], "ar", "en"), (["--source-lang", "__fa__", "--target-lang", "fr"], "fa", "fr")]
    special = dict(bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2)
    translator("m2m100", M2M100ForConditionalGeneration(config).eval(), tokenizer, pairs, search,
               generation={**special, **search})


def nllb():
    tokenizer = NllbTokenizer.from_pretrained(TOKENIZERS / "nllb", src_lang="arb_Arab")
    config = M2M100Config(**{**SMALL, **OF_BART, "forced_eos_token_id": None}, vocab_size=len(tokenizer) + 2,
                          scale_embedding=True, activation_function="relu")
    # The real one says nothing of beams.
    search = dict(max_length=16, no_repeat_ngram_size=2)
    pairs = [([], "arb_Arab", "eng_Latn"), (["--source-lang", "arz"], "arz_Arab", "eng_Latn"),
             (["--source-lang", "apc_Arab", "--target-lang", "fra"], "apc_Arab", "fra_Latn")]
    special = dict(bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2)
    # Beside generation_config.json the search of config.json does not count.
    folder = translator("nllb", M2M100ForConditionalGeneration(config).eval(), tokenizer, pairs, search,
                        generation={**special, **search},
                        config={"max_length": 200, "num_beams": 4, "tokenizer_class": "NllbTokenizer"})
    read = M2M100ForConditionalGeneration.from_pretrained(folder).generation_config
    assert (read.num_beams, read.max_length) == (None, 16)


def mbart50():
    tokenizer = MBart50Tokenizer.from_pretrained(TOKENIZERS / "mbart50", src_lang="ar_AR")
    english = tokenizer.convert_tokens_to_ids("en_XX")
    config = MBartConfig(**SMALL, **OF_BART, vocab_size=len(tokenizer), scale_embedding=True, activation_function="relu",
                         forced_bos_token_id=english)
    search = dict(num_beams=5, max_length=16, no_repeat_ngram_size=2, early_stopping=True, forced_eos_token_id=2)
    pairs = [([], "ar_AR", "en_XX"), (["--source-lang", "fa", "--target-lang", "fr"], "fa_IR", "fr_XX")]
    old = dict(normalize_before=True, normalize_embedding=True, add_final_layer_norm=True, add_bias_logits=False,
               static_position_embeddings=False, max_length=16, num_beams=5, early_stopping=True, no_repeat_ngram_size=2,
               tokenizer_class="MBart50Tokenizer")
    # Before generation_config.json there was, all lay in config.json.
    translator("mbart50", MBartForConditionalGeneration(config).eval(), tokenizer, pairs, search, generation=None, config=old)


def mbart():
    """As facebook/mbart-large-en-ro: its files start the target with Romanian, its card with the language that is wanted."""
    tokenizer = MBartTokenizer.from_pretrained(TOKENIZERS / "mbart", src_lang="ar_AR")
    special = {**OF_BART, "decoder_start_token_id": tokenizer.convert_tokens_to_ids("ro_RO")}
    config = MBartConfig(**{**SMALL, **special}, vocab_size=len(tokenizer), scale_embedding=True, activation_function="gelu")
    search = dict(num_beams=5, max_length=16, no_repeat_ngram_size=2, early_stopping=True)
    pairs = [([], "ar_AR", "en_XX"), (["--target-lang", "ro"], "ar_AR", "ro_RO"),
             (["--source-lang", "ne", "--target-lang", "de"], "ne_NP", "de_DE")]
    old = dict(normalize_before=True, normalize_embedding=True, add_final_layer_norm=True, add_bias_logits=False,
               static_position_embeddings=False, tokenizer_class="MBartTokenizer",
               task_specific_params={"translation_en_to_ro": {"decoder_start_token_id": special["decoder_start_token_id"]}})
    translator("mbart", MBartForConditionalGeneration(config).eval(), tokenizer, pairs, search,
               generation={**special, **search}, config=old)


def mt5_tasks():
    """A multilingual T5 that was trained on tasks told by a prefix. As the real ones it has more rows than tokens."""
    model_file = (TOKENIZERS / "mbart" / "sentencepiece.bpe.model").read_bytes()
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model_file)
    files = {"spiece.model": model_file, "tokenizer_config.json": json.dumps(
        {"tokenizer_class": "T5Tokenizer", "extra_ids": 0, "pad_token": "<s>"}).encode()}
    config = MT5Config(vocab_size=pieces.vocab_size() + 28, d_model=24, d_kv=8, d_ff=32, num_layers=1, num_heads=3,
                       feed_forward_proj="gated-gelu", pad_token_id=1, eos_token_id=2, decoder_start_token_id=1)
    search = dict(num_beams=4, max_length=24, no_repeat_ngram_size=2)
    tasks = {f"translation_{source}_to_{target}": {"prefix": prefix, **search} for source, target, prefix in
             [("ar", "en", "translate Arabic to English: "), ("ar", "fr", "translate Arabic to French: ")]}
    model = MT5ForConditionalGeneration(config).eval()
    beyond = []  # ids of no token: they are generated like any other, and read as nothing
    prefixes = {target: tasks[f"translation_ar_to_{target}"]["prefix"] for target in ("en", "fr")}

    class Pieces:
        """What T5Tokenizer does with these files, but for its mistake of taking 2 for the number of what is unknown."""

        def decode(self, ids, skip_special_tokens):
            beyond.extend(id for id in ids.tolist() if id >= pieces.vocab_size())
            return pieces.decode([id for id in ids.tolist() if 2 < id < pieces.vocab_size()])

    def ids_of(sentence, target):
        return [*pieces.encode(prefixes[target] + sentence), 2]

    pairs = [([], "ar", "en"), (["--target-lang", "fr"], "ar", "fr")]
    special = dict(pad_token_id=1, eos_token_id=2, decoder_start_token_id=1)
    translator("mt5-tasks", model, Pieces(), pairs, search, ids_of, generation=special,
               config={"task_specific_params": tasks, "tokenizer_class": "T5Tokenizer"}, files=files)
    assert beyond


def madlad():
    tokenizer = T5Tokenizer.from_pretrained(TOKENIZERS / "madlad")
    config = T5Config(vocab_size=tokenizer.vocab_size, d_model=24, d_kv=8, d_ff=32, num_layers=1, num_heads=3,
                      feed_forward_proj="gated-gelu", pad_token_id=1, eos_token_id=2, decoder_start_token_id=0)
    model = T5ForConditionalGeneration(config).eval()
    # transformers 5 forgets that the output layer is not tied; what else of MADLAD's tokenizer it gets wrong is said in
    # ../tokenizer/families.py.
    model.lm_head.weight = torch.nn.Parameter(torch.zeros(config.vocab_size, 24))
    model.config.tie_word_embeddings = model.config.scale_decoder_outputs = False

    def ids_of(sentence, target):
        first, *ids, last = tokenizer(f"<2{target}> {sentence}").input_ids
        assert 2 not in ids, "a character is unknown"
        return [tokenizer.convert_tokens_to_ids("▁"), first, *ids, last]

    pairs = [([], "ar", "en"), (["--target-lang", "zh"], "ar", "zh_Latn"), (["--target-lang", "<2fr>"], "ar", "fr")]
    special = dict(pad_token_id=1, eos_token_id=2, decoder_start_token_id=0, _from_model_config=True)
    translator("madlad", model, tokenizer, pairs, dict(max_length=16, no_repeat_ngram_size=2), ids_of,
               generation={**special, "max_length": 16, "no_repeat_ngram_size": 2}, config={"tie_word_embeddings": False, "n_positions": 512},
               without=["scale_decoder_outputs"])


def summarizer(name, model, tokenizer, search, prefix="", **files):
    common = set((HERE.parents[2] / "src" / "brief" / "stopwords.txt").read_text().split())
    words = set(TEXT.replace(".", "").lower().split()) - common
    source = tokenizer(prefix + TEXT).input_ids
    ids = torch.tensor([source])
    for seed in range(3000):
        randomise(model, seed)
        if getattr(model, "final_logits_bias", None) is not None:
            # Words of the text, and no end of a sentence inside.
            bias = model.final_logits_bias
            bias -= 9
            bias[0, sorted({*source, model.config.eos_token_id})] += 9
            bias[0, [id for id in source if tokenizer.decode([id]).strip() in (".", "")]] -= 99
            bias[0, model.config.eos_token_id] += 99
        found = model.generate(ids, **search)[0]
        summary = tokenizer.decode(found, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        summary = summary.replace("<n>", " ").strip()
        one = not set(summary) & set(".!?\n\ufffd") and "  " not in summary
        if one and summary.isprintable() and len(words & set(summary.lower().split())) > 1:
            break
    else:
        sys.exit(f"{name}: no seed does")
    folder = save(name, model, **files)
    expect(folder, {"text": TEXT, "tokens": ids.shape[1], "seed": seed, "summary": summary})


def bart():
    tokenizer = BartTokenizer.from_pretrained(TOKENIZERS / "bart")
    config = BartConfig(**SMALL, **OF_BART, vocab_size=700, activation_function="gelu", scale_embedding=False,
                        forced_bos_token_id=0)
    search = dict(SUMMARY, forced_bos_token_id=0, forced_eos_token_id=2)
    special = dict(bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2)
    old = dict(normalize_before=False, normalize_embedding=True, add_final_layer_norm=False, add_bias_logits=False,
               static_position_embeddings=False, force_bos_token_to_be_generated=True, extra_pos_embeddings=2,
               task_specific_params={"summarization": SUMMARY}, **SUMMARY)
    # The prefix of the real one, in front of what the model reads.
    summarizer("bart", BartForConditionalGeneration(config).eval(), tokenizer, search, " ", generation={**special, **search},
               config={**old, "prefix": " "})


def pegasus():
    tokenizer = PegasusTokenizer.from_pretrained(TOKENIZERS / "pegasus")
    size = json.loads((TOKENIZERS / "pegasus" / "config.json").read_text())["vocab_size"]
    special = dict(pad_token_id=0, bos_token_id=0, eos_token_id=1, decoder_start_token_id=0, forced_eos_token_id=1)
    config = PegasusConfig(**SMALL, **special, vocab_size=size, scale_embedding=True, activation_function="relu")
    search = dict(num_beams=8, length_penalty=0.8, min_length=6, max_length=24, forced_eos_token_id=1)
    old = dict(normalize_before=True, normalize_embedding=False, add_final_layer_norm=True, add_bias_logits=False,
               static_position_embeddings=True, extra_pos_embeddings=1, tokenizer_class="PegasusTokenizer", **search)
    summarizer("pegasus", PegasusForConditionalGeneration(config).eval(), tokenizer, search, generation=None, config=old)


def t5():
    tokenizer = T5Tokenizer.from_pretrained(TOKENIZERS / "t5")
    size = json.loads((TOKENIZERS / "t5" / "config.json").read_text())["vocab_size"]
    config = T5Config(vocab_size=size, d_model=24, d_kv=8, d_ff=32, num_layers=1, num_heads=3, feed_forward_proj="relu",
                      pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
    special = dict(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, _from_model_config=True)
    tasks = {"summarization": {**SUMMARY, "prefix": "summarize: "},
             "translation_en_to_de": {"early_stopping": True, "max_length": 300, "num_beams": 4,
                                      "prefix": "translate English to German: "}}
    summarizer("t5", T5ForConditionalGeneration(config).eval(), tokenizer, SUMMARY, "summarize: ", generation=special,
               config={"task_specific_params": tasks, "n_positions": 512}, without=["scale_decoder_outputs"])


MODELS = [marian_many, m2m100, nllb, mbart50, mbart, mt5_tasks, madlad, bart, pegasus, t5]

if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    for make in MODELS:
        if len(sys.argv) < 2 or make.__name__ in sys.argv[1:]:
            with torch.no_grad():
                make()
