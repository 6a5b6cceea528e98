"""One line under the headline: why to read on."""

from __future__ import annotations

from groundwire.briefs import cite, headline
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Statement

LIMIT = 170
"""Weight of a hook: one line."""
ABSENT = "no further sentence says in one line why to read on"


def choose(pool: Pool, ledger: Ledger) -> Statement | None:
    """The most central remaining sentence that fits one line, consequences and figures first; it must stand alone."""
    spoken = any(c.article.language == pool.language for c in pool.candidates)
    fit = [
        c for c in pool.candidates
        if c.looseness < 0.6 and c.role("quote") < 0.6 and pool.central(c, 0.3) and _stands_alone(pool, c)
        and (c.article.language == pool.language or not spoken)
    ]  # fmt: skip
    for candidate in sorted(fit, key=lambda c: (-_merit(pool, c), c.index)):
        if ledger.repeats(candidate):
            continue
        statement = cite.state("hook", candidate, pool, limit=LIMIT)
        if statement is not None:
            ledger.tell(candidate)
            return statement
    return None


def _stands_alone(pool: Pool, c: Candidate) -> bool:
    """Whether it is about what the headline names and says of each figure what it measures. Chinese leaves out a subject
    that goes without saying: there a sentence that names nothing is about what its article's lead names."""
    bare = bool(c.found.quantities) and not any(q.measures for q in c.found.quantities)
    named = bool(c.keys & pool.key_names) or not pool.key_names or pool.origins == 1 or c.is_title
    if not named and not c.keys and c.article.language == "zh":
        named = any(d.position <= 1 and d.article is c.article and d.keys & pool.key_names for d in pool.candidates)
    return named and not bare and (not c.is_title or headline.is_sober(c.text))


def _merit(pool: Pool, c: Candidate) -> float:
    return round(
        pool.of(c) + 0.3 * c.role("consequence") + 0.15 * bool(c.numbers) - 0.2 * c.looseness - 0.2 * c.is_title
        - 0.15 * (c.role("background") > 0.4),
        6,
    )  # fmt: skip
