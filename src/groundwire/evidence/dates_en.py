"""Dates and times in English: days and stretches joined with times, into ranges, and by before, after, until."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from groundwire.evidence import clocks_en, days_en, durations, sets_en, stretches_en
from groundwire.evidence.calendar_words_en import MONTH, WEEKDAY
from groundwire.evidence.clocks_en import MODS, PART_HOURS
from groundwire.evidence.dates_context import Context, Found
from groundwire.evidence.holidays import ENGLISH
from groundwire.evidence.timespans import (
    DAY,
    EVENING,
    NIGHT,
    Kind,
    Modifier,
    Moment,
    Reading,
    Said,
    at_clock,
    clock_range,
    day_part,
    midnight,
    one_day,
    partial_date,
    partial_month,
    shift,
    stretch,
)  # fmt: skip

_HOLIDAY_STARTS = "|".join(sorted({re.escape(name.split()[0]) for name in ENGLISH}))
_START = re.compile(
    rf"(?<![\w.$€£#@])(?:'?\d|[½¼¾]|=|<|(?:{MONTH.replace('(?P<month>', '(?:')}|{WEEKDAY.replace('(?P<weekday>', '(?:')}|{_HOLIDAY_STARTS}"
    r"|(?:q[1-4]|h[12]|[fsc]y)(?![a-z])|fiscal|financial|school|today|tomorrow|tmrw?|yesterday|ton(?:ight|ite)|otd|now|noon(?:ish)?|mid|midnight|mid-?day"
    r"|the|this|that|next|last|past|previous|preceding|following|coming|upcoming|same|current|each|every|everyday|all|any|once|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve|thir\w+|fourt\w+|fift\w+|sixt\w+|sevent\w+|eight\w+|ninet\w+|twent\w+|(?:mon|tues|wednes|thurs|fri|satur|sun)days|fort\w+|half|quarter|an?|few|some|several|couple|another"
    r"|first|second|third|fourth|sixth|seventh|ninth|tenth|eleventh|twelfth|final|latter|in|within|inside|from|between|since|after|before|prior|by|until|till|till|to|up|no|as|not|on|at|around|about|circa|over|during|for|starting|start|beginning|late|later|early|earlier"
    r"|end|close|year|month|week|weekend|weekends|w/c|eo[dymw]|ytd|spring|summer|autumn|fall|winter|morning|afternoon|evening|night|day|daytime|night-?time|lunch\w*|dinner\w*|breakfast\w*"
    r"|daily|weekly|bi[\w-]+|monthly|quarterly|yearly|annual\w*|semi[\w-]*|nineties|eighties|seventies|sixties|less|more|right|just|asap|later|greater|business|working|year-end|equal))"
)


_UNIT_NAMES = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|weekends?|fortnights?|months?|quarters?|years?|decades?|centur(?:y|ies)|workdays?|business days?|half)"
_DAY_NAMES = rf"(?:{MONTH.replace('(?P<month>', '(?:')}|{WEEKDAY.replace('(?P<weekday>', '(?:')})"
_DATE_WORDS = (
    rf"(?:{_DAY_NAMES}|today|tomorrow|yesterday|tonight|this |next |last |(?:19|20)\d\d|q[1-4]|h[12]|fy|fiscal|\d{{1,2}}(?:st|nd|rd|th)?[ /.-]|first |second |third |fourth "
    rf"|spring|summer|autumn|fall |winter|end|beginning|start|mid|early|late|year|month|week|quarter|\d{{3}}0s|(?:{'|'.join(sorted(map(re.escape, ENGLISH), key=len, reverse=True))})(?!\w))"
)
_NEWS_START = re.compile(
    rf"(?<![\w.$€£#@])(?:{_DATE_WORDS}|(?:[1-4][qh]|'\d0s|\d{{1,4}}[:./-]\d|\d{{1,2}} ?[ap]\.?m\b|\d{{8}}(?!\d))"
    rf"|\d[\d.]*(?: to | or |-| ?– ?)?\d*[ -]{_UNIT_NAMES}\b"
    rf"|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|[a-z]+ty|half|few|some|several|couple|another)\b(?=(?:[ -][a-z]+){{0,3}}?[ -]{_UNIT_NAMES}\b)"
    rf"|(?:this|next|last|past|previous|preceding|following|coming|upcoming)\b(?= (?:[a-z]+ |\d+ ){{0,3}}?(?:{_UNIT_NAMES}|{_DAY_NAMES}|morning|afternoon|evening|spring|summer|autumn|fall|winter)\b)"
    rf"|the (?=(?:\d{{2,3}}0?'?s|first|second|third|fourth|fifth|sixth|last|final|latter|next|following|end|week|day|fiscal|year|early|late|mid|middle|nineties|eighties|\d{{1,2}}(?:st|nd|rd|th)|(?:twentieth|nineteenth|eighteenth)|[a-z-]+ century)\b)"
    rf"|(?:within|inside|in|over|during) (?=(?:the |about |around |just |a |an |another )*(?:next |coming |past |last |following )?(?:\d|[a-z-]+ )(?:[\d.]*[ -]?)(?:[a-z]+[ -]){{0,3}}?{_UNIT_NAMES}\b)"
    rf"|(?:from|between|since|after|before|prior to|by|until|till|no later than|as early as|as late as|starting|beginning|effective|as of|around|about|circa|ahead of|later than|earlier than) (?=(?:the |very |around |about |from |on |in )*{_DATE_WORDS})"
    r"|nineteen |twenty (?=twenty)|two thousand |end of |close of |beginning of |start of |middle of |eo[dymw]\b|year-end|fiscal |tonight)"
)


def scan(context: Context) -> Iterator[tuple[int, int, Moment]]:
    """Moments of the text, in order, the longest at each place: start, end, moment."""
    beginnings = _START if context.convention.bare else _NEWS_START
    position = 0
    text = context.text
    while match := beginnings.search(text, position):
        start = match.start()
        found = moment(context, start)
        if found is not None and found[1] > start:
            yield start, found[1], found[0]
            position = found[1]
            continue
        position = start + 1
        while position < len(text) and text[position - 1].isalnum() and text[position].isalnum():
            position += 1


def moment(context: Context, start: int) -> Found | None:
    """The longest moment that begins at ``start``."""
    rules = [ranges, modified, dated, around, stretches_en.any_stretch]
    if context.convention.more_kinds:
        rules = [sets_en.sets, *rules, days_en.now, stretches_en.end_of_day, meals, clock_alone, duration_alone]
    found = context.longest(rules, start)
    return None if found is None else _or_later(context, *found)


_AROUND = re.compile(r"(?:around|circa|about|approximately) (?:the )?")


def around(context: Context, start: int) -> Found | None:
    """Around tomorrow 10am, about March 2027."""
    match = context.match(_AROUND, start)
    found = context.longest((dated, stretches_en.calendar_stretch, stretches_en.part), match.end()) if match else None
    if found is None or (found[0].grain != "time" and context.convention.bare):
        return None
    return replace(found[0], modifier="about"), found[1]


# --- a day with a time -----------------------------------------------------------------------------------------------------

_TONIGHT = re.compile(
    r"(?:late |later )?(?:ton(?:ight|ite))(?![a-z])|last night(?![a-z])|(?P<mod>early |late |later )?(?P<which>this|next) (?P<mod2>early |late |later )?(?P<part>morning|afternoon|evening|night)(?![a-z])"
)
_PART_AFTER = re.compile(
    r",? (?:(?:in |during )?the )?(?P<mod>early |late |later )?(?P<part>morning|afternoon|evening|night)(?![a-z])"
)
_EARLY_DAY = re.compile(
    r"(?P<mod>early|later?|earlier|mid)(?: in)?(?: the day)? (?=today|tomorrow|yesterday|this|on|mon|tue|wed|thu|fri|sat|sun|the day)"
)
_CLOCK_JOINT = re.compile(
    r"(?:(?P<by> by | before | no later than | after | until | till | since )|,? (?:at|@|on|for) (?:around )?|,? (?:around|about|circa) |\s?[-,]?\s?|,? starting (?:at |from )?)"
)
_YEAR_LAST = re.compile(r" ((?:19|20)\d\d)(?![\d:])")
_DAY_JOINT = re.compile(r",? (?:on |of |in )?")
_FOR = re.compile(r"(?P<lead> for | lasting )")
_FROM_CLOCK = re.compile(r" (?:from|starting(?: at)?|at|beginning(?: at)?) ")


def dayish(context: Context, start: int) -> Found | None:
    """A day, perhaps with a part of it: tomorrow night, Monday morning, tonight, Wednesday evening next week."""
    if match := context.match(_TONIGHT, start):
        return _tonight(context, match)
    if (
        (early := context.match(_EARLY_DAY, start))
        and context.convention.bare
        and (found := context.parse(days_en.day, early.end()))
    ):
        hours = {"early": (0, 12), "earlier": (0, 12), "mid": (10, 14), "late": (12, 24), "later": (12, 24)}[
            early["mod"]
        ]
        spans = tuple((r[0] + timedelta(hours=hours[0]), r[0] + timedelta(hours=hours[1])) for r in found[0].readings)
        return Moment(kind="datetimerange", grain="time", readings=spans, relative=True), found[1]
    found = context.parse(days_en.day, start)
    if found is None or found[0].kind != "date":
        return None
    day, end = found
    if (part := context.match(_PART_AFTER, end)) and not context.text.startswith("s", part.end()):
        hours = PART_HOURS[part["part"]]
        both = at_clock(day, day_part(hours, MODS.get((part["mod"] or "").strip(), "")))
        end = part.end()
        week = context.match(days_en._OF_WEEK, end)
        if week and day.said.weekday is not None:
            shifted = days_en._the_weekday(context.reference, week["which"], day.said.weekday, in_week=True)
            both = at_clock(replace(day, readings=(one_day(shifted),)), day_part(hours))
            end = week.end()
        return both, end
    return day, end


def _tonight(context: Context, match: re.Match[str]) -> Found:
    today = midnight(context.reference.date())
    if match["part"]:
        hours = PART_HOURS[match["part"]]
        day = today + (DAY if match["which"] == "next" else timedelta())
        part = MODS.get((match["mod"] or match["mod2"] or "").strip(), "")
    else:
        hours, part = NIGHT, ""
        day = today - DAY if match[0].startswith("last") else today
    whole = Moment(kind="date", readings=((day, day + DAY),), relative=True)
    return at_clock(whole, day_part(hours, part)), match.end()


def dated(context: Context, start: int) -> Found | None:
    """A day with its time, in either order; or the day alone."""
    return context.longest((_day_clock, _clock_day, days_en.offset), start)


def _whole_day(moment: Moment) -> Moment:
    """The day of a part of a day."""
    spans = tuple(dict.fromkeys(one_day(r[0].date()) for r in moment.readings))
    return replace(moment, kind="date", grain="day", readings=spans, part="")


def _prefer_half(part: Moment, clock: Moment) -> Moment:
    """The reading of a clock that lies in the part of the day that was named."""
    if part.kind != "datetimerange" or not part.readings or clock.fixed:
        return clock
    evening = part.readings[0][0].hour >= 12
    late = part.readings[0][0].hour >= 20
    wanted = [c for c in clock.clock if (c[0] >= 43200) == evening]
    if late:
        wanted = [c for c in clock.clock if c[0] >= 20 * 3600 or c[0] < 5 * 3600] or wanted
        wanted = [c for c in wanted if c[0] >= 18 * 3600] or wanted
        if clock.kind == "time" and all(c[0] // 3600 in (1, 2, 3, 4, 13, 14, 15, 16) for c in clock.clock):
            wanted = [min(clock.clock)]
    return replace(clock, clock=tuple(wanted[:1] or clock.clock[:1]), fixed=True)


def _day_clock(context: Context, start: int) -> Found | None:
    found = context.parse(dayish, start)
    if found is None:
        return None
    day, end = found
    if not day.readings:
        return found
    if with_length := _clock_for(context, day, end):
        return with_length
    joint = context.match(_CLOCK_JOINT, end)
    if joint is None or joint.end() == end:
        return found
    bare = context.convention.bare
    clear = bool(re.search(r"at |@|around|by|before|later|after|until|till|since|about", joint[0]))
    ranged = context.parse(clocks_en.clocks, joint.end())
    if ranged is None and joint[0].strip() in ("", ",", "on", "for", "-"):
        opened = re.compile(r"(?:from|between) ").match(context.text, joint.end())
        ranged = context.parse(clocks_en.clocks, joint.end()) if opened else None
    single = context.longest((clocks_en.clock,), joint.end())
    if single is None and (
        (clear and not re.search(r"after|before|until|since", joint[0]))
        or (bare and day.relative and joint[0] == " " and _hour_alone(context, joint.end()))
    ):
        single = context.parse(clocks_en.bare_clock, joint.end())
    best = max((f for f in (ranged, single) if f), key=lambda f: f[1], default=None)
    if best is None:
        return found
    clock, stop = best
    if joint["by"]:
        word = joint["by"].strip()
        both = at_clock(_whole_day(day), _prefer_half(day, clock))
        modifier: Modifier = {"after": "after", "since": "since"}.get(word, "before")  # type: ignore[assignment]  # its values are modifiers
        return replace(both, kind="datetimerange", modifier=modifier), stop
    clock = _prefer_half(day, clock)
    if (
        day.said.month and day.said.day and day.said.year is None and (year := context.match(_YEAR_LAST, stop))
    ):  # Oct 26 15:50:06 2016
        said = replace(day.said, year=int(year[1]))
        day, stop = replace(day, said=said, readings=partial_date(said, context.reference)), year.end()
    return at_clock(_whole_day(day), clock), stop


_HOUR = re.compile(r"(?:1[0-2]|[1-9])(?![\d:/%.-]|[a-z]| (?:[a-z]+s|million|billion|percent)\b)")


def _hour_alone(context: Context, start: int) -> bool:
    return bool(context.match(_HOUR, start))


def _clock_for(context: Context, day: Moment, end: int) -> Found | None:
    """14th Feb for 7 hours from 9:30am."""
    lead = context.match(_FOR, end)
    length = durations.english(context, lead.end()) if lead else None
    from_ = context.match(_FROM_CLOCK, length[1]) if length else None
    clock = context.parse(clocks_en.bare_clock, from_.end()) if from_ else None
    if length is None or clock is None or length[0].unit != "time":
        return None
    both = at_clock(_whole_day(day), clock[0])
    spans = tuple((begin, shift(begin, length[0], 1)) for begin, _ in both.readings)
    return replace(both, kind="datetimerange", readings=spans), clock[1]


def _clock_day(context: Context, start: int) -> Found | None:
    """8am this morning, five-thirty tomorrow evening, 3:00 to 4:00 tomorrow, between 10 and 11:30 on 1/1/2015."""
    bare = context.convention.bare
    clocks = [
        context.parse(clocks_en.clocks, start),
        context.parse(clocks_en.clock, start),
        context.parse(clocks_en.part_of_day, start),
    ]
    if bare:
        clocks += [context.parse(_bare_range, start)]
        if (at := re.compile(r"(?:1[0-2]|[1-9]),? (?=tonight|tomorrow|today)").match(context.text, start)) is not None:
            clocks.append(context.parse(clocks_en.bare_clock, start))
    best: Found | None = None
    for found in clocks:
        if found is None:
            continue
        joint = context.match(_DAY_JOINT, found[1])
        day = context.parse(dayish, joint.end()) if joint and joint.end() > found[1] else None
        if day is None or day[0].kind not in ("date", "datetimerange") or not day[0].readings:
            continue
        if (
            found[0].kind == "timerange"
            and day[0].relative
            and day[0].said.weekday is None
            and found[0].part == ""
            and found[0].clock[0] in ((11 * 3600, 13 * 3600),)
        ):
            continue
        both = at_clock(_whole_day(day[0]), _prefer_half(day[0], found[0]))
        if best is None or day[1] > best[1]:
            best = both, day[1]
    return best


def _bare_range(context: Context, start: int) -> Found | None:
    """five to seven (today), 6-8 (next Monday): only before a day."""
    first = context.parse(clocks_en.bare_clock, start)
    joint = context.match(clocks_en.TO, first[1]) if first else None
    last = context.parse(clocks_en.bare_clock, joint.end()) if joint else None
    if first is None or last is None:
        return None
    both = clock_range(first[0], last[0])
    return (both, last[1]) if both else None


# --- times and durations alone -----------------------------------------------------------------------------------------------------

_AT_BARE = re.compile(r"at (?=[01]?\d[.:][0-5]\d(?!\d|%))")
_FOR_FROM = re.compile(r"(?P<for>for )")
_FROM_FOR = re.compile(r"from (?=\d|[a-z])")
_MORE = re.compile(r"(?P<word>more|less|longer|greater|shorter) than |(?P<over>over|at least|at most) ")


def clock_alone(context: Context, start: int) -> Found | None:
    """A time or range of times without a day."""
    text = context.text
    found = context.longest(
        (clocks_en.clocks, clocks_en.clock, clocks_en.part_of_day, clocks_en.early_part, _range_with_length), start
    )
    at = context.match(_AT_BARE, start)
    if found is None and at and context.parse(clocks_en.clock, at.end()) is None:
        found = context.parse(clocks_en.bare_clock, at.end())
    if (about := re.compile(r"(?:around|circa|about) ").match(text, start)) is not None:
        inner = context.parse(clocks_en.clock, about.end()) or (
            context.parse(clocks_en.bare_clock, about.end()) if "circa" in about[0] else None
        )
        if inner is not None and (found is None or inner[1] > found[1]):
            found = replace(inner[0], modifier="about"), inner[1]
    if found is None or text[found[1] : found[1] + 1].isalnum():
        return None
    return found


def _range_with_length(context: Context, start: int) -> Found | None:
    """From 9 for 2.5 hrs; for 2 hours from 2pm."""
    if opened := context.match(_FROM_FOR, start):
        clock = context.parse(clocks_en.bare_clock, opened.end())
        lead = context.match(_FOR, clock[1]) if clock else None
        length = durations.english(context, lead.end()) if lead else None
        end = length[1] if length else 0
    else:
        lead = context.match(_FOR_FROM, start)
        length = durations.english(context, lead.end()) if lead else None
        from_ = context.match(_FROM_CLOCK, length[1]) if length else None
        clock = context.parse(clocks_en.bare_clock, from_.end()) if from_ else None
        end = clock[1] if clock else 0
    if clock is None or length is None or length[0].unit != "time":
        return None
    seconds = int(length[0].length)
    spans = tuple((begin, (begin + seconds) % 86400) for begin, _ in clock[0].clock[:1])
    return Moment(kind="timerange", grain="time", clock=spans, fixed=True, relative=True), end


def duration_alone(context: Context, start: int) -> Found | None:
    """A length of time (reported only where all kinds are asked for)."""
    more = context.match(_MORE, start)
    if more and more["over"]:
        return None
    read = durations.english(context, more.end() if more else start)
    if read is None:
        return None
    duration, end = read
    if context.match(sets_en.DURATION_IS_SET, end) or (
        re.search(r"(?:the|once|twice) $", context.text[max(0, start - 6) : start])
        and context.text.startswith("a", start)
    ):
        return None
    if re.compile(r"[- ](?:old|of age)(?![a-z])| (?:or|and) (?:more|less)(?! than|[a-z])").match(context.text, end):
        return None
    return Moment(kind="duration", duration=duration, timex=duration.timex), end


def meals(context: Context, start: int) -> Found | None:
    """After breakfast, before lunch."""
    match = context.match(stretches_en._MEAL, start)
    if match is None:
        return None
    hours = {"breakfast": (8, 12), "lunch": (11, 13), "dinner": EVENING}[match["meal"]]
    at = hours[1] if match["mod"] == "after" else hours[0]
    modifier: Modifier = "after" if match["mod"] == "after" else "before"
    return Moment(
        kind="timerange", grain="time", clock=((at * 3600, at * 3600),), modifier=modifier, fixed=True
    ), match.end()


# --- ranges --------------------------------------------------------------------------------------------------------------------------

_OPEN = re.compile(r"(?:in |on )?(?:(?P<between>between )|(?P<from>(?:anytime )?from |starting from ))(?:the )?")
_TO = re.compile(r"\s?(?:-|~|—)\s?|,? (?:(?:up )?to|through|thru|till|until|til) (?:the )?(?:year )?")
_AND = re.compile(r" and (?:the )?")
_EDGE = re.compile(r"(?P<part>end|beginning|start|middle) of ")


def _end_of_range(context: Context, start: int) -> Found | None:
    found = context.longest((dated, stretches_en.any_stretch, days_en.now), start)
    the = context.text[max(0, start - 4) : start] == "the "
    if the:
        other = context.longest((dated, stretches_en.any_stretch), start - 4)
        if other is not None and (found is None or other[1] > found[1]):
            found = other
    return found


def ranges(context: Context, start: int) -> Found | None:
    """From A to B, between A and B, A - B."""
    opened = context.match(_OPEN, start)
    at = opened.end() if opened else start
    if opened and opened[0].startswith(("in ", "on ")):
        return None
    first = _end_of_range(context, at) if opened else context.longest((dated, stretches_en.any_stretch), at)
    candidates = []
    if first is not None:
        candidates.append(first)
    if opened is not None and context.convention.bare:
        for other in (days_en.bare_slashed(context, at, dashes=True), days_en.figure_day(context, at)):
            if other is not None and (first is None or other[1] != first[1]):
                candidates.append(other)
    if context.convention.bare and (short := days_en.bare_slashed(context, at, ranged=True)):
        candidates.append(short)
    if opened is None or opened["from"] or opened["between"]:
        clock = context.parse(clocks_en.bare_clock if opened else clocks_en.clock, at)
        if clock is not None:
            candidates.append(clock)
    for low in candidates:
        if found := _range_from(context, low, between=bool(opened and opened["between"]), opened=opened is not None):
            return found
    return None


def _range_from(context: Context, low: Found, *, between: bool, opened: bool) -> Found | None:
    joint = context.match(_TO, low[1]) or (context.match(_AND, low[1]) if between else None)
    if joint is None:
        return None
    at, dash = joint.end(), joint[0].strip() in ("-", "~", "—")
    if low[0].kind in ("duration", "set"):
        return None
    options: list[Found] = []
    if found := _end_of_range(context, at):
        options.append(found)
    if low[0].kind in ("date", "daterange") and low[0].said.month and low[0].said.day:
        day = days_en.day_of_month(context, at)
        if day is not None:
            said = replace(low[0].said, day=day[0], weekday=None)
            options.append(
                (
                    Moment(
                        kind="date", readings=partial_date(said, context.reference), said=said, relative=low[0].relative
                    ),
                    day[1],
                )
            )
    if low[0].grain == "time" or low[0].clock or low[0].timex == "PRESENT_REF":
        clock = context.parse(clocks_en.bare_clock, at)
        if clock is not None:
            options.append(clock)
    if context.convention.bare and (short := days_en.bare_slashed(context, at, dashes=dash)):
        if year := days_en.year_after(context, short[1]):
            said = replace(short[0].said, year=year[0])
            short = Moment(kind="date", readings=partial_date(said, context.reference), said=said), year[1]
        options.append(short)
    if dash and not opened and low[0].kind == "date" and low[0].said.weekday is not None and low[0].said.day is None:
        options = [o for o in options if o[0].said.weekday is not None or o[0].clock]
    best: Found | None = None
    for high in options:
        joined = _join(context, low[0], high[0])
        if joined is not None and (best is None or high[1] > best[1]):
            best = joined, high[1]
    return best


def _join(context: Context, low: Moment, high: Moment) -> Moment | None:
    """One stretch from the beginning of one moment to the end of another; open years and months come from the other."""
    if low.modifier or high.modifier:
        return None
    if low.clock and not low.readings:
        # (between 2:00 and 4:30pm tomorrow is read elsewhere)
        return _clock_and_now(context, low, first=True) if high.timex == "PRESENT_REF" else None
    if high.clock and not high.readings:
        if low.timex == "PRESENT_REF":
            return _clock_and_now(context, high, first=False)
        if low.kind == "datetime":
            return _same_day(low, high)
        return None
    if not low.readings or not high.readings:
        return None
    low, high = _share_fields(context, low, high)
    spans: list[Reading] = []
    timed = (
        (low.grain == "time" and high.grain == "time" and low.timex != "PRESENT_REF")
        or (high.kind == "datetime" and high.timex != "PRESENT_REF")
        or (low.kind == "datetime" and low.timex != "PRESENT_REF")
    )
    for begin, stop in low.readings:
        first = stop if low.part == "end" and not context.convention.range_includes_end else begin
        if low.part == "mid" and not context.convention.range_includes_end and low.grain == "month":
            first = begin + timedelta(days=6)
        if low.timex == "PRESENT_REF" and not timed:
            first = midnight(begin.date())
        match = _following(context, high, begin)
        if match is None:
            continue
        last = match[1] if high.part == "end" or (context.convention.range_includes_end and not timed) else match[0]
        if high.part == "mid" and not context.convention.range_includes_end and high.grain == "month":
            last = match[0] + timedelta(days=6)
        if high.timex == "PRESENT_REF" and not timed:
            last = midnight(match[0].date()) + (DAY if context.convention.range_includes_end else timedelta())
        if last > first:
            spans.append((first, last))
            if first <= context.reference < max(last, match[1]) and low.relative:
                spans = [(first, last)]
                break
    if not spans:
        return None
    kind: Kind = "datetimerange" if timed else "daterange"
    grain = "time" if timed else high.grain if high.grain == low.grain else "day"
    return Moment(kind=kind, grain=grain, readings=tuple(dict.fromkeys(spans)), relative=low.relative or high.relative)


def _share_fields(context: Context, low: Moment, high: Moment) -> tuple[Moment, Moment]:
    said, other = low.said, high.said
    if other.year is not None and said.year is None and said.month is not None and other.month is not None:
        year = other.year - ((said.month, said.day or 1) > (other.month, other.day or 31))
        said = replace(said, year=year)
        readings = (
            partial_date(said, context.reference)
            if said.day
            else partial_month(said.month or 1, year, context.reference)
        )
        low = replace(low, said=said, readings=readings, relative=high.relative)
    elif (
        said.day
        and said.month is None
        and said.weekday is None
        and other.month is not None
        and other.day
        and other.day > said.day
    ):
        said = replace(said, month=other.month, year=other.year)
        low = replace(low, said=said, readings=partial_date(said, context.reference))
    return low, high


def _following(context: Context, high: Moment, begin: datetime) -> Reading | None:
    """The reading of a range's end that follows its beginning."""
    said = high.said
    if high.kind in ("date", "daterange") and said.year is None and not high.part:
        if said.weekday is not None and said.day is None:
            return next((r for r in partial_date(said, begin) if r[0] >= begin), None)
        if said.day is not None:
            return next((r for r in partial_date(said, begin) if r[0] >= begin), None)
        if said.month is not None:
            return next((r for r in partial_month(said.month, None, begin) if r[0] >= begin), None)
    return next((r for r in high.readings if r[0] >= begin or r[1] > begin), None)


