"""The points at which a statement is held: its figures, dates and names, each found again in the evidence or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.reading import Reading
from groundwire.evidence import numbers_en, numbers_zh
from groundwire.evidence.numbers import Number, to_float
from groundwire.types import Quantity


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


def figures(reading: Reading) -> tuple[Figure, ...]:
    """Every number of a text but those in dates and names, in order."""
    found = [
        Figure(start=q.start, end=q.end, text=q.text, value=q.value, quantity=q, ordinal=q.kind == "ordinal")
        for q in reading.quantities
    ]
    taken = [(f.start, f.end) for f in found] + [(d.start, d.end) for d in reading.dates]
    taken += [(m.start, m.end) for m in reading.mentions if re.search(r"\d", m.text)]
    taken += [m.span() for m in _no_numbers().finditer(reading.folded)]
    scan = numbers_zh.scan if reading.language == "zh" else numbers_en.scan
    for number in scan(reading.folded):
        if any(a < number.end and number.start < b for a, b in taken) or _inside_word(reading.folded, number):
            continue
        found.append(
            Figure(
                start=number.start,
                end=number.end,
                text=reading.text[number.start : number.end],
                value=to_float(number.value),
                quantity=None,
                ordinal=number.ordinal,
            )
        )
    return tuple(sorted(found, key=lambda f: (f.start, f.end)))


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
