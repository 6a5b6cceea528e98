"""Whole rounds over the sample wire, over real HTTP: what must hold whatever the articles say."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from groundwire import pipeline
from groundwire.sample.server import SampleWire, serve_sample
from groundwire.sample.wire import DEFAULT_BASE
from groundwire.settings import Settings, load
from groundwire.storage import Store
from groundwire.storage.events import Decision
from groundwire.subscribe import import_opml
from groundwire.types import Source
from groundwire.verify import verify
from groundwire.web.desk import brief_of

EARLY = DEFAULT_BASE - timedelta(days=12)


class Watch:
    """Progress that remembers problems."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def start(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, count: int = 1) -> None: ...
    def problem(self, stage: str, words: str) -> None:
        self.problems.append(words)


class Desk:
    """A desk subscribed to the sample wire, with a clock that the test sets."""

    def __init__(self, home: Path, wire: SampleWire) -> None:
        self.wire, self.now = wire, EARLY
        self.settings: Settings = load(home, {}, allow_hosts=(wire.host,))
        self.store = Store(self.settings.url)
        asyncio.run(import_opml(self.store, self.settings, wire.opml_url, self.clock))

    def clock(self) -> datetime:
        return self.now

    def round(self, at: datetime) -> tuple[pipeline.Report, list[str]]:
        self.now = at
        self.wire.show_until(at)
        self.store.sources.wake()
        watch = Watch()
        return asyncio.run(pipeline.run_once(self.store, self.settings, self.clock, watch)), watch.problems


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serve_sample(until=EARLY) as wire:
        made = Desk(tmp_path_factory.mktemp("home"), wire)
        made.round(EARLY)
        yield made
        made.store.close()


def test_a_round_turns_feeds_into_checked_pages(desk: Desk) -> None:
    assert len(desk.store.events.page()) >= 3
    result = verify(desk.store)
    assert result.checked > 30
    assert result.false == []


def test_an_event_is_told_in_each_language_that_a_source_of_it_is_written_in(desk: Desk) -> None:
    told: dict[tuple[str, ...], list[str]] = {}
    for event in desk.store.events.page():
        spoken = {article.language for article in desk.store.articles.of_event(event.id)} | {"en"}
        briefs = [brief_of(stored) for stored in desk.store.briefs.in_all_languages(event.id)]
        assert sorted(brief.language for brief in briefs) == sorted(spoken)
        told.setdefault(tuple(sorted(spoken)), []).extend(f"{b.language} {b.headline.language}" for b in briefs)
    assert set(told["en", "zh"]) == {"en en", "zh zh"}  # the source's own words, not a translation


def test_the_same_feeds_again_bring_nothing_and_read_no_body(desk: Desk) -> None:
    before = desk.wire.stats.not_modified
    report, problems = desk.round(EARLY + timedelta(minutes=20))
    assert (report.polled, report.not_modified, report.new_entries, report.briefs) == (6, 6, 0, 0)
    assert desk.wire.stats.not_modified - before == 6
    assert problems == []


def test_a_dead_source_does_not_stop_the_others(desk: Desk) -> None:
    dead = desk.store.sources.add(
        Source(id=0, url=desk.wire.url.rsplit(":", 1)[0] + ":9/feed", title="Dead (sample)"), EARLY
    )
    report, problems = desk.round(EARLY + timedelta(hours=1))
    assert report.polled == 7
    assert report.failed_sources == 1
    assert any("Dead (sample)" in problem for problem in problems)
    health = {h.source.id: h for h in desk.store.sources.health(desk.now)}
    assert health[dead.id].word == "failing"
    assert health[dead.id].state.last_error
    desk.store.sources.set_paused(dead.id, paused=True)


def test_a_corrected_article_gets_a_new_version_and_old_citations_still_resolve(tmp_path: Path) -> None:
    with serve_sample() as wire:
        desk = Desk(tmp_path, wire)
        desk.round(DEFAULT_BASE)
        first = {article.article_id: article for article in desk.store.articles.versions(range(1, 200))}
        wire.correct()
        desk.round(DEFAULT_BASE + timedelta(hours=1))
        edited = [a for a in first.values() if len(desk.store.articles.history(a.article_id)) == 2]
        assert len(edited) == 1
        old, new = desk.store.articles.history(edited[0].article_id)
        assert old.text == edited[0].text
        assert new.text != old.text
        assert verify(desk.store).false == []
        desk.store.close()


def test_what_a_person_decided_binds_later_rounds(desk: Desk) -> None:
    one, two = (event for event in desk.store.events.page(limit=2))
    desk.store.events.merge(one.id, two.id, desk.now)
    report, _ = desk.round(DEFAULT_BASE - timedelta(days=10))
    assert report.placed > 0
    merged = desk.store.events.by_slug(two.slug)
    assert merged.id == one.id
    assert {m.article_id for m in two.members} <= {m.article_id for m in merged.members}
    assert verify(desk.store).false == []


def test_later_decisions_on_a_pair_replace_earlier_ones() -> None:
    decided = [
        Decision(kind="merge", first_id=1, second_id=2),
        Decision(kind="split", first_id=2, second_id=1),
        Decision(kind="pin", first_id=3, second_id=1),
        Decision(kind="hide", first_id=9, second_id=None),
    ]
    found = pipeline.constraints(decided)
    assert found.together == {(1, 3)}
    assert found.apart == {(1, 2)}


def test_a_second_run_is_told_who_is_at_work(desk: Desk) -> None:
    assert desk.store.leases.take("run", "elsewhere process 1", desk.now, timedelta(minutes=1)) is None
    with pytest.raises(pipeline.AnotherRun, match="elsewhere process 1"), pipeline.only_run(desk.store, desk.clock):
        pass
    desk.store.leases.release("run", "elsewhere process 1")
    with pipeline.only_run(desk.store, desk.clock):
        pass
