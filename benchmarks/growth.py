"""What an article costs when the desk already holds 1 000, 10 000 or 100 000: milliseconds by stage.

A desk of 1 000 articles is built from the recorded corpus by the stages themselves, spread over days at 400 articles a
day. Larger ones get older generations of it: copies of all its records, earlier in time, their fingerprints' words and
meanings shuffled so that they are other news. Then the same 300 new articles (after a round to warm up) go the whole
way: read, put into events, briefed. What is not in the figure: the network, and the sentence encoder, whose cost is the
same at any size and would only hide growth (a bag of hashed words stands in). The sizes are measured in turn, three
times each, and each one's best counts.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from benchmarks.common import need, parser, report
from benchmarks.pipeline import Item, Silent, items, read
from groundwire import pipeline
from groundwire.collect.workers import Workers
from groundwire.events.embeddings import Vectors
from groundwire.events.features import Fingerprint
from groundwire.events.text import hashes, words
from groundwire.settings import Settings
from groundwire.storage import Store, schema
from groundwire.types import Source

SIZES = (1_000, 10_000, 100_000)
BASE = 1_000
FRESH = 300
ROUND = 50
A_DAY = 400
PASSES = 3
NOW = datetime(2026, 6, 1, 20, tzinfo=UTC)


class HashedWords:
    """An embedder that costs next to nothing: the sum of a random vector for each word."""

    name = "hashed-words"
    dimension = 512

    def __init__(self) -> None:
        self._vectors = np.random.default_rng(5).standard_normal((4_096, self.dimension)).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode``."""
        out: Vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            found = hashes(words(text))
            if found.size:
                out[row] = self._vectors[found % len(self._vectors)].sum(axis=0)
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6)
        return out


@dataclass(slots=True)
class Desk:
    """A store and the stages over it."""

    store: Store
    settings: Settings
    workers: Workers

    def take(self, batches: Sequence[tuple[datetime, list[Item]]]) -> dict[str, float]:
        """Collect, place and brief; seconds by stage."""
        sources = {source.language or "": source.id for source in self.store.sources.all()}
        embedder = HashedWords()
        builder = pipeline.EventBuilder(self.store, self.settings, embedder)
        writer = pipeline.BriefWriter(self.store, self.settings, embedder, pipeline.Meter(self.store))
        spent = dict.fromkeys(("read", "events", "briefs"), 0.0)
        totals = pipeline.Report()
        for now, batch in batches:
            clock = partial(_same, now)
            marks = [time.perf_counter()]
            asyncio.run(read(self.store, self.workers, sources, batch, now))
            marks.append(time.perf_counter())
            builder.run(clock, Silent(), totals)
            marks.append(time.perf_counter())
            writer.run(builder.landscape(now), clock, Silent(), totals)
            marks.append(time.perf_counter())
            if now > batches[0][0]:  # what a start costs is not the question
                for stage, start, end in zip(spent, marks, marks[1:], strict=False):
                    spent[stage] += end - start
        return spent


def dated(chosen: Sequence[Item], end: datetime) -> list[tuple[datetime, list[Item]]]:
    """Items at ``A_DAY`` a day up to ``end``, in rounds."""
    step = timedelta(days=ROUND / A_DAY)
    rounds = [chosen[i : i + ROUND] for i in range(0, len(chosen), ROUND)]
    times = [end - step * (len(rounds) - 1 - i) for i in range(len(rounds))]
    return [(now, [replace(item, day=now.date()) for item in batch]) for now, batch in zip(times, rounds, strict=True)]


