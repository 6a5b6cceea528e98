"""Money in English: signs and codes before a number, names after it, dollars with cents."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from groundwire.evidence.amounts import english_numbers, number_words, units
from groundwire.evidence.amounts.measures import Measured, join
from groundwire.evidence.amounts.numbers import Number

SYMBOL = re.compile(
    r"[^\x00-\x7f]{1,3}(?![A-Za-z])|(?:sq(?: "
    r"|\. ?))?[A-Za-zµΩ°º℃℉㎡Å\"¢$€£¥₹₡₾₩₽₺₴₸₦฿₫₪₱₲₵₼₮៛৳ł๊]+(?:[·./][A-Za-z]+)*(?:[23²³]|\^[23])?\.?"
)
_MONEY_GAP = re.compile(r"(?: of(?= ))? {0,2}(?:-|\s-\s)? ?")
_MONEY_SCALE = re.compile(r" ?(?:(?P<m>m|mm|mn|mln|mio)|(?P<b>b|bn|bln)|(?P<t>t|tn|trn)|(?P<k>k))(?![a-z0-9])")
_MONEY_POWERS = {"m": 6, "b": 9, "t": 12, "k": 3}
_WORD_SCALE = re.compile(r" (million|billion|trillion|thousand|bn|mn|m)(?![a-z])")
_NEXT_AMOUNT = re.compile(r" ?\d(?!\d? ?(?:cents?|pence|p)\b)")
_MINOR = re.compile(r"(?:,? and|,)? (?=\d|[a-z])")
_SIGN_TAIL = re.compile(
    r"(?:[A-Za-z.]{1,4} ?)?[$£¥€₹₡₾₩₽₺₴₸₦฿₫₪₱₲₵₼₮៛৳₿] {0,2}$|(?<![A-Za-z0-9])[A-Za-z]{1,4}\.?[ ]{0,2}$"
    r"|[^\W\d_]{1,4} {0,2}$"
)
_NAME_TAIL = re.compile(r"(?<![a-z])(dollar|sen|euro|pound|yen|yuan) $")
_CAUTIOUS = frozenset(
    {
        "won",
        "mark",
        "marks",
        "sol",
        "sols",
        "sen",
        "fen",
        "rand",
        "lev",
        "leone",
        "kip",
        "ether",
        "stone",
        "grain",
        "sterling",
        "crown",
    }
)
STOPS_NOUN = re.compile(
    r"(?:of|in|on|at|to|from|by|for|with|and|or|but|as|is|was|were|are|be|been|has|had|have|will|would|the|a|an|than"
    r"|that|"
    r"which|who|when|while|after|before|per|into|over|under|up|down|more|less|not|it|its|their|this|out|if|so|we"
    r"|they|you|i)$"
)


def money_before(text: str, lowered: str, number: Number, floor: int, *, dictated: bool) -> Measured | None:
    """An amount whose sign or code stands before it."""
    start = number.start
    negative = start > 0 and text[start] == "-" and number.value < 0
    found = sign_before(text, start, floor, dictated=dictated)
    if found is None:
        return None
    unit, begin = found
    if negative and begin == start:
        return None
    end, value, scale = number.end, number.value, number.scale
    if number.plain and (match := _MONEY_SCALE.match(lowered, end)):
        name = match.lastgroup or "m"
        if match[0][0] != " " or name == "m":
            scale = Fraction(10) ** _MONEY_POWERS[name]
            end, value = match.end(), value * scale
    number = replace(number, scale=scale, value=value, step=number.step * scale / number.scale, end=end)
    measured = replace(join(number, "currency", unit, end, begin), value=value)
    again = _name_after(text, lowered, end)
    if again and again[0].symbol == unit.symbol and not again[0].minor:
        measured = replace(measured, end=again[1])
    return _with_minor(text, lowered, measured) if number.plain else measured


def sign_before(text: str, start: int, floor: int = 0, *, dictated: bool = False) -> tuple[units.Unit, int] | None:
    """The currency sign or code that ends where a number starts, and where it begins: not before ``floor``."""
    tail = _SIGN_TAIL.search(text, max(floor, start - 7), start)
    found = _sign(text, tail.start(), start, dictated=dictated) if tail else None
    if found is None and dictated and (match := _NAME_TAIL.search(text.lower(), max(floor, start - 8), start)):
        return units.money().after[match[1]], match.start()
    return found


def _sign(text: str, tail: int, start: int, *, dictated: bool) -> tuple[units.Unit, int] | None:
    """The longest currency sign or code that ends where the number starts."""
    before = units.money().before
    written = text[tail:start].rstrip(" ")
    for offset in range(len(written)):
        raw = written[offset:]
        begin = tail + offset
        if raw[0] == " ":
            continue
        if raw[0].isalnum() and begin > 0 and text[begin - 1].isalnum():
            continue
        # "us $", "mxn$"; of single letters with a blank only "C $" ("Series A $30 million")
        unit = before.get(raw) or (before.get(raw.upper()) if raw[-1] == "$" or dictated else None)
        if unit is not None:
            return unit, begin
    return None


def _name_after(text: str, lowered: str, end: int) -> tuple[units.Unit, int] | None:
    """A currency's name, sign or code after a number."""
    gap = _MONEY_GAP.match(lowered, end)
    at = gap.end() if gap else end
    money = units.money()
    for phrase, stop in units.phrases(lowered, at):
        if unit := money.after.get(phrase):
            return unit, stop
    match = SYMBOL.match(text, at)
    if match is None:
        return None
    for length in range(len(match[0]), 0, -1):
        sign = match[0][:length]
        after = text[at + length : at + length + 1]
        if sign[-1].isalpha() and after.isalnum():
            continue
        if (unit := money.signs.get(sign)) and not (sign[-1] in "$€£¥" and _NEXT_AMOUNT.match(lowered, at + length)):
            return unit, at + length
    return None


