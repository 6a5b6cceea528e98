"""Who may change things, and how others are kept from it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import settings as check
from hypothesis import strategies as st
from lxml import html
from starlette.requests import Request
from starlette.testclient import TestClient
from web_desk import BASE, NOW, QUIET, TOKEN, Desk

from groundwire.errors import GroundwireError, NotFound
from groundwire.web.access import CHANGES_ALLOWED, FAILURES_ALLOWED, Access, Refused, Window, own_path


def log_in(client: TestClient, token: str = TOKEN, target: str = "/") -> int:
    return client.post("/token", data=login_form(client, target) | {"token": token}).status_code


def login_form(client: TestClient, target: str = "/") -> dict[str, str]:
    """What the page that asks for the token puts into its form."""
    (form,) = html.fromstring(client.get(f"/token?next={target}").content).cssselect('form[action="/token"]')
    return dict(form.form_values())  # type: ignore[attr-defined]  # a form element


def csrf(client: TestClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', client.get(path).text)
    assert found
    return found[1]


def path_of(desk: Desk, key: str) -> str:
    return f"/events/{desk.slugs[key]}"


# --- sessions --------------------------------------------------------------------------------------------------


def test_the_token_opens_a_session_and_the_page_then_offers_decisions(own_client: TestClient, own_desk: Desk) -> None:
    path = path_of(own_desk, "quiet")
    assert 'id="manage"' not in own_client.get(path).text
    assert log_in(own_client, target=path) == 303
    answer = own_client.get(path)
    assert 'id="manage"' in answer.text
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_wrong_token_is_refused_in_words(own_client: TestClient) -> None:
    assert log_in(own_client, "wrong") == 403
    assert "groundwire_session" not in own_client.cookies


def test_the_session_cookie_is_out_of_reach(own_client: TestClient) -> None:
    answer = own_client.post("/token", data=login_form(own_client) | {"token": TOKEN})
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("groundwire_session"))
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie


def test_a_session_is_always_a_new_one(own_client: TestClient) -> None:
    log_in(own_client)
    first = own_client.cookies["groundwire_session"]
    log_in(own_client)
    assert own_client.cookies["groundwire_session"] != first


def test_nobody_can_be_logged_in_by_another_site(own_client: TestClient) -> None:
    assert own_client.post("/token", data={"token": TOKEN, "csrf": "0" * 64}).status_code == 403
    form = login_form(own_client) | {"token": TOKEN}
    assert own_client.post("/token", data=form, headers={"Origin": "https://evil.example"}).status_code == 403
    own_client.cookies.clear()  # the form of one browser in another
    assert own_client.post("/token", data=form).status_code == 403


def test_a_cookie_that_was_tampered_with_is_nothing(own_client: TestClient, own_desk: Desk) -> None:
    log_in(own_client)
    good = own_client.cookies["groundwire_session"]
    expires, nonce, signature = good.split(".")
    for bad in (
        good[:-1],
        good + "0",
        f"9{good}",
        "..",
        f"{expires}.{nonce}.",
        f"{expires}..{signature}",
        "none",
        "%C3%A9",
    ):
        own_client.cookies.clear()
        answer = own_client.get(path_of(own_desk, "quiet"), headers={"Cookie": f"groundwire_session={bad}"})
        assert 'id="manage"' not in answer.text


def test_a_session_ends_by_time_and_by_hand(own_client: TestClient) -> None:
    clock = [NOW]
    access = Access(TOKEN, BASE, lambda: clock[0])
    cookie = access.open(TOKEN, "127.0.0.1")
    request = Request({"type": "http", "headers": [(b"cookie", f"groundwire_session={cookie}".encode())]})
    session = access.session(request)
    assert session
    clock[0] += timedelta(hours=13)
    assert access.session(request) is None
    clock[0] = NOW
    access.close(session)
    assert access.session(request) is None


def test_leaving_ends_the_session_on_the_server_too(own_client: TestClient, own_desk: Desk) -> None:
    log_in(own_client)
    kept = own_client.cookies["groundwire_session"]
    assert own_client.post("/token/leave", data={"csrf": csrf(own_client, "/")}).status_code == 303
    own_client.cookies.set("groundwire_session", kept)
    assert 'id="manage"' not in own_client.get(path_of(own_desk, "quiet")).text


def test_another_servers_session_is_none_here() -> None:
    theirs = Access("another-token-entirely-0123", BASE, lambda: NOW)
    cookie = theirs.open("another-token-entirely-0123", "")
    request = Request({"type": "http", "headers": [(b"cookie", f"groundwire_session={cookie}".encode())]})
    assert Access(TOKEN, BASE, lambda: NOW).session(request) is None


def test_a_short_token_is_refused_at_the_start() -> None:
    with pytest.raises(GroundwireError, match="too short"):
        Access("short", BASE, lambda: NOW)


# --- requests that another site causes -------------------------------------------------------------------------

FORGED = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


def changes(desk: Desk) -> list[tuple[str, dict[str, str]]]:
    """Everything that changes something, and what to send to it."""
    return [
        (f"/events/{desk.slugs['quiet']}/decisions", {"kind": "hide"}),
        ("/sources", {"url": "https://new.example/feed"}),
        ("/sources/1", {"kind": "pause"}),
        ("/token/leave", {"kind": ""}),
    ]


@pytest.mark.parametrize("headers", FORGED)
def test_another_sites_request_changes_nothing(own_client: TestClient, own_desk: Desk, headers: dict[str, str]) -> None:
    log_in(own_client)
    token = csrf(own_client, "/")
    for path, data in changes(own_desk):
        assert own_client.post(path, data=data | {"csrf": token}, headers=headers).status_code == 403
        answer = own_client.post(f"/api{path}", json=data, headers=headers | {"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code in (403, 404)  # 404: /token has no place in the API
    unchanged(own_desk)


def test_a_form_without_its_own_token_changes_nothing(own_client: TestClient, own_desk: Desk) -> None:
    log_in(own_client)
    for path, data in changes(own_desk):
        for token in ("", "0" * 64, "é"):
            assert own_client.post(path, data=data | {"csrf": token}).status_code == 403
    unchanged(own_desk)


def test_another_sessions_form_changes_nothing(own_app: FastAPI, own_desk: Desk) -> None:
    first, second = TestClient(own_app, base_url=BASE), TestClient(own_app, base_url=BASE)
    log_in(first)
    log_in(second)
    data = {"kind": "hide", "csrf": csrf(first, "/")}
    assert second.post(path_of(own_desk, "quiet") + "/decisions", data=data).status_code == 403
    unchanged(own_desk)


def test_without_a_session_nothing_changes(own_client: TestClient, own_desk: Desk) -> None:
    for path, data in changes(own_desk):
        answer = own_client.post(path, data=data)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    unchanged(own_desk)


def test_the_token_is_never_taken_from_the_address(own_client: TestClient, own_desk: Desk) -> None:
    path = f"/api{path_of(own_desk, 'quiet')}/decisions?token={TOKEN}&access_token={TOKEN}"
    assert own_client.post(path, json={"kind": "hide"}).status_code == 401
    assert own_client.get(f"{path_of(own_desk, 'quiet')}?token={TOKEN}").text.count(TOKEN) == 0
    unchanged(own_desk)


def unchanged(desk: Desk) -> None:
    assert not desk.store.events.by_slug(desk.slugs["quiet"]).hidden
    assert len(desk.store.sources.all()) == 3
    assert not any(source.paused for source in desk.store.sources.all())


# --- decisions -------------------------------------------------------------------------------------------------


def test_an_event_can_be_hidden_and_shown_again(own_client: TestClient, own_desk: Desk) -> None:
    path = path_of(own_desk, "quiet")
    log_in(own_client)
    token = csrf(own_client, path)
    assert own_client.post(f"{path}/decisions", data={"kind": "hide", "csrf": token}).headers["location"] == path
    assert "This event is hidden" in own_client.get(path).text
    kept = own_client.cookies
    stranger = TestClient(own_client.app, base_url=BASE)
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}.json").status_code == 404
    assert QUIET[0] not in stranger.get("/").text
    assert kept
    own_client.post(f"{path}/decisions", data={"kind": "show", "csrf": token})
    assert stranger.get(path).status_code == 200


def test_events_can_be_merged_by_address(own_client: TestClient, own_desk: Desk) -> None:
    path, other = path_of(own_desk, "full"), path_of(own_desk, "quiet")
    log_in(own_client)
    data = {"kind": "merge", "other": f"{BASE}{other}", "csrf": csrf(own_client, path)}
    assert own_client.post(f"{path}/decisions", data=data).headers["location"] == path
    assert own_client.get(other).headers["location"] == path


def test_reports_can_be_split_off_and_pinned_back(own_client: TestClient, own_desk: Desk) -> None:
    path, article = path_of(own_desk, "full"), own_desk.articles["zh"].article_id
    log_in(own_client)
    token = csrf(own_client, path)
    answer = own_client.post(f"{path}/decisions", data={"kind": "split", "article": [article], "csrf": token})
    assert answer.status_code == 303
    new = answer.headers["location"]
    assert new != path
    assert own_client.get(new).status_code == 503  # its page is still to be written
    assert own_desk.store.events.of_article(article) != own_desk.store.events.by_slug(own_desk.slugs["full"]).id
    own_client.post(f"{path}/decisions", data={"kind": "pin", "article": [article], "csrf": token})
    assert own_desk.store.events.of_article(article) == own_desk.store.events.by_slug(own_desk.slugs["full"]).id


SENSELESS: list[dict[str, str]] = [
    {"kind": "explode"},
    {"kind": "merge"},
    {"kind": "merge", "other": "no-such-event"},
    {"kind": "split"},
    {"kind": "split", "article": "999"},
    {"kind": "pin"},
    {"kind": "pin", "article": "99999999999999999999999"},
]


def test_a_decision_that_makes_no_sense_is_told_in_words(own_client: TestClient, own_desk: Desk) -> None:
    path = path_of(own_desk, "full")
    log_in(own_client)
    token = csrf(own_client, path)
    for data in SENSELESS:
        answer = own_client.post(f"{path}/decisions", data=data | {"csrf": token})
        assert answer.status_code == 422
        assert html.fromstring(answer.content).cssselect(".detail")


def test_sources_can_be_added_paused_and_resumed(own_client: TestClient, own_desk: Desk) -> None:
    log_in(own_client)
    token = csrf(own_client, "/sources")
    assert own_client.post("/sources", data={"url": "https://new.example/", "csrf": token}).status_code == 303
    assert len(own_desk.store.sources.all()) == 4
    own_client.post("/sources/1", data={"kind": "pause", "csrf": token})
    assert own_desk.store.sources.get(1).paused
    own_client.post("/sources/1", data={"kind": "resume", "csrf": token})
    assert not own_desk.store.sources.get(1).paused
    dead = own_client.post("/sources", data={"url": "https://dead.example/", "csrf": token})
    assert dead.status_code == 422
    assert "no such host" in dead.text


def test_programs_show_the_token_as_bearer(own_client: TestClient, own_desk: Desk) -> None:
    path = f"/api{path_of(own_desk, 'quiet')}/decisions"
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert own_client.post(path, json={"kind": "hide"}, headers={"Authorization": "Bearer no"}).status_code == 403
    answer = own_client.post(path, json={"kind": "hide"}, headers=bearer)
    assert answer.json() == {"kind": "hide", "event": own_desk.slugs["quiet"]}
    assert own_desk.store.events.by_slug(own_desk.slugs["quiet"]).hidden
    paused = own_client.post("/api/sources/2", json={"paused": True}, headers=bearer).json()
    assert paused["health"] == "paused"
    added = own_client.post("/api/sources", json={"url": "https://new.example/"}, headers=bearer).json()
    assert added["title"] == "A new source"
    assert own_client.post("/api/sources/77", json={"paused": True}, headers=bearer).status_code == 404


# --- limits ----------------------------------------------------------------------------------------------------


def test_wrong_tokens_are_limited_and_then_even_the_right_one_must_wait(own_client: TestClient) -> None:
    statuses = [log_in(own_client, "wrong") for _ in range(FAILURES_ALLOWED + 2)]
    assert statuses == [403] * FAILURES_ALLOWED + [429] * 2
    assert log_in(own_client) == 429
    answer = own_client.post("/api/sources/1", json={"paused": True}, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) == 600


def test_many_addresses_together_are_limited_too() -> None:
    access = Access(TOKEN, BASE, lambda: NOW)
    for n in range(10 * FAILURES_ALLOWED):
        with pytest.raises(Refused) as refused:
            access.open("wrong", f"10.0.0.{n}")
        assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        access.open(TOKEN, "10.0.1.1")
    assert refused.value.status == 429


def test_changes_are_limited() -> None:
    access = Access(TOKEN, BASE, lambda: NOW)
    headers = [(b"authorization", f"Bearer {TOKEN}".encode()), (b"host", b"localhost")]
    request = Request({"type": "http", "headers": headers, "client": ("127.0.0.1", 1)})
    for _ in range(CHANGES_ALLOWED):
        access.may_change(request, {})
    with pytest.raises(Refused) as refused:
        access.may_change(request, {})
    assert refused.value.status == 429


def test_the_counting_forgets_and_is_bounded() -> None:
    window = Window(2, timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    for n in range(10_000):
        window.count(str(n), NOW)
    assert len(window._times) <= 4_096
    window.count("a", NOW)
    window.count("a", NOW)
    assert window.full("a", NOW)
    assert not window.full("a", later)


# --- where a login may lead ------------------------------------------------------------------------------------


ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "/%2f%2fevil.example",
    "https:evil.example",
    "https://evil.example",
    "/%09/evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "\\\\evil.example",
    "",
    "evil",
    "/" + "a" * 2_000,
]


def test_a_login_leads_nowhere_else(own_client: TestClient) -> None:
    for target in ELSEWHERE:
        assert own_path(target) == "/"
        answer = own_client.post("/token", data=login_form(own_client) | {"token": TOKEN, "next": target})
        assert answer.status_code in (303, 422)  # control characters are not even read
        assert answer.headers.get("location", "/") == "/"


@check(deadline=None)
@given(st.text(max_size=40) | st.text("/\\\\%:.a2fevil?#@", max_size=20))
def test_only_paths_of_this_site_are_led_to(target: str) -> None:
    path = own_path(target)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert urlsplit(f"{BASE}{path}").netloc == urlsplit(BASE).netloc


def test_there_is_no_way_out_by_a_link_of_ours(client: TestClient) -> None:
    for path in ("/r?u=https://evil.example", "/redirect?url=//evil.example", "/token?next=//evil.example"):
        assert "evil" not in client.get(path).headers.get("location", "")


def test_what_is_not_there_is_a_notice_not_a_reason(own_desk: Desk) -> None:
    with pytest.raises(NotFound):
        own_desk.store.events.by_slug("nothing")
    assert isinstance(NOW, datetime)
