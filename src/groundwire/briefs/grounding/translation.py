"""Support across English and Chinese: no words in common, but figures, dates, names, meanings, and the nearness of both as wholes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from groundwire.briefs.grounding.align import Pair
from groundwire.briefs.grounding.support import Vouched
from groundwire.briefs.grounding.verdict import Finding

FEATURES = ("meaning", "known", "points", "against")
"""In order.

meaning
    Cosine of the embeddings of the statement and of the cited sentence (or of all together) that is nearest. -1 to 1
known
    Share of its content words that the evidence has, by letters or by the table of meanings.
points
    Figures, dates and names that the evidence has, 4 at most.
against
    Whether anything was found against it.
"""
SIGNS = (1, 1, 1, -1)
"""Which way each may speak."""
MOST_POINTS = 4


def features(
    pairs: Sequence[Pair], vouched: Vouched, findings: Collection[Finding], meaning: float
) -> tuple[float, ...]:
    """``FEATURES`` of one sentence of a statement against evidence of the other language."""
    statement = pairs[0].statement
    tokens = statement.tokens
    spans = {(start, end) for start, end, *_ in vouched}
    known = sum(
        any(i in p.links for p in pairs) or any(a < tokens[i].end and tokens[i].start < b for a, b in spans)
        for i in statement.content
    )
    return (
        meaning, known / max(1, len(statement.content)), float(min(MOST_POINTS, len(spans))), float(bool(findings)),
    )  # fmt: skip
