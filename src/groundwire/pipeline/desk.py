"""All stages together, with what they keep between rounds."""

from __future__ import annotations

from collections.abc import Collection
from types import TracebackType

from groundwire.collect.fetch import Fetcher
from groundwire.collect.robots import Robots
from groundwire.collect.workers import Workers
from groundwire.events.embeddings import Embedder, UniversalSentenceEncoder
from groundwire.llm import LanguageModel
from groundwire.pipeline.briefing import BriefWriter
from groundwire.pipeline.building import EventBuilder
from groundwire.pipeline.collecting import collect, fetch_settings, read_pages
from groundwire.pipeline.correcting import recheck
from groundwire.pipeline.metering import Meter
from groundwire.pipeline.report import Clock, Progress, Report
from groundwire.recaps import keep_past
from groundwire.settings import Settings
from groundwire.storage import Store


class Desk:
    """The stages with what they keep between rounds: connections, worker processes, the index of events.

    Args:
        store: Where everything is kept.
        settings: How to behave.
        embedder: Meaning of texts; default: the one that ships.
        model: Writes briefs, in place of the one that the settings name.
        judge: Judges what it wrote, likewise.

    Example:
        >>> async with Desk(store, settings) as desk:  # doctest: +SKIP
        ...     report = await desk.run(lambda: datetime.now(UTC), progress)
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        embedder: Embedder | None = None,
        model: LanguageModel | None = None,
        judge: LanguageModel | None = None,
    ) -> None:
        self._store, self._settings = store, settings
        embedder = embedder or UniversalSentenceEncoder()
        self.builder = EventBuilder(store, settings, embedder)
        self.fetcher = Fetcher(fetch_settings(settings))
        self._robots = Robots(self.fetcher)
        self._workers = Workers(settings.workers)
        self.meter = Meter(store, self._workers.processor_s)
        self.writer = BriefWriter(store, settings, embedder, self.meter, model, judge)

    async def __aenter__(self) -> Desk:
        await self.fetcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.fetcher.__aexit__(kind, error, trace)
        self._workers.close()

    async def run(self, now: Clock, progress: Progress, report: Report | None = None) -> Report:
        """One round of all stages; what it did is added to ``report``."""
        report = report or Report()
        placed = report.placed
        await self.poll(None, now, progress, report)
        await self.read(None, now, progress, report)
        await self.recheck(None, now, progress, report)
        self.builder.run(now, progress, report)
        self.meter.book("events", report.placed - placed, now())
        self.writer.run(self.builder.landscape(now()), now, progress, report)
        keep_past(self._store, now())
        return report

    async def poll(self, only: Collection[int] | None, now: Clock, progress: Progress, report: Report) -> None:
        """The first stage: poll the due sources, of all or of those whose ids are given."""
        polled = report.polled
        await collect(self._store, self._settings, self.fetcher, self._workers, now, progress, report, only)
        self.meter.book("collect", report.polled - polled, now())

    async def read(self, only: Collection[int] | None, now: Clock, progress: Progress, report: Report) -> None:
        """The second stage: read the pages of due entries, of all or of those whose ids are given."""
        articles = report.articles
        await read_pages(self._store, self.fetcher, self._robots, self._workers, now, progress, report, only)
        self.meter.book("read", report.articles - articles, now())

    async def recheck(self, only: Collection[int] | None, now: Clock, progress: Progress, report: Report) -> None:
        """Look again at cited articles that are due for it, at all or at those whose ids are given."""
        rechecked = report.rechecked
        await recheck(self._store, self.fetcher, self._robots, self._workers, now, progress, report, only)
        self.meter.book("recheck", report.rechecked - rechecked, now())


async def run_once(store: Store, settings: Settings, now: Clock, progress: Progress) -> Report:
    """One round, with everything opened for it and closed after it."""
    async with Desk(store, settings) as desk:
        return await desk.run(now, progress)
