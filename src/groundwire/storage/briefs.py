"""Published briefs: the document that pages show, and each of its statements with its citations for checking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from groundwire.storage.database import Database, insert_all
from groundwire.storage.schema import article_versions, briefs, citations, events, statements
from groundwire.storage.schema_models import translations
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

    def save(
        self,
        brief: StoredBrief,
        published: Sequence[Statement],
        seen_due_at: datetime | None,
        others: Sequence[StoredBrief] = (),
    ) -> None:
        """Replace an event's brief in one transaction: the documents, their statements and citations, then publish.

        The event stays due if it was touched again after ``seen_due_at``. The database refuses an uncited statement.

        Args:
            brief: In the reader's own language.
            published: The statements of all documents.
            seen_due_at: When the event became due, as far as whoever made the brief knew.
            others: The brief in further languages.
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
            connection.execute(briefs.insert().values(_row(brief)))
            connection.execute(translations.delete().where(translations.c.event_id == brief.event_id))
            if others:
                connection.execute(translations.insert(), [_row(other) for other in others])
            done = events.update().where(events.c.id == brief.event_id)
            if seen_due_at is not None:
                done = done.where(events.c.due_at == seen_due_at)
            connection.execute(done.values(due_at=None))

    def withdraw(self, event_id: int) -> None:
        """Unpublish an event's brief (nothing citable is left); the event is not due until something changes."""
        with self._db.write() as connection:
            connection.execute(statements.update().where(statements.c.event_id == event_id).values(published=False))
            for told in (briefs, translations):
                connection.execute(told.delete().where(told.c.event_id == event_id))
            connection.execute(events.update().where(events.c.id == event_id).values(due_at=None))

    def get(self, event_id: int, language: str | None = None) -> StoredBrief | None:
        """An event's brief, if it has one: in a language if it is there in that, else in the reader's own."""
        return self.many([event_id], language).get(event_id)

    def many(self, event_ids: Sequence[int], language: str | None = None) -> dict[int, StoredBrief]:
        """The briefs of several events, by event; languages as ``get``."""
        found: dict[int, StoredBrief] = {}
        with self._db.read() as connection:
            queries = [sa.select(briefs).where(briefs.c.event_id.in_(event_ids))]
            if language is not None:
                wanted = sa.select(translations).where(translations.c.event_id.in_(event_ids))
                queries.append(wanted.where(translations.c.language == language))
            for query in queries:
                for row in connection.execute(query):
                    found[row.event_id] = StoredBrief(**{name: getattr(row, name) for name in StoredBrief.__slots__})
        return found

    def in_all_languages(self, event_id: int) -> list[StoredBrief]:
        """An event's brief in the settings' own language, then in others."""
        with self._db.read() as connection:
            languages = sa.select(translations.c.language).where(translations.c.event_id == event_id)
            others = list(connection.execute(languages.order_by(translations.c.language)).scalars())
        found = [self.get(event_id, language) for language in (None, *others)]
        return [told for told in found if told is not None]

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
        """(event's slug, document, its statements on record as (section, text)) of every brief, in order of event.

        An event's brief in the reader's own language comes first, those in further languages after it.
        """
        told = [
            sa.select(table.c.event_id, events.c.slug, table.c.document, sa.literal(order).label("nth"), table.c.language)
            .select_from(table.join(events))
            for order, table in enumerate((briefs, translations))
        ]  # fmt: skip
        every = sa.union_all(*told).subquery()
        ordered = sa.select(every).order_by(every.c.event_id, every.c.nth, every.c.language)
        with self._db.read() as connection:
            for row in connection.execute(ordered).all():
                query = sa.select(statements.c.section, statements.c.text)
                rows = connection.execute(query.where(statements.c.event_id == row.event_id, statements.c.published))
                yield row.slug, row.document, {(found.section, found.text) for found in rows}


def _row(brief: StoredBrief) -> dict[str, Any]:
    return {name: getattr(brief, name) for name in StoredBrief.__slots__}
