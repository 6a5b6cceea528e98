"""Dates and times in Chinese: where one may begin, the longest that does; 之前, 以来, 起, 截至, 每周."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from groundwire.evidence.times import durations, holidays
from groundwire.evidence.times.chinese import hours, ranges, stretches
from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.spans import Kind, Modifier, Moment

_START = re.compile(
    rf"\d|[一二三四五六七八九十两〇零廿正腊半几数]"
    r"|[今昨明前后去来本上下这当大近未过最还此往自从截到在以之每农阴旧民康雍乾光宣道咸同]"
    r"|[嘉顺崇万天永洪神开贞武隆弘成正早晚夜傍午约]|周|星期|礼拜|年[初中底末]|月[初中底末]"
    r"|q[1-4]|h[12]|fy|凌晨|清晨|中午|白天|马上|现在|目前"
    rf"|[{''.join(sorted({name[0] for name in holidays.CHINESE}))}]"
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
    rules = [ranges.ranges, bounded, ranges.dated, stretches.any_stretch]
    if context.convention.more_kinds:
        rules = [sets, *rules, ranges.now, clock_alone, duration_alone]
    found = context.longest(rules, start)
    return None if found is None else _closed(context, *found)


def clock_alone(context: Context, start: int) -> Found | None:
    """A time, a range of times, a part of the day."""
    return context.longest((hours.clocks, hours.clock, hours.part_of_day), start)


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


_START_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)")
_BEFORE = re.compile(
    r"(?:(?P<until>截止到?|截至到?|直到|到|至|不晚于|最迟(?:到|于)?|不迟于)|(?P<since>自从?|从|打从|始于)) ?"
)
_CLOSE = re.compile(
    r" ?(?:(?P<until>(?:及|或|或者|以及|和)(?:之前|以前|更早))"
    r"|(?P<since>(?:及|或|或者|以及|和)(?:之后|以后|更晚)|以来|来(?=[,，。 ])"
    r"|开始|起(?!来|到|初|码|伏|点|步|草|诉)|至今)"
    r"|(?P<before>之前|以前|前(?!后|三|两|[一二四五六七八九十\d]|瞻|夕|提|列|沿|端)"
    r"|为止)|(?P<after>之后|以后|过后|后(?!来|续|台|端|半|期)))"
)


def bounded(context: Context, start: int) -> Found | None:
    """截止到2018年, 自2018年以来, 从2016年3月1日开始."""
    match = context.match(_BEFORE, start)
    if match is None:
        return None
    found = context.longest((ranges.dated, stretches.any_stretch, _clock_only), match.end())
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
    return context.parse(hours.clock, start) if context.convention.more_kinds else None


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


_EVERY = re.compile(
    r"每一?(?:个)?(?:(?P<unit>日|天|周(?![一二三四五六日天末])"
    r"|星期(?![一二三四五六日天])|礼拜(?![一二三四五六日天])|月|年|季度|小时|分钟|晚|周末)"
    r"|(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天]))"
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
    if clock := context.parse(hours.clock, end):
        hour, minute = clock[0].clock[0][0] // 3600, clock[0].clock[0][0] // 60 % 60
        code = f"T{hour:02}" + (f":{minute:02}" if minute else "")
        return Moment(kind="set", timex=timex + code if timex.startswith("X") else code), clock[1]
    return Moment(kind="set", timex=timex), end
