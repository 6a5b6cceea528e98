"""The site: what its pages are made with, and who is reading."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, cached_property
from typing import Annotated, Any

import anyio
from fastapi import Depends
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from groundwire.editions.reader import NOBODY, Interests, from_cookie, named
from groundwire.settings import LANGUAGES, Settings
from groundwire.storage import Store
from groundwire.storage.revision import Revision
from groundwire.web.access import FORM_HEADERS, Access, Session
from groundwire.web.assets import Assets
from groundwire.web.caching import ALWAYS, Kept, Lifetime, PageCache, Rate, Rendered, answer
from groundwire.web.decisions import AddSource
from groundwire.web.desk import Listing
from groundwire.web.links import Links, LiveLinks, topic_url
from groundwire.web.messages import HTML_TAGS, Messages, messages, negotiate
from groundwire.web.plain import for_script, to_json

Clock = Callable[[], datetime]
LANGUAGE_COOKIE = "groundwire_language"
READER_COOKIE = "groundwire_reader"
"""Roles and topics that a reader named: in their browser, nowhere else."""
HTML = "text/html; charset=utf-8"
JSON = "application/json"
BUSY = 40.0
"""From so many requests a second, pages of a moment ago are shown. [1/s]"""
RENDERERS = 2
"""Pages rendered at once: more would only take turns (one interpreter) and each be later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the site with a place in the navigation; a routes module names it as ``SECTION``."""

    path: str
    names: Mapping[str, str]
    """Interface language -> its name."""
    order: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, in which language, and how this page names others."""

    language: str
    links: Links
    path: str
    now: datetime | None
    """None in a static copy."""
    session: Session | None = None
    interests: Interests = NOBODY
    """What the reader named, or the settings name for all."""
    has_cookie: bool = False
    """Whether the browser keeps a choice."""

    @property
    def words(self) -> Messages:
        """What the interface says."""
        return messages(self.language)


