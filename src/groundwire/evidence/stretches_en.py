"""Stretches of time in English: years, quarters, months, weeks, decades, seasons; next month, the last 3 weeks of 2026."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from groundwire.evidence import days_en, durations, numbers_en
from groundwire.evidence.calendar_words_en import MONTH, full_year, month_at, month_value, year_in_words
from groundwire.evidence.dates_context import Context, Found, from_now
from groundwire.evidence.timespans import (
    DAY,
    Duration,
    Modifier,
    Moment,
    Part,
    Reading,
    Said,
    add_months,
    around,
    calendar_month,
    calendar_year,
    iso_week,
    last_iso_week,
    midnight,
    narrow,
    nth_part,
    partial_date,
    quarter_of,
    safe_date,
    shift,
    stretch,
    week_of,
    year_of,
)  # fmt: skip
from groundwire.types import Grain

_YEAR_VALUE = r"(?P<year>1[4-9]\d\d|20\d\d|2100)"
_YEAR = re.compile(
    rf"(?:the )?(?:(?:calendar )?year |cy ?)?{_YEAR_VALUE}(?![\d%]|[.,:/-]\d|,\d|(?:st|nd|rd|th|s|k|m|x|b|t|gb|w|kw|mw|gw|mah|nm)(?![a-z])|-[a-z]|\s?%)"
)
_YEAR_OF = re.compile(r"(?:the )?year of (?=\d{4})")
_FISCAL = re.compile(
    r"(?:(?:the )?fiscal(?: year)?|fy|sy|financial year|school year)[ -]?(?:of )?(?:ending |ended )?'?(?:(?P<year>20\d\d)(?:[-/]\d{2,4})?|(?P<short>\d\d))(?!\d)"
)
_FISCAL_NONE = re.compile(r"(?:(?P<which>this|next|last) )?(?:fiscal|financial|school|academic) year(?![a-z])")
_APOSTROPHE = re.compile(r"'(?P<short>\d\d)(?!\d)")
_QUARTER = re.compile(
    r"(?:q(?P<a>[1-4])(?!\d)|(?P<b>[1-4])q|(?:the )?(?P<word>first|second|third|fourth|1st|2nd|3rd|4th|last(?=[ -]quarter (?:of|in)))[ -](?:fiscal |calendar )?quarter)(?![a-z])"
)
_HALF = re.compile(
    r"(?:h(?P<a>[12])(?!\d)|(?P<b>[12])h|(?:the )?(?P<word>first|second|latter|1st|2nd|front|back)[ -]half)(?![a-z])"
)
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "front": 1,
    "second": 2,
    "2nd": 2,
    "latter": 2,
    "back": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": 4,
}
_OF_YEAR = re.compile(
    rf"(?:,? (?:of |in )?(?:the )?|[ -/]|)(?:(?:fiscal(?: year)? |calendar (?:year )?|fy ?|year )?(?:{_YEAR_VALUE}|'?(?P<short>\d\d)(?![\d:%]|\.\d))(?![\d%]|[.,:]\d)|(?P<which>this|next|last|the same|the following|the previous|the current) (?:fiscal |calendar )?year|(?P<the>year)(?![a-z]))"
)
_YEARS_OWN = re.compile(r"(?P<which>this|next|last) year(?:'s)? |" + rf"{_YEAR_VALUE}(?:'s)?(?: |-|/|,)")
_MONTH_YEAR = re.compile(
    rf"(?:\.?,? (?:of |in )?|\s?[-/.]\s?)(?:the year )?{_YEAR_VALUE}(?!\d|[.,]\d|%)|\.? of '?(?P<short>\d\d)(?!\d)|\.? ?'(?P<apostrophe>\d\d)(?!\d)"
)
_YEAR_MONTH = re.compile(rf"{_YEAR_VALUE}(?:[-/, ]|, ){MONTH}")
_NUMERIC_MONTH = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s?(?P<s>[-/])\s?(?P<m>0?[1-9]|1[0-2])(?![\d:]|\s?[-/]\s?\d|\.\d)|(?P<m2>0?[1-9]|1[0-2])\s?(?P<s2>[-/])\s?(?P<y2>(?:19|20)\d\d)(?!\d|\s?[-/]\d)"
)
_WHICH = r"(?P<which>(?:the )?(?:next|following|coming|upcoming|last|previous|preceding|past|same|current)|this(?: coming| past| upcoming)?|that|the)"
_REL_MONTH = re.compile(
    rf"(?P<which>this|next|last|past|coming|the|that|previous|upcoming) {MONTH}(?! \d{{1,2}}(?!\d))"
)
_REL_UNIT = re.compile(
    rf"{_WHICH} (?P<unit>business week|work ?week|week-?end|fiscal quarter|fiscal year|calendar year|week|fortnight|month|quarter|half|year|decade|century|hour|minute|second)(?![a-z])(?! (?:of )?\d)"
)
_SEASON = re.compile(
    r"(?:(?P<which>this|next|last|the) )?(?:(?P<mod>early|late|mid)[ -])?(?P<season>spring|summer|autumn|fall|winter)(?![a-z])(?:(?:,? (?:of )?|,? )(?:(?P<year>(?:19|20)\d\d)|(?P<which2>this|next|last) year))?"
)
_SEASON_MONTHS = {
    "spring": (3, "SP"),
    "summer": (6, "SU"),
    "autumn": (9, "FA"),
    "fall": (9, "FA"),
    "winter": (12, "WI"),
}
_COUNTED = re.compile(
    r"(?P<within>within|in|over|during|for|through|throughout)? ?(?:the )?(?P<which>next|coming|upcoming|following|last|past|previous|preceding|recent) "
)
_WITHIN = re.compile(
    r"(?:within|inside) (?:(?P<the>the )?(?:next|coming|upcoming|following) )?(?:(?:about|just|a period of) )?"
)
_OF_WHICH = re.compile(
    r"(?:the )?(?:(?P<word>first|last|final|[a-z]+|\d{1,2}(?:st|nd|rd|th)) )?(?:(?P<count>\d{1,2}|[a-z]+) )?(?P<unit>day|week|weekend|month|year)s? (?:of|in) (?:the )?"
)
_WEEK_OF = re.compile(
    r"(?:the )?(?:(?P<week>week)(?: (?:of|starting|beginning|commencing)(?: on)?| starting)|w/c|wc|(?P<end>weekend) of) (?:the )?(?=[a-z0-9])"
)
_WEEK_NUMBER = re.compile(r"week (?P<week>[1-5]?\d)(?![\d.:]|\s?[ap]\.?m)(?: of (?P<year>\d{4}))?")
_WEEK_AFTER_NEXT = re.compile(r"(?:the )?(?P<unit>week|month|year) (?:after next|(?P<before>before last))(?![a-z])")
_DECADE = re.compile(
    r"(?:the )?(?:(?P<mod>early|late|mid)[ -])?(?:(?P<year>1[5-9]\d|20\d)0'? ?s(?![a-z])|'?(?P<short>[2-9]0)'?s(?![a-z])|(?P<word>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)(?![a-z]))"
)
_DECADES = {
    word: 20 + 10 * k
    for k, word in enumerate(
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"]
    )
}
_CENTURY = re.compile(r"(?:the )?(?P<ordinal>[a-z0-9-]+)\s{1,2}century(?![a-z])")
_PART = re.compile(
    r"(?:(?P<of>very end|end|close|beginning|start|middle|midst|early (?:days|part)|later? part)(?: of(?: the)?|(?= (?:month|year|week|quarter|\d{4}))) |(?P<adj>early|late|mid|earlier|later)(?: in)?(?:[ -](?:the )?))"
)
_PART_OF: dict[str, Part] = {"end": "end", "very end": "end", "close": "end", "beginning": "start", "start": "start", "middle": "mid", "midst": "mid",
            "early": "start", "late": "end", "mid": "mid", "early part": "start", "early days": "start", "late part": "end", "later part": "end", "earlier": "start", "later": "end"}  # fmt: skip
_YEAR_END = re.compile(r"(?P<eo>eo(?P<unit>[ymw]))(?![a-z])|(?P<word>year|month|quarter)[- ]end(?![a-z])")
_END_OF_DAY = re.compile(
    r"(?:the )?(?:end of (?:the )?day|eod)(?![a-z])|(?:the )?end of (?P<day>(?=today|tomorrow|this|the|next|mon|tue|wed|thu|fri|sat|sun))"
)
_STARTING = re.compile(r",? (?:(?:starting|beginning|commencing)(?: from| on)?|from) ")
_TO_DATE = re.compile(r"(?P<to>(?:till|to|until|up to(?= now)) (?:date|now))(?![a-z])|(?P<ytd>ytd|year[- ]to[- ]date)")
_DAYS_OF_MONTH = re.compile(r"(?:on |from |between )?")
_TO = re.compile(r"\s?(?:-|~)\s?|\s(?:to|through|thru|till|until|and)\s")
_MEAL = re.compile(r"(?P<mod>after|before) (?P<meal>breakfast|lunch|dinner)(?:-?time)?(?![a-z])")


# --- years, halves, quarters ----------------------------------------------------------------------------------------------


def year(context: Context, start: int) -> Found | None:
    """2026, the year 2026, nineteen ninety six, fiscal 2026, FY26."""
    if match := context.match(_FISCAL, start):
        value = int(match["year"]) if match["year"] else full_year(int(match["short"]))
        if context.convention.more_kinds:
            if match[0].startswith("the "):
                return None
            school = match[0].startswith(("sy", "school"))
            return Moment(kind="daterange", grain="year", timex=f"{'SY' if school else 'FY'}{value}"), match.end()
        return replace(calendar_year(value), modifier="about"), match.end()  # whose year that is, the words don't say
    if match := context.match(_YEAR, start):
        end = match.end()
        begin = match.start("year") if match[0].startswith("the ") else start
        return (
            (calendar_year(int(match["year"])), end)
            if begin == start and _year_is_sure(context, start, match)
            else None
        )
    if spoken := year_in_words(context, start):
        return calendar_year(spoken[0]), spoken[1]
    if (match := context.match(_FISCAL_NONE, start)) and context.convention.more_kinds:
        return Moment(
            kind="daterange", grain="year", timex="FYXXXX" if match[0].startswith("f") else "SYXXXX"
        ), match.end()
    return None


_YEAR_CUE = re.compile(
    r"(?:\b(?:in|by|since|from|until|till|of|before|after|during|for|through|to|and|between|late|early|mid|year|fiscal|throughout|than|around|circa|sales|or|as of|\d{4})[ -]|[-=(,~/'] ?|^)$"
)
_THINGS = re.compile(
    r" (?:[a-z]+ )?(?:pieces|times|people|gpus|users|dollars|euros|yuan|yen|pounds|miles|meters|kilometers|km|mw|gw|tokens|units|points|employees|jobs|hours|days|square|cubic|million|billion|percent|or more)(?![a-z])"
)


def _year_is_sure(context: Context, start: int, match: re.Match[str]) -> bool:
    """Four digits are a year where a year is at home: after a preposition, or as one between 1900 and 2100 that counts nothing."""
    text = context.text
    if "year" in match[0] or "cy" in match[0]:
        return True
    before = text[max(0, start - 12) : start]
    if re.search(r"[\w.$€£#@_]$|[a-z]-$|\d[-,/]$|[$€£] $", before) or context.match(_THINGS, match.end()):
        return False
    value = int(match["year"])
    if _YEAR_CUE.search(before):
        return value >= 1900 or (value >= 1500 and (context.convention.bare or bool(re.search(r"\b(?:in|since) $", before))))
    return 1900 <= value <= 2100 and (context.convention.bare or 1990 <= value <= 2050)


def _of_year(context: Context, start: int) -> tuple[int | None, int, bool] | None:
    """The year that a quarter or half belongs to: value (None: the current one), end, whether relative."""
    match = context.match(_OF_YEAR, start)
    if match is None:
        return None
    if match["year"]:
        return int(match["year"]), match.end(), False
    if match["short"]:
        glued = (match[0] == match["short"] and context.text[start - 2 : start - 1].isdigit()) or "'" in match[0] or "fy" in match[0]
        return (full_year(int(match["short"])), match.end(), False) if glued else None
    if match["the"]:
        return None, match.end(), True
    step = {"next": 1, "last": -1, "the following": 1, "the previous": -1}.get(match["which"], 0)
    return context.reference.year + step, match.end(), True


def _own_year(context: Context, start: int) -> tuple[int, int, bool] | None:
    """The year before a quarter: 2026 Q1, next year's first quarter."""
    match = context.match(_YEARS_OWN, start)
    if match is None:
        return None
    if match["year"]:
        return int(match["year"]), match.end(), False
    return context.reference.year + {"next": 1, "last": -1}.get(match["which"], 0), match.end(), True


