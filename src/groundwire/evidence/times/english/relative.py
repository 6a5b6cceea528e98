"""Days that count from others in English: tomorrow, 3 days ago, the 15th day of next month, holidays."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from groundwire.evidence.times import durations, holidays
from groundwire.evidence.times.context import Context, Found, offset_moment
from groundwire.evidence.times.english import calendar, months, stretches, weekdays
from groundwire.evidence.times.english.words import DAY_DIGITS, WEEKDAY, YEAR
from groundwire.evidence.times.spans import (
    DAY,
    Duration,
    Moment,
    Said,
    around,
    midnight,
    one_day,
    partial_date,
    safe_date,
    shift,
)

_RELATIVE = {
    "the day after tomorrow": 2, "day after tomorrow": 2, "the day before yesterday": -2, "day before yesterday": -2,
    "today": 0, "otd": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "tomorow": 1, "yesterday": -1,
    "the day after": 1, "the next day": 1, "the following day": 1, "next day": 1, "the day before": -1,
    "the previous day": -1,
    "previous day": -1, "the last day": -1, "last day": -1, "the day": 0, "same day": 0, "the same day": 0,
    "this day": 0,
}  # fmt: skip
_RELATIVE_DAY = re.compile(rf"(?:{'|'.join(sorted(_RELATIVE, key=len, reverse=True))})(?![a-z])")
_VAGUE_DAYS = frozenset(
    (
        "the day",
        "same day",
        "the same day",
        "this day",
        "last day",
        "the last day",
        "the day after",
        "the day before",
        "next day",
        "the next day",
        "the following day",
        "previous day",
        "the previous day",
    )
)
_NOT_A_DAY = re.compile(r"day after (?:day|the)")
_DAY_OF = re.compile(r"(?:the )?(?P<ordinal>[a-z0-9-]+) day of (?:the )?")
_ORDINAL_DAY = re.compile(
    rf"(?P<the>the )?(?:{DAY_DIGITS}(?P<suffix>st|nd|rd|th)?(?![a-z\d])|(?P<word>[a-z]+(?:-| )?[a-z]*))(?! (?:floor"
    rf"|avenue|street|place|time|century|quarter|half|generation|year|anniversary|month|week|day)\b)"
)
AGO = re.compile(
    r" (?:ago|earlier|before now|prior)(?![a-z])|(?P<from> (?:before|prior to) )|(?P<rel> (?:previously|back))(?![a-z])"
)
_LATER = re.compile(r" (?P<now>from now|later|hence|after now)(?![a-z])|(?P<from> (?:from|after|since|following) )")
_IN = re.compile(r"(?P<in>in) (?:(?:about|around|another|just|the) )?")
_SINCE_THAT = re.compile(r" (?:since|from|after) (?:the year )?")
_HOLIDAY_YEAR = re.compile(rf",? (?:of |in )?(?:(?P<which>this|next|last|previous|the following) year|{YEAR})")
_HOLIDAY_WHICH = re.compile(r"(?P<which>next|last|previous|this|following|coming|upcoming|past|this coming|this past) ")
_HOLIDAY = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, holidays.ENGLISH), key=len, reverse=True))})(?!\w)")
_AND_WEEKDAY = re.compile(rf"\s?\(\s?{WEEKDAY}\)")


def relative_day(context: Context, start: int) -> Found | None:
    """Today, tomorrow, the day before yesterday; "tomorrow, 13/04/21" is what the figures say."""
    match = context.match(_RELATIVE_DAY, start)
    if match is None or context.match(_NOT_A_DAY, start) or context.match(_NOT_A_DAY, start + 4):
        return None
    if match[0] in _VAGUE_DAYS and not context.convention.bare:
        return None
    if match[0] == "the day" and not re.search(r"(?:for|of|during) $", context.text[max(0, start - 8) : start]):
        return None
    day = midnight(context.reference.date()) + timedelta(days=_RELATIVE[match[0]])
    if (comma := re.compile(r", ?").match(context.text, match.end())) and (
        dated := context.parse(calendar.absolute, comma.end())
    ):
        return dated
    return Moment(kind="date", readings=((day, day + DAY),), relative=True), match.end()


def offset(context: Context, start: int) -> Found | None:
    """3 days ago, two weeks from tomorrow, 5 days before new year, in 18 months, in two years since 2011."""
    opened = context.match(_IN, start)
    read = durations.english(context, opened.end() if opened else start)
    if read is None:
        return None
    duration, end = read
    sign, base, relative = 1, context.reference, True
    if opened:
        if (later := context.match(_LATER, end)) and later["from"] and "since" not in later["from"]:
            return None  # (in) two days from today: read from "two" on
        if since := context.match(_SINCE_THAT, end):
            from_ = context.longest(
                (calendar.absolute, weekdays.which_weekday, relative_day, stretches.calendar_stretch), since.end()
            )
            if from_ is not None and from_[0].readings:
                base, end, relative = from_[0].readings[-1][0], from_[1], from_[0].relative
        moment, end = _moved(context, base, duration, 1, end, relative=relative)
        return replace(moment, anchored=not relative), end
    for pattern, direction in ((AGO, -1), (_LATER, 1)):
        match = context.match(pattern, end)
        if match is None:
            continue
        sign = direction
        if not match["from"]:
            moment, end = _moved(context, context.reference, duration, sign, match.end(), relative=True)
            return replace(moment, anchored=match[0].strip() in ("ago", "from now", "hence")), end
        anchor = context.longest(
            (calendar.absolute, weekdays.weekday, weekdays.which_weekday, relative_day, holiday, now), match.end()
        )
        if anchor is None or not anchor[0].readings:
            return None
        if anchor[0].timex == "PRESENT_REF":
            return _moved(context, context.reference, duration, sign, anchor[1], relative=True)
        if duration.unit == "time":
            return None
        reading = next((r for r in anchor[0].readings if r[0] >= context.reference), anchor[0].readings[-1])
        return _moved(context, reading[0], duration, sign, anchor[1], relative=anchor[0].relative)
    return None


_NOW = re.compile(
    r"(?:right |just )?now(?![a-z])|(?:at (?:the|this) (?:present )?(?:moment|minute|time)|at present|asap"
    r"|as soon as possible)(?![a-z])(?! (?:of|when|that|in)\b)|at the present time(?![a-z])"
)


def now(context: Context, start: int) -> Found | None:
    """Now, at the moment."""
    match = context.match(_NOW, start)
    if match is None or not context.convention.more_kinds:
        return None
    if match[0] == "at the time":
        return None
    here = context.reference
    return Moment(
        kind="datetime", grain="time", readings=((here, here),), relative=True, timex="PRESENT_REF"
    ), match.end()


def _moved(context: Context, base: datetime, duration: Duration, sign: int, end: int, *, relative: bool) -> Found:
    return offset_moment(context, shift(base, duration, sign), duration, relative=relative), end


def day_of(context: Context, start: int) -> Found | None:
    """The 15th day of next month, the thirty-first day of the month."""
    match = context.match(_DAY_OF, start)
    if match is None:
        return None
    day = calendar.day_of_month(context, match.start("ordinal"))
    if day is None or day[1] != match.end("ordinal"):
        return None
    this = re.compile(r"month(?![a-z])").match(context.text, match.end())
    if this:
        when = safe_date(context.reference.year, context.reference.month, day[0])
        return (Moment(kind="date", readings=(one_day(when),), relative=True), this.end()) if when else None
    month = context.parse(months.month, match.end())
    if month is None or month[0].grain != "month":
        return None
    days = [one_day(d) for r in month[0].readings if (d := safe_date(r[0].year, r[0].month, day[0]))]
    said = replace(month[0].said, day=day[0])
    return Moment(kind="date", readings=tuple(days), relative=month[0].relative, said=said), month[1]


def ordinal_day(context: Context, start: int) -> Found | None:
    """The 18th, 29th, the ninth: of this month or the one before."""
    if not context.convention.bare:
        return None
    match = context.match(_ORDINAL_DAY, start)
    day = calendar.day_of_month(context, start)
    if match is None or day is None:
        return None
    on_the = match["the"] and re.search(r"\bon $", context.text[max(0, start - 4) : start])
    figures = bool(match["suffix"] or (match["day"] and on_the))
    if not (day[2] or on_the) or not (match["the"] or figures) or (not figures and match["the"] and not on_the):
        return None
    if re.match(
        r",? (?:to|of|in) (?:the|last|a)\b| (?:one|item|time|page|times|and last)\b|[-/]",
        context.text[day[1] : day[1] + 10],
    ):
        return None
    if not on_the and not re.search(r"(?:\bon|\bof) $", context.text[max(0, start - 4) : start]):
        return None
    said = Said(None, None, day[0])
    return Moment(kind="date", readings=partial_date(said, context.reference), said=said, relative=True), day[1]


def holiday(context: Context, start: int) -> Found | None:
    """Christmas, Thanksgiving 2026, independence day of this year, next easter."""
    which = context.match(_HOLIDAY_WHICH, start)
    match = context.match(_HOLIDAY, which.end() if which else start)
    if match is None:
        return None
    date_in = holidays.ENGLISH[match[0]]
    reference = context.reference
    year = context.match(_HOLIDAY_YEAR, match.end())
    if year is not None:
        chosen = (
            int(year["year"])
            if year["year"]
            else reference.year + {"next": 1, "last": -1, "previous": -1, "the following": 1}.get(year["which"], 0)
        )
        day = date_in(chosen)
        return (Moment(kind="date", readings=(one_day(day),), relative=not year["year"]), year.end()) if day else None
    days = [one_day(d) for y in range(reference.year - 1, reference.year + 3) if (d := date_in(y))]
    readings = around(days, reference)
    if which and readings:
        word = which["which"]
        if word in ("next", "following", "coming", "upcoming", "this coming"):
            readings = readings[-1:]
        elif word in ("last", "previous", "past", "this past"):
            readings = readings[:1]
        else:
            readings = tuple(r for r in days if r[0].year == reference.year)
    return Moment(kind="date", readings=readings, relative=True, holiday=date_in), match.end()


def day(context: Context, start: int) -> Found | None:
    """Any day."""
    found = context.longest(
        (
            calendar.absolute,
            weekdays.nth_weekday_of,
            day_of,
            weekdays.which_weekday,
            weekdays.offset_weekday,
            weekdays.weekday,
            relative_day,
            holiday,
            offset,
            ordinal_day,
        ),
        start,
    )
    if found is None:
        return None
    moment, end = found
    if moment.said.day and not moment.said.weekday and (tail := context.match(_AND_WEEKDAY, end)):  # May 22 (Tue)
        return moment, tail.end()
    return moment, end
