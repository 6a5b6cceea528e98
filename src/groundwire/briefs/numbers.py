"""Every telling quantity, grouped by what it measures; where sources disagree, both, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from groundwire.briefs import cite, quality, reconcile
from groundwire.briefs.pool import Candidate, Embedder, Pool
from groundwire.briefs.reconcile import Fact
from groundwire.evidence import meaning
from groundwire.evidence.cues import has_chinese
from groundwire.types import NumberGroup, NumberRow, Quantity, Statement

MOST = 8
"""Groups shown."""
PLAIN = 3
"""Groups in the reader's language from which figures that only another language gives are left out."""
FLOOR = 0.62
"""Merit below which an uncontested figure of one source is said in passing."""
CONTESTED = ("conflicts", "superseded")
"""Kinds of groups whose values differ: shown in whichever language."""
MOST_FACTS = 64
"""Figures compared: those of the most central sentences."""
MOST_ROWS = 6
"""Sources shown of one group."""
LIMIT = 170
"""Characters of a sentence shown whole with its number; of a longer one the clause."""
ABSENT = "the sources state no quantity whose meaning is clear"

_PER = re.compile(r"(?:\bper|\bevery|\beach|/|每)\s?$", re.IGNORECASE)
_DIGIT = re.compile(
    r"[\d一二两三四五六七八九]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty)\b", re.I
)
_KIND = {"currency": 0.3, "rate": 0.3, "percent": 0.2, "dimension": 0.2, "count": 0.15, "duration": 0.05}


def choose(pool: Pool, embedder: Embedder) -> tuple[NumberGroup, ...]:
    """Group equal and rival figures across sources; the best-supported, contested and most telling groups first."""
    told = [(c, q) for c in pool.candidates for q in c.found.quantities if _telling(c, q)]
    if not told:
        return ()
    told = sorted(told, key=lambda pair: (-pool.of(pair[0]), pair[0].index, pair[1].start))[:MOST_FACTS]
    several = pool.origins > 1 or len({c.article.id for c, _ in told}) > 1
    vectors = reconcile.clause_vectors(told, embedder) if several else np.zeros((len(told), 1), np.float32)
    facts = [Fact(candidate=c, quantity=q, row=i) for i, (c, q) in enumerate(told)]
    named = ((g, reconcile.status(g), _measure(pool, g)) for g in reconcile.groups(facts, vectors))
    ranked = sorted(
        ((_merit(pool, g, status, measure), g, status, measure) for g, status, measure in named if measure),
        key=lambda group: (-group[0], group[1][0].candidate.index, group[1][0].quantity.start),
    )
    ranked = [group for group in ranked if len(group[1]) > 1 or group[0] >= FLOOR]
    plain = [
        (merit, g, status, measure)
        for merit, g, status, measure in ranked
        if status in CONTESTED or any(f.candidate.article.language == pool.language for f in g)
    ]
    shown: list[NumberGroup] = []
    for _, facts_of_group, status, measure in (plain if len(plain) >= PLAIN else ranked)[:MOST]:
        rows = _rows(facts_of_group)
        shown.append(NumberGroup(measures=measure, status=status if len(rows) > 1 else "single", rows=rows))
    return tuple(shown)


def _telling(c: Candidate, q: Quantity) -> bool:
    """A reader gains from it: it has a unit or counts something, and is more than a small number in passing."""
    if q.kind in ("ordinal", "age") or q.value == 0 or not (c.start <= q.start and q.end <= c.end):
        return False
    if q.kind in ("number", "count") and not _DIGIT.search(q.text) and q.value >= 20:
        return False  # "dozens", "hundreds of", 数千: no figure
    if _PER.search(c.text[: q.start - c.start]):
        return False
    if q.kind == "number" and q.unit == "":
        return q.value >= 100 and not 1900 <= q.value <= 2100
    if q.kind == "count":
        return q.value >= 10
    return True


def _measure(pool: Pool, facts: Sequence[Fact]) -> str:
    """The clearest name of the measure, in the reader's language if a source gives it so; "" if none does."""
    wanted = pool.language == "zh"
    options = {f.quantity.measures for f in facts if f.quantity.measures}
    alone = len({f.candidate.origin for f in facts}) == 1
    if alone and all(f.quantity.kind == "duration" for f in facts):  # a length of time says little by itself
        options = {m for m in options if quality.weight(m) >= 8}

    def rank(m: str) -> tuple[bool, bool, int, str]:
        return has_chinese(m) != wanted, not meaning.names_measure(m), abs(quality.weight(m) - 18), m

    return min(options, key=rank, default="")


def _merit(pool: Pool, facts: Sequence[Fact], status: reconcile.Status, measure: str) -> float:
    best = max(pool.of(f.candidate) for f in facts)
    vague = 0.0 if meaning.names_measure(measure) else 0.25
    foreign = 0.0 if any(f.candidate.article.language == pool.language for f in facts) else 0.3
    contested = 0.6 if status in CONTESTED else 0.0
    origins = len({f.candidate.origin for f in facts})
    return round(
        best + _KIND.get(facts[0].quantity.kind, 0.0) + 0.25 * min(origins - 1, 3) + contested - vague - foreign, 6
    )


def _rows(facts: Sequence[Fact]) -> tuple[NumberRow, ...]:
    """One row a source and value, the body before its title; newest first; words said by several only once."""
    best: dict[tuple[int, float], Fact] = {}
    for f in facts:
        key = (f.article, f.quantity.value)
        if key not in best or (best[key].candidate.is_title and not f.candidate.is_title):
            best[key] = f
    ordered = sorted(best.values(), key=lambda f: (-f.candidate.article.published_at.timestamp(), f.candidate.index))
    rows: list[NumberRow] = []
    seen: set[tuple[str, float]] = set()
    for f in ordered:
        row = _row(f)
        if (row.statement.text, f.quantity.value) not in seen:
            seen.add((row.statement.text, f.quantity.value))
            rows.append(row)
    values = {r.quantity.value for r in rows[:MOST_ROWS]}
    rest = [r for r in rows[MOST_ROWS:] if r.quantity.value not in values]
    return (*rows[: MOST_ROWS - min(len(rest), 2)], *rest[:2])


def _row(fact: Fact) -> NumberRow:
    c = fact.candidate
    left, right = reconcile.clause(c, fact.quantity, LIMIT if not has_chinese(c.text) else LIMIT // 2)
    quote = cite.citation(c.article, c.start + left, c.start + right)
    statement = Statement(
        section="numbers",
        text=quote.quote,
        citations=(quote,),
        language=cite.language_of(quote.quote, c.article.language),
    )
    return NumberRow(quantity=fact.quantity, outlet=c.article.outlet, statement=statement)
