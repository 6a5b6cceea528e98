"""Bytes of a feed to entries: RSS, Atom, RDF and JSON Feed, in whatever encoding and shape they come.

Well-formed XML without a document type's entities is read by our own reader over lxml; XML that is broken in the common
ways is repaired first; what still is no XML goes to feedparser. Nothing here fetches, follows or believes an address of
the document: its own address is what it was fetched from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from groundwire.collect.drafts import EntryDraft, FeedDraft
from groundwire.collect.identity import EntryIdentity, entry_keys, safe_url
from groundwire.collect.json_feed import read_json
from groundwire.collect.loose_feed import read_loose
from groundwire.collect.xml_feed import read_xml
from groundwire.collect.xml_repair import printable_xml, repair_xml
from groundwire.encoding import decode
from groundwire.errors import ParseError
from groundwire.markup import absolute_links, inline_text
from groundwire.text import as_windows_1252, one_line
from groundwire.times import read_time
from groundwire.types import Entry

MAX_FEED_BYTES: Final = 20_000_000
MAX_LOOSE_BYTES: Final = 2_000_000
"""What feedparser is given at most: it reads about half a megabyte a second."""
MAX_ENTRY_HTML: Final = 1_000_000
"""Characters kept of one entry's content."""
MIN_TTL_S: Final = 15 * 60.0
MAX_TTL_S: Final = 24 * 3600.0
FUTURE: Final = timedelta(hours=24)
"""A publication time further ahead than zones can explain is not believed."""

_DAYS: Final = {day[:3]: day for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_HTML_ROOTS: Final = frozenset({"html", "head", "body", "div", "p", "script", "meta", "title", "table"})
_CHALLENGE = re.compile(r"just a moment|checking your browser|attention required|cf-browser-verification|captcha", re.I)
_LIMITS = re.compile(
    r"huge|excessive depth|maximum (?:depth|length)|too long|resource limit|amplification", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as read: its texts are clean plain text, its addresses absolute http(s), its times UTC."""

    title: str
    homepage: str | None
    language: str | None
    """BCP 47 primary subtag."""
    ttl_s: float | None
    """How long not to ask again, as the publisher says; clamped to 15 min to 24 h. [s]"""
    skip_hours: frozenset[int]
    """Hours of the day in UTC at which not to ask; 0 to 23."""
    skip_days: frozenset[str]
    """Days of the week (UTC) on which not to ask: English names in lower case."""
    entries: tuple[Entry, ...]
    """In document order, an entry given twice only once."""
    format: str
    self_url: str | None
    """What the feed calls its own address: for information; never polled instead of the known one."""
    warnings: tuple[str, ...]
    """What was wrong with it, in words, each once."""


def parse_feed(body: bytes, url: str, content_type: str | None = None, *, now: datetime | None = None) -> ParsedFeed:
    """Read a feed.

    Args:
        body: As received, decompressed.
        url: Where it came from, after redirects: relative links are resolved against it.
        content_type: The HTTP header.
        now: Publication times later than a day after this are taken for unknown.

    Raises:
        ParseError: too large, empty, a web page instead of a feed, entity declarations, or nothing that can be read.
    """
    if len(body) > MAX_FEED_BYTES:
        raise ParseError("feed", f"larger than {MAX_FEED_BYTES // 1_000_000} MB")
    text, doubts = decode(body, content_type)
    head = text[:4096].lstrip("\ufeff\x00 \t\r\n")
    if not head:
        raise ParseError("feed", "empty")
    draft = read_json(text) if head[0] in "{[" else _read_markup(text, url)
    draft.warnings[:0] = doubts
    return _finished(draft, url, now)


def _read_markup(text: str, url: str) -> FeedDraft:
    text = _without_doctype(text)
    clean = printable_xml(text).lstrip()
    root, error = _parse(clean, url)
    warnings = [] if len(clean) == len(text.lstrip()) else ["control characters removed"]
    if root is None:
        _refuse_html(clean)
        root, error = _parse(repair_xml(clean), url)
        warnings.append("not well-formed XML: repaired")
    draft = None if root is None else read_xml(root)
    if draft is None:
        _refuse_html(clean)
        if root is not None:
            raise ParseError("feed", f"XML, but no feed: its root is <{etree.QName(root).localname[:40]}>")
        if len(clean) > MAX_LOOSE_BYTES:
            raise ParseError("feed", f"not well-formed XML, and too large to be read loosely ({error})")
        draft = read_loose(clean.encode("utf-8", "replace"), url)
        warnings = []
    if draft is None:
        raise ParseError("feed", f"not a feed ({error})" if error else "not a feed")
    draft.warnings[:0] = warnings
    return draft


def _parse(text: str, url: str) -> tuple[etree._Element | None, str]:
    """The root, or what was wrong.

    Raises:
        ParseError: beyond the parser's limits (depth 256, 10 MB in one text): nothing that a slower parser should try.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=False, encoding="utf-8",
    )  # fmt: skip
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser, base_url=url), ""
    except etree.XMLSyntaxError as error:
        reason = (error.msg or "broken")[:200]
        if _LIMITS.search(reason):
            raise ParseError("feed", f"beyond the parser's limits ({reason})") from error
        return None, reason


