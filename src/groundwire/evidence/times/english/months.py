"""Months in English: May 2026, next month, March, November 18-19."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english import calendar, weeks
from groundwire.evidence.times.english.words import MONTH, YEAR_VALUE, full_year, month_at, month_value, year_in_words
from groundwire.evidence.times.spans import DAY, Moment, Said, calendar_month, midnight, partial_date, safe_date

_MONTH_YEAR = re.compile(
    rf"(?:\.?,? (?:of |in )?|\s?[-/.]\s?)(?:the year )?{YEAR_VALUE}(?!\d|[.,]\d|%)|\.? of '?(?P<short>\d\d)(?!\d)"
    rf"|\.? ?'(?P<apostrophe>\d\d)(?!\d)"
)
_YEAR_MONTH = re.compile(rf"{YEAR_VALUE}(?:[-/, ]|, ){MONTH}")
_NUMERIC_MONTH = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s?(?P<s>[-/])\s?(?P<m>0?[1-9]|1[0-2])(?![\d:]|\s?[-/]\s?\d|\.\d)|(?P<m2>0?[1-9]"
    r"|1[0-2])\s?(?P<s2>[-/])\s?(?P<y2>(?:19|20)\d\d)(?!\d|\s?[-/]\d)"
)
_REL_MONTH = re.compile(
    rf"(?P<which>this|next|last|past|coming|the|that|previous|upcoming) {MONTH}(?! \d{{1,2}}(?!\d))"
)
_DAYS_OF_MONTH = re.compile(r"(?:on |from |between )?")
_TO = re.compile(r"\s?(?:-|~)\s?|\s(?:to|through|thru|till|until|and)\s")


def month(context: Context, start: int) -> Found | None:
    """May 2026, Dec-2018, 2017 April, 2015-3, next month, this September, March."""
    return context.longest((_named_month, _relative_month, _numeric_month, _unit_month), start)


_MAY = re.compile(
    r"(?:in|by|since|until|till|before|after|from|to|of|last|next|this|early|late|mid|through|during|and|between|the"
    r"|on|for|end of|starting|as of)[ -]$"
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
    if of := calendar.year_after(context, match.end()):
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
    if (after := context.match(_MONTH_YEAR, match.end())) and after["year"]:
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
    found = context.parse(weeks.relative_unit, start)
    return found if found is not None and found[0].grain == "month" else None


def days_of_month(context: Context, start: int) -> Found | None:
    """November 18-19, 9 to 12 of June, between 3 and 12 of Sept, 4-23 in next month."""
    opened = context.match(_DAYS_OF_MONTH, start)
    at = opened.end() if opened else start
    low = calendar.day_of_month(context, at)
    if low is not None:
        joint = context.match(_TO, low[1])
        if joint is None or ("and" in joint[0] and not (opened and "between" in opened[0])):
            return None
        high = calendar.day_of_month(context, joint.end())
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
    low = calendar.day_of_month(context, gap.end()) if gap else None
    joint = context.match(_TO, low[1]) if low else None
    if low is None or joint is None or "and" in joint[0]:
        return None
    high = calendar.day_of_month(context, joint.end())
    if high is None or low[0] >= high[0]:
        return None
    said, end = whole[0], high[1]
    if year_ := calendar.year_after(context, end):
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
