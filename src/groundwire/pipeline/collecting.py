"""The first two stages: poll the sources, read the articles' pages."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from groundwire.collect.feed import ParsedFeed, parse_feed
from groundwire.collect.fetch import Fetcher, FetchSettings, HostResting
from groundwire.collect.identity import second_key
from groundwire.collect.pages import fetch_page
from groundwire.collect.poll import PollResult, poll_all
from groundwire.collect.robots import Robots
from groundwire.collect.schedule import check_clock
from groundwire.collect.workers import Workers
from groundwire.errors import FetchError, ParseError
from groundwire.extract import extract_article, extract_entry
from groundwire.pipeline.report import Clock, Progress, Report
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.entries import MAX_ATTEMPTS, DueEntry
from groundwire.storage.sources import FetchRecord
from groundwire.types import Extracted, RawPage

PAGE_BATCH = 500


def fetch_settings(settings: Settings) -> FetchSettings:
    """How the fetcher behaves under these settings."""
    return FetchSettings(
        user_agent=f"Groundwire/0.1 (+{settings.contact_url})",
        total_concurrency=settings.fetch_concurrency,
        allow_hosts=settings.allow_hosts,
        own_hosts=(urlsplit(settings.base_url).netloc,),
    )


async def collect(
    store: Store,
    settings: Settings,
    fetcher: Fetcher,
    workers: Workers,
    now: Clock,
    progress: Progress,
    report: Report,
    only: Collection[int] | None = None,
) -> None:
    """Poll every due source (of some, by id) and store its entries and its health, each source in one transaction."""

    async def parse(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        return await workers.run(parse_feed, body, url, content_type, now=now())

    check_clock(now(), store.sources.last_success_at())
    due = store.sources.due(now(), only=only)
    progress.start("collect", len(due))
    async for result in poll_all(due, fetcher, parse, now, max_entries=settings.max_entries_per_poll):
        save_poll(store, result, report)
        for words in (result.error, *result.warnings):
            if words and not result.deferred:
                progress.problem("collect", f"{result.source.title}: {words}")
        progress.advance("collect")


def save_poll(store: Store, result: PollResult, report: Report) -> None:
    """Store one poll: entries, state, log, and what the feed says about itself, in one transaction."""
    with store.database.write() as connection:
        new = store.entries.save(connection, result.source.id, result.entries, result.polled_at, second_key)
        record = FetchRecord(
            fetched_at=result.polled_at,
            status=result.status,
            not_modified=result.not_modified,
            bytes_read=result.bytes_read,
            elapsed_s=result.elapsed_s,
            entries=len(result.entries),
            new_entries=new,
            error=result.error,
        )
        store.sources.save_poll(connection, result.source.id, result.state, None if result.deferred else record)
        learnt = {"url": result.moved_to} if result.moved_to else {}
        if result.feed is not None:
            if result.source.title in ("", result.source.url) and result.feed.title:
                learnt["title"] = result.feed.title
            if result.source.homepage is None and result.feed.homepage:
                learnt["homepage"] = result.feed.homepage
            if result.source.language is None and result.feed.language:
                learnt["language"] = result.feed.language
        store.sources.update(connection, result.source.id, **learnt)
    report.polled += 1
    report.not_modified += result.not_modified
    report.failed_sources += result.error is not None and not result.deferred
    report.new_entries += new


@dataclass(frozen=True, slots=True)
class _Reading:
    """What became of one entry: an article, or why not and whether to try again."""

    due: DueEntry
    found: Extracted | None
    url: str
    error: str | None
    again: bool


async def read_pages(
    store: Store,
    fetcher: Fetcher,
    robots: Robots,
    workers: Workers,
    now: Clock,
    progress: Progress,
    report: Report,
    only: Collection[int] | None = None,
) -> None:
    """Fetch the page of every due entry (of some, by id) and store what it says, or without a page what the feed said."""
    progress.start("read", store.entries.count_due(now()) if only is None else len(only))
    while batch := store.entries.due(now(), PAGE_BATCH, only=only):
        # the fetcher keeps the limits
        reads = [asyncio.ensure_future(_read(due, fetcher, robots, workers, now)) for due in batch]
        try:
            for finished in asyncio.as_completed(reads):
                reading = await finished
                _save_reading(store, reading, now(), report)
                if reading.error and not reading.again and reading.found is None:
                    progress.problem("read", f"{reading.url}: {reading.error}")
                progress.advance("read")
        finally:
            for read in reads:
                read.cancel()


async def _read(due: DueEntry, fetcher: Fetcher, robots: Robots, workers: Workers, now: Clock) -> _Reading:
    """Read one entry; never raises for what publishers do."""
    entry, error = due.entry, None
    url = entry.url or f"urn:groundwire:{due.source_id}:{entry.key}"
    page: RawPage | None = None
    if entry.url is not None:
        try:
            page = await fetch_page(entry.url, fetcher, robots, now())
        except HostResting as resting:
            return _Reading(due, None, url, resting.reason, again=True)
        except FetchError as failed:
            error = failed.reason
            if not failed.permanent and due.attempts + 1 < MAX_ATTEMPTS:
                return _Reading(due, None, url, error, again=True)
    try:
        found = (
            await workers.run(extract_article, page, entry) if page else await workers.run(extract_entry, entry, now())
        )
    except ParseError as unreadable:
        return _Reading(due, None, url, unreadable.reason, again=False)
    return _Reading(due, found, url, error, again=False)


def _save_reading(store: Store, reading: _Reading, now: datetime, report: Report) -> None:
    if reading.again:
        store.entries.failed(reading.due.id, reading.due.attempts, reading.error or "", now)
        return
    article_id = None
    with store.database.write() as connection:
        if reading.found is not None:
            article_id = store.articles.save(connection, reading.due.source_id, reading.url, reading.found, now)
            store.search.index(connection, article_id, f"{reading.found.title}\n{reading.found.body}")
        store.entries.done(connection, reading.due.id, article_id, reading.error)
    report.articles += article_id is not None
    report.unread_pages += reading.error is not None
