"""Dates in a text, resolved against its publication time."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from groundwire.types import DateMention, Grain

_MONTHS = "january february march april may june july august september october november december".split()
_ABSOLUTE = re.compile(
    rf"(?P<month>{'|'.join(_MONTHS)})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{{4}}))?\b"
    r"|(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?:(?P<zy>\d{4})年)?(?P<zm>\d{1,2})月(?P<zd>\d{1,2})[日号]"
    r"|\b(?P<only>20\d\d)年?(?!\d)",
    re.IGNORECASE,
)
_RELATIVE = {"today": 0, "yesterday": -1, "tomorrow": 1, "今天": 0, "昨天": -1, "明天": 1}
_NEAR = re.compile("|".join(_RELATIVE), re.IGNORECASE)


def find(text: str, language: str, reference: datetime) -> tuple[DateMention, ...]:  # noqa: ARG001  (thin first version)
    """Dates of ``text``, in order, none overlapping, seen from ``reference`` (the publication time)."""
    found: list[DateMention] = []
    for match in _ABSOLUTE.finditer(text):
        grain: Grain = "day"
        groups = match.groupdict()
        try:
            if groups["only"]:
                grain, first = "year", date(int(groups["only"]), 1, 1)
                last = date(first.year, 12, 31)
            else:
                month = groups["m"] or groups["zm"] or str(_MONTHS.index(groups["month"].lower()) + 1)
                year = int(groups["y"] or groups["zy"] or groups["year"] or reference.year)
                first = last = date(year, int(month), int(groups["d"] or groups["zd"] or groups["day"]))
        except ValueError:
            continue
        found.append(
            DateMention(start=match.start(), end=match.end(), text=match[0], first=first, last=last, grain=grain)
        )
    for match in _NEAR.finditer(text):
        day = reference.date() + timedelta(days=_RELATIVE[match[0].lower()])
        found.append(
            DateMention(
                start=match.start(), end=match.end(), text=match[0], first=day, last=day, grain="day", relative=True
            )
        )
    return tuple(sorted(found, key=lambda m: m.start))
