#!/usr/bin/env python3
"""Makes a tiny tokenizer of each family in the layout of its repositories, and what the references give for it.

    families.py [PARALLEL.tsv]

The text to train on has an Arabic and an English sentence in its last two columns. Each folder gets the files of a
repository and `expected.jsonl`; without a text to train on, the tokenizers stay as they are and only that file is made
anew. It has for each text of hard.py the ids that transformers gives, with three exceptions, in which a row has instead
what the C++ SentencePiece and the numbering of the family give, and in `transformers` the ids of that, and says `why`:

- `rules`: the normalisation rules of the model are not followed. Transformers drops the marks after a presentation form,
  does not compose a letter with two marks, and for mBART follows no rule at all.
- `control`: the text has the name of a control token in it, which transformers takes for the token.
- The T5 tokenizer of MADLAD has 2 for what is unknown, its end token, and none of the space before `<2en>`, both unlike
  the training; all its rows are without that (see `madlad`).

Nothing else may depart: the script fails if it does. Needs the Python packages sentencepiece, protobuf, tokenizers and
transformers.
"""

import json
import pathlib
import shutil
import sys
import tempfile
import unicodedata

import sentencepiece
import transformers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import ByteLevelBPETokenizer
from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

import reference
from hard import PIECES, SENTENCES

HERE = pathlib.Path(__file__).parent
TEXTS = SENTENCES + PIECES + ["".join(PIECES[:60])]


def rules(path):
    """Normalisation rules: a small part of what nmt_nfkc does, to keep the models small."""
    table = {char: " " for char in "\t\n\r\u00a0\u2003\u2009\u3000\u2028\u202f\u200b\u200f\u200e\ufeff"}
    table |= {char: "" for char in map(chr, [*range(1, 9), *range(0x0E, 0x20), 0x7F, 0x80, 0x8F, 0x9F])}
    single = [*range(0xFF01, 0xFF5F), *range(0xFE70, 0xFF00), *range(0xFDF0, 0xFDFD), 0xFB01, 0xFB02, 0xBD, 0xB2, 0x212B]
    table |= {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in single}
    for base in "اويىسبAaeiouEO":
        for mark in "\u0653\u0654\u0655\u0301\u0302\u0308":
            for more in ["", "\u064e", "\u0301"]:
                table[base + mark + more] = unicodedata.normalize("NFKC", base + mark + more)
    with open(path, "w") as out:
        for source, target in table.items():
            if source != target:
                code = lambda text: " ".join(f"{ord(char):x}" for char in text)
                out.write(f"{code(source)}\t{code(target)}\n")


class Maker:
    def __init__(self, corpus, folder):
        self.folder = folder
        self.trains = corpus is not None
        self.arabic = self.english = []
        if not self.trains:
            return
        rows = [line.split("\t")[-2:] for line in pathlib.Path(corpus).read_text().split("\n") if "\t" in line]
        self.arabic = [row[0] for row in rows][:1500]
        self.english = [row[1] for row in rows][:1500]
        rules(folder / "rules.tsv")

    def sentencepiece(self, path, lines, size=500, **options):
        if not self.trains:
            return sentencepiece.SentencePieceProcessor(model_file=str(path))
        text = self.folder / "text"
        text.write_text("\n".join(lines))
        options = {"normalization_rule_tsv": str(self.folder / "rules.tsv"), **options}
        sentencepiece.SentencePieceTrainer.train(
            input=str(text), model_prefix=str(self.folder / "model"), vocab_size=size, minloglevel=2, num_threads=1, **options
        )
        model = sentencepiece_model_pb2.ModelProto()
        model.ParseFromString((self.folder / "model.model").read_bytes())
        # Paths of this machine, and rules that are also there compiled.
        model.trainer_spec.ClearField("input")
        model.trainer_spec.ClearField("model_prefix")
        model.normalizer_spec.ClearField("normalization_rule_tsv")
        path.write_bytes(model.SerializeToString())
        return sentencepiece.SentencePieceProcessor(model_file=str(path))


