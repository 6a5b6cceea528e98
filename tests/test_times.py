from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.times import MAX_LENGTH, parse_time, read_time


def utc(*parts: int) -> datetime:
    year, month, day, hour, minute, second = (*parts, *(0,) * (6 - len(parts)))
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 02 Nov 2026 10:00:00 GMT", utc(2026, 11, 2, 10)),
        ("Mon, 2 Nov 2026 10:00 +0800", utc(2026, 11, 2, 2)),
        ("Mon, 02 Nov 2026 10:00:00 GMT+8", utc(2026, 11, 2, 2)),
        ("Mon, 02 Nov 2026 10:00:00 +0800 (CST)", utc(2026, 11, 2, 2)),
        ("02 Nov 26 10:00 EST", utc(2026, 11, 2, 15)),
        ("Mon Nov  2 10:00:00 PST 2026", utc(2026, 11, 2, 18)),
        ("November 2, 2026 10:05 PM", utc(2026, 11, 2, 22, 5)),
        ("2nd Nov 2026", utc(2026, 11, 2)),
        ("2026-11-02T10:00:00.123+08:00", utc(2026, 11, 2, 2)),
        ("2026-11-02 10:00:00  +0800", utc(2026, 11, 2, 2)),
        ("2026-11-02T10:00Z", utc(2026, 11, 2, 10)),
        ("20261102T100000Z", utc(2026, 11, 2, 10)),
        ("2026/11/02 10:00", utc(2026, 11, 2, 10)),
        ("2026-11", utc(2026, 11, 1)),
        ("1730000000", utc(2024, 10, 27, 3, 33, 20)),
        ("1730000000123", utc(2024, 10, 27, 3, 33, 20)),
        ("25/12/2026 10:00", utc(2026, 12, 25, 10)),
        ("2026年11月2日 09:30", utc(2026, 11, 2, 1, 30)),
        ("2026年11月2日 下午3:05", utc(2026, 11, 2, 7, 5)),
        ("2026年11月02日 10时5分 来源：样例网", utc(2026, 11, 2, 2, 5)),
        ("2026年11月2日", utc(2026, 11, 2)),
        ("２０２６-１１-０２", utc(2026, 11, 2)),
        ("2026년 11월 2일 오후 01:31", utc(2026, 11, 2, 4, 31)),
    ],
)
def test_times_as_feeds_write_them(text: str, expected: datetime) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday-ish",
        "Mon, 32 Jan 2026 10:00:00 GMT",
        "2026-02-30",
        "2026-13-45T25:61:61Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "99999999999-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "2026-11-02T10:00:00+99:99",
        "02/03/2026 10:00",
        "13:00 PM, 2 Nov 2026",
        "02 Nov 2026 13:00 PM",
    ],
)
def test_what_cannot_be_read_for_sure_is_unknown_and_never_rolled_over(text: str | None) -> None:
    reading = read_time(text)
    assert reading.at is None
    assert reading.note


def test_a_leap_second_is_the_last_second_of_its_minute() -> None:
    assert parse_time("2026-11-02T23:59:60Z") == utc(2026, 11, 2, 23, 59, 59)


def test_an_unknown_zone_is_utc_and_said_so() -> None:
    reading = read_time("Mon, 02 Nov 2026 10:00:00 XYZ")
    assert reading.at == utc(2026, 11, 2, 10)
    assert "unknown zone" in reading.note


def test_a_chinese_feed_without_zone_means_chinas_time() -> None:
    assert parse_time("2026-11-02 10:00", "zh-CN") == utc(2026, 11, 2, 2)
    assert parse_time("Mon, 02 Nov 2026 10:00:00 CST", "zh") == utc(2026, 11, 2, 2)
    assert parse_time("Mon, 02 Nov 2026 10:00:00 CST", "en") == utc(2026, 11, 2, 16)


def test_a_bare_day_is_told_from_midnight() -> None:
    assert read_time("2026-11-02").whole_day
    assert not read_time("2026-11-02T00:00:00Z").whole_day


def test_only_the_beginning_of_endless_text_is_looked_at() -> None:
    assert parse_time("2" * 200_000) is None
    assert parse_time("Mon," + " " * 200_000 + "02 Nov 2026") is None
    assert parse_time("x" * MAX_LENGTH + "2026-11-02") is None


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2099, 12, 30)), st.integers(-12 * 4, 14 * 4))
def test_iso_times_come_back_as_they_were(local: datetime, quarters: int) -> None:
    local = local.replace(microsecond=0)
    sign, minutes = "-" if quarters < 0 else "+", abs(quarters) * 15
    text = f"{local.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}"
    assert parse_time(text) == local.replace(tzinfo=UTC) - timedelta(minutes=quarters * 15)


@given(st.text(max_size=200))
def test_reading_a_time_never_raises(text: str) -> None:
    read_time(text, "zh")
