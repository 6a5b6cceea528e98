"""The stages in order; each takes what is due from storage, works, and commits per item, so a kill loses nothing."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from types import TracebackType
from typing import Protocol
from urllib.parse import urlsplit

from groundwire.briefs import check_citations, compose, statements, to_json
from groundwire.collect.feed import ParsedFeed, parse_feed
from groundwire.collect.fetch import Fetcher, FetchSettings, HostResting
from groundwire.collect.identity import second_key
from groundwire.collect.pages import fetch_page
from groundwire.collect.poll import PollResult, poll_all
from groundwire.collect.robots import Robots
from groundwire.collect.schedule import check_clock
from groundwire.collect.workers import Workers
from groundwire.errors import FetchError, GroundingError, GroundwireError, ParseError
from groundwire.events.cluster import EventIndex
from groundwire.events.embeddings import Embedder, UniversalSentenceEncoder
from groundwire.events.records import Constraints, Document, Stored
from groundwire.evidence.analyse import analyse
from groundwire.extract import extract_article, extract_entry
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.briefs import StoredBrief
from groundwire.storage.entries import MAX_ATTEMPTS, DueEntry
from groundwire.storage.events import Decision, Placement
from groundwire.storage.sources import FetchRecord
from groundwire.types import Article, Evidence, Extracted, RawPage

Clock = Callable[[], datetime]

PAGE_BATCH = 500
EVENT_BATCH = 256
LEASE = timedelta(minutes=2)


class Progress(Protocol):
    """Told how a stage goes."""

    def start(self, stage: str, total: int) -> None:
        """A stage begins, with so many items as far as is known."""

    def advance(self, stage: str, count: int = 1) -> None:
        """So many more items are done."""

    def problem(self, stage: str, words: str) -> None:
        """Something went wrong with one item; the others go on."""


@dataclass(slots=True)
class Report:
    """What a run did."""

    polled: int = 0
    not_modified: int = 0
    failed_sources: int = 0
    new_entries: int = 0
    articles: int = 0
    unread_pages: int = 0
    placed: int = 0
    merged: int = 0
    briefs: int = 0
    withheld: int = 0
    problems: list[str] = field(default_factory=list)


class AnotherRun(GroundwireError):  # noqa: N818  names what is the case
    """Another process is collecting on this database."""


@contextmanager
def only_run(store: Store, now: Clock) -> Iterator[Callable[[], None]]:
    """Hold the lease under which stages run; yields a function that renews it.

    Raises:
        AnotherRun: names the process that holds it.
    """
    owner = f"{socket.gethostname()} process {os.getpid()}"

    def renew() -> None:
        holder = store.leases.take("run", owner, now(), LEASE)
        if holder is not None:
            raise AnotherRun(
                f"another run is under way ({holder}); wait until it ends, or {LEASE.seconds} s after it died"
            )

    renew()
    try:
        yield renew
    finally:
        store.leases.release("run", owner)


# --- collect ---------------------------------------------------------------------------------------------------


def fetch_settings(settings: Settings) -> FetchSettings:
    """How the fetcher behaves under these settings."""
    return FetchSettings(
        user_agent=f"Groundwire/0.1 (+{settings.contact_url})",
        total_concurrency=settings.fetch_concurrency,
        allow_hosts=settings.allow_hosts,
        own_hosts=(urlsplit(settings.base_url).netloc,),
    )


async def collect(
    store: Store, settings: Settings, fetcher: Fetcher, workers: Workers, now: Clock, progress: Progress, report: Report
) -> None:
    """Poll every due source and store its entries and its health, each source in one transaction."""

    async def parse(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        return await workers.run(parse_feed, body, url, content_type, now=now())

    check_clock(now(), store.sources.last_success_at())
    due = store.sources.due(now())
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


# --- read ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """What became of one entry: an article, or why not and whether to try again."""

    due: DueEntry
    found: Extracted | None
    url: str
    error: str | None
    again: bool


async def read_pages(
    store: Store, fetcher: Fetcher, workers: Workers, now: Clock, progress: Progress, report: Report
) -> None:
    """Fetch the page of every due entry and store what it says; where there is no page, what the feed said."""
    robots = Robots(fetcher)
    progress.start("read", store.entries.count_due(now()))
    while batch := store.entries.due(now(), PAGE_BATCH):
        reads = [_read(due, fetcher, robots, workers, now) for due in batch]  # the fetcher keeps the limits
        for finished in asyncio.as_completed(reads):
            reading = await finished
            _save_reading(store, reading, now(), report)
            if reading.error and not reading.again and reading.found is None:
                progress.problem("read", f"{reading.url}: {reading.error}")
            progress.advance("read")


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


# --- events ----------------------------------------------------------------------------------------------------


class EventBuilder:
    """Puts articles into events; keeps the index of living events in memory between rounds.

    Args:
        store: Where articles come from and decisions go.
        settings: How long events live.
        embedder: Meaning of texts.
    """

    def __init__(self, store: Store, settings: Settings, embedder: Embedder) -> None:
        self._store, self._settings, self.embedder = store, settings, embedder
        self._index: EventIndex | None = None
        self._decided = -1

    def run(self, now: Clock, progress: Progress, report: Report) -> None:
        """Place every due article; each batch is stored in one transaction."""
        progress.start("events", self._store.articles.count(due=True))
        while batch := self._store.articles.due(EVENT_BATCH):
            index = self._current_index(now())
            # an edited article stays where it is: its event is told anew from the new version
            fresh = self._store.events.keep_edited([article.article_id for article in batch], now())
            update = index.add([_document(article) for article in batch if article.article_id in fresh])
            placements = [
                Placement(
                    article_id=assigned.article_id,
                    event_id=assigned.event_id,
                    origin_id=assigned.origin_id,
                    reasons=assigned.reasons,
                    fingerprint=assigned.fingerprint,
                )
                for assigned in update.assignments
            ]
            merges = [(merge.survivor_id, merge.absorbed_id) for merge in update.merges]
            self._store.events.place(placements, merges, self.embedder.name, now())
            report.placed += len(batch)
            report.merged += len(merges)
            progress.advance("events", len(batch))

    def _current_index(self, now: datetime) -> EventIndex:
        """The index in memory, or one restored from storage: at first, and after a person decided something."""
        decisions = self._store.events.decisions()
        if self._index is None or len(decisions) != self._decided:
            since = now - timedelta(days=self._settings.window_days)
            stored = [
                Stored(article_id=article, event_id=event, origin_id=origin, fingerprint=data, pinned=pinned)
                for article, event, origin, data, pinned in self._store.articles.fingerprints(self.embedder.name, since)
            ]
            self._index = EventIndex(
                embedder=self.embedder,
                next_event_id=self._store.events.next_id(),
                constraints=constraints(decisions),
            )
            self._index.restore(stored)
            self._decided = len(decisions)
        return self._index


def constraints(decisions: Sequence[Decision]) -> Constraints:
    """What a person decided, as pairs of articles; a later decision on a pair replaces an earlier one."""
    last: dict[tuple[int, int], bool] = {}
    for decision in decisions:
        if decision.kind in ("pin", "merge", "split") and decision.second_id is not None:
            pair = (min(decision.first_id, decision.second_id), max(decision.first_id, decision.second_id))
            last[pair] = decision.kind != "split"
    return Constraints.of(
        together=[pair for pair, joined in last.items() if joined],
        apart=[pair for pair, joined in last.items() if not joined],
    )


def _document(article: Article) -> Document:
    known = article.published_evidence != "fetched"
    return Document(
        article_id=article.article_id,
        source_id=article.source_id,
        language=article.language,
        title=article.title,
        text=article.text,
        published_at=article.published_at if known else None,
        links=(article.url,),
    )


# --- briefs ----------------------------------------------------------------------------------------------------


class Analyst:
    """Evidence of article versions, kept for the versions that were asked for last: related events ask again."""

    def __init__(self, keep: int = 2_000) -> None:
        self._analyse = lru_cache(maxsize=keep)(analyse)

    def of(self, articles: Sequence[Article]) -> dict[int, Evidence]:
        """Evidence by version id."""
        return {article.id: self._analyse(article) for article in articles}


def write_briefs(
    store: Store,
    settings: Settings,
    embedder: Embedder,
    analyst: Analyst,
    now: Clock,
    progress: Progress,
    report: Report,
) -> None:
    """Compose, check and publish the brief of every due event, each in one transaction."""
    progress.start("briefs", store.events.count_due())
    while due := store.events.due(EVENT_BATCH):
        for event_id, due_at in due:
            _write_brief(store, settings, embedder, analyst, event_id, due_at, now, report)
            progress.advance("briefs")


def _write_brief(
    store: Store,
    settings: Settings,
    embedder: Embedder,
    analyst: Analyst,
    event_id: int,
    due_at: datetime,
    now: Clock,
    report: Report,
) -> None:
    event, articles = store.events.get(event_id), store.articles.of_event(event_id)
    related = store.events.related(event_id)
    earlier = {
        other.event_id: tuple(analyst.of(store.articles.of_event(other.event_id)).values())
        for other in related
        if other.relation == "earlier"
    }
    try:
        brief = compose(event, articles, analyst.of(articles), related, earlier, embedder, settings.language)
    except ValueError:  # no article of it has any text to cite
        store.briefs.withdraw(event_id)
        report.withheld += 1
        return
    cited = {citation.version_id for statement in statements(brief) for citation in statement.citations}
    problems = check_citations(brief, {article.id: article for article in store.articles.versions(sorted(cited))})
    if problems:
        raise GroundingError(problems[0])
    stored = StoredBrief(
        event_id=event_id,
        language=brief.language,
        document=json.dumps(to_json(brief), ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        build=brief.provenance.build,
        made_at=now(),
    )
    store.briefs.save(stored, list(statements(brief)), due_at)
    report.briefs += 1


# --- all together ----------------------------------------------------------------------------------------------


class Desk:
    """The stages with what they keep between rounds: connections, worker processes, the index of events.

    Args:
        store: Where everything is kept.
        settings: How to behave.
        embedder: Meaning of texts; default: the one that ships.

    Example:
        >>> async with Desk(store, settings) as desk:  # doctest: +SKIP
        ...     report = await desk.run(lambda: datetime.now(UTC), progress)
    """

    def __init__(self, store: Store, settings: Settings, embedder: Embedder | None = None) -> None:
        self._store, self._settings = store, settings
        self._builder = EventBuilder(store, settings, embedder or UniversalSentenceEncoder())
        self._fetcher = Fetcher(fetch_settings(settings))
        self._workers = Workers(settings.workers)
        self._analyst = Analyst()

    async def __aenter__(self) -> Desk:
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._fetcher.__aexit__(kind, error, trace)
        self._workers.close()

    async def run(self, now: Clock, progress: Progress, report: Report | None = None) -> Report:
        """One round of all stages; what it did is added to ``report``."""
        report = report or Report()
        await collect(self._store, self._settings, self._fetcher, self._workers, now, progress, report)
        await read_pages(self._store, self._fetcher, self._workers, now, progress, report)
        self._builder.run(now, progress, report)
        write_briefs(self._store, self._settings, self._builder.embedder, self._analyst, now, progress, report)
        return report


async def run_once(store: Store, settings: Settings, now: Clock, progress: Progress) -> Report:
    """One round, with everything opened for it and closed after it."""
    async with Desk(store, settings) as desk:
        return await desk.run(now, progress)
