"""Dated milestones, oldest first: one line a date, from this event's articles and from related earlier events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from groundwire.briefs import cite, quality
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.evidence import timeline as dating
from groundwire.types import Article, Evidence, Milestone, RelatedEvent, Statement

MOST, LEAST = 8, 2
LIMIT = 240
ABSENT = "the sources date fewer than two milestones"


def choose(
    pool: Pool,
    ledger: Ledger,
    related: Sequence[RelatedEvent],
    related_evidence: Mapping[int, Sequence[Evidence]],
) -> tuple[Milestone, ...]:
    """One line a date. ``related_evidence`` holds each related event's articles by event id."""
    last = max((c.article.published_at.date() for c in pool.candidates), default=date.min)
    lines = _own(pool, ledger, last)
    for other in related:
        if other.relation == "earlier":
            line = _earlier(other, related_evidence.get(other.event_id, ()), pool)
            if line is not None:
                lines.setdefault(line.first, (0.6, line, None))
    best = sorted(lines.items(), key=lambda item: (-item[1][0], item[0]))[:MOST]
    if len(best) < LEAST:
        return ()
    for _, (_, _, candidate) in best:
        if candidate is not None:
            ledger.tell(candidate)
    return tuple(line for _, (_, line, _) in sorted(best))


def _own(pool: Pool, ledger: Ledger, last: date) -> dict[date, tuple[float, Milestone, Candidate | None]]:
    lines: dict[date, tuple[float, Milestone, Candidate | None]] = {}
    ranked = sorted((c for c in pool.candidates if not c.is_title), key=lambda c: (-_merit(pool, c), c.index))
    used: list[Candidate] = []
    for c in ranked:
        mention = dating.milestone(c.found, last, c.article.published_at.date())
        if mention is None or mention.first in lines or (c.found.forecast is not None and mention.last >= last):
            continue
        if not (c.start <= mention.start and mention.end <= c.end) or c.looseness >= 1.0:
            continue
        if ledger.repeats(c) or any(u is c for u in used):
            continue
        statement = cite.state("timeline", c, pool, limit=LIMIT)
        if statement is None or mention.text not in statement.text:
            continue
        used.append(c)
        lines[mention.first] = (
            _merit(pool, c),
            Milestone(first=mention.first, last=mention.last, grain=mention.grain, statement=statement),
            c,
        )
    return lines


def _merit(pool: Pool, c: Candidate) -> float:
    return round(pool.of(c) + 0.3 * c.role("fact") + 0.2 * c.role("background") - 0.3 * c.role("quote"), 6)


def _earlier(other: RelatedEvent, evidence: Sequence[Evidence], pool: Pool) -> Milestone | None:
    """An earlier event in one line: its best title in the reader's language, dated by its first publication."""
    articles = sorted((e.article for e in evidence), key=lambda a: (a.language != pool.language, a.published_at, a.id))
    for article in articles:
        start, end = quality.bounds(article.title)
        if quality.unfit(article.title[start:end], title=True) is None and article.text.startswith(article.title):
            return _title_line(other, article, start, end, min(a.published_at for a in articles).date())
    return None


def _title_line(other: RelatedEvent, article: Article, start: int, end: int, day: date) -> Milestone:
    words = cite.citation(article, start, end)
    statement = Statement(
        section="timeline",
        text=words.quote,
        citations=(words,),
        language=cite.language_of(words.quote, article.language),
    )
    return Milestone(first=day, last=day, grain="day", statement=statement, event_id=other.event_id)
