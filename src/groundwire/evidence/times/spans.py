"""Stretches of time with their possible readings, and the arithmetic of calendars, for the date grammars.

"March 5" has two readings, the last one and the next one; "at 7" has a morning and an evening one. A ``Moment``
keeps all of
them, past before future, until somebody (``dates.choose``) chooses.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Literal

from groundwire.types import Grain

Kind = Literal["date", "daterange", "datetime", "datetimerange", "time", "timerange", "duration", "set"]
Modifier = Literal["", "before", "after", "since", "until", "about"]
Part = Literal["", "start", "mid", "end"]
Reading = tuple[datetime, datetime]
"""Half-open stretch."""
MIN_YEAR, MAX_YEAR = 1000, 2999
DAY = timedelta(days=1)
MORNING, AFTERNOON, EVENING, NIGHT = (8, 12), (12, 16), (16, 20), (20, 24)
"""Hours of the parts of a day."""


@dataclass(frozen=True, slots=True)
class Convention:
    """Where dictated questions and news part ways."""

    bare: bool = False
    """Read "the 18th", "7/6", "3-8", "at 7", "the week": right in an appointment, too often wrong in print."""
    range_includes_end: bool = True
    """Whether "May to July" includes July; else the range ends where its last part begins."""
    more_kinds: bool = False
    """Also report durations, sets (every Monday) and times without a date."""


NEWS = Convention()
SPECIFICATION = Convention(bare=True, range_includes_end=False, more_kinds=True)


@dataclass(frozen=True, slots=True)
class Said:
    """What a date names of itself; the rest is open."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """Monday is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A length of time in calendar units."""

    months: Fraction = Fraction(0)
    days: Fraction = Fraction(0)
    seconds: Fraction = Fraction(0)
    business: bool = False
    timex: str = ""
    unit: Literal["year", "quarter", "month", "week", "day", "time"] = "day"
    """The finest unit named."""
    vague: bool = False
    """A few, several: no number."""
    length: float = 0.0
    """A month of 30 days, a year of 365. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point or stretch of time as some words state it."""

    kind: Kind
    grain: Grain = "day"
    readings: tuple[Reading, ...] = ()
    said: Said = Said()
    relative: bool = False
    modifier: Modifier = ""
    part: Part = ""
    timex: str = ""
    """Of sets and of what no calendar can resolve (February 30)."""
    duration: Duration | None = None
    clock: tuple[tuple[int, int], ...] = ()
    """Readings of a time of day: seconds since midnight, from and to (equal for a point)."""
    fixed: bool = False
    """The clock's readings are settled (5 pm, 17:00)."""
    anchored: bool = True
    """Whether the words surely count from publication; "in two weeks" may as well say how long something took."""
    holiday: Callable[[int], date | None] | None = field(default=None, compare=False)
    """For a holiday without a year: its date in a year."""


def midnight(day: date) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time())


def safe_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none."""
    if not (MIN_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return date(year, month, day) if day <= calendar.monthrange(year, month)[1] else None


def add_months(moment: datetime, months: int) -> datetime:
    """The same day some months on, or that month's last day; bounded by the years that we read."""
    index = min(max(moment.year * 12 + moment.month - 1 + months, MIN_YEAR * 12), MAX_YEAR * 12 + 11)
    year, month = divmod(index, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))


def shift(moment: datetime, duration: Duration, sign: int) -> datetime:
    """``moment`` plus (or, for sign -1, minus) a duration; clamped to the years that we read."""
    months, rest = divmod(duration.months, 1)
    moved = add_months(moment, sign * int(months)) if months else moment
    days = duration.days + rest * 30
    try:
        if duration.business:
            return _add_business_days(moved, sign * int(days))
        return moved + sign * (timedelta(days=float(days)) + timedelta(seconds=float(duration.seconds)))
    except OverflowError:
        return moved


def _add_business_days(moment: datetime, days: int) -> datetime:
    step = timedelta(days=1 if days > 0 else -1)
    for _ in range(min(abs(days), 2000)):
        moment += step
        while moment.weekday() >= 5:
            moment += step
    return moment


def week_of(day: date) -> datetime:
    """Monday 0:00 of the week."""
    return midnight(day - timedelta(days=day.weekday()))


def month_of(year: int, month: int) -> Reading:
    """A month as a stretch."""
    start = datetime(year, month, 1)
    return start, add_months(start, 1)


def year_of(year: int) -> Reading:
    """A year as a stretch."""
    return datetime(year, 1, 1), datetime(year + 1, 1, 1)


def quarter_of(year: int, quarter: int) -> Reading:
    """A calendar quarter as a stretch; ``quarter`` may lie outside 1 to 4 (0 is the last of the year before)."""
    year, index = divmod(year * 4 + quarter - 1, 4)
    start = datetime(year, index * 3 + 1, 1)
    return start, add_months(start, 3)


