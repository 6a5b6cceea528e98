"""Dates and times in Chinese: days and stretches joined with times, into ranges, and by 之前, 以来, 起, 截至."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from groundwire.evidence import calendar_zh, clocks_zh, durations
from groundwire.evidence.dates_context import Context, Found
from groundwire.evidence.holidays import CHINESE
from groundwire.evidence.timespans import (
    DAY,
    Kind,
    Modifier,
    Moment,
    Reading,
    Said,
    at_clock,
    calendar_year,
    midnight,
    partial_date,
    partial_month,
)  # fmt: skip

_START = re.compile(
    rf"\d|[一二三四五六七八九十两〇零廿正腊半几数]|[今昨明前后去来本上下这当大近未过最还此往自从截到在以之每农阴旧民康雍乾光宣道咸同嘉顺崇万天永洪神开贞武隆弘成正]|周|星期|礼拜|年[初中底末]|月[初中底末]|q[1-4]|h[12]|fy|凌晨|清晨|早|晚|夜|傍|中午|午|白天|马上|现在|目前|约|{'|'.join(sorted({name[0] for name in CHINESE}))}"
)


def scan(context: Context) -> Iterator[tuple[int, int, Moment]]:
    """Moments of the text, in order, the longest at each place: start, end, moment."""
    position, text = 0, context.text
    while match := _START.search(text, position):
        start = match.start()
        found = None
        if not (
            text[start].isdigit()
            and start
            and (
                text[start - 1].isdigit()
                or (text[start - 1] in ".,-/:$¥€" and start > 1 and text[start - 2].isalnum())
                or (text[start - 1].isascii() and text[start - 1].isalpha())
            )
        ):
            found = moment(context, start)
        if found is None or found[1] <= start:
            position = start + 1
            while text[start].isdigit() and position < len(text) and text[position].isdigit():
                position += 1
            continue
        yield start, found[1], found[0]
        position = found[1]


def moment(context: Context, start: int) -> Found | None:
    """The longest moment that begins at ``start``."""
    rules = [ranges, bounded, dated, calendar_zh.any_stretch]
    if context.convention.more_kinds:
        rules = [sets, *rules, now, clock_alone, duration_alone]
    found = context.longest(rules, start)
    return None if found is None else _closed(context, *found)


# --- a day with a time ---------------------------------------------------------------------------------------------------------

_GAP = re.compile(r"[,，]? ?的? ?")


def dated(context: Context, start: int) -> Found | None:
    """A day with its time or part of the day; or the day alone."""
    found = context.parse(calendar_zh.day, start)
    if found is None or found[0].kind != "date" or not found[0].readings:
        return found
    day, end = found
    gap = context.match(_GAP, end)
    at = gap.end() if gap else end
    best = context.longest((clocks_zh.clocks, clocks_zh.clock), at)
    if best is not None and not re.match(
        r" ?(?:\d{1,2}|[一二三四五六七八九十]) ?分(?!钟)", context.text[best[1] : best[1] + 4]
    ):
        return at_clock(day, best[0]), best[1]
    part = context.parse(clocks_zh.lone_part, end)
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


def clock_alone(context: Context, start: int) -> Found | None:
    """A time, a range of times, a part of the day."""
    return context.longest((clocks_zh.clocks, clocks_zh.clock, clocks_zh.part_of_day), start)


def duration_alone(context: Context, start: int) -> Found | None:
    """A length of time (reported only where all kinds are asked for)."""
    if context.text[start - 1 : start] in ("第", "年"):
        return None
    read = durations.chinese(context, start)
    if (
        read is None
        or re.match(r"大|的?历史", context.text[read[1] : read[1] + 4])
        or context.text[read[1] : read[1] + 1] in tuple("级岁次")
    ):
        return None
    return Moment(kind="duration", duration=read[0], timex=read[0].timex), read[1]


# --- ranges --------------------------------------------------------------------------------------------------------------------

_OPEN = re.compile(r"(?:从|自|由) ?")
_TO = re.compile(r" ?(?:-|~|—|到|至|–|—-) ?")
_AND = re.compile(r" ?(?:和|与|及|跟|到|至) ?")
_BETWEEN = re.compile(r" ?(?:之间|间|期间)")
_START_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)")


def _edge(context: Context, start: int) -> Found | None:
    return context.longest((dated, calendar_zh.any_stretch), start)


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
    if low.grain == "time" and (clock := context.parse(clocks_zh.clock, start)):
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
    timed = low.grain == "time"
    for begin, _ in low.readings:
        match = _following(high, begin)
        if match is None:
            continue
        last = match[1] if (context.convention.range_includes_end and not timed) or high.part == "end" else match[0]
        if last > begin:
            spans.append((begin, last))
            if begin <= context.reference < max(last, match[1]) and low.relative:
                spans = [(begin, last)]
                break
    if not spans:
        return None
    kind: Kind = "datetimerange" if timed else "daterange"
    grain = "time" if timed else high.grain if high.grain == low.grain else "day"
    return Moment(kind=kind, grain=grain, readings=tuple(dict.fromkeys(spans)), relative=low.relative or high.relative)


def _following(high: Moment, begin: object) -> Reading | None:
    from datetime import datetime

    assert isinstance(begin, datetime)
    said: Said = high.said
    if said.year is None and high.grain != "time" and not high.part:
        if said.day is not None or said.weekday is not None:
            return next((r for r in partial_date(said, begin) if r[0] >= begin), None)
        if said.month is not None:
            return next((r for r in partial_month(said.month, None, begin) if r[0] >= begin), None)
    return next((r for r in high.readings if r[0] >= begin or r[1] > begin), None)


# --- before, after, since, until -------------------------------------------------------------------------------------------------

_BEFORE = re.compile(
    r"(?:(?P<until>截止到?|截至到?|直到|到|至|不晚于|最迟(?:到|于)?|不迟于)|(?P<since>自从?|从|打从|始于)) ?"
)
_CLOSE = re.compile(
    r" ?(?:(?P<until>(?:及|或|或者|以及|和)(?:之前|以前|更早))|(?P<since>(?:及|或|或者|以及|和)(?:之后|以后|更晚)|以来|来(?=[,，。 ])|开始|起(?!来|到|初|码|伏|点|步|草|诉)|至今)"
    r"|(?P<before>之前|以前|前(?!后|三|两|[一二四五六七八九十\d]|瞻|夕|提|列|沿|端)|为止)|(?P<after>之后|以后|过后|后(?!来|续|台|端|半|期)))"
)


def bounded(context: Context, start: int) -> Found | None:
    """截止到2018年, 自2018年以来, 从2016年3月1日开始."""
    match = context.match(_BEFORE, start)
    if match is None:
        return None
    found = context.longest((dated, calendar_zh.any_stretch, _clock_only), match.end())
    if found is None or found[0].kind in ("duration", "set"):
        return None
    close = context.match(_CLOSE, found[1])
    if match["until"]:
        if (
            match[0].strip() in ("到", "至")
            and not (close and close["before"])
            and (context.convention.bare or found[0].kind == "date")
        ):
            return None
        end = close.end() if close and close["before"] else found[1]
        return _modify(found[0], "before"), end
    if close is None or not close["since"] or (close["since"][0] in "及或以和" and close["since"] != "以来"):
        return None
    return _modify(found[0], "since"), close.end()


def _clock_only(context: Context, start: int) -> Found | None:
    return context.parse(clocks_zh.clock, start) if context.convention.more_kinds else None


def _closed(context: Context, moment: Moment, end: int) -> Found:
    """2018年之后, 2015年1月1日或之后, 三点之前."""
    match = context.match(_CLOSE, end)
    if match is None or moment.modifier or moment.kind in ("duration", "set") or moment.timex == "PRESENT_REF":
        return moment, end
    if moment.kind == "datetimerange" and moment.duration is not None:
        return moment, end
    if moment.duration is not None and moment.kind == "daterange":
        return moment, end
    modifier: Modifier = (
        "until" if match["until"] else "since" if match["since"] else "before" if match["before"] else "after"
    )
    return _modify(moment, modifier), match.end()


def _modify(moment: Moment, modifier: Modifier) -> Moment:
    kinds: dict[str, Kind] = {"date": "daterange", "time": "timerange", "datetime": "datetimerange"}
    return replace(moment, kind=kinds.get(moment.kind, moment.kind), modifier=modifier)


# --- sets ------------------------------------------------------------------------------------------------------------------------

_EVERY = re.compile(
    r"每一?(?:个)?(?:(?P<unit>日|天|周(?![一二三四五六日天末])|星期(?![一二三四五六日天])|礼拜(?![一二三四五六日天])|月|年|季度|小时|分钟|晚|周末)|(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天]))"
)
_UNITS = {
    "日": "P1D",
    "天": "P1D",
    "晚": "TNI",
    "周": "P1W",
    "星期": "P1W",
    "礼拜": "P1W",
    "月": "P1M",
    "年": "P1Y",
    "季度": "P3M",
    "小时": "PT1H",
    "分钟": "PT1M",
    "周末": "P1WE",
}


def sets(context: Context, start: int) -> Found | None:
    """每天, 每周一下午八点."""
    match = context.match(_EVERY, start)
    if match is None:
        if context.text.startswith("每", start) and (read := durations.chinese(context, start + 1)):
            return Moment(kind="set", timex=read[0].timex), read[1]
        return None
    timex = (
        _UNITS[match["unit"]]
        if match["unit"]
        else f"XXXX-WXX-{'一二三四五六日'.find(match['weekday'].replace('天', '日')) + 1}"
    )
    end = match.end()
    if clock := context.parse(clocks_zh.clock, end):
        hour, minute = clock[0].clock[0][0] // 3600, clock[0].clock[0][0] // 60 % 60
        code = f"T{hour:02}" + (f":{minute:02}" if minute else "")
        return Moment(kind="set", timex=timex + code if timex.startswith("X") else code), clock[1]
    return Moment(kind="set", timex=timex), end


__all__ = ["DAY", "calendar_year", "moment", "scan"]
