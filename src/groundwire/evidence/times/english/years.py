"""Years and their parts in English: 2026, FY26, Q4, the first half of next year, the nineties, this summer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english import months, stretches, weeks
from groundwire.evidence.times.english.words import YEAR_VALUE, full_year, year_in_words
from groundwire.evidence.times.spans import (
    Moment,
    Reading,
    Said,
    add_months,
    around,
    calendar_year,
    midnight,
    narrow,
    quarter_of,
    stretch,
)
from groundwire.types import Grain

_YEAR = re.compile(
    rf"(?:the )?(?:(?:calendar )?year |cy ?)?{YEAR_VALUE}(?![\d%]|[.,:/-]\d|,\d|(?:st|nd|rd|th|s|k|m|x|b|t|gb|w|kw|mw"
    rf"|gw|mah|nm)(?![a-z])|-[a-z]|\s?%)"
)
_FISCAL = re.compile(
    r"(?:(?:the )?fiscal(?: year)?|fy|sy|financial year|school year)[ -]?(?:of )?(?:ending "
    r"|ended )?'?(?:(?P<year>20\d\d)(?:[-/]\d{2,4})?|(?P<short>\d\d))(?!\d)"
)
_FISCAL_NONE = re.compile(r"(?:(?P<which>this|next|last) )?(?:fiscal|financial|school|academic) year(?![a-z])")
_QUARTER = re.compile(
    r"(?:q(?P<a>[1-4])(?!\d)|(?P<b>[1-4])q|(?:the )?(?P<word>first|second|third|fourth|1st|2nd|3rd|4th"
    r"|last(?=[ -]quarter (?:of|in)))[ -](?:fiscal |calendar )?quarter)(?![a-z])"
)
_HALF = re.compile(
    r"(?:h(?P<a>[12])(?!\d)|(?P<b>[12])h|(?:the )?(?P<word>first|second|latter|1st|2nd|front|back)[ -]half)(?![a-z])"
)
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "front": 1,
    "second": 2,
    "2nd": 2,
    "latter": 2,
    "back": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": 4,
}
_OF_YEAR = re.compile(
    rf"(?:,? (?:of |in )?(?:the )?|[ -/]|)(?:(?:fiscal(?: year)? |calendar (?:year )?|fy ?|year )?(?:{YEAR_VALUE}"
    rf"|'?(?P<short>\d\d)(?![\d:%]|\.\d))(?![\d%]|[.,:]\d)|(?P<which>this|next|last|the same|the following"
    rf"|the previous|the current) (?:fiscal |calendar )?year|(?P<the>year)(?![a-z]))"
)
_YEARS_OWN = re.compile(r"(?P<which>this|next|last) year(?:'s)? |" + rf"{YEAR_VALUE}(?:'s)?(?: |-|/|,)")
_SEASON = re.compile(
    r"(?:(?P<which>this|next|last|the) )?(?:(?P<mod>early|late|mid)[ -])?(?P<season>spring|summer|autumn|fall"
    r"|winter)(?![a-z])(?:(?:,? (?:of )?|,? )(?:(?P<year>(?:19|20)\d\d)|(?P<which2>this|next|last) year))?"
)
_SEASON_MONTHS = {
    "spring": (3, "SP"),
    "summer": (6, "SU"),
    "autumn": (9, "FA"),
    "fall": (9, "FA"),
    "winter": (12, "WI"),
}
_DECADE = re.compile(
    r"(?:the )?(?:(?P<mod>early|late|mid)[ -])?(?:(?P<year>1[5-9]\d|20\d)0'? ?s(?![a-z])"
    r"|'?(?P<short>[2-9]0)'?s(?![a-z])|(?P<word>twenties|thirties|forties|fifties|sixties|seventies|eighties"
    r"|nineties)(?![a-z]))"
)
_DECADES = {
    word: 20 + 10 * k
    for k, word in enumerate(
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"]
    )
}
_CENTURY = re.compile(r"(?:the )?(?P<ordinal>[a-z0-9-]+)\s{1,2}century(?![a-z])")


def year(context: Context, start: int) -> Found | None:
    """2026, the year 2026, nineteen ninety six, fiscal 2026, FY26."""
    if match := context.match(_FISCAL, start):
        value = int(match["year"]) if match["year"] else full_year(int(match["short"]))
        if context.convention.more_kinds:
            if match[0].startswith("the "):
                return None
            school = match[0].startswith(("sy", "school"))
            return Moment(kind="daterange", grain="year", timex=f"{'SY' if school else 'FY'}{value}"), match.end()
        return replace(calendar_year(value), modifier="about"), match.end()  # whose year that is, the words don't say
    if match := context.match(_YEAR, start):
        end = match.end()
        begin = match.start("year") if match[0].startswith("the ") else start
        return (
            (calendar_year(int(match["year"])), end)
            if begin == start and _year_is_sure(context, start, match)
            else None
        )
    if spoken := year_in_words(context, start):
        return calendar_year(spoken[0]), spoken[1]
    if (match := context.match(_FISCAL_NONE, start)) and context.convention.more_kinds:
        return Moment(
            kind="daterange", grain="year", timex="FYXXXX" if match[0].startswith("f") else "SYXXXX"
        ), match.end()
    return None


_YEAR_CUE = re.compile(
    r"(?:\b(?:in|by|since|from|until|till|of|before|after|during|for|through|to|and|between|late|early|mid|year"
    r"|fiscal|throughout|than|around|circa|sales|or|as of|\d{4})[ -]|[-=(,~/'] ?|^)$"
)
_THINGS = re.compile(
    r" (?:[a-z]+ )?(?:pieces|times|people|gpus|users|dollars|euros|yuan|yen|pounds|miles|meters|kilometers|km|mw|gw"
    r"|tokens|units|points|employees|jobs|hours|days|square|cubic|million|billion|percent|or more)(?![a-z])"
)


def _year_is_sure(context: Context, start: int, match: re.Match[str]) -> bool:
    """Four digits are a year after a preposition, or between 1900 and 2100 where they count nothing."""
    text = context.text
    if "year" in match[0] or "cy" in match[0]:
        return True
    before = text[max(0, start - 12) : start]
    if re.search(r"[\w.$€£#@_]$|[a-z]-$|\d[-,/]$|[$€£] $", before) or context.match(_THINGS, match.end()):
        return False
    value = int(match["year"])
    if _YEAR_CUE.search(before):
        return value >= 1900 or (
            value >= 1500 and (context.convention.bare or bool(re.search(r"\b(?:in|since) $", before)))
        )
    return 1900 <= value <= 2100 and (context.convention.bare or 1990 <= value <= 2050)


def _of_year(context: Context, start: int) -> tuple[int | None, int, bool] | None:
    """The year that a quarter or half belongs to: value (None: the current one), end, whether relative."""
    match = context.match(_OF_YEAR, start)
    if match is None:
        return None
    if match["year"]:
        return int(match["year"]), match.end(), False
    if match["short"]:
        glued = (
            (match[0] == match["short"] and context.text[start - 2 : start - 1].isdigit())
            or "'" in match[0]
            or "fy" in match[0]
        )
        return (full_year(int(match["short"])), match.end(), False) if glued else None
    if match["the"]:
        return None, match.end(), True
    step = {"next": 1, "last": -1, "the following": 1, "the previous": -1}.get(match["which"], 0)
    return context.reference.year + step, match.end(), True


def _own_year(context: Context, start: int) -> tuple[int, int, bool] | None:
    """The year before a quarter: 2026 Q1, next year's first quarter."""
    match = context.match(_YEARS_OWN, start)
    if match is None:
        return None
    if match["year"]:
        return int(match["year"]), match.end(), False
    return context.reference.year + {"next": 1, "last": -1}.get(match["which"], 0), match.end(), True


