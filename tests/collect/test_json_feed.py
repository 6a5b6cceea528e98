from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.collect.feed import parse_feed
from groundwire.collect.identity import guid_key
from groundwire.errors import ParseError

URL = "https://news.example/feed.json"


def feed(*items: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items, **fields}).encode()


def test_all_fields_of_feed_and_entry() -> None:
    whole = {
        "id": "1",
        "url": "/one",
        "title": "1 < 2",
        "content_html": "<p>Hi</p>",
        "date_published": "2026-11-02T10:00:00Z",
        "date_modified": "2026-11-02T11:00:00Z",
        "tags": ["a", "b"],
        "authors": [{"name": "Ada"}, {"name": "Bo"}],
    }
    bare = {"id": 2, "external_url": "https://other.example/", "content_text": "x < y & z\nsecond line"}
    about = {"language": "zh-CN", "home_page_url": "https://news.example/", "authors": [{"name": "Desk"}]}
    body = feed(whole, bare, **about)
    parsed = parse_feed(body, URL)
    assert (parsed.format, parsed.title, parsed.language, parsed.homepage) == (
        "json11",
        "T",
        "zh",
        "https://news.example/",
    )
    first, second = parsed.entries
    assert (first.title, first.url, first.html, first.author) == (
        "1 < 2",
        "https://news.example/one",
        "<p>Hi</p>",
        "Ada, Bo",
    )
    assert first.published_at == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert first.categories == ("a", "b")
    assert second.key == guid_key("2")
    assert (second.html, second.url, second.author) == (
        "x &lt; y &amp; z\nsecond line",
        "https://other.example/",
        "Desk",
    )


def test_version_1_has_one_author() -> None:
    body = feed({"id": "1", "author": {"name": "Ada"}}, version="https://jsonfeed.org/version/1")
    parsed = parse_feed(body, URL)
    assert (parsed.format, parsed.entries[0].author) == ("json1", "Ada")


def test_a_number_without_end_is_no_id() -> None:
    body = b'{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":1e400,"url":"https://a.example/1"},{"id":NaN,"title":"x"}]}'
    first, second = parse_feed(body, URL).entries
    assert first.url == "https://a.example/1"
    assert first.key != second.key


def test_of_duplicate_keys_the_last_counts() -> None:
    body = b'{"version":"https://jsonfeed.org/version/1.1","title":"a","title":"b","items":[]}'
    assert parse_feed(body, URL).title == "b"


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"{", b"[]", b'{"version": 1}', b'{"items": 3}'])
def test_other_json_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_feed(body, URL)


def test_items_of_wrong_types_cost_only_themselves() -> None:
    mixed = json.loads(feed({"id": "1", "title": ["no"], "tags": "no", "authors": "no"}))
    mixed["items"] += [3, None, "x", {"id": "2", "title": "fine"}]
    parsed = parse_feed(json.dumps(mixed).encode(), URL)
    assert [entry.title for entry in parsed.entries] == ["", "fine"]
    assert parsed.warnings


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["id", "title", "items", "version", "url", "authors", "name", "tags"]), inner
            )
        ),
    )
)
def test_any_json_is_a_feed_or_a_parse_error(document: Any) -> None:
    with suppress(ParseError):
        parse_feed(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": document}).encode(), URL)
