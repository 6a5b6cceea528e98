"""The points at which a statement is held: its figures, dates and names, each found again in the evidence or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from groundwire.briefs.grounding import lexicon, proportions
from groundwire.briefs.grounding.reading import Reading
from groundwire.evidence import numbers_en, numbers_zh
from groundwire.evidence.numbers import Number, to_float
from groundwire.types import Quantity, QuantityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of a text, with its unit where it has one."""

    start: int
    end: int
    text: str
    value: float
    quantity: Quantity | None
    """None for what the evidence room doesn't report as a figure: small counts in words, numbers of things (phase 2)."""
    ordinal: bool = False
    means: proportions.Meanings = frozenset()
    """What it says as a share, a multiple or a discount."""


def figures(reading: Reading) -> tuple[Figure, ...]:
    """Every number of a text but those in dates and names, in order; also numbers that words alone say (doubled, 半小时)."""
    zh, folded = reading.language == "zh", reading.folded
    found = [*_spoken(reading)]
    taken = [(f.start, f.end) for f in found]
    found += [
        Figure(
            start=q.start, end=q.end, text=q.text, value=q.value, quantity=q, ordinal=q.kind == "ordinal",
            means=proportions.of(q, folded),
        )
        for q in reading.quantities
        if not overlapping(taken, q.start, q.end) and not (_in_date(q, reading) or (zh and _denominator(q, reading)))
    ]  # fmt: skip
    taken = [(f.start, f.end) for f in found] + [(q.start, q.end) for q in reading.quantities]
    taken += [(d.start, d.end) for d in reading.dates]
    taken += [(m.start, m.end) for m in reading.mentions if re.search(r"\d", m.text)]
    taken += [m.span() for m in _no_numbers().finditer(folded)]
    for number in (numbers_zh.scan if zh else numbers_en.scan)(folded):
        if overlapping(taken, number.start, number.end) or _inside_word(folded, number):
            continue
        found.append(
            Figure(
                start=number.start,
                end=number.end,
                text=reading.text[number.start : number.end],
                value=to_float(number.value),
                quantity=None,
                ordinal=number.ordinal or (zh and folded[: number.start].rstrip().endswith("第")),
            )
        )
    return tuple(sorted(found, key=lambda f: (f.start, f.end)))


_HALVES = {"hour": "h", "day": "d", "year": "a", "小时": "h", "钟头": "h", "天": "d", "年": "a", "月": "mo"}
_HALF = re.compile(
    r"\bhalf an? (?P<en>hour|day|year)\b"
    r"|(?P<count>\d+|[一两二三四五六七八九])个半(?P<more>小时|钟头|月)|(?<![上下前后大小一两\d])半个?(?P<zh>小时|钟头|天|年|月)(?!报)"
)
_WITHIN = re.compile(
    r"(?P<count>\d+(?:\.\d+)?|[一二两三四五六七八九]) ?(?P<unit>分钟|小时|天|周|个月|年)(?=之?[内后前]|以[内后前来])"
)
_UNITS = {"分钟": "min", "小时": "h", "天": "d", "周": "wk", "个月": "mo", "年": "a"}
_MINOR = re.compile(r"(?P<count>\d+(?:\.\d+)?|[一二两三四五六七八九]) ?[角毛](?:钱|(?=[。，,；]|$))")
_DIGITS = {c: k for k, c in enumerate("零一二三四五六七八九")} | {"两": 2}


def _spoken(reading: Reading) -> Iterator[Figure]:
    """Proportions in words, halves of a time, lengths of time that are no dates (7 分钟内), and tenths of a yuan."""
    for start, end, value, means in proportions.spoken(reading.folded, reading.language):
        yield Figure(start=start, end=end, text=reading.text[start:end], value=value, quantity=None, means=means)
    for match in _HALF.finditer(reading.folded):
        count = _count(match["count"]) if match["count"] else 0.0
        yield _measured(reading, match, "duration", count + 0.5, _HALVES[match["en"] or match["more"] or match["zh"]])
    for match in _WITHIN.finditer(reading.folded):
        if not overlapping([(d.start, d.end) for d in reading.dates], *match.span()):
            yield _measured(reading, match, "duration", _count(match["count"]), _UNITS[match["unit"]])
    for match in _MINOR.finditer(reading.folded):
        yield _measured(reading, match, "currency", _count(match["count"]) / 10, "CNY")


def _count(written: str) -> float:
    return float(_DIGITS.get(written, written))


def _measured(reading: Reading, match: re.Match[str], kind: QuantityKind, value: float, unit: str) -> Figure:
    text = reading.text[match.start() : match.end()]
    quantity = Quantity(start=match.start(), end=match.end(), text=text, kind=kind, value=value, unit=unit)
    return Figure(start=match.start(), end=match.end(), text=text, value=value, quantity=quantity)


def _in_date(quantity: Quantity, reading: Reading) -> bool:
    """Whether a plain number is part of a date (the second half of 2027, 2027-01-01)."""
    inside = any(d.start <= quantity.start and quantity.end <= d.end for d in reading.dates)
    return inside and quantity.kind in ("number", "ordinal")


def _denominator(quantity: Quantity, reading: Reading) -> bool:
    """Whether a count says per how many a rate is (每百万 token 5 元)."""
    per = reading.folded[: quantity.start].rstrip().endswith("每")
    return per and quantity.kind == "count" and any(q.kind == "rate" for q in reading.quantities)


@cache
def _no_numbers() -> re.Pattern[str]:
    english, chinese = (
        lexicon.table("words.toml")["no_number_en"].split(),
        lexicon.table("words.toml")["no_number_zh"].split(),
    )
    words = [rf"\b{w.replace('_', '[ -]')}\b" for w in english] + chinese
    return re.compile("|".join(words))


def _inside_word(text: str, number: Number) -> bool:
    """Whether the number is part of a word: a Chinese numeral in 一切, a letter-digit code (H100)."""
    before = text[number.start - 1 : number.start]
    return number.form == "digits" and (
        (before.isascii() and before.isalpha())
        or (before in ("_", "-") and text[number.start - 2 : number.start - 1].isalpha())
    )


def overlapping(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a span shares a character with one of ``spans``."""
    return any(a < end and start < b for a, b in spans)
