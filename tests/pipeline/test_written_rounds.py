"""Rounds with a model over the sample wire: complete pages whatever it says, and the same pages from the same answers."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from groundwire.briefs import from_json, statements
from groundwire.llm import LanguageModel, ModelError, ScriptedModel
from groundwire.pipeline.desk import Desk
from groundwire.pipeline.writing import AGAIN
from groundwire.sample.server import SampleWire, serve_sample
from groundwire.sample.wire import DEFAULT_BASE
from groundwire.settings import load
from groundwire.storage import Store
from groundwire.subscribe import import_opml
from groundwire.types import Brief
from groundwire.verify import verify
from groundwire.web.static_copy import static_files


class Listening:
    """Progress that keeps what went wrong."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def start(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, count: int = 1) -> None: ...
    def problem(self, stage: str, words: str) -> None:
        self.problems.append(words)


class Room:
    """A home that has subscribed to the sample wire."""

    def __init__(self, home: Path, wire: SampleWire) -> None:
        self.settings = load(home, {}, allow_hosts=(wire.host,))
        self.store = Store(self.settings.url)
        asyncio.run(import_opml(self.store, self.settings, wire.opml_url, lambda: DEFAULT_BASE))

    def round(self, model: LanguageModel | None, at: datetime = DEFAULT_BASE) -> list[str]:
        progress = Listening()

        async def one() -> None:
            async with Desk(self.store, self.settings, model=model) as desk:
                await desk.run(lambda: at, progress)

        asyncio.run(one())
        return [p for p in progress.problems if p.startswith("model")]

    def take_answers(self, other: Room) -> None:
        """Put the answers that another home has recorded into this one's record."""
        with other.store.database.read() as theirs:
            rows = [tuple(row) for row in theirs.exec_driver_sql("SELECT * FROM model_calls")]
        with self.store.database.write() as ours:
            ours.exec_driver_sql("INSERT INTO model_calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def briefs(self) -> dict[str, str]:
        """By slug and language."""
        return {f"{slug} {read(document).language}": document for slug, document, _ in self.store.briefs.documents()}

    def written(self) -> int:
        return sum(s.made_by == "model" for d in self.briefs().values() for s in statements(read(d)))

    def tell_all_again(self) -> None:
        self.store.events.touch([read(document).event_id for document in self.briefs().values()], DEFAULT_BASE)


def read(document: str) -> Brief:
    return from_json(json.loads(document))


def down(prompt: str, schema: Mapping[str, Any]) -> str:
    raise ModelError("scripted", "the endpoint can't be reached", lasting=True)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with serve_sample() as wire:
        made = Room(tmp_path, wire)
        yield made
        made.store.close()


def test_a_model_that_is_down_costs_no_page_and_is_asked_again_later(room: Room) -> None:
    assert len(room.round(ScriptedModel(down))) == 1
    pages = len(room.briefs())
    assert pages > 10
    assert room.written() == 0
    model = ScriptedModel()
    assert not room.round(model, DEFAULT_BASE + AGAIN + timedelta(minutes=1))
    assert room.written() > pages / 2
    assert len(room.briefs()) == pages
    assert not verify(room.store).false


def test_a_page_in_a_language_that_no_model_was_asked_for_is_the_sources_own(room: Room) -> None:
    room.settings = replace(room.settings, model_languages=("en",))
    room.round(ScriptedModel())
    made = {language: set[str]() for language in ("en", "zh")}
    for document in room.briefs().values():
        brief = read(document)
        made[brief.language] |= {statement.made_by for statement in statements(brief)}
    assert "model" in made["en"]
    assert made["zh"] == {"extract"}


def test_a_rebuild_asks_nothing_and_gives_the_same_pages(room: Room) -> None:
    model = ScriptedModel()
    for _ in range(2):  # an event that was told first did not yet know all that are related to it
        room.round(model)
        room.tell_all_again()
    asked, pages = model.asked, room.briefs()
    assert asked
    assert room.written()
    room.round(model)
    assert model.asked == asked
    assert room.briefs() == pages


def test_the_same_recorded_answers_give_the_same_edition_byte_for_byte(room: Room) -> None:
    for _ in range(2):
        room.round(ScriptedModel())
        room.tell_all_again()
    first = {file.path: file.body for file in static_files(room.store, room.settings)}
    with room.store.database.write() as connection:  # everything that was made of the evidence and the answers
        connection.exec_driver_sql("DELETE FROM translations")
        connection.exec_driver_sql("DELETE FROM withheld")
    assert not room.round(ScriptedModel(down))
    assert room.written()
    second = {file.path: file.body for file in static_files(room.store, room.settings)}
    assert first == second
    assert any(path.startswith("events/") for path in first)


def test_two_homes_with_the_same_evidence_and_answers_export_the_same_bytes(tmp_path: Path) -> None:
    with serve_sample() as wire:
        (tmp_path / "first").mkdir()
        evidence = Room(tmp_path / "first", wire)
        evidence.round(None)
        evidence.store.close()
        shutil.copytree(tmp_path / "first", tmp_path / "second")
        first, second = (Room(tmp_path / name, wire) for name in ("first", "second"))
        first.tell_all_again()
        first.round(ScriptedModel())
        second.take_answers(first)
        second.tell_all_again()
        silent = ScriptedModel(down)
        second.round(silent)
        assert silent.asked == 0
        assert second.written()
        trees = [{f.path: f.body for f in static_files(home.store, home.settings)} for home in (first, second)]
        for home in (first, second):
            home.store.close()
    assert trees[0].keys() == trees[1].keys()
    assert [path for path in trees[0] if trees[0][path] != trees[1][path]] == []


def test_a_written_lie_put_into_the_database_is_found(room: Room) -> None:
    room.round(ScriptedModel())
    slug, document = next((s, d) for s, d in room.briefs().items() if '"made_by":"model"' in d)
    said = next(s for s in statements(read(document)) if s.made_by == "model")
    lie = "A company that nobody knows raised $987 million."
    with room.store.database.write() as connection:
        old, new = (f'"text":{json.dumps(text, ensure_ascii=False)}' for text in (said.text, lie))
        forged = document.replace(old, new)
        connection.exec_driver_sql("UPDATE briefs SET document = ? WHERE document = ?", (forged, document))
        connection.exec_driver_sql("UPDATE statements SET text = ? WHERE text = ?", (lie, said.text))
    found = verify(room.store).false
    assert any(f.event == slug.split()[0] and f.statement == lie and f.reason.startswith("number") for f in found)
