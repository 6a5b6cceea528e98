"""A number joined to its unit: what the grammars of both languages produce, before it becomes a ``types.Quantity``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from groundwire.evidence.amounts import units
from groundwire.evidence.amounts.numbers import Number
from groundwire.types import QuantityKind

Qualifier = Literal["", "about", "more", "less"]
PERCENT = units.Unit("Percent", "dimension", "%", dimension="%")
POINT = units.Unit("Percentage point", "dimension", "pp", dimension="pp")
BASIS_POINT = units.Unit("Basis point", "dimension", "pp", Fraction(1, 100), "pp")
PER_MILLE = units.Unit("Per mille", "dimension", "%", Fraction(1, 10), "%")
TIMES = units.Unit("Times", "count", "x", dimension="x")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number with its unit, as far as one grammar can see it."""

    start: int
    end: int
    kind: QuantityKind
    number: Number
    unit: units.Unit | None
    value: Fraction
    """In the unit as named (kilometres, cents); times ``unit.factor`` it counts in ``unit.symbol``."""
    upper: Fraction | None = None
    per: str = ""
    """What follows the stroke of a rate ("h", "Mtok")."""
    qualifier: Qualifier = ""

    @property
    def symbol(self) -> str:
        """The unit's symbol, with what it is divided by."""
        symbol = self.unit.symbol if self.unit else ""
        return f"{symbol}/{self.per}" if self.per else symbol

    @property
    def factor(self) -> Fraction:
        """From the named unit to ``symbol``."""
        return self.unit.factor if self.unit else Fraction(1)


def plain(number: Number) -> Measured:
    """A number without a unit."""
    return Measured(
        start=number.start, end=number.end, kind="ordinal" if number.ordinal else "number", number=number, unit=None,
        value=number.value, upper=number.upper,
    )  # fmt: skip


def join(number: Number, kind: QuantityKind, unit: units.Unit, end: int, start: int | None = None) -> Measured:
    """A number with its unit, which ends at ``end`` (or begins at ``start``)."""
    return replace(plain(number), kind=kind, unit=unit, end=end, start=number.start if start is None else start)
