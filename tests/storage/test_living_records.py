"""Looks at cited articles, the log of corrections, mailings, on both engines; and an older database brought up to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from groundwire.collect.identity import second_key
from groundwire.corrections import LOOKS, Correction
from groundwire.storage import Store
from groundwire.storage.events import Placement
from groundwire.storage.schema_living import TABLES
from groundwire.types import Entry, Extracted, Source

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)


@pytest.fixture
def article_id(store: Store) -> int:
    """One article with a page of its own, in one event."""
    source = store.sources.add(Source(id=0, url="https://f.example/feed", title="Courier"), AT)
    told = Extracted(
        title="Pellworth opens", body="It opened a hall.", author=None, published_at=AT, published_evidence="feed",
        language="en", canonical_url=None,
    )  # fmt: skip
    with store.database.write() as connection:
        entry = Entry(key="1", url="https://n.example/1", title="Pellworth opens")
        store.entries.save(connection, source.id, [entry], AT, second_key)
        found = store.articles.save(connection, source.id, "https://n.example/1", told, AT)
        store.entries.done(connection, 1, found)
    store.events.place(
        [Placement(article_id=found, event_id=1, origin_id=found, reasons=(), fingerprint=b"")], [], "t", AT
    )
    return found


def correction(article_id: int) -> Correction:
    return Correction(
        article_id=article_id, version_id=1, newer_id=None, section="hook", statement="It opened a hall.", language="en",
        start=17, end=34, quote="It opened a hall.", now_says="", now_start=0, kind="retracted", fate="withdrawn",
    )  # fmt: skip


def test_a_cited_article_is_due_when_its_first_look_is(store: Store, article_id: int) -> None:
    store.corrections.watch([article_id], AT)
    store.corrections.watch([article_id], AT + timedelta(days=3))  # cited again: its looks stay where they are
    assert store.corrections.due(AT + LOOKS[0] - timedelta(seconds=1), 10) == []
    (watched,) = store.corrections.due(AT + LOOKS[0], 10)
    assert (watched.article_id, watched.step, watched.cited_at) == (article_id, 0, AT)
    store.corrections.looked(article_id, due_at=None, now=AT, step=1, etag='"a"')
    assert store.corrections.due(AT + timedelta(days=400), 10) == []


def test_a_retracted_article_is_known_and_its_event_named(store: Store, article_id: int) -> None:
    store.corrections.watch([article_id], AT)
    assert store.corrections.retracted([article_id]) == {}
    assert store.corrections.retract(article_id, "taken down (HTTP 410)", AT) == 1
    assert store.corrections.retracted([article_id]) == {article_id: "taken down (HTTP 410)"}
    assert store.corrections.due(AT + timedelta(days=400), 10) == []


def test_a_correction_is_logged_once(store: Store, article_id: int) -> None:
    assert store.corrections.log(1, [correction(article_id)], AT) == 1
    assert store.corrections.log(1, [correction(article_id)], AT + timedelta(hours=1)) == 0
    (logged,) = store.corrections.of_events([1])[1]
    assert (logged.correction, logged.noticed_at) == (correction(article_id), AT)
    assert store.corrections.of_events([2]) == {}


def test_an_edition_goes_to_nobody_twice(store: Store) -> None:
    store.mailings.sent("2026-W46", "reader@home.example", AT)
    assert store.mailings.sent_to("2026-W46") == {"reader@home.example"}
    assert store.mailings.sent_to("2026-W47") == set()
    store.mailings.sent("2026-W46", "reader@home.example", AT)
    assert store.mailings.sent_to("2026-W46") == {"reader@home.example"}


def test_a_database_of_the_first_schema_gets_the_new_tables_and_keeps_its_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    with Store(url) as store:
        store.sources.add(Source(id=0, url="https://f.example/feed", title="Courier"), AT)
        with store.database.write() as connection:
            for table in reversed(TABLES):
                table.drop(connection)
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with Store(url) as store:
        assert [source.title for source in store.sources.all()] == ["Courier"]
        assert store.forecasts.all() == []
        assert store.mailings.sent_to("2026-W46") == set()
