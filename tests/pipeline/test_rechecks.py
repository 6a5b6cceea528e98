"""Looking again at cited articles over real HTTP: the sample wire corrects one, and takes one down."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundwire import pipeline
from groundwire.sample.server import SampleWire, serve_sample
from groundwire.sample.wire import DEFAULT_BASE
from groundwire.settings import load
from groundwire.storage import Store
from groundwire.subscribe import import_opml
from groundwire.verify import verify


class Silent:
    """Progress that nobody watches."""

    def start(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, count: int = 1) -> None: ...
    def problem(self, stage: str, words: str) -> None: ...


class Desk:
    """A desk that has read the sample wire once; from then on its feeds are not polled."""

    def __init__(self, home: Path, wire: SampleWire) -> None:
        self.wire, self.now = wire, DEFAULT_BASE
        self.settings = load(home, {}, allow_hosts=(wire.host,))
        self.store = Store(self.settings.url)
        asyncio.run(import_opml(self.store, self.settings, wire.opml_url, self.clock))
        self.round(DEFAULT_BASE)
        for source in self.store.sources.all():
            self.store.sources.set_paused(source.id, paused=True)

    def clock(self) -> datetime:
        return self.now

    def round(self, at: datetime) -> pipeline.Report:
        self.now = at
        return asyncio.run(pipeline.run_once(self.store, self.settings, self.clock, Silent()))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with serve_sample() as wire:
        made = Desk(tmp_path, wire)
        yield made
        made.store.close()


def test_a_page_that_changed_is_noticed_at_the_next_look_and_told(desk: Desk) -> None:
    soon = desk.round(DEFAULT_BASE + timedelta(hours=1))
    assert soon.rechecked == 0
    desk.wire.correct()
    report = desk.round(DEFAULT_BASE + timedelta(hours=7))
    assert report.rechecked > 10
    assert report.briefs == 1  # nothing else was touched: the others are word for word as before
    logs = desk.store.corrections.of_events([event.id for event in desk.store.events.page(limit=100)])
    (log,) = logs.values()
    assert all(entry.correction.kind == "changed" for entry in log)
    told = {(entry.correction.quote, entry.correction.now_says) for entry in log}
    assert any("$490 million" in old and "$940 million" in new for old, new in told)
    assert verify(desk.store).false == []


def test_looks_at_what_did_not_change_cost_no_body(desk: Desk) -> None:
    desk.round(DEFAULT_BASE + timedelta(hours=7))
    before = desk.wire.stats.not_modified
    report = desk.round(DEFAULT_BASE + timedelta(hours=25))
    assert desk.wire.stats.not_modified - before == report.rechecked > 10
    assert (report.briefs, report.corrections) == (0, 0)


def test_what_rests_on_a_retracted_article_alone_goes_and_the_rest_stays(desk: Desk) -> None:
    event = max(desk.store.events.page(limit=100), key=lambda e: len(e.members))
    lead = desk.store.articles.of_event(event.id)[0]
    desk.store.corrections.retract(lead.article_id, "taken down (HTTP 410)", desk.now)
    desk.store.events.touch([event.id], desk.now)
    report = desk.round(DEFAULT_BASE + timedelta(minutes=5))
    assert report.corrections > 0
    log = desk.store.corrections.of_events([event.id])[event.id]
    assert {entry.correction.kind for entry in log} == {"retracted"}
    cited = {c.version_id for c in desk.store.briefs.all_citations() if c.event_slug == event.slug}
    assert cited
    assert lead.id not in cited
    assert verify(desk.store).false == []


def test_a_desk_whose_only_source_is_gone_withdraws_the_page(desk: Desk) -> None:
    event = next(e for e in desk.store.events.page(limit=100) if len(e.members) == 1)
    desk.store.corrections.retract(event.members[0].article_id, "taken down (HTTP 410)", desk.now)
    desk.store.events.touch([event.id], desk.now)
    report = desk.round(DEFAULT_BASE + timedelta(minutes=5))
    assert report.withheld == 1
    assert desk.store.briefs.get(event.id) is None
    assert desk.store.corrections.of_events([event.id])[event.id][0].correction.fate == "withdrawn"
