"""A run that is cut off in the middle, inside transactions too: nothing half-published, and the next one goes on."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from groundwire.briefs import from_json, statements
from groundwire.sample.server import SampleWire, serve_sample
from groundwire.sample.wire import DEFAULT_BASE
from groundwire.settings import load
from groundwire.storage import Store
from groundwire.subscribe import import_opml
from groundwire.verify import verify

UNTIL = DEFAULT_BASE - timedelta(days=12)
CUTS = 3
"""Into so many parts a run is cut, by how often it asks for the time: before, between and inside transactions."""

RUN = """
import asyncio, os, signal, sys
from groundwire import pipeline
from groundwire.sample.wire import DEFAULT_BASE
from groundwire.settings import load
from groundwire.storage import Store
from pathlib import Path

home, url, host, last = sys.argv[1:]
asked = 0

def clock():
    global asked
    asked += 1
    if asked == int(last):
        os.kill(os.getpid(), signal.SIGKILL)
    return DEFAULT_BASE

class Silent:
    def start(self, stage, total): ...
    def advance(self, stage, count=1): ...
    def problem(self, stage, words): ...

with Store(url) as store:
    settings = load(Path(home), {}, database_url=url, allow_hosts=(host,), workers=1)
    asyncio.run(pipeline.run_once(store, settings, clock, Silent()))
print(asked)
"""


def run(home: Path, url: str, wire: SampleWire, last: int = 0) -> int | None:
    """A round in a process of its own; how often it asked for the time, None if it died when it asked the last time."""
    command = [sys.executable, "-c", RUN, str(home), url, wire.host, str(last)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if last and done.returncode == -signal.SIGKILL:
        return None
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def subscribe(home: Path, url: str, wire: SampleWire) -> None:
    with Store(url) as store:
        settings = load(home, {}, database_url=url, allow_hosts=(wire.host,))
        asyncio.run(import_opml(store, settings, wire.opml_url, lambda: DEFAULT_BASE))


def told(store: Store) -> dict[frozenset[str], tuple[str, ...]]:
    """What readers see of each event, by the addresses of its articles."""
    found = {}
    for slug, document, _ in store.briefs.documents():
        event = store.events.by_slug(slug)
        said = tuple(sorted(s.text for s in statements(from_json(json.loads(document)))))
        found[frozenset(a.url for a in store.articles.of_event(event.id))] = said
    return found


def check(store: Store) -> int:
    """That each page is whole: all words, all citations, all forecasts, and an article behind each; how many there are."""
    assert verify(store).false == []
    cited: dict[str, set[tuple[int, int, int]]] = {}
    for c in store.briefs.all_citations():
        cited.setdefault(c.event_slug, set()).add((c.version_id, c.start, c.end))
    pages = 0
    for slug, document, _ in store.briefs.documents():
        brief, pages = from_json(json.loads(document)), pages + 1
        assert {(c.version_id, c.start, c.end) for s in statements(brief) for c in s.citations} <= cited[slug]
        entered = {kept.forecast.text for kept in store.forecasts.all()}
        if brief.language == "en":
            assert {i.statement.citations[0].quote for i in brief.implications} <= entered
        event = store.events.by_slug(slug)
        assert event.members
        assert all(store.search.find(event.title, 5) for _ in event.members[:1])
    return pages


def test_a_run_killed_at_any_point_publishes_nothing_by_halves_and_the_next_goes_on(
    database_url: str, tmp_path: Path
) -> None:
    whole = f"sqlite:///{tmp_path / 'whole.db'}"
    with serve_sample(until=UNTIL) as wire:
        for url in (whole, database_url):
            subscribe(tmp_path, url, wire)
        asked = run(tmp_path, whole, wire)
        assert asked is not None
        left: list[int] = []
        for _ in range(3 * CUTS):
            finished = run(tmp_path, database_url, wire, asked // CUTS)
            with Store(database_url) as store:
                check(store)
                left.append(
                    store.entries.count_due(DEFAULT_BASE) + store.articles.count(due=True) + store.events.count_due()
                )
            if finished is not None:
                break
        assert left[-1] == 0
        assert sum(n > 0 for n in left) >= 2, "it was cut while there was work"
        with Store(whole) as one, Store(database_url) as other:
            assert check(other) == check(one) > 0
            assert told(other) == told(one)