def quarter(context: Context, start: int) -> Found | None:
    """Q1 2026, 1Q26, 2026-Q1, the first quarter of next year, Q3."""
    own = _own_year(context, start)
    match = context.match(_QUARTER, own[1] if own else start)
    if match is None:
        return None
    number = int(match["a"] or match["b"]) if not match["word"] else _ORDINALS[match["word"]]
    return _in_year(context, own, match, number, quarter_of, "quarter")


def half(context: Context, start: int) -> Found | None:
    """H1 2026, the second half of the year, next year's first half."""
    own = _own_year(context, start)
    match = context.match(_HALF, own[1] if own else start)
    if match is None:
        return None
    number = int(match["a"] or match["b"]) if not match["word"] else _ORDINALS[match["word"]]

    def span(year_: int, which: int) -> Reading:
        begin = datetime(year_, 1 if which == 1 else 7, 1)
        return begin, add_months(begin, 6)

    if match["word"] and (of := re.compile(r" of (?:the )?").match(context.text, match.end())):
        inner = context.longest((decade, month, relative_unit), of.end())
        if inner is not None and inner[0].grain != "year" and len(inner[0].readings):
            halves = tuple((b, b + (e - b) / 2) if number == 1 else (b + (e - b) / 2, e) for b, e in inner[0].readings)
            return replace(
                inner[0], readings=tuple((midnight(b.date()), midnight(e.date())) for b, e in halves)
            ), inner[1]
    return _in_year(context, own, match, number, span, "half")


