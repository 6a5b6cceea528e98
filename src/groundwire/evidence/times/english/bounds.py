"""Open ranges in English: before 2027, by the end of next year, since August, 2018 or later, around tomorrow noon."""

from __future__ import annotations

import re
from dataclasses import replace

from groundwire.evidence.times import durations
from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english import hours, relative, stretches, timed, years
from groundwire.evidence.times.spans import DAY, Kind, Modifier, Moment, shift, stretch

_AROUND = re.compile(r"(?:around|circa|about|approximately) (?:the )?")


def around(context: Context, start: int) -> Found | None:
    """Around tomorrow 10am, about March 2027."""
    match = context.match(_AROUND, start)
    found = context.longest((timed.dated, stretches.calendar_stretch, stretches.part), match.end()) if match else None
    if found is None or (found[0].grain != "time" and context.convention.bare):
        return None
    return replace(found[0], modifier="about"), found[1]


_BEFORE = re.compile(
    r"(?:(?P<before>before|prior to|earlier than|ahead of|by|until|till|till|no later than|not later than"
    r"|in advance of)"
    r"|(?P<until>as late as|at the latest by)|(?P<after>(?:any ?time |sometime )?after|later than|greater than"
    r"|(?:year )?greater than|beyond)|(?P<since>(?:ever )?since|as early as|starting(?: from| on| in| at)?"
    r"|beginning(?: on| in| at)?|as of|effective(?: from)?|from)) "
    r"(?P<about>around |about |approximately |circa )?(?:the (?=(?:very )?end|beginning|start|middle|close|year"
    r"|first|second|third|fourth|last|late))?"
)
_SIGNS = re.compile(r"(?P<less>[<>]?)\s?(?P<equal>=?)\s?(?=\d{4}(?!\d))")
_YEAR_THAN = re.compile(r"year (?P<way>greater|later|less|earlier|smaller|bigger) than ")
_MORE_THAN = re.compile(r"(?P<way>more|less|fewer|later|earlier) than ")
_LATER = re.compile(
    r",? (?:or|and|&) (?:(?P<since>later|after|greater|onwards?|above|beyond|since|thereafter|newer)"
    r"|(?P<until>earlier|before|prior|sooner|older|less|below))(?![a-z])(?! than| \d| (?:my|the|his|her|our|their|it"
    r"|we|i|a|this|next|\w+ (?:is|am|are))\b)|(?P<on> onwards?)(?![a-z])"
)


def modified(context: Context, start: int) -> Found | None:
    """Before 2027, by the end of next year, since August, later than 2018, no later than January 1."""
    if found := _less_after(context, start):
        return found
    if (signs := context.match(_SIGNS, start)) and signs.end() > start and context.convention.bare:
        return _signed(context, signs)
    if match := context.match(_YEAR_THAN, start):
        year = context.parse(years.year, match.end())
        if year:
            later: Modifier = "after" if match["way"] in ("greater", "later", "bigger") else "before"
            return replace(year[0], modifier=later), year[1]
    match = context.match(_BEFORE, start)
    if match is None:
        return None
    at = match.end()
    inner = context.longest((timed.dated, stretches.any_stretch), at)
    if inner is None or (inner[0].modifier and inner[0].timex != "PRESENT_REF"):
        inner = None
    more = context.longest((hours.clock,), at) if context.convention.more_kinds else None
    if match["about"] and more is None and context.convention.bare:
        more = context.parse(hours.bare_clock, at)
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
    year = context.parse(years.year, signs.end())
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
    found = context.parse(relative.offset, match.end())
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


def or_later(context: Context, moment: Moment, end: int) -> Found:
    """2018 or later, 1/1/2016 and later, 3 pm or later, 2027 onwards."""
    match = context.match(_LATER, end)
    if match is None or moment.modifier or moment.kind not in ("date", "daterange", "time", "datetime"):
        return moment, end
    modifier: Modifier = "until" if match["until"] else "since"
    kinds: dict[str, Kind] = {"date": "daterange", "time": "timerange", "datetime": "datetimerange"}
    return replace(moment, modifier=modifier, kind=kinds.get(moment.kind, moment.kind)), match.end()
