"""Which words of the evidence a statement's words stand for, and what stands beside what."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from groundwire.briefs.grounding.reading import Reading, Token

SAME, MEANS, ALIKE = 1.0, 0.9, 0.7
"""How well two words match: one word, one meaning, one beginning (acquire, acquisition) or a shared part (发布, 发布会)."""
WINDOW = 8
"""Content words to either side that count as beside something."""
DECAY = 2.0
"""How fast the weight of a word falls with its distance."""
_BORDER_STEPS = 2
"""A clause border is as far as this many words."""


@lru_cache(maxsize=262144)
def word_match(a: str, b: str) -> float:
    """How alike two words are by their letters alone."""
    if a == b:
        return SAME
    if a.isascii() and b.isascii():
        shorter, longer = sorted((a, b), key=len)
        n = len(shorter)
        if n >= 5 and a[0].isalpha() and longer.startswith(shorter[: max(5, n - 2)]):
            return ALIKE
        return 0.0
    if min(len(a), len(b)) >= 2 and any(a[i : i + 2] in b for i in range(len(a) - 1)):
        return ALIKE
    return 0.0


def match(a: Token, b: Token) -> float:
    """How well a statement's word is matched by a word of the evidence. 0 to 1"""
    if a.number or b.number:
        return SAME if a.key == b.key else 0.0
    if a.key == b.key:
        return SAME
    if a.concepts & b.concepts:
        return MEANS
    return word_match(a.key, b.key)


@dataclass(slots=True)
class Pair:
    """A statement's reading against one evidence sentence's reading."""

    statement: Reading
    evidence: Reading
    links: dict[int, tuple[tuple[int, float], ...]] = field(init=False)
    """Content word of the statement -> content words of the evidence and how well they match; positions in ``tokens``."""

    def __post_init__(self) -> None:
        by_key: dict[str, list[int]] = {}
        by_concept: dict[str, list[int]] = {}
        by_start: dict[str, list[int]] = {}
        tokens = self.evidence.tokens
        for j in self.evidence.content:
            token = tokens[j]
            by_key.setdefault(token.key, []).append(j)
            for concept in token.concepts:
                by_concept.setdefault(concept, []).append(j)
            for part in _parts(token.key):
                by_start.setdefault(part, []).append(j)
        self.links = {}
        for i in self.statement.content:
            token = self.statement.tokens[i]
            near = set(by_key.get(token.key, ()))
            if not token.number:
                for concept in token.concepts:
                    near.update(by_concept.get(concept, ()))
                for part in _parts(token.key):
                    near.update(by_start.get(part, ()))
            found = tuple((j, strength) for j in sorted(near) if (strength := match(token, tokens[j])) > 0)
            if found:
                self.links[i] = found

    def coverage(self, positions: Iterable[int] | None = None) -> float:
        """Share of the statement's content words that the evidence sentence has. 0 to 1"""
        wanted = list(self.statement.content if positions is None else positions)
        if not wanted:
            return 0.0
        return sum(max((s for _, s in self.links.get(i, ())), default=0.0) for i in wanted) / len(wanted)


def _parts(key: str) -> Iterator[str]:
    """What two words alike have in common: the first five letters; any two neighbouring Han characters."""
    if key.isascii():
        if len(key) >= 5 and key[0].isalpha():
            yield key[:5]
    else:
        yield from {key[i : i + 2] for i in range(len(key) - 1)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a reading: between which of its content words, in which clause."""

    before: int
    """Index into ``content`` of the last content word before it (-1: none)."""
    after: int
    """Index into ``content`` of the first content word behind it."""
    clause: int
    aside: bool


def place(reading: Reading, start: int, end: int) -> Place:
    """Where the span ``start:end`` of the text stands."""
    starts = [reading.tokens[i].start for i in reading.content]
    after = bisect_left(starts, end)
    before = bisect_left(starts, start) - 1
    clause, aside = 0, False
    for token in reading.tokens:
        if token.start >= end:
            break
        clause, aside = token.clause, token.aside
        if token.end > start:
            break
    return Place(before, after, clause, aside)


def beside(reading: Reading, spot: Place) -> list[tuple[int, float]]:
    """The content words around a place, and how near: 1 next to it, falling with distance; positions in ``tokens``.

    What is said by the way doesn't come between (Bach, the head of the committee, declared).
    """
    found = []
    for index, move in ((spot.before, -1), (spot.after, 1)):
        step = 0
        while 0 <= index < len(reading.content) and step < WINDOW:
            i = reading.content[index]
            token = reading.tokens[i]
            borders = 0 if token.clause == spot.clause else _BORDER_STEPS
            found.append((i, (1.0 + step + borders) ** -DECAY))
            step += spot.aside or not token.aside
            index += move
    return found


def affinity(pair: Pair, in_statement: Place, in_evidence: Place) -> float:
    """How much of what stands beside a place in the statement also stands beside a place in the evidence. 0 to 1"""
    near = dict(beside(pair.evidence, in_evidence))
    total = reached = 0.0
    for i, weight in beside(pair.statement, in_statement):
        total += weight
        reached += weight * max((s * near.get(j, 0.0) for j, s in pair.links.get(i, ())), default=0.0)
    return reached / total if total else 0.0


def company(pair: Pair, here: Place, there: Place) -> tuple[bool, bool]:
    """Whether the words right before and right behind a place in the statement are so in the evidence too.

    Numbers are passed over: two of them that changed places are each other's neighbours. The sentence's end is a neighbour.
    """
    sides = []
    for index, other, move in ((here.before, there.before, -1), (here.after, there.after, 1)):
        i, j = _word(pair.statement, index, move), _word(pair.evidence, other, move)
        if i is None or j is None:
            sides.append(i is None and j is None)
        else:
            sides.append(any(k == j and strength >= MEANS for k, strength in pair.links.get(i, ())))
    return sides[0], sides[1]


def _word(reading: Reading, index: int, move: int) -> int | None:
    """The first content word from ``index`` on that is no number; a position in ``tokens``."""
    while 0 <= index < len(reading.content):
        if not reading.tokens[reading.content[index]].number:
            return reading.content[index]
        index += move
    return None


def rendered(pair: Pair, other: Token) -> bool:
    """Whether the statement has a word for this one of the evidence (in "laid off employees", 裁员 is not the opposite of the last).

    Where the evidence has the word more than once, the statement must have as many words for it.
    """
    there = sum(token.key == other.key for token in pair.evidence.tokens)
    here = 0
    for found in pair.links.values():
        best = max(strength for _, strength in found)
        here += best >= MEANS and any(s == best and pair.evidence.tokens[j] is other for j, s in found)
    return here >= there


def ranked(pairs: Sequence[Pair]) -> list[int]:
    """Positions of the evidence sentences, the one that covers most of the statement first."""
    return sorted(range(len(pairs)), key=lambda k: (-pairs[k].coverage(), k))
