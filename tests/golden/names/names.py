"""Writes src/names/names.txt, the Arabic names that mujaz knows, and tests/golden/names/distances.tsv, how far pairs of
an Arabic and a Latin name are apart.

    python tests/golden/names/names.py NAMES PARALLEL...

NAMES is a table of names from Wikidata (CC0), Arabic and Latin in lower case with a tab between, one word each.
PARALLEL are sentence pairs, Arabic and English in the last two columns; they tell which of those words are names
wherever they stand (بوتين) and which are words of the language as well (كريم, generous).

How a word enters the list. Let n be the number of pairs whose Arabic has it, and m the number of those whose English
has a capitalised word that could be its rendering, by letters.tsv.

    sure   m/n at least 0.85, with n at least 2 and three letters, or with five letters; never seen, six letters, no
           article; not in Wikidata, but m/n at least 0.85 with m at least 2, and no adjective in ي or ية
    maybe  in Wikidata with anything in between: a name after a title or another name
    out    n at least 5 and m/n below 0.3, unless Wikidata has four Latin spellings of it and it is no word that every
           text has; never seen and two letters
"""
import collections
import functools
import pathlib
import random
import re
import sys
import unicodedata

ROOT = pathlib.Path(__file__).parents[3]
MONTHS = """يناير فبراير مارس أبريل إبريل مايو يونيو يونيه يوليو يوليه أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون شباط آذار
نيسان أيار حزيران تموز آب أيلول تشرين محرم صفر ربيع رجب شعبان رمضان شوال غشت شتنبر نونبر دجنبر جانفي فيفري أفريل
جوان جويلية أوت"""
# Names that are also common words, which the pairs do not show.
AMBIGUOUS = "سيول"
# Names that the news mostly has as words: chief of staff, guest of honour, ambassador.
WORDS = "أركان ضيف بات سفيرا كيس آيس"
# So many pairs have only words like إن.
FREQUENT = 150
# Names of people in the news, most of them too new for the pairs.
NEWS = """بوتين بايدن ترامب أوباما نتنياهو السيسي رئيسي خامنئي روحاني بزشكيان عراقجي لاريجاني العبادي المالكي ميقاتي جنبلاط
جعجع هنية السنوار غانتس غالانت بينيت لابيد ميركل شولتس ميرتس ماكرون ساركوزي هولاند جونسون سوناك ستارمر كاميرون
بلير ميلوني برلسكوني سانشيز زيلينسكي لافروف ميدفيديف شويغو بلينكن روبيو كلينتون أردوغان فيدان غوتيريش غوتيريس
غريفيث غروسي بيدرسن بوريل ديرلاين تيدروس حفتر الدبيبة حميدتي البرهان حمدوك القذافي تبون بوتفليقة الغنوشي السبسي
بنكيران بوريطة الحوثي العليمي مودي مودى شهباز كرزاي كيشيدا مادورو تشافيز كاسترو بولسونارو جينبينغ هاريس بومبيو
تيلرسون ماتيس بولتون كوشنر ويتكوف"""
ARABIC = re.compile("[\u0621-\u064a\u0671-\u06d3]+")
CAPITALISED = re.compile(r"[A-ZÀ-ÞĀ-Ž][\w'’.-]*")
LATIN = {"ı": "i", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
LETTERS = {"ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "ھ": "ه", "ہ": "ه"}


def fold(text):
    """As mujaz::segment::fold does it, for words."""
    kept = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c) and c != "\u0640")
    return "".join(LETTERS.get(c, c) for c in kept)


def latin(text):
    """A Latin word in lower case, a to z."""
    folded = (LATIN.get(c, c) for c in unicodedata.normalize("NFKD", text.lower()))
    return "".join(c for part in folded for c in part if "a" <= c <= "z")


def renderings():
    table = {}
    for line in (ROOT / "src/names/letters.tsv").read_text().splitlines():
        if not line.startswith("#"):
            letters, all = line.split("\t")
            pairs = (one.split(":") for one in all.split(" "))
            table[letters] = [(one[0].replace("-", ""), int(one[1]) if len(one) > 1 else 0) for one in pairs]
    return table


