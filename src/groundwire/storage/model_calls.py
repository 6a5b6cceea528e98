"""What a model answered, what of it was withheld and why, and which briefs wait to be written again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from groundwire.llm.recording import Call
from groundwire.storage.database import Database
from groundwire.storage.schema import events
from groundwire.storage.schema_models import model_calls, unwritten, withheld


class ModelCalls:
    """The records of written analysis."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, prompt_hash: str) -> Call | None:
        """The recorded answer to a prompt."""
        with self._db.read() as connection:
            query = sa.select(model_calls).where(model_calls.c.prompt_hash == prompt_hash)
            row = connection.execute(query).one_or_none()
        return None if row is None else Call(**row._mapping)

    def save(self, call: Call) -> None:
        """Record an answer; the first one to a prompt stays."""
        with self._db.write() as connection:
            known = sa.select(model_calls.c.prompt_hash).where(model_calls.c.prompt_hash == call.prompt_hash)
            if connection.execute(known).one_or_none() is None:
                connection.execute(model_calls.insert().values({name: getattr(call, name) for name in Call.__slots__}))

    def last_reported(self, model: str) -> str | None:
        """Who answered the last time that ``model`` was asked for, as the server reported it."""
        asked_for = model_calls.c.parameters["model"].as_string() == model
        latest = sa.select(model_calls.c.model).where(asked_for).order_by(model_calls.c.asked_at.desc())
        with self._db.read() as connection:
            return connection.execute(latest.limit(1)).scalar_one_or_none()

    def spent(self, since: datetime) -> tuple[int, float]:
        """Tokens and money that all answers since a time took; what has no price counts as nothing. [token], [USD]"""
        tokens = sa.func.sum(model_calls.c.input_tokens + model_calls.c.output_tokens)
        query = sa.select(tokens, sa.func.sum(model_calls.c.cost_usd)).where(model_calls.c.asked_at >= since)
        with self._db.read() as connection:
            row = connection.execute(query).one()
        return int(row[0] or 0), float(row[1] or 0.0)

    def save_withheld(self, event_id: int, dropped: Sequence[tuple[str, str, Sequence[str]]]) -> None:
        """Replace an event's withheld statements: (section, text, reasons)."""
        with self._db.write() as connection:
            connection.execute(withheld.delete().where(withheld.c.event_id == event_id))
            rows = [
                {"event_id": event_id, "section": section, "text": text, "reasons": list(reasons)}
                for section, text, reasons in dropped
            ]
            if rows:
                connection.execute(withheld.insert(), rows)

    def withheld(self, event_id: int) -> list[tuple[str, str, list[str]]]:
        """(section, text, reasons) of an event's withheld statements."""
        with self._db.read() as connection:
            query = sa.select(withheld).where(withheld.c.event_id == event_id).order_by(withheld.c.id)
            return [(row.section, row.text, row.reasons) for row in connection.execute(query)]

    def all_withheld(self, event_id: int | None = None) -> list[tuple[str, str, str, list[str]]]:
        """(slug, section, text, reasons) of all withheld statements, or of one event's; the latest events first."""
        query = sa.select(events.c.slug, withheld.c.section, withheld.c.text, withheld.c.reasons)
        query = query.join_from(withheld, events, events.c.id == withheld.c.event_id)
        if event_id is not None:
            query = query.where(withheld.c.event_id == event_id)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(withheld.c.event_id.desc(), withheld.c.id))
            return [(slug, section, text, reasons) for slug, section, text, reasons in rows]

    def postpone(self, event_id: int, reason: str, retry_at: datetime | None) -> None:
        """Write an event's brief again at a time; None: it need not be."""
        with self._db.write() as connection:
            connection.execute(unwritten.delete().where(unwritten.c.event_id == event_id))
            if retry_at is not None:
                connection.execute(unwritten.insert().values(event_id=event_id, reason=reason, retry_at=retry_at))

    def waiting(self) -> list[tuple[str, int]]:
        """Why briefs wait to be written again, each reason with how many; the most frequent first."""
        count = sa.func.count()
        query = (
            sa.select(unwritten.c.reason, count).group_by(unwritten.c.reason).order_by(count.desc(), unwritten.c.reason)
        )
        with self._db.read() as connection:
            return [(reason, number) for reason, number in connection.execute(query)]

    def retry(self, now: datetime) -> int:
        """Make the events due whose brief waits to be written again; return how many."""
        ready = sa.select(unwritten.c.event_id).where(unwritten.c.retry_at <= now)
        with self._db.write() as connection:
            ids = list(connection.execute(ready).scalars())
            not_due = events.update().where(events.c.id.in_(ids), events.c.due_at.is_(None))
            connection.execute(not_due.values(due_at=now))
            connection.execute(unwritten.delete().where(unwritten.c.event_id.in_(ids)))
        return len(ids)
