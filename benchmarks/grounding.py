"""Support of statements by their evidence: how well the score and the gate agree with people, and the fit of the score.

Sets of document, claim, supported (``grounding/``), each claim held against its whole document. A set's figures come from
weights that the other sets gave (leave one set out), so they tell of texts and systems that the fit never saw.
``across``: the threshold too comes from the other sets. ``within``: only the threshold comes from the set itself, from other documents
(five folds). Beside it the overlap of word pairs alone, with its threshold found in the same way.

Every weight starts at the same size with the sign that sense gives it, and data may move it (ridge towards that point):
leave-one-set-out favours this over a free fit, since each set errs in its own way. ``--fit`` prints weights of all sets together and
thresholds; ``--write`` stores them with the program.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]  # ships no types

from benchmarks import common, paraphrasing, planted_errors
from groundwire.briefs.grounding import support
from groundwire.briefs.grounding.align import Pair
from groundwire.briefs.grounding.check import MAX_EVIDENCE, contradictions
from groundwire.briefs.grounding.reading import Reading, read
from groundwire.evidence import sentences
from groundwire.text import clean_text

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Weights = tuple[Floats, float]
"""Weights of ``FEATURES`` and the intercept."""

AT = datetime(2026, 6, 1, tzinfo=UTC)
MODEL = Path(support.__file__).parent / "data" / "support.json"
KNOWN = {
    "falke": "word pairs 0.700, people 0.84 (pairs ranked right)",
    "qags_cnndm": "word pairs 0.818 (AUROC)",
    "qags_xsum": "word pairs 0.628 (AUROC)",
    "faithbench": "best detector 0.562 (balanced accuracy)",
}
"""Published or measured before, with the measure."""
START = 0.3
"""Each weight before the fit, a standard deviation of its feature within a set."""
RIDGE = 1000.0
"""How firmly it is held there; chosen by leave-one-set-out among 100, 300, 1000."""
SET_WEIGHT = 300.0
"""Claims that every set counts for, whatever its size."""
PASSED = 0.93
"""Share of faithful paraphrases that the gate lets pass: the threshold for publication is the strictest that does. As many
pass a rule that withholds every word unknown to the evidence, which lets more pass that is wrong."""
EACH = 40
"""Paraphrases of a kind and language that it is taken from."""
FOLDS = 5
CORES = 2


@dataclass(slots=True)
class Claims:
    """A labelled set as the score sees it."""

    name: str
    documents: list[str]
    supported: Mask
    values: list[Floats] = field(default_factory=list)
    """Features of each claim's sentences, shape (sentences, features)."""
    sizes: list[Floats] = field(default_factory=list)
    """Words of each of these sentences."""
    contradicted: list[bool] = field(default_factory=list)
    unknown_words: list[bool] = field(default_factory=list)
    word_pairs: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def means(self) -> Floats:
        """Features of whole claims, shape (claims, features): the mean over their words."""
        return np.array([n @ v / n.sum() for v, n in zip(self.values, self.sizes, strict=True)])

    def scores(self, weights: Weights) -> Floats:
        """Log odds of each claim: the mean over its words."""
        scores: Floats = self.means @ weights[0] + weights[1]
        return scores

    def weakest(self, weights: Weights) -> Floats:
        """Log odds of each claim's weakest sentence, which decides on publication."""
        return np.array([float((v @ weights[0] + weights[1]).min()) for v in self.values])


