"""Weekdays in English: Friday, next Monday, Tuesday of last week, the first Monday of May."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english import calendar, hours, months, relative
from groundwire.evidence.times.english.words import WEEKDAY, WEEKDAYS, weekday_at
from groundwire.evidence.times.spans import (
    Moment,
    Said,
    at_clock,
    day_part,
    midnight,
    nth_weekday,
    one_day,
    partial_date,
    safe_date,
    week_of,
)

_WHICH = (
    r"(?P<which>next|following|this coming|this upcoming|this past|this|coming|upcoming|last|previous"
    r"|preceding|past|current)"
)
_WHICH_WEEKDAY = re.compile(rf"(?:the )?{_WHICH} (?:week(?:'s)? (?:- ?|on )?)?{WEEKDAY}")
OF_WEEK = re.compile(rf"(?:,? (?:of |in )?(?:the )?|\s?[-,]?\s?(?:how about )?){_WHICH} week(?![a-z])")
_IN_WEEK = re.compile(rf"(?:the )?{_WHICH} week(?:'s)?(?:,? (?:on )?|\s?-\s?|, how about on ){WEEKDAY}")
_NTH = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "last": -1,
}
_NTH_WEEKDAY = re.compile(
    rf"(?:the )?(?P<nth>{'|'.join(_NTH)}) {WEEKDAY}(?P<part> (?:morning|afternoon|evening|night))? (?:of|in) (?:the )?"
)
_WEEKDAY_SEPARATOR = re.compile(r"(?:\s?[,-]\s?|\s?\(\s?| (?:the )?)")


def weekday(context: Context, start: int) -> Found | None:
    """Friday; with a date: Friday, March 5; Friday the 26th; friday (jun-15); Monday 21."""
    match = weekday_at(context, start)
    if match is None:
        return None
    value = WEEKDAYS[match["weekday"][:3]]
    short = len(match["weekday"]) <= 3 and match["weekday"] in ("sat", "sun", "mon", "wed", "fri")
    if separator := context.match(_WEEKDAY_SEPARATOR, match.end()):
        at = separator.end()
        dated = (
            context.parse(calendar.absolute, at)
            or _slashed_on(context, at, value)
            or (context.parse(relative.relative_day, at) if "," in separator[0] else None)
        )
        if dated is not None and dated[0].kind == "date":
            end = dated[1] + (context.text[dated[1] : dated[1] + 1] == ")" and "(" in separator[0])
            return dated[0], end
        day = calendar.day_of_month(context, at)
        if day is not None and separator[0].strip() in ("", "the", "(", "-"):
            if _followed_by_clock(context, day[1]) and not day[2] and ":" in context.text[at : day[1] + 1]:
                pass
            elif day[2] and "the" in separator[0]:
                this = _that_day(context, day[0], value)
                if this is not None:
                    return this, day[1]
            elif day[2] or (day[0] > 12 and context.text[at].isdigit()):
                said = Said(None, None, day[0], value)
                return Moment(
                    kind="date", readings=partial_date(said, context.reference), said=said, relative=True
                ), day[1]
    if short and re.search(r"(?:the|a|in) $", context.text[max(0, start - 4) : start]):
        return None  # the sun
    if short and not context.convention.bare and not _weekday_is_sure(context, start, match.end()):
        return None
    said = Said(weekday=value)
    return Moment(kind="date", readings=partial_date(said, context.reference), said=said, relative=True), match.end()


def _slashed_on(context: Context, start: int, value: int) -> Found | None:
    """7/6 or, if that was or is such a weekday, 7-6 (else those are hours)."""
    found = calendar.bare_slashed(context, start, dashes=True)
    if (
        found is None
        or "-" not in context.text[start : found[1]]
        or any(r[0].weekday() == value for r in found[0].readings)
    ):
        return found
    return None


def _that_day(context: Context, day: int, value: int) -> Moment | None:
    """Wednesday the 31st: the nearest month in which that is so, this one first."""
    said = Said(None, None, day, value)
    readings = partial_date(said, context.reference)
    here = safe_date(context.reference.year, context.reference.month, day)
    if here is not None and here.weekday() == value:
        readings = (one_day(here),)
    return Moment(kind="date", readings=readings, said=said, relative=True) if readings else None


def _followed_by_clock(context: Context, end: int) -> bool:
    return context.text[end : end + 1] == ":"


def _weekday_is_sure(context: Context, start: int, end: int) -> bool:
    return (
        bool(
            re.search(r"(?:on|by|until|since|before|after|next|last|this|,) $", context.text[max(0, start - 8) : start])
        )
        and not context.text[end : end + 1].isalnum()
    )


def which_week(which: str) -> int:
    """How many weeks away "this", "next" or "last" is."""
    return {
        "next": 1,
        "following": 1,
        "coming": 1,
        "upcoming": 1,
        "last": -1,
        "previous": -1,
        "preceding": -1,
        "past": -1,
    }.get(which, 0)


def which_weekday(context: Context, start: int) -> Found | None:
    """Next Monday, this past Wednesday, Tuesday of last week, next week on Friday."""
    text = context.text
    for pattern in (_IN_WEEK, _WHICH_WEEKDAY):
        if match := context.match(pattern, start):
            if not context.named(match, "weekday"):
                continue
            value = WEEKDAYS[match["weekday"][:3]]
            in_week = " week" in match[0]
            day = the_weekday(context.reference, match["which"], value, in_week=in_week)
            end = match.end()
            if (dated := _AND_DATE.match(text, end)) and (
                more := context.parse(calendar.absolute, dated.end())
                or calendar.bare_slashed(context, dated.end(), dashes=True)
            ):
                close = text[more[1] : more[1] + 1] == ")" and "(" in dated[0]
                return more[0], more[1] + close
            return Moment(kind="date", readings=(one_day(day),), relative=True), end
    match = weekday_at(context, start)
    if match and (week := context.match(OF_WEEK, match.end())):
        day = the_weekday(context.reference, week["which"], WEEKDAYS[match["weekday"][:3]], in_week=True)
        return Moment(kind="date", readings=(one_day(day),), relative=True), week.end()
    return None


_AND_DATE = re.compile(r"(?:\s?[,-]\s?|\s?\(\s?| (?=\d{1,2}/))")


def the_weekday(reference: datetime, which: str, value: int, *, in_week: bool) -> datetime:
    """The day that "next Monday" and the like mean."""
    monday = week_of(reference.date())
    if in_week:
        return monday + timedelta(weeks=which_week(which), days=value)
    if which in ("coming", "upcoming", "this coming", "this upcoming"):
        return midnight(reference.date() + timedelta(days=(value - reference.weekday() - 1) % 7 + 1))
    if which in ("this past", "past"):
        return midnight(reference.date() - timedelta(days=(reference.weekday() - value - 1) % 7 + 1))
    return monday + timedelta(weeks=which_week(which), days=value)


_OFFSET_WEEKDAY = re.compile(rf"{WEEKDAY},? ")
_ON_WEEKDAY = re.compile(rf",? on {WEEKDAY}")


def offset_weekday(context: Context, start: int) -> Found | None:
    """Monday two weeks from now; in 3 days on Friday: that weekday, in that week or next after."""
    if match := context.match(_OFFSET_WEEKDAY, start):
        found = context.parse(relative.offset, match.end())
        if not context.named(match, "weekday"):
            return None
        name, end = match["weekday"], found[1] if found else 0
    else:
        found = context.parse(relative.offset, start)
        on = context.match(_ON_WEEKDAY, found[1]) if found else None
        if on is None:
            return None
        name, end = on["weekday"], on.end()
    if found is None or found[0].kind != "date" or (context.text[start : start + 3] == "in " and match is not None):
        return None
    day = found[0].readings[0][0]
    # that weekday in the same week, counted from Sunday
    moved = day + timedelta(days=(WEEKDAYS[name[:3]] + 1) % 7 - (day.weekday() + 1) % 7)
    return Moment(kind="date", readings=(one_day(moved.date()),), relative=True), end


def nth_weekday_of(context: Context, start: int) -> Found | None:
    """The first Monday of next month, the last Friday in May 2026."""
    match = context.match(_NTH_WEEKDAY, start)
    if match is None:
        return None
    month = context.parse(months.month, match.end())
    if month is None or month[0].grain != "month":
        return None
    days = []
    for begin, _ in month[0].readings:
        day = nth_weekday(begin.year, begin.month, WEEKDAYS[match["weekday"][:3]], _NTH[match["nth"]])
        if day is not None:
            days.append(one_day(day))
    if not days:
        return None
    moment = Moment(kind="date", readings=tuple(days), relative=month[0].relative)
    if match["part"]:
        return at_clock(moment, day_part(hours.PART_HOURS[match["part"].strip()])), month[1]
    return moment, month[1]
