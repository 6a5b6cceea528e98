"""What workers rest on: who may enqueue what, what is locked, and that no decision is made on stale knowledge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from procrastinate.jobs import Job
from procrastinate.schema import SchemaManager
from typer.testing import CliRunner

from groundwire import pipeline
from groundwire.cli.main import build
from groundwire.errors import GroundwireError, StorageError
from groundwire.events.embeddings import Embedder, UniversalSentenceEncoder, Vectors
from groundwire.pipeline.tasks import JOBS_A_HOST, Backoff, Crew
from groundwire.settings import Settings, load
from groundwire.storage import Store
from groundwire.storage.queue import Queue
from groundwire.types import Entry, Extracted, Source

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOPICS = (
    "Kestwick cuts the price of its T9 accelerator",
    "Orrin Labs raises a fund for data centres",
    "A port strikes",
)


class Silent:
    def start(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, count: int = 1) -> None: ...
    def problem(self, stage: str, words: str) -> None: ...


def clock() -> datetime:
    return NOW


def article(store: Store, source: Source, number: int) -> int:
    """Store one article; the source's articles tell of the same things in turn."""
    topic = TOPICS[number % len(TOPICS)]
    found = Extracted(
        title=topic,
        body=f"{topic}, the company said on Monday. Report number {number} adds that 40 percent of users are affected.",
        author=None,
        published_at=NOW - timedelta(minutes=60 - number),
        published_evidence="feed",
        language="en",
        canonical_url=None,
    )
    with store.database.write() as connection:
        return store.articles.save(connection, source.id, f"https://{source.title}.example/{number}", found, NOW)


def events(store: Store) -> set[frozenset[int]]:
    """The partition of the articles."""
    with store.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT event_id, article_id FROM members").all()
    return {frozenset(article for event, article in rows if event == one) for one, _ in rows}


def test_a_builder_that_was_overtaken_decides_anew_from_what_others_stored(store: Store, tmp_path: Path) -> None:
    embedder, settings = UniversalSentenceEncoder(), load(tmp_path, {})
    one, two = (pipeline.EventBuilder(store, settings, embedder) for _ in range(2))
    source = store.sources.add(Source(id=0, url="https://a.example/feed", title="a"), NOW)
    for number, builder in enumerate((one, two, two, one, two, one)):
        article(store, source, number)
        builder.run(clock, Silent(), pipeline.Report())
    with Store(f"sqlite:///{tmp_path / 'alone.db'}") as alone:
        builder = pipeline.EventBuilder(alone, settings, embedder)
        same = alone.sources.add(Source(id=0, url="https://a.example/feed", title="a"), NOW)
        for number in range(6):
            article(alone, same, number)
            builder.run(clock, Silent(), pipeline.Report())
        assert events(store) == events(alone)
    assert len(events(store)) == 3


def test_a_decision_made_while_another_placed_articles_is_not_stored(store: Store, tmp_path: Path) -> None:
    source = store.sources.add(Source(id=0, url="https://a.example/feed", title="a"), NOW)
    article(store, source, 0)
    settings = load(tmp_path, {})

    embedder = UniversalSentenceEncoder()
    other, late = pipeline.EventBuilder(store, settings, embedder), pipeline.Report()
    held_up = Interrupted(embedder, lambda: other.run(clock, Silent(), pipeline.Report()))
    pipeline.EventBuilder(store, settings, held_up).run(clock, Silent(), late)
    assert late.placed == 0
    assert events(store) == {frozenset([1])}


def test_of_events_due_together_the_earliest_reported_comes_first_in_whatever_order_they_arrived(
    store: Store, tmp_path: Path
) -> None:
    source = store.sources.add(Source(id=0, url="https://a.example/feed", title="a"), NOW)
    builder = pipeline.EventBuilder(store, load(tmp_path, {}), UniversalSentenceEncoder())
    for number in (2, 0, 1):
        article(store, source, number)
        builder.run(clock, Silent(), pipeline.Report())
    titles = [store.events.get(event).title for event, _ in store.events.due(10)]
    assert titles == list(TOPICS)


def test_on_sqlite_a_worker_names_the_remedy(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'a.db'}") as store, pytest.raises(StorageError, match="GROUNDWIRE_DATABASE_URL"):
        Queue(store.database)
    result = CliRunner().invoke(build(), ["--home", str(tmp_path), "worker"])
    assert isinstance(result.exception, GroundwireError)
    assert "\n" not in str(result.exception)


class Interrupted:
    """An embedder; before its first answer something else happens."""

    def __init__(self, embedder: Embedder, first: Callable[[], None]) -> None:
        self._embedder, self._first = embedder, [first]
        self.name, self.dimension = embedder.name, embedder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        while self._first:
            self._first.pop()()
        return self._embedder.encode(texts)


