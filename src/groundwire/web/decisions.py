"""What a person decides about events and sources, carried out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from groundwire.errors import NotFound
from groundwire.storage import Store
from groundwire.types import Source

Kind = Literal["hide", "show", "merge", "split", "pin"]
KINDS: tuple[Kind, ...] = ("hide", "show", "merge", "split", "pin")
AddSource = Callable[[str], Awaitable[Source]]
"""Finds the feed behind an address and stores it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of it."""

    kind: Kind
    event: str
    """Slug of the event to look at now: the survivor of a merge, the new one of a split."""


def decide(
    store: Store, slug: str, kind: Kind, *, other: str | None, articles: Sequence[int], now: datetime
) -> Decided:
    """Carry out a decision about the event at ``slug``.

    Args:
        store: Where.
        slug: The event.
        kind: hide or show it; merge ``other`` into it; split ``articles`` off; pin ``articles`` to it for good.
        other: Slug of the other event.
        articles: Article ids.
        now: When.

    Raises:
        NotFound: One of the named things is not there, or the decision makes no sense for it.
    """
    event = store.events.by_slug(slug)
    match kind:
        case "hide" | "show":
            store.events.set_hidden(event.id, now, hidden=kind == "hide")
        case "merge":
            if not other:
                raise NotFound("name the event to merge into this one")
            absorbed = store.events.by_slug(other.strip().rstrip("/").rpartition("/")[2])
            store.events.merge(event.id, absorbed.id, now)
        case "split":
            event = store.events.get(store.events.split(articles, event.id, now))
        case "pin":
            if not articles:
                raise NotFound("name the article to pin")
            for article_id in articles:
                store.events.pin(article_id, event.id, now)
    return Decided(kind=kind, event=event.slug)
