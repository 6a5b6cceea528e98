"""When to poll again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.collect.schedule import (
    JITTER,
    MAX_INTERVAL_S,
    MAX_RETRY_AFTER_S,
    MIN_INTERVAL_S,
    ClockError,
    Hints,
    after_deferral,
    after_failure,
    after_not_modified,
    after_success,
    check_clock,
    is_due,
    jitter,
    next_poll,
    note_move,
    observed_interval_s,
    spread,
)
from groundwire.errors import FetchError, ParseError
from groundwire.types import PollState

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)


def wait_s(state: PollState, now: datetime = NOW) -> float:
    assert state.next_poll_at is not None
    return (state.next_poll_at - now).total_seconds()


def entries_every(gap: timedelta, count: int = 30) -> list[datetime | None]:
    return [NOW - gap * (n + 1) for n in range(count)]


@pytest.mark.parametrize(
    ("gap", "interval_s"),
    [
        (timedelta(minutes=5), MIN_INTERVAL_S),  # 300 s / 4 = 75 s: the floor
        (timedelta(hours=4), 3600),  # 4 h / 4
        (timedelta(days=1), 6 * 3600),
        (timedelta(days=7), MAX_INTERVAL_S),  # 7 d / 4 = 42 h: the cap
    ],
)
def test_the_interval_follows_how_often_a_source_publishes(gap: timedelta, interval_s: float) -> None:
    state = after_success(PollState(), source_id=1, now=NOW, published=entries_every(gap))
    assert state.interval_s == pytest.approx(interval_s)


def test_a_source_that_falls_silent_is_asked_less_and_less() -> None:
    busy = entries_every(timedelta(minutes=30))
    intervals = [observed_interval_s(busy, NOW + timedelta(hours=hours)) for hours in (0, 24, 240, 2400)]
    assert intervals == sorted(intervals, key=lambda s: s or 0)
    assert intervals[0] == MIN_INTERVAL_S
    assert intervals[-1] == MAX_INTERVAL_S


def test_dates_in_the_future_and_missing_dates_say_nothing() -> None:
    assert observed_interval_s([None, NOW + HOUR], NOW) is None
    state = after_success(PollState(interval_s=4000), source_id=1, now=NOW, published=[None, None])
    assert state.interval_s == 2000


def test_nothing_new_makes_the_interval_grow_to_a_day() -> None:
    state = PollState(interval_s=MIN_INTERVAL_S, etag='"1"', last_modified="x", failures=3, last_error="it failed")
    for _ in range(40):
        state = after_not_modified(state, source_id=1, now=NOW, etag='"2"')
    assert state.interval_s == MAX_INTERVAL_S
    assert (state.etag, state.last_modified) == ('"2"', "x")
    assert (state.failures, state.last_error, state.last_success_at) == (0, None, NOW)


def test_what_the_publisher_asks_for_lengthens_but_never_shortens() -> None:
    for hints, least in (
        (Hints(max_age_s=7200), 7200),
        (Hints(ttl_s=5400, max_age_s=60), 5400),
        (Hints(max_age_s=0), 1800),
        (Hints(ttl_s=1e12), MAX_INTERVAL_S),
    ):
        waited = (next_poll(1800, hints, source_id=1, now=NOW) - NOW).total_seconds()
        assert least <= waited <= least * (1 + JITTER)


def test_skipped_hours_and_days_are_waited_out() -> None:
    at = next_poll(3600, Hints(skip_hours=frozenset({13, 14, 24})), source_id=1, now=NOW)
    assert at.hour == 15
    assert at.minute < 10
    at = next_poll(3600, Hints(skip_days=frozenset({"Monday", "tuesday", "Doomsday"})), source_id=1, now=NOW)
    assert (at.strftime("%A"), at.hour) == ("Wednesday", 0)


def test_a_feed_that_skips_every_hour_is_polled_all_the_same() -> None:
    for hints in (
        Hints(skip_hours=frozenset(range(24))),
        Hints(skip_days=frozenset(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])),
    ):
        assert next_poll(3600, hints, source_id=1, now=NOW) - NOW <= HOUR * 1.1


@given(
    st.floats(0, 1e9),
    st.none() | st.floats(0, 1e15),
    st.none() | st.floats(0, 1e15),
    st.frozensets(st.integers(-5, 30)),
    st.frozensets(st.sampled_from(["Monday", "friday", "Sunday", "x"])),
    st.integers(0, 10**9),
)
def test_no_hint_brings_two_polls_closer_than_a_quarter_of_an_hour_or_ends_them(
    interval: float,
    max_age: float | None,
    ttl: float | None,
    hours: frozenset[int],
    days: frozenset[str],
    source_id: int,
) -> None:
    hints = Hints(max_age_s=max_age, ttl_s=ttl, skip_hours=hours, skip_days=days)
    at = next_poll(min(interval, MAX_INTERVAL_S), hints, source_id=source_id, now=NOW)
    assert timedelta(minutes=15) <= at - NOW <= timedelta(days=9)


def test_failures_back_off_from_a_quarter_of_an_hour_to_a_day() -> None:
    state, waits = PollState(etag='"1"'), []
    for _ in range(60):
        state = after_failure(state, FetchError("u", "it failed", status=500), source_id=7, now=NOW)
        waits.append(wait_s(state) / (1 + JITTER * jitter(7)))
    assert waits[:8] == pytest.approx([900, 1800, 3600, 7200, 14400, 28800, 57600, 86400])
    assert waits[-1] == pytest.approx(86400)
    assert (state.failures, state.last_error, state.etag) == (60, "it failed", '"1"')
    assert not state.gone


def test_one_success_forgives_all_failures() -> None:
    state = PollState(failures=9, last_error="x", interval_s=3600)
    assert after_success(state, source_id=1, now=NOW).failures == 0
    assert after_success(state, source_id=1, now=NOW).last_error is None


def test_retry_after_is_kept_when_it_is_longer_than_our_own_wait() -> None:
    asked = FetchError("u", "less often", status=429, retry_after_s=5000)
    assert wait_s(after_failure(PollState(), asked, source_id=1, now=NOW)) == 5000
    asked = FetchError("u", "less often", status=429, retry_after_s=1)
    assert wait_s(after_failure(PollState(), asked, source_id=1, now=NOW)) >= MIN_INTERVAL_S
    asked = FetchError("u", "less often", status=429, retry_after_s=1e15)
    assert wait_s(after_failure(PollState(), asked, source_id=1, now=NOW)) == MAX_RETRY_AFTER_S


def test_410_ends_it_and_404_only_after_two_weeks_of_nothing() -> None:
    assert after_failure(PollState(), FetchError("u", "gone", status=410), source_id=1, now=NOW).gone
    missing = FetchError("u", "nothing there", status=404)
    lately = PollState(failures=50, last_success_at=NOW - timedelta(days=13))
    assert not after_failure(lately, missing, source_id=1, now=NOW).gone
    long_ago = replace(lately, last_success_at=NOW - timedelta(days=14))
    assert after_failure(long_ago, missing, source_id=1, now=NOW).gone
    assert not after_failure(replace(long_ago, failures=2), missing, source_id=1, now=NOW).gone
    broken = ParseError("u", "no feed")
    assert not after_failure(long_ago, broken, source_id=1, now=NOW).gone


def test_a_resting_host_costs_its_sources_no_failure() -> None:
    state = after_deferral(PollState(failures=1), FetchError("u", "rests", retry_after_s=120), source_id=1, now=NOW)
    assert state.failures == 1
    assert 120 <= wait_s(state) < 180


def test_moves_within_a_host_are_believed_at_once() -> None:
    for asked, told in (
        ("http://example.com/feed", "https://example.com/feed"),
        ("https://www.example.com/feed", "https://example.com/rss.xml"),
    ):
        state, believed = note_move(PollState(), asked=asked, permanent_url=told, now=NOW)
        assert believed
        assert state.moved_to is None


def test_moves_to_another_host_are_believed_after_a_week_of_saying_so() -> None:
    old, new = "https://old.example/feed", "https://new.example/feed"
    state, believed = PollState(), []
    for day in (0, 3, 6, 7):
        state, sure = note_move(state, asked=old, permanent_url=new, now=NOW + timedelta(days=day))
        believed.append(sure)
    assert believed == [False, False, False, True]


def test_a_move_that_is_taken_back_or_changed_starts_over() -> None:
    old, new = "https://old.example/feed", "https://new.example/feed"
    state, _ = note_move(PollState(), asked=old, permanent_url=new, now=NOW)
    assert note_move(state, asked=old, permanent_url=old, now=NOW)[0].moved_to is None
    other, sure = note_move(state, asked=old, permanent_url="https://evil.example/", now=NOW + timedelta(days=9))
    assert (other.moved_count, sure) == (1, False)


def test_due_is_what_was_never_polled_or_whose_time_has_come() -> None:
    assert is_due(PollState(), NOW)
    assert is_due(PollState(next_poll_at=NOW), NOW)
    assert not is_due(PollState(next_poll_at=NOW + HOUR), NOW)
    assert not is_due(PollState(gone=True), NOW)


def test_a_time_set_by_a_wrong_clock_does_not_silence_a_source_for_years() -> None:
    assert is_due(PollState(next_poll_at=datetime(2038, 1, 19, tzinfo=UTC)), NOW)


def test_after_days_off_hosts_take_turns_and_seconds_are_rationed() -> None:
    due = [("big", n) for n in range(5)] + [("small", 0), ("tiny", 0)]
    plan = spread(due, host=lambda item: item[0], per_second=2)
    assert [item[0] for item, _ in plan[:3]] == ["big", "small", "tiny"]
    assert [start for _, start in plan] == [0, 0.5, 1, 1.5, 2, 2.5, 3]
    assert sorted(item for item, _ in plan) == sorted(due)


def test_ten_thousand_feeds_due_at_once_are_never_more_than_the_ration_a_second() -> None:
    plan = spread(range(10_000), host=lambda n: str(n % 3000), per_second=50)
    starts = [start for _, start in plan]
    assert max(sum(second <= start < second + 1 for start in starts) for second in range(200)) <= 50
    assert spread([], host=str, per_second=50) == []


def test_sources_added_together_drift_apart_the_same_way_every_time() -> None:
    times = {next_poll(3600, Hints(), source_id=n, now=NOW) for n in range(100)}
    assert len(times) == 100
    assert times == {next_poll(3600, Hints(), source_id=n, now=NOW) for n in range(100)}
    assert all(HOUR <= at - NOW <= HOUR * (1 + JITTER) for at in times)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), None),
        (datetime(2038, 1, 19, tzinfo=UTC), NOW),
        (NOW - timedelta(days=30), NOW),
    ],
)
def test_an_insane_clock_schedules_nothing(now: datetime, last: datetime | None) -> None:
    with pytest.raises(ClockError, match="set the system's clock"):
        check_clock(now, last)


@pytest.mark.parametrize(("now", "last"), [(NOW, None), (NOW, NOW + HOUR), (NOW, NOW - timedelta(days=400))])
def test_a_plausible_clock_is_trusted(now: datetime, last: datetime | None) -> None:
    check_clock(now, last)
