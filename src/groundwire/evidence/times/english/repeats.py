"""Repeated times in English: every Monday, each two days, daily, weekends, 3pm each day."""

from __future__ import annotations

import re

from groundwire.evidence.times import durations
from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english import hours
from groundwire.evidence.times.english.words import MONTH, WEEKDAY, WEEKDAYS
from groundwire.evidence.times.spans import Moment

_EVERY = re.compile(r"(?:every|each|all|any)(?: other)? ")
_EVERYDAY = re.compile(r"everyday(?![a-z])")
_ADVERBS = {
    "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "bi-weekly": "P2W", "biweekly": "P2W", "fortnightly": "P2W",
    "monthly": "P1M",
    "bi-monthly": "P2M", "bimonthly": "P2M", "quarterly": "P3M", "semi-annually": "P0.5Y", "semiannually": "P0.5Y",
    "semi-annual": "P0.5Y",
    "biannually": "P0.5Y", "annually": "P1Y", "annual": "P1Y", "yearly": "P1Y", "hourly": "PT1H",
    "weekends": "P1WE", "weekdays": "P1WD",
}  # fmt: skip
_ADVERB = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, _ADVERBS), key=len, reverse=True))})(?![a-z])")
_ONCE = re.compile(
    r"(?:once|one|twice) (?:a|an|per|every|each) (?P<unit>second|minute|hour|day|week|month|quarter|year)(?![a-z])"
)
_UNITS = {
    "day": "P1D", "night": "TNI", "morning": "TMO", "afternoon": "TAF", "evening": "TEV", "week": "P1W",
    "weekend": "P1WE", "weekends": "P1WE", "month": "P1M", "quarter": "P3M", "year": "P1Y", "hour": "PT1H",
    "minute": "PT1M", "weekday": "P1WD", "weekdays": "P1WD", "fortnight": "P2W",
}  # fmt: skip
_UNIT = re.compile(rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![a-z])")
_WEEKDAY = re.compile(WEEKDAY)
_WEEKDAYS_PLURAL = re.compile(
    r"(?P<weekday>mon|tues|wednes|thurs|fri|satur|sun)days(?![a-z])|(?P<day>mon|tues|wednes|thurs|fri|satur"
    r"|sun)day (?P<part>morning|afternoon|evening|night)s(?![a-z])"
)
_MONTH = re.compile(MONTH)
_NTH_OF_MONTH = re.compile(r"(?:the )?(?P<day>[0-3]?\d)(?:st|nd|rd|th) of (?:every|each) month(?![a-z])")
_CLOCK_AFTER = re.compile(r",? (?:at |around )?")
_PARTS = {"morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI"}
DURATION_IS_SET = re.compile(r"(?: each| every) (?:day|week|month|year)")


def sets(context: Context, start: int) -> Found | None:
    """A repeated time, and its TIMEX."""
    if match := context.match(_NTH_OF_MONTH, start):
        return _set(f"XXXX-XX-{int(match['day']):02}"), match.end()
    if match := context.match(_EVERYDAY, start):
        return _with_clock(context, "P1D", match.end())
    if match := context.match(_ONCE, start):
        return _set(_UNITS.get(match["unit"], "P1D")), match.end()
    if match := context.match(_WEEKDAYS_PLURAL, start):
        code = f"XXXX-WXX-{WEEKDAYS[(match['weekday'] or match['day'])[:3]] + 1}"
        if match["part"]:
            return _set(code + _PARTS[match["part"]]), match.end()
        return _with_clock(context, code, match.end())
    if match := context.match(_EVERY, start):
        return _every(context, match)
    if match := context.match(_ADVERB, start):
        return _set(_ADVERBS[match[0]]), match.end()
    return _clock_first(context, start)


def _set(timex: str) -> Moment:
    return Moment(kind="set", timex=timex)


def _every(context: Context, match: re.Match[str]) -> Found | None:
    word = match[0].split()[0]
    at = match.end()
    if unit := context.match(_UNIT, at):
        if (word == "all" and unit["unit"] not in ("weekends", "weekdays")) or (
            word == "any" and unit["unit"] != "year"
        ):
            return None
        timex = _UNITS[unit["unit"]]
        if "other" in match[0] and timex.startswith("P1"):
            timex = "P2" + timex[2:]
        return _with_clock(context, timex, unit.end())
    if word in ("all", "any"):
        return None
    if weekday := context.match(_WEEKDAY, at):
        return _with_clock(context, f"XXXX-WXX-{WEEKDAYS[weekday['weekday'][:3]] + 1}", weekday.end())
    if month := context.match(_MONTH, at):
        return _set(f"XXXX-{list(_month_names()).index(month['month'][:3]) + 1:02}"), month.end()
    read = durations.english(context, at)
    return (_set(read[0].timex), read[1]) if read else None


def _month_names() -> list[str]:
    return ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _with_clock(context: Context, timex: str, end: int) -> Found:
    gap = context.match(_CLOCK_AFTER, end)
    clock = context.parse(hours.clock, gap.end()) if gap and gap.end() > end else None
    if clock is None and gap and "at " in gap[0]:
        clock = context.parse(hours.bare_clock, gap.end())
    if clock is None:
        return _set(timex), end
    code = _clock_code(clock[0].clock[0][0])
    return _set(timex + code if timex.startswith("XXXX") else code), clock[1]


def _clock_code(seconds: int) -> str:
    hour, minute = seconds // 3600, seconds // 60 % 60
    return f"T{hour:02}" + (f":{minute:02}" if minute else "")


def _clock_first(context: Context, start: int) -> Found | None:
    """3pm each day."""
    clock = context.parse(hours.clock, start)
    every = context.match(re.compile(r" (?:every|each) day(?![a-z])"), clock[1]) if clock else None
    return (_set(_clock_code(clock[0].clock[0][0])), every.end()) if clock and every else None