def folder_of(name):
    folder = HERE / name
    if len(sys.argv) > 1:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    return folder


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def load(kind, folder, **options):
    """A tokenizer of transformers to which the names of special tokens in a text are text, as they are to mujaz."""
    tokenizer = kind.from_pretrained(folder, split_special_tokens=True, **options)
    if hasattr(tokenizer, "backend_tokenizer"):
        tokenizer.backend_tokenizer.encode_special_tokens = True
    return tokenizer


def finish(folder, tokenizer, ids_of, theirs=None, skip=0, english=None, model=None, **config):
    """Writes the configuration and what is expected.

    `ids_of` gives the ids of a text in the way of the family, `theirs` what transformers makes of the same text; `skip` is
    the number of tokens at the start that name the language and are no part of the text. `english` is the token that a
    target must start with. `model` is the SentencePiece model whose rules transformers has converted.
    """
    write_json(folder / "config.json", config)
    theirs = theirs or (lambda text: tokenizer(text).input_ids)
    names = {*tokenizer.all_special_tokens, *tokenizer.get_added_vocab(), *getattr(tokenizer, "supported_language_codes", [])}
    if isinstance(tokenizer, transformers.MarianTokenizer):
        names.add(">>")
    departures = {"rules": 0, "control": 0}
    with (folder / "expected.jsonl").open("w") as out:
        special = {name: getattr(tokenizer, f"{name}_token_id") for name in ("eos", "pad", "unk")}
        out.write(json.dumps({**special, "forced_bos": english and tokenizer.convert_tokens_to_ids(english)}) + "\n")
        for text in TEXTS:
            found, ids, why = theirs(text), ids_of(text), None
            if found != ids:
                if any(name in text for name in names):
                    why = "control"
                elif model and rules_differ(tokenizer, model, text):
                    why = "rules"
            ids = ids if why else found
            decoded = tokenizer.decode(ids[skip:], skip_special_tokens=True)
            if config["model_type"] == "pegasus":
                decoded = decoded.replace("<n>", "\n")
            row = {"text": text, "ids": ids, "decoded": decoded.strip()}
            if why:
                row |= {"transformers": found, "why": why}
                departures[why] += 1
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{folder.name}: {len(TEXTS)} texts, departures {departures}, {size / 1000:.0f} kB")


def finish_json(name, tokenizer, unknown, theirs=None, start=0, **rest):
    """As transformers saves it: `tokenizer.json` alone. The library is the reference for what it holds, but the tokens that
    no text may turn into are `unknown` in the place of a text."""
    saved = folder_of(f"{name}-json")
    tokenizer.save_pretrained(saved)
    for file in saved.iterdir():
        if file.suffix == ".model" or file.name in ("vocab.json", "merges.txt"):
            file.unlink()
    theirs = theirs or (lambda text: tokenizer(text).input_ids)
    control = {id for id, token in tokenizer.added_tokens_decoder.items() if token.special} | set(tokenizer.all_special_ids)
    control |= {id for name, id in tokenizer.get_added_vocab().items()} - {unknown}

    def ids(text):
        found = theirs(text)
        inner = [unknown if id in control else id for id in found[start:-1]]
        return found[:start] + inner + found[-1:]

    finish(saved, tokenizer, ids, theirs, **rest)


def rules_differ(tokenizer, model, text):
    """Whether transformers and the C++ SentencePiece make different characters of a text, white space aside."""
    normalizer = tokenizer.backend_tokenizer.normalizer
    found = normalizer.normalize_str(text) if normalizer else text
    plain = lambda text: "".join(text.replace("\u2581", " ").split())
    return plain(found) != plain(model.normalize(text))


