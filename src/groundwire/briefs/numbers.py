"""Every telling quantity, grouped by what it measures; where sources disagree, both, side by side."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from groundwire.briefs import cite, quality, words
from groundwire.briefs.pool import Candidate, Embedder, Pool, Vectors
from groundwire.evidence.cues import has_chinese
from groundwire.types import NumberGroup, NumberRow, Quantity, Statement

MOST = 12
"""Groups shown."""
LIMIT = 200
"""Weight of the clause shown with a number."""
SAME_MEASURE = 0.62
"""Cosine of two measures' words (with their subject) from which they may be the same measure."""
SAME_SENTENCE = 0.5
ABSENT = "the sources state no quantity whose meaning is clear"

Status = Literal["single", "agrees", "conflicts", "superseded"]

_REVISED = re.compile(
    r"\b(?:revis(?:ed|es|ing)|updat(?:ed|es)|correct(?:ed|s|ion)|now (?:says|puts|expects|stands)|restat|up from"
    r"|down from|previously|earlier (?:said|reported|estimate))\b|修正|更正|上调|下调|调整(?:为|至)|此前|原(?:为|先)"
    r"|更新为",
    re.IGNORECASE,
)
_PER = re.compile(r"(?:\bper|\bevery|\beach|/|每)\s?$", re.IGNORECASE)
_CLAUSE_EN = re.compile(r"[;:]\s|,\s(?!\d{3})|\s[—–]\s|\s-\s|\.\s")
_CLAUSE_ZH = re.compile(r"[，；：。]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fact:
    candidate: Candidate
    quantity: Quantity
    row: int
    """Of the measure's vector."""


def choose(pool: Pool, embedder: Embedder) -> tuple[NumberGroup, ...]:
    """Group equal measures across sources, languages and units; the best-supported and most telling groups first."""
    told = [(c, q) for c in pool.candidates for q in c.found.quantities if _telling(c, q)]
    if not told:
        return ()
    vectors = embedder.encode([f"{q.measures} {_subject(c)}".strip() for c, q in told])
    facts = [_Fact(candidate=c, quantity=q, row=i) for i, (c, q) in enumerate(told)]
    groups = _linked(pool, vectors, _alike(pool, vectors, facts))
    groups.sort(key=lambda g: (-_merit(pool, g), g[0].candidate.index, g[0].quantity.start))
    return tuple(made for g in groups[: 3 * MOST] if (made := _group(pool, g)) is not None)[:MOST]


def _telling(c: Candidate, q: Quantity) -> bool:
    """A reader gains from it: it has a unit or counts something named, and its clause says what it measures."""
    if q.kind in ("ordinal", "age") or not q.measures or q.value == 0:
        return False
    if not _contains(c, q) or _PER.search(c.text[: q.start - c.start]):
        return False
    if q.kind == "number" and q.unit == "":
        return q.value >= 100 and (q.value < 1900 or q.value > 2100)
    if q.kind == "duration":
        return _named(q)
    if q.kind == "count":
        return q.value >= 10
    return True


def _named(q: Quantity) -> bool:
    """Durations measure something only if the words beside them name it (latency, delivery time)."""
    return len(q.measures.split()) >= 2 or (has_chinese(q.measures) and len(q.measures) >= 3)


def _contains(c: Candidate, q: Quantity) -> bool:
    return c.start <= q.start and q.end <= c.end


def _subject(c: Candidate) -> str:
    """The names nearest to the sentence's beginning: whose figure it is."""
    inside = [m for m in c.found.mentions if c.start <= m.start and m.end <= c.end and m.kind != "place"]
    return " ".join(m.text for m in inside[:2])


def _alike(pool: Pool, vectors: Vectors, facts: Sequence[_Fact]) -> list[list[_Fact]]:
    """Facts of equal value that measure the same, wherever they stand."""
    groups: list[list[_Fact]] = []
    for fact in sorted(facts, key=lambda f: (-pool.of(f.candidate), f.candidate.index, f.quantity.start)):
        home = next((g for g in groups if any(_agree(pool, vectors, fact, other) for other in g)), None)
        if home is None:
            groups.append([fact])
        else:
            home.append(fact)
    return groups


def _linked(pool: Pool, vectors: Vectors, groups: list[list[_Fact]]) -> list[list[_Fact]]:
    """Groups of which each states another value of what may be the same measure, put side by side."""
    linked: list[list[_Fact]] = []
    for group in groups:
        home = next((g for g in linked if not _both_stated(g, group) and _rival(pool, vectors, g, group)), None)
        if home is None:
            linked.append(list(group))
        else:
            home.extend(group)
    return linked


def _both_stated(a: Sequence[_Fact], b: Sequence[_Fact]) -> bool:
    """Whether one article states both values without calling it a revision: then they are two things."""
    mine = {f.candidate.article.id for f in a}
    return any(f.candidate.article.id in mine and not _REVISED.search(f.candidate.text) for f in b)


def _rival(pool: Pool, vectors: Vectors, a: Sequence[_Fact], b: Sequence[_Fact]) -> bool:
    return any(_differ(pool, vectors, x, y) for x in a for y in b)


def _agree(pool: Pool, vectors: Vectors, a: _Fact, b: _Fact) -> bool:
    """Whether two facts are one figure said twice."""
    qa, qb = a.quantity, b.quantity
    if qa.unit != qb.unit or a.candidate is b.candidate or not _equal(qa, qb):
        return False
    named = bool(a.candidate.keys & b.candidate.keys) or not (a.candidate.keys and b.candidate.keys)
    sentence = pool.similarity(a.candidate, b.candidate)
    if not named:
        return sentence > 0.6
    shared = bool(words.content(qa.measures) & words.content(qb.measures))
    return sentence > 0.35 or shared or float(vectors[a.row] @ vectors[b.row]) > SAME_MEASURE - 0.12


def _differ(pool: Pool, vectors: Vectors, a: _Fact, b: _Fact) -> bool:
    """Whether two facts give different values of the same measure: same unit, subject, words and period."""
    qa, qb = a.quantity, b.quantity
    if qa.unit != qb.unit or qa.kind != qb.kind or a.candidate.origin == b.candidate.origin:
        return a.candidate.article.article_id == b.candidate.article.article_id and _revision(pool, a, b)
    if not a.candidate.keys & b.candidate.keys and (a.candidate.keys and b.candidate.keys):
        return False
    if _other_time(a.candidate, b.candidate) or pool.similarity(a.candidate, b.candidate) <= SAME_SENTENCE:
        return False
    wa, wb = words.content(qa.measures), words.content(qb.measures)
    if has_chinese(qa.measures) != has_chinese(qb.measures):
        alike = float(vectors[a.row] @ vectors[b.row]) > SAME_MEASURE
    else:
        alike = words.contained(wa, wb) >= 0.6 and words.contained(wb, wa) >= 0.6
    low, high = sorted((abs(qa.value), abs(qb.value)))
    return alike and high < 20 * max(low, 1e-12)


def _revision(pool: Pool, a: _Fact, b: _Fact) -> bool:
    """Whether two versions of one article give two values in what is otherwise one sentence."""
    versions = a.candidate.article.id != b.candidate.article.id and a.quantity.unit == b.quantity.unit
    return versions and pool.similarity(a.candidate, b.candidate) > 0.8


def _other_time(a: Candidate, b: Candidate) -> bool:
    """Whether the two sentences speak of different periods."""
    da = {(d.first, d.last) for d in a.found.dates if d.grain in ("year", "half", "quarter", "month")}
    db = {(d.first, d.last) for d in b.found.dates if d.grain in ("year", "half", "quarter", "month")}
    return bool(da and db and not da & db)


def _equal(a: Quantity, b: Quantity) -> bool:
    """Whether two figures are the same up to the rounding that their words show."""
    if a.unit != b.unit:
        return False
    if (a.upper is None) != (b.upper is None):
        low, high = (a.value, a.upper) if a.upper is not None else (b.value, b.upper)
        point = b.value if a.upper is not None else a.value
        return high is not None and low <= point <= high
    slack = 0.05 if "about" in (a.qualifier, b.qualifier) else 0.005
    return _near(a.value, b.value, slack, a, b) and (
        a.upper is None or b.upper is None or _near(a.upper, b.upper, slack, a, b)
    )


def _near(x: float, y: float, slack: float, a: Quantity, b: Quantity) -> bool:
    rounding = max(_last_digit(a), _last_digit(b)) / 2
    scale = max(abs(x), abs(y))
    return abs(x - y) <= max(slack * scale, min(rounding, 0.05 * scale))


def _last_digit(q: Quantity) -> float:
    """The place value of the last digit that the text states: 1.2 billion -> 1e8."""
    match = re.search(r"\d[\d,]*(?:\.(\d+))?", q.text)
    if match is None or q.value == 0:
        return 0.0
    stated = float(match.group().replace(",", "") or 0)
    if stated == 0:
        return 0.0
    scale = abs(q.value) / stated
    digits = match.group(1)
    if digits:
        return float(scale * 10 ** -len(digits))
    bare = match.group().replace(",", "")
    return float(scale * 10 ** (len(bare) - len(bare.rstrip("0")))) if scale == 1 else float(scale)


def _merit(pool: Pool, group: Sequence[_Fact]) -> float:
    best = max(pool.of(f.candidate) + 0.15 * f.candidate.is_title for f in group)
    kind = {"currency": 0.3, "rate": 0.3, "percent": 0.2, "dimension": 0.2, "count": 0.15}.get(
        group[0].quantity.kind, 0.0
    )
    return round(best + kind + 0.35 * (len({f.candidate.origin for f in group}) - 1), 6)


def _group(pool: Pool, facts: Sequence[_Fact]) -> NumberGroup | None:
    ordered = sorted(facts, key=lambda f: (f.candidate.article.published_at, f.candidate.index, f.quantity.start))
    by_value: dict[int, list[_Fact]] = defaultdict(list)
    for fact in ordered:
        slot = next((k for k, fs in by_value.items() if _equal(fs[0].quantity, fact.quantity)), len(by_value))
        by_value[slot].append(fact)
    status = _status(ordered, len(by_value))
    rows = tuple(row for f in _rows(ordered) if (row := _row(f)) is not None)
    if not rows:
        return None
    return NumberGroup(measures=_measure(pool, ordered), status=status if len(rows) > 1 else "single", rows=rows)


def _rows(facts: Sequence[_Fact]) -> list[_Fact]:
    """One row a source and value; a title only if its article's body doesn't say it; newest first."""
    best: dict[tuple[int, float], _Fact] = {}
    for f in facts:
        key = (f.candidate.article.id, f.quantity.value)
        rival = best.get(key)
        if rival is None or (rival.candidate.is_title and not f.candidate.is_title):
            best[key] = f
    return sorted(best.values(), key=lambda f: (-f.candidate.article.published_at.timestamp(), f.candidate.index))


def _status(facts: Sequence[_Fact], values: int) -> Status:
    origins = {f.candidate.origin for f in facts}
    if values == 1:
        return "agrees" if len(origins) > 1 else "single"
    newest = facts[-1].candidate
    oldest = facts[0].candidate
    later = newest.article.published_at > oldest.article.published_at
    if later and (_REVISED.search(newest.text) or newest.article.article_id == oldest.article.article_id):
        return "superseded"
    return "conflicts"


def _measure(pool: Pool, facts: Sequence[_Fact]) -> str:
    """The clearest name of the measure, in the reader's language if a source gives it so."""
    wanted = pool.language == "zh"
    options = [f.quantity.measures for f in facts]
    return min(options, key=lambda m: (has_chinese(m) != wanted, abs(quality.weight(m) - 18), m))


def _row(fact: _Fact) -> NumberRow | None:
    c, q = fact.candidate, fact.quantity
    start, end = _clause(c, q)
    quote = cite.citation(c.article, start, end)
    if quality.weight(quote.quote) > 2 * LIMIT:
        return None
    return NumberRow(
        quantity=q,
        outlet=c.article.outlet,
        statement=Statement(
            section="numbers",
            text=quote.quote,
            citations=(quote,),
            language=cite.language_of(quote.quote, c.article.language),
        ),
    )


def _clause(c: Candidate, q: Quantity) -> tuple[int, int]:
    """The sentence if short, else the clause around the number, wide enough to hold what it measures."""
    text = c.text
    if quality.weight(text) <= LIMIT:
        return c.start, c.end
    at, to = q.start - c.start, q.end - c.start
    measure = text.find(q.measures, max(0, at - 80))
    if 0 <= measure < to + 80:
        at, to = min(at, measure), max(to, measure + len(q.measures))
    pattern = _CLAUSE_ZH if has_chinese(text) else _CLAUSE_EN
    left = max((m.end() for m in pattern.finditer(text, 0, at)), default=0)
    right = next((m.start() for m in pattern.finditer(text, to)), len(text))
    if quality.weight(text[left:right]) < 40:  # a bare list item: take its neighbour along
        left = max((m.end() for m in pattern.finditer(text, 0, max(left - 2, 0))), default=0)
    return c.start + left, c.start + right
