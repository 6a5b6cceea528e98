"""Unsubscribing from the mailed recap."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.testclient import TestClient
from web_desk import Desk

from groundwire.editions.reader import Interests

NOW = datetime(2026, 3, 16, tzinfo=UTC)


def test_one_click_unsubscribes_without_cookie_or_form_token(client: TestClient, desk: Desk) -> None:
    mailings = desk.store.mailings
    ada = mailings.join("ada@home.example", Interests(topics=("chips",)), "en", NOW)
    path = f"/unsubscribe/{ada.token}"
    assert "ada@home.example" in client.get(path).text
    assert mailings.by_token(ada.token) == ada, "a look changes nothing: scanners follow links"
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    left = mailings.by_token(ada.token)
    assert left is not None
    assert left.left_at is not None
    assert client.post(path).status_code == 200, "twice is fine"
    assert mailings.join("ada@home.example", Interests(), "", NOW).left_at is None


def test_a_wrong_token_unsubscribes_nobody(client: TestClient) -> None:
    assert client.get("/unsubscribe/aaaaaaaaaaaa").status_code == 404
    assert client.post("/unsubscribe/aaaaaaaaaaaa").status_code in (404, 422)
    assert client.get("/unsubscribe/..%2fx").status_code in (404, 422)


def test_an_address_of_the_settings_has_a_token_but_is_no_subscriber(desk: Desk) -> None:
    known = desk.store.mailings.known(["boss@home.example"], NOW)
    assert known == desk.store.mailings.known(["boss@home.example"], NOW)
    assert "boss@home.example" not in {s.address for s in desk.store.mailings.all()}
