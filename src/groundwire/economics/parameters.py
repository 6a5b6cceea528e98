"""Every number that a scenario holds: its key, unit, limits of sense, default with source, and words for people."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from groundwire.economics.names import pick
from groundwire.economics.uncertainty import Range
from groundwire.errors import EconomicsError

__all__ = ["Parameter", "parameters", "read_range"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One number of a scenario, in the unit that its key names."""

    key: str
    section: str
    unit: str
    low: float
    """Least that makes sense."""
    high: float
    """Most that makes sense: beyond it a unit is wrong."""
    default: Range | None
    source: str
    source_zh: str
    """A citation stays in its own language; a judgement of ours is translated."""
    label: str
    label_zh: str
    help: str
    help_zh: str

    @property
    def path(self) -> str:
        """Section and key, as error messages name it."""
        return f"{self.section}.{self.key}"

    def checked(self, value: Range) -> Range:
        """The value, if it lies within the limits.

        Raises:
            EconomicsError: it doesn't; names the field and the remedy.
        """
        for number in (value.low, value.mid, value.high):
            if self.low <= number <= self.high:
                continue
            if self.unit.startswith("share") and 1 < number <= 100:
                remedy = f"a share lies in {self.low:g} to {self.high:g}: write {number / 100:g} for {number:g} %"
            elif self.key.endswith("_s") and number > self.high / 10 and number / 1000 <= self.high:
                remedy = f"the unit is seconds: write {number / 1000:g} for {number:g} ms"
            elif number <= 0 and self.low > 0:
                remedy = f"must be positive [{self.unit}]"
            elif number > self.high:
                remedy = f"must be at most {self.high:g} {self.unit}; check the unit"
            else:
                remedy = f"must be at least {self.low:g} {self.unit}; check the unit"
            raise EconomicsError(self.path, f"is {number:g}, {remedy}")
        return value


@cache
def parameters() -> Mapping[str, Parameter]:
    """All of them by key, in the order of the sheet."""
    text = (resources.files("groundwire.economics") / "data" / "defaults.toml").read_text(encoding="utf-8")
    found: dict[str, Parameter] = {}
    for entry in tomllib.loads(text)["parameter"]:
        default = read_range(entry["key"], entry["default"]) if "default" in entry else None
        p = Parameter(
            key=entry["key"], section=entry["section"], unit=entry["unit"], low=float(entry["min"]),
            high=float(entry["max"]), default=default, source=entry.get("source", ""),
            source_zh=entry.get("source_zh", entry.get("source", "")), label=entry["label"],
            label_zh=entry["label_zh"], help=entry["help"], help_zh=entry["help_zh"],
        )  # fmt: skip
        if default is not None:
            p.checked(default)
        found[p.key] = p
    return found


def read_range(field: str, value: Any) -> Range:
    """A number, ``[low, high]``, ``[low, mid, high]`` or ``{low, mid, high}`` as a range; text as people write it, too.

    Text is "3", "3 to 5", "3..4..5": what a form field or an address holds. The middle of a pair is its geometric mean
    (arithmetic where the low end is 0 or below).

    Raises:
        EconomicsError: none of these; names the field and the form.
    """
    if isinstance(value, str):
        return _from_text(field, value)
    if isinstance(value, bool):
        raise EconomicsError(field, f"is {str(value).lower()}, must be a number")
    if isinstance(value, (int, float)):
        return _range(field, [float(value)])
    if isinstance(value, (list, tuple)):
        return _range(field, [_number(field, v) for v in value])
    if isinstance(value, Mapping):
        for key in value:
            pick(field, str(key), ("low", "mid", "high"))
        if "low" not in value or "high" not in value:
            raise EconomicsError(field, "a range needs low and high (and may have mid)")
        order = ("low", "mid", "high") if "mid" in value else ("low", "high")
        return _range(field, [_number(field, value[k]) for k in order])
    raise EconomicsError(field, "must be a number, [low, high] or { low, mid, high }")


def _number(field: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise EconomicsError(field, f"{value!r} is not a number; leave out the unit, the field's name carries it")
    return float(value)


def _from_text(field: str, text: str) -> Range:
    parts = [p for p in text.replace("–", " ").replace("..", " ").replace(" to ", " ").replace("|", " ").split() if p]
    numbers = []
    for part in parts:
        try:
            numbers.append(float(part.replace(",", "").replace("_", "")))
        except ValueError as error:
            raise EconomicsError(
                field, f"{text!r} is not a number; write 3, or 3 to 5, without a unit (the field's name carries it)"
            ) from error
    return _range(field, numbers)


def _range(field: str, numbers: list[float]) -> Range:
    if len(numbers) not in (1, 2, 3):
        raise EconomicsError(field, f"needs one number, low and high, or low, mid and high; has {len(numbers)} numbers")
    if not all(np.isfinite(n) for n in numbers):
        raise EconomicsError(field, "must be a finite number")
    if numbers != sorted(numbers):
        raise EconomicsError(field, f"low must not exceed high: {' to '.join(f'{n:g}' for n in numbers)}")
    if len(numbers) == 1:
        return Range.exact(numbers[0])
    if len(numbers) == 3:
        return Range(*numbers)
    low, high = numbers
    return Range(low, float(np.sqrt(low * high)) if low > 0 else (low + high) / 2.0, high)