RENDERINGS = renderings()
FAR = 300
ARTICLES = ["al", "el", "ash", "as", "ad", "an", "ar", "at", "az"]


@functools.lru_cache(None)
def distance(arabic, word):
    """The least cost of writing the Arabic as the Latin word, at most FAR."""
    best = edits(arabic, word)
    if has_article(arabic):
        best = min(best, edits(arabic[2:], word))
        for article in ARTICLES:
            if word.startswith(article) and len(word) > len(article) + 1:
                best = min(best, edits(arabic[2:], word[len(article) :]))
    return min(best, FAR)


def edits(arabic, word):
    rows, columns = len(arabic), len(word)
    cost = [[FAR + 1] * (columns + 1) for _ in range(rows + 1)]
    cost[0][0] = 0
    for i in range(rows + 1):
        for j in range(columns + 1):
            here = cost[i][j]
            if here > FAR:
                continue
            if j < columns:
                length, extra = silent(word, j)
                cost[i][j + length] = min(cost[i][j + length], here + extra)
            if i < rows:
                cost[i + 1][j] = min(cost[i + 1][j], here + 100)
            for length in (1, 2):
                if i + length > rows:
                    continue
                for rendering, extra in RENDERINGS.get(arabic[i : i + length], ()):
                    if word.startswith(rendering, j):
                        to = j + len(rendering)
                        cost[i + length][to] = min(cost[i + length][to], here + extra)
    return cost[rows][columns]


def silent(word, at):
    """Latin letters that no Arabic letter stands for: how many, and their cost."""
    letter = word[at]
    if letter in "aeiou":
        return 1, 0
    if letter == "y":
        return 1, 20
    if letter == "h":
        return 1, 15
    if at > 0 and letter == word[at - 1]:
        return 1, 0
    if word.startswith("gh", at):
        return 2, 30
    if at + 1 == len(word) and letter in "tsxdz":
        return 1, 35
    if at == 0 and word[:2] in ("kn", "wr", "ps", "pn"):
        return 1, 20
    return 1, 100


def has_article(arabic):
    return arabic.startswith("ال") and len(arabic) >= 4


def allowed(arabic):
    letters = len(arabic) - 2 * has_article(arabic)
    return 30 if letters <= 2 else 50 if letters == 3 else 70 if letters == 4 else 95 if letters <= 6 else 140


def renders(arabic, word):
    return len(word) >= 2 and distance(arabic, word) <= allowed(arabic)


def capitalised(english):
    found, words = set(), CAPITALISED.findall(english)
    for word in words:
        word = re.sub(r"['’]s?$", "", word)
        found.add(latin(word))
        found |= {latin(part) for part in re.split(r"[-'’.]", word) if len(part) > 1}
    found |= {latin(one + other) for one, other in zip(words, words[1:])}
    return {word for word in found if len(word) >= 2}


def main(names, parallel):
    wikidata = collections.defaultdict(set)
    for line in open(names):
        arabic, word = line.rstrip("\n").split("\t")
        if ARABIC.fullmatch(fold(arabic)):
            wikidata[fold(arabic)].add(latin(word))
    pairs, where = [], collections.defaultdict(list)
    for path in parallel:
        for line in open(path):
            columns = line.rstrip("\n").split("\t")
            if len(columns) >= 2:
                pairs.append(columns[-2:])
    random.Random(1).shuffle(pairs)
    for index, (arabic, _) in enumerate(pairs):
        plain = "".join(c for c in unicodedata.normalize("NFC", arabic) if c != "\u0640" and not "\u064b" <= c <= "\u0652")
        for key in {fold(word) for word in ARABIC.findall(plain)}:
            where[key].append(index)
    words = functools.lru_cache(None)(lambda index: capitalised(pairs[index][1]))
    months = {fold(month) for month in MONTHS.split()}
    ambiguous = {fold(word) for word in AMBIGUOUS.split()}
    others = months | {fold(word) for word in WORDS.split()}
    kinds = {}
    for key in wikidata.keys() | where.keys():
        if key in others or len(key) < 2:
            continue
        of_wikidata = key in wikidata
        common = len(where.get(key, ())) < FREQUENT and sum(renders(key, word) for word in wikidata.get(key, ())) >= 4
        n = m = 0
        if of_wikidata or (3 < len(key) <= 14 and learnable(key, where)):
            for index in where.get(key, ())[: 40 if of_wikidata else 20]:
                n += 1
                m += any(renders(key, word) for word in words(index))
                if not of_wikidata and n >= 2 and n - m > max(1, 0.15 * n):
                    break
        kind = decide(key, n, m, (of_wikidata, common))
        if kind:
            kinds[key] = "maybe" if key in ambiguous else kind
    news = {fold(name) for name in NEWS.split()}
    # One that the pairs have may be a word of the language, as رئيسي (main) is.
    kinds = {key: "maybe" for key in news} | kinds | {key: "sure" for key in news if key not in where}
    write(kinds)
    counts = collections.Counter(kinds.values())
    print(f"{counts['sure']} sure, {counts['maybe']} maybe")


