"""Whether two figures count in one unit, are the same value as far as their words go, or leave room for each other."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from groundwire.evidence import quantities, units
from groundwire.types import Quantity


def equal(a: Quantity, b: Quantity) -> bool:
    """Whether two figures are the same up to the rounding that their words show, or one lies in the other's range."""
    if not same_unit(a, b):
        return False
    one, two = in_si(a), in_si(b)
    if (one.upper is None) != (two.upper is None):
        low, high = (one.value, one.upper) if one.upper is not None else (two.value, two.upper)
        point = two.value if one.upper is not None else one.value
        return high is not None and low <= point <= high
    slack = 0.02 if "about" in (a.qualifier, b.qualifier) else 0.004
    rounding = max(one.step, two.step) / 2
    uppers = one.upper is None or two.upper is None or _near(one.upper, two.upper, slack, rounding)
    return uppers and _near(one.value, two.value, slack, rounding)


def same_unit(a: Quantity, b: Quantity) -> bool:
    """Whether two figures count in one unit, or in units of one dimension; "$1.86" may leave out what it is "per"."""
    one, two = in_si(a).unit, in_si(b).unit
    if {a.kind, b.kind} <= {"number", "count"} and "" in (one, two):
        return True
    return one == two or ("" in (_per(one), _per(two)) and base(one) == base(two))


def ratio(a: Quantity, b: Quantity) -> float:
    """How many times the larger is the smaller, units converted; at least 1."""
    low, high = sorted((abs(in_si(a).value), abs(in_si(b).value)))
    return high / max(low, 1e-12)


def leaves_room(a: Quantity, b: Quantity) -> bool:
    """Whether a figure is a bound or a round number that leaves room for the other: "over 2,000" for 2,075."""
    one, two, room = in_si(a), in_si(b), quantities.roundness(a.value) * in_si(a).value / a.value if a.value else 0.0
    if a.qualifier == "more":
        return one.value < two.value <= one.value + room
    return a.qualifier == "about" and abs(one.value - two.value) <= 0.5 * room


class _Si(NamedTuple):
    unit: str
    value: float
    upper: float | None
    step: float
    """Place value of the last digit stated."""


@lru_cache(maxsize=20_000)
def in_si(q: Quantity) -> _Si:
    """A figure in SI units, but for money, shares and counts, which stay as they are."""
    step = _last_digit(q)
    if q.kind in ("dimension", "duration", "temperature") and (found := units.convert(q.value, q.unit)) is not None:
        unit, value = found
        upper = units.convert(q.upper, q.unit) if q.upper is not None else None
        stepped = units.convert(q.value + step, q.unit)
        return _Si(unit, value, upper[1] if upper else None, stepped[1] - value if stepped else 0.0)
    return _Si(q.unit, q.value, q.upper, step)


def _near(x: float, y: float, slack: float, rounding: float) -> bool:
    scale = max(abs(x), abs(y))
    return abs(x - y) <= max(slack * scale, min(rounding, 0.02 * scale))


def _last_digit(q: Quantity) -> float:
    """The place value of the last digit that the text states: 1.2 billion -> 1e8; 0 if it states none."""
    match = re.search(r"\d[\d,]*(?:\.(\d+))?", q.text)
    stated = float(match.group().replace(",", "")) if match else 0.0
    if match is None or stated == 0 or q.value == 0:
        return 0.0
    scale = abs(q.value) / stated
    return float(scale * 10 ** -len(match.group(1))) if match.group(1) else float(scale)


def base(unit: str) -> str:
    """What is counted, without what it is counted by: "USD/h" -> "USD"."""
    return unit.partition("/")[0]


def _per(unit: str) -> str:
    return unit.partition("/")[2]
