"""The six made-up outlets: how each of them publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Literal

FeedKind = Literal["rss", "atom", "json"]
DateStyle = Literal["us", "uk", "zh"]
SAMPLE_MARKS = ("(sample)", "（示例）")
"""What the title of a made-up outlet ends in, so that nobody takes its news for news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One outlet of the wire."""

    key: str
    """Its folder on the server."""
    title: str
    """Ends in one of ``SAMPLE_MARKS``."""
    tagline: str
    language: Literal["en", "zh"]
    feed: FeedKind
    feed_path: str
    """Below its folder."""
    full_feed: bool
    """Whether the feed has whole articles, or only their first paragraph."""
    template: str
    """Page template; each has its own markup and its own way to say when and by whom."""
    zone: timezone
    """In which its pages show times."""
    dates: DateStyle
    topics: tuple[str, ...]
    """Folders in the OPML list."""


_NEW_YORK, _LONDON, _BEIJING = (timezone(timedelta(hours=hours)) for hours in (-5, 0, 8))

OUTLETS: dict[str, Outlet] = {
    outlet.key: outlet
    for outlet in (
        Outlet(
            key="sextant-wire",
            title="Sextant Wire (sample)",
            tagline="Business news as it is filed",
            language="en",
            feed="rss",
            feed_path="feed.xml",
            full_feed=False,
            template="agency.html",
            zone=_NEW_YORK,
            dates="us",
            topics=("Business",),
        ),
        Outlet(
            key="compute-almanac",
            title="Compute Almanac (sample)",
            tagline="Machines, and what they cost to run",
            language="en",
            feed="rss",
            feed_path="rss",
            full_feed=True,
            template="div_soup.html",
            zone=_NEW_YORK,
            dates="us",
            topics=("Infrastructure",),
        ),
        Outlet(
            key="grid-and-rack",
            title="Grid & Rack (sample)",
            tagline="Where electrons meet servers",
            language="en",
            feed="atom",
            feed_path="atom.xml",
            full_feed=False,
            template="trade.html",
            zone=_LONDON,
            dates="uk",
            topics=("Infrastructure", "Energy"),
        ),
        Outlet(
            key="margin-desk",
            title="The Margin Desk (sample)",
            tagline="Who earns what on AI, and why",
            language="en",
            feed="json",
            feed_path="feed.json",
            full_feed=True,
            template="desk.html",
            zone=_LONDON,
            dates="uk",
            topics=("Business",),
        ),
        Outlet(
            key="suanli-zhangben",
            title="算力账本（示例）",
            tagline="算清每一度电、每一张卡",
            language="zh",
            feed="atom",
            feed_path="atom.xml",
            full_feed=False,
            template="portal_zh.html",
            zone=_BEIJING,
            dates="zh",
            topics=("Business", "中文"),
        ),
        Outlet(
            key="xindian-jishi",
            title="芯电纪事（示例）",
            tagline="芯片、电力与模型产业",
            language="zh",
            feed="json",
            feed_path="feed.json",
            full_feed=False,
            template="magazine_zh.html",
            zone=_BEIJING,
            dates="zh",
            topics=("Infrastructure", "中文"),
        ),
    )
}
