"""Lengths of time in words: 18 months, two and a half years, an hour and a half, 三年半, 8天20小时."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from groundwire.evidence.amounts import chinese_numbers, english_numbers
from groundwire.evidence.amounts.chinese_numerals import DIGITS
from groundwire.evidence.times.context import Context
from groundwire.evidence.times.spans import Duration

Unit = tuple[str, str, int]
"""TIMEX letter, field of ``Duration``, how many of it."""
EN: dict[str, Unit] = {
    **dict.fromkeys(["second", "seconds", "sec", "secs", "s"], ("TS", "seconds", 1)),
    **dict.fromkeys(["minute", "minutes", "min", "mins"], ("TM", "seconds", 60)),
    **dict.fromkeys(["hour", "hours", "hr", "hrs", "h"], ("TH", "seconds", 3600)),
    **dict.fromkeys(["day", "days", "night", "nights"], ("D", "days", 1)),
    **dict.fromkeys(["business day", "business days", "working day", "working days"], ("BD", "days", 1)),
    **dict.fromkeys(["workday", "workdays", "weekday", "weekdays", "work day", "work days"], ("BD", "days", 1)),
    **dict.fromkeys(["week", "weeks", "wk", "wks", "w"], ("W", "days", 7)),
    **dict.fromkeys(["fortnight", "fortnights"], ("F", "days", 14)),
    **dict.fromkeys(["weekend", "weekends"], ("WE", "days", 2)),
    **dict.fromkeys(["month", "months", "mth", "mths"], ("M", "months", 1)),
    **dict.fromkeys(["quarter", "quarters"], ("Q", "months", 3)),
    **dict.fromkeys(["year", "years", "yr", "yrs", "y"], ("Y", "months", 12)),
    **dict.fromkeys(["decade", "decades"], ("10Y", "months", 120)),
    **dict.fromkeys(["century", "centuries"], ("100Y", "months", 1200)),
}  # fmt: skip
ZH: dict[str, Unit] = {
    **dict.fromkeys(["秒", "秒钟"], ("TS", "seconds", 1)), **dict.fromkeys(["分钟", "分"], ("TM", "seconds", 60)),
    **dict.fromkeys(["小时", "个小时", "个钟头", "钟头", "个钟"], ("TH", "seconds", 3600)),
    **dict.fromkeys(["天", "日", "个晚上", "晚", "夜"], ("D", "days", 1)),
    **dict.fromkeys(["个工作日", "工作日"], ("BD", "days", 1)),
    **dict.fromkeys(["周", "个星期", "星期", "个礼拜", "礼拜", "个周"], ("W", "days", 7)),
    **dict.fromkeys(["个周末"], ("WE", "days", 2)),
    **dict.fromkeys(["个月", "月"], ("M", "months", 1)), **dict.fromkeys(["个季度", "季度"], ("Q", "months", 3)),
    **dict.fromkeys(["年"], ("Y", "months", 12)),
}  # fmt: skip
_FINEST = {"TS": "time", "TM": "time", "TH": "time", "D": "day", "BD": "day", "WE": "day", "W": "week", "F": "week",
           "M": "month", "Q": "quarter", "Y": "year", "10Y": "year", "100Y": "year"}  # fmt: skip
_SHORT = frozenset("shwy")
UNIT_EN = re.compile(rf"(?P<gap>\s{{0,2}}-?\s?)(?P<unit>{'|'.join(sorted(EN, key=len, reverse=True))})(?![a-z0-9])")
_UNIT_ZH = re.compile(rf" {{0,2}}(?P<unit>{'|'.join(sorted(ZH, key=len, reverse=True))})")
_VAGUE = re.compile(
    r"(?P<few>(?:a )?few|some|several|a number of)|(?P<couple>(?:a )?couple(?: of)?)|(?P<one>an?|another"
    r"|one(?= and a half))"
)
_COUNTED_SECOND = re.compile(r" (?:later|ago|from|after|before|or|and)\b|[^\w ]|$")
_QUARTERS = re.compile(r"(?:\d+|[a-z]+)(?:-[a-z]+)?(?= quarters?\b)")
_A_FEW = re.compile(r"(?:a )?few|some|several|a number|(?:a )?couple")
_HALF_A = re.compile(r"half (?:an?|of an?) ")
_AND_PART = re.compile(r" and (?:(?:a )?(?P<half>half)|a (?P<quarter>quarter))(?![a-z])")
_AND_HALF_BEFORE = re.compile(r" and (?:a )?half(?= )")
_NEXT_EN = re.compile(r"(?:,? and |, | )")
_NEXT_ZH = re.compile(r" ?[又零和,]? ?")
_WHOLE = re.compile(r"(?:all|(?:the )?(?:whole|entire|full)) (?P<unit>day|week|month|quarter|year)(?![a-z])")
_HALF_ZH = re.compile(r" ?半(?![年天个月日导])")
_VAGUE_ZH = re.compile(r"(?P<half>半)|(?P<few>几|数)")


def count_en(context: Context, start: int) -> tuple[Fraction, int] | None:
    """A number of things; "a few" is three, "a couple" two."""
    text = context.text
    if (match := _VAGUE.match(text, start)) and text[match.end() : match.end() + 1] in (" ", "-"):
        part = english_numbers.parse(text, text, start) if match["one"] else None  # a hundred, one and a half
        if part is not None and not part.ordinal and part.end > match.end():
            return part.value, part.end
        return Fraction(3 if match["few"] else 2 if match["couple"] else 1), match.end()
    if match := _HALF_A.match(text, start):
        return Fraction(1, 2), match.end() - 1
    if start >= len(text) or not (text[start].isalnum() or text[start] in ".½¼¾"):
        return None
    number = english_numbers.parse(text, text, start)
    if number is not None and number.fraction and (quarters := _QUARTERS.match(text, start)):
        number = english_numbers.parse(
            text[: quarters.end()], text[: quarters.end()], start
        )  # two quarters are six months
    if number is None or number.start != start or number.ordinal or number.upper is not None or number.value < 0:
        return None
    if number.value.denominator == 1 and (half := _AND_HALF_BEFORE.match(text, number.end)):
        return number.value + Fraction(1, 2), half.end()
    return number.value, number.end


def english(context: Context, start: int, most: int = 6) -> tuple[Duration, int] | None:
    """A duration in English and where it ends."""
    if match := context.match(_WHOLE, start):
        return build([(Fraction(1), EN[match["unit"]])]), match.end()
    parts: list[tuple[Fraction, Unit]] = []
    end = position = start
    while len(parts) < most:
        counted = count_en(context, position)
        if counted is None or counted[0] > 10**6:
            break
        unit = context.match(UNIT_EN, counted[1])
        if unit is None or (unit["unit"] in _SHORT and unit["gap"]):
            break
        if "\n" in unit["gap"]:
            break
        value, entry = counted[0], EN[unit["unit"]]
        if unit["unit"] == "night" and value > 1:
            break  # three night markets
        if (
            unit["unit"] == "second"
            and context.text.startswith("a ", position)
            and not _COUNTED_SECOND.match(context.text, unit.end())
        ):
            break  # a second wave
        if parts and _rank(entry) <= _rank(parts[-1][1]):
            break
        parts.append((value, entry))
        end = unit.end()
        if part := context.match(_AND_PART, end):
            after = context.match(UNIT_EN, part.end())
            if after is None:
                parts[-1] = (value + (Fraction(1, 2) if part["half"] else Fraction(1, 4)), entry)
                end = part.end()
                break
        gap = context.match(_NEXT_EN, end)
        if gap is None:
            break
        position = gap.end()
    return (replace(build(parts), vague=bool(_A_FEW.match(context.text, start))), end) if parts else None


def chinese(context: Context, start: int) -> tuple[Duration, int] | None:
    """A duration in Chinese and where it ends."""
    parts: list[tuple[Fraction, Unit]] = []
    text = context.text
    end = position = start
    while len(parts) < 6 and position < len(text):
        vague = context.match(_VAGUE_ZH, position)
        number = None if vague else chinese_numbers.parse(text, position)
        if vague is None and (number is None or number.start != position or not 0 <= number.value <= 10**6):
            break
        value = Fraction(1, 2) if vague and vague["half"] else Fraction(3) if number is None else number.value
        at = vague.end() if vague else number.end if number else position
        unit = context.match(_UNIT_ZH, at)
        if unit is None or (unit["unit"] in ("月", "日", "分") and not parts) or _calendar_year(text, position, unit):
            break
        entry = ZH[unit["unit"]]
        if parts and _rank(entry) <= _rank(parts[-1][1]):
            break
        end = unit.end()
        if half := context.match(_HALF_ZH, end):
            value, end = value + Fraction(1, 2), half.end()
        parts.append((value, entry))
        gap = context.match(_NEXT_ZH, end)
        position = gap.end() if gap else end
    return (replace(build(parts), vague=text[start] in "几数"), end) if parts else None


def _calendar_year(text: str, start: int, unit: re.Match[str]) -> bool:
    """2008年, 〇八年 and the like name a year."""
    digits = text[start : unit.start("unit")].strip()
    return unit["unit"] == "年" and (
        (digits.isdigit() and (len(digits) == 4 or digits[0] == "0"))
        or (len(digits) in (2, 4) and all(c in DIGITS for c in digits))
    )


_SECONDS = {"months": 30 * 86400, "days": 86400, "seconds": 1}
_ORDER = ["100Y", "10Y", "Y", "Q", "M", "F", "W", "WE", "BD", "D", "TH", "TM", "TS"]


def _rank(unit: Unit) -> int:
    return _ORDER.index(unit[0])


def build(parts: list[tuple[Fraction, Unit]]) -> Duration:
    """The duration that so many of these units make."""
    totals = {"months": Fraction(0), "days": Fraction(0), "seconds": Fraction(0)}
    date_part, time_part = "", ""
    for value, (letter, field, size) in parts:
        totals[field] += value * size
        shown, name = value, letter
        if letter in ("Q", "F", "10Y", "100Y"):
            shown, name = (
                value * {"Q": 3, "F": 2, "10Y": 10, "100Y": 100}[letter],
                {"Q": "M", "F": "W"}.get(letter, "Y"),
            )
        text = str(shown.numerator) if shown.denominator == 1 else f"{float(shown):g}"
        if letter[0] == "T":
            time_part += text + letter[1]
        else:
            date_part += text + name
    finest = parts[-1][1][0]
    years = sum(value * size / 12 for value, (_, field, size) in parts if field == "months" and size >= 12)
    length = years * 365 * 86400 + sum(
        value * size * _SECONDS[field] for value, (_, field, size) in parts if size < 12 or field != "months"
    )
    return Duration(
        length=float(length), months=totals["months"], days=totals["days"],
        seconds=totals["seconds"], business=finest == "BD",
        timex="P" + date_part + ("T" + time_part if time_part else ""), unit=_FINEST[finest],  # type: ignore[arg-type]  # values are its literals
    )  # fmt: skip
