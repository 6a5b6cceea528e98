"""What a publisher's response headers ask of us: pure readings, each bounded, none believed further than it may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_VALIDATOR = 1024
"""A longer ETag or Last-Modified is not kept. [character]"""

_MAX_SECONDS = 10 * 366 * 86400
_SECONDS = re.compile(r"\d{1,18}", re.ASCII)
_MAX_AGE = re.compile(r"""(?:^|,)\s*max-age\s*=\s*"?(\d{1,18})"?\s*(?:,|$)""", re.ASCII | re.IGNORECASE)


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified to send back verbatim: opaque, never parsed; None if it could not be sent safely."""
    if not value or len(value) > MAX_VALIDATOR or not value.isprintable():  # surrogates and controls aren't printable
        return None
    return value


def max_age_s(headers: Mapping[str, str]) -> float | None:
    """How long the publisher calls this answer fresh, from Cache-Control, else Expires (RFC 9111). [s]"""
    control = headers.get("Cache-Control", "")[:1024]
    if re.search(r"\bno-(?:cache|store)\b", control, re.IGNORECASE):
        return 0.0
    if found := _MAX_AGE.search(control):
        age = _SECONDS.fullmatch(headers.get("Age", "").strip())
        return float(max(0, min(int(found[1]), _MAX_SECONDS) - (int(age[0]) if age else 0)))
    expires, date = http_date(headers.get("Expires")), http_date(headers.get("Date"))
    if expires is None or date is None:
        return None
    return max(0.0, min((expires - date).total_seconds(), _MAX_SECONDS))


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """How long a publisher asks to be left alone: seconds or an HTTP date (RFC 9110, 10.2.3). [s]"""
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return float(min(int(text), _MAX_SECONDS))
    when = http_date(text)
    return None if when is None else max(0.0, min((when - now).total_seconds(), _MAX_SECONDS))


def http_date(value: str | None) -> datetime | None:
    """An HTTP date as aware UTC; None if it is none."""
    if not value or len(value) > 64:
        return None
    try:
        when = parsedate_to_datetime(value)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
