#!/usr/bin/env python3
"""The choice of an extractive brief, written independently of the program, for tests/brief.rs.

Reads articles (role TAB Arabic TAB English, an empty line between articles) and writes, for each, its English and the
sentences that a brief of four, the headline one of them, takes, by section from 1.

    python3 tests/golden/extractive.py ARTICLES.tsv > tests/golden/extractive.json
"""

import json
import math
import pathlib
import re
import sys
from collections import Counter

HERE = pathlib.Path(__file__).parent
LISTS = HERE.parent.parent / "src" / "brief"
ARTICLES = 12
WITHOUT = 4  # of them without a standfirst
SENTENCES = 4
WORD = re.compile(r"\w+(?:['’.,]\w+)*")


def listed(name):
    lines = (LISTS / name).read_text().splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


STOP, OPENERS = listed("stopwords.txt"), listed("openers.txt")


def singular(word):
    if len(word.encode()) <= 3:
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss", "es")):
        return word[:-1]
    return word


def terms(sentence):
    words = [word.lower().replace("’", "'") for word in WORD.findall(sentence)]
    words = [word for word in words if word not in STOP]
    return [singular(word.removesuffix("'s")) for word in words]


def choose(rows):
    entering = [(i, role, text) for i, (role, _, text) in enumerate(rows, 1) if role not in ("caption", "related")]
    bags = [terms(text) for _, _, text in entering]
    frequency = Counter(term for bag in bags for term in set(bag))
    vectors = []
    for bag in bags:
        vector = {term: n * math.log(1 + len(bags) / frequency[term]) for term, n in Counter(bag).items()}
        norm = math.sqrt(sum(weight**2 for weight in vector.values())) or 1
        vectors.append({term: weight / norm for term, weight in vector.items()})

    def similarity(a, b):
        return sum(weight * vectors[b].get(term, 0) for term, weight in vectors[a].items())

    chosen = []

    def take(index):
        mine = set(bags[index])
        repeats = any(5 * len(mine & set(bags[other])) >= 4 * len(mine) for other in chosen)
        if not chosen or (len(chosen) < SENTENCES and not repeats):
            chosen.append(index)

    for lead in ("headline", "standfirst"):
        for index, (_, role, _) in enumerate(entering):
            if role == lead:
                take(index)
    if all(entering[index][1] == "headline" for index in chosen):
        taken = len(chosen)
        for index, (_, role, text) in enumerate(entering):
            if role == "paragraph" and len(chosen) == taken and WORD.search(text).group().lower() not in OPENERS:
                take(index)
    left = [index for index in range(len(entering)) if index not in chosen]
    value = {
        index: sum(similarity(index, other) * (1 if other > index else -1) for other in left if other != index)
        for index in left
    }
    low, high = min(value.values()), max(value.values())
    while left and len(chosen) < SENTENCES:

        def score(index):
            importance = (value[index] - low) / ((high - low) or 1)
            alike = max(similarity(index, other) for other in chosen)
            leans = WORD.search(entering[index][2]).group().lower() in OPENERS
            return round(0.7 * importance - 0.3 * alike - 0.25 * leans, 9)

        best = max(left, key=lambda index: (score(index), -index))
        left.remove(best)
        take(best)
    order = sorted(chosen, key=lambda index: ({"headline": 0, "standfirst": 1}.get(entering[index][1], 2), index))
    return [entering[index][0] for index in order]


def main():
    blocks = pathlib.Path(sys.argv[1]).read_text().strip().split("\n\n")
    articles = [[line.split("\t") for line in block.splitlines()] for block in blocks]
    # Whole articles with a standfirst, then others, so that every role is there.
    articles = [rows for rows in articles if rows[0][0] == "headline" and 5 < len(rows) < 15]
    with_standfirst = [rows for rows in articles if any(role == "standfirst" for role, _, _ in rows)]
    without = [rows for rows in articles if rows not in with_standfirst]
    articles = with_standfirst[:ARTICLES - WITHOUT] + without[:WITHOUT]
    golden = [
        {"sections": [{"role": role, "text": text} for role, _, text in rows], "brief": choose(rows)}
        for rows in articles
    ]
    json.dump(golden, sys.stdout, ensure_ascii=False, indent=1)
    print()


main()
