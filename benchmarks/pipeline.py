"""From fetched bytes to published briefs: articles a second by stage, and peak memory.

Pages are made from the recorded corpus (both languages), wrapped in menus and adverts; where more are wanted than it
holds, articles are recombined from two others. They are extracted in worker processes, stored, grouped into events
and briefed as a run would, day by day. What is not in the figure: the network.
"""

from __future__ import annotations

import asyncio
import html
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import groupby
from pathlib import Path

from benchmarks.common import need, parser, read_jsonl, report
from groundwire import pipeline
from groundwire.collect.workers import Workers
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.extract import extract_article
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.types import Entry, RawPage, Source


@dataclass(frozen=True, slots=True)
class Item:
    """One article to be."""

    key: str
    day: date
    language: str
    title: str
    text: str


class Silent:
    """Progress that nobody watches."""

    def start(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, count: int = 1) -> None: ...
    def problem(self, stage: str, words: str) -> None:
        print(f"{stage}: {words}", file=sys.stderr)


def items(folder: Path, count: int) -> list[Item]:
    """So many articles in order of day; the same each time."""
    found = [
        Item(row["id"], date.fromisoformat(row["date"]), row["language"], row["title"], row["text"])
        for name in ("ai_daily_zh.jsonl", "ai_news_en.jsonl")
        for row in read_jsonl(folder / name)
        if row["text"].strip()
    ]
    dice = random.Random(7)
    by_language = {language: [item for item in found if item.language == language] for language in ("en", "zh")}
    made: list[Item] = []
    while len(found) + len(made) < count:
        first = dice.choice(found)
        second = dice.choice(by_language[first.language])
        text = f"{second.text[: len(second.text) // 2]}\n{first.text[len(first.text) // 3 :]}"
        made.append(Item(f"made-{len(made)}", first.day, first.language, second.title, text))
    chosen = (dice.sample(found, count) if count < len(found) else found) + made
    return sorted(chosen, key=lambda item: (item.day, item.key))


def page(item: Item) -> bytes:
    """A page as publishers make them."""
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in item.text.split("\n") if part.strip())
    return (
        f'<!doctype html><html lang="{item.language}"><head><meta charset="utf-8">'
        f"<title>{html.escape(item.title)} | Site</title>"
        f'<meta property="article:published_time" content="{item.day}T08:00:00Z"></head><body><nav><a href="/">Home</a>'
        '<a href="/world">World</a><a href="/markets">Markets</a></nav><aside>Advertisement. Sign up.</aside>'
        f"<article><h1>{html.escape(item.title)}</h1>{paragraphs}</article>"
        "<footer>All rights reserved.</footer></body></html>"
    ).encode()


async def read(store: Store, workers: Workers, sources: dict[str, int], batch: list[Item], now: datetime) -> None:
    """The read stage without the network."""

    async def one(item: Item) -> None:
        url = f"https://{item.language}.example/{item.key}"
        entry = Entry(key=item.key, url=url, title=item.title)
        raw = RawPage(url=url, body=page(item), content_type="text/html; charset=utf-8", fetched_at=now)
        found = await workers.run(extract_article, raw, entry)
        with store.database.write() as connection:
            article = store.articles.save(connection, sources[item.language], url, found, now)
            store.search.index(connection, article, f"{found.title}\n{found.body}")

    gate = asyncio.Semaphore(16)

    async def gated(item: Item) -> None:
        async with gate:
            await one(item)

    await asyncio.gather(*(gated(item) for item in batch))


def rounds(chosen: list[Item]) -> Iterator[tuple[datetime, list[Item]]]:
    """A day's articles and when they are collected."""
    for day, group in groupby(chosen, key=lambda item: item.day):
        yield datetime(day.year, day.month, day.day, 20, tzinfo=UTC), list(group)


def measure(folder: Path, count: int, home: Path) -> list[dict[str, object]]:
    """Run all rounds; figures by stage."""
    settings = Settings(home=home)
    spent = dict.fromkeys(("read", "events", "briefs"), 0.0)
    totals = pipeline.Report()
    chosen = items(folder, count)
    with Store(settings.url) as store, Workers(settings.workers) as workers:
        start = datetime(2026, 1, 1, tzinfo=UTC)
        sources = {
            language: store.sources.add(
                Source(id=0, url=f"https://{language}.example/feed", title=language, language=language), start
            ).id
            for language in ("en", "zh")
        }
        embedder = UniversalSentenceEncoder()
        builder = pipeline.EventBuilder(store, settings, embedder)
        writer = pipeline.BriefWriter(store, settings, embedder, pipeline.Meter(store))
        for now, batch in rounds(chosen):
            clock = partial(_same, now)
            for stage in spent:
                began = time.perf_counter()
                if stage == "read":
                    asyncio.run(read(store, workers, sources, batch, now))
                elif stage == "events":
                    builder.run(clock, Silent(), totals)
                else:
                    writer.run(builder.landscape(now), clock, Silent(), totals)
                spent[stage] += time.perf_counter() - began
        events = len(store.events.page(limit=1_000_000))
        child = sum(_peaks(os.getpid()))
    whole = sum(spent.values())
    rows: list[dict[str, object]] = [
        {"stage": stage, "seconds": seconds, "articles/s": count / seconds} for stage, seconds in spent.items()
    ]
    rows.append({"stage": "whole", "seconds": whole, "articles/s": count / whole})
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows.append({"stage": f"peak MiB: {own:.0f} here, {child:.0f} in all workers", "seconds": "", "articles/s": ""})
    rows.append({"stage": f"{events} events, {totals.briefs} briefs written", "seconds": "", "articles/s": ""})
    return rows


def _peaks(parent: int) -> Iterator[float]:
    """Peak resident MiB of each process that descends from one, as Linux tells it."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        if told.get("PPid") == str(parent) and "VmHWM" in told:
            yield float(told["VmHWM"].split()[0]) / 1024
            yield from _peaks(int(status.parent.name))


def _same(now: datetime) -> datetime:
    return now


def main() -> None:
    options = parser(__doc__, "corpus")
    options.add_argument("--articles", type=int, default=10_000)
    chosen = options.parse_args()
    folder = need(chosen.data)
    with tempfile.TemporaryDirectory() as home:
        rows = measure(folder, chosen.articles, Path(home))
    report(f"{chosen.articles} articles, fetched bytes to published briefs", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