_PERIOD_CUE = re.compile(r"(?:\b(?:in|for|by|since|from|until|through|during|of|last|this|next|fiscal|late|early|mid|end of|after|before|and|to)[ -]|[(/] ?)$")
_PERIOD_AFTER = re.compile(r" (?:revenue|results?|earnings|sales|guidance|profits?|report|figures|numbers|capex|spending|shipments?|deliveries|outlook|forecast|loss|margins?)\b")


def _letter_is_sure(context: Context, match: re.Match[str]) -> bool:
    """Whether Q4 or H2 alone is a part of a year, not a quantisation, a chip or a heading."""
    if context.convention.bare:
        return True
    start, end = match.span()
    if not context.cased[start].isupper() or (context.text[start - 1 : start] or " ") not in " (/":
        return False
    around_it = _PERIOD_CUE.search(context.text, max(0, start - 10), start) or _PERIOD_AFTER.match(context.text, end)
    return bool(around_it) and context.text[end : end + 1] not in ("_", "`", "-") and not context.text.startswith(" quant", end)


def _in_year(
    context: Context,
    own: tuple[int, int, bool] | None,
    match: re.Match[str],
    number: int,
    span: Callable[[int, int], Reading],
    grain: Grain,
) -> Found | None:
    end, relative = match.end(), True
    value: int | None = None
    if own is not None:
        value, relative = own[0], own[2]
    elif of := _of_year(context, match.end()):
        value, end, relative = of
    elif (
        match["word"]
        and not context.convention.bare
        and grain == "half"
        and not re.search(r"(?:the|in|for|during) $|^$", context.text[max(0, match.start() - 8) : match.start()])
        and not match[0].startswith("the")
    ):
        return None
    if value is not None:
        return stretch(span(value, number), grain, relative=relative, said=Said(value)), end
    if not match["word"] and end == match.end() and not _letter_is_sure(context, match):
        return None
    year_ = context.reference.year
    of_the_year = end > match.end()
    if of_the_year and grain == "half":
        return stretch(span(year_, number), grain), end
    spans = [span(y, number) for y in range(year_ - 1, year_ + 2)]
    if match["a"] or match["b"] or of_the_year:
        # of the current year, or of the one after
        return Moment(kind="daterange", grain=grain, readings=tuple(spans[1:]), relative=True), end
    return Moment(kind="daterange", grain=grain, readings=around(spans, context.reference), relative=True), end


