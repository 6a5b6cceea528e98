"""What a recap says, in which order, and what it does not say twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recap_samples import MONDAY, WEEK, article, said, story

from groundwire.editions.reader import Interests
from groundwire.editions.recap import Due, day_of, period, recap, week_of
from groundwire.errors import NotFound
from groundwire.recaps import completed_week

NOBODY = Interests()


def test_the_score_is_the_documented_sum() -> None:
    reports = [article(1, "Pellworth opened.", 1), article(2, "It opened.", 2, outlet="Herald", language="zh")]
    one = story(1, reports, [said(reports[0], "hook", "Pellworth opened.")])
    (entry,) = recap(WEEK, [one], [], NOBODY).stories
    # 0.4 (1 - 1/2) + 0.2 (1 - 1/3): two outlets, a second language + 0.2 new + 0.2 * 0.5 on a topic
    assert entry.why.score == pytest.approx(0.2 + 0.2 * 2 / 3 + 0.2 + 0.1)
    assert (entry.why.origins, entry.why.outlets, entry.why.languages) == (2, 2, ("en", "zh"))


def test_copies_are_one_report() -> None:
    reports = [article(n, "Pellworth opened.", n, outlet=f"Outlet {n}") for n in (1, 2, 3)]
    one = story(1, reports, [said(reports[0], "hook", "Pellworth opened.")], copies={2: 1, 3: 1})
    (entry,) = recap(WEEK, [one], [], NOBODY).stories
    assert (entry.why.origins, entry.why.outlets) == (1, 3)


def test_a_running_story_tells_only_what_nobody_had_said_before() -> None:
    old, new = article(1, "Pellworth plans a hall.", -40), article(2, "The hall burnt down.", 30)
    told = [said(old, "what_changed", "Pellworth plans a hall."), said(new, "takeaways", "The hall burnt down.")]
    made = recap(WEEK, [story(1, [old, new], told)], [], NOBODY)
    (entry,) = made.running
    assert [line.text for line in entry.lines] == ["The hall burnt down."]
    assert entry.why.novelty == 0.5
    assert (made.stories, made.begun, made.continued) == ((), 0, 1)


def test_a_story_without_news_in_the_period_is_left_out() -> None:
    before, after = article(1, "A hall.", -30), article(2, "A roof.", 24 * 7 + 1)
    told = [said(before, "hook", "A hall.")]
    made = recap(WEEK, [story(1, [before, after], told)], [], NOBODY)
    assert (made.stories, made.running, made.reports) == ((), (), 0)


def test_what_is_on_no_topic_and_reported_once_is_left_out() -> None:
    one = article(1, "A cinema opened.", 1)
    assert recap(WEEK, [story(1, [one], [said(one, "hook", "A cinema opened.")], topics=())], [], NOBODY).stories == ()


def test_a_readers_topic_ranks_higher_and_says_so() -> None:
    first, second = article(1, "Chips fell.", 1), article(2, "Power rose.", 2)
    chips = story(1, [first], [said(first, "hook", "Chips fell.")], topics=("chips",))
    power = story(2, [second], [said(second, "hook", "Power rose.")], topics=("energy",))
    assert [e.slug for e in recap(WEEK, [chips, power], [], NOBODY).stories] == ["story-1", "story-2"]
    mine = recap(WEEK, [chips, power], [], Interests(topics=("energy",)))
    assert [e.slug for e in mine.stories] == ["story-2", "story-1"]
    assert mine.stories[0].why.topics == ("energy",)


def test_the_same_input_gives_the_same_recap() -> None:
    reports = [article(n, "Pellworth opened.", n) for n in (1, 2, 3)]
    stories = [story(a.id, [a], [said(a, "hook", "Pellworth opened.")]) for a in reports]
    assert recap(WEEK, stories, [], NOBODY) == recap(WEEK, stories[::-1], [], NOBODY)


def test_forecasts_that_came_due_are_carried() -> None:
    due = Due(id=3, text="It opens.", language="en", source="Pellworth", until=date(2026, 11, 20), verdict="")
    assert recap(WEEK, [], [due], NOBODY).due == (due,)


def test_periods_have_names() -> None:
    assert (period("2026-W47").first, period("2026-W47").last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert period("2026-W53").last == date(2027, 1, 3)
    assert period("2026-11-19") == day_of(date(2026, 11, 19))
    assert period("2026-W01").shifted(-1).name == "2025-W52"
    assert not WEEK.holds(WEEK.end_at)
    assert WEEK.holds(MONDAY)


@pytest.mark.parametrize("name", ["2026-W54", "2026-W00", "2026-13-01", "last week", "0001-W01", "2026-W4", "9999-W52"])
def test_what_is_no_period_is_said_in_words(name: str) -> None:
    with pytest.raises(NotFound):
        period(name)


@given(st.dates(date(1995, 1, 1), date(2090, 12, 31)))
def test_weeks_and_days_tile_the_time_without_gap_or_overlap(day: date) -> None:
    for span in (week_of(day), day_of(day)):
        assert span.first <= day <= span.last
        assert span.end_at == span.shifted(1).start_at
        assert span.shifted(1).shifted(-1) == span == period(span.name)
        assert span.end_at - span.start_at == timedelta(days=7 if span.kind == "week" else 1)


def test_a_year_with_53_weeks_and_one_with_52() -> None:
    assert week_of(date(2026, 12, 31)).name == week_of(date(2027, 1, 3)).name == "2026-W53"
    assert period("2026-W53").shifted(1).name == "2027-W01"
    assert week_of(date(2024, 12, 30)).name == "2025-W01"
    with pytest.raises(NotFound, match="2025-W53"):
        period("2025-W53")


def test_a_period_is_utc_whatever_clock_the_reader_and_the_source_have() -> None:
    tokyo, honolulu = timezone(timedelta(hours=9)), timezone(timedelta(hours=-10))
    monday = week_of(date(2026, 11, 16))
    assert not monday.holds(datetime(2026, 11, 16, 8, tzinfo=tokyo))  # Sunday, 23:00 UTC
    assert monday.holds(datetime(2026, 11, 15, 14, tzinfo=honolulu))  # Monday, 00:00 UTC
    assert completed_week(datetime(2026, 11, 16, 8, tzinfo=tokyo)).name == "2026-W45"
    assert completed_week(datetime(2026, 11, 16, 0, tzinfo=UTC)).name == "2026-W46"


def test_a_day_on_which_clocks_change_is_a_day_like_any_other() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)  # there twice
    for fold in (0, 1):
        assert day_of(date(2026, 10, 25)).holds(night.replace(fold=fold))
    assert (day_of(date(2026, 3, 29)).end_at - day_of(date(2026, 3, 29)).start_at) == timedelta(hours=24)