def iso_week(year: int, week: int) -> Reading:
    """An ISO week, counted from the year's first (the one with its first Thursday)."""
    first = week_of(date(year, 1, 4))
    start = first + timedelta(weeks=week - 1)
    return start, start + timedelta(weeks=1)


def last_iso_week(year: int) -> int:
    """52 or 53."""
    return date(year, 12, 28).isocalendar().week


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The first (1), …, last (-1) given weekday of a month."""
    days = [d for d in calendar.Calendar().itermonthdates(year, month) if d.month == month and d.weekday() == weekday]
    index = nth - 1 if nth > 0 else nth
    return days[index] if -len(days) <= index < len(days) else None


def nth_part(whole: Reading, unit: str, nth: int, many: int | None = None) -> Reading | None:
    """The nth (-1: last) day, week, weekend, month or quarter of a stretch, or its first (nth 1) or last ``many``.

    Weeks belong to the stretch that their Thursday lies in (ISO 8601).
    """
    begin, end = whole
    if unit in ("month", "quarter"):
        size = 3 if unit == "quarter" else 1
        if many is not None:
            return (begin, add_months(begin, many * size)) if nth > 0 else (add_months(end, -many * size), end)
        first = add_months(begin, (nth - 1) * size) if nth > 0 else add_months(end, -size)
        return (first, add_months(first, size)) if begin <= first < end else None
    if unit == "day":
        if many is None:
            return None
        return (begin, begin + many * DAY) if nth > 0 else (end - many * DAY, end)
    first, last = week_of(begin.date()), week_of((end - DAY).date())
    first += 7 * DAY if first + 3 * DAY < begin else timedelta()
    last -= 7 * DAY if last + 3 * DAY >= end else timedelta()
    if many is not None:
        return (first, first + 7 * many * DAY) if nth > 0 else (last - 7 * (many - 1) * DAY, last + 7 * DAY)
    monday = first + 7 * (nth - 1) * DAY if nth > 0 else last
    return (monday + 5 * DAY if unit == "weekend" else monday), monday + 7 * DAY


def one_day(day: date) -> Reading:
    """A day as a stretch."""
    start = midnight(day)
    return start, start + DAY


def around(candidates: Iterable[Reading], reference: datetime) -> tuple[Reading, ...]:
    """Of many readings the last that begins before the reference and the first that doesn't."""
    before = after = None
    for reading in sorted(candidates):
        if reading[0] < reference:
            before = reading
        elif after is None:
            after = reading
    return tuple(r for r in (before, after) if r is not None)


def partial_date(said: Said, reference: datetime) -> tuple[Reading, ...]:
    """Readings of a day of which year, month or both are open."""
    found: list[Reading] = []
    if said.day is None and said.weekday is not None:
        days = (reference.date() + timedelta(days=offset) for offset in range(-7, 9))
        return around((one_day(d) for d in days if d.weekday() == said.weekday), reference)
    for year in [said.year] if said.year is not None else _years(said, reference):
        for month in [said.month] if said.month is not None else range(1, 13):
            day = safe_date(year, month, said.day or 1)
            if day is not None and (said.weekday is None or said.month is not None or day.weekday() == said.weekday):
                found.append(one_day(day))
    return tuple(found) if said.year is not None and said.month is not None else around(found, reference)


def _years(said: Said, reference: datetime) -> range:
    reach = 8 if said.month == 2 and said.day == 29 else 2
    return range(max(reference.year - reach, MIN_YEAR), min(reference.year + reach, MAX_YEAR) + 1)


def partial_month(month: int, year: int | None, reference: datetime) -> tuple[Reading, ...]:
    """Readings of a month of which the year may be open."""
    if year is not None:
        return (month_of(year, month),)
    return around((month_of(y, month) for y in range(reference.year - 2, reference.year + 3)), reference)


def calendar_date(said: Said, reference: datetime, *, relative: bool | None = None) -> Moment:
    """A date that says what ``said`` says; what no calendar has (February 30) has no reading."""
    readings = partial_date(said, reference)
    open_ = said.year is None or said.month is None or said.day is None
    timex = f"{said.year or 'XXXX'}-{said.month:02}-{said.day:02}" if not readings and said.month and said.day else ""
    return Moment(
        kind="date", readings=readings, said=said, relative=open_ if relative is None else relative, timex=timex
    )


def calendar_month(month: int, year: int | None, reference: datetime) -> Moment:
    """A month, perhaps of an open year."""
    return Moment(
        kind="daterange", grain="month", readings=partial_month(month, year, reference), said=Said(year, month),
        relative=year is None,
    )  # fmt: skip


def calendar_year(year: int) -> Moment:
    """A year."""
    return Moment(kind="daterange", grain="year", readings=(year_of(year),), said=Said(year))


