"""Feed items, as the sources gave them, and which of them still want their page fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from groundwire.storage.database import Database
from groundwire.storage.schema import entries
from groundwire.types import Entry

MAX_ATTEMPTS = 3
"""After so many failures an entry is made an article from what the feed itself gave."""

RETRY_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEntry:
    """An entry whose page is to be fetched and extracted."""

    id: int
    source_id: int
    entry: Entry
    attempts: int


class Entries:
    """The entries' records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def save(
        self,
        connection: sa.Connection,
        source_id: int,
        found: Iterable[Entry],
        now: datetime,
        second_key: Callable[[Entry], str | None],
    ) -> int:
        """Store new and changed entries, within the caller's transaction; return how many are new.

        An entry is known by its key or, where a publisher changes its identifiers, by ``second_key`` (link or content).
        A changed one becomes due again, so that a new version is made of it.
        """
        new = 0
        for entry in found:
            digest = _content_hash(entry)
            second = second_key(entry)
            query = sa.select(entries.c.id, entries.c.content_hash, entries.c.key).where(
                entries.c.source_id == source_id
            )
            known = connection.execute(query.where(entries.c.key == entry.key)).first()
            if known is None and second is not None:
                known = connection.execute(query.where(entries.c.second_key == second).limit(1)).first()
            values = _values(entry) | {"second_key": second, "content_hash": digest}
            if known is None:
                connection.execute(
                    entries.insert().values(
                        source_id=source_id, key=entry.key, first_seen_at=now, due_at=now, attempts=0, **values
                    )
                )
                new += 1
            elif known.content_hash != digest:
                connection.execute(
                    entries.update()
                    .where(entries.c.id == known.id)
                    .values(due_at=now, attempts=0, error=None, **values)
                )
        return new

    def due(self, now: datetime, limit: int, *, only: Collection[int] | None = None) -> list[DueEntry]:
        """Entries to fetch and extract now, oldest first; of all, or of those whose ids are given."""
        query = sa.select(entries).where(entries.c.due_at <= now).order_by(entries.c.due_at, entries.c.id).limit(limit)
        if only is not None:
            query = query.where(entries.c.id.in_(only))
        with self._db.read() as connection:
            return [
                DueEntry(id=row.id, source_id=row.source_id, attempts=row.attempts, entry=_entry(row))
                for row in connection.execute(query)
            ]

    def of_article(self, article_id: int) -> Entry | None:
        """The entry that an article was first made from."""
        query = sa.select(entries).where(entries.c.article_id == article_id).order_by(entries.c.id).limit(1)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _entry(row)

    def due_urls(self, now: datetime, limit: int) -> list[tuple[int, str | None]]:
        """(id, URL) of entries to fetch and extract now, oldest first."""
        query = sa.select(entries.c.id, entries.c.url).where(entries.c.due_at <= now)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(entries.c.due_at, entries.c.id).limit(limit))
            return [(row.id, row.url) for row in rows]

    def count_due(self, now: datetime) -> int:
        """How many entries are to be fetched and extracted now."""
        query = sa.select(sa.func.count()).select_from(entries).where(entries.c.due_at <= now)
        with self._db.read() as connection:
            return int(connection.execute(query).scalar_one())

    def done(self, connection: sa.Connection, entry_id: int, article_id: int | None, error: str | None = None) -> None:
        """Mark as extracted (or as not worth it, with the reason), within the caller's transaction."""
        connection.execute(
            entries.update().where(entries.c.id == entry_id).values(due_at=None, article_id=article_id, error=error)
        )

    def failed(self, entry_id: int, attempts: int, error: str, now: datetime) -> None:
        """Try again later: 15 min, then 30, then an hour."""
        with self._db.write() as connection:
            connection.execute(
                entries.update()
                .where(entries.c.id == entry_id)
                .values(attempts=attempts + 1, error=error, due_at=now + RETRY_AFTER * 2**attempts)
            )

    def revive(self, source_ids: Sequence[int], now: datetime) -> None:
        """Make the entries of some sources due again (a person asked)."""
        with self._db.write() as connection:
            connection.execute(
                entries.update().where(entries.c.source_id.in_(source_ids)).values(due_at=now, attempts=0)
            )


def _content_hash(entry: Entry) -> str:
    return hashlib.sha256(
        "\0".join((entry.title, entry.url or "", entry.html)).encode("utf-8", "surrogatepass")
    ).hexdigest()


def _values(entry: Entry) -> dict[str, Any]:
    names = ("url", "title", "author", "published_at", "updated_at", "html", "language")
    return {name: getattr(entry, name) for name in names} | {"categories": list(entry.categories)}


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(
        key=row.key,
        url=row.url,
        title=row.title,
        author=row.author,
        published_at=row.published_at,
        updated_at=row.updated_at,
        html=row.html,
        language=row.language,
        categories=tuple(row.categories),
    )
