"""Three to six key points beyond the summary, from as many sources as there are, none repeating another."""

from __future__ import annotations

from collections import Counter

from groundwire.briefs import cite, deep_dive, quality
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Statement

MOST, LEAST, FEWEST = 6, 3, 2
"""Points shown, points sought before another language may add some, points without which there is no list."""
LIMIT = 280
MARGIN = 0.7
"""Weight of relevance against novelty in the maximal-marginal-relevance choice (Carbonell and Goldstein 1998)."""
SHORTEST = 48
"""Weight below which a sentence is a quip, not a point."""
FLOOR = 0.22
"""Salience below which a sentence is beside the point."""
ABSENT = "the sources have too few points beyond the summary"


def choose(pool: Pool, ledger: Ledger) -> tuple[Statement, ...]:
    """The points that stand alone in the reader's language; technical ones are left to the deep dive."""
    fit = [c for c in _fit(pool) if c.looseness < 1.0 and c.role("technical") < deep_dive.FLOOR]
    return _add(pool, ledger, (), [c for c in fit if c.article.language == pool.language], MOST)


def fill(pool: Pool, ledger: Ledger, points: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """More points where there are too few: what the deep dive left, what leans on another sentence, other languages."""
    fit = _fit(pool)
    for native, alone in ((True, True), (True, False), (False, True)):
        left = [c for c in fit if (c.article.language == pool.language, c.looseness < 1.0) == (native, alone)]
        points = _add(pool, ledger, points, left, LEAST)
    return points if len(points) >= FEWEST else ()


def _fit(pool: Pool) -> list[Candidate]:
    return [c for c in pool.candidates if not c.is_title and pool.central(c, FLOOR) and _tells(c)]


def _add(
    pool: Pool, ledger: Ledger, points: tuple[Statement, ...], left: list[Candidate], most: int
) -> tuple[Statement, ...]:
    """Maximal marginal relevance, preferring origins that have not spoken yet."""
    spoken = Counter(told.origin for told in ledger.told)
    chosen = list(points)
    while left and len(chosen) < most:
        candidate = min(left, key=lambda c: (-_marginal(pool, ledger, c, spoken), c.index))
        left.remove(candidate)
        if ledger.repeats(candidate):
            continue
        statement = cite.state("takeaways", candidate, pool, limit=LIMIT)
        if statement is not None:
            ledger.tell(candidate)
            spoken[candidate.origin] += 1
            chosen.append(statement)
    return tuple(chosen)


def _tells(c: Candidate) -> bool:
    """A key point says something checkable: a fact, a consequence, a figure, a named speaker's view."""
    if (c.looseness >= 1.0 and not c.numbers and not c.keys) or quality.weight(c.text) < SHORTEST:
        return False
    return (
        max(c.role("fact"), c.role("consequence"), c.role("technical"), c.role("forecast"), c.role("recommendation"))
        >= 0.35
    )


def _marginal(pool: Pool, ledger: Ledger, c: Candidate, spoken: Counter[int]) -> float:
    nearest = max((pool.similarity(c, t) for t in ledger.told), default=0.0)
    best_role = max(c.role("fact"), c.role("consequence"), c.role("forecast"))
    relevance = pool.of(c) + 0.25 * best_role - 0.08 * min(spoken[c.origin], 4) * (pool.origins > 1)
    return round(MARGIN * relevance - (1 - MARGIN) * nearest, 6)
