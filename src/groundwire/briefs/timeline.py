"""Dated milestones, oldest first: one line a date, from this event's articles and from related earlier events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from groundwire.briefs import cite, headline, quality
from groundwire.briefs.ledger import SAME_LANGUAGE, Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.evidence import timeline as dating
from groundwire.types import Article, DateMention, Evidence, Grain, Milestone, RelatedEvent, Statement

MOST, LEAST = 8, 2
LIMIT = 240
ECHO = 0.8
"""Cosine from which a title is the headline again."""
SET = frozenset(("will", "would", "将", "将于", "将在"))
"""Words that announce what has been decided for a day."""
ABSENT = "the sources date fewer than two milestones"


def choose(
    pool: Pool,
    ledger: Ledger,
    evidence: Mapping[int, Evidence],
    related: Sequence[RelatedEvent],
    related_evidence: Mapping[int, Sequence[Evidence]],
) -> tuple[Milestone, ...]:
    """One line a date; ``evidence`` is by version id, ``related_evidence`` by event id."""
    last = max((c.article.published_at.date() for c in pool.candidates), default=date.min)
    lines = _own(pool, ledger, last, evidence)
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


def _own(
    pool: Pool, ledger: Ledger, last: date, evidence: Mapping[int, Evidence]
) -> dict[date, tuple[float, Milestone, Candidate | None]]:
    lines: dict[date, tuple[float, Milestone, Candidate | None]] = {}
    offered = [(c, *_dated(pool, c, last, evidence)) for c in pool.candidates]
    ranked = sorted(((c, d, m) for c, d, m in offered if d is not None), key=lambda o: (-o[2], o[0].index))
    recalled: list[Candidate] = []
    for again in (False, True):  # a date that only told titles tell is recalled in those words, once
        for c, mention, merit in ranked:
            if mention.first in lines or (_told(pool, ledger, c) and not (again and c.is_title)):
                continue
            if any(pool.similarity(c, other) > ECHO for other in recalled):
                continue
            statement = cite.state("timeline", c, pool, limit=LIMIT)
            if statement is None or (not c.is_title and mention.text not in statement.text):
                continue
            line = Milestone(first=mention.first, last=mention.last, grain=_grain(mention), statement=statement)
            lines[mention.first] = (merit, line, None if again else c)
            recalled += [c] if again or c.is_title else []
    return lines


def _dated(pool: Pool, c: Candidate, last: date, evidence: Mapping[int, Evidence]) -> tuple[DateMention | None, float]:
    """A candidate's date and how well it would tell that date; a title is dated by its article's opening."""
    published = c.article.published_at.date()
    foreign = 0.25 * (c.article.language != pool.language)
    if c.is_title:
        if not headline.is_sober(c.text):
            return None, 0.0
        mention = dating.told_on(evidence[c.article.id].sentences[1:4], published)
        return mention, round(pool.of(c) + 0.45 - foreign, 6)
    mention = dating.milestone(c.found, last, published, opening=c.position <= 2)
    if mention is None or c.looseness >= 1.0 or not (c.start <= mention.start and mention.end <= c.end):
        return None, 0.0
    if c.found.forecast is not None and mention.last >= last and c.found.forecast.hedge.lower() not in SET:
        return None, 0.0  # what is merely expected belongs to the implications
    merit = pool.of(c) + 0.3 * c.role("fact") + 0.2 * c.role("background") - 0.3 * c.role("quote")
    return mention, round(merit - foreign - 0.1 * (mention.grain not in ("day", "time")), 6)


def _told(pool: Pool, ledger: Ledger, c: Candidate) -> bool:
    """Whether the page says these words already. A timeline may recall what the summary told, but in other words."""
    if not c.is_title:
        return any(c is t or pool.similarity(c, t) > SAME_LANGUAGE for t in ledger.told)
    return any(t.text == c.text or (t.is_title and pool.similarity(c, t) > ECHO) for t in ledger.told)


def _grain(mention: DateMention) -> Grain:
    return "day" if mention.grain == "time" else mention.grain


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
