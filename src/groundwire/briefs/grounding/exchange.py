"""Two words that have changed places: each stands in the statement between the words that stand around the other in the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from groundwire.briefs.grounding.align import Pair
from groundwire.briefs.grounding.reading import Reading, Token
from groundwire.briefs.grounding.verdict import Finding

_SIDES = 3
"""Of the four neighbours that two words have, those that must have stayed while the words changed places."""
_EDGE = ""
_MARK = r"\s*(?:, ?(?:and|or)\b|\band\b|\bor\b|\bto\b|[,，、/–-]|以?及|和|与|或|至|到)\s*"
_LISTED = re.compile(rf"{_MARK}(?:[^,，、;；。]{{1,30}}{_MARK}){{0,6}}|\s*")
"""What stands between members of a list, whose order says nothing."""
_LONGEST_LIST = 120
_RESPECTIVELY = re.compile(r"\brespectively\b|分别|依次")


def compare(pairs: Sequence[Pair]) -> list[Finding]:
    """A finding for the first two words that have changed places, and for numbers in another order where order counts."""
    for pair in pairs:
        for first, second in _exchanged(pair):
            detail = f"“{first.text}” and “{second.text}” have changed places"
            return [Finding(kind="role", detail=detail, start=first.start, end=second.end)]
    return []


def _exchanged(pair: Pair) -> Iterator[tuple[Token, Token]]:
    own, theirs = _once(pair.statement), _once(pair.evidence)
    common = [key for key in own if key in theirs]
    for a, key in enumerate(common):
        for other in common[a + 1 :]:
            i, j, p, q = own[key], own[other], theirs[key], theirs[other]
            if (i < j) == (p < q) or _side_by_side(pair.evidence, p, q):
                continue
            around = _around(pair.statement, i), _around(pair.statement, j)
            there = _around(pair.evidence, p), _around(pair.evidence, q)
            crossed = _agreeing(around[0], there[1]) + _agreeing(around[1], there[0])
            if crossed >= _SIDES and not (_agreeing(around[0], there[0]) or _agreeing(around[1], there[1])):
                yield pair.statement.tokens[min(i, j)], pair.statement.tokens[max(i, j)]
    if _RESPECTIVELY.search(pair.statement.folded) and _RESPECTIVELY.search(pair.evidence.folded):
        numbers = [key for key in common if pair.statement.tokens[own[key]].number]
        for key, other in pairwise(numbers):
            if theirs[key] > theirs[other]:
                yield pair.statement.tokens[own[key]], pair.statement.tokens[own[other]]


def _once(reading: Reading) -> dict[str, int]:
    """Content words that a sentence has once, with their positions in ``tokens``; in order."""
    found: dict[str, int] = {}
    twice = set()
    for i in reading.content:
        key = reading.tokens[i].key
        if key in found:
            twice.add(key)
        found[key] = i
    return {key: i for key, i in found.items() if key not in twice}


def _side_by_side(reading: Reading, i: int, j: int) -> bool:
    """Whether two words are neighbours in a list (A, B and C; A or B)."""
    first, last = sorted((i, j))
    between = reading.folded[reading.tokens[first].end : reading.tokens[last].start]
    return _LISTED.fullmatch(between[:_LONGEST_LIST]) is not None and len(between) <= _LONGEST_LIST


def _around(reading: Reading, i: int) -> tuple[str, str]:
    """The words right before and right behind one; the sentence's end is one too."""
    tokens = reading.tokens
    return (tokens[i - 1].key if i else _EDGE, tokens[i + 1].key if i + 1 < len(tokens) else _EDGE)


def _agreeing(a: tuple[str, str], b: tuple[str, str]) -> int:
    return (a[0] == b[0]) + (a[1] == b[1])
