"""Articles and their immutable versions."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from groundwire.storage.database import Database, insert
from groundwire.storage.schema import article_versions, articles, fingerprints, members, sources
from groundwire.types import Article, Extracted


class Articles:
    """The articles' records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def save(self, connection: sa.Connection, source_id: int, url: str, found: Extracted, now: datetime) -> int:
        """Store what a page says, within the caller's transaction; return the article's id.

        The same text again changes nothing; another text becomes a new version, and the article is due for the events.
        """
        canonical = found.canonical_url or url
        text = f"{found.title}\n\n{found.body}"
        text_hash = hashlib.sha256(text.encode()).hexdigest()
        # of one source one article at a time: two entries may lead to the same page
        connection.execute(sa.select(sources.c.id).where(sources.c.id == source_id).with_for_update(key_share=True))
        known = connection.execute(
            sa.select(articles.c.id, article_versions.c.version, article_versions.c.text_hash)
            .join(article_versions, article_versions.c.id == articles.c.current_version_id)
            .where(articles.c.source_id == source_id, articles.c.canonical_url == canonical)
        ).one_or_none()
        if known is not None and known.text_hash == text_hash:
            return int(known.id)
        if known is None:
            article_id = insert(
                connection, articles.insert().values(source_id=source_id, url=url, canonical_url=canonical)
            )
            version = 1
        else:
            article_id, version = int(known.id), known.version + 1
        values = {
            "article_id": article_id,
            "version": version,
            "url": url,
            "title": found.title,
            "text": text,
            "author": found.author,
            "published_at": found.published_at or now,
            "published_evidence": found.published_evidence if found.published_at else "fetched",
            "collected_at": now,
            "language": found.language,
            "text_hash": text_hash,
        }
        version_id = insert(connection, article_versions.insert().values(values))
        connection.execute(
            articles.update().where(articles.c.id == article_id).values(current_version_id=version_id, due_at=now)
        )
        return article_id

    def due(self, limit: int) -> list[Article]:
        """Current versions that the events stage has not looked at, oldest publication first."""
        query = _current().where(articles.c.due_at.is_not(None))
        query = query.order_by(article_versions.c.published_at, articles.c.id).limit(limit)
        return self._read(query)

    def due_since(self) -> datetime | None:
        """Since when the events stage has had something to look at; None: it has nothing."""
        with self._db.read() as connection:
            found: datetime | None = connection.execute(sa.select(sa.func.min(articles.c.due_at))).scalar_one()
            return found

    def versions(self, version_ids: Collection[int]) -> list[Article]:
        """Versions by their ids, in the order of the ids; unknown ones are left out."""
        found = {article.id: article for article in self._read(_all().where(article_versions.c.id.in_(version_ids)))}
        return [found[version] for version in version_ids if version in found]

    def of_event(self, event_id: int) -> list[Article]:
        """Current versions of an event's articles, oldest first."""
        query = _current().join(members, members.c.article_id == articles.c.id).where(members.c.event_id == event_id)
        return self._read(query.order_by(article_versions.c.published_at, articles.c.id))

    def history(self, article_id: int) -> list[Article]:
        """All versions of an article, first to last."""
        return self._read(_all().where(articles.c.id == article_id).order_by(article_versions.c.version))

    def fingerprints(self, model: str, since: datetime) -> Sequence[tuple[int, int, int, bytes, bool]]:
        """(article, event, origin, fingerprint, pinned) of placed articles published since then, by article."""
        query = (
            sa.select(
                members.c.article_id, members.c.event_id, members.c.origin_id, fingerprints.c.data, members.c.pinned
            )
            .join(fingerprints, fingerprints.c.article_id == members.c.article_id)
            .join(articles, articles.c.id == members.c.article_id)
            .join(article_versions, article_versions.c.id == articles.c.current_version_id)
            .where(fingerprints.c.model == model, article_versions.c.published_at >= since)
            .order_by(members.c.article_id)
        )
        with self._db.read() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def count(self, *, due: bool = False) -> int:
        """How many articles there are, or how many of them the events stage has not looked at."""
        query = sa.select(sa.func.count()).select_from(articles)
        with self._db.read() as connection:
            return int(connection.execute(query.where(articles.c.due_at.is_not(None)) if due else query).scalar_one())

    def _read(self, query: sa.Select[Any]) -> list[Article]:
        with self._db.read() as connection:
            return [_article(row) for row in connection.execute(query)]


def _all() -> sa.Select[Any]:
    return (
        sa.select(article_versions, articles.c.source_id, sources.c.title.label("outlet"))
        .join(articles, articles.c.id == article_versions.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
    )


def _current() -> sa.Select[Any]:
    return _all().where(article_versions.c.id == articles.c.current_version_id)


def _article(row: sa.Row[Any]) -> Article:
    return Article(**{name: getattr(row, name) for name in Article.__slots__})