def read_sets(path: Path) -> list[Claims]:
    """Every set in a folder, or the one in a file, with the features of its claims; two sets are read at once."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    with ProcessPoolExecutor(CORES) as processes:
        return list(processes.map(prepare, [f.stem for f in files], [list(common.read_jsonl(f)) for f in files]))


def prepare(name: str, rows: Sequence[Mapping[str, Any]]) -> Claims:
    """Features of each claim against its document."""
    made = Claims(name, [r["document"] for r in rows], np.array([bool(r["supported"]) for r in rows]))
    start = time.process_time()
    for row in rows:
        evidence = _readings(row["document"])[:MAX_EVIDENCE]
        own, sizes, against = [], [], 0
        for sentence in _readings(row["claim"]):
            pairs = [Pair(sentence, other) for other in evidence]
            findings, vouched = contradictions(sentence, pairs, [None] * len(pairs))
            own.append(support.features(pairs, vouched, findings))
            sizes.append(float(len(sentence.tokens)))
            against += len(findings)
        made.values.append(np.array(own or [(0.0,) * len(support.FEATURES)]))
        made.sizes.append(np.array(sizes or [1.0]))
        made.contradicted.append(against > 0)
        made.unknown_words.append(any(v[support.FEATURES.index("missing")] > 0 for v in own))
        made.word_pairs.append(word_pairs(row["claim"], row["document"]))
    made.seconds = time.process_time() - start
    return made


def _readings(text: str) -> list[Reading]:
    language = "en"
    found = [read(s.text, language, AT) for s in sentences.split(clean_text(text), language)]
    return [r for r in found if r.tokens]


def word_pairs(claim: str, document: str) -> float:
    """The baseline: share of the claim's pairs of neighbouring words that the document has. 0 to 1"""
    own, known = (re.findall(r"\w+", t.lower()) for t in (claim, document))
    pairs, there = list(zip(own, own[1:], strict=False)), set(zip(known, known[1:], strict=False))
    return sum(p in there for p in pairs) / max(1, len(pairs))


# --- measures --------------------------------------------------------------------------------------------------------


def auroc(scores: Floats, truth: Mask) -> float:
    """Probability that a supported claim scores above an unsupported one; ties count half."""
    gaps: Floats = scores[truth][:, None] - scores[~truth][None]
    return float((gaps > 0).mean() + 0.5 * (gaps == 0).mean())


def balanced_accuracy(passed: Mask, truth: Mask) -> float:
    """Mean of the shares of supported claims that pass and of unsupported ones that don't."""
    return float(0.5 * (passed[truth].mean() + (~passed[~truth]).mean()))


def best_threshold(scores: Floats, truth: Mask) -> float:
    """The middle of the thresholds whose balanced accuracy is within a hundredth of the best."""
    levels = np.unique(scores)
    cuts = np.concatenate([levels[:1] - 1.0, (levels[1:] + levels[:-1]) / 2])
    accuracy = np.array([balanced_accuracy(scores >= c, truth) for c in cuts])
    return float(np.median(cuts[accuracy >= accuracy.max() - 0.01]))


def ranked_right(scores: Floats, claims: Claims) -> float | str:
    """Share of sentence pairs on one document in which the supported one scores higher; "-" where a set has no such pairs."""
    rows = range(0, len(claims.documents) - 1, 2)
    paired = len(claims.documents) % 2 == 0 and all(
        claims.documents[i] == claims.documents[i + 1] and claims.supported[i] != claims.supported[i + 1] for i in rows
    )
    if not paired:
        return "-"
    gaps = np.array([(scores[i] - scores[i + 1]) * (1 if claims.supported[i] else -1) for i in rows])
    return float((gaps > 0).mean() + 0.5 * (gaps == 0).mean())


def within(scores: Floats, claims: Claims) -> float:
    """Balanced accuracy with thresholds from the set's other documents, in five folds of documents."""
    numbers = {d: i for i, d in enumerate(dict.fromkeys(claims.documents))}
    folds = np.array([numbers[d] % FOLDS for d in claims.documents])
    passed = np.zeros(len(scores), dtype=bool)
    for fold in range(FOLDS):
        held, rest = folds == fold, folds != fold
        passed[held] = scores[held] >= best_threshold(scores[rest], claims.supported[rest])
    return balanced_accuracy(passed, claims.supported)


# --- fit -------------------------------------------------------------------------------------------------------------


