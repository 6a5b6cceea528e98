"""Permanent addresses of events: readable, and never used for another event."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import sqlalchemy as sa

from groundwire.storage.schema import events, redirects


def free_slug(connection: sa.Connection, event_id: int, title: str, published_at: datetime) -> str:
    """The first of a few readable addresses that was never in use; the event's id makes the last one unique."""
    base = _slug_of(title, published_at, event_id)
    wanted = [base, f"{base}-2", f"{base}-3", f"{base}-e{event_id}"]
    taken: set[str] = set()
    for table in (events, redirects):
        taken |= set(connection.execute(sa.select(table.c.slug).where(table.c.slug.in_(wanted))).scalars())
    return next(slug for slug in wanted if slug not in taken)


def _slug_of(title: str, published_at: datetime, event_id: int) -> str:
    """Date and up to eight Latin words of the title: readable, safe in every file system and mail client.

    A title with hardly any (one in Chinese) gets what there is, and the event's number.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.lower()) if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("’", ""))[:8]
    if sum(map(str.isalpha, words)) < 2:
        words.append(f"event-{event_id}")
    return "-".join([f"{published_at:%Y-%m-%d}", *words])[:80].rstrip("-")
