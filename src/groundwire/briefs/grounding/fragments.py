"""A statement read as fragments of its evidence: what was copied together, where it jumps, what is new.

The cheapest way to read the statement's words off the evidence (a shortest path, as in edit distance with moves): going
on to the next word costs nothing, leaving words out little, going back or to another sentence more, a word that the
evidence doesn't have the most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from groundwire.briefs.grounding.align import match
from groundwire.briefs.grounding.reading import Reading, Token

NEW, NEW_FUNCTION, START = 1.0, 0.45, 0.1
SKIP, BACK, CROSS = 0.3, 0.5, 0.7
INEXACT = 0.3
"""Times (1 - match): what another form or a synonym costs."""
MAX_PATHS = 40
"""Best readings so far that are followed; more change nothing that was measured."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the evidence, numbered through all its sentences."""

    sentence: int
    index: int
    """Position in that sentence's ``tokens``."""
    token: Token


@dataclass(frozen=True, slots=True)
class Path:
    """The statement's words on the evidence's."""

    cost: float
    """Of the whole reading."""
    places: tuple[int, ...]
    """For each word of the statement a position in the evidence's words, -1 if it is new."""

    def replaced(self) -> int:
        """Gaps where words of the statement stand for as many others of the evidence."""
        seen = [(i, at) for i, at in enumerate(self.places) if at >= 0]
        return sum(b - a == j - i > 1 for (i, a), (j, b) in pairwise(seen))

    def crossings(self, known: Sequence[Word]) -> int:
        """Steps from one evidence sentence to another."""
        seen = [known[at].sentence for at in self.places if at >= 0]
        return sum(a != b for a, b in pairwise(seen))


def words(evidence: Iterable[Reading]) -> list[Word]:
    """All words of the evidence in order."""
    return [Word(k, i, token) for k, reading in enumerate(evidence) for i, token in enumerate(reading.tokens)]


def trace(statement: Reading, known: Sequence[Word], given: Mapping[int, Sequence[int]]) -> Path:
    """The cheapest reading of a statement off the evidence's words.

    Args:
        statement: The statement.
        known: The evidence's words.
        given: For words of the statement (by position), words of the evidence that say the same, whatever their letters.
    """
    table = _index(known)
    paths: dict[int, tuple[float, tuple[int, ...]]] = {-1: (0.0, ())}
    for i, token in enumerate(statement.tokens):
        missing = NEW if token.content else NEW_FUNCTION
        reached = {last: (cost + missing, (*way, -1)) for last, (cost, way) in paths.items()}
        for at, inexact in _matches(token, known, table, given.get(i, ())):
            cost, way = min(
                ((c + _step(known, last, at), w) for last, (c, w) in paths.items()), key=lambda found: found[0]
            )
            cost += inexact
            if at not in reached or cost < reached[at][0]:
                reached[at] = (cost, (*way, at))
        paths = dict(sorted(reached.items(), key=lambda item: (item[1][0], item[0]))[:MAX_PATHS])
    cost, way = min(paths.values(), key=lambda found: found[0])
    return Path(cost, way)


def _step(known: Sequence[Word], last: int, at: int) -> float:
    if last < 0:
        return START
    if at in (last, last + 1) and known[at].sentence == known[last].sentence:
        return 0.0
    if known[at].sentence != known[last].sentence:
        return CROSS
    return SKIP if at > last else BACK


def _index(known: Sequence[Word]) -> dict[str, list[int]]:
    """Positions by key, by meaning ("=x") and, for content words, by beginning or part ("~x")."""
    table: dict[str, list[int]] = {}
    for at, word in enumerate(known):
        table.setdefault(word.token.key, []).append(at)
        if word.token.content and not word.token.number:
            for name in _senses(word.token):
                table.setdefault(name, []).append(at)
    return table


def _senses(token: Token) -> Iterable[str]:
    yield from (f"={concept}" for concept in token.concepts)
    if token.key.isascii():
        if len(token.key) >= 5:
            yield f"~{token.key[:5]}"
    else:
        yield from {f"~{token.key[i : i + 2]}" for i in range(len(token.key) - 1)}


def _matches(
    token: Token, known: Sequence[Word], table: dict[str, list[int]], given: Sequence[int]
) -> list[tuple[int, float]]:
    found = dict.fromkeys([*table.get(token.key, ()), *given], 0.0)
    if token.content and not token.number:
        for name in _senses(token):
            for at in table.get(name, ()):
                if at not in found and (strength := match(token, known[at].token)) > 0:
                    found[at] = INEXACT * (1 - strength)
    return sorted(found.items())
