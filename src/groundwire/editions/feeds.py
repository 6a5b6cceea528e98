"""The desk as a feed: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

ATOM_TYPE = "application/atom+xml; charset=utf-8"
JSON_FEED_TYPE = "application/feed+json; charset=utf-8"

_ATOM = "http://www.w3.org/2005/Atom"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}"
# what XML 1.0 can't hold, not even escaped: controls, lone surrogates, two non-characters
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One event in a feed."""

    slug: str
    """Its permanent name: the entry's identity hangs on it alone."""
    url: str
    title: str
    language: str
    summary: str
    paragraphs: tuple[tuple[str, str], ...]
    """(label, text): the summary's parts, as plain text."""
    topics: tuple[str, ...]
    outlets: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    """(label, address) of the originals, the lead source first."""
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed of events, newest change first."""

    title: str
    description: str
    language: str
    home_url: str
    feed_url: str
    items: tuple[FeedItem, ...]
    updated_at: datetime
    """Of the newest item; of the epoch for an empty feed."""


def render_atom(feed: Feed) -> bytes:
    """An Atom document in UTF-8: well-formed whatever the titles hold."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # None names the default namespace, whatever the stubs say
    root.set(f"{_XML_SPACE}lang", feed.language)
    _add(root, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, feed.feed_url)}")
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", _time(feed.updated_at))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.feed_url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home_url)
    _add(root, "generator", "Groundwire")
    author = _add(root, "author")
    _add(author, "name", "Groundwire")
    for item in feed.items:
        entry = _add(root, "entry")
        entry.set(f"{_XML_SPACE}lang", item.language)
        _add(entry, "id", item_id(item.slug))
        _add(entry, "title", item.title)
        _add(entry, "published", _time(item.published_at))
        _add(entry, "updated", _time(item.updated_at))
        _add(entry, "link", rel="alternate", type="text/html", href=item.url)
        for label, url in item.sources:
            _add(entry, "link", rel="via", title=label, href=url)
        for topic in item.topics:
            _add(entry, "category", term=topic)
        _add(entry, "summary", item.summary)
        _add(entry, "content", _content(item), type="html")
    document: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return document


def render_json_feed(feed: Feed) -> bytes:
    """A JSON Feed document in UTF-8."""
    items: list[dict[str, Any]] = [
        {
            "id": item_id(item.slug),
            "url": item.url,
            **({"external_url": item.sources[0][1]} if item.sources else {}),
            "title": _printable(item.title),
            "summary": _printable(item.summary),
            "content_html": _content(item),
            "date_published": _time(item.published_at),
            "date_modified": _time(item.updated_at),
            "language": item.language,
            "tags": [_printable(topic) for topic in item.topics],
            "authors": [{"name": _printable(outlet)} for outlet in item.outlets],
        }
        for item in feed.items
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _printable(feed.title),
        "description": _printable(feed.description),
        "language": feed.language,
        "home_page_url": feed.home_url,
        "feed_url": feed.feed_url,
        "authors": [{"name": "Groundwire"}],
        "items": items,
    }
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def item_id(slug: str) -> str:
    """The entry's permanent identity: the same on every host, in every feed."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'groundwire:event:{slug}')}"


def _content(item: FeedItem) -> str:
    parts = [f"<p><strong>{_escaped(label)}</strong> {_escaped(text)}</p>" for label, text in item.paragraphs]
    links = [f'<a href="{_escaped(url)}" rel="noreferrer">{_escaped(label)}</a>' for label, url in item.sources]
    return "".join(parts) + (f"<p>{' · '.join(links)}</p>" if links else "")


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(
        parent, f"{{{_ATOM}}}{tag}", {name: _printable(value) for name, value in attributes.items()}
    )
    element.text = None if text is None else _printable(text)
    return element


def _escaped(text: str) -> str:
    return html.escape(_printable(text))


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