def learnable(key, where):
    """Not an adjective, and not a known word with a particle before it."""
    if key.endswith(("يه", "يين", "يون")) or (key.startswith("ال") and key.endswith("ي")) or key.startswith("و"):
        return False
    return not (key[0] in "فبلك" and len(where.get(key[1:], ())) >= len(where[key]))


def decide(key, n, m, source):
    of_wikidata, common = source
    if not of_wikidata:
        return "sure" if m >= 2 and m >= 0.85 * n else None
    if n == 0:
        if len(key) <= 2:
            return None
        return "sure" if len(key) >= 6 and not key.startswith("ال") else "maybe"
    if m >= 0.85 * n:
        return "sure" if (len(key) >= 3 and n >= 2) or len(key) >= 5 else "maybe"
    if n >= 5 and m < 0.3 * n:
        return "maybe" if common else None
    return "maybe" if len(key) >= 3 else None


def write(kinds):
    """Front-coded: how many letters the word shares with the one before, in base 36, and the rest; ? for maybe."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    lines, before = [], ""
    for key in sorted(kinds):
        shared = 0
        while shared < min(len(key), len(before), 35) and key[shared] == before[shared]:
            shared += 1
        lines.append(digits[shared] + key[shared:] + ("?" if kinds[key] == "maybe" else ""))
        before = key
    (ROOT / "src/names/names.txt").write_text("\n".join(lines) + "\n")


PAIRS = """محمد Mohammed,محمد Muhammad,نتنياهو Netanyahu,رئيسي Raisi,رئيسي Chief,السيسي Sisi,السيسي el-Sisi,السيسي Chief
بوتين Putin,بايدن Biden,ستيفن Stephen,ستيفن Steven,هوكينغ Hawking,شولتس Scholz,جورج George,جورج Jorge,ويليام William
عبدالله Abdullah,عبدالله Abdallah,ديفيد David,جونسون Johnson,ميشيل Michelle,خوسيه José,الخوري Khoury,تشارلز Charles
شي Xi,أردوغان Erdoğan,أردوغان Erdogan,جاك Jacques,أوباما Obama,بيتر Peter,بيتر Pietro,محمود Mohammed,أحمد Hamed
القذافي Gaddafi,القذافي Qaddafi,القذافي Kadhafi,زيلينسكي Zelenskyy,تشايكوفسكي Tchaikovsky,قيس Kais,قيس Qais
الرياض Riyadh,القاهرة Cairo,غوتيريش Guterres,هيوز Hughes,رايت Wright,نايت Knight,غزة Gaza,غزة Baghdad,كييف Kyiv
ماكسيم Maxim,ألكسندر Alexander,إليزابيث Elizabeth,تشن Chen,وانغ Wang,لي Lee,لي Putin,إبراهيم Abraham,إبراهيم Omar"""

if __name__ == "__main__":
    pairs = [pair.split(" ") for pair in PAIRS.replace("\n", ",").split(",")]
    rows = [f"{a}\t{e}\t{distance(fold(a), latin(e))}\t{int(renders(fold(a), latin(e)))}" for a, e in pairs]
    (ROOT / "tests/golden/names/distances.tsv").write_text("\n".join(rows) + "\n")
    if len(sys.argv) > 2:
        main(sys.argv[1], sys.argv[2:])
