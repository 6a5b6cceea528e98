"""Days with times, and ranges, in Chinese: 11月20日 09:30, 从A到B, A至B, A和B之间."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from groundwire.evidence.times.chinese import days, hours, stretches
from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.spans import Kind, Moment, at_clock, following, midnight, partial_date, partial_month

_GAP = re.compile(r"[,，]? ?的? ?")


def dated(context: Context, start: int) -> Found | None:
    """A day with its time or part of the day; or the day alone."""
    found = context.parse(days.day, start)
    if found is None or found[0].kind != "date" or not found[0].readings:
        return found
    day, end = found
    gap = context.match(_GAP, end)
    at = gap.end() if gap else end
    best = context.longest((hours.clocks, hours.clock), at)
    if best is not None and not re.match(
        r" ?(?:\d{1,2}|[一二三四五六七八九十]) ?分(?!钟)", context.text[best[1] : best[1] + 4]
    ):
        return at_clock(day, best[0]), best[1]
    part = context.parse(hours.lone_part, end)
    if part is not None:
        return at_clock(day, part[0]), part[1]
    return found


_NOW = re.compile(r"(?:现在|目前|马上|立刻|立即|此刻)(?![的])")


def now(context: Context, start: int) -> Found | None:
    """现在, 马上."""
    match = context.match(_NOW, start)
    here = midnight(context.reference.date()) if match and match[0] in ("马上", "立刻", "立即") else context.reference
    return (
        (
            Moment(kind="datetime", grain="time", readings=((here, here),), relative=True, timex="PRESENT_REF"),
            match.end(),
        )
        if match
        else None
    )


_OPEN = re.compile(r"(?:从|自|由) ?")
_TO = re.compile(r" ?(?:-|~|—|到|至|–|—-) ?")
_AND = re.compile(r" ?(?:和|与|及|跟|到|至) ?")
_BETWEEN = re.compile(r" ?(?:之间|间|期间)")


def _edge(context: Context, start: int) -> Found | None:
    return context.longest((dated, stretches.any_stretch), start)


def ranges(context: Context, start: int) -> Found | None:
    """从A到B, A至B, A和B之间."""
    opened = context.match(_OPEN, start)
    at = opened.end() if opened else start
    low = context.parse(_edge, at)
    if low is None or not low[0].readings:
        return None
    if joint := context.match(_TO, low[1]):
        for high in _ends(context, joint.end(), low[0]):
            if joined := _join(context, low[0], high[0]):
                end = high[1]
                if between := context.match(_BETWEEN, end):
                    end = between.end()
                return joined, end
    if joint := context.match(_AND, low[1]):
        for high in _ends(context, joint.end(), low[0]):
            between = context.match(_BETWEEN, high[1])
            if between and (joined := _join(context, low[0], high[0])):
                return joined, between.end()
    return None


def _ends(context: Context, start: int, low: Moment) -> Iterator[Found]:
    if found := context.parse(_edge, start):
        yield found
    if low.grain == "time" and (clock := context.parse(hours.clock, start)):
        yield clock
    if found := context.parse(now, start):
        yield found


def _join(context: Context, low: Moment, high: Moment) -> Moment | None:
    """One stretch from the beginning of one moment to the end of another; open years and months come from the other."""
    if low.modifier or high.modifier:
        return None
    if high.clock and not high.readings:
        spans = []
        for begin, _ in low.readings:
            day = midnight(begin.date())
            later = [t for s, _ in high.clock if (t := day + timedelta(seconds=s)) > begin]
            if later:
                spans.append((begin, min(later)))
        return (
            Moment(kind="datetimerange", grain="time", readings=tuple(spans), relative=low.relative) if spans else None
        )
    if (
        not low.readings
        or not high.readings
        or ((low.grain == "time") != (high.grain == "time" and high.timex == "") and high.timex == "")
    ):
        return None
    said, other = low.said, high.said
    if other.year is not None and said.year is None and said.month is not None:
        year = other.year - (other.month is not None and (said.month, said.day or 1) > (other.month, other.day or 31))
        said = replace(said, year=year)
        readings = (
            partial_date(said, context.reference)
            if said.day
            else partial_month(said.month or 1, year, context.reference)
        )
        low = replace(low, said=said, readings=readings)
    if other.day and other.month is None and said.month is not None:  # 一月十日到20日
        fuller = replace(other, year=said.year, month=said.month)
        high = replace(high, said=fuller, readings=partial_date(fuller, context.reference))
        other = fuller
    if said.year is not None and other.year is None and other.month is not None:
        fuller = replace(other, year=said.year)
        readings = (
            partial_date(fuller, context.reference)
            if fuller.day
            else partial_month(fuller.month or 1, said.year, context.reference)
        )
        high = replace(high, said=fuller, readings=readings)
    spans = []
    with_time = low.grain == "time"
    for begin, _ in low.readings:
        match = following(high, begin)
        if match is None:
            continue
        last = match[1] if (context.convention.range_includes_end and not with_time) or high.part == "end" else match[0]
        if last > begin:
            spans.append((begin, last))
            if begin <= context.reference < max(last, match[1]) and low.relative:
                spans = [(begin, last)]
                break
    if not spans:
        return None
    kind: Kind = "datetimerange" if with_time else "daterange"
    grain = "time" if with_time else high.grain if high.grain == low.grain else "day"
    return Moment(kind=kind, grain=grain, readings=tuple(dict.fromkeys(spans)), relative=low.relative or high.relative)