@pytest.fixture
def shared(store: Store) -> Iterator[Store]:
    """The store, where it is one that workers can share."""
    if store.database.is_sqlite:
        pytest.skip("workers need PostgreSQL")
    yield store
    with store.database.write() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {Queue(store.database).schema} CASCADE")


@asynccontextmanager
async def crew(store: Store, settings: Settings) -> AsyncIterator[Crew]:
    async with pipeline.Desk(store, settings) as desk:
        made = Crew(store, settings, desk, clock, Silent(), lambda words: None)
        async with made.app.open_async():
            yield made


async def waiting(made: Crew) -> list[Job]:
    return list(await made.app.job_manager.list_jobs_async(status="todo"))


def entries(store: Store, source: Source, urls: Sequence[str]) -> None:
    found = [Entry(key=url, url=url, title=url) for url in urls]
    with store.database.write() as connection:
        store.entries.save(connection, source.id, found, NOW, lambda entry: None)


@pytest.mark.postgres
def test_nothing_is_enqueued_twice_and_one_host_is_asked_by_one_job_at_a_time(shared: Store, tmp_path: Path) -> None:
    names = ("https://a.example/one", "https://a.example/two", "https://b.example/feed", "http://127.0.0.1:9/feed")
    made = [shared.sources.add(Source(id=0, url=url, title=url), NOW) for url in names]
    entries(shared, made[0], [f"https://a.example/{number}" for number in range(200)])
    settings = load(tmp_path, {}, allow_hosts=("127.0.0.1:9",))

    async def check() -> None:
        async with crew(shared, settings) as one:
            await one.app.tasks["schedule"]()
            first = await waiting(one)
            await one.app.tasks["schedule"]()
            assert [job.id for job in await waiting(one)] == [job.id for job in first]
            locks = {job.task_kwargs["source_id"]: job.lock for job in first if job.task_name == "poll"}
            assert locks == {1: "host a.example", 2: "host a.example", 3: "host b.example", 4: "source 4"}
            reads = [job for job in first if job.task_name == "read"]
            assert len(reads) == JOBS_A_HOST  # the rest waits in storage
            assert {job.lock for job in reads} == {"host a.example"}
            worker = await one.app.job_manager.register_worker()
            taken = [await one.app.job_manager.fetch_job(["fetch"], worker) for _ in range(4)]
            assert [job and job.lock for job in taken] == ["host a.example", "host b.example", "source 4", None]

    asyncio.run(check())


@pytest.mark.postgres
def test_events_wait_for_pages_under_way_but_no_longer_than_a_minute(shared: Store, tmp_path: Path) -> None:
    source = shared.sources.add(Source(id=0, url="https://a.example/feed", title="a"), NOW)
    article(shared, source, 0)
    later = NOW

    async def check() -> None:
        nonlocal later
        async with pipeline.Desk(shared, load(tmp_path, {})) as desk:
            made = Crew(shared, load(tmp_path, {}), desk, lambda: later, Silent(), lambda words: None)
            async with made.app.open_async():
                await made.app.tasks["schedule"]()
                assert [job.task_name for job in await waiting(made)] == ["poll"]
                later = NOW + timedelta(minutes=2)
                await made.app.tasks["schedule"]()
                assert [job.task_name for job in await waiting(made)] == ["poll", "events"]

    asyncio.run(check())


@pytest.mark.postgres
def test_tables_of_another_version_are_made_anew(shared: Store) -> None:
    queue = Queue(shared.database)
    assert queue.state().last_sign_at is None
    queue.prepare("CREATE TABLE old_jobs (id int)")
    queue.prepare(SchemaManager.get_schema())
    queue.prepare(SchemaManager.get_schema())  # and once made they are left alone
    assert queue.state().waiting == {}
    with shared.database.read() as connection:
        assert not sa.inspect(connection).has_table("old_jobs", schema=queue.schema)


@pytest.mark.postgres
def test_tables_that_cannot_be_made_end_in_one_line_with_a_remedy(shared: Store) -> None:
    with pytest.raises(StorageError, match="GRANT CREATE ON DATABASE") as refused:
        Queue(shared.database).prepare("CREATE TABLE of_a_type_that_is_not (id no_such_type)")
    assert "\n" not in str(refused.value)
    assert Queue(shared.database).state().last_sign_at is None


def test_failed_jobs_are_tried_again_later_each_time_and_after_the_others() -> None:
    strategy = Backoff(2, 60)
    waits = []
    for attempts in (0, 1, 2, 3, 1_000):
        job = Job(id=1, queue="think", lock=None, queueing_lock=None, task_name="events", attempts=attempts)
        decision = strategy.get_retry_decision(exception=ValueError(), job=job)
        assert decision is not None
        assert decision.retry_at is not None
        assert decision.priority == -1
        waits.append(round((decision.retry_at - datetime.now(UTC)).total_seconds()))
        assert strategy.get_retry_decision(exception=asyncio.CancelledError(), job=job) is None
    assert waits == [2, 8, 32, 60, 60]