# --- months, weeks ------------------------------------------------------------------------------------------------------------


def month(context: Context, start: int) -> Found | None:
    """May 2026, Dec-2018, 2017 April, 2015-3, next month, this September, March."""
    return context.longest((_named_month, _relative_month, _numeric_month, _unit_month), start)


_MAY = re.compile(
    r"(?:in|by|since|until|till|before|after|from|to|of|last|next|this|early|late|mid|through|during|and|between|the|on|for|end of|starting|as of)[ -]$"
)


_MODAL = re.compile(r" (?:be|have|not|or|well|also|still|need|even|take|email|i|we|you|it|they)\b")


def _named_month(context: Context, start: int) -> Found | None:
    if match := context.match(_YEAR_MONTH, start):
        if not context.named(match, "month"):
            return None
        return calendar_month(month_value(match["month"]), int(match["year"]), context.reference), match.end()
    match = month_at(context, start)
    if match is None:
        return None
    value = month_value(match["month"])
    if after := context.match(_MONTH_YEAR, match.end()):
        short = after["short"] or after["apostrophe"]
        year_ = int(after["year"]) if after["year"] else full_year(int(short))
        return calendar_month(value, year_, context.reference), after.end()
    if (gap := re.compile(r",? (?:of )?").match(context.text, match.end())) and (
        spoken := year_in_words(context, gap.end())
    ):
        return calendar_month(value, spoken[0], context.reference), spoken[1]
    if of := days_en.year_after(context, match.end()):
        return replace(calendar_month(value, of[0], context.reference), relative=True), of[1]
    before = context.text[max(0, start - 12) : start]
    if (
        match["month"] in ("may", "march", "mar", "dec", "jan", "sept", "sep") or len(match["month"]) == 3
    ) and not _MAY.search(before):
        follow = context.text[match.end() : match.end() + 5]
        linked = re.match(r"\s?-\s?[a-z]|\s?(?:to|and|or) ", follow)
        if (
            (match["month"] in ("may", "march", "mar") and not linked)
            or before.endswith("$")
            or (not linked and not context.convention.bare and len(match["month"]) == 3)
        ):
            return None
    if before.endswith("$"):
        return None
    if match["month"] == "may" and re.match(
        r" (?:be|have|not|or|well|also|still|need|even|take|email|i|we|you|it|they)\b",
        context.text[match.end() : match.end() + 8],
    ):
        return None
    return calendar_month(value, None, context.reference), match.end()