def age(store: Store, generations: int) -> None:
    """Add so many older generations of all that the store holds."""
    tables = (
        schema.articles, schema.article_versions, schema.events, schema.members, schema.fingerprints, schema.related,
        schema.briefs, schema.statements, schema.citations,
    )  # fmt: skip
    with store.database.read() as connection:
        held = {table.name: [dict(row._mapping) for row in connection.execute(table.select())] for table in tables}
        terms = list(connection.execute(sa.text("SELECT c0 FROM search_index_content ORDER BY id")).scalars())
    step = {
        name: max((row["id"] for row in rows), default=0) for name, rows in held.items() if "id" in (rows or [{}])[0]
    }
    owner = {
        "article_id": "articles", "current_version_id": "article_versions", "event_id": "events", "other_id": "events",
        "origin_id": "articles", "version_id": "article_versions", "statement_id": "statements",
    }  # fmt: skip
    earlier = timedelta(days=BASE / A_DAY)
    for generation in range(1, generations + 1):
        with store.database.write() as connection:
            for table in tables:
                rows = []
                for row in held[table.name]:
                    new = dict(row)
                    if "id" in new:
                        new["id"] += generation * step[table.name]
                    for column, target in owner.items():
                        if new.get(column) is not None:
                            new[column] += generation * step[target]
                    for column, value in row.items():
                        if isinstance(value, datetime):
                            new[column] = value - generation * earlier
                    if "canonical_url" in new:
                        new["canonical_url"] += f"?{generation}"
                    if "slug" in new:
                        new["slug"] += f"-g{generation}"
                    if "data" in new:
                        new["data"] = other_news(
                            Fingerprint.from_bytes(row["data"]), generation, new["article_id"], generation * earlier
                        )
                    if "published" in new:
                        new["published"] = False
                    rows.append(new)
                if rows:
                    connection.execute(table.insert(), rows)
            first = schema.statements.c.id > generation * step["statements"]
            connection.execute(schema.statements.update().where(first).values(published=True))
            connection.execute(
                sa.text("INSERT INTO search_index (rowid, terms) VALUES (:id, :terms)"),
                [{"id": generation * step["articles"] + i + 1, "terms": text} for i, text in enumerate(terms)],
            )


def other_news(fingerprint: Fingerprint, generation: int, article_id: int, earlier: timedelta) -> bytes:
    """The same amount of news about something else: half of the words and names, and the meaning, are others."""
    dice = np.random.default_rng(generation)
    order = dice.permutation(fingerprint.title.size)
    salt = np.uint32(dice.integers(1, 2**32 - 1))

    def salted(keys: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
        changed = np.where(keys & np.uint32(1), keys ^ salt, keys).astype(np.uint32)
        return np.sort(changed)

    return replace(
        fingerprint,
        article_id=article_id,
        day=fingerprint.day - earlier / timedelta(days=1),
        title=fingerprint.title[order],
        lead=fingerprint.lead[order],
        terms=salted(fingerprint.terms),
        names=salted(fingerprint.names),
        signature=fingerprint.signature ^ salt,
    ).to_bytes()


def _same(now: datetime) -> datetime:
    return now


def measure(folder: Path, sizes: Sequence[int], home: Path) -> list[dict[str, object]]:
    """Milliseconds an article by stage at each size, beside the first."""
    chosen = items(folder, BASE + ROUND + FRESH)
    random.Random(3).shuffle(chosen)
    base, fresh = chosen[:BASE], chosen[BASE:]
    settings = Settings(home=home / "base")
    with Workers(settings.workers) as workers:
        with Store(settings.url) as store:
            for language in ("en", "zh"):
                url = f"https://{language}.example/feed"
                store.sources.add(Source(id=0, url=url, title=language, language=language), NOW)
            Desk(store, settings, workers).take(dated(base, NOW - timedelta(days=(ROUND + FRESH) / A_DAY)))
        for size in sizes:
            shutil.copytree(settings.home, home / str(size))
            with Store(Settings(home=home / str(size)).url) as store:
                age(store, size // BASE - 1)
        best: dict[int, dict[str, float]] = {}
        for _ in range(PASSES):
            for size in sizes:
                grown = Settings(home=home / "run")
                shutil.copytree(home / str(size), grown.home)
                with Store(grown.url) as store:
                    spent = Desk(store, grown, workers).take(dated(fresh, NOW))
                shutil.rmtree(grown.home)
                if size not in best or sum(spent.values()) < sum(best[size].values()):
                    best[size] = spent
    first = sum(best[sizes[0]].values())
    rows: list[dict[str, object]] = []
    for size, spent in best.items():
        row: dict[str, object] = {"stored": size}
        row.update({f"{stage}, ms": 1_000 * seconds / FRESH for stage, seconds in spent.items()})
        row.update({"whole, ms": 1_000 * sum(spent.values()) / FRESH, "ratio": sum(spent.values()) / first})
        rows.append(row)
    return rows


def main() -> None:
    options = parser(__doc__, "corpus")
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES, help=f"articles stored before, in {BASE}s")
    chosen = options.parse_args()
    folder = need(chosen.data)
    with tempfile.TemporaryDirectory() as home:
        rows = measure(folder, chosen.sizes, Path(home))
    report("cost of an article by how many are stored", rows, as_json=chosen.json, note="target: flat within 20 %")


if __name__ == "__main__":
    main()
