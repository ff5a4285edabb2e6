"""Writes Arabic-English pairs of newspaper sentences from a synchronous grammar: both sides grow together.

Persons are invented: a first and a last name drawn from the name list. What the sentences say is invented too. The
grammar keeps agreement of gender and number, the case of counted nouns, double month names and the forms in which
newspapers write numbers; it does not try to be true.
"""

import argparse
import random
import re

from lexicon import (BODIES, CIRCUMSTANCES, CITIES, COUNTED, COUNTRIES, DAYS, DEEDS, MONTHS, QUALITIES, SAYING, THINGS,
                     TITLES)
from phrases import ADJUNCTS, DOINGS, HAPPENINGS, MORE_BODIES, ROLES
from templates import LATIN, TEMPLATES

BODIES = BODIES + MORE_BODIES
CIRCUMSTANCES = CIRCUMSTANCES + ADJUNCTS
SLOT = re.compile(r"\{([^}]*?)(\d?)\}")

ORDINALS = [("الأول", "first"), ("الثاني", "second"), ("الثالث", "third"), ("الرابع", "fourth"), ("الخامس", "fifth")]
SCALES = [("ألف", "آلاف", "thousand"), ("مليون", "ملايين", "million"), ("مليار", "مليارات", "billion")]
WORDS = [("ثلاثة", "three"), ("أربعة", "four"), ("خمسة", "five"), ("ستة", "six"), ("سبعة", "seven"),
         ("ثمانية", "eight"), ("تسعة", "nine"), ("عشرة", "ten")]
BARE_NUN = ("قانون", "بيان", "مهرجان", "فيضان")  # the others in -n are plurals or diptotes
PEOPLE = [row for row in COUNTED if row[2] in ("people", "soldiers", "civilians", "children", "workers", "students",
                                               "passengers", "gunmen", "demonstrators", "lawmakers", "players")]
ITEMS = [row for row in COUNTED if row not in PEOPLE and row[2] not in ("wounded", "dead", "refugees", "members", "cases")]
CURRENCIES = [("دولار", "dollars"), ("يورو", "euros"), ("ريال", "riyals"), ("جنيه", "pounds")]


def definite(phrase):
    """With the article on each word of the phrase; a defective noun gets its yeh back."""
    whole = {"تحد": "تحدي", "مبان": "مباني"}
    return " ".join(part if part == "للجدل" else "ال" + whole.get(part, part) for part in phrase.split())


def accusative(phrase):
    """The alif that an indefinite masculine singular takes as a direct object."""
    first, *rest = phrase.split(" ")
    marked = first if first.endswith(("ة", "ى", "ا", "اء", "ن")) and first not in BARE_NUN else first + "ا"
    return " ".join([marked, *(accusative(part) if part[:2] != "لل" else part for part in rest)])


def prefixed(particle, noun):
    """A one-letter particle before a noun; li- takes the alif of the article."""
    if particle == "ل" and noun.startswith("ال"):
        return "لل" + noun[2:]
    return particle + noun


def feminine(verb):
    """The third person feminine of a verb in the past or the present, with what follows it."""
    head, *rest = verb.split(" ")
    if head.startswith("ي") and head not in ("يئس",):
        head = "ت" + head[1:]
    else:
        head = (head[:-1] if head.endswith(("ى", "ا")) else head) + "ت"
    return " ".join([head, *rest])


def agreeing(phrase, feminine_form, english):
    """The pronoun that ~ stands for, in both languages."""
    return (phrase.replace("~", "ها" if feminine_form else "ه"),
            english.replace("~", "her" if feminine_form else "his"))


def attached(arabic):
    """Particles that a slot follows, written as one word with what filled it."""
    arabic = re.sub(r"(?<![\u0621-\u064a])ب ?(?=[^\u0621-\u064a ])", "ب", arabic)
    return re.sub(r"(?<![\u0621-\u064a])(و?)لـال", r"\1لل", arabic).replace("لـ", "ل")


