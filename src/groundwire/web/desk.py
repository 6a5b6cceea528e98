"""Reading from the store what pages need: an event with all that it rests on, and events as entries of a list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from groundwire.briefs import from_json, statements
from groundwire.errors import GroundwireError
from groundwire.storage import Store
from groundwire.storage.briefs import StoredBrief
from groundwire.types import Article, Brief, Event, RelatedEvent

MOST_KNOWN: Final = 300
"""Events that a listing remembers."""


class NotWritten(GroundwireError):  # noqa: N818  what it is to a reader
    """The event exists, its page is still to be written."""


class Withdrawn(GroundwireError):  # noqa: N818  what it is to a reader
    """All that the event's page rested on was retracted."""


class Moved(GroundwireError):  # noqa: N818  what it is to a reader
    """The event was merged into another one."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"moved to {slug}")
        self.slug = slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An event with its brief and every article version that its page names."""

    event: Event
    brief: Brief
    made_at: datetime
    current: tuple[Article, ...]
    """The current version of each member, oldest first."""
    versions: dict[int, Article]
    """Those and the cited ones, by version id."""
    related: tuple[RelatedEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An event as lists need it: no related events, no texts but its members'."""

    event: Event
    brief: Brief
    made_at: datetime
    build: str
    current: tuple[Article, ...]


def dossier(store: Store, slug: str, language: str | None = None) -> Dossier:
    """Everything about an event; its brief in a language if it is there in that, else in the settings' own.

    Raises:
        NotFound: There is no such event.
        Moved: It was merged into another one.
        NotWritten: It has no brief yet.
        Withdrawn: It has none any more.
    """
    event = store.events.by_slug(slug)
    if event.slug != slug:
        raise Moved(event.slug)
    stored = store.briefs.get(event.id, language)
    if stored is None:
        log = store.corrections.of_events([event.id]).get(event.id, [])
        if any(logged.correction.kind == "retracted" for logged in log):
            raise Withdrawn(event.title)
        raise NotWritten(event.title)
    brief = brief_of(stored)
    current = tuple(store.articles.of_event(event.id))
    versions = {article.id: article for article in current}
    cited = {citation.version_id for statement in statements(brief) for citation in statement.citations}
    versions |= {article.id: article for article in store.articles.versions(sorted(cited - versions.keys()))}
    return Dossier(
        event=event,
        brief=brief,
        made_at=stored.made_at,
        current=current,
        versions=versions,
        related=tuple(store.events.related(event.id)),
    )


class Listing:
    """Reads events for lists and remembers the last ones: most lists show the same few, and briefs seldom change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[int, str], Listed] = {}

    def of(self, events: Sequence[Event], language: str | None = None) -> list[Listed]:
        """Events with their briefs and articles, in the order given; those without a brief are left out.

        A brief is in ``language`` if it is there in that, else in the settings' own.
        """
        stored = self._store.briefs.many([event.id for event in events], language)
        return [self._one(event, stored[event.id]) for event in events if event.id in stored]

    def found(self, words: str, limit: int, language: str | None = None) -> list[Listed]:
        """Events whose articles hold all the words, best first; ``language`` as in ``of``."""
        hits = self._store.search.find(words, limit)
        return self.of([self._store.events.get(hit.event_id) for hit in hits], language)

    def _one(self, event: Event, stored: StoredBrief) -> Listed:
        known = self._known.get((event.id, stored.language))
        if known is not None and (known.event, known.made_at, known.build) == (event, stored.made_at, stored.build):
            return known
        current = tuple(self._store.articles.of_event(event.id))
        made = Listed(event=event, brief=brief_of(stored), made_at=stored.made_at, build=stored.build, current=current)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[event.id, stored.language] = made
        return made


def brief_of(stored: StoredBrief) -> Brief:
    """The brief of a stored document."""
    return _brief(stored.document)


@lru_cache(maxsize=256)
def _brief(document: str) -> Brief:
    return from_json(json.loads(document))
