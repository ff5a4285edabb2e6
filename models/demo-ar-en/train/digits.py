"""Share of sentences whose digit strings all come through, and of outputs that repeat themselves without end.

    python digits.py test.tsv output.txt     the Arabic in the last column but one; a translation a line

Separators within a number do not count: 39,702 and 39702 are the same string.
"""

import re
import sys

from data import normalise, read_pairs

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def numbers(text):
    return [re.sub(r"\D", "", number) for number in NUMBER.findall(text)]


def kept(source, output):
    """Whether each number of the source stands in the output, as often as it stands in the source."""
    left = numbers(output)
    for number in numbers(normalise(source)):
        if number not in left:
            return False
        left.remove(number)
    return True


def loops(output):
    """Whether some run of one to four words comes five times on end."""
    return re.search(r"(\S+(?: \S+){0,3})(?: \1){4}(?: |$)", output) is not None


def main():
    sources = [arabic for arabic, _ in read_pairs(sys.argv[1])]
    with open(sys.argv[2], encoding="utf-8") as lines:
        outputs = [line.rstrip("\n") for line in lines]
    assert len(sources) == len(outputs), "one translation a pair"
    with_digits = [(s, o) for s, o in zip(sources, outputs) if numbers(s)]
    good = sum(kept(s, o) for s, o in with_digits)
    print(f"digits kept in {good} of {len(with_digits)} sentences: {good / max(len(with_digits), 1):.1%}")
    print(f"endless repetition in {sum(map(loops, outputs))} of {len(outputs)} outputs")


if __name__ == "__main__":
    main()
