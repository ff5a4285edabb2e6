"""How well attention heads align words, on sentences aligned by hand: precision, recall and F1 of the links.

    python alignment.py MODEL            needs torch, transformers and sentencepiece

The model reads the Arabic and is made to write the English; each English word is linked to the Arabic word whose pieces
got most of its pieces' attention. The diagonal links a word to the one at the same share of the sentence.
"""

import argparse
import json
import pathlib

import torch
from transformers import MarianMTModel, MarianTokenizer


def read(path):
    """Arabic words, English words and the set of (English, Arabic) links of each sentence."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    for arabic, english in zip(lines[::2], lines[1::2]):
        words, links = [], set()
        for at, word in enumerate(english.split()):
            word, _, numbers = word.partition("/")
            words.append(word)
            links |= {(at, int(number) - 1) for number in numbers.split(",") if number}
        yield arabic.split(), words, links


def pieces(tokenizer, words, english):
    """Ids of the words, and of each piece the word that it belongs to."""
    ids, owners = [], []
    for at, word in enumerate(words):
        found = tokenizer(text_target=word) if english else tokenizer(word)
        ids += found["input_ids"][:-1]
        owners += [at] * (len(found["input_ids"]) - 1)
    return ids + [tokenizer.eos_token_id], owners


def attended(model, tokenizer, arabic, english, heads):
    """The Arabic word of each English word, by the mean of the heads."""
    source, source_words = pieces(tokenizer, arabic, False)
    target, target_words = pieces(tokenizer, english, True)
    given = torch.tensor([[model.config.decoder_start_token_id] + target[:-1]])
    with torch.no_grad():
        output = model(input_ids=torch.tensor([source]), decoder_input_ids=given, output_attentions=True)
    attention = torch.stack([output.cross_attentions[layer][0, head] for layer, head in heads]).mean(0)
    table = torch.zeros(len(english), len(arabic))
    for row, word in enumerate(target_words):
        for column, other in enumerate(source_words):
            table[word, other] += attention[row, column]
    return table.argmax(1).tolist()


def score(links, gold):
    """Precision, recall and F1 over all sentences; words that the gold leaves without a link do not count."""
    right = found = wanted = 0
    for chosen, wished in zip(links, gold):
        linked = {english for english, _ in wished}
        pairs = {(at, other) for at, other in enumerate(chosen) if at in linked}
        right, found, wanted = right + len(pairs & wished), found + len(pairs), wanted + len(wished)
    precision, recall = right / found, right / wanted
    return precision, recall, 2 * precision * recall / (precision + recall)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model", type=pathlib.Path)
    arguments.add_argument("--gold", type=pathlib.Path, default=pathlib.Path(__file__).parent / "aligned.txt")
    arguments.add_argument("--all-heads", action="store_true", help="each head and each layer's mean, too")
    options = arguments.parse_args()
    tokenizer = MarianTokenizer.from_pretrained(options.model)
    model = MarianMTModel.from_pretrained(options.model, dtype=torch.float32, attn_implementation="eager").eval()
    sentences = list(read(options.gold))
    gold = [links for _, _, links in sentences]
    layers, heads = model.config.decoder_layers, model.config.decoder_attention_heads
    named = json.loads((options.model / "generation_config.json").read_text()).get("alignment_heads")
    systems = {"alignment_heads of generation_config.json": named} if named else {}
    systems["mean of the last layer"] = [(layers - 1, head) for head in range(heads)]
    systems["first head of the last layer"] = [(layers - 1, 0)]
    if options.all_heads:
        systems |= {f"layer {layer} head {head}": [(layer, head)] for layer in range(layers) for head in range(heads)}
    print(f"{len(sentences)} sentences, {sum(map(len, gold))} links; precision, recall, F1")
    diagonal = [[round(at * (len(a) - 1) / max(len(e) - 1, 1)) for at in range(len(e))] for a, e, _ in sentences]
    print("diagonal", *(f"{value:.3f}" for value in score(diagonal, gold)))
    for name, chosen in systems.items():
        links = [attended(model, tokenizer, a, e, chosen) for a, e, _ in sentences]
        print(name, *(f"{value:.3f}" for value in score(links, gold)))


if __name__ == "__main__":
    main()
