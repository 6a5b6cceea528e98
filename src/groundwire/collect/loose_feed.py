"""Feeds that are not well-formed XML even after repair, read by feedparser.

feedparser forgives nearly everything and pays with time that can be quadratic in hostile input: call it only where the
process can be killed (``workers``), and never for what lxml can read.
"""

from __future__ import annotations

from typing import Any

import feedparser  # type: ignore[import-untyped]  # it has no types

from groundwire.collect.drafts import MAX_CATEGORIES, MAX_ENTRIES, EntryDraft, FeedDraft


def read_loose(body: bytes, url: str) -> FeedDraft | None:
    """The feed that feedparser sees in UTF-8 bytes; None where it sees none."""
    try:
        parsed = feedparser.parse(
            body,
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        )
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError, ArithmeticError):
        return None  # it has let each of these through, at some bytes or other
    version = dict.get(parsed, "version") or ""
    if not parsed.entries and not version:
        return None
    feed = parsed.feed
    return FeedDraft(
        format=version or "unknown",
        title=_string(feed.get("title")),
        homepage=_string(feed.get("link")) or None,
        self_url=next((_string(link.get("href")) for link in feed.get("links", []) if link.get("rel") == "self"), None),
        language=_string(feed.get("language")) or None,
        ttl_s=float(feed["ttl"]) * 60 if _string(feed.get("ttl")).isdecimal() and len(feed["ttl"]) < 20 else None,
        entries=[_entry(entry) for entry in parsed.entries[:MAX_ENTRIES]],
        warnings=["not well-formed XML: read as well as could be"],
    )


def _entry(entry: Any) -> EntryDraft:
    contents = [_string(content.get("value")) for content in entry.get("content", [])[:10]]
    return EntryDraft(
        guid=_string(entry.get("id")) or None,
        link=_string(entry.get("link")) or None,
        title=_string(entry.get("title")),
        author=_string(entry.get("author")) or None,
        published=_string(entry.get("published")) or _string(entry.get("created")) or None,
        updated=_string(dict.get(entry, "updated")) or None,  # its own get() falls back to "published", with a warning
        html=max([*contents, _string(entry.get("summary"))], key=len),
        language=None,
        categories=[_string(tag.get("term")) for tag in entry.get("tags", [])[:MAX_CATEGORIES]],
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
