"""What a reader named (roles, topics), which events that touches, and how much higher it puts them.

No account: a reader's choice is in the address, in a cookie of their own browser, or in the settings. A match counts like
double importance: one step of the base-2 logarithm that events are ordered by (``events.rank.standing``), so an event
stands where it would be if it were one half-life (36 h) younger; a topic and a role each count once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from groundwire.evidence.roles import AUDIENCES
from groundwire.types import Brief, Event

MOST_NAMED = 20
"""Topics that a reader may name; further ones are dropped."""
STEP = 1.0
"""What a match adds to ``standing``; 1 is a doubled importance."""
_TOPIC = re.compile(r"[^\x00-\x1f\x7f!:]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interests:
    """What a reader named; empty: nothing."""

    roles: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.roles or self.topics)


NOBODY = Interests()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMatch:
    """A role that the reader named and the event concerns."""

    role: str
    words: str
    """The words of a source that decided it, verbatim."""
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What of a reader's choice an event touches."""

    topics: tuple[str, ...] = ()
    roles: tuple[RoleMatch, ...] = ()

    @property
    def lift(self) -> float:
        """What it adds to ``standing``."""
        return STEP * (bool(self.topics) + bool(self.roles))


def named(roles: Iterable[str], topics: Iterable[str]) -> Interests:
    """What somebody names, as far as it can be anything: known roles, printable topics, each once, in order of name."""
    fit = sorted({t for t in topics if _TOPIC.fullmatch(t) and t.isprintable()})
    return Interests(roles=tuple(sorted({r for r in roles if r in AUDIENCES})), topics=tuple(fit[:MOST_NAMED]))


def to_cookie(interests: Interests) -> str:
    """One ASCII word, without what cookies must quote; ":" for a reader who chose nothing."""
    return "!".join(interests.roles) + ":" + "!".join(quote(t, safe="") for t in interests.topics)


def from_cookie(value: str) -> Interests | None:
    """What ``to_cookie`` wrote, or whatever of it is fit; None if it is nothing of ours."""
    roles, colon, topics = value[:2_000].partition(":")
    if not colon:
        return None
    return named(roles.split("!"), (unquote(t) for t in topics.split("!")))


def match(event: Event, brief: Brief, interests: Interests) -> Match:
    """What of a reader's choice an event touches."""
    return Match(
        topics=tuple(topic for topic in event.topics if topic in interests.topics),
        roles=deciding(brief, interests.roles),
    )


def deciding(brief: Brief, roles: Collection[str]) -> tuple[RoleMatch, ...]:
    """Those of some roles that a page concerns, with the words that decided each."""
    return tuple(
        RoleMatch(role=a.role, words=a.statement.text, language=a.statement.language)
        for a in brief.who_should_care
        if a.role in roles
    )