def _without_doctype(text: str) -> str:
    """A document type is never read: no feed needs one, and its entities are how XML attacks its readers."""
    start = text.find("<!DOCTYPE", 0, 65_536)
    if start < 0:
        start = text[:65_536].lower().find("<!doctype")
    root = re.search(r"<[A-Za-z_]", text)
    if start < 0 or (root is not None and root.start() < start):
        return text
    found = _DOCTYPE.match(text, start)
    declaration = found[0] if found else text[start : start + 65_536]
    if "<!ENTITY" in declaration.upper():
        raise ParseError("feed", "entities refused: it declares its own")
    if found is None:
        raise ParseError("feed", "unfinished document type")
    return text[:start] + text[found.end() :]


def _refuse_html(text: str) -> None:
    root = _ROOT.search(text)
    if root is not None and root[2].lower() in _HTML_ROOTS:
        challenge = " (a bot check)" if _CHALLENGE.search(text[:20_000]) else ""
        raise ParseError("feed", f"HTML instead of a feed{challenge}")


# --- from drafts to entries ------------------------------------------------------------------------------------


def _finished(draft: FeedDraft, url: str, now: datetime | None) -> ParsedFeed:
    warnings = list(draft.warnings)
    language = _primary(draft.language)
    ttl_s = None if draft.ttl_s is None else min(max(draft.ttl_s, MIN_TTL_S), MAX_TTL_S)
    return ParsedFeed(
        title=_title(draft.title, is_html=draft.title_is_html),
        homepage=safe_url(draft.homepage, url),
        language=language,
        ttl_s=ttl_s,
        skip_hours=frozenset(int(h) % 24 for h in draft.skip_hours if re.fullmatch(r"\d{1,2}", h) and int(h) <= 24),
        skip_days=frozenset(_DAYS[day[:3].lower()] for day in draft.skip_days if day[:3].lower() in _DAYS),
        entries=_entries(draft.entries, url, language, now, warnings),
        format=draft.format,
        self_url=safe_url(draft.self_url, url),
        warnings=tuple(dict.fromkeys(one_line(warning, 300) for warning in warnings)),
    )


def _entries(
    drafts: Sequence[EntryDraft], url: str, feed_language: str | None, now: datetime | None, warnings: list[str]
) -> tuple[Entry, ...]:
    found: list[tuple[EntryIdentity, EntryDraft, str | None, str]] = []
    for draft in drafts:
        title = _title(draft.title, is_html=draft.title_is_html)
        link = safe_url(draft.link, url)
        if draft.link and link is None:
            warnings.append("an entry's link is no web address: left out")
        guid = " ".join((draft.guid or "").replace("\x00", "").split()) or None
        date = draft.published or draft.updated or ""
        identity = EntryIdentity(guid=guid, link=link, title=title, date=date, content=draft.html[:100_000])
        found.append((identity, draft, link, title))
    entries: dict[str, Entry] = {}
    for key, (_, draft, link, title) in zip(entry_keys([entry[0] for entry in found]), found, strict=True):
        if key in entries:
            warnings.append("an entry is given twice: kept once")
            continue
        language = _primary(draft.language) or feed_language
        published = _time(draft.published, language, now, warnings)
        updated = _time(draft.updated, language, now, warnings)
        entries[key] = Entry(
            key=key,
            url=link,
            title=title,
            author=person_name(draft.author),
            # some feeds only say when an entry was last changed, which then is when it was first seen there
            published_at=published or updated,
            updated_at=updated,
            html=_content(draft, url),
            language=language,
            categories=tuple(_categories(draft.categories)),
        )
    return tuple(entries.values())


def _content(draft: EntryDraft, url: str) -> str:
    bounded = as_windows_1252(draft.html[:MAX_ENTRY_HTML].replace("\x00", ""))
    return absolute_links(bounded, draft.base or url)


def _time(text: str | None, language: str | None, now: datetime | None, warnings: list[str]) -> datetime | None:
    if not text:
        return None
    reading = read_time(text, language)
    if reading.at is None or (reading.note and not reading.note.startswith("zone assumed")):
        warnings.append(f"time: {reading.note}")
    if reading.at is not None and now is not None and reading.at > now + FUTURE:
        warnings.append(f"time in the future, taken for unknown: {text[:64]!r}")
        return None
    return reading.at


def _title(text: str, *, is_html: bool) -> str:
    return inline_text(text) if is_html else one_line(text)


def _categories(terms: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(term for term in (inline_text(term, 100) for term in terms) if term)


def _primary(language: str | None) -> str | None:
    """The primary subtag of a language tag, or None for what is none."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?\s*\Z", language or "")
    return found[1].lower() if found else None


def person_name(author: str | None) -> str | None:
    """The name in RSS's "address (name)" or mail's "name <address>"; None for a bare address."""
    if not author:
        return None
    shown = inline_text(author, 200)
    for shape in (r"[^\s@()<>]+@[^\s@()<>]+\s*\((.+)\)", r"(.+?)\s*[<(]\s*(?:mailto:)?[^\s@()<>]+@[^\s@()<>]+\s*[>)]"):
        if found := re.fullmatch(shape, shown):
            shown = found[1].strip().strip("\"'")
    return None if re.fullmatch(r"(?:mailto:)?[^\s@]+@[^\s@]+", shown) else shown or None
