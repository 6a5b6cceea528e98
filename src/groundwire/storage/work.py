"""What the desk's own work took: processor seconds of the stages, and calls of a language model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from groundwire.storage.database import Database
from groundwire.storage.schema_models import model_calls
from groundwire.storage.schema_work import work


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Processor seconds of a stage on a day (UTC)."""

    stage: str
    day: date
    number: int
    """Polls, pages, articles placed, briefs written."""
    processor_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Recorded calls of a model on a day (UTC)."""

    model: str
    day: date
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    """By list price; None: a call has none."""
    elapsed_s: float


class Work:
    """The records of work done."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def book(self, stage: str, processor_s: float, number: int, now: datetime, event_id: int | None = None) -> None:
        """Add to a stage's day, or to an event's."""
        same = sa.and_(work.c.stage == stage, work.c.day == now.date(), work.c.event_id.is_not_distinct_from(event_id))
        more = {"number": work.c.number + number, "processor_s": work.c.processor_s + processor_s}
        with self._db.write() as connection:
            first = connection.execute(sa.select(sa.func.min(work.c.id)).where(same)).scalar_one()
            if first is not None:
                connection.execute(work.update().where(work.c.id == first).values(more))
                return
            row = {"stage": stage, "day": now.date(), "event_id": event_id}
            connection.execute(work.insert().values(number=number, processor_s=processor_s, **row))

    def done(self, event_id: int | None = None) -> list[Worked]:
        """By stage and day, of all or of one event, oldest first."""
        query = sa.select(work.c.stage, work.c.day, sa.func.sum(work.c.number), sa.func.sum(work.c.processor_s))
        if event_id is not None:
            query = query.where(work.c.event_id == event_id)
        query = query.group_by(work.c.day, work.c.stage).order_by(work.c.day, work.c.stage)
        with self._db.read() as connection:
            return [
                Worked(stage=stage, day=day, number=number, processor_s=seconds)
                for stage, day, number, seconds in connection.execute(query)
            ]

    def asked(self, event_id: int | None = None) -> list[Asked]:
        """Calls by model and day, of all or of one event, oldest first."""
        calls = model_calls.c
        query = sa.select(
            calls.model, calls.asked_at, calls.input_tokens, calls.output_tokens, calls.cost_usd, calls.elapsed_s
        )
        if event_id is not None:
            query = query.where(calls.event_id == event_id)
        found: dict[tuple[date, str], Asked] = {}
        with self._db.read() as connection:
            for row in connection.execute(query.order_by(calls.asked_at, calls.prompt_hash)):
                key = (row.asked_at.date(), row.model)
                was = found.get(key)
                costs = (row.cost_usd, was.cost_usd if was else 0.0)
                found[key] = Asked(
                    model=row.model,
                    day=key[0],
                    calls=(was.calls if was else 0) + 1,
                    input_tokens=(was.input_tokens if was else 0) + row.input_tokens,
                    output_tokens=(was.output_tokens if was else 0) + row.output_tokens,
                    cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
                    elapsed_s=(was.elapsed_s if was else 0.0) + row.elapsed_s,
                )
        return list(found.values())
