"""Times of day in English: 9:30 pm, half past seven, noon, in the morning, from 9 to 10:30."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from groundwire.evidence.amounts import english_numbers
from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.spans import (
    AFTERNOON,
    EVENING,
    MORNING,
    NIGHT,
    Moment,
    Part,
    clock_range,
    clock_time,
    day_part,
)

Half = Literal["", "am", "pm"]
_HOURS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_HOUR_WORDS = {word: value for value, word in enumerate(_HOURS, 1)}
_MERIDIEM = r"(?P<half>a\s?\.?\s?m\b(?:\s?\.)?|p\s?\.?\s?m\b(?:\s?\.)?|ampm|[ap]\b)"
_AMPM = re.compile(rf"\s{{0,2}}\.?{_MERIDIEM}")
_COLON = re.compile(r"(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])")
_DOT = re.compile(r"(?P<hour>[01]?\d|2[0-4])\.(?P<minute>[0-5]\d)(?!\d|\.\d|%)")
_PACKED = re.compile(r"(?P<hour>[01]?\d|2[0-4])(?P<minute>[0-5]\d)(?!\d|[.:/]\d)")
_BARE = re.compile(r"(?P<hour>[01]?\d|2[0-4])(?![\d:/%]|[.,]\d|-\d{4}|\s?(?:st|nd|rd|th)\b)")
_OCLOCK = re.compile(r"\s?o\s?'?\s?clock")
_ISH = re.compile(r"\s?-?ish\b")
_NOON = re.compile(r"(?:12 )?(?P<noon>noon|mid-?day)(?P<ish>ish)?\b|(?:12 )?(?P<night>mid[ -]?night)\b")
_PAST = re.compile(
    r"(?:(?P<half>half)|(?:a )?(?P<quarter>quarter)|(?P<minutes>[0-5]?\d"
    r"|[a-z]+(?:[- ][a-z]+)?)(?: min(?:ute)?s?)?) (?P<way>past|to|till|before|of|after) "
)
_ZONE = re.compile(
    r"\s?(?:\(?(?:utc|gmt|pst|pdt)(?:[+-]\d{1,2}(?::\d{2})?)?\)?(?![a-z])|(?:mountain|pacific|eastern|central"
    r"|beijing|london|local) time(?:zone)?\b)"
)
_PARTS = re.compile(
    r"(?:(?P<in>(?:in|during|over) )?(?P<the>the )?|(?P<at>at ))"
    r"(?:(?P<mod>early|late|mid|later|earlier)(?:[- ](?:in the )?|-))?"
    r"(?P<part>mornings?|afternoons?|evenings?|night-?times?|nights?|day-?time|lunch-?time|lunch|dinner-?time"
    r"|breakfast-?time|business hours?|working hours)\b"
)
PART_HOURS: dict[str, tuple[int, int]] = {
    "morning": MORNING, "afternoon": AFTERNOON, "evening": EVENING, "night": NIGHT, "nighttime": (0, 8),
    "daytime": (8, 18),
    "lunchtime": (11, 13), "lunch": (11, 13), "dinnertime": (16, 20), "breakfasttime": (8, 12),
    "businesshours": (8, 18),
    "businesshour": (8, 18), "workinghours": (8, 18),
}  # fmt: skip
_PART_HALF: dict[str, Half] = {"morning": "am", "afternoon": "pm", "evening": "pm", "night": "pm"}
_OF_PART = re.compile(
    r",? (?:(?:in|during) (?:the )?|at (?=night)|of the )?(?:early |late )?(?P<part>morning|afternoon|evening"
    r"|night)\b(?! of)"
)
TO = re.compile(r"\s?(?:-|~|—)\s?|\s(?:to|till|til|until|thru|through)\s")
_AND = re.compile(r" and ")
_FROM = re.compile(r"(?P<between>between )|(?:from |start(?:ing)? from )")
MODS: dict[str, Part] = {"early": "start", "earlier": "start", "late": "end", "later": "end", "mid": "mid"}


def half_of(match: re.Match[str] | None) -> Half:
    """am or pm of a meridiem match."""
    if match is None:
        return ""
    letters = match["half"].replace(" ", "").replace(".", "")
    return "" if letters == "ampm" else "am" if letters[0] == "a" else "pm"


def clock(context: Context, start: int) -> Found | None:
    """A time of day that says of itself that it is one: a colon, am or pm, o'clock, noon, half past."""
    found = _clock(context, start)
    if found is None:
        return None
    return _in_part(context, *found)


