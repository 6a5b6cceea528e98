"""Fetching an article's page: as a guest who reads the sign on the door first."""

from __future__ import annotations

from datetime import datetime

from groundwire.collect.fetch import ACCEPT_PAGE, PAGE_BYTES, Fetcher
from groundwire.collect.robots import Robots
from groundwire.types import RawPage


async def fetch_page(url: str, fetcher: Fetcher, robots: Robots, now: datetime) -> RawPage:
    """Fetch one page; robots.txt is asked before each hop, and its Crawl-delay kept.

    Raises:
        RobotsDisallow: The publisher does not want it read by robots.
        FetchError: It could not be had.
    """

    async def ask(hop: str) -> float:
        return await robots.permission(hop, now)

    response = await fetcher.get(url, now=now, max_bytes=PAGE_BYTES, accept=ACCEPT_PAGE, before_hop=ask)
    return RawPage(
        url=response.url, body=response.body, content_type=response.content_type, fetched_at=response.fetched_at
    )
