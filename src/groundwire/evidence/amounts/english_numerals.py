"""Plain numerals in English text: 1,234,567.8, 12,34,567, 1 234 567, 1.111,11."""

from __future__ import annotations

import re
from fractions import Fraction

from groundwire.evidence.amounts.numbers import MAX_DIGITS, digits_value

_DIGITS = re.compile(
    r"\d{1,3}(?:,\d{3})+(?!,?\d)(?:\.\d+)?(?![\d])"  # 1,234,567.8
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?(?!\d)"  # 12,34,567.89, as India groups
    r"|\d{1,3}(?: \d{3}){2,}(?![\d,])(?:\.\d+)?|\d{1,3} 000(?![\d,.])"  # 1 234 567, 40 000
    r"|\d{1,3}(?:\.\d{3})+,\d+(?!\d)"  # 1.111,11, as the continent writes
    r"|\d+(?:\.\d+)?|\.\d+"
)


def numeral(lowered: str, start: int) -> tuple[Fraction, Fraction, int] | None:
    """Value, place value of the last digit, and end of the plain numeral at ``start``."""
    match = _DIGITS.match(lowered, start)
    if match is None or match.end() - start > MAX_DIGITS:
        return None
    numeral, end = match[0], match.end()
    comma, point = numeral.rfind(","), numeral.rfind(".")
    if comma > point >= 0:
        numeral = numeral.replace(".", "").replace(",", ".")
    elif lowered[end : end + 1] == "." and lowered[end + 1 : end + 2].isdigit() and "," not in numeral:
        # 192.168.1.2 and 3.5.1 are no decimals: an address, a version, a date
        end = start + numeral.index(".") if "." in numeral else end
        numeral = lowered[start:end]
        if not numeral:
            return None
    if "." in numeral and lowered[start - 1 : start] == "." and lowered[start - 2 : start - 1].isdigit():
        end = start + numeral.index(".")
        numeral = lowered[start:end]
        if not numeral:  # "².." before a digit: nothing is left, and a number of no length would be found for ever
            return None
    value, step = digits_value(numeral.replace(",", "").replace(" ", ""))
    return value, step, end
