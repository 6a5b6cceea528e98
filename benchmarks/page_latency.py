"""Latency of pages under load: 200 requests/s on loopback, from the time a request was due until its body was read.

The site is the real one (``groundwire serve`` in a process of its own) over a desk built from the recorded corpus, or
over any home folder (``--data HOME``). Requests are sent at a fixed pace whether or not earlier ones were answered, so
that a slow answer can't hide the ones behind it. Pages as readers ask for them: mostly events and the front page, then
passages, topics, search, feeds, JSON; in both languages of the interface. Three phases:

- ``quiet``: nothing changes;
- ``collecting``: another process commits five times a second, so the site forgets its rendered pages as often;
- ``every page new``: each request is for a page that was not rendered before, at 20 a second.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import aiohttp
import numpy as np

from benchmarks import pipeline
from benchmarks.common import need, parser, report
from groundwire.settings import load
from groundwire.storage import Store
from groundwire.types import Source

RATE = 200.0
"""Requests sent. [1/s]"""
NEW_RATE = 20.0
"""The same for pages that were never rendered: no cache helps, so this is what a first look at a page takes. [1/s]"""
ARTICLES = 500
"""Of the corpus, for the desk that is built."""
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One request's fate."""

    latency_s: float
    status: int
    size: int


def addresses(store: Store) -> tuple[list[str], list[float]]:
    """(address, weight) of everything that readers ask for."""
    events = store.events.page(limit=300)
    citations = itertools.islice(store.briefs.all_citations(), 0, 4_000, 13)
    words = dict.fromkeys(word for event in events for word in event.title.split()[:2])
    found: list[tuple[str, float]] = [
        ("/", 30), ("/feed.atom", 4), ("/feed.json", 2), ("/sources", 1),
        *((f"/events/{event.slug}", 60 / (place + 3)) for place, event in enumerate(events)),
        *((f"/api/events/{event.slug}", 4 / (place + 3)) for place, event in enumerate(events)),
        *((f"/articles/{c.version_id}?start={c.start}&end={c.end}", 0.05) for c in citations),
        *((f"/topics/{topic}", 0.6) for topic in list(store.events.topics())[:10]),
        *((f"/search?q={quote(word)}", 0.02) for word in words),
    ]  # fmt: skip
    return [address for address, _ in found], [weight for _, weight in found]


async def load_phase(base: str, requests: Sequence[tuple[str, str]], rate: float) -> list[Answer]:
    """Send (address, language) requests at a fixed pace; answers in the order of sending."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    connector = aiohttp.TCPConnector(limit=256)
    async with aiohttp.ClientSession(base, timeout=timeout, connector=connector) as session:
        start = time.perf_counter() + 0.2

        async def one(place: int, address: str, language: str) -> Answer:
            due = start + place / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                async with session.get(address, headers={"Accept-Language": language}) as answer:
                    body = await answer.read()
                    return Answer(time.perf_counter() - due, answer.status, len(body))
            except (aiohttp.ClientError, TimeoutError):
                return Answer(time.perf_counter() - due, 0, 0)

        return await asyncio.gather(*(one(n, *request) for n, request in enumerate(requests)))


async def while_collecting(store: Store, phase: asyncio.Task[list[Answer]]) -> list[Answer]:
    """Commit five times a second until the phase is over."""
    made = store.sources.add(
        Source(id=0, url="https://latency.example/feed", title="Latency", paused=True), datetime.now(UTC)
    )
    for paused in itertools.cycle((False, True)):
        if phase.done():
            break
        await asyncio.to_thread(store.sources.set_paused, made.id, paused=paused)
        await asyncio.sleep(0.2)
    store.sources.set_paused(made.id, paused=True)
    return await phase


def processor_s(pid: int) -> float:
    """Processor time that a process has spent. [s]"""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row(name: str, answers: Sequence[Answer], rate: float, spent_s: float) -> dict[str, object]:
    """A phase's line of the table; ``spent_s``: processor time of the site in it."""
    times = np.array([answer.latency_s for answer in answers]) * 1e3
    return {
        "phase": name,
        "requests": len(answers),
        "rate_per_s": rate,
        "p50_ms": float(np.percentile(times, 50)),
        "p95_ms": float(np.percentile(times, 95)),
        "p99_ms": float(np.percentile(times, 99)),
        "max_ms": float(times.max()),
        "cpu_ms": spent_s / len(answers) * 1e3,
        "failed": sum(answer.status != 200 for answer in answers),
        "mean_kB": float(np.mean([answer.size for answer in answers])) / 1e3,
    }


def measure(home: Path, seconds: float, rate: float) -> Iterator[dict[str, object]]:
    """Serve a home folder and load it."""
    dice = random.Random(7)
    with Store(load(home).url) as store, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        every, weights = addresses(store)
        count = int(seconds * rate)
        mixed = [(a, dice.choice(("en", "zh"))) for a in dice.choices(every, weights, k=count)]
        new = [(a, language) for a in every for language in ("en", "zh") if not a.startswith(("/api", "/feed"))]
        dice.shuffle(new)
        command = [sys.executable, "-m", "groundwire", "--home", str(home), "serve", "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                base = f"http://127.0.0.1:{port}"
                asyncio.run(_ready(base))
                for name, pace, phase in (
                    ("every page new", NEW_RATE, load_phase(base, new[: int(seconds * NEW_RATE)], NEW_RATE)),
                    ("quiet", rate, load_phase(base, mixed, rate)),
                    ("collecting", rate, _collecting(store, base, mixed, rate)),
                ):
                    before = processor_s(server.pid)
                    answers = asyncio.run(phase)
                    yield row(name, answers, pace, processor_s(server.pid) - before)
            finally:
                server.terminate()


async def _collecting(store: Store, base: str, requests: Sequence[tuple[str, str]], rate: float) -> list[Answer]:
    return await while_collecting(store, asyncio.create_task(load_phase(base, requests, rate)))


async def _ready(base: str) -> None:
    async with aiohttp.ClientSession(base) as session:
        for _ in range(300):
            try:
                async with session.get("/api/health"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise SystemExit("the site did not start")


def main() -> None:
    """Build a desk if need be, load it, print the table."""
    options = parser(__doc__, "corpus")
    options.add_argument("--seconds", type=float, default=15.0, help="length of a phase at most")
    options.add_argument("--rate", type=float, default=RATE, help="requests per second")
    chosen: argparse.Namespace = options.parse_args()
    data = need(chosen.data)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        if (data / "groundwire.db").exists():
            shutil.copytree(data, home)  # the load writes to it
        else:
            pipeline.measure(data, ARTICLES, home)
        rows = list(measure(home, chosen.seconds, chosen.rate))
    report(
        "Latency of pages under load",
        rows,
        as_json=chosen.json,
        note="the anchor is 100 ms, below which an answer feels instant"
        " (J. Nielsen, Usability Engineering, 1993). Load and site share the machine's cores; cpu_ms is the site's own"
        " processor time for a request, which other load on the machine hardly changes.",
    )


if __name__ == "__main__":
    main()