def quarter(context: Context, start: int) -> Found | None:
    """Q1 2026, 1Q26, 2026-Q1, the first quarter of next year, Q3."""
    own = _own_year(context, start)
    match = context.match(_QUARTER, own[1] if own else start)
    if match is None:
        return None
    number = int(match["a"] or match["b"]) if not match["word"] else _ORDINALS[match["word"]]
    return _in_year(context, own, match, number, quarter_of, "quarter")


def half(context: Context, start: int) -> Found | None:
    """H1 2026, the second half of the year, next year's first half."""
    own = _own_year(context, start)
    match = context.match(_HALF, own[1] if own else start)
    if match is None:
        return None
    number = int(match["a"] or match["b"]) if not match["word"] else _ORDINALS[match["word"]]

    def span(year_: int, which: int) -> Reading:
        begin = datetime(year_, 1 if which == 1 else 7, 1)
        return begin, add_months(begin, 6)

    if match["word"] and (of := re.compile(r" of (?:the )?").match(context.text, match.end())):
        inner = context.longest((decade, months.month, weeks.relative_unit), of.end())
        if inner is not None and inner[0].grain != "year" and len(inner[0].readings):
            halves = tuple((b, b + (e - b) / 2) if number == 1 else (b + (e - b) / 2, e) for b, e in inner[0].readings)
            return replace(
                inner[0], readings=tuple((midnight(b.date()), midnight(e.date())) for b, e in halves)
            ), inner[1]
    return _in_year(context, own, match, number, span, "half")


_PERIOD_CUE = re.compile(
    r"(?:\b(?:in|for|by|since|from|until|through|during|of|last|this|next|fiscal|late|early|mid|end of|after|before"
    r"|and|to)[ -]|[(/] ?)$"
)
_PERIOD_AFTER = re.compile(
    r" (?:revenue|results?|earnings|sales|guidance|profits?|report|figures|numbers|capex|spending|shipments?"
    r"|deliveries|outlook|forecast|loss|margins?)\b"
)


