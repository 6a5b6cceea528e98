"""When a forecast is true: a rule that code can read, written as one line.

    happens ["merrowick"] "close the purchase" in 2027-04-01..2027-06-30
    reaches ["clauseberry"] "gross margin" >= 58 "%" in 2026-11-20..2027-06-30
    reaches ["oxbarrow"] "revenue" 2600000000..2700000000 "USD" in 2026-10-01..2026-12-31
    absent ["kestwick semiconductor"] "ship in volume" in 2026-11-14..2027-03-31

``happens``: true if it happens within the days named, both inclusive. ``reaches``: true if the measure, on some day of
them, is what the comparison asks for. ``absent``: true if it does not happen within them.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["happens", "reaches", "absent"]
Comparison = Literal[">=", "<=", "~", ".."]

ABOUT = 0.05
"""How far, as a share of itself, a figure may be from one forecast without "at least" or "at most" and still be it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a measure has to be."""

    comparison: Comparison
    value: float
    unit: str
    """As in ``Quantity.unit``."""
    upper: float | None = None
    """Upper end, for "..". """

    def holds(self, low: float, high: float | None = None) -> bool:
        """Whether a figure (or all of a range of figures) is what the target asks for."""
        high = low if high is None else high
        match self.comparison:
            case ">=":
                return low >= self.value
            case "<=":
                return high <= self.value
            case "..":
                return self.value <= low and high <= (self.value if self.upper is None else self.upper)
            case "~":
                slack = ABOUT * abs(self.value)
                return self.value - slack <= low and high <= self.value + slack


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a forecast is true."""

    kind: Kind
    subject: tuple[str, ...]
    """Keys of the names that it is about; may be empty where a measure is named."""
    words: str
    """What happens, or what is measured: verbatim from the sentence."""
    since: date
    until: date
    """Last day, inclusive: the day after, the forecast is overdue."""
    target: Target | None = None
    """For "reaches" only."""

    def __str__(self) -> str:
        """The line that ``parse_rule`` reads."""
        subject = ", ".join(json.dumps(key, ensure_ascii=False) for key in self.subject)
        parts = [self.kind, f"[{subject}]", json.dumps(self.words, ensure_ascii=False)]
        if self.target is not None:
            t = self.target
            upper = _figure(t.value if t.upper is None else t.upper)
            span = f"{_figure(t.value)}..{upper}" if t.comparison == ".." else f"{t.comparison} {_figure(t.value)}"
            parts += [span, json.dumps(t.unit, ensure_ascii=False)]
        return f"{' '.join(parts)} in {self.since.isoformat()}..{self.until.isoformat()}"


_STRING = r'"(?:[^"\\]|\\.)*"'
_NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_RULE = re.compile(
    rf"(?P<kind>happens|reaches|absent) \[(?P<subject>(?:{_STRING}(?:, {_STRING})*)?)\] (?P<words>{_STRING})"
    rf"(?: (?:(?P<comparison>>=|<=|~) (?P<value>{_NUMBER})|(?P<low>{_NUMBER})\.\.(?P<high>{_NUMBER})) (?P<unit>{_STRING}))?"
    r" in (?P<since>\d{4}-\d\d-\d\d)\.\.(?P<until>\d{4}-\d\d-\d\d)"
)


def parse_rule(line: str) -> Rule:
    """The rule that a line states.

    Raises:
        ValueError: It states none.
    """
    match = _RULE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a resolution rule: {line!r}")
    target = None
    if match["unit"] is not None:
        ranged = match["low"] is not None
        target = Target(
            comparison=".." if ranged else _comparison(match["comparison"]),
            value=float(match["low"] if ranged else match["value"]),
            upper=float(match["high"]) if ranged else None,
            unit=json.loads(match["unit"]),
        )
    kind = _kind(match["kind"])
    if (kind == "reaches") != (target is not None):
        raise ValueError(f"not a resolution rule: {line!r}; 'reaches', and it alone, has a figure")
    since, until = date.fromisoformat(match["since"]), date.fromisoformat(match["until"])
    if until < since:
        raise ValueError(f"not a resolution rule: {line!r}; it ends before it begins")
    return Rule(
        kind=kind,
        subject=tuple(json.loads(key) for key in re.findall(_STRING, match["subject"])),
        words=json.loads(match["words"]),
        since=since,
        until=until,
        target=target,
    )


def _kind(word: str) -> Kind:
    return "happens" if word == "happens" else "reaches" if word == "reaches" else "absent"


def _comparison(word: str) -> Comparison:
    return ">=" if word == ">=" else "<=" if word == "<=" else "~"


def _figure(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"a rule's figure must be finite, not {value}")
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(value)
