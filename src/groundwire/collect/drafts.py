"""What the readers of each feed format hand to ``feed.parse_feed``: foreign strings, sorted but not yet believed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class EntryDraft:
    """One item, its fields found; addresses are absolute or as written, times are text."""

    guid: str | None = None
    link: str | None = None
    title: str = ""
    """Plain text or, if ``title_is_html``, HTML; RSS does not say which, so it is taken for HTML."""
    title_is_html: bool = True
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    html: str = ""
    base: str | None = None
    """What relative addresses in ``html`` are relative to; None: the feed's own address."""
    language: str | None = None
    categories: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class FeedDraft:
    """A feed, its fields found."""

    format: str
    """As feedparser names them: rss20, rss10, atom10, …; json1 for JSON Feed."""
    title: str = ""
    title_is_html: bool = True
    homepage: str | None = None
    self_url: str | None = None
    language: str | None = None
    ttl_s: float | None = None
    skip_hours: list[str] = field(default_factory=list)
    skip_days: list[str] = field(default_factory=list)
    entries: list[EntryDraft] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


MAX_ENTRIES = 5_000
"""Entries kept of one feed, the first of the document; the longest archive feeds have some hundreds."""

MAX_CATEGORIES = 50
