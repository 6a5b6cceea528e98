"""Two facts not made into one: what one clause of the statement says stands in one sentence of the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from groundwire.briefs.grounding.align import MEANS, Pair
from groundwire.briefs.grounding.names import refers
from groundwire.briefs.grounding.verdict import Finding

_LEAST_WORDS = 2
"""Content words that each of the two sentences must add for their union to be a splice."""


def compare(pairs: Sequence[Pair], margin: float) -> list[Finding]:
    """Clauses whose words come from two sentences that have nothing in common, neither of them enough alone.

    Args:
        pairs: The statement against each evidence sentence.
        margin: Share of a clause's content words that the better sentence must lack. 0 to 1
    """
    if len(pairs) < 2:
        return []
    statement = pairs[0].statement
    findings = []
    clauses = sorted({statement.tokens[i].clause for i in statement.content})
    for clause in clauses:
        words = [i for i in statement.content if statement.tokens[i].clause == clause]
        if len(words) < 2 * _LEAST_WORDS:
            continue
        has = [{i for i in words if any(s >= MEANS for _, s in pair.links.get(i, ()))} for pair in pairs]
        best = max(range(len(pairs)), key=lambda k: (len(has[k]), -k))
        lacking = [i for i in words if i not in has[best]]
        if len(lacking) < max(_LEAST_WORDS, margin * len(words)):
            continue
        other = max(range(len(pairs)), key=lambda k: (sum(i in has[k] for i in lacking), -k))
        added = [i for i in lacking if i in has[other]]
        if len(added) < max(_LEAST_WORDS, margin * len(words)) or _linked(pairs[best], pairs[other]):
            continue
        first, last = statement.tokens[words[0]], statement.tokens[words[-1]]
        detail = "one clause is put together from two sentences of the evidence that say different things"
        findings.append(Finding(kind="splice", detail=detail, start=first.start, end=last.end))
    return findings[:1]


def _linked(a: Pair, b: Pair) -> bool:
    """Whether two sentences speak of the same thing: one refers back, or they share two content words or a name."""
    if refers(a.evidence) or refers(b.evidence):
        return True
    if {m.key for m in a.evidence.mentions} & {m.key for m in b.evidence.mentions}:
        return True
    keys = {a.evidence.tokens[i].key for i in a.evidence.content}
    return sum(b.evidence.tokens[i].key in keys for i in b.evidence.content) >= 2
