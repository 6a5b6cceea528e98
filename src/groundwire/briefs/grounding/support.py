"""How likely it is that the cited sentences bear a statement out: a logistic score of how it was put together from them.

Contradictions can't be seen in what the evidence leaves open; this can: a statement whose words were copied together, in
order, from one sentence is nearly always true to it, one pieced together from three with new words between is often not.
Weights and thresholds are data (``data/support.json``), fitted by ``python -m benchmarks.grounding --fit --write``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from groundwire.briefs.grounding import fragments
from groundwire.briefs.grounding.align import Pair
from groundwire.briefs.grounding.reading import Reading
from groundwire.briefs.grounding.verdict import Finding

FEATURES = ("cost", "replaced", "cross", "trigrams", "close_pairs", "known_pairs", "missing", "figures", "denial")
"""In order; all are shares of the statement's words or pairs, but for the last three.

cost
    What reading the statement off the evidence costs a word (``fragments``).
replaced
    Words between two that stand as far apart in the evidence, put in the place of others.
cross
    Steps from one evidence sentence to another.
trigrams
    Three words in a row whose counterparts are in a row (``fragments``).
close_pairs
    How near the evidence has, in one sentence, what are neighbouring content words of the statement. 0 to 1
known_pairs
    Those that share a sentence at all.
missing
    Content words that the evidence has no word for, 4 at most.
figures, denial
    Whether a figure or date, or a negation, was found against the statement.
"""
SIGNS = (-1, -1, -1, 1, 1, 1, -1, -1, -1)
"""Which way each may speak."""
MOST_MISSING = 4
_THREE = 3
_NEAR, _FADES = 3, 4.0
"""Words apart that still count as near, and how slowly nearness fades beyond."""
_TURNED, _OTHER_CLAUSE = 0.8, 0.7
"""What two words in the other order, or in two clauses, count."""


Vouched = Sequence[tuple[int, int, int, int, int]]
"""Spans of the statement that a check found in the evidence: start, end, evidence sentence, start and end there."""


def features(pairs: Sequence[Pair], vouched: Vouched, findings: Collection[Finding]) -> tuple[float, ...]:
    """``FEATURES`` of one sentence of a statement against its evidence.

    Args:
        pairs: The sentence against each evidence sentence.
        vouched: Figures, dates and names that are in the evidence, however they are written there.
        findings: What the checks have against the sentence.
    """
    statement = pairs[0].statement
    known = fragments.words(p.evidence for p in pairs)
    same = given(pairs, known, vouched)
    path = fragments.trace(statement, known, same)
    steps = max(1, len(statement.tokens))
    missing = sum(not (i in same or any(i in p.links for p in pairs)) for i in statement.content)
    close, together = _neighbours(pairs, same, known)
    kinds = {f.kind for f in findings}
    return (
        path.cost / steps, path.replaced() / steps, path.crossings(known) / steps, _trigrams(path, known), close, together,
        float(min(MOST_MISSING, missing)), float(bool(kinds & {"number", "unit", "date"})), float("negation" in kinds),
    )  # fmt: skip


def given(pairs: Sequence[Pair], known: Sequence[fragments.Word], vouched: Vouched) -> dict[int, list[int]]:
    """Word of the statement -> words of the evidence that say the same in another form (1.2 billion, 12亿)."""
    tokens = pairs[0].statement.tokens
    found: dict[int, list[int]] = {}
    for start, end, sentence, there, until in vouched:
        own = [i for i, t in enumerate(tokens) if t.start < end and start < t.end]
        theirs = [
            at for at, w in enumerate(known) if w.sentence == sentence and w.token.start < until and there < w.token.end
        ]
        alike = pairs[sentence].evidence.language == pairs[0].statement.language
        for k, i in enumerate(own):
            if alike and tokens[i].tag == "eng" and all(known[at].token.key != tokens[i].key for at in theirs):
                continue  # a name inside a figure (20 万块 Velant GPU): the figure doesn't vouch for it
            if theirs:
                found.setdefault(i, []).append(theirs[min(k, len(theirs) - 1)])
    return found


def _trigrams(path: fragments.Path, known: Sequence[fragments.Word]) -> float:
    """Share of the statement's words in threes whose counterparts are three words in a row."""
    places = path.places
    if len(places) < _THREE:
        return 1.0
    rows = [
        a >= 0 and b - a in (0, 1) and c - b in (0, 1) and known[a].sentence == known[c].sentence
        for a, b, c in zip(places, places[1:], places[2:], strict=False)
    ]
    return sum(rows) / len(rows)


def _neighbours(
    pairs: Sequence[Pair], same: Mapping[int, Sequence[int]], known: Sequence[fragments.Word]
) -> tuple[float, float]:
    """Mean nearness of neighbouring content words in the evidence, and the share of them that share a sentence."""
    statement = pairs[0].statement
    spots = {
        i: [[j for j, _ in pair.links.get(i, ())] + [known[at].index for at in same.get(i, ()) if known[at].sentence == k]
            for k, pair in enumerate(pairs)]
        for i in statement.content
    }  # fmt: skip
    nearness = [
        max((_nearness(pair.evidence, spots[i][k], spots[j][k]) for k, pair in enumerate(pairs)), default=0.0)
        for i, j in pairwise(statement.content)
    ]
    if not nearness:
        alone = float(any(any(found) for found in spots.values()))
        return alone, alone
    return sum(nearness) / len(nearness), sum(n > 0 for n in nearness) / len(nearness)


def _nearness(evidence: Reading, first: Sequence[int], second: Sequence[int]) -> float:
    best = 0.0
    for a in first:
        for b in second:
            near = 1.0 / (1.0 + max(0, abs(b - a) - _NEAR) / _FADES)
            near *= 1.0 if b >= a else _TURNED
            near *= 1.0 if evidence.tokens[a].clause == evidence.tokens[b].clause else _OTHER_CLAUSE
            best = max(best, near)
    return best


# --- the fitted score ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportModel:
    """Weights of a logistic score, and from where on a statement may be published."""

    weights: tuple[float, ...]
    intercept: float
    threshold: float
    """Least probability for publication."""
    clause: float = -1.0
    """Across languages: how near each clause must come to something in the evidence. Cosine"""
    verb: float = -1.0
    """Across languages: how near each verb that the table of meanings doesn't find there must come to a word. Cosine"""

    def probability(self, values: Sequence[float]) -> float:
        """Of being supported, at even odds beforehand. 0 to 1"""
        score = self.intercept + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, score))))


@cache
def load_model(name: str = "same_language") -> SupportModel:
    """The shipped model for evidence of the statement's language, or ``cross_language``."""
    path = resources.files("groundwire.briefs.grounding").joinpath("data", "support.json")
    return parse_model(json.loads(path.read_text("utf-8"))[name])


def parse_model(raw: Mapping[str, object]) -> SupportModel:
    """A model as it is stored: weights by feature, intercept, threshold; across languages also what each clause and verb needs."""
    weights, intercept, threshold = raw["weights"], raw["intercept"], raw["threshold"]
    assert isinstance(weights, dict)  # noqa: S101  our own file
    return SupportModel(
        weights=tuple(float(w) for w in weights.values()), intercept=float(str(intercept)), threshold=float(str(threshold)),
        clause=float(str(raw.get("clause", -1.0))), verb=float(str(raw.get("verb", -1.0))),
    )  # fmt: skip
