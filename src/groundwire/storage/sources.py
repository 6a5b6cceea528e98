"""Sources, how polite we must be to them, and how they fare."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from groundwire.errors import NotFound
from groundwire.storage.database import Database, insert
from groundwire.storage.schema import article_versions, articles, fetches, polls, sources
from groundwire.types import PollState, Source

FETCH_HISTORY = timedelta(days=30)
"""How long the log of polls is kept."""


ABSURD_WAIT = timedelta(days=9)
"""No schedule waits longer: a later poll is due now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """One poll, for the log."""

    fetched_at: datetime
    status: int | None
    not_modified: bool
    bytes_read: int
    elapsed_s: float
    entries: int
    new_entries: int
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source fares."""

    source: Source
    state: PollState
    articles: int
    articles_per_week: float
    """Over the last four weeks. [1/week]"""
    latency_s: float | None
    """Median of the last hundred articles: publication to collection, known times only. [s]"""
    last_poll: FetchRecord | None

    @property
    def word(self) -> str:
        """One word: new, ok, slow, failing, gone, paused."""
        if self.source.paused:
            return "paused"
        if self.state.gone:
            return "gone"
        if self.state.failures:
            return "failing"
        if self.last_poll is None:
            return "new"
        return "slow" if self.last_poll.elapsed_s > 5 else "ok"


class Sources:
    """The sources' records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, source: Source, now: datetime) -> Source:
        """Store a new source (its id is given here); one with the same URL is returned as it is."""
        with self._db.write() as connection:
            found = connection.execute(sa.select(sources).where(sources.c.url == source.url)).one_or_none()
            if found is not None:
                return _source(found)
            values = {
                "url": source.url,
                "title": source.title or source.url,
                "homepage": source.homepage,
                "language": source.language,
                "topics": list(source.topics),
                "alternatives": list(source.alternatives),
                "paused": source.paused,
                "added_at": now,
            }
            key = insert(connection, sources.insert().values(values))
            connection.execute(polls.insert().values(source_id=key, **_poll_values(PollState())))
            return replace(source, id=key, title=source.title or source.url)

    def all(self) -> list[Source]:
        """Every source, by title."""
        with self._db.read() as connection:
            return [
                _source(row) for row in connection.execute(sa.select(sources).order_by(sources.c.title, sources.c.id))
            ]

    def get(self, source_id: int) -> Source:
        """One source; raises NotFound."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(sources).where(sources.c.id == source_id)).one_or_none()
        if row is None:
            raise NotFound(f"no source {source_id}; `groundwire sources list` shows them")
        return _source(row)

    def due(
        self, now: datetime, limit: int = 10_000, *, only: Collection[int] | None = None
    ) -> list[tuple[Source, PollState]]:
        """Sources to poll now, longest due first; of all, or of those whose ids are given."""
        absurd = polls.c.next_poll_at > now + ABSURD_WAIT  # a clock was wrong when it was set
        query = (
            sa.select(sources, polls)
            .join(polls)
            .where(
                ~sources.c.paused,
                ~polls.c.gone,
                sa.or_(polls.c.next_poll_at.is_(None), polls.c.next_poll_at <= now, absurd),
            )
            .order_by(polls.c.next_poll_at.is_not(None), polls.c.next_poll_at, sources.c.id)
            .limit(limit)
        )
        if only is not None:
            query = query.where(sources.c.id.in_(only))
        with self._db.read() as connection:
            return [(_source(row), _poll(row)) for row in connection.execute(query)]

    def wake(self) -> None:
        """Make every source due now."""
        with self._db.write() as connection:
            connection.execute(polls.update().values(next_poll_at=None))

    def last_success_at(self) -> datetime | None:
        """The newest successful poll of any source."""
        with self._db.read() as connection:
            found: datetime | None = connection.execute(sa.select(sa.func.max(polls.c.last_success_at))).scalar_one()
            return found

    def next_due_at(self) -> datetime | None:
        """When the next poll is due; None if nothing is scheduled."""
        with self._db.read() as connection:
            query = sa.select(sa.func.min(polls.c.next_poll_at)).join(sources).where(~sources.c.paused, ~polls.c.gone)
            found: datetime | None = connection.execute(query).scalar_one()
            return found

    def set_paused(self, source_id: int, *, paused: bool) -> None:
        """Stop or resume polling; resuming also forgives a source that was gone."""
        self.get(source_id)
        with self._db.write() as connection:
            connection.execute(sources.update().where(sources.c.id == source_id).values(paused=paused))
            if not paused:
                revived = {"gone": False, "failures": 0, "next_poll_at": None}
                connection.execute(polls.update().where(polls.c.source_id == source_id).values(revived))

    def health(self, now: datetime) -> list[SourceHealth]:
        """Every source with its health, by title."""
        month = now - timedelta(weeks=4)
        counted = dict[int, tuple[int, int]]()
        with self._db.read() as connection:
            rows = connection.execute(
                sa.select(sources, polls).join(polls).order_by(sources.c.title, sources.c.id)
            ).all()
            count = (
                sa.select(
                    articles.c.source_id,
                    sa.func.count(),
                    sa.func.sum(sa.case((article_versions.c.collected_at >= month, 1), else_=0)),
                )
                .join(article_versions, article_versions.c.id == articles.c.current_version_id)
                .group_by(articles.c.source_id)
            )
            for source_id, total, recent in connection.execute(count):
                counted[source_id] = (total, recent)
            newest = sa.select(sa.func.max(fetches.c.id)).group_by(fetches.c.source_id)
            last = {
                row.source_id: _fetch(row)
                for row in connection.execute(sa.select(fetches).where(fetches.c.id.in_(newest)))
            }
            return [
                SourceHealth(
                    source=_source(row),
                    state=_poll(row),
                    articles=counted.get(row.id, (0, 0))[0],
                    articles_per_week=counted.get(row.id, (0, 0))[1] / 4,
                    latency_s=_latency(connection, row.id),
                    last_poll=last.get(row.id),
                )
                for row in rows
            ]

    def save_poll(
        self, connection: sa.Connection, source_id: int, state: PollState, record: FetchRecord | None
    ) -> None:
        """Record one poll (no record: nothing was asked), within the caller's transaction."""
        connection.execute(polls.update().where(polls.c.source_id == source_id).values(_poll_values(state)))
        if record is None:
            return
        values = {name: getattr(record, name) for name in FetchRecord.__slots__}
        connection.execute(fetches.insert().values(source_id=source_id, **values))
        connection.execute(
            fetches.delete().where(
                fetches.c.source_id == source_id, fetches.c.fetched_at < record.fetched_at - FETCH_HISTORY
            )
        )

    def update(self, connection: sa.Connection, source_id: int, **values: Any) -> None:
        """Set columns (a moved URL, a title learnt from the feed), within the caller's transaction."""
        taken = (
            "url" in values
            and connection.execute(
                sa.select(sources.c.id).where(sources.c.url == values["url"], sources.c.id != source_id)
            ).one_or_none()
        )
        if (
            taken
        ):  # it moved to the address of a source that we have: keep polling the old one, the articles are the same
            values.pop("url")
        if values:
            connection.execute(sources.update().where(sources.c.id == source_id).values(**values))


def _latency(connection: sa.Connection, source_id: int) -> float | None:
    query = (
        sa.select(article_versions.c.published_at, article_versions.c.collected_at)
        .join(articles)
        .where(
            articles.c.source_id == source_id,
            article_versions.c.version == 1,
            article_versions.c.published_evidence != "fetched",
        )
        .order_by(article_versions.c.id.desc())
        .limit(100)
    )
    gaps: Sequence[float] = sorted(
        (row.collected_at - row.published_at).total_seconds() for row in connection.execute(query)
    )
    return gaps[len(gaps) // 2] if gaps else None


def _source(row: sa.Row[Any]) -> Source:
    return Source(
        id=row.id,
        url=row.url,
        title=row.title,
        homepage=row.homepage,
        language=row.language,
        topics=tuple(row.topics),
        alternatives=tuple(row.alternatives),
        paused=row.paused,
    )


def _poll(row: sa.Row[Any]) -> PollState:
    return PollState(**{name: getattr(row, name) for name in PollState.__slots__})


def _poll_values(state: PollState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in PollState.__slots__}


def _fetch(row: sa.Row[Any]) -> FetchRecord:
    return FetchRecord(**{name: getattr(row, name) for name in FetchRecord.__slots__})
