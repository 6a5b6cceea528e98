"""Quantities in a text: numbers with their units, as the text states them."""

from __future__ import annotations

import re

from groundwire.types import Quantity, QuantityKind

_SCALES = {"thousand": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12}
_ZH_SCALES = {"千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}
_MONEY = {"$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "美元": "USD", "元": "CNY", "人民币": "CNY", "欧元": "EUR"}
_FIND = re.compile(
    r"(?P<before>us\$|[$€£])?\s?(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion|bn|mn|[mb](?![a-z])|万亿|百万|千万|[千万亿]))?"
    r"(?:\s?(?P<after>%|percent|per cent|美元|人民币|欧元|元))?",
    re.IGNORECASE,
)


def find(text: str, language: str) -> tuple[Quantity, ...]:
    """Quantities of ``text``, in order, none overlapping; ``language`` is "en" or "zh"."""
    found = []
    for match in _FIND.finditer(text):
        kind: QuantityKind = "number"
        unit = ""
        after, before, scale = match["after"] or "", match["before"] or "", (match["scale"] or "").lower()
        if after.lower() in {"%", "percent", "per cent"}:
            kind, unit = "percent", "%"
        elif before or after:
            kind, unit = "currency", _MONEY[(before or after).lower()]
        if language == "en" and kind == "number" and scale in {"m", "b"}:
            continue
        value = float(match["number"].replace(",", "")) * (_SCALES.get(scale) or _ZH_SCALES.get(scale) or 1.0)
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        found.append(
            Quantity(
                start=start,
                end=match.end(),
                text=text[start : match.end()],
                kind=kind,
                value=round(value, 6),
                unit=unit,
            )
        )
    return tuple(found)