def marian_many(maker):
    """Several target languages, chosen by a token before the text."""
    folder = folder_of("marian-many")
    source = maker.sentencepiece(folder / "source.spm", maker.arabic)
    target = maker.sentencepiece(folder / "target.spm", maker.english)
    pieces = dict.fromkeys(model.id_to_piece(id) for model in (source, target) for id in range(3, model.vocab_size()))
    names = [">>eng<<", ">>fra<<", ">>deu_Latn<<", "</s>", "<unk>", *pieces, "<pad>"]
    write_json(folder / "vocab.json", {name: id for id, name in enumerate(names)})
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "MarianTokenizer", "source_lang": "ar"})
    tokenizer = load(transformers.MarianTokenizer, folder)
    ids = lambda text: tokenizer.convert_tokens_to_ids([">>eng<<"]) + reference.marian(tokenizer, text)["ids"]
    theirs = lambda text: tokenizer(">>eng<<" + text).input_ids
    finish(folder, tokenizer, ids, theirs, skip=1, model_type="marian", vocab_size=len(names), eos_token_id=3)


def marian_separate(maker):
    """A vocabulary for each side."""
    folder = folder_of("marian-separate")
    vocabularies = []
    for side, lines in (("source", maker.arabic), ("target", maker.english)):
        model = maker.sentencepiece(folder / f"{side}.spm", lines)
        names = ["</s>", "<unk>", *(model.id_to_piece(id) for id in range(3, model.vocab_size())), "<pad>"]
        vocabularies.append({name: id for id, name in enumerate(names)})
    write_json(folder / "vocab.json", vocabularies[0])
    write_json(folder / "target_vocab.json", vocabularies[1])
    declared = {"tokenizer_class": "MarianTokenizer", "source_lang": "ar", "target_lang": "en", "separate_vocabs": True}
    write_json(folder / "tokenizer_config.json", declared)
    tokenizer = load(transformers.MarianTokenizer, folder)
    ids = lambda text: reference.marian(tokenizer, text)["ids"]
    finish(folder, tokenizer, ids, model_type="marian", vocab_size=len(vocabularies[0]), eos_token_id=0)


def m2m100(maker):
    folder = folder_of("m2m100")
    model = maker.sentencepiece(folder / "sentencepiece.bpe.model", maker.arabic + maker.english, model_type="bpe")
    pieces = [model.id_to_piece(id) for id in range(3, model.vocab_size())]
    # The order of vocab.json is that of a dictionary by frequency, not of the model.
    names = ["<s>", "<pad>", "</s>", "<unk>", *sorted(pieces)]
    write_json(folder / "vocab.json", {name: id for id, name in enumerate(names)})
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "M2M100Tokenizer", "src_lang": "ar", "tgt_lang": "en"})
    tokenizer = load(transformers.M2M100Tokenizer, folder, src_lang="ar", tgt_lang="en")
    number = {name: id for id, name in enumerate(names)}
    ids = lambda text: [len(names) + 2] + [number.get(p, 3) for p in model.encode(text, return_type=str)] + [2]
    assert tokenizer.get_lang_id("ar") == len(names) + 2
    finish(folder, tokenizer, ids, skip=1, english="__en__", model_type="m2m_100", vocab_size=len(names) + 108, eos_token_id=2)


def fairseq(model, text):
    return [3 if id == 0 else id + 1 for id in model.encode(text)]


def nllb(maker):
    folder = folder_of("nllb")
    model = maker.sentencepiece(folder / "sentencepiece.bpe.model", maker.arabic + maker.english, model_type="bpe")
    # Loaded from the SentencePiece model, transformers forgets the languages unless it is told their ids.
    after = [*FAIRSEQ_LANGUAGE_CODES, "<mask>"]
    added = {id: {"content": name, "special": True} for id, name in enumerate(after, start=model.vocab_size() + 1)}
    options = {"tokenizer_class": "NllbTokenizer", "src_lang": "eng_Latn", "tgt_lang": None, "added_tokens_decoder": added}
    write_json(folder / "tokenizer_config.json", options)
    tokenizer = load(transformers.NllbTokenizer, folder, src_lang="arb_Arab", tgt_lang="eng_Latn")
    source = model.vocab_size() + 1 + 10
    assert tokenizer.convert_tokens_to_ids("arb_Arab") == source
    ids = lambda text: [source, *fairseq(model, text), 2]
    finish(folder, tokenizer, ids, english="eng_Latn", model=model, model_type="m2m_100", vocab_size=model.vocab_size() + 206, eos_token_id=2)
    finish_json("nllb", tokenizer, 3, start=1, english="eng_Latn", model_type="m2m_100",
                vocab_size=model.vocab_size() + 206, eos_token_id=2)


