"""Three to six key points beyond the summary, from as many sources as there are, none repeating another."""

from __future__ import annotations

from groundwire.briefs import cite, quality
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Statement

MOST, LEAST = 6, 2
LIMIT = 280
MARGIN = 0.7
"""Weight of relevance against novelty in the maximal-marginal-relevance choice (Carbonell and Goldstein 1998)."""
FOREIGN = 0.25
"""What a point in another language than the reader's must be better by."""
SHORTEST = 48
"""Weight below which a sentence is a quip, not a point."""
FLOOR = 0.22
"""Salience below which a sentence is beside the point."""
ABSENT = "the sources have too few points beyond the summary"


def choose(pool: Pool, ledger: Ledger) -> tuple[Statement, ...]:
    """Maximal marginal relevance over what is left, preferring origins that have not spoken yet."""
    fit = [c for c in pool.candidates if not c.is_title and pool.central(c, FLOOR) and _tells(c)]
    spoken: dict[int, int] = {}
    for told in ledger.told:
        spoken[told.origin] = spoken.get(told.origin, 0) + 1
    chosen: list[tuple[Candidate, Statement]] = []
    while fit and len(chosen) < MOST:
        fit.sort(key=lambda c: (-_marginal(pool, ledger, c, spoken), c.index))
        candidate = fit.pop(0)
        if ledger.repeats(candidate):
            continue
        statement = cite.state("takeaways", candidate, pool, limit=LIMIT)
        if statement is None:
            continue
        ledger.tell(candidate)
        spoken[candidate.origin] = spoken.get(candidate.origin, 0) + 1
        chosen.append((candidate, statement))
    if len(chosen) < LEAST:
        return ()
    return tuple(statement for _, statement in chosen)


def _tells(c: Candidate) -> bool:
    """A key point says something checkable: a fact, a consequence, a figure, a named speaker's view."""
    if (c.looseness >= 1.0 and not c.numbers and not c.keys) or quality.weight(c.text) < SHORTEST:
        return False
    return (
        max(c.role("fact"), c.role("consequence"), c.role("technical"), c.role("forecast"), c.role("recommendation"))
        >= 0.35
    )


def _marginal(pool: Pool, ledger: Ledger, c: Candidate, spoken: dict[int, int]) -> float:
    nearest = max((pool.similarity(c, t) for t in ledger.told), default=0.0)
    best_role = max(c.role("fact"), c.role("consequence"), c.role("forecast"))
    relevance = pool.of(c) + 0.25 * best_role - 0.08 * min(spoken.get(c.origin, 0), 4) * (pool.origins > 1)
    relevance -= FOREIGN * (c.article.language != pool.language)
    return round(MARGIN * relevance - (1 - MARGIN) * nearest, 6)
