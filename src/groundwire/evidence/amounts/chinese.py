"""Quantities in Chinese: unit before (人民币, 百分之, 每百万 tokens) or after a number, measure words, ages, rates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from groundwire.evidence.amounts import chinese_numbers, english, english_money, units
from groundwire.evidence.amounts.chinese_numerals import DIGITS, UNITS
from groundwire.evidence.amounts.measures import BASIS_POINT, PERCENT, POINT, TIMES, Measured, join, plain
from groundwire.evidence.amounts.numbers import Number
from groundwire.types import QuantityKind

_PERCENT = re.compile(
    r" ?(?:(?P<percent>%|个? ?百分比)(?P<points> ?点)?"
    r"|(?P<pp> {0,3}个 ?百 ?分 ?点)|(?P<bp> ?个?基点"
    r"| ?bps?(?![a-z]))|(?P<mille>‰))"
)
_PARTS_BEFORE = re.compile(r"(?P<whole>[百千万亿佰仟]{1,2}) {0,2}分 {0,2}之 {0,3}$")
_TENTHS = re.compile(
    r" ?成(?:(?P<half>半)| ?(?P<more>[一二三四五六七八九1-9])(?![万亿千百\d]))?(?![为立员本长功交绩型熟都年就效熟])"
)
_DISCOUNT = re.compile(r" ?折(?![叠线算磨合旧返扣损])")
_AGE = re.compile(r" ?(?:(?:周)?岁|(?P<unit>个月|天|周|年)大)(?!小)")
_TIMES = re.compile(r" ?(?:多 ?)?倍|[x×](?![A-Za-z0-9])")
_FAHRENHEIT = re.compile(r"(?P<scale>华氏|摄氏)(?:温度)? ?$")
_WARMTH = re.compile(r"温|热|冷|烧|气候|摄氏|华氏|°")
_HALF = re.compile(r"半(?![导数年个天小月夜])")
_MINOR = re.compile(r"[又零]?")
_SUPPLEMENT = re.compile(r" ?(?:左右|上下|以上|以下|以内|多|余|来)?")
_NOUN_WINDOW, _NOUN_DISTANCE = 18, 5
_BREAK = re.compile(r"[,，。;；:：、!！?？()（）\n的和与及在被将为是有了而]")
_PER = re.compile(
    r"(?P<by> ?/ ?| ?每 ?)(?P<much>(?:1 ?[MKmk](?= ?[tT])|百万"
    r"|千万|十万|万|千|亿|1000|一百万|100 ?万|1 ?百万|)) ?(?:个)? ?"
    r"(?P<kind>(?:输入|输出|缓存)?)(?:[·-]"
    r"| )?(?P<unit>GPU ?[·-]? ?(?:小时|h)|卡时|卡小时|卡[·-]小时|小时|分钟"
    r"|秒钟|秒|天|日|周|个月|月|年|季度|千瓦时|度电|度|兆瓦时|吨|公里|股|人|用户|席位|GPU|"
    r"[A-Za-z]+)"
)
_PER_BEFORE = re.compile(
    r"每(?P<much>(?:1 ?[MKmk](?= ?[tT])|百万|千万|十万|万|千|亿|1000"
    r"|一百万|100 ?万|)) ?(?:个)? ?(?P<unit>GPU ?[·-]? ?小时|卡时"
    r"|卡[·-]?小时|小时|分钟|秒|天|日|周|月|年|季度|千瓦时|度电|兆瓦时|吨|股|人|用户|席位|"
    r"[tT]okens?|TOKENS?)(?: ?(?:的)?(?:输入|输出|缓存|价格|收费|费用|成本"
    r"|售价|定价|租金|为|约|仅|需|卖|只要|约为|高达|低至|达到?|上调至|下调至|收取|支付|处理|生成"
    r"|消耗|产出|产生|超过?)){0,4} ?$"
)
_PER_UNITS = {
    "小时": "h", "分钟": "min", "秒": "s", "秒钟": "s", "天": "d", "日": "d", "周": "wk", "个月": "mo", "月": "mo",
    "年": "a",
    "季度": "quarter", "千瓦时": "kWh", "度电": "kWh", "度": "kWh", "兆瓦时": "MWh", "吨": "t", "公里": "km",
    "股": "share",
    "人": "person", "用户": "user", "席位": "seat", "GPU": "gpu",
}  # fmt: skip
_MUCH = {
    "百万": "M",
    "一百万": "M",
    "100万": "M",
    "100 万": "M",
    "1百万": "M",
    "1 百万": "M",
    "千": "k",
    "1000": "k",
    "万": "10k",
    "千万": "10M",
    "十万": "100k",
    "亿": "100M",
}


def measure(text: str, kinds: frozenset[QuantityKind] = english.ALL, *, dictated: bool = False) -> Iterator[Measured]:
    """As ``quantities_en.measure``, for text folded as Chinese."""
    skip_to = 0
    for number in chinese_numbers.scan(text, dictated=dictated):
        if number.start < skip_to:
            continue
        measured = _with_unit(text, number, kinds, dictated=dictated)
        if "rate" in kinds:
            measured = _rate(text, measured)
        if measured.start < skip_to:  # a unit that belongs to the number before
            measured = replace(measured, start=number.start)
        skip_to = measured.end
        yield measured


def _with_unit(text: str, number: Number, kinds: frozenset[QuantityKind], *, dictated: bool) -> Measured:
    if text[number.start - 1 : number.start] == "第":
        return replace(plain(number), kind="ordinal", start=number.start - 1, number=replace(number, ordinal=True))
    if "percent" in kinds and (percent := _percent(text, number, dictated=dictated)):
        return percent
    if "currency" in kinds and (money := _money(text, number, dictated=dictated)):
        return money
    if "age" in kinds and (match := _AGE.match(text, number.end)):
        unit = {"个月": "个月", "天": "天", "周": "周"}.get(match["unit"] or "", "年")
        return join(number, "age", units.tables().chinese[unit], match.end())
    if measured := _measure_after(text, number, kinds, dictated=dictated):
        return measured
    if "count" in kinds:
        return _counted(text, number) or plain(number)
    return plain(number)


def _percent(text: str, number: Number, *, dictated: bool) -> Measured | None:
    if (before := _PARTS_BEFORE.search(text, max(0, number.start - 12), number.start)) and not number.fraction:
        whole = Fraction(1)
        for unit in before["whole"]:
            whole *= {"百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}[unit]
        preceded = text[max(0, before.start() - 1) : before.start()]
        bare = preceded not in DIGITS and preceded not in UNITS
        if bare and not preceded.isdigit() and number.upper is None:
            share = units.Unit("Percent", "dimension", "%", Fraction(1), "%")
            value = number.value * 100 / whole
            start = before.start() - 1 if preceded in ("负", "-") else before.start()
            return replace(
                join(number, "percent", share, number.end, start), value=-value if preceded == "负" else value
            )
    if match := _PERCENT.match(text, number.end):
        if number.upper is not None and dictated:
            return None
        if match["mille"]:
            return replace(join(number, "percent", PERCENT, match.end()), value=number.value / 10)
        unit = POINT if match["pp"] or match["points"] else BASIS_POINT if match["bp"] else PERCENT
        return join(number, "percent", unit, match.end())
    if (
        (match := _TENTHS.match(text, number.end))
        and (number.value <= 10 or (number.upper or 0) <= 10)
        and number.value > 0
    ):
        value = number.value * 10 + (5 if match["half"] else 0)
        if match["more"]:
            more = match["more"]
            value += DIGITS.get(more) or int(more)
        return replace(
            join(number, "percent", PERCENT, match.end()), value=value, upper=number.upper and number.upper * 10
        )
    if (match := _DISCOUNT.match(text, number.end)) and 0 < number.value < 100 and number.value != 10:
        value = number.value * (100 if number.value < 1 else 10 if number.value < 10 else 1)
        return replace(join(number, "percent", PERCENT, match.end()), value=value)
    return None


def _money(text: str, number: Number, *, dictated: bool) -> Measured | None:
    after = _money_name(text, number.end)
    before = _money_name_before(text, number.start) or english_money.sign_before(text, number.start, dictated=dictated)
    if before and text[max(0, before[1] - 3) : before[1]].rstrip(" ")[-1:] in _NUMERALS:
        before = None  # 4人民币 5美元
    if after is not None:
        unit, end = after
        start = before[1] if before is not None and before[0].symbol == unit.symbol else number.start
        if unit.minor and text[end : end + 1] in tuple("大度色形落钢兽"):
            return None  # 五角大楼
        if unit.minor and text[number.end : end].strip() in ("分", "角", "毛") and not dictated:
            return None  # 分 is also a point, 毛 hair, 角 a corner
        return _with_minor(text, join(number, "currency", unit, end, start))
    if before is None:
        return None
    unit, start = before
    number = _latin_scale(text, number)
    return join(number, "currency", unit, number.end, start)


_LATIN_SCALE = re.compile(r" ?(?:(bn|billion|B)|(mn?|million|M)|(tn|trillion|T))(?![A-Za-z0-9])")


def _latin_scale(text: str, number: Number) -> Number:
    """$1.2bn, $40 million in Chinese text."""
    match = _LATIN_SCALE.match(text, number.end) if number.plain else None
    if match is None:
        return number
    scale = Fraction(10) ** {1: 9, 2: 6, 3: 12}[match.lastindex or 2]
    return replace(number, value=number.value * scale, step=number.step * scale, scale=scale, end=match.end())


def _money_name(text: str, end: int) -> tuple[units.Unit, int] | None:
    money = units.money()
    at = end
    while text[at : at + 1] in (" ", "个", "多", "余") and at - end < 3:
        at += 1
    if found := units.longest(money.chinese, text, at):
        name = text[at : found[1]]
        if name == "元" and text[found[1] : found[1] + 1] in tuple("旦素月宵首老帅件宇"):
            return None
        if text[end:at] in ("个", " 个") and name == "元":
            return None
        return found
    lowered = text[at : at + 4].lower()
    match = re.match(r"[A-Za-z]{3}(?![A-Za-z])", text[at : at + 4])
    if match and (unit := money.signs.get(match[0])):
        return unit, at + 3
    if lowered[:1] in ("$", "€", "£", "¥") and not text[at + 1 : at + 2].isdigit():
        return money.signs[text[at]], at + 1
    return None


_BEFORE = 6
_NUMERALS = frozenset("0123456789" + "".join(DIGITS) + "十百千万亿兆元")


def _money_name_before(text: str, start: int) -> tuple[units.Unit, int] | None:
    """人民币 50元."""
    tail = text[max(0, start - _BEFORE) : start].rstrip(" ")
    base = max(0, start - _BEFORE)
    for offset in range(len(tail)):
        name = tail[offset:]
        if (unit := units.money().chinese.get(name)) and len(name) >= 2 and not unit.minor:
            return unit, base + offset
    return None


def _with_minor(text: str, measured: Measured) -> Measured:
    """五元三毛, 50元6角三分, 两美元又三美分, 10日元5日本銭."""
    total, end = measured.value, measured.end
    while measured.unit is not None and not (measured.unit.minor and end == measured.end):
        gap = _MINOR.match(text, end)
        at = gap.end() if gap else end
        number = chinese_numbers.parse(text, at) if at < len(text) else None
        if number is None or number.start != at or not 0 < number.value < 100:
            break
        found = units.longest(units.money().chinese, text, number.end)
        if found is None or not found[0].minor:
            break
        total += number.value * found[0].factor
        end = found[1]
    return replace(measured, value=total, end=end) if end > measured.end else measured


def _measure_after(text: str, number: Number, kinds: frozenset[QuantityKind], *, dictated: bool) -> Measured | None:
    if not kinds & {"dimension", "temperature", "duration"}:
        return None
    at = number.end
    while text[at : at + 1] in (" ", "多", "余") and at - number.end < 2:
        at += 1
    found = units.longest(units.tables().chinese, text, at)
    last = text[number.end - 1 : number.end]
    if last == "千" and number.end - number.start > 1 and "dimension" in kinds:
        # 三千比特 is three kilobits, if there is such a unit
        longer = units.longest(units.tables().chinese, text, number.end - 1)
        if longer and longer[0].name.startswith("Kilo"):
            fewer = replace(number, value=number.value / 1000, step=number.step / 1000)
            return join(fewer, "dimension", longer[0], longer[1])
    if found is None and (symbol := english.latin_symbol(text, at, spaced=at > number.end)):
        found = symbol
        lowered = text[at : symbol[1] + 12].lower()
        speed = english.speed(lowered, replace(join(number, "dimension", symbol[0], symbol[1] - at)))
        if speed.end != symbol[1] - at and speed.unit and "dimension" in kinds:
            return replace(speed, end=speed.end + at)
    if found is None:
        return None
    unit, end = found
    written = text[at:end]
    if not _plausible(text, number, unit, written, end, dictated=dictated):
        return None
    if unit.name == "Degree":
        scale = _FAHRENHEIT.search(text, max(0, number.start - 6), number.start)
        if scale:
            name = {"华": "华氏度", "摄": "摄氏度"}[scale["scale"][0]]
            return (
                join(number, "temperature", units.tables().chinese[name], end, scale.start())
                if "temperature" in kinds
                else None
            )
        warm = _WARMTH.search(text, max(0, number.start - 12), end + 4)
        if "temperature" in kinds and (warm or dictated):
            return join(number, "temperature", replace(unit, kind="temperature"), end)
        return None
    if unit.kind not in kinds:
        return None
    measured = join(number, unit.kind, unit, end)
    if half := _HALF.match(text, end):
        measured = replace(measured, value=measured.value + Fraction(1, 2), end=half.end())
    return measured


# characters that are units only after a number that is surely one, and not before what makes them another word
_NOT_UNIT_BEFORE = {
    "位": "数", "两": "个家种名者年位款项大人次天周月台", "日": "元本", "天": "使", "年": "级", "周": "年",
    "码": "头农", "分": "之", "节": "目课", "寸": "",
    "钱": "", "克": "隆", "桶": "装", "升": "级至到高", "度": "过", "里": "", "斤": "", "丈": "夫", "埃": "", "升 ": "",
}  # fmt: skip
_RARE_UNITS = frozenset("两位寸尺丈钱埃节桶码磅安焦巴帕")


def _plausible(text: str, number: Number, unit: units.Unit, written: str, end: int, *, dictated: bool) -> bool:
    if written in _NOT_UNIT_BEFORE and text[end : end + 1] and text[end : end + 1] in _NOT_UNIT_BEFORE[written]:
        return False
    if unit.kind == "duration" and written in ("年", "日") and number.form == "words" and number.value > 100:
        return False
    return dictated or written not in _RARE_UNITS


def _counted(text: str, number: Number) -> Measured | None:
    """22万张 GPU, 16 块 H100, 2.3亿用户, 3.5倍."""
    if match := _TIMES.match(text, number.end):
        return join(number, "number", TIMES, match.end())
    table = units.counted()
    at = number.end
    while text[at : at + 1] in (" ", "多", "余") and at - number.end < 2:
        at += 1
    noun = units.longest(table.chinese, text, at)
    accelerator = english.accelerator(text, at)
    if accelerator:
        return join(number, "count", units.counted().english["gpu"], accelerator)
    classifier = next((text[at : at + n] for n in (3, 2, 1) if text[at : at + n] in table.classifiers), "")
    if noun and noun[1] - at > len(classifier):
        return join(number, "count", noun[0], noun[1])
    if not classifier:
        return None
    end = at + len(classifier)
    stop = _BREAK.search(text, end, min(len(text), end + _NOUN_WINDOW))
    limit = stop.start() if stop else min(len(text), end + _NOUN_WINDOW)
    for offset in range(end, limit):
        if sum(character > "\u3000" for character in text[end:offset]) > _NOUN_DISTANCE:
            break
        if accelerator := english.accelerator(text, offset):
            return join(number, "count", units.counted().english["gpu"], accelerator)
        if found := units.longest(table.chinese, text[:limit], offset):
            close = offset - end <= 4
            return join(number, "count", found[0], found[1] if close else end)
    implied = table.implied.get(classifier)
    if implied is None:
        return None
    return join(number, "count", implied, end)


def _rate(text: str, measured: Measured) -> Measured:
    """2 元/百万 tokens, 每百万 tokens 2 元, 每小时 2.5 美元, 40 tokens/s, 每秒 40 tokens."""
    if measured.kind not in ("currency", "count", "dimension") or measured.per:
        return measured
    if (match := _PER.match(text, measured.end)) and (unit := _denominator(match)):
        return replace(measured, kind="rate", per=unit, end=match.end())
    if (match := _PER_BEFORE.search(text, max(0, measured.start - 40), measured.start)) and (
        unit := _denominator(match)
    ):
        return replace(measured, kind="rate", per=unit, start=match.start())
    return measured


def _denominator(match: re.Match[str]) -> str | None:
    word, much = match["unit"], match["much"].replace(" ", "")
    scale = _MUCH.get(much, "M" if much[-1:] in ("M", "m") else "k" if much[-1:] in ("K", "k") else "")
    compact = word.replace(" ", "").replace("·", "").replace("-", "")
    if compact.lower() in ("gpu小时", "gpuh", "卡时", "卡小时"):
        return "h"
    if word in _PER_UNITS:
        return scale + _PER_UNITS[word]
    lowered = word.lower()
    if lowered in ("token", "tokens", "tok", "toks"):
        return scale + "tok" if scale else "token"
    if lowered == "mtok":
        return "Mtok"
    return english.PER_UNITS.get(lowered)
