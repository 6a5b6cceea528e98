"""The site: what its pages are made with, and who is reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.revision import Revision
from groundwire.web.access import FORM_HEADERS, Access, Session
from groundwire.web.assets import Assets
from groundwire.web.caching import PageCache, Rendered, answer
from groundwire.web.decisions import AddSource
from groundwire.web.links import Links, LiveLinks, topic_url
from groundwire.web.messages import HTML_TAGS, LANGUAGES, Messages, messages, negotiate
from groundwire.web.plain import for_script, to_json

Clock = Callable[[], datetime]
LANGUAGE_COOKIE = "groundwire_language"
HTML = "text/html; charset=utf-8"
JSON = "application/json"


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

    @property
    def base_url(self) -> str:
        """The configured public address, without a slash at its end."""
        return self.settings.base_url.rstrip("/")

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
        return Reader(
            language=wanted,
            links=LiveLinks(self.assets, self.base_url, request.url.path, request.url.query),
            path=request.url.path,
            now=self.now(),
            session=self.access.session(request) if self.access else None,
        )

    async def page(self, request: Request, make: Callable[[Reader], Rendered]) -> Response:
        """Answer with a page for readers; whoever may change things gets it fresh, and no cache keeps theirs."""
        reader = self.reader(request)
        if reader.session is not None:
            page = await run_in_threadpool(make, reader)
            response = answer(request, page, page.etag, "private, no-store", "Cookie, Accept-Language")
            response.headers.update(FORM_HEADERS)
        else:
            page, etag = await self._cached(request, reader, make)
            response = answer(request, page, etag, "no-cache", "Cookie, Accept-Language")
        asked = request.query_params.get("lang")
        if asked in LANGUAGES:
            response.set_cookie(
                LANGUAGE_COOKIE, asked, max_age=31_536_000, samesite="lax", httponly=True, secure=self._secure
            )
        return response

    async def document(self, request: Request, make: Callable[[Reader], Rendered]) -> Response:
        """Answer with something that is the same for everyone: a feed, JSON, Markdown."""
        page, etag = await self._cached(request, self.reader(request), make)
        return answer(request, page, etag, "no-cache", "Accept-Encoding")

    async def _cached(
        self, request: Request, reader: Reader, make: Callable[[Reader], Rendered]
    ) -> tuple[Rendered, str]:
        minute = None if reader.now is None else int(reader.now.timestamp()) // 60
        stamp = (self.revision(), minute)
        key = (request.url.path, request.url.query, reader.language)
        found = self.cache.get(key, stamp)
        if found is None:
            found = self.cache.put(key, stamp, await run_in_threadpool(make, reader))
        return found

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


def json_page(value: object, modified_at: datetime | None = None, status: int = 200) -> Rendered:
    """A JSON answer."""
    return Rendered(body=to_json(value), media_type=JSON, modified_at=modified_at, status=status)


def site_of(request: Request) -> Site:
    """The site that a request came to; FastAPI dependency."""
    site: Site = request.app.state.site
    return site
