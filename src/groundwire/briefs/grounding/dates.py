"""Dates: every point in time that the statement names is one that the evidence names, or the month or year around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from groundwire.briefs.grounding.reading import Reading
from groundwire.briefs.grounding.verdict import Finding
from groundwire.types import DateMention

_GRAINS = {"time": 0, "day": 1, "week": 2, "month": 3, "quarter": 4, "half": 5, "year": 6}
_YEAR = re.compile(r"\b(?:last|next|this) year|[去明今前后]年|\d{4}|\d{2}年|[〇零一二三四五六七八九]{4}年|'\d{2}")
_CLOCK = re.compile(
    r"(?<![\d.:])(?P<h>\d{1,2}):(?P<m>\d\d)(?![\d:])(?: ?(?P<half>[ap])\.?m\b)?|(?<![\d.:$€£])(?P<h2>\d{1,2})(?:\.(?P<m2>\d\d))? ?(?P<half2>[ap])\.?m\b"
    r"|(?<![\d.:])(?P<h3>\d{1,2}) ?[点时](?![钟间数代长段期候]?[内间以个])(?: ?(?P<m3>\d{1,2}) ?分|(?P<half3>半))?"
)
_SPAN = re.compile(
    r"\d ?(?:个 ?月|小时|分钟|[天周日年]) ?(?:内|后|前|以[内来])|(?:未来|过去|近|最近|今后|此后) ?\d|\b(?:next|past|last|coming|within|in) (?:the )?(?:next |past |last )?\d"
)
"""A date that is a length of time from now on (within 7 days): another length is another date, though it holds the first."""
_END = re.compile(r"\bend\b|[底末]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})day\b|(?:周|星期|礼拜)([一二三四五六日天])")
_OPPOSED = ({"before", "after"}, {"by", "after"})


@dataclass(frozen=True, slots=True)
class Found:
    """A date of the statement and where the evidence has it."""

    date: DateMention
    places: tuple[tuple[int, DateMention], ...]


def compare(statement: Reading, evidence: Sequence[Reading]) -> tuple[list[Found], list[Finding]]:
    """Where each date of the statement is in the evidence, and the dates that are not."""
    found, findings = [], []
    stated = [(k, d) for k, reading in enumerate(evidence) for d in reading.dates]
    for date in statement.dates:
        places = tuple((k, d) for k, d in stated if agrees(date, d))
        if not places and not _verbatim(date, evidence):
            have = ", ".join(dict.fromkeys(d.text for _, d in stated[:4]))
            detail = f"“{date.text}” is not in the evidence" + (f", which has {have}" if have else "")
            findings.append(Finding(kind="date", detail=detail, start=date.start, end=date.end))
        found.append(Found(date, places))
    return found, [*findings, *_clocks(statement, evidence), *_weekdays(statement, evidence)]


def _weekdays(statement: Reading, evidence: Sequence[Reading]) -> Iterator[Finding]:
    """Weekdays beside a day of the month (Friday, 16 March) that the evidence doesn't name and none of its days is."""
    named = {_weekday(m) for reading in evidence for m in _WEEKDAY.finditer(reading.folded)}
    named |= {d.first.weekday() for reading in evidence for d in reading.dates if d.grain in ("day", "time")}
    for date in statement.dates:
        words = statement.folded[date.start : date.end]
        for match in _WEEKDAY.finditer(words):
            if re.search(r"\d", words) and _weekday(match) not in named:
                start = date.start + match.start()
                yield Finding(
                    kind="date",
                    detail=f"“{match.group()}” is not in the evidence",
                    start=start,
                    end=start + len(match.group()),
                )


def _weekday(match: re.Match[str]) -> int:
    """0 for Monday to 6 for Sunday."""
    return _WEEKDAYS.index(match[1]) if match[1] else min("一二三四五六日天".index(match[2]), 6)


def _clocks(statement: Reading, evidence: Sequence[Reading]) -> Iterator[Finding]:
    """Times of day that the evidence doesn't give; half a day apart is the same where one text leaves am or pm open."""
    stated = [clock for reading in evidence for _, _, clock in clocks(reading.folded)]
    for start, end, (hour, minute, certain) in clocks(statement.folded):
        same = any(
            m == minute and (h == hour or (h % 12 == hour % 12 and not (c and certain))) for h, m, c in stated
        )  # fmt: skip
        if not same:
            words = statement.text[start:end]
            yield Finding(kind="date", detail=f"“{words}” is not in the evidence", start=start, end=end)


def clocks(text: str) -> Iterator[tuple[int, int, tuple[int, int, bool]]]:
    """Times of day in a text: span, and (hour, minute, whether the half of the day is certain)."""
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["h"] or match["h2"] or match["h3"]), int(match["m"] or match["m2"] or match["m3"] or 0)
        half = match["half"] or match["half2"] or ""
        if match["h3"]:
            late = re.search(r"(?:下午|晚上?|傍晚|夜里?|中午) ?$", text[max(0, match.start() - 4) : match.start()])
            early = re.search(r"(?:凌晨|早上?|上午|清晨) ?$", text[max(0, match.start() - 4) : match.start()])
            half = "p" if late else "a" if early else ""
            minute = 30 if match["m3"] is None and match["half3"] else minute
        if hour > 24 or minute > 59:
            continue
        hour = hour % 12 + (12 if half.startswith("p") else 0) if half else hour
        yield (
            match.start(),
            match.end(),
            (hour, minute, bool(half) or hour > 12 or (match["m"] is not None and match["h"][0] == "0")),
        )


def agrees(a: DateMention, b: DateMention) -> bool:
    """Whether the evidence's date ``b`` bears out the statement's date ``a``: the same days, or a longer stretch around them."""
    if {a.modifier, b.modifier} in _OPPOSED:
        return False
    if (a.first, a.last) == (b.first, b.last) or _plain(a.text) == _plain(b.text):
        return True
    if _SPAN.search(a.text) and _SPAN.search(b.text):
        return False
    if a.grain == b.grain and a.last == b.last and _END.search(a.text.lower()) and _END.search(b.text.lower()):
        return True
    if _GRAINS[a.grain] > _GRAINS[b.grain] and a.first <= b.first and b.last <= a.last:
        return True
    if _YEAR.search(a.text) and _YEAR.search(b.text):
        return False
    if a.grain != b.grain or a.grain in ("week", "year") or not (_names_month(a) and _names_month(b)):
        return False
    # one of them leaves the year to the reader: the days must agree
    return (a.first.month, a.first.day, a.last.month, a.last.day) == (
        b.first.month,
        b.first.day,
        b.last.month,
        b.last.day,
    )


def _names_month(date: DateMention) -> bool:
    return bool(
        re.search(
            r"\d ?月|[一二三四五六七八九十]月|\d[/.-]\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
            date.text,
            re.IGNORECASE,
        )
    ) or date.grain in ("quarter", "half")


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", re.sub(r"^(?:on|in|at|by|since|the|during|from|until|于|在|到)\s*", "", text.lower()))


def _verbatim(date: DateMention, evidence: Sequence[Reading]) -> bool:
    """Whether the evidence has the same words, though they were read as no date there."""
    words = re.escape(_THOUSANDS.sub("", date.text.lower().strip()))
    pattern = rf"(?<![\w]){words}(?![\w])" if date.text[:1].isascii() else words
    return any(re.search(pattern, _THOUSANDS.sub("", reading.folded)) for reading in evidence)
