"""Who gets recaps by mail, and which edition went to whom: a second run sends nothing twice, a failed mail goes later."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from groundwire.editions.reader import Interests, named
from groundwire.storage.database import Database
from groundwire.storage.schema_living import mailings, subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A reader of the mailed recap."""

    address: str
    token: str
    """Whoever shows it may unsubscribe the address."""
    interests: Interests
    language: str
    """"" is the settings' own."""
    left_at: datetime | None
    """When they unsubscribed; None: they get mail."""


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
            known = sa.select(mailings.c.edition).where(
                mailings.c.edition == edition, mailings.c.recipient == recipient
            )
            if connection.execute(known).first() is None:
                connection.execute(mailings.insert().values(edition=edition, recipient=recipient, sent_at=now))

    def join(self, address: str, interests: Interests, language: str, now: datetime) -> Subscriber:
        """Subscribe an address, or change what it is sent; whoever had left is back."""
        values = {
            "roles": list(interests.roles), "topics": list(interests.topics), "language": language, "listed": True,
            "left_at": None,
        }  # fmt: skip
        with self._db.write() as connection:
            self._ensure(connection, [address], now)
            chosen = subscribers.update().where(subscribers.c.address == address)
            connection.execute(chosen.values(**values))
        return self.known([address], now)[address]

    def known(self, addresses: list[str], now: datetime) -> dict[str, Subscriber]:
        """Records of addresses, made where there is none: each needs a token to leave by."""
        with self._db.write() as connection:
            self._ensure(connection, addresses, now)
            query = sa.select(subscribers).where(subscribers.c.address.in_(addresses))
            return {row.address: _subscriber(row) for row in connection.execute(query)}

    def all(self) -> list[Subscriber]:
        """Those who were subscribed, in order of address, with those who left."""
        query = sa.select(subscribers).where(subscribers.c.listed).order_by(subscribers.c.address)
        with self._db.read() as connection:
            return [_subscriber(row) for row in connection.execute(query)]

    def by_token(self, token: str) -> Subscriber | None:
        """Whose token it is."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(subscribers).where(subscribers.c.token == token)).first()
        return None if row is None else _subscriber(row)

    def leave(self, address: str, now: datetime) -> None:
        """Send an address nothing more; leaving twice changes nothing."""
        with self._db.write() as connection:
            chosen = subscribers.update().where(subscribers.c.address == address, subscribers.c.left_at.is_(None))
            connection.execute(chosen.values(left_at=now))

    def _ensure(self, connection: sa.Connection, addresses: list[str], now: datetime) -> None:
        query = sa.select(subscribers.c.address).where(subscribers.c.address.in_(addresses))
        there = set(connection.execute(query).scalars())
        for address in dict.fromkeys(a for a in addresses if a not in there):
            values = {"roles": [], "topics": [], "language": "", "listed": False, "joined_at": now}
            connection.execute(subscribers.insert().values(address=address, token=secrets.token_urlsafe(18), **values))


def _subscriber(row: sa.Row[Any]) -> Subscriber:
    return Subscriber(
        address=row.address, token=row.token, interests=named(row.roles, row.topics), language=row.language,
        left_at=row.left_at,
    )  # fmt: skip
