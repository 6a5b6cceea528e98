"""Leases: one process does a job at a time; a dead owner's lease runs out. And marks: who did a job last."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from groundwire.storage.database import Database
from groundwire.storage.schema import leases


class Leases:
    """The leases' records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def take(self, name: str, owner: str, now: datetime, length: timedelta) -> str | None:
        """Take or renew a lease; None on success, else the owner that holds it."""
        with self._db.write() as connection:
            held = connection.execute(sa.select(leases).where(leases.c.name == name).with_for_update()).one_or_none()
            if held is not None and held.owner != owner and held.expires_at > now:
                return str(held.owner)
            if held is None:
                connection.execute(leases.insert().values(name=name, owner=owner, expires_at=now + length))
            else:
                connection.execute(
                    leases.update().where(leases.c.name == name).values(owner=owner, expires_at=now + length)
                )
        return None

    def marked(self, connection: sa.Connection, name: str) -> str | None:
        """The mark of whoever did a job last; None if nobody ever did."""
        return connection.execute(sa.select(leases.c.owner).where(leases.c.name == name)).scalar_one_or_none()

    def mark(self, connection: sa.Connection, name: str, mark: str, now: datetime) -> None:
        """Leave a mark with a job's results, within the caller's transaction."""
        values = {"owner": mark, "expires_at": now}
        if not connection.execute(leases.update().where(leases.c.name == name).values(values)).rowcount:
            connection.execute(leases.insert().values(name=name, **values))

    def release(self, name: str, owner: str) -> None:
        """Give a lease back, if it is still ours."""
        with self._db.write() as connection:
            connection.execute(leases.delete().where(leases.c.name == name, leases.c.owner == owner))
