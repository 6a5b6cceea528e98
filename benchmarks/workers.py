"""Workers on one PostgreSQL database: articles a second, from polling to published briefs, with one and two of them.

The sample wire (made-up news) is served over HTTP on loopback; each worker is a process of its own, as `groundwire worker`
starts it, with one process for parsing. The clock runs from the first poll to the last brief; starting up is not in it.
By processor time: where the sum over the workers stays the same, more of them cost no more work, only need more cores.
Needs GROUNDWIRE_TEST_POSTGRES (postgresql+psycopg://USER:PASSWORD@HOST/DATABASE); without, it says so and ends.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from benchmarks.common import parser, report
from groundwire.sample.server import SampleWire, serve_sample
from groundwire.settings import load
from groundwire.storage import Store
from groundwire.storage.queue import Queue
from groundwire.subscribe import import_opml

LONGEST_S = 600.0


def now() -> datetime:
    return datetime.now(UTC)


def left(store: Store) -> bool:
    """Whether anything is still to do."""
    due = store.sources.due(now()), store.entries.count_due(now()), store.articles.count(due=True)
    return any(due) or bool(store.events.count_due()) or not store.articles.count()


def processor_s(worker: subprocess.Popen[bytes]) -> float:
    """Processor time that a worker has used so far, without its parsing processes. [s]"""
    fields = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # proc(5): utime, stime


def measure(url: str, wire: SampleWire, workers: int) -> dict[str, object]:
    """One round of all sources by so many workers, on an empty schema."""
    name = f"workers_benchmark_{os.getpid()}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    own = f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"
    running: list[subprocess.Popen[bytes]] = []
    try:
        with tempfile.TemporaryDirectory() as home, Store(own) as store:
            settings = load(Path(home), {}, database_url=own, allow_hosts=(wire.host,))
            environment = os.environ | {
                "GROUNDWIRE_HOME": home,
                "GROUNDWIRE_DATABASE_URL": own,
                "GROUNDWIRE_ALLOW_HOSTS": wire.host,
                "GROUNDWIRE_WORKERS": "1",
            }
            queue = Queue(store.database)
            running += [
                subprocess.Popen(
                    [sys.executable, "-m", "groundwire", "worker"], env=environment, stderr=subprocess.PIPE
                )
                for _ in range(workers)
            ]
            while len(queue.state().workers) < workers:
                time.sleep(0.1)
            asyncio.run(import_opml(store, settings, wire.opml_url, now))  # the scheduler finds them within 10 s
            while not store.sources.last_success_at():
                time.sleep(0.02)
            begun, used = time.monotonic(), sum(map(processor_s, running))
            while left(store):
                if time.monotonic() - begun > LONGEST_S:
                    raise RuntimeError(f"not finished after {LONGEST_S:.0f} s")
                time.sleep(0.05)
            took, used = time.monotonic() - begun, sum(map(processor_s, running)) - used
            articles, briefs = store.articles.count(), len(store.events.page(limit=10_000))
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.communicate()
        with admin.connect() as connection:
            for schema in (name, f"{name}_queue"):
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        admin.dispose()
    return {
        "workers": workers,
        "articles": articles,
        "events": briefs,
        "seconds": round(took, 1),
        "articles/s": round(articles / took, 2),
        "articles/s of processor time": round(articles / used, 2),
    }


def main() -> None:
    options = parser(__doc__, ".").parse_args()
    url = os.environ.get("GROUNDWIRE_TEST_POSTGRES")
    if not url:
        print("skipped: no PostgreSQL (set GROUNDWIRE_TEST_POSTGRES)")
        return
    with serve_sample(now()) as wire:
        rows = [measure(url, wire, workers) for workers in (1, 2)]
    cores, load_before = os.cpu_count(), os.getloadavg()[0]
    note = f"{cores} cores for workers, PostgreSQL and the wire together; load average at the end {load_before:.1f}"
    report("workers on one PostgreSQL database", rows, as_json=options.json, note=note)


if __name__ == "__main__":
    main()
