"""Counted and cut stretches in English: the past two quarters, the last 3 weeks of 2026, late 2026."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from groundwire.evidence.amounts import english_numbers
from groundwire.evidence.times import durations
from groundwire.evidence.times.context import Context, Found, from_now
from groundwire.evidence.times.english import months, relative, weekdays, weeks, years
from groundwire.evidence.times.spans import (
    DAY,
    Moment,
    Part,
    Reading,
    add_months,
    calendar_year,
    midnight,
    narrow,
    nth_part,
    shift,
    stretch,
)
from groundwire.types import Grain

_YEAR_OF = re.compile(r"(?:the )?year of (?=\d{4})")
_APOSTROPHE = re.compile(r"'(?P<short>\d\d)(?!\d)")
_COUNTED = re.compile(
    r"(?P<within>within|in|over|during|for|through|throughout)? ?(?:the )?(?P<which>next|coming|upcoming|following"
    r"|last|past|previous|preceding|recent) "
)
_WITHIN = re.compile(
    r"(?:within|inside) (?:(?P<the>the )?(?:next|coming|upcoming|following) )?(?:(?:about|just|a period of) )?"
)
_OF_WHICH = re.compile(
    r"(?:the )?(?:(?P<word>first|last|final|[a-z]+|\d{1,2}(?:st|nd|rd|th)) )?(?:(?P<count>\d{1,2}"
    r"|[a-z]+) )?(?P<unit>day|week|weekend|month|year)s? (?:of|in) (?:the )?"
)
_PART = re.compile(
    r"(?:(?P<of>very end|end|close|beginning|start|middle|midst|early (?:days|part)|later? part)(?: of(?: the)?"
    r"|(?= (?:month|year|week|quarter|\d{4}))) |(?P<adj>early|late|mid|earlier|later)(?: in)?(?:[ -](?:the )?))"
)
PART_OF: dict[str, Part] = {
    "end": "end", "very end": "end", "close": "end", "beginning": "start", "start": "start", "middle": "mid",
    "midst": "mid", "early": "start", "late": "end", "mid": "mid", "early part": "start", "early days": "start",
    "late part": "end", "later part": "end", "earlier": "start", "later": "end",
}  # fmt: skip
_YEAR_END = re.compile(r"(?P<eo>eo(?P<unit>[ymw]))(?![a-z])|(?P<word>year|month|quarter)[- ]end(?![a-z])")
_END_OF_DAY = re.compile(
    r"(?:the )?(?:end of (?:the )?day|eod)(?![a-z])|(?:the )?end of (?P<day>(?=today|tomorrow|this|the|next|mon|tue"
    r"|wed|thu|fri|sat|sun))"
)
_STARTING = re.compile(r",? (?:(?:starting|beginning|commencing)(?: from| on)?|from) ")
_TO_DATE = re.compile(r"(?P<to>(?:till|to|until|up to(?= now)) (?:date|now))(?![a-z])|(?P<ytd>ytd|year[- ]to[- ]date)")
_VERB_BEFORE = re.compile(r"(?:will|would|should|may|might|could|can|to|n't|not|'ll|did|does) $")


def counted(context: Context, start: int) -> Found | None:
    """The next 3 days, the past two quarters, 5 upcoming years, within 9 months, within the next 10 minutes."""
    if match := context.match(_WITHIN, start):
        read = durations.english(context, match.end())
        if read is None or not read[0].length:
            return None
        surely = re.search(r"next|coming|following", match[0]) is not None
        return replace(from_now(context, read[0], 1, within=True), anchored=surely), read[1]
    match = context.match(_COUNTED, start)
    if match is not None:
        begin = match.start("which")
        if begin != start and not context.text.startswith("the ", start):
            return None
        read = durations.english(context, match.end())
        if read is not None and (ago := relative.AGO.match(context.text, read[1])) and not ago["from"]:
            read = durations.english(context, match.end(), most=1)  # "the last 3 months and 2 days ago they"
        if read is None or re.match(r"an? ", context.text[match.end() : match.end() + 3]):
            return None
        sign = 1 if match["which"] in ("next", "coming", "upcoming", "following") else -1
        if match["which"] == "last" and _VERB_BEFORE.search(context.text, max(0, start - 12), start):
            return None  # "will last three weekends"
        if begin != start and "decade" not in context.text[match.end() : read[1]]:
            return None
        return from_now(context, read[0], sign), read[1]
    number = durations.count_en(context, start)
    if number is None or number[0].denominator != 1:
        return None
    after = re.compile(r" (?P<which>next|coming|upcoming|following|last|past|previous) ").match(context.text, number[1])
    unit = context.match(durations.UNIT_EN, after.end()) if after else None
    if after is None or unit is None:
        return None
    if number[0] != 1 and not unit["unit"].endswith("s"):
        return None  # "only 3 next week"
    entry = durations.EN[unit["unit"]]
    sign = 1 if after["which"] in ("next", "coming", "upcoming", "following") else -1
    return from_now(context, durations.build([(number[0], entry)]), sign), unit.end()


def nth_of(context: Context, start: int) -> Found | None:
    """The second week of 2021, first week of January, the last 3 weeks of this year, the third month of 2021."""
    match = context.match(_OF_WHICH, start)
    if match is None or match["word"] is None:
        return None
    nth = -1 if match["word"] in ("last", "final") else ordinal_value(match["word"])
    count = durations.count_en(context, match.start("count")) if match["count"] else None
    if nth is None or (match["count"] and (count is None or count[1] != match.end("count") or nth not in (1, -1))):
        return None
    unit = match["unit"]
    whole = context.longest(
        (months.month, years.year, weeks.relative_unit, years.decade, years.quarter, years.half), match.end()
    )
    if whole is None or not whole[0].readings or whole[0].grain not in ("month", "year", "quarter", "half"):
        return None
    if (unit == "year" and whole[0].grain != "year") or (unit == "month" and whole[0].grain == "month"):
        return None
    many = int(count[0]) if count else None
    spans = [s for r in whole[0].readings if (s := nth_part(r, unit, nth, many))]
    grain: Grain = {"day": "day", "weekend": "day"}.get(unit, unit)  # type: ignore[assignment]  # its values are grains
    return (
        (Moment(kind="daterange", grain=grain, readings=tuple(spans), relative=whole[0].relative), whole[1])
        if spans
        else None
    )


def ordinal_value(word: str) -> int | None:
    """3 for "third" and "3rd"; None for what is no ordinal below 60."""
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", word)
    if found:
        return int(found[1])
    number = english_numbers.parse(word, word, 0)
    return (
        int(number.value)
        if number is not None and number.ordinal and number.end == len(word) and number.value < 60
        else None
    )


def part(context: Context, start: int) -> Found | None:
    """Late 2026, mid-November, the end of next year, earlier this month, EOY, year-end."""
    if match := context.match(_YEAR_END, start):
        unit = {"y": "year", "m": "month", "w": "week"}[match["unit"]] if match["eo"] else match["word"]
        if unit == "week" and not context.convention.bare:
            return None
        reading = weeks.unit_stretch(unit, 0, context.reference)
        if reading is None:
            return None
        year_ = re.compile(r" (20\d\d)(?!\d)").match(context.text, match.end()) if unit == "year" else None
        if year_:
            return narrow(calendar_year(int(year_[1])), "end"), year_.end()
        return _half_of(stretch(reading, unit), "end"), match.end()  # type: ignore[arg-type]  # a grain
    match = context.match(_PART, start)
    if match is None:
        return None
    word = match["of"] or match["adj"]
    which = PART_OF[word]
    whole = context.longest(
        (
            years.quarter,
            years.half,
            months.month,
            years.year,
            years.decade,
            weeks.relative_unit,
            weeks.week,
            _named_unit,
        ),
        match.end(),
    )
    if whole is None and match[0].endswith("the "):
        whole = context.longest(
            (years.quarter, years.half, years.decade, weeks.relative_unit, weeks.week), match.end() - 4
        )
    if whole is None or not whole[0].readings:
        return None
    moment, end = whole
    if match["of"] and match["of"].startswith("early") and moment.grain == "day":
        return None
    if word in ("earlier", "later") or (
        match["adj"] and moment.relative and _contains(moment, context.reference) and word in ("earlier", "later")
    ):
        return _split_now(moment, which, context.reference), end
    if (
        moment.relative
        and moment.grain in ("year", "week", "quarter", "half")
        and moment.said.month is None
        and match["of"]
    ):
        return _half_of(moment, which), end
    return narrow(moment, which), end


_NAMED_UNIT = re.compile(r"(?P<unit>week|month|quarter|year|decade)(?![a-z])")


def _named_unit(context: Context, start: int) -> Found | None:
    """ "(end of) month", "(late in the) year": the current one."""
    match = context.match(_NAMED_UNIT, start)
    reading = weeks.unit_stretch(match["unit"], 0, context.reference) if match else None
    if match is None or reading is None:
        return None
    grain: Grain = "year" if match["unit"] == "decade" else match["unit"]  # type: ignore[assignment]  # a grain
    return stretch(reading, grain), match.end()


def _contains(moment: Moment, now: datetime) -> bool:
    return any(begin <= now < end for begin, end in moment.readings)


def _split_now(moment: Moment, which: Part, now: datetime) -> Moment:
    """Earlier this year ends now; later this year is its second half, or what is left of it."""
    begin, end = moment.readings[0]
    if not begin <= now < end:
        return narrow(moment, which)
    if moment.grain == "month":
        cut = begin + 15 * DAY
    elif moment.grain == "week":
        cut = begin + 3 * DAY
    elif moment.grain == "year":
        cut = datetime(begin.year, 7, 1)
    else:
        cut = midnight((begin + (end - begin) / 2).date())
    today = midnight(now.date())
    if which == "start":
        return replace(
            moment,
            readings=((begin, max(min(cut, today) if moment.grain == "year" else cut, begin + DAY)),),
            part=which,
        )
    return replace(moment, readings=((max(cut, today) if cut > today else min(today, end - DAY), end),), part=which)


def _half_of(moment: Moment, which: Part) -> Moment:
    """The end of this year, of the quarter: its second half (a week's begins on Thursday)."""
    spans = []
    for begin, end in moment.readings:
        if moment.grain == "year":
            cuts = {
                "start": (begin, add_months(begin, 6)),
                "mid": (add_months(begin, 3), add_months(begin, 9)),
                "end": (add_months(begin, 6), end),
            }
            spans.append(cuts[which or "mid"])
        else:
            spans.extend(narrow(replace(moment, readings=((begin, end),)), which).readings)
    return replace(moment, readings=tuple(spans), part=which)


def from_date(context: Context, start: int) -> Found | None:
    """2 weeks starting May 20th; for 3 days, from today."""
    text = context.text
    at = start + 4 if text.startswith("for ", start) else start
    read = durations.english(context, at)
    joint = context.match(_STARTING, read[1]) if read else None
    if read is None or joint is None or (at == start and "from" in joint[0]) or read[0].unit == "time":
        return None
    if at != start and "from" not in joint[0]:
        return None
    anchor = context.longest((relative.day,), joint.end())
    if anchor is None or not anchor[0].readings:
        return None
    spans = tuple((r[0], shift(r[0], read[0], 1)) for r in anchor[0].readings)
    nearest = next((s for s in spans if s[0] >= midnight(context.reference.date())), spans[-1])
    grain: Grain = "day"
    return Moment(
        kind="daterange", grain=grain, readings=(nearest,), relative=anchor[0].relative, duration=read[0]
    ), anchor[1]


def to_date(context: Context, start: int) -> Found | None:
    """To date, till now, year to date."""
    match = context.match(_TO_DATE, start)
    if match is None or context.text[max(0, start - 3) : start] == "up " or not context.convention.more_kinds:
        return None
    here = midnight(context.reference.date())
    if match["ytd"]:
        return stretch((datetime(here.year, 1, 1), here), "year"), match.end()
    return Moment(
        kind="daterange",
        grain="day",
        readings=((here, here + DAY),),
        relative=True,
        modifier="before",
        timex="PRESENT_REF",
    ), match.end()


def end_of_day(context: Context, start: int) -> Found | None:
    """The end of the day, end of tomorrow: its last second."""
    match = context.match(_END_OF_DAY, start)
    if match is None or not context.convention.more_kinds:
        return None
    if match["day"] is None:
        readings: tuple[Reading, ...] = ((midnight(context.reference.date()), context.reference),)
        end = match.end()
    else:
        at = match.end() + (4 if context.text.startswith("the ", match.end()) else 0)
        found = context.longest((weekdays.which_weekday, relative.relative_day, weekdays.weekday), at)
        if found is None:
            return None
        readings, end = found[0].readings, found[1]
    last = tuple((r[0] + timedelta(seconds=86399),) * 2 for r in readings)
    return Moment(kind="datetime", grain="time", readings=last, relative=True), end


def calendar_stretch(context: Context, start: int) -> Found | None:
    """A year, half, quarter, month, decade or season, by name."""
    return context.longest((years.year, years.half, years.quarter, months.month, years.decade, years.season), start)


def any_stretch(context: Context, start: int) -> Found | None:
    """Any stretch of days."""
    return context.longest(
        (
            years.year,
            years.half,
            years.quarter,
            months.month,
            weeks.week,
            years.decade,
            years.season,
            weeks.relative_unit,
            nth_of,
            part,
            counted,
            from_date,
            months.days_of_month,
            to_date,
            weeks.weekend,
        ),
        start,
    )
