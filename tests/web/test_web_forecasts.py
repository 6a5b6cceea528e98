"""The ledger on the site: who reads, who decides, and what an event's page says of its forecasts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from web_desk import BASE, NOW, TOKEN, Desk

from groundwire.briefs import from_json
from groundwire.evidence.analyse import analyse
from groundwire.forecasts import register
from groundwire.settings import Settings
from groundwire.web import create_app

BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def ledger(own_desk: Desk) -> Desk:
    """The desk with its pages' forecasts on record."""
    store = own_desk.store
    for event in store.events.page():
        stored = store.briefs.get(event.id)
        assert stored is not None
        articles = {a.id: a for a in store.articles.of_event(event.id)}
        evidence = {number: analyse(article) for number, article in articles.items()}
        store.forecasts.register(register(from_json(json.loads(stored.document)), articles, evidence, NOW))
    return own_desk


def test_the_page_lists_each_forecast_with_its_rule_and_day(ledger: Desk, own_client: TestClient) -> None:
    page = own_client.get("/forecasts").text
    kept = ledger.store.forecasts.all()
    assert kept
    for one in kept:
        assert f'id="forecast-{one.id}"' in page
    assert "reaches" in page or "happens" in page


def test_an_event_says_what_the_ledger_says(ledger: Desk, own_client: TestClient) -> None:
    del ledger
    page = own_client.get("/api/events").json()["events"]
    found = [own_client.get(f"/api/events/{e['slug']}").json()["implications"] for e in page]
    notes = [i["ledger"] for implications in found for i in implications]
    assert notes
    assert all(note is not None and note["id"] for note in notes)


def test_only_who_shows_the_token_decides(ledger: Desk, own_client: TestClient) -> None:
    one = next(k for k in ledger.store.forecasts.all() if k.forecast.rule)
    asked = {"verdict": "true", "note": "seen"}
    assert own_client.post(f"/api/forecasts/{one.id}", json=asked).status_code == 401
    assert own_client.post(f"/forecasts/{one.id}", data=asked).status_code in (401, 403)
    assert ledger.store.forecasts.get(one.id).outcome is None
    answer = own_client.post(f"/api/forecasts/{one.id}", json=asked, headers=BEARER)
    assert (answer.status_code, answer.json()["outcome"]["verdict"]) == (200, "true")
    assert own_client.get("/api/forecasts").json()["total"]["true"] == 1


def test_nonsense_is_refused_in_words(ledger: Desk, own_client: TestClient) -> None:
    del ledger
    assert own_client.post("/api/forecasts/1", json={"verdict": "maybe"}, headers=BEARER).status_code == 422
    missing = own_client.post("/api/forecasts/999", json={"verdict": "true"}, headers=BEARER)
    assert missing.status_code == 404
    assert "999" in missing.json()["error"]


def test_a_forecast_is_overdue_from_the_first_moment_of_the_next_day_in_utc(ledger: Desk, tmp_path: Path) -> None:
    one = next(k for k in ledger.store.forecasts.all() if k.forecast.rule)
    assert one.forecast.rule is not None
    last = datetime.combine(one.forecast.rule.until, time(23, 59, 59), tzinfo=UTC)
    clock = [last]
    app = create_app(ledger.store, Settings(home=tmp_path, base_url=BASE), token=TOKEN, now=lambda: clock[0])
    with TestClient(app, base_url=BASE) as reader:
        for at, state in ((last, "due"), (last + timedelta(seconds=1), "overdue")):
            clock[0] = at
            assert {f["id"]: f["state"] for f in reader.get("/api/forecasts").json()["forecasts"]}[one.id] == state
