"""The recorded hostile inputs that concern bytes to entries: each is a check here, or has its reason below."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from groundwire.collect.feed import MAX_FEED_BYTES, ParsedFeed, parse_feed
from groundwire.collect.identity import canonical_url, guid_key, safe_url, second_key
from groundwire.collect.opml import MAX_SOURCES, parse_opml
from groundwire.collect.workers import Workers
from groundwire.encoding import decode
from groundwire.errors import ParseError
from groundwire.extract import extract_entry
from groundwire.text import clean_text, one_line
from groundwire.times import EARLIEST, LATEST, read_time

URL = "https://news.example/feed"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
CATEGORIES = ("feed_bytes", "encoding", "date", "identity", "opml_out")

ELSEWHERE = {
    "FB-034": "no icon, logo or thumbnail of a feed is ever fetched or kept: Entry has no field for one",
    "FB-036": "WebSub hubs are not followed; the link is not kept",
    "FB-039": "no image is ever decoded",
    "FB-040": "there is no media proxy",
    "EN-019": "escaping in JSON and scripts is the web room's and the editions' (tests/web, tests/editions)",
    "DT-019": "scheduling under clock jumps is the schedule's (tests/collect/test_schedule.py)",
    "DT-020": "pagination is the store's and the web room's (tests/storage, tests/web)",
    "ID-005": "an entry whose text changes becomes a new version, never an overwrite (tests/storage/test_store.py)",
    "ID-011": "counting origins is the events' (tests/events)",
    "ID-012": "conflicting numbers are the events' and briefs' (tests/events, tests/briefs)",
    "OO-008": "our feeds out are the editions' (tests/editions)",
    "OO-009": "our JSON is the web room's (tests/web)",
    "OO-010": "no e-mail is sent yet",
    "OO-011": "no e-mail is sent yet",
    "OO-013": "no webhooks are called yet",
    "OO-015": "WebSub is not spoken",
}


@pytest.fixture(scope="module")
def cases(data_dir: Path) -> dict[str, dict[str, Any]]:
    path = data_dir / "adversarial" / "cases.jsonl"
    if not path.exists():
        pytest.skip(f"no hostile inputs at {path}")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return {row["id"]: row for row in rows if row["category"] in CATEGORIES}


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as running:
        yield running


def rss(inner: str) -> bytes:
    return f"<rss version='2.0'><channel><title>T</title>{inner}</channel></rss>".encode()


# --- inputs that are given literally ---------------------------------------------------------------------------


def document(case: dict[str, Any]) -> bytes:
    if "payload_b64" in case:
        return base64.b64decode(case["payload_b64"])
    payload = str(case["payload"])
    if case["category"] == "date":
        return rss(f"<item><title>i</title><pubDate>{payload}</pubDate></item>")
    if case.get("wrap") == "rss_channel":
        return rss(f"{payload}<item><title>i</title></item>")
    if case.get("wrap") == "rss_item":
        return rss(f"<item><title>i</title>{payload}</item>")
    return payload.encode()


def assert_harmless(feed: ParsedFeed) -> None:
    """What holds of every feed, whoever wrote it."""
    shown = [feed.title, *(text for e in feed.entries for text in (e.title, e.author or "", *e.categories))]
    for text in shown:
        assert text == clean_text(text)
        assert len(text) <= 512
    host = Path("/etc/hostname").read_text("utf-8").strip() if Path("/etc/hostname").exists() else ""
    everything = "\n".join([*shown, *(e.html for e in feed.entries)])
    assert not host or host not in everything
    addresses = [feed.homepage, feed.self_url, *(e.url for e in feed.entries)]
    assert all(address is None or re.match(r"https?://", address, re.I) for address in addresses)
    times = [at for e in feed.entries for at in (e.published_at, e.updated_at) if at]
    assert all(EARLIEST <= at < LATEST for at in times)
    assert feed.ttl_s is None or 900 <= feed.ttl_s <= 86_400
    assert len({e.key for e in feed.entries}) == len(feed.entries)


@pytest.mark.data
def test_every_literal_input_is_harmless(cases: dict[str, dict[str, Any]], workers: Workers) -> None:
    literal = [case for case in cases.values() if case["kind"] == "literal" and case["category"] != "opml_out"]
    assert literal
    for case in literal:
        try:
            feed = workers.run_sync(parse_feed, document(case), URL)
        except ParseError as error:
            assert error.reason, case["id"]
            continue
        assert_harmless(feed)


@pytest.mark.data
@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("DT-001", None), ("DT-002", None), ("DT-003", None), ("DT-004", None), ("DT-005", None), ("DT-006", None),
        ("DT-007", None), ("DT-008", datetime(2024, 10, 27, 3, 33, 20, tzinfo=UTC)), ("DT-009", None),
        ("DT-010", datetime(2026, 11, 2, 10, tzinfo=UTC)), ("DT-011", None),
        ("DT-013", datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_absurd_dates(cases: dict[str, dict[str, Any]], case: str, expected: datetime | None) -> None:
    if case not in cases:
        pytest.skip("not in this part of the data")
    assert read_time(cases[case]["payload"]).at == expected


@pytest.mark.data
@pytest.mark.parametrize(
    ("case", "holds"),
    [
        ("FB-003", "refused"),
        ("FB-004", "refused"),
        ("FB-006", lambda feed: feed.title == "T"),
        ("FB-022", lambda feed: len(feed.entries) == 1),
        ("FB-025", lambda feed: feed.title == "b"),
        ("FB-030", lambda feed: feed.ttl_s == 900),
        ("FB-032", lambda feed: feed.entries[0].url is None),
        ("FB-033", lambda feed: feed.entries[0].url is None),
        ("FB-035", lambda feed: not hasattr(feed, "url")),
        ("FB-037", lambda feed: "evil" not in str(feed)),
        ("EN-002", lambda feed: feed.title == "ünï"),
        ("EN-006", lambda feed: feed.title == "ab[31mc"),
    ],
)
def test_literal_inputs_one_by_one(
    cases: dict[str, dict[str, Any]], case: str, holds: str | Callable[[ParsedFeed], bool]
) -> None:
    if case not in cases:
        pytest.skip("not in this part of the data")
    if isinstance(holds, str):
        with pytest.raises(ParseError, match=holds):
            parse_feed(document(cases[case]), URL)
    else:
        assert holds(parse_feed(document(cases[case]), URL))


# --- inputs that are described or generated --------------------------------------------------------------------


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    return f'<!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]>'.encode() + rss("<item><title>&e10;</title></item>")


def _quadratic() -> bytes:
    return f'<!DOCTYPE rss [<!ENTITY e "{"x" * 100_000}">]>'.encode() + rss(
        f"<item><title>{'&e;' * 20_000}</title></item>"
    )


GENERATED: dict[str, tuple[bytes, str]] = {
    "FB-001": (_laughs(), "entities refused"),
    "FB-002": (_quadratic(), "entities refused"),
    "FB-009": (rss("<item><title " + " ".join(f"a{n}='1'" for n in range(200_000)) + ">t</title></item>"), ""),
    "FB-010": (rss(f"<item><title>t</title><description><![CDATA[{'<!--' * 400_000}]]></description></item>"), ""),
    "FB-011": (rss(f"<item><title>t</title><author>a@{'a.' * 16_000}!</author></item>"), ""),
    "FB-012": (rss(f"<item><description>{'<a>' * 500_000}</description></item>"), "beyond the parser's limits"),
    "FB-015": (rss(f"<item><title a='{'x' * 20_000_000}'>t</title></item>"), "larger than 20 MB"),
    "FB-018": (b"<html><title>Just a moment...</title></html>", "HTML instead of a feed (a bot check)"),
    "FB-023": (b"[" * 100_000, "nested too deeply"),
    "FB-029": (rss(f"<item><title>{'t' * 5_000_000}</title></item>"), ""),
}  # fmt: skip


@pytest.mark.parametrize("case", GENERATED)
def test_generated_inputs_are_refused_or_read_within_the_workers_bounds(case: str, workers: Workers) -> None:
    body, refusal = GENERATED[case]
    if refusal:
        with pytest.raises(ParseError) as caught:
            workers.run_sync(parse_feed, body, URL)
        assert refusal in str(caught.value)
        return
    feed = workers.run_sync(parse_feed, body, URL)
    assert_harmless(feed)
    assert feed.entries[0].title[:1] == "t"
    workers.run_sync(extract_entry, feed.entries[0], NOW)


def test_a_feed_of_fifty_megabytes_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(ParseError, match="larger than 20 MB"):
        parse_feed(b"<rss>" + b"x" * 50_000_000, URL)
    assert MAX_FEED_BYTES < 50_000_000


def stylesheet() -> None:
    instruction = b'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="http://127.0.0.1/x.xsl"?>'
    assert "x.xsl" not in str(parse_feed(instruction + rss("<item><title>i</title></item>"), URL))


def truncated() -> None:
    feed = parse_feed(rss("<item><title>whole</title></item>").replace(b"</channel></rss>", b"<item><title>ha"), URL)
    assert [entry.title for entry in feed.entries] == ["whole"]
    assert feed.warnings


def two_channels() -> None:
    channels = "<channel><title>1</title><item><title>a</title></item></channel><channel><title>2</title></channel>"
    body = f"<rss version='2.0'>{channels}</rss>".encode()
    feed = parse_feed(body, URL)
    assert (feed.title, [e.title for e in feed.entries]) == ("1", ["a"])
    assert parse_feed(body, URL) == feed


def wrong_namespaces() -> None:
    inner = "<item><title>i</title><atom:link href='http://evil.example/'/><dc:creator>E</dc:creator></item>"
    body = rss(inner).replace(b"<rss ", b"<rss xmlns:atom='http://evil.example' xmlns:dc='urn:x' ")
    (entry,) = parse_feed(body, URL).entries
    assert (entry.url, entry.author) == (None, None)


def many_categories() -> None:
    inner = "".join(f"<category>c{n}</category><enclosure url='http://a.example/{n}'/>" for n in range(10_000))
    (entry,) = parse_feed(rss(f"<item><title>i</title>{inner}</item>"), URL).entries
    assert len(entry.categories) == 50


def marks() -> None:
    for body in ("<a/>".encode("utf-32"), b"\xef\xbb\xbf\xef\xbb\xbf<a/>", "<a>x\ufeffy</a>".encode()):
        assert "\ufeff" not in clean_text(decode(body)[0])


def zero_width() -> None:
    assert clean_text("da\u200bta cen\u00adter") == "data center"


def selectors() -> None:
    assert len(clean_text("☺" + "\ufe0f" * 300)) == 2


def zalgo() -> None:
    assert len(one_line("e" + "\u0316" * 10_000)) <= 5


def bidi_host() -> None:
    assert safe_url("https://exam\u202eple.example/") is None


def idn() -> None:
    for host in ("xn--a", "xn--" + "9" * 70, "a" * 64 + ".example", "\u00df" * 70 + ".example"):
        assert safe_url(f"https://{host}/") is None or host.startswith("xn--")
        canonical_url(f"https://{host}/")


def undeclared() -> None:
    text = "人工智能芯片价格下降，数据中心运营商表示将在明年扩大采购规模。" * 4
    for encoding in ("gb18030", "big5", "shift_jis", "koi8_r", "iso2022_jp"):
        body = rss(f"<item><title>{text}</title></item>").decode().encode(encoding, "ignore")
        assert_harmless(parse_feed(body, URL))


def full_width_digits() -> None:
    assert read_time("２０２６-１１-０２").at == read_time("2026年11月2日").at == datetime(2026, 11, 2, tzinfo=UTC)


def endless_dates() -> None:
    assert read_time("2" * 200_000).at is None
    assert read_time("Mon," + " " * 200_000).at is None


def updated_before_published() -> None:
    times = "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate><updated>2026-11-01</updated>"
    inner = f"<item><title>i</title>{times}</item><item><title>j</title></item>"
    first, second = parse_feed(rss(inner), URL).entries
    assert first.published_at == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert second.published_at is None


def one_guid() -> None:
    feed = parse_feed(rss("".join(f"<item><guid>g</guid><title>t{n}</title></item>" for n in range(9))), URL)
    assert len(feed.entries) == 9


def changing_guids() -> None:
    polls = [
        parse_feed(
            rss(
                f"<item><guid>{URL}?s={n}</guid><link>{URL}/a?s={n}</link><title>t</title><description>words</description></item>"
            ),
            URL,
        )
        for n in range(2)
    ]
    first, second = (poll.entries[0] for poll in polls)
    assert first.key != second.key
    assert second_key(first) == second_key(second)


def only_description() -> None:
    body = rss("<item><description>words</description></item>")
    assert [e.key for e in parse_feed(body, URL).entries] == [e.key for e in parse_feed(body, URL).entries]


def huge_guid() -> None:
    (entry,) = parse_feed(rss(f"<item><guid>{'g' * 1_000_000}</guid><title>t</title></item>"), URL).entries
    assert entry.key == guid_key("g" * 1_000_000)


def variants() -> None:
    addresses = ("http://a.example/x", "https://www.a.example/x/?utm_source=y#z")
    assert len({canonical_url(address) for address in addresses}) == 1


def random_order() -> None:
    items = [f"<item><guid>{n}</guid><title>t{n}</title></item>" for n in range(6)]
    assert {e.key for e in parse_feed(rss("".join(items)), URL).entries} == {
        e.key for e in parse_feed(rss("".join(items[::-1])), URL).entries
    }


def opml(body: str) -> bytes:
    return f"<opml version='2.0'><body>{body}</body></opml>".encode()


def many_outlines() -> None:
    assert (
        len(parse_opml(opml("".join(f"<outline xmlUrl='https://a.example/{n}'/>" for n in range(100_000)))))
        == MAX_SOURCES
    )


def opml_bomb() -> None:
    with pytest.raises(ParseError, match="entities refused"):
        parse_opml(b"<!DOCTYPE o [<!ENTITY a 'x'>]>" + opml("<outline text='&a;' xmlUrl='https://a.example/'/>"))


def deep_opml() -> None:
    assert (
        len(
            parse_opml(
                opml("<outline text='f'>" * 10_000 + "<outline xmlUrl='https://a.example/'/>" + "</outline>" * 10_000)
            )
        )
        == 1
    )


def duplicate_outlines() -> None:
    assert (
        len(parse_opml(opml("<outline xmlUrl='https://a.example/f'/><outline xmlUrl='https://A.example/f#x'/>"))) == 1
    )


def round_trip() -> None:
    """A property, in test_opml.py: what is exported is imported the same."""


DESCRIBED: dict[str, Callable[[], None]] = {
    "FB-008": stylesheet, "FB-021": truncated, "FB-026": two_channels, "FB-027": wrong_namespaces,
    "FB-028": many_categories, "EN-004": marks, "EN-009": zero_width, "EN-011": selectors, "EN-012": zalgo,
    "EN-013": bidi_host, "EN-016": idn, "EN-020": undeclared, "DT-015": full_width_digits, "DT-016": endless_dates,
    "DT-018": updated_before_published, "ID-001": one_guid, "ID-002": changing_guids, "ID-003": only_description,
    "ID-004": huge_guid, "ID-008": variants, "ID-009": random_order, "OO-001": many_outlines, "OO-002": opml_bomb,
    "OO-003": deep_opml, "OO-006": duplicate_outlines, "OO-007": round_trip,
}  # fmt: skip


@pytest.mark.parametrize("case", DESCRIBED)
def test_described_inputs(case: str) -> None:
    DESCRIBED[case]()


@pytest.mark.data
def test_every_recorded_input_is_tested_or_has_its_reason(cases: dict[str, dict[str, Any]]) -> None:
    answered = {*ELSEWHERE, *GENERATED, *DESCRIBED}
    if not answered & set(cases):
        pytest.skip("another part of the data: its literal inputs are tested above")
    literal = {name for name, case in cases.items() if case["kind"] == "literal"}
    assert set(cases) - literal - answered == set()