def mbart50(maker):
    folder = folder_of("mbart50")
    model = maker.sentencepiece(folder / "sentencepiece.bpe.model", maker.arabic + maker.english)
    write_json(folder / "tokenizer_config.json", {"src_lang": "en_XX", "tgt_lang": None})
    tokenizer = load(transformers.MBart50Tokenizer, folder, src_lang="ar_AR", tgt_lang="en_XX")
    source = model.vocab_size() + 1
    assert tokenizer.convert_tokens_to_ids("ar_AR") == source
    ids = lambda text: [source, *fairseq(model, text), 2]
    options = {"tokenizer_class": "MBart50Tokenizer", "vocab_size": model.vocab_size() + 54, "eos_token_id": 2}
    finish(folder, tokenizer, ids, english="en_XX", model=model, model_type="mbart", **options)
    finish_json("mbart50", tokenizer, 3, start=1, english="en_XX", model_type="mbart", **options)


def mbart(maker):
    folder = folder_of("mbart")
    model = maker.sentencepiece(folder / "sentencepiece.bpe.model", maker.arabic + maker.english)
    tokenizer = load(transformers.MBartTokenizer, folder, src_lang="ar_AR", tgt_lang="en_XX")
    source = model.vocab_size() + 1
    assert tokenizer.convert_tokens_to_ids("ar_AR") == source
    ids = lambda text: [*fairseq(model, text), 2, source]
    finish(folder, tokenizer, ids, english="en_XX", model=model, model_type="mbart", vocab_size=model.vocab_size() + 27, eos_token_id=2)


def t5(maker):
    folder = folder_of("t5")
    model = maker.sentencepiece(folder / "spiece.model", maker.english, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "T5Tokenizer", "extra_ids": 100})
    tokenizer = load(transformers.T5Tokenizer, folder)
    ids = lambda text: [*model.encode(text), 1]
    options = {"model_type": "t5", "vocab_size": model.vocab_size() + 128, "eos_token_id": 1}
    finish(folder, tokenizer, ids, model=model, **options)
    finish_json("t5", tokenizer, 2, **options)


def madlad(maker):
    folder = folder_of("madlad")
    codes = [f"<2{code}>" for code in ("en", "ar", "fr", "zh_Latn", "fa")]
    lines = maker.arabic + maker.english
    model = maker.sentencepiece(folder / "spiece.model", lines, user_defined_symbols=codes)
    declared = {"tokenizer_class": "T5Tokenizer", "extra_ids": 0, "pad_token": "<s>"}
    write_json(folder / "tokenizer_config.json", declared)
    tokenizer = load(transformers.T5Tokenizer, folder)
    control = {model.piece_to_id(code) for code in codes}

    def ids(text):
        """What the model was trained on: `<2en> text` in one go. The names of languages in the text choose nothing."""
        pieces = model.encode("<2en> " + text)
        _, *rest = [n for n, id in enumerate(pieces) if id in control]
        return [0 if n in rest else id for n, id in enumerate(pieces)] + [2]

    def theirs(text):
        """Transformers cuts the token off first, and with it the space that SentencePiece puts before it; and it takes 2,
        here the end of a text, for the number of what is unknown."""
        first, *ids, last = tokenizer("<2en> " + text).input_ids
        return [model.piece_to_id("▁"), first, *(0 if id == 2 else id for id in ids), last]

    options = {"model_type": "t5", "vocab_size": model.vocab_size(), "eos_token_id": 2}
    finish(folder, tokenizer, ids, theirs, skip=2, model=model, **options)
    finish_json("madlad", tokenizer, 0, lambda text: theirs(text)[1:], start=1, skip=1, **options)


