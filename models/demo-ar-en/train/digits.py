"""How well numbers come through, and how many outputs repeat themselves without end.

    python digits.py test.tsv output.txt     the Arabic in the last column but one; a translation a line

Prints the share of sentences that keep every string of digits, and of those that keep them or the numbers that they are
part of: 85 ألف is 85,000. Separators within a number do not count: 39,702 and 39702 are the same string.
"""

import re
import sys

from data import normalise, read_pairs

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}) (?:ألف|آلاف|ألفا)(?: و ?(\d{1,3})(?!\d))?")


def numbers(text):
    return [re.sub(r"\D", "", number) for number in NUMBER.findall(text)]


def whole(source):
    """It with what counts thousands written out."""
    return THOUSANDS.sub(lambda found: str(int(found[1]) * 1000 + int(found[2] or 0)), source)


def kept(source, output):
    """Whether each number of the source stands in the output, as often as it stands in the source."""
    left = numbers(output)
    for number in numbers(source):
        if number not in left:
            return False
        left.remove(number)
    return True


def loops(output):
    """Whether some run of one to four words comes five times on end."""
    return re.search(r"(\S+(?: \S+){0,3})(?: \1){4}(?: |$)", output) is not None


def main():
    sources = [normalise(arabic) for arabic, _ in read_pairs(sys.argv[1])]
    with open(sys.argv[2], encoding="utf-8") as lines:
        outputs = [line.rstrip("\n") for line in lines]
    assert len(sources) == len(outputs), "one translation a pair"
    with_digits = [(s, o) for s, o in zip(sources, outputs) if numbers(s)]
    strings = sum(kept(s, o) for s, o in with_digits)
    values = sum(kept(s, o) or kept(whole(s), o) for s, o in with_digits)
    count = max(len(with_digits), 1)
    print(f"digit strings kept in {strings} of {len(with_digits)} sentences: {strings / count:.1%}")
    print(f"numbers kept in {values}: {values / count:.1%}")
    print(f"endless repetition in {sum(map(loops, outputs))} of {len(outputs)} outputs")


if __name__ == "__main__":
    main()