def zone_end(context: Context, end: int) -> int:
    """Past a time zone, which a time may be followed by."""
    zone = context.match(_ZONE, end)
    return zone.end() if zone else end


def _clock(context: Context, start: int) -> Found | None:
    text = context.text
    if match := context.match(_NOON, start):
        moment = clock_time(12, half="pm") if match["noon"] else clock_time(0)
        return (moment, match.end()) if moment else None
    if (match := context.match(_PAST, start)) and (found := _past(context, match)):
        return found
    for pattern in (_COLON, _DOT, _PACKED, _BARE):
        if (match := context.match(pattern, start)) is None:
            continue
        groups = match.groupdict()
        end = match.end()
        meridiem = context.match(_AMPM, end)
        if meridiem and meridiem["half"] in ("a", "p") and text[end : end + 1] == " ":
            meridiem = None
        if meridiem and meridiem[0].strip().startswith(".") and pattern is not _BARE:
            meridiem = None
        oclock = context.match(_OCLOCK, end)
        ish = context.match(_ISH, end)
        if meridiem is None and oclock is None and ish is None and pattern is not _COLON:
            continue
        moment = clock_time(
            int(groups["hour"]), int(groups.get("minute") or 0), int(groups.get("second") or 0), half=half_of(meridiem)
        )
        if moment is None:
            continue
        if ish:
            moment = replace(moment, clock=moment.clock[:1], fixed=True)
        tail = meridiem or oclock or ish
        end = _trim(text, tail.end(), tail) if tail else end
        return moment, end
    return _spoken(context, start)


def _trim(text: str, end: int, tail: re.Match[str]) -> int:
    """Leave out the point that ends the sentence, not the one of "p.m."."""
    if text[end - 1 : end] == "." and tail[0].count(".") == 1:
        return end - 1
    return end


def _number(text: str, start: int, top: int) -> tuple[int, int] | None:
    """A whole number up to ``top``, in words."""
    if start >= len(text) or not text[start].isalpha():
        return None
    number = english_numbers.parse(text, text, start)
    while number is not None and number.value > top:
        cut = max(text.rfind(" ", start, number.end), text.rfind("-", start, number.end))
        number = english_numbers.parse(text[:cut], text[:cut], start) if cut > start else None
    if number is None or number.ordinal or number.value.denominator != 1 or number.value < 0 or number.form != "words":
        return None
    return int(number.value), number.end


def _spoken(context: Context, start: int) -> Found | None:
    """Seven p m, five-thirty, nine thirty, seven twenty-seven, seven o'clock."""
    text = context.text
    hour = _hour_word(text, start)
    if hour is None:
        return None
    value, end = hour
    minute = 0
    if text[end : end + 1] in (" ", "-") and (more := _number(text, end + 1, 59)) and more[0] >= 10:
        minute, end = more
    elif end < len(text) and (digits := re.compile(r" ([1-5]\d)(?![\d:.])").match(text, end)):
        minute, end = int(digits[1]), digits.end()
    meridiem = context.match(_AMPM, end)
    if meridiem and meridiem["half"] in ("a", "p"):
        meridiem = None
    tail = meridiem or context.match(_OCLOCK, end) or context.match(_ISH, end)
    if not minute and tail is None:
        return None
    if minute and tail is None and not context.convention.bare:
        return None
    moment = clock_time(value, minute, half=half_of(meridiem))
    return (moment, _trim(text, tail.end(), tail) if tail else end) if moment else None


def _hour_word(text: str, start: int) -> tuple[int, int] | None:
    match = re.compile(r"[a-z]+").match(text, start)
    value = _HOUR_WORDS.get(match[0]) if match else None
    return (value, match.end()) if value is not None and match else None