def fit(sets: Sequence[Claims], signs: Sequence[int] = support.SIGNS, ridge: float = RIDGE) -> Weights:
    """Logistic regression with an intercept for each set, so that only differences within a set teach.

    Supported and unsupported claims of every set weigh the same. The intercept returned is the mean of the sets'.
    """
    parts, shares = [c.means for c in sets], [_shares(c.supported) for c in sets]
    centres = [np.average(x, axis=0, weights=w) for x, w in zip(parts, shares, strict=True)]
    centred, share = np.vstack([x - c for x, c in zip(parts, centres, strict=True)]), np.concatenate(shares)
    spread = np.sqrt(np.average(centred**2, axis=0, weights=share)) + 1e-9
    n, k = len(signs), len(sets)
    member = np.repeat(np.eye(k), [len(x) for x in parts], axis=0)
    design, side = np.hstack([centred / spread, member]), np.where(np.concatenate([c.supported for c in sets]), 1, -1)
    start, held = np.r_[START * np.array(signs), np.zeros(k)], np.r_[np.ones(n), np.zeros(k)]

    def loss(b: Floats) -> tuple[float, Floats]:
        margin, off = side * (design @ b), (b - start) * held
        slope = -side / (1.0 + np.exp(margin)) * share
        total = float((share * np.logaddexp(0, -margin)).sum() + 0.5 * ridge * (off**2).sum())
        return total, design.T @ slope + ridge * off

    bounds = [(0, None) if s > 0 else (None, 0) for s in signs] + [(None, None)] * k
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = found[:n] / spread
    return weights, float(np.mean([found[n + i] - weights @ centres[i] for i in range(k)]))


def _shares(truth: Mask) -> Floats:
    shares: Floats = np.where(truth, 0.5 / truth.mean(), 0.5 / (1 - truth.mean())) * SET_WEIGHT / len(truth)
    return shares


Paraphrases = list[tuple[Floats, bool, float]]
"""Features, whether anything was found against it, weight: every kind and language weighs the same."""


def read_paraphrases(data: Path) -> tuple[Paraphrases, float]:
    """True sentences of the recorded data (and the sample wire) said otherwise by code, against the sentence and its neighbours.

    Also the processor time that checking and scoring took. [s]
    """
    seconds = 0.0
    groups: dict[tuple[str, str], list[tuple[Floats, bool]]] = defaultdict(list)
    for language in ("en", "zh"):
        rng = random.Random(1)
        for s in planted_errors.true_sentences(data, language):
            for kind, paraphrase in paraphrasing.KINDS:
                if len(groups[kind, language]) >= EACH:
                    continue
                said = paraphrase(s.text, language, rng)
                if said is None or (said == s.text and kind != "same"):
                    continue
                start = time.process_time()
                evidence = [read(t, language, AT) for t in (s.text, *s.neighbours)]
                pairs = [Pair(read(said, language, AT), other) for other in evidence]
                findings, vouched = contradictions(pairs[0].statement, pairs, [None] * len(pairs))
                groups[kind, language].append((np.array(support.features(pairs, vouched, findings)), bool(findings)))
                seconds += time.process_time() - start
    return [(v, found, 1.0 / len(group)) for group in groups.values() for v, found in group], seconds


def operating_point(paraphrases: Paraphrases, weights: Weights) -> float:
    """The highest log odds from which on ``PASSED`` of the paraphrases pass."""
    scored = sorted(
        ((-np.inf if found else float(v @ weights[0] + weights[1]), share) for v, found, share in paraphrases),
        reverse=True,
    )
    total, passed = sum(share for _, share in scored), 0.0
    for score, share in scored:
        passed += share
        if passed >= PASSED * total:
            return score
    return -np.inf


def precision(passed: Sequence[Mask], sets: Sequence[Claims]) -> float:
    """Of what passes, the share supported, at even odds in every set and every set alike."""
    right = float(np.mean([p[c.supported].mean() for p, c in zip(passed, sets, strict=True)]))
    wrong = float(np.mean([p[~c.supported].mean() for p, c in zip(passed, sets, strict=True)]))
    return right / max(1e-9, right + wrong)


# --- tables ----------------------------------------------------------------------------------------------------------