def _relative_month(context: Context, start: int) -> Found | None:
    match = context.match(_REL_MONTH, start)
    if (
        match is None
        or match["which"] in ("the", "that")
        or not context.named(match, "month")
        or (match["month"] == "may" and _MODAL.match(context.text, match.end()))
    ):
        return None
    value, reference = month_value(match["month"]), context.reference
    if after := context.match(_MONTH_YEAR, match.end()):
        if after["year"]:
            return calendar_month(value, int(after["year"]), reference), after.end()
    year_ = reference.year
    if match["which"] in ("next", "coming", "upcoming"):
        year_ += value <= reference.month
    elif match["which"] in ("last", "past", "previous"):
        year_ -= value >= reference.month
    return replace(calendar_month(value, year_, reference), relative=True), match.end()


def _numeric_month(context: Context, start: int) -> Found | None:
    match = context.match(_NUMERIC_MONTH, start)
    if match is None or re.search(r"[\d$€.,-]\s?$", context.text[max(0, start - 2) : start]):
        return None
    if not context.convention.bare and (match["y2"] or "/" in match[0]):
        return None
    return calendar_month(
        int(match["m"] or match["m2"]), int(match["y"] or match["y2"]), context.reference
    ), match.end()


def _unit_month(context: Context, start: int) -> Found | None:
    found = context.parse(relative_unit, start)
    return found if found is not None and found[0].grain == "month" else None


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
            days_en.absolute,
            days_en.holiday,
            days_en.ordinal_day,
            days_en.relative_day,
            days_en.figure_day,
            days_en.bare_slashed,
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
    holiday = context.parse(days_en.holiday, start)
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


