"""Every formula with its inputs and units, read out of the functions that compute them: what is shown is what runs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from groundwire.economics import carbon, cost, demand, edge, margin, plans
from groundwire.economics.performance import roofline, scheduler, speculative

__all__ = ["Formula", "formulas"]

_UNIT = re.compile(r"\[([^\]]+)\]")
_EXPRESSION = re.compile(r"``([^`]+)``")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """One function of the economics room."""

    name: str
    """Module and function."""
    says: str
    """What it works out, in words."""
    expression: str
    """As it is written in textbooks; "" where it is more than one line."""
    unit: str
    """Of the result."""
    inputs: tuple[tuple[str, str], ...]
    """Words and unit of each input that has a unit."""


@cache
def formulas() -> tuple[Formula, ...]:
    """All of them, in the order of the data: load, performance, cost, energy, margin."""
    modules = (demand, roofline, scheduler, speculative, cost, edge, carbon, margin, plans)
    found = []
    for module in modules:
        for name in module.__all__:
            function = getattr(module, name)
            if (
                inspect.isfunction(function)
                and inspect.signature(function).parameters
                and (doc := inspect.getdoc(function))
            ):
                found.append(_read(f"{module.__name__.removeprefix('groundwire.economics.')}.{name}", function, doc))
    return tuple(f for f in found if f.unit)


def _read(name: str, function: Callable[..., Any], doc: str) -> Formula:
    """A formula out of a docstring of ours: first line, ``Args`` with units in brackets, ``Returns``."""
    first, *rest = doc.split("\n")
    sections: dict[str, list[str]] = {"": []}
    title = ""
    for line in rest:
        if re.fullmatch(r"[A-Z][a-z]+:", line):
            title = line[:-1]
        sections.setdefault(title, []).append(line.strip())
    written = [e for e in _EXPRESSION.findall(first) if " " in e]
    expression = max(written, key=len, default="")
    units = _UNIT.findall(" ".join(sections.get("Returns", ()))) or _UNIT.findall(first)
    plain = first.replace(f"``{expression}``", "") if expression else first
    says = re.sub(r":(?=[,;. ])\s*(?=[,;.]|$)|[:.]\s*$", "", _UNIT.sub("", plain.replace("``", "")).strip())
    says = re.sub(r":\s{2,}", " ", re.sub(r"\s+([,;])", r"\1", says)).strip().rstrip(":.").strip()
    entries = re.split(r"\s(?=\w+: )", " ".join(sections.get("Args", ())))
    known = set(inspect.signature(function).parameters)
    inputs = []
    for entry in entries:
        key, _, words = entry.partition(": ")
        unit = _UNIT.findall(words)
        if key in known and unit:
            inputs.append((_UNIT.sub("", words.replace("``", "")).strip().rstrip("."), unit[-1]))
    return Formula(
        name=name, says=says, expression=expression, unit=units[-1] if units else "",
        inputs=tuple(inputs),
    )  # fmt: skip
