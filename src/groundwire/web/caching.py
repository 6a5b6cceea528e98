"""Rendered pages: their validators, and a bounded memory of them that forgets when the database changes."""

from __future__ import annotations

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

MAX_BYTES: Final = 48 * 2**20
HOLD_S: Final = 5.0
"""How old a page of a past state may be under load before it is rendered anew. [s]"""
LONGEST_HOLD: Final = 12.0
"""So many times as old it may be while its turn has not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """From when until when something shown holds, as far as that is known."""

    since: datetime | None
    """When it last changed: told to the requester."""
    until: datetime | None
    """When it changes next by the passing of time alone; None: not at all."""


ALWAYS: Final = Lifetime(since=None, until=None)
"""Changes with the database or the program only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page, a feed or a JSON answer."""

    body: bytes
    media_type: str
    holds: Lifetime = ALWAYS
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """Strong validator: the same tag means the same bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:24]}"'


class Rate:
    """How often something happens lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._count, self._at = 0.0, clock()

    def tick(self) -> float:
        """It happens; how often it did, each time counting less by half after 0.7 s. [1/s]"""
        now = self._clock()
        self._count = self._count * math.exp(self._at - now) + 1.0
        self._at = now
        return self._count


@dataclass(slots=True)
class Kept:
    """A page in memory."""

    page: Rendered
    etag: str
    stamp: Hashable
    """Names the state of the database that it shows."""
    checked_s: float
    """Monotonic time at which it was last known to be what would be rendered. [s]"""


class PageCache:
    """Pages by address and language, least recently used dropped first.

    A page is shown again as long as the database is what it was when the page was rendered; under load, up to
    ``LONGEST_HOLD * hold_s`` longer: collecting commits many times a second, and a page of a moment ago is better than a wait.
    """

    def __init__(
        self, max_bytes: int = MAX_BYTES, hold_s: float = HOLD_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.hold_s = hold_s
        self._max, self._clock = max_bytes, clock
        self._size = 0
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, stamp: Hashable, now: datetime | None, *, busy: bool = False) -> Kept | None:
        """A page that may still be shown at ``now``."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None:
                return None
            if kept.stamp == stamp:
                kept.checked_s = self._clock()
            elif not busy or self._age(kept) >= LONGEST_HOLD * self.hold_s:
                return None
            lapsed = now is not None and kept.page.holds.until is not None and kept.page.holds.until <= now
            if lapsed:
                return None
            self._pages.move_to_end(key)
            return kept

    def is_due(self, kept: Kept, stamp: Hashable) -> bool:
        """Whether a page of a past state should be rendered anew, shown or not."""
        return kept.stamp != stamp and self._age(kept) >= self.hold_s

    def put(self, key: Hashable, stamp: Hashable, page: Rendered) -> Kept:
        """Remember a page; give it back with its tag."""
        kept = Kept(page, page.etag, stamp, self._clock())
        with self._lock:
            self._drop(key)
            if len(page.body) <= self._max:
                self._pages[key] = kept
                self._size += len(page.body)
            while self._size > self._max:
                self._drop(next(iter(self._pages)))
        return kept

    def clear(self) -> None:
        """Forget everything: someone has just changed something here and wants to see it."""
        with self._lock:
            self._pages.clear()
            self._size = 0

    def _age(self, kept: Kept) -> float:
        return self._clock() - kept.checked_s

    def _drop(self, key: Hashable) -> None:
        dropped = self._pages.pop(key, None)
        if dropped is not None:
            self._size -= len(dropped.page.body)


def soon(now: datetime | None) -> Lifetime:
    """For what tells how long ago things were: a minute."""
    return Lifetime(since=None, until=None if now is None else now + timedelta(minutes=1))


def answer(request: Request, page: Rendered, etag: str, cache_control: str, vary: str) -> Response:
    """The page, or 304 if the requester has it (RFC 9110: If-None-Match before If-Modified-Since)."""
    headers = {"Cache-Control": cache_control, "ETag": etag, "Vary": vary, **page.headers}
    if page.holds.since is not None:
        headers["Last-Modified"] = format_datetime(page.holds.since.astimezone(UTC), usegmt=True)
    if page.status == 200 and _has_it(request, page, etag):
        return Response(status_code=304, headers=headers)
    return Response(page.body, page.status, headers, page.media_type)


def _has_it(request: Request, page: Rendered, etag: str) -> bool:
    asked = request.headers.get("if-none-match")
    if asked is not None:
        return asked.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in asked.split(","))
    since = request.headers.get("if-modified-since")
    if since is None or page.holds.since is None:
        return False
    try:
        known = parsedate_to_datetime(since)
    except ValueError:
        return False
    return known.tzinfo is not None and page.holds.since.replace(microsecond=0) <= known
