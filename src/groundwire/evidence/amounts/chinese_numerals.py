"""What a run of Chinese numeral characters and Arabic digits amounts to (3万5千, 两千四百五, 四亿五千六百万).

Read in one pass: digits gather in a section, 十百千 multiply the digit before them, 万亿兆 multiply all that is
smaller and
before them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from groundwire.evidence.amounts.numbers import MAX_DIGITS, digits_value

DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2, "俩": 2, "倆": 2, "幺": 1, "弌": 1,
}  # fmt: skip
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8, "兆": 10**12}
UNITS = {**TENS, **MYRIADS}
D = "".join(DIGITS)
U = "十拾百佰千仟万亿"  # and 兆, where it is no prefix of a unit (兆瓦)
MEGA = "兆(?![瓦赫字比帕欧伏焦电])"
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+)"
MANY = "多余几来"
_LARGEST = Fraction(10) ** 40
_Read = tuple[Fraction, Fraction, Fraction, Literal["", "more"]]
"""Value, place value of the last digit, scale of the ending, whether inexact."""
_READ = re.compile(rf"(?P<arabic>{ARABIC})|(?P<digit>[{D}廿卅])|(?P<unit>[{U}兆])|(?P<many>[{MANY}])")


@dataclass(slots=True)
class _Reading:
    """What the numeral characters up to here amount to."""

    pending: list[tuple[Fraction, int]] = field(default_factory=list)
    """Finished sections, each with the unit (万, 亿, 兆) that closed it."""
    section: Fraction = Fraction(0)
    """What 十, 百 and 千 have gathered since."""
    digit: Fraction | None = None
    digits_seen: int = 0
    arabic: bool = False
    """Whether ``digit`` was written in Arabic digits."""
    zero: bool = False
    """Whether a 零 has left places out."""
    step: Fraction = Fraction(1)
    last_unit: int = 1
    scale: Fraction = Fraction(1)
    inexact: Literal["", "more"] = ""
    previous: str = ""

    def push(self, kind: str, character: str) -> bool:
        """Take one more character; False if no number goes on that way."""
        accepted = {"arabic": self._arabic, "digit": self._digit, "unit": self._unit, "many": self._many}[kind](
            character
        )
        self.previous = kind
        return accepted

    def _arabic(self, character: str) -> bool:
        if self.digit is not None or len(character) > MAX_DIGITS:
            return False
        self.digit, self.step = digits_value(character.replace(",", ""))
        self.arabic, self.scale = True, Fraction(1)
        return True

    def _digit(self, character: str) -> bool:
        self.scale = Fraction(1)
        if character in "廿卅":
            self.section, self.digit, self.last_unit = self.section + (20 if character == "廿" else 30), None, 10
        elif character in "零〇" and self.last_unit != 1 and self.digit is None:
            self.zero = True  # 一百零五: a place left out, not a digit
        elif self.digit is None:
            self.digit, self.step, self.digits_seen, self.arabic = Fraction(DIGITS[character]), Fraction(1), 1, False
        elif self.previous != "digit" or self.section or self.arabic or self.digits_seen >= MAX_DIGITS:
            return False
        else:
            self.digit = self.digit * 10 + DIGITS[character]  # 二〇二六
            self.digits_seen += 1
        return True

    def _unit(self, character: str) -> bool:
        unit = UNITS[character]
        if character in TENS:
            if self.digits_seen > 1 or (self.last_unit != 1 and unit >= self.last_unit and self.last_unit < 10**4):
                return False
            self.section += (self.digit or Fraction(1)) * unit
        else:
            below = self.section + (self.digit or 0)
            while self.pending and self.pending[-1][1] < unit:
                below += self.pending.pop()[0]
            if below == 0 and self.pending and self.pending[-1][1] == unit and self.previous == "unit":
                below = self.pending.pop()[0]  # 四万万
            if (
                below == 0
                or below > _LARGEST
                or (self.pending and self.pending[-1][1] == unit and self.previous != "unit")
            ):
                return False
            self.pending.append((below * unit, unit))
            self.section = Fraction(0)
            self.scale *= unit
        self.step *= unit if unit > 10 else 1  # 三十 is as exact as thirty, 三百 may be rounded
        self.digit, self.digits_seen, self.arabic, self.zero, self.last_unit = None, 0, False, False, unit
        return True

    def _many(self, _: str) -> bool:
        self.inexact = "more"
        return True

    def result(self) -> _Read | None:
        """The number, if it may end here."""
        if self.previous == "many" or (self.digit is None and (self.last_unit == 1 or self.zero)):
            return None
        total, step = sum((value for value, _ in self.pending), self.section), self.step
        if self.digit is not None:
            digit = self.digit
            single = self.digits_seen == 1 and not self.arabic and self.previous == "digit"
            if single and digit and self.last_unit >= 100 and not self.zero:
                step = Fraction(self.last_unit, 10)  # 两千四百五 is 2450
                digit *= step
            elif self.digits_seen > 1 and self.last_unit > 1:
                return None
            total += digit
        return total, step, self.scale, self.inexact


def read_run(run: str) -> tuple[_Read, int] | None:
    """The longest number that the run begins with, and its length."""
    reading, best = _Reading(), None
    end = 0
    for match in _READ.finditer(run):
        if not reading.push(match.lastgroup or "many", match[0]):
            break
        end = match.end()
        if (result := reading.result()) is not None:
            best = result, end
    return best