def _letter_is_sure(context: Context, match: re.Match[str]) -> bool:
    """Whether Q4 or H2 alone is a part of a year, not a quantisation, a chip or a heading."""
    if context.convention.bare:
        return True
    start, end = match.span()
    if not context.cased[start].isupper() or (context.text[start - 1 : start] or " ") not in " (/":
        return False
    around_it = _PERIOD_CUE.search(context.text, max(0, start - 10), start) or _PERIOD_AFTER.match(context.text, end)
    return (
        bool(around_it)
        and context.text[end : end + 1] not in ("_", "`", "-")
        and not context.text.startswith(" quant", end)
    )


def _in_year(
    context: Context,
    own: tuple[int, int, bool] | None,
    match: re.Match[str],
    number: int,
    span: Callable[[int, int], Reading],
    grain: Grain,
) -> Found | None:
    end, relative = match.end(), True
    value: int | None = None
    if own is not None:
        value, relative = own[0], own[2]
    elif of := _of_year(context, match.end()):
        value, end, relative = of
    elif (
        match["word"]
        and not context.convention.bare
        and grain == "half"
        and not re.search(r"(?:the|in|for|during) $|^$", context.text[max(0, match.start() - 8) : match.start()])
        and not match[0].startswith("the")
    ):
        return None
    if value is not None:
        return stretch(span(value, number), grain, relative=relative, said=Said(value)), end
    if not match["word"] and end == match.end() and not _letter_is_sure(context, match):
        return None
    year_ = context.reference.year
    of_the_year = end > match.end()
    if of_the_year and grain == "half":
        return stretch(span(year_, number), grain), end
    spans = [span(y, number) for y in range(year_ - 1, year_ + 2)]
    if match["a"] or match["b"] or of_the_year:
        # of the current year, or of the one after
        return Moment(kind="daterange", grain=grain, readings=tuple(spans[1:]), relative=True), end
    return Moment(kind="daterange", grain=grain, readings=around(spans, context.reference), relative=True), end


def decade(context: Context, start: int) -> Found | None:
    """The 1990s, the nineties, '80s, the 15th century."""
    if match := context.match(_CENTURY, start):
        nth = stretches.ordinal_value(match["ordinal"])
        if nth is None or not 10 < nth < 29:
            return None
        first = (nth - 1) * 100
        begin = match.start("ordinal") if match[0].startswith("the ") else start
        if begin != start and context.convention.bare:
            return None
        return stretch((datetime(first, 1, 1), datetime(first + 100, 1, 1)), "year", relative=False), match.end()
    match = context.match(_DECADE, start)
    if match is None or (match[0].startswith("the ") and context.convention.bare):
        return None
    if (
        match["short"]
        and not context.convention.bare
        and not re.search(r"(?:the|in|early|late|mid)[ -]'?$|'$", context.text[max(0, start - 6) : start])
        and not match[0].startswith(("the", "'"))
    ):
        return None
    if match["year"]:
        firsts = [int(match["year"]) * 10]
    else:
        two = int(match["short"]) if match["short"] else _DECADES[match["word"]]
        firsts = [1900 + two, 2000 + two]
        if context.convention is not None and not context.convention.bare:
            firsts = [min(firsts, key=lambda y: abs(y - context.reference.year))]
    moment = Moment(
        kind="daterange", grain="year", readings=tuple((datetime(f, 1, 1), datetime(f + 10, 1, 1)) for f in firsts)
    )
    if match["mod"]:
        cut = {"early": (0, 3), "mid": (3, 7), "late": (7, 10)}[match["mod"]]
        moment = replace(
            moment, readings=tuple((add_months(b, 12 * cut[0]), add_months(b, 12 * cut[1])) for b, _ in moment.readings)
        )
    return moment, match.end()


def season(context: Context, start: int) -> Found | None:
    """This summer, spring 2027, next autumn: of the northern half of the earth."""
    match = context.match(_SEASON, start)
    if match is None:
        return None
    first_month, code = _SEASON_MONTHS[match["season"]]
    which = match["which"] or match["which2"]
    if context.convention.more_kinds:
        year_ = match["year"] or (
            str(context.reference.year + {"next": 1, "last": -1}.get(which, 0)) if which not in (None, "the") else ""
        )
        begin = match.start("season") if which == "the" and not match["year"] else start
        return (
            (Moment(kind="daterange", grain="month", timex=f"{year_}-{code}" if year_ else code), match.end())
            if begin == start
            else None
        )
    if which in (None, "the") and not match["year"]:
        return None
    year_value = int(match["year"]) if match["year"] else _season_year(context.reference, first_month, which or "this")
    begin_at = datetime(year_value, first_month, 1)
    moment = stretch((begin_at, add_months(begin_at, 3)), "month", relative=not match["year"])
    return (
        narrow(replace(moment, grain="quarter"), stretches.PART_OF[match["mod"]]) if match["mod"] else moment
    ), match.end()


def _season_year(now: datetime, first_month: int, which: str) -> int:
    if which == "next":
        return now.year + (1 if now.month >= first_month else 0)
    if which == "last":
        return now.year - (0 if now.month > first_month + 2 else 1)
    return now.year
