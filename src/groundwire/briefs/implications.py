"""Forecasts that the sources make or report: what, by when, by whom, for what stated reason."""

from __future__ import annotations

from groundwire.briefs import cite
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Forecast, Implication, Statement

MOST = 5
FEW = 3
"""Forecasts in the reader's language below which another language may add some."""
LIMIT = 320
FLOOR = 0.42
"""Merit below which a forecast commits itself to nothing."""
ABSENT = "no source predicts anything with a date, a reason or a speaker"


def choose(pool: Pool, ledger: Ledger) -> tuple[Implication, ...]:
    """The forecasts that commit themselves most: a horizon, a speaker, a reason, a figure."""
    fit = [(c, c.found.forecast) for c in pool.candidates if c.found.forecast is not None and not c.is_title]
    chosen: list[Implication] = []
    taken: list[Candidate] = []
    most = {True: MOST, False: FEW}
    for candidate, forecast in sorted(
        fit, key=lambda pair: (pair[0].article.language != pool.language, -_merit(pool, *pair), pair[0].index)
    ):
        if len(chosen) >= most[candidate.article.language == pool.language]:
            break
        if _merit(pool, candidate, forecast) < FLOOR or ledger.repeats(candidate):
            continue
        if any(_same_forecast(pool, candidate, other) for other in taken):
            continue
        statement = cite.state("implications", candidate, pool, limit=LIMIT)
        if statement is None or forecast.hedge not in statement.text:
            continue
        ledger.tell(candidate)
        taken.append(candidate)
        chosen.append(
            Implication(
                statement=statement,
                who=forecast.who,
                horizon=forecast.horizon,
                reason=_reason(candidate, forecast),
            )
        )
    return tuple(chosen)


def _same_forecast(pool: Pool, a: Candidate, b: Candidate) -> bool:
    """Whether two sentences predict one thing for one time, perhaps in two languages."""
    ha, hb = (c.found.forecast.horizon if c.found.forecast else None for c in (a, b))
    same_time = ha is not None and hb is not None and (ha.first, ha.last) == (hb.first, hb.last)
    shared = bool(a.keys & b.keys) or bool(a.numbers & b.numbers)
    crossing = a.article.language != b.article.language
    if crossing and same_time and a.numbers & b.numbers:
        return True
    return same_time and (shared or crossing) and pool.similarity(a, b) > (0.3 if crossing else 0.6)


def _merit(pool: Pool, c: Candidate, f: Forecast) -> float:
    return round(
        0.3 * (f.horizon is not None) + 0.15 * bool(f.who) + 0.15 * (f.reason is not None) + 0.05 * bool(c.numbers)
        + 0.6 * pool.of(c) - 0.1 * (c.looseness >= 1.0),
        6,
    )  # fmt: skip


def _reason(candidate: Candidate, forecast: Forecast) -> Statement | None:
    if forecast.reason is None:
        return None
    words = cite.citation(candidate.article, *forecast.reason)
    return Statement(
        section="implications",
        text=words.quote,
        citations=(words,),
        language=cite.language_of(words.quote, candidate.article.language),
    )
