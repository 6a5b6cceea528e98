"""Numbers and dates of a text in one notation for English and Chinese: what two reports can agree or differ on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from groundwire.times import MONTH_NUMBERS

_SCALE = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "tn": 1e12, "t": 1e12, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7,
    "亿": 1e8, "十亿": 1e9, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12,
}  # fmt: skip
_FROM_THREE = (
    "three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
)
_WORDS = {word: value for value, word in enumerate(_FROM_THREE.split(), start=3)}
_WORDS |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

_NUMBER = re.compile(
    r"""(?P<sign>US\$|HK\$|[$€£¥]|(?:USD|RMB|CNY|EUR)\s?)?
    (?<![\w.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)
    (?:\s?-?(?P<scale>thousand|million|billion|trillion|mn|bn|tn|[kKmMbBtT](?![A-Za-z])|万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百))?
    (?:\s?(?P<unit>%|％|percent|per\ cent|美元|欧元|英镑|人民币|日元|韩元|港元|元|dollars?|euros?|pounds?|yuan))?""",
    re.VERBOSE,
)
_WORD = re.compile(rf"\b(?P<word>{'|'.join(_WORDS)})\b(?:[ -](?P<scale>hundred|thousand|million|billion))?")
_WORD_SCALE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_CURRENCY = {
    "US$": "usd", "$": "usd", "USD": "usd", "美元": "usd", "dollar": "usd", "€": "eur", "EUR": "eur", "欧元": "eur",
    "euro": "eur", "£": "gbp", "英镑": "gbp", "pound": "gbp", "¥": "cny", "RMB": "cny", "CNY": "cny", "元": "cny",
    "人民币": "cny", "yuan": "cny", "HK$": "hkd", "港元": "hkd", "日元": "jpy", "韩元": "krw",
}  # fmt: skip
_MONTH = "(?P<month>" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_DATES = (
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*:)(?:,?\s+(?P<year>(?:19|20)\d\d))?"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<year>(?:19|20)\d\d))?"),
    re.compile(r"(?:(?P<year>(?:19|20)\d\d)\s?年\s?)?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?[日号]"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d{2})-(?P<day>\d{2})\b"),
    re.compile(r"\b(?P<month>\d{1,2})\s?/\s?(?P<day>\d{1,2})\s?/\s?(?P<year>(?:19|20)\d\d)\b"),
)
_YEAR = re.compile(r"(?<![\d.,$€£¥])(?:19|20)\d\d(?![\d%.,]\d|[%万亿kKmM])")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text states in numbers."""

    quantities: dict[str, str]
    """Key -> the words of the text. A key is class and value to three digits, such as ``usd:1.2e+09`` (currency),
    ``%:40``, ``n:300`` (anything else)."""
    opening: frozenset[str]
    """Keys of quantities that stand in the opening."""
    dates: frozenset[str]
    """``MM-DD``."""
    years: frozenset[str]
    """``YYYY``."""


def figures(text: str, opening: int = 0) -> Figures:
    """Numbers, calendar dates and years of a normalised text; 12亿 and 1.2 billion share a key.

    Numbers below three without a unit are left out: they say nothing of an event.

    Args:
        text: The text.
        opening: How many characters of it are the opening.
    """
    quantities: dict[str, str] = {}
    first: set[str] = set()
    dates: set[str] = set()
    years: set[str] = set()
    taken: list[tuple[int, int]] = []
    lower = text.lower()
    for pattern in _DATES:
        for match in pattern.finditer(lower):
            month, day = match["month"], int(match["day"])
            number = MONTH_NUMBERS.get(month) or (int(month) if month.isdigit() else 0)
            if 1 <= number <= 12 and 1 <= day <= 31:
                dates.add(f"{number:02}-{day:02}")
                taken.append(match.span())
                if match["year"]:
                    years.add(match["year"])
    for match in _YEAR.finditer(text):
        years.add(match.group())
        taken.append(match.span())
    for match in _NUMBER.finditer(text):
        start, end = match.span("digits")
        if any(s < end and start < e for s, e in taken):
            continue
        value = float(match["digits"].replace(",", "")) * _SCALE.get((match["scale"] or "").lower(), 1.0)
        kind = _kind((match["sign"] or "").strip(), match["unit"] or "")
        if kind == "n" and value < 3:
            continue
        key = f"{kind}:{value:.3g}"
        quantities.setdefault(key, match.group().strip())
        if start < opening:
            first.add(key)
    for match in _WORD.finditer(lower):
        key = f"n:{_WORDS[match['word']] * _WORD_SCALE.get(match['scale'] or '', 1.0):.3g}"
        quantities.setdefault(key, match.group())
        if match.start() < opening:
            first.add(key)
    return Figures(quantities, frozenset(first), frozenset(dates), frozenset(years))


def _kind(sign: str, unit: str) -> str:
    if unit in ("%", "％", "percent", "per cent"):
        return "%"
    return _CURRENCY.get(sign) or _CURRENCY.get(unit.rstrip("s") if unit.isascii() else unit) or "n"
