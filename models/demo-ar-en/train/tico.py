"""The English and Arabic of a TICO-19 translation memory (https://tico-19.github.io, CC0) as a TSV.

    python tico.py all.en-ar.tmx > tico.tsv
"""

import sys
import xml.etree.ElementTree as tree

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def main():
    seen = set()
    for unit in tree.parse(sys.argv[1]).iter("tu"):
        text = {variant.get(LANGUAGE)[:2]: " ".join("".join(variant.find("seg").itertext()).split())
                for variant in unit.iter("tuv")}
        pair = text.get("ar", ""), text.get("en", "")
        if all(pair) and pair not in seen:
            seen.add(pair)
            print("tico", *pair, sep="\t")


if __name__ == "__main__":
    main()
