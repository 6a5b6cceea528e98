"""Dates in a text, resolved against its publication time.

Weekdays and dates without a year mean the nearest such day, unless the sentence speaks of the future (will, plans, by, 将, 预计)
or the past. Ranges include their last day. What names no day by itself (at 5 pm, for three months, every Monday) is no date here.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Literal

from groundwire.evidence import dates_en, dates_zh, fold
from groundwire.evidence.dates_context import Context
from groundwire.evidence.timespans import NEWS, Moment, Reading
from groundwire.types import DateMention, Grain

MAX_TEXT = 2_000_000
"""Characters looked at; an article is far shorter."""
_FUTURE = re.compile(
    r"\b(?:will|would|shall|expect\w*|plan\w*|due|schedul\w*|aim\w*|target\w*|slated|to (?:be|begin|start|open|launch|ship|go|come|take|complete)|by|until|next|upcoming|forecast\w*|project\w*|goal|deadline|set to|going to|could|may)\b"
    r"|将|预计|计划|有望|拟|要在|之前|截至|争取|目标|即将|望|年底前|或在|未来"
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|said|announced|reported|launched|released|raised|since|last|ago|closed|opened|signed|posted|\w{3,}ed)\b|了|曾|已|发布|宣布|表示|自|起|以来|过去|去年"
)
_MODIFIERS: dict[str, Literal["", "before", "after", "by", "about"]] = {
    "": "", "before": "before", "until": "by", "after": "after", "since": "after", "about": "about",
}  # fmt: skip
_CUE_WINDOW = 80
_BY = re.compile(r"(?:no later than|by|until|till|at the latest)\b|.*(?:前|之前|以前|截至|截止)")


def find(text: str, language: str, reference: datetime) -> tuple[DateMention, ...]:
    """Dates of ``text``, in order, none overlapping, seen from ``reference`` (the publication time)."""
    source = text[:MAX_TEXT]
    folded = fold.lower(fold.fold(source, language))
    context = Context(folded, reference.replace(tzinfo=None), NEWS)
    grammar = dates_zh if language == "zh" else dates_en
    found = []
    for start, end, moment in grammar.scan(context):
        mention = _mention(source, folded, start, end, moment, context.reference)
        if mention is not None:
            found.append(mention)
    return tuple(found)


def _mention(source: str, folded: str, start: int, end: int, moment: Moment, now: datetime) -> DateMention | None:
    if not moment.readings:
        return None
    first, last = choose(moment, now, _tense(folded, start, end))
    final = last - timedelta(microseconds=1) if last > first else last
    words = folded[start:end]
    modifier = _MODIFIERS[moment.modifier]
    if modifier == "before" and _BY.match(words) and not words.startswith(("before", "prior")):
        modifier = "by"
    grain: Grain = moment.grain
    return DateMention(
        start=start, end=end, text=source[start:end], first=first.date(), last=max(first.date(), final.date()), grain=grain,
        relative=moment.relative, modifier=modifier,
    )  # fmt: skip


def _tense(folded: str, start: int, end: int) -> int:
    """1 if the words around speak of the future, -1 of the past, 0 if they don't say."""
    begin = max(folded.rfind(stop, max(0, start - _CUE_WINDOW), start) for stop in (". ", "\n", "。", "；", "; ")) + 1
    window = folded[max(begin, start - _CUE_WINDOW) : min(len(folded), end + 16)]
    ahead, back = bool(_FUTURE.search(window)), bool(_PAST.search(window))
    return 0 if ahead == back else 1 if ahead else -1


def choose(moment: Moment, now: datetime, tense: int = 0) -> Reading:
    """The reading that the tense points to; without one, the nearest to now, the past of equals."""
    readings = moment.readings
    if len(readings) == 1:
        return readings[0]
    if tense > 0:
        ahead = [r for r in readings if r[1] > now]
        if ahead:
            return ahead[0]
    if tense < 0:
        back = [r for r in readings if r[0] <= now]
        if back:
            return back[-1]
    # of one day's readings (7 in the morning or evening) the first that doesn't run into the next day
    return min(readings, key=lambda r: (_distance(r, now), _overnight(r), readings.index(r)))


def _distance(reading: Reading, now: datetime) -> float:
    """Days between now and a stretch; what lies ahead counts double, for news tells of what was."""
    first, last = reading[0].date(), max(reading[0], reading[1] - timedelta(microseconds=1)).date()
    if reading[1] - reading[0] <= timedelta(days=1):
        last = first
    if first <= now.date() <= last:
        return 0.0
    return float((now.date() - last).days) if last < now.date() else 2.0 * (first - now.date()).days


def _overnight(reading: Reading) -> bool:
    begin, end = reading
    return end - begin < timedelta(days=1) and (end - timedelta(microseconds=1)).date() > begin.date()


def same_date(a: DateMention, b: DateMention) -> bool:
    """Whether two texts can mean the same time: the same days, and not one "before" where the other says "after"."""
    if {a.modifier, b.modifier} in ({"before", "after"}, {"by", "after"}):
        return False
    return (a.first, a.last) == (b.first, b.last)


__all__ = ["MAX_TEXT", "choose", "date", "find", "same_date"]
