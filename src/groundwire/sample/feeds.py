"""The outlets' feeds and the list of them, as each outlet's software would write them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from lxml import etree

from groundwire.sample.outlets import OUTLETS, Outlet
from groundwire.sample.wire import SampleArticle

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_CREATOR = "http://purl.org/dc/elements/1.1/"

_ATOM_ONLY: dict[str, str] = {None: _ATOM}  # type: ignore[dict-item]  # lxml's way to name the default namespace

CONTENT_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


def render_feed(outlet: Outlet, found: Sequence[SampleArticle], url: str, updated_at: datetime) -> bytes:
    """The feed of an outlet, newest article first.

    Args:
        outlet: Whose.
        found: Its articles, in any order.
        url: The server's root, without a slash at the end.
        updated_at: When the newest of them was touched.
    """
    newest_first = sorted(found, key=lambda article: (article.published_at, article.key), reverse=True)
    match outlet.feed:
        case "rss":
            return _rss(outlet, newest_first, url, updated_at)
        case "atom":
            return _atom(outlet, newest_first, url, updated_at)
        case "json":
            return _json(outlet, newest_first, url)


def render_list(url: str) -> bytes:
    """All outlets as an OPML subscription list, in folders by topic."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Groundwire sample wire (invented outlets)"
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for outlet in OUTLETS.values():
        for depth in range(1, len(outlet.topics) + 1):
            path = outlet.topics[:depth]
            if path not in folders:
                folders[path] = etree.SubElement(folders[path[:-1]], "outline", text=path[-1])
        etree.SubElement(
            folders[outlet.topics],
            "outline",
            type="rss",
            text=outlet.title,
            title=outlet.title,
            xmlUrl=f"{url}/{outlet.key}/{outlet.feed_path}",
            htmlUrl=f"{url}/{outlet.key}/",
            language=outlet.language,
        )
    return _bytes(root)


def _html(article: SampleArticle, url: str, *, whole: bool) -> str:
    shown = article.paragraphs if whole else article.paragraphs[:1]
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in shown)
    more = {"en": "Continue reading", "zh": "阅读全文"}[article.outlet.language]
    return text if whole else f'{text}<p><a href="{url}{article.path}">{more}</a></p>'


def _rss(outlet: Outlet, found: Sequence[SampleArticle], url: str, updated_at: datetime) -> bytes:
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"content": _CONTENT, "dc": _CREATOR, "atom": _ATOM})
    channel = etree.SubElement(root, "channel")
    for tag, text in (
        ("title", outlet.title),
        ("link", f"{url}/{outlet.key}/"),
        ("description", f"{outlet.tagline}. Invented news for trying Groundwire."),
        ("language", "en-us"),
        ("lastBuildDate", format_datetime(updated_at, usegmt=True)),
        ("ttl", "15"),
    ):
        etree.SubElement(channel, tag).text = text
    etree.SubElement(
        channel,
        f"{{{_ATOM}}}link",
        href=f"{url}/{outlet.key}/{outlet.feed_path}",
        rel="self",
        type="application/rss+xml",
    )
    for article in found:
        item = etree.SubElement(channel, "item")
        etree.SubElement(item, "title").text = article.title
        etree.SubElement(item, "link").text = url + article.path
        etree.SubElement(item, "guid", isPermaLink="false").text = f"{outlet.key}:{article.key}"
        etree.SubElement(item, "pubDate").text = format_datetime(article.published_at.astimezone(outlet.zone))
        etree.SubElement(item, f"{{{_CREATOR}}}creator").text = article.author
        etree.SubElement(item, "description").text = _html(article, url, whole=False)
        if outlet.full_feed:
            etree.SubElement(item, f"{{{_CONTENT}}}encoded").text = etree.CDATA(_html(article, url, whole=True))
    return _bytes(root)


def _atom(outlet: Outlet, found: Sequence[SampleArticle], url: str, updated_at: datetime) -> bytes:
    tag = f"{{{_ATOM}}}"
    xml_lang = "{http://www.w3.org/XML/1998/namespace}lang"
    root = etree.Element(f"{tag}feed", {xml_lang: "zh-CN" if outlet.language == "zh" else "en-GB"}, nsmap=_ATOM_ONLY)
    etree.SubElement(root, f"{tag}id").text = f"tag:{outlet.key}.example,2026:feed"
    etree.SubElement(root, f"{tag}title").text = outlet.title
    etree.SubElement(root, f"{tag}subtitle").text = outlet.tagline
    etree.SubElement(root, f"{tag}updated").text = updated_at.isoformat()
    etree.SubElement(root, f"{tag}link", href=f"{url}/{outlet.key}/", rel="alternate", type="text/html")
    etree.SubElement(root, f"{tag}link", href=f"{url}/{outlet.key}/{outlet.feed_path}", rel="self")
    for article in found:
        entry = etree.SubElement(root, f"{tag}entry")
        etree.SubElement(entry, f"{tag}id").text = f"tag:{outlet.key}.example,2026:{article.key}"
        etree.SubElement(entry, f"{tag}title", type="text").text = article.title
        etree.SubElement(entry, f"{tag}link", href=url + article.path, rel="alternate", type="text/html")
        etree.SubElement(entry, f"{tag}published").text = article.published_at.astimezone(outlet.zone).isoformat()
        etree.SubElement(entry, f"{tag}updated").text = article.changed_at.astimezone(outlet.zone).isoformat()
        etree.SubElement(etree.SubElement(entry, f"{tag}author"), f"{tag}name").text = article.author
        kind = "content" if outlet.full_feed else "summary"
        etree.SubElement(entry, f"{tag}{kind}", type="html").text = _html(article, url, whole=outlet.full_feed)
    return _bytes(root)


def _json(outlet: Outlet, found: Sequence[SampleArticle], url: str) -> bytes:
    items = []
    for article in found:
        item = {
            "id": f"{outlet.key}:{article.key}",
            "url": url + article.path,
            "title": article.title,
            "authors": [{"name": article.author}],
            "date_published": article.published_at.astimezone(outlet.zone).isoformat(),
            "summary": article.paragraphs[0],
            "content_html": _html(article, url, whole=outlet.full_feed),
            "language": "zh-CN" if outlet.language == "zh" else "en",
        }
        if article.correction:
            item["date_modified"] = article.changed_at.astimezone(outlet.zone).isoformat()
        items.append(item)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "description": outlet.tagline,
        "home_page_url": f"{url}/{outlet.key}/",
        "feed_url": f"{url}/{outlet.key}/{outlet.feed_path}",
        "language": "zh-CN" if outlet.language == "zh" else "en",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _bytes(root: etree._Element) -> bytes:
    document: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return document
