"""Whether a publisher lets robots read a page, and how slowly (RFC 9309).

Feeds are made for robots and are not asked about; pages are.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from groundwire.collect.fetch import Fetcher
from groundwire.errors import FetchError, ForbiddenAddress

ROBOT = "Groundwire"
"""The product token that a robots.txt may name."""

MAX_BYTES = 512 * 1024
"""So much of a robots.txt is read; RFC 9309 (2.5) asks for 500 KiB at least. [byte]"""

KEEP = timedelta(days=1)
KEEP_UNREACHABLE = timedelta(hours=1)
MAX_CRAWL_DELAY_S = 60.0
"""A longer Crawl-delay counts as this. [s]"""

_MAX_HOSTS = 5000
_AGENT_LINE = re.compile(r"^\s*user[-\s]?agent\s*[:\s]\s*(.*?)\s*(?:#.*)?$", re.IGNORECASE)


class RobotsDisallow(FetchError):  # noqa: N818  names what is the case
    """The publisher's robots.txt asks robots not to read this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one host's robots.txt means for us."""

    fetched_at: datetime
    parsed: Protego | None
    """None: no rules; ``closed`` then decides."""
    closed: bool
    """It could not be had (5xx, no connection): nothing may be read until it can (RFC 9309, 2.3.1.4)."""

    def allows(self, url: str) -> bool:
        """Whether we may read this page."""
        return not self.closed if self.parsed is None else bool(self.parsed.can_fetch(url, ROBOT))

    @property
    def delay_s(self) -> float:
        """Spacing between requests that the publisher asks for, capped. [s]"""
        delay = self.parsed.crawl_delay(ROBOT) if self.parsed is not None else None
        return min(float(delay), MAX_CRAWL_DELAY_S) if delay else 0.0


class Robots:
    """Each host's rules, kept for a day."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._known: OrderedDict[str, Rules] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def permission(self, url: str, now: datetime) -> float:
        """The spacing that the publisher asks for, if it lets us read this page at all. [s]

        Raises:
            RobotsDisallow: It does not; ``permanent`` unless its robots.txt merely can't be had now.
        ForbiddenAddress: Its robots.txt is where we don't connect to.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.lower()}"
        async with self._asking.setdefault(origin, asyncio.Lock()):  # many pages of one host: one question
            rules = self._known.get(origin)
            if rules is None or now - rules.fetched_at >= (KEEP_UNREACHABLE if rules.closed else KEEP):
                rules = await self._fetch(origin, now)
                self._remember(origin, rules)
        if rules.closed:
            raise RobotsDisallow(url, "its host's robots.txt can't be read now, so its pages are left alone")
        if not rules.allows(url):
            raise RobotsDisallow(url, "the publisher's robots.txt asks robots not to read this", permanent=True)
        return rules.delay_s

    def _remember(self, origin: str, rules: Rules) -> None:
        self._known[origin] = rules
        while len(self._known) > _MAX_HOSTS:
            oldest, _ = self._known.popitem(last=False)
            self._asking.pop(oldest, None)

    async def _fetch(self, origin: str, now: datetime) -> Rules:
        try:
            response = await self._fetcher.get(
                origin + "/robots.txt", now=now, max_bytes=MAX_BYTES, accept="text/plain, */*;q=0.5", truncate=True
            )
        except ForbiddenAddress:
            raise
        except FetchError as error:
            # 4xx: "unavailable", all may be read; 429 is the exception, it means "not now" (as Google reads it too)
            absent = error.status is not None and 400 <= error.status < 500 and error.status != 429
            return Rules(fetched_at=now, parsed=None, closed=not absent)
        return Rules(fetched_at=now, parsed=parse_robots(response.body), closed=False)


def parse_robots(body: bytes) -> Protego:
    """Read a robots.txt, whatever it holds.

    Groups of robots that we are not are folded into one before the library sees them: its time grows with the number
    of agents times the number of rules, and both are the publisher's to choose.
    """
    lines = []
    for line in body.decode("utf-8-sig", errors="replace").splitlines():
        found = _AGENT_LINE.match(line[:500])
        agent = found[1].lower() if found else ""
        if found and agent != "*" and ROBOT.lower() not in agent:
            lines.append("User-agent: x")
        else:
            lines.append(line)
    return Protego.parse("\n".join(lines))