def _past(context: Context, match: re.Match[str]) -> Found | None:
    text = context.text
    if match["way"] in ("before", "of", "after") and not (match["half"] or match["quarter"]):
        return None
    if match["half"] or match["quarter"]:
        minutes = 30 if match["half"] else 15
    elif match["minutes"].isdigit():
        minutes = int(match["minutes"])
    else:
        spoken = _number(text, match.start("minutes"), 59)
        if spoken is None or spoken[1] != match.end("minutes"):
            return None
        minutes = spoken[0]
    digits = context.match(_BARE, match.end())
    hour = (int(digits["hour"]), digits.end()) if digits else _hour_word(text, match.end())
    if hour is None or (match["way"] in ("to", "till") and match["minutes"]):
        return None
    total = hour[0] * 60 + (minutes if match["way"] in ("past", "after") else -minutes)
    end = hour[1]
    if oclock := context.match(_OCLOCK, end):
        end = oclock.end()
    meridiem = context.match(_AMPM, end)
    if meridiem and meridiem["half"] in ("a", "p"):
        meridiem = None
    moment = clock_time(total // 60, total % 60, half=half_of(meridiem))
    return (moment, _trim(text, meridiem.end(), meridiem) if meridiem else end) if moment else None


def bare_clock(context: Context, start: int) -> Found | None:
    """A time that only its place shows to be one: 5, 6.45, 0930, seven (after "at", beside dates)."""
    if found := context.parse(clock, start):
        return found
    for pattern in (_DOT, _PACKED, _BARE):
        if match := context.match(pattern, start):
            groups = match.groupdict()
            moment = clock_time(int(groups["hour"]), int(groups.get("minute") or 0))
            return _in_part(context, moment, match.end()) if moment else None
    if (hour := _hour_word(context.text, start)) and (moment := clock_time(hour[0])):
        return _in_part(context, moment, hour[1])
    return None


def _in_part(context: Context, moment: Moment, end: int) -> Found:
    """An hour, and the part of the day that may follow it: 7 in the evening."""
    part = context.match(_OF_PART, end)
    if part is None:
        return moment, end
    half = _PART_HALF[part["part"]]
    if moment.fixed:
        return moment, part.end()
    wanted = [c for c in moment.clock if (c[0] >= 43200) == (half == "pm")] or list(moment.clock)
    if part["part"] == "night":
        wanted = [c for c in moment.clock if c[0] >= 18 * 3600] or [min(moment.clock)]
    return replace(moment, clock=(wanted[0],), fixed=True), part.end()


def part_of_day(context: Context, start: int) -> Found | None:
    """In the morning, late afternoon, lunchtime; with an hour: in the morning at 7."""
    match = context.match(_PARTS, start)
    if match is None:
        return None
    name = match["part"].replace("-", "").replace(" ", "")
    plural = name.endswith("s") and name not in PART_HOURS
    name = name.rstrip("s") if plural else name
    if name == "lunch" and not match["at"]:
        return None
    begin_word = match["in"] or match["at"]
    if (match["mod"] and match["in"] and not match["the"]) or (name == "night" and match["mod"] == "mid"):
        return None
    moment = day_part(PART_HOURS[name], MODS.get(match["mod"] or "", ""))
    end = match.end()
    if name in _PART_HALF and (at := re.compile(r" (?:at |around )?").match(context.text, end)):
        hour = context.parse(bare_clock if "at" in at[0] else clock, at.end())
        if hour is not None and ("at" in at[0] or begin_word):
            half = _PART_HALF[name]
            wanted = [c for c in hour[0].clock if (c[0] >= 43200) == (half == "pm")] or list(hour[0].clock)
            return replace(hour[0], clock=(wanted[0],), fixed=True), hour[1]
    return moment, end


def early_part(context: Context, start: int) -> Found | None:
    """Early in the morning, later in the evening."""
    match = re.compile(r"(?P<mod>early|late|later|earlier) in the (?P<part>morning|afternoon|evening|night)\b").match(
        context.text, start
    )
    if match is None:
        return None
    return day_part(PART_HOURS[match["part"]], MODS[match["mod"]]), match.end()


def clocks(context: Context, start: int) -> Found | None:
    """A range of times: from 9 to 10:30, between 3 and 8pm, 2:00 - 2:30 pm, 8-9am."""
    text = context.text
    opened = context.match(_FROM, start)
    at = opened.end() if opened else start
    first = context.parse(bare_clock, at)
    if first is None:
        return None
    between = bool(opened and opened["between"])
    joint = context.match(TO, first[1]) or (context.match(_AND, first[1]) if between else None)
    if joint is None:
        return None
    last = context.parse(bare_clock, joint.end())
    if last is None:
        return None
    own = context.parse(clock, at)
    telling = (
        opened is not None or (own is not None and own[1] >= first[1]) or context.parse(clock, joint.end()) is not None
    )
    low, high, end = first[0], last[0], last[1]
    telling = telling or (high.fixed and not high.clock[0][0] // 3600 > 12)
    if not (telling or context.convention.bare):
        return None
    if not telling and (
        not _LONE_HOURS.search(text[max(0, start - 2) : end + 2]) or re.match(r"\s?[a-z%$]", text[end : end + 2])
    ):
        return None
    moment = clock_range(low, high)
    return (moment, end) if moment is not None else None


_LONE_HOURS = re.compile(r"(?:^|[^\d-])[ ]?(?<![\d.,-])\d{1,2}\s?(?:-|~|—|to|till?|until)\s?\d{1,2}(?![\d-])")
