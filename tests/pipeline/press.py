"""A made-up publisher on loopback whose pages a test may change, take down or retract, and a desk that reads it."""

from __future__ import annotations

import asyncio
import hashlib
import html
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from groundwire import pipeline
from groundwire.settings import load
from groundwire.storage import Store
from groundwire.types import Source
from groundwire.web import create_app
from groundwire.web.server import listen, server

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)
"""When everything came out."""


@dataclass
class Page:
    """What stands at an address."""

    title: str
    paragraphs: list[str]
    published_at: datetime = AT
    status: int = 200

    def render(self) -> bytes:
        body = "".join(f"<p>{html.escape(p)}</p>" for p in self.paragraphs)
        return (
            f"<!doctype html><html lang='en'><head><title>{html.escape(self.title)}</title></head><body><article>"
            f"<h1>{html.escape(self.title)}</h1>{body}</article></body></html>"
        ).encode()


@dataclass
class Press:
    """Two outlets, ``/courier/…`` and ``/herald/…``, each with a feed."""

    pages: dict[str, Page]
    base: str = ""
    bodies: list[str] = field(default_factory=list)
    """Addresses whose page was sent in full."""

    def feed(self, outlet: str) -> bytes:
        items = "".join(
            f"<item><title>{html.escape(p.title)}</title><link>{self.base}{path}</link><guid>{path}</guid>"
            f"<pubDate>{format_datetime(p.published_at)}</pubDate></item>"
            for path, p in self.pages.items()
            if path.startswith(f"/{outlet}/")
        )
        title = outlet.capitalize()
        return f"<rss version='2.0'><channel><title>{title}</title><link>{self.base}</link>{items}</channel></rss>".encode()


@contextmanager
def press(pages: dict[str, Page]) -> Iterator[Press]:
    """Serve pages on a free port of 127.0.0.1."""
    made = Press(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/").removesuffix(".xml")
            page = made.pages.get(self.path)
            if page is None and self.path.endswith(".xml"):
                self.answer(200, "application/rss+xml", made.feed(name))
            elif page is None or page.status != 200:
                self.answer(404 if page is None else page.status, "text/plain", b"nothing here")
            else:
                self.answer(200, "text/html; charset=utf-8", page.render())

        def answer(self, status: int, kind: str, body: bytes) -> None:
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            elif status == 200:
                made.bodies.append(self.path)
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.base = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


class Quiet:
    """Progress that nobody watches."""

    def start(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, count: int = 1) -> None: ...
    def problem(self, stage: str, words: str) -> None: ...


class Desk:
    """A desk subscribed to both outlets, with a clock that the test sets."""

    def __init__(self, home: Path, site: Press) -> None:
        self.now = AT
        self.settings = load(home, {}, allow_hosts=(site.base.removeprefix("http://"),))
        self.store = Store(self.settings.url)
        for outlet in ("courier", "herald"):
            self.store.sources.add(Source(id=0, url=f"{site.base}/{outlet}.xml", title=outlet.capitalize()), AT)

    def clock(self) -> datetime:
        return self.now

    def round(self, after: timedelta) -> pipeline.Report:
        """One round, so long after everything came out."""
        self.now = AT + after
        return asyncio.run(pipeline.run_once(self.store, self.settings, self.clock, Quiet()))

    @contextmanager
    def served(self) -> Iterator[str]:
        """The desk's own site on a free port: its address."""
        listener = listen(0)
        app = create_app(self.store, self.settings, token="t" * 32, now=self.clock)
        site = server(app)
        thread = threading.Thread(target=site.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not site.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            site.should_exit = True
            thread.join(10)
            listener.close()
