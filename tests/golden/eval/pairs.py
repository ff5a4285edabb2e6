"""Writes pairs.tsv: references, and two hypotheses each that were made from them by damage: words dropped, doubled,
swapped, moved in blocks, cut short, in another case, with other punctuation.

The references are the English side of newspaper sentences written for this project, one TSV line each:
    python tests/golden/eval/pairs.py NEWSWIRE.tsv
"""

import pathlib
import random
import sys

rng = random.Random(7)
lines = [line.rstrip("\n").split("\t")[-1] for line in open(sys.argv[1], encoding="utf-8") if line.strip()]
references = [lines[i] for i in sorted(rng.sample(range(len(lines)), 90))]
references += [" ".join(references[i:i + 3]) for i in range(0, 30, 3)]
references += ["He said: \"No – don't!\" (5.6% of $1,234.50, i.e. 3-4).", "Yes", "a b c d e f g h", "The U.S. & EU agreed...",
               "naïve café — résumé", "x y z"]


def damage(text, strength):
    words = text.split()
    for _ in range(rng.randint(0, strength)):
        if len(words) < 3:
            break
        i, j = sorted(rng.sample(range(len(words)), 2))
        kind = rng.randrange(7)
        if kind == 0:
            del words[i]
        elif kind == 1:
            words.insert(j, words[i])
        elif kind == 2:
            words[i], words[j] = words[j], words[i]
        elif kind == 3:
            block = words[i:j]
            rest = words[:i] + words[j:]
            at = rng.randint(0, len(rest))
            words = rest[:at] + block + rest[at:]
        elif kind == 4:
            words[i] = words[i].swapcase()
        elif kind == 5:
            words[i] = rng.choice(["the", "of", "meetings", "relational", "ties", "happily,", "2,500", "(sic)"])
        else:
            words[i] = words[i].strip(".,\"") + rng.choice(["", ".", ",", "'s"])
    return " ".join(words)


rows = [(reference, damage(reference, 6), damage(reference, 9)) for reference in references]
rows += [("nothing came out of it", "", "nothing"), ("one two three four five", "five four three two one", "six seven")]
target = pathlib.Path(__file__).parent / "pairs.tsv"
target.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
