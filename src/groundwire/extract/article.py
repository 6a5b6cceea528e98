"""A page, or what the feed itself gave, to an article's text and metadata."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from groundwire.encoding import decode
from groundwire.errors import ParseError
from groundwire.extract.blocks import blocks_of, weight
from groundwire.extract.language import detect_language
from groundwire.extract.main_text import main_text, trimmed_text
from groundwire.extract.metadata import Metadata, byline, read_metadata
from groundwire.extract.published import Published, read_published
from groundwire.markup import MAX_HTML, html_to_text, parse_html
from groundwire.types import Entry, Extracted, RawPage

MAX_PAGE_BYTES: Final = 10_000_000
FULLER: Final = 1.2
"""By how much the feed's own text must exceed the page's to be taken instead: pages carry more than articles."""

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_CHALLENGE = re.compile(
    r"just a moment\b|attention required|access denied|verify (?:that )?you are (?:a )?human|are you a robot"
    r"|enable javascript and cookies|checking your browser|安全验证|人机验证|访问验证|滑动验证|请完成验证",
    re.IGNORECASE,
)
_FUTURE: Final = timedelta(hours=24)


def extract_article(page: RawPage, entry: Entry | None = None) -> Extracted:
    """What a fetched page says, helped by the feed's entry that led to it.

    The feed's own text is taken where the page has none, is a bot check, or clearly says less (a teaser before a
    paywall); its title where it has one.

    Raises:
        ParseError: no HTML, larger than 10 MB, or neither page nor entry has a title or text.
    """
    if len(page.body) > MAX_PAGE_BYTES:
        raise ParseError("page", f"larger than {MAX_PAGE_BYTES // 1_000_000} MB")
    if _is_binary(page):
        return _without_page(page, entry, f"not HTML ({page.content_type or 'binary'})")
    declared = _META_CHARSET.search(page.body[:4096])
    text, _ = decode(page.body, page.content_type, declared[1].decode("ascii") if declared else None)
    root = parse_html(text[:MAX_HTML])
    if root is None:
        return _without_page(page, entry, "no HTML in it")
    metadata = read_metadata(root, page.url)
    if _CHALLENGE.search(metadata.title) and len(page.body) < 100_000:
        return _without_page(page, entry, "a bot check, not the article")
    blocks = blocks_of(root)
    body = main_text(root, metadata.titles, metadata.description, blocks)
    title = _headline(entry, metadata)
    own = "" if entry is None else entry_text(entry)
    if weight(own) > FULLER * weight(body):
        body = own
    if not title and not body:
        raise ParseError("page", "neither title nor text in it")
    language = detect_language(f"{title}\n{body}", metadata.language or (entry.language if entry else None))
    published = read_published(
        root, metadata, blocks, url=page.url, language=language, feed_at=entry.published_at if entry else None,
        now=page.fetched_at,
    )  # fmt: skip
    return Extracted(
        title=title or _first_words(body),
        body=body,
        author=metadata.author or (entry.author if entry else None) or byline(blocks),
        published_at=published.at,
        published_evidence=published.evidence,
        language=language,
        canonical_url=metadata.canonical_url,
        site_name=metadata.site_name,
    )


def extract_entry(entry: Entry, now: datetime) -> Extracted:
    """What the feed itself says of an article whose page can't be had.

    Raises:
        ParseError: it has neither title nor text.
    """
    body = entry_text(entry)
    if not entry.title and not body:
        raise ParseError("entry", "neither title nor text in it")
    published = Published(None, "fetched")
    if entry.published_at is not None and entry.published_at <= now + _FUTURE:
        published = Published(entry.published_at, "feed")
    return Extracted(
        title=entry.title or _first_words(body),
        body=body,
        author=entry.author,
        published_at=published.at,
        published_evidence=published.evidence,
        language=detect_language(f"{entry.title}\n{body}", entry.language),
        canonical_url=None,
    )


def entry_text(entry: Entry) -> str:
    """The text of a feed's own content, trimmed as a page's is."""
    if not re.search(r"<[a-zA-Z/!]", entry.html):
        return html_to_text(entry.html)
    root = parse_html(entry.html)
    return "" if root is None else trimmed_text(blocks_of(root), (entry.title,))


def _without_page(page: RawPage, entry: Entry | None, reason: str) -> Extracted:
    if entry is None or not (entry.title or entry.html.strip()):
        raise ParseError("page", reason)
    return extract_entry(entry, page.fetched_at)


def _is_binary(page: RawPage) -> bool:
    kind = (page.content_type or "").split(";")[0].strip().lower()
    if kind.startswith(("image/", "audio/", "video/", "font/")) or kind in ("application/pdf", "application/zip"):
        return True
    return page.body[:5] == b"%PDF-" or page.body[:4] in (b"\x89PNG", b"GIF8", b"PK\x03\x04", b"\xff\xd8\xff\xe0")


def _headline(entry: Entry | None, metadata: Metadata) -> str:
    """The feed's title, unless it is cut short and the page has all of it."""
    if entry is None or not entry.title:
        return metadata.title
    begun = re.sub(r"\s*(?:\.{3}|…|\[…\])\s*$", "", entry.title)
    if begun != entry.title:
        return next((t for t in metadata.titles if t.startswith(begun) and len(t) > len(entry.title)), entry.title)
    return entry.title


def _first_words(body: str) -> str:
    """A name for what has none: its first line, cut at a clause."""
    line = body.split("\n", 1)[0]
    if len(line) <= 80:
        return line
    cut = max((found.end() for found in re.finditer(r"[.!?,;。！？，；]\s*|\s", line[:80])), default=80)
    return line[:cut].rstrip(" ,;，；") + "…"