def _same_day(low: Moment, clock: Moment) -> Moment | None:
    spans = []
    for begin, _ in low.readings:
        day = midnight(begin.date())
        ends = [day + timedelta(seconds=second) for second, _ in clock.clock]
        later = [end for end in ends if end > begin]
        if later:
            spans.append((begin, min(later)))
    return (
        Moment(kind="datetimerange", grain="time", readings=tuple(spans), relative=low.relative, said=low.said)
        if spans
        else None
    )


def _clock_and_now(context: Context, clock: Moment, *, first: bool) -> Moment | None:
    now = context.reference
    day = midnight(now.date())
    times = [day + timedelta(seconds=second) for second, _ in clock.clock]
    wanted = [t for t in times if (t <= now if first else t > now)]
    if not wanted:
        return None
    span = (max(wanted), now) if first else (now, min(wanted))
    return Moment(kind="datetimerange", grain="time", readings=(span,), relative=True)


# --- before, after, since, until ---------------------------------------------------------------------------------------------------------

_BEFORE = re.compile(
    r"(?:(?P<before>before|prior to|earlier than|ahead of|by|until|till|till|no later than|not later than|in advance of)"
    r"|(?P<until>as late as|at the latest by)|(?P<after>(?:any ?time |sometime )?after|later than|greater than|(?:year )?greater than|beyond)|(?P<since>(?:ever )?since|as early as|starting(?: from| on| in| at)?|beginning(?: on| in| at)?|as of|effective(?: from)?|from)) "
    r"(?P<about>around |about |approximately |circa )?(?:the (?=(?:very )?end|beginning|start|middle|close|year|first|second|third|fourth|last|late))?"
)
_SIGNS = re.compile(r"(?P<less>[<>]?)\s?(?P<equal>=?)\s?(?=\d{4}(?!\d))")
_YEAR_THAN = re.compile(r"year (?P<way>greater|later|less|earlier|smaller|bigger) than ")
_MORE_THAN = re.compile(r"(?P<way>more|less|fewer|later|earlier) than ")
_LATER = re.compile(
    r",? (?:or|and|&) (?:(?P<since>later|after|greater|onwards?|above|beyond|since|thereafter|newer)|(?P<until>earlier|before|prior|sooner|older|less|below))(?![a-z])(?! than| \d| (?:my|the|his|her|our|their|it|we|i|a|this|next|\w+ (?:is|am|are))\b)|(?P<on> onwards?)(?![a-z])"
)


