"""Which date a sentence reports a happening of."""

from __future__ import annotations

import re
from datetime import date, timedelta

from groundwire.types import DateMention, SentenceEvidence

MAX_AGE = timedelta(days=365 * 40)
"""Older dates are history, no milestone of a news event."""


AHEAD = timedelta(days=550)
"""How far ahead a date that is set (a tariff takes effect) is still part of a timeline."""
_COMPARISON = re.compile(
    r"\b(?:ago|earlier|before|since|this|past|last (?:year|quarter|month)|same|year-on-year|previous)\b|同期"
    r"|同比|环比|以来|今年|本月|本季|当月|当年|过去|上年|去年|前$|此前|未来|内$",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"(?:\b(?:since|than|from|until|till|as of|compared with|versus|against|after)\s(?:its?\s|the\s|their\s"
    r"|[a-z-]+\s){0,4}(?:on\s|in\s|of\s)?|自|从|较|比|截至|截止|与|早于)$",
    re.IGNORECASE,
)
_SET = re.compile(
    r"\b(?:will|takes? effect|effective|from|begins?|starts?|due|scheduled|opens?|expires?|deadline"
    r"|breaks? ground)\b|起|将|开始|动工|执行|生效|截止|开工|投用",
    re.IGNORECASE,
)
_TODAY = re.compile(r"(?:today|tonight|this (?:morning|afternoon|evening)|今天|今日|今晨|今晚|目前)", re.IGNORECASE)
_ORDER = {"time": 0, "day": 0, "week": 1, "month": 2, "quarter": 3, "half": 4, "year": 4}


def milestone(found: SentenceEvidence, last: date, published: date, *, opening: bool) -> DateMention | None:
    """The date of the happening that a sentence reports: exact enough, not a mere comparison ("than a year ago").

    Args:
        found: The sentence.
        last: The newest article's day; what is set for up to ``AHEAD`` later counts as a milestone.
        published: The article's day.
        opening: Whether the sentence is among its article's first: further down "today" rarely dates anything.
    """
    text, offset = found.sentence.text, found.sentence.start
    fit = [
        d
        for d in found.dates
        if d.first <= last + AHEAD
        and d.first >= published - MAX_AGE
        and d.modifier in ("", "about")
        and (d.last - d.first).days <= 366
        and not (_ORDER[d.grain] >= 1 and d.relative and _COMPARISON.search(d.text))
        and not (_ORDER[d.grain] >= 4 and d.relative)
        and (d.first <= last or (d.grain in ("day", "month") and _SET.search(text)))
        and not (_TODAY.match(d.text) and (d.first < last or not opening))
        and not (d.grain == "quarter" and d.relative)
        and not _SINCE.search(text[max(0, d.start - offset - 40) : d.start - offset])
    ]
    return min(fit, key=lambda d: (_ORDER[d.grain], d.start), default=None)


def told_on(opening: tuple[SentenceEvidence, ...], published: date) -> DateMention | None:
    """The day that an article's opening gives for its news ("on Monday", 昨日): within three days of publication."""
    for found in opening:
        for d in found.dates:
            if d.grain in ("day", "time") and timedelta(0) <= published - d.first <= timedelta(days=3):
                return d
    return None
