"""Support across Chinese and English: statements held against what the other language's press said of the same thing, and of another.

True: a Chinese item's title, or an English item's first sentence, against the item of the other language that links the same
page (``events/zh_en_pairs.jsonl``; weak labels: a pair may share only a product). False: the same statement against the item
of the other language that is nearest in meaning among those at least a week away from its own. Figures come from
five folds of pairs: weights and threshold from four, tried on the fifth. ``--write`` stores the fit of all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import common
from benchmarks.event_sets import PairSet, read_pairs
from benchmarks.grounding import FOLDS, MODEL, Claims, auroc, balanced_accuracy, best_threshold, fit, precision
from groundwire.briefs.grounding import translation
from groundwire.briefs.grounding.align import Pair
from groundwire.briefs.grounding.check import contradictions
from groundwire.briefs.grounding.reading import read
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.events.records import Document
from groundwire.evidence import sentences
from groundwire.text import clean_text

Floats = npt.NDArray[np.float64]

APART = timedelta(days=7)
PRECISION = 0.9
"""Aim at the threshold: of what passes, at even odds, so much belongs to the pair."""
MOST_EVIDENCE = 12
_UNKNOWN = datetime(2026, 6, 1, tzinfo=UTC)


def examples(pairs: PairSet, encoder: UniversalSentenceEncoder) -> Claims:
    """True and false statements, one of either for each pair and direction; ``documents`` are the pairs' numbers."""
    found = Claims("zh_en_pairs", [], np.zeros(0, dtype=bool))
    truth: list[bool] = []
    sides = ((pairs.chinese, pairs.english, False), (pairs.english, pairs.chinese, True))
    for own, others, turned in sides:
        vectors = encoder.encode([_words(d) for d in others])
        linked = {(b, a) if turned else (a, b) for a, b in pairs.pairs}
        for number, (zh, en) in enumerate(pairs.pairs):
            mine, right = (en, zh) if turned else (zh, en)
            said = statement(own[mine])
            if not said:
                continue
            wrong = _nearest(said, mine, right, others, vectors, linked, encoder)
            for other, true in ((right, True), (wrong, False)):
                values, against = _features(said, own[mine], others[other], encoder)
                found.values.append(values[None])
                found.sizes.append(np.ones(1))
                found.contradicted.append(against)
                found.documents.append(str(number))
                truth.append(true)
    found.supported = np.array(truth)
    return found


def statement(item: Document) -> str:
    """What an item says in one sentence: its title in Chinese, its first sentence in English."""
    if item.language == "zh":
        return clean_text(item.title)
    parts = sentences.split(clean_text(item.text or item.title), "en")
    return parts[0].text if parts else ""


def _words(item: Document) -> str:
    return f"{item.title} {item.text}"[:600]


def _nearest(
    said: str, mine: int, right: int, others: Sequence[Document], vectors: npt.NDArray[np.float32],
    linked: set[tuple[int, int]], encoder: UniversalSentenceEncoder,
) -> int:  # fmt: skip
    order = np.argsort(-(vectors @ encoder.encode([said])[0]), kind="stable")
    day = others[right].published_at or _UNKNOWN
    return next(
        int(k)
        for k in order
        if (mine, int(k)) not in linked and abs((others[k].published_at or _UNKNOWN) - day) >= APART
    )


def _features(said: str, own: Document, other: Document, encoder: UniversalSentenceEncoder) -> tuple[Floats, bool]:
    texts = [s.text for s in sentences.split(clean_text(f"{other.title}\n{other.text}"), other.language)][
        :MOST_EVIDENCE
    ]
    reading = read(said, own.language, own.published_at or _UNKNOWN)
    pairs = [Pair(reading, read(t, other.language, other.published_at or _UNKNOWN)) for t in texts]
    findings, vouched = contradictions(reading, pairs, [None] * len(pairs))
    vectors = encoder.encode([said, *texts, " ".join(texts)])
    values = translation.features(pairs, vouched, findings, float((vectors[1:] @ vectors[0]).max()))
    return np.array(values), bool(findings)


def threshold(claims: Claims, scores: Floats) -> float:
    """The lowest log odds from which on ``PRECISION`` of what passes without a contradiction is true."""
    clean = ~np.array(claims.contradicted)
    for cut in np.unique(scores):
        if precision([clean & (scores >= cut)], [claims]) >= PRECISION:
            return float(cut)
    return float("inf")


def _part(claims: Claims, rows: npt.NDArray[np.int64]) -> Claims:
    return Claims(
        claims.name, [claims.documents[i] for i in rows], claims.supported[rows], [claims.values[i] for i in rows],
        [claims.sizes[i] for i in rows], [claims.contradicted[i] for i in rows],
    )  # fmt: skip


def measured(claims: Claims) -> Iterator[Mapping[str, Any]]:
    """A row for the whole, from folds."""
    fold = np.array([int(d) % FOLDS for d in claims.documents])
    scores, passed, right = np.zeros(len(fold)), np.zeros(len(fold), dtype=bool), np.zeros(len(fold), dtype=bool)
    clean = ~np.array(claims.contradicted)
    for k in range(FOLDS):
        held, rest = np.flatnonzero(fold == k), np.flatnonzero(fold != k)
        taught = _part(claims, rest)
        weights = fit([taught], translation.SIGNS)
        scores[held] = _part(claims, held).scores(weights)
        passed[held] = clean[held] & (scores[held] >= threshold(taught, taught.scores(weights)))
        right[held] = scores[held] >= best_threshold(taught.scores(weights), taught.supported)
    meaning = np.array([v[0, 0] for v in claims.values])
    truth = claims.supported
    yield {
        "statements": len(truth), "auroc": auroc(scores, truth), "embedding alone": auroc(meaning, truth),
        "bal. acc.": balanced_accuracy(right, truth), "pass, true": float(passed[truth].mean()),
        "pass, false": float(passed[~truth].mean()), "precision": precision([passed], [claims]),
    }  # fmt: skip


def main() -> None:
    """Print how well support tells the right item from the nearest wrong one."""
    options = common.parser(__doc__, "events")
    options.add_argument("--write", action="store_true", help="store the fit")
    args = options.parse_args()
    pairs = read_pairs(common.need(args.data))
    if pairs is None:
        raise SystemExit(f"no bilingual pairs in {args.data}")
    claims = examples(pairs, UniversalSentenceEncoder())
    common.report("Support across languages", list(measured(claims)), as_json=args.json)
    weights, intercept = fit([claims], translation.SIGNS)
    cut = threshold(claims, claims.scores((weights, intercept)))
    fitted = {
        "weights": {name: round(float(w), 4) for name, w in zip(translation.FEATURES, weights, strict=True)},
        "intercept": round(intercept, 4),
        "threshold": round(float(1 / (1 + np.exp(-cut))), 4),
        "fitted_to": {claims.name: len(claims.values)},
    }
    print(json.dumps(fitted, indent=1))
    if args.write:
        stored = json.loads(MODEL.read_text("utf-8"))
        MODEL.write_text(json.dumps(stored | {"cross_language": fitted}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
