"""Our feeds: well-formed and valid whatever the titles hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from groundwire.collect.feed import parse_feed
from groundwire.editions.feeds import Feed, FeedItem, item_id, render_atom, render_json_feed

AT = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = [
    "</title><script>alert(1)</script>", "]]>", "<![CDATA[ x ]]>", "&amp; &lt; & <", "\x00\x01\x0b\x1f", "\ud800 lone",
    "\ufffe\uffff", "\u2028\u2029", "a\r\n\tb", "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;", "=cmd|' /C calc'!A0",
    "\u202eright to left", "emoji 🦊 𠮷", "<?xml version='1.0'?>", '"quoted" \'twice\'', "-->", "",
]  # fmt: skip


def item(**changes: object) -> FeedItem:
    made = FeedItem(
        slug="2026-03-09-ferrule",
        url="http://127.0.0.1:8700/events/2026-03-09-ferrule",
        title="Ferrule cuts prices",
        language="en",
        summary="By 40%.",
        paragraphs=(("What changed", "Ferrule cut prices by 40%."),),
        topics=("price",),
        outlets=("Lanternpost Wire", "灯柱快报"),
        sources=(("Lanternpost Wire", "https://news.example/a?b=1&c=2"),),
        published_at=AT,
        updated_at=AT,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the fields of each test


def feed(*items: FeedItem) -> Feed:
    return Feed(
        title="Groundwire",
        description="News you can check",
        language="en",
        home_url="http://127.0.0.1:8700/",
        feed_url="http://127.0.0.1:8700/feed.atom",
        items=items,
        updated_at=AT,
    )


def test_an_atom_feed_has_what_the_standard_asks_for() -> None:
    root = etree.fromstring(render_atom(feed(item())))
    for path in ("a:id", "a:title", "a:updated", "a:author/a:name", 'a:link[@rel="self"]'):
        assert root.find(path, ATOM) is not None, path
    entry = root.find("a:entry", ATOM)
    assert entry is not None
    assert entry.findtext("a:id", None, ATOM).startswith("urn:uuid:")  # type: ignore[union-attr]  # it is there
    assert entry.findtext("a:updated", None, ATOM) == "2026-03-09T09:00:00Z"
    assert entry.find('a:link[@rel="alternate"]', ATOM).get("href") == item().url  # type: ignore[union-attr]  # it is there
    assert entry.find("a:category", ATOM).get("term") == "price"  # type: ignore[union-attr]  # it is there


def test_we_read_our_own_feeds_back() -> None:
    both = feed(item(), item(slug="second", title="第二条 & more", url="http://127.0.0.1:8700/events/second"))
    for body, kind in ((render_atom(both), "application/atom+xml"), (render_json_feed(both), "application/feed+json")):
        entries = parse_feed(body, "http://127.0.0.1:8700/feed", kind, now=AT).entries
        assert [e.title for e in entries] == ["Ferrule cuts prices", "第二条 & more"]
        assert [e.url for e in entries] == [i.url for i in both.items]
        assert entries[0].published_at == AT


def test_an_entry_keeps_its_identity_when_everything_else_changes() -> None:
    ids = {
        etree.fromstring(render_atom(feed(i))).findtext("a:entry/a:id", None, ATOM) for i in (item(), item(title="New"))
    }
    assert ids == {item_id("2026-03-09-ferrule")}
    assert item_id("another") not in ids


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_words_stay_words(title: str) -> None:
    hostile = item(
        title=title, summary=title, paragraphs=((title, title),), topics=(title,), outlets=(title,),
        sources=((title, "https://news.example/"),),
    )  # fmt: skip
    check(feed(hostile), title)


@given(st.text())
def test_any_words_make_a_well_formed_feed(title: str) -> None:
    check(feed(item(title=title, summary=title, paragraphs=((title, title),), topics=(title,))), title)


def check(made: Feed, title: str) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(render_atom(made), parser)
    assert root.getroottree().docinfo.internalDTD is None
    assert len(root.findall("a:entry", ATOM)) == 1
    content = root.findtext("a:entry/a:content", "", ATOM)
    assert "<script" not in content
    shown = root.findtext("a:entry/a:title", "", ATOM)
    kept = "".join(
        c for c in title if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
    assert shown.replace("\r", "\n") == kept or "\r" in title
    document = json.loads(render_json_feed(made).decode("utf-8", "strict"))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["items"][0]["id"] == item_id("2026-03-09-ferrule")
    assert "<script" not in document["items"][0]["content_html"]


def test_an_empty_feed_is_a_feed() -> None:
    assert etree.fromstring(render_atom(feed())).find("a:entry", ATOM) is None
    assert json.loads(render_json_feed(feed()))["items"] == []