class Grammar:
    """One seeded source of pairs."""

    def __init__(self, names, seed):
        self.rng = random.Random(seed)
        self.names = names

    def pick(self, rows):
        return self.rng.choice(rows)

    def chance(self, share):
        return self.rng.random() < share

    # Noun phrases: (Arabic, English) and, where a verb agrees with it, the gender.

    def name(self):
        first, last = self.rng.sample(self.names, 2)
        return f"{first[0]} {last[0]}", f"{first[1]} {last[1]}"

    # Deeds and events that are collocations.

    def doing(self, gender, english_gender=None):
        past, present, past_en, base = self.pick(DOINGS)
        form = self.rng.random()
        verb = past if form < 0.7 else present
        verb = feminine(verb) if gender == "f" else verb
        if form < 0.7:
            english = past_en
        elif form < 0.85:
            verb, english = "س" + verb, "will " + base
        else:
            verb, english = "لن " + verb, "will not " + base
        verb, english = agreeing(verb, gender == "f", english)
        if english_gender == "n":
            english = re.sub(r"\bher\b|\bhis\b", "its", english).replace("himself", "itself")
        return verb, english

    def happening(self):
        subject, _, verb, subject_en, verb_en = self.pick(HAPPENINGS)
        if self.chance(0.25):
            more_ar, more_en = self.pick(ADJUNCTS)
            return f"{subject} {verb} {more_ar}", f"{subject_en} {verb_en} {more_en}"
        return f"{subject} {verb}", f"{subject_en} {verb_en}"

    # Templates.

    def slot(self, kind, gender):
        """Arabic, English and, of agents, the gender of what fills a slot; `gender` is that of the agent so far."""
        simple = {"C": lambda: self.pick(CITIES), "n": self.name, "%": self.percent, "D": self.date,
                  "W": lambda: self.pick(DAYS), "A": lambda: self.pick(ADJUNCTS), "H": self.happening,
                  "M": lambda: self.counted(ITEMS),
                  "N": lambda: self.counted(PEOPLE), "$": self.money, "T": self.time, "d": self.day,
                  "m": lambda: self.pick(MONTHS)[1:]}
        if kind in simple:
            return *simple[kind](), None
        if kind == "P":
            return self.person()
        if kind == "O":
            arabic, body_gender, english = self.pick(BODIES)
            return arabic, english, body_gender + "n"
        if kind == "V":
            return *self.doing((gender or "m")[0], "n" if gender and len(gender) > 1 else None), None
        if kind == "L":
            row = self.pick(COUNTRIES)
            return row[0], row[3], None
        if kind in ("#", "#th"):
            value = str(self.rng.randint(11, 99) if self.chance(0.7) else self.rng.randint(100, 999))
            return value, value, None
        if kind == "a":
            value = str(self.rng.randint(16, 95))
            return value, value, None
        if kind == "Y":
            year = str(self.rng.randint(1945, 2026))
            return year, year, None
        if kind == "r":
            value = f"{self.rng.randint(4, 8)}.{self.rng.randint(1, 9)}"
            return value, value, None
        if kind == "G":
            score = f"{self.rng.randint(0, 6)}-{self.rng.randint(0, 4)}"
            return score, score, None
        word = self.pick(LATIN)
        return word, word, None

    def template(self):
        arabic, english = self.pick(TEMPLATES)
        filled, gender = {}, None
        for source in (arabic, english):  # the order of the Arabic, and then what only the English has
            for kind, digit in SLOT.findall(source):
                key = ("#" if kind == "#th" else kind) + digit
                if key not in filled:
                    filled[key] = self.slot(kind, gender)
                    if kind in ("P", "O") and gender is None:
                        gender = filled[key][2]
        arabic = re.sub(r"\[(.*?)/(.*?)\]", lambda m: m[2] if gender and gender[0] == "f" else m[1], arabic)
        arabic = SLOT.sub(lambda m: filled[m[1] + m[2]][0], arabic)
        english = SLOT.sub(lambda m: self.ordinal(filled["#" + m[2]][1]) if m[1] == "#th" else filled[m[1] + m[2]][1],
                           english)
        arabic = attached(arabic)
        if not arabic.endswith(("؟", '"')) and self.chance(0.85):
            arabic, english = arabic + ".", english.removesuffix(".") + "."
        return arabic, english[0].upper() + english[1:]

    def ordinal(self, value):
        suffix = "th" if int(value) % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(int(value) % 10, "th")
        return value + suffix

    def money(self):
        value = self.rng.randint(11, 950) if self.chance(0.6) else round(self.rng.uniform(1.1, 99), 1)
        scale, scale_en = self.pick([("مليون ", " million"), ("مليار ", " billion"), ("ألف ", ",000"), ("", "")])
        if not isinstance(value, int) and scale in ("ألف ", ""):
            value = self.rng.randint(11, 950)
        unit, before, after = self.pick([("دولار", "$", ""), ("يورو", "€", ""), ("جنيه إسترليني", "£", ""),
                                         ("دولار", "", " dollars"), ("ريال", "", " riyals"), ("ليرة", "", " lira"),
                                         ("درهم", "", " dirhams"), ("جنيه", "", " pounds"), ("يوان", "", " yuan")])
        if not scale and unit == "ليرة" or not scale and unit != "يورو" and unit != "ليرة":
            unit = {"جنيه إسترليني": "جنيها إسترلينيا", "دولار": "دولارا", "ريال": "ريالا", "درهم": "درهما",
                    "جنيه": "جنيها", "يوان": "يوانا"}.get(unit, unit)
        return f"{value} {scale}{unit}", f"{before}{value}{scale_en}{after}"

    def time(self):
        hour, minute = self.rng.randint(1, 11), self.pick(["00", "15", "30", "45", "10", "20"])
        part, part_en = self.pick([("صباحا", "a.m."), ("مساء", "p.m.")])
        if self.chance(0.3):
            hour = self.rng.randint(0, 23)
            return f"{hour:02}:{minute} بتوقيت غرينتش", f"{hour:02}:{minute} GMT"
        return f"{hour}:{minute} {part}", f"{hour}:{minute} {part_en}"

    def day(self):
        levantine, egyptian, english = self.pick(MONTHS)
        day = self.rng.randint(1, 28)
        month = self.pick([f"{levantine}/{egyptian}", egyptian, egyptian, levantine])
        return f"{day} {month}", self.pick([f"{day} {english}", f"{english} {day}"])

    def role(self):
        male, female, english = self.pick(ROLES)
        gender = "f" if self.chance(0.35) else "m"
        title = female if gender == "f" else male
        if self.chance(0.3):
            english = english if english.startswith(("a ", "the ")) or english[0] in "NU" else "the " + english
            return title, english, gender
        name_ar, name_en = self.name()
        return f"{title} {name_ar}", f"{english.removeprefix('the ').removeprefix('a ')} {name_en}", gender

    def person(self):
        if self.chance(0.5):
            return self.role()
        _, m, f, _, adjective = self.pick(COUNTRIES)
        male, female, english = self.pick(TITLES)
        gender = "f" if self.chance(0.3) else "m"
        title = (female if gender == "f" else male).format(m=m, f=f)
        name_ar, name_en = self.name()
        form = self.rng.random()
        if form < 0.6:
            return f"{title} {name_ar}", f"{english.format(a=adjective)} {name_en}", gender
        if form < 0.8:
            return name_ar, name_en, gender
        return title, "the " + english.format(a=adjective), gender

    def body(self):
        form = self.rng.random()
        if form < 0.6:
            arabic, gender, english = self.pick(BODIES)
            return arabic, english, gender
        arabic, _, feminine, english, adjective = self.pick(COUNTRIES)
        if form < 0.8:
            return arabic, english, "m" if arabic in ("لبنان", "العراق", "اليمن", "السودان", "المغرب", "الأردن") else "f"
        return f"الحكومة {feminine}", f"the {adjective} government", "f"

    def subject(self):
        return self.person() if self.chance(0.55) else self.body()

    def thing(self, plural=None, fixed=None, direct=False):
        singular, plurals, gender, english, english_plural = self.pick(THINGS)
        plural = self.chance(0.35) if plural is None else plural
        fixed = self.chance(0.5) if fixed is None else fixed
        noun, agrees = (plurals, "f") if plural else (singular, gender)
        arabic = definite(noun) if fixed else noun
        words = [english_plural if plural else english]
        for _ in range(self.rng.choice((0, 1, 1, 1, 2))):
            m, f, quality = self.pick(QUALITIES)
            adjective = f if agrees == "f" else m
            arabic += " " + (definite(adjective) if fixed else adjective)
            words.insert(0, quality)
        if direct and not fixed and not plural and gender == "m" and "للجدل" not in arabic:
            arabic = accusative(arabic)
        english = " ".join(words)
        if fixed:
            return arabic, "the " + english
        if plural:
            return arabic, english
        vowel = english[0] in "aeiouAEIO" and not english.startswith(("eur", "Eur", "uni", "US"))
        return arabic, ("an " if vowel else "a ") + english

    def place(self):
        if self.chance(0.6):
            return self.pick(CITIES)
        row = self.pick(COUNTRIES)
        return row[0], row[3]

    def object(self, direct):
        arabic, english = self.thing(direct=direct)
        form = self.rng.random()
        if form < 0.2:
            place_ar, place_en = self.place()
            return f"{arabic} في {place_ar}", f"{english} in {place_en}"
        if form < 0.3:
            (one, one_en), (two, two_en) = self.place(), self.place()
            return f"{arabic} بين {one} و{two}", f"{english} between {one_en} and {two_en}"
        if form < 0.4:
            other_ar, other_en = self.thing(fixed=True)
            return f"{arabic} حول {other_ar}", f"{english} on {other_en}"
        if form < 0.5:
            body_ar, body_en, _ = self.body()
            return f"{arabic} مع {body_ar}", f"{english} with {body_en}"
        return arabic, english

    # Numbers and dates.

    def number(self):
        form = self.rng.random()
        if form < 0.3:
            value = self.rng.randint(11, 999)
            return str(value), str(value), True
        if form < 0.5:
            value = self.rng.randint(1000, 99999)
            grouped = f"{value:,}"
            arabic = self.pick([str(value), grouped, f"{value // 1000} ألفا و{value % 1000}" if value % 1000 else grouped])
            return arabic, grouped, True
        if form < 0.8:
            index = self.rng.randrange(8)
            if self.chance(0.5):
                return *WORDS[index], False
            return str(index + 3), str(index + 3), False
        singular, plural, english = self.pick(SCALES)
        value = self.rng.randint(2, 900) if self.chance(0.6) else round(self.rng.uniform(1.1, 99), 1)
        scale = plural if isinstance(value, int) and 3 <= value <= 10 else singular
        return f"{value} {scale}", f"{value} {english}", None

    def counted(self, rows=COUNTED):
        few, many, english = self.pick(rows)
        arabic, number, over_ten = self.number()
        while over_ten is None and rows is PEOPLE:
            arabic, number, over_ten = self.number()
        if over_ten is None:  # after thousand, million, billion the noun stands in the genitive singular
            currency = self.pick(CURRENCIES)
            return f"{arabic} {currency[0]}", f"{number} {currency[1]}"
        return f"{arabic} {many if over_ten else few}", f"{number} {english}"

    def percent(self):
        value = self.rng.randint(1, 99) if self.chance(0.5) else round(self.rng.uniform(0.1, 99.9), 1)
        return self.pick([f"{value}%", f"{value} في المئة", f"{value} بالمئة"]), self.pick([f"{value}%"])

    def date(self):
        levantine, egyptian, english = self.pick(MONTHS)
        month = self.pick([f"{levantine}/{egyptian}", egyptian, levantine])
        day = self.rng.randint(1, 28)
        form = self.rng.random()
        if form < 0.4:
            year = self.rng.randint(1990, 2026)
            return f"في {day} {month} {year}", f"on {day} {english} {year}"
        if form < 0.6:
            return f"في {month} الماضي", f"last {english}"
        if form < 0.8:
            name, name_en = self.pick(DAYS)
            return f"يوم {name}", f"on {name_en}"
        return f"في منتصف {month}", f"in mid-{english}"

    def circumstance(self):
        return self.date() if self.chance(0.3) else self.pick(CIRCUMSTANCES)

    # Clauses: Arabic with the verb first, or the subject first after a complementiser; English with the subject first.

    def deed(self, subject, tense, subject_first):
        arabic, english, gender = subject
        past_m, past_f, present_m, present_f, past_en, base = self.pick(DEEDS)
        object_ar, object_en = self.object(direct=" " not in past_m)
        if tense == "past":
            verb, verb_en = (past_f if gender == "f" else past_m), past_en
        elif tense == "future":
            verb, verb_en = "س" + (present_f if gender == "f" else present_m), "will " + base
        else:
            verb, verb_en = "لن " + (present_f if gender == "f" else present_m), "will not " + base
        parts = verb.split()
        if parts[-1] == "ب":
            verb, object_ar = " ".join(parts[:-1]), prefixed("ب", object_ar)
        elif parts[-1] in ("على", "في", "من", "عن") and len(parts) > 1 and not subject_first:
            verb, object_ar = " ".join(parts[:-1]), f"{parts[-1]} {object_ar}"
        order = f"{arabic} {verb} {object_ar}" if subject_first else f"{verb} {arabic} {object_ar}"
        return order, f"{english} {verb_en} {object_en}"

    def existence(self):
        arabic, english = self.thing(plural=True, fixed=False)
        return f"هناك {arabic}", f"there are {english}"

    def fact(self):
        """What may follow a verb of saying."""
        form = self.rng.random()
        if form < 0.15:
            return self.existence()
        if form < 0.3:
            share, share_en = self.percent()
            people_ar, people_en = self.pick([("السكان", "the population"), ("الناخبين", "voters"),
                                              ("المشاركين", "participants"), ("الطلاب", "students")])
            verb, verb_en = self.pick([("يؤيدون", "support"), ("يعارضون", "oppose"), ("يفضلون", "prefer")])
            thing_ar, thing_en = self.thing(fixed=True)
            return f"{share} من {people_ar} {verb} {thing_ar}", f"{share_en} of {people_en} {verb_en} {thing_en}"
        return self.deed(self.subject(), self.pick(["past", "future", "future", "negated"]), True)

    def main_clause(self):
        form = self.rng.random()
        if form < 0.45:
            arabic, english = self.deed(self.subject(), self.pick(["past", "past", "past", "future", "negated"]), False)
        elif form < 0.6:
            verb, verb_en, what, what_en = self.pick([
                ("قتل", "killed", "في", "in"), ("أصيب", "injured", "في", "in"), ("اعتقل", "arrested", "بعد", "after"),
                ("أنقذ", "rescued", "بعد", "after"), ("نقل", "moved", "بعد", "after")])
            counted_ar, counted_en = self.counted(PEOPLE)
            thing_ar, thing_en = self.thing(plural=False)
            city_ar, city_en = self.place()
            arabic = f"{verb} {counted_ar} {what} {thing_ar} في {city_ar}"
            english = f"{counted_en} were {verb_en} {what_en} {thing_en} in {city_en}"
        elif form < 0.72:
            thing_ar, thing_en = self.thing(plural=True, fixed=True)
            verb, verb_en = self.pick([("ارتفعت", "rose"), ("انخفضت", "fell"), ("تراجعت", "declined"),
                                       ("زادت", "increased")])
            share, share_en = self.percent()
            arabic, english = f"{verb} {thing_ar} بنسبة {share}", f"{thing_en} {verb_en} by {share_en}"
        elif form < 0.86:
            person_ar, person_en, gender = self.person()
            place_ar, place_en = self.pick(CITIES)
            verb, verb_en = self.pick([("وصل إلى", "arrived in"), ("زار", "visited"), ("غادر", "left"),
                                       ("وصلت إلى", "arrived in")])
            verb = {"وصلت إلى": "وصل إلى"}.get(verb, verb)
            if gender == "f":
                verb = {"وصل إلى": "وصلت إلى", "زار": "زارت", "غادر": "غادرت"}[verb]
            first, *rest = verb.split()
            arabic = " ".join([first, person_ar, *rest, place_ar])
            english = f"{person_en} {verb_en} {place_en}"
        else:
            (one, one_en), (two, two_en) = self.subject()[:2], self.subject()[:2]
            thing_ar, thing_en = self.thing()
            arabic, english = f"اتفق {one} و{two} على {thing_ar}", f"{one_en} and {two_en} agreed on {thing_en}"
        if self.chance(0.6):
            more_ar, more_en = self.circumstance()
            return f"{arabic} {more_ar}", f"{english} {more_en}"
        return arabic, english

    def report(self):
        arabic, english, gender = self.subject()
        m, f, particle, said = self.pick(SAYING)
        verb = f if gender == "f" else m
        fact_ar, fact_en = self.fact()
        where = ("", "")
        if self.chance(0.35):
            more_ar, more_en = self.circumstance()
            where = (f"، {more_ar}،", f" {more_en}")
        if said == "said" and self.chance(0.3):
            return f'{verb} {arabic}{where[0]}: "{fact_ar}"', f'{english} said{where[1]}: "{fact_en}"'
        joined = f"{verb} {arabic}{where[0]} {particle} {fact_ar}"
        return joined, f"{english} {said}{where[1]} that {fact_en}"

    def sentence(self):
        form = self.rng.random()
        if form < 0.5:
            arabic, english = self.report()
        elif form < 0.85:
            arabic, english = self.main_clause()
        else:
            (one, one_en), (two, two_en) = self.main_clause(), self.report()
            arabic = f"{one}، {self.pick(['فيما', 'بينما', 'في حين'])} {two}"
            english = f"{one_en}, while {two_en}"
        if self.chance(0.2):
            arabic = "و" + arabic
        end = "" if self.chance(0.15) else "."
        if english.endswith('"') and end:
            return arabic + end, english[0].upper() + english[1:-1] + '."'
        return arabic + end, english[0].upper() + english[1:] + end

    def headline(self):
        subject_ar, subject_en, gender = self.pick([self.person, self.body])()
        row = self.pick(DEEDS)
        verb = row[3] if gender == "f" else row[2]
        thing_ar, thing_en = self.object(direct=" " not in verb)
        if verb.endswith(" ب"):
            verb, thing_ar = verb[:-2], prefixed("ب", thing_ar)
        english = row[5].split()
        singular = english[0] + ("es" if english[0].endswith(("s", "sh", "ch", "x")) else "s")
        if english[0].endswith("y") and english[0][-2] not in "aeiou":
            singular = english[0][:-1] + "ies"
        english = " ".join([singular, *english[1:]])
        thing_en = thing_en.removeprefix("the ").removeprefix("a ").removeprefix("an ")
        subject_en = subject_en.removeprefix("the ")
        return f"{subject_ar} {verb} {thing_ar}", f"{subject_en[0].upper() + subject_en[1:]} {english} {thing_en}"

    def collocation(self):
        """An agent, what it did, and when or how."""
        agent_ar, agent_en, gender = self.subject()
        verb, verb_en = self.doing(gender, None if " " in agent_ar and agent_en[0].isupper() else "n")
        more_ar, more_en = self.circumstance() if self.chance(0.7) else ("", "")
        first, *rest = verb.split(" ")
        if first in ("لن",):
            first, rest = f"{first} {rest[0]}", rest[1:]
        order = [agent_ar, verb] if self.chance(0.4) else [first, agent_ar, *rest]
        arabic = " ".join([*order, more_ar]).strip() + "."
        english = f"{agent_en} {verb_en} {more_en}".strip() + "."
        return ("و" if self.chance(0.2) else "") + arabic, english[0].upper() + english[1:]

    def pair(self):
        form = self.rng.random()
        if form < 0.5:
            return self.template()
        if form < 0.75:
            return self.collocation()
        return self.headline() if form < 0.78 else self.sentence()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--names", required=True, help="Arabic and Latin names, a tab between")
    arguments.add_argument("--count", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    with open(options.names, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    names = [(row[0], row[1].title()) for row in rows if len(row) > 1 and row[0] and row[1].isascii() and row[1].isalpha()]
    grammar = Grammar(names, options.seed)
    for _ in range(options.count):
        arabic, english = grammar.pair()
        print("grammar", arabic, english, sep="\t")


if __name__ == "__main__":
    main()
