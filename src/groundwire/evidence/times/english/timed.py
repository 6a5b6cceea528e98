"""Days with times in English: tomorrow 8am, Monday morning from 10 to 12, tonight; times and lengths alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from groundwire.evidence.times import durations
from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english import hours, relative, repeats, weekdays
from groundwire.evidence.times.spans import (
    DAY,
    EVENING,
    NIGHT,
    Modifier,
    Moment,
    at_clock,
    clock_range,
    day_part,
    midnight,
    one_day,
    partial_date,
    shift,
)

_MEAL = re.compile(r"(?P<mod>after|before) (?P<meal>breakfast|lunch|dinner)(?:-?time)?(?![a-z])")
_TONIGHT = re.compile(
    r"(?:late |later )?(?:ton(?:ight|ite))(?![a-z])|last night(?![a-z])|(?P<mod>early |late |later )?(?P<which>this"
    r"|next) (?P<mod2>early |late |later )?(?P<part>morning|afternoon|evening|night)(?![a-z])"
)
_PART_AFTER = re.compile(
    r",? (?:(?:in |during )?the )?(?P<mod>early |late |later )?(?P<part>morning|afternoon|evening|night)(?![a-z])"
)
_EARLY_DAY = re.compile(
    r"(?P<mod>early|later?|earlier|mid)(?: in)?(?: the day)? (?=today|tomorrow|yesterday|this|on|mon|tue|wed|thu|fri"
    r"|sat|sun|the day)"
)
_CLOCK_JOINT = re.compile(
    r"(?:(?P<by> by | before | no later than | after | until | till | since )|,? (?:at|@|on|for) (?:around )?"
    r"|,? (?:around|about|circa) |\s?[-,]?\s?|,? starting (?:at |from )?)"
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
        and (found := context.parse(relative.day, early.end()))
    ):
        span = {"early": (0, 12), "earlier": (0, 12), "mid": (10, 14), "late": (12, 24), "later": (12, 24)}[
            early["mod"]
        ]
        spans = tuple((r[0] + timedelta(hours=span[0]), r[0] + timedelta(hours=span[1])) for r in found[0].readings)
        return Moment(kind="datetimerange", grain="time", readings=spans, relative=True), found[1]
    found = context.parse(relative.day, start)
    if found is None or found[0].kind != "date":
        return None
    day, end = found
    if (part := context.match(_PART_AFTER, end)) and not context.text.startswith("s", part.end()):
        span = hours.PART_HOURS[part["part"]]
        both = at_clock(day, day_part(span, hours.MODS.get((part["mod"] or "").strip(), "")))
        end = part.end()
        week = context.match(weekdays.OF_WEEK, end)
        if week and day.said.weekday is not None:
            shifted = weekdays.the_weekday(context.reference, week["which"], day.said.weekday, in_week=True)
            both = at_clock(replace(day, readings=(one_day(shifted),)), day_part(span))
            end = week.end()
        return both, end
    return day, end


def _tonight(context: Context, match: re.Match[str]) -> Found:
    today = midnight(context.reference.date())
    if match["part"]:
        span = hours.PART_HOURS[match["part"]]
        day = today + (DAY if match["which"] == "next" else timedelta())
        part = hours.MODS.get((match["mod"] or match["mod2"] or "").strip(), "")
    else:
        span, part = NIGHT, ""
        day = today - DAY if match[0].startswith("last") else today
    whole = Moment(kind="date", readings=((day, day + DAY),), relative=True)
    return at_clock(whole, day_part(span, part)), match.end()


def dated(context: Context, start: int) -> Found | None:
    """A day with its time, in either order; or the day alone."""
    return context.longest((_day_clock, _clock_day, relative.offset), start)


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
    ranged = context.parse(hours.clocks, joint.end())
    if ranged is None and joint[0].strip() in ("", ",", "on", "for", "-"):
        opened = re.compile(r"(?:from|between) ").match(context.text, joint.end())
        ranged = context.parse(hours.clocks, joint.end()) if opened else None
    single = context.longest((hours.clock,), joint.end())
    if single is None and (
        (clear and not re.search(r"after|before|until|since", joint[0]))
        or (bare and day.relative and joint[0] == " " and _hour_alone(context, joint.end()))
    ):
        single = context.parse(hours.bare_clock, joint.end())
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
    clock = context.parse(hours.bare_clock, from_.end()) if from_ else None
    if length is None or clock is None or length[0].unit != "time":
        return None
    both = at_clock(_whole_day(day), clock[0])
    spans = tuple((begin, shift(begin, length[0], 1)) for begin, _ in both.readings)
    return replace(both, kind="datetimerange", readings=spans), clock[1]


_HOUR_AND_DAY = re.compile(r"(?:1[0-2]|[1-9]),? (?=tonight|tomorrow|today)")


def _clock_day(context: Context, start: int) -> Found | None:
    """8am this morning, five-thirty tomorrow evening, 3:00 to 4:00 tomorrow, between 10 and 11:30 on 1/1/2015."""
    bare = context.convention.bare
    clocks = [
        context.parse(hours.clocks, start),
        context.parse(hours.clock, start),
        context.parse(hours.part_of_day, start),
    ]
    if bare:
        clocks += [context.parse(_bare_range, start)]
        if context.match(_HOUR_AND_DAY, start):
            clocks.append(context.parse(hours.bare_clock, start))
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
    first = context.parse(hours.bare_clock, start)
    joint = context.match(hours.TO, first[1]) if first else None
    last = context.parse(hours.bare_clock, joint.end()) if joint else None
    if first is None or last is None:
        return None
    both = clock_range(first[0], last[0])
    return (both, last[1]) if both else None


_AT_BARE = re.compile(r"at (?=[01]?\d[.:][0-5]\d(?!\d|%))")
_FOR_FROM = re.compile(r"(?P<for>for )")
_FROM_FOR = re.compile(r"from (?=\d|[a-z])")
_MORE = re.compile(r"(?P<word>more|less|longer|greater|shorter) than |(?P<over>over|at least|at most) ")


def clock_alone(context: Context, start: int) -> Found | None:
    """A time or range of times without a day."""
    text = context.text
    found = context.longest((hours.clocks, hours.clock, hours.part_of_day, hours.early_part, _range_with_length), start)
    at = context.match(_AT_BARE, start)
    if found is None and at and context.parse(hours.clock, at.end()) is None:
        found = context.parse(hours.bare_clock, at.end())
    if (about := re.compile(r"(?:around|circa|about) ").match(text, start)) is not None:
        inner = context.parse(hours.clock, about.end()) or (
            context.parse(hours.bare_clock, about.end()) if "circa" in about[0] else None
        )
        if inner is not None and (found is None or inner[1] > found[1]):
            found = replace(inner[0], modifier="about"), inner[1]
    if found is None or text[found[1] : found[1] + 1].isalnum():
        return None
    return found


def _range_with_length(context: Context, start: int) -> Found | None:
    """From 9 for 2.5 hrs; for 2 hours from 2pm."""
    if opened := context.match(_FROM_FOR, start):
        clock = context.parse(hours.bare_clock, opened.end())
        lead = context.match(_FOR, clock[1]) if clock else None
        length = durations.english(context, lead.end()) if lead else None
        end = length[1] if length else 0
    else:
        lead = context.match(_FOR_FROM, start)
        length = durations.english(context, lead.end()) if lead else None
        from_ = context.match(_FROM_CLOCK, length[1]) if length else None
        clock = context.parse(hours.bare_clock, from_.end()) if from_ else None
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
    if context.match(repeats.DURATION_IS_SET, end) or (
        re.search(r"(?:the|once|twice) $", context.text[max(0, start - 6) : start])
        and context.text.startswith("a", start)
    ):
        return None
    if re.compile(r"[- ](?:old|of age)(?![a-z])| (?:or|and) (?:more|less)(?! than|[a-z])").match(context.text, end):
        return None
    return Moment(kind="duration", duration=duration, timex=duration.timex), end


def meals(context: Context, start: int) -> Found | None:
    """After breakfast, before lunch."""
    match = context.match(_MEAL, start)
    if match is None:
        return None
    hours = {"breakfast": (8, 12), "lunch": (11, 13), "dinner": EVENING}[match["meal"]]
    at = hours[1] if match["mod"] == "after" else hours[0]
    modifier: Modifier = "after" if match["mod"] == "after" else "before"
    return Moment(
        kind="timerange", grain="time", clock=((at * 3600, at * 3600),), modifier=modifier, fixed=True
    ), match.end()