# --- counted stretches ------------------------------------------------------------------------------------------------------------


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
        if read is not None and (ago := days_en.AGO.match(context.text, read[1])) and not ago["from"]:
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
    unit = context.match(durations._UNIT_EN, after.end()) if after else None
    if after is None or unit is None:
        return None
    if number[0] != 1 and not unit["unit"].endswith("s"):
        return None  # "only 3 next week"
    entry = durations._EN[unit["unit"]]
    sign = 1 if after["which"] in ("next", "coming", "upcoming", "following") else -1
    return from_now(context, durations._build([(number[0], entry)]), sign), unit.end()



def nth_of(context: Context, start: int) -> Found | None:
    """The second week of 2021, first week of January, the last 3 weeks of this year, the third month of 2021."""
    match = context.match(_OF_WHICH, start)
    if match is None or match["word"] is None:
        return None
    nth = -1 if match["word"] in ("last", "final") else _nth(match["word"])
    count = durations.count_en(context, match.start("count")) if match["count"] else None
    if nth is None or (match["count"] and (count is None or count[1] != match.end("count") or nth not in (1, -1))):
        return None
    unit = match["unit"]
    whole = context.longest((month, year, relative_unit, decade, quarter, half), match.end())
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


def _nth(word: str) -> int | None:
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", word)
    if found:
        return int(found[1])
    number = numbers_en.parse(word, word, 0)
    return (
        int(number.value)
        if number is not None and number.ordinal and number.end == len(word) and number.value < 60
        else None
    )


# --- parts, decades, seasons ----------------------------------------------------------------------------------------------------------


def part(context: Context, start: int) -> Found | None:
    """Late 2026, mid-November, the end of next year, earlier this month, EOY, year-end."""
    if match := context.match(_YEAR_END, start):
        unit = {"y": "year", "m": "month", "w": "week"}[match["unit"]] if match["eo"] else match["word"]
        if unit == "week" and not context.convention.bare:
            return None
        reading = unit_stretch(unit, 0, context.reference)
        if reading is None:
            return None
        year_ = re.compile(r" (20\d\d)(?!\d)").match(context.text, match.end()) if unit == "year" else None
        if year_:
            return narrow(calendar_year(int(year_[1])), "end"), year_.end()
        return _half_of(stretch(reading, unit), "end", context), match.end()  # type: ignore[arg-type]  # a grain
    match = context.match(_PART, start)
    if match is None:
        return None
    word = match["of"] or match["adj"]
    which = _PART_OF[word]
    whole = context.longest((quarter, half, month, year, decade, relative_unit, week, _named_unit), match.end())
    if whole is None and match[0].endswith("the "):
        whole = context.longest((quarter, half, decade, relative_unit, week), match.end() - 4)
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
        return _half_of(moment, which, context), end
    return narrow(moment, which), end


