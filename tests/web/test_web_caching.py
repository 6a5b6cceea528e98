"""Validators, and the memory of rendered pages."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.testclient import TestClient
from web_desk import BASE, NOW, TOKEN, Desk

from groundwire.settings import Settings
from groundwire.web import create_app
from groundwire.web.caching import LONGEST_HOLD, Lifetime, PageCache, Rate, Rendered
from groundwire.web.site import Reader

PATHS = ["/", "/feed.atom", "/feed.json", "/sources.opml", "/api/events", "/articles/1", "/topics/price"]


@pytest.mark.parametrize("path", PATHS)
def test_a_reader_who_has_the_page_gets_no_body(client: TestClient, path: str) -> None:
    first = client.get(path)
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == etag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_date_will_do_but_a_tag_goes_first(client: TestClient) -> None:
    stamp = client.get("/").headers["last-modified"]
    assert client.get("/", headers={"If-Modified-Since": stamp}).status_code == 304
    assert client.get("/", headers={"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}).status_code == 200
    assert client.get("/", headers={"If-Modified-Since": stamp, "If-None-Match": '"other"'}).status_code == 200
    for nonsense in ("yesterday", "", "Mon, 99 Foo 2026"):
        assert client.get("/", headers={"If-Modified-Since": nonsense}).status_code == 200


def test_each_language_has_its_own_tag(client: TestClient) -> None:
    english = client.get("/", headers={"Accept-Language": "en"}).headers["etag"]
    assert client.get("/", headers={"Accept-Language": "zh"}).headers["etag"] != english
    assert "Cookie" in client.get("/").headers["vary"]
    assert "Accept-Language" in client.get("/").headers["vary"]


def test_a_change_in_the_database_is_seen_at_once(own_client: TestClient, own_desk: Desk) -> None:
    path = f"/events/{own_desk.slugs['quiet']}"
    before = own_client.get(path)
    assert own_client.get(path).headers["etag"] == before.headers["etag"]
    event = own_desk.store.events.by_slug(own_desk.slugs["quiet"])
    own_desk.store.events.set_hidden(event.id, NOW, hidden=True)
    assert own_client.get(path).status_code == 404


def test_news_grows_old_without_any_change(own_desk: Desk, tmp_path) -> None:  # type: ignore[no-untyped-def]  # pytest's
    clock = [NOW]
    app = create_app(own_desk.store, Settings(home=tmp_path, base_url=BASE), token=TOKEN, now=lambda: clock[0])
    client = TestClient(app, base_url=BASE, headers={"Accept-Language": "en"})
    fresh = client.get("/")
    clock[0] = NOW + timedelta(hours=7)
    stale = client.get("/")
    assert "Fresh" in fresh.text
    assert "Fresh" not in stale.text
    assert stale.headers["last-modified"] > fresh.headers["last-modified"]


def page(text: str = "x", until: datetime | None = None) -> Rendered:
    return Rendered(body=text.encode(), media_type="text/plain", holds=Lifetime(since=None, until=until))


def test_the_memory_is_bounded_and_forgets_what_was_used_least() -> None:
    cache = PageCache(max_bytes=250)
    for key in "abc":
        if key == "c":
            assert cache.get("a", 1, NOW)
        cache.put(key, 1, page("x" * 100))
    assert cache.get("a", 1, NOW)
    assert cache.get("b", 1, NOW) is None
    assert cache.get("c", 1, NOW)
    cache.put("a", 1, page("x" * 1_000))  # more than it may hold
    assert cache.get("a", 1, NOW) is None
    cache.clear()
    assert cache.get("c", 1, NOW) is None


def test_a_page_of_a_past_state_is_shown_only_while_the_site_is_busy_and_not_for_long() -> None:
    clock = [100.0]
    cache = PageCache(hold_s=3.0, clock=lambda: clock[0])
    cache.put("a", 1, page())
    assert cache.get("a", 2, NOW) is None
    clock[0] += 2.9
    held = cache.get("a", 2, NOW, busy=True)
    assert held
    assert not cache.is_due(held, 2)
    clock[0] += 0.2
    assert cache.get("a", 2, NOW, busy=True) is held
    assert cache.is_due(held, 2)  # time to render it anew, while it is still shown
    assert not cache.is_due(held, 1)
    clock[0] += 3.0 * LONGEST_HOLD
    assert cache.get("a", 2, NOW, busy=True) is None
    assert cache.get("a", 1, NOW)  # nothing has changed: it holds for as long as it likes


def test_a_rate_follows_what_happens_and_is_forgotten() -> None:
    clock = [0.0]
    rate = Rate(lambda: clock[0])
    for _ in range(2_000):  # 200 a second for ten seconds
        clock[0] += 0.005
        latest = rate.tick()
    assert 195 < latest < 205
    clock[0] += 10.0
    assert rate.tick() < 1.1


def test_a_page_ends_when_its_time_is_up() -> None:
    cache = PageCache()
    cache.put("a", 1, page(until=NOW))
    assert cache.get("a", 1, NOW - timedelta(seconds=1))
    assert cache.get("a", 1, NOW) is None
    assert cache.get("a", 1, None)


def test_many_requests_for_a_page_render_it_once(own_app: FastAPI, own_desk: Desk) -> None:
    site = own_app.state.site
    rendered = []

    def slow(reader: Reader) -> Rendered:
        rendered.append(reader.path)
        time.sleep(0.05)
        return page(reader.language)

    async def ask() -> list[int]:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/x",
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
        }
        answers = await asyncio.gather(*(site.page(Request(scope), slow) for _ in range(20)))
        return [answer.status_code for answer in answers]

    assert asyncio.run(ask()) == [200] * 20
    assert rendered == ["/x"]


def test_under_load_a_page_of_a_moment_ago_is_shown_while_it_is_rendered_anew(
    own_app: FastAPI, own_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, clock, texts = own_app.state.site, [0.0], iter("ab")
    site.cache = PageCache(hold_s=1.0, clock=lambda: clock[0])
    monkeypatch.setattr("groundwire.web.site.BUSY", 0.0)
    scope = {"type": "http", "method": "GET", "path": "/x", "query_string": b"", "headers": [(b"host", b"localhost")]}

    async def shown() -> bytes:
        return bytes((await site.page(Request(scope), lambda _: page(next(texts)))).body)

    async def ask() -> list[bytes]:
        first = await shown()
        own_desk.source("One more", "en")  # the database changes
        clock[0] = 1.5
        meanwhile = await shown()
        await asyncio.gather(*site._being_made.values())
        return [first, meanwhile, await shown()]

    assert asyncio.run(ask()) == [b"a", b"a", b"b"]
