"""Times of day in Chinese: 下午5点一刻, 晚上七点半, 19:30, 凌晨, 下午5:00到6:00."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from groundwire.evidence.amounts import chinese_numbers
from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.spans import (
    AFTERNOON,
    EVENING,
    MORNING,
    NIGHT,
    Moment,
    clock_range,
    clock_time,
    day_part,
)

NUMERAL = r"(?:\d{1,2}|[〇零一二两三四五六七八九十]{1,3})"
_PARTS: dict[str, tuple[tuple[int, int], Literal["", "am", "pm"]]] = {
    "凌晨": ((0, 5), "am"), "清晨": ((5, 8), "am"), "早晨": (MORNING, "am"), "早上": (MORNING, "am"),
    "早间": (MORNING, "am"), "清早": (MORNING, "am"), "今早": (MORNING, "am"),
    "一早": (MORNING, "am"), "早": (MORNING, "am"), "晨": (MORNING, "am"), "上午": (MORNING, "am"),
    "午前": (MORNING, "am"), "午间": ((11, 13), ""), "中午": ((11, 13), ""), "正午": ((12, 12), "pm"),
    "下午": (AFTERNOON, "pm"), "午后": (AFTERNOON, "pm"), "傍晚": ((17, 19), "pm"), "晚上": (EVENING, "pm"),
    "晚间": (EVENING, "pm"), "夜晚": (EVENING, "pm"),
    "夜里": (NIGHT, ""), "夜间": (NIGHT, ""), "深夜": (NIGHT, ""), "半夜": (NIGHT, ""), "午夜": ((0, 0), ""),
    "晚": (EVENING, "pm"), "夜": (NIGHT, ""), "白天": ((8, 18), ""),
}  # fmt: skip
_LONE = frozenset(("早", "晨", "晚", "夜", "一早"))
PART = rf"(?P<part>{'|'.join(sorted(_PARTS, key=len, reverse=True))})"
_PART = re.compile(rf"{PART}(?:的)? ?")
_CLOCK = re.compile(
    rf"(?:(?P<hour>{NUMERAL}) ?(?P<mark>点钟?|时)(?!间|代|候|装|评|击|赞"
    rf"|子|亮|名|出|明|滴|心|缀|燃|,\d|[多几]?[万亿倍])(?P<sharp>整)?"
    rf"(?: ?(?:(?P<half>半)(?!年|个|天|小时)|(?P<quarters>[一二三1-3])刻"
    rf"|(?P<minute>{NUMERAL}) ?分(?!钟前|钟后"
    rf"|之)(?:(?P<second>{NUMERAL}) ?秒)?"
    rf"|(?P<spoken>[零一二三四五六七八九十]{{2,3}})"
    rf"(?![零一二三四五六七八九十点个年月日号]))|)"
    r"|(?P<h>[01]?\d|2[0-4]) ?: ?(?P<m>[0-5]\d)(?: ?: ?(?P<s>[0-5]\d))?(?!\d)(?: ?(?P<ampm>[ap]\.? ?m(?![a-z])\.?))?"
    r"|(?P<h12>[01]?\d) ?(?P<ampm12>[ap]\.?m(?![a-z])\.?))"
)
_ABOUT = re.compile(r"(?:大约|大概|约|差不多|将近|接近) ?")
_TO = re.compile(r" ?(?:-|~|—|到|至|–) ?")
_HOUR_ONLY = re.compile(rf"(?P<hour>{NUMERAL})(?= ?(?:-|~|到|至) ?{NUMERAL} ?[点时])")
_OPEN = re.compile(r"(?:从|自|在) ?")


def number(text: str) -> int:
    """The value of a numeral of one to three characters, digits or Chinese; -1 if it is none."""
    if text.isdigit():
        return int(text)
    found = chinese_numbers.parse(text, 0)
    return int(found.value) if found is not None and found.end == len(text) and found.value.denominator == 1 else -1


def clock(context: Context, start: int) -> Found | None:
    """A time of day, with its part of the day."""
    if not context.convention.more_kinds and (context.text[start - 1 : start] in ("第", ".")):
        return None
    about = context.match(_ABOUT, start)
    at = about.end() if about else start
    part = context.match(_PART, at)
    at = part.end() if part else at
    if part and (inner := context.match(_ABOUT, at)):
        at = inner.end()
    match = context.match(_CLOCK, at)
    if match is None:
        return None
    moment = _read(match)
    if moment is None:
        return None
    if part:
        moment = in_part(moment, part["part"])
    # "大约十点" is said as one
    return moment, match.end()


def _read(match: re.Match[str]) -> Moment | None:
    if match["hour"]:
        hour, minute = number(match["hour"]), 0
        if match["half"]:
            minute = 30
        elif match["quarters"]:
            minute = number(match["quarters"]) * 15
        elif match["minute"]:
            minute = number(match["minute"])
        elif match["spoken"]:
            minute = number(match["spoken"])
        if hour < 0 or minute < 0:
            return None
        return clock_time(hour, minute, number(match["second"]) if match["second"] else 0)
    if match["h12"]:
        return clock_time(int(match["h12"]), half="am" if match["ampm12"][0] == "a" else "pm")
    half: Literal["", "am", "pm"] = "" if not match["ampm"] else "am" if match["ampm"][0] == "a" else "pm"
    return clock_time(int(match["h"]), int(match["m"]), int(match["s"] or 0), half=half)


def in_part(moment: Moment, part: str) -> Moment:
    """The reading of a clock that lies in the part of the day."""
    if moment.fixed:
        return moment
    half = _PARTS[part][1]
    if half:
        wanted = [c for c in moment.clock if (c[0] >= 43200) == (half == "pm")]
        if part in ("晚上", "晚间", "晚", "夜晚") and all(c[0] % 43200 == 0 for c in moment.clock):
            wanted = [(0, 0)]
    else:
        hours = _PARTS[part][0]
        wanted = [c for c in moment.clock if hours[0] - 1 <= c[0] / 3600 <= hours[1]] or [min(moment.clock)]
    return replace(moment, clock=tuple(wanted[:1] or moment.clock[:1]), fixed=True)


def part_of_day(context: Context, start: int) -> Found | None:
    """下午, 晚上."""
    match = context.match(re.compile(PART), start)
    if match is None or match["part"] in _LONE:
        return None
    return day_part(_PARTS[match["part"]][0]), match.end()


def lone_part(context: Context, start: int) -> Found | None:
    """A part of the day after a day, where one character is enough (昨晚, 11月20日晚)."""
    match = context.match(re.compile(rf" ?{PART}(?!期|年|会|于|些|点|餐|报|盘)"), start)
    return (day_part(_PARTS[match["part"]][0]), match.end()) if match else None


def clocks(context: Context, start: int) -> Found | None:
    """A range of times."""
    opened = context.match(_OPEN, start)
    at = opened.end() if opened else start
    part = context.match(_PART, at)
    first = context.parse(clock, at)
    if first is None and (match := context.match(_HOUR_ONLY, part.end() if part else at)):
        hour = clock_time(number(match["hour"]))
        if hour is not None:
            first = (in_part(hour, part["part"]) if part else hour), match.end()
    joint = context.match(_TO, first[1]) if first else None
    last = context.parse(clock, joint.end()) if joint else None
    if first is None or last is None:
        return None
    low, high = first[0], last[0]
    if low.fixed and not high.fixed and part:
        same = [c for c in high.clock if c[0] > low.clock[0][0]]
        high = replace(high, clock=tuple(same[:1]) or high.clock[:1], fixed=True)
    both = clock_range(low, high)
    return (both, last[1]) if both else None
