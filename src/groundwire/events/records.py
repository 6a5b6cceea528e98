"""What goes into the event index and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from groundwire.types import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article as the event stage needs it."""

    article_id: int
    source_id: int
    language: str
    """BCP 47 primary subtag."""
    title: str
    text: str
    """Main text; it may begin with the title."""
    published_at: datetime | None = None
    """Aware; None where nobody knows, which is tolerated: time then neither speaks for nor against."""
    links: tuple[str, ...] = ()
    """Addresses that the article links to or is a copy of; sharing one is evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article's place as storage kept it, for ``EventIndex.restore``."""

    article_id: int
    event_id: int
    origin_id: int
    fingerprint: bytes
    """``Assignment.fingerprint``, unchanged."""
    pinned: bool = False
    """A person put it there: it is never moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where an article belongs, and why."""

    article_id: int
    event_id: int
    origin_id: int
    """The article whose text this one copies; its own id when it is an independent report."""
    reasons: tuple[Reason, ...]
    """Strongest first; empty for the first article of an event."""
    fingerprint: bytes
    """To be stored: what ``restore`` needs."""
    moved_from: int | None = None
    """The event that the article was in before, where better evidence took it out; None for a new article."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two events turned out to be one; the absorbed one's address must lead to the survivor for ever."""

    survivor_id: int
    absorbed_id: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """What ``EventIndex.add`` decided, to be stored in one transaction: merges first, then assignments."""

    assignments: tuple[Assignment, ...]
    """Every new article once, then articles that changed their event other than by a merge."""
    merges: tuple[Merge, ...]


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a person decided, as pairs of article ids. Later decisions win over earlier ones: leave those out."""

    together: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    """These two belong to one event (pin: the article and one that was there; merge: one of each event)."""
    apart: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    """These two belong to different events (split: each that left with each that stayed)."""

    @classmethod
    def of(cls, together: Iterable[tuple[int, int]] = (), apart: Iterable[tuple[int, int]] = ()) -> Constraints:
        """From pairs in any order."""
        return cls(frozenset(map(_ordered, together)), frozenset(map(_ordered, apart)))


def _ordered(pair: tuple[int, int]) -> tuple[int, int]:
    a, b = pair
    return (a, b) if a <= b else (b, a)
