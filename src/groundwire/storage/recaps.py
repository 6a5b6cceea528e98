"""Recaps of past periods, kept as they were: a week that is over stays what it said."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from groundwire.storage.database import Database
from groundwire.storage.schema_living import corrections, recaps


class Recaps:
    """The drafts' records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, period: str) -> tuple[str, datetime] | None:
        """A period's draft as JSON, and when it was made."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(recaps).where(recaps.c.period == period)).first()
        return None if row is None else (row.document, row.made_at)

    def save(self, period: str, document: str, now: datetime) -> None:
        """Keep a draft in place of an earlier one."""
        with self._db.write() as connection:
            connection.execute(recaps.delete().where(recaps.c.period == period))
            connection.execute(recaps.insert().values(period=period, document=document, made_at=now))

    def outdated(self) -> list[str]:
        """Periods whose draft is older than the newest correction of anything."""
        newest = sa.select(sa.func.max(corrections.c.noticed_at)).scalar_subquery()
        with self._db.read() as connection:
            query = sa.select(recaps.c.period).where(recaps.c.made_at < newest)
            return list(connection.execute(query.order_by(recaps.c.period)).scalars())