def modified(context: Context, start: int) -> Found | None:
    """Before 2027, by the end of next year, since August, later than 2018, no later than January 1."""
    if found := _less_after(context, start):
        return found
    if (signs := context.match(_SIGNS, start)) and signs.end() > start and context.convention.bare:
        return _signed(context, signs)
    if match := context.match(_YEAR_THAN, start):
        year = context.parse(stretches_en.year, match.end())
        if year:
            later: Modifier = "after" if match["way"] in ("greater", "later", "bigger") else "before"
            return replace(year[0], modifier=later), year[1]
    match = context.match(_BEFORE, start)
    if match is None:
        return None
    at = match.end()
    inner = context.longest((dated, stretches_en.any_stretch), at)
    if inner is None or (inner[0].modifier and inner[0].timex != "PRESENT_REF"):
        inner = None
    more = context.longest((clocks_en.clock,), at) if context.convention.more_kinds else None
    if match["about"] and more is None and context.convention.bare:
        more = context.parse(clocks_en.bare_clock, at)
    found = max((f for f in (inner, more) if f), key=lambda f: f[1], default=None)
    if (
        found is None
        or found[0].kind in ("duration", "set")
        or (found[0].kind == "daterange" and found[0].duration is not None)
    ):
        return None
    word = match["since"]
    if word == "from" and (found[0].kind != "daterange" or not found[0].part or context.convention.bare):
        return None
    if word and word.startswith("beginning") and found[0].kind == "daterange" and word == "beginning":
        return None
    if match["after"] and found[0].kind == "datetimerange":
        return None
    modifier: Modifier = (
        "before" if match["before"] else "until" if match["until"] else "after" if match["after"] else "since"
    )
    moment = replace(found[0], modifier=modifier)
    if moment.kind in ("date", "daterange"):
        moment = replace(moment, kind="daterange")
    elif moment.kind == "time":
        moment = replace(moment, kind="timerange")
    elif moment.kind == "datetime":
        moment = replace(moment, kind="datetimerange")
    return moment, found[1]


