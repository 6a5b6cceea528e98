"""The words of the evidence that a statement's word most likely stands for, judged by what stands around both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundwire.briefs.grounding.align import MEANS, Pair, affinity, place
from groundwire.briefs.grounding.reading import Token

_FLOOR = 0.25
"""What a word's own match counts for where nothing around it agrees."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A word of the evidence for a word of the statement."""

    sentence: int
    token: Token
    score: float


def counterparts(pairs: Sequence[Pair], i: int, *, least: float = MEANS, share: float = 0.8) -> list[Counterpart]:
    """Words that match statement word ``i`` at least as well as ``least``, those within ``share`` of the best score.

    Where the evidence has the very word, words of like meaning don't count.
    """
    found = []
    key = pairs[0].statement.tokens[i].key
    for k, pair in enumerate(pairs):
        own = pair.statement.tokens[i]
        here = place(pair.statement, own.start, own.end)
        for j, strength in pair.links.get(i, ()):
            if strength >= least:
                token = pair.evidence.tokens[j]
                around = affinity(pair, here, place(pair.evidence, token.start, token.end))
                found.append(Counterpart(k, token, strength * (_FLOOR + around)))
    exact = [c for c in found if c.token.key == key]
    found = exact or found
    best = max((c.score for c in found), default=0.0)
    return [c for c in found if c.score >= share * best]
