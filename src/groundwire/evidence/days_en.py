"""Days in English: dates in words and figures, weekdays, tomorrow, 3 days ago, the first Monday of May, holidays."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from groundwire.evidence import durations, numbers_en, stretches_en
from groundwire.evidence.calendar_words_en import (
    DAY_DIGITS,
    MONTH,
    SHORT_YEAR,
    WEEKDAY,
    WEEKDAYS,
    YEAR,
    full_year,
    month_at,
    month_value,
    weekday_at,
    year_in_words,
)
from groundwire.evidence.clocks_en import PART_HOURS
from groundwire.evidence.dates_context import Context, Found, offset_moment
from groundwire.evidence.holidays import ENGLISH
from groundwire.evidence.timespans import (
    DAY,
    Duration,
    Moment,
    Said,
    around,
    at_clock,
    day_part,
    calendar_date,
    midnight,
    nth_weekday,
    one_day,
    partial_date,
    safe_date,
    shift,
    week_of,
)  # fmt: skip

_DAY = re.compile(
    rf"(?:the )?{DAY_DIGITS}(?P<suffix>\s?(?:st|nd|rd|th)(?![a-z]))?(?!\d|[:%]|\.\d|,\d{{3}}|[a-z]|-(?!{MONTH.replace('(?P<month>', '(?:')})[a-z])"
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
    rf"(?P<a>[0-3]?\d)\s?(?P<sep>[-/.])\s?(?P<b>[0-3]?\d)(?:\s?(?P=sep)\s?(?:{YEAR}|(?P<short>\d\d)(?!\d|:)))(?!\d|[/.]\d|-\d(?!\d?[-/]\d{{1,2}}[-/]\d))"
)
_BARE_SLASHED = re.compile(r"(?P<a>[0-3]?\d)(?P<sep>[/-])(?P<b>[0-3]?\d)(?![\d%]|[-/.]\d|\.\d)")
_RANGED_SLASHED = re.compile(r"(?P<a>[0-3]?\d)(?P<sep>/)(?P<b>[0-3]?\d)(?=\s?[-~])")
_MONTH_YEAR_DAY = re.compile(rf"{MONTH}\s?[-/]\s?{YEAR}\s?[-/]\s?{DAY_DIGITS}(?!\d)")
_YEAR_FIRST = re.compile(rf"{YEAR}(?:[-/]|,? ){MONTH}(?:[-/]| ){DAY_DIGITS}(?:st|nd|rd|th)?(?![\d:a-z])")
_RELATIVE = {
    "the day after tomorrow": 2, "day after tomorrow": 2, "the day before yesterday": -2, "day before yesterday": -2,
    "today": 0, "otd": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "tomorow": 1, "yesterday": -1,
    "the day after": 1, "the next day": 1, "the following day": 1, "next day": 1, "the day before": -1, "the previous day": -1,
    "previous day": -1, "the last day": -1, "last day": -1, "the day": 0, "same day": 0, "the same day": 0, "this day": 0,
}  # fmt: skip
_RELATIVE_DAY = re.compile(rf"(?:{'|'.join(sorted(_RELATIVE, key=len, reverse=True))})(?![a-z])")
_VAGUE_DAYS = frozenset(
    (
        "the day",
        "same day",
        "the same day",
        "this day",
        "last day",
        "the last day",
        "the day after",
        "the day before",
        "next day",
        "the next day",
        "the following day",
        "previous day",
        "the previous day",
    )
)
_NOT_A_DAY = re.compile(r"day after (?:day|the)")
_WHICH = r"(?P<which>next|following|this coming|this upcoming|this past|this|coming|upcoming|last|previous|preceding|past|current)"
_WHICH_WEEKDAY = re.compile(rf"(?:the )?{_WHICH} (?:week(?:'s)? (?:- ?|on )?)?{WEEKDAY}")
_OF_WEEK = re.compile(rf"(?:,? (?:of |in )?(?:the )?|\s?[-,]?\s?(?:how about )?){_WHICH} week(?![a-z])")
_IN_WEEK = re.compile(rf"(?:the )?{_WHICH} week(?:'s)?(?:,? (?:on )?|\s?-\s?|, how about on ){WEEKDAY}")
_NTH = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "last": -1,
}
_NTH_WEEKDAY = re.compile(
    rf"(?:the )?(?P<nth>{'|'.join(_NTH)}) {WEEKDAY}(?P<part> (?:morning|afternoon|evening|night))? (?:of|in) (?:the )?"
)
_DAY_OF = re.compile(r"(?:the )?(?P<ordinal>[a-z0-9-]+) day of (?:the )?")
_ORDINAL_DAY = re.compile(
    rf"(?P<the>the )?(?:{DAY_DIGITS}(?P<suffix>st|nd|rd|th)?(?![a-z\d])|(?P<word>[a-z]+(?:-| )?[a-z]*))(?! (?:floor|avenue|street|place|time|century|quarter|half|generation|year|anniversary|month|week|day)\b)"
)
AGO = re.compile(
    r" (?:ago|earlier|before now|prior)(?![a-z])|(?P<from> (?:before|prior to) )|(?P<rel> (?:previously|back))(?![a-z])"
)
_LATER = re.compile(r" (?P<now>from now|later|hence|after now)(?![a-z])|(?P<from> (?:from|after|since|following) )")
_IN = re.compile(r"(?P<in>in) (?:(?:about|around|another|just|the) )?")
_SINCE_THAT = re.compile(r" (?:since|from|after) (?:the year )?")
_HOLIDAY_YEAR = re.compile(rf",? (?:of |in )?(?:(?P<which>this|next|last|previous|the following) year|{YEAR})")
_HOLIDAY_WHICH = re.compile(r"(?P<which>next|last|previous|this|following|coming|upcoming|past|this coming|this past) ")
_HOLIDAY = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, ENGLISH), key=len, reverse=True))})(?!\w)")
_AND_WEEKDAY = re.compile(rf"\s?(?:,|-|\()?\s?{WEEKDAY}(?P<close>\))?")
_WEEKDAY_SEPARATOR = re.compile(r"(?:\s?[,-]\s?|\s?\(\s?| (?:the )?)")


# --- parts -------------------------------------------------------------------------------------------------------------


def day_of_month(context: Context, start: int) -> tuple[int, int, bool] | None:
    """1 to 31 in figures or words, where it ends, and whether it is an ordinal: 4, 4th, the ninth, twenty nine."""
    if match := context.match(_DAY, start):
        return int(match["day"]), match.end(), bool(match["suffix"])
    text = context.text
    at = start + 4 if text.startswith("the ", start) else start
    if at >= len(text) or not text[at].isalpha():
        return None
    number = numbers_en.parse(text, text, at)
    if number is not None and number.form == "words" and number.value.denominator == 1 and number.value > 31:
        # "twenty second nine thirty", "twenty five nineteen eighty six": the day is the first part
        for cut in (m.start() for m in re.finditer(r"[ -]", text[at : number.end])):
            shorter = numbers_en.parse(text[: at + cut], text[: at + cut], at)
            if shorter is not None and shorter.end == at + cut and 0 < shorter.value <= 31:
                number = shorter
                longer = re.compile(r"[a-z]+[ -][a-z]+").match(text, at)
                if (
                    longer
                    and (both := numbers_en.parse(text[: longer.end()], text[: longer.end()], at))
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


# --- absolute dates ------------------------------------------------------------------------------------------------------


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


def _day_month(context: Context, start: int) -> Found | None:
    """5 March, the 5th of March 2026, fourth of july, fifteen August nineteen ninety three."""
    day = day_of_month(context, start)
    if day is None:
        return None
    gap = context.match(_OF, day[1])
    month = month_at(context, gap.end()) if gap else None
    if month is None or (
        month["month"] == "may"
        and not day[2]
        and gap
        and "of" not in gap[0]
        and context.text[start].isalpha()
    ):
        return None
    said = Said(None, month_value(month["month"]), day[0])
    if year := year_after(context, month.end()):
        return _dated(context, replace(said, year=year[0]), year[1])
    if short := re.compile(rf"\.?[ -]{SHORT_YEAR}").match(context.text, month.end()):
        if context.text[month.end()] == "-":
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


# --- weekdays --------------------------------------------------------------------------------------------------------------


def weekday(context: Context, start: int) -> Found | None:
    """Friday; with a date: Friday, March 5; Friday the 26th; friday (jun-15); Monday 21."""
    match = weekday_at(context, start)
    if match is None:
        return None
    value = WEEKDAYS[match["weekday"][:3]]
    short = len(match["weekday"]) <= 3 and match["weekday"] in ("sat", "sun", "mon", "wed", "fri")
    if separator := context.match(_WEEKDAY_SEPARATOR, match.end()):
        at = separator.end()
        dated = (
            context.parse(absolute, at)
            or _slashed_on(context, at, value)
            or (context.parse(relative_day, at) if "," in separator[0] else None)
        )
        if dated is not None and dated[0].kind == "date":
            end = dated[1] + (context.text[dated[1] : dated[1] + 1] == ")" and "(" in separator[0])
            return dated[0], end
        day = day_of_month(context, at)
        if day is not None and separator[0].strip() in ("", "the", "(", "-"):
            if _followed_by_clock(context, day[1]) and not day[2] and ":" in context.text[at : day[1] + 1]:
                pass
            elif day[2] and "the" in separator[0]:
                this = _that_day(context, day[0], value)
                if this is not None:
                    return this, day[1]
            elif day[2] or (day[0] > 12 and context.text[at].isdigit()):
                said = Said(None, None, day[0], value)
                return Moment(
                    kind="date", readings=partial_date(said, context.reference), said=said, relative=True
                ), day[1]
    if short and re.search(r"(?:the|a|in) $", context.text[max(0, start - 4) : start]):
        return None  # the sun
    if short and not context.convention.bare and not _weekday_is_sure(context, start, match.end()):
        return None
    said = Said(weekday=value)
    return Moment(kind="date", readings=partial_date(said, context.reference), said=said, relative=True), match.end()


def _slashed_on(context: Context, start: int, value: int) -> Found | None:
    """7/6 or, if that was or is such a weekday, 7-6 (else those are hours)."""
    found = bare_slashed(context, start, dashes=True)
    if (
        found is None
        or "-" not in context.text[start : found[1]]
        or any(r[0].weekday() == value for r in found[0].readings)
    ):
        return found
    return None


def _that_day(context: Context, day: int, value: int) -> Moment | None:
    """Wednesday the 31st: the nearest month in which that is so, this one first."""
    said = Said(None, None, day, value)
    readings = partial_date(said, context.reference)
    here = safe_date(context.reference.year, context.reference.month, day)
    if here is not None and here.weekday() == value:
        readings = (one_day(here),)
    return Moment(kind="date", readings=readings, said=said, relative=True) if readings else None


def _followed_by_clock(context: Context, end: int) -> bool:
    return context.text[end : end + 1] == ":"


def _weekday_is_sure(context: Context, start: int, end: int) -> bool:
    return (
        bool(
            re.search(r"(?:on|by|until|since|before|after|next|last|this|,) $", context.text[max(0, start - 8) : start])
        )
        and not context.text[end : end + 1].isalnum()
    )


def which_week(which: str) -> int:
    """How many weeks away "this", "next" or "last" is."""
    return {
        "next": 1,
        "following": 1,
        "coming": 1,
        "upcoming": 1,
        "last": -1,
        "previous": -1,
        "preceding": -1,
        "past": -1,
    }.get(which, 0)


def which_weekday(context: Context, start: int) -> Found | None:
    """Next Monday, this past Wednesday, Tuesday of last week, next week on Friday."""
    text = context.text
    for pattern in (_IN_WEEK, _WHICH_WEEKDAY):
        if match := context.match(pattern, start):
            if not context.named(match, "weekday"):
                continue
            value = WEEKDAYS[match["weekday"][:3]]
            in_week = " week" in match[0]
            day = _the_weekday(context.reference, match["which"], value, in_week=in_week)
            end = match.end()
            if (dated := _AND_DATE.match(text, end)) and (
                more := context.parse(absolute, dated.end()) or bare_slashed(context, dated.end(), dashes=True)
            ):
                close = text[more[1] : more[1] + 1] == ")" and "(" in dated[0]
                return more[0], more[1] + close
            return Moment(kind="date", readings=(one_day(day),), relative=True), end
    match = weekday_at(context, start)
    if match and (week := context.match(_OF_WEEK, match.end())):
        day = _the_weekday(context.reference, week["which"], WEEKDAYS[match["weekday"][:3]], in_week=True)
        return Moment(kind="date", readings=(one_day(day),), relative=True), week.end()
    return None


_AND_DATE = re.compile(r"(?:\s?[,-]\s?|\s?\(\s?| (?=\d{1,2}/))")


def _the_weekday(reference: datetime, which: str, value: int, *, in_week: bool) -> datetime:
    monday = week_of(reference.date())
    if in_week:
        return monday + timedelta(weeks=which_week(which), days=value)
    if which in ("coming", "upcoming", "this coming", "this upcoming"):
        return midnight(reference.date() + timedelta(days=(value - reference.weekday() - 1) % 7 + 1))
    if which in ("this past", "past"):
        return midnight(reference.date() - timedelta(days=(reference.weekday() - value - 1) % 7 + 1))
    return monday + timedelta(weeks=which_week(which), days=value)


# --- relative days -----------------------------------------------------------------------------------------------------------


def relative_day(context: Context, start: int) -> Found | None:
    """Today, tomorrow, the day before yesterday; "tomorrow, 13/04/21" is what the figures say."""
    match = context.match(_RELATIVE_DAY, start)
    if match is None or context.match(_NOT_A_DAY, start) or context.match(_NOT_A_DAY, start + 4):
        return None
    if match[0] in _VAGUE_DAYS and not context.convention.bare:
        return None
    if match[0] == "the day" and not re.search(r"(?:for|of|during) $", context.text[max(0, start - 8) : start]):
        return None
    day = midnight(context.reference.date()) + timedelta(days=_RELATIVE[match[0]])
    if (comma := re.compile(r", ?").match(context.text, match.end())) and (
        dated := context.parse(absolute, comma.end())
    ):
        return dated
    return Moment(kind="date", readings=((day, day + DAY),), relative=True), match.end()


def offset(context: Context, start: int) -> Found | None:
    """3 days ago, two weeks from tomorrow, 5 days before new year, in 18 months, in two years since 2011."""
    opened = context.match(_IN, start)
    read = durations.english(context, opened.end() if opened else start)
    if read is None:
        return None
    duration, end = read
    sign, base, relative = 1, context.reference, True
    if opened:
        if (later := context.match(_LATER, end)) and later["from"] and "since" not in later["from"]:
            return None  # (in) two days from today: read from "two" on
        if since := context.match(_SINCE_THAT, end):
            from_ = context.longest((absolute, which_weekday, relative_day, stretches_en.calendar_stretch), since.end())
            if from_ is not None and from_[0].readings:
                base, end, relative = from_[0].readings[-1][0], from_[1], from_[0].relative
        moment, end = _moved(context, base, duration, 1, end, relative=relative)
        return replace(moment, anchored=not relative), end
    for pattern, direction in ((AGO, -1), (_LATER, 1)):
        match = context.match(pattern, end)
        if match is None:
            continue
        sign = direction
        if not match["from"]:
            moment, end = _moved(context, context.reference, duration, sign, match.end(), relative=True)
            return replace(moment, anchored=match[0].strip() in ("ago", "from now", "hence")), end
        anchor = context.longest((absolute, weekday, which_weekday, relative_day, holiday, now), match.end())
        if anchor is None or not anchor[0].readings:
            return None
        if anchor[0].timex == "PRESENT_REF":
            return _moved(context, context.reference, duration, sign, anchor[1], relative=True)
        if duration.unit == "time":
            return None
        reading = next((r for r in anchor[0].readings if r[0] >= context.reference), anchor[0].readings[-1])
        return _moved(context, reading[0], duration, sign, anchor[1], relative=anchor[0].relative)
    return None


_NOW = re.compile(
    r"(?:right |just )?now(?![a-z])|(?:at (?:the|this) (?:present )?(?:moment|minute|time)|at present|asap|as soon as possible)(?![a-z])(?! (?:of|when|that|in)\b)|at the present time(?![a-z])"
)


def now(context: Context, start: int) -> Found | None:
    """Now, at the moment."""
    match = context.match(_NOW, start)
    if match is None or not context.convention.more_kinds:
        return None
    if match[0] == "at the time":
        return None
    here = context.reference
    return Moment(
        kind="datetime", grain="time", readings=((here, here),), relative=True, timex="PRESENT_REF"
    ), match.end()


def _moved(
    context: Context, base: datetime, duration: Duration, sign: int, end: int, *, relative: bool
) -> Found:
    return offset_moment(context, shift(base, duration, sign), duration, relative=relative), end


_OFFSET_WEEKDAY = re.compile(rf"{WEEKDAY},? ")
_ON_WEEKDAY = re.compile(rf",? on {WEEKDAY}")


def offset_weekday(context: Context, start: int) -> Found | None:
    """Monday two weeks from now; in 3 days on Friday: that weekday, in that week or next after."""
    if match := context.match(_OFFSET_WEEKDAY, start):
        found = context.parse(offset, match.end())
        if not context.named(match, "weekday"):
            return None
        name, end = match["weekday"], found[1] if found else 0
    else:
        found = context.parse(offset, start)
        on = context.match(_ON_WEEKDAY, found[1]) if found else None
        if on is None:
            return None
        name, end = on["weekday"], on.end()
    if found is None or found[0].kind != "date" or (context.text[start : start + 3] == "in " and match is not None):
        return None
    day = found[0].readings[0][0]
    # that weekday in the same week, counted from Sunday
    moved = day + timedelta(days=(WEEKDAYS[name[:3]] + 1) % 7 - (day.weekday() + 1) % 7)
    return Moment(kind="date", readings=(one_day(moved.date()),), relative=True), end


# --- days within stretches, holidays ---------------------------------------------------------------------------------------------


def nth_weekday_of(context: Context, start: int) -> Found | None:
    """The first Monday of next month, the last Friday in May 2026."""
    match = context.match(_NTH_WEEKDAY, start)
    if match is None:
        return None
    month = context.parse(stretches_en.month, match.end())
    if month is None or month[0].grain != "month":
        return None
    days = []
    for begin, _ in month[0].readings:
        day = nth_weekday(begin.year, begin.month, WEEKDAYS[match["weekday"][:3]], _NTH[match["nth"]])
        if day is not None:
            days.append(one_day(day))
    if not days:
        return None
    moment = Moment(kind="date", readings=tuple(days), relative=month[0].relative)
    if match["part"]:
        return at_clock(moment, day_part(PART_HOURS[match["part"].strip()])), month[1]
    return moment, month[1]


def day_of(context: Context, start: int) -> Found | None:
    """The 15th day of next month, the thirty-first day of the month."""
    match = context.match(_DAY_OF, start)
    if match is None:
        return None
    day = day_of_month(context, match.start("ordinal"))
    if day is None or day[1] != match.end("ordinal"):
        return None
    this = re.compile(r"month(?![a-z])").match(context.text, match.end())
    if this:
        when = safe_date(context.reference.year, context.reference.month, day[0])
        return (Moment(kind="date", readings=(one_day(when),), relative=True), this.end()) if when else None
    month = context.parse(stretches_en.month, match.end())
    if month is None or month[0].grain != "month":
        return None
    days = [one_day(d) for r in month[0].readings if (d := safe_date(r[0].year, r[0].month, day[0]))]
    said = replace(month[0].said, day=day[0])
    return Moment(kind="date", readings=tuple(days), relative=month[0].relative, said=said), month[1]


def ordinal_day(context: Context, start: int) -> Found | None:
    """The 18th, 29th, the ninth: of this month or the one before."""
    if not context.convention.bare:
        return None
    match = context.match(_ORDINAL_DAY, start)
    day = day_of_month(context, start)
    if match is None or day is None:
        return None
    on_the = match["the"] and re.search(r"\bon $", context.text[max(0, start - 4) : start])
    figures = bool(match["suffix"] or (match["day"] and on_the))
    if not (day[2] or on_the) or not (match["the"] or figures) or (not figures and match["the"] and not on_the):
        return None
    if re.match(
        r",? (?:to|of|in) (?:the|last|a)\b| (?:one|item|time|page|times|and last)\b|[-/]",
        context.text[day[1] : day[1] + 10],
    ):
        return None
    if not on_the and not re.search(r"(?:\bon|\bof) $", context.text[max(0, start - 4) : start]):
        return None
    said = Said(None, None, day[0])
    return Moment(kind="date", readings=partial_date(said, context.reference), said=said, relative=True), day[1]


def holiday(context: Context, start: int) -> Found | None:
    """Christmas, Thanksgiving 2026, independence day of this year, next easter."""
    which = context.match(_HOLIDAY_WHICH, start)
    match = context.match(_HOLIDAY, which.end() if which else start)
    if match is None:
        return None
    date_in = ENGLISH[match[0]]
    reference = context.reference
    year = context.match(_HOLIDAY_YEAR, match.end())
    if year is not None:
        chosen = (
            int(year["year"])
            if year["year"]
            else reference.year + {"next": 1, "last": -1, "previous": -1, "the following": 1}.get(year["which"], 0)
        )
        day = date_in(chosen)
        return (Moment(kind="date", readings=(one_day(day),), relative=not year["year"]), year.end()) if day else None
    days = [one_day(d) for y in range(reference.year - 1, reference.year + 3) if (d := date_in(y))]
    readings = around(days, reference)
    if which and readings:
        word = which["which"]
        if word in ("next", "following", "coming", "upcoming", "this coming"):
            readings = readings[-1:]
        elif word in ("last", "previous", "past", "this past"):
            readings = readings[:1]
        else:
            readings = tuple(r for r in days if r[0].year == reference.year)
    return Moment(kind="date", readings=readings, relative=True, holiday=date_in), match.end()


def day(context: Context, start: int) -> Found | None:
    """Any day."""
    found = context.longest(
        (
            absolute,
            nth_weekday_of,
            day_of,
            which_weekday,
            offset_weekday,
            weekday,
            relative_day,
            holiday,
            offset,
            ordinal_day,
        ),
        start,
    )
    if found is None:
        return None
    moment, end = found
    if moment.said.day and not moment.said.weekday and (tail := context.match(_AND_WEEKDAY, end)):
        if tail["close"] or "(" in tail[0] or "," in tail[0]:  # May 22 (Tue)
            if ("(" in tail[0]) == bool(tail["close"]) and "(" in tail[0]:
                return moment, tail.end()
    return moment, end


def figure_day(context: Context, start: int) -> Found | None:
    """The 18th, the ninth: an ordinal alone, where a day is sure to stand."""
    day = day_of_month(context, start)
    if day is None or not day[2]:
        return None
    said = Said(None, None, day[0])
    return Moment(kind="date", readings=partial_date(said, context.reference), said=said, relative=True), day[1]
