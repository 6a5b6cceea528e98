"""Published briefs: the document that pages show, and each of its statements with its citations for checking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from groundwire.storage.database import Database, insert_all
from groundwire.storage.schema import article_versions, briefs, citations, events, statements
from groundwire.types import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBrief:
    """A brief as stored."""

    event_id: int
    language: str
    document: str
    """Canonical JSON (``briefs.serialise``)."""
    build: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCitation:
    """One published citation beside the text that it claims to quote."""

    event_slug: str
    section: str
    statement: str
    version_id: int
    start: int
    end: int
    quote: str
    stored: str
    """What the stored article text says at that place."""

    @property
    def holds(self) -> bool:
        """Whether the quote is true, character for character."""
        return self.quote == self.stored and self.start < self.end


class Briefs:
    """The briefs' records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def save(self, brief: StoredBrief, published: Sequence[Statement], seen_due_at: datetime | None) -> None:
        """Replace an event's brief in one transaction: the document, its statements, their citations, then publish.

        The event stays due if it was touched again after ``seen_due_at``. The database refuses an uncited statement.
        """
        with self._db.write() as connection:
            old = sa.select(statements.c.id).where(statements.c.event_id == brief.event_id)
            connection.execute(
                statements.update().where(statements.c.event_id == brief.event_id).values(published=False)
            )
            connection.execute(citations.delete().where(citations.c.statement_id.in_(old)))
            connection.execute(statements.delete().where(statements.c.event_id == brief.event_id))
            ids = insert_all(
                connection,
                statements,
                [
                    {
                        "event_id": brief.event_id,
                        "position": position,
                        "section": statement.section,
                        "text": statement.text,
                        "language": statement.language,
                        "made_by": statement.made_by,
                        "published": False,
                    }
                    for position, statement in enumerate(published)
                ],
            )
            cited = [
                {
                    "statement_id": statement_id,
                    "version_id": citation.version_id,
                    "start_offset": citation.start,
                    "end_offset": citation.end,
                    "quote": citation.quote,
                }
                for statement_id, statement in zip(ids, published, strict=True)
                for citation in statement.citations
            ]
            if cited:
                connection.execute(citations.insert(), cited)
            connection.execute(
                statements.update().where(statements.c.event_id == brief.event_id).values(published=True)
            )
            connection.execute(briefs.delete().where(briefs.c.event_id == brief.event_id))
            connection.execute(briefs.insert().values({name: getattr(brief, name) for name in StoredBrief.__slots__}))
            done = events.update().where(events.c.id == brief.event_id)
            if seen_due_at is not None:
                done = done.where(events.c.due_at == seen_due_at)
            connection.execute(done.values(due_at=None))

    def withdraw(self, event_id: int) -> None:
        """Unpublish an event's brief (nothing citable is left); the event is not due until something changes."""
        with self._db.write() as connection:
            connection.execute(statements.update().where(statements.c.event_id == event_id).values(published=False))
            connection.execute(briefs.delete().where(briefs.c.event_id == event_id))
            connection.execute(events.update().where(events.c.id == event_id).values(due_at=None))

    def get(self, event_id: int) -> StoredBrief | None:
        """An event's brief, if it has one."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(briefs).where(briefs.c.event_id == event_id)).one_or_none()
        return None if row is None else StoredBrief(**{name: getattr(row, name) for name in StoredBrief.__slots__})

    def many(self, event_ids: Sequence[int]) -> dict[int, StoredBrief]:
        """The briefs of several events, by event."""
        with self._db.read() as connection:
            rows = connection.execute(sa.select(briefs).where(briefs.c.event_id.in_(event_ids)))
            return {
                row.event_id: StoredBrief(**{name: getattr(row, name) for name in StoredBrief.__slots__})
                for row in rows
            }

    def all_citations(self) -> Iterator[CheckedCitation]:
        """Every published citation beside the stored words, for `groundwire verify`."""
        query = (
            sa.select(
                citations,
                statements.c.section,
                statements.c.text.label("statement"),
                events.c.slug,
                article_versions.c.text,
            )
            .join(statements, statements.c.id == citations.c.statement_id)
            .join(events, events.c.id == statements.c.event_id)
            .join(article_versions, article_versions.c.id == citations.c.version_id)
            .where(statements.c.published)
            .order_by(citations.c.version_id, citations.c.id)
        )
        with self._db.read() as connection:
            for row in connection.execution_options(yield_per=500).execute(query):
                yield CheckedCitation(
                    event_slug=row.slug,
                    section=row.section,
                    statement=row.statement,
                    version_id=row.version_id,
                    start=row.start_offset,
                    end=row.end_offset,
                    quote=row.quote,
                    stored=row.text[row.start_offset : row.end_offset],
                )

    def uncited(self) -> list[tuple[str, str, str]]:
        """(event, section, text) of published statements without a citation; only a forger can have made any."""
        missing = ~sa.exists().where(citations.c.statement_id == statements.c.id)
        query = sa.select(events.c.slug, statements.c.section, statements.c.text).join(events)
        with self._db.read() as connection:
            return [tuple(row) for row in connection.execute(query.where(statements.c.published, missing))]

    def documents(self) -> Iterator[tuple[str, str, set[tuple[str, str]]]]:
        """(event's slug, document, its statements on record as (section, text)) of every brief, in order of event."""
        with self._db.read() as connection:
            for event_id, slug, document in connection.execute(
                sa.select(briefs.c.event_id, events.c.slug, briefs.c.document).join(events).order_by(briefs.c.event_id)
            ).all():
                query = sa.select(statements.c.section, statements.c.text)
                rows = connection.execute(query.where(statements.c.event_id == event_id, statements.c.published))
                yield slug, document, {(row.section, row.text) for row in rows}
