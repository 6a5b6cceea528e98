"""Dates and times in English: where one may begin, and the longest that does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from groundwire.evidence.times import holidays
from groundwire.evidence.times.context import Context, Found
from groundwire.evidence.times.english import bounds, ranges, relative, repeats, stretches, timed
from groundwire.evidence.times.english.words import MONTH, WEEKDAY
from groundwire.evidence.times.spans import Moment

_HOLIDAY_STARTS = "|".join(sorted({re.escape(name.split()[0]) for name in holidays.ENGLISH}))
_START = re.compile(
    rf"(?<![\w.$€£#@])(?:'?\d|[½¼¾]|=|<|(?:{MONTH.replace('(?P<month>', '(?:')}"
    rf"|{WEEKDAY.replace('(?P<weekday>', '(?:')}|{_HOLIDAY_STARTS}"
    r"|(?:q[1-4]|h[12]|[fsc]y)(?![a-z])|fiscal|financial|school|today|tomorrow|tmrw?|yesterday|ton(?:ight|ite)|otd"
    r"|now|noon(?:ish)?|mid|midnight|mid-?day"
    r"|the|this|that|next|last|past|previous|preceding|following|coming|upcoming|same|current|each|every|everyday"
    r"|all|any|once|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve|thir\w+|fourt\w+|fift\w+|sixt\w+|sevent\w+|eight\w+|ninet\w+|twent\w+"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days|fort\w+|half|quarter|an?|few|some|several|couple|another"
    r"|first|second|third|fourth|sixth|seventh|ninth|tenth|eleventh|twelfth|final|latter|in|within|inside|from"
    r"|between|since|after|before|prior|by|until|till|till|to|up|no|as|not|on|at|around|about|circa|over|during|for"
    r"|starting|start|beginning|late|later|early|earlier"
    r"|end|close|year|month|week|weekend|weekends|w/c|eo[dymw]|ytd|spring|summer|autumn|fall|winter|morning"
    r"|afternoon|evening|night|day|daytime|night-?time|lunch\w*|dinner\w*|breakfast\w*"
    r"|daily|weekly|bi[\w-]+|monthly|quarterly|yearly|annual\w*|semi[\w-]*|nineties|eighties|seventies|sixties|less"
    r"|more|right|just|asap|later|greater|business|working|year-end|equal))"
)
_UNIT_NAMES = (
    r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|weekends?|fortnights?|months?|quarters?|years?|decades?"
    r"|centur(?:y|ies)|workdays?|business days?|half)"
)
_DAY_NAMES = rf"(?:{MONTH.replace('(?P<month>', '(?:')}|{WEEKDAY.replace('(?P<weekday>', '(?:')})"
_DATE_WORDS = (
    rf"(?:{_DAY_NAMES}|today|tomorrow|yesterday|tonight|this |next |last |(?:19|20)\d\d|q[1-4]|h[12]|fy|fiscal"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ /.-]|first |second |third |fourth "
    rf"|spring|summer|autumn|fall |winter|end|beginning|start|mid|early|late|year|month|week|quarter|\d{{3}}0s"
    rf"|(?:{'|'.join(sorted(map(re.escape, holidays.ENGLISH), key=len, reverse=True))})(?!\w))"
)
_NEWS_START = re.compile(
    rf"(?<![\w.$€£#@])(?:{_DATE_WORDS}|(?:[1-4][qh]|'\d0s|\d{{1,4}}[:./-]\d|\d{{1,2}} ?[ap]\.?m\b|\d{{8}}(?!\d))"
    rf"|\d[\d.]*(?: to | or |-| ?– ?)?\d*[ -]{_UNIT_NAMES}\b"
    rf"|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|[a-z]+ty|half|few|some"
    rf"|several|couple|another)\b(?=(?:[ -][a-z]+){{0,3}}?[ -]{_UNIT_NAMES}\b)"
    rf"|(?:this|next|last|past|previous|preceding|following|coming|upcoming)\b(?= (?:[a-z]+ "
    rf"|\d+ ){{0,3}}?(?:{_UNIT_NAMES}|{_DAY_NAMES}|morning|afternoon|evening|spring|summer|autumn|fall|winter)\b)"
    rf"|the (?=(?:\d{{2,3}}0?'?s|first|second|third|fourth|fifth|sixth|last|final|latter|next|following|end|week|day"
    rf"|fiscal|year|early|late|mid|middle|nineties|eighties|\d{{1,2}}(?:st|nd|rd|th)|(?:twentieth|nineteenth"
    rf"|eighteenth)|[a-z-]+ century)\b)"
    rf"|(?:within|inside|in|over|during) (?=(?:the |about |around |just |a |an |another )*(?:next |coming |past "
    rf"|last |following )?(?:\d|[a-z-]+ )(?:[\d.]*[ -]?)(?:[a-z]+[ -]){{0,3}}?{_UNIT_NAMES}\b)"
    rf"|(?:from|between|since|after|before|prior to|by|until|till|no later than|as early as|as late as|starting"
    rf"|beginning|effective|as of|around|about|circa|ahead of|later than|earlier than) (?=(?:the |very |around "
    rf"|about |from |on |in )*{_DATE_WORDS})"
    r"|nineteen |twenty (?=twenty)|two thousand |end of |close of |beginning of |start of |middle of |eo[dymw]\b"
    r"|year-end|fiscal |tonight)"
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
    rules = [ranges.ranges, bounds.modified, timed.dated, bounds.around, stretches.any_stretch]
    if context.convention.more_kinds:
        rules = [
            repeats.sets,
            *rules,
            relative.now,
            stretches.end_of_day,
            timed.meals,
            timed.clock_alone,
            timed.duration_alone,
        ]
    found = context.longest(rules, start)
    return None if found is None else bounds.or_later(context, *found)


_EDGE = re.compile(r"(?P<part>end|beginning|start|middle) of ")
