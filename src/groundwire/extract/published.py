"""When an article was published, and what says so."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import htmldate
from lxml import etree

from groundwire.extract.blocks import Block, weight
from groundwire.extract.metadata import Metadata
from groundwire.markup import select
from groundwire.times import TimeReading, read_time
from groundwire.types import DateEvidence

logging.getLogger("htmldate").setLevel(logging.CRITICAL)

_METAS: Final = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time", "datepublished",
    "article:create_at", "apub:time", "publishdate", "publish_date", "publish-date", "pubdate", "publication_date",
    "published_time", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date", "dc.date.created", "dcterms.date", "citation_publication_date", "bt:pubdate", "rnews:datepublished",
    "weibo:article:create_at", "date", "displaydate", "creation_date", "date_published", "article_date_original",
    "og:release_date", "datecreated",
)  # fmt: skip
_URL_DATE = re.compile(r"/(20\d{2})[-/]?([01]\d)[-/]?([0-3]\d)(?!\d)")
_TEXT_DATE = re.compile(
    r"\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日(?:\s*(?:星期|周).)?(?:\s*(?:上午|下午|晚上|凌晨)?\s*\d{1,2}[:：时]\d{1,2}(?:[:：]\d{2})?)?"
    r"|20\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T\s]+\d{1,2}:\d{2}(?::\d{2})?)?"
)
_HEAD_BLOCKS: Final = 40
"""Blocks after the headline in which a date line may stand."""
_LABEL: Final = 200
"""Weight up to which a block can be a date line: with source, author and counts, but no paragraph that names a date."""
_FUTURE: Final = timedelta(hours=24)
_SAME: Final = timedelta(hours=36)
"""A day named without a time and a feed's exact time may lie so far apart and mean the same."""


@dataclass(frozen=True, slots=True)
class Published:
    """A publication time with its evidence."""

    at: datetime | None
    evidence: DateEvidence


def read_published(
    root: etree._Element,
    metadata: Metadata,
    blocks: list[Block],
    *,
    url: str,
    language: str | None,
    feed_at: datetime | None,
    now: datetime,
) -> Published:
    """The first of these that can be: JSON-LD, meta elements, <time>, the feed, date lines in the text, the address.

    A day without a time of day gives way to an exact time, the feed's too, if both can mean the same. A time more than
    a day ahead of ``now`` is not believed.
    """
    told = _first(_structured(root, metadata, language), now)
    if told is not None and not told.whole_day:
        return Published(told.at, told.evidence)
    if feed_at is not None and feed_at <= now + _FUTURE and (told is None or abs(feed_at - told.at) <= _SAME):
        return Published(feed_at, "feed")
    told = told or _first(((read_time(text, language), "text") for text in _date_lines(blocks)), now)
    if told is not None:
        return Published(told.at, told.evidence)
    from_url = _in_url(url)
    if from_url is not None and from_url <= now + _FUTURE:
        return Published(from_url, "url")
    guessed = _guessed(root, url, now)
    return Published(guessed, "text") if guessed else Published(None, "fetched")


@dataclass(frozen=True, slots=True)
class _Told:
    at: datetime
    evidence: DateEvidence
    whole_day: bool


def _first(candidates: Iterable[tuple[TimeReading, DateEvidence]], now: datetime) -> _Told | None:
    """The first time that can be; if it is a whole day, the first exact one that can mean the same."""
    day: _Told | None = None
    for reading, evidence in candidates:
        if reading.at is None or reading.at > now + _FUTURE:
            continue
        if not reading.whole_day and (day is None or abs(reading.at - day.at) <= _SAME):
            return _Told(reading.at, evidence, whole_day=False)
        if day is None:
            day = _Told(reading.at, evidence, whole_day=True)
    return day


def _structured(
    root: etree._Element, metadata: Metadata, language: str | None
) -> Iterator[tuple[TimeReading, DateEvidence]]:
    if metadata.published:
        yield read_time(metadata.published, language), "json-ld"
    for name in _METAS:
        if name in metadata.metas:
            yield read_time(metadata.metas[name], language), "meta"
    for element in select(root, "//*[@itemprop='datePublished']")[:3]:
        yield read_time(element.get("datetime") or element.get("content") or _own_text(element), language), "meta"
    for element in _times(root):
        yield read_time(element.get("datetime") or _own_text(element), language), "time-element"


def _times(root: etree._Element) -> list[etree._Element]:
    """<time> elements that can be the article's: marked as its publication, else the first after the headline."""
    marked = select(root, "//time[@pubdate or contains(@class, 'publish') or contains(@class, 'entry-date')]")
    inside = select(root, "//article//time | //main//time | //h1/following::time")
    return [*marked[:2], *inside[:1]]


def _date_lines(blocks: list[Block]) -> Iterator[str]:
    """Dates in the short lines after the headline, or in the first of all where there is none."""
    start = next((block.index + 1 for block in blocks if block.tag == "h1"), 0)
    for block in blocks[start : start + _HEAD_BLOCKS]:
        if weight(block.text) <= _LABEL and (found := _TEXT_DATE.search(block.text)):
            yield found[0]


def _in_url(url: str) -> datetime | None:
    found = _URL_DATE.search(url)
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError:
        return None


def _guessed(root: etree._Element, url: str, now: datetime) -> datetime | None:
    """htmldate's reading of a page without any of the above."""
    try:
        found = htmldate.find_date(root, original_date=True, url=url, max_date=(now + _FUTURE).strftime("%Y-%m-%d"))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, etree.LxmlError):
        return None
    return read_time(found).at


def _own_text(element: etree._Element) -> str:
    return " ".join("".join(str(piece) for piece in element.itertext()).split())[:200]
