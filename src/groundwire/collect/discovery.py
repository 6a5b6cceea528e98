"""From an address that a person gives to the feeds behind it: the feed itself, what its page names, common places."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from groundwire.collect.fetch import ACCEPT_FEED, Fetcher, Response
from groundwire.collect.poll import Parse, ReadFeed
from groundwire.errors import FetchError, ParseError

COMMON_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
MAX_LINKS = 8
"""So many of a page's feed links are tried."""

_HEAD_BYTES = 1_000_000
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_PERHAPS_TYPES = frozenset({"application/xml", "text/xml", "application/json"})
_FEED_PATH = re.compile(r"(?:^|[/._?=-])(?:feeds?|rss2?|atom|rdf)(?:\.xml|\.json|\.php)?/?$", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|评论", re.IGNORECASE)

Via = Literal["itself", "link", "anchor", "guess"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """What a page says is a feed."""

    url: str
    title: str
    via: Via


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that was read."""

    url: str
    feed: ReadFeed
    via: Via


Find = Callable[[bytes, str, str | None], Awaitable[tuple[FeedLink, ...]]]
"""``find_feed_links`` in a worker: the page is foreign bytes."""


def find_feed_links(body: bytes, url: str, content_type: str | None) -> tuple[FeedLink, ...]:
    """Feeds that a page names, best first: ``<link rel=alternate>``, then links that look like feeds.

    Args:
        body: The page.
        url: Its address, for relative links (``<base>`` is heeded).
        content_type: Its Content-Type header, for the encoding.

    Raises:
        ParseError: It can't be read as HTML at all.
    """
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type or "", re.IGNORECASE)
    try:
        document = _parse(body[:_HEAD_BYTES], charset[1] if charset else None)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ParseError(url, f"it can't be read as a page ({error})") from error
    base = url
    for element in document.iter("base"):
        base = _absolute(url, element.get("href")) or url
        break
    found: dict[str, FeedLink] = {}
    for link in (*_alternates(document, base), *_anchors(document, base)):
        if link.url != url:
            found.setdefault(link.url, link)
    ranked = sorted(found.values(), key=_rank)
    return tuple(ranked[:MAX_LINKS])


async def discover(url: str, *, fetcher: Fetcher, parse: Parse, find: Find, now: datetime) -> tuple[FoundFeed, ...]:
    """The feeds behind an address: it may be a feed itself, a page that names some, or a site that keeps one hidden.

    Args:
        url: As a person types it; without a scheme https is tried, then http.
        fetcher: For all requests.
        parse: ``parse_feed`` in a worker.
        find: ``find_feed_links`` in a worker.
        now: For the fetcher.

    Returns:
        Feeds that could be read, best first; empty if there are none.

    Raises:
        FetchError: The address itself can't be had.
    """
    response = await _first(url.strip(), fetcher, now)
    if (itself := await _read(response, parse)) is not None:
        return (FoundFeed(url=response.permanent_url, feed=itself, via="itself"),)
    try:
        links = await find(response.body, response.url, response.content_type)
    except ParseError:
        links = ()
    found = await _try_all(links, fetcher, parse, now)
    if not found:
        guesses = tuple(FeedLink(url=urljoin(response.url, path), title="", via="guess") for path in COMMON_PATHS)
        found = await _try_all(guesses, fetcher, parse, now, enough=1)
    return found


async def _first(url: str, fetcher: Fetcher, now: datetime) -> Response:
    accept = "text/html;q=0.9, " + ACCEPT_FEED
    if "://" in url:
        return await fetcher.get(url, now=now, accept=accept)
    try:
        return await fetcher.get("https://" + url, now=now, accept=accept)
    except FetchError as secure:
        if secure.status is not None:  # it answered: there is nothing better at the unprotected address
            raise
        try:
            return await fetcher.get("http://" + url, now=now, accept=accept)
        except FetchError:
            raise secure from None


async def _try_all(
    links: tuple[FeedLink, ...], fetcher: Fetcher, parse: Parse, now: datetime, enough: int = MAX_LINKS
) -> tuple[FoundFeed, ...]:
    found: dict[str, FoundFeed] = {}
    for link in links:
        try:
            response = await fetcher.get(link.url, now=now)
        except FetchError:
            continue
        feed = await _read(response, parse)
        if feed is not None:
            found.setdefault(response.url, FoundFeed(url=response.permanent_url, feed=feed, via=link.via))
        if len(found) >= enough:
            break
    return tuple(found.values())


async def _read(response: Response, parse: Parse) -> ReadFeed | None:
    try:
        return await parse(response.body, response.url, response.content_type)
    except ParseError:
        return None


def _parse(body: bytes, charset: str | None) -> html.HtmlElement:
    try:
        parser = html.HTMLParser(encoding=charset, no_network=True, remove_comments=True, remove_pis=True)
    except LookupError:  # no such charset
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    return html.document_fromstring(body, parser=parser)


def _alternates(document: html.HtmlElement, base: str) -> Iterator[FeedLink]:
    for element in document.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").split(";")[0].strip().lower()
        address = _absolute(base, element.get("href"))
        if address is None or not {"alternate", "feed"} & set(rel) or "stylesheet" in rel:
            continue
        sure = kind in _FEED_TYPES or "feed" in rel
        if sure or (kind in _PERHAPS_TYPES and _looks_like_feed(address)):
            yield FeedLink(url=address, title=" ".join((element.get("title") or "").split())[:200], via="link")


def _anchors(document: html.HtmlElement, base: str) -> Iterator[FeedLink]:
    for element in document.iter("a"):
        address = _absolute(base, element.get("href"))
        if address is not None and _looks_like_feed(address):
            title = " ".join(str(element.text_content()).split())[:200]
            yield FeedLink(url=address, title=title, via="anchor")


def _looks_like_feed(address: str) -> bool:
    parts = urlsplit(address)
    return bool(_FEED_PATH.search(parts.path) or (parts.query and _FEED_PATH.search(parts.query)))


def _rank(link: FeedLink) -> tuple[bool, bool]:
    """What the page declares before what merely looks like it; feeds of comments last. Sorting keeps page order."""
    return bool(_COMMENTS.search(link.title) or _COMMENTS.search(link.url)), link.via != "link"


def _absolute(base: str, href: str | None) -> str | None:
    if not href or len(href) > 2000:
        return None
    try:
        address = urljoin(base, href.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    return address.partition("#")[0] if parts.scheme in ("http", "https") and parts.netloc else None
