"""Years, months and days in Chinese: 2026年11月20日, 去年, 上个月, 上周五, 前天, 3天前, 国庆节."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from groundwire.evidence.amounts.chinese_numerals import DIGITS
from groundwire.evidence.times import durations, holidays
from groundwire.evidence.times.chinese import hours
from groundwire.evidence.times.context import Context, Found, offset_moment
from groundwire.evidence.times.spans import (
    DAY,
    Moment,
    Said,
    add_months,
    around,
    calendar_date,
    calendar_month,
    calendar_year,
    midnight,
    nth_weekday,
    one_day,
    partial_date,
    safe_date,
    shift,
    stretch,
    week_of,
)

_ERAS = {
    "民国": 1911, "宣统": 1908, "光绪": 1874, "同治": 1861, "咸丰": 1850, "道光": 1820, "嘉庆": 1795, "乾隆": 1735,
    "雍正": 1722, "康熙": 1661,
    "顺治": 1643, "崇祯": 1627, "天启": 1620, "万历": 1572, "隆庆": 1566, "嘉靖": 1521, "正德": 1505, "弘治": 1487,
    "成化": 1464, "宣德": 1425,
    "永乐": 1402, "洪武": 1367, "天宝": 741, "开元": 712, "神龙": 704, "贞观": 626, "武德": 617,
}  # fmt: skip
NTH = re.compile(
    r"(?:的)?第 ?(?P<nth>\d{1,2}"
    r"|[一二三四五六七八九十]{1,3}) ?个?(?P<unit>周|星期|礼拜|月|季度"
    r"|天)(?P<weekday>[一二三四五六日天])?"
)
LAST = re.compile(
    r"(?:的)?(?:最后|最末) ?(?P<count>一|\d{1,2}"
    r"|[二两三四五六七八九十]{1,2})? ?个?(?P<unit>周|星期|礼拜|月|天"
    r"|季度)(?P<weekday>[一二三四五六日天])?"
)
_HAN = "〇零一二三四五六七八九"
_RELATIVE_YEARS = {
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "去年": -1,
    "上年": -1,
    "明年": 1,
    "来年": 1,
    "前年": -2,
    "后年": 2,
    "大前年": -3,
    "大后年": 3,
    "上一年": -1,
    "下一年": 1,
}
YEAR = (
    rf"(?:(?P<year>\d{{4}}|[{_HAN}]{{4}}) ?年度?"
    rf"|(?P<short>\d{{2}}|[{_HAN}]{{2}}) ?年(?![代级龄前后内间底来以之多半])"
    rf"|"
    rf"(?P<rel>{'|'.join(sorted(_RELATIVE_YEARS, key=len, reverse=True))})"
    rf"|(?P<era>{'|'.join(_ERAS)})(?P<nth>元|\d{{1,2}}|[一二三四五六七八九十]{{1,3}})年)"
)
_YEAR = re.compile(YEAR + r"(?:里|全年)?(?!级|龄|薪|轻|代|纪)")
_BARE_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)(?= ?(?:-|~|—|到|至) ?(?:19|20)\d\d ?年)")
FISCAL = re.compile(r"(?:(?P<year>\d{4}|\d{2}) ?财年|fy ?'?(?P<fy>\d{4}|\d{2})(?!\d))")
_MONTH = re.compile(r"(?P<month>1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十正腊]) ?月(?:份)?")
_RELATIVE_MONTH = re.compile(r"(?P<which>上上|下下|上|下|本|这|当)(?:一)?个?月(?![亮球饼])")
_MONTHS_BACK = {"上上": -2, "上": -1, "下": 1, "下下": 2}
_DAY = re.compile(
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?"
    r"|廿[一二三四五六七八九]|十[一二三四五六七八九]?|[一二三四五六七八九]) ?[日号](?![本元圆])"
    r"|初(?P<first>[一二三四五六七八九十]))"
)
_DAY_OPEN = re.compile(
    r"(?P<day>三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?"
    r"|[一二三四五六七八九])(?![〇零一二三四五六七八九十百千万亿个月年日号点时分家])"
)
_LUNAR = re.compile(r"(?:农历|阴历|旧历) ?")
_NUMERIC = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>1[0-2]|0?[1-9])(?P=s)(?P<d>3[01]|[12]\d|0?[1-9])(?![\d]|[-/]\d)"
)
_NUMERIC_LAST = re.compile(r"(?P<a>[0-3]?\d)(?P<s>[-/.])(?P<b>[0-3]?\d)(?P=s)(?P<y>(?:19|20)\d\d)(?!\d)")
_SLASH = re.compile(r"(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?![\d/%.])")
_RELATIVE_DAYS = {
    "今天": 0, "今日": 0, "今儿": 0, "当天": 0, "当日": 0, "昨天": -1, "昨日": -1, "明天": 1, "明日": 1,
    "次日": 1, "翌日": 1, "前天": -2, "前日": -2, "后天": 2, "后日": 2, "大前天": -3, "大后天": 3, "今": 0,
    "昨": -1, "明": 1, "最近": 0,
}  # fmt: skip
_RELATIVE_DAY = re.compile(rf"(?:{'|'.join(sorted((w for w in _RELATIVE_DAYS if len(w) > 1), key=len, reverse=True))})")
_SHORT_DAY = re.compile(r"(?P<day>今|昨|明)(?=[晚早晨夜])")
_WEEKDAY = re.compile(
    r"(?:(?P<which>上上|下下|上|下|本|这)?(?:一)?个?)(?:周|星期"
    r"|礼拜)(?P<weekday>[一二三四五六日天])(?!期|边|围|岁|年|折)"
)
_WEEKDAYS = {character: value for value, character in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAY_AFTER = re.compile(r"[,，]? ?\(?(?:周|星期|礼拜)[一二三四五六日天]\)?")
WHICH = {"上上": -2, "上": -1, "下": 1, "下下": 2}
OFFSET = re.compile(
    r" ?(?:(?P<ago>以前|之前|前)(?!后|瞻|景|提|往|端|置|身|[一-九\d]|所未)"
    r"|(?P<later>以后|之后|过后|后)(?!来|台|端|续|果|代|期|悔|训练|[一-九\d]))"
)
_HOLIDAY = re.compile("|".join(sorted(holidays.CHINESE, key=len, reverse=True)))


def year_value(digits: str) -> int:
    """2026, 二〇二六, 26, 二六."""
    value = int("".join(str(DIGITS[c]) if c in DIGITS else c for c in digits))
    return value if len(digits) == 4 else 2000 + value if value < 50 else 1900 + value


def _year(context: Context, start: int) -> tuple[int, int, bool] | None:
    """A year: value, where it ends, whether relative."""
    match = context.match(_YEAR, start)
    if match is None:
        return None
    if match["rel"]:
        return context.reference.year + _RELATIVE_YEARS[match["rel"]], match.end(), True
    if match["era"]:
        nth = 1 if match["nth"] == "元" else hours.number(match["nth"])
        return (_ERAS[match["era"]] + nth, match.end(), False) if nth > 0 else None
    if match["short"] and not _short_year_is_sure(context, start, match):
        return None
    value = year_value(match["year"] or match["short"])
    return (value, match.end(), False) if 700 <= value <= 2999 else None


def _short_year_is_sure(context: Context, start: int, match: re.Match[str]) -> bool:
    """08年, 26年 name a year; 30年 (of thirty years) and 12年 after a count word do not."""
    if context.text[start - 1 : start] in tuple("近约第达超过前后了有整满共的"):
        return False
    value = year_value(match["short"])
    return abs(value - context.reference.year) <= 20 and (
        match["short"][0] in "0〇零"
        or context.convention.bare
        or bool(_MONTH.match(context.text, match.end()))
        or (
            value >= context.reference.year - 10
            and context.text[match.end() : match.end() + 1] in tuple("底初中末上下第全")
        )
    )


def year(context: Context, start: int) -> Found | None:
    """2026年, 去年, FY2026, 2026财年."""
    if match := context.match(FISCAL, start):
        return calendar_year(year_value(match["year"] or match["fy"])), match.end()
    if match := context.match(_BARE_YEAR, start):
        return calendar_year(int(match["year"])), match.end()
    found = _year(context, start)
    if found is None:
        return None
    return replace(calendar_year(found[0]), relative=found[2]), found[1]


OF = re.compile(r" ?的? ?")


def after_year(context: Context, start: int) -> tuple[int | None, int, bool]:
    """The year before a smaller stretch, if there is one: value, where the stretch begins, whether relative."""
    found = _year(context, start)
    if found is None:
        return None, start, True
    gap = context.match(OF, found[1])
    return found[0], gap.end() if gap else found[1], found[2]


def _month_value(word: str) -> int:
    return {"正": 1, "腊": 12}.get(word) or hours.number(word)


def month(context: Context, start: int) -> Found | None:
    """2026年11月, 11月, 上个月, 2021年的第三个月."""
    if match := context.match(_RELATIVE_MONTH, start):
        begin = add_months(midnight(context.reference.date()).replace(day=1), _MONTHS_BACK.get(match["which"], 0))
        moment = stretch((begin, add_months(begin, 1)), "month", said=Said(begin.year, begin.month))
        return moment, match.end()
    value, at, relative = after_year(context, start)
    match = context.match(_MONTH, at)
    if (
        match is None
        or context.text[match.end() : match.end() + 1] in tuple("薪租费供入活饼球嫂薪")
        or (value is None and context.text[start - 1 : start] in tuple("个每第0123456789."))
    ):
        return None
    moment = calendar_month(_month_value(match["month"]), value, context.reference)
    return (replace(moment, relative=relative) if value is not None else moment), match.end()


def _day_value(match: re.Match[str]) -> int:
    text = match.groupdict().get("first") or match["day"]
    if text[0] == "廿":
        return 20 + (hours.number(text[1:]) if len(text) > 1 else 0)
    return hours.number(text)


def date_words(context: Context, start: int) -> Found | None:
    """2026年11月20日, 11月20号, 本月十日, 二零零四年八月十五, 29日."""
    lunar = context.match(_LUNAR, start)
    at = lunar.end() if lunar else start
    if lunar and not context.convention.bare:
        return None  # another calendar: no day that we could name
    whole = month(context, at)
    if whole is not None and whole[0].grain == "month":
        gap = context.match(re.compile(r" ?的? ?"), whole[1])
        here = gap.end() if gap else whole[1]
        match = context.match(_DAY, here) or (context.match(_DAY_OPEN, here) if _han_month(context, whole[1]) else None)
        if match is None:
            return None
        said = replace(whole[0].said, day=_day_value(match))
        moment = calendar_date(said, context.reference, relative=whole[0].relative)
        return _with_weekday(context, moment, match.end())
    if lunar:
        return None
    match = context.match(_DAY, start)
    if (
        match is None
        or match.groupdict().get("first")
        or context.text[start - 1 : start] in tuple("第.0123456789一二三四五六七八九十百千几多近前每次首同")
    ):
        return None
    after = context.text[match.end() : match.end() + 1]
    if after in tuple("线机楼车院店元球库公位馆桌床") or (
        match[0][-1] == "号"
        and not context.convention.bare
        and not re.search(r"(?:[,，。、至到和本月]|^) ?$", context.text[max(0, start - 2) : start])
    ):
        return None
    said = Said(None, None, _day_value(match))
    return _with_weekday(
        context,
        Moment(kind="date", readings=partial_date(said, context.reference), said=said, relative=True),
        match.end(),
    )


def _han_month(context: Context, end: int) -> bool:
    """Whether the month is written in Chinese numerals, so that its day may go without 日."""
    before = context.text[max(0, end - 4) : end].rstrip("月份 ")
    return bool(before) and before[-1] in "一二三四五六七八九十正腊"


def _with_weekday(context: Context, moment: Moment, end: int) -> Found:
    match = context.match(_WEEKDAY_AFTER, end)
    return moment, match.end() if match else end


_VERSION = re.compile(r"\.\d\.|\.\d$|\.\d(?!\d)| ?版")


def date_figures(context: Context, start: int) -> Found | None:
    """2026-11-20, 2026/11/20, 1/2/2026 (day first), 12/1."""
    if match := context.match(_NUMERIC, start):
        said = Said(int(match["y"]), int(match["m"]), int(match["d"]))
        known = safe_date(said.year or 0, said.month or 0, said.day or 0)
        if match["s"] == "." and not context.convention.bare and _VERSION.search(context.text, start, match.end() + 8):
            return None  # 2026.4.22 版本
        return _with_weekday(context, calendar_date(said, context.reference), match.end()) if known else None
    if match := context.match(_NUMERIC_LAST, start):
        a, b = int(match["a"]), int(match["b"])
        day, month_ = (a, b) if b <= 12 else (b, a)
        if safe_date(int(match["y"]), month_, day):
            return calendar_date(Said(int(match["y"]), month_, day), context.reference), match.end()
        return None
    if (
        context.convention.bare
        and (match := context.match(_SLASH, start))
        and not context.text[start - 1 : start].isdigit()
    ):
        return calendar_date(Said(None, int(match["m"]), int(match["d"])), context.reference), match.end()
    return None


def relative_day(context: Context, start: int) -> Found | None:
    """今天, 前天, 昨(晚)."""
    match = context.match(_RELATIVE_DAY, start)
    if match is not None:
        word = match[0]
        if word == "最近" and (not context.convention.bare or durations.chinese(context, match.end())):
            return None
        if (
            context.text[match.end() : match.end() + 2] in ("头条", "之后》", "资本", "之子", "之星")
            or context.text[start - 1 : start] == "《"
        ):
            return None
        if word in ("当天", "当日", "次日", "翌日") and not context.convention.bare:
            return None
    else:
        match = context.match(_SHORT_DAY, start)
        if match is None:
            return None
        word = match["day"]
    day = midnight(context.reference.date()) + timedelta(days=_RELATIVE_DAYS[word])
    return Moment(kind="date", readings=((day, day + DAY),), relative=True), match.end()


def weekday(context: Context, start: int) -> Found | None:
    """周五, 上周五, 下下周日."""
    match = context.match(_WEEKDAY, start)
    if match is None:
        return None
    value = _WEEKDAYS[match["weekday"]]
    if match["which"]:
        day = week_of(context.reference.date()) + timedelta(weeks=WHICH.get(match["which"], 0), days=value)
        return Moment(kind="date", readings=((day, day + DAY),), relative=True), match.end()
    if context.text[start : start + 1] == "个" or context.text[start - 1 : start] in tuple("每第一"):
        return None
    said = Said(weekday=value)
    return Moment(kind="date", readings=partial_date(said, context.reference), said=said, relative=True), match.end()


def holiday(context: Context, start: int) -> Found | None:
    """春节, 2026年国庆节, 明年元旦."""
    value, at, relative = after_year(context, start)
    match = context.match(_HOLIDAY, at)
    if match is None:
        return None
    date_in = holidays.CHINESE[match[0]]
    after = context.text[match.end() : match.end() + 1]
    if not context.convention.bare and (
        after in tuple("档假后期前") or (len(match[0]) == 2 and match[0] in ("五一", "六一", "新年"))
    ):
        return None
    if match[0] in ("五一", "六一") and (
        after in tuple("八九十百千万亿个二三四五六七年月日点")
        or context.text[at - 1 : at] in tuple("一二三四五六七八九十")
    ):
        return None
    if value is not None:
        day = date_in(value)
        return (Moment(kind="date", readings=(one_day(day),), relative=relative), match.end()) if day else None
    days = [one_day(d) for k in range(-2, 3) if (d := date_in(context.reference.year + k))]
    return Moment(kind="date", readings=around(days, context.reference), relative=True), match.end()


_CLAUSE_STARTS = ("", *' ,，。;；:：、(（"“”\n在于并再')


def offset(context: Context, start: int) -> Found | None:
    """3天前, 两年后."""
    read = durations.chinese(context, start)
    match = context.match(OFFSET, read[1]) if read else None
    if read is None or match is None or context.text[start - 1 : start] in tuple("近约第"):
        return None
    duration = read[0]
    moved = shift(context.reference, duration, -1 if match["ago"] else 1)
    moment = offset_moment(context, moved, duration)
    return replace(
        moment, anchored=bool(match["ago"]) or context.text[start - 1 : start] in _CLAUSE_STARTS
    ), match.end()


def day(context: Context, start: int) -> Found | None:
    """Any day."""
    return context.longest((date_words, date_figures, weekday, relative_day, holiday, offset, nth_weekday_of), start)


def relative_year(context: Context, start: int) -> Found | None:
    """A year, by number or as last, this, next."""
    found = _year(context, start)
    return (replace(calendar_year(found[0]), relative=found[2]), found[1]) if found else None


def nth_weekday_of(context: Context, start: int) -> Found | None:
    """四月的最后一个星期一."""
    whole = month(context, start)
    if whole is None or whole[0].grain != "month":
        return None
    gap = context.match(OF, whole[1])
    at = gap.end() if gap else whole[1]
    match = context.match(NTH, at) or context.match(LAST, at)
    if match is None or not match["weekday"]:
        return None
    nth = hours.number(match["nth"]) if "nth" in match.groupdict() else -1
    days = [d for b, _ in whole[0].readings if (d := nth_weekday(b.year, b.month, _WEEKDAYS[match["weekday"]], nth))]
    return (
        (Moment(kind="date", readings=tuple(map(one_day, days)), relative=whole[0].relative, said=Said()), match.end())
        if days
        else None
    )