def stretch(reading: Reading, grain: Grain, *, relative: bool = True, said: Said = Said()) -> Moment:
    """A stretch with one reading."""
    return Moment(kind="daterange", grain=grain, readings=(reading,), relative=relative, said=said)


def narrow(moment: Moment, part: Part) -> Moment:
    """The start, middle or end of a stretch: thirds of a year, halves of a month (its middle is days 10 to 20)."""
    return replace(moment, readings=tuple(_narrow(r, moment.grain, part) for r in moment.readings), part=part)


def _narrow(reading: Reading, grain: Grain, part: Part) -> Reading:
    start, end = reading
    if grain == "year" and (start.month, start.day) == (1, 1):
        cuts = {"start": (0, 4), "mid": (4, 8), "end": (8, 12)}[part or "mid"]
        return add_months(start, cuts[0]), add_months(start, cuts[1])
    if grain == "month":
        days = {"start": (0, 15), "mid": (9, 20), "end": (15, None)}[part or "mid"]
        return start + timedelta(days=days[0] or 0), end if days[1] is None else start + timedelta(days=days[1])
    if grain == "week":
        middle = start + timedelta(days=3)
        return {"start": (start, middle), "mid": (start + DAY, start + 4 * DAY), "end": (middle, end)}[part or "mid"]
    middle = start + (end - start) / 2
    return {
        "start": (start, middle),
        "mid": (start + (end - start) / 4, end - (end - start) / 4),
        "end": (middle, end),
    }[part or "mid"]


def following(moment: Moment, begin: datetime) -> Reading | None:
    """The first reading of a range's end that follows its beginning; what is open of its date follows too."""
    said = moment.said
    if moment.grain != "time" and said.year is None and not moment.part:
        if said.day is not None or said.weekday is not None:
            return next((r for r in partial_date(said, begin) if r[0] >= begin), None)
        if said.month is not None:
            return next((r for r in partial_month(said.month, None, begin) if r[0] >= begin), None)
    return next((r for r in moment.readings if r[0] >= begin or r[1] > begin), None)


def at_clock(day: Moment, clock: Moment) -> Moment:
    """A day and a time of day (or a part of the day) together."""
    readings = []
    for start, _ in day.readings:
        for begin, end in clock.clock:
            first = start + timedelta(seconds=begin)
            last = start + timedelta(seconds=end) if end >= begin else start + DAY + timedelta(seconds=end)
            readings.append((first, last))
    kind: Kind = "datetime" if clock.kind == "time" else "datetimerange"
    return Moment(
        kind=kind, grain="time", readings=tuple(readings), said=day.said, relative=day.relative, fixed=clock.fixed,
        part=clock.part, modifier=clock.modifier,
    )  # fmt: skip


def clock_time(hour: int, minute: int = 0, second: int = 0, *, half: Literal["", "am", "pm"] = "") -> Moment | None:
    """A time of day; without am or pm, hours up to 12 have two readings."""
    if not (0 <= hour <= 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    rest = minute * 60 + second
    if half and hour <= 12:
        hours: tuple[int, ...] = (hour % 12 + (12 if half == "pm" else 0),)
    elif hour > 12 or hour == 0 or half:
        hours = (hour % 24,)
    else:
        hours = (12, 0) if hour == 12 else (hour, hour + 12)
    readings = tuple((h * 3600 + rest, h * 3600 + rest) for h in hours)
    return Moment(kind="time", grain="time", clock=readings, fixed=len(readings) == 1, relative=True)


def day_part(hours: tuple[int, int], part: Part = "") -> Moment:
    """Morning, afternoon, …: a stretch of a day, or its beginning or end."""
    first, last = hours[0] * 3600, min(hours[1] * 3600, 86399)
    middle = (first + last + (last == 86399)) // 2
    first, last = {"": (first, last), "start": (first, middle), "end": (middle, last), "mid": (first, last)}[part]
    return Moment(kind="timerange", grain="time", clock=((first, last),), part=part, fixed=True, relative=True)


def clock_range(first: Moment, last: Moment) -> Moment | None:
    """From one time to another: the half of the day that one names holds for the other; ends after it begins."""
    readings: list[tuple[int, int]] = []
    for begin, _ in first.clock:
        ends = [end for _, end in last.clock]
        if not last.fixed and not first.fixed:
            readings.append((begin, min(ends, key=lambda end: (end - begin) % 86400 or 86400)))
        elif last.fixed and not first.fixed:
            readings.append((begin, ends[0]))
        else:
            after = sorted(e for e in ends if e > begin) or ends[:1]
            readings.append((begin, after[0]))
    if last.fixed and not first.fixed:
        # "5 to 6pm": the latest beginning before the end
        before = [r for r in readings if r[0] < r[1]]
        readings = [max(before)] if before else readings[:1]
    if not readings:
        return None
    return Moment(kind="timerange", grain="time", clock=tuple(readings), fixed=len(readings) == 1, relative=True)
