"""The sample wire over real HTTP."""

from __future__ import annotations

import gzip
import json
import re
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from xml.etree import ElementTree

import pytest

from groundwire.collect.feed import parse_feed
from groundwire.collect.opml import parse_opml
from groundwire.sample import DEFAULT_BASE, OUTLETS, Outlet, SampleWire, articles, serve_sample
from groundwire.sample.pages import MARK

NOW = DEFAULT_BASE


@pytest.fixture
def wire() -> Iterator[SampleWire]:
    with serve_sample() as served:
        yield served


def get(wire: SampleWire, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(wire.host, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def feed_path(outlet: Outlet) -> str:
    return f"/{outlet.key}/{outlet.feed_path}"


def test_the_list_names_every_outlet_with_its_feed(wire: SampleWire) -> None:
    response, body = get(wire, "/")
    assert response.status == 200
    sources = parse_opml(body, response.getheader("Content-Type"))
    assert {source.url for source in sources} == {wire.url + feed_path(outlet) for outlet in OUTLETS.values()}
    assert {source.title for source in sources} == {outlet.title for outlet in OUTLETS.values()}
    assert all(source.language and source.homepage and source.topics for source in sources)
    assert wire.opml_url == f"{wire.url}/"


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=lambda outlet: outlet.key)
def test_every_feed_is_read_whole_by_our_own_parser(wire: SampleWire, outlet: Outlet) -> None:
    response, body = get(wire, feed_path(outlet))
    feed = parse_feed(body, wire.url + feed_path(outlet), response.getheader("Content-Type"), now=NOW)
    expected = [article for article in reversed(articles()) if article.outlet == outlet]
    assert feed.warnings == ()
    assert feed.title == outlet.title
    assert [(entry.title, entry.url, entry.author, entry.published_at) for entry in feed.entries] == [
        (article.title, wire.url + article.path, article.author, article.published_at) for article in expected
    ]


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=lambda outlet: outlet.key)
def test_every_page_is_marked_as_sample_and_wraps_its_article(wire: SampleWire, outlet: Outlet) -> None:
    mark = "示例" if outlet.language == "zh" else "sample"
    assert mark in outlet.title
    for article in articles():
        if article.outlet == outlet:
            response, body = get(wire, article.path)
            page = body.decode()
            assert response.status == 200
            assert f'<meta name="{MARK}"' in page
            assert mark in page.partition("<h")[0].lower() or mark in page
            assert page.count("<p>") + page.count("<div") > len(article.paragraphs) + 4, "menus, adverts, footers"
    home = get(wire, f"/{outlet.key}/")[1].decode()
    assert f'<meta name="{MARK}"' in home
    assert f'href="{wire.url}{feed_path(outlet)}"' in home


def test_an_unchanged_document_is_not_sent_again(wire: SampleWire) -> None:
    for path in ("/", *map(feed_path, OUTLETS.values()), articles()[0].path):
        first, body = get(wire, path)
        etag, modified = first.getheader("ETag") or "", first.getheader("Last-Modified") or ""
        again, nothing = get(wire, path, If_None_Match=f'"other", W/{etag}')
        assert (again.status, nothing, again.getheader("ETag")) == (304, b"", etag)
        assert get(wire, path, If_Modified_Since=modified)[0].status == 304
        assert get(wire, path, If_None_Match='"other"', If_Modified_Since=modified)[0].status == 200, "the ETag decides"
        assert get(wire, path, If_Modified_Since="yesterday")[1] == body
    assert wire.stats.not_modified == 2 * 8
    assert wire.stats.conditional == 4 * 8
    assert wire.stats.requests == 5 * 8


def test_bodies_are_compressed_for_those_who_ask(wire: SampleWire) -> None:
    plain = get(wire, articles()[0].path)[1]
    response, packed = get(wire, articles()[0].path, Accept_Encoding="gzip")
    assert response.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(packed) == plain


