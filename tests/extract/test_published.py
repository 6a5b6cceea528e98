from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from page_samples import FETCHED_AT, URL

from groundwire.extract.blocks import blocks_of
from groundwire.extract.metadata import read_metadata
from groundwire.extract.published import Published, read_published
from groundwire.markup import parse_html

JSON_LD = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2026-11-20T10:00:00Z"}</script>'
FEED_AT = datetime(2026, 11, 20, 6, 15, tzinfo=UTC)


def read(
    head: str = "",
    body: str = "",
    *,
    feed_at: datetime | None = None,
    url: str = "https://news.example/a",
    language: str | None = "en",
) -> Published:
    root = parse_html(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    assert root is not None
    metadata, blocks = read_metadata(root, url), blocks_of(root)
    return read_published(root, metadata, blocks, url=url, language=language, feed_at=feed_at, now=FETCHED_AT)


@pytest.mark.parametrize(
    ("head", "body", "evidence", "hour"),
    [
        (JSON_LD, "", "json-ld", 10),
        ('<meta property="article:published_time" content="2026-11-20T10:00:00+08:00">', "", "meta", 2),
        ("", '<article><time datetime="2026-11-20T10:00:00Z">Friday</time></article>', "time-element", 10),
        ("", "<h1>T</h1><p>2026年11月20日 10:00 来源：样例网</p>", "text", 2),
        ("", "<h1>T</h1><p>发布时间：2026-11-20 10:00:00</p>", "text", 10),
    ],
)  # fmt: skip
def test_the_time_comes_with_its_evidence(head: str, body: str, evidence: str, hour: int) -> None:
    assert read(head, body) == Published(datetime(2026, 11, 20, hour, tzinfo=UTC), evidence)  # type: ignore[arg-type]


def test_a_time_without_zone_on_a_chinese_page_is_chinas() -> None:
    found = read("", "<h1>T</h1><p>2026-11-20 10:00</p>", language="zh")
    assert found.at == datetime(2026, 11, 20, 2, tzinfo=UTC)


def test_the_feeds_exact_time_fills_in_a_bare_day_but_never_another_one() -> None:
    day = '<meta name="date" content="2026-11-20">'
    assert read(day, feed_at=FEED_AT) == Published(FEED_AT, "feed")
    assert read(day, feed_at=FEED_AT - timedelta(days=9)) == Published(datetime(2026, 11, 20, tzinfo=UTC), "meta")


def test_the_feed_is_believed_before_dates_in_the_text() -> None:
    assert read("", "<h1>T</h1><p>2026-03-01 10:00</p>", feed_at=FEED_AT) == Published(FEED_AT, "feed")


def test_a_date_inside_a_paragraph_is_no_date_line() -> None:
    body = (
        "<h1>T</h1><p>"
        + "公司表示，该产品将于2026年3月1日上市，此前已有数十家客户参与测试，反馈普遍良好。" * 2
        + "</p>"
    )
    assert read("", body, feed_at=FEED_AT).evidence == "feed"


def test_a_version_number_in_the_headline_is_no_date() -> None:
    found = read("", "<h1>Tool 2026.5.2 released</h1><p>2026-11-20 10:00</p>")
    assert found == Published(datetime(2026, 11, 20, 10, tzinfo=UTC), "text")


def test_times_in_the_future_are_not_believed() -> None:
    assert read('<meta name="date" content="2027-05-01T00:00:00Z">', feed_at=FEED_AT) == Published(FEED_AT, "feed")
    assert read(feed_at=FETCHED_AT + timedelta(days=3)) == Published(None, "fetched")


def test_the_address_is_the_last_but_one_resort() -> None:
    assert read(url=URL.replace("/11/", "/11/18/")) == Published(datetime(2026, 11, 18, tzinfo=UTC), "url")
    assert read() == Published(None, "fetched")


def test_an_exact_time_elsewhere_does_not_override_the_day_that_is_told() -> None:
    head = '<meta name="date" content="2026-11-18">'
    other = '<article><time datetime="2026-11-21T10:00:00Z">another article</time></article>'
    assert read(head, other) == Published(datetime(2026, 11, 18, tzinfo=UTC), "meta")
