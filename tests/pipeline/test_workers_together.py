"""Real workers, each a process of its own, over one PostgreSQL database and the sample wire."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from groundwire import pipeline
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.sample.server import SampleWire, serve_sample
from groundwire.settings import Settings, load
from groundwire.storage import Store
from groundwire.storage.queue import Queue
from groundwire.subscribe import import_opml
from groundwire.verify import verify

pytestmark = pytest.mark.postgres
PATIENCE_S = 180.0
SHOWN_BEFORE = timedelta(days=7)
"""Of the sample wire's three weeks the first two: enough for events that lead to one another."""


class Silent:
    def start(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, count: int = 1) -> None: ...
    def problem(self, stage: str, words: str) -> None: ...


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def database() -> Iterator[str]:
    """The URL of an empty database: a schema of its own."""
    url = os.environ.get("GROUNDWIRE_TEST_POSTGRES")
    if not url:
        pytest.skip("no PostgreSQL: set GROUNDWIRE_TEST_POSTGRES to postgresql+psycopg://USER:PASSWORD@HOST/DATABASE")
    name = f"workers_{os.getpid()}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")

    def drop() -> None:
        with admin.connect() as connection:
            for schema in (name, f"{name}_queue"):
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")

    drop()
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    try:
        yield f"{url}?options=-csearch_path%3D{name}"
    finally:
        drop()
        admin.dispose()


@dataclass
class Team:
    """Workers on one database."""

    home: Path
    url: str
    wire: SampleWire
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return load(self.home, {}, database_url=self.url, allow_hosts=(self.wire.host,))

    def command(self, *words: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "GROUNDWIRE_HOME": str(self.home),
            "GROUNDWIRE_DATABASE_URL": self.url,
            "GROUNDWIRE_ALLOW_HOSTS": self.wire.host,
            "GROUNDWIRE_WORKERS": "1",
            "GROUNDWIRE_WORKER_SILENCE_S": "3",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "groundwire", *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self) -> subprocess.Popen[str]:
        self.processes.append(self.command("worker"))
        return self.processes[-1]

    def stop(self) -> list[str]:
        """Ask all to stop; what they said."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        return [process.communicate(timeout=PATIENCE_S)[0] for process in self.processes]


@contextmanager
def team(home: Path, url: str, wire: SampleWire) -> Iterator[Team]:
    made = Team(home, url, wire)
    with Store(url) as store:
        asyncio.run(import_opml(store, made.settings, wire.opml_url, now))
    try:
        yield made
    finally:
        for process in made.processes:
            process.kill()
            process.wait()


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


def finished(store: Store) -> bool:
    """Whether everything was fetched, placed and told."""
    return (
        not store.sources.due(now())
        and store.articles.count() > 0
        and not store.entries.count_due(now())
        and not store.articles.count(due=True)
        and not store.events.count_due()
    )


def told(store: Store) -> dict[frozenset[str], tuple[str, list[tuple[str, str]]]]:
    """What readers see of each event, by the addresses of its articles: ids are not theirs to see."""
    found = {}
    slugs = {slug: sorted(said) for slug, _, said in store.briefs.documents()}
    for event in store.events.page(limit=1_000):
        urls = frozenset(article.url for article in store.articles.of_event(event.id))
        found[urls] = (event.title, slugs[event.slug])
    return found


def told_by_one_process(store: Store, settings: Settings) -> dict[frozenset[str], tuple[str, list[tuple[str, str]]]]:
    """What one process makes of the same articles."""
    with store.database.write() as connection:
        connection.exec_driver_sql("TRUNCATE events, fingerprints CASCADE")
        connection.exec_driver_sql("UPDATE articles SET due_at = now()")
    embedder, report = UniversalSentenceEncoder(), pipeline.Report()
    builder = pipeline.EventBuilder(store, settings, embedder)
    builder.run(now, Silent(), report)
    pipeline.BriefWriter(store, settings, embedder, pipeline.Meter(store)).run(
        builder.landscape(now()), now, Silent(), report
    )
    return told(store)


def test_two_workers_make_what_one_process_makes_and_poll_no_source_twice(tmp_path: Path, database: str) -> None:
    with (
        serve_sample(now(), until=now() - SHOWN_BEFORE) as wire,
        team(tmp_path, database, wire) as workers,
        Store(database) as store,
    ):
        workers.start()
        workers.start()
        wait_for(lambda: finished(store))
        state = Queue(store.database).state()
        run, doctor = workers.command("run", "--once"), workers.command("doctor")
        assert "another run is under way (groundwire workers)" in run.communicate(timeout=PATIENCE_S)[0]
        assert run.returncode == 1
        assert "2 at work" in doctor.communicate(timeout=PATIENCE_S)[0]
        said = workers.stop()
        assert [process.returncode for process in workers.processes] == [0, 0], said
        assert verify(store).false == []
        assert len(state.workers) == 2
        assert state.retrying == 0
        with store.database.read() as connection:
            polls = connection.exec_driver_sql("SELECT source_id, count(*) FROM fetches GROUP BY 1").all()
        assert [count for _, count in polls] == [1] * len(store.sources.all())
        asked = {path: count for path, count in wire.stats.paths.items() if path.count("/") > 1}
        assert set(asked.values()) == {1}, "a feed or page was asked for twice"
        assert len(asked) == len(store.sources.all()) + len(wire.articles())
        assert all("wrote the brief" in text for text in said), said
        assert Queue(store.database).state().workers == ()
        made = told(store)
        assert len(made) > 5
        assert made == told_by_one_process(store, workers.settings)
        # the last to leave gave the lease back
        with pipeline.only_run(store, now):
            pass


def test_what_a_killed_worker_had_taken_is_done_by_another(tmp_path: Path, database: str) -> None:
    with (
        serve_sample(now(), until=now() - SHOWN_BEFORE) as wire,
        team(tmp_path, database, wire) as workers,
        Store(database) as store,
    ):
        first = workers.start()
        queue = Queue(store.database)
        wait_for(lambda: "brief" in queue.state().running)
        first.kill()  # no farewell: its job stays "under way" until its silence is noticed
        first.wait()
        assert store.events.count_due() > 0
        workers.processes.remove(first)
        workers.start()
        workers.start()
        wait_for(lambda: finished(store) and not queue.state().running)
        said = workers.stop()
        assert any("its worker gave no sign of life" in text for text in said), said
        assert verify(store).false == []
        assert len(store.events.page(limit=1_000)) > 5
        assert store.articles.count() == len(wire.articles())


def test_workers_write_with_the_model_and_share_its_budget(tmp_path: Path, database: str) -> None:
    with (
        serve_sample(now(), until=now() - SHOWN_BEFORE) as wire,
        team(tmp_path, database, wire) as workers,
        Store(database) as store,
    ):
        (tmp_path / "settings.toml").write_text('model = "scripted"\nmodel_languages = ["en"]\n', encoding="utf-8")
        workers.start()
        workers.start()
        wait_for(lambda: finished(store))
        workers.stop()
        documents = [document for _, document, _ in store.briefs.documents()]
        assert len(documents) > 5
        assert sum('"made_by":"model"' in document for document in documents) > 5
        tokens, usd = store.model_calls.spent(now() - timedelta(hours=1))
        assert tokens > 0
        assert usd == 0.0
        assert verify(store).false == []
