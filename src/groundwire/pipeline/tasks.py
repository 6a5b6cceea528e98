"""The stages as tasks of a queue (Procrastinate on PostgreSQL): any number of workers share the work of one database.

What there is to do stays where it always was, in storage: a source, an entry, an article, an event is due or not.
One task, ``schedule``, looks at that and enqueues jobs; each job looks again before it works, so a job too many does
nothing, and a lost one is enqueued anew. Locks keep apart what must not run side by side (docs/scaling.md).
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.schema import SchemaManager
from psycopg.conninfo import make_conninfo

from groundwire.collect.schedule import MIN_INTERVAL_S
from groundwire.errors import GroundwireError
from groundwire.pipeline.desk import Desk
from groundwire.pipeline.lease import this_process
from groundwire.pipeline.report import Clock, Progress, Report
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.queue import Queue

FETCH, THINK = "fetch", "think"
"""The queues: waiting for publishers, many jobs side by side; computing, one job at a time in each worker."""

PAGES_A_JOB = 32
JOBS_A_HOST = 4
"""Read jobs of one host that are in the queue at once: a long archive does not crowd out the rest."""
MAX_PAGES = 20_000
MAX_EVENTS = 1_000
SETTLE = timedelta(minutes=1)
"""Articles wait for others that are still being fetched, at most so long: reports of one moment are placed together."""
SOON_S = 0.3
"""After a job that made something due, so long until the scheduler looks: jobs that end together make it look once."""
TURN_S = 10.0
"""A brief waits for those of related events before it, at most so long."""
GRACE_S = 20.0
"""When asked to stop, jobs get so long to end; what is left of them stays due."""

POLITE, NORMAL, URGENT = -1, 0, 1
"""Priorities. A job that failed comes after the others of its host: a bad source never stops them."""


class Backoff(BaseRetryStrategy):
    """Try again, later each time, for ever: what failed is still due, and nothing waits for it.

    Args:
        first_s: After the first failure; then four times as long each time. [s]
        longest_s: Never longer. [s]
    """

    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s, self._longest_s = first_s, longest_s

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When; a job that was told to stop is not tried again, but enqueued anew as what it did not do is due."""
        if isinstance(exception, asyncio.CancelledError):
            return None
        seconds = min(self._longest_s, self._first_s * 4.0 ** min(job.attempts, 20))
        return RetryDecision(retry_in={"seconds": int(seconds)}, priority=POLITE)


