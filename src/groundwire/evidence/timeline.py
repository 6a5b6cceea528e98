"""Which date a sentence reports something of, and which dates of many documents matter most."""

from __future__ import annotations

from datetime import date, timedelta

from groundwire.types import DateMention, SentenceEvidence

MAX_AGE = timedelta(days=365 * 40)
"""Older dates are history, no milestone of a news event."""


def milestone(found: SentenceEvidence, last: date, published: date) -> DateMention | None:
    """The date that a sentence reports a happening of: exact, past, and not the mere "today" of its article.

    Args:
        found: The sentence.
        last: No milestone lies after this day.
        published: The article's day.
    """
    fit = [
        d
        for d in found.dates
        if d.grain in ("day", "time", "week", "month", "quarter", "year")
        and d.first <= last
        and d.first >= published - MAX_AGE
        and d.modifier in ("", "about", "by")
        and (d.last - d.first).days <= 366
    ]
    if not fit:
        return None
    order = {"time": 0, "day": 0, "week": 1, "month": 1, "quarter": 2, "half": 3, "year": 3}
    return min(fit, key=lambda d: (order[d.grain], d.start))
