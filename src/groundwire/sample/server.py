"""Serves the sample wire over real HTTP on loopback, as well-behaved publishers do.

ETag, Last-Modified, 304, gzip and robots.txt are there, so that politeness can be tried and counted.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import unquote, urlsplit

from groundwire.sample.feeds import CONTENT_TYPES, render_feed, render_list
from groundwire.sample.outlets import OUTLETS, Outlet
from groundwire.sample.pages import render_article, render_home
from groundwire.sample.wire import DEFAULT_BASE, SampleArticle, articles, outlooks

_ROBOTS: Final = "User-agent: *\n" + "".join(f"Disallow: /{key}/members/\n" for key in OUTLETS)
_HTML: Final = "text/html; charset=utf-8"


@dataclass(slots=True)
class Stats:
    """What was asked of the server; counts since it started."""

    requests: int = 0
    conditional: int = 0
    """Requests with If-None-Match or If-Modified-Since."""
    not_modified: int = 0
    """Answers 304."""
    not_found: int = 0
    body_bytes: int = 0
    """Sent, after compression. [byte]"""
    paths: Counter[str] = field(default_factory=Counter)
    user_agents: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Document:
    body: bytes
    content_type: str
    changed_at: datetime
    max_age_s: int


class SampleWire:
    """A running server of the sample wire.

    Attributes:
        url: Its root, without a slash at the end.
        opml_url: The subscription list of its outlets.
        stats: What was asked of it.
    """

    def __init__(
        self,
        base: datetime,
        port: int = 0,
        *,
        until: datetime | None = None,
        correct_on_poll: int | None = None,
        with_outlooks: bool = False,
    ):
        """Bind to loopback; ``start`` begins to answer.

        Args:
            base: The moment that the articles lead up to.
            port: 0 picks a free one.
            until: Show only what was published up to then; None: everything.
            correct_on_poll: From this request on for the feed of the outlet that corrects itself (1 is the first) its
                article is shown in the second version; None: only after ``correct``.
            with_outlooks: Show the articles of ``outlooks`` too.
        """
        self.stats = Stats()
        self._lock = threading.Lock()
        self._base, self._until, self._corrected, self._correct_on_poll = base, until, False, correct_on_poll
        more = outlooks(base) if with_outlooks else []
        self._versions = {
            corrected: sorted([*articles(base, corrected=corrected), *more], key=lambda a: (a.published_at, a.key))
            for corrected in (False, True)
        }
        self._correcting = next((article.outlet.key for article in self._versions[True] if article.correction), None)
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sample-wire", daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.opml_url = f"{self.url}/"

    @property
    def host(self) -> str:
        """``HOST:PORT``, as ``--allow-host`` takes it."""
        return urlsplit(self.url).netloc

    def start(self) -> None:
        """Answer requests, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more, and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def correct(self) -> None:
        """From now on the article that its outlet corrects is shown in its second version."""
        with self._lock:
            self._corrected = True

    def show_until(self, at: datetime | None) -> None:
        """Show only what was published up to this moment: the wire as it stood then."""
        with self._lock:
            self._until = at

    def articles(self) -> list[SampleArticle]:
        """What is shown now, oldest first."""
        with self._lock:
            until, found = self._until, self._versions[self._corrected]
        return [article for article in found if until is None or article.published_at <= until]

    def document(self, path: str) -> _Document | None:
        """What lies at a path; None: nothing."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        match parts:
            case [""] | ["sources.opml"]:
                return _Document(render_list(self.url), "text/x-opml; charset=utf-8", self._base, 600)
            case ["robots.txt"]:
                return _Document(_ROBOTS.encode(), "text/plain; charset=utf-8", self._base, 3600)
        outlet = OUTLETS.get(parts[0])
        if outlet is None:
            return None
        if parts[1:] == [outlet.feed_path]:
            self._count_poll(outlet)
        found = [article for article in self.articles() if article.outlet == outlet]
        changed_at = max((article.changed_at for article in found), default=self._base - timedelta(days=365))
        if parts[1:] == [outlet.feed_path]:
            body = render_feed(outlet, found, self.url, changed_at)
            return _Document(body, f"{CONTENT_TYPES[outlet.feed]}; charset=utf-8", changed_at, 600)
        if not parts[1:]:
            return _Document(render_home(outlet, found, self.url), _HTML, changed_at, 600)
        for article in found:
            if article.path == path:
                return _Document(render_article(article, found[::-1], self.url), _HTML, article.changed_at, 3600)
        return None

    def _count_poll(self, outlet: Outlet) -> None:
        with self._lock:
            polls = self.stats.paths[f"/{outlet.key}/{outlet.feed_path}"]
            if outlet.key == self._correcting and self._correct_on_poll is not None and polls >= self._correct_on_poll:
                self._corrected = True

    def count(self, path: str, user_agent: str, *, conditional: bool) -> None:
        """Note a request."""
        with self._lock:
            self.stats.requests += 1
            self.stats.conditional += conditional
            self.stats.paths[path] += 1
            self.stats.user_agents[user_agent] += 1

    def count_answer(self, status: int, sent: int) -> None:
        """Note an answer."""
        with self._lock:
            self.stats.not_modified += status == 304
            self.stats.not_found += status == 404
            self.stats.body_bytes += sent


@contextmanager
def serve_sample(
    base: datetime = DEFAULT_BASE,
    port: int = 0,
    *,
    until: datetime | None = None,
    correct_on_poll: int | None = None,
    with_outlooks: bool = False,
) -> Iterator[SampleWire]:
    """Serve the sample wire on 127.0.0.1 for the length of a ``with`` block; arguments as for ``SampleWire``.

    Example:
        >>> with serve_sample() as wire:
        ...     print(wire.opml_url.startswith("http://127.0.0.1:"))
        True
    """
    wire = SampleWire(base, port, until=until, correct_on_poll=correct_on_poll, with_outlooks=with_outlooks)
    wire.start()
    try:
        yield wire
    finally:
        wire.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who hangs up is no news; anything else is a bug of ours and shown."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed's private alias


def _handler(wire: SampleWire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "GroundwireSampleWire"
        sys_version = ""
        timeout = 30
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer()

        def do_HEAD(self) -> None:
            self._answer()

        def _answer(self) -> None:
            path = urlsplit(self.path).path
            asked, since = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
            wire.count(path, self.headers.get("User-Agent", ""), conditional=asked is not None or since is not None)
            found = wire.document(path)
            if found is None:
                self._send(404, b"There is no such page on the sample wire.\n", {"Content-Type": "text/plain"})
                return
            etag = '"' + hashlib.sha256(found.body).hexdigest()[:24] + '"'
            headers = {
                "ETag": etag,
                "Last-Modified": format_datetime(found.changed_at.astimezone(UTC), usegmt=True),
                "Cache-Control": f"max-age={found.max_age_s}",
                "Vary": "Accept-Encoding",
            }
            # RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match
            same = _names(asked, etag) if asked is not None else _not_later(found.changed_at, since)
            if same:
                self._send(304, b"", headers)
                return
            headers["Content-Type"] = found.content_type
            body = found.body
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, mtime=0)
                headers["Content-Encoding"] = "gzip"
            self._send(200, body, headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            send_body = self.command != "HEAD"
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            wire.count_answer(status, len(body) if send_body else 0)
            if send_body and body:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
            """Say nothing: requests are counted instead."""

    return Handler


def _names(asked: str, etag: str) -> bool:
    return asked.strip() == "*" or etag in (part.strip().removeprefix("W/") for part in asked.split(","))


def _not_later(changed_at: datetime, since: str | None) -> bool:
    if since is None:
        return False
    try:
        return changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
