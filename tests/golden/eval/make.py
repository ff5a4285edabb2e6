"""Writes expected.json: the scores of sacrebleu and rouge-score for the pairs in pairs.tsv.

pairs.tsv has a reference and two hypotheses a line. Run with sacrebleu 2.6.0 and rouge-score 0.1.2:
    python tests/golden/eval/make.py
"""

import json
import pathlib

from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest, _bootstrap_resample, estimate_ci

HERE = pathlib.Path(__file__).parent
rows = [line.rstrip("\n").split("\t") for line in (HERE / "pairs.tsv").open(encoding="utf-8")]
references, one, two = ([row[i] for row in rows] for i in range(3))
metrics = {"BLEU": BLEU(), "chrF2++": CHRF(word_order=2), "TER": TER()}

expected = {"metrics": {}, "rouge": []}
paired = dict(PairedTest([("one", one), ("two", two)], metrics, [references], test_type="bs", n_samples=1000)()[1])
for name, metric in metrics.items():
    import numpy as np

    stats = metric._extract_corpus_statistics(one, [references])
    scores = np.array([s.score for s in _bootstrap_resample(stats, metric)[1]])
    mean, ci = estimate_ci(scores)
    second = paired[name][1]
    expected["metrics"][name] = {
        "signature": str(metric.get_signature()),
        "one": metric.corpus_score(one, [references]).score,
        "two": metric.corpus_score(two, [references]).score,
        "mean": float(mean), "half_width": float(ci),
        "p_value": float(second.p_value), "two_mean": float(second.mean), "two_half_width": float(second.ci),
        "sentences": [metric._aggregate_and_compute([s]).score for s in stats],
    }
scorer = RougeScorer(["rouge1", "rouge2", "rougeL", "rougeLsum"], use_stemmer=True)
split = lambda text: text.replace(". ", ".\n")
for reference, hypothesis in zip(references, one):
    score = scorer.score(split(reference), split(hypothesis))
    expected["rouge"].append([list(score[k]) for k in ("rouge1", "rouge2", "rougeL", "rougeLsum")])
(HERE / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")
