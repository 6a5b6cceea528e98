"""When cited articles are looked at again, which were retracted, and what pages say of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from groundwire.corrections import LOOKS, Correction
from groundwire.storage.database import Database
from groundwire.storage.schema import articles, entries, members
from groundwire.storage.schema_living import corrections, rechecks


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An article that is due for another look."""

    article_id: int
    source_id: int
    url: str
    canonical_url: str
    step: int
    """Looks taken."""
    misses: int
    cited_at: datetime
    """When it was first cited."""
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A correction in the log."""

    correction: Correction
    event_id: int
    noticed_at: datetime


class Corrections:
    """The corrections' records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def watch(self, article_ids: Collection[int], now: datetime) -> None:
        """Look at articles again in time; those that are watched already stay as they are."""
        with self._db.write() as connection:
            known = sa.select(rechecks.c.article_id).where(rechecks.c.article_id.in_(sorted(article_ids)))
            new = sorted(set(article_ids) - set(connection.execute(known).scalars()))
            if new:
                values = {"cited_at": now, "due_at": now + LOOKS[0], "step": 0, "misses": 0, "retraction": ""}
                connection.execute(rechecks.insert(), [{"article_id": article_id, **values} for article_id in new])

    def due(self, now: datetime, limit: int, *, only: Collection[int] | None = None) -> list[Watched]:
        """Articles to look at, longest due first, of all or of those whose ids are given.

        Not those whose text is the feed's own, as their page was not had.
        """
        paged = sa.exists().where(entries.c.article_id == articles.c.id, entries.c.error.is_(None))
        query = (
            sa.select(rechecks, articles.c.source_id, articles.c.url, articles.c.canonical_url)
            .join(articles, articles.c.id == rechecks.c.article_id)
            .where(rechecks.c.due_at <= now, paged, articles.c.url.like("http%"))
            .order_by(rechecks.c.due_at, rechecks.c.article_id)
            .limit(limit)
        )
        if only is not None:
            query = query.where(rechecks.c.article_id.in_(only))
        with self._db.read() as connection:
            return [Watched(**{n: getattr(row, n) for n in Watched.__slots__}) for row in connection.execute(query)]

    def looked(self, article_id: int, *, due_at: datetime | None, now: datetime, **values: Any) -> None:
        """Note a look and when the next one is due; ``values`` are further columns."""
        with self._db.write() as connection:
            chosen = rechecks.update().where(rechecks.c.article_id == article_id)
            connection.execute(chosen.values(due_at=due_at, checked_at=now, **values))

    def retract(self, article_id: int, reason: str, now: datetime) -> int | None:
        """Mark an article as retracted and return the event that must be told anew, if any."""
        with self._db.write() as connection:
            chosen = rechecks.update().where(rechecks.c.article_id == article_id)
            connection.execute(chosen.values(retraction=reason, retracted_at=now, due_at=None))
            query = sa.select(members.c.event_id).where(members.c.article_id == article_id)
            return connection.execute(query).scalar_one_or_none()

    def retracted(self, article_ids: Collection[int]) -> Mapping[int, str]:
        """Which of some articles are retracted, and what says so."""
        query = sa.select(rechecks.c.article_id, rechecks.c.retraction).where(
            rechecks.c.article_id.in_(sorted(article_ids)), rechecks.c.retraction != ""
        )
        with self._db.read() as connection:
            return {row.article_id: row.retraction for row in connection.execute(query)}

    def log(self, event_id: int, found: Iterable[Correction], now: datetime) -> int:
        """Add to an event's log what is not in it; returns how many are new."""
        new = 0
        with self._db.write() as connection:
            for c in found:
                known = sa.select(corrections.c.id).where(
                    corrections.c.event_id == event_id,
                    corrections.c.version_id == c.version_id,
                    corrections.c.newer_id.is_not_distinct_from(c.newer_id),
                    corrections.c.start_offset == c.start,
                    corrections.c.end_offset == c.end,
                )
                if connection.execute(known).first() is not None:
                    continue
                values = {n: getattr(c, n) for n in Correction.__slots__ if n not in ("start", "end")}
                values |= {"start_offset": c.start, "end_offset": c.end}
                connection.execute(corrections.insert().values(event_id=event_id, noticed_at=now, **values))
                new += 1
        return new

    def of_events(self, event_ids: Collection[int]) -> Mapping[int, list[Logged]]:
        """The logs of some events, newest first; an article's corrections go with it when events merge."""
        moved = sa.func.coalesce(members.c.event_id, corrections.c.event_id)
        query = (
            sa.select(corrections, moved.label("now_in"))
            .join(members, members.c.article_id == corrections.c.article_id, isouter=True)
            .where(moved.in_(sorted(event_ids)))
            .order_by(corrections.c.noticed_at.desc(), corrections.c.id)
        )
        found: dict[int, list[Logged]] = {}
        with self._db.read() as connection:
            for row in connection.execute(query):
                found.setdefault(row.now_in, []).append(_logged(row))
        return found


def _logged(row: sa.Row[Any]) -> Logged:
    values = {n: getattr(row, n) for n in Correction.__slots__ if n not in ("start", "end")}
    correction = Correction(**values, start=row.start_offset, end=row.end_offset)
    return Logged(correction=correction, event_id=cast("int", row.now_in), noticed_at=row.noticed_at)
