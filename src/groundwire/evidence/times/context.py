"""What the date grammars share while they read one text: the text, the point of view, and results already found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from groundwire.evidence.times.spans import (
    DAY,
    Convention,
    Duration,
    Modifier,
    Moment,
    add_months,
    midnight,
    one_day,
    quarter_of,
    shift,
    week_of,
    year_of,
)

Found = tuple[Moment, int]
"""A moment and where its words end."""
Rule = Callable[["Context", int], Found | None]
_MAX_DEPTH = 24


@dataclass(slots=True)
class Context:
    """One text being read. ``text`` is folded and in lower case; ``reference`` is naive local time of publication."""

    text: str
    reference: datetime
    convention: Convention
    cased: str = ""
    """The text folded, its case kept."""
    memo: dict[tuple[Rule, int], Found | None] = field(default_factory=dict)
    depth: int = 0

    def parse(self, rule: Rule, start: int) -> Found | None:
        """The result of a rule at a place, worked out once; None while it is being worked out (left recursion)."""
        key = (rule, start)
        if key in self.memo:
            return self.memo[key]
        if self.depth >= _MAX_DEPTH:
            return None
        self.memo[key] = None
        self.depth += 1
        try:
            result = rule(self, start)
        finally:
            self.depth -= 1
        self.memo[key] = result
        return result

    def named(self, match: re.Match[str], group: str) -> bool:
        """Whether a word is written as names of months and weekdays are in print: May, not may or SEP."""
        word = self.cased[match.start(group) : match.end(group)]
        return self.convention.bare or (word[:1].isupper() and not word.isupper())

    def match(self, pattern: re.Pattern[str], start: int) -> re.Match[str] | None:
        """The pattern at a place."""
        return pattern.match(self.text, start)

    def longest(self, rules: Iterable[Rule], start: int) -> Found | None:
        """The longest result of several rules; the first of equals."""
        best: Found | None = None
        for rule in rules:
            found = self.parse(rule, start)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        return best


def offset_moment(context: Context, moved: datetime, duration: Duration, *, relative: bool = True) -> Moment:
    """The day (or minute) so far away; in print "three years ago" is a year, "two months ago" a month."""
    if duration.unit == "time":
        return Moment(kind="datetime", grain="time", readings=((moved, moved),), relative=relative)
    modifier: Modifier = "about" if duration.vague and not context.convention.bare else ""
    moment = Moment(kind="date", readings=(one_day(moved.date()),), relative=relative, modifier=modifier)
    if context.convention.bare or duration.months.denominator != 1:
        return moment
    begin = midnight(moved.date())
    if duration.unit == "year":
        return replace(moment, kind="daterange", grain="year", readings=(year_of(begin.year),))
    if duration.unit in ("month", "quarter"):
        first = begin.replace(day=1)
        return replace(moment, kind="daterange", grain="month", readings=((first, add_months(first, 1)),))
    if duration.unit == "week":
        first = week_of(begin)
        return replace(moment, kind="daterange", grain="week", readings=((first, first + 7 * DAY),))
    return moment


def from_now(context: Context, duration: Duration, sign: int, *, within: bool = False) -> Moment:
    """From now on (or back) for so long; whole quarters where those are counted, and decades as the specification has
    it: in news, "the next ten years" begin today."""
    now = context.reference
    if duration.unit == "time":
        ends = (now, shift(now, duration, 1)) if sign > 0 else (shift(now, duration, -1), now)
        return Moment(kind="datetimerange", grain="time", readings=(ends,), relative=True, duration=duration)
    today = midnight(now.date())
    if duration.unit == "quarter" and duration.months.denominator == 1:
        begin = quarter_of(today.year, (today.month - 1) // 3 + (2 if sign > 0 else 1))[0]
        other = add_months(begin, sign * int(duration.months))
    elif (
        context.convention.bare
        and duration.timex.endswith("0Y")
        and duration.months % 120 == 0
        and 0 < sign * duration.months <= 240
    ):
        begin = datetime(today.year // 10 * 10 + 10, 1, 1)
        other = add_months(begin, int(duration.months))
    elif sign > 0:
        begin = today if within else today + DAY
        other = shift(today, duration, 1) + DAY if duration.business else shift(begin, duration, 1)
    else:
        begin, other = today, shift(today, duration, -1)
    first, last = sorted((begin, other))
    return Moment(
        kind="daterange", grain=duration.unit, readings=((first, last),), relative=True, duration=duration,
        modifier="about" if duration.vague and not context.convention.bare else "",
    )  # fmt: skip