def money_after(text: str, lowered: str, number: Number) -> Measured | None:
    """An amount whose currency's name, sign or code stands after it."""
    found = _name_after(text, lowered, number.end)
    if found is None:
        return None
    unit, end = found
    name = lowered[number.end : end].strip(" -")
    if name in _CAUTIOUS and number.plain and number.value < 100:
        return None
    measured = join(number, "currency", unit, end)
    if number.plain and len(name) == 3 and (match := _WORD_SCALE.match(lowered, end)):
        scale = {"m": 10**6, "mn": 10**6, "bn": 10**9}.get(match[1]) or 10 ** number_words.SCALES[match[1]]
        return replace(
            measured, value=number.value * scale, end=match.end(), number=replace(number, scale=Fraction(scale))
        )
    return _with_minor(text, lowered, measured)


def _with_minor(text: str, lowered: str, measured: Measured) -> Measured:
    """3 dollars 50 cents, 15 dollars and 15, thirteen dollars forty five."""
    unit = measured.unit
    if unit is None or unit.minor or measured.value.denominator != 1:
        return measured
    gap = _MINOR.match(lowered, measured.end)
    if gap is None:
        return measured
    number = english_numbers.parse(text, lowered, gap.end())
    if (
        number is None
        or number.start != gap.end()
        or not 0 < number.value < 100
        or number.value.denominator != 1
        or not number.plain
    ):
        return measured
    end = number.end
    found = _name_after(text, lowered, end)
    if found is not None and found[0].minor:
        end = found[1]
    elif found is not None or not _ends_clause(lowered, end):
        return measured
    share = Fraction(found[0].factor if found is not None and found[0].minor else Fraction(1, 100))
    return replace(measured, end=end, value=measured.value + number.value * share)


def _ends_clause(lowered: str, end: int) -> bool:
    """Whether nothing is counted by what ended there: end of text, punctuation, or a word that begins a new phrase."""
    rest = lowered[end : end + 12]
    if not rest.strip() or rest[0] in ".,;:!?)":
        return not re.match(r"[.,]\d", rest)
    word = re.match(r" ([a-z]+)(?![a-z])", rest)
    return bool(word and STOPS_NOUN.match(word[1]) and word[1] not in ("times", "of"))
