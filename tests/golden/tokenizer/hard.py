"""Texts that tokenizers get wrong, for make.py and compare.py."""

import random
import unicodedata

SENTENCES = """\
أعلنت وزارة المالية، أمس الثلاثاء، أن الموازنة العامة للعام المقبل ستبلغ 84.3 مليار دينار.
وقال المتحدث باسم الحكومة إن «الاجتماع لم يُسفر عن نتائج ملموسة»، مضيفاً أن المفاوضات ستُستأنف الأسبوع المقبل.
ارتفع مؤشر السوق بنسبة ٢٫٥٪ ليغلق عند ١١٬٤٣٢ نقطة، وهو أعلى مستوى له منذ آذار/مارس ٢٠٢١.
هل تنجح الهدنة؟ سؤال يطرحه كثيرون؛ لكن لا أحد يملك الجواب...
مُؤَسَّسَةُ النَّقْدِ العَرَبِيِّ السُّعُودِيِّ تُصْدِرُ تَقْرِيرَهَا السَّنَوِيَّ.
فاز المنتخب 3-1 على نظيره في المباراة التي أقيمت على ملعب 5 يوليو بالعاصمة الجزائر.
كتب على حسابه في «إكس»: شكراً لكم جميعاً 🙏🏽 #غزة @user https://example.com/ar/news?id=12&x=%D9%85
The prime minister's office said on Monday that "no decision" had been taken – not yet.
Dr. J. Smith (1,234.56 USD) flew from Zürich to São Paulo; naïve façade, cœur, Łódź, İstanbul.
""".splitlines()

PIECES = [
    # Presentation forms, alone and with marks after them.
    "ﷺ", "ﷲ", "ﷻ", "﷽", "ﻻ", "ﻼ", "ﻵ", "ﺍﻟﺴﻼﻡ", "ﭐﭑ", "ﺒﺐﺑ", "ﻣ\u064e", "ﺑ\u064f", "ﻟ\u0650", "ﺳ\u0651", "ﷺ\u064e",
    "ﻻ\u064b", "\ufc5e", "\ufe70", "\ufe77", "\ufdfa\u0651",
    # Letters with combining hamza, madda, vowels: graphemes of two, three and more characters.
    "ا\u0654", "ا\u0653", "و\u0654", "ي\u0654", "ا\u0655", "و\u0654\u064e", "ا\u0654\u064f", "ي\u0654\u0650\u0651", "ء\u0655",
    "ش\u064e\u0651", "ش\u0651\u064e", "ب\u0651\u064c", "ي\u0670", "لا", "ل\u064eا", "ا\u064e\u0654", "ى\u0654\u064b",
    "مـــــحـــــمـــــد", "ـ", "\u064e", "\u0651", "\u0654", "\u064e \u064e", "\u0301", "a \u064e", " \u0654", "\u0654\u0654\u0654",
    # Zero-width and bidi characters.
    "می\u200cخواهم", "a\u200db", "\u200fسلام\u200e", "\u202bنص\u202c", "\u2067نص\u2069", "\ufeffنص", "soft\u00adhyphen", "a\u200bb",
    "word\u200f next", "\u061cنص",
    # Other ways to write Latin letters and digits.
    "Ａｂｃ１２３", "ｶﾞ", "①②③", "ﬁﬂﬀ", "𝐀𝓫𝕔", "ℌ", "㎏", "㍿", "½", "x²", "A\u030a", "e\u0301", "e\u0302\u0301",
    "o\u0328\u0304", "Ａ\u0301", "\u017f\u0323\u0307", "\u212b\u00c5", "cafe\u0301", "日本語のテキスト", "中文", "한국어 \u1112\u1161\u11ab", "ไทย",
    "हिन्दी", "עִבְרִית", "Ελληνικά", "Привет", "ܣܘܪܝܝܐ", "𐎀𐎁", "ᏣᎳᎩ", "🇸🇦🇪🇬", "👨\u200d👩\u200d👧\u200d👦",
    "👩🏽\u200d🚀", "❤\ufe0f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "☪", "✊", "😀😀😀", "🙏🏽",
    # White space of every kind, at both ends and doubled.
    " a", "a ", "  a  b  ", "a\tb", "a\nb", "a\r\nb", "a\u00a0b", "a\u2003b", "a\u2009\u2009b", "a\u3000b", "a\u2028b", "a\u202fb",
    "a\u1680b", "a\u205fb", "a\x85b", "a\x0bb", "a\x0cb", "\n", " ", "   ", "\t\t", "", "\u3000", "a" + " " * 40 + "b", "\u00a0a\u00a0",
    # Control characters and what is no character.
    "a\x00b", "\x00", "a\x01b", "a\x7fb", "a\x1bb", "a\x80b", "\ufffe", "\uffff", "\U0010ffff", "\ue000", "\ufffd", "\ue0ff\ue100",
    # The sign that stands for a space, and names of control tokens, in raw text.
    "▁", "▁▁", "a▁b", "▁a", "a▁", "a ▁ b", "</s>", "<s>", "<unk>", "<pad>", "a</s>b", "<pad><unk></s>", ">>eng<< text",
    ">>fra<<", "a >>eng<<", "<2en> text", "__en__", "eng_Latn", "ar_AR", "en_XX text", "<mask>", "<mask_1>", "<unk_2>",
    "<extra_id_0>", "a<n>b", "<0x0A>", "⁇", " ⁇ ",
    # Ties: one character many times, which can be cut in many equally good ways.
    "aaaaaaaaaaaaaaaaa", "ااااااااااااااااااا", "ههههههههههههههههههههههه", "لللللللللللللل", "وووووووووو", "ةةةةة", "ههههه هههه",
    "..........", "!!!!!!!!!", "؟؟؟؟؟؟؟؟", "--------------------", "==========", "______", "00000000000", "1111111",
    "٠٠٠٠٠٠٠", "noooooooooooo", "hahahahahahaha", "abababababab", "xyxyxyxyxyx", "ىىىىى", "ﷺﷺﷺﷺ", "😀" * 9, "\x01" * 5,
    "ق" * 200, "z" * 200, "日" * 50,
    # Numbers, dates, addresses.
    "1,234,567.89", "١٢٣٤٥", "12:30", "2024-05-17", "+963 11 123-4567", "a@b.sy", "www.example.com", "C++", "AT&T", "50%",
    "$1.5bn", "€3", "№5", "½%", "«»“”‘’–—…", "''\"\"``", "،؛؟٪٫٬", "(أ)", "[1]", "{x}", "\\n", "a/b\\c", "د.", "أ.د.", "ص.ب.",
]


