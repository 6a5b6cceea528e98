"""What a number in a text is, for both languages."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

MAX_DIGITS = 40
"""Longer digit strings are identifiers, not quantities: they are passed over."""
HUGE = Fraction(10) ** 60
Form = Literal["digits", "words", "mixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that a text writes, before anything is known of its unit. Offsets are half-open."""

    start: int
    end: int
    value: Fraction
    form: Form
    scale: Fraction = Fraction(1)
    """The scale word that closes it (5.2 million: 10**6); ranges share it (5 to 7 million)."""
    step: Fraction = Fraction(1)
    """Place value of the last digit stated (5.2 million: 100 000): how exactly the text says it."""
    upper: Fraction | None = None
    """Where the words themselves are a range (五六百, tens of thousands, 十几亿)."""
    inexact: Literal["", "about", "more"] = ""
    """Said to be inexact by words inside it (500余万: more)."""
    fraction: bool = False
    ordinal: bool = False

    @property
    def plain(self) -> bool:
        """Whether it has no scale word, so that a following number's scale may count for it too."""
        return self.scale == 1


def to_float(value: Fraction) -> float:
    """The nearest float; bounded, because ``float`` of a huge fraction raises."""
    return float(max(min(value, HUGE), -HUGE))


def digits_value(digits: str) -> tuple[Fraction, Fraction]:
    """Value and place value of the last digit of a plain decimal numeral ("1234.50" -> 1234.5, 0.01)."""
    whole, _, decimals = digits.partition(".")
    step = Fraction(1, 10 ** len(decimals))
    return Fraction(int(whole + decimals or "0")) * step, step
