"""What several pages say in the same way: freshness, reports and their origins, contested figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundwire.briefs import in_summary
from groundwire.types import Article, Brief, Event, NumberGroup, NumberRow
from groundwire.web.views.proof import web_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How new the event is, and how fast it was collected."""

    fresh: bool | None
    """Whether the newest article is younger than the setting; None in a static copy, which can't know the time."""
    newest_published_at: datetime
    collected_in_s: float | None
    """From the newest article's publication to our collection; None if no source told the time. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article, as lists of sources name it."""

    article_id: int
    version_id: int
    version: int
    title: str
    outlet: str
    author: str | None
    language: str
    published_at: datetime
    url: str
    """What the desk quotes of it."""
    original_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Who reports."""

    articles: int
    outlets: int
    origins: int
    """Independent reports: wire copies count once."""
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One side of a contested figure."""

    figure: str
    """As the source writes it."""
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """A figure on which sources disagree."""

    measures: str
    claims: tuple[Claim, ...]


def freshness(articles: Sequence[Article], event: Event, now: datetime | None, fresh_hours: float) -> Freshness:
    """See ``Freshness``; first versions count, as an edit is collected late by nature."""
    dated = [a for a in articles if a.published_evidence != "fetched" and a.version == 1]
    newest = max(dated, key=lambda a: (a.published_at, a.id), default=None)
    newest_at = max((a.published_at for a in articles), default=event.last_published_at)
    return Freshness(
        fresh=None if now is None else now - newest_at < timedelta(hours=fresh_hours),
        newest_published_at=newest_at,
        collected_in_s=None
        if newest is None
        else max(0.0, (newest.collected_at - newest.published_at).total_seconds()),
    )


def report(article: Article) -> Report:
    """An article as lists of sources name it."""
    return Report(
        article_id=article.article_id,
        version_id=article.id,
        version=article.version,
        title=article.title,
        outlet=article.outlet,
        author=article.author,
        language=article.language,
        published_at=article.published_at,
        url=f"/articles/{article.id}",
        original_url=web_address(article.url),
    )


def coverage(event: Event, articles: Sequence[Article]) -> Coverage:
    """How many report, how many of them independently, in which languages (most frequent first)."""
    spoken = [a.language for a in articles]
    return Coverage(
        articles=len(articles),
        outlets=len({a.source_id for a in articles}),
        origins=len({m.origin_id for m in event.members}),
        languages=tuple(sorted(set(spoken), key=lambda code: (-spoken.count(code), code))),
    )


def contested(brief: Brief) -> tuple[Contested, ...]:
    """The figures on which sources disagree, each side with who says so."""
    return tuple(
        Contested(measures=group.measures, claims=_claims(group, brief.language))
        for group in brief.numbers
        if group.status == "conflicts"
    )


def contested_in_summary(brief: Brief) -> tuple[Contested, ...]:
    """The figures on which sources disagree and that headline, hook or summary state."""
    return tuple(
        Contested(measures=group.measures, claims=_claims(group, brief.language))
        for group in in_summary(brief)
        if group.status == "conflicts"
    )


def lead_of(articles: Iterable[Article], cited: Article | None) -> Article | None:
    """The lead source: the one whose words the headline is, else the oldest."""
    articles = list(articles)
    same = (a for a in articles if cited is not None and a.article_id == cited.article_id)
    return next(same, articles[0] if articles else None)


def sides_of(group: NumberGroup) -> list[list[NumberRow]]:
    """The rows of a measure by the value that they state, in order of appearance; "$2" and "$2 an hour" are one."""
    sides: dict[tuple[float, float | None, str], list[NumberRow]] = {}
    for row in group.rows:
        unit = row.quantity.unit.partition("/")[0]
        sides.setdefault((row.quantity.value, row.quantity.upper, unit), []).append(row)
    return list(sides.values())


def spoken(rows: Sequence[NumberRow], language: str) -> NumberRow:
    """The row whose words a reader of the language reads best."""
    return next((row for row in rows if row.statement.language == language), rows[0])


def _claims(group: NumberGroup, language: str) -> tuple[Claim, ...]:
    return tuple(
        Claim(
            figure=spoken(rows, language).quantity.text,
            outlets=tuple(dict.fromkeys(row.outlet for row in rows)),
        )
        for rows in sides_of(group)
    )