def _signed(context: Context, signs: re.Match[str]) -> Found | None:
    year = context.parse(stretches_en.year, signs.end())
    if year is None:
        return None
    modifier: Modifier = ""
    if signs["less"]:
        modifier = {("<", "="): "until", ("<", ""): "before", (">", "="): "since", (">", ""): "after"}[
            signs["less"], signs["equal"]
        ]  # type: ignore[assignment]  # its values are modifiers
    return replace(year[0], modifier=modifier), year[1]


def _less_after(context: Context, start: int) -> Found | None:
    """More than 2 days before yesterday; less than 3 days after tomorrow."""
    match = context.match(_MORE_THAN, start)
    if match is None or not context.convention.more_kinds:
        return None
    found = context.parse(days_en.offset, match.end())
    read = durations.english(context, match.end())
    if found is None or read is None or found[0].kind != "date":
        return None
    edge = found[0].readings[0][0]
    backwards = bool(re.search(r"before|ago|prior|earlier", context.text[match.end() : found[1]]))
    if match["way"] == "more":
        modifier: Modifier = "before" if backwards else "after"
        return Moment(kind="daterange", readings=((edge, edge + DAY),), relative=True, modifier=modifier), found[1]
    anchor = shift(edge, read[0], 1 if backwards else -1)
    return stretch(tuple(sorted((edge, anchor))), "day"), found[1]  # type: ignore[arg-type]  # two of them


def _or_later(context: Context, moment: Moment, end: int) -> Found:
    """2018 or later, 1/1/2016 and later, 3 pm or later, 2027 onwards."""
    match = context.match(_LATER, end)
    if match is None or moment.modifier or moment.kind not in ("date", "daterange", "time", "datetime"):
        return moment, end
    modifier: Modifier = "until" if match["until"] else "since"
    kinds: dict[str, Kind] = {"date": "daterange", "time": "timerange", "datetime": "datetimerange"}
    return replace(moment, modifier=modifier, kind=kinds.get(moment.kind, moment.kind)), match.end()