_NAMED_UNIT = re.compile(r"(?P<unit>week|month|quarter|year|decade)(?![a-z])")


def _named_unit(context: Context, start: int) -> Found | None:
    """ "(end of) month", "(late in the) year": the current one."""
    match = context.match(_NAMED_UNIT, start)
    reading = unit_stretch(match["unit"], 0, context.reference) if match else None
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


def _half_of(moment: Moment, which: Part, context: Context) -> Moment:
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


def decade(context: Context, start: int) -> Found | None:
    """The 1990s, the nineties, '80s, the 15th century."""
    if match := context.match(_CENTURY, start):
        nth = _nth(match["ordinal"])
        if nth is None or not 10 < nth < 29:
            return None
        first = (nth - 1) * 100
        begin = match.start("ordinal") if match[0].startswith("the ") else start
        if begin != start and context.convention.bare:
            return None
        return stretch((datetime(first, 1, 1), datetime(first + 100, 1, 1)), "year", relative=False), match.end()
    match = context.match(_DECADE, start)
    if match is None or (match[0].startswith("the ") and context.convention.bare):
        return None
    if (
        match["short"]
        and not context.convention.bare
        and not re.search(r"(?:the|in|early|late|mid)[ -]'?$|'$", context.text[max(0, start - 6) : start])
        and not match[0].startswith(("the", "'"))
    ):
        return None
    if match["year"]:
        firsts = [int(match["year"]) * 10]
    else:
        two = int(match["short"]) if match["short"] else _DECADES[match["word"]]
        firsts = [1900 + two, 2000 + two]
        if context.convention is not None and not context.convention.bare:
            firsts = [min(firsts, key=lambda y: abs(y - context.reference.year))]
    moment = Moment(
        kind="daterange", grain="year", readings=tuple((datetime(f, 1, 1), datetime(f + 10, 1, 1)) for f in firsts)
    )
    if match["mod"]:
        cut = {"early": (0, 3), "mid": (3, 7), "late": (7, 10)}[match["mod"]]
        moment = replace(
            moment, readings=tuple((add_months(b, 12 * cut[0]), add_months(b, 12 * cut[1])) for b, _ in moment.readings)
        )
    return moment, match.end()


def season(context: Context, start: int) -> Found | None:
    """This summer, spring 2027, next autumn: of the northern half of the earth."""
    match = context.match(_SEASON, start)
    if match is None:
        return None
    first_month, code = _SEASON_MONTHS[match["season"]]
    which = match["which"] or match["which2"]
    if context.convention.more_kinds:
        year_ = match["year"] or (
            str(context.reference.year + {"next": 1, "last": -1}.get(which, 0)) if which not in (None, "the") else ""
        )
        begin = match.start("season") if which == "the" and not match["year"] else start
        return (
            (Moment(kind="daterange", grain="month", timex=f"{year_}-{code}" if year_ else code), match.end())
            if begin == start
            else None
        )
    if which in (None, "the") and not match["year"]:
        return None
    year_value = int(match["year"]) if match["year"] else _season_year(context.reference, first_month, which or "this")
    begin_at = datetime(year_value, first_month, 1)
    moment = stretch((begin_at, add_months(begin_at, 3)), "month", relative=not match["year"])
    return (narrow(replace(moment, grain="quarter"), _PART_OF[match["mod"]]) if match["mod"] else moment), match.end()


def _season_year(now: datetime, first_month: int, which: str) -> int:
    if which == "next":
        return now.year + (1 if now.month >= first_month else 0)
    if which == "last":
        return now.year - (0 if now.month > first_month + 2 else 1)
    return now.year


