"""Days and stretches of days in Chinese: 2026年11月20日, 上周五, 今年第三季度, 2026年下半年, 年底, 未来三年, 90年代."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from groundwire.evidence import durations
from groundwire.evidence.clocks_zh import NUMERAL, number
from groundwire.evidence.dates_context import Context, Found, from_now, offset_moment
from groundwire.evidence.holidays import CHINESE
from groundwire.evidence.numbers_zh import DIGITS
from groundwire.evidence.timespans import (
    DAY,
    Duration,
    Moment,
    Part,
    Reading,
    Said,
    add_months,
    around,
    calendar_date,
    calendar_month,
    calendar_year,
    iso_week,
    midnight,
    narrow,
    nth_part,
    nth_weekday,
    one_day,
    partial_date,
    quarter_of,
    safe_date,
    shift,
    stretch,
    week_of,
    year_of,
)  # fmt: skip
from groundwire.types import Grain

_ERAS = {
    "民国": 1911, "宣统": 1908, "光绪": 1874, "同治": 1861, "咸丰": 1850, "道光": 1820, "嘉庆": 1795, "乾隆": 1735, "雍正": 1722, "康熙": 1661,
    "顺治": 1643, "崇祯": 1627, "天启": 1620, "万历": 1572, "隆庆": 1566, "嘉靖": 1521, "正德": 1505, "弘治": 1487, "成化": 1464, "宣德": 1425,
    "永乐": 1402, "洪武": 1367, "天宝": 741, "开元": 712, "神龙": 704, "贞观": 626, "武德": 617,
}  # fmt: skip
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
    rf"(?:(?P<year>\d{{4}}|[{_HAN}]{{4}}) ?年度?|(?P<short>\d{{2}}|[{_HAN}]{{2}}) ?年(?![代级龄前后内间底来以之多半])|(?P<rel>{'|'.join(sorted(_RELATIVE_YEARS, key=len, reverse=True))})"
    rf"|(?P<era>{'|'.join(_ERAS)})(?P<nth>元|\d{{1,2}}|[一二三四五六七八九十]{{1,3}})年)"
)
_YEAR = re.compile(YEAR + r"(?:里|全年)?(?!级|龄|薪|轻|代|纪)")
_BARE_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)(?= ?(?:-|~|—|到|至) ?(?:19|20)\d\d ?年)")
_FISCAL = re.compile(r"(?:(?P<year>\d{4}|\d{2}) ?财年|fy ?'?(?P<fy>\d{4}|\d{2})(?!\d))")
_MONTH = re.compile(r"(?P<month>1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十正腊]) ?月(?:份)?")
_RELATIVE_MONTH = re.compile(r"(?P<which>上上|下下|上|下|本|这|当)(?:一)?个?月(?![亮球饼])")
_MONTHS_BACK = {"上上": -2, "上": -1, "下": 1, "下下": 2}
_DAY = re.compile(
    r"(?:(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]|十[一二三四五六七八九]?|[一二三四五六七八九]) ?[日号](?![本元圆])|初(?P<first>[一二三四五六七八九十]))"
)
_DAY_OPEN = re.compile(
    r"(?P<day>三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])(?![〇零一二三四五六七八九十百千万亿个月年日号点时分家])"
)
_LUNAR = re.compile(r"(?:农历|阴历|旧历) ?")
_NUMERIC = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>1[0-2]|0?[1-9])(?P=s)(?P<d>3[01]|[12]\d|0?[1-9])(?![\d]|[-/]\d)"
)
_NUMERIC_LAST = re.compile(r"(?P<a>[0-3]?\d)(?P<s>[-/.])(?P<b>[0-3]?\d)(?P=s)(?P<y>(?:19|20)\d\d)(?!\d)")
_SLASH = re.compile(r"(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?![\d/%.])")
_RELATIVE_DAYS = {"今天": 0, "今日": 0, "今儿": 0, "当天": 0, "当日": 0, "昨天": -1, "昨日": -1, "明天": 1, "明日": 1, "次日": 1, "翌日": 1, "前天": -2, "前日": -2, "后天": 2, "后日": 2,
                  "大前天": -3, "大后天": 3, "今": 0, "昨": -1, "明": 1, "最近": 0}  # fmt: skip
_RELATIVE_DAY = re.compile(rf"(?:{'|'.join(sorted((w for w in _RELATIVE_DAYS if len(w) > 1), key=len, reverse=True))})")
_SHORT_DAY = re.compile(r"(?P<day>今|昨|明)(?=[晚早晨夜])")
_WEEKDAY = re.compile(
    r"(?:(?P<which>上上|下下|上|下|本|这)?(?:一)?个?)(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?!期|边|围|岁|年|折)"
)
_WEEKDAYS = {character: value for value, character in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAY_AFTER = re.compile(r"[,，]? ?\(?(?:周|星期|礼拜)[一二三四五六日天]\)?")
_WEEK = re.compile(
    r"(?P<which>上上|下下|上|下|本|这|当)(?:一)?个?(?:星期|周(?![末一二三四五六日天期])|礼拜)(?![一二三四五六日天])(?:里|内)?"
)
_WEEKEND = re.compile(r"(?P<which>上上|下下|上|下|本|这)?(?:一)?个?(?:周末|星期末)")
_WHICH = {"上上": -2, "上": -1, "下": 1, "下下": 2}
_QUARTER = re.compile(r"(?:第?(?P<quarter>[一二三四1-4])(?:个)?季度?(?!节)|q(?P<q>[1-4])(?![a-z0-9]))")
_QUARTER_FIRST = re.compile(r"(?:q(?P<q>[1-4])|(?P<n>[1-4])q) ?(?P<year>20\d\d|\d\d)(?!\d)")
_RELATIVE_QUARTER = re.compile(r"(?P<which>上上|下下|上|下|本|这)(?:一)?个?季度")
_HALF = re.compile(r"(?P<half>上|下|前|后)(?:个)?半年|h(?P<h>[12])(?![a-z0-9])")
_HALF_MONTH = re.compile(r"(?P<half>上|下|前|后)(?:个)?半个?月")
_TEN_DAYS = re.compile(r" ?(?P<third>上|中下?|下)旬")
_PART = re.compile(r" ?(?P<part>年初|年中|年底|年末|月初|月中|月底|月末|岁末|初|中期|中|底|末)(?![国级期心新间])")
_PARTS: dict[str, Part] = {"年初": "start", "月初": "start", "初": "start", "年中": "mid", "月中": "mid", "中期": "mid", "中": "mid",
                           "年底": "end", "年末": "end", "月底": "end", "月末": "end", "岁末": "end", "底": "end", "末": "end"}  # fmt: skip
_BARE_PART = re.compile(r"(?:(?P<which>本|今)?)(?P<part>年初|年中|年底|年末|月初|月中|月底|月末|岁末)(?![级])")
_REST = re.compile(r"(?:[本今]?(?P<unit>[年月])内(?!存)|今年(?:晚些时候|稍晚|下旬以后|后期|余下时间))")
"""What is left of the current year or month."""
_NTH = re.compile(
    r"(?:的)?第 ?(?P<nth>\d{1,2}|[一二三四五六七八九十]{1,3}) ?个?(?P<unit>周|星期|礼拜|月|季度|天)(?P<weekday>[一二三四五六日天])?"
)
_LAST = re.compile(
    r"(?:的)?(?:最后|最末) ?(?P<count>一|\d{1,2}|[二两三四五六七八九十]{1,2})? ?个?(?P<unit>周|星期|礼拜|月|天|季度)(?P<weekday>[一二三四五六日天])?"
)
_FIRST = re.compile(
    r"(?:的)?(?:前|头|最初) ?(?P<count>\d{1,2}|[二两三四五六七八九十]{1,2}) ?个?(?P<unit>周|星期|礼拜|月|天|季度)"
)
_DECADE = re.compile(
    r"(?:(?:(?P<century>\d{1,2}|[一二三四五六七八九十]{1,3}) ?世纪)|(?P<this>上个?世纪|本世纪))? ?(?P<tens>[1-9]0|[一二三四五六七八九]十)年代(?P<mod>初|中期?|末|后期)?|(?P<full>(?:1[5-9]|20)\d0)年代"
)
_SEASON = re.compile(r"(?P<which>今|明|去)?(?P<season>[春夏秋冬])(?:季|天|(?<=[今明去].))(?!令|奥|游|晚|节|装)")
_CENTURY = re.compile(r"(?P<century>\d{1,2}|[一二三四五六七八九十]{1,3}) ?世纪")
_COUNTED = re.compile(
    r"(?:在)?(?P<which>未来的?|今后|接下来的?|此后|往后|后|过去的?|最近的?|近|前|之前|此前|刚过去的|下|上|还剩|还有|下个|上个) ?(?=[\d一二两三四五六七八九十几数半小]|个|百)"
)
_BACK = frozenset(("过去", "过去的", "最近", "最近的", "近", "前", "之前", "此前", "刚过去的", "上", "上个"))
_OFFSET = re.compile(
    r" ?(?:(?P<ago>以前|之前|前)(?!后|瞻|景|提|往|端|置|身|[一-九\d]|所未)|(?P<later>以后|之后|过后|后)(?!来|台|端|续|果|代|期|悔|训练|[一-九\d]))"
)
_WITHIN = re.compile(r" ?(?:之内|以内|内)(?!存|部|容|置|核|测|外|地|含|在)")
_HOLIDAY = re.compile("|".join(sorted(CHINESE, key=len, reverse=True)))


def year_value(digits: str) -> int:
    """2026, 二〇二六, 26, 二六."""
    value = int("".join(str(DIGITS[c]) if c in DIGITS else c for c in digits))
    return value if len(digits) == 4 else 2000 + value if value < 50 else 1900 + value


# --- years ----------------------------------------------------------------------------------------------------------------


def _year(context: Context, start: int) -> tuple[int, int, bool] | None:
    """A year: value, where it ends, whether relative."""
    match = context.match(_YEAR, start)
    if match is None:
        return None
    if match["rel"]:
        return context.reference.year + _RELATIVE_YEARS[match["rel"]], match.end(), True
    if match["era"]:
        nth = 1 if match["nth"] == "元" else number(match["nth"])
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
    if match := context.match(_FISCAL, start):
        return calendar_year(year_value(match["year"] or match["fy"])), match.end()
    if match := context.match(_BARE_YEAR, start):
        return calendar_year(int(match["year"])), match.end()
    found = _year(context, start)
    if found is None:
        return None
    return replace(calendar_year(found[0]), relative=found[2]), found[1]


_OF = re.compile(r" ?的? ?")


def _after_year(context: Context, start: int) -> tuple[int | None, int, bool]:
    """The year before a smaller stretch, if there is one: value, where the stretch begins, whether relative."""
    found = _year(context, start)
    if found is None:
        return None, start, True
    gap = context.match(_OF, found[1])
    return found[0], gap.end() if gap else found[1], found[2]


def quarter(context: Context, start: int) -> Found | None:
    """今年第三季度, 2026年Q4, 一季度, 上季度."""
    if match := context.match(_RELATIVE_QUARTER, start):
        now = context.reference
        return stretch(
            quarter_of(now.year, (now.month - 1) // 3 + 1 + _WHICH.get(match["which"], 0)), "quarter"
        ), match.end()
    if match := context.match(_QUARTER_FIRST, start):
        return stretch(
            quarter_of(year_value(match["year"]), int(match["q"] or match["n"])), "quarter", relative=False
        ), match.end()
    fiscal = context.match(_FISCAL, start)
    value, at, relative = (
        (year_value(fiscal["year"] or fiscal["fy"]), fiscal.end(), False) if fiscal else _after_year(context, start)
    )
    gap = context.match(_OF, at)
    match = context.match(_QUARTER, gap.end() if gap and fiscal else at)
    if match is None:
        return None
    which = int(match["q"]) if match["q"] else number(match["quarter"])
    if value is not None:
        return stretch(quarter_of(value, which), "quarter", relative=relative), match.end()
    spans = [quarter_of(context.reference.year + k, which) for k in (-1, 0, 1)]
    return Moment(
        kind="daterange", grain="quarter", readings=around(spans, context.reference), relative=True
    ), match.end()


def half(context: Context, start: int) -> Found | None:
    """2026年下半年, 上半年, 上半月."""
    value, at, relative = _after_year(context, start)
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


# --- months and days -------------------------------------------------------------------------------------------------------


def _month_value(word: str) -> int:
    return {"正": 1, "腊": 12}.get(word) or number(word)


def month(context: Context, start: int) -> Found | None:
    """2026年11月, 11月, 上个月, 2021年的第三个月."""
    if match := context.match(_RELATIVE_MONTH, start):
        begin = add_months(midnight(context.reference.date()).replace(day=1), _MONTHS_BACK.get(match["which"], 0))
        moment = stretch((begin, add_months(begin, 1)), "month", said=Said(begin.year, begin.month))
        return moment, match.end()
    value, at, relative = _after_year(context, start)
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
        return 20 + (number(text[1:]) if len(text) > 1 else 0)
    return number(text)


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
        day = week_of(context.reference.date()) + timedelta(weeks=_WHICH.get(match["which"], 0), days=value)
        return Moment(kind="date", readings=((day, day + DAY),), relative=True), match.end()
    if context.text[start : start + 1] == "个" or context.text[start - 1 : start] in tuple("每第一"):
        return None
    said = Said(weekday=value)
    return Moment(kind="date", readings=partial_date(said, context.reference), said=said, relative=True), match.end()


def holiday(context: Context, start: int) -> Found | None:
    """春节, 2026年国庆节, 明年元旦."""
    value, at, relative = _after_year(context, start)
    match = context.match(_HOLIDAY, at)
    if match is None:
        return None
    date_in = CHINESE[match[0]]
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


_CLAUSE_STARTS = ("", *" ,，。;；:：、(（\"“”\n在于并再")


def offset(context: Context, start: int) -> Found | None:
    """3天前, 两年后."""
    read = durations.chinese(context, start)
    match = context.match(_OFFSET, read[1]) if read else None
    if read is None or match is None or context.text[start - 1 : start] in tuple("近约第"):
        return None
    duration = read[0]
    moved = shift(context.reference, duration, -1 if match["ago"] else 1)
    moment = offset_moment(context, moved, duration)
    return replace(moment, anchored=bool(match["ago"]) or context.text[start - 1 : start] in _CLAUSE_STARTS), match.end()


def day(context: Context, start: int) -> Found | None:
    """Any day."""
    return context.longest((date_words, date_figures, weekday, relative_day, holiday, offset, nth_weekday_of), start)


# --- weeks, parts, counted stretches ---------------------------------------------------------------------------------------------


def week(context: Context, start: int) -> Found | None:
    """本周, 下下周, 上个周末."""
    if match := context.match(_WEEKEND, start):
        begin = week_of(context.reference.date()) + timedelta(weeks=_WHICH.get(match["which"] or "", 0), days=5)
        if match["which"] is None and (not context.convention.bare or context.text[start - 1 : start] == "每"):
            return None
        return stretch((begin, begin + 2 * DAY), "day"), match.end()
    match = context.match(_WEEK, start)
    if match is None:
        return None
    begin = week_of(context.reference.date()) + timedelta(weeks=_WHICH.get(match["which"], 0))
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
    found = context.longest((month, year), start)
    if found is None:
        return None
    moment, end = found
    if moment.grain == "month":
        if match := context.match(_TEN_DAYS, end):
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


_GRAINS: dict[str, Grain] = {"周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter", "天": "day"}


def nth_of(context: Context, start: int) -> Found | None:
    """十月的第一周, 2021年的第三个月, 今年的最后3周, 2026年前三个月."""
    whole = context.longest((month, year, _relative_year), start)
    if whole is None or not whole[0].readings:
        return None
    gap = context.match(_OF, whole[1])
    at = gap.end() if gap else whole[1]
    count: int | None = None
    if match := context.match(_NTH, at):
        nth = number(match["nth"])
    elif match := context.match(_LAST, at):
        nth = -1
        count = number(match["count"]) if match["count"] and match["count"] != "一" else None
    elif match := context.match(_FIRST, at):
        nth, count = 1, number(match["count"])
    else:
        return None
    if match.groupdict().get("weekday"):
        return None
    unit = _GRAINS[match["unit"]]
    spans = tuple(s for r in whole[0].readings if (s := nth_part(r, unit, nth, count)))
    if not spans:
        return None
    return Moment(kind="daterange", grain=unit, readings=spans, relative=whole[0].relative), match.end()


def _relative_year(context: Context, start: int) -> Found | None:
    found = _year(context, start)
    return (replace(calendar_year(found[0]), relative=found[2]), found[1]) if found else None


def nth_weekday_of(context: Context, start: int) -> Found | None:
    """四月的最后一个星期一."""
    whole = month(context, start)
    if whole is None or whole[0].grain != "month":
        return None
    gap = context.match(_OF, whole[1])
    at = gap.end() if gap else whole[1]
    match = context.match(_NTH, at) or context.match(_LAST, at)
    if match is None or not match["weekday"]:
        return None
    nth = number(match["nth"]) if "nth" in match.groupdict() else -1
    days = [d for b, _ in whole[0].readings if (d := nth_weekday(b.year, b.month, _WEEKDAYS[match["weekday"]], nth))]
    return (
        (Moment(kind="date", readings=tuple(map(one_day, days)), relative=whole[0].relative, said=Said()), match.end())
        if days
        else None
    )


def season(context: Context, start: int) -> Found | None:
    """今夏, 今年秋季, 2027年春季: of the northern half of the earth."""
    value, at, relative = _after_year(context, start)
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
            tens = int(match["tens"]) if match["tens"].isdigit() else number(match["tens"])
            now = context.reference.year // 100 * 100
            if match["century"]:
                firsts = [(number(match["century"]) - 1) * 100 + tens]
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
    century = number(match["century"]) if match else 0
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
            read: tuple[Duration, int] | None = (durations._build([(Fraction(1), durations._ZH["小时"])]), single.end())
        else:
            read = durations.chinese(context, at)
        if read is None or context.match(_OFFSET, read[1]):
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
    value, at, relative = _after_year(context, start)
    match = context.match(re.compile(rf"第 ?(?P<week>{NUMERAL}) ?周"), at)
    week_ = number(match["week"]) if match else 0
    if match is None or value is None or not 1 <= week_ <= 53:
        return None
    return stretch(iso_week(value, week_), "week", relative=relative), match.end()


def any_stretch(context: Context, start: int) -> Found | None:
    """Any stretch of days."""
    return context.longest((year, half, quarter, month, week, decade, season, nth_of, iso_week_of_year, part, counted), start)
