"""The technical points: architecture, methods, measured figures."""

from __future__ import annotations

from groundwire.briefs import cite
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Statement

MOST = 5
FEW = 1
"""Points in the reader's language below which another language may add some."""
LIMIT = 320
FLOOR = 0.42
"""Technical score from which a sentence counts: several terms, or terms with figures."""
ABSENT = "the sources have no technical detail beyond the summary"


def choose(pool: Pool, ledger: Ledger) -> tuple[Statement, ...]:
    """Sentences dense in technical terms and quantities, in reading order of importance."""
    fit = [
        c
        for c in pool.candidates
        if not c.is_title
        and c.looseness < 1.0
        and c.role("technical") >= FLOOR
        and c.role("quote") < 0.7
        and pool.central(c, 0.2)
    ]
    chosen: list[Statement] = []
    ranked = sorted(fit, key=lambda c: (c.article.language != pool.language, -_merit(pool, c), c.index))
    for candidate in ranked:
        if len(chosen) == (MOST if candidate.article.language == pool.language else FEW):
            break
        if ledger.repeats(candidate):
            continue
        statement = cite.state("deep_dive", candidate, pool, limit=LIMIT)
        if statement is not None:
            ledger.tell(candidate)
            chosen.append(statement)
    return tuple(chosen)


def _merit(pool: Pool, c: Candidate) -> float:
    return round(
        c.role("technical")
        + 0.1 * min(len(c.numbers), 3)
        + 0.4 * pool.of(c)
        - 0.2 * c.looseness
        - 0.2 * (c.looseness >= 1.0),
        6,
    )