@dataclass(kw_only=True)
class Site:
    """Everything that routes need; one for each app."""

    store: Store
    settings: Settings
    now: Clock
    access: Access | None
    """None where nothing can be changed: a static copy."""
    add_source: AddSource | None = None
    """Finds the feed behind an address and stores it; None where nothing can be changed."""
    sections: Sequence[Section] = ()
    assets: Assets = field(default_factory=Assets)
    cache: PageCache = field(default_factory=PageCache)
    _rate: Rate = field(default_factory=Rate)
    _being_made: dict[Hashable, asyncio.Future[Kept]] = field(default_factory=dict)
    _renderers: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(RENDERERS))

    @property
    def base_url(self) -> str:
        """The configured public address, without a slash at its end."""
        return self.settings.base_url.rstrip("/")

    def warm(self) -> None:
        """Compile the templates now, not while the first reader waits."""
        for name in _templates().list_templates():
            _templates().get_template(name)

    @cached_property
    def listing(self) -> Listing:
        """Reads events for lists."""
        return Listing(self.store)

    @cached_property
    def revision(self) -> Revision:
        """Tells one state of the database from another."""
        return Revision(self.store.database)

    def template(self, name: str, reader: Reader, **values: Any) -> bytes:
        """An HTML page from a template."""
        text = (
            _templates()
            .get_template(name)
            .render(
                t=reader.words,
                links=reader.links,
                reader=reader,
                site=self,
                html_tags=HTML_TAGS,
                languages=LANGUAGES,
                topic_url=topic_url,
                for_script=for_script,
                **values,
            )
        )
        return text.encode("utf-8", "replace")

    # --- requests ----------------------------------------------------------------------------------------------

    def reader(self, request: Request) -> Reader:
        """Whoever made a request: language by ``?lang=``, cookie, Accept-Language, settings, in this order."""
        wanted = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
        if wanted not in LANGUAGES:
            wanted = negotiate(request.headers.get("accept-language", ""), self.settings.language)
        kept = from_cookie(request.cookies.get(READER_COOKIE, ""))
        return Reader(
            language=wanted,
            links=LiveLinks(self.assets, self.base_url, request.url.path, request.url.query),
            path=request.url.path,
            now=self.now(),
            session=self.access.session(request) if self.access else None,
            interests=self._asked(request) or (self.interests if kept is None else kept),
            has_cookie=kept is not None,
        )

    async def page(self, request: Request, make: Callable[[Reader], Rendered]) -> Response:
        """Answer with a page for readers; whoever may change things gets it fresh, and no cache keeps theirs."""
        reader = self.reader(request)
        if reader.session is not None:
            page = await run_in_threadpool(make, reader)
            response = answer(request, page, page.etag, "private, no-store", "Cookie, Accept-Language")
            response.headers.update(FORM_HEADERS)
        else:
            kept = await self._cached(request, reader, make)
            response = answer(request, kept.page, kept.etag, "no-cache", "Cookie, Accept-Language")
        asked = request.query_params.get("lang")
        if asked in LANGUAGES:
            response.set_cookie(
                LANGUAGE_COOKIE, asked, max_age=31_536_000, samesite="lax", httponly=True, secure=self._secure
            )
        return response

    async def document(self, request: Request, make: Callable[[Reader], Rendered]) -> Response:
        """Answer with something that is the same for everyone: a feed, JSON, Markdown; in the language that its address
        names (``?lang=``), else in the settings'."""
        language = request.query_params.get("lang")
        reader = replace(
            self.reader(request),
            language=language if language in LANGUAGES else self.settings.language,
            interests=self._asked(request) or self.interests,
            has_cookie=False,
        )
        kept = await self._cached(request, reader, make)
        return answer(request, kept.page, kept.etag, "no-cache", "Accept-Encoding")

    @cached_property
    def interests(self) -> Interests:
        """What the settings name, for readers who named nothing."""
        return Interests(roles=self.settings.reader_roles, topics=self.settings.reader_topics)

    def _asked(self, request: Request) -> Interests:
        """What an address names."""
        query = request.query_params
        # of the list of events "topic" is a filter
        topics = [] if request.url.path == "/api/events" else query.getlist("topic")
        return named(query.getlist("role"), [*query.getlist("interest"), *topics])

    async def _cached(self, request: Request, reader: Reader, make: Callable[[Reader], Rendered]) -> Kept:
        kept_query = tuple((k, v) for k, v in request.query_params.multi_items() if k != "lang")
        key = (request.url.path, kept_query, reader.language, reader.interests, reader.has_cookie)
        stamp = self.revision()
        found = self.cache.get(key, stamp, reader.now, busy=self._rate.tick() > BUSY)
        if found is not None and not self.cache.is_due(found, stamp):
            return found
        # many requests for a page that is being rendered wait for it, and each page is rendered once
        making = self._being_made.get(key)
        if found is not None and (making is not None or len(self._being_made) >= RENDERERS):
            return found  # those who have nothing to look at go first
        if making is None:
            making = asyncio.ensure_future(self._make(key, stamp, reader, make))
            self._being_made[key] = making
            making.add_done_callback(functools.partial(self._made, key))
        return found if found is not None else await asyncio.shield(making)

    def _made(self, key: Hashable, making: asyncio.Future[Kept]) -> None:
        del self._being_made[key]
        if not making.cancelled():
            making.exception()  # whoever waits is told; where nobody does, the next one to ask will be

    async def _make(self, key: Hashable, stamp: Hashable, reader: Reader, make: Callable[[Reader], Rendered]) -> Kept:
        page = await anyio.to_thread.run_sync(make, reader, limiter=self._renderers)
        return self.cache.put(key, stamp, page)

    @property
    def _secure(self) -> bool:
        return self.base_url.startswith("https://")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("groundwire.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def json_page(value: object, holds: Lifetime = ALWAYS, status: int = 200) -> Rendered:
    """A JSON answer."""
    return Rendered(body=to_json(value), media_type=JSON, holds=holds, status=status)


def site_of(request: Request) -> Site:
    """The site that a request came to; FastAPI dependency."""
    site: Site = request.app.state.site
    return site


async def _site_here(request: Request) -> Site:
    return site_of(request)  # a coroutine, as FastAPI sends plain functions on a trip through a thread


Here = Annotated[Site, Depends(_site_here)]
"""The site, as a parameter of a route."""
