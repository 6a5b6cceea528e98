"""Validators, and the memory of rendered pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from web_desk import BASE, NOW, TOKEN, Desk

from groundwire.settings import Settings
from groundwire.web import create_app
from groundwire.web.caching import PageCache, Rendered

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


def test_the_memory_is_bounded_and_forgets_what_was_used_least() -> None:
    cache = PageCache(max_bytes=250)
    cache.get("a", 1)
    for key in "abc":
        if key == "c":
            assert cache.get("a", 1)
        cache.put(key, 1, Rendered(body=b"x" * 100, media_type="text/plain"))
    assert cache.get("a", 1)
    assert cache.get("b", 1) is None
    assert cache.get("c", 1)
    assert cache.get("a", 2) is None


def test_a_page_of_a_past_state_is_not_kept() -> None:
    cache = PageCache()
    cache.get("a", 2)
    cache.put("a", 1, Rendered(body=b"old", media_type="text/plain"))
    assert cache.get("a", 2) is None
