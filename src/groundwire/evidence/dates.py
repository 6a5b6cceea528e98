"""Dates in a text, resolved against its publication time.

Weekdays and dates without a year mean the nearest such day, the one behind us unless the sentence speaks of the
future (will, plans,
by, 将, 预计). Ranges include their last day. What names no day by itself (at 5 pm, for three months, every Monday)
is no date here;
nor is "in two days" or 一周内 where the sentence doesn't look ahead, for it may say how long something took.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Literal

from groundwire.evidence import fold
from groundwire.evidence.times.chinese import grammar as chinese
from groundwire.evidence.times.context import Context
from groundwire.evidence.times.english import grammar as english
from groundwire.evidence.times.spans import NEWS, Moment, Reading
from groundwire.types import DateMention

MAX_TEXT = 2_000_000
"""Characters looked at; an article is far shorter."""

_FUTURE = re.compile(
    r"\b(?:will|would|shall|expect\w*|plan(?:s|ned|ning)?|due|schedul\w*|aim\w*|target\w*|slated|to (?:be|begin"
    r"|start|open|launch|ship|go|come"
    r"|take|complete|deliver|reach|build|invest)|by|until|through|next|upcoming|forecast\w*|project(?:s|ed|ions?)"
    r"|goal|deadline|set to"
    r"|going to|could|on track)\b"
    r"|将|预计|计划|有望|拟|之前|截至|争取|目标|即将|年底前|或在|未来|预期|力争|延长至|持续至|最晚|不迟于"
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|said|since|last|ago|made|began"
    r"|rose|fell|grew|told|went|\w{3,}ed)\b|了|曾|已|发布|宣布|表示|以来"
    r"|过去|去年"
)
_MODIFIERS: dict[str, Literal["", "before", "after", "by", "about"]] = {
    "": "", "before": "before", "until": "by", "after": "after", "since": "after", "about": "about",
}  # fmt: skip
_BY = re.compile(
    r"(?:no later than|not later than|by|until|till|at the latest)\b|截至|截止|直到|不晚于|最迟|不迟于|[到至]"
)
_CUES_BEFORE, _CUES_AFTER = 80, 16
"""Characters of the sentence, around a date, in which words of tense are looked for."""
_WEIGHTS = {0: (1.0, 3.0), 1: (8.0, 1.0), -1: (1.0, 3.0)}
"""How far off a day behind and a day ahead are, as the sentence looks neither way, ahead, back."""
_WEEKDAY_WEIGHTS = _WEIGHTS | {-1: (1.0, 8.0)}
"""The same for a weekday alone: the last one is never far."""


def find(text: str, language: str, reference: datetime) -> tuple[DateMention, ...]:
    """Dates of ``text``, in order, none overlapping, seen from ``reference`` (the publication time)."""
    source = text[:MAX_TEXT]
    cased = fold.fold(source, language)
    context = Context(fold.lower(cased), reference.replace(tzinfo=None), NEWS, cased=cased)
    grammar = chinese if language == "zh" else english
    found = (_mention(source, context, start, end, moment) for start, end, moment in grammar.scan(context))
    return tuple(mention for mention in found if mention is not None)


def _mention(source: str, context: Context, start: int, end: int, moment: Moment) -> DateMention | None:
    if not moment.readings:
        return None
    tense = _tense(context.text, start, end)
    if not moment.anchored and (tense <= 0 or moment.grain == "time"):
        return None
    if moment.duration is not None and moment.grain == "time":
        return None  # the past six hours: a length, on no other day than ours
    first, last = choose(moment, context.reference, tense)
    last_day = (last - timedelta(microseconds=1) if last > first else last).date()
    modifier = _MODIFIERS[moment.modifier]
    if modifier == "before" and (_BY.match(context.text, start) or moment.part == "end"):
        modifier = "by"
    return DateMention(
        start=start, end=end, text=source[start:end], first=first.date(), last=max(first.date(), last_day),
        grain=moment.grain, relative=moment.relative, modifier=modifier,
    )  # fmt: skip


def _tense(folded: str, start: int, end: int) -> int:
    """1 if the nearest telling word speaks of the future, -1 of the past, 0 if there is none."""
    begin = max(folded.rfind(stop, max(0, start - _CUES_BEFORE), start) for stop in (". ", "\n", "。", "；", "; ")) + 1
    begin = max(begin, start - _CUES_BEFORE)
    ahead, back = _last(_FUTURE, folded, begin, end), _last(_PAST, folded, begin, end)
    if ahead == back == -1:
        stop = end + _CUES_AFTER
        return bool(_FUTURE.search(folded, end, stop)) - bool(_PAST.search(folded, end, stop))
    return (ahead > back) - (back > ahead)


def _last(cues: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where the last cue begins; -1 if there is none."""
    return max((match.start() for match in cues.finditer(text, start, end)), default=-1)


def choose(moment: Moment, now: datetime, tense: int = 0) -> Reading:
    """The nearest reading, seen the way the tense looks; news without one tells of what was."""
    readings = moment.readings
    weekday = moment.said.weekday is not None and moment.said.day is None
    behind, ahead = (_WEEKDAY_WEIGHTS if weekday else _WEIGHTS)[tense]
    # of one day's readings (7 in the morning or evening) the first that doesn't run into the next day
    return min(readings, key=lambda r: (_distance(r, now, behind, ahead), _overnight(r), readings.index(r)))


def _distance(reading: Reading, now: datetime, behind: float, ahead: float) -> float:
    """Weighted days between now and a stretch."""
    first, last = reading[0].date(), max(reading[0], reading[1] - timedelta(microseconds=1)).date()
    if reading[1] - reading[0] <= timedelta(days=1):
        last = first
    if first <= now.date() <= last:
        return 0.0
    return behind * (now.date() - last).days if last < now.date() else ahead * (first - now.date()).days


def _overnight(reading: Reading) -> bool:
    begin, end = reading
    return end - begin < timedelta(days=1) and (end - timedelta(microseconds=1)).date() > begin.date()


def same_date(a: DateMention, b: DateMention) -> bool:
    """Whether two texts can mean the same time: the same days, and not "before" in one and "after" in the other."""
    if {a.modifier, b.modifier} in ({"before", "after"}, {"by", "after"}):
        return False
    return (a.first, a.last) == (b.first, b.last)
