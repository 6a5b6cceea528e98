"""The ledger in the database, on both engines: entries stay, words are added."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from forecast_samples import SAID, article, entries

from groundwire.errors import NotFound
from groundwire.forecasts import Proposal, Registered
from groundwire.storage import Store
from groundwire.storage.schema_living import forecasts
from groundwire.types import Extracted, Source

TEXT = "Pellworth will likely open in May 2027. Rents could fall by June 2027, Pellworth said."


@pytest.fixture
def kept(store: Store) -> list[Registered]:
    source = article(TEXT)
    told = Extracted(
        title=source.title, body=TEXT, author=None, published_at=SAID, published_evidence="feed", language="en",
        canonical_url=None,
    )  # fmt: skip
    feed = store.sources.add(Source(id=0, url="https://f.example/feed", title="Ferrule Courier"), SAID)
    with store.database.write() as connection:
        store.articles.save(connection, feed.id, source.url, told, SAID)
    found = entries(TEXT)
    assert len(store.forecasts.register(found)) == 2
    return found


def test_an_entry_comes_back_as_it_went_in(store: Store, kept: list[Registered]) -> None:
    assert [k.forecast for k in store.forecasts.all()] == kept
    assert kept[0].probability is not None


def test_entering_it_again_changes_nothing(store: Store, kept: list[Registered]) -> None:
    assert store.forecasts.register(kept) == []
    assert len(store.forecasts.all()) == 2


def test_a_verdict_may_be_taken_back_and_every_word_is_kept(store: Store, kept: list[Registered]) -> None:
    del kept
    first = store.forecasts.all()[0]
    now = SAID + timedelta(days=200)
    for verdict in ("true", "open", "false"):
        store.forecasts.resolve(first.id, verdict, note=f"said {verdict}", decided_by="person", now=now)
    found = store.forecasts.get(first.id).outcome
    assert found is not None
    assert (found.verdict, found.note) == ("false", "said false")
    store.forecasts.resolve(first.id, "open", note="", decided_by="person", now=now)
    assert store.forecasts.get(first.id).outcome is None


def test_what_cannot_be_resolved_is_refused_but_may_be_void(store: Store, kept: list[Registered]) -> None:
    del kept
    vague = next(k for k in store.forecasts.all() if k.forecast.rule is None)
    with pytest.raises(NotFound, match="possibility"):
        store.forecasts.resolve(vague.id, "true", note="", decided_by="person", now=SAID)
    assert store.forecasts.resolve(vague.id, "void", note="", decided_by="person", now=SAID).outcome is not None
    with pytest.raises(NotFound, match="no forecast 99"):
        store.forecasts.resolve(99, "true", note="", decided_by="person", now=SAID)


def test_evidence_is_proposed_once_a_version_and_found_by_name(store: Store, kept: list[Registered]) -> None:
    (dated,) = store.forecasts.about({"pellworth"})
    assert dated.forecast == kept[0]
    assert store.forecasts.about({"tarnholm"}) == []
    quote = Proposal(version_id=1, start=0, end=5, quote="Title", why="names pellworth", suggests="")
    assert store.forecasts.propose(dated.id, quote, SAID) is True
    assert store.forecasts.propose(dated.id, quote, SAID) is False
    assert store.forecasts.get(dated.id).proposals == (quote,)


def test_the_database_refuses_a_forecast_with_neither_rule_nor_reason(store: Store, kept: list[Registered]) -> None:
    del kept
    with pytest.raises(sa.exc.IntegrityError), store.database.write() as connection:
        connection.execute(forecasts.update().values(unresolvable=None, rule=None))
