"""Permanent addresses of events: readable, and never used for another event."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import sqlalchemy as sa

from groundwire.storage.schema import events, redirects

OPENING = 240
"""Characters of an article in which the names of a title without Latin words are sought."""
_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z0-9.-]*[A-Za-z0-9](?: [A-Z0-9][A-Za-z0-9.-]*)*")


def free_slug(connection: sa.Connection, event_id: int, title: str, text: str, published_at: datetime) -> str:
    """The first of a few readable addresses that was never in use; the event's id makes the last one unique."""
    base = _slug_of(title, text, published_at, event_id)
    wanted = [base, f"{base}-2", f"{base}-3", f"{base}-e{event_id}"]
    taken: set[str] = set()
    for table in (events, redirects):
        taken |= set(connection.execute(sa.select(table.c.slug).where(table.c.slug.in_(wanted))).scalars())
    return next(slug for slug in wanted if slug not in taken)


def _slug_of(title: str, text: str, published_at: datetime, event_id: int) -> str:
    """Date and up to eight Latin words of the title: readable, safe in every file system and mail client.

    A title with hardly any (one in Chinese) gives way to the Latin names that its article opens with, of which Chinese
    news has many, and without these to the event's number.
    """
    words = _latin_words(title)
    if sum(map(str.isalpha, words)) < 2:
        names = dict.fromkeys(name for name in _NAME.findall(text[:OPENING]) if len(name) > 2)
        words = _latin_words(" ".join(list(names)[:3])) or [*words, f"event-{event_id}"]
    return "-".join([f"{published_at:%Y-%m-%d}", *words])[:80].rstrip("-")


def _latin_words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("’", ""))[:8]
