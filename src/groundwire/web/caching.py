"""Rendered pages: their validators, and a bounded memory of them that forgets when the database changes."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

MAX_BYTES = 48 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page, a feed or a JSON answer."""

    body: bytes
    media_type: str
    modified_at: datetime | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """Strong validator: the same tag means the same bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:24]}"'


class PageCache:
    """Pages by address and language, least recently used dropped first; all dropped when the stamp changes."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max = max_bytes
        self._size = 0
        self._stamp: Hashable = None
        self._pages: OrderedDict[Hashable, tuple[Rendered, str]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, stamp: Hashable) -> tuple[Rendered, str] | None:
        """A page and its tag, if it was rendered from the state that ``stamp`` names."""
        with self._lock:
            if stamp != self._stamp:
                self._pages.clear()
                self._size, self._stamp = 0, stamp
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
            return found

    def put(self, key: Hashable, stamp: Hashable, page: Rendered) -> tuple[Rendered, str]:
        """Remember a page, unless the state has moved on; give it back with its tag."""
        entry = (page, page.etag)
        with self._lock:
            if stamp == self._stamp and len(page.body) <= self._max and key not in self._pages:
                self._pages[key] = entry
                self._size += len(page.body)
                while self._size > self._max:
                    _, (dropped, _) = self._pages.popitem(last=False)
                    self._size -= len(dropped.body)
        return entry


def answer(request: Request, page: Rendered, etag: str, cache_control: str, vary: str) -> Response:
    """The page, or 304 if the requester has it (RFC 9110: If-None-Match before If-Modified-Since)."""
    headers = {"Cache-Control": cache_control, "ETag": etag, "Vary": vary, **page.headers}
    if page.modified_at is not None:
        headers["Last-Modified"] = format_datetime(page.modified_at.astimezone(UTC), usegmt=True)
    if page.status == 200 and _has_it(request, page, etag):
        return Response(status_code=304, headers=headers)
    return Response(page.body, page.status, headers, page.media_type)


def _has_it(request: Request, page: Rendered, etag: str) -> bool:
    asked = request.headers.get("if-none-match")
    if asked is not None:
        return asked.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in asked.split(","))
    since = request.headers.get("if-modified-since")
    if since is None or page.modified_at is None:
        return False
    try:
        known = parsedate_to_datetime(since)
    except ValueError:
        return False
    return known.tzinfo is not None and page.modified_at.replace(microsecond=0) <= known