def test_head_sends_no_body(wire: SampleWire) -> None:
    response, body = get(wire, "/", "HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.getheader("Content-Length") or 0) > 100


@pytest.mark.parametrize("path", ["/nothing", "/sextant-wire/nothing", "/sextant-wire/../margin-desk/", "/%00", "//"])
def test_what_is_not_there_is_404(wire: SampleWire, path: str) -> None:
    response, _ = get(wire, path)
    assert response.status == (200 if path == "//" else 404)


def test_robots_keep_out_of_the_members_pages_and_their_feed_has_the_text(wire: SampleWire) -> None:
    robots = get(wire, "/robots.txt")[1].decode()
    (closed,) = (article for article in articles() if article.members_only)
    assert f"Disallow: /{closed.outlet.key}/members/" in robots
    assert closed.path.startswith(f"/{closed.outlet.key}/members/")
    feed = json.loads(get(wire, feed_path(closed.outlet))[1])
    (item,) = (item for item in feed["items"] if item["title"] == closed.title)
    assert item["content_html"].count("<p>") == len(closed.paragraphs)


def test_the_switch_brings_the_second_version(wire: SampleWire) -> None:
    (corrected,) = (article for article in articles(corrected=True) if article.correction)
    page, feed = corrected.path, feed_path(corrected.outlet)
    before = get(wire, page)[0].getheader("ETag")
    feed_before = get(wire, feed)[0].getheader("ETag")
    assert "$490 million of cash" in get(wire, page)[1].decode()
    wire.correct()
    after, body = get(wire, page, If_None_Match=before or "")
    assert after.status == 200
    assert "$940 million of cash" in body.decode()
    assert "Correction (" in body.decode()
    assert after.getheader("ETag") != before
    changed, _ = get(wire, feed, If_None_Match=feed_before or "")
    assert changed.status == 200


def test_the_second_version_can_come_with_the_second_poll() -> None:
    (corrected,) = (article for article in articles(corrected=True) if article.correction)
    with serve_sample(correct_on_poll=2) as wire:
        first = get(wire, feed_path(corrected.outlet))[1]
        assert b"Correction (" not in first
        assert b"Correction (" in get(wire, feed_path(corrected.outlet))[1]


def test_the_wire_can_be_shown_as_it_stood_at_a_moment() -> None:
    moment = DEFAULT_BASE - timedelta(days=10)
    with serve_sample(until=moment) as wire:
        feed = get(wire, "/sextant-wire/feed.xml")[1]
        items = ElementTree.fromstring(feed).findall("channel/item")  # noqa: S314  our own feed
        assert len(items) == sum(a.published_at <= moment and a.outlet.key == "sextant-wire" for a in articles())
        later = articles()[-1]
        assert get(wire, later.path)[0].status == 404
        wire.show_until(None)
        assert get(wire, later.path)[0].status == 200


def test_a_demo_may_set_its_own_base_date() -> None:
    base = datetime(2031, 3, 5, 7, 30, tzinfo=UTC)
    with serve_sample(base) as wire:
        newest = max(wire.articles(), key=lambda article: article.published_at)
        assert base - newest.published_at < timedelta(hours=1)
        assert get(wire, newest.path)[0].status == 200


def test_two_wires_run_side_by_side_on_loopback_only() -> None:
    with serve_sample() as one, serve_sample() as other:
        assert one.host != other.host
        assert one.host.startswith("127.0.0.1:")
        assert get(other, "/")[0].status == 200


def test_a_visitor_who_hangs_up_leaves_no_trace(wire: SampleWire, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", int(wire.host.rpartition(":")[2])), timeout=5) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset at close
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert get(wire, "/")[0].status == 200
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_as_a_program_says_how_to_collect_it_and_ends_when_told(sign: signal.Signals) -> None:
    program = subprocess.Popen([sys.executable, "-m", "groundwire.sample"], stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        first, second = program.stdout.readline(), program.stdout.readline()
        host = re.findall(r"127\.0\.0\.1:\d+", first)[0]
        assert second == f"groundwire sources import http://{host}/ --allow-host {host}\n"
    finally:
        program.send_signal(sign)
        assert program.wait(timeout=20) == 0