def agreement(sets: Sequence[Claims], left_out: Sequence[Weights], shipped: Weights) -> Iterator[Mapping[str, Any]]:
    """A row for each set: the score beside the overlap of word pairs, and what the shipped fit of all sets makes of its own claims."""
    for i, (c, w) in enumerate(zip(sets, left_out, strict=True)):
        scores, plain, own = c.scores(w), np.array(c.word_pairs), c.scores(shipped)
        others = [o for k, o in enumerate(sets) if k != i]
        cut = float(np.mean([best_threshold(o.scores(w), o.supported) for o in others])) if others else 0.0
        yield {
            "set": c.name, "claims": len(scores), "auroc": auroc(scores, c.supported), "word pairs": auroc(plain, c.supported),
            "pairs ranked": ranked_right(scores, c), "word pairs ": ranked_right(plain, c),
            "bal. acc. within": within(scores, c), "word pairs  ": within(plain, c), "across": balanced_accuracy(scores >= cut, c.supported),
            "in-sample auroc": auroc(own, c.supported), "in-sample bal. acc.": balanced_accuracy(own >= best_threshold(own, c.supported), c.supported),
            "known": KNOWN.get(c.name, "-"),
        }  # fmt: skip


def gates(sets: Sequence[Claims], left_out: Sequence[Weights], cuts: Sequence[float]) -> Iterator[Mapping[str, Any]]:
    """What passes each rule: of supported claims, of unsupported ones, and the share supported at even odds."""
    for c, w, cut in zip(sets, left_out, cuts, strict=True):
        clean = ~np.array(c.contradicted)
        rules = {"no contradiction": clean, "and no unknown word": clean & ~np.array(c.unknown_words)}
        rules["and support"] = clean & (c.weakest(w) >= cut)
        for rule, passed in rules.items():
            yield {
                "set": c.name, "rule": rule, "supported": float(passed[c.supported].mean()),
                "unsupported": float(passed[~c.supported].mean()), "precision": precision([passed], [c]), "n": int(passed.sum()),
            }  # fmt: skip


def main() -> None:
    """Print the agreement with people; fit and store the score where asked."""
    options = common.parser(__doc__, "grounding")
    options.add_argument("--fit", action="store_true", help="fit weights to all sets and print them")
    options.add_argument("--write", action="store_true", help="with --fit: store them")
    args = options.parse_args()
    sets = read_sets(common.need(args.data))
    said, checking = read_paraphrases(args.data.parent)
    model = support.load_model()
    shipped = np.array(model.weights), model.intercept
    left_out = [fit([o for o in sets if o is not c]) for c in sets] if len(sets) > 1 else [shipped]
    cuts = [operating_point(said, w) for w in left_out]
    seconds, claims = sum(c.seconds for c in sets), sum(len(c.values) for c in sets)
    parts = sum(len(v) for c in sets for v in c.values)
    common.report(
        "Support against people's labels" + (" (weights from the other sets)" if len(sets) > 1 else " (shipped weights)"),
        list(agreement(sets, left_out, shipped)), as_json=args.json,
        note=f"{claims} claims ({parts} sentences) against whole documents: {CORES * parts / seconds:.0f} sentences a second of {CORES} cores"
        f" (processor time, {CORES} processes at once)",
    )  # fmt: skip
    note = (
        f"{PASSED:.0%} of {len(said)} faithful paraphrases pass (aim of the threshold); against the sentence and its neighbours"
        f" {len(said) / checking:.0f} statements a second of one core"
    )
    common.report("What passes the gate", list(gates(sets, left_out, cuts)), as_json=args.json, note=note)
    if args.fit:
        weights, intercept = fit(sets)
        fitted = {
            "weights": {name: round(float(w), 4) for name, w in zip(support.FEATURES, weights, strict=True)},
            "intercept": round(intercept, 4),
            "threshold": round(float(1 / (1 + np.exp(-operating_point(said, (weights, intercept))))), 4),
        }
        print(json.dumps(fitted, indent=1))
        if args.write:
            stored = json.loads(MODEL.read_text("utf-8")) if MODEL.exists() else {}
            stored["same_language"] = fitted | {"fitted_to": {c.name: len(c.values) for c in sets}}
            MODEL.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
