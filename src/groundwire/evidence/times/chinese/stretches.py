"""Stretches of time in Chinese: 今年第三季度, 下半年, 本周, 年底, 11月中旬, 未来三年, 90年代."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from groundwire.evidence.times import durations
from groundwire.evidence.times.chinese import days, hours
from groundwire.evidence.times.context import Context, Found, from_now
from groundwire.evidence.times.spans import (
    DAY,
    Duration,
    Moment,
    Part,
    Said,
    add_months,
    around,
    iso_week,
    midnight,
    narrow,
    nth_part,
    quarter_of,
    stretch,
    week_of,
    year_of,
)
from groundwire.types import Grain

_WEEK = re.compile(
    r"(?P<which>上上|下下|上|下|本|这|当)(?:一)?个?(?:星期"
    r"|周(?![末一二三四五六日天期])|礼拜)(?![一二三四五六日天])(?:里|内)?"
)
_WEEKEND = re.compile(r"(?P<which>上上|下下|上|下|本|这)?(?:一)?个?(?:周末|星期末)")
_QUARTER = re.compile(r"(?:第?(?P<quarter>[一二三四1-4])(?:个)?季度?(?!节)|q(?P<q>[1-4])(?![a-z0-9]))")
_QUARTER_FIRST = re.compile(r"(?:q(?P<q>[1-4])|(?P<n>[1-4])q) ?(?P<year>20\d\d|\d\d)(?!\d)")
_RELATIVE_QUARTER = re.compile(r"(?P<which>上上|下下|上|下|本|这)(?:一)?个?季度")
_HALF = re.compile(r"(?P<half>上|下|前|后)(?:个)?半年|h(?P<h>[12])(?![a-z0-9])")
_HALF_MONTH = re.compile(r"(?P<half>上|下|前|后)(?:个)?半个?月")
_TEN_DAYS = re.compile(r" ?(?P<third>上|中下?|下)旬")
_PART = re.compile(r" ?(?P<part>年初|年中|年底|年末|月初|月中|月底|月末|岁末|初|中期|中|底|末)(?![国级期心新间])")
_PARTS: dict[str, Part] = {
    "年初": "start", "月初": "start", "初": "start", "年中": "mid", "月中": "mid", "中期": "mid", "中": "mid",
    "年底": "end", "年末": "end", "月底": "end", "月末": "end", "岁末": "end", "底": "end", "末": "end",
}  # fmt: skip
_BARE_PART = re.compile(r"(?:(?P<which>本|今)?)(?P<part>年初|年中|年底|年末|月初|月中|月底|月末|岁末)(?![级])")
_REST = re.compile(r"(?:[本今]?(?P<unit>[年月])内(?!存)|今年(?:晚些时候|稍晚|下旬以后|后期|余下时间))")
"""What is left of the current year or month."""
_FIRST = re.compile(
    r"(?:的)?(?:前|头|最初) ?(?P<count>\d{1,2}|[二两三四五六七八九十]{1,2}) ?个?(?P<unit>周|星期|礼拜|月|天|季度)"
)
_DECADE = re.compile(
    r"(?:(?:(?P<century>\d{1,2}|[一二三四五六七八九十]{1,3}) ?世纪)"
    r"|(?P<this>上个?世纪|本世纪))? ?(?P<tens>[1-9]0"
    r"|[一二三四五六七八九]十)年代(?P<mod>初|中期?|末|后期)?|(?P<full>(?:1[5-9]"
    r"|20)\d0)年代"
)
_SEASON = re.compile(r"(?P<which>今|明|去)?(?P<season>[春夏秋冬])(?:季|天|(?<=[今明去].))(?!令|奥|游|晚|节|装)")
_CENTURY = re.compile(r"(?P<century>\d{1,2}|[一二三四五六七八九十]{1,3}) ?世纪")
_COUNTED = re.compile(
    r"(?:在)?(?P<which>未来的?|今后|接下来的?|此后|往后|后|过去的?|最近的?|近|前|之前"
    r"|此前|刚过去的|下|上|还剩|还有|下个|上个) ?(?=[\d一二两三四五六七八九十几数半小]|个|百)"
)
_BACK = frozenset(("过去", "过去的", "最近", "最近的", "近", "前", "之前", "此前", "刚过去的", "上", "上个"))
_WITHIN = re.compile(r" ?(?:之内|以内|内)(?!存|部|容|置|核|测|外|地|含|在)")


def quarter(context: Context, start: int) -> Found | None:
    """今年第三季度, 2026年Q4, 一季度, 上季度."""
    if match := context.match(_RELATIVE_QUARTER, start):
        now = context.reference
        return stretch(
            quarter_of(now.year, (now.month - 1) // 3 + 1 + days.WHICH.get(match["which"], 0)), "quarter"
        ), match.end()
    if match := context.match(_QUARTER_FIRST, start):
        return stretch(
            quarter_of(days.year_value(match["year"]), int(match["q"] or match["n"])), "quarter", relative=False
        ), match.end()
    fiscal = context.match(days.FISCAL, start)
    value, at, relative = (
        (days.year_value(fiscal["year"] or fiscal["fy"]), fiscal.end(), False)
        if fiscal
        else days.after_year(context, start)
    )
    gap = context.match(days.OF, at)
    match = context.match(_QUARTER, gap.end() if gap and fiscal else at)
    if match is None:
        return None
    which = int(match["q"]) if match["q"] else hours.number(match["quarter"])
    if value is not None:
        return stretch(quarter_of(value, which), "quarter", relative=relative), match.end()
    spans = [quarter_of(context.reference.year + k, which) for k in (-1, 0, 1)]
    return Moment(
        kind="daterange", grain="quarter", readings=around(spans, context.reference), relative=True
    ), match.end()


def half(context: Context, start: int) -> Found | None:
    """2026年下半年, 上半年, 上半月."""
    value, at, relative = days.after_year(context, start)
    if match := context.match(_HALF, at):
        first = match["half"] in ("上", "前") or match["h"] == "1"
        begin = datetime(value if value is not None else context.reference.year, 1 if first else 7, 1)
        return stretch((begin, add_months(begin, 6)), "half", relative=relative), match.end()
    if match := context.match(_HALF_MONTH, at):
        begin = midnight(context.reference.date()).replace(day=1)
        first = match["half"] in ("上", "前")
        span = (begin, begin + 15 * DAY) if first else (begin + 15 * DAY, add_months(begin, 1))
        return stretch(span, "day"), match.end()
    return None


def week(context: Context, start: int) -> Found | None:
    """本周, 下下周, 上个周末."""
    if match := context.match(_WEEKEND, start):
        begin = week_of(context.reference.date()) + timedelta(weeks=days.WHICH.get(match["which"] or "", 0), days=5)
        if match["which"] is None and (not context.convention.bare or context.text[start - 1 : start] == "每"):
            return None
        return stretch((begin, begin + 2 * DAY), "day"), match.end()
    match = context.match(_WEEK, start)
    if match is None:
        return None
    begin = week_of(context.reference.date()) + timedelta(weeks=days.WHICH.get(match["which"], 0))
    return stretch((begin, begin + 7 * DAY), "week"), match.end()


def part(context: Context, start: int) -> Found | None:
    """年底, 2026年初, 11月中旬, 月底."""
    if (match := context.match(_REST, start)) and not context.convention.bare:
        begin = midnight(context.reference.date())
        year_end = datetime(begin.year + 1, 1, 1)
        month_end = add_months(begin.replace(day=1), 1)
        whole_month = match["unit"] == "月"
        return stretch((begin, month_end if whole_month else year_end), "month" if whole_month else "year"), match.end()
    if (match := context.match(_BARE_PART, start)) and context.text[start - 1 : start] not in ("个", "数"):
        now = midnight(context.reference.date())
        whole = (
            stretch(year_of(now.year), "year")
            if match["part"][0] in "年岁"
            else stretch((now.replace(day=1), add_months(now.replace(day=1), 1)), "month")
        )
        return narrow(whole, _PARTS[match["part"]]), match.end()
    found = context.longest((days.month, days.year), start)
    if found is None:
        return None
    moment, end = found
    if moment.grain == "month" and (match := context.match(_TEN_DAYS, end)):
        cuts = {"上": (0, 10), "中": (10, 20), "中下": (10, None), "下": (20, None)}[match["third"]]
        spans = tuple(
            (b + timedelta(days=cuts[0] or 0), e if cuts[1] is None else b + timedelta(days=cuts[1]))
            for b, e in moment.readings
        )
        return replace(moment, grain="day", readings=spans, said=Said()), match.end()
    match = context.match(_PART, end)
    if (
        match is None
        or (match["part"][0] == "年" and moment.grain == "month")
        or (match["part"][0] == "月" and moment.grain == "year")
    ):
        return None
    return narrow(moment, _PARTS[match["part"]]), match.end()


_GRAINS: dict[str, Grain] = {
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "月": "month",
    "季度": "quarter",
    "天": "day",
}


def nth_of(context: Context, start: int) -> Found | None:
    """十月的第一周, 2021年的第三个月, 今年的最后3周, 2026年前三个月."""
    whole = context.longest((days.month, days.year, days.relative_year), start)
    if whole is None or not whole[0].readings:
        return None
    gap = context.match(days.OF, whole[1])
    at = gap.end() if gap else whole[1]
    count: int | None = None
    if match := context.match(days.NTH, at):
        nth = hours.number(match["nth"])
    elif match := context.match(days.LAST, at):
        nth = -1
        count = hours.number(match["count"]) if match["count"] and match["count"] != "一" else None
    elif match := context.match(_FIRST, at):
        nth, count = 1, hours.number(match["count"])
    else:
        return None
    if match.groupdict().get("weekday"):
        return None
    unit = _GRAINS[match["unit"]]
    spans = tuple(s for r in whole[0].readings if (s := nth_part(r, unit, nth, count)))
    if not spans:
        return None
    return Moment(kind="daterange", grain=unit, readings=spans, relative=whole[0].relative), match.end()


def season(context: Context, start: int) -> Found | None:
    """今夏, 今年秋季, 2027年春季: of the northern half of the earth."""
    value, at, relative = days.after_year(context, start)
    match = context.match(_SEASON, at)
    if match is None or (value is None and match["which"] is None) or (value is not None and match["which"]):
        return None
    year_ = value if value is not None else context.reference.year + {"今": 0, "明": 1, "去": -1}[match["which"]]
    begin = datetime(year_, {"春": 3, "夏": 6, "秋": 9, "冬": 12}[match["season"]], 1)
    return stretch((begin, add_months(begin, 3)), "quarter", relative=relative), match.end()


def decade(context: Context, start: int) -> Found | None:
    """90年代, 上世纪八十年代, 十九世纪七十年代, 21世纪."""
    if match := context.match(_DECADE, start):
        if match["full"]:
            firsts = [int(match["full"])]
        else:
            tens = int(match["tens"]) if match["tens"].isdigit() else hours.number(match["tens"])
            now = context.reference.year // 100 * 100
            if match["century"]:
                firsts = [(hours.number(match["century"]) - 1) * 100 + tens]
            elif match["this"]:
                firsts = [now - (100 if "上" in match["this"] else 0) + tens]
            else:
                firsts = (
                    [now - 100 + tens, now + tens]
                    if context.convention.bare
                    else [min((now - 100 + tens, now + tens), key=lambda y: abs(y - context.reference.year))]
                )
        if not all(700 <= f <= 2900 for f in firsts):
            return None
        spans = tuple((datetime(f, 1, 1), datetime(f + 10, 1, 1)) for f in firsts)
        return Moment(kind="daterange", grain="year", readings=spans), match.end()
    match = context.match(_CENTURY, start)
    century = hours.number(match["century"]) if match else 0
    if match is None or not 8 <= century <= 28:
        return None
    return stretch(
        (datetime((century - 1) * 100, 1, 1), datetime(century * 100, 1, 1)), "year", relative=False
    ), match.end()


def counted(context: Context, start: int) -> Found | None:
    """未来三年, 近两周, 前1周, 后1年, 之前3小时, 上个小时, 还剩5分钟; 18个月内."""
    match = context.match(_COUNTED, start)
    if match is not None:
        word = match["which"]
        at = match.end()
        single = (
            re.compile(r"(?:个)?(?:小时|钟头)").match(context.text, at)
            if word in ("上", "下", "上个", "下个")
            else None
        )
        if single:
            read: tuple[Duration, int] | None = (durations.build([(Fraction(1), durations.ZH["小时"])]), single.end())
        else:
            read = durations.chinese(context, at)
        if read is None or context.match(days.OFFSET, read[1]):
            return None
        if (
            word in ("后", "前")
            and not context.convention.bare
            and context.text[start - 1 : start] not in ("", " ", ",", "，", "。")
        ):
            return None
        sign = -1 if word in _BACK else 1
        end = read[1]
        if within := context.match(_WITHIN, end):
            end = within.end()
        return from_now(context, read[0], sign), end
    read = durations.chinese(context, start)
    within = context.match(_WITHIN, read[1]) if read else None
    if read is None or within is None:
        return None
    return replace(from_now(context, read[0], 1, within=True), anchored=False), within.end()


def iso_week_of_year(context: Context, start: int) -> Found | None:
    """2026年第48周."""
    value, at, relative = days.after_year(context, start)
    match = context.match(re.compile(rf"第 ?(?P<week>{hours.NUMERAL}) ?周"), at)
    week_ = hours.number(match["week"]) if match else 0
    if match is None or value is None or not 1 <= week_ <= 53:
        return None
    return stretch(iso_week(value, week_), "week", relative=relative), match.end()


def any_stretch(context: Context, start: int) -> Found | None:
    """Any stretch of days."""
    return context.longest(
        (days.year, half, quarter, days.month, week, decade, season, nth_of, iso_week_of_year, part, counted), start
    )
