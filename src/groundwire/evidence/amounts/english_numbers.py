"""Numbers in English: where one begins, digits, separators, scales, signs. ``number_words`` reads the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from groundwire.evidence.amounts import number_words
from groundwire.evidence.amounts.english_numerals import numeral
from groundwire.evidence.amounts.numbers import Number, digits_value
from groundwire.evidence.fold import lower

_SUFFIXES = {"k": 3, "m": 6, "g": 9, "b": 9, "t": 12, "bn": 9, "mn": 6, "tn": 12, "mil": 6}
_GLYPHS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
           "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8)}  # fmt: skip
_POWER = re.compile(
    r"(?:e(?P<e>[+-]?\d{1,2})|(?:\s?[x×*]\s?10)\^(?P<ten>[+-]?\d{1,2})|\^(?P<power>[+-]?\d{1,2}))(?![\d.]\d)"
)
_FRACTION = re.compile(r"/(\d{1,6})(?![\d./a-z]|\s?/)")
_SPACED_FRACTION = re.compile(r"\s?/\s?(\d{1,6})(?![\d./a-z]|\s?/)")
_MIXED = re.compile(r"\s{1,2}(\d{1,4})\s?/\s?(\d{1,4})(?![\d./])")
_SUFFIX = re.compile(r"(k|m|g|b|t|bn|mn|tn|mil)(?![a-z0-9])")
_SPACED_SUFFIX = re.compile(r"\s{1,2}([kmgbt])(?![a-z0-9])")
_SIGN = re.compile(r"(?:^|(?<![\w).%\]-])(?<!\d\s))(-)$")
_SPACED_SIGN = re.compile(r"(?:^|(?<![\w).%\]-])(?<!\d\s))(-)\s?$")
_DECIMAL_COMMA = re.compile(r"(\d{1,3}),(\d{1,2})(?![\d,])")
_ORDINAL_END = re.compile(r"(?:st|nd|rd|th)(?![a-z0-9])")
_BEGINNINGS = "|".join(
    sorted(
        {
            *number_words.VALUES,
            *number_words.ORDINALS,
            *number_words.ABOUT_MANY,
            "half",
            "quarter",
            "minus",
            "negative",
        },
        key=len,
    )[::-1]
)
_AFTER_ARTICLE = "|".join(
    sorted(
        {
            *number_words.DENOMINATORS,
            "hundred",
            "thousand",
            "million",
            "billion",
            "trillion",
            "dozen",
            "half",
            "quarter",
        },
        key=len,
        reverse=True,
    )
)
_START = re.compile(
    rf"(?<!\d)\.\d|\d|[{''.join(_GLYPHS)}]|(?<![a-z0-9_])(?:{_BEGINNINGS}"
    rf"|an?(?=[\s-]+"
    rf"(?:{_AFTER_ARTICLE})(?![a-z])))(?![a-z])"
)


def scan(text: str, *, dictated: bool = False) -> Iterator[Number]:
    """Numbers of folded text, in order, the longest at each place; ``text`` keeps its case (10M, but 10 m).

    ``dictated`` allows readings that fit spoken questions and hurt in print: "- 10" is negative (not a list item), "1
    over 3" a fraction (not 1 dollar over 3 years), "1,3" a decimal (not a list), "10 k" one number.
    """
    lowered = lower(text)
    position = 0
    while match := _START.search(lowered, position):
        number = parse(text, lowered, match.start(), dictated=dictated)
        if number is None:
            position = match.end()
            while match[0][-1].isdigit() and position < len(lowered) and lowered[position].isdigit():
                position += 1
            continue
        yield number
        position = number.end


def parse(text: str, lowered: str, start: int, *, dictated: bool = False) -> Number | None:
    """The longest number that begins at ``start`` (its sign before that included), or None."""
    if (first := lowered[start]) in _GLYPHS:
        value = Fraction(*_GLYPHS[first])
        return Number(start=start, end=start + 1, value=value, form="digits", step=Fraction(1, 1000), fraction=True)
    if not (first.isdigit() or first == "."):
        return number_words.parse_words(lowered, start, dictated=dictated)
    dictated = dictated and lowered[start - 1 : start] not in ("$", "€", "£")
    number = _parse_digits(text, lowered, start, dictated=dictated)
    if number is not None and (sign := (_SPACED_SIGN if dictated else _SIGN).search(lowered, max(0, start - 4), start)):
        return replace(number, start=sign.start(1), value=-number.value)
    return number


def _parse_digits(text: str, lowered: str, start: int, *, dictated: bool) -> Number | None:
    read = numeral(lowered, start)
    if dictated and (comma := _DECIMAL_COMMA.match(lowered, start)):
        read = (*digits_value(f"{comma[1]}.{comma[2]}"), comma.end())
    if read is None:
        return None
    value, step, end = read
    if (ordinal := _ORDINAL_END.match(lowered, end)) and value.denominator == 1:
        return Number(start=start, end=ordinal.end(), value=value, form="digits", ordinal=True)
    fraction = False
    if power := _POWER.match(lowered, end):
        raised = _raise(value, power)
        if raised is not None:
            value, step, end = raised, raised / 1000, power.end()
    elif (
        value.denominator == 1
        and (match := (_SPACED_FRACTION if dictated else _FRACTION).match(lowered, end))
        and int(match[1])
    ):
        if lowered[start - 1 : start] != "/" and not re.match(r"\d-", lowered[max(0, start - 2) : start]):
            value, step, end, fraction = value / int(match[1]), Fraction(1, 1000), match.end(), True
    elif value.denominator == 1 and (match := _MIXED.match(lowered, end)) and int(match[2]):
        value, step, end, fraction = (
            value + Fraction(int(match[1]), int(match[2])),
            Fraction(1, 1000),
            match.end(),
            True,
        )
    elif lowered[end : end + 1] in _GLYPHS:
        value, step, end = value + Fraction(*_GLYPHS[lowered[end]]), Fraction(1, 1000), end + 1
    suffix = _SUFFIX.match(lowered, end) or (_SPACED_SUFFIX.match(lowered, end) if dictated else None)
    # one letter is a scale in capitals (10M) or for thousands and billions (10k, 1.2b); m, g, t are units
    if suffix and (
        text[suffix.start(1)].isupper() or suffix[1] == "k" or (suffix.start(1) == end and suffix[1] not in "mgt")
    ):
        scale = Fraction(10) ** _SUFFIXES[suffix[1]]
        return Number(start=start, end=suffix.end(), value=value * scale, form="digits", scale=scale, step=step * scale)
    tokens = number_words.collect(lowered, end, limit=number_words.TOKENS)
    if not tokens:
        return Number(start=start, end=end, value=value, form="digits", step=step, fraction=fraction)
    head = number_words.Token("digits", value, step, start, end, "", "")
    number = number_words.longest([head, *tokens], start, dictated=dictated)
    return number or Number(start=start, end=end, value=value, form="digits", step=step, fraction=fraction)


def _raise(value: Fraction, power: re.Match[str]) -> Fraction | None:
    if power["power"]:
        exponent = int(power["power"])
        if abs(exponent) > 40 or value.numerator.bit_length() > 40 or (value == 0 and exponent < 0):
            return None
        return Fraction(value**exponent)
    return value * Fraction(10) ** int(power["e"] or power["ten"])
