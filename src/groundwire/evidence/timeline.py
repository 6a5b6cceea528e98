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
    r"\b(?:ago|earlier|before|since|this|past|last (?:year|quarter)|same|year-on-year|previous)\b|同期"
    r"|同比|环比|以来|今年$|本季|当月|当年|过去|上年|去年$|前$|此前|未来|内$",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"(?:\d+|[一二三四五六七八九十两几数])\s?(?:(?:小时|工作日|天|周|星期|个月|年)(?:之?[内后前]|以[内后前])?|[日秒](?:之?[内后]|以后))$"
    r"|\b(?:days?|weeks?|months?|hours?)$|未来|^截|^(?:since|after)\b"
)
"""A length of time ("in 30 days", 三个月后) or an open end: it names no day."""
_SINCE = re.compile(
    r"(?:\b(?:since|than|from|until|till|through|as of|compared with|versus|against|after)\s(?:its?\s|the\s|their\s"
    r"|[a-z-]+\s){0,4}(?:on\s|in\s|of\s)?|从|较|比|截至|截止|(?:截止|延期|延长|持续|更新|上调)[^，。；]{0,8}[至到于为]?|与|早于|[0-9日月]\s?[至到])\s?$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"^\s?(?:[\d:：\s的]{0,8}(?:截止|为止|结束)|(?:年度?|财年)?(?:全年|财报|营收|收入)|财年|\s?I/O|年会)"
)
"""After a date: the end of an offer, a period of accounts, a conference's name."""
_NAME_BEFORE = re.compile(r"(?:[vV]|[A-Z]{2,}\s?|论坛)$")
"""Before a year: it belongs to a name or version."""
_SET = re.compile(
    r"\b(?:will|takes? effect|effective|from|begins?|starts?|due|scheduled|opens?|expires?|deadline|expected|plans?|set to|slated"
    r"|on|breaks? ground)\b|起|将|开始|动工|执行|生效|截止|开工|投用|计划|预计|定于|有望|拟|最快|最早|完成|推出|发布|上线|上市|开放",
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
    fit = [d for d in found.dates if _fits(d, text, offset, last, published, opening=opening)]
    return min(fit, key=lambda d: (_ORDER[d.grain], d.start), default=None)


def _fits(d: DateMention, text: str, offset: int, last: date, published: date, *, opening: bool) -> bool:
    before, behind = text[max(0, d.start - offset - 40) : d.start - offset], text[d.end - offset :]
    ahead = d.first > last
    if d.first > last + AHEAD or d.first < published - MAX_AGE or (d.last - d.first).days > 366:
        return False
    if _ORDER[d.grain] >= 3 and (d.relative or d.last >= published or d.grain != "year"):
        return False  # quarters and years that still run are periods, no days
    if ahead and not _SET.search(text):
        return False
    if d.modifier not in ("", "about") and not (
        _ORDER[d.grain] <= 2 and (d.modifier == "after" or d.last >= published)
    ):
        return False
    if _TODAY.match(d.text) and (d.first < last or not opening):
        return False
    if _LENGTH.search(d.text) or (d.relative and _ORDER[d.grain] >= 1 and _COMPARISON.search(d.text)):
        return False
    if d.grain == "year" and _NAME_BEFORE.search(before):
        return False
    return _ENDS.match(behind) is None and _SINCE.search(before) is None


def told_on(opening: tuple[SentenceEvidence, ...], published: date) -> DateMention | None:
    """The day that an article's opening gives for its news ("on Monday", 昨日): within three days of publication."""
    for found in opening:
        for d in found.dates:
            if d.grain in ("day", "time") and timedelta(0) <= published - d.first <= timedelta(days=3):
                return d
    return None
