"""Ranges in English: from A to B, between A and B, A - B."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english import calendar, hours, relative, stretches, timed
from groundwire.evidence.times.spans import DAY, Kind, Moment, Reading, following, midnight, partial_date, partial_month

_OPEN = re.compile(r"(?:in |on )?(?:(?P<between>between )|(?P<from>(?:anytime )?from |starting from ))(?:the )?")
_TO = re.compile(r"\s?(?:-|~|—)\s?|,? (?:(?:up )?to|through|thru|till|until|til) (?:the )?(?:year )?")
_AND = re.compile(r" and (?:the )?")


def _end_of_range(context: Context, start: int) -> Found | None:
    found = context.longest((timed.dated, stretches.any_stretch, relative.now), start)
    the = context.text[max(0, start - 4) : start] == "the "
    if the:
        other = context.longest((timed.dated, stretches.any_stretch), start - 4)
        if other is not None and (found is None or other[1] > found[1]):
            found = other
    return found


def ranges(context: Context, start: int) -> Found | None:
    """From A to B, between A and B, A - B."""
    opened = context.match(_OPEN, start)
    at = opened.end() if opened else start
    if opened and opened[0].startswith(("in ", "on ")):
        return None
    first = _end_of_range(context, at) if opened else context.longest((timed.dated, stretches.any_stretch), at)
    candidates = [] if first is None else [first]
    if opened is not None and context.convention.bare:
        others = (calendar.bare_slashed(context, at, dashes=True), calendar.figure_day(context, at))
        candidates.extend(other for other in others if other is not None and (first is None or other[1] != first[1]))
    if context.convention.bare and (short := calendar.bare_slashed(context, at, ranged=True)):
        candidates.append(short)
    if opened is None or opened["from"] or opened["between"]:
        clock = context.parse(hours.bare_clock if opened else hours.clock, at)
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
        day = calendar.day_of_month(context, at)
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
        clock = context.parse(hours.bare_clock, at)
        if clock is not None:
            options.append(clock)
    if context.convention.bare and (short := calendar.bare_slashed(context, at, dashes=dash)):
        if year := calendar.year_after(context, short[1]):
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
    with_time = (
        (low.grain == "time" and high.grain == "time" and low.timex != "PRESENT_REF")
        or (high.kind == "datetime" and high.timex != "PRESENT_REF")
        or (low.kind == "datetime" and low.timex != "PRESENT_REF")
    )
    for begin, stop in low.readings:
        first = stop if low.part == "end" and not context.convention.range_includes_end else begin
        if low.part == "mid" and not context.convention.range_includes_end and low.grain == "month":
            first = begin + timedelta(days=6)
        if low.timex == "PRESENT_REF" and not with_time:
            first = midnight(begin.date())
        match = following(high, begin)
        if match is None:
            continue
        last = match[1] if high.part == "end" or (context.convention.range_includes_end and not with_time) else match[0]
        if high.part == "mid" and not context.convention.range_includes_end and high.grain == "month":
            last = match[0] + timedelta(days=6)
        if high.timex == "PRESENT_REF" and not with_time:
            last = midnight(match[0].date()) + (DAY if context.convention.range_includes_end else timedelta())
        if last > first:
            spans.append((first, last))
            if first <= context.reference < max(last, match[1]) and low.relative:
                spans = [(first, last)]
                break
    if not spans:
        return None
    kind: Kind = "datetimerange" if with_time else "daterange"
    grain = "time" if with_time else high.grain if high.grain == low.grain else "day"
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
