"""Recorded answers, briefs in several languages, and databases from before there were any, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from groundwire.llm import Call
from groundwire.storage import Store
from groundwire.storage.briefs import StoredBrief
from groundwire.storage.events import Placement
from groundwire.storage.schema_models import TABLES, model_calls, translations
from groundwire.storage.schema_work import TABLES as WORK_TABLES
from groundwire.types import Citation, Extracted, Source, Statement

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)


@pytest.fixture
def event_id(store: Store) -> int:
    """One event of one article."""
    source = store.sources.add(Source(id=0, url="https://f.example/feed", title="Courier"), AT)
    told = Extracted(
        title="Pellworth opens", body="It opened a hall.", author=None, published_at=AT, published_evidence="feed",
        language="en", canonical_url=None,
    )  # fmt: skip
    with store.database.write() as connection:
        found = store.articles.save(connection, source.id, "https://n.example/1", told, AT)
    store.events.place(
        [Placement(article_id=found, event_id=1, origin_id=found, reasons=(), fingerprint=b"")], [], "t", AT
    )
    return 1


def call(event_id: int, prompt: str, *, model: str = "tiny-1", at: datetime = AT, cost: float | None = 0.5) -> Call:
    return Call(
        prompt_hash=prompt, event_id=event_id, purpose="translate", model=model, parameters={"model": "tiny", "seed": 7},
        answer="{}", input_tokens=30, output_tokens=12, cost_usd=cost, elapsed_s=1.5, asked_at=at,
    )  # fmt: skip


def stored(event_id: int, language: str) -> StoredBrief:
    return StoredBrief(event_id=event_id, language=language, document=f'"{language}"', build="b", made_at=AT)


def said(store: Store, text: str, language: str) -> Statement:
    version = store.articles.history(1)[-1]
    cited = Citation(version_id=version.id, start=0, end=15, quote=version.text[:15])
    return Statement(section="hook", text=text, citations=(cited,), language=language, made_by="model")


def test_an_answer_comes_back_as_it_was_recorded_and_the_first_one_stays(store: Store, event_id: int) -> None:
    first = call(event_id, "a")
    store.model_calls.save(first)
    store.model_calls.save(call(event_id, "a", model="another"))
    assert store.model_calls.find("a") == first
    assert store.model_calls.find("b") is None


def test_who_answered_last_and_what_it_took_can_be_asked(store: Store, event_id: int) -> None:
    assert store.model_calls.last_reported("tiny") is None
    store.model_calls.save(call(event_id, "a"))
    store.model_calls.save(call(event_id, "b", model="tiny-2", at=AT + timedelta(hours=1), cost=None))
    assert store.model_calls.last_reported("tiny") == "tiny-2"
    assert store.model_calls.last_reported("tiny-2") is None
    assert store.model_calls.spent(AT) == (84, 0.5)
    assert store.model_calls.spent(AT + timedelta(minutes=1)) == (42, 0.0)
    assert store.model_calls.spent(AT + timedelta(days=1)) == (0, 0.0)


def test_a_brief_is_read_in_the_language_asked_for_or_the_own_one(store: Store, event_id: int) -> None:
    statements = [said(store, "Pellworth opens", "en"), said(store, "佩尔沃思开业", "zh")]
    store.briefs.save(stored(event_id, "en"), statements, None, [stored(event_id, "zh")])
    languages = {asked: store.briefs.get(event_id, asked) for asked in (None, "en", "zh", "fr")}
    assert {asked: told.language if told else "" for asked, told in languages.items()} == {
        None: "en", "en": "en", "zh": "zh", "fr": "en",
    }  # fmt: skip
    assert [told.language for told in store.briefs.in_all_languages(event_id)] == ["en", "zh"]
    assert [document for _, document, _ in store.briefs.documents()] == ['"en"', '"zh"']
    assert all(len(recorded) == 2 for _, _, recorded in store.briefs.documents())
    assert len(list(store.briefs.all_citations())) == 2
    store.briefs.save(stored(event_id, "en"), statements[:1], None)
    assert [told.language for told in store.briefs.in_all_languages(event_id)] == ["en"]


def test_a_withdrawn_brief_is_withdrawn_in_every_language(store: Store, event_id: int) -> None:
    store.briefs.save(stored(event_id, "en"), [said(store, "Pellworth opens", "en")], None, [stored(event_id, "zh")])
    store.briefs.withdraw(event_id)
    assert store.briefs.in_all_languages(event_id) == []


def test_a_brief_that_waits_for_a_model_becomes_due_once(store: Store, event_id: int) -> None:
    store.briefs.save(stored(event_id, "en"), [said(store, "Pellworth opens", "en")], None)
    store.model_calls.postpone(event_id, "down", AT + timedelta(minutes=30))
    assert store.model_calls.retry(AT) == 0
    assert store.model_calls.retry(AT + timedelta(minutes=30)) == 1
    assert store.model_calls.retry(AT + timedelta(minutes=31)) == 0


@pytest.mark.parametrize("version", ["0002", "0003", "0004"])
def test_an_older_database_keeps_its_rows_and_gets_what_is_new(store: Store, event_id: int, version: str) -> None:
    store.briefs.save(stored(event_id, "en"), [said(store, "Pellworth opens", "en")], None)
    store.model_calls.save(call(event_id, "a"))
    with store.database.write() as connection:  # as that version left it
        dropped = [translations] + (list(WORK_TABLES) if version < "0004" else [])
        dropped += list(TABLES) if version < "0003" else []
        for table in dropped:
            table.drop(connection)
        if version >= "0003":
            connection.exec_driver_sql("ALTER TABLE model_calls DROP COLUMN purpose")
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608  one of three constants
    url = store.database.url.render_as_string(hide_password=False)
    with Store(url) as upgraded:
        columns = {column["name"] for column in sa.inspect(upgraded.database.engine).get_columns("model_calls")}
        assert columns == set(model_calls.columns.keys())
        kept = upgraded.model_calls.find("a")
        assert kept is None if version < "0003" else kept is not None and kept.purpose == "write"
        told = upgraded.briefs.get(1)
        assert told == stored(event_id, "en")
        upgraded.model_calls.save(call(event_id, "b"))
        upgraded.briefs.save(stored(event_id, "en"), [said(upgraded, "Pellworth opens", "en")], None, [stored(1, "zh")])
        assert upgraded.model_calls.find("b") == call(event_id, "b")
        assert [brief.language for brief in upgraded.briefs.in_all_languages(1)] == ["en", "zh"]