# --- durations from a date on, days of a month ------------------------------------------------------------------------------------------


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
    anchor = context.longest((days_en.day,), joint.end())
    if anchor is None or not anchor[0].readings:
        return None
    spans = tuple((r[0], shift(r[0], read[0], 1)) for r in anchor[0].readings)
    nearest = next((s for s in spans if s[0] >= midnight(context.reference.date())), spans[-1])
    grain: Grain = "day"
    return Moment(
        kind="daterange", grain=grain, readings=(nearest,), relative=anchor[0].relative, duration=read[0]
    ), anchor[1]


def days_of_month(context: Context, start: int) -> Found | None:
    """November 18-19, 9 to 12 of June, between 3 and 12 of Sept, 4-23 in next month."""
    opened = context.match(_DAYS_OF_MONTH, start)
    at = opened.end() if opened else start
    low = days_en.day_of_month(context, at)
    if low is not None:
        joint = context.match(_TO, low[1])
        if joint is None or ("and" in joint[0] and not (opened and "between" in opened[0])):
            return None
        high = days_en.day_of_month(context, joint.end())
        of = context.match(re.compile(r"(?: of| in)?(?: the)? "), high[1]) if high else None
        whole = context.parse(month, of.end()) if of and high else None
        if (
            whole is None
            or high is None
            or whole[0].grain != "month"
            or (opened and opened[0] == "on ")
            or whole[0].part
        ):
            return None
        return _days(context, whole[0], low[0], high[0], whole[1]) if low[0] < high[0] else None
    whole = _plain_month(context, at)
    if whole is None:
        return None
    gap = context.match(re.compile(r"\.?,? (?:the )?"), whole[1])
    low = days_en.day_of_month(context, gap.end()) if gap else None
    joint = context.match(_TO, low[1]) if low else None
    if low is None or joint is None or "and" in joint[0]:
        return None
    high = days_en.day_of_month(context, joint.end())
    if high is None or low[0] >= high[0]:
        return None
    said, end = whole[0], high[1]
    if year_ := days_en.year_after(context, end):
        said, end = calendar_month(said.said.month or 1, year_[0], context.reference), year_[1]
    return _days(context, said, low[0], high[0], end)


def _plain_month(context: Context, start: int) -> Found | None:
    match = month_at(context, start)
    if match is None:
        return None
    return calendar_month(month_value(match["month"]), None, context.reference), match.end()


def _days(context: Context, whole: Moment, low: int, high: int, end: int) -> Found | None:
    spans = []
    month_, year_ = whole.said.month, whole.said.year
    if month_ is None:
        return None
    for begin, _ in partial_date(Said(year_, month_, low), context.reference):
        last = safe_date(begin.year, begin.month, high)
        if last is not None:
            after = midnight(last) + (DAY if context.convention.range_includes_end else timedelta())
            spans.append((begin, after))
    return (
        (Moment(kind="daterange", grain="day", readings=tuple(spans), relative=whole.relative), end) if spans else None
    )


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
        found = context.longest((days_en.which_weekday, days_en.relative_day, days_en.weekday), at)
        if found is None:
            return None
        readings, end = found[0].readings, found[1]
    last = tuple((r[0] + timedelta(seconds=86399),) * 2 for r in readings)
    return Moment(kind="datetime", grain="time", readings=last, relative=True), end


def calendar_stretch(context: Context, start: int) -> Found | None:
    """A year, half, quarter, month, decade or season, by name."""
    return context.longest((year, half, quarter, month, decade, season), start)


def any_stretch(context: Context, start: int) -> Found | None:
    """Any stretch of days."""
    return context.longest(
        (
            year,
            half,
            quarter,
            month,
            week,
            decade,
            season,
            relative_unit,
            nth_of,
            part,
            counted,
            from_date,
            days_of_month,
            to_date,
            weekend,
        ),
        start,
    )
