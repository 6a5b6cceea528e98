"""A reader names roles and topics: without an account, without a script."""

from __future__ import annotations

import pytest
from lxml import html
from starlette.testclient import TestClient

from groundwire.editions.reader import Interests, from_cookie, named, to_cookie
from groundwire.web.site import READER_COOKIE


def said(element: html.HtmlElement) -> str:
    return "".join(str(part) for part in element.itertext())


def titles(page: str) -> list[str]:
    return [said(h).strip() for h in html.fromstring(page).cssselect(".entry h2")]


def test_a_choice_is_kept_in_a_cookie_and_ranks_the_front_page(client: TestClient) -> None:
    before = titles(client.get("/").text)
    chosen = client.get("/reader/set?topic=energy", follow_redirects=False)
    assert chosen.status_code == 303
    cookie = chosen.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = client.get("/").text
    assert set(titles(page)) >= set(before)
    liked = html.fromstring(page).cssselect(".entry")[0]
    assert "You follow Energy" in " ".join(said(liked).split())
    assert 'value="energy" checked' in client.get("/reader").text
    client.get("/reader/set?forget=1")
    assert titles(client.get("/").text) == before


def test_an_address_names_a_choice_without_keeping_it(client: TestClient) -> None:
    before = client.get("/").text
    page = client.get("/?topic=energy").text
    assert "You follow" in page
    assert client.get("/").text == before


def test_feeds_and_data_do_not_follow_a_cookie(client: TestClient) -> None:
    before = client.get("/api/events").json()
    client.get("/reader/set?topic=energy")
    assert client.get("/api/events").json() == before
    ranked = client.get("/api/events?interest=energy").json()["events"]
    assert ranked[0]["match"]["topics"] == ["energy"]
    assert {e["slug"] for e in ranked} == {e["slug"] for e in before["events"]}


def test_every_entry_says_why_it_is_where_it_is(client: TestClient) -> None:
    page = html.fromstring(client.get("/").text)
    entries = page.cssselect(".entry")
    assert entries
    assert all(e.cssselect("details.why") and "independent report" in said(e) for e in entries)


@pytest.mark.parametrize("cookie", ["", "x", "a" * 5_000, "<script>:!!", "founders!root:energy!%00!\u0000", "%:%"])
def test_a_foreign_cookie_is_harmless(client: TestClient, cookie: str) -> None:
    client.cookies.set(READER_COOKIE, cookie.encode("ascii", "ignore").decode())
    answer = client.get("/")
    assert answer.status_code == 200
    assert "<script>:" not in answer.text


def test_a_cookie_gives_back_what_was_chosen() -> None:
    chosen = named(["policy", "founders", "root"], ["energy", "AI 芯片", "a\nb", "x" * 99])
    assert chosen == Interests(roles=("founders", "policy"), topics=("AI 芯片", "energy"))
    kept = to_cookie(chosen)
    assert kept.isascii()
    assert from_cookie(kept) == chosen
    assert from_cookie(to_cookie(Interests())) == Interests()
    assert from_cookie("nothing of ours") is None
