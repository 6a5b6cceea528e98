"""Publication times as feeds and pages write them, to aware UTC; what can't be read is unknown, never guessed.

Reads RFC 822 (and what generators make of it), ISO 8601 / W3C-DTF, C's ``asctime``, written-out English dates, Chinese,
Japanese and Korean dates, and seconds or milliseconds since 1970. A part out of range makes the whole unknown: nothing
is rolled over into another month. Day and month in an order that can't be told (02/03/2026) are unknown too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

MAX_LENGTH: Final = 64
"""Characters looked at; the longest sensible form has about 45."""

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""The web's first page is of 1990: an earlier time (0001, 1970) is a program's zero, not a publication."""

LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""In English, January first."""

MONTH_NUMBERS: Final = {
    name: number
    for number, month in enumerate(map(str.lower, MONTHS), start=1)
    for name in (month, month[:3], *(["sept"] if month == "september" else []))
}
"""A month's number (1 to 12) by its English name or abbreviation, in lower case and without a full stop."""

# RFC 822, section 5.1, and the names seen in feeds; CST is US Central there: China's is told by the language (below)
_ZONES: Final = {
    "ut": 0.0, "utc": 0.0, "gmt": 0.0, "z": 0.0, "wet": 0.0, "bst": 1.0, "ist": 5.5, "cet": 1.0, "met": 1.0,
    "west": 1.0, "cest": 2.0, "mest": 2.0, "eet": 2.0, "eest": 3.0, "msk": 3.0, "sgt": 8.0, "hkt": 8.0,
    "awst": 8.0, "jst": 9.0, "kst": 9.0, "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0, "ast": -4.0,
    "adt": -3.0, "est": -5.0, "edt": -4.0, "et": -5.0, "cst": -6.0, "cdt": -5.0, "ct": -6.0, "mst": -7.0,
    "mdt": -6.0, "mt": -7.0, "pst": -8.0, "pdt": -7.0, "pt": -8.0, "akst": -9.0, "akdt": -8.0, "hst": -10.0,
}  # fmt: skip
_LANGUAGE_ZONES: Final = {"zh": 8.0, "ja": 9.0, "ko": 9.0}
"""Hours east of Greenwich of a language spoken in one zone: for times that name none."""

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<half>[ap]\.?m\.?)?"
_ZONE = r"(?P<zone>(?:gmt|utc?)?\s*[+-]\s?\d{1,2}:?\d{0,2}|z|[a-z]{2,5})?(?:\s*\([^()]*\))?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE | re.ASCII)
    for shape in (
        # 2026-11-02T10:00:00.5+08:00, 2026-11-02 10:00, 2026/11/02, 20261102T100000Z, 2026-11, 2026
        rf"(?P<year>\d{{4}})(?:(?P<s>[-/.])(?P<month>\d{{1,2}})(?:(?P=s)(?P<day>\d{{1,2}})(?:(?:\s*t\s*|[\s,]\s*){_CLOCK}\s*{_ZONE})?)?)?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:t?(?P<hour>\d{2}):?(?P<minute>\d{2}):?(?P<second>\d{2})?\s*"
        + _ZONE
        + ")?",
        # Mon, 02 Nov 2026 10:00:00 +0800, 2-Nov-26 10:00 GMT
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<name>[a-z]{{3,9}})\.?,?[\s-]+(?P<year>\d{{4}}|\d{{2}})(?:[\s,]+(?:at\s+)?{_CLOCK}\s*{_ZONE})?",
        # Mon Nov  2 10:00:00 CST 2026
        rf"{_WEEKDAY}(?P<name>[a-z]{{3,9}})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s*{_ZONE}\s*(?P<year>\d{{4}})",
        # November 2, 2026 10:00 AM EST
        rf"{_WEEKDAY}(?P<name>[a-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?:[\s,|-]+(?:at\s+)?{_CLOCK}\s*{_ZONE})?",
        # 25/12/2026 10:00: only if one of them can't be a month
        rf"(?P<first>\d{{1,2}})(?P<s>[/.-])(?P<other>\d{{1,2}})(?P=s)(?P<year>\d{{4}})(?:[\s,]+{_CLOCK}\s*{_ZONE})?",
    )
)
_CJK = re.compile(
    r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日号號일]"
    r"(?:\s*[(（]?(?:星期|周|週)?[一二三四五六日天月火水木金土]?(?:曜日)?[)）]?\s*)?"
    r"(?:(?P<half>上午|下午|凌晨|早上|晚上|中午|午前|午後|오전|오후)?\s*"
    r"(?P<hour>\d{1,2})(?:\s*[:：]\s*|\s*[时時点點시]\s*)(?:(?P<minute>\d{1,2})\s*(?:[:：]|[分분]|\b)\s*(?:(?P<second>\d{1,2})\s*[秒초]?)?)?)?"
    r"\s*(?P<zone>[+-]\d{1,2}:?\d{2}|gmt|utc|jst|kst)?",
    re.IGNORECASE,
)
_AFTERNOON: Final = frozenset({"p", "下午", "晚上", "午後", "오후"})
_OFFSET = re.compile(r"(?:gmt|utc?)?\s*([+-])\s?(\d{1,2}):?(\d{2})?\Z", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class TimeReading:
    """A time as read from foreign text."""

    at: datetime | None
    """Aware UTC; None where unknown."""
    whole_day: bool = False
    """The text names a day (or month, or year) but no time of day: ``at`` is its beginning in UTC."""
    note: str = ""
    """What was assumed, or why it is unknown; "" where nothing was."""


def read_time(text: str | None, language: str | None = None) -> TimeReading:
    """Read one publication time.

    Args:
        text: Foreign; only the first 64 characters after white space count.
        language: BCP 47 tag of the document: a time without zone in Chinese is China's, else UTC.
    """
    if not text:
        return TimeReading(None, note="no time")
    shown = unicodedata.normalize("NFKC", " ".join(text[: 4 * MAX_LENGTH].split()))[:MAX_LENGTH].strip()
    if re.fullmatch(r"\d{10}|\d{13}", shown, re.ASCII):
        return _in_bounds(datetime.fromtimestamp(int(shown[:10]), UTC))
    groups = _match(shown)
    if groups is None:
        return TimeReading(None, note=f"no time that we can read: {shown!r}")
    return _build(groups, language)


def parse_time(text: str | None, language: str | None = None) -> datetime | None:
    """``read_time`` for those who need only the time."""
    return read_time(text, language).at


def _match(shown: str) -> dict[str, str | None] | None:
    for shape in _SHAPES:
        if found := shape.fullmatch(shown):
            return found.groupdict()
    # Chinese text often goes on after the date (…发布 来源：…): the head is enough
    found = _CJK.match(shown)
    return found.groupdict() | {"script": "ko" if "월" in found[0] else "zh"} if found else None


def _build(groups: dict[str, str | None], language: str | None) -> TimeReading:
    year, month, day = _calendar(groups)
    if not year or not month or not day:
        return TimeReading(None, note="day and month in unknown order, or no such month")
    offset, note = _offset(groups.get("zone"), language, groups.get("script"))
    if offset is None:
        return TimeReading(None, note=note)
    whole_day = groups.get("hour") is None
    hour, minute, second = (int(groups.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (groups.get("half") or "").lower()
    if half[:1] in {"a", "p"} and not 1 <= hour <= 12:
        return TimeReading(None, note="no such hour")
    if hour == 12 and (half[:1] == "a" or half in {"上午", "凌晨", "午前", "오전"}):
        hour = 0
    elif hour < 12 and (half[:1] in _AFTERNOON or half in _AFTERNOON):
        hour += 12
    if second == 60:  # a leap second: the clock has no 60
        second = 59
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=timezone(timedelta(hours=offset)))
        if whole_day:  # a bare day has no zone: keep the day as named
            local = local.replace(tzinfo=UTC)
        reading = _in_bounds(local.astimezone(UTC), note)
    except (ValueError, OverflowError):
        return TimeReading(None, note="no such day or time")
    return TimeReading(reading.at, whole_day, reading.note)


def _calendar(groups: dict[str, str | None]) -> tuple[int, int | None, int | None]:
    """Year, month and day; month or day None where they can't be told."""
    written = groups["year"] or ""
    year = int(written)
    if len(written) == 2:  # RFC 2822 section 4.3
        year += 2000 if year < 50 else 1900
    if name := groups.get("name"):
        return year, MONTH_NUMBERS.get(name.lower()), int(groups["day"] or 0)
    if groups.get("first"):
        first, other = int(groups["first"] or 0), int(groups["other"] or 0)
        if first > 12 and other <= 12:
            return year, other, first
        if (other > 12 and first <= 12) or first == other:
            return year, first, other
        return year, None, None
    return year, int(groups.get("month") or 1), int(groups.get("day") or 1)


def _offset(zone: str | None, language: str | None, script: str | None) -> tuple[float | None, str]:
    """Hours east of Greenwich, and what was assumed; None for a zone that can't be."""
    main = (language or "").lower().replace("_", "-").split("-")[0]
    if script and main not in _LANGUAGE_ZONES:
        main = script
    local = _LANGUAGE_ZONES.get(main)
    if not zone or not zone.strip():
        return (0.0, "zone assumed: UTC") if local is None else (local, f"zone assumed: {main}")
    name = zone.strip().lower()
    if name == "cst" and main == "zh":
        return 8.0, ""
    if name in _ZONES:
        return _ZONES[name], ""
    found = _OFFSET.match(name)
    if found is None:
        return 0.0, f"unknown zone {name!r}: UTC assumed"
    digits, minutes = found[2], found[3] or "0"
    hours = int(digits)
    if hours > 14 or int(minutes) > 59:  # the earth's zones end at +14:00
        return None, "no such zone"
    return (1 if found[1] == "+" else -1) * (hours + int(minutes) / 60), ""


def _in_bounds(at: datetime, note: str = "") -> TimeReading:
    if not EARLIEST <= at < LATEST:
        return TimeReading(None, note=f"not a publication time: {at.year}")
    return TimeReading(at, note=note)
