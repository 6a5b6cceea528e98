"""Weeks and the units around now in English: next week, this quarter, last year, week 10, the weekend of Halloween."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english import calendar, relative
from groundwire.evidence.times.spans import (
    DAY,
    Moment,
    Reading,
    Said,
    add_months,
    iso_week,
    last_iso_week,
    midnight,
    quarter_of,
    stretch,
    week_of,
    year_of,
)
from groundwire.types import Grain

_WHICH = (
    r"(?P<which>(?:the )?(?:next|following|coming|upcoming|last|previous|preceding|past|same|current)"
    r"|this(?: coming| past| upcoming)?|that|the)"
)
_REL_UNIT = re.compile(
    rf"{_WHICH} (?P<unit>business week|work ?week|week-?end|fiscal quarter|fiscal year|calendar year|week|fortnight"
    rf"|month|quarter|half|year|decade|century|hour|minute|second)(?![a-z])(?! (?:of )?\d)"
)
_WEEK_OF = re.compile(
    r"(?:the )?(?:(?P<week>week)(?: (?:of|starting|beginning|commencing)(?: on)?| starting)|w/c|wc"
    r"|(?P<end>weekend) of) (?:the )?(?=[a-z0-9])"
)
_WEEK_NUMBER = re.compile(r"week (?P<week>[1-5]?\d)(?![\d.:]|\s?[ap]\.?m)(?: of (?P<year>\d{4}))?")
_WEEK_AFTER_NEXT = re.compile(r"(?:the )?(?P<unit>week|month|year) (?:after next|(?P<before>before last))(?![a-z])")


def _step(which: str) -> int:
    which = which.removeprefix("the ")
    return {"next": 1, "following": 1, "coming": 1, "upcoming": 1, "this coming": 1, "this upcoming": 1,
            "last": -1, "previous": -1, "preceding": -1, "past": -1, "this past": -1}.get(which, 0)  # fmt: skip


def relative_unit(context: Context, start: int) -> Found | None:
    """Next week, this quarter, last year, the same month, the coming weekend, last minute."""
    match = context.match(_REL_UNIT, start)
    if match is None:
        return None
    which, unit = match["which"], match["unit"].replace("-", "").removeprefix("fiscal ").removeprefix("calendar ")
    bare = which in ("the", "that", "same", "the same")
    if bare and not context.convention.bare:
        return None
    if match[0].startswith("the ") and not bare and unit not in ("decade", "century"):
        return None
    if which == "the same":
        return None  # read from "same" on
    if which == "that" and unit != "weekend":
        return None
    if which == "the" and unit not in ("week", "weekend", "month", "year"):
        return None
    reading = unit_stretch(unit, _step(which), context.reference)
    if reading is None:
        return None
    if unit in ("hour", "minute", "second"):
        if _step(which) == 0 or (unit == "second" and not context.convention.bare):
            return None
        return Moment(kind="datetimerange", grain="time", readings=(reading,), relative=True), match.end()
    grain: Grain = {
        "week": "week",
        "weekend": "day",
        "month": "month",
        "quarter": "quarter",
        "half": "half",
        "year": "year",
    }.get(unit, "year" if unit in ("decade", "century") else "week")  # type: ignore[assignment]  # its values are grains
    said = (
        Said(reading[0].year, reading[0].month)
        if unit == "month"
        else Said(reading[0].year)
        if unit == "year"
        else Said()
    )
    return stretch(reading, grain, said=said), match.end()


def unit_stretch(unit: str, step: int, now: datetime) -> Reading | None:
    """The week, month, …, ``step`` units from the current one."""
    today = midnight(now.date())
    if unit == "week":
        begin = week_of(today) + timedelta(weeks=step)
        return begin, begin + timedelta(weeks=1)
    if unit == "weekend":
        begin = week_of(today) + timedelta(weeks=step, days=5)
        return begin, begin + 2 * DAY
    if unit in ("business week", "workweek", "work week"):
        begin = week_of(today) + timedelta(weeks=step)
        return begin, begin + 5 * DAY
    if unit == "month":
        begin = add_months(today.replace(day=1), step)
        return begin, add_months(begin, 1)
    if unit == "quarter":
        return quarter_of(today.year, (today.month - 1) // 3 + 1 + step)
    if unit == "half":
        begin = add_months(datetime(today.year, 1 if today.month <= 6 else 7, 1), 6 * step)
        return begin, add_months(begin, 6)
    if unit == "year":
        return year_of(today.year + step)
    if unit in ("decade", "century"):
        size = 10 if unit == "decade" else 100
        first = today.year // size * size + size * step
        return datetime(first, 1, 1), datetime(first + size, 1, 1)
    if unit == "fortnight":
        return (today + DAY, today + 15 * DAY) if step > 0 else (today - 14 * DAY, today) if step < 0 else None
    length = {"hour": timedelta(hours=1), "minute": timedelta(minutes=1), "second": timedelta(seconds=1)}.get(unit)
    if length is None:
        return None
    return (now, now + length) if step >= 0 else (now - length, now)


def week(context: Context, start: int) -> Found | None:
    """Week 10 of 2027, the week of April 10, w/c Feb 4, the weekend of Halloween, the week after next."""
    reference = context.reference
    if match := context.match(_WEEK_AFTER_NEXT, start):
        reading = unit_stretch(match["unit"], -2 if match["before"] else 2, reference)
        return (stretch(reading, match["unit"]), match.end()) if reading else None  # type: ignore[arg-type]  # week, month or year
    if match := context.match(_WEEK_NUMBER, start):
        year_ = int(match["year"]) if match["year"] else reference.year
        if 1 <= int(match["week"]) <= last_iso_week(year_) and 1000 < year_ < 3000:
            return stretch(iso_week(year_, int(match["week"])), "week", relative=not match["year"]), match.end()
        return None
    match = context.match(_WEEK_OF, start)
    if match is None:
        return _holiday_weekend(context, start)
    at = match.end() - 4 if context.text[match.end() - 4 : match.end()] == "the " else match.end()
    day = context.longest(
        (
            calendar.absolute,
            relative.holiday,
            relative.ordinal_day,
            relative.relative_day,
            calendar.figure_day,
            calendar.bare_slashed,
        ),
        at,
    )
    if day is None or not day[0].readings:
        return None
    spans = tuple(
        _weekend_of(r[0]) if match["end"] else (week_of(r[0].date()), week_of(r[0].date()) + 7 * DAY)
        for r in day[0].readings
    )
    return Moment(kind="daterange", grain="week", readings=spans, relative=day[0].relative), day[1]


def _weekend_of(day: datetime) -> Reading:
    saturday = week_of(day.date()) + 5 * DAY
    if day.weekday() == 0:  # the long weekend before a Monday's holiday
        return day - 2 * DAY, day + DAY
    return (day, saturday + 2 * DAY) if day.weekday() in (3, 4) else (saturday, saturday + 2 * DAY)


_WEEKEND_AFTER = re.compile(r" weekend(?: (?:of )?(?P<year>20\d\d))?(?![a-z])")


def _holiday_weekend(context: Context, start: int) -> Found | None:
    holiday = context.parse(relative.holiday, start)
    match = context.match(_WEEKEND_AFTER, holiday[1]) if holiday else None
    if holiday is None or match is None:
        return None
    readings = holiday[0].readings
    if match["year"] and holiday[0].holiday is not None:
        day = holiday[0].holiday(int(match["year"]))
        readings = ((midnight(day), midnight(day) + DAY),) if day else ()
    return Moment(
        kind="daterange",
        grain="week",
        readings=tuple(_weekend_of(r[0]) for r in readings),
        relative=holiday[0].relative,
    ), match.end()


def weekend(context: Context, start: int) -> Found | None:
    """Weekend, where it stands alone."""
    match = re.compile(r"weekend(?![a-z])").match(context.text, start)
    if (
        match is None
        or not context.convention.bare
        or re.search(r"(?:every|each|all|the|a|this|next|last) $", context.text[max(0, start - 6) : start])
    ):
        return None
    reading = unit_stretch("weekend", 0, context.reference)
    return (stretch(reading, "day"), match.end()) if reading else None
