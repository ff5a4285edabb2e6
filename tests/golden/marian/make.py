"""Golden values for tests/parity.rs: the demonstration model run by transformers in single precision.

    python tests/golden/marian/make.py > tests/golden/marian/demo.json

Needs torch, transformers 5.23 and sentencepiece. For each pair: token ids, the scores of every 997th target token at each
step, the log-probability of each target token, and the attention of the first head of the last decoder layer.
"""

import json
import os

import torch
from transformers import MarianMTModel, MarianTokenizer

PAIRS = [
    ("وزيرا خارجية الأردن واليونان يبحثان هاتفيا التعاون في ملف الطاقة",
     "Jordanian and Greek foreign ministers discuss energy cooperation by phone"),
    ("ولم يُحسم بعد ما إذا كانت الكاميرات التي أزيلت قبل 15 شهرا ستُعاد إلى أماكنها.",
     "It has not yet been settled whether the cameras removed 15 months ago will be put back in place."),
    ("وقال الوزير: \"لن نقبل بأي تسوية لا تضمن عودة المهجرين إلى ديارهم\".",
     "\"We will not accept any settlement that does not guarantee the return of the displaced to their homes,\" the "
     "minister said."),
    ("نعم.", "Yes."),
]


def rounded(values):
    return [float(f"{value:.7g}") for value in values]


def main():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../models/demo-ar-en")
    tokenizer = MarianTokenizer.from_pretrained(folder)
    model = MarianMTModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    cases = []
    for arabic, english in PAIRS:
        source, target = tokenizer(arabic).input_ids, tokenizer(text_target=english).input_ids
        given = torch.tensor([[model.config.decoder_start_token_id] + target[:-1]])
        with torch.no_grad():
            output = model(input_ids=torch.tensor([source]), decoder_input_ids=given, output_attentions=True)
        scores = output.logits[0]
        log_probs = torch.log_softmax(scores, -1).gather(1, torch.tensor(target)[:, None])[:, 0]
        cases.append({
            "source": source,
            "target": target,
            "scores": rounded(scores[:, ::997].flatten().tolist()),
            "log_probs": rounded(log_probs.tolist()),
            "attention": rounded(output.cross_attentions[-1][0, 0].flatten().tolist()),
        })
    print(json.dumps({"start": model.config.decoder_start_token_id, "every": 997, "cases": cases}))


main()