class Crew:
    """One worker: takes jobs until told to stop.

    Args:
        store: On PostgreSQL.
        settings: How to behave.
        desk: The stages, opened.
        now: The clock.
        progress: Told of problems.
        say: Told of each job that did something, in one line.
    """

    def __init__(
        self, store: Store, settings: Settings, desk: Desk, now: Clock, progress: Progress, say: Callable[[str], None]
    ) -> None:
        self._store, self._settings, self._desk, self._now = store, settings, desk, now
        self._progress, self._say = progress, say
        self._queue = Queue(store.database)
        self._queue.prepare(SchemaManager.get_schema())
        conninfo = make_conninfo(**self._queue.connection_parameters(this_process()))
        self.app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=6))
        self._jobs = self.app.job_manager
        publisher, ours = Backoff(MIN_INTERVAL_S, 6 * 3600), Backoff(2, 3600)
        self._poll = self._task("poll", FETCH, self._run_poll, retry=publisher)
        self._read = self._task("read", FETCH, self._run_read, retry=publisher)
        self._recheck = self._task("recheck", FETCH, self._run_recheck, retry=publisher)
        self._place = self._task("events", THINK, self._run_events, retry=Backoff(2, 60), lock="events")
        self._brief = self._task("brief", THINK, self._run_brief, retry=ours, pass_context=True)
        self._schedule = self._task("schedule", FETCH, self._run_schedule, lock="schedule", priority=URGENT)
        recover = self._task("recover", FETCH, self._run_recover, priority=URGENT)
        self.app.periodic(cron="* * * * * */10")(self._schedule)
        self.app.periodic(cron="* * * * * */5")(recover)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set, then finish what is under way.

        Raises:
            GroundwireError: The database could not be reached any more.
        """
        silence = self._settings.worker_silence_s
        # a failed job is told of in one line by us; its library would print the whole way down to it
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        try:
            async with self.app.open_async():
                await self._look_again(0)
                working = [
                    asyncio.create_task(
                        self.app.run_worker_async(
                            queues=[queue],
                            concurrency=concurrency,
                            delete_jobs="always",
                            install_signal_handlers=False,
                            update_heartbeat_interval=silence / 3,
                            stalled_worker_timeout=silence,
                            shutdown_graceful_timeout=GRACE_S,
                        )
                    )
                    for queue, concurrency in ((FETCH, self._settings.fetch_concurrency), (THINK, 1))
                ]
                asked = asyncio.create_task(stop.wait())
                await asyncio.wait([asked, *working], return_when=asyncio.FIRST_COMPLETED)
                for task in (asked, *working):
                    task.cancel()
                ended = await asyncio.gather(*working, return_exceptions=True)
        except ConnectorException as error:
            raise GroundwireError(f"the queue in the database can't be used: {_reason(error)}; start again") from error
        for result in ended:
            if isinstance(result, Exception):
                raise GroundwireError(f"the queue in the database failed: {_reason(result)}; start again") from result
        if not stop.is_set():
            raise GroundwireError("the connection to the database was lost; start again when it is back")

    def _task(
        self, name: str, queue: str, function: Callable[..., Awaitable[None]], **options: Any
    ) -> Any:  # the library's type would name each function's own arguments
        async def run(*context: Any, **arguments: Any) -> None:
            try:
                await function(*context, **arguments)
            except Exception as error:
                about = " ".join(str(value) for value in arguments.values() if not isinstance(value, list))
                self._progress.problem(name, f"{about}: {_reason(error)}; it will be tried again")
                raise

        as_task: Callable[[Any], Any] = self.app.task(name=name, queue=queue, **options)
        return as_task(run)

    # --- what is due, and who lost a worker ----------------------------------------------------------------------

    async def _look_again(self, delay_s: float = SOON_S) -> None:
        """Have the scheduler look, once for all that ask."""
        later = {"milliseconds": int(delay_s * 1000)}
        with suppress(AlreadyEnqueued):
            await self._schedule.configure(queueing_lock="schedule", schedule_in=later).defer_async()

    async def _run_schedule(self, timestamp: int = 0) -> None:
        """Enqueue what is due and not in the queue."""
        del timestamp  # the library tells for which moment a periodic job is
        queued: dict[str, list[Job]] = defaultdict(list)
        for status in (Status.TODO, Status.DOING):  # before what is due: a job that ends now leaves nothing due
            for job in await self._jobs.list_jobs_async(status=status.value):
                queued[job.task_name].append(job)
        now = self._now()
        entries, articles = self._store.entries, self._store.corrections
        news = [
            *self._due_polls(queued["poll"], now),
            *self._by_host(self._read, entries.due_urls(now, MAX_PAGES), queued["read"], NORMAL),
        ]
        cited = [(watched.article_id, watched.url) for watched in articles.due(now, MAX_PAGES)]
        jobs = [*news, *self._by_host(self._recheck, cited, queued["recheck"], POLITE)]
        if not queued["events"] and (since := self._store.articles.due_since()) is not None:
            fetching = bool(news) or any(_could_run(job) for job in (*queued["poll"], *queued["read"]))
            if not fetching or now - since >= SETTLE:
                jobs.append(self._place.configure(queueing_lock="events").job)
        elif not queued["events"]:
            self._desk.writer.wake(self._now)
            known = {_arguments(job)["event_id"] for job in queued["brief"]}
            jobs += [
                self._brief.configure(queueing_lock=f"brief {event}", task_kwargs={"event_id": event}).job
                for event, _ in self._store.events.due(MAX_EVENTS)
                if event not in known
            ]
        for start in range(0, len(jobs), 500):
            await self._jobs.batch_defer_jobs_async(jobs[start : start + 500])

    def _due_polls(self, queued: Iterable[Job], now: datetime) -> Iterable[Job]:
        known = {_arguments(job)["source_id"] for job in queued}
        for source, _ in self._store.sources.due(now):
            if source.id not in known:
                host = self._desk.fetcher.spaced_host(source.url)
                yield self._poll.configure(
                    lock=f"host {host}" if host else f"source {source.id}",
                    queueing_lock=f"poll {source.id}",
                    priority=URGENT,  # one request, before a host's many pages
                    task_kwargs={"source_id": source.id},
                ).job

    def _by_host(
        self, task: Any, due: Iterable[tuple[int, str | None]], queued: Iterable[Job], priority: int
    ) -> Iterable[Job]:
        """Jobs for pages, given as (id, URL), that no job has yet: each for some pages of one host."""
        known: set[int] = set()
        busy: dict[str | None, int] = defaultdict(int)
        for job in queued:
            known.update(_arguments(job)["ids"])
            busy[_arguments(job)["host"]] += 1
        by_host: dict[str | None, list[int]] = defaultdict(list)
        for page_id, url in due:
            if page_id not in known:
                by_host[self._desk.fetcher.spaced_host(url) if url else None].append(page_id)
        for host, pages in by_host.items():
            room = JOBS_A_HOST - busy[host] if host else len(pages)
            for start in range(0, min(len(pages), room * PAGES_A_JOB), PAGES_A_JOB):
                some = pages[start : start + PAGES_A_JOB]
                yield task.configure(
                    lock=f"host {host}" if host else None,
                    queueing_lock=f"{task.name} {some[0]}",
                    priority=priority,
                    task_kwargs={"ids": some, "host": host},
                ).job

    async def _run_recover(self, timestamp: int) -> None:
        """Give the jobs of workers that died, or that nobody has heard of for long, to others."""
        del timestamp
        for job in await self._jobs.get_stalled_jobs(seconds_since_heartbeat=self._settings.worker_silence_s):
            self._progress.problem(job.task_name, "its worker gave no sign of life; another one does it")
            wait = timedelta(seconds=min(3600, 60 * 2**job.attempts) if job.attempts else 0)
            try:
                if job.task_name in ("schedule", "recover"):
                    await self._jobs.finish_job(job, Status.ABORTED, delete_job=True)
                else:
                    await self._jobs.retry_job(job, retry_at=datetime.now(UTC) + wait)
            except UniqueViolation:  # the same is in the queue again
                await self._jobs.finish_job(job, Status.ABORTED, delete_job=True)
            except ConnectorException:  # it came back, or another worker was quicker
                continue

    # --- the stages ------------------------------------------------------------------------------------------------

    async def _run_poll(self, source_id: int) -> None:
        report = Report()
        await self._desk.poll([source_id], self._now, self._progress, report)
        if report.polled:
            source = self._store.sources.get(source_id)
            self._say(f"polled {source.title}: {report.new_entries} new entries")
            await self._keep_spacing(self._desk.fetcher.spaced_host(source.url))
        if report.new_entries:
            await self._look_again()

    async def _run_read(self, ids: list[int], host: str | None) -> None:
        report = Report()
        await self._desk.read(ids, self._now, self._progress, report)
        if report.articles:
            self._say(f"read {report.articles} articles" + (f" of {host}" if host else ""))
        await self._keep_spacing(host)
        await self._look_again()

    async def _run_recheck(self, ids: list[int], host: str | None) -> None:
        report = Report()
        await self._desk.recheck(ids, self._now, self._progress, report)
        if report.rechecked:
            self._say(f"looked again at {report.rechecked} cited articles" + (f" of {host}" if host else ""))
        await self._keep_spacing(host)

    async def _keep_spacing(self, host: str | None) -> None:
        """Hold a host's lock until it may be asked again, by whichever worker is next."""
        if host is not None and (owed := self._desk.fetcher.owed_s(host)) > 0:
            await asyncio.sleep(owed)

    async def _run_events(self) -> None:
        report, builder = Report(), self._desk.builder
        while await asyncio.to_thread(builder.place_batch, self._now, self._progress, report):
            pass
        if report.placed:
            self._say(f"placed {report.placed} articles into events")
            self._desk.meter.book("events", report.placed, self._now())
        await self._look_again()

    async def _run_brief(self, context: JobContext, event_id: int) -> None:
        report = Report()
        await self._wait_for_earlier(event_id, context.job.id or 0)
        await asyncio.to_thread(self._write, event_id, report)
        if report.briefs:
            self._say(f"wrote the brief of event {event_id}")

    def _write(self, event_id: int, report: Report) -> None:
        due_at = self._store.events.due_since([event_id]).get(event_id)
        if due_at is not None:
            landscape = self._desk.builder.landscape(self._now())
            self._desk.writer.share(event_id, due_at, landscape, self._now, self._progress, report)

    async def _wait_for_earlier(self, event_id: int, job_id: int) -> None:
        """Let briefs of related events that come before this one be stored first: its own leads to them.

        Jobs are taken in the order in which one process writes briefs, so only those under way elsewhere are ahead.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + TURN_S
        related: set[int] = set()
        asked: set[int] = set()
        while loop.time() < until:
            ahead = {int(arguments["event_id"]) for arguments in self._queue.ahead("brief", job_id)}
            if unknown := ahead - asked:
                related |= await asyncio.to_thread(self._related, event_id, unknown)
                asked |= unknown
            if not ahead & related:
                return
            await asyncio.sleep(0.05)

    def _related(self, event_id: int, others: set[int]) -> set[int]:
        """Which of some events lead to this one or are led to from it."""
        landscape = self._desk.builder.landscape(self._now())
        known = [event for event in (event_id, *others) if event in landscape]
        near = {event: {found.event_id for found in landscape.related(event)} for event in known}
        return {other for other in others if other in near.get(event_id, ()) or event_id in near.get(other, ())}


def _arguments(job: Job) -> dict[str, Any]:
    """What a job was enqueued with."""
    return job.task_kwargs


def _could_run(job: Job) -> bool:
    """Whether a job is under way or waits for its turn, not for another try in a while."""
    return job.status == Status.DOING.value or job.scheduled_at is None or job.scheduled_at <= datetime.now(UTC)


def _reason(error: BaseException) -> str:
    cause = error.__cause__ or error
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return lines[0]
