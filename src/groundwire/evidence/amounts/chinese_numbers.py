"""Numbers in Chinese text: Chinese numerals, Arabic digits, and their mixtures, fractions, decimals, 五六百 and 数十亿.

Works on folded text (``fold.fold(text, "zh")``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from groundwire.evidence.amounts.chinese_numerals import (
    ARABIC,
    DIGITS,
    MANY,
    MEGA,
    MYRIADS,
    TENS,
    UNITS,
    D,
    U,
    read_run,
)
from groundwire.evidence.amounts.numbers import MAX_DIGITS, Form, Number

_FORMAL_WORDS = frozenset("伍陆肆拾")
"""Formal numerals that are also parts of common words (陆地, 队伍, 放肆, 拾起): alone they are no numbers."""
_PIECE = rf"(?:{ARABIC}|[{D}廿卅半])"
# one part of a number: Arabic or Chinese, with units, an inexact word inside (十多万) and decimals
_PART = re.compile(
    rf"(?:{ARABIC}|[{D}廿卅{U}]|{MEGA})(?: {{0,2}}(?:{ARABIC}"
    rf"|[{D}{U}]|{MEGA})| {{0,1}}[{MANY}](?= {{0,1}}[万亿兆百千]))*"
)
_POINT = re.compile(rf" ?点 ?((?:[{D}] ?)+)(?!\s?小时)")
_AFTER_POINT = re.compile(r" ?(万亿|千万|百万|十万|千亿|百亿|[千百万亿兆])")
_PARTS = re.compile(r"(?P<gap> {0,2})分 {0,2}之 {0,2}")
_SIGN = re.compile(r"(?:^|(?<![\w).%\]-])(?<!\d\s))(-)$|(负) {0,2}$")
_LATIN_SCALE = re.compile(r" ?([kKMGTB])(?![A-Za-z0-9])")
_POWER = re.compile(r"(?:[eE](?P<e>[+-]?\d{1,2})|\^(?P<power>[+-]?\d{1,2}))(?![\d.]\d)")
_SLASH = re.compile(r"/(\d{1,6})(?![\d./])")
_MIXED = re.compile(r" (\d{1,4})/(\d{1,4})(?![\d./])")
_DOZEN = re.compile(r"打(?![折算造电开包破印击断败车工听扮倒猎分断法劫磨盘])")
_START = re.compile(
    rf"半(?=[成折])|(?<=打)对(?=折)|一半|半数|(?<!\d)\.\d|\d"
    rf"|[{D}廿卅{''.join(TENS)}兆]|[万亿](?=分之)|半百|数[十百千万亿]"
    rf"|几[十百千万亿]"
)
_RANGE = re.compile(rf"([一二两三四五六七八])([二三四五六七八九])([{U}]*)(?![点{D}])")
_VAGUE = re.compile(rf"([数几上成])([{U}]+)")
_TEENS = re.compile(rf"([{D}]?[十百千])几(?![{U}])")
_HALVES = {
    "半百": Fraction(50),
    "一半": Fraction(1, 2),
    "半数": Fraction(1, 2),
    "半": Fraction(1, 2),
    "对": Fraction(1, 2),
}
_RUN = 48
_LATIN = {"k": 3, "M": 6, "G": 9, "B": 9, "T": 12, "K": 3}


def scan(text: str, *, dictated: bool = False) -> Iterator[Number]:
    """Numbers of folded text, in order, the longest at each place.

    ``dictated`` also allows blanks between the characters of a number (一百 五 十 二).
    """
    position = 0
    while match := _START.search(text, position):
        number = parse(text, match.start(), dictated=dictated)
        if number is None:
            position = match.end()
            while match[0].isdigit() and position < len(text) and text[position].isdigit():
                position += 1
            continue
        yield number
        position = max(number.end, match.end())


def parse(text: str, start: int, *, dictated: bool = False) -> Number | None:
    """The longest number that begins at ``start`` (its sign before that included), or None."""
    number = _vague(text, start) or _unsigned(text, start, dictated=dictated)
    if number is None:
        return None
    if sign := _SIGN.search(text, max(0, start - 4), start):
        begin = sign.start(1) if sign[1] else sign.start(2)
        number = replace(
            number, start=begin, value=-number.value, upper=None if number.upper is None else -number.upper
        )
    return number


def _vague(text: str, start: int) -> Number | None:
    """五六百, 数十亿, 几百, 七八 (before a counted thing): ranges in the words themselves."""
    if (match := _RANGE.match(text, start)) and DIGITS[match[2]] - DIGITS[match[1]] == 1:
        unit = _multiply(match[3])
        before = text[start - 1 : start]
        if (
            unit is not None
            and before not in DIGITS
            and before not in UNITS
            and (match[3] or _counted(text, match.end()))
        ):
            return Number(
                start=start, end=match.end(), value=DIGITS[match[1]] * unit, upper=DIGITS[match[2]] * unit,
                form="words",
                scale=_scale(match[3]), step=unit, inexact="about",
            )  # fmt: skip
    if (match := _VAGUE.match(text, start)) and (unit := _multiply(match[2])) is not None:
        return Number(
            start=start, end=match.end(), value=unit, upper=unit * 10 - (1 if unit < 10**4 else 0), form="words",
            scale=_scale(match[2]), step=unit, inexact="about",
        )  # fmt: skip
    if (match := _TEENS.match(text, start)) and (read := read_run(match[1])):
        low, step = read[0][0], read[0][1]
        return Number(
            start=start, end=match.end(), value=low, upper=low + 9 * step / 10 if step >= 10 else None, form="words",
            step=step, inexact="about",
        )  # fmt: skip
    return None


def _counted(text: str, end: int) -> bool:
    return text[end : end + 1] in tuple("个家人名位天年月周次台张款种倍成折分元块度岁吨页篇件项座")


def _multiply(units: str) -> Fraction | None:
    value = Fraction(1)
    for unit in units:
        value *= UNITS[unit]
    return value if value <= 10**16 else None


def _scale(units: str) -> Fraction:
    scale = Fraction(1)
    for unit in reversed(units):
        if unit not in MYRIADS:
            break
        scale *= UNITS[unit]
    return scale


def _unsigned(text: str, start: int, *, dictated: bool) -> Number | None:
    for word, value in _HALVES.items():
        if text.startswith(word, start):
            return Number(
                start=start, end=start + len(word), value=value, form="words", fraction=value < 1, step=value / 100
            )
    number = _simple(text, start, dictated=dictated)
    if number is None:
        return None
    return _fraction(text, number, dictated=dictated) or number


def _fraction(text: str, number: Number, *, dictated: bool) -> Number | None:
    """三分之一, 3又一千分之23, 负３分之负一百五十七."""
    whole = Fraction(0)
    here = number
    gap = re.compile(r" {0,2}又 {0,2}").match(text, number.end)
    if gap and gap.end() < len(text):
        below = _simple(text, gap.end(), dictated=dictated)
        if below is None:
            return None
        whole, here = number.value, below
    elif gap:
        return None
    parts = _PARTS.match(text, here.end)
    if parts is None or here.value == 0 or text[here.start : here.end] in UNITS or (parts["gap"] and not dictated):
        return None
    at = parts.end()
    sign = 1
    if text[at : at + 1] in ("负", "-"):
        sign, at = -1, at + 1
        at += len(text[at : at + 2]) - len(text[at : at + 2].lstrip(" "))
    top = _simple(text, at, dictated=dictated) if at < len(text) else None
    if top is None:
        return None
    value = whole + sign * top.value / here.value
    return Number(
        start=number.start, end=top.end, value=value, form="words", step=top.step / abs(here.value), fraction=True
    )


def _simple(text: str, start: int, *, dictated: bool) -> Number | None:
    """A number without sign or fraction."""
    match = _PART.match(text, start, min(len(text), start + _RUN))
    if match is None:
        return None
    run = match[0]
    if not dictated:
        # a blank may stand between digits and a unit (7 万), not between characters
        blank = re.search(r" +(?![万亿兆千百])|(?<=[^\d.]) +", run)
        run = run[: blank.start()] if blank else run
    run = _whole_numerals(text, start, run.rstrip(" "))
    if len(run) > 1 and run[-1] == "两":
        run = run[:-1].rstrip(" ")  # 二两: the two there is a weight
    if run in TENS and run != "十" and text[start - 1 : start] != "之":
        return None
    if all(character in UNITS for character in run) and _PARTS.match(text, start + len(run)):
        return None  # 千万分之六: what is divided into, not a number
    if run in _FORMAL_WORDS and text[start - 1 : start] != "之" and not _POINT.match(text, start + 1):
        return None
    read = read_run(run)
    if read is None:
        return None
    (value, step, scale, inexact), length = read
    run = run[:length]
    end = start + length
    form: Form = "digits" if run[0] in ".0123456789" else "words"
    number = Number(start=start, end=end, value=value, form=form, scale=scale, step=step, inexact=inexact)
    return _extend(text, number, run)


def _whole_numerals(text: str, start: int, run: str) -> str:
    """The run without digits that are part of an address, a version or a date (192.168.1.2)."""
    match = re.match(ARABIC, run)
    if match is None or "." not in match[0]:
        return run
    after = text[start + match.end() : start + match.end() + 2]
    dotted = after[:1] == "." and after[1:].isdigit()
    before = text[max(0, start - 2) : start]
    if dotted or (len(before) == 2 and before[1] == "." and before[0].isdigit()):
        return match[0].split(".", maxsplit=1)[0]
    return run


def _extend(text: str, number: Number, run: str) -> Number:
    """Decimals in Chinese (三点五亿), powers, slashes, Latin scales, dozens, 多 and 余 at the end."""
    end = number.end
    if (match := _POINT.match(text, end)) and number.value.denominator == 1:
        digits = "".join(str(DIGITS[c]) for c in match[1] if c != " ")
        spoken = match[1].rstrip(" ")
        if not (len(digits) == 1 and spoken == "两") and len(digits) <= MAX_DIGITS:
            step = Fraction(1, 10 ** len(digits))
            value, end, scale = number.value + int(digits) * step, match.start(1) + len(spoken), Fraction(1)
            if (unit := _AFTER_POINT.match(text, end)) and number.plain:
                scale = _multiply(unit[1]) or Fraction(1)
                end = unit.end()
            return replace(number, end=end, value=value * scale, step=step * scale, scale=scale)
    if run[-1].isdigit():
        if power := _POWER.match(text, end):
            raised = _raise(number.value, power)
            if raised is not None:
                return replace(number, end=power.end(), value=raised, step=abs(raised) / 1000)
        if (
            (slash := _SLASH.match(text, end))
            and int(slash[1])
            and number.value.denominator == 1
            and text[number.start - 1 : number.start] != "/"
        ):
            return replace(
                number, end=slash.end(), value=number.value / int(slash[1]), step=Fraction(1, 1000), fraction=True
            )
        if (mixed := _MIXED.match(text, end)) and int(mixed[2]) and number.value.denominator == 1:
            value = number.value + Fraction(int(mixed[1]), int(mixed[2]))
            return replace(number, end=mixed.end(), value=value, step=Fraction(1, 1000), fraction=True)
        if suffix := _LATIN_SCALE.match(text, end):
            scale = Fraction(10) ** _LATIN[suffix[1]]
            if " " not in suffix[0] or suffix[1] in "kM":
                return replace(
                    number, end=suffix.end(), value=number.value * scale, step=number.step * scale, scale=scale
                )
    if dozen := _DOZEN.match(text, end):
        return replace(number, end=dozen.end(), value=number.value * 12, step=Fraction(12))
    return number


def _raise(value: Fraction, power: re.Match[str]) -> Fraction | None:
    if power["power"]:
        exponent = int(power["power"])
        if abs(exponent) > 40 or value.numerator.bit_length() > 40 or (value == 0 and exponent < 0):
            return None
        return Fraction(value**exponent)
    return value * Fraction(10) ** int(power["e"])
