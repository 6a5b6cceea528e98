"""Dates by their calendar parts in English: March 5, the 5th of March 2026, 2026-03-05, 3/5/2026."""

from __future__ import annotations

import re
from dataclasses import replace

from groundwire.evidence.amounts import english_numbers
from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english.words import (
    DAY_DIGITS,
    MONTH,
    SHORT_YEAR,
    YEAR,
    full_year,
    month_at,
    month_value,
    year_in_words,
)
from groundwire.evidence.times.spans import Moment, Said, calendar_date, one_day, partial_date, safe_date

_DAY = re.compile(
    rf"(?:the )?{DAY_DIGITS}(?P<suffix>\s?(?:st|nd|rd|th)(?![a-z]))?(?!\d|[:%]|\.\d|,\d{{3}}|[a-z]"
    rf"|-(?!{MONTH.replace('(?P<month>', '(?:')})[a-z])"
)
_GLUE = re.compile(r"(?:\s?[-/.]\s?(?=\d)|\.?,? the |\.?,?\s{0,2})")
_OF = re.compile(r"(?:\s?[-/.]\s?(?=[a-z])|\s{0,2}(?:day )?(?:of |in )?)")
_YEAR_AFTER = re.compile(rf"(?:\s{{0,2}},?\s{{0,2}}(?:of |in )?|\s?[-/.]\s?){YEAR}|(?: of |,? ?')(?P<short>\d\d)(?!\d)")
_YEAR_WORDS_AFTER = re.compile(r",? (?:of |in )?(?=nineteen|twenty|eighteen|seventeen|two thousand)")
_WHICH_YEAR_AFTER = re.compile(r",? (?:of )?(?P<which>last|this|next) year(?![a-z])")
_NUMERIC = [
    re.compile(rf"{YEAR}(?P<sep>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=sep)(?P<d>0?[1-9]|[12]\d|3[01])(?!\d|[-/]\d)"),
    re.compile(r"(?P<year>19\d\d|20\d\d) (?P<m>0[1-9]|1[0-2]) (?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?P<year>19\d\d|20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
]
_SLASHED = re.compile(
    rf"(?P<a>[0-3]?\d)\s?(?P<sep>[-/.])\s?(?P<b>[0-3]?\d)(?:\s?(?P=sep)\s?(?:{YEAR}|(?P<short>\d\d)(?!\d|:)))(?!\d"
    rf"|[/.]\d|-\d(?!\d?[-/]\d{{1,2}}[-/]\d))"
)
_BARE_SLASHED = re.compile(r"(?P<a>[0-3]?\d)(?P<sep>[/-])(?P<b>[0-3]?\d)(?![\d%]|[-/.]\d|\.\d)")
_RANGED_SLASHED = re.compile(r"(?P<a>[0-3]?\d)(?P<sep>/)(?P<b>[0-3]?\d)(?=\s?[-~])")
_MONTH_YEAR_DAY = re.compile(rf"{MONTH}\s?[-/]\s?{YEAR}\s?[-/]\s?{DAY_DIGITS}(?!\d)")
_YEAR_FIRST = re.compile(rf"{YEAR}(?:[-/]|,? ){MONTH}(?:[-/]| ){DAY_DIGITS}(?:st|nd|rd|th)?(?![\d:a-z])")


def day_of_month(context: Context, start: int) -> tuple[int, int, bool] | None:
    """1 to 31 in figures or words, where it ends, and whether it is an ordinal: 4, 4th, the ninth, twenty nine."""
    if match := context.match(_DAY, start):
        return int(match["day"]), match.end(), bool(match["suffix"])
    text = context.text
    at = start + 4 if text.startswith("the ", start) else start
    if at >= len(text) or not text[at].isalpha():
        return None
    number = english_numbers.parse(text, text, at)
    if number is not None and number.form == "words" and number.value.denominator == 1 and number.value > 31:
        # "twenty second nine thirty", "twenty five nineteen eighty six": the day is the first part
        for cut in (m.start() for m in re.finditer(r"[ -]", text[at : number.end])):
            shorter = english_numbers.parse(text[: at + cut], text[: at + cut], at)
            if shorter is not None and shorter.end == at + cut and 0 < shorter.value <= 31:
                number = shorter
                longer = re.compile(r"[a-z]+[ -][a-z]+").match(text, at)
                if (
                    longer
                    and (both := english_numbers.parse(text[: longer.end()], text[: longer.end()], at))
                    and both.end == longer.end()
                    and 20 < both.value <= 31
                ):
                    number = both
                break
    if (
        number is None
        or number.form != "words"
        or number.value.denominator != 1
        or not 0 < number.value <= 31
        or number.fraction
    ):
        return None
    return int(number.value), number.end, number.ordinal


def year_after(context: Context, start: int) -> tuple[int, int] | None:
    """A year that follows a month or a day: ", 2026", " of 2026", " '26", " of 87", nineteen eighty six."""
    if match := context.match(_YEAR_AFTER, start):
        return (int(match["year"]) if match["year"] else full_year(int(match["short"]))), match.end()
    if (gap := context.match(_YEAR_WORDS_AFTER, start)) and (year := year_in_words(context, gap.end())):
        return year
    if match := context.match(_WHICH_YEAR_AFTER, start):
        return context.reference.year + {"last": -1, "this": 0, "next": 1}[match["which"]], match.end()
    return None


def absolute(context: Context, start: int) -> Found | None:
    """A date by its calendar parts."""
    return context.longest((_month_day, _day_month, _numeric, _slashed, _year_first), start)


def _dated(context: Context, said: Said, end: int) -> Found | None:
    if (
        said.year is not None
        and said.month
        and said.day
        and safe_date(said.year, said.month, said.day) is None
        and said.day > 31
    ):
        return None
    return calendar_date(said, context.reference), end


def _month_day(context: Context, start: int) -> Found | None:
    """March 5, Mar-5, March the 5th, march fifth nineteen eighty six."""
    if match := context.match(_MONTH_YEAR_DAY, start):
        return _dated(context, Said(int(match["year"]), month_value(match["month"]), int(match["day"])), match.end())
    month = month_at(context, start)
    glue = context.match(_GLUE, month.end()) if month else None
    if month is None or glue is None:
        return None
    day = day_of_month(context, glue.end())
    if day is None or (not glue[0] and not context.text[month.end()].isdigit()):
        return None
    if not context.convention.bare and not day[2] and "," in glue[0]:
        return None  # "in December, 29 people"
    if not context.convention.bare and "the" in glue[0] and not context.text[day[1] - 3].isdigit():
        return None  # "in April, the first apparent change"
    said = Said(None, month_value(month["month"]), day[0])
    if year := year_after(context, day[1]):
        return _dated(context, replace(said, year=year[0]), year[1])
    return _dated(context, said, day[1])


_DASHED_YEAR = re.compile(rf"-{SHORT_YEAR}")


def _day_month(context: Context, start: int) -> Found | None:
    """5 March, the 5th of March 2026, fourth of july, fifteen August nineteen ninety three."""
    day = day_of_month(context, start)
    if day is None:
        return None
    gap = context.match(_OF, day[1])
    month = month_at(context, gap.end()) if gap else None
    if month is None or (
        month["month"] == "may" and not day[2] and gap and "of" not in gap[0] and context.text[start].isalpha()
    ):
        return None
    said = Said(None, month_value(month["month"]), day[0])
    if year := year_after(context, month.end()):
        return _dated(context, replace(said, year=year[0]), year[1])
    if short := context.match(_DASHED_YEAR, month.end()):
        return _dated(context, replace(said, year=full_year(int(short["short"]))), short.end())
    return _dated(context, said, month.end())


def _numeric(context: Context, start: int) -> Found | None:
    """2026-03-05, 2026/3/5, 20260305."""
    for pattern in _NUMERIC:
        if match := context.match(pattern, start):
            said = Said(int(match["year"]), int(match["m"]), int(match["d"]))
            return (
                (calendar_date(said, context.reference), match.end())
                if safe_date(said.year or 0, said.month or 0, said.day or 0)
                else None
            )
    return None


def _slashed(context: Context, start: int) -> Found | None:
    """3/5/2026 (month first unless that can't be), 23.04.2022, 5/3."""
    match = context.match(_SLASHED, start)
    if match is None:
        return bare_slashed(context, start) if context.convention.bare else None
    a, b = int(match["a"]), int(match["b"])
    month, day = (b, a) if a > 12 or (match["sep"] == "." and b <= 12) else (a, b)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if match["year"]:
        return calendar_date(Said(int(match["year"]), month, day), context.reference), match.end()
    if match["sep"] == "." or not context.convention.bare:
        return None
    short = int(match["short"])
    days = [d for century in (1900, 2000) if (d := safe_date(century + short, month, day))]
    if context.reference.year // 100 == 20 and short < 30 and days:
        return calendar_date(Said(2000 + short, month, day), context.reference), match.end()
    return Moment(kind="date", readings=tuple(map(one_day, days)), said=Said(None, month, day)), match.end()


def bare_slashed(context: Context, start: int, *, dashes: bool = False, ranged: bool = False) -> Found | None:
    """7/6 (where a date is sure to stand, 7-6; where a range begins, 7/6-7/9)."""
    match = context.match(_RANGED_SLASHED if ranged else _BARE_SLASHED, start)
    if match is None or (match["sep"] == "-" and not dashes):
        return None
    a, b = int(match["a"]), int(match["b"])
    month, day = (b, a) if a > 12 else (a, b)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return calendar_date(Said(None, month, day), context.reference), match.end()


def _year_first(context: Context, start: int) -> Found | None:
    match = context.match(_YEAR_FIRST, start)
    if match is None:
        return None
    return _dated(context, Said(int(match["year"]), month_value(match["month"]), int(match["day"])), match.end())


def figure_day(context: Context, start: int) -> Found | None:
    """The 18th, the ninth: an ordinal alone, where a day is sure to stand."""
    day = day_of_month(context, start)
    if day is None or not day[2]:
        return None
    said = Said(None, None, day[0])
    return Moment(kind="date", readings=partial_date(said, context.reference), said=said, relative=True), day[1]