def random_lines(count, seed=20240517):
    """Lines of characters drawn from the blocks that matter here and from all of Unicode."""
    draw = random.Random(seed)
    blocks = [
        (0x20, 0x7E), (0x600, 0x6FF), (0x610, 0x65F), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF),
        (0x300, 0x36F), (0xC0, 0x24F), (0x1E00, 0x1EFF), (0xFF00, 0xFFEF), (0x2000, 0x206F), (0x2070, 0x218F),
        (0x3040, 0x30FF), (0xAC00, 0xD7A3), (0x4E00, 0x9FFF), (0x900, 0x97F), (0x1F300, 0x1FAFF), (0x0, 0x1F), (0x80, 0x9F),
        (0x1100, 0x11FF), (0x2580, 0x259F), (0x0, 0x10FFFF),
    ]
    lines = []
    while len(lines) < count:
        chosen = draw.sample(blocks, draw.randint(1, 4)) + [(0x20, 0x20)]
        line = ""
        for _ in range(draw.randint(1, 30)):
            code = draw.randint(*draw.choice(chosen))
            if not 0xD800 <= code <= 0xDFFF:
                line += chr(code) * (1 if draw.random() < 0.9 else draw.randint(2, 6))
        lines.append(line)
    return lines


def hard_strings(random_count=500):
    texts = SENTENCES + PIECES
    texts += [unicodedata.normalize("NFD", text) for text in SENTENCES]
    texts += [f"قال {piece} ثم" for piece in PIECES]
    texts += ["".join(PIECES), " ".join(PIECES)]
    return texts + random_lines(random_count)