def pegasus(maker):
    folder = folder_of("pegasus")
    special = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1, "user_defined_symbols": ["<n>"]}
    model = maker.sentencepiece(folder / "spiece.model", maker.english, **special)
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "PegasusTokenizer"})
    tokenizer = load(transformers.PegasusTokenizer, folder)
    ids = lambda text: [id if id < 2 else id + 103 for id in model.encode(text)] + [1]
    options = {"model_type": "pegasus", "vocab_size": model.vocab_size() + 103, "eos_token_id": 1}
    finish(folder, tokenizer, ids, model=model, **options)
    finish_json("pegasus", tokenizer, 105, **options)


def bart(maker):
    folder = folder_of("bart")
    if maker.trains:
        trained = ByteLevelBPETokenizer()
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        lines = maker.english + maker.arabic[:200]
        trained.train_from_iterator(lines, vocab_size=700, special_tokens=special, show_progress=False)
        trained.save_model(str(folder))
    tokenizer = load(transformers.BartTokenizer, folder)
    ids = lambda text: tokenizer(text).input_ids
    finish(folder, tokenizer, ids, model_type="bart", vocab_size=700, eos_token_id=2)
    saved = folder_of("bart-json")
    tokenizer.save_pretrained(saved)
    for name in ("vocab.json", "merges.txt"):
        (saved / name).unlink(missing_ok=True)
    finish(saved, tokenizer, ids, model_type="bart", vocab_size=700, eos_token_id=2)


def pieces(maker):
    """SentencePiece models with the switches that the families leave alone."""
    folder = folder_of("pieces")
    symbols = ["<n>", "\u0648\u0632\u064a\u0631", "aa", "\u2581\u0642\u0627\u0644"]
    keep = {"remove_extra_whitespaces": False, "add_dummy_prefix": False}
    variants = {
        "unigram-bytes": {"byte_fallback": True},
        "unigram-symbols": {"user_defined_symbols": symbols},
        "unigram-suffix": {"treat_whitespace_as_suffix": True},
        "unigram-spaces": {"normalization_rule_tsv": "", "normalization_rule_name": "identity", **keep},
        "bpe-bytes": {"model_type": "bpe", "byte_fallback": True},
        "bpe-symbols": {"model_type": "bpe", "user_defined_symbols": symbols},
    }
    for name, options in variants.items():
        path = folder / f"{name}.model"
        model = maker.sentencepiece(path, maker.arabic + maker.english, size=700, **options)
        if name.endswith("symbols"):
            # Pieces that are there and must not be used.
            proto = sentencepiece_model_pb2.ModelProto()
            proto.ParseFromString(path.read_bytes())
            for piece in proto.pieces[40:600:5]:
                if piece.type == piece.NORMAL and len(piece.piece) > 1:
                    piece.type = piece.UNUSED
            path.write_bytes(proto.SerializeToString())
            model = sentencepiece.SentencePieceProcessor(model_file=str(path))
        with (folder / f"{name}.jsonl").open("w") as out:
            for text in SENTENCES[:4] + PIECES:
                row = {"text": text, **reference.segment(model, text)}
                del row["pieces"]
                out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{folder.name}: {sum(file.stat().st_size for file in folder.iterdir()) / 1000:.0f} kB")


FAMILIES = [pieces, marian_many, marian_separate, m2m100, nllb, mbart50, mbart, t5, madlad, pegasus, bart]


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    with tempfile.TemporaryDirectory() as folder:
        maker = Maker(sys.argv[1] if len(sys.argv) > 1 else None, pathlib.Path(folder))
        for family in FAMILIES:
            if maker.trains or family is not pieces:
                family(maker)
