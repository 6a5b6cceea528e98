"""Which edition went to whom: so that a second run sends nothing twice, and a failed mail is sent later."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from groundwire.storage.database import Database
from groundwire.storage.schema_living import mailings


class Mailings:
    """The mailings' records."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sent_to(self, edition: str) -> set[str]:
        """Who has an edition."""
        with self._db.read() as connection:
            query = sa.select(mailings.c.recipient).where(mailings.c.edition == edition)
            return set(connection.execute(query).scalars())

    def sent(self, edition: str, recipient: str, now: datetime) -> None:
        """Note that somebody has an edition."""
        with self._db.write() as connection:
            connection.execute(mailings.insert().values(edition=edition, recipient=recipient, sent_at=now))
