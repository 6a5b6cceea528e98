"""Adding sources: from an address that a person gives, or from an OPML list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from groundwire.collect.discovery import discover, find_feed_links
from groundwire.collect.feed import ParsedFeed, parse_feed
from groundwire.collect.fetch import Fetcher
from groundwire.collect.opml import parse_opml
from groundwire.collect.workers import Workers
from groundwire.errors import GroundwireError, NotFound
from groundwire.pipeline import fetch_settings
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.types import Source

Clock = Callable[[], datetime]
STARTER = "starter"
"""The name under which the list that ships is imported."""


async def add_url(store: Store, settings: Settings, url: str, now: Clock) -> Source:
    """Find the feed behind an address and store it as a source.

    Raises:
        NotFound: There is no feed there.
        FetchError: The address can't be had.
    """
    with Workers(settings.workers) as workers:

        async def parse(body: bytes, address: str, content_type: str | None) -> ParsedFeed:
            return await workers.run(parse_feed, body, address, content_type, now=now())

        async def find(body: bytes, address: str, content_type: str | None):  # type: ignore[no-untyped-def]  # inferred
            return await workers.run(find_feed_links, body, address, content_type)

        async with Fetcher(fetch_settings(settings)) as fetcher:
            found = await discover(url, fetcher=fetcher, parse=parse, find=find, now=now())
    if not found:
        raise NotFound(f"{url}: no feed there; give the feed's own address, or another page of the site")
    best = found[0]
    return store.sources.add(
        Source(
            id=0,
            url=best.url,
            title=best.feed.title or best.url,
            homepage=best.feed.homepage,
            language=best.feed.language,
        ),
        now(),
    )


async def import_opml(store: Store, settings: Settings, where: str, now: Clock) -> tuple[int, int]:
    """Store the sources of an OPML file, URL, or the starter list; return how many are new, and how many were known.

    Raises:
        ParseError: It isn't OPML.
        FetchError: The URL can't be had.
        GroundwireError: The file can't be read.
    """
    with Workers(1) as workers:
        outlines = await workers.run(parse_opml, await _bytes(where, settings, now))
    known = {source.url for source in store.sources.all()}
    for outline in outlines:
        store.sources.add(
            Source(
                id=0,
                url=outline.url,
                title=outline.title,
                homepage=outline.homepage,
                language=outline.language,
                topics=outline.topics,
                alternatives=outline.alternatives,
            ),
            now(),
        )
    new = len({outline.url for outline in outlines} - known)
    return new, len(outlines) - new


async def _bytes(where: str, settings: Settings, now: Clock) -> bytes:
    if where == STARTER:
        return files("groundwire.data").joinpath("starter_sources.opml").read_bytes()
    if where.startswith(("http://", "https://")):
        async with Fetcher(fetch_settings(settings)) as fetcher:
            return (
                await fetcher.get(where, now=now(), accept="text/x-opml, application/xml, text/xml;q=0.9, */*;q=0.5")
            ).body
    try:
        return await asyncio.to_thread(Path(where).read_bytes)
    except OSError as error:
        raise GroundwireError(f"{where}: {error.strerror}; name a file, a URL, or '{STARTER}'") from error
